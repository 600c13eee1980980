-- Draws for unique fields are without replacement: a value of faker's that a unique field already got in this run is
-- drawn again, until it is new.
--   local unique = require("lorm.seed.unique").new(memory)
--   unique(model, row)       -- changes the row's values where they must be others
-- memory() is {value = function that draws another one}, of the row that is being made.
local unique = {}

local TRIES = 1000

local function redraw(seen, draw, model, field)
  for _ = 1, TRIES do
    local value = draw()
    if not seen[value] then return value end
  end
  error(("faker has no more values for %s.%s that it did not get already"):format(model.name, field), 0)
end

function unique.new(memory)
  local seen = {} -- "User.email" -> {value = true}
  return function(model, row)
    for _, field in ipairs(model.names) do
      local value = model.uniques[field] and row[field]
      if type(value) == "string" or type(value) == "number" then
        local key = model.name .. "." .. field
        local had = seen[key] or {}
        seen[key] = had
        local draw = had[value] and memory()[value]
        if draw then value = redraw(had, draw, model, field) end
        had[value], row[field] = true, value
      end
    end
  end
end

return unique
