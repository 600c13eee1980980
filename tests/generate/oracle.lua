-- Our types of arguments against those that Prisma makes of a schema (tests/generate/inputs.js prints them).
--   oracle.compare(types, named, dmmf, text) -> { what differs, a line each }, how many types were compared
-- By hand, for any schema:  lorm run --schema S tests/generate/oracle.lua FILE
local oracle = {}

-- Prisma's types of one line: name, { field = required }.
local function read(text)
  local types, order = {}, {}
  for line in text:gmatch "[^\n]+" do
    local name, rest = line:match "^(%S+)%s*(.*)$"
    local fields = {}
    for field, mark in rest:gmatch "([^%s!]+)(!?)" do fields[field] = mark == "!" end
    types[name], order[#order + 1] = fields, name
  end
  return types, order
end

-- What a name may be made of: { { model, the rest } }, the longest model first.
local function take_apart(name, models)
  local found = {}
  for model in pairs(models) do
    for _, start in ipairs { model, (model:gsub("^%l", string.upper)) } do
      if name:sub(1, #start) == start and #name > #start then found[#found + 1] = { model, name:sub(#start + 1) } end
    end
  end
  table.sort(found, function(a, b) return #a[2] < #b[2] end)
  return found
end

-- Prisma's suffixes that have another name with us.
local function ours(suffix)
  suffix = suffix:gsub("^UncheckedCreateNested", "CreateNested")
  suffix = suffix:gsub("^UncheckedUpdate(%u%l+Without)", "Update%1"):gsub("^UncheckedUpdateOneRequiredWithout", "UpdateOneRequiredWithout")
  suffix = suffix:gsub("^NullableScalarRelationFilter$", "ScalarRelationFilter")
  suffix = suffix:gsub("^SumOrderByAggregateInput$", "AvgOrderByAggregateInput")
  return suffix
end

local function merge(a, b)
  local out = {}
  for field, required in pairs(a) do out[field] = required end
  for field, required in pairs(b or {}) do out[field] = out[field] or required end
  return out
end

local function resolve(types, name)
  local alias = types.aliases[name]
  while alias and alias.kind.is == "name" do
    name = alias.kind[1]
    alias = types.aliases[name]
  end
  return types.classes[name] and name
end

-- What ours may have more, and what may be missing.
local function more_allowed(suffix, field)
  return field == "in_" or field == "not_" or field == "search" or (field == "_relevance" and suffix == "OrderByWithRelationInput")
    or (field == "mode" and suffix:find "^Nested") -- Prisma's filter of `not` has all but this
end

local function differences(types, name, want, suffix, lines, subset)
  local have = types:fields(name)
  for field, required in pairs(want) do
    if not have[field] then
      lines[#lines + 1] = name .. " lacks " .. field
    elseif have[field].optional == required and not subset then
      lines[#lines + 1] = ("%s.%s should be %s"):format(name, field, required and "required" or "optional")
    end
  end
  for field in pairs(have) do
    if want[field] == nil and not more_allowed(suffix, field) and not subset then lines[#lines + 1] = name .. " has too much: " .. field end
  end
end

-- Without keys of relations, and of changes always, the checked and the unchecked form are one of ours.
local function partner(name, suffix)
  local start = name:sub(1, #name - #suffix)
  if suffix == "UpdateManyMutationInput" then return start .. "UncheckedUpdateManyInput" end
  return start .. "Unchecked" .. suffix
end

-- Lists of numbers have no average, though Prisma's types say so.
local function without_lists(fields, model)
  local out = merge(fields)
  for _, field in ipairs(model.fields) do
    if field.isList then out[field.name] = nil end
  end
  return out
end

local function compare_model(types, named, prismas, name, models, model, suffix, lines)
  if suffix:find "^UncheckedUpdate" and not suffix:find "NestedInput$" then return false end -- with its partner
  if suffix:find "^UncheckedUpdateManyInput$" then return false end
  local want, mapped = prismas[name], ours(suffix)
  if mapped == "AvgOrderByAggregateInput" then want = without_lists(want, models[model]) end
  if mapped:find "^M[axin]+OrderByAggregateInput$" then
    differences(types, named(model, "CountOrderByAggregateInput"), want, suffix, lines, true)
    return true
  end
  if mapped == "OrderByRelevanceInput" then return false end -- written in place
  if mapped == "OrderByRelationAggregateInput" then
    differences(types, "lorm.OrderByRelationAggregateInput", { _count = true }, suffix, lines)
    return true
  end
  if suffix:find "^Create[^ ]-Input$" and want.set ~= nil then return false end -- written in place
  if suffix:find "^Update[^ ]-Input$" and want.push ~= nil then return false end -- shared by all models
  local full = resolve(types, named(model, mapped))
  if not full and mapped:find "^UncheckedCreate" then return false end -- the checked form has it
  if not full then
    lines[#lines + 1] = "there is no " .. model .. mapped
    return true
  end
  if mapped:find "^UncheckedCreate" and full == named(model, (mapped:gsub("^Unchecked", ""))) then return false end
  local other = partner(name, suffix)
  local split = mapped:find "^Create" and types.classes[named(model, "Unchecked" .. mapped)]
  if other and not split then want = merge(want, prismas[other]) end
  differences(types, full, want, suffix, lines)
  return true
end

local function compare_shared(types, named, want, name)
  local plain, lines = name:gsub("^Nested", ""), {}
  local full = name == "SortOrderInput" and "lorm.SortOrderInput" or named(nil, plain)
  if types.classes[full] then
    differences(types, full, want, name, lines)
    return true, lines
  end
  if plain == name then lines[1] = "there is no " .. plain end -- what is nested in a filter of ours is that filter
  return false, lines
end

function oracle.compare(types, named, dmmf, text)
  local prismas, order = read(text)
  local models, lines, n = {}, {}, 0
  for _, model in ipairs(dmmf.models) do models[model.name] = model end
  for _, name in ipairs(order) do
    local plain = name:gsub("^Nested", "")
    local shared = plain:find "Filter$" and not plain:find "RelationFilter$" or plain:find "FieldUpdateOperationsInput$"
      or name == "SortOrderInput"
    local compared, fewest
    if shared then
      compared, fewest = compare_shared(types, named, prismas[name], name)
    else
      compared, fewest = false, { "of no model: " .. name }
      for _, parts in ipairs(take_apart(name, models)) do
        local found = {}
        compared = compare_model(types, named, prismas, name, models, parts[1], parts[2], found)
        if #found == 0 or fewest[1]:find "^of no" then fewest = found end
        if #found == 0 then break end
      end
    end
    table.move(fewest, 1, #fewest, #lines + 1, lines)
    if compared then n = n + 1 end
  end
  return lines, n
end

if arg and arg[0]:find "oracle.lua$" then
  package.path = arg[0]:match "^(.*/)" .. "?.lua;" .. package.path
  local core = require "lorm.core"
  local dmmf = core.json.decode(core.readSchema().model)
  local files, named = require("lorm.generate.types").files(dmmf)
  local types = require "annotations".read(files)
  local handle <close> = assert(io.open(arg[1]))
  local lines, n = oracle.compare(types, named, dmmf, handle:read "a")
  for i = 1, math.min(#lines, 40) do print(lines[i]) end
  print(("%d types compared, %d differences"):format(n, #lines))
  os.exit(#lines == 0)
end

return oracle
