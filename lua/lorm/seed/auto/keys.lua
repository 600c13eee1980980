-- The rows that there are, as far as others refer to them, and the values that are taken.
--   local pool = keys.pool()         pool:add(row); pool.n; pool.rows[i]
--   pool:where({ "tenantId" }, { 7 })   -- the rows with these values, as a list
--   local taken = keys.taken({ "a", "b" }, fields)   taken:has(row), taken:add(row)
local lorm = require "lorm"

local keys = {}

local Pool = {}
Pool.__index = Pool

function keys.pool() return setmetatable({ rows = {}, n = 0, indexes = {} }, Pool) end

-- What equal values have in common as text, as the column compares them.
local function text(field, v)
  if v == nil or v == lorm.null then return nil end
  if type(v) == "table" then return lorm.json.encode(v) end
  v = tostring(v)
  if not field then return v end
  if field.native == "Date" then return v:sub(1, 10) end
  if field.native == "Time" or field.native == "Timetz" then return v:sub(12) end
  if field.native == "Citext" then return v:lower() end
  if field.native == "Char" then return (v:gsub(" +$", "")) end
  if field.type == "Decimal" then return (v:gsub("(%.%d-)0+$", "%1"):gsub("%.$", "")) end
  return v
end

-- One text for several values; nil when one of them is NULL.
local function joined(names, fields, row)
  local parts = {}
  for i, name in ipairs(names) do
    parts[i] = text(fields and fields[name], row[name])
    if parts[i] == nil then return nil end
  end
  return table.concat(parts, "\0")
end

function Pool:add(row)
  self.n = self.n + 1
  self.rows[self.n] = row
  for _, index in pairs(self.indexes) do index:add(row) end
end

local Index = {}
Index.__index = Index

function Index:add(row)
  local key = joined(self.names, nil, row)
  if not key then return end
  local list = self.lists[key] or {}
  self.lists[key] = list
  list[#list + 1] = row
end

local none <const> = {}

function Pool:where(names, values)
  local name = table.concat(names, "\0")
  local index = self.indexes[name]
  if not index then
    index = setmetatable({ names = names, lists = {} }, Index)
    for i = 1, self.n do index:add(self.rows[i]) end
    self.indexes[name] = index
  end
  local wanted = {}
  for i, field in ipairs(names) do wanted[field] = values[i] end
  return index.lists[joined(names, nil, wanted)] or none
end

local Taken = {}
Taken.__index = Taken

function keys.taken(names, fields) return setmetatable({ names = names, fields = fields, set = {} }, Taken) end

-- NULL is never taken.
function Taken:has(row)
  local key = joined(self.names, self.fields, row)
  return key ~= nil and self.set[key] == true
end

function Taken:add(row)
  local key = joined(self.names, self.fields, row)
  if key then self.set[key] = true end
end

return keys
