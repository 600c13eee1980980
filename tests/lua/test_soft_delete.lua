-- The middleware softDelete.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local SCHEMA <const> = [[
model User {
  id        Int       @id @default(autoincrement())
  email     String
  deletedAt DateTime?
  updatedAt DateTime  @updatedAt
  posts     Post[]
  profile   Profile?
}
model Profile {
  id        Int       @id @default(autoincrement())
  bio       String
  deletedAt DateTime?
  userId    Int?      @unique
  user      User?     @relation(fields: [userId], references: [id])
}
model Post {
  id        Int       @id @default(autoincrement())
  title     String
  deletedAt DateTime?
  authorId  Int
  author    User      @relation(fields: [authorId], references: [id], onDelete: Cascade)
  tags      Tag[]
}
model Tag {
  id    Int    @id @default(autoincrement())
  name  String
  gone  Boolean @default(false)
  posts Post[]
}
]]

local db = support.database(SCHEMA, { middleware = { "softDelete" } })
local raw = db:unscoped()
local column = support.column

local function fill(client)
  client.User:create { data = { email = "ada", profile = { create = { bio = "b" } },
    posts = { create = { { title = "p1", tags = { create = { { name = "t" } } } }, { title = "p2" }, { title = "p3" } } } } }
end

TestSoftDelete = support.suite(db, fill)

function TestSoftDelete.testDelete()
  local gone = db.Post:delete { where = { id = 1 } }
  lu.assertEquals(gone.title, "p1")
  lu.assertTrue(lorm.now() - gone.deletedAt >= 0)
  lu.assertEquals(column(db.Post:findMany { orderBy = { id = "asc" } }, "title"), { "p2", "p3" })
  lu.assertNil(db.Post:findUnique { where = { id = 1 } })
  lu.assertEquals(raw.Post:count(), 3)
  support.fails({ code = "P2025" }, db.Post.delete, db.Post, { where = { id = 1 } })
  local user = db.User:findFirst { include = { posts = true, _count = { select = { posts = true } } } }
  lu.assertEquals(#user.posts, 2)
  lu.assertEquals(user._count.posts, 2)
  lu.assertEquals(db.Post:delete { where = { id = 2 }, include = { author = true } }.author.email, "ada")
  lu.assertEquals(raw.Post:count(), 3)
end

function TestSoftDelete.testDeleteManyTouchesWhatIsLeft()
  db.Post:delete { where = { id = 1 } }
  local before = raw.Post:findUnique { where = { id = 1 } }.deletedAt
  lu.assertEquals(db.Post:deleteMany { where = { id = { lte = 2 } } }, { count = 1 })
  lu.assertEquals(raw.Post:findUnique { where = { id = 1 } }.deletedAt, before)
  lu.assertEquals(db.Post:deleteMany { limit = 5 }, { count = 1 })
  lu.assertEquals(db.Post:deleteMany(), { count = 0 })
end

function TestSoftDelete.testNestedDeletes()
  local before = raw.User:findFirst().updatedAt
  db.User:update { where = { id = 1 }, data = {
    posts = { delete = { { id = 1 }, { id = 2 } }, deleteMany = { title = "p3" } }, profile = { delete = true },
  } }
  lu.assertEquals(db.Post:count(), 0)
  lu.assertEquals(raw.Post:count { where = { deletedAt = { not_ = lorm.null } } }, 3)
  lu.assertEquals(raw.Profile:findFirst().userId, 1)
  lu.assertNil(db.User:findFirst { include = { profile = true } }.profile)
  raw.Profile:updateMany { data = { deletedAt = lorm.null } }
  db.Profile:update { where = { id = 1 }, data = { user = { delete = true } } }
  local user = raw.User:findFirst()
  lu.assertNotNil(user.deletedAt)
  lu.assertTrue(user.updatedAt >= before)
  lu.assertEquals(raw.Profile:findFirst().userId, 1)
  lu.assertNil(db.Profile:findFirst { include = { user = true } }.user)
end

function TestSoftDelete.testWithOnlyAndRestore()
  db.Post:deleteMany { where = { id = { lte = 2 } } }
  lu.assertEquals(db.Post:withDeleted():count(), 3)
  lu.assertEquals(column(db.Post:onlyDeleted():findMany { orderBy = { id = "asc" } }, "id"), { 1, 2 })
  lu.assertEquals(#db.User:findFirst { include = { posts = true } }.posts, 1)
  lu.assertEquals(db.Post:restore { where = { id = 1 } }, { count = 1 })
  lu.assertEquals(db.Post:restore { where = { id = 3 } }, { count = 0 })
  lu.assertEquals(db.Post:count(), 2)
  lu.assertFalse(pcall(db.Post.restore, db.Post, { where = {} }))
  lu.assertEquals(db.Post:restore(), { count = 1 })
  db.Post:withDeleted():delete { where = { id = 1 } }
  lu.assertEquals(raw.Post:count(), 3)
  db:transaction(function(tx)
    lu.assertEquals(tx.Post:onlyDeleted():count(), 1)
    lu.assertEquals(tx.Post:restore(), { count = 1 })
    tx.Post:delete { where = { id = 2 } }
  end)
  lu.assertEquals(db.Post:count(), 2)
end

function TestSoftDelete.testUnscopedDeletes()
  lu.assertEquals(db.Post:unscoped():delete { where = { id = 1 } }.title, "p1")
  lu.assertEquals(raw.Post:count(), 2)
end

function TestSoftDelete.testOtherModelsAreUntouched()
  db.Tag:delete { where = { id = 1 } }
  lu.assertEquals(raw.Tag:count(), 0)
  support.fails({ says = "no action withDeleted" }, function() return db.Tag:withDeleted() end)
end

function TestSoftDelete.testUpdatesMayNotHide()
  support.fails({ code = "P2004" }, db.Post.update, db.Post, { where = { id = 1 }, data = { deletedAt = lorm.now() } })
  lu.assertEquals(db.Post:create { data = { title = "n", authorId = 1 } }.title, "n")
end

function TestSoftDelete.testHooksSeeADelete()
  local seen = {}
  local hooked = db:extends { query = { ["$allOperations"] = function(ctx)
    seen[#seen + 1] = ctx.operation
    return ctx.query(ctx.args)
  end } }
  hooked.Post:delete { where = { id = 1 } }
  hooked.Post:withDeleted():count()
  lu.assertEquals(seen, { "delete", "count" })
  lu.assertEquals(raw.Post:count(), 3)
  lu.assertEquals(db:unhooked().Post:count(), 2)
end

function TestSoftDelete.testABooleanMarks()
  local tags = support.database(SCHEMA, { middleware = { { "softDelete", field = "gone" } } })
  tags.Tag:createMany { data = { { name = "a" }, { name = "b" } } }
  lu.assertTrue(tags.Tag:delete { where = { id = 1 } }.gone)
  lu.assertEquals(tags.Tag:count(), 1)
  lu.assertEquals(tags.Tag:onlyDeleted():count(), 1)
  lu.assertEquals(tags.Tag:restore(), { count = 1 })
  tags:disconnect()
end

function TestSoftDelete.testAFieldThatThereIsNot()
  local ok, e = pcall(lorm.connect, { schemaText = SCHEMA, url = "postgresql:///none",
    middleware = { { "softDelete", field = "erasedAt" } } })
  lu.assertFalse(ok)
  lu.assertStrContains(tostring(e), "no model has a field erasedAt")
end

support.run(db)
