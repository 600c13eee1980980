-- db:transaction, savepoints, retries, timeouts, db:begin, db:batch.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local schema = [[
model Account {
  id      Int    @id
  owner   String @unique
  balance Int
}
]]
local db = support.database(schema)

-- Another client of the same database.
local function second(pool)
  local url = require "lorm.core".url(require "lorm.client".handle(db))
  return lorm.connect { schemaText = schema, url = url, pool = pool }
end
local fails = support.fails

local function fill(client)
  client:executeRaw [[INSERT INTO "Account" VALUES (1, 'ada', 100), (2, 'bob', 50)]]
end

local function add(client, amount, id)
  return client:executeRaw('UPDATE "Account" SET balance = balance + $1 WHERE id = $2', amount, id)
end
local function balance(id, client) return (client or db).Account:findUnique { where = { id = id } }.balance end
local function insert(client, id, owner) return client:executeRaw('INSERT INTO "Account" VALUES ($1, $2, 0)', id, owner) end

-- A rollback that nobody waits for is over.
local function settle()
  while db:metrics().busy > 0 do lorm.sleep(5) end
end

TestTransaction = support.suite(db, fill)

function TestTransaction.testCommitsAndReturns()
  local a, b = db:transaction(function(tx)
    add(tx, -10, 1)
    add(tx, 10, 2)
    lu.assertEquals(balance(1, tx), 90)
    lu.assertEquals(balance(1), 100, "others do not see it yet")
    return "x", "y"
  end)
  lu.assertEquals({ a, b, balance(1), balance(2) }, { "x", "y", 90, 60 })
end

function TestTransaction.testRollsBackOnError()
  local what = { "any value" }
  local ok, e = pcall(db.transaction, db, function(tx)
    add(tx, -10, 1)
    error(what)
  end)
  lu.assertFalse(ok)
  lu.assertIs(e, what)
  lu.assertEquals(balance(1), 100)
end

function TestTransaction.testAFailedStatementCannotBeCommitted()
  fails({ code = "P2028" }, db.transaction, db, function(tx)
    add(tx, -10, 1)
    lu.assertFalse((pcall(insert, tx, 1, "eve")))
  end)
  settle()
  lu.assertEquals(balance(1), 100)
end

function TestTransaction.testIsOverAfterwards()
  local kept
  db:transaction(function(tx) kept = tx end)
  fails({ code = "P2028", says = "closed" }, function() return kept.Account:count() end)
  fails({ code = "P2028" }, kept.commit, kept)
end

function TestTransaction.testIsolationLevel()
  local level = db:transaction(function(tx)
    return tx:queryRaw "SHOW transaction_isolation"[1].transaction_isolation
  end, { isolationLevel = "Serializable" })
  lu.assertEquals(level, "serializable")
  fails({ name = "ValidationError", path = "isolationLevel", says = "Serializable" }, db.transaction, db, print,
    { isolationLevel = "Serialisable" })
  fails({ name = "ValidationError", path = "isolationlevel", says = "isolationLevel" }, db.transaction, db, print,
    { isolationlevel = "Serializable" })
end

function TestTransaction.testOptionsOfTheClient()
  local url = require "lorm.core".url(require "lorm.client".handle(db))
  local mine <close> = lorm.connect {
    schemaText = schema, datasources = { db = { url = url } }, transactionOptions = { isolationLevel = "RepeatableRead" },
  }
  local function level(options)
    return mine:transaction(function(tx) return tx:queryRaw "SHOW transaction_isolation"[1].transaction_isolation end, options)
  end
  lu.assertEquals(level(), "repeatable read")
  lu.assertEquals(level { isolationLevel = "Serializable" }, "serializable")
end

function TestTransaction.testTimeout()
  local start = lorm.clock()
  fails({ code = "P2028" }, db.transaction, db, function(tx)
    add(tx, -10, 1)
    lorm.sleep(150)
    add(tx, 10, 2)
  end, { timeout = 50 })
  lu.assertTrue(lorm.clock() - start < 10000)
  lu.assertEquals(balance(1), 100)
end

function TestTransaction.testTimeoutEndsTheStatementThatRuns()
  local start = lorm.clock()
  fails({}, db.transaction, db, function(tx) tx:queryRaw "SELECT pg_sleep(60)" end, { timeout = 100 })
  lu.assertTrue(lorm.clock() - start < 30000)
  settle()
end

function TestTransaction.testSavepoints()
  db:transaction(function(tx)
    add(tx, 1, 1)
    lu.assertEquals(tx:transaction(function(inner)
      add(inner, 10, 1)
      return "kept"
    end), "kept")
    local ok, e = pcall(tx.transaction, tx, function(inner)
      add(inner, 100, 1)
      error("undone", 0)
    end)
    lu.assertEquals({ ok, e }, { false, "undone" })
    fails({ code = "P2010" }, tx.transaction, tx, function(inner) insert(inner, 1, "twice") end)
    add(tx, 1000, 1)
  end)
  lu.assertEquals(balance(1), 1111)
end

function TestTransaction.testSavepointsInSavepoints()
  db:transaction(function(tx)
    pcall(tx.transaction, tx, function(a)
      add(a, 1, 1)
      a:transaction(function(b) add(b, 10, 1) end)
      error("both go", 0)
    end)
    tx:transaction(function(a)
      pcall(a.transaction, a, function(b)
        add(b, 100, 1)
        error("only this goes", 0)
      end)
      add(a, 1000, 1)
    end)
  end)
  lu.assertEquals(balance(1), 1100)
end

function TestTransaction.testRetries()
  local tries = 0
  local function conflict(tx)
    tries = tries + 1
    add(tx, 1, 1)
    if tries < 3 then tx:executeRaw "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$" end
    return tries
  end
  lu.assertEquals(db:transaction(conflict, { retries = 3 }), 3)
  lu.assertEquals(balance(1), 101, "only the last try counts")
  tries = 0
  fails({}, db.transaction, db, conflict, { retries = 1 })
  lu.assertEquals(tries, 2)
end

function TestTransaction.testOnlyConflictsAreRetried()
  local tries = 0
  local ok = pcall(db.transaction, db, function()
    tries = tries + 1
    error "something else"
  end, { retries = 5 })
  lu.assertFalse(ok)
  lu.assertEquals(tries, 1)
end

function TestTransaction.testBelongsToItsTaskAndItsChildren()
  db:transaction(function(tx)
    local counts = { lorm.all { function() return tx.Account:count() end, function() return balance(2, tx) end } }
    lu.assertEquals(counts, { 2, 50 })
  end)
  local shared
  local stranger = lorm.spawn(function()
    support.wait("the transaction has begun", function() return shared end)
    return fails({ name = "UsageError", says = "another task" }, function() return shared.Account:count() end)
  end)
  lorm.spawn(function()
    db:transaction(function(tx)
      shared = tx
      stranger:await()
    end)
  end):await()
end

function TestTransaction.testACancelledTransactionRollsBack()
  local task = lorm.spawn(function()
    db:transaction(function(tx)
      add(tx, -10, 1)
      lorm.sleep(1000)
    end)
  end)
  lorm.sleep(50)
  task:cancel()
  fails({ code = "Cancelled" }, task.await, task)
  lu.assertEquals(balance(1), 100)
  lu.assertEquals(add(db, 1, 1), 1, "the row is not locked any more")
end

function TestTransaction.testMaxWait()
  local narrow = second { max = 1 }
  local holder <close> = narrow:begin { timeout = 0 }
  fails({ code = "P2028" }, narrow.transaction, narrow, print, { maxWait = 30 })
  holder:rollback()
  narrow:disconnect()
end

-- A write that waits for a connection when its task is cancelled is never sent.
function TestTransaction.testACancelledWriteThatWaitedIsNotRun()
  local narrow <close> = second { max = 1 }
  local holder <close> = narrow:begin { timeout = 0 }
  local writer = lorm.spawn(function() add(narrow, 1000, 1) end)
  support.wait("the writer waits", function() return narrow:metrics().waiting == 1 end)
  writer:cancel()
  fails({ code = "Cancelled" }, writer.await, writer)
  lu.assertEquals(narrow:metrics().waiting, 0)
  holder:rollback()
  lu.assertEquals(balance(1, narrow), 100)
end

TestBegin = support.suite(db, fill)

function TestBegin.testCommit()
  local tx <close> = db:begin()
  add(tx, 5, 1)
  tx:commit()
  lu.assertEquals(balance(1), 105)
  fails({ code = "P2028" }, tx.commit, tx)
end

function TestBegin.testRollback()
  local tx <close> = db:begin { isolationLevel = "RepeatableRead", timeout = 1000 }
  add(tx, 5, 1)
  tx:rollback()
  lu.assertEquals(balance(1), 100)
end

function TestBegin.testLeftOtherwiseItRollsBack()
  do
    local tx <close> = db:begin()
    add(tx, 5, 1)
  end
  lu.assertEquals(balance(1), 100)
  lu.assertEquals(add(db, 1, 1), 1)
end

function TestBegin.testForgottenItRollsBack()
  add(db:begin(), 5, 1)
  collectgarbage()
  collectgarbage()
  lu.assertEquals(add(db, 1, 1), 1)
  lu.assertEquals(balance(1), 101)
end

TestBatch = support.suite(db, fill)

function TestBatch.testResultsInOrder()
  local results = db:batch(function(b)
    b.Account:count {}
    b:executeRaw('UPDATE "Account" SET balance = 0 WHERE id = $1', 2)
    b.Account:findUnique { where = { id = 2 } }
    b.Account:findUnique { where = { id = 9 } }
    b:queryRaw("SELECT $1::int + 1 AS n", 41)
  end)
  lu.assertEquals(results.n, 5)
  lu.assertEquals(results[1], 2)
  lu.assertEquals(results[2], 1)
  lu.assertEquals(results[3].balance, 0)
  lu.assertNil(results[4])
  lu.assertEquals(results[5][1].n, 42)
end

function TestBatch.testAllOrNothing()
  local e = fails({ code = "P2010" }, db.batch, db, function(b)
    b:executeRaw 'UPDATE "Account" SET balance = 0'
    b:executeRaw [[INSERT INTO "Account" VALUES (1, 'eve', 0)]]
    b.Account:count {}
  end)
  lu.assertEquals(e.meta.batchIndex, 2)
  lu.assertEquals(balance(1), 100)
end

function TestBatch.testAnEmptyOne() lu.assertEquals(db:batch(function() end), { n = 0 }) end

function TestBatch.testMistakesAreRaisedWhereTheyAreMade()
  fails({ name = "ValidationError", path = "where.idd" }, db.batch, db, function(b)
    b:executeRaw 'UPDATE "Account" SET balance = 0'
    b.Account:findMany { where = { idd = 1 } }
  end)
  lu.assertEquals(balance(1), 100)
end

function TestBatch.testWhatARecorderReturnsIsNoResult()
  db:batch(function(b)
    local pending = b.Account:findUnique { where = { id = 1 } }
    fails({ name = "UsageError", says = "has not been run" }, function() return pending.balance end)
  end)
end

-- The arguments are taken when the call is made.
function TestBatch.testArgumentsMayChangeAfterwards()
  local args = { where = { owner = "a" .. "da" } }
  local results = db:batch(function(b)
    b.Account:findFirst(args)
    args.where.owner = "b" .. "ob"
    collectgarbage()
    b.Account:findFirst(args)
  end)
  lu.assertEquals({ results[1].owner, results[2].owner }, { "ada", "bob" })
end

function TestBatch.testInsideATransaction()
  pcall(db.transaction, db, function(tx)
    local results = tx:batch(function(b)
      b:executeRaw 'UPDATE "Account" SET balance = 7'
      b.Account:findUnique { where = { id = 1 } }
    end)
    lu.assertEquals(results[2].balance, 7)
    error "undo"
  end)
  lu.assertEquals(balance(1), 100)
end

function TestBatch.testIsolation()
  local results = db:batch(function(b) b:queryRaw "SHOW transaction_isolation" end, { isolationLevel = "Serializable" })
  lu.assertEquals(results[1][1].transaction_isolation, "serializable")
end

support.run(db)
