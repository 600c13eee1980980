-- The parts of the REPL that need no terminal: chunks, completion, tables, plans, exports, what is asked about.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lorm = require "lorm"
local lu = require "luaunit"
local support = require "support"

local advise = require "lorm.advise"
local catalog = require "lorm.catalog"
local chunk = require "lorm.repl.chunk"
local client = require "lorm.client"
local complete = require "lorm.repl.complete"
local environment = require "lorm.repl.environment"
local export = require "lorm.repl.export"
local grammar = require "lorm.repl.grammar"
local grid = require "lorm.grid"
local repeats = require "lorm.repeats"

local db = support.database "blog"

local function user(email, more)
  local data = { email = email, username = email, password = "p" }
  for name, value in pairs(more or {}) do data[name] = value end
  return data
end

-- ---- chunks ----

TestChunk = {}

function TestChunk.testStates()
  for text, state in pairs {
    ["1 + 1"] = "whole", ["= 5"] = "whole", ["x = 1"] = "whole", ["for i = 1, 3 do"] = "unfinished", ["f {"] = "unfinished",
    ["1 +"] = "unfinished", ["x ="] = "unfinished", ["x = )"] = "wrong", ["[[ open"] = "unfinished", ["local x = function()"] = "unfinished",
  } do
    lu.assertEquals(chunk.state(text), state, text)
  end
end

local function problem(text)
  local fn, message = chunk.load(text, {})
  lu.assertNil(fn)
  return message
end

function TestChunk.testCarets()
  lu.assertEquals(problem "x = = 1", "unexpected symbol near '='\n   1 | x = = 1\n     |     ^")
  lu.assertEquals(problem "local a = 1\nif a them\nend", "'then' expected near 'them'\n   2 | if a them\n     |      ^^^^")
  lu.assertStrContains(problem "y = y y = 日本 z", "^")
  lu.assertStrContains(problem 'a = "日本" b c', '\n     |              ^') -- wide characters are two columns
end

-- What one line declares the next one has, and nobody else.
local function session()
  local scope = environment.new()
  return scope, function(text)
    local fn, names = chunk.load(text, scope.env)
    assert(fn, names)
    for _, name in ipairs(names) do scope.declare(name.name, name.close) end
    return fn()
  end
end

function TestChunk.testLocalsStay()
  local _, run = session()
  run "local x, y <const> = 40, 2"
  lu.assertEquals(run "x + y", 42)
  run "local function inc() x = x + 1 return x end"
  lu.assertEquals(run "inc()", 41)
  lu.assertEquals(run "x", 41) -- one variable, not two
  run "local x"
  lu.assertNil(run "x")
  run "x = 3; local x = x + 1"
  lu.assertEquals(run "x", 4)
  lu.assertNil(rawget(_G, "x"))
  run "local string = 'mine'"
  lu.assertEquals(run "string", "mine")
  lu.assertEquals(_G.string, string)
end

function TestChunk.testLocalsOfBlocksDoNot()
  local _, run = session()
  run "do local hidden = 1 end for i = 1, 2 do local hidden = i end if true then local hidden = 2 elseif false then local hidden = 3 end"
  lu.assertNil(run "hidden")
  run "f = function() local hidden = 1 return { function() local deeper = 2 end } end local shown = 1"
  lu.assertNil(run "hidden")
  lu.assertEquals(run "shown", 1)
  run "-- local comment = 1\nlocal s = 'local quoted = 1' local t = [[ local long = 1 ]]"
  lu.assertEquals(run "s", "local quoted = 1")
end

function TestChunk.testClosingWaitsForTheEnd()
  local scope, run = session()
  local order = {}
  function _G.closable(name) return setmetatable({}, { __close = function() order[#order + 1] = name end }) end
  run "local a <close> = closable 'a'"
  run "local b <close> = closable 'b'"
  lu.assertEquals(order, {})
  scope.close()
  lu.assertEquals(order, { "b", "a" })
  _G.closable = nil
end

function TestChunk.testPastedPieces()
  lu.assertEquals(chunk.split "x = 1\nx\n\nfor i = 1, 2 do\n  f(i)\nend\nx + 1",
    { "x = 1", "x", "for i = 1, 2 do\n  f(i)\nend", "x + 1" })
  lu.assertEquals(chunk.split "local x = 1\nprint(x)", { "local x = 1\nprint(x)" })
  lu.assertEquals(chunk.split "x = 1\nx = = 2", { "x = 1\nx = = 2" })
end

-- ---- completion ----

TestComplete = {}

local function candidates(text, env)
  local replaced, found = complete.candidates(text, {
    env = env or setmetatable({ db = db, Category = db.Category }, { __index = _G, __pairs = function() return pairs(_G) end }),
    commands = require "lorm.repl.commands",
  })
  return found, replaced
end

local function has(text, ...)
  local found = {}
  for _, word in ipairs(candidates(text)) do found[word] = true end
  for _, word in ipairs { ... } do lu.assertTrue(found[word], text .. " offers " .. word) end
end
local function has_not(text, ...)
  local found = {}
  for _, word in ipairs(candidates(text)) do found[word] = true end
  for _, word in ipairs { ... } do lu.assertNil(found[word], text .. " offers " .. word) end
end

function TestComplete.testNames()
  has("db.", "User", "Category", "transaction", "models", "enums")
  has("db.models.", "User")
  has("db.User:", "findMany", "create", "explain", "stream")
  has("db.User.fields.e", "email")
  has("string.le", "len")
  has("loc", "local")
  has_not("db.User:", "email")
  has("print(lorm.js", "json", "jsonNull")
  lu.assertEquals(candidates "nothing.here", {})
  lu.assertEquals(candidates "-- db.", {})
end

function TestComplete.testArguments()
  has("db.User:findMany { ", "where", "select", "include", "orderBy", "take", "skip", "cursor", "distinct")
  has_not("db.User:findMany { ", "data", "by")
  has("db.User:create({ ", "data", "select")
  has("Category:findFirst{ where = { na", "name = ")
  has("local rows = db.User:findMany{\n  where = {\n    em", "email = ")
  has("db.User:findMany { where = { email = { ", "equals", "contains", "startsWith", "in_", "not_", "mode")
  has_not("db.User:findMany { where = { id = { ", "contains", "mode")
  has("db.User:findMany { where = { AND = { { ", "email", "OR")
  has("db.User:findMany { where = { posts = { ", "some", "every", "none")
  has("db.User:findMany { where = { posts = { some = { ti", "title = ")
  has("db.User:findMany { include = { posts = { where = { ti", "title = ")
  has("db.User:findMany { include = { posts = { ", "orderBy", "take", "include", "select")
  has('db.User:findMany { include = { "po', "posts")
  has('db.User:findMany { distinct = { "em', "email")
  has("db.User:findMany { orderBy = { email = ", '"asc"', '"desc"')
  has('db.User:findMany { orderBy = { { email = "d', "desc")
  has("db.User:update { data = { posts = { ", "create", "connect", "disconnect", "update", "deleteMany")
  has_not("db.User:create { data = { posts = { ", "disconnect")
  has("db.User:update { where = { id = 1 }, data = { posts = { create = { ti", "title = ")
end

function TestComplete.testEnums()
  has("db.enums.Role.", "ADMIN", "USER")
  has("db.User:findMany { where = { role = ", '"ADMIN"', '"USER"')
  has('db.User:findMany { where = { role = "A', "ADMIN")
  has('db.User:findMany { where = { role = { in_ = { "A', "ADMIN")
  has('db.User:create { data = { role = "U', "USER")
end

function TestComplete.testCommandsAndFiles()
  has(".mo", ".models")
  has(".schema Us", "User")
  has(".sql o", "on", "off")
  has(".explain db.User:findMany { where = { em", "email = ")
  has(".export c", "csv")
  has(".export json out db.U", "User")
  has(".run tests/lua/test_rep", "tests/lua/test_repl.lua")
  has('dofile("tests/lua/test_rep', "tests/lua/test_repl.lua")
  has('dofile("tests/', "tests/lua/")
end

-- Each argument that completion offers is one that the planner knows.
function TestComplete.testThePlannerKnowsTheArguments()
  for action, arguments in pairs(grammar.actions) do
    for _, name in ipairs(action ~= "explain" and action ~= "stream" and arguments or {}) do
      local fine, e = pcall(db.User[action], db.User, { [name] = lorm.array { lorm.array {} } })
      local unknown = not fine and tostring(e.message):find("Unknown argument", 1, true) and e.path == name
      lu.assertFalse(unknown or false, action .. " " .. name)
    end
  end
end

-- 300 models: a candidate is there in less time than a few queries of this machine need, loaded as it may be.
function TestComplete.testLargeSchema()
  local parts = { 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n' }
  for i = 1, 300 do
    local fields = {}
    for f = 1, 15 do fields[f] = ("  field%d String?\n"):format(f) end
    parts[#parts + 1] = ("model Model%d {\n  id Int @id\n%s}\n"):format(i, table.concat(fields))
  end
  local large <close> = lorm.connect { schemaText = table.concat(parts), url = "postgresql://localhost/none" }
  local env = setmetatable({ db = large }, { __index = _G, __pairs = function() return pairs(_G) end })
  local function once(text)
    local started = lorm.clock()
    local found = candidates(text, env)
    return lorm.clock() - started, #found
  end
  once "db.Mo"
  local texts = { "db.Mo", "db.Model299:findM", "db.Model299:findMany { where = { fie", "db.Model7:findMany { where = { OR = { { field1" }
  for _, text in ipairs(texts) do
    local best = math.huge
    for _ = 1, 20 do
      local took, n = once(text)
      lu.assertTrue(n > 0, text)
      best = math.min(best, took)
    end
    lu.assertTrue(best < 20, ("%s took %.1f ms"):format(text, best))
  end
end

-- ---- tables ----

TestGrid = support.suite(db)

local function lines_of(rows, options)
  local lines = {}
  for line in (grid.render(rows, options) .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = line end
  return lines
end

local function seeded()
  db.User:create {
    data = user("日本@example.com", { posts = { create = { { title = "one", content = "" }, { title = "two", content = "" } } } }),
  }
end

function TestGrid.testAlignedAndFitted()
  seeded()
  local rows = db:queryRaw [[select g as n, repeat('日', 40) as wide, null as nothing, 'x' || g as text from generate_series(9, 11) g]]
  for _, width in ipairs { 30, 40, 60, 120 } do
    for _, line in ipairs(lines_of(rows, { width = width })) do
      lu.assertTrue(require "lorm.core".width(line) <= width, line)
    end
  end
  local lines = lines_of(rows, { width = 40 })
  lu.assertStrContains(lines[3], "…")
  lu.assertStrContains(lines[3], "NULL")
  lu.assertStrMatches(lines[3], " 9  .*")
  lu.assertStrMatches(lines[4], "10  .*")
  lu.assertNotStrContains(lines_of(rows, {})[3], "…")
end

function TestGrid.testTooNarrowIsABlock()
  seeded()
  local lines = lines_of(db.User:findMany {}, { width = 24 })
  lu.assertEquals(lines[1], "-- 1 --")
  for _, line in ipairs(lines) do lu.assertTrue(require "lorm.core".width(line) <= 24, line) end
end

function TestGrid.testNestedRowsAreIndented()
  seeded()
  local text = grid.render(db.User:findMany { select = { email = true, posts = { select = { title = true } } } }, { width = 80 })
  lu.assertEquals(text, "email\n----------------\n日本@example.com\n  posts (2)\n    title\n    -----\n    one\n    two")
end

function TestGrid.testCap()
  local rows = db:queryRaw "select g from generate_series(1, 30) g"
  local lines = lines_of(rows, { width = 80, cap = 10 })
  lu.assertEquals(lines[#lines], "… 20 more")
  lu.assertEquals(#lines, 13)
  lu.assertEquals(select(2, grid.render(rows, { cap = 10 })), 20)
end

function TestGrid.testNothingDrivesTheTerminal()
  local lines = lines_of(db:queryRaw "select E'a\\x1b[31mb\\nc' as text", {})
  lu.assertEquals(lines[3], "a [31mb⏎c")
end

-- ---- explain ----

TestExplain = support.suite(db)

function TestExplain.testATreeWithBothFigures()
  db.User:create { data = user "a@example.com" }
  local text = tostring(db.User:explain { where = { email = { contains = "a" } }, analyze = true })
  lu.assertStrContains(text, "estimated rows=")
  lu.assertStrContains(text, "actual rows=1")
  lu.assertStrContains(text, "SELECT")
end

function TestExplain.testAnIndexThatIsMissing()
  local rows = {}
  for i = 1, 2000 do rows[i] = user(("u%d@example.com"):format(i), { password = "n" .. i % 500 }) end
  db.User:createMany { data = rows }
  db:executeRaw "analyze users"
  local explained = db.User:explain { where = { password = "n7" }, analyze = true }
  lu.assertEquals(#explained[1].hints, 1)
  lu.assertEquals(explained[1].hints[1].line, "@@index([password])")
  lu.assertEquals(explained[1].hints[1].model, "User")
  lu.assertStrContains(tostring(explained), "hint: a sequential scan reads 2000 rows of users and keeps 4")
  lu.assertEquals(db.User:explain({ where = { password = "n7" } })[1].hints[1].line, "@@index([password])")
  lu.assertEquals(#db.User:explain({ where = { email = "u7@example.com" }, analyze = true })[1].hints, 0)
  lu.assertEquals(#db.User:explain({ analyze = true })[1].hints, 0) -- all of it is read because all is wanted
  lu.assertStrContains(db.User:explain({ where = { password = { contains = "77" } }, analyze = true })[1].hints[1].line, "gin_trgm_ops")
end

function TestExplain.testColumnsOfConditions()
  local model = {
    name = "Thing", table = "things",
    fields = {
      { name = "authorId", kind = "scalar" }, { name = "created", dbName = "created_at", kind = "scalar" },
      { name = "kind", kind = "enum" }, { name = "title", kind = "scalar" }, { name = "tags", kind = "scalar" },
    },
  }
  local schema = { models = { Thing = model }, indexes = {} }
  local function lines(filter)
    local node = {
      ["Node Type"] = "Seq Scan", ["Relation Name"] = "things", Filter = filter, ["Plan Rows"] = 3, ["Total Cost"] = 900,
    }
    local list = {}
    for i, hint in ipairs(advise.hints({ ["Node Type"] = "Limit", Plans = { node } }, schema)) do list[i] = hint.line end
    return list
  end
  lu.assertEquals(lines [[("authorId" = 3)]], { "@@index([authorId])" })
  lu.assertEquals(lines [[((created_at > '2026-01-01'::timestamp) AND ("authorId" = 3))]], { "@@index([authorId, created])" })
  lu.assertEquals(lines [[((kind = 'A'::"Kind") OR (title = 'created_at'::text))]], { "@@index([kind])", "@@index([title])" })
  lu.assertEquals(lines [[((title)::text = 'x'::text)]], { "@@index([title])" })
  lu.assertEquals(lines [[(lower(title) = 'x'::text)]], {})
  lu.assertEquals(lines [[(kind <> 'A'::"Kind")]], {})
  lu.assertEquals(lines [[(tags @> '{a}'::text[])]], { "@@index([tags], type: Gin)" })
  schema.indexes = { { model = "Thing", fields = { { name = "authorId" } } } }
  lu.assertEquals(lines [[("authorId" = 3)]], {})
end

-- ---- N+1 ----

TestRepeats = support.suite(db)

function TestRepeats.testOneByOne()
  local watch = repeats.new { threshold = 5 }
  local function ask(action) watch.call({ model = "User", action = action, args = {} }, function() end) end
  for _ = 1, 4 do ask "findUnique" end
  lu.assertEquals(watch.take(), {})
  for _ = 1, 6 do ask "findUnique" end
  local found = watch.take()
  lu.assertEquals(#found, 1)
  lu.assertStrContains(found[1], "db.User:findUnique was asked for 6 times at ")
  lu.assertStrMatches(found[1], ".*test_repl%.lua:%d+.*")
  lu.assertEquals(watch.take(), {})
  for _ = 1, 9 do ask "create" end
  lu.assertEquals(watch.take(), {})
end

function TestRepeats.testTogetherIsNone()
  local watch = repeats.new { threshold = 5 }
  lorm.map({ 1, 2, 3, 4, 5, 6, 7, 8 }, function(id)
    watch.call({ model = "User", action = "findUnique", args = {} }, function() return db.User:findUnique { where = { id = id } } end)
  end)
  lu.assertEquals(watch.take(), {})
end

-- ---- the rest ----

TestParts = support.suite(db)

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

function TestParts.testExport()
  local path = os.tmpname()
  local rows = db:queryRaw [[select 1 as id, 'a "b", c' as text, null as nothing, '' as empty]]
  lu.assertEquals(export.write("csv", path, rows), 1)
  lu.assertEquals(read(path), 'id,text,nothing,empty\r\n1,"a ""b"", c",,""\r\n')
  lu.assertEquals(export.write("json", path, rows), 1)
  lu.assertEquals(read(path), '[{"id":1,"text":"a \\"b\\", c","nothing":null,"empty":""}]\n')
  lu.assertFalse(pcall(export.write, "csv", path, 7))
  lu.assertFalse(pcall(export.write, "csv", "/nonexistent/x", rows))
  os.remove(path)
end

function TestParts.testProductionIsAskedAbout()
  local guard = require "lorm.repl.guard"
  local core = require "lorm.core"
  local plain = core.isProduction
  core.isProduction = function() return true end
  local handle = client.handle(db)
  local made = guard.new {}
  local function refused(params)
    local fine, e = pcall(made.check, handle, params)
    return not fine and lorm.isError(e)
  end
  lu.assertTrue(refused { model = "User", action = "deleteMany" })
  lu.assertFalse(refused { model = "User", action = "findMany" })
  for sql, writes in pairs {
    ["select 1"] = false, [" ( SELECT 1)"] = false, ["-- x\nselect 1"] = false, ["/* delete */ select 1"] = false, ["show all"] = false,
    ["delete from t"] = true, ["with a as (delete from t returning 1) select * from a"] = true, ["with a as (select 1) select 1"] = false,
    ["explain select 1"] = false, ["explain analyze delete from t"] = true, ["select 1 into t"] = true, ["truncate t"] = true, [""] = true,
  } do
    lu.assertEquals(refused { action = "queryRaw", args = { sql = sql } } or false, writes, sql)
  end
  guard.new({ yes = true }).check(handle, { model = "User", action = "deleteMany" })
  core.isProduction = plain
end

function TestParts.testRedirected()
  local core = require "lorm.core"
  local Category = db.Category
  local tx = core.begin(client.handle(db), nil, nil, 0)
  client.redirect(db, tx)
  Category:create { data = { name = "inside" } }
  lu.assertEquals(db:unhooked().Category:count(), 1)
  lu.assertEquals(db:transaction(function(inner) return inner.Category:count() end), 1)
  lu.assertFalse(pcall(db.begin, db))
  local n = 0
  for _ in db.Category:stream { batchSize = 1 } do n = n + 1 end
  lu.assertEquals(n, 1)
  core.finish(tx, "rollback")
  client.redirect(db, nil)
  core.release(tx)
  lu.assertEquals(Category:count(), 0)
end

function TestParts.testReopened()
  local first <close> = lorm.testing.database { schema = here .. "../../schema" }
  local User, plain = first.User, first:unhooked().User
  lu.assertEquals(User:count(), 0)
  client.reopen(first)
  lu.assertEquals(User:count(), 0)
  lu.assertEquals(plain:count(), 0)
  lu.assertEquals(first.User, User)
end

function TestParts.testCatalogOfAClient()
  local schema = catalog.of(db)
  lu.assertEquals(schema.models.User.byName.email.type, "String")
end

function TestParts.testSecretsStayOut()
  local repl = require "lorm.repl"
  for text, kept in pairs {
    ["db.User:count()"] = "yes", [" hidden()"] = "", ["u = 'postgres://u:p@h/d'"] = "", ["password = 'x'"] = "",
    ["db.User:create { data = { password = \"x\" } }"] = "", ["os.setenv('API_KEY', 'x')"] = "",
    ["db.User:findMany { select = { password = true } }"] = "yes", ["cfg.apiKey = [[x]]"] = "",
  } do
    lu.assertEquals(repl.mayBeKept(text), kept, text)
  end
end

support.run(db)
