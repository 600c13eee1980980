-- Computed fields (db:extends { result = ... }): rows come with values that are made of their columns.
--   User = { fullName = { needs = { first = true, last = true }, compute = function(row, model) ... end } }
-- A field may need other computed fields. What is asked for by name, or without a select, is computed, in included
-- rows, too; a field whose needs were omitted is not.
local core = require "lorm.core"

local results = {}

local rows_of = {
  findUnique = 1, findUniqueOrThrow = 1, findFirst = 1, findFirstOrThrow = 1, create = 1, update = 1, upsert = 1,
  delete = 1, findMany = 2, createManyAndReturn = 2, updateManyAndReturn = 2,
}

local none = {}

-- A list of { name =, field = }, each behind those that it needs.
local function ordered(fields)
  local list, placed = {}, {}
  local function place(name)
    if placed[name] then return end
    placed[name] = true
    for need in pairs(fields[name].needs or none) do
      if fields[need] then place(need) end
    end
    list[#list + 1] = { name = name, field = fields[name] }
  end
  local names = {}
  for name in pairs(fields) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do place(name) end
  return list
end

-- The columns that a computed field is made of in the end go into `made`, the computed ones on the way into `wanted`.
local function add_needs(made, wanted, fields, name)
  wanted[name] = true
  for need in pairs(fields[name].needs or none) do
    if fields[need] then add_needs(made, wanted, fields, need) elseif made[need] == nil then made[need] = true end
  end
end

-- A selection (select or include) of a model, rewritten: computed fields give way to what they need, relations are
-- followed. `node` learns what is to be computed: { model =, wanted = { name = true } or nil: all, relations = { key = node } }.
local prepare

local function follow(key, value, target, node, context)
  local args, inner = prepare(type(value) == "table" and value or none, target, context)
  node.relations[key] = inner
  return next(args) ~= nil and args or value
end

local function rewrite(selection, model, node, context)
  local fields, relations, asked, made = context.fields[model] or none, context.relations[model] or none, {}, {}
  for key, value in pairs(selection) do
    if type(key) == "number" then key, value = value, true end
    if fields[key] then
      asked[key] = value and true or nil
    elseif value and relations[key] then
      made[key] = follow(key, value, relations[key], node, context)
    else
      made[key] = value
    end
  end
  local wanted = {}
  for name in pairs(asked) do add_needs(made, wanted, fields, name) end
  return made, wanted
end

function prepare(args, model, context)
  local node, copy = { model = model, relations = {} }, {}
  for name, value in pairs(args) do copy[name] = value end
  if type(args.include) == "table" then copy.include = rewrite(args.include, model, node, context) end
  if type(args.select) == "table" then copy.select, node.wanted = rewrite(args.select, model, node, context) end
  return copy, node
end

local function has_needs(row, columns, values, field)
  for need in pairs(field.needs or none) do
    if not columns[need] and row[need] == nil and values[need] == nil then return false end
  end
  return true
end

local function compute(row, node, context)
  local values, columns = {}, {}
  for _, name in ipairs(core.columns(row) or none) do columns[name] = true end
  for _, item in ipairs(context.order[node.model] or none) do
    if (not node.wanted or node.wanted[item.name]) and has_needs(row, columns, values, item.field) then
      local value = item.field.compute(row, node.model)
      values[item.name], row[item.name] = value, value
    end
  end
  for key, inner in pairs(node.relations) do
    local related = row[key]
    if core.columns(related) then
      compute(related, inner, context)
    else
      for _, one in ipairs(related or none) do compute(one, inner, context) end
    end
  end
end

-- model -> { relation field = its model }
local function relations_of(schema)
  local relations = {}
  for _, model in ipairs(schema.models) do
    relations[model.name] = {}
    for _, field in ipairs(model.fields) do
      if field.kind == "object" then relations[model.name][field.name] = field.type end
    end
  end
  return relations
end

-- The run of a hook. fields: { Model = { name = field } }; schema: as db:schema() gives it.
function results.hook(fields, schema)
  local context = { fields = fields, order = {}, relations = relations_of(schema) }
  for model, own in pairs(fields) do context.order[model] = ordered(own) end
  return function(params, next_hook)
    local many = rows_of[params.action]
    if not params.model or not many then return next_hook(params) end
    local args, node = prepare(params.args or none, params.model, context)
    local found = next_hook { model = params.model, action = params.action, args = args }
    if found == nil then return nil end
    for _, row in ipairs(many == 2 and found or { found }) do compute(row, node, context) end
    return found
  end
end

return results
