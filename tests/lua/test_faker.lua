-- lorm.random and lorm.faker. Runs under `lorm run` and under a stock lua5.4 alike.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. here .. "../../lua/?.lua;" .. package.path
local lu = require "luaunit"

local faker = require "lorm.faker"
local random = require "lorm.random"

local MODULES = {
  "airline", "animal", "book", "color", "commerce", "company", "database", "datatype", "date", "finance", "food", "git",
  "hacker", "helpers", "image", "internet", "location", "lorem", "music", "number", "person", "phone", "science", "string",
  "system", "vehicle", "word",
}

-- Functions that need arguments, with some.
local ARGUMENTS = {
  ["date.between"] = { { from = "2020-01-01", to = "2021-01-01" } },
  ["date.betweens"] = { { from = "2020-01-01", to = "2021-01-01" } },
  ["helpers.arrayElement"] = { { "a", "b", "c" } },
  ["helpers.arrayElements"] = { { "a", "b", "c" } },
  ["helpers.enumValue"] = { { USER = "USER", ADMIN = "ADMIN" } },
  ["helpers.fromRegExp"] = { "[a-f]{3}" },
  ["helpers.fake"] = { "{{person.firstName}}" },
  ["helpers.maybe"] = { function() return "yes" end },
  ["helpers.multiple"] = { function() return "x" end },
  ["helpers.mustache"] = { "{{a}}", { a = "b" } },
  ["helpers.objectEntry"] = { { a = 1, b = 2 } },
  ["helpers.objectKey"] = { { a = 1, b = 2 } },
  ["helpers.objectValue"] = { { a = 1, b = 2 } },
  ["helpers.rangeToNumber"] = { { min = 1, max = 9 } },
  ["helpers.replaceSymbols"] = { "##-??" },
  ["helpers.shuffle"] = { { 1, 2, 3, 4 } },
  ["helpers.slugify"] = { "a b" },
  ["helpers.unique"] = { function() return 7 end },
  ["helpers.uniqueArray"] = { { 1, 2, 3 }, 2 },
  ["helpers.weightedArrayElement"] = { { { weight = 1, value = "x" } } },
  ["string.fromCharacters"] = { "abc", 5 },
}

local function text(v)
  if type(v) ~= "table" then return tostring(v) end
  local parts = {}
  for k, x in pairs(v) do parts[#parts + 1] = tostring(k) .. "=" .. text(x) end
  table.sort(parts)
  return "{" .. table.concat(parts, ",") .. "}"
end

-- Everything that there is, once, as one text.
local function everything(f)
  local out = {}
  for _, module in ipairs(MODULES) do
    local names = {}
    for name in pairs(f[module]) do names[#names + 1] = name end
    table.sort(names)
    for _, name in ipairs(names) do
      local full = module .. "." .. name
      out[#out + 1] = full .. " " .. text(f[module][name](table.unpack(ARGUMENTS[full] or {})))
    end
  end
  return table.concat(out, "\n")
end

local function times(n, fn)
  for i = 1, n do fn(i) end
end

-- The message of the error that fn must raise.
local function failure(fn, ...)
  local ok, e = pcall(fn, ...)
  lu.assertFalse(ok, "no error was raised")
  return tostring(e)
end

TestRandom = {}

-- The numbers of xoshiro256** as C computes them from the same state.
function TestRandom.testKnownNumbers()
  local r = random.new(42)
  for _, expected in ipairs { 0x25E40159DAD89192, 0xEDEE8C57289BD210, 0x02AF2F632206950F, 0x23FD88574367E812 } do
    lu.assertEquals(r:next(), expected)
  end
end

function TestRandom.testStreamsDiffer()
  local seen = {}
  for _, keys in ipairs { { 1 }, { 2 }, { 1, "users", 1 }, { 1, "users", 2 }, { 1, "posts", 1 }, { "1" }, { 1, 1 } } do
    local first = random.new(table.unpack(keys)):next()
    lu.assertNil(seen[first], "two streams begin alike")
    seen[first] = true
  end
  lu.assertEquals(random.new(7, "a", 3):next(), random.new(7, "a", 3):next())
end

function TestRandom.testIntIsEvenAndBounded()
  local r, counts = random.new(3), { 0, 0, 0, 0, 0, 0 }
  times(60000, function()
    local n = r:int(1, 6)
    counts[n] = counts[n] + 1
  end)
  for _, count in ipairs(counts) do lu.assertAlmostEquals(count, 10000, 400) end
  lu.assertEquals(r:int(5, 5), 5)
  lu.assertEquals(math.type(r:int(math.mininteger, math.maxinteger)), "integer")
  lu.assertStrContains(failure(r.int, r, 2, 1), "no number lies between 2 and 1")
end

function TestRandom.testFloatIsBelowOne()
  local r, sum = random.new(4), 0
  times(10000, function()
    local x = r:float()
    lu.assertTrue(x >= 0 and x < 1)
    sum = sum + x
  end)
  lu.assertAlmostEquals(sum / 10000, 0.5, 0.02)
end

function TestRandom.testShuffleKeepsElements()
  local list = random.new(5):shuffle { 1, 2, 3, 4, 5, 6, 7, 8 }
  lu.assertNotEquals(list, { 1, 2, 3, 4, 5, 6, 7, 8 })
  lu.assertItemsEquals(list, { 1, 2, 3, 4, 5, 6, 7, 8 })
end

TestDeterminism = {}

function TestDeterminism.testSameSeedSameData()
  local a, b, c = faker.new(42), faker.new(42), faker.new(43)
  local first = everything(a)
  lu.assertEquals(everything(b), first)
  lu.assertNotEquals(everything(c), first)
  a.seed(42)
  lu.assertEquals(everything(a), first)
end

-- These may change only when the lists or the algorithms do, and then every user's seed data changes with them.
function TestDeterminism.testPinnedValues()
  local f = faker.new(42)
  lu.assertEquals(f.number.int { min = 1, max = 1000000 }, 561555)
  lu.assertEquals(f.string.uuid(), "edee8c57-289b-4210-82af-2f632206950f")
  lu.assertEquals(f.string.hexadecimal { length = 8, casing = "lower" }, "0x2dbd39a1")
  lu.assertEquals(f.internet.email(), "Edward-Schaefer@example.org")
  lu.assertEquals(f.word.noun(), "hour")
end

function TestDeterminism.testTextSeedsAndDefaults()
  local f = faker.new("spring")
  local word = f.word.noun()
  lu.assertEquals(f.seed("spring"), "spring")
  lu.assertEquals(f.word.noun(), word)
  lu.assertStrContains(failure(f.seed, 1.5), "expected an integer or a text")
end

-- Each coroutine may have a stream of its own, whatever the order in which they run.
function TestDeterminism.testStreamsPerCoroutine()
  local function draws(order)
    local f, tasks, out = faker.new(1), {}, { {}, {} }
    for i = 1, 2 do
      tasks[i] = coroutine.wrap(function()
        f.useStream(random.new(1, "rows", i))
        for _ = 1, 3 do
          out[i][#out[i] + 1] = f.internet.email()
          coroutine.yield()
        end
      end)
    end
    for _, i in ipairs(order) do tasks[i]() end
    return out
  end
  lu.assertEquals(draws { 1, 1, 1, 2, 2, 2 }, draws { 2, 1, 2, 1, 1, 2 })
end

TestUnknown = {}

function TestUnknown.testSuggestions()
  lu.assertStrContains(failure(function() return faker.internt.email() end),
    "faker has no module `internt`. Did you mean `internet`?")
  lu.assertStrContains(failure(function() return faker.internet.emial() end),
    "faker has no function `internet.emial`. Did you mean `internet.email`?")
  lu.assertStrContains(failure(function() return faker.number.int { mn = 1 } end),
    "faker.number.int: unknown option `mn`. Did you mean `min`?")
end

function TestUnknown.testErrorsNameTheCallersLine()
  local line = debug.getinfo(1, "l").currentline + 1
  local message = failure(function() faker.number.int { min = 5, max = 3 } end)
  lu.assertStrMatches(message, ".*test_faker%.lua:" .. line .. ": faker%.number%.int: max %(3%) is below min %(5%)")
end

function TestUnknown.testBadOptions()
  for fn, expected in pairs {
    [function() faker.number.int { max = 1.5 } end] = "max must be an integer, got 1.5",
    [function() faker.number.int "3" end] = 'max must be an integer, got "3"',
    [function() faker.datatype.boolean(2) end] = "probability must lie between 0 and 1",
    [function() faker.string.alpha { casing = "title" } end] = "casing must be one of `upper`, `lower`, `mixed`",
    [function() faker.string.alpha(-1) end] = "length must be a count",
    [function() faker.helpers.arrayElement {} end] = "the list is empty",
    [function() faker.helpers.arrayElements({ 1 }, { min = 3, max = 2 }) end] = "min <= max",
    [function() faker.helpers.multiple("x") end] = "must be a function",
    [function() faker.date.past(0) end] = "years must be positive",
    [function() faker.date.between { from = "2020-13-01", to = "2021-01-01" } end] = "this is no date: 2020-13-01",
    [function() faker.date.between { from = "2022-01-01", to = "2021-01-01" } end] = "lies after to",
    [function() faker.finance.creditCardNumber "viza" end] = "Did you mean `visa`?",
    [function() faker.person.firstName "boy" end] = "sex must be one of `female`, `male`",
    [function() faker.internet.password { pattern = "%z" } end] = "no printable character matches",
    [function() faker.word.noun { length = 40, strategy = "fail" } end] = "no word has 40 to 40 letters",
  } do
    lu.assertStrContains(failure(fn), expected)
  end
end

TestNumber = {}

function TestNumber.testInt()
  local seen = {}
  times(500, function()
    local n = faker.number.int { min = 1, max = 5 }
    lu.assertEquals(math.type(n), "integer")
    lu.assertTrue(n >= 1 and n <= 5)
    seen[n] = true
  end)
  lu.assertEquals(seen, { true, true, true, true, true })
  lu.assertTrue(faker.number.int(0) == 0)
  lu.assertTrue(faker.number.int() <= 2 ^ 53)
  times(100, function() lu.assertEquals(faker.number.int { min = -30, max = 30, multipleOf = 7 } % 7, 0) end)
  lu.assertStrContains(failure(faker.number.int, { min = 1, max = 6, multipleOf = 7 }), "no multiple of 7")
end

function TestNumber.testFloat()
  times(200, function()
    local x = faker.number.float { min = 1, max = 2, fractionDigits = 2 }
    lu.assertEquals(math.type(x), "float")
    lu.assertTrue(x >= 1 and x <= 2)
    lu.assertEquals(tonumber(("%.2f"):format(x)), x)
    lu.assertEquals((faker.number.float { max = 4, multipleOf = 0.25 } * 4) % 1, 0.0)
  end)
end

function TestNumber.testBasesAndNumerals()
  lu.assertEquals(faker.number.hex { min = 255, max = 255 }, "ff")
  lu.assertEquals(faker.number.binary { min = 5, max = 5 }, "101")
  lu.assertEquals(faker.number.octal { min = 64, max = 64 }, "100")
  lu.assertEquals(faker.number.romanNumeral { min = 1994, max = 1994 }, "MCMXCIV")
  lu.assertStrContains(failure(faker.number.romanNumeral, { max = 4000 }), "1 to 3999")
end

TestString = {}

function TestString.testForms()
  times(100, function()
    lu.assertStrMatches(faker.string.uuid(), "%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-[89ab]%x%x%x%-" .. ("%x"):rep(12))
    lu.assertStrMatches(faker.string.alpha { length = 5, casing = "lower" }, "%l%l%l%l%l")
    lu.assertStrMatches(faker.string.alphanumeric(8), ("%w"):rep(8))
    lu.assertStrMatches(faker.string.nanoid(), ("[%w_%-]"):rep(21))
    lu.assertStrMatches(faker.string.numeric { length = 3, allowLeadingZeros = false }, "[1-9]%d%d")
    lu.assertStrMatches(faker.string.binary { length = 4 }, "0b[01][01][01][01]")
    lu.assertStrMatches(faker.string.hexadecimal { length = 4, casing = "upper", prefix = "#" }, "#[%dA-F]+")
    lu.assertNotStrContains(faker.string.alpha { length = 60, exclude = { "a", "A" } }:lower(), "a")
    local length = #faker.string.sample { min = 2, max = 4 }
    lu.assertTrue(length >= 2 and length <= 4)
  end)
  lu.assertEquals(#faker.string.ulid(), 26)
  lu.assertEquals(faker.string.ulid { refDate = "2016-07-30T22:36:16.385Z" }:sub(1, 10), "01ARYZ6S41")
  lu.assertEquals(faker.string.alpha(0), "")
  lu.assertStrContains(failure(faker.string.numeric, { exclude = "0123456789" }), "leaves no character")
end

TestHelpers = {}

function TestHelpers.testArrayElements()
  local list = { "a", "b", "c", "d" }
  times(200, function()
    local some = faker.helpers.arrayElements(list, { min = 1, max = 3 })
    lu.assertTrue(#some >= 1 and #some <= 3)
    local seen = {}
    for _, v in ipairs(some) do
      lu.assertNil(seen[v])
      lu.assertStrMatches(v, "[a-d]")
      seen[v] = true
    end
  end)
  lu.assertItemsEquals(faker.helpers.arrayElements(list, 9), list)
  lu.assertEquals(faker.helpers.arrayElements({}, { min = 1, max = 3 }), {})
  lu.assertEquals(list, { "a", "b", "c", "d" })
end

function TestHelpers.testUniqueArray()
  local unique = faker.helpers.uniqueArray(faker.word.noun, 200)
  local seen = {}
  for _, v in ipairs(unique) do
    lu.assertNil(seen[v])
    seen[v] = true
  end
  lu.assertEquals(#unique, 200)
  lu.assertItemsEquals(faker.helpers.uniqueArray({ 1, 1, 2 }, 5), { 1, 2 })
  lu.assertStrContains(failure(faker.helpers.uniqueArray, function() return 1 end, 2),
    "gave 1 different values, 2 are wanted")
end

function TestHelpers.testWeights()
  local counts = { a = 0, b = 0 }
  times(4000, function()
    local v = faker.helpers.weightedArrayElement { { weight = 3, value = "a" }, { weight = 1, value = "b" } }
    counts[v] = counts[v] + 1
  end)
  lu.assertAlmostEquals(counts.a / 4000, 0.75, 0.03)
end

function TestHelpers.testMaybeMultipleShuffle()
  lu.assertEquals(faker.helpers.maybe(function() return 7 end, { probability = 1 }), 7)
  lu.assertNil(faker.helpers.maybe(function() return 7 end, { probability = 0 }))
  lu.assertEquals(faker.helpers.multiple(function(_, i) return i end, { count = 4 }), { 1, 2, 3, 4 })
  local list = { 1, 2, 3, 4, 5, 6, 7, 8 }
  local shuffled = faker.helpers.shuffle(list)
  lu.assertItemsEquals(shuffled, list)
  lu.assertEquals(list, { 1, 2, 3, 4, 5, 6, 7, 8 })
  lu.assertIs(faker.helpers.shuffle(list, { inplace = true }), list)
end

function TestHelpers.testPatterns()
  lu.assertStrMatches(faker.helpers.replaceSymbols "##-??-*!", "%d%d%-%u%u%-[%u%d][2-9]")
  lu.assertStrMatches(faker.helpers.fake "{{person.firstName}}: {{string.numeric(3)}}", "%u%a+: %d%d%d")
  lu.assertEquals(faker.helpers.mustache("{{a}} {{b}} {{c}}", { a = 1, b = function() return "x" end }), "1 x {{c}}")
  lu.assertEquals(faker.helpers.slugify "Hello, big World!", "Hello-big-World")
  lu.assertEquals(faker.helpers.objectEntry { only = 3 }, { "only", 3 })
end

function TestHelpers.testRegularExpressions()
  times(100, function()
    lu.assertStrMatches(faker.helpers.fromRegExp "[A-Z]{2}-\\d{3,5}x?", "%u%u%-%d%d%d%d?%d?x?")
    lu.assertStrMatches(faker.helpers.fromRegExp "a+[^a-z ]*\\.[\\d_]", "a+[^%l ]*%.[%d_]")
  end)
  lu.assertEquals(faker.helpers.fromRegExp "", "")
  lu.assertStrContains(failure(faker.helpers.fromRegExp, "(a|b)"), "( at 1 of")
  lu.assertStrContains(failure(faker.helpers.fromRegExp, "[a"), "has no ]")
  lu.assertStrContains(failure(faker.helpers.fromRegExp, "a{3,1}"), "goes from 3 to 1")
end

TestDate = {}

local function iso(date) return tostring(date) end

function TestDate.testWindows()
  local reference = "2024-02-29T12:00:00.000Z"
  for name, bounds in pairs {
    past = { "2023-02-28T06:00:00.000Z", reference }, future = { reference, "2025-02-28T18:00:00.000Z" },
    recent = { "2024-02-28T12:00:00.000Z", reference }, soon = { reference, "2024-03-01T12:00:00.000Z" },
  } do
    times(50, function()
      local date = iso(faker.date[name] { refDate = reference })
      lu.assertTrue(bounds[1] <= date and date <= bounds[2], name .. ": " .. date)
    end)
  end
end

function TestDate.testReferenceDoesNotMove()
  lu.assertStrContains(iso(faker.getDefaultRefDate()), "2026-01-01T00:00:00")
  local f = faker.new(1)
  f.setDefaultRefDate "2000-06-01"
  local date = iso(f.date.recent())
  lu.assertTrue("2000-05-31" <= date and date < "2000-06-01", date)
end

function TestDate.testBetweensAreInOrder()
  local found = faker.date.betweens { from = "2020-01-01", to = "2020-12-31T23:59:59+01:00", count = 20 }
  lu.assertEquals(#found, 20)
  for i = 2, 20 do lu.assertTrue(iso(found[i - 1]) <= iso(found[i])) end
  lu.assertStrContains(iso(faker.date.between { from = 86400, to = 86400 }), "1970-01-02T00:00:00")
end

function TestDate.testBirthdates()
  times(100, function()
    local born = iso(faker.date.birthdate { min = 18, max = 18 })
    lu.assertTrue("2007-01-01" < born and born <= "2008-01-01T00:00:00.000Z", born)
    lu.assertEquals(iso(faker.date.birthdate { mode = "year", min = 1980, max = 1980 }):sub(1, 4), "1980")
  end)
end

TestPeople = {}

function TestPeople.testInternet()
  times(300, function()
    lu.assertStrMatches(faker.internet.email(), "[%w._%-]+@example%.%a+")
    lu.assertStrMatches(faker.internet.username(), "[%w._%-]+")
    lu.assertStrMatches(faker.internet.url(), "https://[%w%-]+%.%a+/?")
    lu.assertEquals(#faker.internet.password(), 15)
    for part in faker.internet.ipv4():gmatch "%d+" do lu.assertTrue(tonumber(part) <= 255) end
  end)
  lu.assertStrMatches(faker.internet.email { firstName = "Ada", lastName = "Lovelace", provider = "acme.test" },
    "Ada[%w._%-]*@acme%.test")
  lu.assertStrMatches(faker.internet.password { length = 12, pattern = "%d", prefix = "A1" }, "A1%d+")
  lu.assertEquals(#faker.internet.password { length = 12, memorable = true }, 12)
  lu.assertStrMatches(faker.internet.mac { separator = "-" }, "%x%x%-%x%x%-%x%x%-%x%x%-%x%x%-%x%x")
  lu.assertStrMatches(faker.internet.jwt(), "[%w_%-]+%.[%w_%-]+%.%w+")
end

function TestPeople.testOldNames()
  lu.assertStrMatches(faker.internet.userName(), "[%w._%-]+")
  lu.assertStrMatches(faker.name.firstName(), "%a+")
  lu.assertEquals(type(faker.address.city()), "string")
  lu.assertEquals(math.type(faker.datatype.number { max = 3 }), "integer")
end

-- Few enough collisions for unique columns of some size.
function TestPeople.testVariety()
  local seen, same = {}, 0
  times(2000, function()
    local email = faker.internet.email()
    if seen[email] then same = same + 1 end
    seen[email] = true
  end)
  lu.assertTrue(same < 20, same .. " of 2000 addresses came twice")
  lu.assertTrue(#require "lorm.faker.data.noun" >= 1000)
end

TestChecks = {}

local function luhn(number)
  local sum, digits = 0, number:gsub("%D", "")
  for i = 1, #digits do
    local d = tonumber(digits:sub(-i, -i))
    if i % 2 == 0 then d = d * 2 > 9 and d * 2 - 9 or d * 2 end
    sum = sum + d
  end
  return sum % 10 == 0
end

function TestChecks.testCardsAndPhones()
  times(100, function()
    lu.assertTrue(luhn(faker.finance.creditCardNumber()))
    lu.assertTrue(luhn(faker.phone.imei()))
  end)
  lu.assertStrMatches(faker.finance.creditCardNumber "visa", "4%d+%-%d+%-%d+%-%d+")
  lu.assertStrMatches(faker.phone.number { style = "international" }, "%+1%d%d%d55501%d%d")
end

function TestChecks.testIban()
  times(100, function()
    local iban = faker.finance.iban()
    local digits = (iban:sub(5) .. iban:sub(1, 4)):gsub("%u", function(c) return tostring(c:byte() - 55) end)
    local rest = 0
    for d in digits:gmatch "%d" do rest = (rest * 10 + tonumber(d)) % 97 end
    lu.assertEquals(rest, 1, iban)
  end)
  lu.assertStrMatches(faker.finance.iban { countryCode = "DE", formatted = true }, "DE%d%d %d%d%d%d .*")
end

function TestChecks.testIsbn()
  times(100, function()
    local sum, digits = 0, faker.commerce.isbn():gsub("%D", "")
    lu.assertEquals(#digits, 13)
    for i = 1, 13 do sum = sum + tonumber(digits:sub(i, i)) * (i % 2 == 0 and 3 or 1) end
    lu.assertEquals(sum % 10, 0)
  end)
  lu.assertStrMatches(faker.commerce.isbn(10), "%d%-%d%d%d%d%-%d%d%d%d%-[%dX]")
end

function TestChecks.testVin()
  local letters = { A = 1, B = 2, C = 3, D = 4, E = 5, F = 6, G = 7, H = 8, J = 1, K = 2, L = 3, M = 4, N = 5, P = 7, R = 9,
    S = 2, T = 3, U = 4, V = 5, W = 6, X = 7, Y = 8, Z = 9 }
  local weights = { 8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2 }
  times(100, function()
    local vin, sum = faker.vehicle.vin(), 0
    lu.assertEquals(#vin, 17)
    for i = 1, 17 do
      local c = vin:sub(i, i)
      if i ~= 9 then sum = sum + (letters[c] or tonumber(c)) * weights[i] end
    end
    lu.assertEquals(vin:sub(9, 9), sum % 11 == 10 and "X" or tostring(sum % 11))
  end)
end

function TestChecks.testForms()
  times(50, function()
    lu.assertStrMatches(faker.airline.recordLocator(), "[A-HJKMNP-Z]+")
    lu.assertStrMatches(faker.airline.seat "regional", "%d%d?[A-D]")
    lu.assertEquals(#faker.airline.flightNumber { addLeadingZeros = true }, 4)
    lu.assertStrMatches(faker.git.commitSha(), ("%x"):rep(40))
    lu.assertStrMatches(faker.git.commitDate(), "%a%a%a %a%a%a %d+ %d%d:%d%d:%d%d 2025 [+-]%d%d00")
    lu.assertStrMatches(faker.system.semver(), "%d%.%d+%.%d+")
    lu.assertEquals(faker.system.fileExt "image/png", "png")
    lu.assertStrMatches(faker.database.mongodbObjectId(), ("[%x]"):rep(24))
  end)
  lu.assertEquals(type(faker.science.chemicalElement().atomicNumber), "number")
  lu.assertStrContains(failure(faker.system.fileExt, "image/xyz"), "no extension is known")
end

function TestChecks.testMoney()
  lu.assertStrMatches(faker.commerce.price { min = 5, max = 6, symbol = "$" }, "%$[56]%.%d%d")
  lu.assertEquals(faker.finance.amount { min = 1234567, max = 1234567, autoFormat = true }, "1,234,567.00")
  lu.assertStrMatches(faker.finance.currencyCode(), "%u%u%u")
end

TestLorem = {}

function TestLorem.testShapes()
  times(50, function()
    local sentence = faker.lorem.sentence()
    local _, spaces = sentence:gsub(" ", "")
    lu.assertStrMatches(sentence, "%u[%l ]*%.")
    lu.assertTrue(spaces >= 2 and spaces <= 9)
    lu.assertEquals(select(2, faker.lorem.paragraph():gsub("%.", "")), 3)
    lu.assertEquals(select(2, faker.lorem.paragraphs():gsub("\n", "")), 2)
    lu.assertStrMatches(faker.lorem.slug(2), "%l+%-%l+")
    lu.assertEquals(#faker.lorem.word { length = 5 }, 5)
  end)
end

function TestLorem.testWords()
  times(50, function()
    lu.assertEquals(#faker.word.noun(6), 6)
    lu.assertTrue(#faker.word.adjective { length = { min = 30, max = 40 }, strategy = "longest" } >= 10)
  end)
  local _, spaces = faker.word.words(5):gsub(" ", "")
  lu.assertEquals(spaces, 4)
end

if lu.LuaUnit.run() ~= 0 then os.exit(1) end
