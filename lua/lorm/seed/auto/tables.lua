-- What `lorm seed --auto` has to fill: the schema's models, seen as tables, and what stands in the way of some.
--   local tables = require("lorm.seed.auto.tables").of(db, dmmf)
--   tables.list[1]       { name, table, fields, refs, uniques }, in the schema's order
--   tables.links[1]      { relation, table, a = "Category", b = "Post", aType =, bType = }: many-to-many, without a model
--   tables.skipped[1]    { name =, why = }: models that cannot be filled
-- A field: { name, type, native, args, kind, list, required, default, updated, values (of an enum) }.
-- A ref: { name, model, from = {fields}, to = {fields of the other}, optional }, a foreign key of this side.
-- A unique: { fields, name }; the primary key is the first.
local tables = {}

-- Every column of the database: what it is called, whether it needs a value and from where one may come.
local COLUMNS <const> = [[
  SELECT n.nspname::text AS "schema", c.relname::text AS "table", c.relkind::text AS "kind", a.attname::text AS "column",
    format_type(a.atttypid, a.atttypmod) AS "type", a.attnotnull AS "required",
    (a.atthasdef OR a.attidentity <> '') AS "filled",
    pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) AS "sequence",
    n.nspname = current_schema() AS "current"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
  ORDER BY n.nspname, c.relname, a.attnum]]

local function quoted(name) return '"' .. name:gsub('"', '""') .. '"' end

-- found[schema or ""][table] = { name, kind, columns }; "" is the schema that is searched first.
local function catalog(db)
  local found = { [""] = {} }
  for _, row in ipairs(db:queryRaw(COLUMNS)) do
    local schema = found[row.schema] or {}
    found[row.schema] = schema
    local t = schema[row.table] or { name = quoted(row.schema) .. "." .. quoted(row.table), kind = row.kind, columns = {} }
    schema[row.table] = t
    if row.current then found[""][row.table] = t end
    t.columns[row.column], t.columns[#t.columns + 1] = row, row
  end
  return found
end

local function fieldOf(field, enums, column)
  local native = field.nativeType or {}
  local default = field.default
  local fn = type(default) == "table" and default.name
  return {
    name = field.name, column = column.column, type = field.type, columnType = column.type, native = native[1],
    args = native[2] or {}, kind = field.kind, list = field.isList, required = field.isRequired or false,
    updated = field.isUpdatedAt, call = fn and default or nil, literal = not fn and field.hasDefaultValue or nil,
    default = not fn and default or nil, values = field.kind == "enum" and enums[field.type] or nil,
    sequence = column.sequence,
  }
end

local function refOf(field, byName)
  local from = field.relationFromFields or {}
  if #from == 0 then return nil end
  local ref = { name = field.name, model = field.type, from = from, to = field.relationToFields, optional = false }
  for _, name in ipairs(from) do
    byName[name].key = true
    if not byName[name].required then ref.optional = true end
  end
  return ref
end

-- A column that is required, that nobody fills, and that the client has no field for.
local function obstacle(t, known)
  for _, column in ipairs(t.columns) do
    if column.required and not column.filled and not known[column.column] then
      return ("its column %s (%s) is required, and there is no value for it"):format(column.column, column.type)
    end
  end
end

local function uniquesOf(model, indexes)
  local found, seen = {}, {}
  for _, index in ipairs(indexes) do
    if index.model == model.name and (index.type == "id" or index.type == "unique") then
      local fields = {}
      for i, field in ipairs(index.fields) do fields[i] = field.name end
      local key = table.concat(fields, "\0")
      if not seen[key] then found[#found + 1] = { fields = fields, name = index.name or table.concat(fields, "_") } end
      seen[key] = true
    end
  end
  return found
end

local function describe(model, t, dmmf, enums)
  local out = { name = model.name, table = t.name, fields = {}, refs = {}, uniques = uniquesOf(model, dmmf.indexes) }
  local known, byName = {}, {}
  for _, field in ipairs(model.fields) do
    if field.kind ~= "object" then
      local column = t.columns[field.dbName or field.name]
      if not column then return nil, ("the database has no column %s for its %s"):format(field.dbName or field.name, field.name) end
      local made = fieldOf(field, enums, column)
      known[column.column], byName[field.name], out.fields[#out.fields + 1] = true, made, made
    end
  end
  for _, field in ipairs(model.fields) do
    if field.kind == "object" then out.refs[#out.refs + 1] = refOf(field, byName) end
  end
  out.byName = byName
  return out, obstacle(t, known)
end

-- The sides of relations that neither side has a key for.
local function linksOf(dmmf, found)
  local sides, links, order = {}, {}, {}
  for _, model in ipairs(dmmf.models) do
    for _, field in ipairs(model.fields) do
      if field.kind == "object" then
        local list = sides[field.relationName] or {}
        sides[field.relationName] = list
        if #list == 0 then order[#order + 1] = field.relationName end
        list[#list + 1] = { model = model, field = field }
      end
    end
  end
  for _, name in ipairs(order) do
    local a, b = table.unpack(sides[name])
    if b and a.field.isList and b.field.isList then
      if a.model.name > b.model.name then a, b = b, a end
      local t = (found[a.model.schema or ""] or {})["_" .. name]
      if t then
        links[#links + 1] = {
          relation = name, table = t.name, a = a.model.name, b = b.model.name,
          aType = t.columns.A.type, bType = t.columns.B.type,
        }
      end
    end
  end
  return links
end

-- Who needs one that cannot be filled cannot be filled either.
local function spread(out)
  repeat
    local again = false
    for i = #out.list, 1, -1 do
      local model = out.list[i]
      for _, ref in ipairs(model.refs) do
        if not ref.optional and not out.byName[ref.model] and out.byName[model.name] then
          out.skipped[#out.skipped + 1] = { name = model.name, why = ("it needs a %s"):format(ref.model) }
          out.byName[model.name], again = nil, true
          table.remove(out.list, i)
        end
      end
    end
  until not again
end

-- dmmf: the schema as db:schema() has it.
function tables.of(db, dmmf)
  local found, enums = catalog(db), {}
  for _, enum in ipairs(dmmf.enums or {}) do
    local values = {}
    for i, value in ipairs(enum.values) do values[i] = value.name end
    enums[enum.name] = values
  end
  local out = { list = {}, byName = {}, skipped = {} }
  for _, model in ipairs(dmmf.models) do
    local name = model.dbName or model.name
    local t = (found[model.schema or ""] or {})[name]
    local kind = t and t.kind
    if not t then
      out.skipped[#out.skipped + 1] = { name = model.name, why = ("the database has no table %s: lorm db push makes it"):format(name) }
    elseif kind == "r" or kind == "p" or kind == "f" then
      local made, why = describe(model, t, dmmf, enums)
      if why then
        out.skipped[#out.skipped + 1] = { name = model.name, why = why }
      else
        out.list[#out.list + 1], out.byName[model.name] = made, made
      end
    end
  end
  spread(out)
  out.links = linksOf(dmmf, found)
  return out
end

return tables
