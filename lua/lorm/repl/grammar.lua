-- The arguments of actions, as completion walks through them.
--   local node = grammar.arguments(catalog, "Post", "findMany")
--   node.names()         what keys it may have, sorted
--   node.child("where")  the node of a key's value, or nil
--   node.item()          the node of an element, where it may be a list
--   node.values()        what may stand there as a value, as Lua writes it: '"asc"', "true"
--   node.words()         strings that may stand in a list there: names of fields
-- All but names may be missing.
local grammar = {}

local function sorted(set)
  local list = {}
  for name in pairs(set) do list[#list + 1] = name end
  table.sort(list)
  return list
end

-- A node from { key = function() -> node, or false }.
local function node_of(children, more)
  local node = more or {}
  function node.names() return sorted(children) end
  function node.child(name) return children[name] and children[name]() or nil end
  return node
end

local function values(list)
  return { names = function() return {} end, values = function() return list end }
end
local function constant(list)
  return function() return values(list) end
end

local flag, sort = constant { "true", "false" }, constant { '"asc"', '"desc"' }
local any = constant {}

local function is_relation(field) return field.kind == "object" end
local function is_scalar(field) return field.kind ~= "object" end
local function is_number(field)
  return ({ Int = true, BigInt = true, Float = true, Decimal = true })[field.type] and not field.isList
end

local function words_of(model, wanted)
  return function()
    local words = {}
    for _, field in ipairs(model.fields) do
      if wanted(field) then words[#words + 1] = field.name end
    end
    return words
  end
end

local function each(model, wanted, make, into)
  local children = into or {}
  for _, field in ipairs(model.fields) do
    if wanted(field) then
      children[field.name] = function() return make(field) end
    end
  end
  return children
end

local function scalar_values(catalog, field)
  if field.kind == "enum" then
    local list = {}
    for i, value in ipairs(catalog.enums[field.type] or {}) do list[i] = ('"%s"'):format(value) end
    return list
  end
  return field.type == "Boolean" and { "true", "false" } or {}
end

-- ---- filters ----

local comparing = { "lt", "lte", "gt", "gte" }
local searching = { "contains", "startsWith", "endsWith", "mode", "search" }
local listing = { "equals", "has", "hasEvery", "hasSome", "isEmpty" }
local json = { "equals", "not_", "path", "string_contains", "string_starts_with", "string_ends_with", "array_contains",
  "array_starts_with", "array_ends_with", "lt", "lte", "gt", "gte", "mode" }

local function operators_of(field)
  if field.isList then return listing end
  if field.type == "Json" then return json end
  local list = { "equals", "not_", "in_", "notIn" }
  if field.kind == "enum" then return list end
  if field.type == "Boolean" then return { "equals", "not_" } end
  if field.type ~= "Bytes" then table.move(comparing, 1, #comparing, #list + 1, list) end
  if field.type == "String" then table.move(searching, 1, #searching, #list + 1, list) end
  return list
end

local function filter(catalog, field)
  local known = scalar_values(catalog, field)
  local children = {}
  for _, name in ipairs(operators_of(field)) do
    children[name] = function()
      local node = values(known)
      node.item = function() return values(known) end
      return node
    end
  end
  if children.mode then children.mode = constant { '"insensitive"', '"default"' } end
  if children.isEmpty then children.isEmpty = flag end
  return node_of(children, { values = function() return known end })
end

local where

local function related(catalog, field)
  local function target() return where(catalog, field.type) end
  if field.isList then return node_of { some = target, every = target, none = target } end
  local children = { is = target, isNot = target }
  local direct = target()
  local node = node_of(children)
  local names, child = node.names, node.child
  function node.names()
    local all = names()
    return table.move(direct.names(), 1, #direct.names(), #all + 1, all)
  end
  function node.child(name) return child(name) or direct.child(name) end
  return node
end

function where(catalog, name)
  local model = catalog.models[name]
  if not model then return node_of {} end
  local function again() return where(catalog, name) end
  local children = { AND = again, OR = again, NOT = again }
  each(model, is_scalar, function(field) return filter(catalog, field) end, children)
  each(model, is_relation, function(field) return related(catalog, field) end, children)
  for compound, names in pairs(model.compound) do
    children[compound] = function()
      local parts = {}
      for _, part in ipairs(names) do parts[part] = any end
      return node_of(parts)
    end
  end
  return node_of(children, { item = again })
end

-- ---- what is wanted ----

local selection

local function nested(catalog, field)
  local children = selection(catalog, field.type, { "select", "include", "omit" })
  if field.isList then
    local arguments = grammar.arguments(catalog, field.type, "findMany")
    for _, name in ipairs { "where", "orderBy", "cursor", "take", "skip", "distinct" } do
      children[name] = function() return arguments.child(name) end
    end
  end
  return node_of(children, { values = function() return { "true" } end })
end

local function counts(catalog, model)
  local lists = function(field) return is_relation(field) and field.isList end
  local each_count = function(field)
    return node_of({ where = function() return where(catalog, field.type) end }, { values = function() return { "true" } end })
  end
  return node_of {
    select = function() return node_of(each(model, lists, each_count), { words = words_of(model, lists) }) end,
  }
end

local function every() return true end

local makers = {
  select = function(catalog, model)
    local children = each(model, every, function(field)
      return is_relation(field) and nested(catalog, field) or values { "true" }
    end)
    children._count = function() return counts(catalog, model) end
    return node_of(children, { words = words_of(model, every) })
  end,
  include = function(catalog, model)
    local children = each(model, is_relation, function(field) return nested(catalog, field) end)
    children._count = function() return counts(catalog, model) end
    return node_of(children, { words = words_of(model, is_relation) })
  end,
  omit = function(_, model)
    return node_of(each(model, is_scalar, flag), { words = words_of(model, is_scalar) })
  end,
}

function selection(catalog, name, kinds, into)
  local children, model = into or {}, catalog.models[name]
  for _, kind in ipairs(model and kinds or {}) do
    children[kind] = function() return makers[kind](catalog, model) end
  end
  return children
end

-- ---- order ----

local function order(catalog, name, aggregates)
  local model = catalog.models[name]
  local function again() return order(catalog, name, aggregates) end
  local function by_field()
    return node_of({ sort = sort, nulls = constant { '"first"', '"last"' } }, { values = sort().values })
  end
  local children = each(model, is_scalar, by_field)
  if aggregates then
    for _, kind in ipairs { "_count", "_avg", "_sum", "_min", "_max" } do
      children[kind] = function() return node_of(each(model, is_scalar, sort)) end
    end
    return node_of(children, { item = again })
  end
  each(model, is_relation, function(field)
    if field.isList then return node_of { _count = sort } end
    return order(catalog, field.type)
  end, children)
  children._relevance = function()
    return node_of { fields = constant {}, search = any, sort = sort }
  end
  return node_of(children, { item = again })
end

-- ---- data ----

local data

local function unique_where(catalog, field)
  return function()
    local node = where(catalog, field.type)
    node.item = function() return where(catalog, field.type) end
    return node
  end
end

local writes = {
  connect = unique_where,
  set = unique_where,
  delete = unique_where,
  disconnect = unique_where,
  deleteMany = unique_where,
}
local function listed(make)
  return function(catalog, field)
    return function()
      local node = make(catalog, field)
      node.item = function() return make(catalog, field) end
      return node
    end
  end
end
writes.create = listed(function(catalog, field) return data(catalog, field.type, "create") end)
local function two(second, third)
  return listed(function(catalog, field)
    local children = {
      where = function() return where(catalog, field.type) end,
      [second] = function() return data(catalog, field.type, second == "create" and "create" or "update") end,
    }
    if third then children[third] = function() return data(catalog, field.type, "update") end end
    return node_of(children)
  end)
end
writes.connectOrCreate, writes.update, writes.updateMany, writes.upsert =
  two "create", two "data", two "data", two("create", "update")
writes.createMany = listed(function(catalog, field)
  return node_of {
    data = listed(function() return data(catalog, field.type, "create") end)(catalog, field),
    skipDuplicates = flag,
  }
end)

local function verbs_of(field, mode)
  local list = { "create", "connect", "connectOrCreate" }
  local function more(...) table.move({ ... }, 1, select("#", ...), #list + 1, list) end
  if field.isList then more "createMany" end
  if mode == "update" then
    more("update", "upsert", "delete", "disconnect")
    if field.isList then more("set", "updateMany", "deleteMany") end
  end
  return list
end

function data(catalog, name, mode)
  local model = catalog.models[name]
  if not model then return node_of {} end
  local children = each(model, is_scalar, function(field)
    local changes = {}
    if mode == "update" then changes.set = any end
    if mode == "update" and is_number(field) then
      for _, verb in ipairs { "increment", "decrement", "multiply", "divide" } do changes[verb] = any end
    end
    if field.isList then changes.set, changes.push = any, any end
    return node_of(changes, { values = function() return scalar_values(catalog, field) end })
  end)
  each(model, is_relation, function(field)
    local verbs = {}
    for _, verb in ipairs(verbs_of(field, mode)) do verbs[verb] = writes[verb](catalog, field) end
    return node_of(verbs)
  end, children)
  return node_of(children, { item = function() return data(catalog, name, mode) end })
end

-- ---- actions ----

local paging = { "where", "orderBy", "cursor", "take", "skip" }
local shape = { "select", "include", "omit" }
local aggregates = { "_count", "_avg", "_sum", "_min", "_max" }

local function joined(...)
  local list = {}
  for _, part in ipairs { ... } do table.move(part, 1, #part, #list + 1, list) end
  return list
end

local finding = joined(paging, shape, { "distinct", "relationLoadStrategy", "lock", "skipLocked", "noWait" })
local one = joined(shape, { "where", "relationLoadStrategy", "lock", "skipLocked", "noWait" })

-- By action; `timeout` goes with all of them.
grammar.actions = {
  findMany = finding,
  findFirst = finding,
  findFirstOrThrow = finding,
  findUnique = one,
  findUniqueOrThrow = one,
  stream = joined(finding, { "batchSize" }),
  explain = joined(finding, { "action", "analyze", "data", "create", "update", "by", "having" }, aggregates),
  count = joined(paging, { "select" }),
  exists = { "where" },
  aggregate = joined(paging, aggregates),
  groupBy = joined({ "by", "where", "having", "orderBy", "take", "skip" }, aggregates),
  create = joined({ "data", "relationLoadStrategy" }, shape),
  createMany = { "data", "skipDuplicates" },
  createManyAndReturn = joined({ "data", "skipDuplicates" }, shape),
  update = joined({ "where", "data", "relationLoadStrategy" }, shape),
  updateMany = { "where", "data", "limit", "all" },
  updateManyAndReturn = joined({ "where", "data", "limit", "all" }, shape),
  updateEach = { "data", "on", "where", "all" },
  upsert = joined({ "where", "create", "update", "relationLoadStrategy" }, shape),
  upsertMany = { "data", "on", "update" },
  delete = joined({ "where", "relationLoadStrategy" }, shape),
  deleteMany = { "where", "limit", "all" },
}

local function aggregate_of(model, kind)
  local wanted = (kind == "_avg" or kind == "_sum") and is_number or is_scalar
  local children = each(model, wanted, flag)
  if kind == "_count" then children._all = flag end
  return node_of(children, { values = function() return { "true" } end, words = words_of(model, wanted) })
end

local creating = { create = true, createMany = true, createManyAndReturn = true, upsertMany = true }

local function argument(catalog, model, action, name)
  if name == "where" or name == "having" or name == "cursor" then return where(catalog, model.name) end
  if makers[name] and action ~= "count" then return makers[name](catalog, model) end
  if name == "select" then return aggregate_of(model, "_count") end
  if name == "orderBy" then return order(catalog, model.name, action == "groupBy") end
  if name == "data" then return data(catalog, model.name, creating[action] and "create" or "update") end
  if name == "create" or name == "update" then return data(catalog, model.name, name) end
  if name == "distinct" or name == "by" or name == "on" then
    return { names = function() return {} end, words = words_of(model, is_scalar) }
  end
  if name:sub(1, 1) == "_" then return aggregate_of(model, name) end
  return nil
end

local fixed = {
  skipDuplicates = flag, all = flag, analyze = flag, skipLocked = flag, noWait = flag,
  relationLoadStrategy = constant { '"join"', '"query"' },
  lock = constant { '"update"', '"noKeyUpdate"', '"share"', '"keyShare"' },
}

-- nil when the model or the action is unknown.
function grammar.arguments(catalog, name, action)
  local model, arguments = catalog.models[name], grammar.actions[action]
  if not model or not arguments then return nil end
  local children = { timeout = any }
  for _, argument_name in ipairs(arguments) do
    children[argument_name] = fixed[argument_name] or function() return argument(catalog, model, action, argument_name) end
  end
  if children.action then
    children.action = function()
      local list = {}
      for _, known in ipairs(sorted(grammar.actions)) do list[#list + 1] = ('"%s"'):format(known) end
      return values(list)
    end
  end
  return node_of(children)
end

return grammar
