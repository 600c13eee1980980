-- The access middleware: roles, and their rules for models, actions, rows and fields, at every depth.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local SCHEMA <const> = [[
enum Role {
  USER
  MODERATOR
  ADMIN
}
model User {
  id    Int    @id @default(autoincrement())
  email String @unique
  name  String @default("")
  role  Role   @default(USER)
  posts Post[]
}
model Post {
  id       Int    @id @default(autoincrement())
  title    String
  author   User   @relation(fields: [authorId], references: [id])
  authorId Int
  tags     Tag[]
}
model Tag {
  id    Int    @id @default(autoincrement())
  name  String
  posts Post[]
}
]]
local plain = support.database(SCHEMA)
local URL = require("lorm.core").url(require "lorm.client".handle(plain))
local fails = support.fails

local ROLES <const> = { ADMIN = { "MODERATOR" }, MODERATOR = { "USER" } }

local function connect(options)
  options[1] = "access"
  options.roles = options.roles or ROLES
  return lorm.connect { schemaText = SCHEMA, url = URL, middleware = { options } }
end

TestAccess = support.suite(plain, function(db)
  db.User:create { data = { email = "user@x.org", posts = { create = { { title = "mine" }, { title = "also" } } } } }
  db.User:create { data = { email = "mod@x.org", role = "MODERATOR", posts = { create = { title = "theirs" } } } }
  db.User:create { data = { email = "admin@x.org", role = "ADMIN" } }
  db.Tag:create { data = { name = "lua" } }
end)

local user, moderator, admin = { id = 1, role = "USER" }, { id = 2, role = "MODERATOR" }, { id = 3, role = "ADMIN" }

local function denied(says, fn, ...) fails({ code = "PermissionDenied", says = says }, fn, ...) end

-- As one does it by hand: only the role is read, and whoever has another one is refused.
function TestAccess.testByHand()
  local function check(id, role)
    local found = plain.User:findUnique { where = { id = id }, select = { role = true } }
    if not found or found.role ~= role then error "Insufficient permissions" end
  end
  check(3, "ADMIN")
  lu.assertErrorMsgContains("Insufficient permissions", check, 1, "ADMIN")
  lu.assertErrorMsgContains("Insufficient permissions", check, 99, "ADMIN")
end

function TestAccess.testHierarchy()
  local db <close> = connect { rules = {} }
  db:as(admin):requireRole "ADMIN"
  lu.assertEquals(db:as(admin):requireRole("USER").User:count(), 3)
  db:as(moderator):requireRole "MODERATOR"
  denied("Insufficient permissions: MODERATOR may not do this (it takes ADMIN).", function() db:as(moderator):requireRole "ADMIN" end)
  denied("nobody", function() db:requireRole "USER" end)
  denied("GUEST", function() db:as({ role = "GUEST" }):requireRole "USER" end)
  local by_list <close> = connect { rules = {}, role = function(u) return u.all end }
  by_list:as({ all = { "GUEST", "MODERATOR" } }):requireRole "USER"
end

function TestAccess.testActions()
  local db <close> = connect { rules = { Post = { delete = { "ADMIN" }, deleteMany = { "MODERATOR" }, create = { "USER" } }, Tag = { write = {} } } }
  local as_user, as_admin = db:as(user), db:as(admin)
  local e = select(2, pcall(as_user.Post.delete, as_user.Post, { where = { id = 1 } }))
  lu.assertEquals({ e.code, e.model, e.action }, { "PermissionDenied", "Post", "delete" })
  lu.assertStrContains(e.message, "Insufficient permissions: USER may not delete Post (it takes ADMIN).")
  denied("delete Post", function() as_user.Post:deleteMany { where = { id = 1 } } end)
  lu.assertEquals(db:as(moderator).Post:deleteMany { where = { id = 1 } }, { count = 1 })
  as_user.Post:create { data = { title = "new", authorId = 1 } }
  as_user.Post:update { where = { id = 2 }, data = { title = "changed" } }
  denied("create Post", function() db:as({ role = "OTHER" }).Post:create { data = { title = "new", authorId = 1 } } end)
  denied("create Tag", function() as_admin.Tag:upsert { where = { id = 1 }, create = { name = "" }, update = {} } end)
  lu.assertEquals(as_user.Tag:count(), 1)
  as_admin.Post:delete { where = { id = 2 } }
  db.Tag:create { data = { name = "of nobody" } }
  denied("delete Post", function() as_user:transaction(function(tx) tx.Post:delete { where = { id = 3 } } end) end)
  lu.assertEquals(plain.Post:count(), 2)
end

function TestAccess.testNested()
  local db <close> = connect { rules = { Post = { delete = { "ADMIN" }, update = { "MODERATOR" }, read = { "USER" } }, Tag = { create = { "ADMIN" } } } }
  local as_user, stranger = db:as(user), db:as { role = "OTHER" }
  local function update(client, posts) return function() client.User:update { where = { id = 1 }, data = { posts = posts } } end end
  denied("delete Post", update(as_user, { delete = { id = 1 } }))
  denied("delete Post", update(as_user, { deleteMany = lorm.object {} }))
  denied("update Post", update(as_user, { update = { where = { id = 1 }, data = { title = "x" } } }))
  denied("update Post", update(as_user, { connect = { id = 3 } }))
  denied("create Tag", update(as_user, { create = { title = "x", tags = { create = { name = "y" } } } }))
  update(as_user, { create = { title = "x", tags = { connect = { id = 1 } } } })()
  update(db:as(admin), { delete = { id = 1 } })()
  as_user.Post:create { data = { title = "z", author = { connect = { id = 2 } } } }
  denied("read Post", function() stranger.User:findMany { include = { posts = true } } end)
  denied("read Post", function() stranger.User:findMany { include = { "posts" } } end)
  denied("read Post", function() stranger.User:count { where = { posts = { some = { title = "x" } } } } end)
  denied("read Post", function() stranger.User:findMany { select = { _count = { select = { posts = true } } } } end)
  denied("read Post", function() stranger.User:update { where = { id = 1 }, data = { name = "n" }, include = { posts = true } } end)
  lu.assertEquals(#as_user.User:findFirst({ where = { id = 2 }, include = { posts = true } }).posts, 2)
end

function TestAccess.testRows()
  local db <close> = connect { rules = { Post = { rows = { USER = function(u) return { authorId = u.id } end, MODERATOR = true } } } }
  local as_user = db:as(user)
  lu.assertEquals({ as_user.Post:count(), db:as(moderator).Post:count(), db:as({ role = "X" }).Post:count(), db.Post:count() }, { 2, 3, 0, 3 })
  lu.assertNil(as_user.Post:findUnique { where = { id = 3 } })
  fails({ code = "P2025" }, as_user.Post.update, as_user.Post, { where = { id = 3 }, data = { title = "stolen" } })
  lu.assertEquals(#as_user.User:findUnique({ where = { id = 2 }, include = { posts = true } }).posts, 0)
  lu.assertEquals(as_user:transaction(function(tx) return tx.Post:count() end), 2)
  lu.assertEquals(as_user.Post:updateMany { data = { title = "own" } }, { count = 2 })
end

function TestAccess.testFields()
  local db <close> = connect { rules = { User = { fields = { email = { read = { "MODERATOR" } }, role = { write = { "ADMIN" } } } } } }
  local as_user = db:as(user)
  local row = as_user.User:findFirst { where = { id = 1 } }
  lu.assertEquals({ row.email, row.name, row.role }, { nil, "", "USER" })
  lu.assertNil(as_user.Post:findFirst({ include = { author = true } }).author.email)
  lu.assertNil(as_user.Post:findFirst({ include = { "author" } }).author.email)
  lu.assertNil(as_user.Post:findFirst({ select = { author = { include = { posts = true } } } }).author.email)
  lu.assertNil(as_user.User:update({ where = { id = 1 }, data = { name = "new" } }).email)
  lu.assertEquals(db:as(moderator).User:findFirst({ where = { id = 1 } }).email, "user@x.org")
  for _, args in ipairs {
    { select = { email = true } }, { select = { "email" } }, { where = { email = { contains = "a" } } }, { orderBy = { email = "asc" } },
    { where = { AND = { { NOT = { email = "x" } } } } }, { distinct = { "email" } },
  } do
    denied("USER may not read User.email (it takes MODERATOR)", as_user.User.findMany, as_user.User, args)
  end
  denied("read User.email", function() as_user.Post:findMany { where = { author = { is = { email = "x" } } } } end)
  denied("read User.email", function() as_user.User:groupBy { by = { "email" } } end)
  denied("read User.email", function() as_user.User:aggregate { _min = { email = true } } end)
  denied("write User.role", function() as_user.User:update { where = { id = 1 }, data = { role = "ADMIN" } } end)
  denied("write User.role", function() as_user.User:createMany { data = { { email = "n@x.org", role = "ADMIN" } } } end)
  denied("write User.role", function()
    as_user.Post:update { where = { id = 1 }, data = { author = { update = { role = "ADMIN" } } } }
  end)
  db:as(admin).User:update { where = { id = 1 }, data = { role = "MODERATOR" } }
  as_user.User:create { data = { email = "n@x.org" } }
end

function TestAccess.testRawAndGuests()
  local db <close> = connect { rules = { Post = { read = { "USER" } } }, guest = "GUEST", raw = { "ADMIN" } }
  denied("GUEST may not read Post", function() db.Post:count() end)
  denied("GUEST may not use raw SQL (it takes ADMIN)", function() db:queryRaw "SELECT 1" end)
  lu.assertEquals(db:as(admin):queryRaw("SELECT 1 AS one")[1].one, 1)
  denied("MODERATOR may not use raw SQL", function() db:as(moderator):executeRaw 'DELETE FROM "Post"' end)
end

function TestAccess.testMistakes()
  local function says(options, text)
    local ok, e = pcall(connect, options)
    lu.assertFalse(ok)
    lu.assertStrContains(tostring(e), text)
  end
  says({ ruls = {} }, "Did you mean `rules`?")
  says({ rules = { Pots = {} } }, "Did you mean `Post`?")
  says({ rules = { Post = { delet = {} } } }, "Did you mean `delete`?")
  says({ rules = { Post = { delete = "ADMIN" } } }, "rules.Post.delete must be a list of roles")
  says({ rules = { Post = { delete = { "ADMNI" } } } }, "Did you mean `ADMIN`?")
  says({ rules = { User = { fields = { emial = { read = {} } } } } }, "Did you mean `email`?")
end

support.run(plain)
