-- The middleware of a client: loaded from a list, and loaded again when one of its files was saved.
--   middleware = { "logging", { "softDelete", field = "deletedAt" }, "./middleware/tenant.lua" }
-- A middleware file returns function(params, next), or { setup =, use =, extends = }: setup(db, options) is called
-- first and may return either of these; use is a hook, called as use(params, next, options); extends is what
-- db:extends takes, or a function of options that returns it.
-- Loading makes layers of the list; only when it went well do they become the client's, between two calls.
local client = require "lorm.client"
local config = require "lorm.config"
local core = require "lorm.core"
local hooks = require "lorm.hooks"
local layers = require "lorm.layers"
local log = require "lorm.log"

local loader = {}

local function raise(message, hint)
  core.throw { name = "UsageError", message = message, hint = hint }
end

-- ---- files ----

local function is_path(name) return name:find("/", 1, true) ~= nil or name:sub(-4) == ".lua" end

local function full_path(name, root)
  if name:sub(1, 1) == "/" or not root then return name end
  return root .. "/" .. name:gsub("^%./", "")
end

-- What a module that was loaded meanwhile is made of is watched, too.
local function note_modules(about, before)
  for name in pairs(package.loaded) do
    if not before[name] then
      local path = package.searchpath(name, package.path)
      if path then about.files[path], about.modules[name] = core.modified(path), true end
    end
  end
end

local function loaded_now()
  local names = {}
  for name in pairs(package.loaded) do names[name] = true end
  return names
end

-- A file, relative to the project's root, or a module: one of ours by its short name.
local function load_entry(about, name)
  if is_path(name) then
    local path = full_path(name, about.root)
    about.files[path] = core.modified(path) or "" -- before it is read: what is saved meanwhile is newer
    local chunk, problem = loadfile(path, "t")
    if not chunk then raise(problem) end
    return chunk()
  end
  local modules = { "lorm.middleware." .. name, name }
  for _, module in ipairs(modules) do
    local fine, found = pcall(require, module)
    if fine then return found end
    if not tostring(found):find("module '" .. module .. "' not found", 1, true) then error(found, 0) end
  end
  raise(('There is no middleware "%s": neither %s nor a module %s.'):format(name, modules[1], modules[2]))
end

-- ---- layers ----

local function add_hook(list, hook, options)
  local run = hook
  if next(options) ~= nil then run = function(params, next_hook) return hook(params, next_hook, options) end end
  list[#list + 1] = { base = true, hook = hooks.new(run, { place = hooks.place(hook) }) }
end

local function install(session, list, made, options, from)
  if type(made) == "function" then return add_hook(list, made, options) end
  if type(made) ~= "table" then raise(("The middleware %s must return a function or a table."):format(from)) end
  if made.setup then
    local more = made.setup(session, options)
    if more ~= nil and more ~= session then install(session, list, more, options, from) end
  end
  if made.use then add_hook(list, made.use, options) end
  if made.extends then
    local extension = type(made.extends) == "function" and made.extends(options) or made.extends
    list[#list + 1] = { base = true, extension = extension }
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

local Collecting = { __close = function(guard) guard.state.collecting = nil end }

-- What a setup adds by db:use is collected, as are what it and the files return.
local function collect(session, about)
  local state, list, before = client.state(session), {}, loaded_now()
  local guard <close> = setmetatable({ state = state }, Collecting)
  state.collecting = { task = core.running(), add = function(hook) add_hook(list, hook, {}) end }
  for i, entry in ipairs(about.list()) do
    local name, options = parts_of(entry)
    local by_name = type(name) == "string"
    install(session, list, by_name and load_entry(about, name) or name, options, by_name and name or "number " .. i)
  end
  note_modules(about, before)
  return list
end

-- ---- loading, and again ----

local known = setmetatable({}, { __mode = "k" }) -- session -> what was loaded

-- source: { list = function() ... end, root = the folder of relative paths, config = the file that list() reads, or nil,
-- again = "saved", "signal", or nil: when it is loaded again by itself }
function loader.load(session, source)
  local about = { list = source.list, root = source.root or config.root, config = source.config, files = {}, modules = {} }
  if about.config then about.files[about.config] = core.modified(about.config) end
  for _, layer in ipairs(collect(session, about)) do layers.add(client.state(session), layer) end
  known[session] = about
  if source.again and next(about.files) then
    about.again = source.again
    loader.watch(about)
  end
end

-- Folders are watched, not files: editors replace what they save.
function loader.watch(about)
  if about.again == "signal" then
    about.watch = about.watch or core.watchSignal()
    return
  end
  local folders, seen = {}, {}
  for path in pairs(about.files) do
    local folder = path:match "^(.*)/[^/]*$" or "."
    if not seen[folder] then folders[#folders + 1] = folder == "" and "/" or folder end
    seen[folder] = true
  end
  about.watch = core.watchFolders(folders)
end

-- One that is gone or empty is in the middle of being saved.
local function is_stale(about)
  for path, when in pairs(about.files) do
    local now = core.modified(path)
    if now and now ~= when and not now:find " 0$" then return true end
  end
  return false
end

local function load_again(session, about)
  local fresh = { list = about.list, root = about.root, config = about.config, files = {}, modules = {}, again = about.again,
    watch = about.watch }
  local old = {}
  for module in pairs(about.modules) do old[module], package.loaded[module] = package.loaded[module], nil end
  for path in pairs(about.files) do about.files[path] = core.modified(path) end
  if fresh.config then fresh.files[fresh.config] = about.files[fresh.config] end
  local ok, e = pcall(function()
    layers.exchange(client.state(session), collect(session, fresh), { methods = client.methods })
  end)
  if ok then
    known[session] = fresh
    if fresh.again == "saved" then loader.watch(fresh) end
    return
  end
  for module, value in pairs(old) do package.loaded[module] = value end
  for path, when in pairs(fresh.files) do about.files[path] = when end -- what is new in the broken version
  if about.again == "saved" then loader.watch(about) end
  error(e, 0)
end

-- Load the middleware again when one of its files was saved since (`all`: in any case); what scripts added by db:use
-- stays. An error leaves all as it was. Says whether it did.
function loader.refresh(session, all)
  local about = known[session]
  if not about or about.loading or not (all or is_stale(about)) then return false end
  about.loading = true
  local ok, e = pcall(load_again, session, about)
  about.loading = nil
  if not ok then error(e, 0) end
  return true
end

-- The same for all clients that are to be kept up to date, told in the log.
function loader.refresh_all(all)
  for session, about in pairs(known) do
    if about.again then
      local ok, changed = pcall(loader.refresh, session, all)
      if not ok then log.error("middleware not reloaded, what was loaded stays: " .. tostring(changed)) end
      if ok and changed then log.info "middleware reloaded" end
    end
  end
end

return loader
