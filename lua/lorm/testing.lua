-- Helpers for tests.
--   local testing = require "lorm.testing"
--   local db <close> = testing.database()               -- a database of its own, gone when closed
--   local db <close> = testing.database { schema = "schema", url = "postgresql:///postgres?host=/tmp/s" }
--   testing.sandbox(db, function(tx) ... end)           -- always rolled back; returns what the function returned
--   local mock = testing.mock("schema")                 -- a client without a database: see lorm.mock
--   testing.truncate(db)                                -- all rows of all models; ids count from 1 again
--   testing.assertQueries(2, function() ... end)        -- just so many statements, else an error that lists them
-- database() makes the schema's tables once for each schema and server, in a template, and copies that.
local client = require "lorm.client"
local core = require "lorm.core"
local empty = require "lorm.empty"
local lorm = require "lorm"
local random = require "lorm.random"
local schemas = require "lorm.schema"

local events = require "lorm.events"

local testing = {}

local ROLLED_BACK <const> = {}

-- fn(tx) in a transaction that is rolled back, whatever happens; transactions in it are savepoints.
function testing.sandbox(db, fn, options)
  local results
  local ok, e = pcall(db.transaction, db, function(tx)
    results = table.pack(fn(tx))
    error(ROLLED_BACK)
  end, options)
  if not ok and e ~= ROLLED_BACK then error(e, 0) end
  return table.unpack(results, 1, results.n)
end

function testing.mock(options) return require "lorm.mock".new(options) end

local function is_transactions_own(sql)
  local word = sql:match "^%a+"
  return word == "BEGIN" or word == "COMMIT" or word == "ROLLBACK" or word == "SAVEPOINT" or word == "RELEASE"
end

-- fn() must send n statements, by whatever client; those that only begin and end transactions do not count. Returns what
-- fn returned.
function testing.assertQueries(n, fn)
  if math.type(n) ~= "integer" or type(fn) ~= "function" then error("assertQueries(n, fn): a whole number and a function", 2) end
  local seen, results = events.during(fn)
  local sent = {}
  for _, event in ipairs(seen) do
    if not is_transactions_own(event.query) then sent[#sent + 1] = "  " .. event.query .. "  " .. event.params end
  end
  if #sent ~= n then
    error(("%d statements were expected, %d were sent%s\n%s"):format(n, #sent, #sent > 0 and ":" or "", table.concat(sent, "\n")), 2)
  end
  return table.unpack(results, 1, results.n)
end

-- Deleting is many times faster than TRUNCATE for the few rows of a test.
function testing.truncate(db)
  local schema = schemas.of(db)
  db:unscoped():transaction(function(tx) empty(tx, schema) end, { timeout = 0 })
end

-- ---- throw-away databases ----

-- The same server, another database.
local function withDatabase(url, name)
  local head, rest = url:match "^(%a+://[^/?]*)/?(.*)$"
  if not head then error("testing.database: this is no URL: " .. url, 0) end
  return head .. "/" .. name .. (rest:match "%?.*$" or "")
end

local EMPTY <const> = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'

local function quoted(name) return '"' .. name:gsub('"', '""') .. '"' end

-- Statements that no transaction may hold, on a connection of their own.
local function administer(url, ...)
  local admin <close> = lorm.connect { schemaText = EMPTY, url = url }
  for _, statement in ipairs { ... } do admin:executeRaw(statement) end
end

local function exists(url, name)
  local admin <close> = lorm.connect { schemaText = EMPTY, url = url }
  return admin:queryRaw("SELECT 1 AS one FROM pg_database WHERE datname = $1", name)[1] ~= nil
end

-- A name that tells schemas apart: by their model, and by their text where there is one at hand (the model says
-- nothing of the names of constraints, for one).
local function templateName(model, options)
  local text = options.schemaText
  local file = not text and options.schema and io.open(options.schema, "rb")
  if file then
    text = file:read "a" -- nil for a folder
    file:close()
  end
  return ("lorm_template_%016x"):format(random.new(lorm.json.encode(model), text or ""):next())
end

-- A name that is never used twice.
local serial = 0
local function freshName()
  serial = serial + 1
  return ("lorm_test_%d_%d_%08x"):format(os.time(), serial, math.random(0) & 0xFFFFFFFF)
end

-- The template of a schema, made when it is not there. It gets its name when it is whole, so that one that was
-- interrupted is never used.
local function template(url, options)
  local probe <close> = lorm.connect { schema = options.schema, schemaText = options.schemaText, url = url }
  local name = templateName(probe:schema(), options)
  if exists(url, name) then return name end
  local draft = freshName()
  administer(url, "CREATE DATABASE " .. quoted(draft))
  do
    local db <close> = lorm.connect {
      schema = options.schema, schemaText = options.schemaText, url = withDatabase(url, draft),
    }
    lorm.migrate.push(db)
  end
  local ok, e = pcall(administer, url, ("ALTER DATABASE %s RENAME TO %s"):format(quoted(draft), quoted(name)))
  if not ok and not exists(url, name) then error(e, 0) end
  if not ok then administer(url, "DROP DATABASE " .. quoted(draft)) end
  return name
end

-- The URL of a server: given, of the tests, or of the project's own database.
local function server(options)
  if options.url then return options.url end
  local given = os.getenv "LORM_TEST_URL"
  if given and given ~= "" then return given end
  local db <close> = lorm.connect { schema = options.schema, schemaText = options.schemaText }
  return core.url(client.handle(db))
end

-- The client, whose disconnecting also drops its database.
local function owned(db, drop)
  local dropped = false
  return db:extends {
    name = "throw-away database",
    client = {
      disconnect = function(self)
        client.methods.disconnect(self)
        if not dropped then drop() end
        dropped = true
      end,
    },
  }
end

local known = { url = true, schema = true, schemaText = true, pool = true, middleware = true, log = true, omit = true }

-- options: what lorm.connect takes; the database that `url` names is only the way to its server.
function testing.database(options)
  options = options or {}
  local connect = {}
  for name, value in pairs(options) do
    if not known[name] then error(("testing.database has no option `%s`"):format(tostring(name)), 2) end
    connect[name] = value
  end
  local url = server(options)
  local name = freshName()
  administer(url, ("CREATE DATABASE %s TEMPLATE %s"):format(quoted(name), quoted(template(url, options))))
  connect.url = withDatabase(url, name)
  local ok, db = pcall(lorm.connect, connect)
  local function drop() administer(url, ("DROP DATABASE IF EXISTS %s WITH (FORCE)"):format(quoted(name))) end
  if not ok then
    drop()
    error(db, 0)
  end
  return owned(db, drop)
end

return testing
