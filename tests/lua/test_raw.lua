-- queryRaw and executeRaw: typed rows, parameters, errors.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "blog"
local fails = support.fails

local function one(sql, ...) return db:queryRaw(sql, ...)[1] end

TestQuery = support.suite(db)

function TestQuery.testTypes()
  local row = one [[SELECT 1 AS i, 9007199254740993::int8 AS big, 2.5::float8 AS f, 1.10::numeric AS d, true AS t,
    'text' AS s, NULL::int AS n, '\x00ff'::bytea AS b, '{"a": [1, null]}'::jsonb AS j, ARRAY[1, NULL, 3] AS list,
    '2024-02-29 12:00:00.5+00'::timestamptz AS at, DATE '2024-02-29' AS day,
    '2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d'::uuid AS id]]
  lu.assertIs(row.i, 1)
  lu.assertIs(row.big, 9007199254740993)
  lu.assertIs(row.f, 2.5)
  lu.assertEquals(row.d, lorm.decimal "1.10")
  lu.assertIs(row.t, true)
  lu.assertEquals(row.s, "text")
  lu.assertNil(row.n)
  lu.assertEquals(row.b, "\0\255")
  lu.assertEquals(row.j.a[1], 1)
  lu.assertIs(row.j.a[2], lorm.null)
  lu.assertEquals(row.list[3], 3)
  lu.assertEquals(row.at, lorm.datetime "2024-02-29T12:00:00.500Z")
  lu.assertEquals(row.day, lorm.datetime "2024-02-29T00:00:00Z")
  lu.assertEquals(row.id, "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d")
end

function TestQuery.testParameters()
  lu.assertEquals(one("SELECT $1::int + $2::int AS sum", 40, 2).sum, 42)
  lu.assertEquals(one("SELECT $1::text AS t", "it's \"quoted\" $1 \\").t, "it's \"quoted\" $1 \\")
  lu.assertIs(one("SELECT $1::bool AS t", false).t, false)
  lu.assertNil(one("SELECT $1::text AS t", lorm.null).t)
  lu.assertNil(one("SELECT $1::text AS t, $2::int AS i", nil, 5).t)
  lu.assertEquals(one("SELECT $1::text AS t, $2::int AS i", nil, 5).i, 5)
  lu.assertEquals(one("SELECT $1::timestamptz AS t", lorm.datetime "2024-01-01T00:00:00Z").t, lorm.datetime "2024-01-01T00:00:00Z")
  lu.assertEquals(one("SELECT $1::numeric AS d", lorm.decimal "0.1").d, lorm.decimal "0.1")
  lu.assertEquals(one("SELECT count(*) AS n FROM unnest($1::int[]) AS x WHERE x > 1", { 1, 2, 3 }).n, 2)
end

function TestQuery.testRowsAndColumns()
  lu.assertEquals(#db:queryRaw "SELECT * FROM generate_series(1, 1000) AS n", 1000)
  lu.assertEquals(db:queryRaw "SELECT 1 AS a WHERE false", {})
  lu.assertEquals(lorm.json.encode(one "SELECT NULL::int AS b, 1 AS a"), '{"b":null,"a":1}')
end

function TestQuery.testVersion()
  lu.assertStrContains(one "SELECT version()".version, "PostgreSQL")
end

TestExecute = support.suite(db)

function TestExecute.testAffected()
  local n = db:executeRaw([[INSERT INTO users (email, username, password, "updatedAt") VALUES ($1, $2, 'p', now()), ($3, $4, 'p', now())]],
    "a@x.org", "a", "b@x.org", "b")
  lu.assertIs(n, 2)
  lu.assertIs(db:executeRaw("UPDATE users SET role = 'ADMIN' WHERE email = $1", "a@x.org"), 1)
  lu.assertIs(db:executeRaw "DELETE FROM users WHERE false", 0)
  lu.assertEquals(db.User:count { where = { role = "ADMIN" } }, 1)
end

function TestExecute.testStatementsWithoutRows()
  lu.assertEquals(math.type(db:executeRaw "CREATE TEMPORARY TABLE gone (id int)"), "integer")
end

TestErrors = support.suite(db)

function TestErrors.testServerErrors()
  local e = fails({ code = "P2010" }, db.queryRaw, db, "SELECT * FROM nowhere")
  lu.assertEquals(e.meta.code, "42P01")
  lu.assertStrContains(e.message, "nowhere")
  e = fails({ code = "P2010" }, db.queryRaw, db, "SELEC 1")
  lu.assertEquals(e.meta.code, "42601")
  e = fails({ code = "P2010" }, db.queryRaw, db, "SELECT 1 / $1::int", 0)
  lu.assertEquals(e.meta.code, "22012")
end

function TestErrors.testTheClientGoesOn()
  for _ = 1, 30 do pcall(db.queryRaw, db, "SELECT 1 / 0") end
  lu.assertEquals(one "SELECT 1 AS one".one, 1)
end

-- Raw SQL never shares what it does with others.
function TestErrors.testOneStatementOnly()
  local ok, e = pcall(db.queryRaw, db, "SELECT 1; DROP TABLE users")
  lu.assertFalse(ok)
  lu.assertTrue(lorm.isError(e))
  lu.assertEquals(db.User:count(), 0)
end

function TestErrors.testWrongArguments()
  lu.assertFalse((pcall(db.queryRaw, db)))
  lu.assertFalse((pcall(db.queryRaw, db, {})))
  fails({}, db.queryRaw, db, "SELECT $1::int", 1, 2)
end

-- What a text leaves in its session, nobody else finds: by whatever way it went there.
TestLeftBehind = support.suite(db)

function TestLeftBehind.testByAllWays()
  local alone <close> = support.database("blog", { pool = { max = 1 } })
  local pid = alone:queryRaw("SELECT pg_backend_pid() AS pid")[1].pid
  local sets = "SET search_path = nowhere"
  local ways = {
    queryRaw = function() alone:queryRaw "SELECT set_config('search_path', 'nowhere', false)" end,
    executeRaw = function() alone:executeRaw(sets) end,
    transaction = function() alone:transaction(function(tx) tx:executeRaw(sets) end) end,
    undone = function() pcall(alone.transaction, alone, function(tx) tx:executeRaw(sets) error "no" end) end,
    begin = function()
      local tx <close> = alone:begin()
      tx:executeRaw(sets)
      tx:commit()
    end,
    left = function()
      local tx <close> = alone:begin()
      tx:executeRaw "SELECT pg_advisory_lock(1)"
    end,
    batch = function()
      alone:batch(function(b)
        b.User:count()
        b:executeRaw(sets)
      end)
    end,
    failing = function() pcall(alone.queryRaw, alone, "SELECT pg_advisory_lock(1), 1 / (random() * 0)::int") end,
  }
  for name, way in pairs(ways) do
    way()
    lu.assertEquals(alone.User:count(), 0, name) -- prepared anew, where that was needed
    local found = alone:queryRaw([[SELECT current_setting('search_path') AS path, pg_backend_pid() AS pid,
      (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks]])[1]
    lu.assertEquals({ found.path, found.locks, found.pid }, { '"$user", public', 0, pid }, name)
  end
  alone:transaction(function(tx) -- but its own transaction does
    tx:executeRaw(sets)
    lu.assertEquals(tx:queryRaw("SHOW search_path")[1].search_path, "nowhere")
  end)
end

-- Where Lua cannot yield, the only connection is waited for while it is being cleaned.
function TestLeftBehind.testWhereLuaCannotYield()
  local alone <close> = support.database("blog", { pool = { max = 1 } })
  local seen = {}
  table.sort({ 1, 2, 3 }, function(a, b)
    alone:executeRaw "SET search_path = nowhere"
    seen[#seen + 1] = alone.User:count()
    return a < b
  end)
  lu.assertTrue(#seen > 0)
end

support.run(db)
