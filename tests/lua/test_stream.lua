-- db.Model:stream: the rows of a findMany one by one, in constant memory.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "store"
local fails, refuses, column = support.fails, support.refuses, support.column

local function fill()
  db:executeRaw [[INSERT INTO customers (email, name, visits) SELECT i || '@x.org', 'c' || i, i % 10
    FROM generate_series(1, 25) AS i]]
  db:executeRaw [[INSERT INTO orders (code, "customerId") SELECT 'o' || i || '-' || k, i
    FROM generate_series(1, 25) AS i, generate_series(1, i % 4) AS k]]
end

local function all(client, args)
  local rows = {}
  for row in client.Customer:stream(args) do rows[#rows + 1] = row end
  return rows
end

-- What was sent while fn ran.
local function sent(fn)
  local texts, on = {}, true
  db:on("query", function(e) if on then texts[#texts + 1] = e.query end end)
  lorm.sleep(1) -- what was sent before; events are delivered by a task of their own
  texts = {}
  fn()
  lorm.sleep(1)
  on = false
  return texts
end

TestStream = support.suite(db, fill)

function TestStream.testAsFindMany()
  local ways = {
    { orderBy = { id = "asc" } }, { where = { visits = { gt = 3 } }, orderBy = { { name = "desc" } } }, { orderBy = { { visits = "desc" }, { id = "asc" } } },
    { where = { name = "c7" } }, { where = { name = "nobody" } }, { take = 13, skip = 2, orderBy = { id = "desc" } },
    { distinct = { "visits" }, orderBy = { { visits = "asc" }, { id = "desc" } } }, { select = { name = true }, orderBy = { id = "asc" } },
    { cursor = { id = 9 }, orderBy = { id = "asc" } }, { orderBy = { { orders = { _count = "desc" } }, { id = "asc" } }, take = 3 },
    { include = { orders = { orderBy = { code = "desc" }, take = 2 }, address = true, _count = { select = { orders = true } } },
      orderBy = { id = "asc" } },
    { include = { orders = { where = { code = { endsWith = "-1" } }, include = { items = true } } }, orderBy = { id = "desc" } },
  }
  for i, args in ipairs(ways) do
    local expected = db.Customer:findMany(args)
    for _, size in ipairs { 1, 5, 7, 25, 1000 } do
      args.batchSize = size
      lu.assertEquals(all(db, args), expected, ("way %d, by %d"):format(i, size))
    end
  end
  lu.assertEquals(#all(db), 25)
end

function TestStream.testNeedsNoKeyInTheSelection()
  lu.assertEquals(column(all(db, { select = { name = true }, orderBy = { id = "asc" }, batchSize = 10 }), "name")[25], "c25")
end

function TestStream.testMistakesComeBeforeSQL()
  local texts = sent(function()
    refuses("wher", "wher", db.Customer.stream, db.Customer, { wher = {} })
    refuses("where.nme", "nme", db.Customer.stream, db.Customer, { where = { nme = 1 } })
    all(db, { where = { visits = 2 } }) -- from here on its plan is known
    refuses("where.visits", "", db.Customer.stream, db.Customer, { where = { visits = 1 << 40 } })
    refuses("take", "forward only", db.Customer.stream, db.Customer, { take = -2 })
    for _, size in ipairs { 0, -1, 1.5, "10", 1 << 31 } do
      refuses("batchSize", "whole number", db.Customer.stream, db.Customer, { batchSize = size })
    end
    fails({ name = "UsageError", says = "colon" }, db.Customer.stream, {})
    fails({ name = "ValidationError", says = "table" }, db.Customer.stream, db.Customer, 7)
  end)
  lu.assertEquals(#texts, 3, table.concat(texts, "\n"))
  lu.assertStrContains(texts[2], "DECLARE")
  lu.assertStrContains(texts[3], "FETCH FORWARD 1000")
end

function TestStream.testMistakesUnderHooks()
  local hooked = db:extends {}:use(function(params, next) return next(params) end)
  local texts = sent(function() refuses("where.nme", "nme", hooked.Customer:stream { where = { nme = 1 } }) end)
  lu.assertEquals(texts, {})
end

function TestStream.testBreakFreesTheConnection()
  local before = db:metrics().busy
  for row in db.Customer:stream { batchSize = 4, orderBy = { id = "asc" } } do
    if row.id == 6 then
      lu.assertEquals(db:metrics().busy, before + 1)
      break
    end
  end
  support.settle(db, before) -- the rollback is under way; nobody waited for it
end

function TestStream.testConnectionIsFreeOnceTheLastBatchIsIn()
  local before = db:metrics().busy
  local next_row <close> = db.Customer:stream { batchSize = 20, orderBy = { id = "asc" } }
  for _ = 1, 21 do next_row() end
  support.settle(db, before)
  lu.assertEquals(next_row().id, 22)
end

function TestStream.testErrorInTheBody()
  local before = db:metrics().busy
  local ok, e = pcall(function()
    for row in db.Customer:stream { batchSize = 4 } do if row.id == 3 then error "mine" end end
  end)
  lu.assertFalse(ok)
  lu.assertStrContains(tostring(e), "mine")
  support.settle(db, before)
end

function TestStream.testErrorOfTheServer()
  db.Customer:update { where = { id = 17 }, data = { visits = 0 } }
  db:executeRaw [[CREATE FUNCTION "picky"(i int) RETURNS boolean LANGUAGE plpgsql AS
    $$ BEGIN IF i = 17 THEN RAISE 'no seventeen'; END IF; RETURN true; END $$]]
  db:executeRaw [[ALTER TABLE customers RENAME TO customers_all]]
  db:executeRaw [[CREATE VIEW customers AS SELECT * FROM customers_all WHERE picky(id)]]
  local seen = 0
  local next_row = db.Customer:stream { batchSize = 5, orderBy = { id = "asc" }, select = { id = true } }
  local ok, e = pcall(function() for _ in next_row do seen = seen + 1 end end)
  db:executeRaw "DROP VIEW customers"
  db:executeRaw "ALTER TABLE customers_all RENAME TO customers"
  db:executeRaw "DROP FUNCTION picky"
  lu.assertFalse(ok)
  lu.assertStrContains(e.message, "no seventeen")
  lu.assertStrContains(tostring(e), "Customer")
  lu.assertTrue(seen < 17)
  lu.assertNil(next_row()) -- it is over
end

function TestStream.testTwoAtOnce()
  local other = db.Customer:stream { orderBy = { id = "desc" }, batchSize = 3 }
  local pairs_seen = 0
  for row in db.Customer:stream { orderBy = { id = "asc" }, batchSize = 7 } do
    lu.assertEquals(other().id, 26 - row.id)
    pairs_seen = pairs_seen + 1
  end
  lu.assertEquals(pairs_seen, 25)
  lu.assertNil(other())
  local sums = lorm.map({ 1, 2, 3 }, function(size)
    local sum = 0
    for row in db.Customer:stream { batchSize = size } do sum = sum + row.id end
    return sum
  end)
  lu.assertEquals({ sums[1], sums[2], sums[3] }, { 325, 325, 325 })
end

function TestStream.testQueriesInTheBody()
  local n = 0
  for row in db.Customer:stream { batchSize = 6, orderBy = { id = "asc" } } do
    n = n + db.Order:count { where = { customerId = row.id } }
  end
  lu.assertEquals(n, db.Order:count())
end

function TestStream.testOneSnapshot()
  local ids = {}
  for row in db.Customer:stream { batchSize = 5, orderBy = { id = "asc" }, include = { orders = true } } do
    ids[#ids + 1] = row.id
    if row.id == 5 then
      db.Order:deleteMany {}
      db.Customer:deleteMany { where = { id = { gt = 3 } } }
    end
    lu.assertEquals(#row.orders, row.id % 4)
  end
  lu.assertEquals(#ids, 25)
end

function TestStream.testArgumentsAreReadOnce()
  local args = { where = { id = { lte = 20 } }, select = { id = true }, orderBy = { id = "asc" }, batchSize = 3 }
  local n = 0
  for row in db.Customer:stream(args) do
    n = n + row.id
    args.where.id.lte, args.select.name, args.batchSize, args.orderBy = 4, true, 1, nil
    lu.assertNil(row.name)
  end
  lu.assertEquals(n, 210)
end

function TestStream.testInsideATransaction()
  db:transaction(function(tx)
    tx.Customer:create { data = { email = "new@x.org" } }
    local busy = db:metrics().busy
    local seen = 0
    for row in tx.Customer:stream { batchSize = 4, include = { orders = true }, orderBy = { id = "asc" } } do
      seen = seen + 1
      tx.Customer:update { where = { id = row.id }, data = { visits = { increment = 100 } } }
      lu.assertEquals(db:metrics().busy, busy) -- no other connection
    end
    lu.assertEquals(seen, 26)
    for row in tx.Customer:stream { batchSize = 4, orderBy = { id = "asc" } } do
      lu.assertTrue(row.visits >= 100)
      if row.id == 5 then break end
    end
    lu.assertEquals(tx:queryRaw("SELECT count(*)::int AS n FROM pg_cursors WHERE name LIKE 'lorm%'")[1].n, 0)
  end)
  lu.assertEquals(db.Customer:count { where = { visits = { gte = 100 } } }, 26)
end

function TestStream.testLeftByARollbackToASavepoint()
  db:transaction(function(tx)
    local inner
    pcall(tx.transaction, tx, function(nested)
      inner = nested.Customer:stream { batchSize = 4 }
      inner()
      error "undone" -- takes the cursor
    end)
    inner:close() -- and this must not fail the transaction
    pcall(tx.transaction, tx, function(nested)
      for _ in nested.Customer:stream { batchSize = 4 } do nested:queryRaw "SELECT 1 / 0" end
    end)
    lu.assertEquals(tx.Customer:count(), 25)
  end)
end

function TestStream.testNothingComesAfterTheTransaction()
  local left
  db:transaction(function(tx)
    left = tx.Customer:stream { batchSize = 4 }
    left()
  end)
  left:close()
  lu.assertNil(left())
  local late
  db:transaction(function(tx) late = tx.Customer:stream { batchSize = 1 }; late() end)
  fails({ code = "P2028" }, late)
end

function TestStream.testHooks()
  local calls = {}
  local hooked = db:extends {
    result = { Customer = { title = { needs = { name = true }, compute = function(c) return "Mx " .. c.name end } } },
  }:use(function(params, next)
    calls[#calls + 1] = params.action
    params.args.where = { id = { lte = 10 } }
    return next(params)
  end)
  local rows = all(hooked, { batchSize = 4, orderBy = { id = "asc" } })
  lu.assertEquals(#rows, 10)
  lu.assertEquals(rows[10].title, "Mx c10")
  lu.assertEquals(calls, { "findMany", "findMany", "findMany" })
  local answered = db:extends {}:use(function() return { { id = 1 }, { id = 2 } } end)
  lu.assertEquals(column(all(answered), "id"), { 1, 2 })
end

function TestStream.testOneReaderAtATime()
  local next_row <close> = db.Customer:stream { batchSize = 1 }
  local ok, e = pcall(lorm.map, { 1, 2 }, function() return next_row() end)
  lu.assertFalse(ok)
  lu.assertStrContains(e.message, "Another task")
end

function TestStream.testCancelledTask()
  local task = lorm.spawn(function()
    for _ in db.Customer:stream { batchSize = 1 } do lorm.sleep(5) end
  end)
  lorm.sleep(20)
  task:cancel()
  lu.assertFalse((pcall(task.await, task)))
end

function TestStream.testCollected()
  local before = db:metrics().busy
  do
    local dropped = db.Customer:stream { batchSize = 4 }
    lu.assertNotNil(dropped())
    lu.assertEquals(db:metrics().busy, before + 1)
  end
  collectgarbage()
  collectgarbage()
  support.settle(db, before)
  db.Customer:stream {} -- never read: nothing was opened
  lu.assertEquals(db:metrics().busy, before)
  db:transaction(function(tx)
    tx.Customer:stream { batchSize = 4 }()
    collectgarbage()
    collectgarbage()
    lu.assertEquals(tx:queryRaw("SELECT count(*)::int AS n FROM pg_cursors WHERE name LIKE 'lorm%'")[1].n, 0)
  end)
end

function TestStream.testCallsThatCannotYield()
  local ids = {}
  table.sort({ 1, 2 }, function(a, b)
    if #ids == 0 then
      for row in db.Customer:stream { batchSize = 10 } do ids[#ids + 1] = row.id end
    end
    return a < b
  end)
  lu.assertEquals(#ids, 25)
end

function TestStream.testNotInABatch()
  fails({ name = "UsageError", says = "batch" }, db.batch, db, function(b) b.Customer:stream {} end)
end

function TestStream.testShown()
  local one = db.Customer:stream {}
  lu.assertEquals(tostring(one), "a stream of Customer")
  one:close()
  lu.assertEquals(tostring(one), "a closed stream of Customer")
end

-- Kilobytes of this process.
local function resident()
  local pages = io.open("/proc/self/status"):read("a"):match "VmRSS:%s*(%d+)"
  return tonumber(pages)
end

function TestStream.testConstantMemory()
  db:executeRaw [[INSERT INTO customers (email, name) SELECT 'm' || i || '@x.org', lpad(i::text, 100, 'x')
    FROM generate_series(1, 200000) AS i]]
  local n, early, most = 0, nil, 0
  for row in db.Customer:stream { batchSize = 1000, orderBy = { id = "asc" } } do
    n = n + 1
    lu.assertEquals(row.active, true)
    if n % 10000 == 0 then
      early = early or resident()
      most = math.max(most, resident())
    end
  end
  lu.assertEquals(n, 200025)
  lu.assertTrue(most < early + 8 * 1024, ("%d KB after 10,000 rows, %d KB at most"):format(early, most))
end

support.run(db)
