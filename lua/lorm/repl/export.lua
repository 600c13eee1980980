-- Rows into a file: as CSV (RFC 4180, UTF-8), or as JSON.
--   export.write("csv", path, rows) -> how many
-- A name in CSV is a column of the first row; what was included, lists and Json values are written as JSON. NULL is an
-- empty field, an empty string a quoted one.
local core = require "lorm.core"
local lorm = require "lorm"

local export = {}

local function field(value)
  if value == nil or value == core.null then return "" end
  local text = value
  if type(value) == "table" and core.kindOf(value) ~= "decimal" then
    text = lorm.json.encode(value)
  elseif type(value) ~= "string" then
    text = core.kindOf(value) == "datetime" and value:iso() or tostring(value)
  end
  if text == "" or text:find '[",\r\n]' then text = '"' .. text:gsub('"', '""') .. '"' end
  return text
end

local function line(columns, of)
  local parts = {}
  for i, name in ipairs(columns) do parts[i] = of(name) end
  return table.concat(parts, ",") .. "\r\n"
end

local writers = {}

function writers.csv(file, rows)
  local columns = rows[1] and (core.columns(rows[1]) or {}) or {}
  if rows[1] and #columns == 0 then
    for name in pairs(rows[1]) do columns[#columns + 1] = tostring(name) end
    table.sort(columns)
  end
  if #columns == 0 then return true end
  file:write(line(columns, field))
  for _, row in ipairs(rows) do file:write(line(columns, function(name) return field(row[name]) end)) end
end

function writers.json(file, rows) file:write(lorm.json.encode(rows), "\n") end

export.formats = { "csv", "json" }

function export.write(format, path, value)
  local rows = value
  if core.kindOf(value) == "row" then rows = { value } end
  if type(rows) ~= "table" or (format == "csv" and rows[1] ~= nil and type(rows[1]) ~= "table") then
    core.throw { name = "UsageError", message = "Only rows can be exported, this is a " .. type(value) .. "." }
  end
  local file, problem = io.open(path, "wb")
  if not file then core.throw { name = "IOError", message = "Cannot write " .. problem } end
  writers[format](file, format == "json" and value or rows)
  local fine, why = file:close()
  if not fine then core.throw { name = "IOError", message = "Cannot write " .. path .. ": " .. tostring(why) } end
  return #rows
end

return export
