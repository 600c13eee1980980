-- A client without a database, for tests of what uses one.
--   local mock = require("lorm.testing").mock("schema")               -- a path, or { schemaText = ... }
--   mock.User.create:returns { id = 1, email = "test@example.com" }   -- from now on
--   mock.User.findMany:returns({}, { { id = 1 } })                    -- one after the other, the last one again
--   mock.User.count:does(function(args) return 3 end)
--   mock.User.delete:raises { code = "P2025" }                        -- as an error of lorm's
--   mock.queryRaw:returns { { version = "PostgreSQL 15" } }
--   service.new(mock) ...
--   mock.calls                -- { { model = "User", action = "create", args = {...}, result = {...} }, ... }
--   mock.User.create.calls    -- those alone
--   mock:reset()              -- forgets calls and answers
--   mock:use(hook)            -- hooks run around the mock as around a database; so do those of { middleware = { ... } }
--   mock:as(user), mock:extends { ... }
-- Arguments are checked against the schema as ever. A call that nobody prepared is an error.
local client = require "lorm.client"
local core = require "lorm.core"
local hooks = require "lorm.hooks"
local lorm = require "lorm"

local mock = {}

-- ---- one action, or a raw call ----

local Action = {}
Action.__index = Action

function Action:returns(...)
  local answers = table.pack(...)
  self.answer = function(at) return answers[math.min(at, math.max(answers.n, 1))] end
  return self
end

function Action:does(fn)
  self.answer = function(_, ...) return fn(...) end
  return self
end

-- A table becomes an error of lorm's: { code =, message =, meta = }.
function Action:raises(e)
  if type(e) == "table" and not core.isError(e) then
    e = setmetatable({ code = e.code, name = e.name or "KnownRequestError", message = e.message or tostring(e.code),
      meta = e.meta or {}, model = self.model, action = self.name }, core.kinds.error)
  end
  self.answer = function() error(e, 0) end
  return self
end

local function called(action, args, ...)
  local call = { model = action.model, action = action.name, args = args }
  if not action.model then call.params = table.pack(...) end
  table.insert(action.calls, call)
  table.insert(action.all, call)
  if action.answer then
    call.result = action.answer(#action.calls, args, ...)
    return call.result
  end
  local name = action.model and action.model .. "." .. action.name or action.name
  core.throw {
    name = "UsageError", message = ("The mock was not told what %s answers."):format(name),
    hint = ("mock.%s:returns { ... } says it"):format(name),
  }
end

local OWNER <const> = {} -- in a model's table: the mock that it is of

-- What hooks end in: the action that they ask for.
local function terminal(owner)
  return function(params)
    local args = params.args
    if not params.model then return called(owner[params.action], args.sql, table.unpack(args, 1, args.n)) end
    local action = owner.models[params.model][params.action]
    action.check(args)
    return called(action, args)
  end
end

local function run(owner, params)
  return hooks.chain(client.state(owner.real).hooks, terminal(owner))(params)
end

-- mock.User:create { ... }; mock:queryRaw("SELECT ...", ...)
function Action:__call(of, args, ...)
  local owner = self.model and rawget(of, OWNER) or of
  local params = { action = self.name, runInTransaction = false, user = rawget(owner, "user"), client = owner }
  if self.model then
    params.model, params.args, params.dataPath = self.model, args or {}, {}
    if args == nil and #client.state(owner.real).hooks == 0 then params.args = nil end
  else
    params.args = { sql = args, n = select("#", ...), ... }
  end
  return run(owner, params)
end

local function new_action(model, name, all, check)
  return setmetatable({ model = model, name = name, all = all, check = check, calls = {} }, Action)
end

-- ---- models ----

local CHECKED <const> = {}

-- Plan the call as a batch would, and go no further.
local function checker(real, model, action)
  return function(args)
    local ok, e = pcall(real.batch, real, function(b)
      local recorded = b.models[model]
      recorded[action](recorded, args)
      error(CHECKED)
    end)
    if not ok and e ~= CHECKED then error(e, 0) end
  end
end

local function itself(model) return model end

-- base: the model of the mock that this one was made of, whose answers it gives.
local function new_model(owner, name, base)
  local real = owner.real
  return setmetatable({ unscoped = itself, scoped = itself, [OWNER] = owner }, {
    __index = function(self, action)
      local known = real.models[name][action] -- raises for a name that there is not
      if type(known) ~= "function" or not core.actions()[action] then return known end
      local made = base and base[action] or new_action(name, action, owner.calls, checker(owner.bare, name, action))
      rawset(self, action, made)
      return made
    end,
    __tostring = function() return "mock." .. name end,
  })
end

-- ---- the client ----

local methods = {}

function methods:transaction(fn) return fn(self) end
function methods:batch(fn)
  local first = #self.calls
  fn(self)
  local results = { n = #self.calls - first }
  for i = 1, results.n do results[i] = self.calls[first + i].result end
  return results
end
function methods.disconnect() end
-- There are no rows here that could exist for some and not for others.
function methods:unscoped() return self end
function methods:reset() self.clear() end
function methods:touches(params) return self.real:touches(params) end
function methods:reads(params) return self.real:reads(params) end

function methods:use(hook)
  self.real:use(hook)
  return self
end

local function models_of(owner, base)
  return setmetatable({}, {
    __index = function(models, name)
      local made = owner.real.models[name] and new_model(owner, name, base and base.models[name])
      rawset(models, name, made)
      return made
    end,
  })
end

local function clear(owner)
  owner.calls = {}
  owner.models = models_of(owner)
  for _, name in ipairs { "queryRaw", "executeRaw" } do owner[name] = new_action(nil, name, owner.calls) end
end

local function new_client(real, fields)
  fields.real, fields.bare = real, real:unhooked()
  return setmetatable(fields, {
    __index = function(self, name)
      if methods[name] then return methods[name] end
      local added = client.state(real).methods[name]
      if added and not client.methods[name] then return added end
      return self.models[name]
    end,
    __close = function() real:disconnect() end,
    __tostring = function() return "a mock of db" end,
  })
end

-- Another client with the same answers, whose calls are noted in the same list.
local function derived(from, real)
  local made = new_client(real, { calls = from.calls, user = client.state(real).user, clear = from.clear,
    queryRaw = from.queryRaw, executeRaw = from.executeRaw })
  made.models = models_of(made, from)
  return made
end

function methods:as(user) return derived(self, self.real:as(user)) end
function methods:extends(extension) return derived(self, self.real:extends(extension)) end

function mock.new(options)
  if type(options) == "string" then options = { schema = options } end
  local connect = { url = "postgresql://mock@localhost/mock" }
  for name, value in pairs(options or {}) do connect[name] = value end
  local made = new_client(lorm.connect(connect), {})
  made.clear = function() clear(made) end
  made.clear()
  return made
end

return mock
