-- Which models' rows a call may change: its own, those of nested writes, those that the database's cascades reach; and
-- those that a read depends on.
--   local touched = require("lorm.touched").of(db)
--   touched.writes("User", "create", { data = { posts = { create = { ... } } } })    { "Post", "User" }
--   touched.writes("User", "findMany", ...)                                          {}
--   touched.writes(nil, "executeRaw")                                                nil: nobody knows
--   touched.reads("User", { include = { posts = true } }, scopes)                    { "Post", "User" }
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

-- ---- reads ----

-- Each name of a relation, wherever it stands, by itself or in a list of names.
local function mentioned(models, model, value, found)
  local relations = models[model].relations
  for name, part in next, value do
    local target = relations[name] or (type(name) == "number" and type(part) == "string" and relations[part])
    if target then found[target] = true end
    if type(part) == "table" then mentioned(models, target or model, part, found) end
  end
end

-- What scopes ask of the models found so far may lead to more of them.
local function add_scopes(models, scopes, found)
  local done, more = {}, true
  while more do
    more = false
    local names = {}
    for name in pairs(found) do names[#names + 1] = name end
    for _, name in ipairs(names) do
      if not done[name] then
        done[name], more = true, true
        for _, where in ipairs(scopes:wheres(name)) do mentioned(models, name, where, found) end
      end
    end
  end
end

-- ---- both ----

local parts = { "data", "create", "update" }

local function sorted(found)
  local names = {}
  for name in pairs(found) do names[#names + 1] = name end
  table.sort(names)
  return names
end

function touched.of(db)
  local models, actions = read(db), core.actions()
  local made = {}

  function made.writes(model, action, args)
    if not model then return nil end
    if not models[model] or (actions[action] ~= "write" and action ~= "copyIn") then return {} end
    local found = { [model] = true }
    if action:sub(1, 6) == "delete" then deleted(models, model, found) end
    for _, part in ipairs(parts) do
      if args and type(args[part]) == "table" then visit(models, model, args[part], found) end
    end
    return sorted(found)
  end

  function made.reads(model, args, scopes)
    if not models[model] then return {} end
    local found = { [model] = true }
    if type(args) == "table" then mentioned(models, model, args, found) end
    if scopes then add_scopes(models, scopes, found) end
    return sorted(found)
  end

  return made
end

return touched
