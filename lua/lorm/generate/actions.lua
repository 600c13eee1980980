-- A model's actions: what each takes, by the table that the REPL completes from, and what it gives.
--   actions.of(out, model, on)     on = { named =, kinds =, schema =, methods = }
-- on.methods(model): { { "restore", "fun(...)", "what it does" } }, methods that middleware brings.
local grammar = require "lorm.repl.grammar"
local writes = require "lorm.generate.writes"

local actions = {}

local unique = { findUnique = true, findUniqueOrThrow = true, update = true, upsert = true, delete = true }
local fixed = {
  take = "integer", skip = "integer", limit = "integer", batchSize = "integer", skipDuplicates = "boolean",
  all = "boolean", analyze = "boolean", relationLoadStrategy = '"join"|"query"', action = "string",
}
local docs = {
  all = "changes all rows, although `where` is empty", limit = "so many rows at most", batchSize = "rows fetched at once",
  on = "the unique key that tells rows apart",
}

local function list_of(kind) return kind .. "|" .. kind .. "[]" end

local data = {
  create = function(on, model) return writes.create(on, model) end,
  createMany = function(on, model) return list_of(writes.many(on, model)) end,
  update = function(on, model) return on.named(model.name, "UpdateInput") end,
  updateMany = function(on, model) return on.named(model.name, "UpdateManyMutationInput") end,
  updateEach = function(on, model) return on.named(model.name, "UpdateEachInput") .. "[]" end,
  upsertMany = function(on, model) return writes.many(on, model) .. "[]" end,
  explain = function() return "table" end,
}
data.createManyAndReturn, data.updateManyAndReturn = data.createMany, data.updateMany

local aggregates = { _count = "CountAggregateInputType", _min = "Omit", _max = "Omit", _avg = "AvgAggregateInputType",
  _sum = "AvgAggregateInputType" }

-- The type of an argument, and whether it must be there; nil where this model has no such argument.
local function argument(on, model, action, name)
  local function of(suffix) return on.named(model.name, suffix) end
  if fixed[name] then return fixed[name] end
  if name == "where" then return of(unique[action] and "WhereUniqueInput" or "WhereInput"), unique[action] end
  if name == "select" and action == "count" then return "boolean|" .. of "CountAggregateInputType" end
  if name == "select" then return of "Select" end
  if name == "include" then
    if #model.relations == 0 then return nil end
    return of "Include"
  end
  if name == "omit" then return of "Omit" end
  if name == "orderBy" then return list_of(of(action == "groupBy" and "OrderByWithAggregationInput" or "OrderByWithRelationInput")) end
  if name == "cursor" then return of "WhereUniqueInput" end
  if name == "distinct" then return list_of(of "ScalarFieldEnum") end
  if name == "by" then return list_of(of "ScalarFieldEnum"), action == "groupBy" end
  if name == "on" then return "string|" .. of "ScalarFieldEnum" .. "[]" end
  if name == "having" then return of "ScalarWhereWithAggregatesInput" end
  if name == "data" then return data[action](on, model), action ~= "explain" end
  if name == "create" then return writes.create(on, model), action ~= "explain" end
  if name == "update" and action == "upsertMany" then return of "ScalarFieldEnum" .. "[]" end
  if name == "update" then return of "UpdateInput", action ~= "explain" end
  local kind = assert(aggregates[name], name)
  if kind == aggregates._avg and not on.numbers(model) then return nil end
  return "boolean|" .. of(kind)
end

local function capital(name) return (name:gsub("^%l", string.upper)) end

-- What comes back, and what is said of the action.
local gives = {
  findUnique = { "?", "The row with a unique key, or nil." },
  findUniqueOrThrow = { "", "The row with a unique key, or the error P2025." },
  findFirst = { "?", "The first row that matches, or nil." },
  findFirstOrThrow = { "", "The first row that matches, or the error P2025." },
  findMany = { "[]", "All rows that match." },
  create = { "", "Makes a row." },
  createMany = { "n", "Makes many rows." },
  createManyAndReturn = { "[]", "Makes many rows, and gives them." },
  update = { "", "Changes a row; P2025 when there is none." },
  updateMany = { "n", "Changes all rows that match." },
  updateManyAndReturn = { "[]", "Changes all rows that match, and gives them." },
  updateEach = { "n", "Changes each row in its own way, in one statement." },
  upsert = { "", "Changes the row, or makes it." },
  upsertMany = { "n", "Makes rows, or changes those that are there." },
  delete = { "", "Deletes a row, and gives it; P2025 when there is none." },
  deleteMany = { "n", "Deletes all rows that match." },
  count = { "integer", "How many rows match; a table of counts with `select`." },
  exists = { "boolean", "Does any row match?" },
  aggregate = { "AggregateResult", "Counts, sums, averages, least and greatest values." },
  groupBy = { "GroupByResult[]", "The same for each group of rows." },
  stream = { "stream", "All rows that match, batch by batch: for row in db.%s:stream { ... } do." },
  explain = { "lorm.Explanation", "Statements of a call with the server's plans." },
}

local function returned(on, model, what)
  local row = on.named(model.name)
  if what == "" or what == "?" or what == "[]" then return row .. what end
  if what == "n" then return "lorm.BatchPayload" end
  if what == "stream" then return "lorm.Stream|fun(): " .. row end
  local name = what:match "^(%a+Result)"
  return name and on.named(model.name, name) .. what:sub(#name + 1) or what
end

local order = {
  "findUnique", "findUniqueOrThrow", "findFirst", "findFirstOrThrow", "findMany", "create", "createMany",
  "createManyAndReturn", "update", "updateMany", "updateManyAndReturn", "updateEach", "upsert", "upsertMany", "delete",
  "deleteMany", "count", "exists", "aggregate", "groupBy", "stream", "explain",
}

-- Actions that take the same arguments share a class of them.
local same = { findFirst = "findMany", findFirstOrThrow = "findMany", findUniqueOrThrow = "findUnique" }

-- Classes of arguments that others inherit: name, whose they are (nil: the model's), their own arguments, parents.
local shared = {
  { "lorm.CallArgs", { "timeout" } },
  { "lorm.ReadArgs", { "relationLoadStrategy", "lock", "skipLocked", "noWait", "timeout" } },
  { "DefaultArgs", { "select", "include", "omit" } },
  { "NestedManyArgs", { "select", "include", "omit", "where", "orderBy", "cursor", "take", "skip", "distinct" }, "DefaultArgs" },
  { "AggregatesArgs", { "_count", "_avg", "_sum", "_min", "_max" } },
}

-- Is the type of this argument not that of a findMany?
local function is_special(action, name)
  return name == "where" and unique[action] or name == "select" and action == "count" or name == "orderBy" and action == "groupBy"
end

-- The shared classes that an action's arguments are made of, the largest first, and what is left.
local function split(action)
  local left, parents = { timeout = true }, {}
  for _, name in ipairs(grammar.actions[action]) do left[name] = true end
  for i = #shared, 1, -1 do
    local fits = true
    for _, name in ipairs(shared[i][2]) do fits = fits and left[name] and not is_special(action, name) end
    if fits then
      parents[#parents + 1] = shared[i][1]
      for _, name in ipairs(shared[i][2]) do left[name] = nil end
    end
  end
  local rest = {}
  for _, name in ipairs(grammar.actions[action]) do
    if left[name] then rest[#rest + 1] = name end
  end
  return { parents = parents, rest = rest }
end

local parts = setmetatable({}, { __index = function(self, action)
  self[action] = split(action)
  return self[action]
end })

local function parents_of(on, model, names)
  local list = {}
  for i, name in ipairs(names) do list[i] = name:find "^lorm%." and name or on.named(model.name, name) end
  return #list > 0 and table.concat(list, ", ") or nil
end

local function write_args(out, on, model, action)
  local name = on.named(model.name, capital(action) .. "Args")
  if same[action] then
    out:alias(name, on.named(model.name, capital(same[action]) .. "Args"))
    return name, unique[action]
  end
  local any_needed = false
  out:input(name, parents_of(on, model, parts[action].parents))
  for _, argument_name in ipairs(parts[action].rest) do
    local kind, needed = argument(on, model, action, argument_name)
    if kind then
      any_needed = any_needed or needed
      out:field(argument_name, kind, needed, docs[argument_name])
    end
  end
  return name, any_needed
end

-- What an include or a select may say of a relation, and other classes that actions share.
local function shared_args(out, on, model)
  for _, class in ipairs(shared) do
    if not class[1]:find "^lorm%." then
      out:input(on.named(model.name, class[1]), class[3] and on.named(model.name, class[3]))
      for i = class[3] and 4 or 1, #class[2] do
        local kind = argument(on, model, "findMany", class[2][i])
        if kind then out:field(class[2][i], kind) end
      end
    end
  end
end

local function write_fields(out, on, model)
  local name = on.named(model.name, "FieldRefs")
  out:class(name)
  for _, field in ipairs(model.scalars) do out:field(field.name, "lorm.FieldRef", true) end
  return name
end

function actions.of(out, model, on)
  local methods = {}
  shared_args(out, on, model)
  local fields = write_fields(out, on, model)
  local delegate = on.named(model.name, "Delegate")
  for _, action in ipairs(order) do
    local args, needed = write_args(out, on, model, action)
    local result, doc = returned(on, model, gives[action][1]), gives[action][2]:format(model.name)
    methods[#methods + 1] = { action, ("fun(self: %s, args%s: %s): %s"):format(delegate, needed and "" or "?", args, result), doc }
  end
  out:class(delegate, nil, model.documentation)
  out:field("fields", fields, true, "Fields of this model as operands of filters.")
  for _, method in ipairs(methods) do out:field(method[1], method[2], true, method[3]) end
  local row, many = on.named(model.name), writes.many(on, model)
  out:field("copyIn", ("fun(self: %s, rows: %s[]|(fun(i: integer): %s?), options?: lorm.CopyOptions): integer"):format(delegate, many, many),
    true, "Sends rows by COPY, and gives their number.")
  out:field("copyOut", ("fun(self: %s, args?: %s): lorm.Stream|fun(): %s"):format(delegate, on.named(model.name, "FindManyArgs"), row),
    true, "Reads rows by COPY.")
  out:field("reserveIds", ("fun(self: %s, n: integer): integer[]"):format(delegate), true, "Ids from the model's sequence.")
  out:field("unscoped", ("fun(self: %s): %s"):format(delegate, delegate), true, "The model without its scopes.")
  for _, method in ipairs(on.methods(model)) do
    out:field(method[1], method[2]:gsub("%$", delegate), true, method[3])
  end
end

return actions
