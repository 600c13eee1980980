-- The options of a faker function: their names and kinds, checked, and errors at the caller's line.
--   local read = options.of("number.int", { min = "integer", max = "integer" }, "max")
--   local o = read(given)         -- checked, not to be changed; read(5) is read { max = 5 }, read(nil) is empty
-- Kinds: integer number string boolean list table callable date any; range (an integer, or { min =, max = });
-- or a list of the texts that are allowed.
local nearest = require "lorm.nearest"

local options = {}

local kinds = {
  integer = function(v) return math.type(v) == "integer" end,
  number = function(v) return type(v) == "number" and v == v end,
  string = function(v) return type(v) == "string" end,
  boolean = function(v) return type(v) == "boolean" end,
  table = function(v) return type(v) == "table" end,
  list = function(v) return type(v) == "table" and (#v > 0 or next(v) == nil) end,
  callable = function(v) return type(v) == "function" end,
  date = function(v) return type(v) == "string" or type(v) == "number" or type(v) == "userdata" end,
  any = function() return true end,
}

function kinds.range(v)
  if math.type(v) == "integer" then return v >= 0 end
  if type(v) ~= "table" then return false end
  for name in pairs(v) do
    if name ~= "min" and name ~= "max" then return false end
  end
  return math.type(v.min) == "integer" and math.type(v.max) == "integer" and 0 <= v.min and v.min <= v.max
end

local said = {
  integer = "an integer", number = "a number", string = "a string", boolean = "a boolean", table = "a table",
  list = "a list", callable = "a function", date = "a date (a datetime, an ISO string or seconds)",
  range = "a count, or { min =, max = } with min <= max",
}

-- Raise, at the line of the nearest function that is not faker's own.
function options.fail(name, message, ...)
  local level = 2
  while true do
    local info = debug.getinfo(level, "S")
    if not info then break end
    if info.what ~= "C" and not info.source:find("lorm[./]faker") then break end
    level = level + 1
  end
  error(("faker.%s: "):format(name) .. message:format(...), level)
end

local function shown(v)
  if type(v) == "string" then return ("%q"):format(v) end
  return math.type(v) and tostring(v) or type(v)
end

-- Demand that a value be of a kind; returns it.
function options.check(name, what, kind, v)
  if type(kind) == "table" then
    for _, allowed in ipairs(kind) do
      if v == allowed then return v end
    end
    options.fail(name, "%s must be one of `%s`, got %s", what, table.concat(kind, "`, `"), shown(v))
  end
  if not kinds[kind](v) then options.fail(name, "%s must be %s, got %s", what, said[kind], shown(v)) end
  return v
end

local NONE <const> = setmetatable({}, { __newindex = function() error "options are read only" end })

function options.of(name, spec, bare)
  local names = nearest.names(spec)
  return function(given)
    if given == nil then return NONE end
    if type(given) ~= "table" then
      if not bare then options.fail(name, "expected a table of options, got %s", shown(given)) end
      return { [bare] = options.check(name, bare, spec[bare], given) }
    end
    for key, v in next, given do
      local kind = spec[key]
      if not kind then options.fail(name, "unknown option `%s`.%s", tostring(key), nearest.hint(key, names)) end
      options.check(name, key, kind, v)
    end
    return given
  end
end

-- A count out of a range option.
function options.draw(f, range)
  if type(range) == "table" then return f.stream:int(range.min, range.max) end
  return range
end

return options
