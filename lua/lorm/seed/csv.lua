-- Comma-separated values (RFC 4180): the first line names the columns.
--   csv.rows("id,name\n1,Ada\n", { id = "integer" }) -> { { id = 1, name = "Ada" } }
-- A cell is a text, or what its column's kind makes of it: "integer", "number", "boolean", "json", or a function of
-- the text. An empty cell is nil; "" is the empty text.
local csv = {}

local truth = { ["true"] = true, t = true, ["1"] = true, ["false"] = false, f = false, ["0"] = false }

local kinds = {
  integer = function(text) return math.tointeger(tonumber(text)) end,
  number = function(text) return tonumber(text) end,
  boolean = function(text) return truth[text:lower()] end,
  json = function(text) return require("lorm").json.decode(text) end,
}

-- One record from `at` on: its cells, how many, whether each was quoted, and where the next one begins.
local function record(text, at, line)
  local cells, n = {}, 0
  while true do
    n = n + 1
    local quoted, close = text:sub(at, at) == '"', text:match('^"[^"]*()"', at)
    while close and text:sub(close + 1, close + 1) == '"' do close = text:match('^[^"]*()"', close + 2) end
    if quoted and not close then error(("line %d: a quoted cell does not end"):format(line), 0) end
    local stop = quoted and close + 1 or text:find("[,\r\n]", at) or #text + 1
    local cell = quoted and text:sub(at + 1, close - 1):gsub('""', '"') or text:sub(at, stop - 1)
    cells[n] = (quoted or cell ~= "") and cell or nil
    local mark = text:sub(stop, stop)
    if mark == "," then
      at = stop + 1
    elseif mark == "" or mark == "\n" or mark == "\r" then
      return cells, n, text:match("^\r?\n?()", stop)
    else
      error(("line %d: there is more behind the quoted cell %d"):format(line, n), 0)
    end
  end
end

local function convert(kind, cell, name, line)
  local fn = type(kind) == "function" and kind or kinds[kind]
  if not fn then error(("column %s has an unknown kind: %s"):format(name, tostring(kind)), 0) end
  local value = fn(cell)
  if value == nil and type(kind) == "string" then
    error(("line %d, column %s: %q is no %s"):format(line, name, cell, kind), 0)
  end
  return value
end

function csv.rows(text, columns)
  text = text:gsub("^\239\187\191", "") -- a byte order mark
  local names, n, at = record(text, 1, 1)
  local rows, line = {}, 1
  while at <= #text do
    line = line + 1
    local cells, count
    cells, count, at = record(text, at, line)
    if count > 1 or cells[1] then
      if count ~= n then error(("line %d: %d cells, the first line names %d"):format(line, count, n), 0) end
      local row = {}
      for i = 1, n do
        local name, cell = names[i], cells[i]
        if cell and columns and columns[name] then cell = convert(columns[name], cell, name, line) end
        row[name] = cell
      end
      rows[#rows + 1] = row
    end
  end
  return rows
end

return csv
