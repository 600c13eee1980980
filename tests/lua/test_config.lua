-- Middleware that a configuration lists: functions, tables, files, options, and files that are saved again.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local loader = require "lorm.loader"
local support = require "support"

local db = support.database "model Thing {\n  id Int @id\n}\n"
local fails = support.fails

local path = os.tmpname() .. ".lua"
local function save(text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end

-- A client with this middleware.
local function with(list)
  local url = require "lorm.core".url(require "lorm.client".handle(db))
  return lorm.connect { schemaText = "model Thing {\n  id Int @id\n}\n", url = url, middleware = list }
end

local function twice(params, next) return next(params) * 2 end

TestConfig = support.suite(db, function() db:executeRaw 'INSERT INTO "Thing" VALUES (1), (2), (3)' end)

function TestConfig.testFunctionsAndTables()
  local setup
  local mine <close> = with {
    twice,
    { use = function(params, next) return next(params) + 1 end },
    { setup = function(client, options) setup = { client, options } end },
    { extends = { model = { Thing = { first = function(self) return self:findFirst { orderBy = { id = "asc" } } end } } } },
  }
  lu.assertEquals(mine.Thing:count(), 8, "the first is outermost")
  lu.assertIs(setup[1], mine)
  fails({ name = "UsageError", says = "function or a table" }, with, { 42 })
end

function TestConfig.testFilesAndOptions()
  save "return { use = function(params, next, options) return next(params) + options.plus end }"
  local mine <close> = with { { path, plus = 100 } }
  lu.assertEquals(mine.Thing:count(), 103)
  save "return function(params, next"
  fails({ says = "expected" }, with, { path })
  fails({ name = "UsageError", says = "no middleware" }, with, { "nonesuch" })
end

function TestConfig.testSavedFilesAreLoadedAgain()
  save "return function(params, next) return next(params) + 10 end"
  local mine <close> = with { path }
  mine:use(twice)
  lu.assertEquals(mine.Thing:count(), 16)
  lu.assertFalse(loader.refresh(mine))
  save "return function(params, next) return next(params) + 1000 end -- longer"
  lu.assertTrue(loader.refresh(mine))
  lu.assertEquals(mine.Thing:count(), 1006, "what was added by db:use stays")
  lu.assertFalse(loader.refresh(mine))
  save "return function("
  fails({}, loader.refresh, mine)
  lu.assertEquals(mine.Thing:count(), 1006, "a mistake leaves all as it was")
  os.remove(path)
end

function TestConfig.testLog()
  local lines, write = {}, lorm.log.write
  lorm.log.write = function(line) lines[#lines + 1] = line end
  local url = require "lorm.core".url(require "lorm.client".handle(db))
  do
    local mine <close> = lorm.connect { schemaText = "model Thing {\n  id Int @id\n}\n", url = url, log = { "query" } }
    mine.Thing:count()
    lorm.sleep(2)
  end
  lorm.log.write = write
  lu.assertEquals(#lines, 1)
  lu.assertStrContains(lines[1], "SELECT count")
end

support.run(db)
