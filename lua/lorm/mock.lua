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
-- Arguments are checked against the schema as ever. A call that nobody prepared is an error.
local core = require "lorm.core"
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

-- mock.User:create { ... }
function Action:__call(_, args, ...)
  if self.check then self.check(args) end
  return called(self, args, ...)
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

local function new_model(real, name, all)
  return setmetatable({ unscoped = itself, scoped = itself }, {
    __index = function(self, action)
      local known = real.models[name][action] -- raises for a name that there is not
      if type(known) ~= "function" then return known end
      local made = new_action(name, action, all, checker(real, name, action))
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
function methods:as() return self end
function methods:reset() self.clear() end

local function clear(client, real)
  client.calls = {}
  client.models = setmetatable({}, {
    __index = function(models, name)
      local made = real.models[name] and new_model(real, name, client.calls)
      rawset(models, name, made)
      return made
    end,
  })
  for _, name in ipairs { "queryRaw", "executeRaw" } do client[name] = new_action(nil, name, client.calls) end
end

function mock.new(options)
  if type(options) == "string" then options = { schema = options } end
  local connect = { url = "postgresql://mock@localhost/mock" }
  for name, value in pairs(options or {}) do connect[name] = value end
  local real = lorm.connect(connect)
  local client = {}
  client.clear = function() clear(client, real) end
  client.clear()
  return setmetatable(client, {
    __index = function(_, name) return methods[name] or client.models[name] end,
    __close = function() real:disconnect() end,
    __tostring = function() return "a mock of db" end,
  })
end

return mock
