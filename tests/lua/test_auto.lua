-- lorm seed --auto and seed.auto: rows for every model, from the schema alone.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local order = require "lorm.seed.auto.order"
local seed = require "lorm.seed"
local support = require "support"

local text = assert(io.open(here .. "auto.prisma")):read "a"
local db = support.database(text)

-- A run of --auto, quiet unless told otherwise; wanted: the text of a file, or nothing.
local function run(options, wanted)
  local given = { files = {}, seed = 1, scale = 1, quiet = true, auto = true, reset = true }
  for name, value in pairs(options or {}) do given[name] = value end
  if wanted then
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write(wanted)
    file:close()
    given.files[1] = path
  end
  local ok, e = pcall(seed.run, db, given)
  if given.files[1] then os.remove(given.files[1]) end
  if not ok then error(e, 0) end
end

local function fails(wanted)
  local ok, e = pcall(run, {}, wanted)
  lu.assertFalse(ok, "it did not fail")
  return tostring(e)
end

local MODELS <const> = { "User", "Profile", "Post", "Tag", "Tenant", "Team", "Member", "Key", "Lock", "Node", "Setting", "Types" }

local function counts()
  local out = {}
  for _, name in ipairs(MODELS) do out[name] = db.models[name]:count() end
  return out
end

-- All rows of all tables, as the database has them.
local function dump()
  local out = {}
  for _, found in ipairs(db:queryRaw [[
    SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1]]) do
    local rows = db:queryRaw(("SELECT t::text AS row FROM %s t ORDER BY 1"):format(found.name))
    for _, row in ipairs(rows) do out[#out + 1] = found.name .. row.row end
  end
  return table.concat(out, "\n")
end

-- The first line that differs; luaunit takes too long over texts of this length.
local function same(got, expected)
  local lines = expected:gmatch "[^\n]+"
  for line in got:gmatch "[^\n]+" do lu.assertEquals(line, lines()) end
  lu.assertNil(lines())
end

local function value(sql, ...)
  local _, v = next(db:queryRaw(sql, ...)[1])
  return v
end

TestAuto = support.suite(db)

function TestAuto.testEveryModelHasRows()
  run()
  for name, n in pairs(counts()) do lu.assertEquals(n, name == "Setting" and 6 or 10, name) end
  lu.assertTrue(value [[SELECT count(*)::int FROM "_PostToTag"]] > 0)
  lu.assertTrue(value [[SELECT count(*)::int FROM "_related"]] > 0)
end

function TestAuto.testManyRows()
  run { scale = 100 }
  for name, n in pairs(counts()) do
    local most = ({ Setting = 6, Types = 512 })[name] -- of Bit(9) there are no more
    lu.assertEquals(n, most or 1000, name)
  end
end

function TestAuto.testSameSeedSameRows()
  run { seed = 3, scale = 5 }
  local first = dump()
  run { seed = 3, scale = 5 }
  same(dump(), first)
  run { seed = 4, scale = 5 }
  lu.assertTrue(dump() ~= first)
end

-- A second run adds to what is there.
function TestAuto.testRowsThatAreThere()
  run()
  local before = dump()
  run { reset = false }
  local now = counts()
  lu.assertEquals({ now.User, now.Member, now.Setting }, { 20, 20, 6 })
  lu.assertTrue(dump():find(before:match "[^\n]+", 1, true) ~= nil)
end

function TestAuto.testLimitsOfTypes()
  run { scale = 20 }
  lu.assertTrue(value 'SELECT max(length("bio"))::int FROM "Profile"' <= 12)
  lu.assertEquals(value [[SELECT count(*)::int FROM "Types" WHERE "made" IS NULL OR "constant" <> 'x']], 0)
  lu.assertTrue(value 'SELECT count(DISTINCT array_length("roles", 1))::int FROM "Types"' > 1)
  lu.assertEquals(value 'SELECT count(*)::int FROM "Types" WHERE "where" IS NOT NULL', 0)
end

function TestAuto.testGuesses()
  run { scale = 20 }
  for _, user in ipairs(db.User:findMany {}) do
    lu.assertStrMatches(user.email, "[%w._-]+@example%.com.*")
    lu.assertTrue(user.updatedAt >= user.createdAt)
    lu.assertStrMatches(user.firstName, "%u%a+")
  end
  local deleted = db.User:count { where = { deletedAt = { not_ = lorm.null } } }
  lu.assertTrue(deleted < 50, "most are not deleted")
  lu.assertEquals(db.User:findMany { distinct = { "role" }, select = { role = true } }[3] ~= nil, true)
end

-- Those of circles: filled in when all rows are there.
function TestAuto.testCircles()
  run { scale = 10 }
  lu.assertTrue(db.User:count { where = { favouriteId = { not_ = lorm.null } } } > 30)
  lu.assertTrue(db.User:count { where = { managerId = { not_ = lorm.null } } } > 30)
  lu.assertEquals(value 'SELECT count(*)::int FROM "Node" WHERE "id" = "parentId"' >= 1, true)
  lu.assertEquals(value [[SELECT count(*)::int FROM pg_constraint WHERE contype = 'f' AND condeferrable]], 0)
end

function TestAuto.testLeftOut()
  run()
  lu.assertEquals({ db.Dot:count(), value 'SELECT count(*)::int FROM "Shape"', value 'SELECT count(*)::int FROM "Hidden"' }, { 0, 0, 0 })
end

TestWishes = support.suite(db)

function TestWishes.testCounts()
  run({}, [[return { default = 3, users = 7, post = { perAuthor = { 2, 2 } }, Tag = 0 }]])
  local now = counts()
  lu.assertEquals({ now.User, now.Post, now.Tag, now.Tenant }, { 7, 14, 0, 3 })
  lu.assertEquals(value [[SELECT count(*)::int FROM (SELECT 1 FROM "Post" GROUP BY "authorId" HAVING count(*) <> 2) x]], 0)
end

function TestWishes.testPerModel()
  run({}, [[return { users = 20, posts = { perUser = { 1, 5 } } }]])
  local least = value [[SELECT min(n)::int FROM (SELECT count(*) n FROM "Post" GROUP BY "authorId") x]]
  local most = value [[SELECT max(n)::int FROM (SELECT count(*) n FROM "Post" GROUP BY "authorId") x]]
  lu.assertEquals({ least >= 1, most <= 5, most > least }, { true, true, true })
  lu.assertEquals(value [[SELECT count(DISTINCT "authorId")::int FROM "Post"]], 20)
end

function TestWishes.testFields()
  run({}, [[local faker = ...
    return { users = { count = 9, fields = {
      role = { "ADMIN", "GUEST" }, active = true, lastName = function(f, i) return "N" .. i .. f.word.noun() end,
    } } }]])
  lu.assertEquals(db.User:count { where = { active = true, role = { in_ = { "ADMIN", "GUEST" } } } }, 9)
  lu.assertEquals(db.User:count { where = { lastName = { startsWith = "N9" } } }, 1)
end

function TestWishes.testMistakes()
  lu.assertStrContains(fails "return { usr = 1 }", "there is no model `usr`. Did you mean `User`?")
  lu.assertStrContains(fails "return { posts = { perUsr = 1 } }", "no such relation; Post has perAuthor")
  lu.assertStrContains(fails "return { users = -1 }", "must be a number of rows, got -1")
  lu.assertStrContains(fails "return { users = { fields = { emial = 1 } } }", "Did you mean `email`?")
  lu.assertStrContains(fails "return { posts = { perUser = { 5, 1 } } }", "{ least, most }")
  lu.assertStrContains(fails "return 7", "must return a table")
  lu.assertEquals(db.User:count(), 0)
end

function TestWishes.testDryRun()
  run { dryRun = true }
  lu.assertEquals(db.User:count(), 0)
end

-- The same from a script, beside rows of its own.
function TestWishes.testInAScript()
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write [[local db, faker, seed = ...
    local tenants = seed.rows("Tenant", 2, function(i) return { id = i } end)
    seed.auto { tenant = 0, team = 4, user = 6 }
    assert(db.Team:count { where = { tenantId = { in_ = { 1, 2 } } } } == 4)
    assert(seed.ref("Tenant", -1).id == 2)]]
  file:close()
  seed.run(db, { files = { path }, seed = 1, scale = 1, quiet = true })
  os.remove(path)
  lu.assertEquals({ db.Tenant:count(), db.Team:count(), db.User:count() }, { 2, 4, 6 })
end

TestOrder = {}

local function model(name, ...)
  local refs = {}
  for i, target in ipairs { ... } do refs[i] = { model = target:match "%a+", optional = target:find "?" ~= nil } end
  return { name = name, refs = refs }
end

local function ordered(...)
  local list, byName, out = { ... }, {}, {}
  for _, one in ipairs(list) do byName[one.name] = one end
  for i, step in ipairs(order(list, byName)) do
    local names = {}
    for k, one in ipairs(step) do names[k] = one.name end
    out[i] = table.concat(names, "+")
  end
  return out
end

function TestOrder.testParentsFirst()
  lu.assertEquals(ordered(model("C", "B"), model("B", "A"), model "A"), { "A", "B", "C" })
end

function TestOrder.testCirclesAreCutWhereTheyMayBe()
  local a, b = model("A", "B?"), model("B", "A")
  lu.assertEquals(ordered(a, b), { "A", "B" })
  lu.assertTrue(a.refs[1].late)
  lu.assertEquals(ordered(model("A", "B"), model("B", "A"), model("C", "A")), { "A+B", "C" })
  lu.assertEquals(ordered(model("A", "A")), { "A" })
end

support.run(db)
