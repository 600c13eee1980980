-- include and select of relations, to any depth, with conditions, order, limits and counts.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "blog"
local column, pick, refuses = support.column, support.pick, support.refuses

local function fill()
  db.User:createMany {
    data = {
      { email = "ada@x.org", username = "ada", password = "p" },
      { email = "bob@x.org", username = "bob", password = "p", role = "ADMIN" },
      { email = "cyd@x.org", username = "cyd", password = "p" },
    },
  }
  db.Profile:create { data = { bio = "first", userId = 1 } }
  db.Profile:create { data = { userId = 2 } }
  db.Category:createMany { data = { { name = "lua" }, { name = "sql" }, { name = "c" } } }
  local function post(authorId, title, published, ...)
    local categories = {}
    for i, id in ipairs { ... } do categories[i] = { id = id } end
    db.Post:create {
      data = { authorId = authorId, title = title, content = title .. "!", published = published,
        categories = { connect = categories } },
    }
  end
  post(1, "one", true, 1, 2)
  post(1, "two", false)
  post(1, "three", true, 2, 3)
  post(2, "four", true, 1)
  db.Comment:createMany {
    data = {
      { content = "c1", postId = 1, authorId = 2 }, { content = "c2", postId = 1, authorId = 3 },
      { content = "c3", postId = 3, authorId = 1 }, { content = "c4", postId = 4, authorId = 1 },
    },
  }
end

TestInclude = support.suite(db, fill)

function TestInclude.testToOne()
  local ada = db.User:findUnique { where = { id = 1 }, include = { profile = true } }
  lu.assertEquals(ada.profile.bio, "first")
  lu.assertEquals(ada.profile.userId, 1)
  lu.assertEquals(ada.email, "ada@x.org")
  lu.assertNil(db.User:findUnique { where = { id = 3 }, include = { profile = true } }.profile)
  local post = db.Post:findUnique { where = { id = 4 }, include = { author = true } }
  lu.assertEquals(post.author.username, "bob")
end

function TestInclude.testToMany()
  local users = db.User:findMany { include = { posts = true }, orderBy = { id = "asc" } }
  lu.assertEquals(column(users[1].posts, "title"), { "one", "two", "three" })
  lu.assertEquals(column(users[2].posts, "title"), { "four" })
  lu.assertEquals(users[3].posts, {})
end

function TestInclude.testManyToMany()
  local posts = db.Post:findMany { include = { categories = { orderBy = { name = "asc" } } }, orderBy = { id = "asc" } }
  lu.assertEquals(column(posts[1].categories, "name"), { "lua", "sql" })
  lu.assertEquals(posts[2].categories, {})
  lu.assertEquals(column(posts[3].categories, "name"), { "c", "sql" })
  local category = db.Category:findUnique { where = { name = "lua" }, include = { posts = { select = { "id" } } } }
  lu.assertItemsEquals(column(category.posts, "id"), { 1, 4 })
end

function TestInclude.testPositionalNames()
  local ada = db.User:findUnique { where = { id = 1 }, include = { "profile", posts = { take = 1 } } }
  lu.assertEquals(ada.profile.bio, "first")
  lu.assertEquals(#ada.posts, 1)
end

function TestInclude.testThreeLevels()
  local ada = db.User:findUnique {
    where = { id = 1 },
    include = {
      profile = true,
      posts = {
        orderBy = { id = "asc" },
        include = {
          categories = { orderBy = { id = "asc" } },
          comments = { include = { author = { include = { profile = true } } }, orderBy = { id = "asc" } },
        },
      },
    },
  }
  lu.assertEquals(#ada.posts, 3)
  lu.assertEquals(column(ada.posts[1].comments, "content"), { "c1", "c2" })
  lu.assertEquals(ada.posts[1].comments[1].author.username, "bob")
  lu.assertNil(ada.posts[1].comments[1].author.profile.bio)
  lu.assertNil(ada.posts[1].comments[2].author.profile)
  lu.assertEquals(ada.posts[2].comments, {})
  lu.assertEquals(column(ada.posts[3].categories, "id"), { 2, 3 })
end

function TestInclude.testNestedConditions()
  local users = db.User:findMany {
    orderBy = { id = "asc" },
    include = { posts = { where = { published = true }, orderBy = { title = "desc" }, select = { title = true } } },
  }
  lu.assertEquals(users[1].posts, { { title = "three" }, { title = "one" } })
  lu.assertEquals(users[2].posts, { { title = "four" } })
  lu.assertEquals(users[3].posts, {})
end

-- A limit counts for each parent.
function TestInclude.testNestedPaging()
  local function titles(args)
    local out = {}
    for i, user in ipairs(db.User:findMany { orderBy = { id = "asc" }, include = { posts = args } }) do
      out[i] = table.concat(column(user.posts, "title"), " ")
    end
    return out
  end
  local byId = { id = "asc" }
  lu.assertEquals(titles { take = 1, orderBy = byId }, { "one", "four", "" })
  lu.assertEquals(titles { take = -1, orderBy = byId }, { "three", "four", "" })
  lu.assertEquals(titles { skip = 1, orderBy = byId }, { "two three", "", "" })
  lu.assertEquals(titles { take = 1, skip = 1, orderBy = byId }, { "two", "", "" })
  lu.assertEquals(titles { take = 0 }, { "", "", "" })
  lu.assertEquals(titles { cursor = { id = 2 }, orderBy = byId }, { "two three", "", "" })
end

function TestInclude.testRootIsLimitedNotItsChildren()
  local users = db.User:findMany { take = 1, skip = 0, orderBy = { id = "asc" }, include = { posts = true } }
  lu.assertEquals(#users, 1)
  lu.assertEquals(#users[1].posts, 3)
end

function TestInclude.testSelectOfRelations()
  local post = db.Post:findUnique {
    where = { id = 1 },
    select = { title = true, author = { select = { id = true, username = true, profile = true } } },
  }
  lu.assertEquals(post.title, "one")
  lu.assertNil(post.content)
  lu.assertEquals(post.author.username, "ada")
  lu.assertNil(post.author.email)
  lu.assertEquals(post.author.profile.bio, "first")
  post = db.Post:findUnique { where = { id = 1 }, select = { comments = { select = { content = true } } } }
  lu.assertItemsEquals(post.comments, { { content = "c1" }, { content = "c2" } })
  lu.assertNil(post.id)
end

function TestInclude.testOmitInIncludes()
  local ada = db.User:findUnique { where = { id = 1 }, include = { posts = { omit = { content = true } } }, omit = { password = true } }
  lu.assertNil(ada.password)
  lu.assertNil(ada.posts[1].content)
  lu.assertEquals(ada.posts[1].authorId, 1)
end

TestCounts = support.suite(db, fill)

function TestCounts.testCountOfRelations()
  local users = db.User:findMany { orderBy = { id = "asc" }, include = { _count = { select = { posts = true, comments = true } } } }
  lu.assertEquals(column(users, "_count"),
    { { posts = 3, comments = 2 }, { posts = 1, comments = 1 }, { posts = 0, comments = 1 } })
  local post = db.Post:findUnique { where = { id = 1 }, select = { _count = true } }
  lu.assertEquals(post, { _count = { categories = 2, comments = 2 } })
end

function TestCounts.testCountWithConditions()
  local ada = db.User:findUnique {
    where = { id = 1 }, select = { _count = { select = { posts = { where = { published = true } } } } },
  }
  lu.assertEquals(ada._count.posts, 2)
end

function TestCounts.testOrderByRelations()
  local users = db.User:findMany { orderBy = { posts = { _count = "desc" } }, select = { "username" } }
  lu.assertEquals(column(users, "username"), { "ada", "bob", "cyd" })
  local posts = db.Post:findMany { orderBy = { { author = { username = "desc" } }, { id = "desc" } }, select = { "title" } }
  lu.assertEquals(column(posts, "title"), { "four", "three", "two", "one" })
end

TestManyParents = support.suite(db, fill)

-- Children come to the right parents, however many there are.
function TestManyParents.testHundreds()
  local users, posts = {}, {}
  for i = 1, 300 do users[i] = { email = i .. "@y.org", username = "u" .. i, password = "p" } end
  local made = db.User:createManyAndReturn { data = users, select = { "id" } }
  for i, user in ipairs(made) do
    for k = 1, i % 4 do posts[#posts + 1] = { title = i .. "/" .. k, content = "x", authorId = user.id } end
  end
  db.Post:createMany { data = posts }
  local found = db.User:findMany {
    where = { id = { in_ = column(made, "id") } }, orderBy = { id = "asc" },
    include = { posts = { orderBy = { id = "asc" } }, _count = { select = { posts = true } } },
  }
  lu.assertEquals(#found, 300)
  for i, user in ipairs(found) do
    lu.assertEquals(#user.posts, i % 4)
    lu.assertEquals(user._count.posts, i % 4)
    for k, post in ipairs(user.posts) do lu.assertEquals(post.title, i .. "/" .. k) end
  end
end

function TestManyParents.testJsonOfIncludes()
  local row = db.User:findUnique { where = { id = 3 }, select = { id = true, posts = { select = { "id" } }, profile = { select = { "bio" } } } }
  lu.assertEquals(lorm.json.encode(row), '{"id":3,"profile":null,"posts":[]}')
end

TestWrong = support.suite(db)

function TestWrong.testMistakes()
  local User = db.User
  refuses("include.postz", "Did you mean `posts`?", User.findMany, User, { include = { postz = true } })
  refuses("include.posts.include.auhor", "Did you mean `author`?", User.findMany, User,
    { include = { posts = { include = { auhor = true } } } })
  refuses("include.email", "cannot stand in `include`", User.findMany, User, { include = { email = true } })
  refuses("include.profile.take", "Unknown argument `take`", User.findMany, User, { include = { profile = { take = 1 } } })
  refuses("include.posts.skip", "must not be negative", User.findMany, User, { include = { posts = { skip = -1 } } })
  support.fails({ name = "ValidationError", says = "either use `include` or `select`" }, User.findMany, User,
    { include = { posts = true }, select = { id = true } })
  lu.assertEquals(pick(User:findMany(), "id"), {})
end

support.run(db)
