-- Which rows exist for a client: db:extends { scopes = ... }, as the core understands it.
--   scopes = {
--     Post = { published = true },                                          a where
--     User = function(ctx) return { tenantId = ctx.user.tenantId } end,     or a function that returns one,
--     ["$allModels"] = function(ctx)                                        also for each model
--       return not ctx.fields.deletedAt or { deletedAt = lorm.null }        (true: all rows, false: none)
--     end,
--     perCall = true }                                                      evaluated before each call
-- A function is evaluated once for each client and model, when a call first meets the model. ctx has user (db:as),
-- model, fields and db, the client without scopes and hooks. What it returns must be a where that says something, true
-- or false: nil and {} are what a forgotten value makes of a where, so they are errors and hide nothing from nobody.
--
-- Layers are what extensions brought: { name =, scopes =, perCall =, marker =, place = }; all of them must hold. A
-- Scopes is the layers of one client with what their functions returned.
local client = require "lorm.client"
local core = require "lorm.core"
local hooks = require "lorm.hooks"

local scopes = {}

local Scopes = {}
Scopes.__index = Scopes

local function raise(message, hint, cause)
  core.throw { name = "UsageError", message = message, hint = hint, cause = cause }
end

-- ---- layers ----

local function place_of(scope, layer)
  if type(scope) ~= "function" then return layer.place end
  local info = debug.getinfo(scope, "S")
  return ("%s:%d"):format(info.short_src, info.linedefined)
end

local function check_names(state, given)
  local names = core.models(state.handle)
  local known = { ["$allModels"] = true, perCall = true }
  for _, name in ipairs(names) do known[name] = true end
  for name, scope in pairs(given) do
    if not known[name] then
      local near = core.nearest(tostring(name), names)
      local hint = near and (" Did you mean %s?"):format(near) or ""
      raise(("scopes: there is no model %s.%s"):format(tostring(name), hint))
    end
    local kind = type(scope)
    if name ~= "perCall" and kind ~= "table" and kind ~= "function" and kind ~= "boolean" then
      raise(("scopes.%s must be a where, a function that returns one, true or false; it is a %s."):format(name, kind))
    end
  end
end

local function layer_of(state, extension)
  local given = extension.scopes or {}
  if type(given) ~= "table" then raise "scopes must be a table: { Model = where or function(ctx) ... end }." end
  check_names(state, given)
  return { name = extension.name, scopes = given, perCall = given.perCall, marker = extension.softDelete,
    place = core.place() or "db:extends" }
end

-- ---- evaluation ----

-- fn(ctx), known to be at work: a scope that needs itself is an error, not a loop.
local function evaluate(fn, ctx, what)
  if hooks.at_work(fn) then
    raise(what .. " needs itself: what it queries meets the same scope.", "query by ctx.db, which has none")
  end
  return hooks.within(fn, fn, ctx)
end

local function result_of(self, scope, name, what)
  if type(scope) ~= "function" then return scope end
  local ok, where = pcall(evaluate, scope, self:context(name), what)
  if ok then return where end
  if core.isError(where, "Cancelled") then error(where, 0) end
  raise(("%s failed: %s"):format(what, tostring(where)), nil, where)
end

-- One scope of a layer as a where, or a boolean; checked, since a mistake in it is not the caller's.
function Scopes:read(layer, scope, name)
  local what = ("The scope of %s at %s"):format(name, place_of(scope, layer))
  local where = result_of(self, scope, name, what)
  if type(where) == "boolean" then return where end
  if type(where) ~= "table" or next(where) == nil then
    raise(("%s gave %s."):format(what, type(where) == "table" and "an empty table" or tostring(where)),
      "return a where with a condition, true for all rows, or false for none")
  end
  local probe = core.scopes(self.state.handle)
  core.scope(probe, name, where)
  local ok, e = pcall(core.fetch(self.state.handle, name), client.model(self.state, name), nil, probe)
  if not ok then raise(("%s is no where: %s"):format(what, core.isError(e) and e.message or tostring(e)), nil, e) end
  return where
end

-- What a layer says of a model: a list of wheres and booleans.
function Scopes:of_layer(layer, name)
  local replaced = self.replaced[layer] and self.replaced[layer][name]
  local known = self.known[layer]
  if replaced == nil and known and known[name] then return known[name] end
  local found = {}
  if replaced ~= nil then
    found[1] = self:read(layer, replaced, name)
  else
    for _, key in ipairs { "$allModels", name } do
      local scope = layer.scopes[key]
      if scope ~= nil then found[#found + 1] = self:read(layer, scope, name) end
    end
  end
  if not layer.perCall and replaced == nil then
    self.known[layer] = known or {}
    self.known[layer][name] = found
  end
  return found
end

-- All of them as one where; nil: all rows.
local function joined(list)
  local all = {}
  for _, where in ipairs(list) do
    if where == false then return { OR = {} } end
    if where ~= true then all[#all + 1] = where end
  end
  if #all < 2 then return all[1] end
  return { AND = all }
end

local function marker_of(layer, info)
  local marker = layer.marker
  return marker and info.fields[marker] and marker or nil
end

-- The conditions of a model's scopes.
function Scopes:wheres(name)
  local list = {}
  for _, layer in ipairs(self.lifted[name] and {} or self.layers) do
    for _, where in ipairs(self:of_layer(layer, name)) do
      if type(where) == "table" then list[#list + 1] = where end
    end
  end
  return list
end

-- Tell the core what the scope of a model is.
function Scopes:learn(set, name)
  local list, marker = {}, nil
  for _, layer in ipairs(self.lifted[name] and {} or self.layers) do
    marker = marker or marker_of(layer, client.info(self.state, name))
    for _, where in ipairs(self:of_layer(layer, name)) do list[#list + 1] = where end
  end
  core.scope(set, name, joined(list), marker)
end

-- What a scope function gets.
function Scopes:context(name)
  local state = self.state
  self.bare = self.bare or client.bare(state)
  return { user = state.user, model = name, fields = client.info(state, name).fields, db = self.bare }
end

-- The same for all that is one call, such as the batches of a stream.
function Scopes:of_a_call()
  if not self.perCall then return self end
  local fixed = self:for_client(self.state)
  fixed.perCall = false
  return fixed
end

-- call(model, args, set, ...), as often as it asks for another model's scope.
function Scopes:run(call, model, args, ...)
  local set = self.set or core.scopes(self.state.handle)
  if not self.perCall then self.set = set end
  local result, missing = call(model, args, set, ...)
  while missing do
    self:learn(set, missing)
    result, missing = call(model, args, set, ...)
  end
  return result
end

-- ---- making them ----

local function new(state, layers, lifted, replaced)
  local per_call = false
  for _, layer in ipairs(layers) do per_call = per_call or layer.perCall end
  return setmetatable({
    state = state, layers = layers, lifted = lifted or {}, replaced = replaced or {}, perCall = per_call,
    known = {},
  }, Scopes)
end

-- The same for another client: evaluated anew, since its user may be another one.
function Scopes:for_client(state) return new(state, self.layers, self.lifted, self.replaced) end

-- What an extension brings, added to what `state` has.
function scopes.extend(state, extension)
  local old = state.scopes or { layers = {} }
  local layers = table.move(old.layers, 1, #old.layers, 1, {})
  layers[#layers + 1] = layer_of(state, extension)
  state.scopes = new(state, layers, old.lifted, old.replaced)
end

local function with(map, key, value)
  local copy = {}
  for k, v in pairs(map or {}) do copy[k] = v end
  copy[key] = value
  return copy
end

-- Without any scope of that model.
function Scopes:without(name) return new(self.state, self.layers, with(self.lifted, name, true), self.replaced) end

-- With another scope of that model, in the place of what the extension called `extension` says of it.
function Scopes:with(name, extension, where)
  for _, layer in ipairs(self.layers) do
    if layer.name == extension then
      local replaced = with(self.replaced, layer, with(self.replaced[layer], name, where))
      return new(self.state, self.layers, self.lifted, replaced)
    end
  end
  raise(("%s: this client has no scopes of an extension named %s."):format(name, tostring(extension)))
end

return scopes
