-- Rows as they will stand in the database, but for their keys: what a row says, the constants and times that fill what
-- it does not say, what is drawn for it, unique fields made so.
--   local row = require("lorm.seed.whole").maker(schema.User, faker, defaults, distinct)(given)    -- a new table
-- defaults is lorm.seed.defaults', distinct(row) makes unique fields so.
local core = require "lorm.core"

local whole = {}

-- What is the same in all rows, as long as faker's date stands still.
local function common(model, times, date)
  local row = {}
  for name, value in pairs(model.constants) do row[name] = value end
  for _, name in ipairs(times) do row[name] = date end
  return row
end

local function columns(model)
  local n = 0
  for _, name in ipairs(model.names) do n = n + (model.relations[name] and 0 or 1) end
  return n
end

function whole.maker(model, faker, defaults, distinct)
  local times, dateOf, overlay = defaults.times(model), faker.getDefaultRefDate, core.overlay
  local date = dateOf()
  local under, n = common(model, times, date), columns(model)
  return function(given)
    local today = dateOf()
    if today ~= date then
      date = today
      under = common(model, times, date)
    end
    local row = overlay(given, under, n)
    defaults.draw(model, row)
    distinct(row)
    return row
  end
end

return whole
