-- Values on their way in and out: null, dates, decimals, JSON, bytes, marks, errors, printing.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database [[
model Thing {
  id      Int       @id
  text    String?
  big     BigInt?
  real    Float?
  exact   Decimal?
  yes     Boolean?
  at      DateTime?
  bytes   Bytes?
  doc     Json?
  tags    String[]
  numbers Int[]
  parts   Bytes[]
}
]]
local fails = support.fails

local function insert(columns, ...)
  local marks = {}
  for i = 1, select("#", ...) do marks[i] = "$" .. i end
  db:executeRaw(('INSERT INTO "Thing" (id, %s) VALUES (1, %s)'):format(columns, table.concat(marks, ", ")), ...)
  return db.Thing:findUnique { where = { id = 1 } }
end

TestValues = support.suite(db)

function TestValues.testNullIsAbsentButKnown()
  local row = insert("text, tags, numbers", lorm.null, lorm.array {}, "{}")
  lu.assertNil(row.text)
  lu.assertEquals(row.tags, {})
  lu.assertStrContains(lorm.json.encode(row), '{"id":1,"text":null,"big":null')
end

function TestValues.testIntegersAreExact()
  local row = insert("big, numbers", math.maxinteger, { 1, -2 })
  lu.assertEquals(row.big, math.maxinteger)
  lu.assertEquals(math.type(row.numbers[1]), "integer")
  lu.assertStrContains(lorm.json.encode(row), '"big":"9223372036854775807"')
end

function TestValues.testFloats()
  lu.assertEquals(insert("real", 0.1).real, 0.1)
  lu.assertEquals(db:queryRaw("SELECT $1::float8 AS f", 1 / 0)[1].f, math.huge)
end

function TestValues.testBytes()
  db:executeRaw [[INSERT INTO "Thing" (id, bytes) VALUES (1, '\x00ff10')]]
  local row = db.Thing:findFirst()
  lu.assertEquals(row.bytes, "\0\xff\x10")
  lu.assertStrContains(lorm.json.encode(row), '"bytes":"AP8Q"')
end

function TestValues.testListsOfBytes()
  local row = db.Thing:create { data = { id = 1, parts = { "\0\xff\x10", "", "text" } } }
  lu.assertEquals(row.parts, { "\0\xff\x10", "", "text" })
  lu.assertStrContains(lorm.json.encode(row), '"parts":["AP8Q","","dGV4dA=="]')
  lu.assertEquals(lorm.json.encode { row.parts[3] }, '["text"]')
end

-- Rows of other statements with the same names of columns are told apart by their types.
function TestValues.testBytesAreKnownByTheirColumn()
  local out = {}
  for i = 1, 40 do
    local row = db:queryRaw(i % 2 == 0 and "SELECT 'ab' AS x" or "SELECT 'ab'::bytea AS x")[1]
    out[lorm.json.encode(row)] = i % 2
    collectgarbage()
  end
  lu.assertEquals(out, { ['{"x":"ab"}'] = 0, ['{"x":"YWI="}'] = 1 })
end

function TestValues.testDecimalsInJson()
  local row = insert("exact", lorm.decimal "12.500")
  lu.assertStrMatches(tostring(row.exact), "12%.50+")
  lu.assertStrContains(lorm.json.encode(row), '"exact":"12.5"')
  lu.assertEquals(lorm.json.encode { lorm.decimal "1.0", lorm.decimal "0.0000001", lorm.decimal "1e21" }, '["1","1e-7","1e+21"]')
end

function TestValues.testDateTime()
  local row = insert("at", lorm.datetime "2024-02-29T12:00:00.123Z")
  lu.assertEquals(tostring(row.at), "2024-02-29T12:00:00.123Z")
  lu.assertTrue(row.at == lorm.datetime "2024-02-29T13:00:00.123+01:00")
  lu.assertTrue(row.at < lorm.now() and row.at >= lorm.datetime(0))
  lu.assertEquals((row.at + 1500) - row.at, 1500)
  lu.assertEquals(lorm.datetime(86400):unix(), 86400)
  lu.assertEquals(lorm.datetime(1.5):unix(), 1.5)
  lu.assertEquals(lorm.datetime "2024-02-29":parts().day, 29)
  fails({ name = "ValidationError" }, lorm.datetime, "yesterday")
end

function TestValues.testDecimal()
  local row = insert("exact", lorm.decimal "12345678901234567890.12")
  lu.assertEquals(tostring(row.exact * 1):match "^[%d.]-0*$" ~= nil, true)
  lu.assertTrue(row.exact == lorm.decimal "12345678901234567890.12")
  lu.assertEquals(tostring(lorm.decimal "0.1" + lorm.decimal "0.2"), "0.3")
  lu.assertEquals(tostring(lorm.decimal "1" + 2), "3")
  lu.assertTrue(lorm.decimal "1.0" == lorm.decimal "1")
  lu.assertTrue(lorm.decimal "2" < lorm.decimal "10")
  lu.assertEquals(tostring(lorm.decimal("2.345"):round(2)), "2.35")
  lu.assertEquals(tostring(lorm.decimal("-0.5"):round()), "-1")
  lu.assertEquals(lorm.decimal("42"):tointeger(), 42)
  lu.assertNil(lorm.decimal("4.2"):tointeger())
  fails({}, lorm.decimal, "12,5")
end

function TestValues.testJson()
  local doc = { list = { 1, 2.5, "x", lorm.null, true }, empty = lorm.array {}, none = lorm.object {}, big = 1 << 62 }
  db:executeRaw('INSERT INTO "Thing" (id, doc) VALUES (1, $1::text::jsonb)', lorm.json.encode(doc))
  local read = db.Thing:findFirst().doc
  lu.assertEquals(read.list[1], 1)
  lu.assertEquals(math.type(read.list[1]), "integer")
  lu.assertEquals(read.list[2], 2.5)
  lu.assertTrue(read.list[4] == lorm.null)
  lu.assertEquals(read.big, 1 << 62)
  lu.assertEquals(lorm.json.encode(read.empty), "[]")
  lu.assertEquals(lorm.json.encode(read.none), "{}")
end

function TestValues.testRawParametersAreTypedByWhatTheyAre()
  local row = db:queryRaw("SELECT $1 AS s, $2::int AS i, $3 AS b, $4::timestamptz AS t, $5::numeric AS d", "text", 3, true,
    lorm.datetime "2024-01-01", lorm.decimal "1.50")[1]
  lu.assertEquals({ row.s, row.i, row.b }, { "text", 3, true })
  lu.assertEquals(tostring(row.t), "2024-01-01T00:00:00.000Z")
  lu.assertEquals(tostring(row.d), "1.50")
  lu.assertNil(db:queryRaw("SELECT $1::text AS x", nil)[1].x)
end

function TestValues.testEnums()
  local mine <close> = lorm.connect { schemaText = "model A {\n  id Int @id\n}\nenum Role {\n  USER\n  ADMIN\n}\n", url = "postgresql:///x" }
  lu.assertEquals(mine.enums.Role.ADMIN, "ADMIN")
  fails({ name = "UsageError", says = "Did you mean ADMIN?" }, function() return mine.enums.Role.ADMNI end)
  fails({ name = "UsageError" }, function() return mine.enums.Rool end)
  fails({ name = "UsageError" }, function() mine.enums.Role.MORE = "MORE" end)
  local names = {}
  for name in pairs(mine.enums.Role) do names[#names + 1] = name end
  table.sort(names)
  lu.assertEquals(names, { "ADMIN", "USER" })
end

function TestValues.testConnectNow()
  lu.assertIs(db:connect(), db)
  local none <close> = lorm.connect { schemaText = "", url = "postgresql://nobody@localhost:1/x" }
  fails({ code = "P1001" }, none.connect, none)
end

-- A file of SQL beside the schema is a function.
function TestValues.testFilesOfSql()
  local folder = os.tmpname()
  os.remove(folder)
  os.execute(("mkdir -p %s/sql"):format(folder))
  local function save(name, text)
    local file = assert(io.open(folder .. "/" .. name, "w"))
    file:write(text)
    file:close()
  end
  save("schema.prisma", "model Thing {\n  id Int @id\n}\n")
  save("sql/sum.sql", "-- the sum\nSELECT $1::int + $2::int AS sum")
  local url = require "lorm.core".url(require "lorm.client".handle(db))
  for _, path in ipairs { folder, folder .. "/schema.prisma" } do
    local mine <close> = lorm.connect { schema = path, url = url }
    lu.assertEquals(mine.sql.sum(40, 2), { { sum = 42 } })
    lu.assertEquals(mine:transaction(function(tx) return tx.sql.sum(1, 2)[1].sum end), 3)
    fails({ name = "UsageError", says = "nope.sql" }, function() return mine.sql.nope end)
  end
  os.execute("rm -r " .. folder)
end

TestTables = support.suite(db)

function TestTables.testOddTablesAreRefused()
  local cyclic = {}
  cyclic.AND = cyclic
  local refused = {
    { "holes", { 1, nil, 3 } },
    { "neither a name nor a position", { [1.5] = 1 } },
    { "neither a name nor a position", { [true] = 1 } },
    { "contains itself", cyclic },
    { "function", { text = print } },
    { "only names may stand alone", { AND = { { 1, text = "x" } } } },
  }
  for _, case in ipairs(refused) do
    fails({ name = "ValidationError", says = case[1] }, function() return db.Thing:findMany { where = case[2] } end)
  end
  local deep = {}
  for _ = 1, 300 do deep = { AND = deep } end
  fails({ name = "ValidationError", says = "deeper" }, function() return db.Thing:findMany { where = deep } end)
  fails({ name = "ValidationError", says = "names" }, function() return db.Thing:findMany { 1, 2 } end)
  fails({ name = "ValidationError", says = "table" }, function() return db.Thing:findMany "all" end)
end

function TestTables.testThePathLeadsToTheMistake()
  local e = fails({ name = "ValidationError" }, function()
    return db.Thing:findMany { where = { AND = { { text = "a" }, { text = { contains = print } } } } }
  end)
  lu.assertEquals(e.path, "where.AND[2].text.contains")
  lu.assertStrContains(e.at, "test_values.lua:")
  lu.assertEquals({ e.model, e.action }, { "Thing", "findMany" })
end

function TestTables.testMetamethodsAreNotRun()
  local trap = setmetatable({ id = 1 }, {
    __index = function() error "asked" end,
    __pairs = function() error "asked" end,
    __len = function() error "asked" end,
  })
  lu.assertEquals(db.Thing:findMany { where = trap }, {})
end

function TestTables.testCacheKey()
  local a = lorm.cacheKey("Thing", "findMany", { where = { id = 1, text = "x" }, take = 3 })
  local b = lorm.cacheKey("Thing", "findMany", { take = 3, where = { text = "x", id = 1 } })
  lu.assertEquals(a, b)
  lu.assertNotEquals(a, lorm.cacheKey("Thing", "findMany", { take = 3, where = { text = "x", id = "1" } }))
  lu.assertEquals(lorm.cacheKey("Thing", "count"), lorm.cacheKey("Thing", "count", {}))
end

TestErrors = support.suite(db)

function TestErrors.testNames()
  local function message(fn) return select(2, pcall(fn)).message end
  lu.assertStrContains(message(function() return db.thing end), "did you mean db.Thing?")
  lu.assertStrContains(message(function() return db.Thnig end), "did you mean db.Thing?")
  lu.assertStrContains(message(function() return db.transactoin end), "did you mean db:transaction?")
  lu.assertStrContains(message(function() return db.Thing.findMnay end), "Did you mean db.Thing:findMany?")
  lu.assertStrContains(message(function() return db.Thing.fields.txet end), '"text"')
  lu.assertStrContains(message(function() return db.Thing.findMany { where = { id = 1 } } end), "colon")
  lu.assertStrContains(message(function() return db.queryRaw("SELECT 1") end), "colon")
  lu.assertStrContains(message(function() return lorm.connect { schemaTxt = "" } end), "schemaText")
end

function TestErrors.testIsError()
  local _, e = pcall(db.queryRaw, db, "SELECT nope")
  lu.assertTrue(lorm.isError(e))
  lu.assertTrue(lorm.isError(e, "P2010"))
  lu.assertFalse(lorm.isError(e, "P2002"))
  lu.assertFalse(lorm.isError "text")
  lu.assertFalse(lorm.isError { code = "P2010" })
  lu.assertStrContains(tostring(e), "test_values.lua:")
  lu.assertStrContains(tostring(e), "P2010")
end

function TestErrors.testASchemaThatIsWrong()
  local e = fails({ code = "P1012" }, lorm.connect, { schemaText = "model A {\n  id Int @id\n  b  B\n  c  C\n}\n", url = "postgresql:///x" })
  lu.assertStrContains(e.message, "schemaText:3:6")
  lu.assertStrContains(e.message, "schemaText:4:6")
end

TestExplain = support.suite(db)

function TestExplain.testReads()
  local explained = db.Thing:explain { where = { id = 1 } }
  lu.assertEquals(#explained, 1)
  lu.assertStrContains(explained[1].sql, "SELECT")
  lu.assertStrContains(tostring(explained), "Scan")
  lu.assertStrContains(tostring(db.Thing:explain { action = "count", analyze = true }), "actual time")
  fails({ name = "ValidationError", path = "wher" }, db.Thing.explain, db.Thing, { wher = {} })
  fails({ name = "UsageError" }, db.Thing.explain, db.Thing, { action = "nothing" })
end

function TestExplain.testWritesAreNotRun()
  insert("text", "kept")
  lu.assertStrContains(tostring(db.Thing:explain { action = "deleteMany" }), "Delete on")
  fails({ name = "UsageError", says = "writes" }, db.Thing.explain, db.Thing, { action = "deleteMany", analyze = true })
  lu.assertEquals(db.Thing:count(), 1)
  db:transaction(function(tx) lu.assertEquals(#tx.Thing:explain { action = "count" }, 1) end)
end

TestPrint = support.suite(db)

local render = require "lorm.print".render

function TestPrint.testRowsAreATable()
  insert("text, tags", "Jürgen", lorm.array {})
  local lines = {}
  for line in render(db.Thing:findMany { select = { id = true, text = true, big = true } }, { width = 80 }):gmatch "[^\n]+" do
    lines[#lines + 1] = line
  end
  lu.assertEquals(lines, { "id  text    big", "--  ------  ----", " 1  Jürgen  NULL", "(1 row)" })
end

function TestPrint.testOtherTables()
  lu.assertEquals(render { 1, "two", { x = true, ["end"] = lorm.null } }, '{ 1, "two", { ["end"] = null, x = true } }')
  lu.assertEquals(render {}, "{}")
  lu.assertEquals(render("plain"), "plain")
  local itself = {}
  itself[1] = itself
  lu.assertEquals(render(itself), "{ (itself) }")
  lu.assertEquals(render({ aaaa = 1, bbbb = 2 }, { width = 10 }), "{\n  aaaa = 1,\n  bbbb = 2,\n}")
end

support.run(db)
