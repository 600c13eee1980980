-- Every filter operator, and how they combine.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "store"
local refuses = support.refuses
local Customer = db.Customer

local function fill()
  Customer:createMany {
    data = {
      { id = 101, email = "ada@x.org", name = "Ada Lovelace", tier = "GOLD", credit = "100.50", visits = 7, rating = 4.5,
        tags = { "vip", "uk" }, scores = { 1, 2, 3 }, born = "1815-12-10", big = 9007199254740993,
        token = "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d", meta = { city = "London", age = 36, langs = { "en", "fr" } } },
      { id = 102, email = "bob@x.org", name = "Bob 100%", tier = "BASIC", credit = "0.10", visits = 3, tags = { "de" },
        scores = {}, born = "1990-05-17", meta = { city = "Bonn", age = 30 } },
      { id = 103, email = "cyd@x.org", name = "cyd_b", tier = "SILVER", credit = "20", visits = 3, rating = 2.0,
        active = false, tags = {}, scores = { 3 }, seenAt = "2024-02-29T12:00:00Z", meta = lorm.jsonNull },
      { id = 104, email = "dan@x.org", tier = "BASIC", credit = "7.25", visits = 1, tags = { "uk", "de" }, big = -5,
        avatar = "\0\1\255", seenAt = "2024-03-01T00:00:00.123456Z" },
      { id = 105, email = "eve@x.org", name = "Eve", tier = "GOLD", credit = "9.99", visits = 12, rating = 3.5,
        meta = { 1, 2, 3 } },
    },
  }
  for _, order in ipairs {
    { customerId = 101, code = "A1", note = "first" }, { customerId = 101, code = "A2", note = "second" },
    { customerId = 102, code = "B1", note = "first" }, { code = "N1" },
  } do db.Order:create { data = order } end
  db.Address:create { data = { street = "Fleet St", city = "London", customerId = 101 } }
  Customer:updateMany { where = { id = { in_ = { 102, 103 } } }, data = { referrerId = 101 } }
end

TestScalars = support.suite(db, fill)

-- The first letters of the addresses of those found, in order.
local function found(where)
  local out = {}
  for _, row in ipairs(Customer:findMany { where = where, orderBy = { id = "asc" }, select = { "email" } }) do
    out[#out + 1] = row.email:sub(1, 1)
  end
  return table.concat(out)
end

local function check(cases)
  for i, case in ipairs(cases) do
    lu.assertEquals(found(case[1]), case[2], ("case %d: %s"):format(i, lu.prettystr(case[1])))
  end
end

function TestScalars.testEquality()
  check {
    { { id = 103 }, "c" },
    { { id = { equals = 103 } }, "c" },
    { { id = { ["not"] = 103 } }, "abde" },
    { { id = { not_ = 103 } }, "abde" },
    { { id = { ["in"] = { 101, 105, 999 } } }, "ae" },
    { { id = { in_ = { 101, 105, 999 } } }, "ae" },
    { { id = { notIn = { 101, 105 } } }, "bcd" },
    { { id = { in_ = {} } }, "" },
    { { id = { notIn = {} } }, "abcde" },
    { { active = true }, "abde" },
    { { active = { not_ = true } }, "c" },
  }
end

function TestScalars.testComparison()
  check {
    { { visits = { lt = 3 } }, "d" },
    { { visits = { lte = 3 } }, "bcd" },
    { { visits = { gt = 7 } }, "e" },
    { { visits = { gte = 7 } }, "ae" },
    { { visits = { gt = 1, lt = 12, not_ = 7 } }, "bc" },
    { { visits = { not_ = { gt = 3 } } }, "bcd" },
    { { rating = { gte = 3.5 } }, "ae" },
    { { credit = { gt = "9.99" } }, "ac" },
    { { credit = lorm.decimal "0.1" }, "b" },
    { { credit = { lte = 9.99 } }, "bde" },
    { { big = 9007199254740993 }, "a" },
    { { big = { lt = 0 } }, "d" },
  }
end

function TestScalars.testNull()
  check {
    { { name = lorm.null }, "d" },
    { { name = { equals = lorm.null } }, "d" },
    { { name = { not_ = lorm.null } }, "abce" },
    { { rating = { not_ = 4.5 } }, "ce" }, -- as SQL has it: NULL is neither
  }
end

function TestScalars.testText()
  check {
    { { name = { contains = "d" } }, "ac" },
    { { name = { startsWith = "Ada" } }, "a" },
    { { name = { endsWith = "ve" } }, "e" },
    { { name = { contains = "A", mode = "insensitive" } }, "a" },
    { { name = { equals = "EVE", mode = "insensitive" } }, "e" },
    { { name = { equals = "%ve", mode = "insensitive" } }, "" },
    { { name = { startsWith = "CYD", mode = "insensitive" } }, "c" },
    { { name = { in_ = { "eve", "CYD_B" }, mode = "insensitive" } }, "ce" },
    { { name = { not_ = { contains = "o" } } }, "ce" },
    { { name = { contains = "" } }, "abce" },
  }
end

-- In a pattern of ours these are plain characters.
function TestScalars.testWildcardsAreLiteral()
  check {
    { { name = { contains = "%" } }, "b" },
    { { name = { contains = "_" } }, "c" },
    { { name = { startsWith = "cyd_" } }, "c" },
    { { name = { endsWith = "100%" } }, "b" },
    { { name = { contains = "\\" } }, "" },
  }
end

function TestScalars.testDatesUuidsEnumsBytes()
  check {
    { { born = { lt = "1900-01-01" } }, "a" },
    { { born = lorm.datetime "1990-05-17" }, "b" },
    { { seenAt = { gt = "2024-02-29T12:00:00Z" } }, "d" },
    { { seenAt = "2024-03-01T01:00:00.123456+01:00" }, "d" },
    { { seenAt = lorm.datetime "2024-02-29T12:00:00Z" }, "c" },
    { { seenAt = 1709208000 }, "c" },
    { { token = "2C5EA4C0-4067-11E9-8BAD-9B1DEB4D3B7D" }, "a" },
    { { tier = "GOLD" }, "ae" },
    { { tier = { in_ = { "SILVER", "BASIC" } } }, "bcd" },
    { { tier = { not_ = "GOLD" } }, "bcd" },
    { { avatar = "\0\1\255" }, "d" },
  }
end

function TestScalars.testLists()
  check {
    { { tags = { has = "uk" } }, "ad" },
    { { tags = { hasEvery = { "uk", "de" } } }, "d" },
    { { tags = { hasSome = { "vip", "de" } } }, "abd" },
    { { tags = { isEmpty = true } }, "c" },
    { { tags = { isEmpty = false } }, "abd" },
    { { tags = { equals = { "vip", "uk" } } }, "a" },
    { { tags = { "vip", "uk" } }, "a" },
    { { scores = { has = 3 } }, "ac" },
    { { scores = { hasSome = {} } }, "" },
  }
end

function TestScalars.testJson()
  check {
    { { meta = { path = { "city" }, equals = "Bonn" } }, "b" },
    { { meta = { path = { "age" }, gt = 30 } }, "a" },
    { { meta = { path = { "city" }, string_contains = "on" } }, "ab" },
    { { meta = { path = { "city" }, string_starts_with = "L" } }, "a" },
    { { meta = { path = { "langs" }, array_contains = { "fr" } } }, "a" },
    { { meta = { path = { "langs", "0" }, equals = "en" } }, "a" },
    { { meta = { equals = { age = 30, city = "Bonn" } } }, "b" },
    { { meta = { equals = { 1, 2, 3 } } }, "e" },
    { { meta = { equals = lorm.jsonNull } }, "c" },
    { { meta = { equals = lorm.dbNull } }, "d" },
    { { meta = { equals = lorm.anyNull } }, "cd" },
    { { meta = { not_ = lorm.dbNull } }, "abce" },
  }
end

function TestScalars.testFieldReferences()
  check {
    { { name = { equals = Customer.fields.email } }, "" },
    { { visits = { gt = Customer.fields.id } }, "" },
    { { visits = { lt = Customer.fields.id } }, "abcde" },
  }
end

TestLogic = support.suite(db, fill)

function TestLogic.testCombinations()
  check {
    { { tier = "GOLD", active = true, visits = { gt = 7 } }, "e" },
    { { AND = { { tier = "GOLD" }, { visits = 7 } } }, "a" },
    { { AND = { tier = "GOLD", visits = 7 } }, "a" },
    { { OR = { { tier = "SILVER" }, { visits = 1 } } }, "cd" },
    { { NOT = { tier = "GOLD" } }, "bcd" },
    { { NOT = { { tier = "GOLD" }, { visits = 3 } } }, "d" },
    { { OR = { { id = 101 }, { id = 102 } }, NOT = { id = 102 } }, "a" },
    { { AND = { { OR = { { id = 101 }, { id = 102 }, { id = 103 } } }, { visits = 3 } } }, "bc" },
    { { OR = { { AND = { { tier = "GOLD" }, { visits = 12 } } }, { name = lorm.null } } }, "de" },
  }
end

function TestLogic.testEmptyLists()
  check {
    { {}, "abcde" },
    { { AND = {} }, "abcde" },
    { { OR = {} }, "" },
    { { NOT = {} }, "abcde" },
    { { AND = { {}, { id = 101 } } }, "a" },
    { { name = lorm.object {} }, "abcde" },
  }
end

-- As the guide builds its conditions: a condition that is not wanted is an empty table.
function TestLogic.testConditionalParts()
  local function search(term, tier)
    return found {
      AND = { term and { name = { contains = term, mode = "insensitive" } } or {}, tier and { tier = tier } or {} },
    }
  end
  lu.assertEquals(search(), "abcde")
  lu.assertEquals(search "b", "bc")
  lu.assertEquals(search("b", "SILVER"), "c")
  lu.assertEquals(search(nil, "GOLD"), "ae")
end

function TestLogic.testManyValues()
  local ids = {}
  for i = 1, 100000 do ids[i] = i + 102 end
  lu.assertEquals(found { id = { in_ = ids } }, "cde")
  local any = {}
  for i = 1, 500 do any[i] = { id = i + 104 } end
  lu.assertEquals(found { OR = any }, "e")
end

TestRelations = support.suite(db, fill)

function TestRelations.testToMany()
  check {
    { { orders = { some = { note = "first" } } }, "ab" },
    { { orders = { some = lorm.object {} } }, "ab" },
    { { orders = { none = lorm.object {} } }, "cde" },
    { { orders = { every = { note = "first" } } }, "bcde" },
    { { orders = { none = { note = "first" } } }, "cde" },
    { { orders = { some = { code = "A1" }, every = { note = "first" } } }, "" },
    { { referrals = { some = { name = "cyd_b" } } }, "a" },
  }
end

function TestRelations.testToOne()
  check {
    { { address = { city = "London" } }, "a" },
    { { address = { is = { city = "Paris" } } }, "" },
    { { address = lorm.null }, "bcde" },
    { { address = { isNot = lorm.null } }, "a" },
    { { referrer = { name = { startsWith = "Ada" } } }, "bc" },
    { { referrer = { isNot = { tier = "GOLD" } } }, "ade" },
  }
  local codes = support.column(db.Order:findMany { where = { customer = lorm.null } }, "code")
  lu.assertEquals(codes, { "N1" })
  codes = support.column(db.Order:findMany { where = { customer = { referrals = { some = { tier = "BASIC" } } } },
    orderBy = { code = "asc" } }, "code")
  lu.assertEquals(codes, { "A1", "A2" })
end

-- What is unknown is neither so nor not so: only 102 and 103 have a referrer; 101 has a rating, but no seenAt.
function TestRelations.testNotOfAToOne()
  local early, late = { referrer = { is = { seenAt = { lt = "2000-01-01T00:00:00Z" } } } }, { referrer = { isNot = { rating = { gt = 4 } } } }
  lu.assertEquals(found(early), "")
  lu.assertEquals(found { NOT = early }, "ade")
  lu.assertEquals(found { NOT = { NOT = early } }, "")
  lu.assertEquals(found { NOT = { OR = { early, { id = 105 } } } }, "ad")
  lu.assertEquals(found(late), "ade")
  lu.assertEquals(found { NOT = late }, "bc")
  lu.assertEquals(found { NOT = { referrer = { isNot = { seenAt = { lt = "2000-01-01T00:00:00Z" } } } } }, "")
end

-- Each condition of a `not` has its own.
function TestScalars.testNotOfSeveral()
  lu.assertEquals(found { visits = { not_ = { gte = 3, lte = 7 } } }, "")
  lu.assertEquals(found { visits = { not_ = { lt = 3, gt = 7 } } }, "abc")
  lu.assertEquals(found { name = { not_ = { contains = "ADA", startsWith = "BOB" }, mode = "insensitive" } }, "ce")
end

TestMistakes = support.suite(db)

function TestMistakes.testPathsAndSuggestions()
  local function bad(where, path, says) refuses(path, says, Customer.findMany, Customer, { where = where }) end
  bad({ titel = 1 }, "where.titel", "Unknown argument `titel`. Did you mean `tier`?")
  bad({ AND = { { emial = "x" } } }, "where.AND[1].emial", "Did you mean `email`?")
  bad({ OR = { { id = 1 }, { NOT = { nam = "x" } } } }, "where.OR[2].NOT.nam", "Did you mean `name`?")
  bad({ orders = { some = { cod = "x" } } }, "where.orders.some.cod", "Did you mean `code`?")
  bad({ name = { contain = "x" } }, "where.name.contain", "Unknown operator `contain`. Did you mean `contains`?")
  bad({ orders = { any = {} } }, "where.orders.any", "Unknown operator `any`")
  bad({ id = "1" }, "where.id", "Expected Int, provided string")
  bad({ id = 3000000000 }, "where.id", "Unable to fit integer value '3000000000'")
  bad({ id = lorm.null }, "where.id", "must not be null")
  bad({ id = { in_ = { 1, "x" } } }, "where.id.in_[2]", "Expected Int, provided string")
  bad({ id = { 1, 2 } }, "where.id", "Several values are in_")
  bad({ name = {} }, "where.name", "An empty table is no filter")
  bad({ tier = "GOLDEN" }, "where.tier", "Did you mean `GOLD`?")
  bad({ token = "nope" }, "where.token", "it is not a UUID")
  bad({ born = "yesterday" }, "where.born", "it is not an ISO 8601 date")
  bad({ name = { mode = "lower" } }, "where.name.mode", "Expected `default` or `insensitive`")
  bad({ name = function() end }, "where.name", "function")
end

function TestMistakes.testCyclesAndHoles()
  local circle = {}
  circle.AND = { circle }
  local e = support.fails({ name = "ValidationError" }, Customer.findMany, Customer, { where = circle })
  lu.assertNil(e.code)
  support.fails({ name = "ValidationError" }, Customer.findMany, Customer, { where = { id = { in_ = { 1, nil, 3 } } } })
end

-- Values never become SQL.
function TestMistakes.testInjection()
  for _, text in ipairs { "'; DROP TABLE customers; --", '" OR 1=1 --', "$1", "\\'; --", "%' OR '1'='1" } do
    lu.assertEquals(Customer:findMany { where = { name = text } }, {})
    lu.assertEquals(Customer:findMany { where = { name = { contains = text } } }, {})
    lu.assertEquals(Customer:findMany { where = { meta = { path = { text }, equals = text } } }, {})
  end
  lu.assertEquals(Customer:count(), 0)
end

support.run(db)
