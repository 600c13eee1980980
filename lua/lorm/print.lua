-- Values for people: scalars as they are, lists of rows as a table, all else as Lua would write it.
--   require "lorm.print".render(value, { width = 100 }) -> text
local core = require "lorm.core"
local client = require "lorm.client"
local grid = require "lorm.grid"
local model = require "lorm.model"

local printer = {}

local MAX_DEPTH, MAX_ROWS <const> = 12, 1000
local colors = { string = "32", number = "36", boolean = "33", null = "90", key = "34" }

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

-- ---- a model: what it can do ----

local function describe_model(value)
  local me = model.about(value)
  if not me then return nil end
  return ("db.%s { %s }"):format(me.name, table.concat(me.info.columns, ", "))
end

function printer.render(value, options)
  options = { width = options and options.width or 100, color = options and options.color }
  if core.kindOf(value) == "model" then return describe_model(value) or tostring(value) end
  if grid.is_rows(value) and #value > 0 then
    local text, left = grid.render(value, { width = options.width, cap = MAX_ROWS, color = options.color })
    local count = left > 0 and ("%d of %d rows"):format(#value - left, #value) or #value == 1 and "1 row" or #value .. " rows"
    return text .. "\n(" .. count .. ")"
  end
  if type(value) == "string" then return value end
  return render(value, options, 1, "", {})
end

-- ---- `lorm eval`: what the chunk returns ----

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

function printer.evaluate(text, options) show(options, load_chunk(text, "=eval")()) end

return printer
