-- Rows of seed.rows, by COPY.
--   local made = bulk.send(db.User, schema.User, n, make, settled)    -- make(i) gives row i, all that a client fills in it
-- They go out while more are made; what make calls meanwhile in the same transaction finds those before it. Returned are
-- the rows with what the database would have filled in, too: keys, of which n are reserved in one go. What only the
-- database can make up (dbgenerated, a sequence that is not the column's own) takes the slower way of
-- createManyAndReturn, which `settled(row)` is told of: nothing is to be filled in such a row again.
local bulk = {}

local BATCH <const> = 10000

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

local function slowly(model, n, make, settled)
  local made = {}
  for from = 1, n, BATCH do
    local batch = {}
    for i = from, math.min(n, from + BATCH - 1) do
      batch[#batch + 1] = make(i)
      settled(batch[#batch])
    end
    table.move(model:createManyAndReturn { data = batch }, 1, #batch, #made + 1, made)
  end
  return made
end

local function quickly(model, n, make)
  local made = {}
  model:copyIn(function(i)
    if i > n then return nil end
    local row = make(i)
    made[i] = row
    return row
  end)
  return made
end

-- make, and then a key for who has none; where there is no sequence of the column's own to take it from, none still.
local function numbered(model, serial, n, make)
  local ids
  return function(i)
    local row = make(i)
    if row[serial] == nil then
      ids = ids or model:reserveIds(n)
      row[serial] = ids[i]
    end
    return row
  end
end

function bulk.send(model, info, n, make, settled)
  local serial = serial_of(info)
  if n == 0 then return {} end
  if serial == false then return slowly(model, n, make, settled) end
  if not serial then return quickly(model, n, make) end
  local whole = numbered(model, serial, n, make)
  local first = whole(1)
  local function again(fn)
    return function(i)
      if i > 1 then return fn(i) end
      return first
    end
  end
  if first[serial] == nil then return slowly(model, n, again(make), settled) end
  return quickly(model, n, again(whole))
end

return bulk
