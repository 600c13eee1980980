-- lock = "update" and its like: rows of reads that stay locked until the transaction ends.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database [[
model Job {
  id      Int     @id
  state   String  @default("new")
  ownerId Int?
  owner   Worker? @relation(fields: [ownerId], references: [id])
  logs    Log[]
}

model Worker {
  id   Int    @id
  name String
  jobs Job[]
}

model Log {
  id    Int    @id @default(autoincrement())
  text  String
  jobId Int
  job   Job    @relation(fields: [jobId], references: [id])
}
]]
local fails = support.fails

TestLock = support.suite(db, function(client)
  client.Worker:create { data = { id = 1, name = "ada" } }
  client.Job:createMany { data = { { id = 1, ownerId = 1 }, { id = 2 }, { id = 3 }, { id = 4 } } }
end)

local function ids(rows)
  local list = {}
  for i, row in ipairs(rows) do list[i] = row.id end
  return list
end

local function take(tx, more)
  local args = { where = { state = "new" }, orderBy = { id = "asc" }, take = 2, lock = "update" }
  for k, v in pairs(more or {}) do args[k] = v end
  return ids(tx.Job:findMany(args))
end

function TestLock.testWorkersSkipWhatOthersHold()
  local one, two = db:begin(), db:begin()
  local three <close> = db:begin()
  lu.assertEquals(take(one, { skipLocked = true }), { 1, 2 })
  lu.assertEquals(take(two, { skipLocked = true }), { 3, 4 })
  lu.assertEquals(take(three, { skipLocked = true }), {})
  lu.assertNil(three.Job:findUnique { where = { id = 1 }, lock = "update", skipLocked = true })
  fails({ code = "P2025" }, three.Job.findUniqueOrThrow, three.Job,
    { where = { id = 1 }, lock = "update", skipLocked = true })
  one.Job:updateMany { where = { id = { in_ = { 1, 2 } } }, data = { state = "done" } }
  one:commit()
  two:rollback()
  lu.assertEquals(ids(db:transaction(function(tx) return tx.Job:findMany {
    where = { state = "new" }, orderBy = { id = "asc" }, lock = "update", skipLocked = true }
  end)), { 3, 4 })
end

-- Ten workers, one queue: each job is done once.
function TestLock.testAQueueIsWorkedOffOnce()
  db.Job:deleteMany()
  local jobs = {}
  for i = 1, 40 do jobs[i] = { id = i } end
  db.Job:createMany { data = jobs }
  local function work()
    local done = 0
    while db:transaction(function(tx)
      local job = tx.Job:findFirst { where = { state = "new" }, orderBy = { id = "asc" }, lock = "update", skipLocked = true }
      if not job then return false end
      tx.Log:create { data = { text = "done", jobId = job.id } }
      tx.Job:update { where = { id = job.id }, data = { state = "done" } }
      done = done + 1
      return true
    end) do end
    return done
  end
  local sum = 0
  for _, done in ipairs(lorm.map({ 1, 2, 3, 4, 5, 6 }, work)) do sum = sum + done end
  lu.assertEquals(sum, 40)
  lu.assertEquals(db.Log:count(), 40)
  lu.assertEquals(#db.Log:groupBy { by = { "jobId" } }, 40)
end

function TestLock.testNoWaitIsAnErrorAtOnce()
  local one <close> = db:begin()
  take(one)
  db:transaction(function(tx)
    local e = fails({ code = "LockNotAvailable", name = "LockNotAvailableError", model = "Job", action = "findUnique",
      says = "locked by another transaction" }, tx.transaction, tx, function(inner)
      return inner.Job:findUnique { where = { id = 1 }, lock = "update", noWait = true }
    end)
    lu.assertTrue(e == nil or lorm.isError(e, "LockNotAvailable"))
    lu.assertEquals(tx.Job:findUnique { where = { id = 3 }, lock = "update", noWait = true }.id, 3)
  end)
end

function TestLock.testWeakLocksGoTogether()
  local one <close> = db:begin()
  local two <close> = db:begin()
  local function try(tx, lock)
    return pcall(tx.transaction, tx, function(inner)
      return inner.Job:findUnique { where = { id = 1 }, lock = lock, noWait = true }
    end)
  end
  one.Job:findUnique { where = { id = 1 }, lock = "share" }
  lu.assertTrue(try(two, "share"))
  lu.assertTrue(try(two, "keyShare"))
  lu.assertFalse(try(two, "noKeyUpdate"))
  lu.assertFalse(try(two, "update"))
  one.Job:findUnique { where = { id = 2 }, lock = "noKeyUpdate" }
  two:rollback()
  local three <close> = db:begin()
  lu.assertTrue(pcall(three.Job.findUnique, three.Job, { where = { id = 2 }, lock = "keyShare", noWait = true }))
  lu.assertFalse(pcall(three.Job.findUnique, three.Job, { where = { id = 2 }, lock = "share", noWait = true }))
end

-- What it includes is as the one who held the lock left it, not as it was when the statement began.
function TestLock.testIncludesAreReadAfterTheLock()
  local one = db:begin()
  one.Job:findUnique { where = { id = 1 }, lock = "update" }
  local task = lorm.spawn(function()
    return db:transaction(function(tx)
      return tx.Job:findUnique { where = { id = 1 }, lock = "update", include = { logs = true, owner = true } }
    end)
  end)
  repeat
    lorm.sleep(5)
  until db:queryRaw("SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")[1].n == 1
  one.Log:create { data = { text = "late", jobId = 1 } }
  one.Worker:update { where = { id = 1 }, data = { name = "grace" } }
  one.Job:update { where = { id = 1 }, data = { state = "held" } }
  one:commit()
  local job = task:await()
  lu.assertEquals(job.state, "held")
  lu.assertEquals(job.logs[1].text, "late")
  lu.assertEquals(job.owner.name, "grace")
end

function TestLock.testOnlyTheRowsOfTheCallAreLocked()
  local one <close> = db:begin()
  local two <close> = db:begin()
  one.Job:findMany { where = { id = 1 }, lock = "update", include = { owner = true } }
  lu.assertEquals(two.Worker:findUnique { where = { id = 1 }, lock = "update", noWait = true }.name, "ada")
end

function TestLock.testOutsideOfATransactionItIsRefused()
  local before = db:metrics().queries
  local refused = { name = "ValidationError", path = "lock", model = "Job", action = "findFirst", says = "outside of a transaction" }
  fails(refused, db.Job.findFirst, db.Job, { lock = "update" })
  lu.assertEquals(db:metrics().queries, before)
  fails({ name = "ValidationError", path = "lock" }, db.batch, db, function(b) b.Job:findFirst { lock = "update" } end)
end

function TestLock.testABatchIsATransaction()
  local results = db:batch(function(b)
    b.Job:findMany { where = { id = { lte = 2 } }, orderBy = { id = "asc" }, lock = "update", include = { logs = true } }
    b.Job:updateMany { where = { id = { lte = 2 } }, data = { state = "done" } }
  end)
  lu.assertEquals(ids(results[1]), { 1, 2 })
  lu.assertEquals(results[2].count, 2)
end

function TestLock.testStreamsLockWhatTheyRead()
  local one <close> = db:begin()
  local two <close> = db:begin()
  local seen = {}
  for job in one.Job:stream { where = { id = { lte = 2 } }, orderBy = { id = "asc" }, lock = "update", batchSize = 1, include = { logs = true } } do
    seen[#seen + 1] = job.id
    lu.assertEquals(job.logs, {})
  end
  lu.assertEquals(seen, { 1, 2 })
  lu.assertEquals(take(two, { skipLocked = true }), { 3, 4 })
end

support.run(db)
