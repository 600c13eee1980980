-- Tasks: spawn, await, cancel, all, map, timeout, sleep; the three ways to wait; generators; closing.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local schema = [[
model Item {
  id   Int    @id @default(autoincrement())
  name String
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
  for i = 1, 5 do client:executeRaw('INSERT INTO "Item" (name) VALUES ($1)', "item " .. i) end
end

local function name_of(id) return db.Item:findUnique { where = { id = id } }.name end

TestSpawn = support.suite(db, fill)

function TestSpawn.testAwaitGivesAllValues()
  local task = lorm.spawn(function(a, b) return a, nil, b, db.Item:count() end, "x", "y")
  lu.assertEquals(table.pack(task:await()), { "x", nil, "y", 5, n = 4 })
  lu.assertEquals(select("#", task:await()), 4, "a second await gives the same")
end

function TestSpawn.testAwaitRaisesTheTasksError()
  local what = { "an error value" }
  local task = lorm.spawn(function() lorm.sleep(1); error(what) end)
  local ok, e = pcall(task.await, task)
  lu.assertFalse(ok)
  lu.assertIs(e, what)
  lu.assertEquals(task:status(), "failed")
end

function TestSpawn.testTasksTakeTurns()
  local seen = {}
  local function talk(name)
    for i = 1, 3 do
      seen[#seen + 1] = name .. i
      coroutine.yield()
    end
  end
  lorm.all { function() talk "a" end, function() talk "b" end }
  lu.assertEquals(table.concat(seen, " "), "a1 b1 a2 b2 a3 b3")
end

function TestSpawn.testWaitingDoesNotHoldOthersUp()
  local slow, gate <close> = {}, db:begin { timeout = 0 }
  gate:executeRaw "SELECT pg_advisory_xact_lock(4)"
  for i = 1, 4 do slow[i] = lorm.spawn(function() db:queryRaw "SELECT pg_advisory_xact_lock_shared(4)::text" end) end
  support.wait("four wait side by side", function() return support.locked_out(db) == 4 end)
  gate:rollback()
  for i = 1, 4 do slow[i]:await() end
end

function TestSpawn.testCancelWhileWaitingForTheDatabase()
  local task = lorm.spawn(function() db:queryRaw "SELECT pg_sleep(60)" end)
  support.settle(db, 1)
  task:cancel()
  fails({ code = "Cancelled" }, task.await, task)
  support.settle(db, 0) -- the statement ends; its connection goes back
end

function TestSpawn.testCancelBeforeItRan()
  local ran = false
  local task = lorm.spawn(function() ran = true end)
  task:cancel()
  fails({ code = "Cancelled" }, task.await, task)
  lu.assertFalse(ran)
end

function TestSpawn.testCancelClosesVariables()
  local closed
  local task = lorm.spawn(function()
    local guard <close> = setmetatable({}, { __close = function(_, e) closed = e end })
    lorm.sleep(10000)
  end)
  lorm.sleep(1)
  task:cancel()
  pcall(task.await, task)
  lu.assertTrue(lorm.isError(closed, "Cancelled"))
end

function TestSpawn.testCancelledTaskCannotWaitAgain()
  local errors = {}
  local task = lorm.spawn(function()
    for i = 1, 2 do
      local _, e = pcall(lorm.sleep, 1000)
      errors[i] = e.code
    end
    local _, e = pcall(db.Item.count, db.Item)
    errors[3] = e.code
    return "done"
  end)
  lorm.sleep(1)
  task:cancel()
  lu.assertEquals(task:await(), "done")
  lu.assertEquals(errors, { "Cancelled", "Cancelled", "Cancelled" })
end

function TestSpawn.testCancelEndsATaskThatOnlyTakesTurns()
  local closed = false
  local task = lorm.spawn(function()
    local guard <close> = setmetatable({}, { __close = function() closed = true end })
    while true do coroutine.yield() end
  end)
  lorm.sleep(2)
  task:cancel()
  fails({ code = "Cancelled" }, task.await, task)
  lu.assertTrue(closed)
end

function TestSpawn.testManyErrorsThatAreSeenLater()
  local failing = {}
  for i = 1, 200 do failing[i] = lorm.spawn(function() error(i, 0) end) end
  lorm.sleep(2)
  for i = 1, 200 do lu.assertEquals({ pcall(failing[i].await, failing[i]) }, { false, i }) end
end

function TestSpawn.testWaitingForOneselfIsAnError()
  local task
  task = lorm.spawn(function() task:await() end)
  fails({ name = "UsageError", says = "itself" }, task.await, task)
end

function TestSpawn.testDeadlockIsAnError()
  local a, b
  a = lorm.spawn(function() b:await() end)
  b = lorm.spawn(function() a:await() end)
  fails({ name = "UsageError", says = "Deadlock" }, a.await, a)
end

TestGroups = support.suite(db, fill)

function TestGroups.testAllGivesFirstValuesInOrder()
  local a, b, c = lorm.all {
    function() lorm.sleep(5); return 1, "dropped" end,
    function() return nil end,
    function() return db.Item:count() end,
  }
  lu.assertEquals({ a, b, c }, { 1, nil, 5 })
end

function TestGroups.testFirstErrorCancelsTheRest()
  local reached, cancelled = false, nil
  local ok, e = pcall(lorm.all, {
    function()
      local _, why = pcall(lorm.sleep, 5000)
      cancelled = why
      lorm.sleep(1)
      reached = true
    end,
    function() lorm.sleep(2); error("first", 0) end,
    function() lorm.sleep(4); error("second", 0) end,
  })
  lu.assertEquals({ ok, e }, { false, "first" })
  lorm.sleep(10)
  lu.assertTrue(lorm.isError(cancelled, "Cancelled"))
  lu.assertFalse(reached)
end

function TestGroups.testMapKeepsPlacesAndHoles()
  local rows = lorm.map({ 3, 99, 1 }, function(id) return db.Item:findUnique { where = { id = id } } end)
  lu.assertEquals(rows.n, 3)
  lu.assertEquals(rows[1].name, "item 3")
  lu.assertNil(rows[2])
  lu.assertEquals(rows[3].name, "item 1")
end

function TestGroups.testMapKeepsToItsConcurrency()
  local running, most = 0, 0
  lorm.map({ 1, 2, 3, 4, 5, 6, 7 }, function()
    running = running + 1
    most = math.max(most, running)
    lorm.sleep(2)
    running = running - 1
  end, { concurrency = 3 })
  lu.assertEquals(most, 3)
  fails({ name = "ValidationError", path = "concurrency" }, lorm.map, {}, print, { concurrency = 0 })
end

function TestGroups.testManyAtOnce()
  local ids = {}
  for i = 1, 500 do ids[i] = i % 5 + 1 end
  local names = lorm.map(ids, name_of, { concurrency = 100 })
  for i = 1, 500 do lu.assertEquals(names[i], "item " .. ids[i]) end
end

function TestGroups.testTimeout()
  lu.assertEquals({ lorm.timeout(1000, function(...) return ... end, 1, 2) }, { 1, 2 })
  fails({ code = "Timeout" }, lorm.timeout, 30, function() db:queryRaw "SELECT pg_sleep(60)" end)
  support.settle(db, 0)
  fails({ says = "own" }, lorm.timeout, 1000, function() db.Item:findMany { own = 1 } end)
end

function TestGroups.testSleepTakesAsLongAsItSays()
  local start = lorm.clock()
  lorm.sleep(30)
  local took = lorm.clock() - start
  lu.assertTrue(took >= 29 and took < 10000, "took " .. took)
  lu.assertError(lorm.sleep, -1)
end

TestWhere = support.suite(db, fill)

-- Where Lua itself yields: pcall, metamethods, iterators, to-be-closed variables.
function TestWhere.testThroughPcallAndMetamethods()
  local rows = setmetatable({}, { __index = function(_, id) return name_of(id) end })
  local ok, name = pcall(function() return rows[2] end)
  lu.assertEquals({ ok, name }, { true, "item 2" })
  local closed
  do
    local guard <close> = setmetatable({}, { __close = function() closed = name_of(3) end })
  end
  lu.assertEquals(closed, "item 3")
  local seen = {}
  for id in function(_, i) i = i + 1; return name_of(i) and i <= 3 and i or nil end, nil, 0 do seen[#seen + 1] = id end
  lu.assertEquals(seen, { 1, 2, 3 })
end

-- Where it does not: callbacks from C.
function TestWhere.testInCallbacksFromC()
  local list = { 3, 1, 2 }
  table.sort(list, function(a, b) return name_of(a) < name_of(b) end)
  lu.assertEquals(list, { 1, 2, 3 })
  lu.assertEquals((("1 2"):gsub("%d", function(id) return name_of(tonumber(id)) end)), "item 1 item 2")
  lorm.spawn(function()
    fails({ says = "yield" }, table.sort, { 2, 1 }, function()
      lorm.spawn(function() end):await()
      return true
    end)
  end):await()
end

local function items()
  return coroutine.wrap(function()
    for id = 1, 3 do coroutine.yield(name_of(id)) end
  end)
end

function TestWhere.testGenerators()
  local names = {}
  for name in items() do names[#names + 1] = name end
  lu.assertEquals(names, { "item 1", "item 2", "item 3" })
end

function TestWhere.testGeneratorsInsideGenerators()
  local outer = coroutine.create(function(first)
    local text = coroutine.yield(first .. name_of(1))
    for name in items() do text = text .. "," .. name end
    coroutine.yield(text)
    error("at the end", 0)
  end)
  lu.assertEquals({ coroutine.resume(outer, "a ") }, { true, "a item 1" })
  lu.assertEquals({ coroutine.resume(outer, "b") }, { true, "b,item 1,item 2,item 3" })
  lu.assertEquals({ coroutine.resume(outer) }, { false, "at the end" })
  lu.assertEquals({ coroutine.resume(outer) }, { false, "cannot resume dead coroutine" })
end

-- `lorm run` has coroutines that pass our waiting on; a stock Lua waits for the query alone.
if rawget(_G, "lorm") then

-- A generator suspends its task, not the whole program.
function TestWhere.testGeneratorsLetOthersRun()
  local ticks = 0
  local ticker = lorm.spawn(function()
    while true do
      lorm.sleep(5)
      ticks = ticks + 1
    end
  end)
  for row in coroutine.wrap(function() coroutine.yield(db:queryRaw "SELECT pg_sleep(0.1)") end) do lu.assertEquals(#row, 1) end
  ticker:cancel()
  lu.assertTrue(ticks >= 2, "only " .. ticks .. " ticks")
end

function TestWhere.testACancelledTaskInsideAGenerator()
  local task = lorm.spawn(function()
    for _ in coroutine.wrap(function() db:queryRaw "SELECT pg_sleep(0.1)" end) do end
  end)
  lorm.sleep(10)
  task:cancel()
  fails({ code = "Cancelled" }, task.await, task)
  lorm.sleep(150)
end

-- A generator that somebody else closes while it waits: its request is swept, its task hears of it.
function TestWhere.testAGeneratorThatIsClosedWhileItWaits()
  local generator
  local task = lorm.spawn(function()
    generator = coroutine.create(function() db:queryRaw "SELECT pg_sleep(0.05)" end)
    return coroutine.resume(generator)
  end)
  lorm.sleep(10)
  lu.assertEquals({ coroutine.resume(generator) }, { false, "cannot resume a coroutine that waits" })
  coroutine.close(generator)
  lu.assertEquals({ task:await() }, { false, "cannot resume dead coroutine" })
end

end

TestClosing = support.suite(db, fill)

-- To-be-closed variables of a task that failed run where nothing can yield; queries work there all the same.
function TestClosing.testQueriesWhileAnErrorUnwinds()
  local name
  local task = lorm.spawn(function()
    local guard <close> = setmetatable({}, { __close = function() name = name_of(4) end })
    error("unwind", 0)
  end)
  local _, e = pcall(task.await, task)
  lu.assertEquals({ e, name }, { "unwind", "item 4" })
end

function TestClosing.testDisconnectEndsWhatIsUnderWay()
  local other = second()
  local task = lorm.spawn(function() other:queryRaw "SELECT pg_sleep(5)" end)
  lorm.sleep(50)
  other:disconnect()
  fails({ code = "Cancelled", says = "disconnected" }, task.await, task)
  fails({ name = "UsageError", says = "disconnected" }, function() return other.Item:count() end)
  other:disconnect()
end

support.run(db)
