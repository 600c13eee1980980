-- lorm.config.lua, and the middleware that it lists.
--   middleware = { "logging", { "softDelete", field = "deletedAt" }, "./middleware/tenant.lua" }
-- A middleware file returns function(params, next), or { setup =, use =, extends = }: setup(db, options) is called
-- first and may return either of these; use is a hook, called as use(params, next, options); extends is what
-- db:extends takes, or a function of options that returns it.
local core = require "lorm.core"
local client = require "lorm.client"

local config = {}

local function raise(message, hint)
  core.throw { name = "UsageError", message = message, hint = hint }
end

-- The table that the file returns; {} without a file.
function config.read(path)
  if not path then return {} end
  local chunk, problem = loadfile(path, "t")
  if not chunk then raise(problem) end
  local result = chunk()
  if type(result) ~= "table" then raise(path .. " must return a table.") end
  return result
end

local function is_path(name) return name:find("/", 1, true) ~= nil or name:sub(-4) == ".lua" end

-- A file, relative to the project's root, or a module: one of ours by its short name.
local function load_entry(name, root)
  if is_path(name) then
    local path = (name:sub(1, 1) == "/" or not root) and name or root .. "/" .. name:gsub("^%./", "")
    local chunk, problem = loadfile(path, "t")
    if not chunk then raise(problem) end
    return chunk(), path
  end
  local searched = ""
  for _, module in ipairs { "lorm.middleware." .. name, name } do
    local fine, found = pcall(require, module)
    if fine then return found, module end
    if not tostring(found):find("module '" .. module .. "' not found", 1, true) then error(found, 0) end
    searched = module
  end
  raise(('There is no middleware "%s": neither lorm.middleware.%s nor a module %s.'):format(name, name, searched))
end

local function add_hook(session, hook, options)
  if next(options) == nil then return session:use(hook) end
  return session:use(function(params, next_hook) return hook(params, next_hook, options) end)
end

local function install(session, made, options, from)
  if type(made) == "function" then return add_hook(session, made, options) end
  if type(made) ~= "table" then raise(("The middleware %s must return a function or a table."):format(from)) end
  if made.setup then
    local more = made.setup(session, options)
    if more ~= nil and more ~= session then install(session, more, options, from) end
  end
  if made.use then add_hook(session, made.use, options) end
  if made.extends then
    local extension = type(made.extends) == "function" and made.extends(options) or made.extends
    require "lorm.extend".apply(client.state(session), extension)
  end
end

function config.load_middleware(session, list, root)
  for i, entry in ipairs(list) do
    local options, name = {}, entry
    if type(entry) == "table" and type(entry[1]) == "string" then
      name = entry[1]
      for key, value in pairs(entry) do
        if key ~= 1 then options[key] = value end
      end
    end
    if type(name) == "string" then
      install(session, (load_entry(name, root or config.root)), options, name)
    else
      install(session, name, options, "number " .. i)
    end
  end
end

return config
