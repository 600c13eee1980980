-- Draws for unique fields are without replacement: a value of faker's that a unique field already got in this run is
-- drawn again, until it is new. Of fields that are unique together, those that were drawn are drawn again.
--   local unique = require("lorm.seed.unique").new(recall, known)
--   unique(model)(row)       -- changes the row's values where they must be others
-- recall(value) is a function that draws another one, when value was drawn for the row that is being made. known(model,
-- fields), if there is one, gives the values that are there already, as a set: of one field, or of several as one text.
local unique = {}

local TRIES <const> = 1000

local function simple(value) return type(value) == "string" or type(value) == "number" end

local function exhausted(model, what)
  error(("faker has no more values for %s.%s that it did not get already"):format(model.name, what), 0)
end

-- A new value in place of one that was had, if faker drew that.
local function redrawn(had, value, recall, model, field)
  local draw = simple(value) and recall(value)
  if not draw then return value end
  for _ = 1, TRIES do
    local other = draw()
    if not had[other] then return other end
  end
  exhausted(model, field)
end

-- The values of several fields as one text; nil when one is missing.
function unique.joined(model, fields, row)
  local parts = {}
  for i, field in ipairs(fields) do
    local value = row[field]
    if value == nil then value = model.constants[field] end
    if not simple(value) and type(value) ~= "boolean" and type(value) ~= "userdata" then return nil end
    parts[i] = tostring(value)
  end
  return table.concat(parts, "\0")
end

-- The fields of a group that faker gave, with how to draw them again.
local function drawn(fields, row, recall)
  local found = {}
  for _, field in ipairs(fields) do
    local draw = simple(row[field]) and recall(row[field])
    if draw then found[#found + 1] = { field = field, draw = draw } end
  end
  return found
end

local function together(had, model, fields, row, recall)
  local key = unique.joined(model, fields, row)
  if key and had[key] then
    local changing = drawn(fields, row, recall)
    for _ = 1, #changing > 0 and TRIES or 0 do
      for _, one in ipairs(changing) do row[one.field] = one.draw() end
      key = unique.joined(model, fields, row)
      if not had[key] then break end
    end
    if #changing > 0 and had[key] then exhausted(model, table.concat(fields, "_")) end
  end
  if key then had[key] = true end
end

local function distinct(model, recall, known)
  local single, groups = {}, {}
  local function had(fields) return known and known(model, fields) or {} end
  for _, field in ipairs(model.names) do
    if model.uniques[field] then single[#single + 1] = { field = field, had = had { field } } end
  end
  for _, fields in ipairs(model.together) do groups[#groups + 1] = { fields = fields, had = had(fields) } end
  return function(row)
    for i = 1, #single do
      local one = single[i]
      local values, field = one.had, one.field
      local value = row[field]
      if value ~= nil and value == value then
        if values[value] then
          value = redrawn(values, value, recall, model, field)
          row[field] = value
        end
        values[value] = true
      end
    end
    for i = 1, #groups do together(groups[i].had, model, groups[i].fields, row, recall) end
  end
end

function unique.new(recall, known)
  local made = setmetatable({}, { __mode = "k" }) -- model -> its function
  return function(model)
    local one = made[model]
    if not one then
      one = distinct(model, recall, known)
      made[model] = one
    end
    return one
  end
end

return unique
