-- What a client is made of beyond its schema: layers, in the order in which they were added.
--   { hook = as lorm.hooks makes it }    { extension = what db:extends takes }
--   { bare = true }: no hooks before it count    { unscoped = true }: no scopes before it do
-- Those that the list of middleware brought are `base`: they can be exchanged, all at once, in the client and in all
-- clients that were made of it. A transaction goes on with what it began with.
local hooks = require "lorm.hooks"

local layers = {}

local function apply(state, layer)
  if layer.hook then
    state.hooks = hooks.added(state.hooks, layer.hook)
  elseif layer.extension then
    require "lorm.extend".apply(state, layer.extension)
  elseif layer.bare then
    state.hooks, state.results = {}, nil
  else
    state.scopes = nil
  end
end

-- On top of what there is.
function layers.add(state, layer)
  apply(state, layer)
  state.layers = state.layers or {}
  table.insert(state.layers, layer)
  require "lorm.client".rebuild(state)
end

-- A client that was made of another begins with the same.
function layers.inherit(state, from)
  local origin = from.origin or from
  state.layers = table.move(from.layers or {}, 1, from.layers and #from.layers or 0, 1, {})
  origin.family = origin.family or setmetatable({}, { __mode = "k" })
  origin.family[state] = true
end

-- ---- exchanging ----

-- The same layers with others in the place of the base.
local function with_base(old, base)
  local list, placed = {}, false
  local function place()
    if not placed then table.move(base, 1, #base, #list + 1, list) end
    placed = true
  end
  for _, layer in ipairs(old or {}) do
    if layer.base then place() else list[#list + 1] = layer end
  end
  if placed then return list end
  list = table.move(base, 1, #base, 1, {})
  return table.move(old or {}, 1, old and #old or 0, #list + 1, list)
end

local made = { "layers", "hooks", "results", "extended", "methods", "scopes" } -- what exchanging changes of a state

local function rebuilt(state, blank, base)
  local list = with_base(state.layers, base)
  state.hooks, state.results, state.scopes, state.extended, state.methods = {}, nil, nil, {}, blank.methods
  for _, layer in ipairs(list) do apply(state, layer) end
  state.layers = list
end

-- All of it or, after an error, nothing. Nothing waits in here, so no call is made in between.
function layers.exchange(origin, base, blank)
  local family, saved = { origin }, {}
  for state in pairs(origin.family or {}) do family[#family + 1] = state end
  for i, state in ipairs(family) do
    saved[i] = {}
    for _, name in ipairs(made) do saved[i][name] = state[name] end
  end
  local ok, e = pcall(function()
    for _, state in ipairs(family) do rebuilt(state, blank, base) end
  end)
  for i, state in ipairs(family) do
    for _, name in ipairs(ok and {} or made) do state[name] = saved[i][name] end
    require "lorm.client".rebuild(state)
  end
  if not ok then error(e, 0) end
end

return layers
