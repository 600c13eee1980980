-- To which rows the foreign keys of a new row lead.
--   local parents = require("lorm.seed.auto.parents").of(model, pools, picked)
--   parents.choose(c, row)         -- false: there is nobody to whom they could; another try may do
--   parents.over()                 -- there are no more combinations that a unique allows
--   parents.tries                  -- how often to try for one row, at least
-- Where a unique is made of foreign keys, enums and booleans alone, its combinations are gone through one by one, in an
-- order that looks random; the others are drawn. picked[ref][i] is the parent that row i must have.
local lorm = require "lorm"
local values = require "lorm.seed.auto.values"

local parents = {}

local ABSENT <const> = 0.2 -- of the optional ones
local MOST <const> = 1 << 50 -- combinations that are counted

-- ---- uniques of which every part has few values ----

local function covers(ref, left)
  local n = 0
  for _, name in ipairs(ref.from) do n = n + (left[name] and 1 or 0) end
  return n
end

-- The ref that decides most of what is left.
local function widest(model, left)
  local best, most = nil, 0
  for _, ref in ipairs(model.refs) do
    local n = covers(ref, left)
    if n > most then best, most = ref, n end
  end
  return best
end

-- What decides the fields of a unique, each with its number of choices; nil when one has any number.
local function wheels(model, unique, pools)
  local left, found = {}, {}
  for _, name in ipairs(unique.fields) do left[name] = true end
  local ref = widest(model, left)
  while ref do
    if ref.late or ref.model == model.name then return nil end
    found[#found + 1] = { ref = ref, n = pools[ref.model].n }
    for _, name in ipairs(ref.from) do left[name] = nil end
    ref = widest(model, left)
  end
  for _, name in ipairs(unique.fields) do
    local field = model.byName[name]
    if left[name] and (field.kind ~= "enum" or field.list) and field.type ~= "Boolean" then return nil end
    if left[name] then
      found[#found + 1] = { field = field, values = field.values or { false, true }, n = values.limit(field) }
    end
  end
  return found
end

local function gcd(a, b)
  while b ~= 0 do a, b = b, a % b end
  return a
end

-- How many rows its combinations allow; nil when they are not counted.
local function capacity(found, picked)
  local n, optional = 1, false
  for _, wheel in ipairs(found) do
    if wheel.ref and picked[wheel.ref] then return nil end
    n = math.min(n * wheel.n, MOST)
    optional = optional or wheel.ref and wheel.ref.optional
  end
  return n < MOST and n or nil, optional
end

-- The uniques whose combinations are gone through: those that allow the fewest rows first, no two with a part in common.
local function tightest(model, pools, picked)
  local all, chosen, used = {}, {}, {}
  for i, unique in ipairs(model.uniques) do
    local found = wheels(model, unique, pools)
    local n, optional = nil, nil
    if found then n, optional = capacity(found, picked) end
    if n then all[#all + 1] = { wheels = found, n = n, i = i, optional = optional } end
  end
  table.sort(all, function(a, b)
    if a.n ~= b.n then return a.n < b.n end
    return a.i < b.i
  end)
  for _, one in ipairs(all) do
    local free = true
    for _, wheel in ipairs(one.wheels) do
      for _, name in ipairs(wheel.ref and wheel.ref.from or { wheel.field.name }) do free = free and not used[name] end
    end
    for _, wheel in ipairs(free and one.wheels or {}) do
      for _, name in ipairs(wheel.ref and wheel.ref.from or { wheel.field.name }) do used[name] = true end
    end
    if free then chosen[#chosen + 1] = one end
  end
  return chosen
end

-- ---- one ref ----

local function take(row, ref, parent)
  for i, name in ipairs(ref.from) do row[name] = parent[ref.to[i]] end
end

-- The columns that another ref has decided, and what they must be.
local function decided(row, ref)
  local names, wanted = {}, {}
  for i, name in ipairs(ref.from) do
    if row[name] ~= nil and row[name] ~= lorm.null then names[#names + 1], wanted[#wanted + 1] = ref.to[i], row[name] end
  end
  return names, wanted
end

local function leave(model, row, ref)
  local left = false
  for _, name in ipairs(ref.from) do
    if row[name] == nil and not model.byName[name].required then row[name], left = lorm.null, true end
  end
  for _, name in ipairs(ref.from) do
    if row[name] == nil then return false end
  end
  return left or not ref.optional
end

-- Those who may be the parent.
local function candidates(pools, row, ref)
  local pool = pools[ref.model]
  local names, wanted = decided(row, ref)
  if #names == 0 then return pool.rows, pool.n end
  local found = pool:where(names, wanted)
  return found, #found
end

local function draw(model, pools, c, row, ref)
  if ref.late or ref.optional and c.stream:chance(ABSENT) then
    if leave(model, row, ref) then return true end
  end
  local found, n = candidates(pools, row, ref)
  if n > 0 then
    take(row, ref, found[ref.unique and ref.model == model.name and n or c.stream:int(1, n)])
    return true
  end
  if leave(model, row, ref) then return true end
  if ref.model ~= model.name then return false end
  take(row, ref, row) -- the first of its kind is its own parent
  return true
end

-- Widest first: what it decides binds the others.
local function byWidth(model)
  local refs = table.move(model.refs, 1, #model.refs, 1, {})
  table.sort(refs, function(a, b)
    if #a.from ~= #b.from then return #a.from > #b.from end
    return a.name < b.name
  end)
  for _, ref in ipairs(refs) do
    for _, unique in ipairs(model.uniques) do
      if table.concat(unique.fields, "\0") == table.concat(ref.from, "\0") then ref.unique = true end
    end
  end
  return refs
end

-- Set the wheels to combination k; false when they contradict each other.
local function turn(row, tight, pools, k)
  local at = (tight.step * k + tight.first) % tight.n
  for _, wheel in ipairs(tight.wheels) do
    local choice = at % wheel.n + 1
    at = at // wheel.n
    if wheel.field then
      row[wheel.field.name] = wheel.values[choice]
    else
      local parent = pools[wheel.ref.model].rows[choice]
      for i, name in ipairs(wheel.ref.from) do
        if row[name] ~= nil and row[name] ~= parent[wheel.ref.to[i]] then return false end
      end
      take(row, wheel.ref, parent)
    end
  end
  return true
end

local function start(tight, stream)
  tight.next = 0
  tight.step = math.max(1, math.floor(tight.n * 0.618))
  while gcd(tight.step, tight.n) ~= 1 do tight.step = tight.step + 1 end
  tight.step = tight.step % math.max(tight.n, 1)
  tight.first = tight.n > 0 and stream:int(0, tight.n - 1) or 0
end

-- The next combination of each; false when one of them has no more, or they contradict each other. used[ref]: decided.
local function turnAll(model, tights, pools, row, used)
  for _, tight in ipairs(tights) do
    local spins = tight.next < tight.n
    if not spins and not tight.optional then return false end
    for _, wheel in ipairs(tight.wheels) do
      if wheel.ref then used[wheel.ref] = spins or wheel.ref.optional and leave(model, row, wheel.ref) end
    end
    if spins then
      tight.next = tight.next + 1
      if not turn(row, tight, pools, tight.next - 1) then return false end
    end
  end
  return true
end

function parents.of(model, pools, picked, stream)
  local tights, refs = tightest(model, pools, picked), byWidth(model)
  local tries = 0
  for _, tight in ipairs(tights) do
    start(tight, stream)
    tries = math.max(tries, tight.n)
  end

  local function choose(c, row)
    local used = {}
    for ref, list in pairs(picked) do
      take(row, ref, list[c.i])
      used[ref] = true
    end
    if not turnAll(model, tights, pools, row, used) then return false end
    for _, ref in ipairs(refs) do
      if not used[ref] and not draw(model, pools, c, row, ref) then return false end
    end
    return true
  end

  local function over()
    for _, tight in ipairs(tights) do
      if tight.next >= tight.n and not tight.optional then return true end
    end
    return false
  end

  return { choose = choose, over = over, tries = tries }
end

parents.candidates, parents.take, parents.gcd = candidates, take, gcd

return parents
