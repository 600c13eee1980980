-- What db.User is: a table of actions, each made when it is first used. Without hooks an action is the C function
-- itself.
--   db.User:findMany { ... }     db.User.fields.name     tostring(db.User) == "db.User"
local core = require "lorm.core"

local model = {}

local actions = core.actions()
local about = setmetatable({}, { __mode = "k" }) -- model table -> { state =, name =, info = }

local function raise(message, hint)
  core.throw { name = "UsageError", message = message, hint = hint }
end

local function names_of(...)
  local names = {}
  for _, t in ipairs { ... } do
    for name in pairs(t) do
      if type(name) == "string" then names[#names + 1] = name end
    end
  end
  table.sort(names)
  return names
end

-- Methods that are made of other actions.
local composed = {}

-- for user in db.User:stream { where = ..., batchSize = 1000 } do ... end
function composed.stream(self, args) return require "lorm.stream".open(about[self], self, args) end

-- db.User:copyIn(rows, { columns = ... })     for user in db.User:copyOut { where = ... } do ... end
function composed.copyIn(self, rows, options) return require "lorm.copy".into(about[self], rows, options) end
function composed.copyOut(self, args) return require "lorm.copy".out(about[self], args) end

-- { 17, 18, 19 }: ids from the model's sequence, for rows that are to be written with them.
function composed.reserveIds(self, n)
  local me = about[self]
  local rows, ids = me.state.action(me.name, "reserveIds")(self, { count = n }), {}
  for i, row in ipairs(rows) do ids[i] = row.id end
  return ids
end

-- print(db.User:explain { where = ..., action = "findMany", analyze = false }): see lorm.explain.
function composed.explain(self, args)
  local me = about[self]
  return require "lorm.explain".call(me.state, self, me.name, args)
end

-- db.Post:unscoped():findMany { ... }: every post exists; other models have their scopes still.
function composed.unscoped(self)
  local me = about[self]
  if not me.state.scopes then return self end
  return require "lorm.client".scoped_model(me.state, me.name, me.state.scopes:without(me.name))
end

-- db.Post:scoped(extension, where): with another scope than the one that the extension of that name has brought.
function composed.scoped(self, extension, where)
  local me = about[self]
  if not me.state.scopes then raise(("db.%s has no scopes."):format(me.name)) end
  return require "lorm.client".scoped_model(me.state, me.name, me.state.scopes:with(me.name, extension, where))
end

local function fields_of(me)
  return setmetatable({}, {
    __index = function(_, name)
      local field = me.info.fields[name]
      if field then return field end
      local near = core.nearest(tostring(name), names_of(me.info.fields))
      raise(("%s has no field %s.%s"):format(me.name, tostring(name), near and (' Did you mean "%s"?'):format(near) or ""))
    end,
    __pairs = function() return pairs(me.info.fields) end,
  })
end

local function unknown(me, name)
  local near = core.nearest(name, names_of(actions, composed, { fields = true }, me.state.methodsOf(me.name)))
  raise(("db.%s has no action %s.%s"):format(me.name, name,
    near and (" Did you mean db.%s:%s?"):format(me.name, near) or ""))
end

local meta = core.kinds.model
meta.__index = function(self, name)
  local me = about[self]
  if not me or type(name) ~= "string" then return nil end
  local found = me.state.methodsOf(me.name)[name] or composed[name]
  if name == "fields" then found = fields_of(me) end
  if not found and actions[name] then found = me.state.action(me.name, name) end
  if not found then return unknown(me, name) end
  rawset(self, name, found)
  return found
end
meta.__tostring = function(self)
  local me = about[self]
  return me and "db." .. me.name or "a model"
end

-- state.action(model, action) makes actions, state.methodsOf(model) is the table of a user's own methods.
function model.new(state, name, info)
  local made = setmetatable({}, meta)
  about[made] = { state = state, name = name, info = info }
  return made
end

-- The hooks have changed: actions are made anew.
function model.renew(made)
  for name in pairs(made) do made[name] = nil end
end

-- The schema has changed; nil: it has no such model any more.
function model.refresh(made, info)
  if info then about[made].info = info end
  model.renew(made)
end

function model.about(made) return about[made] end

model.actions = actions

return model
