-- What does not fit is refused before any SQL, with its path: every wrong value at every place of every type.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database [[
datasource db {
  provider = "postgresql"
}
enum Role {
  USER
  ADMIN
}
model Item {
  id     Int       @id
  int    Int
  small  Int       @db.SmallInt
  oid    Int       @db.Oid
  big    BigInt
  float  Float
  exact  Decimal
  yes    Boolean
  text   String
  uuid   String    @db.Uuid
  at     DateTime
  day    DateTime  @db.Date
  bytes  Bytes
  role   Role
  ints   Int[]
  texts  String[]
  boxId  Int?
  box    Box?      @relation(fields: [boxId], references: [id])
  secret Unsupported("circle")?
}
model Box {
  id    Int    @id
  items Item[]
}
]]
local fails = support.fails

local nan, cyclic = 0 / 0, {}
cyclic[1] = cyclic

-- Nothing takes these.
local never = { print, coroutine.create(print), { not_ = "", equals = print }, { ["$ne"] = "" }, { ["' OR 1=1 --"] = 1 }, cyclic, io.stdout }

local numbers, texts = { 7, 0.5, math.maxinteger }, { "text", "" }
local date, decimal = lorm.datetime "2020-01-01", lorm.decimal "1.5"

local function join(...)
  local out = {}
  for _, list in ipairs { ... } do table.move(list, 1, #list, #out + 1, out) end
  return out
end

-- Of each field: what fits, and what does not beside that.
local fields = {
  int = { 1, join(texts, { true, 0.5, nan, math.huge, 1 << 31, -(1 << 31) - 1, 1e300, date, decimal, "\xff" }) },
  small = { 1, join(texts, { true, 0.5, 32768, -32769, math.maxinteger }) },
  oid = { 1, join(texts, { true, -1, 1 << 32, math.mininteger }) },
  big = { 1, join(texts, { true, 0.5, 2.0 ^ 63, nan, math.huge, "9223372036854775808", date }) },
  float = { 1.5, join(texts, { true, date, "nan" }) },
  exact = { decimal, join(texts, { true, date, "1,5", "0x10" }) },
  yes = { true, join(texts, numbers, { "true", 0, 1, date }) },
  text = { "t", join(numbers, { true, date, decimal, "a\0b", "\xff\xfe", "\xed\xa0\x80" }) },
  uuid = { "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d", join(texts, numbers, { true, "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7g" }) },
  at = { date, join(texts, { true, "2020-13-01", "2020-02-30", "now", nan, math.huge, decimal }) },
  day = { date, join(texts, { true, "yesterday", "2020-00-01" }) },
  bytes = { "\0\xff", join(numbers, { true, date }) },
  role = { "USER", join(texts, numbers, { true, "user", "ADMIN ", "USER'::text" }) },
}

local function good()
  local data = { id = 1, ints = { 1 }, texts = { "x" } }
  for name, field in pairs(fields) do data[name] = field[1] end
  return data
end

local asked

local function refused(path, fn, args)
  local e = fails({ name = "ValidationError" }, fn, db.Item, args)
  lu.assertStrContains(e.path, path)
  lu.assertNil(e.code)
  asked = asked + 1
end

local function each(fn)
  for name, field in pairs(fields) do
    for _, value in ipairs(join(field[2], never)) do fn(name, value) end
  end
end

TestTypes = support.suite(db, function()
  asked = 0
  db.Item:create { data = good() }
end)

-- A statement that came out of it would have changed or counted something.
function TestTypes.testWhatFitsDoes()
  for name, field in pairs(fields) do
    lu.assertEquals(db.Item:count { where = { [name] = field[1] } }, 1, name)
    lu.assertEquals(db.Item:updateMany { where = { id = 1 }, data = { [name] = field[1] } }.count, 1, name)
  end
end

function TestTypes.testFilters()
  each(function(name, value)
    local operator = type(value) == "table" and next(value) == "not_"
    refused("where." .. name, db.Item.findMany, { where = { [name] = value } })
    refused("where.AND[1]." .. name, db.Item.count, { where = { AND = { { [name] = value } } } })
    if not operator then
      refused(("where.%s.equals"):format(name), db.Item.findMany, { where = { [name] = { equals = value } } })
      refused(("where.%s.in"):format(name), db.Item.findMany, { where = { [name] = { in_ = { fields[name][1], value } } } })
    end
    refused("where.items.some." .. name, function() return db.Box:findMany { where = { items = { some = { [name] = value } } } } end)
  end)
  lu.assertTrue(asked > 700)
end

function TestTypes.testOrders()
  each(function(name, value)
    if name ~= "yes" and name ~= "role" and name ~= "bytes" and name ~= "uuid" then
      for _, operator in ipairs { "lt", "lte", "gt", "gte" } do
        refused("where." .. name, db.Item.findMany, { where = { [name] = { [operator] = value } } })
      end
    end
  end)
end

function TestTypes.testData()
  each(function(name, value)
    local data = good()
    data.id, data[name] = 2, value
    refused("data." .. name, db.Item.create, { data = data })
    refused("data[2]." .. name, db.Item.createMany, { data = { good(), data } })
    refused("data." .. name, db.Item.updateMany, { data = { [name] = value } })
    refused("data." .. name, db.Item.update, { where = { id = 1 }, data = { [name] = { set = value } } })
    refused("create." .. name, db.Item.upsert, { where = { id = 2 }, create = data, update = {} })
  end)
  lu.assertEquals(db.Item:count(), 1)
end

function TestTypes.testLists()
  for _, value in ipairs(join(fields.int[2], never)) do
    refused("data.ints", db.Item.updateMany, { data = { ints = { 1, value } } })
    refused("data.ints", db.Item.updateMany, { data = { ints = { push = value } } })
    refused("where.ints", db.Item.findMany, { where = { ints = { has = value } } })
    refused("where.ints", db.Item.findMany, { where = { ints = { hasSome = { value } } } })
  end
end

-- What cannot be written: no field, what the database makes, a relation's row as a scalar.
function TestTypes.testFieldsThatAreNotWritten()
  for _, name in ipairs { "secret", "Id", "id ", "nothing", "__proto__", "_count", "AND", "1", " " } do
    local data = good()
    data.id, data[name] = 2, 1
    refused("data." .. name, db.Item.create, { data = data })
    refused("data." .. name, db.Item.updateMany, { data = { [name] = 1 } })
  end
  refused("data.box", db.Item.updateMany, { data = { box = { connect = { id = 1 } } } })
  refused("data.box", db.Item.update, { where = { id = 1 }, data = { box = 1 } })
  refused("data.int", db.Item.updateMany, { data = { int = lorm.null } })
end

function TestTypes.testNumbersThatSayHowMany()
  for _, value in ipairs { "1", 0.5, true, nan, math.huge, 1e300, {}, print } do
    for _, name in ipairs { "take", "skip" } do
      refused(name, db.Item.findMany, { [name] = value })
    end
  end
  refused("skip", db.Item.findMany, { skip = -1 })
  lu.assertEquals(#db.Item:findMany { take = math.maxinteger, skip = 0 }, 1)
  lu.assertEquals(#db.Item:findMany { skip = math.maxinteger }, 0)
end

-- Counting never wraps: what overflows is the server's error, and nothing changes.
function TestTypes.testArithmetic()
  db.Item:updateMany { data = { int = 2147483647, big = math.maxinteger, small = 32767 } }
  for _, name in ipairs { "int", "big", "small" } do
    local before = db.Item:findFirst()[name]
    local ok, e = pcall(db.Item.updateMany, db.Item, { data = { [name] = { increment = 1 } } })
    lu.assertFalse(ok)
    lu.assertTrue(lorm.isError(e) and e.code ~= nil)
    lu.assertEquals(db.Item:findFirst()[name], before)
  end
end

support.run(db)
