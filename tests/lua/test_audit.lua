-- The audit middleware: who changed what, at every depth, and nothing that did not come to stay.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local SCHEMA <const> = [[
model User {
  id       Int     @id @default(autoincrement())
  fullName String  @map("full_name")
  password String? /// @secret
  posts    Post[]
  @@map("users")
}
model Post {
  id       String @id @default(uuid())
  title    String
  author   User   @relation(fields: [authorId], references: [id], onDelete: Cascade)
  authorId Int
}
model Seat {
  row    Int
  number Int
  taken  Boolean @default(false)
  @@id([row, number])
}
]]
local plain = support.database(SCHEMA)
local URL = require("lorm.core").url(require "lorm.client".handle(plain))

local function connect(options)
  options[1] = "audit"
  return lorm.connect { schemaText = SCHEMA, url = URL, middleware = { options } }
end

TestAudit = support.suite(plain, function(db) -- ids count from 1 again
  db:executeRaw [[DO $$ BEGIN
    IF to_regclass('"_lorm"."audit"') IS NOT NULL THEN TRUNCATE "_lorm"."audit"; END IF;
  END $$]]
end)

local function told(history)
  local list = {}
  for i, one in ipairs(history) do list[i] = { one.action, one.who, one.before and one.before.fullName, one.after and one.after.fullName } end
  return list
end

function TestAudit.testHistory()
  local db <close> = connect {}
  local ada = db:as({ id = 7 }).User:create { data = { fullName = "Ada", password = "hunter2" } }
  db:as({ id = 8 }).User:update { where = { id = ada.id }, data = { fullName = "Ada L." } }
  db:as({ id = 8 }).User:update { where = { id = ada.id }, data = { fullName = "Ada L." } } -- changes nothing
  db.User:update { where = { id = ada.id }, data = { password = "secret2" } }
  db:as("root").User:delete { where = { id = ada.id } }
  local history = db.User:history(ada.id)
  lu.assertEquals(told(history), {
    { "create", "7", nil, "Ada" }, { "update", "8", "Ada", "Ada L." }, { "delete", "root", "Ada L.", nil },
  })
  lu.assertEquals(history[2].changed, { "fullName" })
  lu.assertTrue(lorm.now():unix() - history[1].at:unix() < 600)
  lu.assertNotStrContains(lorm.json.encode(plain:queryRaw [[SELECT * FROM "_lorm"."audit"]]), "hunter2")
  lu.assertEquals(db.User:history(99999), {})
end

function TestAudit.testNestedAndCascades()
  local db <close> = connect {}
  local me = db:as { id = 1 }
  local user = me.User:create { data = { fullName = "Eve", posts = { create = { { title = "one" }, { title = "two" } } } },
    include = { posts = { orderBy = { title = "asc" } } } }
  me.User:update { where = { id = user.id }, data = { posts = { update = { where = { id = user.posts[1].id }, data = { title = "uno" } } } } }
  me.User:delete { where = { id = user.id } }
  local history = db.Post:history(user.posts[1].id)
  lu.assertEquals({ #history, history[1].action, history[2].after.title, history[2].before.title, history[3].action, history[3].who },
    { 3, "create", "uno", "one", "delete", "1" })
  lu.assertEquals(history[3].before.authorId, user.id)
end

function TestAudit.testManyRawAndBatch()
  local db <close> = connect {}
  db.Seat:createMany { data = { { row = 1, number = 1 }, { row = 1, number = 2 } } }
  db:as("batch"):batch(function(b) b.Seat:updateMany { data = { taken = true } } end)
  db:executeRaw 'UPDATE "Seat" SET taken = false WHERE number = 2'
  local history = db.Seat:history { row = 1, number = 2 }
  lu.assertEquals({ #history, history[2].who, history[3].who, history[3].before.taken, history[3].after.taken },
    { 3, "batch", nil, true, false })
  lu.assertEquals(#db.Seat:history { row = 1, number = 1 }, 2)
  support.fails({ name = "ValidationError", path = "number" }, db.Seat.history, db.Seat, { row = 1 })
end

function TestAudit.testRolledBack()
  local db <close> = connect {}
  local id
  pcall(function()
    db:as("x"):transaction(function(tx)
      id = tx.User:create({ data = { fullName = "gone" } }).id
      error "no"
    end)
  end)
  lu.assertEquals(db.User:history(id), {})
  db:as("y"):transaction(function(tx) id = tx.User:create({ data = { fullName = "stays" } }).id end)
  lu.assertEquals(told(db.User:history(id)), { { "create", "y", nil, "stays" } })
end

-- The first write of all may be one of a transaction that is rolled back: the next one is noted all the same.
function TestAudit.testFirstWrite()
  plain:executeRaw 'DROP SCHEMA IF EXISTS "_lorm" CASCADE'
  local db <close> = connect { models = { "User" }, who = function(user) return "mail:" .. user.mail end }
  lu.assertEquals(db.User:history(1), {})
  pcall(db.transaction, db, function(tx)
    tx.User:create { data = { fullName = "gone" } }
    error "no"
  end)
  local user = db:as({ mail = "a@x.org" }).User:create { data = { fullName = "here", posts = { create = { title = "t" } } } }
  lu.assertEquals(told(db.User:history(user.id)), { { "create", "mail:a@x.org", nil, "here" } })
  lu.assertEquals(plain:queryRaw([[SELECT count(*)::int AS n FROM "_lorm"."audit" WHERE "model" = 'Post']])[1].n, 0)
end

-- The database is still that of the schema: nothing is to be done, and the history stays.
function TestAudit.testLeftAlone()
  local db <close> = connect {}
  local user = db:as("a").User:create { data = { fullName = "kept" } }
  local difference = lorm.migrate.diff { from = db, to = { schemaText = SCHEMA } }
  lu.assertNotStrContains(difference:lower(), "audit")
  lu.assertNotStrContains(difference, "DROP")
  lorm.migrate.push(db)
  lu.assertEquals(#db.User:history(user.id), 1)
  db:as("b").User:update { where = { id = user.id }, data = { fullName = "changed" } }
  lu.assertEquals(#db.User:history(user.id), 2)
end

function TestAudit.testMistakes()
  local function says(options, text)
    local ok, e = pcall(connect, options)
    lu.assertFalse(ok)
    lu.assertStrContains(tostring(e), text)
  end
  says({ model = {} }, "Did you mean `models`?")
  says({ models = { "Usr" } }, "Did you mean `User`?")
end

support.run(plain)
