-- Values that a column takes: of its type, within its limits.
--   local draw = values.of(field, model)         -> function(c) returning a value that fits
--   local another = values.distinct(field)       -> function(c, n): the n-th of values that are all different, or nil
--   values.limit(field)                          -> how many different values there are, math.huge when many
-- c is as lorm.seed.auto.guess has it.
local guess = require "lorm.seed.auto.guess"
local lorm = require "lorm"

local values = {}

-- ---- texts ----

-- The length that the type allows, in characters; nil: any.
local function lengthOf(field)
  if field.native == "VarChar" or field.native == "Char" or field.native == "Bit" or field.native == "VarBit" then
    local written = field.args[1] or field.columnType:match "%((%d+)%)"
    return tonumber(written) or (field.native == "Char" or field.native == "Bit") and 1 or nil
  end
  return tonumber(field.columnType:match "^character varying%((%d+)%)")
end

local function cut(text, length)
  if not length or #text <= length then return text end
  local stop = utf8.offset(text, length + 1)
  text = stop and text:sub(1, stop - 1) or text
  return (text:gsub("%s+$", "x")) -- the server takes blanks at the end for none
end

local special = {
  Uuid = function(c) return c.f.string.uuid() end,
  Inet = function(c) return c.f.internet.ipv4() end,
  Xml = function(c) return ("<note>%s</note>"):format(c.f.word.noun()) end,
  Bit = function(c, length) return c.f.stream:text("01", length) end,
  VarBit = function(c, length) return c.f.stream:text("01", c.f.stream:int(1, length or 16)) end,
}

local function words(c) return c.f.lorem.words { min = 1, max = 3 } end

local function textual(field, model)
  local length = lengthOf(field)
  local own = special[field.native]
  if own then
    return function(c) return own(c, length) end
  end
  local draw = guess("String", field.name, model.name) or words
  return function(c) return cut(draw(c), length) end
end

-- What the client would make up by itself for an id.
local made = {
  uuid = function(c) return c.f.string.uuid() end,
  cuid = function(c) return "c" .. c.f.string.alphanumeric { length = 24, casing = "lower" } end,
  nanoid = function(c, args) return c.f.string.nanoid(args[1]) end,
  ulid = function(c) return c.f.string.ulid() end,
  now = function(c) return c:time(0) end,
}

-- ---- numbers ----

local tops = { SmallInt = 32767, Oid = 2147483647 }

local function top(field) return tops[field.native] or field.type == "Int" and 2147483647 or 9007199254740991 end

local function integer(field, model)
  local max = top(field)
  local draw = guess(field.type, field.name, model.name)
  return function(c)
    local n = draw and draw(c) or c.f.stream:int(0, 1000)
    return math.min(n, max)
  end
end

-- Digits before and behind the point.
local function digitsOf(field)
  local precision, scale = field.columnType:match "numeric%((%d+),(%d+)%)"
  if precision then return tonumber(precision) - tonumber(scale), tonumber(scale) end
  return 12, 2
end

local function decimal(field, model)
  local whole, scale = digitsOf(field)
  local most = whole <= 0 and 1 - 10.0 ^ -scale or 10.0 ^ math.min(whole, 12) - 1
  local shown = math.min(scale, 6)
  local draw = guess(field.type, field.name, model.name)
  return function(c)
    local x = draw and draw(c) or c.f.stream:float() * math.min(most, 1000)
    if math.abs(x) > most then x = most end
    return ("%." .. shown .. "f"):format(x > most - 10.0 ^ -shown and math.floor(most) or x)
  end
end

local function real(field, model)
  local draw = guess(field.type, field.name, model.name)
  return function(c) return draw and draw(c) or c.f.stream:int(0, 99999) / 100 end
end

-- ---- the rest ----

-- One key a level: the keys of a table have no order that would be the same on every run.
local function json(c)
  local f = c.f
  return { [f.word.noun()] = lorm.array { f.word.adjective(), f.stream:int(0, 100), f.stream:chance(0.5), { [f.word.noun()] = f.word.noun() } } }
end

local bytes = (function()
  local all = {}
  for i = 0, 255 do all[i + 1] = string.char(i) end
  return table.concat(all)
end)()

local kinds = {
  String = textual, Int = integer, BigInt = integer, Float = real, Decimal = decimal,
  Boolean = function(field, model) return guess("Boolean", field.name, model.name) end,
  DateTime = function(field, model) return guess("DateTime", field.name, model.name) end,
  Json = function() return json end,
  Bytes = function()
    return function(c) return c.f.stream:text(bytes, 16) end
  end,
}

local function single(field, model)
  if field.kind == "enum" then
    return function(c) return c.f.stream:pick(field.values) end
  end
  local make = field.call and made[field.call.name]
  if make then
    local args = field.call.args or {}
    return function(c) return make(c, args) end
  end
  return kinds[field.type](field, model)
end

local function several(draw)
  return function(c)
    local list = {}
    for i = 1, c.f.stream:int(0, 3) do list[i] = draw(c) end
    return list
  end
end

-- How often an optional field has no value.
local function absence(field)
  if field.required or field.list or field.values and #field.values == 0 then return 0 end
  local name = field.name:lower()
  if name:find "deleted" or name:find "archived" or name:find "canceled" or name:find "cancelled" then return 0.9 end
  return 0.2
end

-- A text that has a default is one of a few words that only the program knows.
local function standard(field)
  return field.literal and field.type == "String" and field.kind ~= "enum" and not field.list and field.default
end

function values.of(field, model)
  local default = standard(field)
  local draw = default and function() return default end or single(field, model)
  if field.list then draw = several(draw) end
  local none = absence(field)
  if none == 0 then return draw end
  return function(c)
    if c.f.stream:chance(none) then return lorm.null end
    return draw(c)
  end
end

-- ---- values that are all different ----

function values.limit(field)
  if field.kind == "enum" then return #field.values end
  if field.list then return math.huge end
  if field.type == "Boolean" then return 2 end
  local length = lengthOf(field)
  if field.native == "Bit" then return 2.0 ^ length end
  if field.native == "VarBit" then return 2.0 ^ (length or 64) end
  if field.type == "String" and length then return 36.0 ^ length end
  if field.native == "SmallInt" then return 32768 end
  if field.type == "Decimal" then
    local whole, scale = digitsOf(field)
    return 10.0 ^ (whole + math.min(scale, 6))
  end
  return math.huge
end

-- n as text in digits and letters
local function base36(n)
  local out = ""
  repeat
    local digit = n % 36
    out = string.char(digit < 10 and 48 + digit or 87 + digit) .. out
    n = n // 36
  until n == 0
  return out
end

local function bits(n, length)
  local out = {}
  for i = length, 1, -1 do
    out[i] = n & 1 == 1 and "1" or "0"
    n = n >> 1
  end
  return table.concat(out)
end

local function distinctText(field)
  local length = lengthOf(field)
  if field.native == "Bit" or field.native == "VarBit" then
    return function(_, n) return bits(n, length or 63) end
  end
  if special[field.native] then return special[field.native] end
  return function(_, n, was)
    local tail = base36(n)
    if length and length <= #tail + 1 then return ("0"):rep(length - #tail) .. tail end
    return cut(was, length and length - #tail - 1) .. "-" .. tail
  end
end

local function distinctDecimal(field)
  local whole, scale = digitsOf(field)
  local shown = math.min(scale, 6)
  return function(_, n)
    local per = math.tointeger(10 ^ shown)
    if whole <= 0 or n >= 10.0 ^ (whole + shown) then return ("%." .. shown .. "f"):format(n / 10 ^ shown) end
    return shown == 0 and tostring(n) or ("%d.%0" .. shown .. "d"):format(n // per, n % per)
  end
end

-- function(c, n, was): a value for n = 0, 1, ... that no other n has; `was` is the value that was taken already.
function values.distinct(field)
  if field.list or field.kind == "enum" or field.type == "Boolean" then return nil end
  if field.type == "String" then return distinctText(field) end
  if field.type == "Int" or field.type == "BigInt" then
    return function(_, n) return n end
  end
  if field.type == "Float" then
    return function(_, n) return n + 0.0 end
  end
  if field.type == "Decimal" then return distinctDecimal(field) end
  if field.type == "DateTime" then
    local step = field.native == "Date" and 86400 or 1
    return function(c, n) return c:at(n * step) end
  end
  if field.type == "Bytes" then
    return function(_, n) return ("%016x"):format(n) end
  end
  if field.type == "Json" then
    return function(_, n) return { n = n } end
  end
end

return values
