-- Schemas of tables: object array record union.
local base = require "lorm.validate.base"

local containers = {}

-- ---- objects ----

-- Keys of the table that the shape does not have, in order of their text.
local function strangers(shape, value)
  local names = {}
  for key in pairs(value) do
    if shape[key] == nil then names[#names + 1] = key end
  end
  table.sort(names, function(a, b) return tostring(a) < tostring(b) end)
  return names
end

local policies = {
  strip = function() end,
  passthrough = function(names, value, out)
    for _, key in ipairs(names) do out[key] = value[key] end
  end,
  strict = function(names, _, _, context)
    if #names == 0 then return end
    local quoted = {}
    for i, key in ipairs(names) do quoted[i] = ("'%s'"):format(tostring(key)) end
    context:issue("unrecognized_keys", "Unrecognized key(s) in object: " .. table.concat(quoted, ", "))
  end,
}

local Object, object = base.kind("object", function(schema, value, context)
  if type(value) ~= "table" then return base.expect("object", false, value, context) end
  local out = {}
  for _, key in ipairs(schema.keys) do out[key] = context:part(key, schema.shape[key], value[key]) end
  policies[schema.policy](strangers(schema.shape, value), value, out, context)
  return out
end)

local function withShape(schema, shape)
  local keys = {}
  for key, part in pairs(shape) do
    if not base.is(part) then error(("object: %s is no schema"):format(tostring(key)), 3) end
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return schema:with { shape = shape, keys = keys }
end

function containers.object(shape) return withShape(object { policy = "strip" }, shape) end

-- Keys that are not in the shape: refused, kept, or (by default) left out.
function Object:strict() return self:with { policy = "strict" } end
function Object:passthrough() return self:with { policy = "passthrough" } end
function Object:strip() return self:with { policy = "strip" } end

local function changed(schema, change)
  local shape = {}
  for key, part in pairs(schema.shape) do shape[key] = change(key, part) end
  return withShape(schema, shape)
end

function Object:partial() return changed(self, function(_, part) return part:optional() end) end
function Object:pick(names) return changed(self, function(key, part) return names[key] and part or nil end) end
function Object:omit(names) return changed(self, function(key, part) return not names[key] and part or nil end) end

function Object:extend(more)
  local shape = {}
  for key, part in pairs(self.shape) do shape[key] = part end
  for key, part in pairs(more) do shape[key] = part end
  return withShape(self, shape)
end

-- ---- lists ----

local Array, array = base.kind("array", function(schema, value, context)
  if type(value) ~= "table" or (#value == 0 and next(value) ~= nil) then
    return base.expect("array", false, value, context)
  end
  local out = {}
  for i = 1, #value do out[i] = context:part(i, schema.element, value[i]) end
  return setmetatable(out, getmetatable(value))
end)
function containers.array(element) return array { element = element } end

local function plural(n) return n == 1 and "1 element" or n .. " elements" end

local function sized(code, text, holds)
  return function(self, n, message)
    return self:check(function(value, context)
      if not holds(#value, n) then context:issue(code, message or text:format(plural(n))) end
    end)
  end
end

Array.min = sized("too_small", "Array must contain at least %s", function(have, n) return have >= n end)
Array.max = sized("too_big", "Array must contain at most %s", function(have, n) return have <= n end)
Array.length = sized("too_small", "Array must contain exactly %s", function(have, n) return have == n end)
function Array:nonempty(message) return self:min(1, message) end

-- ---- tables with any keys ----

local _, record = base.kind("record", function(schema, value, context)
  if type(value) ~= "table" then return base.expect("object", false, value, context) end
  local out = {}
  for _, key in ipairs(strangers({}, value)) do out[key] = context:part(key, schema.element, value[key]) end
  return out
end)
function containers.record(element) return record { element = element } end

-- ---- one of several ----

local _, union = base.kind("union", function(schema, value, context)
  for _, choice in ipairs(schema.choices) do
    local result, issues = context:try(choice, value)
    if #issues == 0 then return result end
  end
  context:issue("invalid_union", value == nil and "Required" or "Invalid input")
  return value
end)
function containers.union(choices) return union { choices = choices } end

return containers
