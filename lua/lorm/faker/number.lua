-- faker.number: numbers.
local options = require "lorm.faker.options"

local number = {}

local SAFE = (1 << 53) - 1 -- the largest integer that JSON readers keep

local function between(f, name, o, max)
  local min, step = o.min or 0, o.multipleOf or 1
  max = o.max or math.max(max, min)
  if min > max then options.fail(name, "max (%d) is below min (%d)", max, min) end
  if step < 1 then options.fail(name, "multipleOf must be positive, got %d", step) end
  local first, last = -(-min // step), max // step
  if first > last then options.fail(name, "no multiple of %d lies between %d and %d", step, min, max) end
  return f.stream:int(first, last) * step
end

local integers = { min = "integer", max = "integer", multipleOf = "integer" }

local int = options.of("number.int", integers, "max")
function number.int(f, given) return between(f, "number.int", int(given), SAFE) end

local bigInt = options.of("number.bigInt", integers, "max")
function number.bigInt(f, given) return between(f, "number.bigInt", bigInt(given), 999999999999999) end

local float = options.of("number.float",
  { min = "number", max = "number", fractionDigits = "integer", multipleOf = "number" }, "max")
function number.float(f, given)
  local o = float(given)
  local min = o.min or 0.0
  local max = o.max or math.max(1.0, min)
  if min > max then options.fail("number.float", "max (%g) is below min (%g)", max, min) end
  if o.fractionDigits and o.multipleOf then
    options.fail("number.float", "give fractionDigits or multipleOf, not both")
  end
  if not o.fractionDigits and not o.multipleOf then return min + f.stream:float() * (max - min) end
  local digits = o.fractionDigits
  if digits and (digits < 0 or digits > 15) then options.fail("number.float", "fractionDigits must be 0 to 15") end
  if o.multipleOf and o.multipleOf <= 0 then options.fail("number.float", "multipleOf must be positive") end
  local per = digits and 10.0 ^ digits or 1 / o.multipleOf -- whole numbers divide exactly, fractions would not
  local first, last = math.ceil(min * per - 1e-9), math.floor(max * per + 1e-9)
  if first > last then options.fail("number.float", "no such number lies between %g and %g", min, max) end
  return f.stream:int(first, last) / per
end

local function inBase(name, base, digits)
  local read = options.of(name, { min = "integer", max = "integer" }, "max")
  return function(f, given)
    local n, text = between(f, name, read(given), base - 1), ""
    local rest = math.abs(n)
    repeat
      text = digits:sub(rest % base + 1, rest % base + 1) .. text
      rest = rest // base
    until rest == 0
    return n < 0 and "-" .. text or text
  end
end

number.binary = inBase("number.binary", 2, "01")
number.octal = inBase("number.octal", 8, "01234567")
number.hex = inBase("number.hex", 16, "0123456789abcdef")

local numerals = {
  { 1000, "M" }, { 900, "CM" }, { 500, "D" }, { 400, "CD" }, { 100, "C" }, { 90, "XC" }, { 50, "L" }, { 40, "XL" },
  { 10, "X" }, { 9, "IX" }, { 5, "V" }, { 4, "IV" }, { 1, "I" },
}

local roman = options.of("number.romanNumeral", { min = "integer", max = "integer" }, "max")
function number.romanNumeral(f, given)
  local o = roman(given)
  o = { min = o.min or 1, max = o.max or 3999 }
  if o.min < 1 or o.max > 3999 then options.fail("number.romanNumeral", "roman numerals go from 1 to 3999") end
  local n, text = between(f, "number.romanNumeral", o, 3999), ""
  for _, numeral in ipairs(numerals) do
    text = text .. numeral[2]:rep(n // numeral[1])
    n = n % numeral[1]
  end
  return text
end

return number
