-- timeout = milliseconds, in the arguments of any action: the call ends by then, and so does its statement.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local schema = [[
model Note {
  id      Int       @id @default(autoincrement())
  text    String    @unique
  parent  Note?     @relation("tree", fields: [parentId], references: [id])
  parentId Int?
  notes   Note[]    @relation("tree")
}
]]
local db = support.database(schema)
local url = require "lorm.core".url(require "lorm.client".handle(db))
local fails = support.fails

TestTimeout = support.suite(db, function(client) client.Note:create { data = { text = "one" } } end)

-- Nobody else reads the table until this is left.
local function hold()
  local tx = db:begin { timeout = 0 }
  tx:executeRaw 'LOCK TABLE "Note" IN ACCESS EXCLUSIVE MODE'
  return tx
end

-- fn fails by its deadline of `ms`.
local function runs_out(ms, expected, fn, ...)
  local start = lorm.clock()
  expected.code, expected.name, expected.says = "Timeout", "TimeoutError", ("timeout of %d ms"):format(ms)
  fails(expected, fn, ...)
  local took = lorm.clock() - start
  lu.assertTrue(took >= ms - 10 and took < ms + 1000, "it took " .. took)
end

function TestTimeout.testEveryActionEndsByItsDeadline()
  local tx <close> = hold()
  local calls = {
    findMany = {}, findFirst = {}, count = {}, exists = {}, aggregate = { _count = true }, groupBy = { by = { "text" } },
    findUnique = { where = { id = 1 } },
    create = { data = { text = "two" } }, createMany = { data = { { text = "two" } } },
    update = { where = { id = 1 }, data = { text = "x", notes = { create = { text = "y" } } } }, updateMany = { data = { text = "x" } },
    upsert = { where = { id = 1 }, create = { text = "x" }, update = { text = "x" } },
    delete = { where = { id = 1 } }, deleteMany = {},
  }
  for action, args in pairs(calls) do
    args.timeout = 40
    runs_out(40, { model = "Note", action = action }, db.Note[action], db.Note, args)
  end
  support.wait("nobody waits for the lock", function() return support.locked_out(db) == 0 end)
  tx:rollback()
  lu.assertEquals(db.Note:findMany { timeout = 1000, select = { text = true } }[1].text, "one")
  lu.assertEquals(db.Note:count { timeout = 0 }, 1)
end

function TestTimeout.testItIsTheCallsAlone()
  local setting = "SELECT current_setting('statement_timeout') AS t"
  local one <close> = lorm.connect { schemaText = schema, url = url, pool = { max = 1 } }
  one.Note:count { timeout = 5000 }
  lu.assertEquals(one:queryRaw(setting)[1].t, "0")
  one:transaction(function(tx)
    tx:executeRaw "SET LOCAL statement_timeout = 12345"
    local inside = tx:queryRaw(setting)[1].t
    lu.assertEquals(tx.Note:count { timeout = 5000 }, 1)
    lu.assertEquals(tx.Note:findMany { timeout = 5000, include = { notes = true } }[1].notes, {})
    lu.assertEquals(tx:queryRaw(setting)[1].t, inside)
    -- a check that fails is no error of the server's: the transaction goes on
    fails({ code = "P2025" }, tx.Note.update, tx.Note,
      { where = { id = 99 }, data = { notes = { create = { text = "x" } } }, timeout = 5000 })
    lu.assertEquals(tx:queryRaw(setting)[1].t, inside)
    fails({ code = "P2025" }, tx.batch, tx, function(b)
      b.Note:update { where = { id = 99 }, data = { notes = { create = { text = "x" } } }, timeout = 5000 }
      b.Note:update { where = { id = 1 }, data = { notes = { create = { text = "y" } } }, timeout = 5000 }
    end)
    lu.assertEquals(tx:queryRaw(setting)[1].t, inside)
  end)
  lu.assertEquals(one:queryRaw(setting)[1].t, "0")
  local results = one:batch(function(b)
    b.Note:count { timeout = 5000 }
    b:queryRaw(setting)
  end)
  lu.assertEquals(results[2][1].t, "0")
end

function TestTimeout.testInATransactionASavepointBringsItBack()
  local other <close> = db:begin()
  other.Note:update { where = { id = 1 }, data = { text = "held" } }
  db:transaction(function(tx)
    tx.Note:create { data = { text = "kept" } }
    runs_out(50, { action = "update" }, tx.transaction, tx, function(inner)
      inner.Note:update { where = { id = 1 }, data = { text = "mine" }, timeout = 50 }
    end)
    lu.assertEquals(tx.Note:count(), 2)
    lu.assertEquals(tx:queryRaw("SELECT current_setting('statement_timeout') AS t")[1].t, "0")
  end)
  other:rollback()
  lu.assertEquals(db.Note:findMany { select = { text = true }, orderBy = { id = "asc" } }[2].text, "kept")
end

function TestTimeout.testABatchFailsAsAWhole()
  local keep <close> = hold()
  local e = select(2, pcall(db.batch, db, function(b)
    b:queryRaw "SELECT 1"
    b.Note:count { timeout = 40 }
    b.Note:count { timeout = 4000 }
  end))
  lu.assertEquals({ e.code, e.action, e.meta.batchIndex }, { "Timeout", "count", 2 })
end

-- The time spent in the queue counts.
function TestTimeout.testItIncludesTheWaitForAConnection()
  local one <close> = lorm.connect { schemaText = schema, url = url, pool = { max = 1 } }
  local tx = one:begin()
  runs_out(50, { action = "findMany" }, one.Note.findMany, one.Note, { timeout = 50 })
  lu.assertEquals(one:metrics().waiting, 0)
  tx:rollback()
  lu.assertEquals(one.Note:count { timeout = 5000 }, 1)
end

-- Of the only connection of a client, which is idle: after a text that it knows it has nothing to look after.
local function backend(client)
  local text = "SELECT pg_backend_pid() AS pid"
  client:queryRaw(text)
  return client:queryRaw(text)[1].pid
end

local function gone(pid)
  return db:queryRaw("SELECT count(*)::int AS n FROM pg_stat_activity WHERE pid = $1::int", pid)[1].n == 0
end

local function signal(name, pid) return os.execute(("kill -%s %d"):format(name, pid)) end

-- A server process that answers nothing: the caller goes on, and the connection serves nobody before it has answered.
function TestTimeout.testAFrozenServer()
  local one <close> = lorm.connect { schemaText = schema, url = url, pool = { max = 1 } }
  local pid = backend(one)
  lu.assertTrue(signal("STOP", pid))
  local restore <close> = setmetatable({}, { __close = function() signal("CONT", pid) end })
  runs_out(50, { action = "count" }, one.Note.count, one.Note, { timeout = 50 })
  lu.assertEquals(one:metrics().busy, 1)
  local other
  fails({ code = "Timeout", says = "whether it was committed is not known" }, function()
    local two <close> = lorm.connect { schemaText = schema, url = url, pool = { max = 1 } }
    other = backend(two)
    signal("STOP", other)
    local guard <close> = setmetatable({}, { __close = function() signal("CONT", other) end })
    two.Note:create { data = { text = "unknown" }, timeout = 50 }
  end)
  signal("CONT", pid)
  lu.assertEquals(one.Note:count { where = { text = "one" }, timeout = 5000 }, 1)
  while not gone(other) do lorm.sleep(1) end -- until then its row may yet come
end

function TestTimeout.testAFrozenServerInATransaction()
  local one <close> = lorm.connect { schemaText = schema, url = url, pool = { max = 1 } }
  local tx = one:begin { timeout = 0 }
  local pid = tx:queryRaw("SELECT pg_backend_pid() AS pid")[1].pid
  tx.Note:create { data = { text = "lost" } }
  signal("STOP", pid)
  local restore <close> = setmetatable({}, { __close = function() signal("CONT", pid) end })
  runs_out(50, { action = "count" }, tx.Note.count, tx.Note, { timeout = 50 })
  fails({ code = "P2028", says = "did not end at its timeout" }, tx.commit, tx)
  signal("CONT", pid)
  lu.assertEquals(one.Note:count(), 1)
end

-- Where the caller cannot yield (a comparison called from C), no timer of the loop runs.
function TestTimeout.testWhereNothingCanYield()
  local keep <close> = hold()
  runs_out(50, { action = "count" }, table.sort, { 1, 2 }, function() return db.Note:count { timeout = 50 } > 0 end)
  local one <close> = lorm.connect { schemaText = schema, url = url, pool = { max = 1 } }
  local pid = backend(one)
  signal("STOP", pid)
  local restore <close> = setmetatable({}, { __close = function() signal("CONT", pid) end })
  runs_out(50, { action = "count" }, table.sort, { 1, 2 }, function() return one.Note:count { timeout = 50 } > 0 end)
end

function TestTimeout.testStreamsTakeItForEachBatch()
  db.Note:createMany { data = { { text = "two" }, { text = "three" } } }
  local n = 0
  for _ in db.Note:stream { batchSize = 1, timeout = 5000 } do n = n + 1 end
  lu.assertEquals(n, 3)
  local keep <close> = hold()
  runs_out(50, { action = "findMany" }, function() return (db.Note:stream { timeout = 50 })() end)
end

function TestTimeout.testOnePlanServesBoth()
  db.Note:findMany { where = { text = "a" } }
  local plans = db:metrics().plans
  for ms = 1001, 1005 do db.Note:findMany { timeout = ms, where = { text = "b" } } end
  lu.assertEquals(db:metrics().plans, plans)
end

function TestTimeout.testMistakes()
  for _, wrong in ipairs { -1, "1s", {}, 2 ^ 40, 0 / 0 } do
    fails({ name = "ValidationError", path = "timeout", model = "Note", action = "count", says = "milliseconds" },
      db.Note.count, db.Note, { timeout = wrong })
  end
end

support.run(db)
