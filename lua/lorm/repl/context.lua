-- Where in Lua text a cursor stands, as completion wants to know it: at its end.
--   context.at(text) -> {
--     mode    "member" behind a dot or a colon, "key" where a table's key may begin, "value" behind `key =`,
--             "string" in an open string, "name" elsewhere, or nil (in a comment, in a number)
--     prefix  what is there of the word already
--     chain   of a member: the names before it, { "db", "Post" }
--     key     of a value or a string: under which name it stands in its table
--     frames  the brackets around it, outermost first: { open =, key =, callee = chain or nil }
--   }
local tokens = require "lorm.repl.tokens"

local context = {}

local closing = { ["}"] = "{", [")"] = "(", ["]"] = "[" }

-- The names joined by dots and colons that end at list[at], or nil: db.Post:findMany.
local function chain_at(list, at)
  local names = {}
  while list[at] and list[at].kind == "name" do
    table.insert(names, 1, list[at].text)
    local before = list[at - 1]
    if not before or (before.text ~= "." and before.text ~= ":") then return names end
    at = at - 2
  end
  if #names > 0 then table.insert(names, 1, false) end -- behind a call or an index: nobody knows of what
  return #names > 0 and names or nil
end

-- The key before the value at list[at]: `key =` or `["key"] =`.
local function key_before(list, at)
  if not list[at - 1] or list[at - 1].text ~= "=" then return nil end
  local key = list[at - 2]
  if key and key.kind == "name" then return key.text end
  if key and key.text == "]" and list[at - 3] and list[at - 3].kind == "string" then return list[at - 3].text:sub(2, -2) end
  return nil
end

local function frames_of(list, last)
  local frames = {}
  for at = 1, last do
    local token = list[at]
    if token.kind == "symbol" then
      if token.text == "{" or token.text == "(" or token.text == "[" then
        local before = list[at - 1]
        local callee = token.text ~= "[" and before and before.kind == "name" and chain_at(list, at - 1) or nil
        frames[#frames + 1] = { open = token.text, key = key_before(list, at), callee = callee }
      elseif closing[token.text] and #frames > 0 and frames[#frames].open == closing[token.text] then
        frames[#frames] = nil
      end
    end
  end
  return frames
end

-- What a word at list[at] (or one that begins there) is.
local function mode_at(list, at, frames)
  local before = list[at - 1]
  if before and (before.text == "." or before.text == ":") and list[at - 2] then
    return "member", chain_at(list, at - 2) or { false }
  end
  local inside = frames[#frames]
  if inside and inside.open == "{" and before then
    if before.text == "{" or before.text == "," or before.text == ";" then return "key" end
    if before.text == "=" then return "value" end
  end
  return "name"
end

function context.at(text)
  local list = tokens.of(text)
  local last = list[#list]
  if last and last.kind == "comment" then return { frames = {} } end
  local touches = last and last.to == #text
  if touches and last.kind == "number" then return { frames = {} } end
  if last and last.kind == "string" and last.open then
    local frames = frames_of(list, #list - 1)
    local before = list[#list - 1]
    return {
      mode = "string", prefix = text:sub(last.from + 1), key = key_before(list, #list), frames = frames,
      callee = before and before.kind == "name" and chain_at(list, #list - 1) or nil,
    }
  end
  local word = touches and (last.kind == "name" or last.kind == "keyword") and last or nil
  local at = word and #list or #list + 1
  local frames = frames_of(list, #list)
  local mode, chain = mode_at(list, at, frames)
  return {
    mode = mode, prefix = word and word.text or "", chain = chain, frames = frames,
    key = mode == "value" and key_before(list, at) or nil,
  }
end

return context
