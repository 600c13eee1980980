-- Rows as a table for people: columns aligned, fitted to a width, what was included indented below its row.
--   grid.is_rows(value)                                   a list of rows, or one row
--   grid.render(rows, { width =, cap =, color = }) -> text, how many rows were left out
-- width: columns of the terminal; nil: nothing is cut. cap: how many rows at most; nil: all. Where not even short
-- columns would fit, each row is a block of lines. NULL is written so.
local core = require "lorm.core"

local grid = {}

local GAP, LEAST, LEAST_TEXT, INDENT, NESTED_CAP <const> = 2, 5, 12, 4, 10

local function is_row(value) return type(value) == "table" and core.kindOf(value) == "row" end

local function is_list(value)
  if type(value) ~= "table" or #value == 0 or is_row(value) then return false end
  for i = 1, #value do
    if not is_row(value[i]) then return false end
  end
  return true
end

function grid.is_rows(value) return is_row(value) or is_list(value) end

-- ---- cells ----

local function cut(text, width)
  if not width or core.width(text) <= width then return text end
  local kept, used = {}, 0
  for _, code in utf8.codes(text, true) do
    local char = utf8.char(code)
    used = used + core.width(char)
    if used > width - 1 then break end
    kept[#kept + 1] = char
  end
  return table.concat(kept) .. "…"
end

local function as_json(value)
  local fine, json = pcall(core.json.encode, value)
  return fine and json or tostring(value)
end

-- The text of a value on one line, and what it is: "null", "number", "text", or nil for what loses its sense when cut.
function grid.cell(value)
  if value == nil then return "NULL", "null" end
  if type(value) == "number" or core.kindOf(value) == "decimal" then return tostring(value), "number" end
  local text, kind
  if type(value) == "string" or type(value) == "table" then kind = "text" end
  if type(value) == "string" then
    text = utf8.len(value) and value or ("(%d bytes)"):format(#value)
  elseif value == core.null then
    text = "null"
  elseif type(value) == "table" and not core.kindOf(value) or core.kindOf(value) == "array" then
    text = as_json(value)
  elseif type(value) == "table" then
    text = core.kindOf(value) == "row" and as_json(value) or tostring(value)
  else
    text = tostring(value)
  end
  return text:gsub("\r?\n", "⏎"):gsub("[%c]", " "), kind
end

-- ---- what a table is made of ----

-- Columns with cells, and those that hold rows: { name =, of = function(row) -> value }, names.
local function parts_of(rows)
  local columns, nested = {}, {}
  for _, name in ipairs(core.columns(rows[1]) or {}) do
    local list, one
    for _, row in ipairs(rows) do
      list = list or is_list(row[name])
      one = one or (is_row(row[name]) and row[name])
    end
    if one and name:sub(1, 1) == "_" then
      for _, part in ipairs(core.columns(one)) do
        columns[#columns + 1] = {
          name = name .. "." .. part,
          of = function(row) return row[name] and row[name][part] end,
        }
      end
    elseif list or one then
      nested[#nested + 1] = name
    else
      columns[#columns + 1] = { name = name, of = function(row) return row[name] end }
    end
  end
  return columns, nested
end

local function read_cells(rows, shown, columns)
  local cells = {}
  for r = 1, shown do
    cells[r] = {}
    for c, column in ipairs(columns) do
      local text, kind = grid.cell(column.of(rows[r]))
      cells[r][c] = { text = text, kind = kind }
      column.width = math.max(column.width or core.width(column.name), core.width(text))
      column.text = column.text or kind == "text"
      if kind ~= "null" then column.right = column.right ~= false and kind == "number" end
    end
  end
  return cells
end

local function total(columns, most, soft)
  local sum = GAP * (#columns - 1)
  for _, column in ipairs(columns) do
    sum = sum + (soft and not column.text and column.width or math.min(column.width, most))
  end
  return sum
end

local function narrow(columns, most, soft)
  for _, column in ipairs(columns) do
    if column.text or not soft then column.width = math.min(column.width, most) end
  end
  return true
end

-- Make the columns so narrow that all of them fit: texts first, they lose least. False: they cannot fit.
local function fit(columns, width)
  if not width or total(columns, math.huge) <= width then return true end
  for _, phase in ipairs { { soft = true, least = LEAST_TEXT }, { least = LEAST } } do
    for most = width, phase.least, -1 do
      if total(columns, most, phase.soft) <= width then return narrow(columns, most, phase.soft) end
    end
  end
  return false
end

-- ---- lines ----

local function painted(text, code, options) return options.color and ("\27[%sm%s\27[0m"):format(code, text) or text end

local function padded(text, width, right)
  local space = (" "):rep(width - core.width(text))
  return right and space .. text or text .. space
end

local function line_of(columns, texts, codes, options)
  local parts = {}
  for c, column in ipairs(columns) do
    local text = cut(texts[c], column.width)
    if c < #columns or column.right then text = padded(text, column.width, column.right) end
    parts[c] = codes and codes[c] and painted(text, codes[c], options) or text
  end
  return (table.concat(parts, (" "):rep(GAP)):gsub("%s+$", ""))
end

local function head(columns, add, options)
  local names, rules, bold = {}, {}, {}
  for c, column in ipairs(columns) do names[c], rules[c], bold[c] = column.name, ("-"):rep(column.width), "1" end
  add(line_of(columns, names, bold, options))
  add(line_of(columns, rules, nil, options))
end

local function row_line(columns, cells, options)
  local texts, codes = {}, {}
  for c = 1, #columns do
    texts[c] = cells[c].text
    codes[c] = cells[c].kind == "null" and "2" or nil
  end
  return line_of(columns, texts, codes, options)
end

local function block(columns, cells, number, add, options)
  local widest = 0
  for _, column in ipairs(columns) do widest = math.max(widest, core.width(column.name)) end
  add(painted(("-- %d --"):format(number), "1", options))
  for c, column in ipairs(columns) do
    local room = options.width and math.max(LEAST, options.width - widest - GAP)
    local text = cut(cells[c].text, room)
    if cells[c].kind == "null" then text = painted(text, "2", options) end
    add(padded(column.name, widest) .. (" "):rep(GAP) .. text)
  end
end

local lines_of

local function below(rows, add, options)
  local inner = { color = options.color, cap = options.cap and NESTED_CAP, width = options.width and options.width - INDENT }
  local function indented(line) add((" "):rep(INDENT) .. line) end
  lines_of(rows, indented, inner)
end

local function nested_of(row, names, add, options)
  for _, name in ipairs(names) do
    local value = row[name]
    local none = value == nil and "NULL" or (is_row(value) and "" or #value == 0 and "none" or ("(%d)"):format(#value))
    add(("  %s%s"):format(painted(name, "34", options), none == "" and "" or " " .. none))
    if is_row(value) then value = { value } end
    if value and #value > 0 then below(value, add, options) end
  end
end

function lines_of(rows, add, options)
  local shown = math.min(#rows, options.cap or #rows)
  local columns, nested = parts_of(rows)
  local cells = read_cells(rows, shown, columns)
  local fits = fit(columns, options.width)
  if fits and #columns > 0 then head(columns, add, options) end
  for r = 1, shown do
    if not fits then
      block(columns, cells[r], r, add, options)
    elseif #columns > 0 then
      add(row_line(columns, cells[r], options))
    end
    nested_of(rows[r], nested, add, options)
  end
  if shown < #rows then add(("… %d more"):format(#rows - shown)) end
  return #rows - shown
end

function grid.render(rows, options)
  local lines = {}
  if is_row(rows) then rows = { rows } end
  local left = lines_of(rows, function(line) lines[#lines + 1] = line end, options)
  return table.concat(lines, "\n"), left
end

return grid
