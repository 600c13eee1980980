-- lorm seed: files, transactions, streams, unique draws, bulk rows, fixtures, once, scale, reset, dry run, errors.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local seed = require "lorm.seed"
local support = require "support"

local db = support.database "blog"
local column = support.column

local folder = support.folder()

local function write(name, text)
  local path = folder .. "/" .. name
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
  return path
end

-- Run scripts given as texts, in order.
local function run(options, ...)
  local given = { files = {}, seed = 1, scale = 1, quiet = true }
  for name, value in pairs(options) do given[name] = value end
  for i, text in ipairs { ... } do
    given.files[i] = text:find "%.lua$" and text or write(("%02d.lua"):format(i), "local db, faker, seed = ...\n" .. text)
  end
  seed.run(db, given)
end

local function fails(...)
  local ok, e = pcall(run, ...)
  lu.assertFalse(ok, "no error was raised")
  return tostring(e)
end

local USERS <const> = [[
seed.many("users", 25, function(i)
  return db.User:create { data = { email = faker.internet.email(), username = faker.internet.username() .. i,
    password = faker.internet.password(), profile = { create = { bio = faker.lorem.sentence() } } } }
end)
]]

-- All that the seed made, as one text.
local function contents()
  local rows = db.User:findMany {
    orderBy = { id = "asc" }, select = { id = true, email = true, username = true, password = true, profile = { select = { bio = true } } },
  }
  return lorm.json.encode(rows)
end

TestRuns = support.suite(db)

function TestRuns.testSameSeedSameData()
  run({}, USERS)
  local first = contents()
  lu.assertEquals(db.User:count(), 25)
  lu.assertEquals(db.Profile:count(), 25)
  lorm.testing.truncate(db)
  run({}, USERS)
  lu.assertEquals(contents(), first)
  lorm.testing.truncate(db)
  run({ seed = 2 }, USERS)
  lu.assertNotEquals(contents(), first)
end

function TestRuns.testManyReturnsWhatItMade()
  run({}, USERS:gsub("^seed", "local users = seed") .. [[
    assert(#users == 25 and users.n == 25)
    for i = 2, 25 do assert(users[i].id > users[i - 1].id, "in order") end
  ]])
end

function TestRuns.testScale()
  run({ scale = 0.2 }, USERS)
  lu.assertEquals(db.User:count(), 5)
  run({ scale = 2, seed = 7 }, [[seed.many("categories", 3, function(i) db.Category:create { data = { name = "c" .. i } } end)]])
  lu.assertEquals(db.Category:count(), 6)
end

function TestRuns.testReset()
  run({}, USERS)
  run({ reset = true }, [[seed.many("categories", 2, function() db.Category:create { data = { name = faker.word.noun() } } end)]])
  lu.assertEquals({ db.User:count(), db.Profile:count(), db.Category:count() }, { 0, 0, 2 })
end

function TestRuns.testDryRun()
  run({ dryRun = true }, USERS, [[assert(db.User:count() == 25, "a file sees what came before")]])
  lu.assertEquals(db.User:count(), 0)
end

-- Everything is the same again: ids, times, what the client would have made up.
function TestRuns.testRepeatable()
  local function everything()
    local out = {}
    for name, model in pairs(db.models) do out[name] = model:findMany { orderBy = { id = "asc" } } end
    out.links = db:queryRaw 'SELECT * FROM "_CategoryToPost" ORDER BY 1, 2'
    return lorm.json.encode(out)
  end
  run({ reset = true, seed = 5 }, here .. "../../seeds/blog.lua")
  local first = everything()
  run({ reset = true, seed = 5 }, here .. "../../seeds/blog.lua")
  lu.assertEquals(everything(), first)
  local user = db.User:findFirst()
  lu.assertEquals({ user.createdAt, user.updatedAt }, { lorm.datetime "2026-01-01", lorm.datetime "2026-01-01" })
end

function TestRuns.testUpdatesToo()
  run({}, [[
    local user = db.User:create { data = { email = "a@x.org", username = "a", password = "p" } }
    db.User:update { where = { id = user.id }, data = { username = "b" } }
    db.User:upsert { where = { id = user.id }, create = { email = "c", username = "c", password = "p" }, update = { role = "ADMIN" } }
  ]])
  local user = db.User:findFirst()
  lu.assertEquals({ user.username, user.role, user.updatedAt }, { "b", "ADMIN", lorm.datetime "2026-01-01" })
end

-- Not even the counters of keys have moved.
function TestRuns.testDryResetLeavesEverything()
  run({}, USERS)
  local before = contents()
  run({ reset = true, dryRun = true, seed = 2 }, USERS)
  lu.assertEquals(contents(), before)
  lu.assertEquals(db.User:create { data = { email = "z@x.org", username = "z", password = "p" } }.id, 26)
end

-- One file is there as a whole, or not at all; the files before it stay.
function TestRuns.testAFileIsATransaction()
  local e = fails({}, USERS, [[
    db.Category:create { data = { name = "half" } }
    error "no more"
  ]])
  lu.assertStrMatches(e, ".*02%.lua: .*02%.lua:3: no more")
  lu.assertEquals({ db.User:count(), db.Category:count() }, { 25, 0 })
end

function TestRuns.testTheDemo()
  run({}, here .. "../../seeds/blog.lua")
  lu.assertEquals({ db.User:count(), db.Profile:count(), db.Category:count(), db.Post:count() }, { 10, 10, 5, 30 })
  for _, post in ipairs(db.Post:findMany { include = { categories = true, comments = true } }) do
    lu.assertTrue(#post.categories >= 1 and #post.categories <= 3)
    lu.assertTrue(#post.comments <= 5)
  end
end

TestUnique = support.suite(db)

-- Five hundred words out of two thousand would come twice many times.
function TestUnique.testDrawsWithoutReplacement()
  run({}, [[seed.many("categories", 500, function() return db.Category:create { data = { name = faker.word.noun() } } end)]])
  lu.assertEquals(db.Category:count(), 500)
end

function TestUnique.testInNestedWrites()
  run({}, [[
    local user = db.User:create { data = { email = "a@x.org", username = "a", password = "p" } }
    seed.many("posts", 100, function()
      local words = faker.helpers.multiple(faker.word.noun, { count = 3 })
      for i, word in ipairs(words) do words[i] = { name = word } end
      return db.Post:create { data = { title = "t", content = "c", authorId = user.id, categories = { create = words } } }
    end)
  ]])
  lu.assertEquals(db.Category:count(), 300)
end

function TestUnique.testNothingLeftToDraw()
  local e = fails({}, [[
    seed.many("categories", 9, function() return db.Category:create { data = { name = faker.date.weekday() } } end)
  ]])
  lu.assertStrContains(e, "no more values for Category.name")
  lu.assertEquals(db.Category:count(), 0)
end

TestRows = support.suite(db)

function TestRows.testBulk()
  run({}, [[
    local users = seed.rows("User", 12000, function(i)
      return { email = "u" .. i .. "@x.org", username = "u" .. i, password = faker.internet.password() }
    end)
    assert(users.n == 12000 and users[12000].email == "u12000@x.org" and users[1].id < users[2].id)
    seed.rows("posts", 500, function(i) return { title = "t" .. i, content = "c", authorId = users[i].id } end)
  ]])
  lu.assertEquals({ db.User:count(), db.Post:count() }, { 12000, 500 })
  lu.assertEquals(db.User:count { where = { role = "USER", createdAt = { gt = "2020-01-01" } } }, 12000)
end

function TestRows.testUniqueDraws()
  run({}, [[seed.rows("Category", 500, function() return { name = faker.word.noun() } end)]])
  lu.assertEquals(db.Category:count(), 500)
end

function TestRows.testUnknownModel()
  lu.assertStrContains(fails({}, [[seed.rows("Usr", 1, function() return {} end)]]), "Did you mean `User`?")
  lu.assertStrContains(fails({}, [[seed.rows("User", 2, function() end)]]), "row 1 of User is no table but nil")
end

TestFixtures = support.suite(db)

function TestFixtures.testCsv()
  write("people.csv", 'id,email,username,note\r\n1,ada@x.org,"Lovelace, Ada",\r\n2,bob@x.org,"the ""Bob""","two\nlines"\r\n')
  run({}, [[
    local rows = seed.csv("people.csv", { id = "integer" })
    assert(#rows == 2 and rows[1].id == 1 and rows[1].note == nil and rows[2].note == "two\nlines")
    for _, row in ipairs(rows) do
      db.User:create { data = { id = row.id, email = row.email, username = row.username, password = "p" } }
    end
  ]])
  lu.assertEquals(column(db.User:findMany { orderBy = { id = "asc" } }, "username"), { "Lovelace, Ada", 'the "Bob"' })
end

function TestFixtures.testJson()
  write("people.json", '[{"name": "lua"}, {"name": "sql"}]')
  run({}, [[db.Category:createMany { data = seed.json "people.json" }]])
  lu.assertEquals(db.Category:count(), 2)
end

function TestFixtures.testMistakes()
  write("bad.csv", "a,b\n1\n")
  lu.assertStrContains(fails({}, [[seed.csv "bad.csv"]]), "bad.csv: line 2: 1 cells, the first line names 2")
  write("bad.csv", "a\nx\n")
  lu.assertStrContains(fails({}, [[seed.csv("bad.csv", { a = "integer" })]]), 'line 2, column a: "x" is no integer')
  lu.assertStrContains(fails({}, [[seed.csv "none.csv"]]), "none.csv: No such file")
  write("bad.json", "[1,")
  lu.assertStrContains(fails({}, [[seed.json "bad.json"]]), "bad.json")
end

TestOnce = support.suite(db)

function TestOnce.testOnce()
  db:executeRaw 'DROP SCHEMA IF EXISTS "_lorm" CASCADE'
  local script = [[seed.once("admin", function() db.Category:create { data = { name = "c" .. db.Category:count() } } end)]]
  run({}, script)
  run({}, script)
  lu.assertEquals(db.Category:count(), 1)
  run({ reset = true }, script)
  lu.assertEquals(db.Category:count(), 1)
end

-- A key is noted with the work, or not at all.
function TestOnce.testAFailureIsNotNoted()
  fails({}, [[seed.once("later", function() error "not yet" end)]])
  run({}, [[seed.once("later", function() db.Category:create { data = { name = "done" } } end)]])
  lu.assertEquals(db.Category:count(), 1)
end

TestErrors = support.suite(db)

function TestErrors.testFileLineLabelRow()
  local e = fails({}, [[
seed.many("users", 10, function(i)
  if i == 7 then error "seven" end
  return db.User:create { data = { email = i .. "@x.org", username = "u" .. i, password = "p" } }
end)]])
  lu.assertStrContains(e, "01.lua:3: seven")
  lu.assertStrMatches(e, '.*in row 7 of "users", made at .*01%.lua:2')
  lu.assertEquals(db.User:count(), 0)
end

function TestErrors.testErrorsOfTheDatabase()
  local e = fails({}, [[
seed.many("users", 3, function(i)
  return db.User:create { data = { email = "same@x.org", username = "u" .. i, password = "p" } }
end)]])
  lu.assertStrContains(e, "P2002 in db.User:create")
  lu.assertStrMatches(e, '.*in row [23] of "users", made at .*01%.lua:2')
  lu.assertEquals(db.User:count(), 0)
end

function TestErrors.testSyntaxAndArguments()
  lu.assertStrContains(fails({}, "local = 1"), "01.lua:2:")
  lu.assertStrContains(fails({}, [[seed.many("x", -1, print)]]), "must be an integer, not negative")
  lu.assertStrContains(fails({}, [[seed.many(10, print)]]), "the label must be a string")
  lu.assertStrContains(fails({}, [[faker.internet.emial()]]), "Did you mean `internet.email`?")
end

-- The command line: 2 for wrong usage.
function TestErrors.testCommandLine()
  lu.assertEquals(seed.main "--sede", 2)
  lu.assertEquals(seed.main("--seed", "x"), 2)
  lu.assertEquals(seed.main("--scale", "-1"), 2)
  lu.assertEquals(seed.main "--scale", 2)
end

support.run(db)
