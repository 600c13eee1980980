-- What a client would make up by itself, made up from the seed instead: now() stands still at faker's reference date,
-- uuid() and its kin are drawn from the row's stream. So the same seed gives the same rows, whole.
--   local defaults = require("lorm.seed.defaults").new(faker)
--   defaults.row(model, row)        -- fields that the row does not set
--   defaults.update(model, data)    -- @updatedAt alone
local defaults = {}

local makers = {
  now = function(f) return f.getDefaultRefDate() end,
  uuid = function(f) return f.string.uuid() end,
  nanoid = function(f, args) return f.string.nanoid(args[1]) end,
  ulid = function(f) return f.string.ulid() end,
  cuid = function(f) return "c" .. f.string.alphanumeric { length = 24, casing = "lower" } end,
}

-- The fields that have one of these defaults: { field =, make =, args = }.
local function made_of(model)
  local fields = {}
  for _, field in ipairs(model.names) do
    local default = model.defaults[field]
    local make = default and makers[default.name]
    if make then fields[#fields + 1] = { field = field, make = make, args = default.args or {} } end
  end
  return fields
end

function defaults.new(faker)
  local made = setmetatable({}, { __mode = "k" }) -- model -> its fields that are made
  return {
    row = function(model, row)
      local fields = made[model]
      if not fields then
        fields = made_of(model)
        made[model] = fields
      end
      for _, one in ipairs(fields) do
        if row[one.field] == nil then row[one.field] = one.make(faker, one.args) end
      end
    end,
    update = function(model, data)
      for field, default in pairs(model.defaults) do
        if default.updated and data[field] == nil and next(data) then data[field] = makers.now(faker) end
      end
    end,
  }
end

return defaults
