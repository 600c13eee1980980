-- lorm test [FILE...] [-v] [-p PATTERN]: luaunit files, each test in a sandbox.
--
-- The run has a throw-away database of its own with the schema's tables. While a test runs (its setUp and tearDown
-- too), the global db is a transaction that is rolled back afterwards; what a file keeps in locals while it is loaded
-- stays outside of it. Files may end with os.exit(lu.LuaUnit.run()), as they do where lua5.4 runs them.
-- luacheck: globals arg db
local config = require "lorm.config"
local testing = require "lorm.testing"

local test = {}

local LOADED <const> = {} -- what os.exit raises while files are loaded

local function is_test(name) return type(name) == "string" and name:lower():sub(1, 4) == "test" end

-- Move the tests that a file made from the globals into the list, under names that tell the file.
local function take_tests(list, path)
  local names = {}
  for name, value in pairs(_G) do
    if is_test(name) and (type(value) == "function" or type(value) == "table") then names[#names + 1] = name end
  end
  table.sort(names)
  local file = path:match "([^/]*)%.lua$" or path
  for _, name in ipairs(names) do
    list[#list + 1] = { file .. ":" .. name, _G[name] }
    _G[name] = nil
  end
end

local function load_file(list, path)
  local chunk, problem = loadfile(path, "t")
  if not chunk then error(problem, 0) end
  arg = { [0] = path }
  local searched = package.path
  package.path = (path:match "^.*/" or "./") .. "?.lua;" .. searched
  local ok, e = xpcall(chunk, function(e) return e == LOADED and e or debug.traceback(e, 2) end)
  package.path = searched
  if not ok and e ~= LOADED then error(e, 0) end
  take_tests(list, path)
end

-- The tests of all files: { { name, function or class }, ... }
local function load_all(lu, paths)
  local list, exit, run = {}, os.exit, lu.LuaUnit.run
  os.exit = function() error(LOADED, 0) end -- luacheck: ignore
  lu.LuaUnit.run = function() return 0 end
  local ok, e = pcall(function()
    for _, path in ipairs(paths) do load_file(list, path) end
  end)
  os.exit, lu.LuaUnit.run = exit, run -- luacheck: ignore
  if not ok then error(e, 0) end
  return list
end

-- A runner whose tests see a transaction of `client` as db.
local function sandboxed(lu, client)
  local runner = lu.LuaUnit.new()
  local plain = runner.execOneFunction
  runner.execOneFunction = function(self, ...)
    local given = table.pack(...)
    testing.sandbox(client, function(tx)
      db = tx
      plain(self, table.unpack(given, 1, given.n))
    end, { timeout = 0 })
    db = client
  end
  return runner
end

local function parse(config_path, ...)
  local options, words, i = { config = config_path ~= "" and config_path or nil, files = {} }, { ... }, 1
  while i <= #words do
    if words[i] == "--verbose" or words[i] == "--quiet" or words[i] == "--yes" then
      options[words[i]:sub(3)] = true
    elseif words[i] == "--pattern" then
      i, options.pattern = i + 1, words[i + 1]
    else
      options.files[#options.files + 1] = words[i]
    end
    i = i + 1
  end
  return options
end

local function luaunit()
  local ok, lu = pcall(require, "luaunit")
  if ok then return lu end
  error("luaunit is missing: it is Debian's package lua-unit, and a rock of that name", 0)
end

function test.main(...)
  local options, lu = parse(...), luaunit()
  local project = config.read(options.config)
  local outside <const> = db
  local client <close> = testing.database {
    middleware = project.middleware, pool = project.pool, omit = project.omit, log = project.log,
  }
  db = client
  local list = load_all(lu, options.files)
  local runner = sandboxed(lu, client)
  if options.verbose then runner.verbosity = lu.VERBOSITY_VERBOSE end
  if options.quiet then runner.verbosity = lu.VERBOSITY_QUIET end
  if options.pattern then runner.patternIncludeFilter = { options.pattern } end
  runner:registerSuite()
  runner:internalRunSuiteByInstances(list)
  runner:unregisterSuite()
  db = outside
  if #list == 0 then io.stderr:write "there are no tests in these files\n" end
  return (runner.result.notSuccessCount > 0 or #list == 0) and 1 or 0
end

return test
