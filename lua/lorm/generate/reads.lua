-- A model's rows, and what reads of it take: filters, selections, order, aggregates.
--   reads.of(out, model, on)       on = { named =, kinds =, schema = }
local scalars = require "lorm.generate.scalars"

local reads = {}

local function quoted(fields)
  local list = {}
  for i, field in ipairs(fields) do list[i] = '"' .. field.name .. '"' end
  return list
end

local function any_of(fields) return #fields > 0 and table.concat(quoted(fields), "|") or "string" end

local function matching(fields, test)
  local list = {}
  for _, field in ipairs(fields) do
    if test(field) then list[#list + 1] = field end
  end
  return list
end

local function is_list(field) return field.isList end

-- ---- rows ----

local function row(out, on, model)
  out:class(on.named(model.name), nil, model.documentation)
  for _, field in ipairs(model.fields) do
    if field.kind == "object" then
      local target = on.named(field.type)
      out:field(field.name, field.isList and target .. "[]" or target, false, field.documentation)
    else
      out:field(field.name, on.kinds:row(field), field.isRequired or field.isList, field.documentation)
    end
  end
  if #matching(model.relations, is_list) > 0 then out:field("_count", "table<string, integer>") end
end

local function partial(out, on, model)
  out:class(on.named(model.name, "Partial"), nil, ("%s with only some of its fields."):format(model.name))
  for _, field in ipairs(model.scalars) do out:field(field.name, on.kinds:row(field)) end
end

-- ---- filters ----

local function logic(out, name)
  out:field("AND", name .. "|" .. name .. "[]")
  out:field("OR", name .. "[]")
  out:field("NOT", name .. "|" .. name .. "[]")
end

local function relation_filter(on, field)
  if field.isList then return on.named(field.type, "ListRelationFilter") end
  local where = on.named(field.type, "WhereInput")
  local kind = on.named(field.type, "ScalarRelationFilter") .. "|" .. where
  local optional = not field.isRequired or not next(field.keys)
  return optional and kind .. "|lorm.Null" or kind
end

local function filters(out, on, model)
  local base, where = on.named(model.name, "ScalarFilters"), on.named(model.name, "WhereInput")
  out:input(base)
  for _, field in ipairs(model.scalars) do out:field(field.name, on.kinds:filter(field)) end

  out:input(where, base)
  logic(out, where)
  for _, field in ipairs(model.relations) do out:field(field.name, relation_filter(on, field)) end

  local some = on.named(model.name, "ScalarWhereInput")
  out:input(some, base)
  logic(out, some)

  local unique = on.named(model.name, "WhereUniqueInput")
  out:input(unique, where, "At least one unique key, and what else the row must be.")
  for _, field in ipairs(model.scalars) do
    if field.isId or field.isUnique or model.single[field.name] then
      out:field(field.name, on.kinds:of(field).T)
    end
  end
  for _, compound in ipairs(model.compound) do
    out:field(compound.name, on.named(model.name, compound.title .. "CompoundUniqueInput"))
  end
  for _, compound in ipairs(model.compound) do
    out:input(on.named(model.name, compound.title .. "CompoundUniqueInput"))
    for _, field in ipairs(compound.fields) do out:field(field.name, on.kinds:of(field).T, true) end
  end

  out:input(on.named(model.name, "ListRelationFilter"))
  for _, quantity in ipairs { "every", "some", "none" } do out:field(quantity, where) end
  out:input(on.named(model.name, "ScalarRelationFilter"))
  out:field("is", where .. "|lorm.Null")
  out:field("isNot", where .. "|lorm.Null")
end

local function having(out, on, model)
  local name = on.named(model.name, "ScalarWhereWithAggregatesInput")
  out:input(name)
  logic(out, name)
  for _, field in ipairs(model.scalars) do out:field(field.name, on.kinds:having(field)) end
end

-- ---- what is wanted ----

local function counts(out, on, model)
  local lists = matching(model.relations, is_list)
  if #lists == 0 then return end
  local select = on.named(model.name, "CountOutputTypeSelect")
  out:input(select)
  for _, field in ipairs(lists) do
    out:field(field.name, "boolean|{ where: " .. on.named(field.type, "WhereInput") .. " }")
  end
  out:add("---@field [integer] " .. any_of(lists) .. "\n")
  out:input(on.named(model.name, "CountOutputTypeDefaultArgs"))
  out:field("select", select)
end

local function nested_args(on, field)
  return "boolean|" .. on.named(field.type, field.isList and "NestedManyArgs" or "DefaultArgs")
end

local function positional(out, fields)
  if #fields > 0 then out:add("---@field [integer] " .. any_of(fields) .. "\n") end
end

local function shapes(out, on, model)
  local counted = #matching(model.relations, is_list) > 0
  local function relations()
    for _, field in ipairs(model.relations) do out:field(field.name, nested_args(on, field)) end
    if counted then out:field("_count", "boolean|" .. on.named(model.name, "CountOutputTypeDefaultArgs")) end
  end
  local omit = on.named(model.name, "Omit")
  out:input(omit)
  for _, field in ipairs(model.scalars) do out:field(field.name, "boolean") end
  positional(out, model.scalars)
  out:input(on.named(model.name, "Select"), omit)
  relations()
  positional(out, model.fields)
  out:input(on.named(model.name, "Include"))
  relations()
  positional(out, model.relations)
end

-- ---- order ----

local function sort_class(out, name, fields)
  out:input(name)
  for _, field in ipairs(fields) do out:field(field.name, "lorm.SortOrder") end
end

local function order(out, on, model)
  local base, counts_too = on.named(model.name, "OrderByScalars"), on.named(model.name, "CountOrderByAggregateInput")
  out:input(base)
  for _, field in ipairs(model.scalars) do
    out:field(field.name, field.isRequired and "lorm.SortOrder" or "lorm.SortOrderOrNulls")
  end

  out:input(on.named(model.name, "OrderByWithRelationInput"), base, "One key; several are a list of these.")
  for _, field in ipairs(model.relations) do
    out:field(field.name, field.isList and "lorm.OrderByRelationAggregateInput" or on.named(field.type, "OrderByWithRelationInput"))
  end
  local texts = matching(model.scalars, function(field) return field.type == "String" and not field.isList end)
  if #texts > 0 then
    local names = any_of(texts)
    out:field("_relevance", ("{ fields: %s|(%s)[], search: string, sort: lorm.SortOrder }"):format(names, names))
  end

  local numbers, averages = matching(model.scalars, scalars.is_number), on.named(model.name, "AvgOrderByAggregateInput")
  out:input(on.named(model.name, "OrderByWithAggregationInput"), base, "One key; several are a list of these.")
  for _, name in ipairs { "_count", "_min", "_max" } do out:field(name, counts_too) end
  if #numbers > 0 then
    out:field("_avg", averages)
    out:field("_sum", averages)
    sort_class(out, averages, numbers)
  end
  sort_class(out, counts_too, model.scalars)
end

-- ---- aggregates ----

local function aggregated(out, on, model)
  local numbers = matching(model.scalars, scalars.is_number)
  out:input(on.named(model.name, "CountAggregateInputType"), on.named(model.name, "Omit"))
  out:field("_all", "boolean")
  if #numbers > 0 then
    out:input(on.named(model.name, "AvgAggregateInputType"))
    for _, field in ipairs(numbers) do out:field(field.name, "boolean") end
    positional(out, numbers)
  end

  local result, some = on.named(model.name, "AggregateResult"), on.named(model.name, "Partial")
  out:class(result)
  out:field("_count", "any")
  out:field("_min", some)
  out:field("_max", some)
  if #numbers > 0 then
    out:field("_avg", on.named(model.name, "Averages"))
    out:field("_sum", some)
  end
  out:class(on.named(model.name, "GroupByResult"), some .. ", " .. result)
  if #numbers == 0 then return end
  out:class(on.named(model.name, "Averages"))
  for _, field in ipairs(numbers) do out:field(field.name, field.type == "Decimal" and "lorm.Decimal" or "number") end
end

function reads.of(out, model, on)
  row(out, on, model)
  partial(out, on, model)
  local names = quoted(model.scalars)
  out:alias(on.named(model.name, "ScalarFieldEnum"), #names > 0 and table.concat(names, "|") or "string")
  filters(out, on, model)
  having(out, on, model)
  counts(out, on, model)
  shapes(out, on, model)
  order(out, on, model)
  aggregated(out, on, model)
end

return reads
