-- findUnique calls of one tick: one statement, and each its own answer.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "store"
local fails = support.fails

local tokens = {}
for i = 1, 12 do tokens[i] = ("00000000-0000-4000-8000-%012d"):format(i) end

local function fill()
  for i, token in ipairs(tokens) do
    db.Customer:create {
      data = { email = i .. "@x.org", name = "c" .. i, token = token, tags = { "t" .. i },
        address = i % 2 == 1 and { create = { street = "s" .. i, city = "c" } } or nil },
    }
  end
end

-- What was sent while fn ran.
local function sent(fn)
  local events, on = {}, true
  db:on("query", function(e) if on then events[#events + 1] = e end end)
  lorm.sleep(1)
  events = {}
  fn()
  lorm.sleep(1)
  on = false
  return events
end

local function found(args) return db.Customer:findUnique(args) end

TestTogether = support.suite(db, fill)

function TestTogether.testOneStatement()
  local list, rows = { 3, 1, 99, 12, 3, 7 }, nil
  local events = sent(function()
    rows = lorm.map(list, function(id) return found { where = { id = id } } end)
  end)
  lu.assertEquals(#events, 1)
  lu.assertStrContains(events[1].query, "WITH ORDINALITY")
  lu.assertStrContains(tostring(events[1].params), "[[3,1,99,12,3,7]]")
  for i, id in ipairs(list) do
    lu.assertEquals(rows[i] and rows[i].email, id ~= 99 and id .. "@x.org" or nil)
  end
  lu.assertNotIs(rows[1], rows[5])
  lu.assertEquals(rows[1], rows[5])
  lu.assertEquals(rows[4], db.Customer:findFirst { where = { id = 12 } })
end

function TestTogether.testKeysOfOtherTypes()
  local events = sent(function()
    local rows = lorm.map(tokens, function(token) return found { where = { token = token } } end)
    for i, row in ipairs(rows) do lu.assertEquals(row.id, i) end
    rows = lorm.map(tokens, function(_, i) return found { where = { email = i .. "@x.org" }, select = { name = true } } end)
    for i, row in ipairs(rows) do lu.assertEquals(row, { name = "c" .. i }) end
  end)
  lu.assertEquals(#events, 2)
end

function TestTogether.testMoreConditionsAndToOneRelations()
  local args = {}
  for i = 1, 12 do args[i] = { where = { id = i, active = true }, include = { address = true } } end
  local events = sent(function()
    for i, row in ipairs(lorm.map(args, found)) do
      lu.assertEquals(row.address and row.address.street, i % 2 == 1 and "s" .. i or nil)
    end
  end)
  lu.assertEquals(#events, 1)
  for i = 1, 12 do args[i] = { where = { id = i, visits = { gte = i % 2 } } } end
  local rows = lorm.map(args, found)
  for i = 1, 12 do lu.assertEquals(rows[i] ~= nil, i % 2 == 0) end
end

function TestTogether.testDifferentCalls()
  local a, b, c, d = lorm.all {
    function() return found { where = { id = 1 } } end,
    function() return found { where = { id = 2 }, select = { name = true } } end,
    function() return found { where = { name_tier = { name = "c3", tier = "BASIC" } } } end,
    function() return found { where = { id = 4 }, include = { orders = true } } end,
  }
  lu.assertEquals({ a.id, b, c.id, d.id, d.orders }, { 1, { name = "c2" }, 3, 4, {} })
end

function TestTogether.testErrorsAreOnesOwn()
  local tasks = {}
  for i = 1, 4 do
    tasks[i] = lorm.spawn(function()
      return db.Customer:findUniqueOrThrow { where = { id = i == 3 and 99 or i } }.id
    end)
  end
  lu.assertEquals({ tasks[1]:await(), tasks[2]:await(), tasks[4]:await() }, { 1, 2, 4 })
  fails({ code = "P2025" }, tasks[3].await, tasks[3])
  local ids = { 1, 1 << 40, 2 }
  for i, id in ipairs(ids) do tasks[i] = lorm.spawn(function() return found { where = { id = id } } end) end
  lu.assertEquals(tasks[1]:await().id, 1)
  fails({ name = "ValidationError", path = "where.id" }, tasks[2].await, tasks[2])
  lu.assertEquals(tasks[3]:await().id, 2)
end

function TestTogether.testCancelled()
  local kept = lorm.spawn(function() return found { where = { id = 1 } } end)
  local left = lorm.spawn(function() return found { where = { id = 2 } } end)
  local late = lorm.spawn(function() return found { where = { id = 3 } } end)
  lorm.spawn(function() left:cancel() end)
  lu.assertEquals(kept:await().id, 1)
  fails({ code = "Cancelled" }, left.await, left)
  lu.assertEquals(late:await().id, 3)
end

function TestTogether.testNotInTransactions()
  local events = sent(function()
    db:transaction(function(tx)
      tx.Customer:update { where = { id = 1 }, data = { name = "changed" } }
      local rows = lorm.map({ 1, 2 }, function(id) return tx.Customer:findUnique { where = { id = id } } end)
      lu.assertEquals({ rows[1].name, rows[2].name }, { "changed", "c2" })
    end)
  end)
  for _, e in ipairs(events) do lu.assertNotStrContains(e.query, "ORDINALITY") end
end

function TestTogether.testOneAloneIsItself()
  local events = sent(function() lu.assertEquals(found { where = { id = 5 } }.name, "c5") end)
  lu.assertEquals(#events, 1)
  lu.assertNotStrContains(events[1].query, "ORDINALITY")
end

function TestTogether.testCallsThatCannotYield()
  local seen = {}
  local task = lorm.spawn(function()
    table.sort({ 1, 2 }, function(a, b)
      seen[#seen + 1] = found { where = { id = a } }.id
      return a < b
    end)
  end)
  local other = lorm.spawn(function() return found { where = { id = 9 } }.id end)
  task:await()
  lu.assertEquals(other:await(), 9)
  lu.assertTrue(#seen > 0)
end

support.run(db)
