-- Reads by standbys, all else by the primary, and what this program wrote is in what it reads.
--   middleware = { { "readReplicas", urls = { "postgresql://standby1/shop", "postgresql://standby2/shop" } } }
--
--   urls      of standbys; each call takes the next one. Not of something that spreads connections over several servers
--   wait      milliseconds that a read may wait for a standby that is behind (default 0), before the primary is asked
--   pause     milliseconds that a standby is left alone after it could not be reached (default 1000)
--   pool      the options of their connection pools
--   db:primary()      a client whose reads go to the primary, too
-- After a write, a standby is asked only when it has replayed the log as far as that write (its LSN), and else the
-- primary. In transactions and batches, streams, raw SQL and reads with `lock` all goes to the primary. Standbys that fail
-- are passed over and tried again later, without a restart; the URL of the primary may name several hosts, with
-- target_session_attrs=read-write, so that the one which was promoted is found.
local client = require "lorm.client"
local core = require "lorm.core"
local lorm = require "lorm"
local nearest = require "lorm.nearest"

local replicas = {}

local reads = {
  findUnique = true, findUniqueOrThrow = true, findFirst = true, findFirstOrThrow = true, findMany = true, count = true, aggregate = true,
  groupBy = true, exists = true,
}

-- What says that the server was not there, or stopped being a good one: P-codes of connections, and the recovery's own.
local gone = { P1000 = true, P1001 = true, P1002 = true, P1003 = true, P1008 = true, P1010 = true, P1011 = true, P1017 = true, P2024 = true,
  P2037 = true }
local states = { ["40001"] = true, ["57P01"] = true, ["57P03"] = true } -- a conflict with recovery, a shutdown, a start

local function is_gone(e) return lorm.isError(e) and (gone[e.code] or states[e.sqlstate] or false) end

-- "16/B374D848" as a number.
local function position(text)
  local high, low = tostring(text):match "^(%x+)/(%x+)$"
  return high and (tonumber(high, 16) << 32 | tonumber(low, 16)) or nil
end

-- ---- what was written ----

-- How far a standby must be: asked of the primary once for all writes that came before.
local function wanted(self)
  while self.known < self.writes do
    local writes = self.writes
    local lsn = position(self.plain:queryRaw("SELECT pg_current_wal_insert_lsn()::text AS lsn")[1].lsn)
    if writes > self.known then self.known, self.lsn = writes, lsn end
  end
  return self.lsn
end

local function is_far(replica, lsn)
  if replica.seen >= lsn then return true end
  local row = replica.plain:queryRaw("SELECT pg_last_wal_replay_lsn()::text AS lsn, pg_is_in_recovery() AS standby")[1]
  if not row.standby then error("no standby any more", 0) end
  replica.seen = position(row.lsn) or 0
  return replica.seen >= lsn
end

-- Has it what this program wrote?
local function is_current(self, replica)
  if self.writes == 0 then return true end
  local lsn = wanted(self)
  local deadline = lorm.clock() + self.wait
  while not is_far(replica, lsn) do
    if lorm.clock() >= deadline then return false end
    lorm.sleep(1)
  end
  return true
end

-- ---- the same client, elsewhere ----

-- With the scopes and the identity of the one that was called; made once for each.
local function mirror(replica, called)
  local made = replica.mirrors[called]
  if made then return made end
  local state = client.state(called)
  made = replica.plain
  for _, layer in ipairs(state.layers or {}) do
    local extension = layer.extension
    if extension and (extension.scopes or extension.softDelete) then
      made = made:extends { name = extension.name, scopes = extension.scopes, softDelete = extension.softDelete }
    elseif layer.unscoped then
      made = made:unscoped()
    end
  end
  if state.user ~= nil or state.identity then made = made:as(state.user, state.identity) end
  replica.mirrors[called] = made
  return made
end

local function connect(self, url)
  local plain = client.connect(self.open(url))
  return { url = url, plain = plain, seen = 0, down_until = 0, mirrors = setmetatable({}, { __mode = "k" }) }
end

-- The next one that is not known to be down, or nil.
local function pick(self)
  for _ = 1, #self.urls do
    self.turn = self.turn % #self.urls + 1
    local replica = self.replicas[self.turn]
    if not replica then
      replica = connect(self, self.urls[self.turn])
      self.replicas[self.turn] = replica
    end
    if lorm.clock() >= replica.down_until then return replica end
  end
  return nil
end

-- true and the result, or false: the primary is to be asked. Errors that are the call's own are raised.
local function try(self, replica, params)
  local ok, result = pcall(function()
    if not is_current(self, replica) then return self end
    local model = mirror(replica, params.client).models[params.model]
    return model[params.action](model, params.args)
  end)
  if ok then return result ~= self, result end
  if lorm.isError(result) and not is_gone(result) then error(result, 0) end
  replica.down_until, replica.seen = lorm.clock() + self.pause, 0
  lorm.log.warn("a standby is passed over", { error = tostring(result) })
  return false
end

-- ---- all of it ----

local known = {
  urls = { function(v) return type(v) == "table" and type(v[1]) == "string" end, "a list of URLs" },
  wait = { function(v) return type(v) == "number" and v >= 0 end, "a number of milliseconds" },
  pause = { function(v) return type(v) == "number" and v >= 0 end, "a number of milliseconds" },
  pool = { function(v) return type(v) == "table" end, "a table" },
}

local function check(options)
  for name, value in pairs(options) do
    local rule = known[name]
    if not rule then
      error(("readReplicas: unknown option `%s`.%s"):format(tostring(name), nearest.hint(tostring(name), nearest.names(known))), 0)
    end
    if not rule[1](value) then error(("readReplicas: %s must be %s"):format(name, rule[2]), 0) end
  end
  if not options.urls then error("readReplicas: urls = { ... } is missing", 0) end
end

function replicas.setup(db, options)
  check(options)
  local self = {
    urls = options.urls, wait = options.wait or 0, pause = options.pause or 1000, replicas = {}, turn = 0, plain = db:unhooked(),
    writes = 0, known = 0, lsn = 0,
  }
  local given, actions, primary = client.state(db).options or {}, core.actions(), setmetatable({}, { __mode = "k" })
  function self.open(url)
    return { schema = given.schema, schemaText = given.schemaText, omit = given.omit, pool = options.pool or given.pool, url = url }
  end
  local function wrote() self.writes = self.writes + 1 end
  local function may_read(params)
    return reads[params.action] and not params.runInTransaction and not params.streamed and not params.args.lock
      and not primary[params.client] and params.scopes == client.state(params.client).scopes
  end
  local function hook(params, next)
    if params.model and actions[params.action] ~= "write" then
      local replica = may_read(params) and pick(self)
      if replica then
        local done, result = try(self, replica, params)
        if done then return result end
      end
      return next(params)
    end
    if params.tx then params.tx:onCommit(wrote) end
    local ok, result = pcall(next, params)
    wrote() -- also after an error, for it may have been done
    if not ok then error(result, 0) end
    return result
  end
  local function to_primary(session)
    local made = session:extends { name = "primary" }
    primary[made] = true
    return made
  end
  return { use = hook, extends = { name = "readReplicas", client = { primary = to_primary } } }
end

return replicas
