-- lorm.migrate: execute, push, deploy, status, diff.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local one = "model A {\n  id   Int    @id\n  name String\n}\n"
local two = "model A {\n  id Int @id\n}\n"
local db = support.database(one)
local fails = support.fails

-- The same database by another schema.
local function as(schema)
  return lorm.connect { schemaText = schema, url = require "lorm.core".url(require "lorm.client".handle(db)) }
end

TestMigrate = {}

function TestMigrate:setUp() lorm.migrate.push(db, { forceReset = true }) end

function TestMigrate.testExecute()
  lorm.migrate.execute(db, [[INSERT INTO "A" VALUES (1, 'x'); INSERT INTO "A" VALUES (2, 'y');]])
  lu.assertEquals(db.A:count(), 2)
  fails({ says = "SELCT" }, lorm.migrate.execute, db, "SELECT 1; SELCT 2")
  fails({ name = "ValidationError" }, lorm.migrate.execute, db, 1)
end

function TestMigrate.testOthersRunMeanwhile()
  local order = {}
  lorm.all {
    function()
      lorm.migrate.execute(db, "SELECT pg_sleep(0.1)")
      order[#order + 1] = "slow"
    end,
    function() order[#order + 1] = db.A:count() end,
  }
  lu.assertEquals(order, { 0, "slow" })
end

function TestMigrate.testPushRefusesToLoseData()
  lorm.migrate.execute(db, [[INSERT INTO "A" VALUES (1, 'x')]])
  local next <close> = as(two)
  fails({ name = "UsageError", says = "name" }, lorm.migrate.push, next)
  lu.assertEquals(db.A:findFirst().name, "x")
  lu.assertTrue(lorm.migrate.push(next, { acceptDataLoss = true }).done)
  lu.assertEquals(next.A:findMany(), { { id = 1 } })
  lu.assertEquals(lorm.migrate.push(next).steps, 0)
end

function TestMigrate.testDiff()
  lu.assertStrContains(lorm.migrate.diff { from = "empty", to = { schemaText = one } }, 'CREATE TABLE "A"')
  lu.assertEquals(lorm.migrate.diff { from = db, to = { schemaText = one } }, "")
  lu.assertStrContains(lorm.migrate.diff { from = db, to = { schemaText = two } }, 'DROP COLUMN "name"')
  fails({ name = "ValidationError" }, lorm.migrate.diff, { from = 1 })
end

function TestMigrate.testDeployAndStatus()
  local folder = os.tmpname()
  os.remove(folder)
  os.execute(("mkdir -p %s/20260101000000_init"):format(folder))
  local file = assert(io.open(folder .. "/20260101000000_init/migration.sql", "w"))
  file:write "CREATE TABLE made (id int);"
  file:close()
  lorm.migrate.execute(db, [[DROP TABLE "A"]])
  local options = { migrations = folder }
  lu.assertEquals(lorm.migrate.status(db, options), { { name = "20260101000000_init", state = "pending", edited = false } })
  lu.assertEquals(lorm.migrate.deploy(db, options), { "20260101000000_init" })
  lu.assertEquals(lorm.migrate.status(db, options)[1].state, "applied")
  lu.assertEquals(lorm.migrate.deploy(db, options), {})
  lu.assertEquals(db:queryRaw "SELECT count(*)::int AS n FROM made"[1].n, 0)
  os.execute("rm -r " .. folder)
end

function TestMigrate.testBackupAndRestore()
  local file = os.tmpname()
  os.remove(file)
  lorm.migrate.execute(db, [[INSERT INTO "A" VALUES (1, 'x')]])
  lorm.migrate.backup(db, file)
  fails({ says = file }, lorm.migrate.backup, db, file)
  lorm.migrate.execute(db, [[DROP TABLE "A"; CREATE TABLE b (id int); CREATE TYPE c AS ENUM ('d')]])
  lorm.migrate.restore(db, file)
  lu.assertEquals(db.A:findMany(), { { id = 1, name = "x" } })
  lu.assertEquals(lorm.migrate.push(db).steps, 0)
  lorm.migrate.backup(db, file, { replace = true })
  local text = io.open(file, "r+")
  text:seek("set", 0)
  text:write "SELECT nonsense;\n"
  text:close()
  fails({ says = "nonsense" }, lorm.migrate.restore, db, file)
  lu.assertEquals(db.A:count(), 1)
  os.remove(file)
  fails({ says = file }, lorm.migrate.restore, db, file)
  fails({ name = "ValidationError" }, lorm.migrate.backup, db, 1)
end

support.run(db)
