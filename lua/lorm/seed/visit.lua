-- Every new row in the arguments of a call, however deep.
--   local visit = require("lorm.seed.visit").new(schema, onRow, onUpdate)
--   args = visit.call("User", "create", args)    -- a copy, in which onRow(model, row, certain) may change each row
--   visit.settled(row)                           -- this one is as it should be: calls leave it alone
-- `certain` is false for rows that are only made when another one is not there. onUpdate(model, data) sees what an
-- update of the model itself sets; updates in nested writes are not visited.
local visit = {}

local creating = { create = true, createMany = true, createManyAndReturn = true }
local updating = { update = true, updateMany = true, updateManyAndReturn = true }

local function copy(t)
  local out = {}
  for key, value in pairs(t) do out[key] = value end
  return setmetatable(out, getmetatable(t))
end

-- The same for one table, or for each of a list.
local function each(value, fn)
  if type(value) ~= "table" then return value end
  if value[1] == nil then return next(value) ~= nil and fn(value) or value end
  local out = {}
  for i, one in ipairs(value) do out[i] = fn(one) end
  return out
end

function visit.new(schema, onRow, onUpdate)
  local nested
  local seen = setmetatable({}, { __mode = "k" }) -- rows that are settled

  -- The names of a model's relations in one order, always: rows may draw numbers.
  local ordered = setmetatable({}, { __mode = "k" })
  local function relations(model)
    local names = {}
    for _, name in ipairs(model.names) do
      if model.relations[name] then names[#names + 1] = name end
    end
    ordered[model] = names
    return names
  end

  -- The data of a row: a copy, its nested writes visited.
  local function data(model, given)
    local out = copy(given)
    for _, name in ipairs(ordered[model] or relations(model)) do
      if type(out[name]) == "table" then out[name] = nested(schema[model.relations[name]], out[name]) end
    end
    return out
  end

  local function row(model, given, certain)
    if seen[given] then return given end
    local out = data(model, given)
    onRow(model, out, certain)
    return out
  end

  local function rows(model, given, certain)
    return each(given, function(one) return row(model, one, certain) end)
  end

  -- Where new rows stand in a nested write.
  function nested(model, write)
    local out = copy(write)
    if out.create then out.create = rows(model, out.create, true) end
    if out.createMany then
      out.createMany = copy(out.createMany)
      out.createMany.data = rows(model, out.createMany.data, true)
    end
    for _, verb in ipairs { "connectOrCreate", "upsert" } do
      out[verb] = out[verb] and each(out[verb], function(one)
        one = copy(one)
        one.create = rows(model, one.create, false)
        return one
      end)
    end
    return out
  end

  local function call(name, action, args)
    local model = schema[name]
    if not model or type(args) ~= "table" then return args end
    args = copy(args)
    if creating[action] then args.data = rows(model, args.data, true) end
    if action == "upsert" then args.create = rows(model, args.create, false) end
    for key in pairs { data = updating[action], update = action == "upsert" or nil } do
      if type(args[key]) == "table" then
        args[key] = data(model, args[key])
        onUpdate(model, args[key])
      end
    end
    return args
  end

  return { call = call, settled = function(made) seen[made] = true end }
end

return visit
