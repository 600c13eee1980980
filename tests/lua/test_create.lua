-- create, createMany, createManyAndReturn, upsert, upsertMany: values, defaults, conflicts.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "store"
local column, fails, refuses = support.column, support.fails, support.refuses
local Customer = db.Customer

TestCreate = support.suite(db)

function TestCreate.testDefaults()
  local made = Customer:create { data = { email = "a@x.org" } }
  lu.assertEquals(made.id, 1)
  lu.assertEquals(made.email, "a@x.org")
  lu.assertNil(made.name)
  lu.assertEquals(made.tier, "BASIC")
  lu.assertEquals(made.credit, lorm.decimal "0")
  lu.assertEquals(made.tags, {})
  lu.assertEquals(made.active, true)
  lu.assertEquals(made.visits, 0)
  lu.assertEquals(Customer:findUnique { where = { id = 1 } }, made)
end

function TestCreate.testAllValues()
  local data = {
    email = "a@x.org", name = "Ünïcödé ☃", tier = "GOLD", credit = "1234567890.12", tags = { "x", "y,z", 'q"' },
    scores = { 1, -2, 2147483647 }, meta = { deep = { list = { 1, 2.5, true, lorm.null } } }, born = "2000-02-29",
    active = false, visits = -7, rating = 0.1, big = math.mininteger, avatar = "\0\255\10raw",
    token = "00000000-0000-4000-8000-000000000000", seenAt = "2024-12-31T23:59:59.999999Z",
  }
  local made = Customer:create { data = data }
  lu.assertEquals(made.name, data.name)
  lu.assertEquals(made.tier, "GOLD")
  lu.assertEquals(tostring(made.credit), "1234567890.12")
  lu.assertEquals(made.tags, data.tags)
  lu.assertEquals(made.scores, data.scores)
  lu.assertEquals(made.meta.deep.list[1], 1)
  lu.assertEquals(math.type(made.meta.deep.list[1]), "integer")
  lu.assertEquals(made.meta.deep.list[2], 2.5)
  lu.assertEquals(made.meta.deep.list[3], true)
  lu.assertIs(made.meta.deep.list[4], lorm.null)
  lu.assertEquals(tostring(made.born):sub(1, 10), "2000-02-29")
  lu.assertEquals(made.active, false)
  lu.assertEquals(made.visits, -7)
  lu.assertIs(made.rating, 0.1)
  lu.assertEquals(made.big, math.mininteger)
  lu.assertEquals(made.avatar, data.avatar)
  lu.assertEquals(made.token, data.token)
  lu.assertEquals(made.seenAt, lorm.datetime(data.seenAt))
  lu.assertEquals(Customer:findUnique { where = { email = "a@x.org" } }, made)
end

function TestCreate.testNullAndAbsent()
  local made = Customer:create { data = { email = "a@x.org", name = lorm.null, rating = nil } }
  lu.assertNil(made.name)
  refuses("data.email", "must not be null", Customer.create, Customer, { data = { email = lorm.null } })
end

function TestCreate.testSelectAndInclude()
  lu.assertEquals(Customer:create { data = { email = "a@x.org", name = "A" }, select = { "id", "name" } }, { id = 1, name = "A" })
  local made = Customer:create { data = { email = "b@x.org" }, include = { orders = true, address = true } }
  lu.assertEquals(made.orders, {})
  lu.assertNil(made.address)
  lu.assertNil(Customer:create { data = { email = "c@x.org" }, omit = { email = true } }.email)
end

function TestCreate.testGeneratedIds()
  local a, b = db.Label:create { data = { name = "a" } }, db.Label:create { data = { name = "b" } }
  lu.assertStrMatches(a.id, "%x+%-%x+%-4%x+%-%x+%-%x+")
  lu.assertNotEquals(a.id, b.id)
end

function TestCreate.testUniqueConflict()
  Customer:create { data = { email = "a@x.org", name = "A" } }
  local e = fails({ code = "P2002", model = "Customer", action = "create" },
    Customer.create, Customer, { data = { email = "a@x.org" } })
  lu.assertEquals(e.meta.target, { "email" })
  lu.assertStrContains(tostring(e), "Unique constraint failed on the fields: (`email`)")
  e = fails({ code = "P2002" }, Customer.create, Customer, { data = { email = "b@x.org", name = "A", tier = "BASIC" } })
  lu.assertEquals(e.meta.target, { "name", "tier" })
  lu.assertEquals(Customer:count(), 1)
end

function TestCreate.testForeignKey()
  local e = fails({ code = "P2003" }, db.Order.create, db.Order, { data = { code = "A", customerId = 99 } })
  lu.assertStrContains(e.message, "Foreign key constraint violated")
  lu.assertEquals(db.Order:count(), 0)
end

function TestCreate.testMistakes()
  refuses("data.emial", "Did you mean `email`?", Customer.create, Customer, { data = { emial = "x" } })
  refuses("data.email", "is missing", Customer.create, Customer, { data = { name = "x" } })
  refuses("data.tier", "Did you mean `GOLD`?", Customer.create, Customer, { data = { email = "x", tier = "GLOD" } })
  refuses("data.visits", "Expected Int", Customer.create, Customer, { data = { email = "x", visits = "7" } })
  refuses("data.visits", "Unable to fit", Customer.create, Customer, { data = { email = "x", visits = 2 ^ 31 // 1 | 0 } })
  refuses("data.scores[2]", "Expected Int", Customer.create, Customer, { data = { email = "x", scores = { 1, "b" } } })
  refuses("data.name", "NUL", Customer.create, Customer, { data = { email = "x", name = "a\0b" } })
  refuses("data.name", "UTF-8", Customer.create, Customer, { data = { email = "x", name = "\255" } })
  lu.assertEquals(Customer:count(), 0)
end

TestCreateMany = support.suite(db)

local function three() return { { email = "a@x.org", visits = 1 }, { email = "b@x.org", name = "B" }, { email = "c@x.org" } } end

function TestCreateMany.testCount()
  lu.assertEquals(Customer:createMany { data = three() }, { count = 3 })
  lu.assertEquals(column(Customer:findMany { orderBy = { id = "asc" } }, "email"), { "a@x.org", "b@x.org", "c@x.org" })
  lu.assertEquals(Customer:findUnique { where = { email = "b@x.org" } }.visits, 0)
  lu.assertEquals(Customer:createMany { data = {} }, { count = 0 })
  lu.assertEquals(Customer:createMany { data = { email = "d@x.org" } }, { count = 1 })
end

function TestCreateMany.testReturn()
  local made = Customer:createManyAndReturn { data = three(), select = { "id", "email", "visits" } }
  lu.assertEquals(made, {
    { id = 1, email = "a@x.org", visits = 1 }, { id = 2, email = "b@x.org", visits = 0 },
    { id = 3, email = "c@x.org", visits = 0 },
  })
end

function TestCreateMany.testSkipDuplicates()
  Customer:create { data = { email = "b@x.org" } }
  lu.assertEquals(Customer:createMany { data = three(), skipDuplicates = true }, { count = 2 })
  lu.assertEquals(Customer:count(), 3)
end

-- All or nothing.
function TestCreateMany.testConflictLeavesNothing()
  Customer:create { data = { email = "c@x.org" } }
  fails({ code = "P2002" }, Customer.createMany, Customer, { data = three() })
  lu.assertEquals(Customer:count(), 1)
end

function TestCreateMany.testMistakesNameTheRow()
  refuses("data[2].emial", "Did you mean `email`?", Customer.createMany, Customer, { data = { { email = "a" }, { emial = "b" } } })
  refuses("data[3].visits", "Expected Int", Customer.createMany, Customer,
    { data = { { email = "a" }, { email = "b" }, { email = "c", visits = "x" } } })
end

function TestCreateMany.testThousands()
  local rows = {}
  for i = 1, 20000 do rows[i] = { email = i .. "@x.org", visits = i, tags = { "t" .. i }, rating = i / 2 } end
  lu.assertEquals(Customer:createMany { data = rows }, { count = 20000 })
  local last = Customer:findUnique { where = { email = "20000@x.org" } }
  lu.assertEquals(last.visits, 20000)
  lu.assertEquals(last.tags, { "t20000" })
  lu.assertEquals(last.rating, 10000.0)
end

TestUpsert = support.suite(db)

function TestUpsert.testBothWays()
  local function upsert() return Customer:upsert {
    where = { email = "a@x.org" }, create = { email = "a@x.org", visits = 1 }, update = { visits = { increment = 10 } },
  } end
  lu.assertEquals(upsert().visits, 1)
  lu.assertEquals(upsert().visits, 11)
  lu.assertEquals(Customer:count(), 1)
end

function TestUpsert.testMoreConditions()
  Customer:create { data = { email = "a@x.org", active = false } }
  fails({ code = "P2002" }, Customer.upsert, Customer, {
    where = { email = "a@x.org", active = true }, create = { email = "a@x.org" }, update = { visits = 1 },
  })
  lu.assertEquals(Customer:findFirst().visits, 0)
end

function TestUpsert.testConcurrently()
  local calls = {}
  for i = 1, 10 do
    calls[i] = function()
      return Customer:upsert {
        where = { email = "a@x.org" }, create = { email = "a@x.org", visits = 1 }, update = { visits = { increment = 1 } },
      }
    end
  end
  lorm.all(calls)
  lu.assertEquals(Customer:findFirst().visits, 10)
  lu.assertEquals(Customer:count(), 1)
end

support.run(db)
