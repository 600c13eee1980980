-- Draws for unique fields are without replacement: a value of faker's that a unique field already got in this run is
-- drawn again, until it is new. Of fields that are unique together, those that were drawn are drawn again.
--   local unique = require("lorm.seed.unique").new(memory, known)
--   unique(model, row)       -- changes the row's values where they must be others
-- memory() is {value = function that draws another one}, of the row that is being made. known(model, field), if there is
-- one, gives the values that are there already, as a set.
local unique = {}

local TRIES <const> = 1000

local function simple(value) return type(value) == "string" or type(value) == "number" end

local function exhausted(model, what)
  error(("faker has no more values for %s.%s that it did not get already"):format(model.name, what), 0)
end

local function redraw(seen, draw, model, field)
  for _ = 1, TRIES do
    local value = draw()
    if not seen[value] then return value end
  end
  exhausted(model, field)
end

-- The values of several fields as one text; nil when one is missing.
local function joined(fields, row)
  local parts = {}
  for i, field in ipairs(fields) do
    local value = row[field]
    if not simple(value) and type(value) ~= "boolean" and type(value) ~= "userdata" then return nil end
    parts[i] = tostring(value)
  end
  return table.concat(parts, "\0")
end

-- The fields of a group that faker gave, with how to draw them again.
local function drawn(fields, row, memory)
  local found = {}
  for _, field in ipairs(fields) do
    local draw = simple(row[field]) and memory[row[field]]
    if draw then found[#found + 1] = { field = field, draw = draw } end
  end
  return found
end

local function together(seen, model, fields, row, memory)
  local key = joined(fields, row)
  if key and seen[key] then
    local changing = drawn(fields, row, memory)
    for _ = 1, #changing > 0 and TRIES or 0 do
      for _, one in ipairs(changing) do row[one.field] = one.draw() end
      key = joined(fields, row)
      if not seen[key] then break end
    end
    if #changing > 0 and seen[key] then exhausted(model, table.concat(fields, "_")) end
  end
  if key then seen[key] = true end
end

function unique.new(memory, known)
  local seen = {} -- "User.email" -> {value = true}
  local function of(model, what)
    local key = model.name .. "." .. what
    seen[key] = seen[key] or known and model.uniques[what] and known(model, what) or {}
    return seen[key]
  end
  -- What must be unique in a model, each with what it had.
  local keys = setmetatable({}, { __mode = "k" })
  local function keys_of(model)
    local found = { single = {}, together = {} }
    for _, field in ipairs(model.names) do
      if model.uniques[field] then table.insert(found.single, { field = field, had = of(model, field) }) end
    end
    for _, fields in ipairs(model.together) do
      table.insert(found.together, { fields = fields, had = of(model, table.concat(fields, "_")) })
    end
    keys[model] = found
    return found
  end
  return function(model, row)
    local found = keys[model] or keys_of(model)
    for _, key in ipairs(found.single) do
      local field, had = key.field, key.had
      local value = row[field]
      if simple(value) then
        local draw = had[value] and memory()[value]
        if draw then value = redraw(had, draw, model, field) end
        had[value], row[field] = true, value
      end
    end
    for _, key in ipairs(found.together) do together(key.had, model, key.fields, row, memory()) end
  end
end

return unique
