-- The schema, by name, for those who look things up in it many times: completion, .models, .reload.
--   catalog.project() -> catalog, or nil and why not      catalog.of(db) -> the catalog of a client's schema
--   catalog.models.Post = { name =, fields = { list }, byName = { title = field }, uniques = { "a_b" } }
--   catalog.enums.Role = { "USER", ... }      catalog.names = { models in their order }      catalog.blocks[name] = text
-- A field is DMMF's: name, type, kind ("scalar", "object", "enum"), isList, isRequired, dbName.
local client = require "lorm.client"
local core = require "lorm.core"

local catalog = {}

local function add_model(made, model)
  local about = { name = model.name, table = model.dbName or model.name, fields = model.fields, byName = {}, keys = {} }
  for _, field in ipairs(model.fields) do
    about.byName[field.name] = field
    if field.isId or field.isUnique then about.keys[#about.keys + 1] = field.name end
  end
  about.compound = {}
  local function compound(names, name)
    if #names > 1 then about.compound[name or table.concat(names, "_")] = names end
  end
  if model.primaryKey then compound(model.primaryKey.fields, model.primaryKey.name) end
  for _, unique in ipairs(model.uniqueIndexes or {}) do compound(unique.fields, unique.name) end
  made.models[model.name] = about
  made.names[#made.names + 1] = model.name
end

local function index(dmmf, blocks)
  local made = { models = {}, enums = {}, names = {}, enumNames = {}, indexes = dmmf.indexes or {}, blocks = blocks }
  for _, model in ipairs(dmmf.models or {}) do add_model(made, model) end
  for _, enum in ipairs(dmmf.enums or {}) do
    local values = {}
    for i, value in ipairs(enum.values) do values[i] = value.name end
    made.enums[enum.name] = values
    made.enumNames[#made.enumNames + 1] = enum.name
  end
  return made
end

local project, why

function catalog.project()
  if not project then
    local read
    read, why = core.readSchema()
    project = read and index(core.json.decode(read.model), read.blocks)
  end
  return project, why
end

-- The schema's files have changed.
function catalog.forget() project = nil end

local known = setmetatable({}, { __mode = "k" }) -- handle of a client -> its catalog

-- Of a session that is open, its own schema; of the prompt's own db (catalog.main), and of none, the project's.
function catalog.of(session)
  local state = session and client.state(session)
  local root = state and state.root
  if not root or not root.handle or session == catalog.main then return catalog.project() end
  local handle = root.base or root.handle
  if not known[handle] then known[handle] = index(core.json.decode(core.dmmf(root.handle))) end
  return known[handle]
end

return catalog
