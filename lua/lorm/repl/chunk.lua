-- A chunk as it was typed: whole or not, what is wrong with it and where, and the function that it is.
--   chunk.state(text) -> "whole", "unfinished" or "wrong"
--   chunk.load(text, env) -> function, names; or nil, message with the line and a caret
-- An expression is a chunk that returns it; "= x" is "x". Locals of the outermost block become variables of `env`,
-- so that the next line has them: `names` = { { name =, close = true or nil }, ... }.
local core = require "lorm.core"
local tokens = require "lorm.repl.tokens"

local chunk = {}

local NAME <const> = "=repl"

local function plain(text) return (text:gsub("^%s*=", "", 1)) end

local function ends_early(problem) return problem:sub(-5) == "<eof>" end

function chunk.state(text)
  text = plain(text)
  local found, problem = load("return " .. text, NAME, "t")
  if found then return "whole" end
  local statement, other = load(text, NAME, "t")
  if statement then return "whole" end
  if ends_early(problem) or ends_early(other) then return "unfinished" end
  return "wrong"
end

-- ---- what is wrong, and where ----

-- The token at which reading ends: the first whose text, with all before it, is wrong whatever follows.
local function culprit(text, line)
  for _, token in ipairs(tokens.of(text)) do
    if token.line >= line then
      local head = text:sub(1, token.to)
      local found, problem = load(head, NAME, "t")
      if not found and not ends_early(problem) then return token end
    end
  end
end

local function line_of(text, number)
  local at = 1
  for line in (text .. "\n"):gmatch "(.-)\n" do
    if number == 1 then return line, at end
    number, at = number - 1, at + #line + 1
  end
  return "", at
end

-- Blanks as wide as the text; its tabs stay.
local function under(text)
  return (text:gsub("[^\t]+", function(part) return (" "):rep(core.width(part)) end))
end

local function explained(text, problem)
  local number, message = problem:match "^repl:(%d+): (.*)$"
  if not number then return problem end
  local token = culprit(text, tonumber(number))
  local line, from = line_of(text, token and token.line or tonumber(number))
  local before = token and line:sub(1, token.from - from) or line
  local gutter = ("%4d | "):format(token and token.line or number)
  local width = token and math.max(1, core.width(token.text:match "^[^\n]*")) or 1
  return ("%s\n%s%s\n%s%s%s"):format(message, gutter, line, (" "):rep(#gutter - 2) .. "| ",
    under(before), ("^"):rep(width))
end

-- ---- locals that stay ----

local opens = { ["do"] = true, ["then"] = true, ["repeat"] = true, ["function"] = true }
local closes = { ["end"] = true, ["until"] = true }
local brackets = { ["("] = 1, ["{"] = 1, ["["] = 1, [")"] = -1, ["}"] = -1, ["]"] = -1 }

-- How the depth of blocks changes at a token. `elseif` and `else` end what `then` began.
local function change(token)
  if token.kind == "symbol" then return brackets[token.text] or 0 end
  if token.kind ~= "keyword" then return 0 end
  if opens[token.text] then return 1 end
  if closes[token.text] or token.text == "elseif" then return -1 end
  return 0
end

-- The names after `local` at list[at]; which of them close; the index behind the last.
local function declared(list, at)
  local names = {}
  repeat
    at = at + 1
    local name = list[at]
    if not name or name.kind ~= "name" then return nil end
    names[#names + 1] = { name = name.text, from = name.from, to = name.to }
    at = at + 1
    if list[at] and list[at].text == "<" and list[at + 2] and list[at + 2].text == ">" then
      names[#names].close = list[at + 1].text == "close" or nil
      names[#names].attribute = { list[at].from, list[at + 2].to }
      at = at + 3
    end
  until not list[at] or list[at].text ~= ","
  return names, at
end

-- Each edit is { from, to, text }, in order; lines stay where they are.
local function apply(text, edits)
  local parts, at = {}, 1
  for _, edit in ipairs(edits) do
    parts[#parts + 1] = text:sub(at, edit[1] - 1) .. edit[3]
    at = edit[2] + 1
  end
  return table.concat(parts) .. text:sub(at)
end

local function blank(edits, from, to) edits[#edits + 1] = { from, to, (" "):rep(to - from + 1) } end

local function hoist(names, edits, keyword, behind)
  blank(edits, keyword.from, keyword.to)
  local last = 0
  for _, name in ipairs(names) do
    if name.attribute then blank(edits, name.attribute[1], name.attribute[2]) end
    last = name.attribute and name.attribute[2] or name.to
  end
  if not (behind and behind.text == "=") then edits[#edits + 1] = { last + 1, last, " = nil;" } end
end

-- `local` of the outermost block taken away.
local function without_locals(text)
  local list, edits, names, depth = tokens.of(text), {}, {}, 0
  local at = 1
  while list[at] do
    local token, after = list[at], list[at + 1]
    if depth == 0 and token.kind == "keyword" and token.text == "local" then
      if after and after.text == "function" then
        blank(edits, token.from, token.to)
        names[#names + 1] = { name = list[at + 2] and list[at + 2].text }
      else
        local found, behind = declared(list, at)
        if not found then return text, {} end
        hoist(found, edits, token, list[behind])
        table.move(found, 1, #found, #names + 1, names)
        at = behind - 1
      end
    else
      depth = depth + change(token)
    end
    at = at + 1
  end
  return apply(text, edits), names
end

function chunk.load(text, env)
  text = plain(text)
  local found = load("return " .. text, NAME, "t", env)
  if found then return found, {} end
  local problem
  found, problem = load(text, NAME, "t", env)
  if not found then return nil, explained(text, problem) end
  local kept, names = without_locals(text)
  local whole = #names > 0 and load(kept, NAME, "t", env)
  if whole then return whole, names end
  return found, {}
end

-- What was pasted may be several chunks that are none together (`x = 1`, then `x`): a list of those.
function chunk.split(text)
  if chunk.state(text) ~= "wrong" then return { text } end
  local list, part = {}, nil
  for line in (text .. "\n"):gmatch "(.-)\n" do
    part = part and part .. "\n" .. line or line
    local state = chunk.state(part)
    if state == "wrong" then return { text } end
    if state == "whole" then
      if part:find "%S" then list[#list + 1] = part end
      part = nil
    end
  end
  if part then return { text } end
  return list
end

return chunk
