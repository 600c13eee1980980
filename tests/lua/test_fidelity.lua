-- A value is the same by every path: values at the edges and random ones of every type, written in each way that
-- there is and read back in each, byte for byte; the server's own text of them is the judge.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local random = require "lorm.random"
local support = require "support"

local ROWS <const> = 40
local seed = tonumber(os.getenv "SEED") or 1
local r = random.new(seed, "fidelity")

local function repeated(n, fn)
  local out = {}
  for i = 1, n do out[i] = fn(i) end
  return out
end

local function digits(n) return table.concat(repeated(n, function(i) return tostring(r:int(i == 1 and 1 or 0, 9)) end)) end
local function bits(n) return table.concat(repeated(n, function() return tostring(r:int(0, 1)) end)) end

local function bytes(n) return table.concat(repeated(n, function() return string.char(r:int(0, 255)) end)) end

local function text(n)
  return table.concat(repeated(n, function()
    local code = r:pick { r:int(1, 127), r:int(128, 0x7FF), r:int(0x800, 0xD7FF), r:int(0x10000, 0x10FFFF) }
    return utf8.char(code)
  end))
end

local function double()
  local f = string.unpack("<d", string.pack("<i8", r:next()))
  return f == f and f or 0.5
end

-- What has six digits is the shortest text of its float4, as which those are read.
local function single() return tonumber(("%de%d"):format(r:int(-999999, 999999), r:int(-40, 30))) + 0.0 end

local function instant(fraction)
  return lorm.datetime(("%04d-%02d-%02dT%02d:%02d:%02d%sZ"):format(r:int(1, 9999), r:int(1, 12), r:int(1, 28), r:int(0, 23),
    r:int(0, 59), r:int(0, 59), fraction > 0 and "." .. ("%0" .. fraction .. "d"):format(r:int(0, 10 ^ fraction // 1 - 1)) or ""))
end

local function date() return lorm.datetime(("%04d-%02d-%02d"):format(r:int(1, 9999), r:int(1, 12), r:int(1, 28))) end

local function time() return lorm.datetime(("1970-01-01T%02d:%02d:%02d.%06dZ"):format(r:int(0, 23), r:int(0, 59), r:int(0, 59), r:int(0, 999999))) end

local function uuid()
  return (("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"):gsub("x", function() return ("%x"):format(r:int(0, 15)) end))
end

local function address() return table.concat(repeated(4, function() return tostring(r:int(0, 255)) end), ".") end

local function json(depth)
  local kind = r:int(1, depth > 0 and 9 or 7)
  if kind == 1 then return r:next() end
  if kind == 2 then return double() == math.huge and 1.5 or r:int(-1000, 1000) / 8 end
  if kind == 3 then return text(r:int(0, 12)) end
  if kind == 4 then return r:chance(0.5) end
  if kind == 5 then return lorm.null end
  if kind == 6 then return lorm.array {} end
  if kind == 7 then return lorm.object {} end
  if kind == 8 then return lorm.array(repeated(r:int(1, 4), function() return json(depth - 1) end)) end
  local out = {}
  for _ = 1, r:int(1, 4) do out["k" .. text(r:int(0, 6))] = json(depth - 1) end
  return lorm.object(out)
end

local function document() return lorm.object { k = json(3), [text(3)] = json(1) } end

local function decimal(whole, scale)
  return function()
    return lorm.decimal((r:chance(0.5) and "-" or "") .. digits(r:int(1, whole)) .. (scale > 0 and "." .. digits(scale) or ""))
  end
end

local function decimals(...)
  local out = { ... }
  for i, d in ipairs(out) do out[i] = lorm.decimal(d) end
  return out
end

local function dates(...)
  local out = { ... }
  for i, d in ipairs(out) do out[i] = lorm.datetime(d) end
  return out
end

local deep = 1
for _ = 1, 90 do deep = lorm.array { deep } end

local all_bytes = table.concat(repeated(256, function(i) return string.char(i - 1) end))

-- Field, type in the schema, the values at the edges, and how others are made.
local types = {
  { "int", "Int", { 0, -1, 2147483647, -2147483648 }, function() return r:int(-2147483648, 2147483647) end },
  { "small", "Int @db.SmallInt", { 0, 32767, -32768 }, function() return r:int(-32768, 32767) end },
  { "oid", "Int @db.Oid", { 0, 2147483648, 4294967295 }, function() return r:int(0, 4294967295) end },
  { "big", "BigInt", { 0, math.maxinteger, math.mininteger, (1 << 53) + 1, -(1 << 53) - 1 }, function() return r:next() end },
  { "float", "Float", { 0.0, -0.0, 0.1, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1 / 3, math.huge, -math.huge }, double },
  { "real", "Float @db.Real", { 0.0, -0.0, 0.1, 1e-45, 3.4028235e38, 16777216.0, math.huge }, single },
  { "exact", "Decimal @db.Decimal(65, 30)", decimals("0." .. ("0"):rep(30), "42670021827970642226975." .. ("1"):rep(30)), decimal(30, 30) },
  { "free", "Decimal @db.Decimal(1000, 400)", decimals("0." .. ("0"):rep(399) .. "1", ("9"):rep(600) .. "." .. ("9"):rep(400)), decimal(500, 400) },
  { "money", "Decimal @db.Money", decimals("0.00", "92233720368547758.07", "-92233720368547758.08"), decimal(14, 2) },
  { "yes", "Boolean", { true, false }, function() return r:chance(0.5) end },
  { "text", "String", { "", " ", "trailing  ", "'\"\\$1%_", "\u{1F418}\u{FEFF}\u{10FFFF}", ("x"):rep(100000), "\x01\x7f\r\n\t" },
    function() return text(r:int(0, 60)) end },
  { "short", "String @db.VarChar(10)", { "", "ten chars!" }, function() return text(r:int(0, 10)) end },
  { "fixed", "String @db.Char(5)", { "abcde", "\u{FC}\u{1F418}cde" }, function() return ("%05d"):format(r:int(0, 99999)) end },
  { "inet", "String @db.Inet", { "10.0.0.1", "10.0.0.0/8", "::1", "2001:db8::/32" }, address },
  { "bit", "String @db.Bit(9)", { "000000000", "111111111" }, function() return bits(9) end },
  { "bits", "String @db.VarBit(70)", { "", "1", ("1"):rep(70) }, function() return bits(r:int(0, 70)) end },
  { "uuid", "String @db.Uuid", { "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff" }, uuid },
  { "xml", "String @db.Xml", { "<a>\u{E9}</a>", "<a b='c'/>" }, function() return ("<n>%d</n>"):format(r:int(0, 99)) end },
  { "bytes", "Bytes", { "", "\0", all_bytes, ("\xff"):rep(70000) }, function() return bytes(r:int(0, 60)) end },
  { "at", "DateTime", dates("1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"), function() return instant(3) end },
  { "exactAt", "DateTime @db.Timestamptz(6)",
    dates("1969-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z", "-000043-03-15T12:00:00Z", "0000-02-29T00:00:00.5Z",
      "+012345-12-31T00:00:00Z"), function() return instant(6) end },
  { "localAt", "DateTime @db.Timestamp(6)",
    dates("2000-01-01T00:00:00.000001Z", "1900-02-28T00:00:00Z", "-004711-01-01T00:00:00Z",
      "+290000-01-01T00:00:00.000001Z"), function() return instant(6) end },
  { "day", "DateTime @db.Date", dates("0001-01-01", "9999-12-31", "2000-02-29"), date },
  { "time", "DateTime @db.Time(6)", dates("1970-01-01T00:00:00Z", "1970-01-01T23:59:59.999999Z"), time },
  { "doc", "Json", { 0, "text", false, lorm.array {}, lorm.object {}, deep, { n = lorm.null, [" "] = math.mininteger } }, document },
  { "plainDoc", "Json @db.Json", { 1, "\u{1F418}", lorm.array { lorm.null } }, document },
  { "role", "Role", { "USER", "ADMIN" }, function() return r:pick { "USER", "ADMIN" } end },
}

-- The same as lists: empty, of one, of some.
local lists = {}
for _, t in ipairs(types) do
  if t[1] ~= "plainDoc" and t[1] ~= "free" then
    local scalar, native = t[2]:match "^(%w+)(.*)$"
    lists[#lists + 1] = { t[1] .. "List", scalar .. "[]" .. native, { lorm.array {}, t[3] }, function()
      return lorm.array(repeated(r:int(0, 4), t[4]))
    end, of = t }
  end
end

local schema = { [[
datasource db {
  provider = "postgresql"
}
enum Role {
  USER
  ADMIN @map("the admin")
}
model Group {
  id     Int     @id
  values Value[]
}
model Value {
  id      Int    @id
  groupId Int?
  group   Group? @relation(fields: [groupId], references: [id])
]] }
for _, t in ipairs(types) do schema[#schema + 1] = ("  %s %s\n"):format(t[1], (t[2]:gsub("^%w+", "%0?"))) end
for _, t in ipairs(lists) do schema[#schema + 1] = ("  %s %s\n"):format(t[1], t[2]) end
schema[#schema + 1] = "}\n"

local db = support.database(table.concat(schema))
local fields = table.move(lists, 1, #lists, #types + 1, table.move(types, 1, #types, 1, {}))

-- One text for each value; equal texts if and only if the values are the same, bit by bit.
local function exact(value)
  local kind = math.type(value) or type(value)
  if kind == "float" then return "float " .. string.pack(">d", value):gsub(".", function(c) return ("%02x"):format(c:byte()) end) end
  if kind == "table" then
    local out, n = {}, 0
    for key, item in pairs(value) do
      n = n + 1
      out[n] = tostring(key) .. "=" .. exact(item)
    end
    table.sort(out)
    return (lorm.json.encode(value) == "[]" and "[" or "{") .. table.concat(out, ",") .. "}"
  end
  if kind == "userdata" then
    local named, micros = pcall(function() return value:microseconds() end)
    return (named and "at " .. tostring(micros) or "decimal ") .. tostring(value)
  end
  return kind .. " " .. tostring(value)
end

local function assert_same(got, want, path)
  for _, f in ipairs(fields) do
    local a, b = exact(got[f[1]]), exact(want[f[1]])
    if a ~= b then lu.fail(("%s of row %d is another by %s (SEED=%d):\n%s\n%s"):format(f[1], want.id, path, seed, a:sub(1, 300), b:sub(1, 300))) end
  end
end

local rows = repeated(ROWS, function(i)
  local row = { id = i, groupId = 1 }
  for _, f in ipairs(fields) do
    if f[3][i] == nil then row[f[1]] = f[4]() else row[f[1]] = f[3][i] end
  end
  return row
end)

local function data_of(row)
  local data = {}
  for name, value in pairs(row) do data[name] = value end
  return data
end

local function all_same(got, path)
  lu.assertEquals(#got, #rows, path)
  for i, row in ipairs(rows) do assert_same(got[i], row, path) end
end

local function collect(iterate, ...)
  local out = {}
  for row in iterate(...) do out[#out + 1] = row end
  return out
end

-- What has been written is read by each path.
local function read_back(how)
  local order = { id = "asc" }
  all_same(db.Value:findMany { orderBy = order }, how .. ", findMany")
  all_same(db.Group:findUnique { where = { id = 1 }, include = { values = { orderBy = order } } }.values, how .. ", include")
  all_same(db.Group:findMany { include = { values = { orderBy = order, take = ROWS } } }[1].values, how .. ", include by keys")
  all_same(db:transaction(function(tx) return tx.Value:findMany { orderBy = order } end), how .. ", transaction")
  all_same(collect(db.Value.stream, db.Value, { orderBy = order, batchSize = 7 }), how .. ", stream")
  for _, row in ipairs(rows) do
    assert_same(db.Value:findUnique { where = { id = row.id } }, row, how .. ", findUnique")
  end
end

TestWrites = support.suite(db, function() db.Group:create { data = { id = 1 } } end)

function TestWrites.testCreate()
  for _, row in ipairs(rows) do assert_same(db.Value:create { data = data_of(row) }, row, "create") end
  read_back "create"
end

function TestWrites.testCreateMany()
  all_same(db.Value:createManyAndReturn { data = rows }, "createManyAndReturn")
  read_back "createManyAndReturn"
end

-- Rows of different fields go as rows, not as columns.
function TestWrites.testCreateManyOfOddRows()
  local odd = repeated(ROWS, function(i) return data_of(rows[i]) end)
  odd[ROWS + 1] = { id = 0, groupId = 1 }
  lu.assertEquals(db.Value:createMany { data = odd }.count, ROWS + 1)
  db.Value:delete { where = { id = 0 } }
  read_back "createMany of odd rows"
end

function TestWrites.testNested()
  db.Group:delete { where = { id = 1 } }
  local children = {}
  for i, row in ipairs(rows) do
    children[i] = data_of(row)
    children[i].groupId = nil
  end
  all_same(db.Group:create { data = { id = 1, values = { create = children } }, include = { values = { orderBy = { id = "asc" } } } }.values, "nested create")
  read_back "nested create"
end

function TestWrites.testUpdates()
  local ids = repeated(ROWS, function(i) return { id = i, groupId = 1 } end)
  db.Value:createMany { data = ids }
  for i, row in ipairs(rows) do
    if i % 2 == 0 then assert_same(db.Value:update { where = { id = i }, data = data_of(row) }, row, "update") end
    if i % 2 == 1 then assert_same(db.Value:updateManyAndReturn { where = { id = i }, data = data_of(row) }[1], row, "updateManyAndReturn") end
  end
  read_back "update"
end

function TestWrites.testUpdateEach()
  db.Value:createMany { data = repeated(ROWS, function(i) return { id = i, groupId = 1 } end) }
  lu.assertEquals(db.Value:updateEach { data = rows }.count, ROWS)
  read_back "updateEach"
end

function TestWrites.testUpserts()
  db.Value:upsert { where = { id = 1 }, create = data_of(rows[1]), update = {} }
  db.Value:create { data = { id = 2, groupId = 1 } }
  db.Value:upsert { where = { id = 2 }, create = data_of(rows[2]), update = data_of(rows[2]) }
  db.Value:create { data = { id = 3, groupId = 1 } }
  db.Value:upsertMany { data = table.move(rows, 3, ROWS, 1, {}) }
  read_back "upsertMany"
end

TestReads = support.suite(db, function()
  db.Group:create { data = { id = 1 } }
  db.Value:createMany { data = rows }
end)

local unordered = { yes = true, bytes = true, inet = true, bit = true, bits = true, xml = true, doc = true, plainDoc = true, money = true }

function TestReads.testAggregates()
  local wanted = {}
  for _, t in ipairs(types) do
    if not unordered[t[1]] then wanted[t[1]] = true end
  end
  for _, row in ipairs(rows) do
    local got = db.Value:aggregate { where = { id = row.id }, _min = wanted, _max = wanted }
    for name in pairs(wanted) do
      lu.assertEquals(exact(got._min[name]), exact(row[name]), "min of " .. name)
      lu.assertEquals(exact(got._max[name]), exact(row[name]), "max of " .. name)
    end
  end
end

function TestReads.testGroups()
  local by = {}
  for _, t in ipairs(types) do
    if t[1] ~= "xml" and t[1] ~= "plainDoc" and t[1] ~= "doc" then by[#by + 1] = t[1] end
  end
  for i = 1, ROWS, 7 do
    local got = db.Value:groupBy { by = by, where = { id = i } }
    for _, name in ipairs(by) do lu.assertEquals(exact(got[1][name]), exact(rows[i][name]), "groupBy " .. name) end
  end
end

-- The value as a filter finds its row.
function TestReads.testFilters()
  for i = 1, ROWS, 4 do
    for _, f in ipairs(fields) do
      local name, value = f[1], rows[i][f[1]]
      if name ~= "xml" and name ~= "xmlList" and name ~= "plainDoc" then
        local where = { id = i, [name] = { equals = value } }
        lu.assertEquals(db.Value:count { where = where }, 1, ("%s %s"):format(name, exact(value):sub(1, 200)))
        if not f.of and name ~= "doc" and name ~= "yes" then
          lu.assertEquals(db.Value:count { where = { id = i, [name] = { in_ = { value } } } }, 1, "in_ " .. name)
        end
      end
    end
  end
end

-- What the server says of its own columns, without our codecs.
function TestReads.testTheServersText()
  local same = { int = true, small = true, oid = true, big = true, exact = true, free = true, text = true, short = true, fixed = true,
    inet = true, bit = true, bits = true, uuid = true, xml = true }
  local columns = {}
  for name in pairs(same) do columns[#columns + 1] = ([[format('%%s', "%s") AS "%s"]]):format(name, name) end
  local said = db:queryRaw(([[SELECT %s, encode(bytes, 'hex') AS bytes, "float"::text AS "float", "real"::text AS "real",
    (extract(epoch FROM "exactAt" - 'epoch'::timestamptz) * 1000000)::int8 AS "exactAt",
    (extract(epoch FROM "localAt" - 'epoch'::timestamp) * 1000000)::int8 AS "localAt", to_char(day, 'YYYY-MM-DD') AS day,
    "time"::text AS "time", "role"::text AS "role", doc::text AS doc FROM "Value" ORDER BY id]]):format(table.concat(columns, ", ")))
  for i, row in ipairs(rows) do
    for name in pairs(same) do lu.assertEquals(said[i][name], tostring(row[name]), name) end
    lu.assertEquals(said[i].bytes, (row.bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end)))
    for _, name in ipairs { "float", "real" } do
      local number = said[i][name]:gsub("Infinity", "1e999"):gsub("^-0$", "-0.0")
      lu.assertEquals(exact(tonumber(number) * 1.0), exact(row[name]), name)
    end
    lu.assertEquals(said[i].exactAt, row.exactAt:microseconds())
    lu.assertEquals(said[i].localAt, row.localAt:microseconds())
    lu.assertEquals(said[i].day, row.day:iso():sub(1, 10))
    lu.assertEquals(said[i].role, row.role == "ADMIN" and "the admin" or "USER")
    lu.assertEquals(exact(lorm.json.decode(said[i].doc)), exact(row.doc))
  end
end

function TestReads.testRaw()
  local said = db:queryRaw [[SELECT * FROM "Value" ORDER BY id]]
  for i, row in ipairs(rows) do
    for _, f in ipairs(fields) do
      if not f[1]:match "^role" then lu.assertEquals(exact(said[i][f[1]]), exact(row[f[1]]), "raw " .. f[1]) end
    end
  end
end

-- As JSON, and back: numbers beyond 2^53, decimals, dates as texts, bytes in base64.
function TestReads.testJson()
  for i, row in ipairs(db.Value:findMany { orderBy = { id = "asc" } }) do
    local read, want = lorm.json.decode(lorm.json.encode(row)), rows[i]
    for _, name in ipairs { "int", "small", "text", "short", "inet", "bit", "uuid", "yes", "role", "intList", "textList", "roleList", "yesList" } do
      lu.assertEquals(exact(read[name]), exact(want[name]), name)
    end
    lu.assertEquals(math.tointeger(read.big), want.big)
    lu.assertTrue(lorm.decimal(read.exact) == want.exact)
    lu.assertTrue(lorm.decimal(read.free) == want.free)
    lu.assertEquals(lorm.datetime(read.exactAt):microseconds(), want.exactAt:microseconds())
    lu.assertEquals(exact(read.doc), exact(want.doc))
    local kept = db:queryRaw("SELECT decode($1, 'base64') AS bytes", read.bytes)[1].bytes
    lu.assertEquals(exact(kept), exact(want.bytes))
    lu.assertEquals(#read.bytesList, #want.bytesList)
  end
end

support.run(db)
