-- .luarc.json, the language server's settings of a project: where the annotations are.
--   luarc.with(nil, ".lorm/types")      the text of a new file
--   luarc.with(text, ".lorm/types")     the text with the folder in workspace.library; the same text when it is there;
--                                       nil and why when it cannot be told where to put it
-- What is in the file stays as it is, with its comments and its layout.
local luarc = {}

local NEW <const> = [[
{
  "runtime.version": "Lua 5.4",
  "workspace.checkThirdParty": false,
  "workspace.library": [%s]
}
]]

local function quoted(text) return '"' .. text:gsub('[\\"]', "\\%0") .. '"' end

-- Behind white space and comments.
local function skip(text, at)
  while true do
    local next_at = text:match("^%s*()", at)
    next_at = text:match("^//[^\n]*()", next_at) or text:match("^/%*.-%*/()", next_at) or next_at
    if next_at == at then return at end
    at = next_at
  end
end

-- [the content of the string there, and what is behind it]
local function string_at(text, at)
  if text:sub(at, at) ~= '"' then return nil end
  local i = at + 1
  while i <= #text do
    local c = text:sub(i, i)
    if c == "\\" then i = i + 1 elseif c == '"' then return text:sub(at + 1, i - 1), i + 1 end
    i = i + 1
  end
end

-- Behind the value that is there, or nil.
local function value_end(text, at)
  local open = text:sub(at, at)
  if open == '"' then return select(2, string_at(text, at)) end
  if open ~= "{" and open ~= "[" then return text:match("^[%w%.+-]+()", at) end
  local depth = 0
  while at <= #text do
    at = skip(text, at)
    local c = text:sub(at, at)
    if c == '"' then
      at = select(2, string_at(text, at))
      if not at then return nil end
    else
      if c == "{" or c == "[" then depth = depth + 1 elseif c == "}" or c == "]" then depth = depth - 1 end
      at = at + 1
      if depth == 0 then return at end
    end
  end
end

-- { [key] = where its value begins } of the object that is there, or nil.
local function members(text, at)
  if text:sub(at, at) ~= "{" then return nil end
  local found = {}
  at = skip(text, at + 1)
  while text:sub(at, at) ~= "}" do
    local key, behind = string_at(text, at)
    if not key then return nil end
    at = skip(text, behind)
    if text:sub(at, at) ~= ":" then return nil end
    at = skip(text, at + 1)
    found[key] = at
    at = value_end(text, at)
    if not at then return nil end
    at = skip(text, at)
    if text:sub(at, at) == "," then at = skip(text, at + 1) elseif text:sub(at, at) ~= "}" then return nil end
  end
  return found
end

-- Where the value of workspace.library begins: as one key, or as objects in each other.
local function library_at(text, root)
  for _, path in ipairs { { "workspace.library" }, { "Lua.workspace.library" }, { "workspace", "library" },
    { "Lua", "workspace.library" }, { "Lua", "workspace", "library" } } do
    local at = root
    for _, key in ipairs(path) do at = at and (members(text, at) or {})[key] end
    if at then return at end
  end
end

local function has(text, at, entry)
  local stop = value_end(text, at)
  at = at + 1
  while at < stop do
    at = skip(text, at)
    local word, behind = string_at(text, at)
    if word and word:gsub("/+$", "") == entry then return true end
    at = behind or at + 1
  end
  return false
end

function luarc.with(text, library)
  if not text then return NEW:format(quoted(library)) end
  local root = skip(text, 1)
  local top = members(text, root)
  if not top then return nil, "it is no JSON object" end
  local at = library_at(text, root)
  if not at then
    local entry = '\n  "workspace.library": [' .. quoted(library) .. "]"
    return text:sub(1, root) .. entry .. (next(top) and "," or "\n") .. text:sub(root + 1)
  end
  local open = text:sub(at, at)
  if open ~= "[" and open ~= "{" then return nil, "its workspace.library is neither a list nor an object" end
  if has(text, at, library) then return text end
  local first = skip(text, at + 1)
  local empty = text:sub(first, first) == "]" or text:sub(first, first) == "}"
  return text:sub(1, at) .. quoted(library) .. (open == "{" and ": true" or "") .. (empty and "" or ", ") .. text:sub(at + 1)
end

return luarc
