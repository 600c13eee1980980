-- db:listen and db:notify: what one session tells, others hear.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "store"
local fails = support.fails
local URL = require("lorm.core").url(require "lorm.client".handle(db))

TestListen = support.suite(db)

-- The sessions that listen, by what they ran last.
local function listening()
  return db:queryRaw([[SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND query ~ '^(UN)?LISTEN "' AND pid <> pg_backend_pid()]])
end

local function terminate() -- with nothing told in between
  for _, row in ipairs(listening()) do db:queryRaw("SELECT pg_terminate_backend($1::int, 5000)", row.pid) end
end

-- The next n payloads; gaps as "?".
local function heard(listener, n)
  local texts = {}
  for i = 1, n do
    local note = listener:next(5000)
    texts[i] = not note and "nothing" or note.missed and "?" or note.payload
  end
  return texts
end

function TestListen.testNotes()
  local got = {}
  local task = lorm.spawn(function()
    for note in db:listen "orders" do
      if note.payload == "end" then break end
      got[#got + 1] = note
    end
    return "over"
  end)
  while #listening() == 0 do lorm.sleep(1) end
  db:notify("orders", "one")
  db:notify "orders"
  db:notify("others", "not for us")
  db:notify("orders", "end")
  lu.assertEquals(task:await(), "over")
  lu.assertEquals(#got, 2)
  lu.assertEquals(got[1].channel, "orders")
  lu.assertEquals(got[1].payload, "one")
  lu.assertEquals(math.type(got[1].pid), "integer")
  lu.assertEquals(got[2].payload, "")
end

-- It listens when db:listen returns, in whatever way it waited: as a task, and where Lua cannot yield.
function TestListen.testOpensBeforeItReturns()
  for _, name in ipairs { "plain", "Mixed Case", 'quo"ted', "it's", ("n"):rep(63), "ünïcode", "select", "a;b--" } do
    local listener <close> = db:listen(name)
    db:notify(name, name .. "!")
    local note = listener:next(5000)
    lu.assertEquals(note and note.channel, name)
    lu.assertEquals(note.payload, name .. "!")
    lu.assertNil(listener:next(0))
  end
end

function TestListen.testWhereLuaCannotYield()
  local seen
  table.sort({ 1, 2 }, function()
    if seen then return false end
    local listener <close> = db:listen "pumped"
    db:notify("pumped", "x")
    seen = listener:next(5000).payload
    lu.assertNil(listener:next(30))
    terminate()
    lu.assertTrue(listener:next(5000).reconnected)
    db:notify("pumped", "y")
    seen = seen .. listener:next(5000).payload
    return false
  end)
  lu.assertEquals(seen, "xy")
end

function TestListen.testPayloads()
  local listener <close> = db:listen "texts"
  for _, text in ipairs { "it's", '"', "a\nb", "\\", "$1", "ünïcode ☃", ("x"):rep(7999), "' OR 1=1 --" } do
    db:notify("texts", text)
    lu.assertEquals(heard(listener, 1), { text })
  end
  local refused = { ("x"):rep(8000), "a\0b", { 1 }, 7, true }
  for _, value in ipairs(refused) do
    fails({ name = "ValidationError", path = "payload" }, db.notify, db, "texts", value)
  end
  fails({ says = "7999" }, db.notify, db, "texts", ("x"):rep(8000))
  for _, name in ipairs { "", ("x"):rep(64), "a\0b", 7, {} } do
    fails({ name = "ValidationError", path = "channel" }, db.notify, db, name, "x")
    fails({ name = "ValidationError", path = "channel" }, db.listen, db, name)
  end
  fails({ name = "UsageError" }, db.listen, db)
  fails({ name = "UsageError", says = "colon" }, db.listen, "texts")
end

function TestListen.testSeveralChannelsAndListeners()
  local both <close> = db:listen("a", "b")
  local one <close> = db:listen "b"
  lu.assertEquals(#listening(), 1)
  db:notify("a", "1")
  db:notify("b", "2")
  lu.assertEquals(heard(both, 2), { "1", "2" })
  lu.assertEquals(heard(one, 1), { "2" })
  both:close()
  db:notify("a", "3")
  db:notify("b", "4")
  lu.assertEquals(heard(one, 1), { "4" })
  lu.assertNil(both:next())
  lu.assertNil(both())
end

-- The connection goes with its last listener, however that was left.
function TestListen.testLeavesNothing()
  local function gone()
    return pcall(support.wait, "nobody listens", function() return #listening() == 0 end)
  end
  local function told(ending)
    local opened = lorm.spawn(function()
      for note in db:listen "leave" do ending(note) end
    end)
    while #listening() == 0 do lorm.sleep(1) end
    db:notify("leave", "go")
    return opened
  end
  local left = lorm.spawn(function()
    for note in db:listen "leave" do
      if note then break end
    end
    return "left"
  end)
  while #listening() == 0 do lorm.sleep(1) end
  db:notify("leave", "go")
  lu.assertEquals(left:await(), "left")
  lu.assertTrue(gone())
  lu.assertErrorMsgContains("a mistake", function()
    told(function() error "a mistake" end):await()
  end)
  lu.assertTrue(gone())
  local waits = told(function() end)
  lorm.sleep(20)
  waits:cancel()
  lu.assertFalse(pcall(waits.await, waits))
  lu.assertTrue(gone())
  fails({ code = "Timeout" }, lorm.timeout, 50, function()
    for _ in db:listen "leave" do end
  end)
  lu.assertTrue(gone())
  do
    local forgotten = db:listen "leave"
    lu.assertEquals(#listening(), 1)
    lu.assertEquals(tostring(forgotten), "a listener to leave")
  end
  collectgarbage()
  collectgarbage()
  lu.assertTrue(gone())
end

-- Who is cancelled while the connection is made leaves nothing either, whether or not anything is collected.
function TestListen.testCancelledWhileItOpens()
  collectgarbage "stop"
  local _ <close> = setmetatable({}, { __close = function() collectgarbage "restart" end })
  for turns = 0, 6 do
    local early = lorm.spawn(function()
      for _ in db:listen "early" do end
    end)
    for _ = 1, turns do lorm.sleep(0) end
    early:cancel()
    fails({ code = "Cancelled" }, early.await, early)
    local client <close> = lorm.connect { schemaText = "model A {\n id Int @id\n}", url = URL }
    local control <close> = client:listen "control" -- begun later, and open: so would the other be
    lu.assertEquals(tostring(control), "a listener to control")
    support.wait("only the control listens", function() return #listening() == 1 end)
  end
end

function TestListen.testReconnects()
  local first <close> = db:listen("again", "Again")
  local second <close> = db:listen "other"
  for round = 1, 3 do
    terminate()
    lu.assertEquals(heard(first, 1), { "?" })
    lu.assertEquals(heard(second, 1), { "?" })
    db:notify("Again", "after " .. round)
    db:notify("other", "too " .. round)
    lu.assertEquals(heard(first, 1), { "after " .. round })
    lu.assertEquals(heard(second, 1), { "too " .. round })
  end
  terminate()
  local gap = first:next(5000)
  lu.assertEquals(gap, { missed = true, reconnected = true })
  lu.assertNil(first:next(50))
end

-- What was not read yet when the connection went is there; several losses in a row are one gap.
function TestListen.testKeepsWhatItHas()
  local listener <close> = db:listen "kept"
  local behind <close> = db:listen "behind" -- of the same connection: what it hears has come after the others
  for i = 1, 3 do db:notify("kept", tostring(i)) end
  db:notify("behind", "kept")
  lu.assertEquals(heard(behind, 1), { "kept" })
  for _ = 1, 2 do
    terminate()
    lu.assertEquals(heard(behind, 1), { "?" })
  end
  db:notify("kept", "4")
  lu.assertEquals(heard(listener, 5), { "1", "2", "3", "?", "4" })
  lu.assertNil(listener:next(0))
end

function TestListen.testTooManyUnread()
  local listener <close> = db:listen "flood"
  local behind <close> = db:listen "behind"
  db:executeRaw "SELECT pg_notify('flood', i::text) FROM generate_series(1, 100010) AS i"
  db:notify("behind", "all have come")
  lu.assertEquals(heard(behind, 1), { "all have come" })
  local n, last = 0, nil
  for note in listener do
    if note.missed then
      lu.assertEquals(note, { missed = true, overflow = true })
      break
    end
    n, last = n + 1, note.payload
  end
  lu.assertEquals(n, 100000)
  lu.assertEquals(last, "100000")
  db:notify("flood", "again")
  lu.assertEquals(heard(listener, 1), { "again" })
end

function TestListen.testTransactions()
  local listener <close> = db:listen "tx"
  db:transaction(function(tx)
    tx:notify("tx", "one")
    tx:notify("tx", "two")
    lu.assertNil(listener:next(30))
  end)
  lu.assertEquals(heard(listener, 2), { "one", "two" })
  pcall(db.transaction, db, function(tx)
    tx:notify("tx", "never")
    error "no"
  end)
  db:batch(function(b)
    b:notify("tx", "three")
    b.Customer:count()
  end)
  lu.assertEquals(heard(listener, 1), { "three" })
  lu.assertNil(listener:next(0))
  db:transaction(function(tx) fails({ name = "UsageError" }, function() tx:listen "tx" end) end)
end

-- A generator of the user's own, and one listener for two tasks.
function TestListen.testWhoWaits()
  local payloads = coroutine.wrap(function()
    for note in db:listen "gen" do coroutine.yield(note.payload) end
  end)
  local sender = lorm.spawn(function()
    while #listening() == 0 do lorm.sleep(1) end
    db:notify("gen", "1")
    db:notify("gen", "2")
  end)
  lu.assertEquals(payloads(), "1")
  lu.assertEquals(payloads(), "2")
  sender:await()
  local listener <close> = db:listen "shared"
  local waits = lorm.spawn(function() return listener:next() end)
  lorm.sleep(1)
  fails({ name = "UsageError", says = "only one" }, listener.next, listener, 10)
  db:notify("shared", "x")
  lu.assertEquals(waits:await().payload, "x")
  waits = lorm.spawn(function() return listener:next() end)
  lorm.sleep(1)
  listener:close()
  lu.assertNil(waits:await())
end

function TestListen.testWhatCannotBe()
  local other = lorm.connect { schemaText = "model A {\n id Int @id\n}", url = "postgresql://nobody@127.0.0.1:1/x?connect_timeout=1" }
  fails({ code = "P1001" }, other.listen, other, "x")
  other:disconnect()
  local bouncer = lorm.connect { schemaText = "model A {\n id Int @id\n}", url = "postgresql://nobody@127.0.0.1:1/x?pgbouncer=true" }
  fails({ says = "PgBouncer" }, bouncer.listen, bouncer, "x")
  bouncer:disconnect()
end

function TestListen.testDisconnect()
  local other = support.database "store"
  local waits = lorm.spawn(function()
    for _ in other:listen "x" do end
  end)
  lorm.sleep(30)
  other:disconnect()
  fails({ says = "disconnected" }, waits.await, waits)
end

support.run(db)
