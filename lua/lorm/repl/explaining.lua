-- .explain: what the calls of an expression do, as they are made.
--   explaining.run(fn, set, write)
-- A read is explained with what it really took, and done, so that the expression goes on. A write is explained and not
-- done; the expression ends there.
local core = require "lorm.core"
local lorm_explain = require "lorm.explain"

local explaining = {}

local STOP <const> = {}

local function explained(state, params)
  if not params.model then return lorm_explain.raw(state, params.args) end
  local args = {}
  for key, value in pairs(params.args or {}) do args[key] = value end
  args.action = params.action
  args.analyze = core.actions()[params.action] == "read"
  local model = state.session[params.model]
  return lorm_explain.call(state, model, params.model, args)
end

local function is_write(params)
  if params.model then return core.actions()[params.action] == "write" end
  return params.action == "executeRaw"
end

-- fn(), with each of its calls told by write(text); how many there were. set(tap) puts tap(state, params, run) in place
-- of each call, nil takes it away.
function explaining.run(fn, set, write)
  local count = 0
  local restore <close> = setmetatable({}, { __close = function() set(nil) end })
  local function tap(state, params, run)
    count = count + 1
    set(nil) -- explaining makes calls itself
    write(tostring(explained(state, params)))
    if is_write(params) then
      write "(explained, not run: it writes)"
      error(STOP)
    end
    local results = table.pack(run(params))
    set(tap)
    return table.unpack(results, 1, results.n)
  end
  set(tap)
  local fine, e = pcall(fn)
  if not fine and e ~= STOP then error(e, 0) end
  return count
end

return explaining
