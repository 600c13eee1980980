-- Reads that were made before are not made again.
--   middleware = { { "cache", ttl = 300 } }                                  in this program's memory
--   middleware = { { "cache", ttl = 300, url = "redis://localhost:6379" } }  in Redis, for all programs
--
--   ttl       seconds that an answer holds (default 60)
--   actions   what is cached; unsaid: findUnique, findFirst and their OrThrow; also findMany, count, aggregate, groupBy
--   models    { "User", ... }: only of these; unsaid: of all
--   maxBytes  of this program's memory (default 64 MiB)
--   listen    false: nothing is heard of other programs' writes, which costs a connection (without url only)
--   url, prefix, timeout   of the Redis server; milliseconds that it may take (default 200), or it is done without
--   db.Post:findMany { ..., cache = { ttl = 5, tags = { "front" } } }        one call; cache = false: not this one
--   db:forget("front", "User")                                               all under a tag or model; without: all
--
-- A write forgets what depended on its models, with those of nested writes and of cascades: at once, in a transaction
-- when it commits. What SQL wrote, nobody knows: it forgets all. Nothing is cached in transactions or of streams, nothing
-- that was not found, and nothing that others may not see: users (db:as) and clients with more to them have their own.
local core = require "lorm.core"
local lorm = require "lorm"
local nearest = require "lorm.nearest"

local cache = {}

local CHANNEL <const>, ALL <const> = "lorm_cache", "*"

local cachable = {
  findUnique = true, findUniqueOrThrow = true, findFirst = true, findFirstOrThrow = true, findMany = true, count = true,
  aggregate = true, groupBy = true,
}
local usual = { "findUnique", "findUniqueOrThrow", "findFirst", "findFirstOrThrow" }

-- ---- options ----

local function is_number(v) return type(v) == "number" and v > 0 end
local function is_list(v) return type(v) == "table" end
local function is_text(v) return type(v) == "string" end
local known = {
  ttl = { is_number, "a number of seconds" }, actions = { is_list, "a list of actions" }, models = { is_list, "a list of models" },
  maxBytes = { is_number, "a number of bytes" }, listen = { function(v) return type(v) == "boolean" end, "true or false" },
  url = { is_text, "redis://host:port" }, prefix = { is_text, "a text" }, timeout = { is_number, "a number of milliseconds" },
}

local function check(options)
  for name, value in pairs(options) do
    local rule = known[name]
    if not rule then error(("cache: unknown option `%s`.%s"):format(name, nearest.hint(name, nearest.names(known))), 0) end
    if not rule[1](value) then error(("cache: %s must be %s, got %s"):format(name, rule[2], tostring(value)), 0) end
  end
end

local function set_of(list, all, what)
  local set = {}
  for _, name in ipairs(list) do
    if not all[name] then
      error(("cache: there is no %s `%s` to cache.%s"):format(what, name, nearest.hint(name, nearest.names(all))), 0)
    end
    set[name] = true
  end
  return set
end

local function models_of(db, list)
  if not list then return nil end
  local all = {}
  for name in pairs(db.models) do all[name] = true end
  return set_of(list, all, "model")
end

-- ---- what others wrote ----

local Others = {}
Others.__index = Others

-- Unfit connections (PgBouncer's) hear nothing: then it is this program's writes, and the ttl.
local function listen(self)
  local ok, listener = pcall(self.db.listen, self.db, CHANNEL)
  if ok then return listener end
  lorm.log.warn("cache: other programs' writes are not heard of", { error = tostring(listener) })
  return nil
end

local function hear(self, note)
  if note.missed then return self.store:clear() end
  local sender, tags = note.payload:match "^(%x+):(.*)$"
  if sender == self.me then return end
  for tag in (tags or ALL):gmatch "[^,]+" do
    if tag == ALL then self.store:clear() else self.store:change { tag } end
  end
end

-- What somebody waits for: resolved when the block is left.
local Waiting = { __close = function(own)
  own.leave(own)
  core.resolve(own.promise, own.value)
end }
local function waiting(leave) return setmetatable({ promise = core.promise(), leave = leave }, Waiting) end

-- What was committed before this call is known after it. One task looks, and those who wait share the next look.
function Others:look()
  local wanted = self.begun + 1
  while self.listener ~= false and self.ended < wanted do
    if self.looking then
      self.looking.promise:await()
    else
      local looking <close> = waiting(function() self.looking = nil end)
      self.looking, self.begun = looking, self.begun + 1
      if self.listener == nil then self.listener = listen(self) or false end
      local note = self.listener and self.listener:next(0)
      while note do
        hear(self, note)
        note = self.listener:next(0)
      end
      self.ended = self.begun
    end
  end
end

function Others:tell(tags)
  local ok, e = pcall(self.db.notify, self.db, CHANNEL, self.me .. ":" .. table.concat(tags, ","))
  if not ok then lorm.log.warn("cache: other programs were not told of a write", { error = tostring(e) }) end
end

local function others(db, store)
  return setmetatable({ db = db, store = store, me = ("%016x"):format(math.random(0)), begun = 0, ended = 0 }, Others)
end

-- ---- reads ----

-- args.cache is the middleware's own: { ttl =, tags = }, false, or nil.
local function taken(params)
  local own = params.args.cache
  if own == nil then return nil end
  if own ~= false and type(own) ~= "table" then error("cache must be false or { ttl =, tags = }", 0) end
  local args = {}
  for name, value in pairs(params.args) do args[name] = value end
  args.cache = nil
  params.args = args
  return own
end

local function tags_of(db, params, own)
  local tags = db:reads(params)
  for _, tag in ipairs(own.tags or {}) do tags[#tags + 1] = ":" .. tag end
  tags[#tags + 1] = ALL
  return tags
end

-- nil: not to be cached.
local function key_of(self, params)
  local who, everywhere = self.db:audience(params)
  if not who or (self.shared and not everywhere) then return nil end
  local ok, key = pcall(lorm.cacheKey, params.model, params.action, params.args)
  return ok and who .. " " .. key or nil
end

-- The call is made, and those who ask the same meanwhile wait for it.
local function load(self, key, tags, state, ttl, params, next)
  local loading <close> = waiting(function(own)
    if self.loading[key] == own then self.loading[key] = nil end
  end)
  loading.state, self.loading[key] = state, loading
  local result = next(params)
  local ok, bytes = pcall(lorm.serialize.encode, result)
  if ok and result ~= nil and state then
    loading.value = bytes
    self.store:put(key, bytes, ttl, tags, state)
  end
  return result
end

local function read(self, params, next, own)
  local key = key_of(self, params)
  if not key then return next(params) end
  local tags = tags_of(self.db, params, own)
  while true do
    if self.others then self.others:look() end
    local bytes, state = self.store:get(key, tags)
    local loading = self.loading[key]
    local joins = not bytes and loading and state and loading.state == state -- no write was in between
    if joins then bytes = loading.promise:await() end
    if bytes then return lorm.serialize.decode(bytes) end
    if not joins then return load(self, key, tags, state, own.ttl or self.ttl, params, next) end
  end
end

-- ---- writes ----

local function forget(self, tags)
  if tags[1] == ALL and self.store.clear then self.store:clear() else self.store:change(tags) end
  if self.others then self.others:tell(tags) end
end

-- All that a transaction wrote, when it is committed.
local function forget_later(self, tags, tx)
  local written = self.written[tx]
  if not written then
    written = {}
    self.written[tx] = written
    tx:onCommit(function()
      local list = {}
      for tag in pairs(written) do list[#list + 1] = tag end
      forget(self, written[ALL] and { ALL } or list)
    end)
  end
  for _, tag in ipairs(tags) do written[tag] = true end
end

local function write(self, tags, params, next)
  if params.tx then
    forget_later(self, tags, params.tx)
    return next(params)
  end
  local ok, result = pcall(next, params)
  local refused = not ok and lorm.isError(result) and result.name == "ValidationError"
  if not refused then forget(self, tags) end -- who knows what an error has left
  if not ok then error(result, 0) end
  return result
end

local function reads_only(sql) return type(sql) == "string" and sql:match "^%s*[Ss][Ee][Ll][Ee][Cc][Tt]%s" ~= nil end

-- nil: it writes nothing.
local function written(self, params)
  local tags = self.db:touches(params)
  if tags then return tags[1] and tags or nil end
  if params.action == "queryRaw" and reads_only(params.args.sql) then return nil end
  return { ALL }
end

-- ---- all of it ----

local function forgetter(self)
  return function(_, ...)
    local tags = {}
    for i, name in ipairs { ... } do tags[i] = self.models_known[name] and name or ":" .. name end
    forget(self, tags[1] and tags or { ALL })
  end
end

local function state_of(db, options)
  local self = {
    db = db:unhooked(), ttl = options.ttl or 60, shared = options.url ~= nil, loading = {}, models_known = {},
    written = setmetatable({}, { __mode = "k" }),
  }
  for name in pairs(db.models) do self.models_known[name] = true end
  self.actions = set_of(options.actions or usual, cachable, "action")
  self.models = models_of(db, options.models)
  if options.url then
    local schema = ("%016x"):format(lorm.random.new(lorm.json.encode(db:schema())):next())
    self.store = require "lorm.cache.redis".new {
      url = options.url, timeout = options.timeout, prefix = (options.prefix or "lorm:") .. schema .. ":",
    }
  else
    self.store = require "lorm.cache.memory".new(options)
    if options.listen ~= false then self.others = others(self.db, self.store) end
  end
  return self
end

function cache.setup(db, options)
  check(options)
  local self = state_of(db, options)
  local function wanted(params, own)
    if own == false or params.runInTransaction or params.streamed or not cachable[params.action] then return false end
    return (own or self.actions[params.action]) and (not self.models or self.models[params.model])
  end
  local function hook(params, next)
    local own = params.model and taken(params)
    local tags = written(self, params)
    if tags then return write(self, tags, params, next) end
    if not params.model or not wanted(params, own) then return next(params) end
    return read(self, params, next, own or {})
  end
  return { use = hook, extends = { name = "cache", client = { forget = forgetter(self) } } }
end

return cache
