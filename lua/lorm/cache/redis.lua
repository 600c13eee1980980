-- A store of the cache middleware that programs share: a Redis server. When it cannot be reached, nothing is found, and
-- what was to be changed is made up for before anything is found again.
--   local store = redis.new { url = "redis://localhost", prefix = "lorm:", timeout = 200 }
-- A tag's state is a random text under its name; an entry holds the states that it was made of, so that one command
-- finds an entry and whether it still holds.
local core = require "lorm.core"
local log = require "lorm.log"

local redis = {}

local Store = {}
Store.__index = Store

local STATE_SECONDS <const> = "604800" -- a tag that nobody asks for is forgotten; entries under it no longer hold

local function fresh() return ("%016x"):format(math.random(0)) end

-- The answer; nil and false when there is no server to answer. Told once, until it is back.
local function call(self, ...)
  local answer, problem = core.redisCall(self.redis, ...)
  if problem and not self.lost then log.warn("cache: Redis is not used for now", { error = problem }) end
  if not problem and self.lost then log.info "cache: Redis is used again" end
  self.lost = problem ~= nil
  return answer, problem == nil
end

-- What could not be told when it changed.
local function make_up(self)
  if not next(self.unsaid) then return true end
  local tags = {}
  for tag in pairs(self.unsaid) do tags[#tags + 1] = tag end
  return self:change(tags)
end

-- The states of all tags, each made when there is none; nil without a server.
local function states_of(self, names, found)
  local states, missing = {}, false
  for i, name in ipairs(names) do
    states[i] = found[i]
    if not states[i] then
      missing = true
      if not select(2, call(self, "SET", name, fresh(), "NX", "EX", STATE_SECONDS)) then return nil end
    end
  end
  if not missing then return states end
  local again = call(self, "MGET", table.unpack(names))
  for i = 1, #names do
    if not again or not again[i] then return nil end
  end
  return again
end

local function head_of(states)
  local parts = {}
  for i, state in ipairs(states) do parts[i] = string.pack("<s1", state) end
  return table.concat(parts)
end

function Store:get(key, tags)
  if not make_up(self) then return nil end
  local names = {}
  for i, tag in ipairs(tags) do names[i] = self.prefix .. "tag:" .. tag end
  local found = call(self, "MGET", self.prefix .. key, table.unpack(names))
  if not found then return nil end
  local states = states_of(self, names, { table.unpack(found, 2, found.n) })
  if not states then return nil end
  local head = head_of(states)
  local entry = found[1]
  if entry and entry:sub(1, #head) == head then return entry:sub(#head + 1) end
  return nil, head
end

function Store:put(key, bytes, ttl, _, head)
  if head then call(self, "SET", self.prefix .. key, head .. bytes, "PX", tostring(math.ceil(ttl * 1000))) end
end

-- False: not yet.
function Store:change(tags)
  local well = true
  for _, tag in ipairs(tags) do
    local fine = select(2, call(self, "SET", self.prefix .. "tag:" .. tag, fresh(), "EX", STATE_SECONDS))
    self.unsaid[tag] = not fine or nil
    well = well and fine
  end
  return well
end

function redis.new(options)
  return setmetatable({
    redis = core.redis(options.url, options.timeout or 200), prefix = options.prefix or "lorm:", unsaid = {},
  }, Store)
end

return redis
