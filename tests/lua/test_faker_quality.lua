-- What the faker draws is of use: languages, distributions, check digits, values that are all different.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. here .. "../../lua/?.lua;" .. package.path
local lu = require "luaunit"

local faker = require "lorm.faker"

local function times(n, fn)
  for i = 1, n do fn(i) end
end

-- The message of the error that fn must raise.
local function failure(fn)
  local ok, e = pcall(fn)
  lu.assertFalse(ok, "no error was raised")
  return tostring(e)
end

TestLocales = {}

local LOCALES <const> = { "de", "en", "es", "fr", "ja", "pt_BR", "zh_CN" }

function TestLocales.testEachSpeaksItsOwn()
  for _, name in ipairs(LOCALES) do
    local f, seen, distinct = faker { seed = 1, locale = name }, {}, 0
    lu.assertEquals(f.locale, name)
    times(300, function()
      for _, text in ipairs {
        f.person.fullName(), f.location.city(), f.location.streetAddress(true), f.location.postalAddress(), f.phone.number(),
        f.company.name(), f.location.state(), f.location.country(), f.location.county(),
      } do
        lu.assertTrue(#text > 0 and utf8.len(text) ~= nil, name .. ": " .. text)
        lu.assertNil(text:find "[{}#!]", name .. ": " .. text)
        if not seen[text] then distinct = distinct + 1 end
        seen[text] = true
      end
      lu.assertStrMatches(f.internet.email(), "[%w._-]+@[%w.-]+")
    end)
    lu.assertTrue(distinct > 1200, name .. ": only " .. distinct .. " different texts")
  end
end

function TestLocales.testLettersOfAddresses()
  local f = faker { locale = "de" }
  lu.assertStrMatches(f.internet.username { firstName = "Jörg", lastName = "Weiß" }, "Joerg.*")
  f.locale = "ja"
  lu.assertStrContains(f.internet.email { firstName = "葵", lastName = "佐藤" }, "Aoi")
  lu.assertStrContains(failure(function() f.locale = "dd" end), "there is no locale `dd`. Did you mean `de`?")
  lu.assertStrContains(failure(function() f.seeed = 1 end), "only faker.locale may be set")
end

TestQuality = {}

-- Chi-square of 2000 draws a kind against even shares; its limits are passed once in a thousand.
local function evenly(kinds, limit, draw)
  local counts = {}
  times(2000 * kinds, function()
    local v = draw()
    counts[v] = (counts[v] or 0) + 1
  end)
  local chi, found = 0, 0
  for _, count in pairs(counts) do
    chi, found = chi + (count - 2000) ^ 2 / 2000, found + 1
  end
  lu.assertEquals(found, kinds)
  lu.assertTrue(chi < limit, ("chi-square %.1f"):format(chi))
end

function TestQuality.testDistributions()
  local f = faker.new(11)
  evenly(6, 20.5, function() return f.number.int { min = 1, max = 6 } end)
  evenly(2, 10.9, f.datatype.boolean)
  evenly(10, 27.9, function() return f.string.numeric(1) end)
  evenly(7, 22.5, f.date.weekday)
  evenly(4, 16.3, function() return f.helpers.arrayElement { "a", "b", "c", "d" } end)
  evenly(24, 49.8, function() return table.concat(f.helpers.shuffle { "a", "b", "c", "d" }) end)
end

local function digits(text) return (text:gsub("%D", "")) end

local function luhn(text)
  local sum, reversed = 0, digits(text):reverse()
  for i = 1, #reversed do
    local d = tonumber(reversed:sub(i, i)) * (i % 2 == 0 and 2 or 1)
    sum = sum + (d > 9 and d - 9 or d)
  end
  return sum % 10 == 0
end

local function weighted(text, weights)
  local sum = 0
  for i = 1, #text do sum = sum + tonumber(text:sub(i, i)) * weights[(i - 1) % #weights + 1] end
  return sum
end

function TestQuality.testCheckDigits()
  local f = faker.new(12)
  times(300, function()
    lu.assertTrue(luhn(f.finance.creditCardNumber()))
    lu.assertTrue(luhn(f.phone.imei()))
    local isbn = digits(f.commerce.isbn(13))
    lu.assertEquals(weighted(isbn, { 1, 3 }) % 10, 0, isbn)
    lu.assertEquals(weighted(f.commerce.upc(), { 3, 1 }) % 10, 0)
    lu.assertEquals(weighted(f.finance.routingNumber(), { 3, 7, 1 }) % 10, 0)
    local iban, rest = f.finance.iban(), 0
    for c in (iban:sub(5) .. iban:sub(1, 4)):gmatch "." do
      local v = tonumber(c, 36)
      rest = (rest * (v > 9 and 100 or 10) + v) % 97
    end
    lu.assertEquals(rest, 1, iban)
  end)
end

function TestQuality.testUnique()
  local f, seen = faker.new(13), {}
  times(600, function()
    local word = f.unique(f.word.noun)
    lu.assertNil(seen[word])
    seen[word] = true
  end)
  lu.assertStrContains(failure(function()
    times(8, function() f.unique(f.date.weekday) end)
  end), "not there before")
  lu.assertEquals(f.helpers.unique(f.number.int, { { min = 1, max = 2 } }, { exclude = 1 }), 2)
end

function TestQuality.testOldNames()
  local f = faker.new(14)
  lu.assertEquals(math.type(f.random.number(9)), "integer")
  lu.assertStrMatches(f.random.uuid(), "[%x-]+")
  lu.assertEquals({ type(f.address.streetName()), type(f.name.findName()) }, { "string", "string" })
  lu.assertStrContains(failure(function() return f.random.numbr() end), "no function `random.numbr`")
end

if lu.LuaUnit.run() ~= 0 then os.exit(1) end
