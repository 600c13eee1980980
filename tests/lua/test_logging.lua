-- The logging middleware.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "blog"
local URL = require("lorm.core").url(require "lorm.client".handle(db))
local SCHEMA = here .. "../../schema"

local Removed = { __close = function(file) os.remove(file.path) end }

-- Run fn(client, path) with a client that has this entry of the middleware list; the lines that were logged then.
local function logged(options, fn)
  local file <close> = setmetatable({ path = os.tmpname() }, Removed)
  options[1], options.file = "logging", file.path
  local client <close> = lorm.connect { schema = SCHEMA, url = URL, middleware = { options } }
  fn(client, file.path)
  local out = {}
  for line in io.lines(file.path) do out[#out + 1] = line end
  return out
end

TestLogging = support.suite(db)

function TestLogging.testText()
  local out = logged({ format = "text" }, function(client)
    client.User:findMany()
    client:queryRaw "SELECT 1 AS one"
  end)
  lu.assertEquals(#out, 2)
  lu.assertStrMatches(out[1], "%d+%-%d+%-%d+T%S+ info query action=findMany model=User ms=%d+%.%d+ rows=0")
  lu.assertStrContains(out[2], "action=queryRaw")
end

function TestLogging.testJson()
  local out = logged({}, function(client)
    client.User:create { data = { email = "secret@x.org", username = "u", password = "hunter2" } }
    client.User:findMany()
  end)
  local first, second = lorm.json.decode(out[1]), lorm.json.decode(out[2])
  lu.assertEquals({ first.level, first.message, first.model, first.action }, { "info", "query", "User", "create" })
  lu.assertEquals(type(first.ms), "number")
  lu.assertEquals(second.rows, 1)
  lu.assertNotStrContains(table.concat(out), "hunter2")
end

function TestLogging.testSlow()
  local function calls(client)
    client:queryRaw "SELECT 1"
    client:queryRaw "SELECT pg_sleep(0.5)"
  end
  local out = logged({ slow = 480 }, calls)
  lu.assertEquals(#out, 1)
  lu.assertEquals(lorm.json.decode(out[1]).level, "warn")
  lu.assertEquals(#logged({ slow = 480, level = "debug" }, calls), 2)
  lu.assertEquals(#logged({ slow = 40000 }, calls), 0)
  lu.assertEquals(#logged({ level = "error" }, calls), 0)
end

function TestLogging.testErrorsPassThrough()
  local out = logged({ format = "json", slow = 1000 }, function(client)
    support.fails({ code = "P2025" }, client.User.delete, client.User, { where = { id = 99 } })
  end)
  local line = lorm.json.decode(out[1])
  lu.assertEquals({ line.level, line.code, line.action }, { "error", "P2025", "delete" })
  lu.assertStrContains(line.error, "P2025")
end

-- One call's error ends the others of its group; they are not to blame.
function TestLogging.testCancelledCallsAreQuiet()
  local out = logged({}, function(client)
    local calls = { function() return client:queryRaw "SELECT 1 / 0" end }
    for i = 2, 5 do calls[i] = function() return client:queryRaw "SELECT pg_sleep(1)" end end
    support.fails({ code = "P2010" }, lorm.all, calls)
  end)
  lu.assertEquals(#out, 1)
  local line = lorm.json.decode(out[1])
  lu.assertEquals({ line.level, line.action, line.code }, { "error", "queryRaw", "P2010" })
end

function TestLogging.testResultsPassThrough()
  local out = logged({}, function(client)
    lu.assertNil(client.User:findUnique { where = { id = 1 } })
    lu.assertEquals(client.User:count(), 0)
    client:transaction(function(tx) tx.User:create { data = { email = "a@x.org", username = "a", password = "p" } } end)
    lu.assertEquals(client.User:count(), 1)
  end)
  lu.assertEquals(#out, 4)
end

-- The calls of a batch end by one mistake: it has one line.
function TestLogging.testAMistakeIsALine()
  local out = logged({}, function(client)
    support.fails({}, client.batch, client, function(b)
      b.User:count()
      b:queryRaw "SELECT 1 / 0"
      b.User:count()
    end)
    support.fails({}, client.User.findMany, client.User, { wher = 1 })
    support.fails({}, client.User.findMany, client.User, { wher = 1 })
  end)
  local levels = {}
  for i, line in ipairs(out) do levels[i] = lorm.json.decode(line).level end
  lu.assertEquals(levels, { "error", "error", "error" })
end

function TestLogging.testSecrets()
  local text = [[
    model User {
      id       Int     @id @default(autoincrement())
      name     String
      /// @secret of the user
      password String
      token    String? /// @secret
      /// no @secrets here
      hint     String?
      notes    Note[]
    }
    model Note {
      id     Int    @id @default(autoincrement())
      body   String /// @secret
      user   User   @relation(fields: [userId], references: [id])
      userId Int
    }
  ]]
  local secret <close> = support.database(text)
  local file <close> = setmetatable({ path = os.tmpname() }, Removed)
  local client <close> = lorm.connect {
    schemaText = text, url = require("lorm.core").url(require "lorm.client".handle(secret)),
    middleware = { { "logging", file = file.path, args = true } },
  }
  client.User:create { data = {
    name = "ada", password = "hunter2", token = lorm.null, hint = "cats", notes = { create = { { body = "hunter3" }, { body = "hunter4" } } },
  } }
  client.User:findMany {
    where = { OR = { { password = { startsWith = "hunter5" } }, { notes = { some = { body = "hunter6" } } } }, name = "ada" },
    select = { password = true, notes = { where = { body = { in_ = { "hunter7" } } } } },
  }
  client:queryRaw("SELECT $1::text", "hunter8")
  local lines = {}
  for line in io.lines(file.path) do lines[#lines + 1] = line end
  local all = table.concat(lines, "\n")
  lu.assertNotStrContains(all, "hunter")
  local created = lorm.json.decode(lines[1]).args.data
  lu.assertEquals({ created.name, created.password, created.hint, created.notes.create[2].body }, { "ada", "[secret]", "cats", "[secret]" })
  local found = lorm.json.decode(lines[2]).args
  lu.assertEquals({ found.where.OR[1].password, found.where.name, found.select.password }, { "[secret]", "ada", true })
end

function TestLogging.testPretty()
  local out = logged({ format = "pretty" }, function(client)
    client.User:findMany()
    support.fails({}, client.User.delete, client.User, { where = { id = 99 } })
  end)
  lu.assertStrMatches((out[1]:gsub("\27%[%d+m", "")), "%d%d:%d%d:%d%d  +%d+%.%d%d ms  User%.findMany  0 rows")
  lu.assertStrContains(out[2], "P2025")
end

-- The file may be moved away at any time.
function TestLogging.testRotation()
  local out = logged({}, function(client, path)
    client.User:count()
    os.remove(path)
    client.User:count()
  end)
  lu.assertEquals(#out, 1)
end

function TestLogging.testMistakes()
  for _, case in ipairs {
    { { solw = 1 }, "unknown option `solw`. Did you mean `slow`?" },
    { { slow = "fast" }, "slow must be a number of milliseconds" },
    { { format = "xml" }, 'format must be "pretty", "text" or "json"' },
    { { level = "loud" }, 'level must be "debug"' },
  } do
    local ok, e = pcall(logged, case[1], function() end)
    lu.assertFalse(ok)
    lu.assertStrContains(tostring(e), case[2])
  end
end

support.run(db)
