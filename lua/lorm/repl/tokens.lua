-- Lua text as tokens, also when it is not finished.
--   tokens.of(text) -> { { kind =, text =, from =, to =, line = }, ... }
-- kind: "name", "keyword", "number", "string", "symbol". A string that has no end has open = true. Comments and
-- blanks are left out; an unfinished comment at the end is { kind = "comment" }.
local tokens = {}

local keywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true
  until while]]):gmatch "%a+" do keywords[word] = true end
tokens.keywords = keywords

local longest = { "...", "..", "==", "~=", "<=", ">=", "<<", ">>", "//", "::" }

local function end_of_quoted(text, from, quote)
  local at = from + 1
  while at <= #text do
    local c = text:sub(at, at)
    if c == "\\" then
      at = at + 1
    elseif c == quote then
      return at
    elseif c == "\n" then
      return at - 1, true
    end
    at = at + 1
  end
  return #text, true
end

-- The end of [[...]] or [==[...]==], should there be one at `from`.
local function end_of_long(text, from)
  local level = text:match("^%[(=*)%[", from)
  if not level then return nil end
  local _, to = text:find("]" .. level .. "]", from, true)
  return to or #text, to == nil
end

local function symbol_at(text, at)
  for _, symbol in ipairs(longest) do
    if text:sub(at, at + #symbol - 1) == symbol then return at + #symbol - 1 end
  end
  return at
end

-- kind, end, open of the token at `at`.
local function token_at(text, at)
  local c = text:sub(at, at)
  if c:find "[%a_]" then
    local to = select(2, text:find("^[%w_]+", at))
    return keywords[text:sub(at, to)] and "keyword" or "name", to
  end
  if c:find "%d" or text:find("^%.%d", at) then
    return "number", select(2, text:find("^[%w.]+", at))
  end
  if c == '"' or c == "'" then return "string", end_of_quoted(text, at, c) end
  if c == "[" then
    local to, open = end_of_long(text, at)
    if to then return "string", to, open end
  end
  return "symbol", symbol_at(text, at)
end

-- Behind blanks and comments; true when a comment reaches the end of the text.
local function skip(text, at)
  while true do
    at = text:find("%S", at) or #text + 1
    if text:sub(at, at + 1) ~= "--" then return at, false end
    local to, open = end_of_long(text, at + 2)
    if not to then
      to = (text:find("\n", at, true) or #text + 1) - 1
      open = to >= #text
    end
    if open then return #text + 1, true end
    at = to + 1
  end
end

function tokens.of(text)
  local list, line, counted = {}, 1, 1
  local at, comment = skip(text, 1)
  while at <= #text do
    local kind, to, open = token_at(text, at)
    for _ in text:sub(counted, at - 1):gmatch "\n" do line = line + 1 end
    counted = at
    list[#list + 1] = { kind = kind, text = text:sub(at, to), from = at, to = to, line = line, open = open }
    at, comment = skip(text, to + 1)
  end
  if comment then list[#list + 1] = { kind = "comment", text = "", from = #text + 1, to = #text, line = line } end
  return list
end

return tokens
