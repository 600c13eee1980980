-- Middleware that is saved while calls are under way.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local loader = require "lorm.loader"
local support = require "support"

local db = support.database "model Thing {\n  id Int @id\n}\n"
local folder = support.folder()
local path, config = folder .. "/middleware.lua", folder .. "/lorm.config.lua"

local function write(file, text, mode)
  local out = assert(io.open(file, mode or "w"))
  out:write(text)
  out:close()
end

-- As editors save.
local styles = {
  function(text) -- truncate, then write, in two steps
    write(path, "")
    lorm.sleep(1)
    write(path, text)
  end,
  function(text) -- a new file in the place of the old one
    write(path .. ".tmp", text)
    os.rename(path .. ".tmp", path)
  end,
  function(text) -- the old one is a backup while the new one is written
    os.rename(path, path .. "~")
    write(path, text)
    os.remove(path .. "~")
  end,
}

local function version(n)
  return ([[
return function(params, next)
  if params.model then params.versions = params.versions or {}; table.insert(params.versions, %d) end
  return next(params)
end]]):format(n)
end

local lines, log_write = {}, lorm.log.write

-- Wait for what is due soon.
local function until_true(what, fn)
  local deadline = lorm.clock() + 20000
  while not fn() do
    if lorm.clock() > deadline then error("in vain: " .. what .. "\n" .. table.concat(lines, "\n")) end
    lorm.sleep(1)
  end
end

local function client()
  local url = require "lorm.core".url(require "lorm.client".handle(db))
  return lorm.connect { schemaText = "model Thing {\n  id Int @id\n}\n", url = url }
end

TestReload = support.suite(db, function() db:executeRaw 'INSERT INTO "Thing" VALUES (1), (2), (3)' end)

local set_up, tear_down = TestReload.setUp, TestReload.tearDown
function TestReload.setUp()
  set_up()
  lines = {}
  lorm.log.write = function(line) lines[#lines + 1] = line end
  write(path, version(1))
end
function TestReload.tearDown()
  lorm.log.write = log_write
  collectgarbage()
  tear_down()
end

-- Each call passes the middleware once, in one version, however often it is saved meanwhile, and none is lost.
function TestReload.testNoCallIsLostOrHookedTwice()
  local CALLS <const>, TASKS <const> = tonumber(os.getenv "LORM_TEST_CALLS") or 100000, 25
  local mine <close> = client()
  loader.load(mine, { list = function() return { path } end, again = "saved" })
  local latest, made, counted, wrong, answered = 1, 0, 0, 0, 0
  local asked = mine:as "somebody" -- clients that were made of it follow
  for _, session in ipairs { mine, asked } do
    session:use(function(params, next)
      local seen = params.versions or {}
      if #seen ~= 1 or seen[1] < latest - 1 then wrong = wrong + 1 end
      latest = math.max(latest, seen[1] or 0)
      counted = counted + 1
      if counted % 20 ~= 0 then return 3 end
      return next(params)
    end)
  end
  local running, saved = TASKS, 1
  local tasks = { function()
    while running > 0 do
      saved = saved + 1
      styles[saved % #styles + 1](version(saved))
      until_true("version " .. saved, function() return latest == saved or running == 0 end)
    end
  end }
  for t = 1, TASKS do
    tasks[t + 1] = function()
      local session = t % 2 == 0 and mine or asked
      local i = 0
      while i < CALLS // TASKS or saved <= 4 do -- however quick they are, it is saved meanwhile
        i, made = i + 1, made + 1
        local n = session.Thing:count() -- which waits: not within the sum
        answered = answered + n
        if i % 50 == 0 then lorm.sleep(0) end
      end
      running = running - 1
    end
  end
  lorm.all(tasks)
  lu.assertEquals({ counted, wrong, answered }, { made, 0, 3 * made })
  lu.assertTrue(saved > 3, "it was saved while calls were made")
end

function TestReload.testABrokenSaveKeepsWhatWasLoaded()
  local mine <close> = client()
  loader.load(mine, { list = function() return { path } end, again = "saved" })
  local seen
  mine:use(function(params, next)
    seen = params.versions[1]
    return next(params)
  end)
  for style = 1, #styles do
    lines = {}
    styles[style]("return function(params, next)\n  retrun next(params)\nend -- " .. style)
    until_true("the error", function() return lines[1] end)
    lu.assertStrContains(lines[1], "middleware not reloaded")
    lu.assertStrContains(lines[1], "middleware.lua:2")
    lu.assertEquals({ mine.Thing:count(), seen, #lines }, { 3, style, 1 })
    styles[style](version(style + 1) .. "-- mended")
    until_true("the mended one", function() return mine.Thing:count() == 3 and seen == style + 1 end)
  end
end

-- The list itself, and what a middleware requires.
function TestReload.testTheListAndModules()
  local list = "return { middleware = { './middleware.lua' } }"
  write(config, list)
  write(folder .. "/rules.lua", "return { n = 10 }")
  local searched = package.path
  package.path = folder .. "/?.lua;" .. searched
  write(path, "local rules = require 'rules'\nreturn function(params, next) return next(params) + rules.n end")
  local mine <close> = client()
  loader.load(mine, { list = function() return dofile(config).middleware end, root = folder, config = config, again = "saved" })
  lu.assertEquals(mine.Thing:count(), 13)
  write(folder .. "/rules.lua", "return { n = 200 }")
  until_true("the module", function() return mine.Thing:count() == 203 end)
  write(config, "return { middleware = {} } -- none")
  until_true("the list", function() return mine.Thing:count() == 3 end)
  write(config, "return { middleware = { './middleware.lua', './middleware.lua' } } -- twice")
  until_true("the list again", function() return mine.Thing:count() == 403 end)
  package.path, package.loaded.rules = searched, nil
end

-- What middleware extends is exchanged, too; what scripts added stays; a transaction ends with what it began with.
function TestReload.testExtensions()
  local function extension(n)
    return ([[return {
      setup = function(db) db:use(function(params, next) return next(params) end) end,
      extends = { model = { Thing = { number = function() return %d end } }, client = { total = function() return %d end } } }]])
      :format(n, n)
  end
  write(path, extension(1))
  local mine <close> = client()
  loader.load(mine, { list = function() return { path } end, again = "saved" })
  mine:use(function(params, next) return next(params) end)
  local further = mine:extends { model = { Thing = { further = function(self) return self:number() * 10 end } } }
  lu.assertEquals({ mine.Thing:number(), mine:total(), further.Thing:further(), #mine:hooks() }, { 1, 1, 10, 2 })
  local bare = mine:unhooked()
  local tx = mine:begin()
  write(path, extension(22))
  until_true("the methods", function() return mine.Thing:number() == 22 end)
  lu.assertEquals({ mine:total(), further.Thing:further(), #mine:hooks(), #further:hooks(), #bare:hooks() }, { 22, 220, 2, 2, 0 })
  lu.assertEquals({ tx.Thing:number(), bare.Thing:number() }, { 1, 22 })
  tx:rollback()
  lines = {}
  write(path, "return { extends = { modle = {} } } -- a mistake that is found late")
  until_true("the error", function() return lines[1] end)
  lu.assertStrContains(lines[1], "modle")
  lu.assertEquals({ mine.Thing:number(), mine:total(), further.Thing:further(), #mine:hooks() }, { 22, 22, 220, 2 })
end

support.run(db)
