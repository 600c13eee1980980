-- What a URL may ask for behind its "?", Prisma's parameters and libpq's: each is seen to do something.
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

-- A client whose URL has these, too: "a=b&c=d".
local function asking(parameters)
  return lorm.connect { schemaText = TINY, url = URL .. (URL:find("?", 1, true) and "&" or "?") .. parameters }
end

local function answer(client, sql) return client:queryRaw("SELECT " .. sql .. " AS it")[1].it end

-- The sessions of the test's database, but the one that asks, in which this was the last statement.
local function sessions(sql)
  return db:queryRaw("SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() " ..
    "AND pid <> pg_backend_pid() AND query = $1", sql)[1].n
end

TestUrl = support.suite(db)

function TestUrl.testConnectionLimit()
  local client <close> = asking "connection_limit=2"
  local calls = {}
  for i = 1, 12 do calls[i] = function() return client:queryRaw "SELECT pg_sleep(0.02)" end end
  lorm.all(calls)
  lu.assertEquals(client:metrics().connections, 2)
end

function TestUrl.testOptionsOfThePoolCountMore()
  local client <close> = lorm.connect {
    schemaText = TINY, pool = { max = 1 },
    url = URL .. (URL:find("?", 1, true) and "&" or "?") .. "connection_limit=3",
  }
  local calls = {}
  for i = 1, 6 do calls[i] = function() return client:queryRaw "SELECT pg_sleep(0.02)" end end
  lorm.all(calls)
  lu.assertEquals(client:metrics().connections, 1)
end

function TestUrl.testPoolTimeout()
  local client <close> = asking "connection_limit=1&pool_timeout=1"
  local hog = lorm.spawn(function() return client:queryRaw "SELECT pg_sleep(60)" end)
  support.settle(client, 1)
  local begun = lorm.clock()
  fails({ code = "P2024" }, client.queryRaw, client, "SELECT 1")
  lu.assertTrue(lorm.clock() - begun >= 990)
  lu.assertEquals(client:metrics().busy, 1) -- it was not the hog's end that ended the wait
  hog:cancel()
end

function TestUrl.testSocketTimeout()
  local client <close> = asking "socket_timeout=1"
  lu.assertEquals(answer(client, "1"), 1)
  db:transaction(function(tx) -- its lock is what the others wait for
    tx:executeRaw "LOCK TABLE users"
    local begun = lorm.clock()
    fails({ code = "P1008", says = "1 s" }, client.User.count, client.User)
    lu.assertTrue(lorm.clock() - begun >= 990)
    fails({ code = "UnknownOutcome" }, client.queryRaw, client, "INSERT INTO users (email) VALUES ('perhaps')")
  end)
  lu.assertTrue(client.User:count() <= 1) -- nobody knows
end

function TestUrl.testSchema()
  db:executeRaw 'CREATE SCHEMA "Else"'
  db:executeRaw 'CREATE TABLE "Else".users (id serial PRIMARY KEY, email text UNIQUE)'
  db:executeRaw [[INSERT INTO "Else".users (email) VALUES ('only@else')]]
  local client <close> = asking "schema=Else"
  lu.assertEquals(client.User:findFirst().email, "only@else")
  lu.assertEquals(answer(client, "current_schema()::text"), "Else")
  db:executeRaw 'DROP SCHEMA "Else" CASCADE'
end

function TestUrl.testOptionsAndName()
  local client <close> = asking "options=-c%20statement_timeout%3D4321&application_name=shop"
  lu.assertEquals(answer(client, "current_setting('statement_timeout')"), "4321ms")
  lu.assertEquals(answer(client, "current_setting('application_name')"), "shop")
  lu.assertEquals(answer(db, "current_setting('application_name')"), "lorm")
end

-- How many statements a connection has after ten different ones.
local function prepared(parameters)
  local client <close> = asking("connection_limit=1&" .. parameters)
  for n = 1, 10 do client.User:findMany { where = { ["id"] = { ["in"] = { 1 } }, email = { contains = "x" } }, take = n } end
  return answer(client, "(SELECT count(*)::int FROM pg_prepared_statements WHERE statement LIKE '%users%LIMIT%')")
end

function TestUrl.testStatements()
  lu.assertEquals(prepared "", 10)
  lu.assertEquals(prepared "statement_cache_size=0", 0)
  lu.assertEquals(prepared "pgbouncer=true", 0)
  local few = prepared "statement_cache_size=3"
  lu.assertTrue(few > 0 and few <= 3)
end

function TestUrl.testIdleConnectionsAreClosed()
  local client <close> = asking "max_idle_connection_lifetime=1"
  lu.assertEquals(answer(client, "'idle for long'"), "idle for long")
  support.wait("nobody is connected", function() return client:metrics().connections == 0 end)
  support.wait("the server has seen it", function() return sessions "SELECT 'idle for long' AS it" == 0 end)
  lu.assertEquals(answer(client, "3"), 3)
end

function TestUrl.testOldConnectionsAreReplaced()
  local client <close> = asking "max_connection_lifetime=1&connection_limit=1"
  local first = answer(client, "pg_backend_pid()")
  lu.assertEquals(answer(client, "pg_backend_pid()"), first)
  support.wait("it is replaced, though never idle for long", function() return answer(client, "pg_backend_pid()") ~= first end)
end

-- 127.0.0.1:1 refuses at once; the other host is the real one.
function TestUrl.testSeveralHosts()
  local host = URL:match "[?&]host=([^&]+)"
  local several = URL:gsub("([?&])host=[^&]+", "%1host=127.0.0.1,{}"):gsub("([?&])port=[^&]+", "")
  local client <close> = lorm.connect { schemaText = TINY, url = several:gsub("{}", function() return host end) .. "&port=1,5432" }
  lu.assertEquals(client.User:count(), 0)
end

function TestUrl.testWrongValues()
  for _, wrong in ipairs { "connection_limit=many", "pool_timeout=-1", "statement_cache_size=x", "sslmode=perhaps" } do
    fails({ code = "P1013" }, function()
      local client <close> = asking(wrong)
      return client.User:count()
    end)
  end
end

-- What is said, by fn().
local function logged(fn)
  local lines, write = {}, lorm.log.write
  lorm.log.write = function(line) lines[#lines + 1] = line end
  local guard <close> = setmetatable({}, { __close = function() lorm.log.write = write end })
  fn()
  return lines
end

function TestUrl.testUnknownParameterIsWarnedAboutOnce()
  local lines = logged(function()
    for _ = 1, 3 do
      local client <close> = asking "conection_limit=1&keepalives=1"
      lu.assertEquals(client.User:count(), 0)
    end
  end)
  lu.assertEquals(#lines, 1)
  lu.assertStrContains(lines[1], 'conection_limit')
end

function TestUrl.testUnknownParameterIsAnEvent()
  local lines = logged(function()
    local client <close> = lorm.connect {
      schemaText = TINY, log = { "warn" }, url = URL .. (URL:find("?", 1, true) and "&" or "?") .. "colour=blue",
    }
    lu.assertEquals(client.User:count(), 0)
  end)
  lu.assertEquals(#lines, 1)
  lu.assertStrContains(lines[1], "colour")
  lu.assertStrContains(lines[1], "target=lorm.connect")
end

support.run(db)
