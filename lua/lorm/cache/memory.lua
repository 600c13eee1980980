-- A store of the cache middleware: bytes in this program, the least recently used go.
--   local store = memory.new { maxBytes = 64 << 20 }
--   local bytes, state = store:get(key, tags)         bytes, or nil and the state of the tags
--   store:put(key, bytes, ttl, tags, state)           ttl in seconds; no effect when a tag has changed since
--   store:change(tags)                                what was put under them is gone
local lorm = require "lorm"

local memory = {}

local Store = {}
Store.__index = Store

local COST <const> = 200 -- bytes of an entry, besides its own

-- Entries are a ring, the newest behind the head.
local function unlink(entry) entry.newer.older, entry.older.newer = entry.older, entry.newer end

local function link(self, entry)
  entry.older, entry.newer = self.head.older, self.head
  self.head.older.newer = entry
  self.head.older = entry
end

local function drop(self, entry)
  unlink(entry)
  self.entries[entry.key] = nil
  self.bytes = self.bytes - entry.size
end

local function state_of(self, tags)
  local parts = { self.epoch }
  for i, tag in ipairs(tags) do parts[i + 1] = self.changes[tag] or 0 end
  return table.concat(parts, ",")
end

function Store:get(key, tags)
  local entry = self.entries[key]
  if entry and (entry.ends < lorm.clock() or state_of(self, entry.tags) ~= entry.state) then
    drop(self, entry)
    entry = nil
  end
  if not entry then return nil, state_of(self, tags) end
  unlink(entry)
  link(self, entry)
  return entry.bytes
end

function Store:put(key, bytes, ttl, tags, state)
  if self.entries[key] then drop(self, self.entries[key]) end
  local entry = {
    key = key, bytes = bytes, tags = tags, state = state, size = #key + #bytes + COST, ends = lorm.clock() + ttl * 1000,
  }
  if entry.size > self.max or state_of(self, tags) ~= state then return end
  self.entries[key] = entry
  self.bytes = self.bytes + entry.size
  link(self, entry)
  while self.bytes > self.max do drop(self, self.head.newer) end
end

function Store:change(tags)
  for _, tag in ipairs(tags) do self.changes[tag] = (self.changes[tag] or 0) + 1 end
end

function Store:clear()
  self.epoch, self.entries, self.bytes, self.changes = self.epoch + 1, {}, 0, {}
  self.head = {}
  self.head.newer, self.head.older = self.head, self.head
end

function memory.new(options)
  local self = setmetatable({ epoch = 0, max = options.maxBytes or 64 << 20 }, Store)
  self:clear()
  return self
end

return memory
