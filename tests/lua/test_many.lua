-- updateEach and upsertMany: different data for each row, in one statement.
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

TestMistakes = support.suite(db, fill)

function TestMistakes.testPaths()
  refuses("data[2].data.visitz", "Did you mean `visits`?", Customer.updateEach, Customer, { data = {
    { where = { id = 1 }, data = { visits = 1 } }, { where = { id = 2 }, data = { visitz = 1 } },
  } })
  lu.assertEquals(Customer:findUnique { where = { id = 1 } }.visits, 1)
end

support.run(db)
