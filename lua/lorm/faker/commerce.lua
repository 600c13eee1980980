-- faker.commerce: goods and what they cost.
local business = require "lorm.faker.data.business"
local checkdigit = require "lorm.faker.checkdigit"
local options = require "lorm.faker.options"

local commerce = {}

function commerce.department(f) return f.stream:pick(business.departments) end
function commerce.product(f) return f.stream:pick(business.products) end
function commerce.productAdjective(f) return f.stream:pick(business.productAdjectives) end
function commerce.productMaterial(f) return f.stream:pick(business.productMaterials) end

function commerce.productName(f)
  return ("%s %s %s"):format(commerce.productAdjective(f), commerce.productMaterial(f), commerce.product(f))
end

function commerce.productDescription(f)
  return f.stream:pick(business.descriptions):format(
    commerce.productAdjective(f):lower(), commerce.product(f):lower(), commerce.productMaterial(f):lower())
end

-- A text, as it is printed on a label: "123.99".
local price = options.of("commerce.price", { min = "number", max = "number", dec = "integer", symbol = "string" })
function commerce.price(f, given)
  local o = price(given)
  local min, dec = o.min or 1, o.dec or 2
  local max = o.max or math.max(1000, min)
  if dec < 0 or dec > 10 then options.fail("commerce.price", "dec must be 0 to 10, got %d", dec) end
  if min > max then options.fail("commerce.price", "max (%g) is below min (%g)", max, min) end
  return (o.symbol or "") .. ("%." .. dec .. "f"):format(f.number.float { min = min, max = max, fractionDigits = dec })
end

local isbn = options.of("commerce.isbn", { variant = { 10, 13 }, separator = "string" }, "variant")
function commerce.isbn(f, given)
  local o = isbn(given)
  local group, publisher, title = tostring(f.stream:int(0, 1)), f.string.numeric(4), f.string.numeric(4)
  local digits = group .. publisher .. title
  local parts = { group, publisher, title }
  if o.variant == 10 then
    parts[4] = checkdigit.isbn10(digits)
  else
    table.insert(parts, 1, "978")
    parts[5] = checkdigit.ean("978" .. digits)
  end
  return table.concat(parts, o.separator or "-")
end

local upc = options.of("commerce.upc", { prefix = "string" })
function commerce.upc(f, given)
  local prefix = upc(given).prefix or ""
  if not prefix:find "^%d*$" or #prefix > 11 then options.fail("commerce.upc", "prefix must be at most 11 digits") end
  local digits = prefix .. f.string.numeric(11 - #prefix)
  return digits .. checkdigit.ean(digits)
end

return commerce
