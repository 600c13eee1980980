-- Texts that match a simple regular expression: characters, . \d \w, [a-z] and [^a-z], each with {n} {n,m} ? * or +.
--   regexp.draw(f, "[A-Z]{2}-\\d{3,5}")
-- Groups, alternatives and anchors are refused.
local options = require "lorm.faker.options"

local regexp = {}

local NAME <const> = "helpers.fromRegExp"
local REPEAT <const> = 10 -- what * and + stop at

local function range(from, to)
  local out = {}
  for code = from:byte(), to:byte() do out[#out + 1] = string.char(code) end
  return table.concat(out)
end

local DIGITS <const> = range("0", "9")
local WORD <const> = range("a", "z") .. range("A", "Z") .. DIGITS .. "_"
local PRINTABLE <const> = range(" ", "~")

local escapes = { d = DIGITS, w = WORD, s = " " }

-- [...] from `at` on: its characters, and where it ends.
local function class(pattern, at)
  local negated = pattern:sub(at + 1, at + 1) == "^"
  local out, i = {}, at + (negated and 2 or 1)
  while pattern:sub(i, i) ~= "]" or #out == 0 do
    local c, to = pattern:match("^(.)%-([^%]])", i)
    if c then
      out[#out + 1], i = range(c, to), i + 3
    else
      c = pattern:sub(i, i)
      if c == "" then options.fail(NAME, "a [ has no ] in %q", pattern) end
      if c == "\\" then
        i = i + 1
        c = escapes[pattern:sub(i, i)] or pattern:sub(i, i)
      end
      out[#out + 1], i = c, i + 1
    end
  end
  local chosen = table.concat(out)
  if negated then
    chosen = PRINTABLE:gsub(".", function(c) return chosen:find(c, 1, true) and "" or nil end)
  end
  if chosen == "" then options.fail(NAME, "nothing matches a class in %q", pattern) end
  return chosen, i + 1
end

-- One character of the pattern: what may stand there, and where the rest begins.
local function atom(pattern, at)
  local c = pattern:sub(at, at)
  if c == "[" then return class(pattern, at) end
  if c == "." then return PRINTABLE, at + 1 end
  if c == "\\" then
    local escaped = pattern:sub(at + 1, at + 1)
    return escapes[escaped] or escaped, at + 2
  end
  if c:find "[()|^$*+?{}]" then options.fail(NAME, "%s at %d of %q cannot be drawn", c, at, pattern) end
  return c, at + 1
end

local function quantifier(pattern, at)
  local c = pattern:sub(at, at)
  if c == "?" then return 0, 1, at + 1 end
  if c == "*" then return 0, REPEAT, at + 1 end
  if c == "+" then return 1, REPEAT, at + 1 end
  local min, comma, max, after = pattern:match("^{(%d+)(,?)(%d*)}()", at)
  if not min then return 1, 1, at end
  min = tonumber(min)
  return min, comma == "" and min or tonumber(max) or min + REPEAT, after
end

function regexp.draw(f, pattern)
  local out, at = {}, 1
  while at <= #pattern do
    local alphabet, min, max
    alphabet, at = atom(pattern, at)
    min, max, at = quantifier(pattern, at)
    if max < min then options.fail(NAME, "a count of %q goes from %d to %d", pattern, min, max) end
    out[#out + 1] = f.string.fromCharacters(alphabet, { min = min, max = max })
  end
  return table.concat(out)
end

return regexp
