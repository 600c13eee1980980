-- The schema as the annotations need it.
--   local s = schema.of(dmmf)
--   s.models          { model }: fields, scalars, relations, lists of them in the schema's order; byName; compound
--   field.opposite    the relation field at the other end
--   field.keys        { userId = true }: the columns of a relation that are on this side
--   field.title       its name as it stands within names of types; field.nested: names of types, as they become known
--   field.isKey       a column that is part of a relation's key; field.isAuto: autoincrement()
--   field.needed      it must be given when a row is made
--   model.compound    { { name = "a_b", title = "AB", fields = { field, field } } }: uniques of several fields
local schema = {}

local function capital(name) return (name:gsub("^%l", string.upper)) end

-- Prisma leaves such a field out of the checked form of a new row, if it is an Int.
local function is_auto(field) return field.type == "Int" and type(field.default) == "table" and field.default.name == "autoincrement" end

local function sort_fields(model)
  local out = { name = model.name, documentation = model.documentation, fields = model.fields, schema = model.schema }
  out.scalars, out.relations, out.byName, out.compound, out.dbName = {}, {}, {}, {}, model.dbName
  for _, field in ipairs(model.fields) do
    out.byName[field.name] = field
    if field.kind == "object" then
      field.keys, field.nested, field.title = {}, {}, capital(field.name)
      for _, name in ipairs(field.relationFromFields or {}) do field.keys[name] = true end
      out.relations[#out.relations + 1] = field
    else
      field.isAuto = is_auto(field)
      field.needed = field.isRequired and not field.isList and not field.hasDefaultValue and not field.isUpdatedAt
      out.scalars[#out.scalars + 1] = field
    end
  end
  for _, relation in ipairs(out.relations) do
    local defaults = true
    for name in pairs(relation.keys) do
      out.byName[name].isKey = true
      defaults = defaults and out.byName[name].hasDefaultValue
    end
    relation.needed = relation.isRequired and not relation.isList and next(relation.keys) ~= nil and not defaults
  end
  return out
end

local function find_compound(out, model)
  local function add(name, names)
    if #names < 2 then return end
    local compound = { name = name or table.concat(names, "_"), fields = {}, title = "" }
    for i, part in ipairs(names) do
      compound.fields[i] = out.byName[part]
      compound.title = compound.title .. capital(part)
    end
    if name then compound.title = capital(name) end
    if #compound.fields == #names then out.compound[#out.compound + 1] = compound end
  end
  if model.primaryKey then add(model.primaryKey.name, model.primaryKey.fields) end
  for _, unique in ipairs(model.uniqueIndexes or {}) do add(unique.name, unique.fields) end
  -- @@id([a]) and @@unique([a]) are as @id and @unique.
  local single = {}
  if model.primaryKey and #model.primaryKey.fields == 1 then single[1] = model.primaryKey.fields[1] end
  for _, unique in ipairs(model.uniqueIndexes or {}) do
    if #unique.fields == 1 then single[#single + 1] = unique.fields[1] end
  end
  out.single = {}
  for _, name in ipairs(single) do out.single[name] = true end
end

function schema.of(dmmf)
  local s = { models = {}, byName = {}, enums = dmmf.enums or {} }
  for i, model in ipairs(dmmf.models or {}) do
    local out = sort_fields(model)
    find_compound(out, model)
    s.models[i], s.byName[model.name] = out, out
  end
  for _, model in ipairs(s.models) do
    for _, field in ipairs(model.relations) do
      for _, other in ipairs(s.byName[field.type].relations) do
        if other.type == model.name and other.relationName == field.relationName and other ~= field then field.opposite = other end
      end
    end
  end
  return s
end

return schema
