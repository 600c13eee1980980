-- The rows of a findMany one by one, in constant memory: a cursor of the server, read by batches.
--   for user in db.User:stream { where = ..., include = ..., orderBy = ..., batchSize = 1000 } do ... end
-- Outside of a transaction the stream has one of its own, and so a connection, until its last batch is in, the loop
-- is left, or the stream is collected. Hooks see each batch as a findMany.
local batched = require "lorm.batched"
local client = require "lorm.client"
local core = require "lorm.core"
local hooks = require "lorm.hooks"

local stream = {}

local function usage(message) core.throw { name = "UsageError", message = message } end

local MAX_LEVELS = 200 -- what is nested deeper is refused anyway

-- A copy that is ours, so that all batches are of the same call.
local function copied(value, level)
  level = level or 0
  if type(value) ~= "table" or getmetatable(value) or level > MAX_LEVELS then return value end
  local copy = {}
  for name, part in next, value do copy[name] = copied(part, level + 1) end
  return copy
end

-- A function of core.fetch's, with the scopes that the stream has.
local function ask(self, call, args, ...)
  if self.scopes then return self.scopes:run(call, self.model, args, ...) end
  return (call(self.model, args, nil, ...))
end

local function check(self, args)
  ask(self, core.fetch(self.state.handle, self.name), args)
  self.args = copied(args)
end

-- The first batch comes with the cursor, in one round trip.
local function declare(self)
  local tx = self.own and core.begin(self.state.handle, "RepeatableRead", nil, 0) or self.state.handle
  self.tx, self.cursor = tx, core.cursor(tx)
  local batch = core.batch(tx)
  local fetch = core.fetch(batch, self.name)
  ask(self, fetch, self.args, self.cursor)
  ask(self, fetch, self.args, self.cursor, self.size)
  return core.fly(batch)[2]
end

-- What the chain of hooks ends in.
local function fetch(self, args)
  if not self.args then check(self, args) end
  local rows
  if self.cursor then
    rows = ask(self, core.fetch(self.tx, self.name), self.args, self.cursor, self.size)
  else
    rows = declare(self)
  end
  self.more = #rows == self.size
  return rows
end

local function hooked(self)
  local params = client.params(self.state, self.name, "findMany", copied(self.given))
  params.streamed = true -- the next batch has the same arguments, and other rows
  return self.chain(params)
end

local function next_batch(self)
  self.more = false
  local rows = (self.chain and hooked or fetch)(self)
  if not self.more then self:close() end
  batched.hand(self, rows)
end

local Stream = batched.class("stream", next_batch)

-- Closing never waits: the pool rolls the stream's own transaction back; in one of the caller's the cursor is closed
-- behind what is under way.
function Stream:close()
  local tx, cursor = self.tx, self.cursor
  self.over, self.tx, self.cursor = true, nil, nil
  batched.hand(self, false)
  if not tx then return end
  if self.own then core.release(tx) else core.closeCursor(tx, cursor) end
end

local function size_of(args)
  local size = args.batchSize
  if size == nil then return 1000 end
  if math.type(size) == "integer" and size >= 1 and size <= 0x7fffffff then return size end
  core.throw { name = "ValidationError", path = "batchSize", message = "batchSize must be a whole number from 1." }
end

-- me: what lorm.model knows of the model.
function stream.open(me, model, args)
  if not me then usage "stream is a method: call it with a colon, db.User:stream {...}, not with a dot." end
  if me.state.kind == "batch" then usage "A batch is one round trip: it cannot hold a stream." end
  local given = {}
  if args ~= nil and type(args) ~= "table" then
    core.throw { name = "ValidationError", message = "The arguments must be a table, not a " .. type(args) .. "." }
  end
  for name, value in next, args or given do given[name] = value end
  local made = setmetatable(batched.new {
    state = me.state, name = me.name, model = model, own = not client.within(me.state), size = size_of(given),
    given = given, scopes = me.state.scopes and me.state.scopes:of_a_call(),
  }, Stream)
  given.batchSize = nil
  if #me.state.hooks > 0 then
    made.chain = hooks.chain(me.state.hooks, function(params) return fetch(made, params.args) end)
  else
    check(made, given)
  end
  return made, nil, nil, made
end

return stream
