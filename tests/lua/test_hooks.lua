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

TestOn = suite()

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
  lu.assertEquals(calls, { "count", "$queryRaw" })
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

function TestExtends.testUnknownPartsAreRefused()
  fails({ name = "UsageError", says = "modle" }, db.extends, db, { modle = {} })
end

support.run(base)
