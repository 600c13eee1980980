-- The hooks around a call, as a chain that is built once:
--   hooks.chain({ outermost, ..., innermost }, terminal)(params)
-- A hook, as hooks.new makes it, is { run = function(params, next) ... return next(params) end, place = "file:line",
-- applies = function(params) or nil: to all calls, last = true: stays behind those that are added later }.
-- A call that a hook makes on its own account does not run that hook again. Which hooks are at work is kept per task,
-- as a list of nodes { hook, the nodes when the call was made, what to go back to, params }.
local core = require "lorm.core"

local hooks = {}

local may_be_nil = { findUnique = true, findFirst = true }
local inherited = { "dataPath", "runInTransaction", "user", "client", "tx", "scopes", "as", "streamed" } -- a hook's own params need not

local HOOK <const>, OUTER <const>, WAS <const>, PARAMS <const> = 1, 2, 3, 4
local set_context = core.setContext
local Node = { __close = function(node) set_context(node[WAS]) end }

function hooks.place(fn)
  local info = debug.getinfo(fn, "S")
  return ("%s:%d"):format(info.short_src, info.linedefined)
end

local function at_work(node, hook)
  while node do
    if node[HOOK] == hook then return true end
    node = node[OUTER]
  end
  return false
end

local function name_of(params)
  return (params.model and params.model .. ":" or "") .. tostring(params.action)
end

-- What a hook returned. Nothing, where something is due, is a forgotten `return next(params)`.
local function checked(hook, params, ...)
  local result = ...
  if result ~= nil then return result end
  if select("#", ...) == 0 or not may_be_nil[params.action] then
    core.throw {
      name = "UsageError",
      message = ("The hook at %s returned nothing for %s."):format(hook.place, name_of(params)),
      hint = "end it with: return next(params)",
    }
  end
  return nil
end

-- The params that a hook made for its `next`, completed by those that it got.
local function completed(hook, made, params)
  if type(made) ~= "table" or type(made.action) ~= "string" then
    core.throw {
      name = "UsageError",
      message = ("The hook at %s gave next %s."):format(hook.place,
        type(made) == "table" and "a table without an action" or "a " .. type(made)),
      hint = "give it params, or a table with model, action and args",
    }
  end
  for _, name in ipairs(inherited) do
    if made[name] == nil then made[name] = params[name] end
  end
  if made.args == nil then made.args = {} end
  return made
end

-- A link of the chain: (params, the nodes when the call was made, the task's nodes now). What `next` must know is in the
-- node: each further variable that it caught would cost as much again.
local function link(hook, after)
  local run, applies = hook.run, hook.applies
  return function(params, outer, now)
    if (outer and at_work(outer, hook)) or (applies and not applies(params)) then return after(params, outer, now) end
    local node <close> = setmetatable({ hook, outer, now, params }, Node)
    set_context(node)
    return checked(hook, params, run(params, function(made)
      local given = node[PARAMS]
      if made == nil then made = given elseif made ~= given then made = completed(hook, made, given) end
      return (after(made, node[OUTER], node))
    end))
  end
end

-- list: hooks; the chain's end is terminal(params).
function hooks.chain(list, terminal)
  if #list == 0 then return terminal end
  local chain = function(params) return terminal(params) end
  for i = #list, 1, -1 do chain = link(list[i], chain) end
  return function(params)
    local now = core.context()
    return chain(params, now, now)
  end
end

-- Is it at work in this task: a hook, or what `within` was told of?
function hooks.at_work(key) return at_work(core.context(), key) end

-- fn(...), with `key` known to be at work.
function hooks.within(key, fn, ...)
  local now = core.context()
  local node <close> = setmetatable({ key, now, now }, Node)
  set_context(node)
  return fn(...)
end

-- about: nil, or the fields of a hook that say more than its function.
function hooks.new(run, about)
  local hook = about or {}
  hook.run, hook.place = run, hook.place or hooks.place(run)
  return hook
end

-- A list of its own with one more, the innermost but for those that are `last`.
function hooks.added(list, hook)
  local copy = table.move(list, 1, #list, 1, {})
  local at = #copy + 1
  while not hook.last and at > 1 and copy[at - 1].last do at = at - 1 end
  table.insert(copy, at, hook)
  return copy
end

return hooks
