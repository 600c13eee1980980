-- Transactions: committed when the function returns, rolled back when it raises.
--   db:transaction(function(tx) ... end, { isolationLevel = "Serializable", timeout = 5000, retries = 3 })
--   local tx <close> = db:begin(); ...; tx:commit()
local core = require "lorm.core"
local client = require "lorm.client"

local transaction = {}

local known = { isolationLevel = true, maxWait = true, timeout = true, retries = true }

local function check(options)
  for name in pairs(options) do
    if not known[name] then
      local names = {}
      for candidate in pairs(known) do names[#names + 1] = candidate end
      local near = core.nearest(tostring(name), names)
      core.throw {
        name = "ValidationError",
        path = tostring(name),
        message = "A transaction has no such option." .. (near and (' Did you mean "%s"?'):format(near) or ""),
      }
    end
  end
end

-- What was said of this transaction, else of all (lorm.connect { transactionOptions = ... }).
local function merged(state, options)
  check(options or {})
  local all = state.transactionOptions
  if not all then return options or {} end
  local result = {}
  for name in pairs(known) do
    if options and options[name] ~= nil then result[name] = options[name] else result[name] = all[name] end
  end
  return result
end

function transaction.begin(state, options)
  options = merged(state, options)
  local handle = core.begin(state.handle, options.isolationLevel, options.maxWait, options.timeout)
  return (client.tx(state, handle))
end

local function commit(tx, ...)
  tx:commit()
  return ...
end

-- After an error the rollback is waited for, where that is possible, so that what comes next finds the connection
-- free; elsewhere the pool rolls back.
local RollBack = {
  __close = function(guard)
    if core.mayWait() and core.isActive(guard.handle) then pcall(core.finish, guard.handle, "rollback") end
    core.release(guard.handle)
  end,
}

local function once(state, fn, options)
  local tx = transaction.begin(state, options)
  local guard <close> = setmetatable({ handle = client.handle(tx) }, RollBack)
  return commit(tx, fn(tx))
end

-- Did the server say that the same again may go well: a serialization failure, a deadlock?
local function is_conflict(e)
  if not core.isError(e) then return false end
  local sqlstate = e.sqlstate or (e.meta and e.meta.code)
  return e.code == "P2034" or sqlstate == "40001" or sqlstate == "40P01"
end

-- Longer each time, and never the same for two who met: half of it is taken from the clock's last digits.
local function pause(attempt)
  local base = math.min(10 * 2 ^ attempt, 1000)
  core.sleep(base * (0.5 + (core.clock() * 7919) % 1 * 0.5))
end

local function run_again(state, fn, options, retries)
  for attempt = 0, retries do
    local result = table.pack(pcall(once, state, fn, options))
    if result[1] then return table.unpack(result, 2, result.n) end
    if attempt == retries or not is_conflict(result[2]) then error(result[2], 0) end
    pause(attempt)
  end
end

local function check_function(fn)
  if type(fn) == "function" then return end
  core.throw { name = "ValidationError", message = "transaction(fn, options): the first argument must be a function." }
end

function transaction.run(state, fn, options)
  check_function(fn)
  local retries = merged(state, options).retries or 0
  if retries == 0 then return once(state, fn, options) end
  return run_again(state, fn, options, retries)
end

-- Inside of a transaction: a savepoint, which an error goes back to.
function transaction.nested(state, fn)
  check_function(fn)
  core.finish(state.handle, "savepoint")
  local result = table.pack(pcall(fn, state.session))
  if result[1] then
    core.finish(state.handle, "release")
    return table.unpack(result, 2, result.n)
  end
  if core.isActive(state.handle) then pcall(core.finish, state.handle, "rollbackTo") end
  error(result[2], 0)
end

return transaction
