-- The public module.
--   local lorm = require "lorm"
--   local db <close> = lorm.connect { url = "postgresql://localhost/blog" }
--   print(db.User:count())
local core = require "lorm.core"
local client = require "lorm.client"
local tasks = require "lorm.tasks"

local lorm = {
  version = core.version,
  null = core.null,
  dbNull = core.dbNull,
  jsonNull = core.jsonNull,
  anyNull = core.anyNull,
  array = core.array,
  object = core.object,
  json = core.json,
  datetime = core.datetime,
  now = core.now,
  decimal = core.decimal,
  isError = core.isError,
  clock = core.clock,
  sleep = core.sleep,
  spawn = core.spawn,
  all = tasks.all,
  map = tasks.map,
  timeout = tasks.timeout,
  log = require "lorm.log",
  migrate = require "lorm.migrate",
}

-- A client. Everything is optional: schema (path), schemaText, url, pool, omit, log, middleware.
function lorm.connect(options)
  return client.connect(options)
end

-- One text for one call, whatever the order of its tables: a key for caches.
function lorm.cacheKey(model, action, args)
  return model .. "." .. action .. " " .. require "lorm.serialize".key(args or {})
end

-- Rows by the value of a field.
function lorm.groupBy(...) return require "lorm.grouped"(...) end

-- Parts that are loaded when they are first asked for.
local parts = {
  serialize = true, testing = true, faker = true, validate = true, seed = true, random = true, metrics = true, http = true, password = true,
}

return setmetatable(lorm, {
  __index = function(self, name)
    if not parts[name] then return nil end
    local part = require("lorm." .. name)
    rawset(self, name, part)
    return part
  end,
})
