-- Calls that are recorded, and run as one transaction in one round trip.
--   local results = db:batch(function(b) b.User:create { ... }; b:executeRaw("...") end)
local core = require "lorm.core"
local client = require "lorm.client"

local batch = {}

local Pending = {
  __index = function()
    core.throw { name = "UsageError", message = "The batch has not been run yet: its results are what db:batch returns." }
  end,
  __tostring = function() return "a call of a batch, not yet run" end,
}

local Resolve = { __close = function(box) core.resolve(box.promise) end }

-- Recorded calls run through their hooks, each in a task of its own, one after the other until it comes to the
-- end of its chain: there it is recorded, and waits until all have flown.
local function fly_hooked(recorder, calls, isolation)
  local group <close> = core.group()
  local landed, results, failure = core.promise(), nil, nil
  local recorded, running = {}, {}
  local record = recorder.terminal
  recorder.terminal = function(params)
    local number = record(params)
    core.resolve(recorded[#running + 1])
    landed:await()
    if failure then error(failure, 0) end
    return results[number]
  end
  recorder.chain = nil
  for i, params in ipairs(calls) do
    recorded[i] = core.promise()
    local task = group:spawn(function()
      local box <close> = setmetatable({ promise = recorded[i] }, Resolve)
      return recorder.through(params)
    end)
    recorded[i]:await()
    running[i] = task
    group:join(#calls)
  end
  local fine, what = pcall(core.fly, recorder.handle, isolation)
  if fine then results = what else failure = what end
  core.resolve(landed)
  group:join(0)
  local list = { n = #calls }
  for i, task in ipairs(running) do list[i] = task:await() end
  return list
end

function batch.run(state, fn, options)
  if type(fn) ~= "function" then
    core.throw { name = "ValidationError", message = "batch(fn, options): the first argument must be a function." }
  end
  local isolation = options and options.isolationLevel
  local session, recorder = client.recorder(state, core.batch(state.handle))
  local calls, hooked = {}, #recorder.hooks > 0
  recorder.through = recorder.call
  recorder.call = function(params)
    if hooked then
      calls[#calls + 1] = params
    else
      recorder.terminal(params)
    end
    return setmetatable({}, Pending)
  end
  fn(session)
  if hooked then return fly_hooked(recorder, calls, isolation) end
  return core.fly(recorder.handle, isolation)
end

return batch
