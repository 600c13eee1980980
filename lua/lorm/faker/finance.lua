-- faker.finance: accounts, amounts, currencies, cards. Check digits are right; the numbers belong to nobody.
local checkdigit = require "lorm.faker.checkdigit"
local money = require "lorm.faker.data.money"
local nearest = require "lorm.nearest"
local options = require "lorm.faker.options"

local finance = {}

local function accountLabel(f) return (f.stream:pick(money.accounts):gsub("%-", " ")) end

function finance.accountName(f) return accountLabel(f) .. " Account" end

local accountNumber = options.of("finance.accountNumber", { length = "integer" }, "length")
function finance.accountNumber(f, given) return f.string.numeric(accountNumber(given).length or 8) end

local pin = options.of("finance.pin", { length = "integer" }, "length")
function finance.pin(f, given)
  local length = pin(given).length or 4
  if length < 1 then options.fail("finance.pin", "length must be positive, got %d", length) end
  return f.string.numeric(length)
end

function finance.routingNumber(f)
  local digits = f.string.numeric(8)
  return digits .. checkdigit.routing(digits)
end

-- 1234567.5 -> "1,234,567.50"
local function grouped(text)
  local sign, whole, rest = text:match "^(%-?)(%d+)(.*)$"
  return sign .. whole:reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^,", "") .. rest
end

local amount = options.of("finance.amount",
  { min = "number", max = "number", dec = "integer", symbol = "string", autoFormat = "boolean" })
function finance.amount(f, given)
  local o = amount(given)
  local min, dec = o.min or 0, o.dec or 2
  local max = o.max or math.max(1000, min)
  if dec < 0 or dec > 10 then options.fail("finance.amount", "dec must be 0 to 10, got %d", dec) end
  if min > max then options.fail("finance.amount", "max (%g) is below min (%g)", max, min) end
  local text = ("%." .. dec .. "f"):format(f.number.float { min = min, max = max, fractionDigits = dec })
  return (o.symbol or "") .. (o.autoFormat and grouped(text) or text)
end

function finance.currency(f)
  local found = f.stream:pick(money.currencies)
  return { code = found.code, name = found.name, symbol = found.symbol, numericCode = found.numericCode }
end

function finance.currencyCode(f) return f.stream:pick(money.currencies).code end
function finance.currencyName(f) return f.stream:pick(money.currencies).name end
function finance.currencyNumericCode(f) return f.stream:pick(money.currencies).numericCode end
function finance.currencySymbol(f)
  local symbol
  repeat symbol = f.stream:pick(money.currencies).symbol until symbol ~= ""
  return symbol
end

function finance.transactionType(f) return f.stream:pick(money.transactions) end

function finance.transactionDescription(f)
  return ("%s transaction at %s using card ending with ***%s for %s %s in account ***%s"):format(
    finance.transactionType(f), f.company.name(), f.string.numeric(4), finance.currencyCode(f), finance.amount(f),
    f.string.numeric(4))
end

function finance.creditCardIssuer(f) return f.stream:pick(money.cards)[1] end
function finance.creditCardCVV(f) return f.string.numeric(3) end

local function cardOf(issuer)
  local names = {}
  for i, card in ipairs(money.cards) do
    names[i] = card[1]
    if card[1] == issuer then return card end
  end
  options.fail("finance.creditCardNumber", "unknown issuer `%s`.%s", issuer, nearest.hint(issuer, names))
end

-- issuer: one of them, or a pattern such as "4###-####-###L"
local creditCard = options.of("finance.creditCardNumber", { issuer = "string" }, "issuer")
function finance.creditCardNumber(f, given)
  local issuer = creditCard(given).issuer or finance.creditCardIssuer(f)
  if issuer:find "[#L]" then return f.helpers.replaceCreditCardSymbols(issuer) end
  return f.helpers.replaceCreditCardSymbols(f.stream:pick(cardOf(issuer)[2]))
end

local iban = options.of("finance.iban", { formatted = "boolean", countryCode = "string" })

local function ibanOf(country)
  local names = {}
  for i, entry in ipairs(money.iban) do
    names[i] = entry[1]
    if entry[1] == country then return entry end
  end
  options.fail("finance.iban", "no form is known for the country `%s`; there are %s", country, table.concat(names, " "))
end

function finance.iban(f, given)
  local o = iban(given)
  local entry = o.countryCode and ibanOf(o.countryCode) or f.stream:pick(money.iban)
  local account = f.helpers.replaceSymbols(entry[2])
  local text = entry[1] .. checkdigit.iban(entry[1], account) .. account
  return o.formatted and (text:gsub("....", "%0 "):gsub(" $", "")) or text
end

local bic = options.of("finance.bic", { includeBranchCode = "boolean" })
function finance.bic(f, given)
  local branch = bic(given).includeBranchCode
  if branch == nil then branch = f.stream:chance(0.5) end
  local code = f.string.alpha { length = 4, casing = "upper" } .. f.location.countryCode()
    .. f.string.alphanumeric { length = 2, casing = "upper" }
  return branch and code .. f.string.alphanumeric { length = 3, casing = "upper" } or code
end

-- Of the right form; the check sum within is made up.
function finance.bitcoinAddress(f)
  local base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
  return f.stream:pick { "1", "3" } .. f.string.fromCharacters(base58, { min = 25, max = 33 })
end

function finance.litecoinAddress(f)
  local base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
  return f.stream:pick { "L", "M", "3" } .. f.string.fromCharacters(base58, { min = 25, max = 32 })
end

function finance.ethereumAddress(f) return f.string.hexadecimal { length = 40, casing = "lower" } end

return finance
