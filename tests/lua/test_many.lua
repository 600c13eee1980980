-- updateEach, upsertMany, createMany: different data for each row.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local support = require "support"

local db = support.database "store"
local column, refuses = support.column, support.refuses
local Customer = db.Customer

local function fill()
  Customer:createMany { data = { { email = "a@x.org", visits = 1 }, { email = "b@x.org", visits = 2 }, { email = "c@x.org", visits = 3 } } }
end

TestUpdateEach = support.suite(db, fill)

function TestUpdateEach.testEachItsOwn()
  local result = Customer:updateEach { data = {
    { where = { id = 1 }, data = { name = "A", visits = 10 } },
    { where = { id = 3 }, data = { name = "C", visits = 30 } },
  } }
  lu.assertEquals(result, { count = 2 })
  lu.assertEquals(support.pick(Customer:findMany { orderBy = { id = "asc" } }, "name", "visits"),
    { { name = "A", visits = 10 }, { visits = 2 }, { name = "C", visits = 30 } })
end

function TestUpdateEach.testManyRows()
  local rows = {}
  for i = 1, 3000 do rows[i] = { email = "r" .. i .. "@x.org" } end
  local ids = column(Customer:createManyAndReturn { data = rows, select = { "id" } }, "id")
  local changes = {}
  for i, id in ipairs(ids) do changes[i] = { where = { id = id }, data = { visits = i, rating = i / 4 } } end
  lu.assertEquals(Customer:updateEach { data = changes }, { count = 3000 })
  local last = Customer:findUnique { where = { id = ids[3000] } }
  lu.assertEquals({ last.visits, last.rating }, { 3000, 750.0 })
end

function TestUpdateEach.testNothingToDo()
  lu.assertEquals(Customer:updateEach { data = {} }, { count = 0 })
end

TestUpsertMany = support.suite(db, fill)

-- By the key that the rows have; `update` names what is to change where the row is there.
function TestUpsertMany.testSomeAreThere()
  local rows = { { email = "a@x.org", name = "A", visits = 11 }, { email = "n@x.org", name = "N", visits = 50 } }
  lu.assertEquals(Customer:upsertMany { data = rows, on = "email", update = { "visits" } }, { count = 2 })
  local a = Customer:findUnique { where = { email = "a@x.org" } }
  lu.assertEquals({ a.id, a.name, a.visits }, { 1, nil, 11 })
  lu.assertEquals(Customer:findUnique { where = { email = "n@x.org" } }.name, "N")
  lu.assertEquals(Customer:count(), 4)
end

-- Rows with different fields: what one leaves out is left to the database.
TestKeySets = support.suite(db, fill)

local function mixed(n)
  local rows = {}
  for i = 1, n do
    rows[i] = { email = ("mixed%d@x.org"):format(i) }
    if i % 3 == 0 then rows[i].tier = "GOLD" end
    if i % 5 == 0 then rows[i].visits = i end
    if i % 7 == 0 then rows[i].tags = { "t" .. i, "u" } end
  end
  return rows
end

local function matches(row, given, i)
  lu.assertEquals(row.email, given.email)
  lu.assertEquals(row.tier, given.tier or "BASIC", i)
  lu.assertEquals(row.visits, given.visits or 0, i)
  lu.assertEquals(row.tags, given.tags or {}, i)
end

function TestKeySets.testMany()
  local rows = mixed(500)
  lu.assertEquals(Customer:createMany { data = rows }.count, 500)
  for i, given in ipairs(rows) do matches(Customer:findUnique { where = { email = given.email } }, given, i) end
end

function TestKeySets.testDuplicatesAreSkipped()
  local rows = mixed(100)
  rows[101] = { email = "mixed1@x.org", visits = 5, name = "again" }
  lu.assertEquals(Customer:createMany { data = rows, skipDuplicates = true }.count, 100)
end

function TestKeySets.testBelowARow()
  local orders = {}
  for i = 1, 100 do orders[i] = { code = "c" .. i, note = i % 2 == 0 and "even" or nil } end
  local made = Customer:create { data = { email = "a@b.org", orders = { createMany = { data = orders } } }, include = { orders = true } }
  lu.assertEquals(#made.orders, 100)
  lu.assertEquals(db.Order:count { where = { note = "even", customerId = made.id } }, 50)
end

-- More values than one statement takes: several, whose rows are returned in the order of the call.
function TestKeySets.testReturned()
  local rows = mixed(9000)
  local made = Customer:createManyAndReturn { data = rows, select = { id = true, email = true, tier = true, visits = true, tags = true } }
  lu.assertEquals(#made, #rows)
  for i, given in ipairs(rows) do
    matches(made[i], given, i)
    if i > 1 then lu.assertTrue(made[i].id > made[i - 1].id) end
  end
  support.refuses("data", "without their relations", function()
    return Customer:createManyAndReturn { data = mixed(9000), include = { referrer = true } }
  end)
end

function TestKeySets.testMistakesHaveTheirRows()
  local rows = mixed(100)
  rows[77].visits = "many"
  support.refuses("data[77].visits", "Int", Customer.createMany, Customer, { data = rows })
  rows[77].visits = nil
  rows[78].emial = "x"
  support.refuses("data[78].emial", "Did you mean `email`?", Customer.createMany, Customer, { data = rows })
end

TestMistakes = support.suite(db, fill)

function TestMistakes.testPaths()
  refuses("data[2].data.visitz", "Did you mean `visits`?", Customer.updateEach, Customer, { data = {
    { where = { id = 1 }, data = { visits = 1 } }, { where = { id = 2 }, data = { visitz = 1 } },
  } })
  lu.assertEquals(Customer:findUnique { where = { id = 1 } }.visits, 1)
end

support.run(db)
