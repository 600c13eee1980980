-- The cache middleware: in memory and in a Redis server of the test's own, in one program and in two.
--   test_cache.lua reader URL [REDIS]     the second program
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local SCHEMA <const> = [[
model Author {
  id    Int     @id @default(autoincrement())
  name  String
  born  DateTime?
  worth Decimal?
  photo Bytes?
  notes Json?
  big   BigInt?
  books Book[]
}
model Book {
  id       Int     @id @default(autoincrement())
  title    String
  author   Author? @relation(fields: [authorId], references: [id])
  authorId Int?
}
]]

local inner -- a hook inside of the cache

local function connect(url, options)
  options[1] = "cache"
  local function call_inner(params, next)
    if inner then return inner(params, next) end
    return next(params)
  end
  return lorm.connect { schemaText = SCHEMA, url = url, middleware = { options, call_inner } }
end

local function author(client, id) return client.Author:findUnique { where = { id = id or 1 } } end

-- ---- the second program: whenever it is told that n was written, it must read n or more ----

if arg[1] == "reader" then
  local url, redis = arg[2], arg[3]
  local client <close> = connect(url, { ttl = 600, url = redis })
  local stop, worst, reads = false, 0, 0
  local probes = client:listen "probe"
  author(client)
  client:notify("ack", "ready")
  local busy = {}
  for t = 1, 3 do
    busy[t] = lorm.spawn(function() -- what reads meanwhile puts old rows into the cache if anything does
      while not stop do
        author(client)
        reads = reads + 1
        lorm.sleep(0)
      end
    end)
  end
  for note in probes do
    if note.payload == "end" then break end
    local seen = tonumber(author(client).name)
    if seen < tonumber(note.payload) then worst = math.max(worst, tonumber(note.payload) - seen) end
    client:notify("ack", note.payload)
  end
  stop = true
  for _, task in ipairs(busy) do task:await() end
  client:notify("ack", ("worst %d"):format(worst))
  return
end

-- ---- the first ----

local db = support.database(SCHEMA)
local URL <const> = require "lorm.core".url(require "lorm.client".handle(db))
local fails = support.fails

local folder = support.folder()
local SOCKET <const> = folder .. "/redis"
local core = require "lorm.core"

local function start_redis()
  os.execute(("timeout 600 redis-server --port 0 --unixsocket %s --save '' --daemonize no >/dev/null 2>&1 &"):format(SOCKET))
  for _ = 1, 500 do
    local redis = core.redis("unix://" .. SOCKET, 1000)
    local pong = core.redisCall(redis, "PING")
    core.redisClose(redis)
    if pong then return end
    lorm.sleep(20)
  end
  error "redis-server did not start: it is Debian's package redis-server"
end

local function stop_redis()
  local redis = core.redis("unix://" .. SOCKET, 1000)
  core.redisCall(redis, "SHUTDOWN", "NOSAVE")
  core.redisClose(redis)
end

start_redis()
local REDIS <const> = "unix://" .. SOCKET

local function fill(client)
  client.Author:create { data = {
    name = "0", born = lorm.datetime "1815-12-10T01:02:03.456789Z", worth = lorm.decimal "12345678901234567890.123",
    photo = "\0\255", notes = { a = { 1, 2.5, lorm.null }, empty = lorm.array {}, o = lorm.object {} }, big = 1 << 60,
    books = { create = { { title = "one" }, { title = "two" } } },
  } }
  client.Author:create { data = { name = "second" } }
end

-- fn(client, sent, options) with a cached client; sent() is how many statements it has sent since it was asked last.
local function with(options, fn)
  local given = {}
  for name, value in pairs(options) do given[name] = value end
  if given.url then given.prefix = ("test%d:"):format(math.random(0) >> 1) end
  local client <close> = connect(URL, given)
  local before = 0
  local function sent()
    local now = client:metrics().queries
    local n = now - before
    before = now
    return n
  end
  client:connect()
  author(client, 99) -- listens
  sent()
  fn(client, sent, given)
  inner = nil
end

local kinds = { memory = {}, redis = { url = REDIS } }

-- Each test with each kind.
local function suite(tests)
  local class = support.suite(db, fill)
  for name, test in pairs(tests) do
    for kind, options in pairs(kinds) do
      class["test" .. name .. "_" .. kind] = function() with(options, test) end
    end
  end
  return class
end

TestCache = suite {
  TheSecondCallSendsNothing = function(client, sent)
    local first = author(client)
    lu.assertEquals(sent(), 1)
    local second = author(client)
    lu.assertEquals(sent(), 0)
    lu.assertFalse(rawequal(first, second))
    lu.assertEquals(lorm.json.encode(second), lorm.json.encode(first))
    lu.assertEquals({ second.born, second.worth, second.photo, second.big }, { first.born, first.worth, "\0\255", 1 << 60 })
    lu.assertEquals(math.type(second.notes.a[1]), "integer")
    second.name = "changed"
    lu.assertEquals(author(client).name, "0", "nobody shares it")
    author(client, 2)
    lu.assertEquals(sent(), 1)
  end,
  NothingIsNotCached = function(client, sent)
    lu.assertNil(author(client, 50))
    lu.assertNil(author(client, 50))
    lu.assertEquals(sent(), 2)
  end,
  OnlyWhatIsAskedFor = function(client, sent)
    client.Author:findMany()
    client.Author:findMany()
    lu.assertEquals(sent(), 2)
    for _ = 1, 3 do client.Author:findMany { cache = { ttl = 10 } } end
    lu.assertEquals(sent(), 1)
    author(client)
    for _ = 1, 2 do client.Author:findUnique { where = { id = 1 }, cache = false } end
    lu.assertEquals(sent(), 3)
    fails({}, client.Author.findMany, client.Author, { cache = { ttl = 1 }, wher = 1 })
    lu.assertFalse(pcall(client.Author.findMany, client.Author, { cache = 5 }))
  end,
  WritesForget = function(client, sent)
    local function changes(what, fn)
      author(client)
      author(client)
      fn()
      sent()
      author(client)
      lu.assertEquals(sent(), 1, what)
    end
    changes("update", function() client.Author:update { where = { id = 1 }, data = { name = "x" } } end)
    changes("updateMany", function() client.Author:updateMany { data = { name = "y" } } end)
    changes("create", function() client.Author:create { data = { name = "z" } } end)
    changes("a batch", function() client:batch(function(b) b.Author:updateMany { data = { name = "b" } } end) end)
    changes("raw", function() client:executeRaw [[UPDATE "Author" SET name = 'r']] end)
    changes("raw, with rows", function() client:queryRaw [[UPDATE "Author" SET name = 'q' RETURNING id]] end)
    changes("COPY", function() client.Author:copyIn { { name = "copied" } } end)
    changes("nested", function()
      client.Book:update { where = { id = 1 }, data = { author = { update = { data = { name = "nested" } } } } }
    end)
    lu.assertEquals(author(client).name, "nested")
    sent()
    client.Book:updateMany { data = { title = "t" } }
    client:queryRaw 'SELECT 1 AS one'
    sent()
    author(client)
    lu.assertEquals(sent(), 0, "another model, and a SELECT")
  end,
  WhatWasIncludedCounts = function(client, sent)
    local function books()
      return client.Author:findUnique { where = { id = 1 }, include = { books = { orderBy = { id = "asc" } } } }.books
    end
    lu.assertEquals(#books(), 2)
    books()
    client.Book:create { data = { title = "three", authorId = 1 } }
    lu.assertEquals(#books(), 3)
    sent()
    books()
    lu.assertEquals(sent(), 0)
    client.Author:update { where = { id = 1 }, data = { books = { delete = { id = 1 } } } }
    lu.assertEquals(#books(), 2)
    local filter = { where = { books = { some = { title = "three" } } }, cache = {} }
    lu.assertEquals(#client.Author:findMany(filter), 1)
    client.Book:deleteMany { where = { title = "three" } }
    lu.assertEquals(#client.Author:findMany(filter), 0)
  end,
  CascadesForget = function(client)
    local function book() return client.Book:findUnique { where = { id = 1 } } end
    lu.assertEquals(book().authorId, 1)
    client.Author:delete { where = { id = 1 } }
    lu.assertNil(book().authorId)
  end,
  Transactions = function(client, sent)
    author(client)
    client:transaction(function(tx)
      tx:queryRaw "SELECT 1" -- BEGIN comes with it
      sent()
      author(tx)
      author(tx)
      lu.assertEquals(sent(), 2, "past the cache")
      tx.Author:update { where = { id = 1 }, data = { name = "inside" } }
      lu.assertEquals(author(client).name, "0", "not yet")
      author(client)
    end)
    lu.assertEquals(author(client).name, "inside")
    pcall(client.transaction, client, function(tx)
      tx.Author:update { where = { id = 1 }, data = { name = "never" } }
      error "no"
    end)
    sent()
    lu.assertEquals({ author(client).name, sent() }, { "inside", 0 })
  end,
  TtlEnds = function(client, sent)
    local args = { where = { id = 1 }, cache = { ttl = 0.15 } }
    client.Author:findUnique(args)
    client.Author:findUnique(args)
    lu.assertEquals(sent(), 1)
    lorm.sleep(200)
    client.Author:findUnique(args)
    lu.assertEquals(sent(), 1)
  end,
  Tags = function(client, sent)
    local args = { where = { id = 1 }, cache = { tags = { "front" } } }
    local function asked()
      sent()
      client.Author:findUnique(args)
      return sent()
    end
    asked()
    lu.assertEquals(asked(), 0)
    client:forget "back"
    lu.assertEquals(asked(), 0)
    client:forget "front"
    lu.assertEquals(asked(), 1)
    client:forget "Author"
    lu.assertEquals(asked(), 1)
    client:forget()
    lu.assertEquals({ asked(), asked() }, { 1, 0 })
  end,
  OneCallForMany = function(client, sent)
    local calls = {}
    for i = 1, 50 do
      calls[i] = function() return client.Author:findFirst { where = { name = "0" } } end
    end
    local rows = { lorm.all(calls) }
    lu.assertEquals(sent(), 1)
    lu.assertEquals(rows[50].id, 1)
    lu.assertFalse(rawequal(rows[1], rows[2]))
  end,
  OneThatFailsEndsNobodyElse = function(client)
    local ok, failed = 0, 0
    inner = function(params, next)
      if ok == 0 and failed == 0 and params.action == "findFirst" then
        lorm.sleep(5)
        failed = 1
        error "unlucky"
      end
      return next(params)
    end
    local calls = {}
    for i = 1, 10 do
      calls[i] = function()
        if pcall(client.Author.findFirst, client.Author, { where = { name = "0" } }) then ok = ok + 1 end
        return true
      end
    end
    lorm.all(calls)
    lu.assertEquals({ ok, failed }, { 9, 1 })
  end,
  -- A write while a call is under way: what that found is not kept.
  AWriteMeanwhile = function(client)
    local slow = true
    inner = function(params, next)
      local result = next(params)
      if slow and params.action == "findFirst" then
        slow = false
        lorm.sleep(60)
      end
      return result
    end
    local function name() return client.Author:findFirst { where = { id = 1 } }.name end
    local old = lorm.spawn(name)
    lorm.sleep(20)
    client.Author:update { where = { id = 1 }, data = { name = "new" } }
    lu.assertEquals(name(), "new", "not the answer of who asked before")
    lu.assertEquals(old:await(), "0")
    lu.assertEquals(name(), "new", "nor what that has put")
  end,
  Audiences = function(client, sent)
    local function name(c) return c.Author:findFirst { orderBy = { id = "asc" } }.name end
    local hidden = client:extends { scopes = { Author = { id = { gt = 1 } } } }
    lu.assertEquals({ name(client), name(hidden), name(client:as "ada"), name(hidden:unscoped()) }, { "0", "second", "0", "0" })
    sent()
    lu.assertEquals({ name(client), name(client:as "ada") }, { "0", "0" })
    lu.assertEquals(sent(), 0)
    lu.assertEquals({ name(hidden), name(hidden:unscoped()) }, { "second", "0" })
    local loud = client:extends { result = { Author = { loud = { compute = function(a) return a.name .. "!" end } } } }
    lu.assertEquals({ author(client).loud, author(loud).loud, author(loud).loud, author(client).loud }, { nil, "0!", "0!" })
    lu.assertEquals(name(client:as(nil, { settings = { ["app.x"] = 1 } })), "0")
    lu.assertEquals(sent() > 0, true)
  end,
}

-- A scope may ask for other models: they count.
function TestCache.testScopesCount()
  with({}, function(client)
    local mine = client:extends { scopes = { Book = function() return { author = { is = { name = "0" } } } end } }
    local function book() return mine.Book:findFirst { where = { id = 1 } } end
    lu.assertEquals({ book().id, book().id }, { 1, 1 })
    client.Author:update { where = { id = 1 }, data = { name = "other" } }
    lu.assertNil(book())
  end)
end

-- Its batches are one call's: alike, and yet not the same rows.
function TestCache.testStreamsPassItBy()
  with({ actions = { "findMany" } }, function(client)
    for _ = 1, 23 do client.Book:create { data = { title = "streamed" } } end
    local ids = {}
    for book in client.Book:stream { where = { title = "streamed" }, orderBy = { id = "asc" }, batchSize = 10 } do
      ids[#ids + 1] = book.id
    end
    lu.assertEquals(ids, support.column(client.Book:findMany { where = { title = "streamed" }, orderBy = { id = "asc" } }, "id"))
  end)
end

function TestCache.testMemoryIsBounded()
  local store = require "lorm.cache.memory".new { maxBytes = 10000 }
  for i = 1, 100 do
    local _, state = store:get("k" .. i, { "T" })
    store:put("k" .. i, ("x"):rep(800), 60, { "T" }, state)
    store:get("k1", { "T" })
  end
  lu.assertTrue(store.bytes <= 10000)
  lu.assertNotNil(store:get("k1", { "T" }))
  lu.assertNotNil(store:get("k100", { "T" }))
  lu.assertNil((store:get("k50", { "T" })))
  local _, state = store:get("huge", {})
  store:put("huge", ("x"):rep(20000), 60, {}, state)
  lu.assertNotNil(store:get("k100", { "T" }))
  store:clear()
  lu.assertEquals(store.bytes, 0)
end

-- Two programs: a write of this one is never unseen by the other, once that was told that it is committed.
local function two_programs(redis)
  local exe = io.popen "readlink /proc/$PPID/exe":read "l"
  local acks = db:listen "ack"
  local options = { ttl = 600, url = redis }
  local client <close> = connect(URL, options)
  local command = ("%s run '%s' reader '%s' %s"):format(exe, arg[0], URL, redis and "'" .. redis .. "'" or "")
  local reader = io.popen(("LUA_CPATH='%s' %s"):format(package.cpath, exe:find "lua5.4" and command:gsub(" run ", " ", 1) or command), "w")
  lu.assertEquals(acks:next(30000).payload, "ready")
  for n = 1, 150 do
    if n % 3 == 0 then
      client:transaction(function(tx) tx.Author:update { where = { id = 1 }, data = { name = tostring(n) } } end)
    else
      client.Author:update { where = { id = 1 }, data = { name = tostring(n) } }
    end
    db:notify("probe", tostring(n))
    lu.assertEquals(acks:next(30000).payload, tostring(n))
  end
  db:notify("probe", "end")
  lu.assertEquals(acks:next(30000).payload, "worst 0")
  reader:close()
  acks:close()
end

function TestCache.testTwoPrograms_memory() two_programs(nil) end
function TestCache.testTwoPrograms_redis() two_programs(REDIS) end

-- A Redis that went away is a miss, and no error; one that comes back has not kept what is old.
function TestCache.testALostRedis()
  local lines, write = {}, lorm.log.write
  with({ url = REDIS }, function(client, sent)
    lorm.log.write = function(line) lines[#lines + 1] = line end
    author(client)
    stop_redis()
    sent()
    for _ = 1, 3 do lu.assertEquals(author(client).name, "0") end
    lu.assertEquals(sent(), 3)
    client.Author:update { where = { id = 1 }, data = { name = "meanwhile" } }
    start_redis()
    for _ = 1, 100 do
      lu.assertEquals(author(client).name, "meanwhile")
      sent()
      author(client)
      if sent() == 0 then break end
      lorm.sleep(50)
    end
    lu.assertEquals(author(client).name, "meanwhile")
    lu.assertEquals(sent(), 0, "it is used again")
  end)
  lorm.log.write = write
  lu.assertEquals(#lines, 2, table.concat(lines, "\n"))
  lu.assertStrContains(lines[1], "Redis is not used for now")
  lu.assertStrContains(lines[2], "Redis is used again")
end

function TestCache.testMistakes()
  for _, case in ipairs {
    { { tll = 5 }, "unknown option `tll`. Did you mean `ttl`?" },
    { { ttl = "5" }, "ttl must be a number of seconds" },
    { { actions = { "findMeny" } }, "no action `findMeny` to cache. Did you mean `findMany`?" },
    { { models = { "Autor" } }, "no model `Autor` to cache. Did you mean `Author`?" },
    { { url = "http://x" }, "no address of a Redis server" },
    { { url = "rediss://x" }, "not supported" },
  } do
    local ok, e = pcall(connect, URL, case[1])
    lu.assertFalse(ok)
    lu.assertStrContains(tostring(e), case[2])
  end
end

TestSerialize = support.suite(db, fill)

function TestSerialize.testValues()
  local serialize = lorm.serialize
  local function same(value) return serialize.decode(serialize.encode(value)) end
  for _, value in ipairs { 1, -1 << 63, 1.5, 1 / 0, "a\0b", true, false, lorm.null, lorm.dbNull, lorm.jsonNull, lorm.anyNull } do
    lu.assertIs(same(value), value)
  end
  lu.assertNil(same(nil))
  lu.assertEquals(same(lorm.datetime "2026-01-01T00:00:00.000001Z"), lorm.datetime "2026-01-01T00:00:00.000001Z")
  lu.assertEquals(tostring(same(lorm.decimal "0.1000")), tostring(lorm.decimal "0.1000"))
  lu.assertEquals(same { 1, { x = "y" }, [10] = 2 }, { 1, { x = "y" }, [10] = 2 })
  lu.assertEquals(lorm.json.encode(same { lorm.array {}, lorm.object {}, {} }), lorm.json.encode { lorm.array {}, lorm.object {}, {} })
  local rows = db.Author:findMany { include = { "books" }, orderBy = { id = "asc" } }
  lu.assertEquals(lorm.json.encode(same(rows)), lorm.json.encode(rows))
  lu.assertStrContains(lorm.json.encode(same(rows)[2]), '"born":null')
  fails({ name = "ValidationError", says = "function" }, serialize.encode, { print })
  local loop = {}
  loop.loop = loop
  fails({ name = "ValidationError", says = "holds itself" }, serialize.encode, loop)
end

function TestSerialize.testKeys()
  local function key(args) return lorm.cacheKey("M", "f", args) end
  lu.assertEquals(key { a = 1, b = { c = 2, d = 3 } }, key { b = { d = 3, c = 2 }, a = 1 })
  local values = { 1, 1.0, "1", true, "true", lorm.null, lorm.jsonNull, lorm.dbNull, {}, lorm.array {}, lorm.object {}, { 1 }, { "1" },
    lorm.decimal "1", lorm.datetime "2026-01-01T00:00:00.000001Z", lorm.datetime "2026-01-01T00:00:00Z", "\255", "\254",
    db.Author.fields.name, "a=1", { a = 1 } }
  local seen = {}
  for i, value in ipairs(values) do
    local text = key { x = value }
    lu.assertNil(seen[text], ("values %d and %s have one key: %s"):format(i, seen[text], text))
    seen[text] = i
  end
end

support.run({ disconnect = stop_redis }, db)
