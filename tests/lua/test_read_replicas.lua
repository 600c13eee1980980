-- The readReplicas middleware, on a primary and a standby of the test's own, which lags, breaks and is promoted.
--   LORM_TEST_WRITES=N   for how many writes each task looks whether it reads its own
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local SCHEMA <const> = [[
model Row {
  id     Int    @id
  n      Int
  tenant String @default("one")
}
]]
local WRITES <const> = tonumber(os.getenv "LORM_TEST_WRITES") or 300
local TASKS <const> = 4

-- ---- two servers, on sockets in a folder ----

local folder = support.folder()

local function run(command)
  local ok = os.execute(("{ %s; } >>%s/log 2>&1"):format(command, folder))
  if not ok then
    local log = io.open(folder .. "/log")
    error(command .. "\n" .. (log and log:read "a" or ""))
  end
end

-- Where PostgreSQL's programs are, and as whom they run: not as root.
local function output(command)
  local pipe <close> = io.popen(command)
  return pipe:read "l"
end
local BIN <const> = output "ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1"
local AS <const> = output "id -u" == "0" and "setpriv --reuid=nobody --regid=nogroup --clear-groups " or ""

local function program(name, args) run(("cd / && %s%s/%s %s"):format(AS, BIN, name, args)) end

local function config(name, port)
  local file <close> = io.open(("%s/%s.conf"):format(folder, name), "w")
  file:write(("listen_addresses = ''\nunix_socket_directories = '%s'\nport = %d\nfsync = off\nwal_level = replica\n"):format(folder, port),
    "max_wal_senders = 4\nhot_standby = on\nshared_buffers = 16MB\nmax_connections = 30\nwal_receiver_status_interval = 1\n")
end

local function start(name)
  program("pg_ctl", ("-D %s/%s -o '-c config_file=%s/%s.conf' -l %s/%s.log -w -t 60 start"):format(folder, name, folder, name, folder, name))
end
local function stop(name) pcall(program, "pg_ctl", ("-D %s/%s -m immediate -w stop"):format(folder, name)) end

local PORT <const> = { primary = 7401, standby = 7402 }
local function url(name) return ("postgresql://postgres@localhost:%d/postgres?host=%s"):format(PORT[name], folder) end

local servers = setmetatable({}, { __close = function()
  stop "primary"
  stop "standby"
end })

local function begin()
  if AS ~= "" then run("chown nobody:nogroup " .. folder .. " && chmod 755 " .. folder) end
  program("initdb", ("-D %s/primary -U postgres -A trust -E UTF8 --no-sync"):format(folder))
  for name, port in pairs(PORT) do config(name, port) end
  start "primary"
  program("pg_basebackup", ("-D %s/standby -R -X stream -c fast --no-sync -h %s -p %d -U postgres"):format(folder, folder, PORT.primary))
  start "standby"
end

-- ---- clients ----

local function connect(options)
  options[1] = "readReplicas"
  options.urls = options.urls or { url "standby" }
  return lorm.connect { schemaText = SCHEMA, url = options.primary or url "primary", middleware = {
    { "readReplicas", urls = options.urls, wait = options.wait, pause = options.pause },
  } }
end

local plain, standby

-- Does the standby replay?
local function replays(on) standby:queryRaw(on and "SELECT pg_wal_replay_resume()::text" or "SELECT pg_wal_replay_pause()::text") end

local function catch_up()
  local lsn = plain:queryRaw("SELECT pg_current_wal_insert_lsn()::text AS lsn")[1].lsn
  for _ = 1, 3000 do
    if standby:queryRaw("SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn AS is", lsn)[1].is then return end
    lorm.sleep(10)
  end
  error "the standby does not catch up"
end

TestReplicas = {}

function TestReplicas.setUp()
  replays(true)
  plain.Row:deleteMany()
  plain.Row:createMany { data = { { id = 1, n = 1 }, { id = 2, n = 2, tenant = "two" } } }
  catch_up()
end

-- While the standby stands still, it shows by what it knows who was asked.
function TestReplicas.testWhoIsAsked()
  local db <close> = connect {}
  replays(false)
  plain.Row:update { where = { id = 1 }, data = { n = 10 } } -- another program's: nobody waits for that
  local function n(session) return session.Row:findUnique({ where = { id = 1 } }).n end
  lu.assertEquals(n(db), 1)
  lu.assertEquals({ n(db:primary()), n(db) }, { 10, 1 })
  lu.assertEquals(db:transaction(n), 10)
  for row in db.Row:stream { where = { id = 1 } } do lu.assertEquals(row.n, 10) end
  lu.assertEquals(db:queryRaw('SELECT n FROM "Row" WHERE id = 1')[1].n, 10)
end

function TestReplicas.testOwnWrites()
  local db <close> = connect {}
  replays(false)
  db.Row:update { where = { id = 1 }, data = { n = 11 } }
  lu.assertEquals(db.Row:findUnique({ where = { id = 1 } }).n, 11, "it stands still, so the primary is asked")
  lu.assertEquals(db.Row:count { where = { n = 11 } }, 1)
  db:transaction(function(tx) tx.Row:update { where = { id = 1 }, data = { n = 12 } } end)
  lu.assertEquals(db.Row:findFirst({ where = { id = 1 } }).n, 12)
  db:executeRaw 'UPDATE "Row" SET n = 13 WHERE id = 1'
  lu.assertEquals(db.Row:findFirst({ where = { id = 1 } }).n, 13)
  replays(true)
  catch_up()
  replays(false)
  plain.Row:update { where = { id = 1 }, data = { n = 14 } }
  lu.assertEquals(db.Row:findFirst({ where = { id = 1 } }).n, 13, "it has caught up, and is asked again")
end

-- Tasks write and read their own rows, with the standby behind by as much as it happens to be.
function TestReplicas.testLedger()
  local db <close> = connect { wait = 2 }
  local stale = 0
  local tasks = {}
  for t = 1, TASKS do
    tasks[t] = function()
      local id = 100 + t
      db.Row:create { data = { id = id, n = 0 } }
      for i = 1, WRITES do
        db.Row:update { where = { id = id }, data = { n = i } }
        if db.Row:findUnique({ where = { id = id } }).n ~= i then stale = stale + 1 end
      end
    end
  end
  lorm.all(tasks)
  lu.assertEquals(stale, 0)
end

function TestReplicas.testScopesAndIdentity()
  local db <close> = connect {}
  local mine = db:extends { scopes = { Row = function(ctx) return { tenant = ctx.user or "one" } end } }
  lu.assertEquals({ mine.Row:count(), mine:as("two").Row:findMany()[1].id, db.Row:count() }, { 1, 2, 2 })
  lu.assertEquals(mine.Row:unscoped():count(), 2)
end

function TestReplicas.testMistakes()
  local function says(options, text)
    local ok, e = pcall(lorm.connect, { schemaText = SCHEMA, url = url "primary", middleware = { options } })
    lu.assertFalse(ok)
    lu.assertStrContains(tostring(e), text)
  end
  says({ "readReplicas" }, "urls = { ... } is missing")
  says({ "readReplicas", url = {} }, "Did you mean `urls`?")
  says({ "readReplicas", urls = "x" }, "urls must be a list of URLs")
end

-- The last: the standby breaks and comes back; then the primary breaks, and the standby is promoted.
function TestReplicas.testZFailover()
  local both = ("postgresql://postgres@/postgres?host=%s,%s&port=%d,%d&target_session_attrs=read-write"):format(folder, folder, PORT.primary,
    PORT.standby)
  local db <close> = connect { primary = both, pause = 50 }
  local write = lorm.log.write
  lorm.log.write = function() end
  local _ <close> = setmetatable({}, { __close = function() lorm.log.write = write end })
  lu.assertEquals(db.Row:count(), 2)
  stop "standby"
  lu.assertEquals(db.Row:count(), 2, "by the primary")
  start "standby"
  catch_up()
  db.Row:create { data = { id = 3, n = 3 } }
  catch_up()
  stop "primary"
  program("pg_ctl", ("-D %s/standby -w promote"):format(folder))
  local begun, ok = lorm.clock(), false
  while not ok and lorm.clock() - begun < 30000 do
    ok = pcall(db.Row.create, db.Row, { data = { id = 4, n = 4 } })
    if not ok then lorm.sleep(20) end
  end
  lu.assertTrue(ok, "nothing can be written after the promotion")
  lu.assertEquals(db.Row:count(), 4)
  for i = 5, 20 do
    db.Row:create { data = { id = i, n = i } }
    lu.assertEquals(db.Row:findUnique({ where = { id = i } }).n, i)
  end
end

local failed
do
  local guard <close> = servers
  begin()
  plain = lorm.connect { schemaText = SCHEMA, url = url "primary" }
  standby = lorm.connect { schemaText = SCHEMA, url = url "standby" }
  lorm.migrate.push(plain)
  catch_up()
  failed = lu.LuaUnit.run()
  plain:disconnect()
  standby:disconnect()
end
os.execute("rm -r " .. folder)
if failed ~= 0 then os.exit(1) end
