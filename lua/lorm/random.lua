-- Random numbers that are the same on every machine.
--   local random = require "lorm.random"
--   local r = random.new(42)                 -- equal keys, equal numbers
--   local row = random.new(42, "users", 7)   -- a stream of its own for each list of keys
--   local row = random.later(42, "users", 7) -- the same, and no work before its first number
--   r:next()            -- 64 random bits
--   r:float()           -- 0 <= x < 1, 53 bits
--   r:int(1, 6)         -- both ends included, every value equally likely
--   r:chance(0.25)      -- true one time in four
--   r:pick(list)        -- one element; r:shuffle(list) shuffles in place
--
-- The generator is xoshiro256** 1.0, its state filled by splitmix64 (both by D. Blackman and S. Vigna, public
-- domain); text keys are hashed by 64-bit FNV-1a (Fowler, Noll, Vo). Lua integers are 64 bits and wrap, so plain
-- arithmetic is exact.

local random = {}
random.__index = random

local GOLDEN = 0x9E3779B97F4A7C15

local function mix(z)
  z = (z ~ (z >> 30)) * 0xBF58476D1CE4E5B9
  z = (z ~ (z >> 27)) * 0x94D049BB133111EB
  return z ~ (z >> 31)
end

local function hash(text)
  local h = 0xCBF29CE484222325
  for i = 1, #text do h = (h ~ text:byte(i)) * 0x100000001B3 end
  return h
end

local function bits(key)
  if math.type(key) == "integer" then return key end
  return hash(type(key) == "string" and key or tostring(key))
end

-- A stream for a list of keys (integers or texts).
function random.new(...)
  local state = 0
  for i = 1, select("#", ...) do state = mix(state + GOLDEN) ~ mix(bits((select(i, ...))) + GOLDEN) end
  local s = {}
  for i = 1, 4 do
    state = state + GOLDEN
    s[i] = mix(state)
  end
  return setmetatable(s, random)
end

-- Becomes a stream when something is asked of it.
local Later = {
  __index = function(keys, name)
    local stream = random.new(table.unpack(keys))
    table.move(stream, 1, 4, 1, keys)
    return setmetatable(keys, random)[name]
  end,
}

function random.later(...) return setmetatable({ ... }, Later) end

local function rotate(x, k) return x << k | x >> 64 - k end

function random:next()
  local s0, s1, s2, s3 = self[1], self[2], self[3], self[4]
  local result = rotate(s1 * 5, 7) * 9
  s2, s3 = s2 ~ s0, s3 ~ s1
  self[1], self[2], self[3], self[4] = s0 ~ s3, s1 ~ s2, s2 ~ s1 << 17, rotate(s3, 45)
  return result
end

function random:float() return (self:next() >> 11) * 0x1p-53 end

-- Draws under the smallest mask that covers the range are rejected until one lies in it.
function random:int(min, max)
  if min > max then error(("no number lies between %d and %d"):format(min, max), 2) end
  local range = max - min
  local mask = range
  for _, shift in ipairs { 1, 2, 4, 8, 16, 32 } do mask = mask | mask >> shift end
  local draw
  repeat draw = self:next() & mask until not math.ult(range, draw)
  return min + draw
end

function random:chance(p) return self:float() < p end

function random:pick(list) return list[self:int(1, #list)] end

function random:shuffle(list)
  for i = #list, 2, -1 do
    local j = self:int(1, i)
    list[i], list[j] = list[j], list[i]
  end
  return list
end

return random
