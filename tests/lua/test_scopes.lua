-- db:extends { scopes = ... }: which rows exist for a client.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database [[
model User {
  id        Int       @id @default(autoincrement())
  email     String    @unique
  tenantId  Int       @default(1)
  deletedAt DateTime?
  posts     Post[]
  profile   Profile?
}
model Profile {
  id        Int       @id @default(autoincrement())
  bio       String
  deletedAt DateTime?
  userId    Int       @unique
  user      User      @relation(fields: [userId], references: [id])
}
model Post {
  id        Int       @id @default(autoincrement())
  title     String    @unique
  views     Int       @default(0)
  deletedAt DateTime?
  authorId  Int?
  author    User?     @relation(fields: [authorId], references: [id])
  tags      Tag[]
}
model Tag {
  id     Int     @id @default(autoincrement())
  name   String  @unique
  secret Boolean @default(false)
  posts  Post[]
}
]]
local column, fails = support.column, support.fails

-- Ada (tenant 1) has two posts, one of them deleted, and a deleted profile; Bob (tenant 2) has one post.
local function fill(client)
  local gone = "2020-01-01T00:00:00Z"
  client.User:create { data = { email = "ada", tenantId = 1,
    profile = { create = { bio = "old", deletedAt = gone } },
    posts = { create = {
      { title = "a1", views = 1, tags = { create = { { name = "open" }, { name = "hush", secret = true } } } },
      { title = "a2", views = 2, deletedAt = gone } } } } }
  client.User:create { data = { email = "bob", tenantId = 2, posts = { create = { title = "b1", views = 4 } } } }
end

local living = { deletedAt = lorm.null }
local mine -- deleted things do not exist, nor tenant 2, nor secret tags

local function suite()
  local made = support.suite(db, fill)
  local set_up = made.setUp
  made.setUp = function()
    set_up()
    mine = db:extends { scopes = { Post = living, Profile = living, User = { tenantId = 1 }, Tag = { secret = false } } }
  end
  return made
end

-- ---- what is seen ----

TestReads = suite()

function TestReads.testRows()
  lu.assertEquals(column(mine.Post:findMany { orderBy = { id = "asc" } }, "title"), { "a1", "b1" })
  lu.assertNil(mine.Post:findUnique { where = { title = "a2" } })
  lu.assertNil(mine.Post:findFirst { where = { views = 2 } })
  fails({ code = "P2025" }, mine.Post.findUniqueOrThrow, mine.Post, { where = { title = "a2" } })
  lu.assertFalse(mine.Post:exists { where = { views = 2 } })
  lu.assertTrue(db.Post:exists { where = { views = 2 } })
end

function TestReads.testARequiredToOneThatIsHiddenIsNil()
  local scoped = db:extends { scopes = { User = { tenantId = 2 } } }
  local profile = scoped.Profile:findFirst { include = { user = true } }
  lu.assertEquals(profile.bio, "old")
  lu.assertNil(profile.user)
end

function TestReads.testIncludes()
  local ada = mine.User:findUnique { where = { email = "ada" }, include = { posts = { include = { tags = true } }, profile = true } }
  lu.assertEquals(column(ada.posts, "title"), { "a1" })
  lu.assertEquals(column(ada.posts[1].tags, "name"), { "open" })
  lu.assertNil(ada.profile)
  local posts = mine.Post:findMany { include = { author = { include = { profile = true } } }, orderBy = { id = "asc" } }
  lu.assertEquals(posts[1].author.email, "ada")
  lu.assertNil(posts[2].author)
end

function TestReads.testChildrenOfAHiddenRowAreNotRead()
  lu.assertNil(mine.User:findUnique { where = { email = "bob" }, include = { posts = true } })
end

function TestReads.testRelationFiltersRangeOverWhatExists()
  local function users(where) return column(mine.User:findMany { where = where }, "email") end
  lu.assertEquals(users { posts = { every = { views = 1 } } }, { "ada" })
  lu.assertEquals(users { posts = { some = { views = 2 } } }, {})
  lu.assertEquals(users { posts = { none = { views = 2 } } }, { "ada" })
  lu.assertEquals(users { profile = { is = { bio = "old" } } }, {})
  lu.assertEquals(users { profile = { isNot = { bio = "old" } } }, { "ada" })
  lu.assertEquals(users { profile = lorm.null }, { "ada" })
  local function posts(where) return column(mine.Post:findMany { where = where }, "title") end
  lu.assertEquals(posts { author = { is = lorm.null } }, { "b1" })
  lu.assertEquals(posts { author = { isNot = lorm.null } }, { "a1" })
  lu.assertEquals(posts { author = { email = "bob" } }, {})
  lu.assertEquals(posts { tags = { some = { name = "hush" } } }, {})
end

function TestReads.testCountsAndAggregates()
  local ada = mine.User:findFirst { include = { _count = { select = { posts = true } } } }
  lu.assertEquals(ada._count.posts, 1)
  lu.assertEquals(mine.Post:count(), 2)
  lu.assertEquals(mine.Post:count { take = 5 }, 2)
  lu.assertEquals(mine.Post:aggregate { _sum = { views = true }, _max = { views = true } },
    { _sum = { views = 5 }, _max = { views = 4 } })
  lu.assertEquals(#mine.Post:groupBy { by = { "title" } }, 2)
end

function TestReads.testOrders()
  mine.User:updateMany { data = {}, where = { id = 1 } }
  local third = db.User:create { data = { email = "cy", tenantId = 1, posts = { create = { title = "c1" } } } }
  db.Post:create { data = { title = "c2", authorId = third.id } }
  lu.assertEquals(column(mine.User:findMany { orderBy = { posts = { _count = "desc" } } }, "email"), { "cy", "ada" })
  lu.assertEquals(column(db.User:findMany { where = { tenantId = 1 }, orderBy = { { posts = { _count = "desc" } }, { id = "asc" } } },
    "email"), { "ada", "cy" })
  -- the e-mail of an author who is hidden sorts as one that is not there
  lu.assertEquals(mine.Post:findMany { orderBy = { { author = { email = "desc" } } } }[1].title, "b1")
end

function TestReads.testACursorOnAHiddenRowFindsNothing()
  local a2 = db.Post:findUnique { where = { title = "a2" } }
  lu.assertEquals(mine.Post:findMany { cursor = { id = a2.id } }, {})
  lu.assertEquals(#mine.Post:findMany { cursor = { id = 1 } }, 2)
  lu.assertEquals(#mine.Post:findMany { distinct = { "deletedAt" } }, 1)
end

function TestReads.testStreamsExplainAndBatches()
  local seen = {}
  for post in mine.Post:stream { orderBy = { id = "asc" }, batchSize = 1 } do seen[#seen + 1] = post.title end
  lu.assertEquals(seen, { "a1", "b1" })
  lu.assertStrContains(mine.Post:explain { where = { id = 1 } }[1].sql, '"deletedAt" IS NULL')
  local results = mine:batch(function(b)
    b.Post:count()
    b.User:findMany { include = { posts = true } }
  end)
  lu.assertEquals(results[1], 2)
  lu.assertEquals(column(results[2][1].posts, "title"), { "a1" })
  mine:transaction(function(tx)
    lu.assertEquals(tx.Post:count(), 2)
    lu.assertEquals(tx.Post:unscoped():count(), 3)
    lu.assertEquals(tx:unscoped().Post:count(), 3)
    lu.assertEquals(tx:batch(function(b) b.Post:count() end)[1], 2)
  end)
  require "lorm.testing".sandbox(mine, function(tx) lu.assertEquals(tx.Post:count(), 2) end)
end

function TestReads.testManyFindUniquesOfOneTick()
  local function titles(client)
    return lorm.map({ 1, 2, 3 }, function(id)
      local post = client.Post:findUnique { where = { id = id } }
      return post and post.title or false
    end)
  end
  local found = titles(mine)
  lu.assertEquals({ found[1], found[2], found[3] }, { "a1", false, "b1" })
  local two = db:extends { scopes = { Post = function() return { views = { gte = 2 } } end } }
  local four = db:extends { scopes = { Post = function() return { views = { gte = 4 } } end } }
  local a, b = lorm.all { function() return titles(two) end, function() return titles(four) end }
  lu.assertEquals({ a[1], a[2], a[3] }, { false, "a2", "b1" })
  lu.assertEquals({ b[1], b[2], b[3] }, { false, false, "b1" })
end

-- One statement for each tenant, with its own values.
function TestReads.testFindUniquesOfOneTickAreMergedWithinAScope()
  local tenants = db:extends { scopes = { User = function(ctx) return { tenantId = ctx.user } end } }
  local one, two = tenants:as(1), tenants:as(2)
  local before = db:metrics().queries
  local found = lorm.map({ 1, 2, 1, 2, 3, 1, 2 }, function(id)
    local a = one.User:findUnique { where = { id = id } }
    local b = two.User:findUnique { where = { id = id } }
    return (a and a.email or "-") .. (b and b.email or "-")
  end)
  lu.assertEquals(table.concat(found, " "), "ada- -bob ada- -bob -- ada- -bob")
  lu.assertTrue(db:metrics().queries - before <= 4)
  local jobs = {}
  for i = 1, 40 do
    local client = i % 2 == 0 and one or two
    jobs[i] = function() lu.assertEquals(client.User:findUnique { where = { id = i % 2 == 0 and 1 or 2 } }.tenantId, i % 2 == 0 and 1 or 2) end
  end
  before = db:metrics().queries
  lorm.all(jobs)
  lu.assertTrue(db:metrics().queries - before <= 2)
end

function TestReads.testRawSqlIsNotScoped()
  lu.assertEquals(mine:queryRaw('SELECT count(*)::int AS n FROM "Post"')[1].n, 3)
end

-- ---- what is written ----

TestWrites = suite()

local function titles() return column(db.Post:findMany { orderBy = { id = "asc" } }, "title") end
local function post_of(title) return db.Post:findUnique { where = { title = title }, include = { tags = true } } end
local hidden = "would not exist"
local function denied(code, model, id, data) fails({ code = code }, model.update, model, { where = { id = id }, data = data }) end

function TestWrites.testWhatIsHiddenIsNotFound()
  fails({ code = "P2025" }, mine.Post.update, mine.Post, { where = { title = "a2" }, data = { views = 9 } })
  fails({ code = "P2025" }, mine.Post.delete, mine.Post, { where = { title = "a2" } })
  lu.assertEquals(mine.Post:updateMany { data = { views = 7 } }, { count = 2 })
  lu.assertEquals(mine.Post:updateEach { data = { { id = 1, views = 8 }, { id = 2, views = 8 } } }, { count = 1 })
  lu.assertEquals(#mine.Post:updateManyAndReturn { data = { views = { increment = 1 } } }, 2)
  lu.assertEquals(post_of "a2".views, 2)
  lu.assertEquals(mine.Post:deleteMany(), { count = 2 })
  lu.assertEquals(titles(), { "a2" })
end

function TestWrites.testUpsertOnAHiddenRowIsAUniqueViolation()
  local function upsert(where)
    return mine.Post:upsert { where = where, create = { title = "a2", views = 9 }, update = { views = 9 } }
  end
  local e = fails({ code = "P2002" }, upsert, { title = "a2" })
  lu.assertEquals(e.meta.target, { "title" })
  fails({ code = "P2002" }, upsert, { id = 2 })
  lu.assertEquals(post_of "a2".views, 2)
  lu.assertEquals(mine.Post:upsert { where = { title = "a1" }, create = { title = "a1" }, update = { views = 9 } }.views, 9)
  local rows = { { title = "a1", views = 3 }, { title = "a2", views = 3 }, { title = "n", views = 3 } }
  fails({ code = "P2002" }, mine.Post.upsertMany, mine.Post, { data = rows })
  lu.assertEquals(titles(), { "a1", "a2", "b1" })
  lu.assertEquals(post_of "a1".views, 9)
  table.remove(rows, 2)
  lu.assertEquals(mine.Post:upsertMany { data = rows, on = "title" }, { count = 2 })
  lu.assertEquals(post_of "a1".views, 3)
end

function TestWrites.testEqualitiesFillWhatIsAbsent()
  local bobs = db:extends { scopes = { User = { tenantId = { equals = 2 } }, Tag = { secret = true }, Post = { AND = { { views = 5 } } } } }
  lu.assertEquals(bobs.User:create { data = { email = "c" } }.tenantId, 2)
  bobs.User:createMany { data = { { email = "d" }, { email = "e" } } }
  bobs.User:createMany { data = { { email = "f" }, { email = "g", deletedAt = lorm.now() } } }
  lu.assertEquals(bobs.User:upsert { where = { email = "h" }, create = { email = "h" }, update = {} }.tenantId, 2)
  bobs.User:upsertMany { data = { { email = "i" } } }
  lu.assertEquals(bobs.User:count(), 8)
  local made = bobs.User:update { where = { email = "c" }, include = { posts = { include = { tags = true } } },
    data = { posts = { create = { title = "n", tags = { connectOrCreate = { where = { name = "t" }, create = { name = "t" } } } },
      createMany = { data = { { title = "m" } } } } } }
  lu.assertEquals(support.pick(made.posts, "views"), { { views = 5 }, { views = 5 } })
  lu.assertTrue(made.posts[1].tags[1].secret)
end

function TestWrites.testARowThatWouldNotExistIsRefused()
  local function refused(path, model, action, args)
    local e = fails({ code = "P2004", says = hidden, path = path }, model[action], model, args)
    lu.assertEquals(e.model, tostring(model):match "%w+$")
  end
  refused("data.tenantId", mine.User, "create", { data = { email = "x", tenantId = 2 } })
  refused(nil, mine.User, "createMany", { data = { { email = "x", tenantId = 2 } } })
  refused(nil, mine.User, "createManyAndReturn", { data = { { email = "x" }, { email = "y", tenantId = 2 } } })
  refused("update.tenantId", mine.User, "upsert", { where = { email = "ada" }, create = { email = "ada" }, update = { tenantId = 2 } })
  refused(nil, mine.User, "upsertMany", { data = { { email = "ada", tenantId = 2 } } })
  refused("data.tenantId", mine.User, "update", { where = { email = "ada" }, data = { tenantId = 2 } })
  refused(nil, mine.User, "update", { where = { email = "ada" }, data = { tenantId = { increment = 1 } } })
  refused(nil, mine.User, "updateMany", { data = { tenantId = 2 } })
  refused(nil, mine.User, "updateEach", { data = { { id = 1, tenantId = 2 } } })
  refused(nil, mine.Post, "update", { where = { title = "a1" }, data = { deletedAt = lorm.now() } })
  refused("data.posts.create.tags.create.secret", mine.User, "update", { where = { id = 1 },
    data = { posts = { create = { title = "n", tags = { create = { name = "t", secret = true } } } } } })
  lu.assertEquals(titles(), { "a1", "a2", "b1" })
  lu.assertEquals(column(db.User:findMany { orderBy = { id = "asc" } }, "tenantId"), { 1, 2 })
  lu.assertEquals(mine.User:update { where = { email = "ada" }, data = { tenantId = 1 } }.tenantId, 1)
  lu.assertEquals(mine.User:create { data = { email = "z", tenantId = 1 } }.tenantId, 1)
end

function TestWrites.testARefusedRowDoesNotOutliveItsTransaction()
  local e = fails({ code = "P2028" }, mine.transaction, mine, function(tx)
    fails({ code = "P2004" }, tx.User.updateMany, tx.User, { data = { tenantId = 2 } })
  end)
  lu.assertStrContains(e.message, "cannot be committed")
  lu.assertEquals(mine.User:count(), 1)
  mine:transaction(function(tx)
    pcall(tx.transaction, tx, function(inner)
      fails({ code = "P2004" }, inner.User.updateMany, inner.User, { data = { tenantId = 2 } })
      error "back"
    end)
    tx.User:create { data = { email = "z" } }
  end)
  lu.assertEquals(mine.User:count(), 2)
  fails({ code = "P2004" }, mine.batch, mine, function(b)
    b.User:create { data = { email = "y" } }
    b.User:updateMany { data = { tenantId = 2 } }
  end)
  lu.assertEquals(mine.User:count(), 2)
end

function TestWrites.testAScopeThatLooksAtRelations()
  local tagged = db:extends { scopes = { Post = { tags = { some = { name = "open" } } } } }
  lu.assertEquals(column(tagged.Post:findMany(), "title"), { "a1" })
  fails({ code = "P2004" }, tagged.Post.create, tagged.Post, { data = { title = "n" } })
  local open = { connect = { name = "open" } }
  lu.assertEquals(tagged.Post:create { data = { title = "n", tags = open } }.title, "n")
  fails({ code = "P2004" }, tagged.Post.update, tagged.Post, { where = { title = "n" }, data = { views = 1, tags = { set = {} } } })
  lu.assertEquals(tagged.Post:update { where = { title = "n" }, data = { views = 1 } }.views, 1)
  local adas = db:extends { scopes = { Post = { author = { email = "ada" } } } }
  fails({ code = "P2004" }, adas.Post.update, adas.Post, { where = { title = "a1" }, data = { authorId = 2 } })
  fails({ code = "P2004" }, adas.Post.update, adas.Post, { where = { title = "a1" }, data = { author = { disconnect = true } } })
  lu.assertEquals(adas.Post:update { where = { title = "a1" }, data = { author = { connect = { id = 1 } } } }.authorId, 1)
end

function TestWrites.testConnects()
  denied("P2025", mine.Post, 1, { author = { connect = { id = 2 } } })
  fails({ code = "P2025" }, mine.Post.create, mine.Post, { data = { title = "n", author = { connect = { email = "bob" } } } })
  denied("P2018", mine.User, 1, { posts = { connect = { { id = 2 }, { id = 3 } } } })
  denied("P2025", mine.Post, 1, { tags = { connect = { name = "hush" } } })
  denied("P2002", mine.Post, 1, { tags = { connectOrCreate = { where = { name = "hush" }, create = { name = "hush" } } } })
  denied("P2002", mine.User, 1, { profile = { upsert = { create = { bio = "new" }, update = { bio = "x" } } } })
  denied("P2025", mine.User, 1, { profile = { update = { bio = "x" } } })
  denied("P2025", mine.User, 1, { profile = { delete = true } })
  lu.assertEquals(db.Profile:findFirst().bio, "old")
  mine.User:update { where = { id = 1 }, data = { posts = { connect = { id = 3 } } } }
  lu.assertEquals(post_of "b1".authorId, 1)
end

function TestWrites.testDisconnectAndSetTouchWhatIsSeen()
  mine.Post:update { where = { id = 1 }, data = { tags = { set = {} } } }
  lu.assertEquals(column(post_of "a1".tags, "name"), { "hush" })
  db.Post:update { where = { id = 1 }, data = { tags = { connect = { name = "open" } } } }
  mine.Post:update { where = { id = 1 }, data = { tags = { set = { name = "open" } } } }
  lu.assertEquals(#post_of "a1".tags, 2)
  mine.Post:update { where = { id = 1 }, data = { tags = { disconnect = { { name = "open" }, { name = "hush" } } } } }
  lu.assertEquals(column(post_of "a1".tags, "name"), { "hush" })
  mine.User:update { where = { id = 1 }, data = { posts = { set = {} } } }
  lu.assertNil(post_of "a1".authorId)
  lu.assertEquals(post_of "a2".authorId, 1)
  mine.User:update { where = { id = 1 }, data = { posts = { disconnect = { id = 2 } } } }
  lu.assertEquals(post_of "a2".authorId, 1)
  mine.Post:update { where = { title = "b1" }, data = { author = { disconnect = true } } }
  lu.assertEquals(post_of "b1".authorId, 2)
end

function TestWrites.testNestedWrites()
  denied("P2025", mine.User, 1, { posts = { update = { where = { id = 2 }, data = { views = 9 } } } })
  denied("P2017", mine.User, 1, { posts = { delete = { id = 2 } } })
  denied("P2017", mine.User, 1, { posts = { delete = { { id = 1 }, { id = 2 } } } })
  mine.User:update { where = { id = 1 }, data = { posts = { updateMany = { where = {}, data = { views = 6 } } } } }
  lu.assertEquals(column(db.Post:findMany { orderBy = { id = "asc" } }, "views"), { 6, 2, 4 })
  denied("P2002", mine.User, 1, { posts = { upsert = { where = { id = 2 }, create = { title = "a2" }, update = { views = 9 } } } })
  mine.User:update { where = { id = 1 }, data = { posts = { deleteMany = { views = { gte = 0 } } } } }
  lu.assertEquals(titles(), { "a2", "b1" })
  denied("P2025", mine.Post, 3, { author = { update = { email = "x" } } })
end

-- ---- how a scope is said ----

TestForms = suite()

function TestForms.testAFunctionIsEvaluatedOnceForEachClientAndModel()
  local asked = {}
  local scoped = db:extends { scopes = {
    Post = function() asked[#asked + 1] = "Post" return { views = { lt = 3 } } end,
    User = function() asked[#asked + 1] = "User" return true end } }
  lu.assertEquals(asked, {})
  lu.assertEquals(scoped.Post:count(), 2)
  lu.assertEquals(scoped.Post:count(), 2)
  scoped:transaction(function(tx) tx.Post:count() end)
  lu.assertEquals(asked, { "Post" })
  scoped.Post:findMany { include = { author = true } }
  lu.assertEquals(asked, { "Post", "User" })
  scoped:as { id = 1 }.Post:count()
  lu.assertEquals(asked, { "Post", "User", "Post" })
end

function TestForms.testPerCall()
  local most = 1
  local scoped = db:extends { scopes = { perCall = true, Post = function() return { views = { lte = most } } end } }
  lu.assertEquals(scoped.Post:count(), 1)
  most = 2
  lu.assertEquals(scoped.Post:count(), 2)
  local seen = {}
  for post in scoped.Post:stream { batchSize = 1 } do
    seen[#seen + 1] = post.title
    most = 9
  end
  lu.assertEquals(seen, { "a1", "a2" })
end

function TestForms.testTheUserIsInTheContext()
  local scoped = db:extends { scopes = { User = function(ctx) return { tenantId = ctx.user.tenant } end } }
  lu.assertEquals(column(scoped:as { tenant = 1 }.User:findMany(), "email"), { "ada" })
  lu.assertEquals(column(scoped:as { tenant = 2 }.User:findMany(), "email"), { "bob" })
  lu.assertEquals(column(scoped:as { tenant = 2 }:as { tenant = 1 }.User:findMany(), "email"), { "ada" })
end

function TestForms.testAllModels()
  local seen = {}
  local scoped = db:extends { scopes = { ["$allModels"] = function(ctx)
    seen[#seen + 1] = ctx.model
    return not ctx.fields.deletedAt or living
  end, Post = { views = { lt = 4 } } } }
  lu.assertEquals(column(scoped.Post:findMany(), "title"), { "a1" })
  lu.assertEquals(scoped.Tag:count(), 2)
  lu.assertEquals(seen, { "Post", "Tag" })
end

function TestForms.testSeveralExtensionsMustAllHold()
  local scoped = db:extends { scopes = { Post = living } }:extends { scopes = { Post = { views = { lt = 4 } } } }
  lu.assertEquals(column(scoped.Post:findMany(), "title"), { "a1" })
  lu.assertEquals(scoped:unscoped().Post:count(), 3)
  lu.assertEquals(db:extends { scopes = { Post = false } }.Post:count(), 0)
  lu.assertEquals(db:extends { scopes = { Post = true } }.Post:count(), 3)
end

function TestForms.testUnscopedIsOfOneModel()
  lu.assertEquals(mine.Post:unscoped():count(), 3)
  lu.assertEquals(mine.Post:count(), 2)
  local post = mine.Post:unscoped():findUnique { where = { title = "a1" }, include = { tags = true, author = { include = { posts = true } } } }
  lu.assertEquals(column(post.tags, "name"), { "open" })
  lu.assertEquals(#post.author.posts, 2)
  lu.assertEquals(db.Post:unscoped():count(), 3)
end

function TestForms.testHooksSeeTheArgumentsAsTheyWere()
  local seen
  mine:use(function(params, next)
    seen = lorm.json.encode(params.args)
    return next { model = params.model, action = params.action, args = params.args }
  end)
  lu.assertEquals(#mine.Post:findMany { where = { views = { gte = 0 } } }, 2)
  lu.assertEquals(seen, '{"where":{"views":{"gte":0}}}')
  lu.assertEquals(mine.Post:unscoped():count(), 3)
  lu.assertEquals(#mine:unhooked().Post:findMany(), 2)
  lu.assertEquals(mine:batch(function(b)
    b.Post:count()
    b.Post:unscoped():count()
  end), { 2, 3, n = 2 })
end

function TestForms.testAScopeMayQuery()
  local scoped
  scoped = db:extends { scopes = { Post = function(ctx)
    return { authorId = ctx.db.User:findUnique { where = { email = ctx.user } }.id }
  end } }
  lu.assertEquals(column(scoped:as "bob".Post:findMany(), "title"), { "b1" })
  local loop
  loop = db:extends { scopes = { Post = function() return { id = loop.Post:count() } end } }
  fails({ says = "needs itself" }, loop.Post.count, loop.Post)
end

function TestForms.testAScopeSeesEverything()
  -- each of the two asks for the other's rows
  local scoped = db:extends { scopes = { User = { posts = { some = { views = 2 } } }, Post = { author = { is = { tenantId = 1 } } } } }
  lu.assertEquals(column(scoped.User:findMany(), "email"), { "ada" })
  lu.assertEquals(#scoped.Post:findMany { include = { author = true } }, 2)
end

-- ---- tenants ----

TestTenants = suite()

-- Two clients on behalf of different tenants, many tasks of each, all under way at once.
function TestTenants.testTasksOfDifferentTenantsNeverSeeEachOthersRows()
  local CALLS <const>, TASKS <const> = 50000, 25 -- of each tenant
  for i = 1, 40 do
    db.User:create { data = { email = "t" .. i, tenantId = i % 2 + 1, posts = { create = { title = "t" .. i } } } }
  end
  local tenants = db:extends { scopes = {
    User = function(ctx) return { tenantId = ctx.user } end,
    Post = function(ctx) return { author = { is = { tenantId = ctx.user } } } end,
  } }
  local strange, found, missed = 0, 0, 0
  local function see(tenant, user)
    if not user then missed = missed + 1 return end
    found = found + 1
    if user.tenantId ~= tenant then strange = strange + 1 end
  end
  local function call(client, tenant, i)
    if i % 50 == 0 then
      for _, post in ipairs(client.Post:findMany { where = { id = i % 43 }, include = { author = true } }) do see(tenant, post.author) end
    else
      see(tenant, client.User:findUnique { where = { id = i % 43 } })
    end
  end
  local jobs = {}
  for task = 1, 2 * TASKS do
    local tenant = task % 2 + 1
    local client = tenants:as(tenant)
    jobs[task] = function()
      for i = task, task + CALLS // TASKS - 1 do call(client, tenant, i) end
    end
  end
  lorm.all(jobs)
  lu.assertEquals(strange, 0)
  lu.assertTrue(found > CALLS / 2 and missed > CALLS / 2, ("%d found, %d missed"):format(found, missed))
end

-- ---- what is no scope hides everything, and says so ----

TestMistakes = suite()

local function wrong(says, scope)
  local scoped = db:extends { scopes = { Post = scope } }
  local e = fails({ says = says }, scoped.Post.findMany, scoped.Post)
  lu.assertStrContains(e.message, "test_scopes.lua:")
  fails({ says = says }, scoped.User.findMany, scoped.User, { include = { posts = true } })
  fails({ says = says }, scoped.Post.deleteMany, scoped.Post)
  lu.assertEquals(db.Post:count(), 3)
end

function TestMistakes.testNonsense()
  wrong("gave nil", function() end)
  wrong("gave an empty table", function() return { authorId = nil } end)
  wrong("gave an empty table", {})
  wrong("gave 7", function() return 7 end)
  wrong("failed: ", function(ctx) return { authorId = ctx.user.id } end)
  wrong("failed: no such luck", function() error("no such luck", 0) end)
  wrong("Unknown argument `auther`", function() return { auther = 1 } end)
  wrong("Expected Int", function() return { views = "many" } end)
end

function TestMistakes.testNames()
  fails({ says = "Did you mean Post?" }, db.extends, db, { scopes = { Pots = living } })
  fails({ says = "it is a number" }, db.extends, db, { scopes = { Post = 1 } })
  fails({ says = "no scopes" }, db.Post.scoped, db.Post, "softDelete", true)
  fails({ says = "named softDelete" }, mine.Post.scoped, mine.Post, "softDelete", true)
end

function TestMistakes.testAnErrorIsNotRemembered()
  local ready = false
  local scoped = db:extends { scopes = { Post = function() return ready and living or nil end } }
  fails({ says = "gave nil" }, scoped.Post.count, scoped.Post)
  ready = true
  lu.assertEquals(scoped.Post:count(), 2)
end

support.run(db)
