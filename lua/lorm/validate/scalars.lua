-- Schemas of single values: string number integer boolean date enum literal any.
local base = require "lorm.validate.base"

local scalars = {}

-- ---- strings ----

local String, string = base.kind("string", function(_, value, context)
  return base.expect("string", type(value) == "string", value, context)
end)
function scalars.string() return string() end

-- Characters, not bytes.
local function length(text) return utf8.len(text) or #text end

local function plural(n) return n == 1 and "1 character" or n .. " characters" end

function String:min(n, message)
  return self:check(function(value, context)
    if length(value) < n then
      context:issue("too_small", message or ("String must contain at least %s"):format(plural(n)))
    end
  end)
end

function String:max(n, message)
  return self:check(function(value, context)
    if length(value) > n then
      context:issue("too_big", message or ("String must contain at most %s"):format(plural(n)))
    end
  end)
end

function String:length(n, message)
  return self:check(function(value, context)
    if length(value) ~= n then
      local code = length(value) < n and "too_small" or "too_big"
      context:issue(code, message or ("String must contain exactly %s"):format(plural(n)))
    end
  end)
end

function String:nonempty(message) return self:min(1, message) end

local function tested(test, default)
  return function(self, message)
    return self:check(function(value, context)
      if not test(value) then context:issue("invalid_string", message or default) end
    end)
  end
end

local function isEmail(text)
  local name, domain = text:match "^([%w!#$%%&'*+/=?^_`{|}~.-]+)@([%w.-]+)$"
  return name and not name:find "^%." and not name:find "%.%.?$" and not text:find("..", 1, true)
    and domain:find "^[%w][%w.-]*%.%a%a+$" ~= nil and not domain:find "%.%-" and not domain:find "%-%."
end

local function isUrl(text)
  local scheme, rest = text:match "^(%a[%w+.-]*):(.+)$"
  if not scheme or text:find "[%s<>\"{}|\\^`]" then return false end
  if not rest:find "^//" then return not scheme:lower():find "^https?$" and rest ~= "" end
  return rest:match "^//([^/?#]+)" ~= nil
end

local UUID <const> = "^%x%x%x%x%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$"
local INSTANT <const> = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.?%d*Z$"

String.email = tested(isEmail, "Invalid email")
String.url = tested(isUrl, "Invalid url")
String.uuid = tested(function(text) return text:find(UUID) end, "Invalid uuid")
String.datetime = tested(function(text) return text:find(INSTANT) end, "Invalid datetime")

-- A pattern of Lua's.
function String:regex(pattern, message)
  return tested(function(text) return text:find(pattern) end, "Invalid")(self, message)
end
function String:startsWith(start, message)
  return tested(function(text) return text:sub(1, #start) == start end,
    ('Invalid input: must start with "%s"'):format(start))(self, message)
end
function String:endsWith(ending, message)
  return tested(function(text) return ending == "" or text:sub(-#ending) == ending end,
    ('Invalid input: must end with "%s"'):format(ending))(self, message)
end
function String:includes(part, message)
  return tested(function(text) return text:find(part, 1, true) end,
    ('Invalid input: must include "%s"'):format(part))(self, message)
end

function String:trim() return self:check(function(text) return (text:match "^%s*(.-)%s*$") end) end
function String:toLowerCase() return self:check(function(text) return text:lower() end) end
function String:toUpperCase() return self:check(function(text) return text:upper() end) end

-- ---- numbers ----

local Number, number = base.kind("number", function(_, value, context)
  return base.expect("number", type(value) == "number" and value == value, value, context)
end)
function scalars.number() return number() end

local function bounded(code, text, holds)
  return function(self, bound, message)
    return self:check(function(value, context)
      if not holds(value, bound) then context:issue(code, message or text:format(bound)) end
    end)
  end
end

Number.min = bounded("too_small", "Number must be greater than or equal to %s", function(v, n) return v >= n end)
Number.max = bounded("too_big", "Number must be less than or equal to %s", function(v, n) return v <= n end)
Number.gt = bounded("too_small", "Number must be greater than %s", function(v, n) return v > n end)
Number.lt = bounded("too_big", "Number must be less than %s", function(v, n) return v < n end)
Number.multipleOf = bounded("not_multiple_of", "Number must be a multiple of %s", function(v, n) return v % n == 0 end)
Number.gte, Number.lte = Number.min, Number.max

function Number:positive(message) return self:gt(0, message) end
function Number:negative(message) return self:lt(0, message) end
function Number:nonnegative(message) return self:min(0, message) end
function Number:finite(message)
  return self:check(function(value, context)
    if value == math.huge or value == -math.huge then context:issue("not_finite", message or "Number must be finite") end
  end)
end

-- Whole; 3.0 becomes 3.
function Number:int(message)
  return self:check(function(value, context)
    local whole = math.tointeger(value)
    if not whole then context:issue("invalid_type", message or "Expected integer, received float") end
    return whole
  end)
end
function scalars.integer() return number():int() end

-- ---- the rest ----

local _, boolean = base.kind("boolean", function(_, value, context)
  return base.expect("boolean", type(value) == "boolean", value, context)
end)
function scalars.boolean() return boolean() end

local _, any = base.kind("any", function(_, value) return value end)
function scalars.any() return any { isOptional = true } end

local function listed(values)
  local out = {}
  for i, value in ipairs(values) do out[i] = type(value) == "string" and ("'%s'"):format(value) or tostring(value) end
  return table.concat(out, " | ")
end

local _, enum = base.kind("enum", function(schema, value, context)
  for _, allowed in ipairs(schema.values) do
    if value == allowed then return value end
  end
  if value == nil then
    context:issue("invalid_type", "Required")
  else
    context:issue("invalid_enum_value", ("Invalid enum value. Expected %s, received '%s'"):format(
      listed(schema.values), tostring(value)))
  end
  return value
end)
function scalars.enum(values) return enum { values = values } end

local _, literal = base.kind("literal", function(schema, value, context)
  if value ~= schema.value then
    context:issue("invalid_literal", "Invalid literal value, expected " .. listed { schema.value })
  end
  return value
end)
function scalars.literal(value) return literal { value = value } end

-- A point in time: a lorm.datetime, or what lorm.datetime takes. Becomes a lorm.datetime.
local Date, date = base.kind("date", function(_, value, context)
  if value == nil then return base.expect("date", false, value, context) end
  local ok, time = pcall(require("lorm").datetime, value)
  if not ok then context:issue("invalid_date", "Invalid date") end
  return ok and time or value
end)
function scalars.date() return date() end

local function instant(value) return require("lorm").datetime(value) end
Date.min = bounded("too_small", "Date must not be before %s", function(v, d) return v >= instant(d) end)
Date.max = bounded("too_big", "Date must not be after %s", function(v, d) return v <= instant(d) end)

return scalars
