-- What the test files share.
--   local here = arg[0]:match "^(.-)[^/]*$"
--   package.path = here .. "?.lua;" .. package.path
--   local support = require "support"
--   local db = support.database "store"       -- a throw-away one: "blog" (the demo's schema), "store", or a text
--   TestThis = support.suite(db)              -- tables empty before each test, nothing under way after it
--   function TestThis.testThat() ... end
--   support.run(db)
-- The server is LORM_TEST_URL's, else that of the project's own database.
local lu = require "luaunit"
local lorm = require "lorm"
local testing = require "lorm.testing"

local support = {}

local here = arg[0]:match "^(.-)[^/]*$"
local schemas = { blog = here .. "../../schema", store = here .. "store.prisma" }

function support.database(schema, options)
  local given = { schema = schemas[schema], schemaText = not schemas[schema] and schema or nil }
  for name, value in pairs(options or {}) do given[name] = value end
  return testing.database(given)
end

-- Wait until holds() does, however busy the machine is; half a minute is more than enough.
function support.wait(what, holds)
  local deadline = lorm.clock() + 30000
  while not holds() do
    if lorm.clock() > deadline then lu.fail("in vain: " .. what) end
    lorm.sleep(5)
  end
end

-- Wait until so many connections are busy: what closed without waiting (a transaction that was left) is over.
function support.settle(db, busy)
  support.wait(("%d connections are busy"):format(busy), function() return db:metrics().busy == busy end)
end

-- The figures once all is as it was before, or will not be any more.
local function settled(db, before)
  pcall(support.wait, "", function()
    local now = db:metrics()
    return now.requests == before.requests and now.busy == before.busy
  end)
  return db:metrics()
end

-- A class for luaunit. `fill(db)` puts the rows in with which each test begins; ids count from 1.
function support.suite(db, fill)
  local before
  return {
    setUp = function()
      testing.truncate(db)
      if fill then fill(db) end
      before = db:metrics()
    end,
    tearDown = function()
      collectgarbage()
      local after = settled(db, before)
      lu.assertEquals(after.requests, before.requests, "requests were left behind")
      lu.assertEquals(after.busy, before.busy, "connections were left busy")
      lu.assertEquals(after.waiting, 0, "somebody still waits for a connection")
    end,
  }
end

-- fn(...) must raise one of lorm's errors. expected: fields of it, by equality; `says`: part of the message.
function support.fails(expected, fn, ...)
  local ok, e = pcall(fn, ...)
  if ok then lu.fail "no error was raised" end
  if not lorm.isError(e) then lu.fail("a bare error: " .. tostring(e)) end
  for name, value in pairs(expected) do
    if name == "says" then
      lu.assertStrContains(e.message, value)
    else
      lu.assertEquals(e[name], value, ("%s of %s"):format(name, tostring(e)))
    end
  end
  return e
end

-- A mistake in the arguments, found before any SQL: no code, but a path.
function support.refuses(path, says, fn, ...)
  local e = support.fails({ name = "ValidationError", path = path, says = says }, fn, ...)
  lu.assertNil(e.code)
  return e
end

-- The values of one column.
function support.column(rows, name)
  local out = {}
  for i, row in ipairs(rows) do out[i] = row[name] end
  return out
end

-- The rows, cut down to these columns.
function support.pick(rows, ...)
  local out = {}
  for i, row in ipairs(rows) do
    out[i] = {}
    for _, name in ipairs { ... } do out[i][name] = row[name] end
  end
  return out
end

local folders = {}

-- A folder for files, which goes with the test.
function support.folder()
  local path = os.tmpname()
  os.remove(path)
  assert(os.execute("mkdir " .. path))
  folders[#folders + 1] = path
  return path
end

-- How many wait for a lock.
function support.locked_out(db)
  return db:queryRaw("SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() " ..
    "AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'")[1].n
end

-- Wait until somebody does.
function support.blocked(db)
  support.wait("somebody waits for a lock", function() return support.locked_out(db) > 0 end)
end

-- Run what is in the file; the databases and folders go, whatever comes of it.
function support.run(...)
  local failed = lu.LuaUnit.run()
  for _, db in ipairs { ... } do db:disconnect() end
  for _, path in ipairs(folders) do os.execute("rm -r " .. path) end
  if failed ~= 0 then os.exit(1) end
end

return support
