-- lorm.testing: throw-away databases, sandboxes, emptying, mocks.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local support = require "support"
local testing = require "lorm.testing"

local SCHEMA = here .. "../../schema"
local db = support.database "blog"
local fails = support.fails

local function user(name) return { email = name .. "@x.org", username = name, password = "p" } end

TestSandbox = support.suite(db)

function TestSandbox.testNothingStays()
  local a, b = testing.sandbox(db, function(tx)
    tx.User:create { data = user "ada" }
    lu.assertEquals(tx.User:count(), 1)
    return 1, "two"
  end)
  lu.assertEquals({ a, b }, { 1, "two" })
  lu.assertEquals(db.User:count(), 0)
end

function TestSandbox.testErrorsComeThrough()
  local mine = { "mine" }
  local ok, e = pcall(testing.sandbox, db, function(tx)
    tx.User:create { data = user "ada" }
    error(mine)
  end)
  lu.assertFalse(ok)
  lu.assertIs(e, mine)
  lu.assertEquals(db.User:count(), 0)
end

function TestSandbox.testInnerTransactionsAreSavepoints()
  testing.sandbox(db, function(tx)
    tx.User:create { data = user "ada" }
    pcall(tx.transaction, tx, function(inner)
      inner.User:create { data = user "bob" }
      inner.User:create { data = user "ada" }
    end)
    lu.assertEquals(support.column(tx.User:findMany(), "username"), { "ada" })
    tx:transaction(function(inner) inner.User:create { data = user "cyd" } end)
    lu.assertEquals(tx.User:count(), 2)
  end)
  lu.assertEquals(db.User:count(), 0)
end

TestTruncate = support.suite(db)

function TestTruncate.testEmptiesAllModels()
  db.User:create { data = { email = "a@x.org", username = "a", password = "p", profile = { create = {} },
    posts = { create = { title = "t", content = "c", categories = { create = { name = "n" } } } } } }
  testing.truncate(db)
  lu.assertEquals({ db.User:count(), db.Profile:count(), db.Post:count(), db.Category:count() }, { 0, 0, 0, 0 })
  lu.assertEquals(db.User:create { data = user "ada" }.id, 1)
end

-- Models that refer to each other, and to themselves.
function TestTruncate.testCircles()
  local circle <close> = support.database [[
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model Aa {
  id    Int   @id
  b     Bb    @relation(fields: [bId], references: [id])
  bId   Int
}

model Bb {
  id    Int   @id
  as    Aa[]
  c     Cc?   @relation("b", fields: [cId], references: [id])
  cId   Int?
  cs    Cc[]  @relation("c")
}

model Cc {
  id    Int   @id
  bs    Bb[]  @relation("b")
  b     Bb?   @relation("c", fields: [bId], references: [id])
  bId   Int?
  up    Cc?   @relation("up", fields: [upId], references: [id])
  upId  Int?
  downs Cc[]  @relation("up")
}
]]
  circle.Bb:create { data = { id = 1 } }
  circle.Cc:createMany { data = { { id = 1, bId = 1 }, { id = 2, bId = 1, upId = 1 } } }
  circle.Bb:update { where = { id = 1 }, data = { cId = 2 } }
  circle.Aa:create { data = { id = 1, bId = 1 } }
  testing.truncate(circle)
  lu.assertEquals({ circle.Aa:count(), circle.Bb:count(), circle.Cc:count() }, { 0, 0, 0 })
end

TestDatabase = support.suite(db)

local function databases() return db:queryRaw("SELECT count(*) AS n FROM pg_database WHERE datname LIKE 'lorm_test_%'")[1].n end

function TestDatabase.testGoneWhenClosed()
  local before = databases()
  do
    local other <close> = testing.database { schema = SCHEMA }
    other.User:create { data = user "ada" }
    lu.assertEquals(databases(), before + 1)
    lu.assertEquals(db.User:count(), 0)
  end
  lu.assertEquals(databases(), before)
end

function TestDatabase.testUnknownOption()
  lu.assertErrorMsgContains("no option `shema`", testing.database, { shema = SCHEMA })
end

-- ---- mocks ------------------------------------------------------------------------------------------------------------

TestMock = {}

local mock
function TestMock.setUp() mock = testing.mock(SCHEMA) end

-- As the guide tests its service.
function TestMock.testService()
  local UserService = {}
  UserService.__index = UserService
  function UserService:createUser(data) return self.db.User:create { data = data, include = { profile = true } } end
  local expected = { id = 1, email = "test@example.com", username = "testuser", profile = { id = 1, bio = "Test bio" } }
  mock.User.create:returns(expected)
  local service = setmetatable({ db = mock }, UserService)
  local data = { email = "test@example.com", username = "testuser", password = "p", profile = { create = { bio = "Test bio" } } }
  lu.assertIs(service:createUser(data), expected)
  lu.assertEquals(#mock.calls, 1)
  lu.assertEquals({ mock.calls[1].model, mock.calls[1].action }, { "User", "create" })
  lu.assertIs(mock.User.create.calls[1].args.data, data)
end

function TestMock.testSequencesAndFunctions()
  mock.User.count:returns(1, 2)
  lu.assertEquals({ mock.User:count(), mock.User:count(), mock.User:count() }, { 1, 2, 2 })
  mock.Post.findMany:does(function(args) return { take = args.take } end)
  lu.assertEquals(mock.Post:findMany { take = 3 }, { take = 3 })
  mock.User.findUnique:returns(nil)
  lu.assertNil(mock.User:findUnique { where = { id = 1 } })
end

function TestMock.testScopesHideNothingThere()
  mock.User.count:returns(4)
  lu.assertEquals(mock.User:unscoped():count(), 4)
  lu.assertEquals(mock:unscoped():as { id = 1 }.User:count(), 4)
end

function TestMock.testArgumentsAreChecked()
  mock.User.create:returns {}
  support.refuses("data.emial", "Did you mean `email`?", mock.User.create, mock.User, { data = { emial = "x" } })
  support.refuses("where.posts.some.titel", "Did you mean `title`?", mock.User.findMany, mock.User,
    { where = { posts = { some = { titel = "x" } } } })
  lu.assertEquals(mock.calls, {})
end

function TestMock.testErrors()
  mock.User.delete:raises { code = "P2025", message = "gone" }
  local e = fails({ code = "P2025", model = "User", action = "delete" }, mock.User.delete, mock.User, { where = { id = 1 } })
  lu.assertEquals(e.message, "gone")
  fails({ says = "was not told what User.update answers" }, mock.User.update, mock.User, { where = { id = 1 }, data = {} })
  fails({ says = "did you mean db.User?" }, function() return mock.user end)
  fails({ says = "Did you mean db.User:findMany?" }, function() return mock.User.findmany end)
end

function TestMock.testTransactionsBatchesRaw()
  mock.User.count:returns(7)
  mock.queryRaw:returns { { one = 1 } }
  lu.assertEquals(mock:transaction(function(tx) return tx.User:count() end), 7)
  lu.assertEquals(mock:batch(function(b)
    b.User:count()
    b:queryRaw("SELECT $1", 5)
  end), { 7, { { one = 1 } }, n = 2 })
  lu.assertEquals(mock.queryRaw.calls[1].args, "SELECT $1")
  lu.assertEquals(mock.queryRaw.calls[1].params[1], 5)
end

-- One hook, by itself: what it makes of a call, and of its answer.
function TestMock.testHooks()
  local seen
  mock:use(function(params, next)
    seen = params.user
    if params.action == "delete" then
      return next { model = params.model, action = "update", args = { where = params.args.where, data = { username = "gone" } } }
    end
    if not params.model then return { { from = "hook", sql = params.args.sql, first = params.args[1] } } end
    local result = next(params)
    return params.action == "count" and result * 2 or result
  end)
  mock.User.count:returns(7)
  mock.User.update:does(function(args) return args.data end)
  lu.assertEquals(mock.User:count(), 14)
  lu.assertEquals(mock:as("ada").User:count(), 14)
  lu.assertEquals({ seen, #mock.User.count.calls }, { "ada", 2 })
  lu.assertEquals(mock.User:delete { where = { id = 1 } }, { username = "gone" })
  lu.assertEquals({ mock.calls[3].action, mock.calls[3].args.where.id }, { "update", 1 })
  lu.assertEquals(mock:queryRaw("SELECT $1", 5), { { from = "hook", sql = "SELECT $1", first = 5 } })
  support.refuses("where.nme", "Unknown argument `nme`", mock.User.count, mock.User, { where = { nme = 1 } })
end

function TestMock.testAMistakeInAHookIsFound()
  mock:use(function(params, next) next(params) end)
  mock.User.count:returns(1)
  fails({ says = "test_testing.lua:" .. debug.getinfo(1, "l").currentline - 2 .. " returned nothing" }, mock.User.count, mock.User)
end

function TestMock.testExtensions()
  local more = mock:extends {
    model = { User = { first = function(self) return self:findFirst { orderBy = { id = "asc" } } end } },
    client = { ping = function(self) return self.User:count() end },
    query = { User = { count = function(ctx) return ctx.query(ctx.args) + 1 end } },
  }
  mock.User.findFirst:returns { id = 3 }
  mock.User.count:returns(5)
  lu.assertEquals({ more.User:first().id, more:ping(), mock.User:count() }, { 3, 6, 5 })
  lu.assertEquals(#mock.calls, 3)
end

function TestMock.testMiddlewareOfTheList()
  local path = support.folder() .. "/twice.lua"
  local file = assert(io.open(path, "w"))
  file:write "return { use = function(params, next, options) return next(params) * options.times end }"
  file:close()
  local mine <close> = testing.mock { schema = "schema", middleware = { { path, times = 3 } } }
  mine.User.count:returns(2)
  lu.assertEquals(mine.User:count(), 6)
end

TestQueries = support.suite(db)

function TestQueries.testAssertQueries()
  lu.assertEquals(testing.assertQueries(1, function() return db.User:count() end), 0)
  testing.assertQueries(0, function() end)
  testing.assertQueries(3, function()
    db:transaction(function(tx)
      tx.User:count()
      tx:transaction(function(again) again.User:count() end)
      tx:queryRaw "SELECT 1 AS one"
    end)
  end)
  local ok, e = pcall(function()
    testing.assertQueries(1, function()
      db.User:findMany()
      db.User:count { where = { email = "x" } }
    end)
  end)
  lu.assertFalse(ok)
  lu.assertStrContains(tostring(e), "1 statements were expected, 2 were sent:")
  lu.assertStrContains(tostring(e), '["x"]')
  lu.assertStrContains(tostring(e), "test_testing.lua:")
  ok, e = pcall(testing.assertQueries, 0, function() error("its own", 0) end)
  lu.assertEquals({ ok, e }, { false, "its own" })
  testing.assertQueries(0, function() end)
  lu.assertFalse(pcall(testing.assertQueries, "1", print))
end

function TestMock.testReset()
  mock.User.count:returns(7)
  mock.User:count()
  mock:reset()
  lu.assertEquals(mock.calls, {})
  fails({ says = "was not told" }, mock.User.count, mock.User)
end

function TestMock.testFieldReferences()
  lu.assertEquals(type(mock.User.fields.email), "userdata")
end

support.run(db)
