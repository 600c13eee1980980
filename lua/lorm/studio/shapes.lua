-- How rows are named and values are spelled on the way from the page.
--   shapes.identity(model)           { fields = { "id" }, name = "id" }: what tells its rows apart; nil: nothing does
--   shapes.key(model, { id = 1 })    the `where` of that row
--   shapes.data(model, values)       values as JSON has them, as `data` takes them
-- `model` is one of db:schema().models. Whole numbers, exact numbers and instants are texts that the client reads itself;
-- bytes are base64, a Json cell is the text that stands for it.
local core = require "lorm.core"

local shapes = {}

local function by_name(model)
  local fields = {}
  for _, field in ipairs(model.fields) do fields[field.name] = field end
  return fields
end

local function all_required(names, fields)
  for _, name in ipairs(names) do
    if not fields[name].isRequired then return false end
  end
  return true
end

-- The name of these fields together: given in the schema, or made of theirs.
local function compound(model, names)
  for _, index in ipairs(model.uniqueIndexes or {}) do
    if table.concat(index.fields, "\0") == table.concat(names, "\0") and index.name then return index.name end
  end
  return table.concat(names, "_")
end

function shapes.identity(model)
  local fields = by_name(model)
  for _, field in ipairs(model.fields) do
    if field.isId then return { fields = { field.name }, name = field.name } end
  end
  local key = model.primaryKey
  if key then return { fields = key.fields, name = key.name or table.concat(key.fields, "_") } end
  for _, field in ipairs(model.fields) do
    if field.isUnique and field.isRequired then return { fields = { field.name }, name = field.name } end
  end
  for _, names in ipairs(model.uniqueFields or {}) do
    if all_required(names, fields) then return { fields = names, name = compound(model, names) } end
  end
end

-- ---- values ----

local digits = {}
for i, c in ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"):gmatch "()(.)" do digits[c] = i - 1 end

local function refuse(field, what)
  core.throw { name = "ValidationError", message = ("%s: %s"):format(field.name, what), path = "data." .. field.name }
end

local function bytes(field, text)
  local plain = text:gsub("%s", ""):gsub("=+$", "")
  if plain:find "[^%w+/]" or #plain % 4 == 1 then refuse(field, "this is no base64.") end
  local out, bits, n = {}, 0, 0
  for c in plain:gmatch "." do
    bits, n = bits << 6 | digits[c], n + 6
    if n >= 8 then
      n = n - 8
      out[#out + 1] = string.char(bits >> n & 255)
      bits = bits & (1 << n) - 1
    end
  end
  return table.concat(out)
end

local function json(field, text)
  local ok, value = pcall(core.json.decode, text)
  if not ok then refuse(field, "this is no JSON.") end
  return value == core.null and core.jsonNull or value
end

local readers = { Bytes = bytes, Json = json }

local function read(field, value)
  local reader = readers[field.type]
  if not reader or value == core.null then return value end
  if not field.isList then return reader(field, value) end
  local out = core.array {}
  for i, item in ipairs(value) do out[i] = reader(field, item) end
  return out
end

function shapes.data(model, values)
  local fields, out = by_name(model), {}
  for name, value in pairs(values) do
    local field = fields[name]
    if not field or field.kind == "object" then
      core.throw { name = "ValidationError", message = ("%s has no field %s to write."):format(model.name, tostring(name)) }
    end
    out[name] = read(field, value)
  end
  return out
end

function shapes.key(model, key)
  local identity = shapes.identity(model)
  if not identity then
    core.throw { name = "UsageError", message = ("Nothing tells the rows of %s apart: it has neither an id nor a unique field."):format(model.name) }
  end
  local where = {}
  for _, name in ipairs(identity.fields) do
    if key[name] == nil or key[name] == core.null then
      core.throw { name = "ValidationError", message = ("The row's %s is missing."):format(name) }
    end
    where[name] = key[name]
  end
  where = shapes.data(model, where)
  if #identity.fields == 1 then return where end
  return { [identity.name] = where }
end

return shapes
