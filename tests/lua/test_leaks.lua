-- Transactions that hold their connection for too long, or were forgotten, are told of; waiting names who holds.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local schema = "model Thing {\n  id Int @id\n}\n"
local db = support.database(schema)
local fails = support.fails

local function second(pool)
  local url = require "lorm.core".url(require "lorm.client".handle(db))
  return lorm.connect { schemaText = schema, url = url, pool = pool }
end

-- A client, and the list of what its "warn" handlers hear.
local function watched(pool)
  local client, heard = second(pool), {}
  client:on("warn", function(e) heard[#heard + 1] = e end)
  return client, heard
end

local function line() return debug.getinfo(2, "l").currentline end

-- Run fn; the lines that were logged meanwhile.
local function logged(fn)
  local lines, write = {}, lorm.log.write
  lorm.log.write = function(text) lines[#lines + 1] = text end
  local ok, e = pcall(fn)
  lorm.log.write = write
  if not ok then error(e, 0) end
  return lines
end

TestLeaks = support.suite(db)

function TestLeaks.testHeldForTooLong()
  local client <close>, heard = watched { leakThresholdMillis = 50 }
  local borrowed
  local function hold()
    borrowed = line() + 1
    client:transaction(function() lorm.sleep(200) end)
  end
  hold()
  lu.assertEquals(#heard, 1, "once")
  lu.assertStrContains(heard[1].message, "has held its connection for ")
  lu.assertStrContains(heard[1].traceback, ("test_leaks.lua:%d: in function"):format(borrowed))
  lu.assertNotStrContains(heard[1].traceback, "transaction.lua")
  lu.assertTrue(heard[1].heldMillis >= 50)
  lu.assertEquals(heard[1].pool, { connections = 1, idle = 0, busy = 1, waiting = 0 })
  lu.assertFalse(heard[1].lost)
end

function TestLeaks.testEachOnItsOwn()
  local client <close>, heard = watched { leakThresholdMillis = 1000 }
  lorm.all {
    function() client:transaction(function() lorm.sleep(1300) end) end,
    function()
      lorm.sleep(40)
      client:transaction(function() lorm.sleep(1300) end)
    end,
    function() client:transaction(function() lorm.sleep(5) end) end,
  }
  lu.assertEquals(#heard, 2)
end

function TestLeaks.testWithoutAHandlerTheLogHasIt()
  local client <close> = second { leakThresholdMillis = 30 }
  local lines = logged(function()
    local keep <close> = client:begin()
    lorm.sleep(120)
  end)
  lu.assertEquals(#lines, 1)
  lu.assertStrMatches(lines[1]:match "^[^\n]*", "%S+ warn A transaction has held its connection for .*%(1 connections, 1 busy, 0 waiting%)")
  lu.assertStrContains(lines[1], "test_leaks.lua:")
end

function TestLeaks.testOffAndByDefault()
  for _, pool in ipairs { { leakThresholdMillis = 0 }, {} } do
    local client <close>, heard = watched(pool)
    client:transaction(function() lorm.sleep(80) end)
    client:begin { timeout = 0 }
    collectgarbage()
    collectgarbage()
    lorm.sleep(20)
    lu.assertEquals(#heard, pool.leakThresholdMillis and 0 or 1, "the forgotten one alone, unless it is off")
  end
end

function TestLeaks.testForgotten()
  local client <close>, heard = watched {}
  local borrowed = line() + 1
  local function forget() client:begin() end
  forget()
  collectgarbage()
  collectgarbage()
  lorm.sleep(20)
  lu.assertEquals(#heard, 1)
  lu.assertTrue(heard[1].lost)
  lu.assertStrContains(heard[1].message, "was forgotten")
  lu.assertStrContains(heard[1].traceback, "test_leaks.lua:" .. borrowed)
  support.settle(client, 0) -- rolled back, and given back
end

function TestLeaks.testEndedIsNoLeak()
  local client <close>, heard = watched { leakThresholdMillis = 1000 }
  client:begin():commit()
  client:begin():rollback()
  client:transaction(function() end)
  pcall(client.transaction, client, function() error "no" end)
  collectgarbage()
  collectgarbage()
  lorm.sleep(1200)
  lu.assertEquals(heard, {})
end

-- Who waits in vain is told who holds the connections, the longest first.
function TestLeaks.testWaitingNamesTheHolders()
  local client <close> = second { max = 2, connectionTimeoutMillis = 1000 }
  local first_line = line() + 1
  local first <close> = client:begin { timeout = 0 }
  lorm.sleep(20)
  local second_line = line() + 1
  local other <close> = client:begin { timeout = 0 }
  local holders = "2 of 2 connections are in use, 2 of them by transactions; held longest, begun at %S*test_leaks.lua:"
    .. first_line .. " %(%d.%d s%), %S*test_leaks.lua:" .. second_line .. " %(%d.%d s%)%."
  local e = fails({ code = "P2024", says = "Timed out fetching a new connection" }, client.Thing.count, client.Thing)
  lu.assertStrMatches(e.message, ".*" .. holders)
  e = fails({ code = "P2028", says = "Unable to start a transaction" }, client.begin, client, { maxWait = 30 })
  lu.assertStrMatches(e.message, ".*" .. holders)
  first:rollback()
  other:rollback()
  lu.assertEquals(client.Thing:count(), 0)
end

function TestLeaks.testAtMostThreeAreNamed()
  local client <close> = second { max = 4, connectionTimeoutMillis = 1000 }
  local held = {}
  for i = 1, 4 do held[i] = client:begin { timeout = 0 } end
  local e = fails({ code = "P2024" }, client.Thing.count, client.Thing)
  lu.assertEquals(select(2, e.message:gsub("test_leaks.lua:%d+ %(", "")), 3)
  for i = 1, 4 do held[i]:rollback() end
end

support.run(db)
