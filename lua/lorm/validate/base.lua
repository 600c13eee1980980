-- What all kinds of schemas have: checks that follow each other, modifiers, parse and safeParse.
--   local kind = base.kind("string", function(schema, value, context) ... return value end)
--   function kind:min(n) return self:check(function(value, context) ... context:issue(code, message) ... end) end
-- A kind's function returns the value (or a copy), and notes what is wrong by context:issue. Checks run when the
-- value is of its kind; a check that returns something else than nil replaces the value by it.
local base = {}

local found, core = pcall(require, "lorm.core")
if not found then core = nil end

base.null = core and core.null

-- ---- where a value is, and what is wrong with it ----

local Context = {}
Context.__index = Context

function Context:issue(code, message)
  self.issues[#self.issues + 1] = {
    path = table.move(self.path, 1, #self.path, 1, {}), code = code, message = message,
  }
end

-- Parse a part of the value: one key, or one element.
function Context:part(key, schema, value)
  self.path[#self.path + 1] = key
  local result = schema:run(value, self)
  self.path[#self.path] = nil
  return result
end

-- The same value by another schema, on trial: its result and its issues.
function Context:try(schema, value)
  local trial = setmetatable({ issues = {}, path = table.move(self.path, 1, #self.path, 1, {}) }, Context)
  return schema:run(value, trial), trial.issues
end

function base.typeName(value)
  if value == nil then return "nothing" end
  if base.null ~= nil and value == base.null then return "null" end
  return math.type(value) == "integer" and "integer" or type(value)
end

-- ---- schemas ----

local Schema = {}

local function copy(schema)
  local new = {}
  for key, value in pairs(schema) do new[key] = value end
  new.checks = table.move(schema.checks, 1, #schema.checks, 1, {})
  return setmetatable(new, getmetatable(schema))
end

-- The schema, with some of its fields set.
function Schema:with(fields)
  local new = copy(self)
  for key, value in pairs(fields) do new[key] = value end
  return new
end

function Schema:check(check)
  local new = copy(self)
  new.checks[#new.checks + 1] = check
  return new
end

function Schema:optional() return self:with { isOptional = true } end
function Schema:nullable() return self:with { isNullable = true } end
function Schema:nullish() return self:with { isOptional = true, isNullable = true } end

-- What stands for a value that is not there; a function is called for it.
function Schema:default(value) return self:with { isOptional = true, fallback = value } end

-- test(value) must be true.
function Schema:refine(test, message)
  return self:check(function(value, context)
    if not test(value) then context:issue("custom", message or "Invalid input") end
  end)
end

-- fn(value) takes the value's place.
function Schema:transform(fn)
  return self:check(function(value, context)
    if #context.issues == 0 then return fn(value) end
  end)
end

function Schema:describe(text) return self:with { description = text } end

-- [inner] The value as this schema wants it; issues are noted in the context.
function Schema:run(value, context)
  if value == nil and self.isOptional then
    if type(self.fallback) == "function" then return self.fallback() end
    return self.fallback
  end
  if value ~= nil and base.null ~= nil and value == base.null and self.isNullable then return value end
  local before = #context.issues
  value = self.read(self, value, context)
  if #context.issues > before then return value end
  for _, check in ipairs(self.checks) do
    local result = check(value, context)
    if result ~= nil then value = result end
  end
  return value
end

function Schema:safeParse(value)
  local context = setmetatable({ issues = {}, path = {} }, Context)
  local data = self:run(value, context)
  if #context.issues == 0 then return { success = true, data = data } end
  return { success = false, error = { issues = context.issues } }
end

-- ---- raising ----

local function place(path)
  local text = ""
  for i, key in ipairs(path) do
    if math.type(key) == "integer" then
      text = ("%s[%d]"):format(text, key)
    else
      text = text .. (i > 1 and "." or "") .. tostring(key)
    end
  end
  return text
end

base.place = place

local ErrorMeta = core and core.kinds.error or { __tostring = function(e) return e.name .. ": " .. e.message end }

local function failure(issues)
  local lines = {}
  for i, issue in ipairs(issues) do
    local at = place(issue.path)
    lines[i] = (at ~= "" and at .. ": " or "") .. issue.message
  end
  return setmetatable({
    name = "ValidationError", message = table.concat(lines, "\n"), path = place(issues[1].path), issues = issues,
    meta = {},
  }, ErrorMeta)
end

function Schema:parse(value)
  local result = self:safeParse(value)
  if result.success then return result.data end
  error(failure(result.error.issues), 0)
end

-- ---- kinds ----

local kinds = setmetatable({}, { __mode = "k" })

function base.is(value) return kinds[getmetatable(value)] ~= nil end

-- A table for the methods of a kind, and its constructor: make { fields of the schema }.
function base.kind(name, read)
  local methods = setmetatable({}, { __index = Schema })
  local meta = { __index = methods, __name = "lorm.validate." .. name }
  kinds[meta] = name
  local function make(fields)
    local schema = { kind = name, checks = {}, read = read }
    for key, value in pairs(fields or {}) do schema[key] = value end
    return setmetatable(schema, meta)
  end
  return methods, make
end

-- The value when it is of a Lua type; else an issue.
function base.expect(wanted, is, value, context)
  if not is then
    local message = value == nil and "Required" or ("Expected %s, received %s"):format(wanted, base.typeName(value))
    context:issue("invalid_type", message)
  end
  return value
end

return base
