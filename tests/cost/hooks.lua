-- What n hooks around a call cost: the program for tests/cost/hooks.sh.
--   lorm run hooks.lua KIND CALLS      KIND: a number of hooks; "yard", a piece of plain Lua to compare with
local hooks = require "lorm.hooks"
local kind, calls = arg[1], tonumber(arg[2])

local function pass(params, next) return next(params) end
local function terminal(params) return params.args end

local run
if kind == "yard" then -- a table with a metatable, a closure, three calls
  local meta = {}
  local function called(f, params) return f(params) end
  run = function(params)
    local node = setmetatable({ params, nil, params }, meta)
    return called(function(made) return node and terminal(made) end, params)
  end
else
  local list = {}
  for i = 1, tonumber(kind) do list[i] = hooks.new(pass) end
  run = hooks.chain(list, terminal)
end

collectgarbage "stop" -- what it does depends on when it does it
for _ = 1, calls do run { model = "User", action = "count", args = true } end
