-- Types that all models share: filters and update operations of each scalar type and enum.
--   local kinds = scalars.new(named)
--   kinds.value(field)    what is written for one value: "string", "Role"        kinds.row(field): what is read
--   kinds.filter(field)   "StringNullableFilter", and in `having` kinds.having(field)
--   kinds.change(field)   "string|lorm.Null|NullableStringFieldUpdateOperationsInput"
--   kinds.write(out)      the text of all that were asked for
local scalars = {}

-- By Prisma's names: what a call may write, and what a row has.
local types = {
  String = { "String", "string", "string" },
  Boolean = { "Bool", "boolean", "boolean" },
  Int = { "Int", "integer", "integer", number = true },
  BigInt = { "BigInt", "integer", "integer", number = true },
  Float = { "Float", "number", "number", number = true },
  Decimal = { "Decimal", "lorm.DecimalInput", "lorm.Decimal", number = true },
  DateTime = { "DateTime", "lorm.DateTimeInput", "lorm.DateTime" },
  Json = { "Json", "any", "any" },
  Bytes = { "Bytes", "string", "string" },
}

function scalars.is_number(field)
  return field.kind == "scalar" and not field.isList and types[field.type].number == true
end

local function is_uuid(field) return field.nativeType ~= nil and field.nativeType[1] == "Uuid" end

-- The operators of a filter, as { name, type }. T: one value; any: one value or the filter itself.
local function operators(about, self)
  local T, base = about.T, about.base
  local one, many = T .. "|lorm.FieldRef", "(" .. T .. ")[]|lorm.FieldRef"
  if about.null then one, many = one .. "|lorm.Null", "(" .. T .. "|lorm.Null)[]|lorm.FieldRef|lorm.Null" end
  if base == "Json" then
    local list = { { "equals", "any" }, { "path", "(string|integer)[]" }, { "mode", "lorm.QueryMode" } }
    for _, name in ipairs { "string_contains", "string_starts_with", "string_ends_with" } do
      list[#list + 1] = { name, "string|lorm.FieldRef" }
    end
    for _, name in ipairs { "array_starts_with", "array_ends_with", "array_contains", "lt", "lte", "gt", "gte", "not" } do
      list[#list + 1] = { name, "any" }
    end
    return list
  end
  local list = { { "equals", one } }
  if base ~= "Bool" then list[2], list[3] = { "in", many }, { "notIn", many } end
  if base ~= "Bool" and base ~= "Bytes" and not about.enum then
    for _, name in ipairs { "lt", "lte", "gt", "gte" } do list[#list + 1] = { name, T .. "|lorm.FieldRef" } end
  end
  if base == "String" then
    for _, name in ipairs { "contains", "startsWith", "endsWith", "search" } do
      list[#list + 1] = { name, "string|lorm.FieldRef" }
    end
  end
  if base == "String" or base == "Uuid" then list[#list + 1] = { "mode", "lorm.QueryMode" } end
  list[#list + 1] = { "not", T .. (about.null and "|lorm.Null|" or "|") .. self }
  return list
end

local function write_filter(out, about, name)
  out:input(name)
  for _, operator in ipairs(operators(about, name)) do out:operator(operator[1], operator[2]) end
end

local function write_list_filter(out, about, name)
  local many = "(" .. about.T .. ")[]|lorm.FieldRef"
  out:input(name)
  out:field("equals", many .. "|lorm.Null")
  out:field("has", about.T .. "|lorm.FieldRef|lorm.Null")
  out:field("hasEvery", many)
  out:field("hasSome", many)
  out:field("isEmpty", "boolean")
end

local function write_having(out, about, name)
  out:input(name)
  for _, operator in ipairs(operators(about, name)) do out:operator(operator[1], operator[2]) end
  out:field("_count", "integer|" .. about.named(nil, "IntFilter"))
  if about.number then
    local average = about.named(nil, about.base == "Decimal" and "DecimalFilter" or "FloatFilter")
    out:field("_avg", "number|" .. average)
    out:field("_sum", about.T .. "|" .. about.named(nil, about.base .. "Filter"))
  end
  local same = about.named(nil, about.filter)
  out:field("_min", about.T .. "|" .. same)
  out:field("_max", about.T .. "|" .. same)
end

local function write_change(out, about, name)
  out:input(name)
  out:field("set", about.T .. (about.null and "|lorm.Null" or ""))
  if about.number then
    for _, verb in ipairs { "increment", "decrement", "multiply", "divide" } do out:field(verb, about.T) end
  end
end

local function write_list_change(out, about, name)
  out:input(name)
  out:field("set", "(" .. about.T .. ")[]")
  out:field("push", about.T .. "|(" .. about.T .. ")[]")
end

-- ---- what there is ----

local Kinds = {}
Kinds.__index = Kinds

function scalars.new(named) return setmetatable({ named = named, list = {}, known = {}, about = {} }, Kinds) end

-- What is known of a field's type; made once for each type, nullability and native type.
function Kinds:of(field)
  if field.about then return field.about end
  local key = field.type .. (field.isRequired and "!" or "?") .. (field.isList and "[]" or "") .. (is_uuid(field) and "u" or "")
  local about = self.about[key]
  field.about = about
  if about then return about end
  local found = field.kind == "scalar" and types[field.type]
  about = { named = self.named, null = not field.isRequired and not field.isList, enum = field.kind == "enum" }
  if found then
    about.base, about.T, about.row, about.number = found[1], found[2], found[3], found.number
    if is_uuid(field) then about.base = "Uuid" end
  else
    about.base = "Enum" .. field.type
    about.T = self.named(field.type)
    about.row = about.T
  end
  about.change = about.base == "Uuid" and "String" or about.base
  about.filter = about.base .. (field.isList and "NullableListFilter" or about.null and "NullableFilter" or "Filter")
  self.about[key], field.about = about, about
  return about
end

-- The type of this name, which is written when it is asked for for the first time.
function Kinds:need(name, about, write)
  local full = self.named(nil, name)
  if not self.known[full] then
    self.known[full] = true
    self.list[#self.list + 1] = { full, about, write }
  end
  return full
end

local function nullable(about, kind) return about.null and kind .. "|lorm.Null" or kind end

-- One value of a field, or all of a list, as `data` has it.
function Kinds:value(field)
  local about = self:of(field)
  if field.isList then return "(" .. about.T .. ")[]" end
  return nullable(about, about.T)
end

function Kinds:row(field)
  local about = self:of(field)
  return field.isList and about.row .. "[]" or about.row
end

function Kinds:filter(field)
  local about = self:of(field)
  if field.isList then return self:need(about.filter, about, write_list_filter) .. "|(" .. about.T .. ")[]" end
  local name = self:need(about.filter, about, write_filter)
  if about.base == "Json" then return name end
  return nullable(about, about.T .. "|" .. name)
end

function Kinds:having(field)
  local about = self:of(field)
  if field.isList then return self:filter(field) end
  self:need(about.filter, about, write_filter)
  local plain = { Int = "IntFilter", Float = "FloatFilter" }
  for kind, name in pairs(plain) do self:need_plain(kind, name) end
  if about.number then self:need_plain(about.base, about.base .. "Filter") end
  local name = self:need(about.base .. (about.null and "NullableWithAggregatesFilter" or "WithAggregatesFilter"), about, write_having)
  if about.base == "Json" then return name end
  return nullable(about, about.T .. "|" .. name)
end

-- The filter of a required number, which the results of aggregates have.
function Kinds:need_plain(kind, name)
  self:need(name, self:of { type = kind, kind = "scalar", isRequired = true }, write_filter)
end

function Kinds:change(field)
  local about = self:of(field)
  if about.base == "Json" and not field.isList then return "any" end
  if field.isList then
    return "(" .. about.T .. ")[]|" .. self:need(about.change .. "ListUpdateOperationsInput", about, write_list_change)
  end
  local name = (about.null and "Nullable" or "") .. about.change .. "FieldUpdateOperationsInput"
  return nullable(about, about.T .. "|" .. self:need(name, about, write_change))
end

function Kinds:list_create(field)
  local about = self:of(field)
  return "(" .. about.T .. ")[]|{ set: (" .. about.T .. ")[] }"
end

function Kinds:write(out)
  table.sort(self.list, function(a, b) return a[1] < b[1] end)
  for _, one in ipairs(self.list) do one[3](out, one[2], one[1]) end
end

return scalars
