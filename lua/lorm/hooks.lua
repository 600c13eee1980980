-- The hooks around a call, as a chain that is built once:
--   hooks.chain({ outermost, ..., innermost }, terminal)(params)
-- A hook is function(params, next) ... return next(params) end. A call that a hook makes on its own account does
-- not run that hook again. Which hooks are at work is kept per task, as a list of nodes
-- { hook =, params =, outer = the nodes when the call was made }.
local core = require "lorm.core"

local hooks = {}

local may_be_nil = { findUnique = true, findFirst = true }

local Restore = { __close = function(saved) core.setContext(saved.node) end }

local function at_work(node, hook)
  while node do
    if node.hook == hook then return true end
    node = node.outer
  end
  return false
end

local function node_of(node, hook)
  while node and node.hook ~= hook do node = node.outer end
  return node
end

local function place(hook)
  local info = debug.getinfo(hook, "S")
  return ("%s:%d"):format(info.short_src, info.linedefined)
end

-- What a hook returned. Nothing, where something is due, is a forgotten `return next(params)`.
local function checked(hook, params, ...)
  if select("#", ...) == 0 or (... == nil and params.model and not may_be_nil[params.action]) then
    core.throw {
      name = "UsageError",
      message = ("The hook at %s returned nothing for %s%s."):format(place(hook),
        params.model and params.model .. ":" or "", params.action),
      hint = "end it with: return next(params)",
    }
  end
  return ...
end

local function step(hook, after)
  local function next_step(params)
    local now = core.context()
    local node = node_of(now, hook)
    local restore <close> = setmetatable({ node = now }, Restore)
    core.setContext(node and node.outer)
    return (after(params or (node and node.params)))
  end
  return function(params)
    local outer = core.context()
    if at_work(outer, hook) then return after(params) end
    local restore <close> = setmetatable({ node = outer }, Restore)
    core.setContext { hook = hook, params = params, outer = outer }
    return checked(hook, params, hook(params, next_step))
  end
end

function hooks.chain(list, terminal)
  local chain = terminal
  for i = #list, 1, -1 do chain = step(list[i], chain) end
  return chain
end

return hooks
