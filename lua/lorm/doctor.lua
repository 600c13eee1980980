-- lorm doctor: what is missing or odd here. The command line has examined the project; this examines the server that
-- db leads to, and prints all findings: a line each, or one JSON list.
--   require "lorm.doctor".main("ok", "schema", "schema: 5 models", ..., server, "json" or "") -> exit status
-- server: "private", "given", or "" when there is none to be reached
local lorm = require "lorm"

local doctor = {}

local OLDEST <const> = 12 -- PostgreSQL's major version

local function version(server)
  local major = server.number // 10000
  local text = "PostgreSQL " .. server.version
  if major < OLDEST then return "problem", text .. (": lorm needs %d or newer"):format(OLDEST) end
  return "ok", text
end

local function encoding(server)
  if server.encoding == "UTF8" then return "ok", "UTF-8, time zone " .. server.zone end
  return "problem", ("the database's encoding is %s; texts are UTF-8"):format(server.encoding)
end

local function writing(server)
  if server.recovery then return "warning", "a standby: it can be read, not written" end
  if server.readonly == "on" then return "warning", "transactions are read-only by default" end
  if not server.create then return "warning", "this user may not make schemas or extensions" end
  return "ok", "reading and writing"
end

local function connections(server)
  local text = ("%d of %d in use"):format(server.used, server.most)
  return server.used > server.most * 0.8 and "warning" or "ok", text
end

local function durability(server, private)
  if server.fsync == "on" then return "ok", "what is committed survives a crash of the machine" end
  if private then return "ok", "made for speed; `lorm dev start --durable` makes it survive a crash of the machine" end
  return "warning", "fsync is off: a crash of the machine may lose the database"
end

-- The median of a few round trips.
local function latency()
  local times = {}
  for i = 1, 9 do
    local begun = lorm.clock()
    db:queryRaw "SELECT 1"
    times[i] = lorm.clock() - begun
  end
  table.sort(times)
  return times[5] > 20 and "warning" or "ok", ("%.2f ms a round trip"):format(times[5])
end

local function extensions(server)
  return "ok", server.extensions or "none"
end

local checks = {
  { "server", version }, { "encoding", encoding }, { "access", writing }, { "connections", connections },
  { "durability", durability }, { "latency", latency }, { "extensions", extensions },
}

local QUERY <const> = [[
SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
  (SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()) AS encoding,
  current_setting('TimeZone') AS zone, pg_is_in_recovery() AS recovery,
  current_setting('default_transaction_read_only') AS readonly,
  has_database_privilege(current_database(), 'CREATE') AS create, current_setting('max_connections')::int AS most,
  (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
  current_setting('fsync') AS fsync,
  (SELECT string_agg(extname || ' ' || extversion, ', ' ORDER BY extname) FROM pg_extension
    WHERE extname <> 'plpgsql') AS extensions]]

local function add(findings, status, what, text)
  findings[#findings + 1] = { status = status, what = what, finding = text }
end

local function examine(findings, private)
  local ok, rows = pcall(db.queryRaw, db, QUERY)
  if not ok then return add(findings, "problem", "server", tostring(rows.message or rows):match "[^\n]*") end
  if not private then add(findings, "ok", "address", tostring(db):match "%((.*)%)") end
  for _, check in ipairs(checks) do
    local status, text = check[2](rows[1], private)
    add(findings, status, check[1], text)
  end
end

local function print_lines(findings)
  for _, f in ipairs(findings) do print(("%-8s %-12s %s"):format(f.status, f.what, f.finding)) end
end

function doctor.main(...)
  local given, findings, problems = { ... }, {}, 0
  for i = 1, #given - 2, 3 do add(findings, given[i], given[i + 1], given[i + 2]) end
  local server = given[#given - 1]
  if server ~= "" then examine(findings, server == "private") end
  for _, f in ipairs(findings) do
    if f.status == "problem" then problems = problems + 1 end
  end
  if given[#given] == "json" then print(lorm.json.encode(findings)) else print_lines(findings) end
  return problems > 0 and 1 or 0
end

return doctor
