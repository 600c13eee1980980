-- Check what is written against schemas of lorm.validate, before any SQL; it is written as the schema returns it.
--   local v = require "lorm.validate"
--   middleware = { { "validate", models = { User = v.object { email = v.string():email() } } } }
-- `data` of create, createMany, createManyAndReturn and upsert's `create` must be whole. Updates are checked for what
-- they set; operations such as { increment = 1 } and fields that the schema does not name pass as they are. Rows in
-- nested writes are not seen.
local nearest = require "lorm.nearest"

local validate = {}

local function check(db, options)
  local models = options.models
  if type(models) ~= "table" then error("validate: models = { Model = schema } is missing", 0) end
  local names = {}
  for name in pairs(db.models) do names[#names + 1] = name end
  for name, schema in pairs(models) do
    local known = false
    for _, model in ipairs(names) do known = known or model == name end
    if not known then error(("validate: there is no model `%s`.%s"):format(name, nearest.hint(name, names)), 0) end
    if not require("lorm.validate").is(schema) then error(("validate: %s is no schema"):format(name), 0) end
  end
end

-- What the schema does not name may be a relation: it is kept, unless the schema is strict.
local function creating(schema, data)
  if schema.policy ~= "strict" then schema = schema:passthrough() end
  if type(data) ~= "table" or data[1] == nil then return schema:parse(data) end
  return require("lorm.validate").array(schema):parse(data) -- the issues of all rows
end

local function updating(schema, data)
  local plain, out = {}, {}
  for name, value in pairs(data) do
    if schema.shape[name] and type(value) ~= "table" then plain[name] = value else out[name] = value end
  end
  for name, value in pairs(schema:partial():parse(plain)) do out[name] = value end
  return out
end

-- action -> which argument is checked how
local actions = {
  create = { data = creating }, createMany = { data = creating }, createManyAndReturn = { data = creating },
  update = { data = updating }, updateMany = { data = updating }, updateManyAndReturn = { data = updating },
  upsert = { create = creating, update = updating },
}

function validate.setup(db, options)
  check(db, options)
  return function(params, next)
    local schema, parts = options.models[params.model], actions[params.action]
    if not schema or not parts then return next(params) end
    local args = {}
    for name, value in pairs(params.args) do args[name] = value end
    for name, read in pairs(parts) do
      if args[name] ~= nil then args[name] = read(schema, args[name]) end
    end
    params.args = args
    return next(params)
  end
end

return validate
