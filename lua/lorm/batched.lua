-- Rows that come by batches, one by one: what db.User:stream and db.User:copyOut return.
--   local Rows = batched.class("stream", next_batch)   -- next_batch(rows) gives them to batched.hand(rows, batch)
--   local rows = setmetatable(batched.new { name = ... }, Rows)
--   function Rows:close() ... end                      -- sets rows.over, and what it has to let go of
-- `rows()` is the next one (src/runtime/mod_batched.c), nil at the end. An error while a batch comes closes them; one task
-- at a time may wait.
local core = require "lorm.core"

local batched = {}

-- While a batch comes. Left by an error, it is over.
local Fetching = {
  __close = function(guard, e)
    guard.rows.fetching = false
    if e ~= nil then guard.rows:close() end
  end,
}

-- To be closed by whoever makes or fills them.
function batched.guard(rows) return setmetatable({ rows = rows }, Fetching) end

-- [1] is the batch at hand, or false, [2] how many of its rows were given out.
function batched.new(rows)
  rows[1], rows[2] = false, 0
  return rows
end

function batched.hand(rows, batch) rows[1], rows[2] = batch, 0 end

local function fill(rows, what, next_batch)
  if rows.fetching then
    core.throw {
      name = "UsageError", message = ("Another task is waiting for this %s: only one may read it at a time."):format(what),
    }
  end
  rows.fetching = true
  local guard <close> = batched.guard(rows)
  next_batch(rows)
end

function batched.class(what, next_batch)
  local Rows = { __name = "lorm." .. what }
  Rows.__index = Rows
  Rows.__call = core.batched(function(rows) fill(rows, what, next_batch) end)
  function Rows:__tostring() return (self.over and "a closed %s of %s" or "a %s of %s"):format(what, self.name) end
  function Rows:__close() self:close() end
  function Rows:__gc() self:close() end
  return Rows
end

return batched
