-- db.sql: statements in files of their own.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local folder = support.folder()
os.execute("mkdir " .. folder .. "/sql")

local function write(name, text)
  local file = assert(io.open(folder .. "/" .. name, "w"))
  file:write(text)
  file:close()
end

write("schema.prisma", [[
datasource db {
  provider = "postgresql"
}

enum Tier {
  BASIC @map("basic tier")
  GOLD
}

model Person {
  id     Int      @id @default(autoincrement())
  name   String
  tier   Tier     @default(BASIC)
  born   DateTime @db.Date
  doc    Json?
  photo  Bytes?
  credit Decimal  @default(0)
}
]])

write("sql/people.sql", [[
-- Who is there: 'quotes and $9 in comments are no matter. /* nor this
-- @param {Tier[]} $1:tiers  which
-- @param {Int}    $2:most   how many
-- @param {DateTime} $3:since?  born then or later
/* $8 */
SELECT "id" AS "number!", name AS "called?", tier, $$'$7"$$ AS "a ""!"
FROM "Person"
WHERE tier = ANY($1) AND ($3::date IS NULL OR born >= $3)
ORDER BY id LIMIT $2
]])
write("sql/values.sql", [[
-- @param {Json} $1:doc?
-- @param {Bytes} $2:bytes
-- @param {Decimal} $3
-- @param {Boolean} $4:flag
-- @param {String[]} $5:words
-- @param {BigInt} $6:big
SELECT $1::jsonb AS doc, $2::bytea AS bytes, $3::numeric AS exact, $4::bool AS flag, $5::text[] AS words, $6::int8 AS big]])
write("sql/plain.sql", "SELECT $1::int + $2::int AS sum")
write("sql/wrong.sql", "-- One: ü\nSELECT id\nFROM \"Person\"\nWHERE nam = 'ü'\n")
write("sql/type.sql", "-- @param {Strin} $1:x\nSELECT $1")
write("sql/twice.sql", "-- @param {Int} $1:x\n-- @param {Int} $1:y\nSELECT $1")
write("sql/absent.sql", "\n-- @param {Int} $2:x\nSELECT $1")
write("sql/garbled.sql", "-- @param Int $1\nSELECT $1")

local db = support.database(nil, { schema = folder })
local fails, refuses, column = support.fails, support.refuses, support.column

TestCalls = support.suite(db, function(x)
  x.Person:createMany { data = {
    { name = "ada", born = "1815-12-10T00:00:00Z", tier = "GOLD" }, { name = "bob", born = "1990-01-01T00:00:00Z" },
    { name = "cid", born = "2000-01-01T00:00:00Z" } } }
end)

function TestCalls.testByPlaceAndByName()
  lu.assertEquals(column(db.sql.people({ "BASIC", "GOLD" }, 10, lorm.null), "called"), { "ada", "bob", "cid" })
  lu.assertEquals(column(db.sql.people({ "BASIC" }, 1), "called"), { "bob" })
  lu.assertEquals(column(db.sql.people { tiers = { "BASIC" }, most = 5, since = "1995-01-01T00:00:00Z" }, "called"), { "cid" })
  lu.assertEquals(column(db.sql.people { tiers = {}, most = 5 }, "called"), {})
  lu.assertEquals(db.sql.plain(40, 2)[1].sum, 42)
end

function TestCalls.testColumns()
  local row = db.sql.people({ "GOLD" }, 1)[1]
  lu.assertEquals(row.number, 1)
  lu.assertEquals(row['a "'], [['$7"]])
  lu.assertStrContains(lorm.json.encode(row), '"number":1,"called":"ada"')
end

function TestCalls.testInTransactions()
  local tx <close> = db:begin()
  tx.Person:create { data = { name = "dee", born = "2001-01-01T00:00:00Z", tier = "GOLD" } }
  lu.assertEquals(column(tx.sql.people({ "GOLD" }, 9), "called"), { "ada", "dee" })
end

function TestCalls.testValues()
  local row = db.sql.values({ a = { 1, lorm.null } }, "\0\255'\\", lorm.decimal "1.10", false, { "x,y", '"', "" }, 1 << 62)[1]
  lu.assertEquals(row.doc.a[1], 1)
  lu.assertIs(row.doc.a[2], lorm.null)
  lu.assertEquals(row.bytes, "\0\255'\\")
  lu.assertEquals(row.exact, lorm.decimal "1.1")
  lu.assertIs(row.flag, false)
  lu.assertEquals(row.words, { "x,y", '"', "" })
  lu.assertIs(row.big, 1 << 62)
  lu.assertEquals(db.sql.values({ 1, 2 }, "", 1, true, {}, 0)[1].doc, { 1, 2 })
  lu.assertNil(db.sql.values(lorm.null, "", 1, true, {}, 0)[1].doc)
end

TestRefusals = support.suite(db)

function TestRefusals.testValues()
  local people = db.sql.people
  refuses("tiers[2]", "one of BASIC, GOLD", people, { "GOLD", "SILVER" }, 1)
  refuses("tiers", "Expected a list", people, "GOLD", 1)
  refuses("most", "a whole number", people, { "GOLD" }, "1")
  refuses("most", "a whole number", people, { "GOLD" }, 1 << 31)
  refuses("most", "provided nothing", people, { "GOLD" }, lorm.null)
  refuses("most", "provided nothing", people, { tiers = { "GOLD" } })
  refuses("mos", "Did you mean `most`?", people, { tiers = { "GOLD" }, mos = 1 })
  refuses("[4]", "takes 3 values, provided 4", people, { "GOLD" }, 1, nil, 4)
  refuses("[2]", "takes 2 values, provided 1", db.sql.plain, 1)
  refuses("[3]", "a decimal or a number", db.sql.values, nil, "", true, true, {}, 0)
end

function TestRefusals.testFiles()
  for name, expected in pairs {
    type = { 1, "Did you mean String?" }, twice = { 2, "$1 is described twice" }, absent = { 2, "has no $2" },
    garbled = { 1, "@param {Type} $1:name" },
  } do
    local e = fails({ name = "UsageError", says = expected[2], line = expected[1] }, function() return db.sql[name] end)
    lu.assertEquals(e.file, ("%s/sql/%s.sql"):format(folder, name))
  end
  fails({ name = "UsageError", says = "there is no file nowhere.sql" }, function() return db.sql.nowhere end)
end

function TestRefusals.testTheServersWords()
  local e = fails({ code = "P2010", line = 4, says = "wrong.sql:4: " }, function() return db.sql.wrong() end)
  lu.assertEquals(e.file, folder .. "/sql/wrong.sql")
  lu.assertEquals(e.meta.code, "42703")
end

support.run(db)
