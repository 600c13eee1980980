-- db:extends: what a client can be given beyond its schema.
--   query  = { User = { findMany = function(ctx) return ctx.query(ctx.args) end }, ["$allModels"] = { ... },
--              ["$allOperations"] = function(ctx) ... end, ["$queryRaw"] = ... }
--   model  = { User = { byEmail = function(self, email) ... end }, ["$allModels"] = { ... } }
--   client = { ping = function(self) ... end }
--   scopes = { Post = { published = true }, User = function(ctx) return { tenantId = ctx.user.tenantId } end }
--   result = { User = { fullName = { needs = { first = true }, compute = function(user) ... end } } }
-- All functions of `query` that fit a call run, one around the other: those of a model before those of all models,
-- those of an operation before those of all operations.
local core = require "lorm.core"
local hooks = require "lorm.hooks"
local nearest = require "lorm.nearest"

local extend = {}

local ALL_MODELS <const>, ALL_OPERATIONS <const> = "$allModels", "$allOperations"

local function raise(message, hint)
  core.throw { name = "UsageError", message = message, hint = hint }
end

-- ---- mistakes ----

local function check_kind(value, wanted, path)
  if type(value) == wanted then return end
  raise(("db:extends: %s must be a %s, it is a %s."):format(path, wanted, core.kindOf(value) or type(value)))
end

local function check_name(name, known, path, what)
  if known[name] then return end
  local names = {}
  for candidate in pairs(known) do names[#names + 1] = candidate end
  raise(("db:extends: %s: there is no %s %s.%s"):format(path, what, tostring(name), nearest.hint(tostring(name), names)))
end

local function models_of(state)
  local known = { [ALL_MODELS] = true }
  for _, name in ipairs(core.models(state.root.handle)) do known[name] = true end
  return known
end

-- check(value, path) for each entry of each model's table.
local function check_models(state, given, part, names, check)
  local known = models_of(state)
  for model, own in pairs(given) do
    local path = part .. "." .. tostring(model)
    check_name(model, known, part, "model")
    check_kind(own, "table", path)
    for name, value in pairs(own) do
      if names then check_name(name, names, path, "operation") end
      check(value, path .. "." .. tostring(name), model)
    end
  end
end

local function check_function(value, path) check_kind(value, "function", path) end

local function operations()
  local known = { [ALL_OPERATIONS] = true, copyIn = true, copyOut = true }
  for action in pairs(core.actions()) do known[action] = true end
  return known
end

local raw_operations = { ["$queryRaw"] = true, ["$executeRaw"] = true, [ALL_OPERATIONS] = true }

local check = {}

function check.query(state, query)
  local models = {}
  for name, value in pairs(query) do
    if raw_operations[name] then check_function(value, "query." .. name) else models[name] = value end
  end
  check_models(state, models, "query", operations(), check_function)
end

function check.model(state, models) check_models(state, models, "model", nil, check_function) end

function check.client(_, methods)
  for name, value in pairs(methods) do check_function(value, "client." .. tostring(name)) end
end

-- What a field can need: columns, and computed fields, those of earlier extensions too.
local function check_needs(state, all, field, path, model)
  check_kind(field.needs, "table", path .. ".needs")
  if model == ALL_MODELS then return end
  local known = {}
  for name in pairs(core.model(state.root.handle, model).fields) do known[name] = true end
  for name in pairs(all[model] or {}) do known[name] = true end
  for need in pairs(field.needs) do check_name(need, known, path .. ".needs", "field") end
end

function check.result(state, result)
  check_models(state, result, "result", nil, function(field, path)
    check_kind(field, "table", path)
    check_function(field.compute, path .. ".compute")
  end)
end

-- ---- query ----

-- run(ctx) as a hook for the calls that `fits(params)` takes.
local function query_hook(run, fits)
  return hooks.new(function(params, next)
    return run {
      model = params.model,
      operation = params.model and params.action or "$" .. params.action,
      args = params.args,
      runInTransaction = params.runInTransaction,
      user = params.user,
      tx = params.tx,
      query = function(args)
        return next { model = params.model, action = params.action, args = args == nil and params.args or args }
      end,
    }
  end, { applies = fits, place = hooks.place(run) })
end

-- In the order in which they go around a call.
local function query_hooks(query)
  local list = {}
  local function add(run, fits) list[#list + 1] = query_hook(run, fits) end
  local function add_group(group, of_model)
    for action, run in pairs(group or {}) do
      if action ~= ALL_OPERATIONS then add(run, function(params) return params.action == action and of_model(params) end) end
    end
    if group and group[ALL_OPERATIONS] then add(group[ALL_OPERATIONS], of_model) end
  end
  for model, group in pairs(query) do
    if type(group) == "table" and model ~= ALL_MODELS then
      add_group(group, function(params) return params.model == model end)
    end
  end
  add_group(query[ALL_MODELS], function(params) return params.model ~= nil end)
  for _, action in ipairs { "queryRaw", "executeRaw" } do
    local run = query["$" .. action]
    if run then add(run, function(params) return not params.model and params.action == action end) end
  end
  if query[ALL_OPERATIONS] then add(query[ALL_OPERATIONS]) end
  return list
end

-- ---- result ----

local function merge(old, new)
  local merged = {}
  for name, value in pairs(old or {}) do merged[name] = value end
  for name, value in pairs(new or {}) do merged[name] = value end
  return merged
end

-- The computed fields of all extensions are one hook, next to the database: the others see whole rows.
local function extend_results(state, result)
  local all = {}
  for _, model in ipairs(core.models(state.root.handle)) do
    local own = merge(merge(state.results and state.results[model], result[ALL_MODELS]), result[model])
    if next(own) then all[model] = own end
  end
  for model, own in pairs(result) do
    for name, field in pairs(own) do
      if field.needs ~= nil then check_needs(state, all, field, ("result.%s.%s"):format(model, name), model) end
    end
  end
  local list = {}
  for _, hook in ipairs(state.hooks) do
    if not hook.last then list[#list + 1] = hook end
  end
  local run = require "lorm.results".hook(all, core.json.decode(core.dmmf(state.root.handle)))
  state.results, state.hooks = all, hooks.added(list, hooks.new(run, { last = true }))
end

-- ---- model ----

local function extend_models(state, models)
  local old, all = state.extended, models[ALL_MODELS]
  state.extended = setmetatable({}, {
    __index = function(self, name)
      local methods = merge(merge(old[name], all), models[name])
      rawset(self, name, methods)
      return methods
    end,
  })
end

-- ---- all of it ----

local known = { name = true, query = true, model = true, client = true, result = true, scopes = true, softDelete = true }
local kinds = { name = "string", softDelete = "string" } -- all else is a table

function extend.apply(state, extension)
  if type(extension) ~= "table" then raise "db:extends takes a table: { query =, model =, client =, result = }." end
  for part, value in pairs(extension) do
    check_name(part, known, "an extension", "part")
    check_kind(value, kinds[part] or "table", part)
    if check[part] then check[part](state, value) end
  end
  if extension.result then extend_results(state, extension.result) end
  for _, hook in ipairs(extension.query and query_hooks(extension.query) or {}) do state.hooks = hooks.added(state.hooks, hook) end
  if extension.scopes or extension.softDelete then require "lorm.scopes".extend(state, extension) end
  if extension.model then extend_models(state, extension.model) end
  if extension.client then state.methods = merge(state.methods, extension.client) end
end

return extend
