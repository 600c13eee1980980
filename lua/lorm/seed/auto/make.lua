-- The rows of one model.
--   local maker = make.new(ctx, model, picked)
--   local row = maker:draft(i)         -- all but the foreign keys
--   if maker:finish(row, i) then ... end   -- these too; false when no row is possible that breaks no unique
-- ctx = { c, seed, offset, pools, overrides, stream, reserved }: c is lorm.seed.auto.row's; offset rows were there before.
local keys = require "lorm.seed.auto.keys"
local parents = require "lorm.seed.auto.parents"
local values = require "lorm.seed.auto.values"

local make = {}

local Maker = {}
Maker.__index = Maker

local TRIES <const>, MANY <const> = 60, 20000

-- A function of the caller's, or a list to choose from, or one value.
local function given(override)
  if type(override) == "function" then
    return function(c) return override(c.f, c.i) end
  end
  if type(override) == "table" and override[1] ~= nil then
    return function(c) return c.stream:pick(override) end
  end
  return function() return override end
end

-- The database fills in a text of its own, always the same.
local function constant(field)
  return field.call and field.call.name == "dbgenerated" and (field.call.args[1] or ""):find "^%s*'" ~= nil
end

-- Which fields are drawn, in the schema's order, and how.
local function drawn(model, overrides)
  local list = {}
  for _, field in ipairs(model.fields) do
    local override = overrides[field.name]
    if override ~= nil then
      list[#list + 1] = { name = field.name, draw = given(override) }
    elseif not field.key and not field.sequence then
      local draw = not constant(field) and values.of(field, model)
      if draw then list[#list + 1] = { name = field.name, draw = draw } end
    end
  end
  return list
end

-- The field of a unique that can always be another: the one with the most values.
local function loose(model, unique)
  local best, most = nil, 2
  for _, name in ipairs(unique.fields) do
    local field = model.byName[name]
    if field.sequence then return nil, true end
    local limit = not field.key and values.limit(field) or 0
    local change = limit > most and values.distinct(field)
    if change then best, most = { name = name, change = change, draw = values.of(field, model), n = 0, limit = limit }, limit end
  end
  return best
end

local function watched(model)
  local list = {}
  for _, unique in ipairs(model.uniques) do
    local field, always = loose(model, unique)
    list[#list + 1] = { taken = keys.taken(unique.fields, model.byName), loose = field, sure = always, fields = unique.fields }
  end
  return list
end

function make.new(ctx, model, picked)
  local maker = setmetatable({ ctx = ctx, model = model, c = ctx.c }, Maker)
  maker.fields = drawn(model, ctx.overrides)
  maker.uniques = watched(model)
  maker.picked = picked
  maker.sequences = {}
  for _, field in ipairs(model.fields) do
    if field.sequence and not field.key and ctx.overrides[field.name] == nil then
      maker.sequences[#maker.sequences + 1] = field.name
    end
  end
  return maker
end

-- What is in the table already.
function Maker:know(row)
  for _, unique in ipairs(self.uniques) do unique.taken:add(row) end
end

function Maker:draft(i)
  local c, row = self.c, {}
  c:begin(self.ctx.seed, self.model.name, i + self.ctx.offset)
  c.i = i
  for _, name in ipairs(self.sequences) do row[name] = self.ctx.reserved[name][i] end
  for _, field in ipairs(self.fields) do row[field.name] = field.draw(c) end
  return row
end

-- Another value for a field that would come twice: drawn a few times, then counted.
local function another(c, unique, row)
  local field = unique.loose
  for _ = 1, 3 do
    row[field.name] = field.draw(c)
    if not unique.taken:has(row) then return true end
  end
  local was = row[field.name]
  while field.n < field.limit do
    row[field.name] = field.change(c, field.n, was)
    field.n = field.n + 1
    if not unique.taken:has(row) then return true end
  end
  return false
end

local function distinct(self, row)
  for _, unique in ipairs(self.uniques) do
    if not unique.sure and unique.taken:has(row) and not (unique.loose and another(self.c, unique, row)) then return false end
  end
  return true
end

function Maker:finish(row, i)
  if self.c.i ~= i then -- others were drafted in between
    self.c:begin(self.ctx.seed, self.model.name .. " keys", i + self.ctx.offset)
    self.c.i = i
  end
  self.parents = self.parents or parents.of(self.model, self.ctx.pools, self.picked, self.ctx.stream)
  local plain = {}
  for name, value in pairs(row) do plain[name] = value end
  for _ = 1, math.max(TRIES, math.min(self.parents.tries, MANY)) do
    if self.parents.choose(self.c, row) and distinct(self, row) then
      self:know(row)
      return true
    end
    for name in pairs(row) do row[name] = plain[name] end
    if self.parents.over() then return false end
  end
  return false
end

return make
