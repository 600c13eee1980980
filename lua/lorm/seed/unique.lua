-- Draws for unique fields are without replacement: a value of faker's that a unique field already got in this run is
-- drawn again, until it is new.
--   local unique = require "lorm.seed.unique"
--   local guard = unique.new(schema, memory)    -- memory(): {value = function that draws another one}, of this row
--   args = guard.call(model, action, args)      -- before each call
--   data = guard.row(model, data)               -- a row that is sent later, with others
local unique = {}

local TRIES = 1000

local actions = { create = true, createMany = true, createManyAndReturn = true }

-- Where the new rows of a nested write stand: { create = } { createMany = { data = } }
local function nested(visit, model, write)
  local out = {}
  for key, v in pairs(write) do out[key] = v end
  if out.create then out.create = visit(model, out.create) end
  if out.createMany then
    local many = {}
    for key, v in pairs(out.createMany) do many[key] = v end
    many.data = visit(model, many.data)
    out.createMany = many
  end
  return out
end

local function redraw(seen, draw, model, field)
  for _ = 1, TRIES do
    local value = draw()
    if not seen[value] then return value end
  end
  error(("faker has no more values for %s.%s that it did not get already"):format(model.name, field), 0)
end

function unique.new(schema, memory)
  local seen = {} -- "User.email" -> {value = true}

  local function value(model, field, v)
    local key = model.name .. "." .. field
    local had = seen[key] or {}
    seen[key] = had
    local draw = had[v] and memory()[v]
    if draw then v = redraw(had, draw, model, field) end
    had[v] = true
    return v
  end

  local rows
  local function row(model, data)
    local out = {}
    for name, v in pairs(data) do
      local relation = model.relations[name]
      if relation and type(v) == "table" then
        v = nested(rows, schema[relation], v)
      elseif model.uniques[name] and (type(v) == "string" or type(v) == "number") then
        v = value(model, name, v)
      end
      out[name] = v
    end
    return setmetatable(out, getmetatable(data))
  end

  function rows(model, data)
    if type(data) ~= "table" then return data end
    if data[1] == nil then return row(model, data) end
    local out = {}
    for i, one in ipairs(data) do out[i] = row(model, one) end
    return out
  end

  local function call(name, action, args)
    if not actions[action] or type(args) ~= "table" or type(args.data) ~= "table" then return args end
    local out = {}
    for k, v in pairs(args) do out[k] = v end
    out.data = rows(schema[name], args.data)
    return out
  end

  return { call = call, row = function(name, data) return row(schema[name], data) end }
end

return unique
