-- A word of a wanted length, for lorem.word and word.*: { length = 5 | { min =, max = }, strategy = "closest" }.
-- The strategy says what to do when no word has that length.
local options = require "lorm.faker.options"

local bylength = {}

bylength.options = {
  length = "range",
  strategy = { "fail", "closest", "shortest", "longest", "any-length" },
}

local function bounds(range)
  if type(range) == "table" then return range.min, range.max end
  return range, range
end

-- How far a word's length lies outside of the range.
local function distance(w, min, max) return math.max(min - #w, #w - max, 0) end

local better = {
  closest = function(w, best, min, max) return distance(w, min, max) - distance(best, min, max) end,
  shortest = function(w, best) return #w - #best end,
  longest = function(w, best) return #best - #w end,
  ["any-length"] = function() return 0 end,
}

-- The words that a strategy falls back on: all that are equally good.
local function fallback(words, strategy, min, max)
  local found = {}
  for _, w in ipairs(words) do
    local order = found[1] and better[strategy](w, found[1], min, max) or 0
    if order < 0 then found = {} end
    if order <= 0 then found[#found + 1] = w end
  end
  return found
end

function bylength.draw(f, name, words, o)
  if not o.length then return f.stream:pick(words) end
  local min, max = bounds(o.length)
  local fit = {}
  for _, w in ipairs(words) do
    if #w >= min and #w <= max then fit[#fit + 1] = w end
  end
  if #fit > 0 then return f.stream:pick(fit) end
  local strategy = o.strategy or "any-length"
  if strategy == "fail" then options.fail(name, "no word has %d to %d letters", min, max) end
  return f.stream:pick(fallback(words, strategy, min, max))
end

return bylength
