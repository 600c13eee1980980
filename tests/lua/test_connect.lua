-- lorm.connect: its options, laziness, closing, several clients, the pool's figures, an unreachable server.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "blog"
local fails = support.fails

local URL = require("lorm.core").url(require "lorm.client".handle(db))
local TINY <const> = [[
datasource db {
  provider = "postgresql"
  url      = env("LORM_NO_SUCH_VARIABLE")
}
model User {
  id    Int    @id @default(autoincrement())
  email String @unique
  @@map("users")
}
]]

TestConnect = support.suite(db)

function TestConnect.testSchemaText()
  local client <close> = lorm.connect { schemaText = TINY, url = URL }
  lu.assertEquals(client.User:count(), 0)
  lu.assertEquals(client.User:findMany { select = { "email" } }, {})
end

function TestConnect.testSchemaWithMistakes()
  local e = fails({ code = "P1012" }, lorm.connect, { schemaText = TINY:gsub("Int ", "Itn "), url = URL })
  lu.assertStrContains(e.message, 'Itn')
  lu.assertStrContains(e.message, "schemaText:6")
end

function TestConnect.testKindOfServer()
  local function asked_for(kind)
    return lorm.connect { schemaText = TINY, url = URL .. (URL:find("?", 1, true) and "&" or "?") .. "target_session_attrs=" .. kind }
  end
  for _, kind in ipairs { "primary", "read-write", "any", "prefer-standby" } do
    local client <close> = asked_for(kind)
    lu.assertEquals(client.User:count(), 0)
  end
  local client <close> = asked_for "standby"
  fails({ code = "P1001", says = "`: server is not in hot standby mode" }, client.User.count, client.User)
end

function TestConnect.testUnknownOption()
  fails({ says = "Did you mean url?" }, lorm.connect, { schemaText = TINY, ulr = URL })
  fails({ says = "pool.maxLifetimeMillis. Did you mean maxLifetime?" }, lorm.connect,
    { schemaText = TINY, url = URL, pool = { maxLifetimeMillis = 5 } })
end

function TestConnect.testNoUrl()
  local ok, e = pcall(lorm.connect, { schemaText = TINY })
  if ok then -- lorm run gives one of its own
    e:disconnect()
  else
    lu.assertStrContains(tostring(e), "DATABASE_URL")
  end
end

function TestConnect.testNothingIsSentBeforeFirstUse()
  local client <close> = lorm.connect { schemaText = TINY, url = URL }
  lu.assertEquals(client:metrics().connections, 0)
  client.User:count()
  lu.assertEquals(client:metrics().connections, 1)
end

function TestConnect.testUnreachable()
  local client <close> = lorm.connect { schemaText = TINY, url = "postgresql://nobody@127.0.0.1:1/none" }
  local e = fails({ code = "P1001" }, function() return client.User:count() end)
  lu.assertStrContains(e.message, "127.0.0.1:1")
end

function TestConnect.testMissingDatabase()
  local client <close> = lorm.connect { schemaText = TINY, url = (URL:gsub("/lorm_test_[%w_]+", "/lorm_no_such_database")) }
  fails({ code = "P1003" }, function() return client.User:count() end)
end

function TestConnect.testBadUrl()
  fails({ code = "P1013" }, function()
    local client <close> = lorm.connect { schemaText = TINY, url = "mysql://x" }
    return client.User:count()
  end)
end

function TestConnect.testClosed()
  local client = lorm.connect { schemaText = TINY, url = URL }
  client.User:count()
  client:disconnect()
  client:disconnect()
  fails({ says = "disconnected" }, function() return client.User:count() end)
end

function TestConnect.testPasswordIsNotShown()
  local client <close> = lorm.connect { schemaText = TINY, url = "postgresql://ada:s3cret@127.0.0.1:1/x" }
  lu.assertNotStrContains(tostring(client), "s3cret")
  local _, e = pcall(function() return client.User:count() end)
  lu.assertNotStrContains(tostring(e), "s3cret")
end

TestPool = support.suite(db)

function TestPool.testNeverMoreThanMax()
  local client <close> = lorm.connect { schemaText = TINY, url = URL, pool = { max = 2 } }
  local calls = {}
  for i = 1, 12 do calls[i] = function() return client:queryRaw "SELECT pg_sleep(0.02)" end end
  lorm.all(calls)
  local figures = client:metrics()
  lu.assertEquals(figures.connections, 2)
  lu.assertEquals({ figures.busy, figures.waiting, figures.requests }, { 0, 0, 0 })
end

function TestPool.testWaitingTimesOut()
  local client <close> = lorm.connect { schemaText = TINY, url = URL, pool = { max = 1, connectionTimeoutMillis = 50 } }
  pcall(client.queryRaw, client, "SELECT 1") -- connects, however busy the machine is
  while client:metrics().idle == 0 do lorm.sleep(5) end
  local hog = lorm.spawn(function() return client:queryRaw "SELECT pg_sleep(60)" end)
  support.settle(client, 1)
  fails({ code = "P2024" }, client.queryRaw, client, "SELECT 1")
  lu.assertEquals(client:metrics().busy, 1) -- the wait was over before the hog was
  hog:cancel()
  support.settle(client, 0)
  lu.assertEquals(client:queryRaw("SELECT 1 AS one")[1].one, 1)
end

function TestPool.testBadOptions()
  fails({ name = "ValidationError" }, lorm.connect, { schemaText = TINY, url = URL, pool = { max = 0 } })
  fails({ name = "ValidationError" }, lorm.connect, { schemaText = TINY, url = URL, pool = { max = "many" } })
end

TestEvents = support.suite(db)

function TestEvents.testQueryEvents()
  local client <close> = lorm.connect { schemaText = TINY, url = URL }
  local seen = {}
  client:on("query", function(e) seen[#seen + 1] = e end)
  client.User:count()
  pcall(client.queryRaw, client, "SELECT 1 / 0")
  lorm.sleep(5)
  lu.assertEquals(#seen, 2)
  lu.assertStrContains(seen[1].query, '"users"')
  lu.assertTrue(seen[1].duration >= 0)
  lu.assertEquals(seen[1].target, "lorm")
  lu.assertNil(seen[1].error)
  lu.assertStrContains(seen[2].error, "division by zero")
  fails({ says = "There is no event" }, client.on, client, "qeury", print)
end

support.run(db)
