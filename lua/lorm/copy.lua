-- Many rows by COPY, in PostgreSQL's binary form, typed by the schema.
--   local n = db.User:copyIn(rows)                              -- a list, or function(i) that gives row i, nil at the end
--   local n = db.User:copyIn(rows, { columns = { "email", "name" }, timeout = 60000 })
--   for user in db.User:copyOut { where = ..., select = ..., orderBy = ... } do ... end
-- Outside of a transaction each is one of its own: copyIn leaves all rows or none, copyOut sees one snapshot. Hooks see
-- { action = "copyIn", args = { data =, columns = } } and { action = "copyOut", args }, once each.
local client = require "lorm.client"
local batched = require "lorm.batched"
local core = require "lorm.core"
local hooks = require "lorm.hooks"

local copy = {}

local BATCH <const> = 500 -- rows that are read at a time
local OPTIONS <const> = { columns = true, timeout = true, maxWait = true }

local function usage(message) core.throw { name = "UsageError", message = message } end
local function invalid(path, message, ...)
  core.throw { name = "ValidationError", path = path, message = message:format(...) }
end

local function check(me, name)
  if not me then usage(("%s is a method: call it with a colon, db.User:%s(...), not with a dot."):format(name, name)) end
  if me.state.kind == "batch" then usage(("A batch is one round trip: it cannot hold a %s."):format(name)) end
end

local function through_hooks(me, action, args, terminal)
  local around = client.around
  if #me.state.hooks == 0 and not around then return terminal(args) end
  local function last(params) return terminal(params.args) end
  local chain = hooks.chain(me.state.hooks, around and function(params) return around(me.state, params, last) end or last)
  return chain(client.params(me.state, me.name, action, args))
end

local Own = { __close = function(own) if own.tx then core.release(own.tx) end end }

-- Left by an error, the one that the COPY failed by before is that which is told: others may have come of it.
local Begun = {
  __close = function(begun, e)
    local well, why = pcall(core.copyCheck, begun.copy)
    core.copyClose(begun.copy)
    if e ~= nil and not well then error(why, 0) end
  end,
}

-- The caller's transaction, or one that ends with whoever closes `own`.
local function begin(me, options)
  local state, own = me.state, setmetatable({}, Own)
  if client.within(state) then
    if options.timeout ~= nil or options.maxWait ~= nil then
      usage "In a transaction a COPY has the transaction's timeout: timeout and maxWait are for db's own calls."
    end
    return state.handle, own
  end
  own.tx = core.begin(state.handle, nil, options.maxWait, options.timeout or 0)
  return own.tx, own
end

-- core.copy, with the scopes that the client has.
local function start(me, tx, action, args)
  local function call(_, given, set) return core.copy(tx, me.name, action, given, set) end
  if me.state.scopes then return me.state.scopes:of_a_call():run(call, nil, args) end
  return (call(nil, args))
end

-- ---- in ----

-- fn(i) that gives row i, nil at the end
local function function_of(rows)
  if type(rows) == "table" then return function(i) return rows[i] end end
  return rows
end

local function names_of(row)
  local names = {}
  if type(row) == "table" then
    for name in next, row do names[#names + 1] = name end
  end
  return names
end

local function send(me, args, options)
  local rows = args.data
  if type(rows) ~= "table" and type(rows) ~= "function" then
    invalid("data", "Expected a list of rows, or a function that returns them one by one, provided %s.", type(rows))
  end
  local fn = function_of(rows)
  local row = fn(1)
  if type(rows) == "table" and row == nil and next(rows) ~= nil then
    invalid("data", "Expected a list of rows, provided a table with names.")
  end
  local tx, own = begin(me, options)
  local keep <close> = own
  local made = start(me, tx, "copyIn", { columns = args.columns, first = names_of(row) })
  local guard <close> = setmetatable({ copy = made }, Begun)
  local add, i = core.copyRow, 1
  while row ~= nil do
    if add(made, row) then core.copyRows(made) end
    i = i + 1
    row = fn(i)
  end
  local n = core.copyEnd(made)
  if own.tx then core.finish(own.tx, "commit") end
  return n
end

function copy.into(me, rows, options)
  check(me, "copyIn")
  if options ~= nil and type(options) ~= "table" then invalid(nil, "The options must be a table, not a %s.", type(options)) end
  options = options or {}
  for name in pairs(options) do
    if not OPTIONS[name] then
      local near = core.nearest(tostring(name), { "columns", "timeout", "maxWait" })
      invalid(tostring(name), "Unknown option `%s`.%s", tostring(name), near and (" Did you mean `%s`?"):format(near) or "")
    end
  end
  return through_hooks(me, "copyIn", { data = rows, columns = options.columns }, function(args)
    return send(me, args, options)
  end)
end

-- ---- out ----

local function next_batch(self)
  local rows = core.copyFetch(self.copy, BATCH)
  if #rows < BATCH then self:close() end
  batched.hand(self, rows)
end

local Out = batched.class("copy", next_batch)

-- Closing never waits: an own transaction is rolled back; in one of the caller's, what was not read is dropped.
function Out:close()
  self.over = true
  batched.hand(self, false)
  if self.copy then core.copyClose(self.copy) end
  if self.own.tx then core.release(self.own.tx) end
  self.copy, self.own = nil, {}
end

local function open(me, given)
  local args, options = {}, {}
  if type(given) ~= "table" then invalid(nil, "The arguments must be a table, not a %s.", type(given)) end
  for name, value in next, given do
    local to = (name == "timeout" or name == "maxWait") and options or args
    to[name] = value
  end
  local tx, own = begin(me, options)
  local made = setmetatable(batched.new { name = me.name, own = own, over = true }, Out)
  local guard <close> = batched.guard(made)
  made.copy = start(me, tx, "copyOut", args)
  made.over = false
  return made
end

function copy.out(me, args)
  check(me, "copyOut")
  local made = through_hooks(me, "copyOut", args or {}, function(given) return open(me, given) end)
  return made, nil, nil, made
end

return copy
