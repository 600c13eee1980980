-- What it means that two scripts, dumps or schemas are the same, as the corpus of migrations has it.
--   compare.sameScript(ours, theirs)      statement by statement, whatever their order; comments don't count
--   compare.dump(text)                    of pg_dump --schema-only: its statements, sorted
--   compare.sameSchema(ours, theirs)      the same blocks, fields in order; generators and datasources don't count
local compare = {}

-- Where the thing that begins at `at` with `char` ends: a text, a name, a dollar-quoted body, a comment to the end of
-- its line; nil: none does.
local function skip(text, at, char)
  if char == "'" or char == '"' then return text:find(char, at + 1, true) end
  if char == "-" and text:sub(at, at + 1) == "--" then return (text:find("\n", at, true) or #text + 1) - 1 end
  local tag = char == "$" and text:match("^%$[%w_]*%$", at)
  return tag and select(2, text:find(tag, at + #tag, true))
end

local function trimmed(text) return text:match "^%s*(.-)%s*$" end

-- The statements of a script, without its comments to the ends of lines.
function compare.statements(text)
  local list, start, at, kept = {}, 1, 1, {}
  local function finish(last)
    kept[#kept + 1] = text:sub(start, last)
    local statement = trimmed(table.concat(kept))
    if statement ~= "" then list[#list + 1] = statement end
    kept, start = {}, last + 2
  end
  while true do
    at = text:find("[;'\"$%-]", at)
    if not at then break end
    local char = text:sub(at, at)
    local last = skip(text, at, char)
    if char == ";" then
      finish(at - 1)
    elseif char == "-" and last then
      kept[#kept + 1] = text:sub(start, at - 1)
      start = last + 1
    end
    at = (last or at) + 1
  end
  finish(#text)
  return list
end

-- CREATE SCHEMA "public" is what one version begins a script with, and another does not.
local function plainStatements(script)
  local list = {}
  for _, statement in ipairs(compare.statements((script:gsub("/%*.-%*/", "")))) do
    statement = statement:gsub("%s+", " ")
    if statement ~= 'CREATE SCHEMA IF NOT EXISTS "public"' then list[#list + 1] = statement end
  end
  return list
end

function compare.sameScript(ours, theirs)
  local a, b = plainStatements(ours), plainStatements(theirs)
  table.sort(a)
  table.sort(b)
  return table.concat(a, ";") == table.concat(b, ";")
end

local CHATTER <const> = { "^SET ", "^SELECT pg_catalog%.set_config", "^CREATE SCHEMA public$", "^COMMENT ON SCHEMA public",
  "^ALTER SCHEMA public", "^COMMENT ON EXTENSION", "^[^\n]*%f[%w_]_prisma_migrations%f[^%w_]" }

local function isChatter(statement)
  for _, pattern in ipairs(CHATTER) do
    if statement:find(pattern) then return true end
  end
  return false
end

-- One line a statement, words apart by one blank.
function compare.dump(text)
  local list = {}
  for _, statement in ipairs(compare.statements((("\n" .. text):gsub("\n\\[^\n]*", "")))) do
    if not isChatter(statement) then list[#list + 1] = statement:gsub("%s+", " ") end
  end
  table.sort(list)
  return table.concat(list, ";\n")
end

-- { ["model User"] = { lines =, attributes = } }
local function blocks(text)
  local found, open, comments = {}, nil, {}
  for line in (text:gsub("\r", "") .. "\n"):gmatch "(.-)\n" do
    line = trimmed(line):gsub("%s+", " ")
    local keyword, name = line:match "^(%l+) ([%w_]+) ?{$"
    if not open and keyword then
      open = { lines = comments, attributes = {} }
      comments = {}
      if keyword ~= "generator" and keyword ~= "datasource" then found[keyword .. " " .. name] = open end
    elseif not open and line:sub(1, 2) == "//" then
      comments[#comments + 1] = line
    elseif open and line == "}" then
      table.sort(open.attributes)
      open = nil
    elseif open and line ~= "" then
      local list = line:sub(1, 2) == "@@" and open.attributes or open.lines
      list[#list + 1] = line
    end
  end
  return found
end

local function sameBlock(a, b)
  return b ~= nil and table.concat(a.lines, "\n") == table.concat(b.lines, "\n")
    and table.concat(a.attributes, "\n") == table.concat(b.attributes, "\n")
end

function compare.sameSchema(ours, theirs)
  local a, b = blocks(ours), blocks(theirs)
  for name, block in pairs(a) do
    if not sameBlock(block, b[name]) then return false end
  end
  for name in pairs(b) do
    if not a[name] then return false end
  end
  return true
end

return compare
