-- db:extends: what a client can be given beyond its schema.
--   query  = { User = { findMany = function(ctx) return ctx.query(ctx.args) end }, ["$allModels"] = { ... },
--              ["$allOperations"] = function(ctx) ... end, ["$queryRaw"] = ... }
--   model  = { User = { byEmail = function(self, email) ... end }, ["$allModels"] = { ... } }
--   client = { ping = function(self) ... end }
--   result = { User = { fullName = { needs = { first = true }, compute = function(user) ... end } } }
local core = require "lorm.core"

local extend = {}

local function raise(message)
  core.throw { name = "UsageError", message = message }
end

-- ---- query ----

local function handler_of(query, model, action)
  local function among(group)
    return type(group) == "table" and (group[action] or group["$allOperations"]) or nil
  end
  if model then
    local found = among(query[model]) or among(query["$allModels"])
    if found then return found end
  end
  return not model and query[action] or query["$allOperations"]
end

local function query_hook(query)
  return function(params, next)
    local operation = params.model and params.action or "$" .. params.action
    local handler = handler_of(query, params.model, operation)
    if not handler then return next(params) end
    return handler {
      model = params.model,
      operation = operation,
      args = params.args,
      runInTransaction = params.runInTransaction,
      user = params.user,
      query = function(args)
        return next { model = params.model, action = params.action, args = args, user = params.user,
          runInTransaction = params.runInTransaction }
      end,
    }
  end
end

-- ---- result ----

local rows_of = {
  findUnique = 1, findUniqueOrThrow = 1, findFirst = 1, findFirstOrThrow = 1, create = 1, update = 1, upsert = 1,
  delete = 1, findMany = 2, createManyAndReturn = 2, updateManyAndReturn = 2,
}

local none = {}

-- A selection (select or include) of a model, rewritten: computed fields give way to what they need, relations are
-- followed. `node` learns which fields are to be computed: { fields = { name = field }, relations = { key = node } }.
local prepare

local function follow(key, value, target, node, context)
  local args, inner = prepare(type(value) == "table" and value or none, target, context)
  node.relations[key] = inner
  return next(args) ~= nil and args or value
end

local function rewrite(selection, model, node, context)
  local fields, relations, wanted, made = context.result[model] or none, context.relations[model] or none, {}, {}
  for key, value in pairs(selection) do
    if type(key) == "number" then key, value = value, true end
    if fields[key] then
      wanted[key] = value and fields[key] or nil
    elseif value and relations[key] then
      made[key] = follow(key, value, relations[key], node, context)
    else
      made[key] = value
    end
  end
  for _, field in pairs(wanted) do
    for need in pairs(field.needs or none) do
      if made[need] == nil then made[need] = true end
    end
  end
  return made, wanted
end

function prepare(args, model, context)
  local node, copy = { fields = context.result[model] or none, relations = {} }, {}
  for name, value in pairs(args) do copy[name] = value end
  if type(args.include) == "table" then copy.include = rewrite(args.include, model, node, context) end
  if type(args.select) == "table" then copy.select, node.fields = rewrite(args.select, model, node, context) end
  return copy, node
end

-- The needs of a field that was not asked for by name may have been omitted.
local function has_needs(row, field)
  local columns = {}
  for _, name in ipairs(core.columns(row) or none) do columns[name] = true end
  for need in pairs(field.needs or none) do
    if not columns[need] and row[need] == nil then return false end
  end
  return true
end

local function compute(row, node)
  local values = {}
  for name, field in pairs(node.fields) do
    if has_needs(row, field) then values[name] = field.compute(row) end
  end
  for key, inner in pairs(node.relations) do
    local related = row[key]
    if core.columns(related) then
      compute(related, inner)
    else
      for _, one in ipairs(related or none) do compute(one, inner) end
    end
  end
  for name, value in pairs(values) do row[name] = value end
end

-- model -> { relation field = its model }
local function relations_of(state)
  local relations = {}
  for _, model in ipairs(core.json.decode(core.dmmf(state.root.handle)).models) do
    relations[model.name] = {}
    for _, field in ipairs(model.fields) do
      if field.kind == "object" then relations[model.name][field.name] = field.type end
    end
  end
  return relations
end

local function result_hook(result, state)
  local context = { result = result }
  return function(params, next_hook)
    local many = rows_of[params.action]
    if not params.model or not many then return next_hook(params) end
    context.relations = context.relations or relations_of(state)
    local args, node = prepare(params.args or none, params.model, context)
    local found = next_hook { model = params.model, action = params.action, args = args, user = params.user,
      runInTransaction = params.runInTransaction }
    if found == nil then return nil end
    for _, row in ipairs(many == 2 and found or { found }) do compute(row, node) end
    return found
  end
end

-- ---- all of it ----

local function merge(old, new)
  local merged = {}
  for name, value in pairs(old or {}) do merged[name] = value end
  for name, value in pairs(new or {}) do merged[name] = value end
  return merged
end

local function extend_models(state, models)
  local old, all = state.extended, models["$allModels"]
  state.extended = setmetatable({}, {
    __index = function(self, name)
      local methods = merge(merge(old[name], all), models[name])
      rawset(self, name, methods)
      return methods
    end,
  })
end

local known = { name = true, query = true, model = true, client = true, result = true }

function extend.apply(state, extension)
  if type(extension) ~= "table" then raise "db:extends takes a table: { query =, model =, client =, result = }." end
  for part in pairs(extension) do
    if not known[part] then raise(("db:extends does not know %s."):format(tostring(part))) end
  end
  local hooks = table.move(state.hooks, 1, #state.hooks, 1, {})
  if extension.result then hooks[#hooks + 1] = result_hook(extension.result, state) end
  if extension.query then hooks[#hooks + 1] = query_hook(extension.query) end
  state.hooks = hooks
  if extension.model then extend_models(state, extension.model) end
  if extension.client then state.methods = merge(state.methods, extension.client) end
  require "lorm.client".rebuild(state)
end

return extend
