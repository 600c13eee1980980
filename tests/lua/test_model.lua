-- Random filters, orders and pages, against a plain evaluator in Lua that knows SQL's third truth value.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local random = require "lorm.random"
local support = require "support"

local db = support.database "store"
local Customer = db.Customer

local TIERS <const> = { "BASIC", "SILVER", "GOLD" }
local WORDS <const> = { "ada", "Ada", "bob", "a%b", "a_b", "", "xA", "zz", "BOB" }
local ROUNDS <const> = 300

local rows -- what is in the table, by id

local function fill()
  local r, data = random.new "rows", {}
  local function sometimes(value) return r:chance(0.7) and value or nil end
  for i = 1, 60 do
    data[i] = {
      id = i, email = i .. "@x.org", tier = r:pick(TIERS), visits = r:int(0, 6), active = r:chance(0.5),
      rating = sometimes(r:int(0, 8) / 2), big = sometimes(r:int(-3, 3)), token = nil,
    }
    local name = sometimes(r:pick(WORDS))
    if name then data[i].name = name .. i % 7 end
  end
  for i = #data, 1, -1 do -- name and tier are unique together
    for k = 1, i - 1 do
      if data[i].name and data[k].name == data[i].name and data[k].tier == data[i].tier then data[i].name = nil end
    end
  end
  Customer:createMany { data = data }
  rows = data
end

-- ---- three-valued logic: true, false, nil -----------------------------------------------------------------------------

local function negate(x)
  if x == nil then return nil end
  return not x
end

local function all(values, n)
  local result = true
  for i = 1, n do
    if values[i] == false then return false end
    if values[i] == nil then result = nil end
  end
  return result
end

local function any(values, n)
  local result = false
  for i = 1, n do
    if values[i] == true then return true end
    if values[i] == nil then result = nil end
  end
  return result
end

local comparisons = {
  equals = function(a, b) return a == b end,
  lt = function(a, b) return a < b end,
  lte = function(a, b) return a <= b end,
  gt = function(a, b) return a > b end,
  gte = function(a, b) return a >= b end,
  contains = function(a, b) return a:find(b, 1, true) ~= nil end,
  startsWith = function(a, b) return a:sub(1, #b) == b end,
  endsWith = function(a, b) return b == "" or a:sub(-#b) == b end,
}

local function among(value, list)
  for _, one in ipairs(list) do
    if one == value then return true end
  end
  return false
end

local conditions -- of a field's filter: their results, and how many

local function operator(op, value, wanted, insensitive)
  if op == "not" then
    if wanted == lorm.null then return value ~= nil end
    if type(wanted) == "table" then -- none of them holds
      local results, n = conditions(value, wanted, insensitive)
      for i = 1, n do results[i] = negate(results[i]) end
      return all(results, n)
    end
    return negate(operator("equals", value, wanted, insensitive))
  end
  if op == "equals" and wanted == lorm.null then return value == nil end
  if op == "in" and #wanted == 0 then return false end
  if op == "notIn" and #wanted == 0 then return true end
  if value == nil then return nil end
  if insensitive and type(value) == "string" then value = value:lower() end
  local function folded(v) return insensitive and type(v) == "string" and v:lower() or v end
  if op == "in" or op == "notIn" then
    local list = {}
    for i, one in ipairs(wanted) do list[i] = folded(one) end
    return among(value, list) == (op == "in")
  end
  return comparisons[op](value, folded(wanted))
end

function conditions(value, filter, insensitive)
  insensitive = insensitive or filter.mode == "insensitive"
  local results, n = {}, 0
  for op, wanted in pairs(filter) do
    if op ~= "mode" then
      n = n + 1
      results[n] = operator(op:gsub("_$", ""), value, wanted, insensitive)
    end
  end
  return results, n
end

local function evaluate_field(value, filter)
  if type(filter) ~= "table" then return operator("equals", value, filter) end
  return all(conditions(value, filter))
end

local function evaluate(row, where)
  local results, n = {}, 0
  local function add(result)
    n = n + 1
    results[n] = result
  end
  for key, filter in pairs(where) do
    if key == "AND" or key == "OR" or key == "NOT" then
      local parts = {}
      for i, part in ipairs(filter) do
        parts[i] = evaluate(row, part)
        if key == "NOT" then parts[i] = negate(parts[i]) end
      end
      add((key == "OR" and any or all)(parts, #filter))
    else
      add(evaluate_field(row[key], filter))
    end
  end
  return all(results, n)
end

-- ---- random calls -----------------------------------------------------------------------------------------------------

local values = {
  visits = function(r) return r:int(0, 6) end,
  rating = function(r) return r:int(0, 8) / 2 end,
  big = function(r) return r:int(-3, 3) end,
  name = function(r) return r:pick(WORDS) .. (r:chance(0.5) and r:int(0, 6) or "") end,
  tier = function(r) return r:pick(TIERS) end,
  active = function(r) return r:chance(0.5) end,
}
local fields <const> = { "visits", "rating", "big", "name", "tier", "active" }
local ordered <const> = { "lt", "lte", "gt", "gte" }
local textual <const> = { "contains", "startsWith", "endsWith" }
local nullable <const> = { rating = true, big = true, name = true }

local function list(r, value)
  local out = {}
  for i = 1, r:int(0, 4) do out[i] = value(r) end
  return out
end

local function random_operators(r, field)
  local value, out = values[field], {}
  for _ = 1, r:int(1, 2) do
    local kind = r:int(1, 6)
    if kind == 1 then out.equals = value(r) end
    if kind == 2 then out[r:pick { "not", "not_" }] = nullable[field] and r:chance(0.3) and lorm.null or value(r) end
    if kind == 3 and field ~= "active" then out[r:pick { "in", "in_" }] = list(r, value) end
    if kind == 4 and field ~= "active" then out.notIn = list(r, value) end
    if kind == 5 and (field == "visits" or field == "rating" or field == "big") then out[r:pick(ordered)] = value(r) end
    if kind == 6 and field == "name" then
      out[r:pick(textual)] = value(r)
      if r:chance(0.5) then out.mode = "insensitive" end
    end
  end
  if out["not"] ~= nil then out.not_ = nil end -- one operator, two spellings
  if out["in"] ~= nil then out.in_ = nil end
  if next(out) == nil then out.equals = value(r) end
  if r:chance(0.15) and field ~= "active" then return { not_ = out } end
  return out
end

-- Empty conditions are not random: what they mean is in test_filter.lua.
local function random_where(r, depth)
  local where = {}
  for _ = 1, r:int(1, 2) do
    local field = r:pick(fields)
    where[field] = r:chance(0.3) and values[field](r) or nullable[field] and r:chance(0.2) and lorm.null
      or random_operators(r, field)
  end
  if depth > 0 and r:chance(0.7) then
    local parts = {}
    for i = 1, r:int(1, 3) do parts[i] = random_where(r, depth - 1) end
    where[r:pick { "AND", "OR", "NOT" }] = parts
  end
  return where
end

-- Rows that hold under `where`, in the order of `keys` (a list of { field, descending }).
local function expected(where, keys)
  local out = {}
  for _, row in ipairs(rows) do
    if evaluate(row, where) == true then out[#out + 1] = row end
  end
  local function rank(value) return type(value) == "boolean" and (value and 1 or 0) or value end
  table.sort(out, function(a, b)
    for _, key in ipairs(keys) do
      local x, y = rank(a[key[1]]), rank(b[key[1]])
      if x ~= y then
        if x == nil or y == nil then return (x == nil) == key[2] end -- NULL is the greatest
        if key[2] then x, y = y, x end
        return x < y
      end
    end
    return a.id < b.id
  end)
  return support.column(out, "id")
end

local function random_order(r)
  local keys, orderBy = {}, {}
  for i = 1, r:int(0, 2) do
    local descending = r:chance(0.5)
    keys[i] = { r:pick { "visits", "rating", "big", "active" }, descending }
    orderBy[i] = { [keys[i][1]] = descending and "desc" or "asc" }
  end
  orderBy[#orderBy + 1] = { id = "asc" }
  return keys, orderBy
end

local function ids(args) return support.column(Customer:findMany(args), "id") end

TestModel = support.suite(db, fill)

function TestModel.testFilters()
  for round = 1, ROUNDS do
    local r = random.new("filter", round)
    local where = random_where(r, 2)
    local keys, orderBy = random_order(r)
    local want, case = expected(where, keys), ("round %d: %s"):format(round, lu.prettystr { where, orderBy })
    lu.assertEquals(ids { where = where, orderBy = orderBy, select = { "id" } }, want, case)
    lu.assertEquals(Customer:count { where = where }, #want, case)
    lu.assertEquals(Customer:exists { where = where }, #want > 0, case)
  end
end

function TestModel.testPages()
  for round = 1, ROUNDS do
    local r = random.new("page", round)
    local keys, orderBy = random_order(r)
    local where = r:chance(0.5) and { visits = { lt = r:int(1, 6) } } or {}
    local full, want = expected(where, keys), {}
    local take, skip = r:int(-6, 6), r:int(0, 4)
    local cursor = #full > 0 and r:chance(0.5) and r:int(1, #full) or nil
    local first, last = cursor or 1, #full
    if take < 0 then first, last = 1, cursor or #full end
    if take >= 0 then
      for i = first + skip, math.min(last, first + skip + take - 1) do want[#want + 1] = full[i] end
    else
      for i = math.max(first, last - skip + take + 1), last - skip do want[#want + 1] = full[i] end
    end
    local args = { where = where, orderBy = orderBy, take = take, skip = skip, select = { "id" } }
    if cursor then args.cursor = { id = full[cursor] } end
    lu.assertEquals(ids(args), want, ("round %d: %s"):format(round, lu.prettystr(args)))
  end
end

function TestModel.testMassWrites()
  for round = 1, 60 do
    local r = random.new("write", round)
    local where = random_where(r, 1)
    local want = #expected(where, {})
    local changed = Customer:updateMany { where = where, all = true, data = { seenAt = lorm.now() } }
    lu.assertEquals(changed.count, want, ("round %d: %s"):format(round, lu.prettystr(where)))
    lu.assertEquals(Customer:updateMany { where = { seenAt = { not_ = lorm.null } }, data = { seenAt = lorm.null } }.count, want)
  end
end

support.run(db)
