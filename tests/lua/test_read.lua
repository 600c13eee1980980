-- findUnique, findFirst, findMany and their OrThrow forms; select, omit, order, paging, distinct; count, aggregate, groupBy,
-- exists, stream.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "store"
local column, fails, refuses = support.column, support.fails, support.refuses

local function fill()
  db.Customer:createMany {
    data = {
      { email = "ada@x.org", name = "Ada", tier = "GOLD", credit = "100.50", visits = 7, rating = 4.5, tags = { "vip", "uk" } },
      { email = "bob@x.org", name = "Bob", tier = "BASIC", credit = "0.10", visits = 3 },
      { email = "cyd@x.org", name = "Cyd", tier = "SILVER", credit = "20", visits = 3, rating = 2.0, active = false },
      { email = "dan@x.org", tier = "BASIC", credit = "7.25", visits = 1 },
      { email = "eve@x.org", name = "Eve", tier = "GOLD", credit = "9.99", visits = 12, rating = 3.5 },
    },
  }
end

local function names(args)
  args = args or {}
  return column(db.Customer:findMany(args), "email")
end

local function letters(args)
  local out = {}
  for _, email in ipairs(names(args)) do out[#out + 1] = email:sub(1, 1) end
  return table.concat(out)
end

TestFind = support.suite(db, fill)

function TestFind.testFindUnique()
  local ada = db.Customer:findUnique { where = { email = "ada@x.org" } }
  lu.assertEquals(ada.id, 1)
  lu.assertEquals(ada.name, "Ada")
  lu.assertEquals(ada.tier, "GOLD")
  lu.assertEquals(ada.credit, lorm.decimal "100.5")
  lu.assertEquals(ada.tags, { "vip", "uk" })
  lu.assertEquals(ada.scores, {})
  lu.assertEquals(ada.active, true)
  lu.assertEquals(ada.rating, 4.5)
  lu.assertNil(ada.meta)
  lu.assertEquals(db.Customer:findUnique { where = { id = 5 } }.name, "Eve")
  lu.assertNil(db.Customer:findUnique { where = { id = 99 } })
end

function TestFind.testUniqueWithMoreConditions()
  lu.assertNil(db.Customer:findUnique { where = { id = 3, active = true } })
  lu.assertEquals(db.Customer:findUnique { where = { id = 3, active = false } }.name, "Cyd")
  lu.assertEquals(db.Customer:findUnique { where = { name_tier = { name = "Eve", tier = "GOLD" } } }.id, 5)
end

function TestFind.testOrThrow()
  local e = fails({ code = "P2025", model = "Customer", action = "findUniqueOrThrow" },
    db.Customer.findUniqueOrThrow, db.Customer, { where = { id = 99 } })
  lu.assertTrue(lorm.isError(e, "P2025"))
  fails({ code = "P2025", action = "findFirstOrThrow" },
    db.Customer.findFirstOrThrow, db.Customer, { where = { name = "Zoe" } })
  lu.assertEquals(db.Customer:findFirstOrThrow { where = { name = "Bob" } }.id, 2)
end

function TestFind.testFindFirst()
  lu.assertEquals(db.Customer:findFirst { orderBy = { visits = "desc" } }.name, "Eve")
  lu.assertEquals(db.Customer:findFirst { where = { tier = "BASIC" }, orderBy = { id = "desc" } }.id, 4)
  lu.assertNil(db.Customer:findFirst { where = { visits = 1000 } })
end

function TestFind.testFindManyWithoutArguments()
  lu.assertEquals(#db.Customer:findMany(), 5)
  lu.assertEquals(#db.Customer:findMany {}, 5)
  lu.assertEquals(db.Order:findMany(), {})
end

function TestFind.testSelect()
  local row = db.Customer:findFirst { select = { id = true, name = true }, orderBy = { id = "asc" } }
  lu.assertEquals(row, { id = 1, name = "Ada" })
  row = db.Customer:findFirst { select = { "id", "name" }, orderBy = { id = "asc" } }
  lu.assertEquals(row, { id = 1, name = "Ada" })
  lu.assertEquals(db.Customer:findUnique { where = { id = 4 }, select = { "name", "visits" } }, { visits = 1 })
end

function TestFind.testOmit()
  local row = db.Customer:findUnique { where = { id = 1 }, omit = { credit = true, tags = true } }
  lu.assertNil(row.credit)
  lu.assertNil(row.tags)
  lu.assertEquals(row.email, "ada@x.org")
  lu.assertNil(db.Customer:findUnique { where = { id = 1 }, omit = { "email" } }.email)
end

function TestFind.testRowsKnowTheirNulls()
  local row = db.Customer:findUnique { where = { id = 4 }, select = { "id", "name", "rating" } }
  lu.assertEquals(lorm.json.encode(row), '{"id":4,"name":null,"rating":null}')
end

TestOrder = support.suite(db, fill)

function TestOrder.testDirections()
  lu.assertEquals(letters { orderBy = { email = "asc" } }, "abcde")
  lu.assertEquals(letters { orderBy = { email = "desc" } }, "edcba")
  lu.assertEquals(letters { orderBy = { { visits = "asc" }, { email = "desc" } } }, "dcbae")
  lu.assertEquals(letters { orderBy = { { tier = "asc" }, { id = "asc" } } }, "bdcae") -- as the enum declares them
end

function TestOrder.testNulls()
  lu.assertEquals(letters { orderBy = { { name = { sort = "asc", nulls = "first" } } } }, "dabce")
  lu.assertEquals(letters { orderBy = { { name = { sort = "desc", nulls = "last" } } } }, "ecbad")
  lu.assertEquals(letters { orderBy = { { rating = { sort = "asc", nulls = "last" } }, { id = "asc" } } }, "ceabd")
end

function TestOrder.testSeveralKeysWantAList()
  refuses("orderBy", "A table has no order", db.Customer.findMany, db.Customer,
    { orderBy = { id = "asc", name = "desc" } })
end

TestPaging = support.suite(db, fill)

function TestPaging.testTakeAndSkip()
  local byId = { id = "asc" }
  lu.assertEquals(letters { orderBy = byId, take = 2 }, "ab")
  lu.assertEquals(letters { orderBy = byId, take = 2, skip = 1 }, "bc")
  lu.assertEquals(letters { orderBy = byId, take = 10, skip = 4 }, "e")
  lu.assertEquals(letters { orderBy = byId, take = 10, skip = 5 }, "")
  lu.assertEquals(letters { orderBy = byId, take = 0 }, "")
  lu.assertEquals(letters { orderBy = byId, take = -2 }, "de")
  lu.assertEquals(letters { orderBy = byId, take = -2, skip = 1 }, "cd")
end

function TestPaging.testManyTakes()
  for n = 0, 30 do
    lu.assertEquals(#db.Customer:findMany { take = n }, math.min(n, 5))
  end
end

function TestPaging.testCursor()
  local byId = { id = "asc" }
  lu.assertEquals(letters { orderBy = byId, cursor = { id = 3 } }, "cde")
  lu.assertEquals(letters { orderBy = byId, cursor = { id = 3 }, skip = 1 }, "de")
  lu.assertEquals(letters { orderBy = byId, cursor = { id = 3 }, take = -2 }, "bc")
  lu.assertEquals(letters { orderBy = byId, cursor = { email = "bob@x.org" }, take = 2 }, "bc")
  lu.assertEquals(letters { orderBy = { { visits = "asc" }, { id = "asc" } }, cursor = { id = 3 } }, "cae")
  lu.assertEquals(letters { orderBy = byId, cursor = { id = 77 } }, "")
end

function TestPaging.testBadNumbers()
  refuses("skip", "must not be negative", db.Customer.findMany, db.Customer, { skip = -1 })
  refuses("take", "Expected an integer", db.Customer.findMany, db.Customer, { take = "3" })
end

function TestPaging.testDistinct()
  lu.assertEquals(column(db.Customer:findMany { distinct = { "tier" }, orderBy = { id = "asc" }, select = { "tier" } }, "tier"),
    { "GOLD", "BASIC", "SILVER" })
  lu.assertEquals(letters { distinct = { "visits" }, orderBy = { { visits = "asc" }, { id = "asc" } }, take = 2 }, "db")
end

function TestPaging.testStream()
  local seen = {}
  for row in db.Customer:stream { batchSize = 2, select = { "id" } } do seen[#seen + 1] = row.id end
  lu.assertEquals(seen, { 1, 2, 3, 4, 5 })
  local golds = {}
  for row in db.Customer:stream { where = { tier = "GOLD" } } do golds[#golds + 1] = row.name end
  lu.assertEquals(golds, { "Ada", "Eve" })
end

TestCount = support.suite(db, fill)

function TestCount.testCount()
  lu.assertEquals(db.Customer:count(), 5)
  lu.assertEquals(math.type(db.Customer:count()), "integer")
  lu.assertEquals(db.Customer:count { where = { tier = "GOLD" } }, 2)
  lu.assertEquals(db.Customer:count { select = { _all = true, name = true, rating = true } },
    { _all = 5, name = 4, rating = 3 })
  lu.assertEquals(db.Customer:count { take = 3 }, 3)
end

function TestCount.testExists()
  lu.assertIs(db.Customer:exists { where = { name = "Ada" } }, true)
  lu.assertIs(db.Customer:exists { where = { name = "Zoe" } }, false)
end

function TestCount.testAggregate()
  local a = db.Customer:aggregate {
    _count = true, _sum = { visits = true, credit = true }, _avg = { visits = true, rating = true },
    _min = { rating = true, name = true }, _max = { credit = true },
  }
  lu.assertEquals(a._count, 5)
  lu.assertEquals(a._sum.visits, 26)
  lu.assertEquals(a._sum.credit, lorm.decimal "137.84")
  lu.assertAlmostEquals(a._avg.visits, 5.2, 1e-12)
  lu.assertAlmostEquals(a._avg.rating, 10 / 3, 1e-12)
  lu.assertEquals(a._min, { rating = 2.0, name = "Ada" })
  lu.assertEquals(a._max.credit, lorm.decimal "100.50")
end

function TestCount.testAggregateOfNothing()
  local a = db.Customer:aggregate { where = { visits = 1000 }, _count = true, _sum = { visits = true } }
  lu.assertEquals(a._count, 0)
  lu.assertNil(a._sum.visits)
end

function TestCount.testGroupBy()
  local groups = db.Customer:groupBy {
    by = { "tier" }, _count = { _all = true }, _sum = { visits = true }, orderBy = { tier = "asc" },
  }
  lu.assertEquals(groups, {
    { tier = "BASIC", _count = { _all = 2 }, _sum = { visits = 4 } },
    { tier = "SILVER", _count = { _all = 1 }, _sum = { visits = 3 } },
    { tier = "GOLD", _count = { _all = 2 }, _sum = { visits = 19 } },
  })
end

function TestCount.testHaving()
  local groups = db.Customer:groupBy {
    by = { "tier" }, having = { visits = { _sum = { gt = 3 } } }, orderBy = { _sum = { visits = "desc" } },
  }
  lu.assertEquals(groups, { { tier = "GOLD" }, { tier = "BASIC" } })
end

TestShape = support.suite(db, fill)

-- The same call with other values must not answer with the first one's.
function TestShape.testPlansAreNotMixedUp()
  for id = 1, 5 do lu.assertEquals(db.Customer:findUnique { where = { id = id } }.id, id) end
  lu.assertEquals(letters { where = { name = lorm.null } }, "d")
  lu.assertEquals(letters { where = { name = "Bob" } }, "b")
  lu.assertEquals(letters { where = { active = false } }, "c")
  lu.assertEquals(letters { where = { active = true }, orderBy = { id = "asc" } }, "abde")
  for _, direction in ipairs { "asc", "desc", "asc" } do
    lu.assertEquals(letters { orderBy = { id = direction } }, direction == "asc" and "abcde" or "edcba")
  end
end

function TestShape.testArgumentsAreNotTouched()
  local args = { where = { tier = "GOLD" }, select = { "id" }, orderBy = { id = "asc" } }
  lu.assertEquals(db.Customer:findMany(args), { { id = 1 }, { id = 5 } })
  lu.assertEquals(args, { where = { tier = "GOLD" }, select = { "id" }, orderBy = { id = "asc" } })
end

function TestShape.testConcurrentReads()
  local ids = {}
  for i = 1, 60 do ids[i] = i % 5 + 1 end
  local rows = lorm.map(ids, function(id) return db.Customer:findUnique { where = { id = id } } end, { concurrency = 20 })
  for i = 1, 60 do lu.assertEquals(rows[i].id, ids[i]) end
end

TestRefusals = support.suite(db)

function TestRefusals.testTakesOneOfEitherEnd()
  support.fails({ code = "P2019", path = "take", says = "isn't 1 or -1" }, function() return db.Customer:findFirst { take = 2 } end)
  lu.assertNil(db.Customer:findFirst { take = -1 })
end

function TestRefusals.testHavingComparesGroupedFields()
  local fields = db.Customer.fields
  support.fails({ code = "P2019", path = "having", says = "Missing fields: id" }, function()
    return db.Customer:groupBy { by = { "visits" }, having = { visits = { gt = fields.id } } }
  end)
  lu.assertEquals(db.Customer:groupBy { by = { "visits", "id" }, having = { visits = { gt = fields.id } } }, {})
end

support.run(db)
