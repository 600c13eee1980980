-- db:use, db:unhooked, db:on, db:extends.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local base = support.database [[
model Person {
  id    Int    @id
  first String
  last  String
  entries Entry[]
}
model Entry {
  id       Int     @id @default(autoincrement())
  text     String
  person   Person? @relation(fields: [personId], references: [id])
  personId Int?
}
]]
local fails = support.fails

local function fill(client)
  client:executeRaw [[INSERT INTO "Person" VALUES (1, 'Ada', 'Lovelace'), (2, 'Bob', 'Ross')]]
end

local db, calls -- a client of its own for each test, and what its hooks saw

local function suite()
  local made = support.suite(base, fill)
  local set_up = made.setUp
  made.setUp = function()
    set_up()
    db, calls = base:unhooked(), {}
  end
  return made
end

local function note(name)
  return function(params, next)
    calls[#calls + 1] = name .. ">" .. tostring(params.model) .. ":" .. params.action
    local result = next(params)
    calls[#calls + 1] = "<" .. name
    return result
  end
end

TestUse = suite()

function TestUse.testTheFirstIsOutermost()
  db:use(note "a")
  db:use(note "b")
  lu.assertEquals(db.Person:count(), 2)
  lu.assertEquals(table.concat(calls, " "), "a>Person:count b>Person:count <b <a")
end

function TestUse.testWithoutHooksActionsAreTheFunctionsThemselves()
  lu.assertEquals(debug.getinfo(db.Person.findMany).what, "C")
  db:use(note "a")
  lu.assertEquals(debug.getinfo(db.Person.findMany).what, "Lua")
end

function TestUse.testAModelKeptFromBeforeIsHookedToo()
  local Person = db.Person
  Person:count()
  db:use(note "a")
  Person:count()
  lu.assertEquals(#calls, 2)
end

function TestUse.testParamsMayBeChanged()
  db:use(function(params, next)
    if params.action == "findMany" then params.args.where = { id = 2 } end
    return next(params)
  end)
  lu.assertEquals(db.Person:findMany()[1].first, "Bob")
  db:use(function(params, next)
    return next { model = params.model, action = params.action == "findMany" and "count" or params.action, args = params.args }
  end)
  lu.assertEquals(db.Person:findMany(), 1)
end

function TestUse.testTheResultMayBeReplaced()
  db:use(function(params) return { instead = params.action } end)
  lu.assertEquals(db.Person:findMany(), { instead = "findMany" })
end

function TestUse.testRawCalls()
  db:use(note "a")
  lu.assertEquals(db:queryRaw("SELECT $1::int AS n", 3)[1].n, 3)
  lu.assertEquals(db:executeRaw [[INSERT INTO "Entry" (text) VALUES ('x')]], 1)
  lu.assertEquals(table.concat(calls, " "), "a>nil:queryRaw <a a>nil:executeRaw <a")
end

function TestUse.testErrorsPassThrough()
  db:use(note "a")
  fails({ name = "ValidationError" }, function() return db.Person:findMany { wher = {} } end)
  lu.assertEquals(calls, { "a>Person:findMany" })
  lu.assertEquals(db.Person:count(), 2)
end

function TestUse.testAHookThatForgetsItsResult()
  db:use(function(params, next) next(params) end)
  local line = debug.getinfo(1, "l").currentline - 1
  local e = fails({ name = "UsageError", says = "test_hooks.lua:" .. line }, function() return db.Person:findMany() end)
  lu.assertStrContains(tostring(e), "return next(params)")
  fails({ name = "UsageError" }, function() return db.Person:findFirst() end)
end

function TestUse.testNilIsAResultOfFindFirst()
  db:use(function(params, next) return next(params) end)
  lu.assertNil(db.Person:findFirst { where = { id = 9 } })
end

function TestUse.testAHooksOwnQueryDoesNotRunItAgain()
  local inner = 0
  db:use(note "outer")
  db:use(function(params, next)
    inner = inner + 1
    db.Entry:count()
    return next(params)
  end)
  db.Person:count()
  lu.assertEquals(inner, 1)
  lu.assertEquals(table.concat(calls, " "), "outer>Person:count outer>Entry:count <outer <outer")
  db.Person:count()
  lu.assertEquals(inner, 2)
end

function TestUse.testTwoHooksThatQueryEndToo()
  local count = 0
  for _ = 1, 2 do
    db:use(function(params, next)
      count = count + 1
      db.Entry:count()
      return next(params)
    end)
  end
  db.Person:count()
  lu.assertEquals(count, 4) -- each for the call, and each for the other's query
end

function TestUse.testAfterAnErrorHooksRunAgain()
  local failing = true
  db:use(function(params, next)
    calls[#calls + 1] = params.action
    if failing then error("no", 0) end
    return next(params)
  end)
  pcall(db.Person.count, db.Person)
  failing = false
  lu.assertEquals(db.Person:count(), 2)
  lu.assertEquals(calls, { "count", "count" })
end

function TestUse.testHooksOfTasksDoNotMix()
  db:use(function(params, next)
    lorm.sleep(5)
    calls[#calls + 1] = params.action
    return next(params)
  end)
  lorm.all { function() return db.Person:count() end, function() return db.Person:findMany() end }
  lu.assertEquals(#calls, 2)
end

function TestUse.testInTransactions()
  local inside = {}
  db:use(function(params, next)
    inside[#inside + 1] = params.runInTransaction
    return next(params)
  end)
  db.Person:count()
  db:transaction(function(tx)
    tx.Person:count()
    tx:transaction(function(again) again.Person:count() end)
  end)
  lu.assertEquals(inside, { false, true, true })
end

function TestUse.testInBatches()
  db:use(note "a")
  db:use(function(params, next)
    local result = next(params)
    return params.action == "count" and result * 10 or result
  end)
  local results = db:batch(function(b)
    b.Person:count {}
    b:executeRaw [[INSERT INTO "Entry" (text) VALUES ('x')]]
    b.Entry:count {}
  end)
  lu.assertEquals(results, { 20, 1, 10, n = 3 })
  lu.assertEquals(#calls, 6)
end

function TestUse.testABatchThatFailsTellsItsHooks()
  local seen = 0
  db:use(function(params, next)
    local ok, result = pcall(next, params)
    if ok then return result end
    seen = seen + 1
    error(result, 0)
  end)
  fails({}, db.batch, db, function(b)
    b:executeRaw [[INSERT INTO "Entry" (text) VALUES ('x')]]
    b:executeRaw "SELECT 1 / 0"
  end)
  lu.assertTrue(seen >= 1)
  lu.assertEquals(db:unhooked().Entry:count(), 0)
end

function TestUse.testUnhooked()
  db:use(note "a")
  lu.assertEquals(db:unhooked().Person:count(), 2)
  lu.assertEquals(calls, {})
end

function TestUse.testAsSomebody()
  local seen = {}
  db:use(function(params, next)
    seen[#seen + 1] = params.user and params.user.name or "nobody"
    return next(params)
  end)
  local ada = db:as { name = "ada" }
  ada.Person:count()
  ada:transaction(function(tx) tx.Person:count() end)
  db.Person:count()
  lu.assertEquals(seen, { "ada", "ada", "nobody" })
end

-- The error says where the hook stands, whatever went wrong in it.
function TestUse.testAHooksOwnMistakesNameItsLine()
  db:use(function(params, next)
    if params.action == "count" then return params.nothing.there end
    if params.action == "findMany" then return next(params.args) end
    if params.action == "findFirst" then return next "findFirst" end
    return next { model = params.model, action = "findMeny" }
  end)
  local line = debug.getinfo(1, "l").currentline - 6
  local ok, e = pcall(db.Person.count, db.Person)
  lu.assertFalse(ok)
  lu.assertStrContains(tostring(e), "test_hooks.lua:" .. line + 1)
  fails({ name = "UsageError", says = ("test_hooks.lua:%d gave next a table without an action"):format(line) },
    db.Person.findMany, db.Person)
  fails({ name = "UsageError", says = "gave next a string" }, db.Person.findFirst, db.Person)
  fails({ name = "UsageError", says = "findMeny" }, db.Person.deleteMany, db.Person)
end

function TestUse.testNothingFromARawCall()
  db:use(function() return nil end)
  fails({ name = "UsageError", says = "returned nothing for queryRaw" }, db.queryRaw, db, "SELECT 1")
end

-- What is not repeated in params of a hook's own is as it was.
function TestUse.testParamsAreCompleted()
  local seen
  db:use(function(params, next) return next { model = "Entry", action = params.action } end)
  db:use(function(params, next)
    seen = params
    return next(params)
  end)
  lu.assertEquals(db:as("ada").Person:count { where = { id = 1 } }, 0)
  lu.assertEquals({ seen.model, seen.user, seen.runInTransaction, next(seen.args) }, { "Entry", "ada", false, nil })
end

function TestUse.testNextMayBeCalledAgainAndFromOtherTasks()
  db:use(function(params, next)
    local a, b = lorm.all { function() return next(params) end, function() return next(params) end }
    return a + b + next()
  end)
  db:use(note "inner")
  lu.assertEquals(db.Person:count(), 6)
  lu.assertEquals(#calls, 6)
end

-- An error that a hook catches leaves it at work: its own queries are not its own to hook.
function TestUse.testAfterAnErrorThatAHookCaught()
  local runs = 0
  db:use(function(params, next)
    runs = runs + 1
    pcall(next, { model = "Person", action = "findMany", args = { wher = 1 } })
    db.Entry:count()
    return next(params)
  end)
  db:use(note "inner")
  lu.assertEquals(db.Person:count(), 2)
  lu.assertEquals(runs, 1)
  lu.assertEquals(table.concat(calls, " "), "inner>Person:findMany inner>Entry:count <inner inner>Person:count <inner")
end

function TestUse.testHooksTellTheirPlaces()
  db:use(function(params, next) return next(params) end)
  lu.assertStrMatches(db:hooks()[1], ".*test_hooks.lua:" .. debug.getinfo(1, "l").currentline - 1)
end

function TestUse.testTransactionsAreKnown()
  local seen = {}
  db:use(function(params, next)
    seen[#seen + 1] = params.tx or "none"
    return next(params)
  end)
  db.Person:count()
  db:transaction(function(tx)
    tx.Person:count()
    tx:queryRaw "SELECT 1"
    tx:batch(function(b) b.Person:count() end)
    lu.assertEquals(seen, { "none", tx, tx, tx })
    lu.assertIs(seen[2], tx)
  end)
  db:batch(function(b) b.Person:count() end)
  lu.assertEquals(seen[5], "none")
end

function TestUse.testOnCommit()
  local heard = {}
  db:transaction(function(tx)
    tx:onCommit(function(e) heard[#heard + 1] = e or db.Entry:count() end)
    tx.Entry:create { data = { text = "x" } }
    lu.assertEquals(heard, {})
  end)
  lu.assertEquals(heard, { 1 })
  pcall(db.transaction, db, function(tx)
    tx:onCommit(function() heard[#heard + 1] = "never" end)
    error "no"
  end)
  local tx = db:begin()
  tx:onCommit(function() heard[#heard + 1] = "never" end)
  tx:rollback()
  lu.assertEquals(heard, { 1 })
  fails({ name = "UsageError" }, db.transaction, db, function(t) t:onCommit() end)
end

function TestUse.testTouches()
  local function touched(model, action, args) return table.concat(db:touches { model = model, action = action, args = args }, " ") end
  lu.assertEquals(touched("Person", "findMany", {}), "")
  lu.assertEquals(touched("Person", "updateMany", { data = { first = "x" } }), "Person")
  lu.assertEquals(touched("Person", "create", { data = { entries = { create = { text = "x" } } } }), "Entry Person")
  lu.assertEquals(touched("Entry", "create", { data = { { text = "x", person = { connect = { id = 1 } } } } }), "Entry Person")
  lu.assertEquals(touched("Person", "delete", { where = { id = 1 } }), "Entry Person", "by ON DELETE SET NULL")
  lu.assertEquals(touched("Person", "update", { data = { id = 5 } }), "Entry Person", "by ON UPDATE CASCADE")
  lu.assertEquals(touched("Entry", "delete", { where = { id = 1 } }), "Entry")
  lu.assertEquals(touched("Person", "upsert", { where = { id = 1 }, create = {}, update = { entries = { deleteMany = {} } } }),
    "Entry Person")
  lu.assertNil(db:touches { action = "executeRaw", args = {} })
  local seen
  db:use(function(params, next)
    seen = db:touches(params)
    return next(params)
  end)
  db.Person:create { data = { id = 7, first = "a", last = "b", entries = { create = { text = "x" } } } }
  lu.assertEquals(seen, { "Entry", "Person" })
end

TestOn = suite()

function TestOn.testAHandlerThatFailsIsLogged()
  local lines, write, heard = {}, lorm.log.write, 0
  lorm.log.write = function(line) lines[#lines + 1] = line end
  do
    local url = require "lorm.core".url(require "lorm.client".handle(db))
    local mine <close> = lorm.connect { schemaText = "model Person {\n  id Int @id\n}", url = url }
    mine:on("query", function() error "handler's own" end)
    mine:on("query", function() heard = heard + 1 end)
    mine.Person:count()
    mine.Person:count()
    lorm.sleep(5)
  end
  lorm.log.write = write
  lu.assertEquals(heard, 2)
  lu.assertEquals(#lines, 2)
  lu.assertStrContains(lines[1], "handler's own")
  lu.assertStrContains(lines[1], "test_hooks.lua:")
end

function TestOn.testQueries()
  local events = {}
  db:on("query", function(e) events[#events + 1] = e end)
  db.Person:findMany { where = { id = 1 } }
  pcall(db.queryRaw, db, "SELECT nope")
  db:queryRaw("SELECT $1::text, $2::int, $3::text", "x", 3, lorm.null)
  db.Entry:createMany { data = { { text = "a" }, { text = "b" } } }
  lorm.sleep(5)
  lu.assertEquals(#events, 4)
  lu.assertEquals(events[3].params, '["x",3,null]')
  lu.assertEquals(events[4].params, '[["a","b"]]')
  lu.assertStrContains(events[1].query, "SELECT")
  lu.assertEquals(events[1].target, "lorm")
  lu.assertEquals(lorm.json.decode(events[1].params), { 1 })
  lu.assertTrue(events[1].duration > 0 and events[1].duration < 5000)
  lu.assertTrue(lorm.now() - events[1].timestamp < 60000)
  lu.assertStrContains(events[2].error, "nope")
  fails({ name = "UsageError" }, db.on, db, "qeury", print)
end

TestExtends = suite()

function TestExtends.testModelMethods()
  local mine = db:extends {
    model = {
      ["$allModels"] = { one = function(self) return self:findFirst { orderBy = { id = "asc" } } end },
      Person = { named = function(self, first) return self:findFirst { where = { first = first } } end },
    },
  }
  lu.assertEquals(mine.Person:one().first, "Ada")
  lu.assertEquals(mine.Person:named("Bob").id, 2)
  lu.assertNil(mine.Entry:one())
  fails({ name = "UsageError" }, function() return mine.Entry.named end)
  fails({ name = "UsageError" }, function() return db.Person.named end)
  lu.assertEquals(mine:transaction(function(tx) return tx.Person:named("Ada").id end), 1)
end

function TestExtends.testClientMethods()
  local mine = db:extends { client = { total = function(self) return self.Person:count() + self.Entry:count() end } }
  lu.assertEquals(mine:total(), 2)
end

function TestExtends.testQueries()
  local mine = db:extends {
    query = {
      Person = { findMany = function(ctx)
        ctx.args.take = 1
        return ctx.query(ctx.args)
      end },
      ["$allOperations"] = function(ctx)
        calls[#calls + 1] = ctx.operation
        return ctx.query(ctx.args)
      end,
    },
  }
  lu.assertEquals(#mine.Person:findMany(), 1)
  lu.assertEquals(mine.Person:count(), 2)
  mine:queryRaw "SELECT 1 AS one"
  lu.assertEquals(calls, { "findMany", "count", "$queryRaw" })
end

function TestExtends.testResults()
  local mine = db:extends {
    result = {
      Person = { name = { needs = { first = true, last = true }, compute = function(p) return p.first .. " " .. p.last end } },
    },
  }
  lu.assertEquals(mine.Person:findUnique { where = { id = 1 } }.name, "Ada Lovelace")
  lu.assertEquals(mine.Person:findMany { orderBy = { id = "asc" } }[2].name, "Bob Ross")
  local row = mine.Person:findFirst { select = { id = true, name = true }, where = { id = 2 } }
  lu.assertEquals({ row.id, row.name }, { 2, "Bob Ross" })
  lu.assertNil(mine.Person:findFirst { select = { id = true } }.name)
end

function TestExtends.testResultsOfRelations()
  base:executeRaw [[INSERT INTO "Entry" (text, "personId") VALUES ('x', 1), ('y', 1)]]
  local mine = db:extends {
    result = {
      Person = { initials = { needs = { first = true, last = true }, compute = function(p) return p.first:sub(1, 1) .. p.last:sub(1, 1) end } },
      Entry = { loud = { needs = { text = true }, compute = function(e) return e.text:upper() end } },
    },
  }
  local person = mine.Person:findUnique { where = { id = 1 }, include = { entries = { orderBy = { id = "asc" } } } }
  lu.assertEquals({ person.initials, person.entries[1].loud, person.entries[2].loud }, { "AL", "X", "Y" })
  local entry = mine.Entry:findFirst { select = { loud = true, person = { select = { initials = true } } }, orderBy = { id = "asc" } }
  lu.assertEquals({ entry.loud, entry.person.initials, entry.id }, { "X", "AL" })
  lu.assertNil(mine.Entry:findFirst { omit = { text = true } }.loud)
  lu.assertEquals(#mine.Person:findMany { include = { "entries" } }, 2)
end

-- All that fits runs: model before all models, operation before all operations; earlier extensions outermost.
function TestExtends.testAllThatFitsRuns()
  local function noting(name)
    return function(ctx)
      calls[#calls + 1] = name
      return ctx.query()
    end
  end
  local mine = db:extends {
    query = {
      ["$allOperations"] = noting "6", ["$queryRaw"] = noting "raw",
      ["$allModels"] = { ["$allOperations"] = noting "5", count = noting "4" },
      Person = { ["$allOperations"] = noting "3", count = noting "2" },
    },
  }:extends { query = { Person = { count = noting "7" } } }
  lu.assertEquals(mine.Person:count(), 2)
  lu.assertEquals(table.concat(calls), "234567")
  mine:queryRaw "SELECT 1"
  mine:executeRaw "SELECT 1"
  lu.assertEquals(table.concat(calls), "234567" .. "raw66")
end

function TestExtends.testResultsOfResults()
  local mine = db:extends {
    result = { Person = {
      shout = { needs = { full = true }, compute = function(p) return p.full:upper() end },
      full = { needs = { first = true, last = true }, compute = function(p) return p.first .. " " .. p.last end },
    } },
  }:extends {
    result = {
      Person = { double = { needs = { shout = true }, compute = function(p) return p.shout .. p.shout end } },
      ["$allModels"] = { kind = { compute = function(_, model) return model end } },
    },
  }
  local seen
  mine:use(function(params, next)
    seen = next(params)
    return seen
  end)
  local person = mine.Person:findUnique { where = { id = 1 } }
  lu.assertEquals({ person.shout, person.double, person.kind }, { "ADA LOVELACE", "ADA LOVELACEADA LOVELACE", "Person" })
  lu.assertEquals(seen.shout, "ADA LOVELACE", "hooks see whole rows")
  local row = mine.Person:findUnique { where = { id = 2 }, select = { double = true } }
  lu.assertEquals({ row.double, row.kind }, { "BOB ROSSBOB ROSS" })
  base:executeRaw [[INSERT INTO "Entry" (text) VALUES ('x')]]
  lu.assertEquals(mine.Entry:findFirst().kind, "Entry")
  lu.assertNil(db.Person:findFirst().kind)
end

function TestExtends.testMistakesAreRefused()
  local function nothing() end
  for _, case in ipairs {
    { { modle = {} }, "no part modle" },
    { { name = 5 }, "name must be a string" },
    { { query = nothing }, "query must be a table, it is a function" },
    { { query = { Persn = {} } }, "there is no model Persn. Did you mean `Person`?" },
    { { query = { Person = { findMeny = nothing } } }, "Did you mean `findMany`?" },
    { { query = { Person = nothing } }, "query.Person must be a table" },
    { { query = { Person = { count = 1 } } }, "query.Person.count must be a function" },
    { { query = { ["$allOperations"] = {} } }, "query.$allOperations must be a function" },
    { { model = { Person = { top = 1 } } }, "model.Person.top must be a function" },
    { { client = { top = 1 } }, "client.top must be a function" },
    { { result = { Person = { full = {} } } }, "result.Person.full.compute must be a function" },
    { { result = { Person = { full = { needs = { frist = true }, compute = nothing } } } }, "Did you mean `first`?" },
  } do
    fails({ name = "UsageError", says = case[2] }, db.extends, db, case[1])
  end
end

support.run(base)
