-- Which models' rows a call may change: its own, those of nested writes, those that the database's cascades reach.
--   local touched = require("lorm.touched").of(db)
--   touched("User", "create", { data = { posts = { create = { ... } } } })    { "Post", "User" }
--   touched("User", "findMany", ...)                                          {}
--   touched(nil, "executeRaw")                                                nil: nobody knows
-- Rather one too many than one too few: it goes by names in the arguments, and by the schema.
local core = require "lorm.core"

local touched = {}

local keeps = { Restrict = true, NoAction = true } -- what a referential action leaves as it is

-- model -> { relations = { field = model }, children = { { model =, keys = { field = true }, onDelete =, onUpdate = } } }
local function read(db)
  local models = {}
  local list = db:schema().models
  for _, model in ipairs(list) do models[model.name] = { relations = {}, children = {} } end
  for _, model in ipairs(list) do
    for _, field in ipairs(model.fields) do
      if field.kind == "object" and models[field.type] then
        models[model.name].relations[field.name] = field.type
        local keys = {}
        for _, key in ipairs(field.relationToFields or {}) do keys[key] = true end
        if next(keys) then
          table.insert(models[field.type].children, {
            model = model.name, keys = keys, onDelete = field.relationOnDelete or (field.isRequired and "Restrict" or "SetNull"),
            onUpdate = field.relationOnUpdate or "Cascade",
          })
        end
      end
    end
  end
  return models
end

-- Rows of `model` are deleted: those that refer to them go, too, or let go.
local function deleted(models, model, found)
  found[model] = true
  for _, child in ipairs(models[model].children) do
    if not keeps[child.onDelete] and not found[child.model] then deleted(models, child.model, found) end
  end
end

-- Row data of `model`, or what holds some: lists, { where =, data = }, { create =, update = }.
local visit

local function nested(models, model, operations, found)
  found[model] = true
  for name, value in next, operations do
    if name == "delete" or name == "deleteMany" then deleted(models, model, found) end
    if type(value) == "table" and name ~= "connect" then visit(models, model, value, found) end
  end
end

function visit(models, model, value, found)
  local about = models[model]
  for name, part in next, value do
    if about.relations[name] then
      found[about.relations[name]] = true
      if type(part) == "table" then nested(models, about.relations[name], part, found) end
    elseif type(part) == "table" and name ~= "where" then
      visit(models, model, part, found)
    end
    for _, child in ipairs(about.children) do
      if child.keys[name] and not keeps[child.onUpdate] then found[child.model] = true end
    end
  end
end

local parts = { "data", "create", "update" }

function touched.of(db)
  local models, actions = read(db), core.actions()
  return function(model, action, args)
    if not model then return nil end
    if not models[model] or actions[action] ~= "write" then return {} end
    local found, names = { [model] = true }, {}
    if action:sub(1, 6) == "delete" then deleted(models, model, found) end
    for _, part in ipairs(parts) do
      if args and type(args[part]) == "table" then visit(models, model, args[part], found) end
    end
    for name in pairs(found) do names[#names + 1] = name end
    table.sort(names)
    return names
  end
end

return touched
