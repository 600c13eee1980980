-- What `data` may be: rows to create and changes, with writes of relations in them.
--   writes.of(out, model, on)      on = { named =, kinds =, schema = }
-- Prisma's types with fewer names: where a model holds no keys of relations, the checked and the unchecked form are one
-- class; changes of both forms are one class; what is nested in either is the same.
local writes = {}

-- "PostCreateWithoutAuthorInput" from PostCreate and the field that is left out (nil: none).
local function input(on, model, what, without)
  return on.named(model.name, what .. (without and "Without" .. without.title or "") .. "Input")
end

local function list_of(kind)
  return kind .. "|" .. (kind:find("|", 1, true) and "(" .. kind .. ")" or kind) .. "[]"
end

local function has_keys(model, without)
  for _, field in ipairs(model.scalars) do
    if field.isKey and not (without and without.keys[field.name]) then return true end
  end
  return false
end

-- The type of a row that is created.
local function create_of(on, model, without)
  local checked = input(on, model, "Create", without)
  return has_keys(model, without) and checked .. "|" .. input(on, model, "UncheckedCreate", without) or checked
end

-- ---- nested writes: of `back`'s model, from the model at the other end ----

local function nested_name(on, model, back, verb)
  local many = back.opposite.isList
  if verb == "Create" then return input(on, model, many and "CreateNestedMany" or "CreateNestedOne", back) end
  local what = many and "UpdateMany" or back.opposite.isRequired and "UpdateOneRequired" or "UpdateOne"
  return on.named(model.name, what .. "Without" .. back.title .. "NestedInput")
end

local function relation_type(on, field, verb)
  if not field.opposite then return "table" end
  local known = field.nested
  known[verb] = known[verb] or nested_name(on, on.schema.byName[field.type], field.opposite, verb)
  return known[verb]
end

-- ---- rows ----

local function scalar(out, on, field)
  field.written = field.written or (field.isList and on.kinds:list_create(field) or on.kinds:value(field))
  out:field(field.name, field.written, field.needed)
end

local function create_base(out, on, model)
  local auto = not has_keys(model)
  out:input(on.named(model.name, "CreateScalars"))
  for _, field in ipairs(model.scalars) do
    if not field.isKey and (auto or not field.isAuto) then
      out:doc(field.documentation)
      scalar(out, on, field)
    end
  end
end

local function create_rows(out, on, model, without)
  local base, two = on.named(model.name, "CreateScalars"), has_keys(model, without)
  local auto_in_base = not has_keys(model)
  out:input(input(on, model, "Create", without), base)
  for _, field in ipairs(model.scalars) do
    if field.isAuto and not field.isKey and not two and not auto_in_base then scalar(out, on, field) end
  end
  for _, field in ipairs(model.relations) do
    if field ~= without then out:field(field.name, relation_type(on, field, "Create"), field.needed) end
  end
  if not two then return end
  out:input(input(on, model, "UncheckedCreate", without), base)
  for _, field in ipairs(model.scalars) do
    if (field.isKey or field.isAuto) and not (without and without.keys[field.name]) then scalar(out, on, field) end
  end
  for _, field in ipairs(model.relations) do
    if field ~= without and not next(field.keys) then out:field(field.name, relation_type(on, field, "Create")) end
  end
end

local function update_base(out, on, model)
  out:input(on.named(model.name, "UpdateScalars"))
  for _, field in ipairs(model.scalars) do
    if not field.isKey then out:field(field.name, on.kinds:change(field)) end
  end
end

local function update_keys(out, on, model, without)
  for _, field in ipairs(model.scalars) do
    if field.isKey and not (without and without.keys[field.name]) then out:field(field.name, on.kinds:change(field)) end
  end
end

local function update_rows(out, on, model, without)
  out:input(input(on, model, "Update", without), on.named(model.name, "UpdateScalars"))
  update_keys(out, on, model, without)
  for _, field in ipairs(model.relations) do
    if field ~= without then out:field(field.name, relation_type(on, field, "Update")) end
  end
end

local function many_rows(out, on, model, name, without)
  local base = on.named(model.name, "CreateScalars")
  out:input(name, base)
  local auto_in_base = not has_keys(model)
  for _, field in ipairs(model.scalars) do
    local own = field.isKey or (field.isAuto and not auto_in_base)
    if own and not (without and without.keys[field.name]) then scalar(out, on, field) end
  end
end

-- ---- the verbs of nested writes ----

local function where_and(out, name, where, parts, optional)
  out:input(name)
  out:field("where", where, not optional)
  for _, part in ipairs(parts) do out:field(part[1], part[2], true) end
end

local function nested_create(out, on, model, back)
  local many, unique = back.opposite.isList, on.named(model.name, "WhereUniqueInput")
  local shape = many and list_of or function(kind) return kind end
  local or_connect = input(on, model, "CreateOrConnect", back)
  where_and(out, or_connect, unique, { { "create", create_of(on, model, back) } })
  local envelope
  if many and not back.isList then
    local rows = on.named(model.name, "CreateMany" .. back.title .. "Input")
    envelope = on.named(model.name, "CreateMany" .. back.title .. "InputEnvelope")
    many_rows(out, on, model, rows, back)
    out:input(envelope)
    out:field("data", list_of(rows), true)
    out:field("skipDuplicates", "boolean")
  end
  out:input(nested_name(on, model, back, "Create"))
  out:field("create", shape(create_of(on, model, back)))
  out:field("connectOrCreate", shape(or_connect))
  if envelope then out:field("createMany", envelope) end
  out:field("connect", shape(unique))
end

local function nested_update_many(out, on, model, back)
  local unique, some = on.named(model.name, "WhereUniqueInput"), on.named(model.name, "ScalarWhereInput")
  local change = input(on, model, "Update", back)
  local upsert = input(on, model, "UpsertWithWhereUnique", back)
  local update = input(on, model, "UpdateWithWhereUnique", back)
  local update_many = input(on, model, "UpdateManyWithWhere", back)
  where_and(out, upsert, unique, { { "update", change }, { "create", create_of(on, model, back) } })
  where_and(out, update, unique, { { "data", change } })
  where_and(out, update_many, some, { { "data", on.named(model.name, "UpdateManyMutationInput") } })
  out:input(nested_name(on, model, back, "Update"), nested_name(on, model, back, "Create"))
  for _, verb in ipairs { "set", "disconnect", "delete" } do out:field(verb, list_of(unique)) end
  out:field("upsert", list_of(upsert))
  out:field("update", list_of(update))
  out:field("updateMany", list_of(update_many))
  out:field("deleteMany", list_of(some))
end

local function nested_update_one(out, on, model, back)
  local where, change = on.named(model.name, "WhereInput"), input(on, model, "Update", back)
  local upsert = input(on, model, "Upsert", back)
  local update = input(on, model, "UpdateToOneWithWhere", back)
  where_and(out, upsert, where, { { "update", change }, { "create", create_of(on, model, back) } }, true)
  where_and(out, update, where, { { "data", change } }, true)
  out:input(nested_name(on, model, back, "Update"), nested_name(on, model, back, "Create"))
  if not back.opposite.isRequired then
    out:field("disconnect", "boolean|" .. where)
    out:field("delete", "boolean|" .. where)
  end
  out:field("upsert", upsert)
  out:field("update", change .. "|" .. update)
end

local function nested(out, on, model, back)
  create_rows(out, on, model, back)
  update_rows(out, on, model, back)
  nested_create(out, on, model, back)
  local update = back.opposite.isList and nested_update_many or nested_update_one
  update(out, on, model, back)
end

-- The type of a row to create, and of many.
function writes.create(on, model) return create_of(on, model) end
function writes.many(on, model) return input(on, model, "CreateMany") end

function writes.of(out, model, on)
  create_base(out, on, model)
  create_rows(out, on, model)
  if not has_keys(model) then out:alias(input(on, model, "UncheckedCreate"), input(on, model, "Create")) end
  many_rows(out, on, model, input(on, model, "CreateMany"))
  update_base(out, on, model)
  update_rows(out, on, model)
  out:alias(input(on, model, "UncheckedUpdate"), input(on, model, "Update"))
  out:input(on.named(model.name, "UpdateManyMutationInput"), on.named(model.name, "UpdateScalars"))
  update_keys(out, on, model)
  out:input(on.named(model.name, "UpdateEachInput"), on.named(model.name, "UpdateManyMutationInput"))
  out:field("where", on.named(model.name, "WhereUniqueInput"))
  out:field("data", on.named(model.name, "UpdateManyMutationInput"))
  for _, back in ipairs(model.relations) do
    if back.opposite then nested(out, on, model, back) end
  end
end

return writes
