-- faker.string: texts of characters that mean nothing.
local options = require "lorm.faker.options"

local text = {}

local UPPER, LOWER, DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789"

local function draw(f, alphabet, count) return f.stream:text(alphabet, count) end

-- The characters of a list of texts, or of one text, as one text.
local function characters(given) return type(given) == "table" and table.concat(given) or given end

local function without(name, alphabet, exclude)
  if not exclude then return alphabet end
  local kept = alphabet:gsub(".", function(c) return characters(exclude):find(c, 1, true) and "" or nil end)
  if kept == "" then options.fail(name, "exclude leaves no character to draw") end
  return kept
end

local casing = { "upper", "lower", "mixed" }

local function letters(o, fallback)
  local which = o.casing or fallback
  return which == "upper" and UPPER or which == "lower" and LOWER or UPPER .. LOWER
end

local function lettered(name, more)
  local read = options.of(name, { length = "range", casing = casing, exclude = "any" }, "length")
  return function(f, given)
    local o = read(given)
    return draw(f, without(name, letters(o, "mixed") .. more, o.exclude), options.draw(f, o.length or 1))
  end
end

text.alpha = lettered("string.alpha", "")
text.alphanumeric = lettered("string.alphanumeric", DIGITS)

local function prefixed(name, alphabet, prefix)
  local read = options.of(name, { length = "range", prefix = "string" }, "length")
  return function(f, given)
    local o = read(given)
    return (o.prefix or prefix) .. draw(f, alphabet, options.draw(f, o.length or 1))
  end
end

text.binary = prefixed("string.binary", "01", "0b")
text.octal = prefixed("string.octal", "01234567", "0o")

local hexadecimal = options.of("string.hexadecimal",
  { length = "range", casing = casing, prefix = "string" }, "length")
function text.hexadecimal(f, given)
  local o = hexadecimal(given)
  local digits = { upper = "0123456789ABCDEF", lower = "0123456789abcdef", mixed = "0123456789abcdefABCDEF" }
  return (o.prefix or "0x") .. draw(f, digits[o.casing or "mixed"], options.draw(f, o.length or 1))
end

local numeric = options.of("string.numeric",
  { length = "range", allowLeadingZeros = "boolean", exclude = "any" }, "length")
function text.numeric(f, given)
  local o = numeric(given)
  local count = options.draw(f, o.length or 1)
  local digits = without("string.numeric", DIGITS, o.exclude)
  if count == 0 or o.allowLeadingZeros ~= false then return draw(f, digits, count) end
  return draw(f, without("string.numeric", digits, "0"), 1) .. draw(f, digits, count - 1)
end

local sample = options.of("string.sample", { length = "range", min = "integer", max = "integer" }, "length")
function text.sample(f, given)
  local o = sample(given)
  local range = o.length or (o.min or o.max) and { min = o.min or 0, max = o.max or o.min } or 10
  local out = {}
  for i = 1, options.draw(f, options.check("string.sample", "length", "range", range)) do
    out[i] = string.char(f.stream:int(33, 125))
  end
  return table.concat(out)
end

local symbol = options.of("string.symbol", { length = "range" }, "length")
function text.symbol(f, given)
  return draw(f, [[!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~]], options.draw(f, symbol(given).length or 1))
end

function text.fromCharacters(f, alphabet, length)
  local name = "string.fromCharacters"
  if type(alphabet) ~= "table" then options.check(name, "characters", "string", alphabet) end
  if #alphabet == 0 then options.fail(name, "there is no character to draw") end
  local count = options.draw(f, options.check(name, "length", "range", length == nil and 1 or length))
  if type(alphabet) == "string" then return draw(f, alphabet, count) end
  local out = {}
  for i = 1, count do out[i] = f.stream:pick(alphabet) end
  return table.concat(out)
end

-- Version 4 of RFC 4122.
function text.uuid(f)
  local high, low = f.stream:next(), f.stream:next()
  high = high & ~0xF000 | 0x4000
  low = low & ~(3 << 62) | 1 << 63
  return ("%08x-%04x-%04x-%04x-%012x"):format(
    high >> 32, high >> 16 & 0xFFFF, high & 0xFFFF, low >> 48, low & 0xFFFFFFFFFFFF)
end

local nanoid = options.of("string.nanoid", { length = "range" }, "length")
function text.nanoid(f, given)
  if type(given) == "table" and given.min then given = { length = given } end
  return draw(f, LOWER .. UPPER .. DIGITS .. "_-", options.draw(f, nanoid(given).length or 21))
end

-- 48 bits of milliseconds and 80 random ones, in Crockford's base 32.
local ulid = options.of("string.ulid", { refDate = "date" }, "refDate")
function text.ulid(f, given)
  local o = ulid(given)
  local alphabet, out = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", {}
  local ms = o.refDate and require("lorm.faker.dates").read(o.refDate, "string.ulid") or f.reference
  for i = 10, 1, -1 do
    out[i] = alphabet:sub((ms & 31) + 1, (ms & 31) + 1)
    ms = ms >> 5
  end
  return table.concat(out) .. draw(f, alphabet, 16)
end

return text
