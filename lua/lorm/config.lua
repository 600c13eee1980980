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

local function full_path(name, root)
  if name:sub(1, 1) == "/" or not root then return name end
  return root .. "/" .. name:gsub("^%./", "")
end

-- A file, relative to the project's root, or a module: one of ours by its short name. Also: where it lies, and the
-- module's name.
local function load_entry(name, root)
  if is_path(name) then
    local path = full_path(name, root)
    local chunk, problem = loadfile(path, "t")
    if not chunk then raise(problem) end
    return chunk(), path
  end
  local modules = { "lorm.middleware." .. name, name }
  for _, module in ipairs(modules) do
    local fine, found = pcall(require, module)
    if fine then return found, package.searchpath(module, package.path), module end
    if not tostring(found):find("module '" .. module .. "' not found", 1, true) then error(found, 0) end
  end
  raise(('There is no middleware "%s": neither %s nor a module %s.'):format(name, modules[1], modules[2]))
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

-- The name (or the middleware itself) and the options of an entry of the list.
local function parts_of(entry)
  if type(entry) ~= "table" or type(entry[1]) ~= "string" then return entry, {} end
  local options = {}
  for key, value in pairs(entry) do
    if key ~= 1 then options[key] = value end
  end
  return entry[1], options
end

-- Where the .sql files of a schema lie: in the folder of the schema, or beside its file.
function config.sql_folder(schema)
  schema = schema or config.schema
  if not schema then return nil end
  if schema:sub(-7) == ".prisma" then return (schema:match "^(.*)/[^/]*$" or ".") .. "/sql" end
  return schema .. "/sql"
end

-- What was loaded, for `refresh`: { list =, root =, files = { path = when }, modules = {}, hooks = how many }.
local loaded = setmetatable({}, { __mode = "k" })

function config.load_middleware(session, list, root)
  root = root or config.root
  local about = { list = list, root = root, files = {}, modules = {} }
  for i, entry in ipairs(list) do
    local name, options = parts_of(entry)
    if type(name) == "string" then
      local made, path, module = load_entry(name, root)
      if path then about.files[path] = core.modified(path) end
      about.modules[#about.modules + 1] = module
      install(session, made, options, name)
    else
      install(session, name, options, "number " .. i)
    end
  end
  about.hooks = #client.state(session).hooks
  loaded[session] = about
end

-- Load the middleware again when one of its files was saved since; what scripts added by db:use stays. An error
-- leaves all as it was.
function config.refresh(session)
  local about = loaded[session]
  local stale = false
  for path, when in pairs(about and about.files or {}) do stale = stale or core.modified(path) ~= when end
  if not stale then return false end
  local state = client.state(session)
  local before, methods, extended, scopes = state.hooks, state.methods, state.extended, state.scopes
  for _, module in ipairs(about.modules) do package.loaded[module] = nil end
  for path in pairs(about.files) do about.files[path] = core.modified(path) end
  state.hooks, state.scopes = {}, nil
  local fine, e = pcall(config.load_middleware, session, about.list, about.root)
  if not fine then
    state.hooks, state.methods, state.extended, state.scopes = before, methods, extended, scopes
    client.rebuild(state)
    error(e, 0)
  end
  state.hooks = table.move(before, about.hooks + 1, #before, #state.hooks + 1, state.hooks)
  client.rebuild(state)
  return true
end

return config
