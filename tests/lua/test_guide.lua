-- The guide's examples, in Lua, as somebody would write them who follows it.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "blog"
local column = support.column

-- ---- services -----------------------------------------------------------------------------------------------------

local UserService = {}

function UserService.createUser(data)
  return db.User:create { data = data, include = { profile = true } }
end

function UserService.getUserById(id)
  return db.User:findUnique {
    where = { id = id },
    include = { profile = true, posts = { include = { categories = true, comments = true } } },
  }
end

function UserService.updateUser(id, data)
  return db.User:update { where = { id = id }, data = data, include = { profile = true } }
end

function UserService.deleteUser(id)
  return db.User:delete { where = { id = id } }
end

local PostService = {}

function PostService.getPosts(params)
  return db.Post:findMany {
    skip = params.skip or 0,
    take = params.take or 10,
    where = {
      AND = {
        params.searchTerm and {
          OR = {
            { title = { contains = params.searchTerm, mode = "insensitive" } },
            { content = { contains = params.searchTerm, mode = "insensitive" } },
          },
        } or {},
        params.categoryId and { categories = { some = { id = params.categoryId } } } or {},
        params.authorId and { authorId = params.authorId } or {},
        params.published ~= nil and { published = params.published } or {},
      },
    },
    include = {
      author = { select = { id = true, username = true, profile = true } },
      categories = true,
      _count = { select = { comments = true } },
    },
    orderBy = { createdAt = "desc" },
  }
end

function PostService.createPost(data) return db.Post:create { data = data } end

function PostService.getPostById(id)
  return db.Post:findUnique { where = { id = id }, include = { author = { select = { username = true } } } }
end

local BatchService = {}

function BatchService.createPostWithCategories(client, data, profile)
  return client:transaction(function(tx)
    local connect = {}
    for i, id in ipairs(data.categoryIds) do connect[i] = { id = id } end
    local post = { author = { connect = { id = data.authorId } }, categories = { connect = connect } }
    for name, value in pairs(data.post) do post[name] = value end
    local newPost = tx.Post:create { data = post }
    tx.User:update { where = { id = data.authorId }, data = { profile = { upsert = profile } } }
    return newPost
  end)
end

local function batchGetUserPosts(userIds)
  local posts = db.Post:findMany {
    where = { authorId = { ["in"] = userIds } }, include = { author = { select = { id = true, username = true } } },
    orderBy = { id = "asc" },
  }
  return lorm.groupBy(posts, "authorId", userIds)
end

local function checkPermission(userId, requiredRole)
  local user = db.User:findUnique { where = { id = userId }, select = { role = true } }
  if not user or user.role ~= requiredRole then error("Insufficient permissions", 0) end
end

local function user(name, more)
  local data = { email = name .. "@example.com", username = name, password = "password123" }
  for key, value in pairs(more or {}) do data[key] = value end
  return data
end

-- ---- CRUD ---------------------------------------------------------------------------------------------------------

TestCrud = support.suite(db)

function TestCrud.testCreateUser()
  local made = UserService.createUser(user("ada", { profile = { create = { bio = "first" } } }))
  lu.assertEquals(made.profile.bio, "first")
  lu.assertEquals(made.profile.userId, made.id)
  lu.assertEquals(made.role, "USER")
  lu.assertTrue(lorm.now() - made.createdAt < 60000)
  lu.assertNil(UserService.createUser(user "bob").profile)
end

function TestCrud.testGetUserById()
  UserService.createUser(user("ada", { profile = { create = {} }, posts = { create = {
    { title = "one", content = "c", categories = { create = { name = "lua" } } }, { title = "two", content = "c" },
  } } }))
  local found = UserService.getUserById(1)
  lu.assertEquals(column(found.posts, "title"), { "one", "two" })
  lu.assertEquals(column(found.posts[1].categories, "name"), { "lua" })
  lu.assertEquals(found.posts[2].categories, {})
  lu.assertEquals(found.posts[1].comments, {})
  lu.assertNil(UserService.getUserById(2))
end

function TestCrud.testUpdateUser()
  local made = UserService.createUser(user "ada")
  lorm.sleep(2)
  local changed = UserService.updateUser(1, { role = "ADMIN", profile = { create = { bio = "b" } } })
  lu.assertEquals({ changed.role, changed.profile.bio, changed.email }, { "ADMIN", "b", made.email })
  lu.assertTrue(changed.updatedAt > made.updatedAt)
  lu.assertEquals(changed.createdAt, made.createdAt)
end

function TestCrud.testDeleteUser()
  UserService.createUser(user "ada")
  lu.assertEquals(UserService.deleteUser(1).username, "ada")
  support.fails({ code = "P2025" }, UserService.deleteUser, 1)
end

-- ---- queries ------------------------------------------------------------------------------------------------------

local function fill()
  db.User:createMany { data = { user "ada", user("bob", { role = "ADMIN" }) } }
  db.Profile:create { data = { userId = 1, bio = "first" } }
  db.Category:createMany { data = { { name = "lua" }, { name = "sql" } } }
  local t = lorm.datetime "2026-01-01T00:00:00Z"
  for i, post in ipairs {
    { "Lua for all", "tables", true, { 1 } }, { "Plain SQL", "about LUA too", true, { 2 } }, { "Drafts", "nothing", false, { 1, 2 } },
  } do
    local connect = {}
    for k, id in ipairs(post[4]) do connect[k] = { id = id } end
    db.Post:create { data = { title = post[1], content = post[2], published = post[3], authorId = i == 2 and 2 or 1,
      createdAt = t + i * 1000, categories = { connect = connect } } }
  end
  db.Comment:create { data = { content = "good", postId = 1, authorId = 2 } }
end

TestQueries = support.suite(db, fill)

local function titles(params) return column(PostService.getPosts(params), "title") end

function TestQueries.testGetPosts()
  lu.assertEquals(titles {}, { "Drafts", "Plain SQL", "Lua for all" })
  lu.assertEquals(titles { searchTerm = "lua" }, { "Plain SQL", "Lua for all" })
  lu.assertEquals(titles { searchTerm = "lua", categoryId = 1 }, { "Lua for all" })
  lu.assertEquals(titles { published = false }, { "Drafts" })
  lu.assertEquals(titles { published = true, authorId = 2 }, { "Plain SQL" })
  lu.assertEquals(titles { skip = 1, take = 1 }, { "Plain SQL" })
  lu.assertEquals(titles { searchTerm = "%" }, {})
end

function TestQueries.testShapeOfPosts()
  local post = PostService.getPosts({ searchTerm = "Lua for" })[1]
  lu.assertEquals({ post.author.id, post.author.username, post.author.profile.bio }, { 1, "ada", "first" })
  lu.assertNil(post.author.email)
  lu.assertEquals(post._count, { comments = 1 })
  lu.assertEquals(column(post.categories, "name"), { "lua" })
end

function TestQueries.testBatchedPosts()
  local byAuthor = batchGetUserPosts { 1, 2, 77 }
  lu.assertEquals(column(byAuthor[1], "title"), { "Lua for all", "Drafts" })
  lu.assertEquals(column(byAuthor[2], "title"), { "Plain SQL" })
  lu.assertEquals(byAuthor[77], {})
  lu.assertEquals(byAuthor[2][1].author, { id = 2, username = "bob" })
end

function TestQueries.testGroupBy()
  local posts = db.Post:findMany { orderBy = { id = "asc" } }
  local byDay = lorm.groupBy(posts, function(post) return post.createdAt end)
  lu.assertEquals(byDay["2026-01-01T00:00:02.000Z"][1].title, "Plain SQL")
  lu.assertEquals(lorm.groupBy(posts, "none"), {})
  lu.assertEquals(lorm.groupBy({}, "authorId", { 4 }), { [4] = {} })
  for _, wrong in ipairs { { nil, "a" }, { {}, nil }, { {}, "a", 5 } } do
    local ok, e = pcall(lorm.groupBy, table.unpack(wrong, 1, 3))
    lu.assertFalse(ok)
    lu.assertEquals(e.name, "ValidationError")
  end
end

function TestQueries.testFullTextSearch()
  local function search(term)
    return column(db.Post:findMany {
      where = { OR = { { title = { search = term, mode = "insensitive" } }, { content = { search = term, mode = "insensitive" } } } },
      orderBy = { id = "asc" },
    }, "id")
  end
  lu.assertEquals(search "lua", { 1, 2 })
  lu.assertEquals(search "lua & tables", {})
  lu.assertEquals(search "tables | nothing", { 1, 3 })
  lu.assertEquals(search "plain sql", { 2 })
end

function TestQueries.testPermissions()
  checkPermission(2, "ADMIN")
  for _, case in ipairs { { 1, "ADMIN" }, { 99, "ADMIN" }, { 2, "MODERATOR" } } do
    local ok, e = pcall(checkPermission, table.unpack(case))
    lu.assertFalse(ok)
    lu.assertEquals(e, "Insufficient permissions")
  end
end

-- ---- transactions ---------------------------------------------------------------------------------------------------

TestBatches = support.suite(db, fill)

function TestBatches.testCreatePostWithCategories()
  local made = BatchService.createPostWithCategories(db,
    { post = { title = "new", content = "c" }, authorId = 2, categoryIds = { 1, 2 } },
    { create = { bio = "created" }, update = { bio = "updated" } })
  local post = db.Post:findUnique { where = { id = made.id }, include = { categories = true, author = { include = { profile = true } } } }
  lu.assertEquals(#post.categories, 2)
  lu.assertEquals(post.author.profile.bio, "created")
end

function TestBatches.testNothingStaysWhenItFails()
  local data = { post = { title = "new", content = "c" }, authorId = 2, categoryIds = { 1, 99 } }
  support.fails({ code = "P2025" }, BatchService.createPostWithCategories, db, data, { create = {}, update = {} })
  lu.assertEquals({ db.Post:count(), db.Profile:count() }, { 3, 1 })
end

-- The guide counts in a field that its schema does not have.
function TestBatches.testPostCount()
  local data = { post = { title = "new", content = "c" }, authorId = 2, categoryIds = {} }
  local profile = { create = { postCount = 1 }, update = { postCount = { increment = 1 } } }
  local e = support.fails({ name = "ValidationError", says = "Unknown argument `postCount`" },
    BatchService.createPostWithCategories, db, data, profile)
  lu.assertStrMatches(e.path, "data%.profile%.upsert%.%a+%.postCount")
  lu.assertEquals(db.Post:count(), 3)
end

-- The clean-up of its integration test, with the profiles that it forgot.
function TestBatches.testCleanUpInOneBatch()
  local results = db:batch(function(b)
    b.Comment:deleteMany()
    b.Post:deleteMany()
    b.Profile:deleteMany()
    b.User:deleteMany()
  end)
  lu.assertEquals(column(results, "count"), { 1, 3, 1, 2 })
  lu.assertEquals(db.User:count(), 0)
end

function TestBatches.testIntegration()
  local author = db.User:create { data = user "testuser" }
  local post = PostService.createPost { title = "Test Post", content = "Test Content", authorId = author.id, published = true }
  local found = PostService.getPostById(post.id)
  lu.assertEquals({ found.title, found.author }, { "Test Post", { username = "testuser" } })
end

-- ---- hooks ----------------------------------------------------------------------------------------------------------

TestHooks = support.suite(db, fill)

function TestHooks.testQueryAnalysis()
  local took = {}
  local timed = db:extends { query = { ["$allOperations"] = function(ctx)
    local start = lorm.clock()
    local result = ctx.query(ctx.args)
    took[#took + 1] = ("%s.%s took %.2fms"):format(ctx.model, ctx.operation, lorm.clock() - start)
    return result
  end } }
  lu.assertEquals(#timed.User:findMany(), 2)
  timed.Post:count()
  lu.assertStrMatches(took[1], "User%.findMany took %d+%.%d%dms")
  lu.assertStrMatches(took[2], "Post%.count took .*")
  db.User:count()
  lu.assertEquals(#took, 2)
end

function TestHooks.testCache()
  local cached, sent = {}, 0
  local client = db:extends { query = { ["$allOperations"] = function(ctx)
    if ctx.operation ~= "findUnique" and ctx.operation ~= "findFirst" then return ctx.query(ctx.args) end
    local key = lorm.cacheKey(ctx.model, ctx.operation, ctx.args)
    if not cached[key] then
      sent = sent + 1
      cached[key] = ctx.query(ctx.args)
    end
    return cached[key]
  end } }
  for _ = 1, 3 do lu.assertEquals(client.User:findUnique { where = { id = 1 }, select = { username = true } }.username, "ada") end
  lu.assertEquals(client.User:findUnique { select = { username = true }, where = { id = 1 } }.username, "ada")
  lu.assertEquals(sent, 1)
  lu.assertNil(client.User:findUnique { where = { id = 99 } })
  lu.assertNil(client.User:findUnique { where = { id = 99 } })
  lu.assertEquals(sent, 3) -- what is not there is not kept
end

function TestHooks.testVersion()
  lu.assertStrMatches(db:queryRaw("SELECT version()")[1].version, "PostgreSQL %d+.*")
end

-- ---- soft deletes -----------------------------------------------------------------------------------------------------

local notes = support.database [[
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model Note {
  id        Int       @id @default(autoincrement())
  text      String    @unique
  deletedAt DateTime?
}
]]

local function softDelete(params, next)
  local args = params.args
  if params.action == "delete" then
    params.action, args.data = "update", { deletedAt = lorm.now() }
  elseif params.action == "deleteMany" then
    params.action, args.data = "updateMany", { deletedAt = lorm.now() }
  elseif params.action == "findUnique" or params.action == "findFirst" or params.action == "findMany" then
    if params.action == "findUnique" then params.action = "findFirst" end
    local where = { deletedAt = lorm.null }
    for name, value in pairs(args.where or {}) do where[name] = value end
    args.where = where
  end
  return next(params)
end

TestSoftDelete = support.suite(notes, function()
  notes.Note:createMany { data = { { text = "a" }, { text = "b" }, { text = "c" } } }
end)

function TestSoftDelete.testMiddleware()
  local client = notes:extends {}:use(softDelete)
  lu.assertEquals(client.Note:delete { where = { id = 1 } }.text, "a")
  lu.assertNil(client.Note:findUnique { where = { id = 1 } })
  lu.assertNil(client.Note:findFirst { where = { text = "a" } })
  lu.assertEquals(column(client.Note:findMany { orderBy = { id = "asc" } }, "text"), { "b", "c" })
  lu.assertEquals(#client.Note:findMany(), 2)
  lu.assertEquals(client.Note:deleteMany { where = { text = "b" } }, { count = 1 })
  lu.assertEquals(column(client.Note:findMany(), "text"), { "c" })
  lu.assertEquals(notes.Note:count(), 3)
end

-- ---- connections ------------------------------------------------------------------------------------------------------

TestConnections = support.suite(db, fill)

function TestConnections.testPoolOptions()
  local url = require("lorm.core").url(require("lorm.client").handle(db))
  local client <close> = lorm.connect {
    schema = here .. "../../schema", url = url, pool = { max = 20, connectionTimeoutMillis = 5000, idleTimeoutMillis = 30000 },
  }
  lu.assertEquals(client.User:count(), 2)
end

function TestConnections.testQueryLog()
  local lines = {}
  local url = require("lorm.core").url(require("lorm.client").handle(db))
  local client <close> = lorm.connect { schema = here .. "../../schema", url = url }
  client:on("query", function(e)
    lines[#lines + 1] = lorm.json.encode { query = e.query, params = e.params, duration = e.duration, timestamp = e.timestamp:iso() }
  end)
  client.User:findUnique { where = { id = 1 } }
  lorm.sleep(5)
  local line = lorm.json.decode(lines[1])
  lu.assertStrContains(line.query, '"users"')
  lu.assertEquals(type(line.duration), "number")
  lu.assertStrMatches(line.timestamp, "%d+%-%d+%-%d+T%d+:%d+:%d+%.%d+Z")
end

support.run(db, notes)
