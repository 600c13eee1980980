-- The schema of a client, as Lua files of lorm's ask it: model by name.
--   local schema = require("lorm.schema").of(db)
--   schema.User.table                "users"
--   schema.User.view                 true: it is a view
--   schema.User.names                { "id", "email", ... }: all fields, in the schema's order
--   schema.User.uniques.email        true: a field that is unique by itself
--   schema.User.together             { { "a", "b" } }: fields that are unique together
--   schema.User.relations.posts      "Post"
--   schema.User.joins                { "_PostToUser" }: tables that stand between, if there are such
--   schema.Post.references           { { model = "User", optional = false } }: whose keys it holds
--   schema.Post.optionalKeys         {}: fields of these keys that may be NULL
--   schema.Post.defaults.createdAt   { name = "now", args = {} }: functions that fill it; updated = true for @updatedAt
--   schema.Post.constants.views      0: values that fill it
local client = require "lorm.client"
local core = require "lorm.core"

local schema = {}

-- A relation whose key is on this side; it binds nobody once one of its columns is NULL.
local function refer(out, field, optional)
  local keys = field.relationFromFields or {}
  if #keys == 0 then return end
  local reference = { model = field.type, optional = false }
  for _, key in ipairs(keys) do
    if optional[key] then
      out.optionalKeys[#out.optionalKeys + 1] = key
      reference.optional = true
    end
  end
  out.references[#out.references + 1] = reference
end

local function describe(model, optional)
  local out = { name = model.name, table = model.dbName or model.name }
  out.names, out.uniques, out.relations, out.references, out.optionalKeys, out.defaults = {}, {}, {}, {}, {}, {}
  out.constants = {}
  out.together, out.joins = { model.primaryKey and model.primaryKey.fields }, {}
  for _, fields in ipairs(model.uniqueFields or {}) do out.together[#out.together + 1] = fields end
  for i, field in ipairs(model.fields) do
    out.names[i] = field.name
    if field.kind == "object" then
      out.relations[field.name] = field.type
      if field.isList then out.joins[#out.joins + 1] = "_" .. field.relationName end
      refer(out, field, optional)
    else
      if field.isUnique or field.isId then out.uniques[field.name] = true end
      if type(field.default) == "table" and field.default.name then out.defaults[field.name] = field.default end
      if field.default ~= nil and type(field.default) ~= "table" then out.constants[field.name] = field.default end
      if field.isUpdatedAt then out.defaults[field.name] = { name = "now", updated = true } end
    end
  end
  return out
end

function schema.of(db)
  local found = {}
  local _, views = core.models(client.handle(db))
  for _, model in ipairs(db:schema().models) do
    local optional = {}
    for _, field in ipairs(model.fields) do optional[field.name] = not field.isRequired end
    found[model.name] = describe(model, optional)
    found[model.name].view = views[model.name]
  end
  return found
end

return schema
