-- What a client would make up by itself, made up from the seed instead: now() stands still at faker's reference date,
-- uuid() and its kin are drawn from the row's stream. So the same seed gives the same rows, whole.
--   local defaults = require("lorm.seed.defaults").new(faker)
--   defaults.row(model, row)        -- fields that the row does not set
--   defaults.update(model, data)    -- @updatedAt alone
--   defaults.times(model)           -- the fields that are now()
--   defaults.draw(model, row)       -- as defaults.row, but for these
local defaults = {}

local function now(f) return f.getDefaultRefDate() end

local makers = {
  now = now,
  uuid = function(f) return f.string.uuid() end,
  nanoid = function(f, args) return f.string.nanoid(args[1]) end,
  ulid = function(f) return f.string.ulid() end,
  cuid = function(f) return "c" .. f.string.alphanumeric { length = 24, casing = "lower" } end,
}

-- The fields that have one of these defaults: { field =, make =, args = }; those that are drawn; those that are times.
local function made_of(model)
  local made = { all = {}, drawn = {}, times = {} }
  for _, field in ipairs(model.names) do
    local default = model.defaults[field]
    local make = default and makers[default.name]
    if make then
      local one = { field = field, make = make, args = default.args or {} }
      table.insert(made.all, one)
      table.insert(make == now and made.times or made.drawn, make == now and field or one)
    end
  end
  return made
end

function defaults.new(faker)
  local known = setmetatable({}, { __mode = "k" }) -- model -> its fields that are made
  local function of(model)
    local made = known[model]
    if not made then
      made = made_of(model)
      known[model] = made
    end
    return made
  end
  local function fill(fields, row)
    for i = 1, #fields do
      local one = fields[i]
      if row[one.field] == nil then row[one.field] = one.make(faker, one.args) end
    end
  end
  return {
    row = function(model, row) fill(of(model).all, row) end,
    draw = function(model, row) fill(of(model).drawn, row) end,
    times = function(model) return of(model).times end,
    update = function(model, data)
      for field, default in pairs(model.defaults) do
        if default.updated and data[field] == nil and next(data) then data[field] = now(faker) end
      end
    end,
  }
end

return defaults
