-- Rows of seed.rows, by COPY.
--   local load = require("lorm.seed.bulk").loader(db.User, schema.User, n)
--   load(rows)    -- sends them; returns them with what the database would have filled in: keys, defaults
-- The keys of all n rows are reserved at the first load, in one go. What only the database can make up (dbgenerated,
-- a sequence that is not the column's own) takes the slower way of createManyAndReturn.
local bulk = {}

-- The field that has a sequence; nil: none; false: COPY cannot fill the rows.
local function serial_of(info)
  local serial
  for _, name in ipairs(info.names) do
    local default = info.defaults[name]
    if default and default.name == "dbgenerated" then return false end
    if default and default.name == "autoincrement" then serial = name end
  end
  return serial
end

local function reserve(model, rows, serial, n)
  for _, row in ipairs(rows) do
    if row[serial] == nil then
      local ids = model:reserveIds(n)
      return #ids == n and ids or nil
    end
  end
  return {}
end

local function fill(rows, serial, ids, at, constants)
  for i, row in ipairs(rows) do
    if serial and row[serial] == nil then row[serial] = ids[at + i] end
    for name, value in pairs(constants) do
      if row[name] == nil then row[name] = value end
    end
  end
end

function bulk.loader(model, info, n)
  local serial, ids, at = serial_of(info), nil, 0
  return function(rows)
    if serial and (not ids or #ids == 0) then ids = reserve(model, rows, serial, n) end
    if serial == false or (serial and not ids) then
      serial = false
      return model:createManyAndReturn { data = rows }
    end
    fill(rows, serial, ids, at, info.constants)
    at = at + #rows
    model:copyIn(rows)
    return rows
  end
end

return bulk
