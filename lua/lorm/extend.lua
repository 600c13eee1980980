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

-- The arguments with a select that asks for what the computed fields need, not for themselves; and the fields.
local function prepare(args, fields)
  if type(args.select) ~= "table" then return args, fields end
  local wanted, select = {}, {}
  for name, value in pairs(args.select) do
    if type(name) == "number" and fields[value] then
      wanted[value] = fields[value]
    elseif fields[name] then
      wanted[name] = value and fields[name] or nil
    elseif type(name) == "number" then
      select[value] = true
    else
      select[name] = value
    end
  end
  for _, field in pairs(wanted) do
    for need in pairs(field.needs or {}) do
      if select[need] == nil then select[need] = true end
    end
  end
  local copy = {}
  for name, value in pairs(args) do copy[name] = value end
  copy.select = select
  return copy, wanted
end

local function compute(row, fields)
  local values = {}
  for name, field in pairs(fields) do values[name] = field.compute(row) end
  for name, value in pairs(values) do row[name] = value end
end

local function result_hook(result)
  return function(params, next)
    local fields = params.model and result[params.model]
    local many = rows_of[params.action]
    if not fields or not many then return next(params) end
    local args, wanted = prepare(params.args or {}, fields)
    local found = next { model = params.model, action = params.action, args = args, user = params.user,
      runInTransaction = params.runInTransaction }
    if found == nil then return nil end
    for _, row in ipairs(many == 2 and found or { found }) do compute(row, wanted) end
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
  if extension.result then hooks[#hooks + 1] = result_hook(extension.result) end
  if extension.query then hooks[#hooks + 1] = query_hook(extension.query) end
  state.hooks = hooks
  if extension.model then extend_models(state, extension.model) end
  if extension.client then state.methods = merge(state.methods, extension.client) end
  require "lorm.client".rebuild(state)
end

return extend
