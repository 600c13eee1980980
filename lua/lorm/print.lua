-- Values for people: scalars as they are, lists of rows as a table, all else as Lua would write it.
--   require "lorm.print".render(value, { width = 100 }) -> text
local core = require "lorm.core"
local client = require "lorm.client"
local model = require "lorm.model"

local printer = {}

local MAX_DEPTH, MAX_CELL, MAX_ROWS = 12, 60, 1000
local colors = { string = "32", number = "36", boolean = "33", null = "90", key = "34", head = "1" }

local function paint(text, color, options)
  return options.color and colors[color] and ("\27[%sm%s\27[0m"):format(colors[color], text) or text
end

-- ---- one value, on one line where it fits ----

local plain_kinds = { datetime = true, decimal = true, field = true, marker = true, model = true, error = true }
local is_name = "^[%a_][%w_]*$"
local reserved = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true
  until while]]):gmatch "%a+" do reserved[word] = true end

local function scalar(value, options)
  local kind = type(value)
  if value == core.null then return paint("null", "null", options) end
  if kind == "string" then return paint((("%q"):format(value):gsub("\\\n", "\\n")), "string", options) end
  if kind == "number" or kind == "boolean" then return paint(tostring(value), kind, options) end
  if kind ~= "table" then return tostring(value) end
  if client.kind(value) then return tostring(value) end
  local ours = core.kindOf(value)
  if plain_kinds[ours] then return tostring(value) end
  local meta = getmetatable(value)
  if ours == nil and meta and meta.__tostring then return tostring(value) end
  return nil
end

-- The keys of a table after its list part: a row's columns in their order, others sorted.
local function keys_of(value)
  local keys, seen = {}, {}
  for i = 1, #value do seen[i] = true end
  for _, name in ipairs(core.columns(value) or {}) do
    keys[#keys + 1], seen[name] = name, true
  end
  local rest = {}
  for key in pairs(value) do
    if not seen[key] then rest[#rest + 1] = key end
  end
  table.sort(rest, function(a, b)
    if type(a) == type(b) and (type(a) == "string" or type(a) == "number") then return a < b end
    return tostring(a) < tostring(b)
  end)
  return table.move(rest, 1, #rest, #keys + 1, keys)
end

local function key_text(key, options)
  if type(key) == "string" and key:find(is_name) and not reserved[key] then return paint(key, "key", options) end
  return "[" .. (scalar(key, options) or tostring(key)) .. "]"
end

local function visible(text) return core.width((text:gsub("\27%[[%d;]*m", ""))) end

local function render(value, options, depth, indent, inside)
  local text = scalar(value, options)
  if text then return text end
  if inside[value] then return "(itself)" end
  if depth > MAX_DEPTH then return "{...}" end
  inside[value] = true
  local parts = {}
  for i = 1, #value do parts[i] = render(value[i], options, depth + 1, indent .. "  ", inside) end
  local columns = core.columns(value)
  for _, key in ipairs(keys_of(value)) do
    local item = value[key]
    if item == nil and columns then item = core.null end
    parts[#parts + 1] = key_text(key, options) .. " = " .. render(item, options, depth + 1, indent .. "  ", inside)
  end
  inside[value] = nil
  if #parts == 0 then return "{}" end
  local line = "{ " .. table.concat(parts, ", ") .. " }"
  if not line:find "\n" and #indent + visible(line) <= options.width then return line end
  return "{\n" .. indent .. "  " .. table.concat(parts, ",\n" .. indent .. "  ") .. ",\n" .. indent .. "}"
end

-- ---- a list of rows, as a table ----

local function is_rows(value)
  if type(value) ~= "table" or #value == 0 or core.kindOf(value) == "row" or client.kind(value) then return false end
  for i = 1, #value do
    if type(value[i]) ~= "table" or core.kindOf(value[i]) ~= "row" then return false end
  end
  return true
end

local function cut(text, width)
  if core.width(text) <= width then return text end
  local kept, used = {}, 0
  for _, code in utf8.codes(text, true) do
    local char = utf8.char(code)
    used = used + core.width(char)
    if used > width - 1 then break end
    kept[#kept + 1] = char
  end
  return table.concat(kept) .. "…"
end

local function cell(value)
  if value == nil then return "" end
  local text
  if type(value) == "string" then
    text = utf8.len(value) and value or ("(%d bytes)"):format(#value)
  elseif type(value) == "table" and not scalar(value, {}) then
    local fine, json = pcall(core.json.encode, value)
    text = fine and json or tostring(value)
  else
    text = value == core.null and "null" or tostring(value)
  end
  return cut(text:gsub("[%c]", " "), MAX_CELL)
end

local function pad(text, width, right)
  local space = (" "):rep(width - core.width(text))
  return right and space .. text or text .. space
end

local function table_of(rows, options)
  local columns = core.columns(rows[1])
  local shown, widths, right = math.min(#rows, MAX_ROWS), {}, {}
  local cells = {}
  for c, name in ipairs(columns) do widths[c], right[c] = core.width(name), true end
  for r = 1, shown do
    cells[r] = {}
    for c, name in ipairs(columns) do
      local value = rows[r][name]
      cells[r][c] = cell(value)
      widths[c] = math.max(widths[c], core.width(cells[r][c]))
      if value ~= nil and type(value) ~= "number" then right[c] = false end
    end
  end
  local function line(parts, bold)
    local padded = {}
    for c = 1, #columns do
      local text = pad(parts[c], widths[c], right[c])
      padded[c] = bold and paint(text, "head", options) or text
    end
    return (table.concat(padded, "  "):gsub("%s+$", ""))
  end
  local total = -2
  for c = 1, #columns do total = total + widths[c] + 2 end
  if total > options.width then return nil end
  local lines, rules = { line(columns, true) }, {}
  for c = 1, #columns do rules[c] = ("-"):rep(widths[c]) end
  lines[2] = line(rules)
  for r = 1, shown do lines[#lines + 1] = line(cells[r]) end
  lines[#lines + 1] = #rows == shown and ("(%d row%s)"):format(#rows, #rows == 1 and "" or "s")
    or ("(%d of %d rows)"):format(shown, #rows)
  return table.concat(lines, "\n")
end

-- ---- a model: what it can do ----

local function describe_model(value)
  local me = model.about(value)
  if not me then return nil end
  return ("db.%s { %s }"):format(me.name, table.concat(me.info.columns, ", "))
end

function printer.render(value, options)
  options = { width = options and options.width or 100, color = options and options.color }
  if core.kindOf(value) == "model" then return describe_model(value) or tostring(value) end
  if is_rows(value) then
    local text = table_of(value, options)
    if text then return text end
  end
  if type(value) == "string" then return value end
  return render(value, options, 1, "", {})
end

-- ---- evaluating ----

local function load_chunk(text, name)
  local chunk = load("return " .. text, name, "t")
  if chunk then return chunk end
  local problem
  chunk, problem = load(text, name, "t")
  if not chunk then error(problem, 0) end
  return chunk
end

local function show(options, ...)
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    print(options.json and core.json.encode(value) or printer.render(value, options))
  end
end

-- `lorm eval`: what the chunk returns.
function printer.evaluate(text, options) show(options, load_chunk(text, "=eval")()) end

-- A line of the REPL, before which changed middleware is loaded again: nil is shown only when it is all there is.
function printer.evaluateLine(text, options)
  require "lorm.loader".refresh_all()
  local function line(...)
    if select("#", ...) == 1 and ... == nil then return end
    show(options, ...)
  end
  line(load_chunk(text, "=repl")())
end

return printer
