-- What errors look like: fields, codes, texts, places, suggestions; names that do not exist.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "blog"
local fails, refuses = support.fails, support.refuses
local User = db.User

local function fill()
  User:create { data = { email = "ada@x.org", username = "ada", password = "p" } }
end

TestObjects = support.suite(db, fill)

function TestObjects.testFields()
  local ok, e = pcall(User.create, User, { data = { email = "ada@x.org", username = "ada2", password = "p" } })
  lu.assertFalse(ok)
  lu.assertEquals(type(e), "table")
  lu.assertEquals(e.code, "P2002")
  lu.assertEquals(e.model, "User")
  lu.assertEquals(e.action, "create")
  lu.assertEquals(e.meta.target, { "email" })
  lu.assertEquals(e.meta.modelName, "User")
  lu.assertEquals(e.sqlstate, "23505")
  lu.assertStrContains(tostring(e), "P2002 in db.User:create")
  lu.assertTrue(lorm.isError(e))
  lu.assertTrue(lorm.isError(e, "P2002"))
  lu.assertFalse(lorm.isError(e, "P2025"))
  lu.assertFalse(lorm.isError "P2002")
  lu.assertFalse(lorm.isError { code = "P2002" })
  lu.assertFalse(lorm.isError(nil))
end

function TestObjects.testPlaceIsTheScripts()
  local line
  local _, e = pcall(function()
    line = debug.getinfo(1, "l").currentline + 1
    local row = User:findUniqueOrThrow { where = { id = 99 } }
    return row
  end)
  lu.assertStrMatches(e.at, ".*test_errors%.lua:" .. line)
  lu.assertStrMatches(tostring(e), ".*test_errors%.lua:" .. line .. ": P2025 in db%.User:findUniqueOrThrow: .*")
end

-- A hook that only passes a call on is not where it was asked for; a mistake in the arguments names it, too.
function TestObjects.testPlaceIsNotAHooks()
  local function here_after(lines) return debug.getinfo(2, "l").currentline + lines end
  local hook_line
  local client = db:extends { query = { ["$allOperations"] = function(ctx)
    hook_line = here_after(1)
    local result = ctx.query(ctx.args)
    return result
  end } }:use(function(params, next)
    local result = next(params)
    return result
  end)
  local line
  local function fail(args)
    return select(2, pcall(function()
      line = here_after(1)
      local row = client.User:findUniqueOrThrow(args)
      return row
    end))
  end
  local e = fail { where = { id = 99 } }
  lu.assertStrMatches(e.at, ".*test_errors%.lua:" .. line)
  lu.assertNil(e.through)
  e = fail { where = { nope = 1 } }
  lu.assertStrMatches(e.at, ".*test_errors%.lua:" .. line)
  lu.assertStrMatches(e.through, ".*test_errors%.lua:%d+")
  lu.assertTrue(tonumber(e.through:match "%d+$") > hook_line) -- the nearest one: the last that was added

  local own = db:extends { query = { User = { findFirst = function(ctx)
    line = here_after(1)
    local row = db:unhooked().User:findUniqueOrThrow { where = { id = 99 } }
    return row or ctx
  end } } }
  lu.assertStrMatches(select(2, pcall(own.User.findFirst, own.User)).at, ".*test_errors%.lua:" .. line)
end

-- Mistakes never reach the server.
function TestObjects.testValidationSendsNothing()
  User:count()
  local before = db:metrics().queries
  for _ = 1, 10 do pcall(User.findMany, User, { where = { nope = 1 } }) end
  lu.assertEquals(db:metrics().queries, before)
end

TestNames = support.suite(db, fill)

function TestNames.testModels()
  fails({ says = "did you mean db.User?" }, function() return db.user end)
  fails({ says = "did you mean db.Category?" }, function() return db.Categories end)
  fails({ says = "did you mean db:transaction?" }, function() return db.transction end)
  lu.assertIs(db.models.User, db.User)
  local names = {}
  for name in pairs(db.models) do names[#names + 1] = name end
  lu.assertItemsEquals(names, { "User", "Profile", "Post", "Category", "Comment" })
end

function TestNames.testActions()
  fails({ says = "Did you mean db.User:findMany?" }, function() return User.findmany end)
  fails({ says = "Did you mean db.User:create?" }, function() return User.creat end)
  fails({ says = 'Did you mean "email"?' }, function() return User.fields.emial end)
end

function TestNames.testColonAndDot()
  fails({ says = "call it with a colon" }, function() return User.findMany { where = {} } end)
  fails({ says = "call it with a colon" }, function() return db.transaction(function() end) end)
end

TestArguments = support.suite(db, fill)

function TestArguments.testKinds()
  refuses("were", "Did you mean `where`?", User.findMany, User, { were = {} })
  refuses("where.posts.some.categories.some.nam", "Did you mean `name`?", User.findMany, User,
    { where = { posts = { some = { categories = { some = { nam = "x" } } } } } })
  refuses("where", "needs a value for at least one of `id`, `email`, `username`", User.findUnique, User, { where = {} })
  refuses("data.role", "Did you mean `ADMIN`?", User.create, User,
    { data = { email = "b", username = "b", password = "p", role = "ADMNI" } })
  refuses("data.password", "is missing", User.create, User, { data = { email = "b", username = "b" } })
  fails({ name = "ValidationError", says = "must be a table" }, User.findMany, User, "all")
  fails({ name = "ValidationError", says = "with names" }, User.findMany, User, { { id = 1 } })
  refuses("select.nmae", "Unknown field `nmae`", User.findMany, User, { select = { "id", "nmae" } })
  refuses("orderBy.emial", "Did you mean `email`?", User.findMany, User, { orderBy = { emial = "asc" } })
  refuses("orderBy.id", "Expected `asc` or `desc`", User.findMany, User, { orderBy = { id = "up" } })
end

function TestArguments.testValuesThatAreNone()
  for _, value in ipairs { print, coroutine.create(print), io.stdout, 0 / 0 } do
    fails({ name = "ValidationError" }, User.findMany, User, { where = { id = value } })
  end
end

function TestArguments.testDepth()
  local where = { id = 1 }
  for _ = 1, 1000 do where = { AND = { where } } end
  fails({ name = "ValidationError" }, User.findMany, User, { where = where })
end

TestAtomic = support.suite(db, fill)

function TestAtomic.testNoPartialWrites()
  fails({ code = "P2002" }, User.create, User, { data = {
    email = "b@x.org", username = "b", password = "p", profile = { create = { bio = "x" } },
    posts = { create = { { title = "t", content = "c", categories = { create = { { name = "same" }, { name = "same" } } } } } },
  } })
  lu.assertEquals({ User:count(), db.Profile:count(), db.Post:count(), db.Category:count() }, { 1, 0, 0, 0 })
end

function TestAtomic.testTransactionRollsBackOnError()
  local ok, e = pcall(db.transaction, db, function(tx)
    tx.User:create { data = { email = "b@x.org", username = "b", password = "p" } }
    lu.assertEquals(tx.User:count(), 2)
    error { mine = true }
  end)
  lu.assertFalse(ok)
  lu.assertEquals(e, { mine = true })
  lu.assertEquals(User:count(), 1)
end

function TestAtomic.testForeignKeys()
  local e = fails({ code = "P2003", model = "Post" }, db.Post.create, db.Post, { data = { title = "t", content = "c", authorId = 99 } })
  lu.assertEquals(e.meta.constraint, "posts_authorId_fkey")
  db.Post:create { data = { title = "t", content = "c", authorId = 1 } }
  fails({ code = "P2003" }, User.delete, User, { where = { id = 1 } })
  lu.assertEquals(User:count(), 1)
end

support.run(db)
