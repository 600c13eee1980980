-- update, updateMany, updateManyAndReturn, updateEach: values, arithmetic, lists, what is not found.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "store"
local column, fails, refuses = support.column, support.fails, support.refuses
local Customer = db.Customer

local function fill()
  Customer:createMany {
    data = {
      { email = "a@x.org", name = "A", visits = 10, rating = 2.0, credit = "5", tags = { "x" }, scores = { 1 } },
      { email = "b@x.org", name = "B", visits = 20 },
      { email = "c@x.org", name = "C", visits = 30, active = false },
    },
  }
end

local function first() return Customer:findUnique { where = { id = 1 } } end

TestUpdate = support.suite(db, fill)

function TestUpdate.testValues()
  local made = Customer:update { where = { id = 1 }, data = { name = "AA", tier = "GOLD", active = false } }
  lu.assertEquals({ made.name, made.tier, made.active, made.visits }, { "AA", "GOLD", false, 10 })
  lu.assertEquals(first(), made)
  lu.assertEquals(Customer:findUnique { where = { id = 2 } }.name, "B")
end

function TestUpdate.testByOtherKeys()
  lu.assertEquals(Customer:update { where = { email = "b@x.org" }, data = { visits = 1 } }.id, 2)
  lu.assertEquals(Customer:update { where = { name_tier = { name = "C", tier = "BASIC" } }, data = { visits = 2 } }.id, 3)
  lu.assertEquals(Customer:update { where = { id = 1 }, data = { id = 50 } }.id, 50)
end

function TestUpdate.testNull()
  lu.assertNil(Customer:update { where = { id = 1 }, data = { name = lorm.null } }.name)
  lu.assertEquals(Customer:update { where = { id = 2 }, data = { name = nil, visits = 21 } }.name, "B")
  refuses("data.email", "must not be null", Customer.update, Customer, { where = { id = 1 }, data = { email = lorm.null } })
end

function TestUpdate.testArithmetic()
  local function after(operation) return Customer:update { where = { id = 1 }, data = { visits = operation } }.visits end
  lu.assertEquals(after { increment = 5 }, 15)
  lu.assertEquals(after { decrement = 3 }, 12)
  lu.assertEquals(after { multiply = 4 }, 48)
  lu.assertEquals(after { divide = 5 }, 9)
  lu.assertEquals(after { set = 7 }, 7)
  lu.assertEquals(Customer:update { where = { id = 1 }, data = { rating = { multiply = 1.5 } } }.rating, 3.0)
  lu.assertEquals(Customer:update { where = { id = 1 }, data = { credit = { increment = "0.10" } } }.credit, lorm.decimal "5.1")
end

function TestUpdate.testIncrementsAreNotLost()
  local calls = {}
  for i = 1, 30 do
    calls[i] = function() return Customer:update { where = { id = 1 }, data = { visits = { increment = 1 } } } end
  end
  lorm.all(calls)
  lu.assertEquals(first().visits, 40)
end

function TestUpdate.testLists()
  local function tags(operation) return Customer:update { where = { id = 1 }, data = { tags = operation } }.tags end
  lu.assertEquals(tags { "p", "q" }, { "p", "q" })
  lu.assertEquals(tags { push = "r" }, { "p", "q", "r" })
  lu.assertEquals(tags { push = { "s", "t" } }, { "p", "q", "r", "s", "t" })
  lu.assertEquals(tags { set = { "z" } }, { "z" })
  lu.assertEquals(tags { set = {} }, {})
end

function TestUpdate.testNotFound()
  local e = fails({ code = "P2025", model = "Customer", action = "update" },
    Customer.update, Customer, { where = { id = 99 }, data = { name = "x" } })
  lu.assertStrContains(e.message, "required but not found")
  fails({ code = "P2025" }, Customer.update, Customer, { where = { id = 3, active = true }, data = { visits = 0 } })
  lu.assertEquals(Customer:findUnique { where = { id = 3 } }.visits, 30)
end

function TestUpdate.testConflict()
  local e = fails({ code = "P2002" }, Customer.update, Customer, { where = { id = 1 }, data = { email = "b@x.org" } })
  lu.assertEquals(e.meta.target, { "email" })
  lu.assertEquals(first().email, "a@x.org")
end

function TestUpdate.testSelectAndInclude()
  lu.assertEquals(Customer:update { where = { id = 1 }, data = { visits = 1 }, select = { "visits" } }, { visits = 1 })
  lu.assertEquals(Customer:update { where = { id = 1 }, data = {}, include = { orders = true } }.orders, {})
end

function TestUpdate.testOptimisticLock()
  lu.assertEquals(Customer:update { where = { id = 1, visits = 10 }, data = { visits = { increment = 1 } } }.visits, 11)
  fails({ code = "P2025" }, Customer.update, Customer, { where = { id = 1, visits = 10 }, data = { visits = 99 } })
end

function TestUpdate.testMistakes()
  refuses("data.naem", "Did you mean `name`?", Customer.update, Customer, { where = { id = 1 }, data = { naem = "x" } })
  refuses("data.visits.incremnt", "Did you mean `increment`?", Customer.update, Customer,
    { where = { id = 1 }, data = { visits = { incremnt = 1 } } })
  refuses("where", "needs a value for at least one of", Customer.update, Customer, { where = { active = true }, data = { visits = 1 } })
  lu.assertEquals(first().visits, 10)
end

TestUpdateMany = support.suite(db, fill)

function TestUpdateMany.testCount()
  lu.assertEquals(Customer:updateMany { where = { active = true }, data = { visits = { increment = 1 } } }, { count = 2 })
  lu.assertEquals(column(Customer:findMany { orderBy = { id = "asc" } }, "visits"), { 11, 21, 30 })
  lu.assertEquals(Customer:updateMany { where = { id = 99 }, data = { visits = 0 } }, { count = 0 })
  lu.assertEquals(Customer:updateMany { data = { visits = 1 } }, { count = 3 })
end

function TestUpdateMany.testReturn()
  local made = Customer:updateManyAndReturn { where = { active = true }, data = { tier = "GOLD" }, select = { "id", "tier" } }
  table.sort(made, function(a, b) return a.id < b.id end)
  lu.assertEquals(made, { { id = 1, tier = "GOLD" }, { id = 2, tier = "GOLD" } })
end

function TestUpdateMany.testLimit()
  lu.assertEquals(Customer:updateMany { data = { visits = 0 }, limit = 2 }, { count = 2 })
  lu.assertEquals(Customer:count { where = { visits = 0 } }, 2)
end

-- { where = { id = nil } } is { where = {} }: it must not mean all rows.
function TestUpdateMany.testAnEmptyWhereIsRefused()
  local missing = {}
  refuses("where", "all", Customer.updateMany, Customer, { where = { id = missing.id }, data = { visits = 0 } })
  lu.assertEquals(Customer:count { where = { visits = 0 } }, 0)
  lu.assertEquals(Customer:updateMany { where = {}, all = true, data = { visits = 0 } }, { count = 3 })
end

support.run(db)
