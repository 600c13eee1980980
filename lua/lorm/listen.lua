-- What other sessions told, as it comes: PostgreSQL's LISTEN and NOTIFY.
--   for note in db:listen("orders", "users") do print(note.channel, note.payload) end
--   db:notify("orders", lorm.json.encode { id = 1 })
-- All listeners of a client share one connection, beside the pool's. When it is lost it is made anew, and each listener
-- gets a note with `missed` (and `reconnected`) in place of those that nobody heard: look at what they were about.
local core = require "lorm.core"

local listen = {}

local Listener = { __name = "lorm.listener" }
Listener.__index = Listener

local PAYLOAD_BYTES = 7999 -- what the server takes

local function usage(message) core.throw { name = "UsageError", message = message } end

local function invalid(path, message) core.throw { name = "ValidationError", path = path, message = message } end

local function check_channel(name)
  if type(name) ~= "string" then
    invalid("channel", ("A channel is a string, not a %s."):format(core.kindOf(name) or type(name)))
  end
  if #name < 1 or #name > 63 or name:find("\0", 1, true) then
    invalid("channel", "A channel has a name of 1 to 63 bytes, without zero bytes.")
  end
end

-- The next note; nil when the listener was closed, or after `ms` without one.
function Listener:next(ms) return core.hear(self.ear, ms) end

function Listener:__call() return core.hear(self.ear) end

function Listener:close() core.unsubscribe(self.ear) end
Listener.__close, Listener.__gc = Listener.close, Listener.close

function Listener:__tostring() return "a listener to " .. table.concat(self.channels, ", ") end

-- From the return on, what is told is heard.
function listen.open(state, ...)
  local channels = { ... }
  if select("#", ...) == 0 then usage 'db:listen takes the names of channels: db:listen("orders").' end
  for i = 1, select("#", ...) do check_channel(channels[i]) end
  local made = setmetatable({ channels = channels, ear = core.subscribe(state.base or state.handle, ...) }, Listener)
  local guard <close> = setmetatable({}, { __close = function() -- whoever is cancelled here gets no listener to close
    if not made.opened then made:close() end
  end })
  core.opened(made.ear)
  made.opened = true
  return made, nil, nil, made
end

-- Inside of a transaction, listeners hear of it when it commits, once however often it was the same.
function listen.notify(run, channel, payload)
  check_channel(channel)
  if payload ~= nil and type(payload) ~= "string" then
    invalid("payload", ("A payload is a string, not a %s: lorm.json.encode makes one."):format(core.kindOf(payload) or type(payload)))
  end
  payload = payload or ""
  if #payload > PAYLOAD_BYTES then
    invalid("payload", ("A payload has at most %d bytes, this one has %d: send a key to what is too long."):format(
      PAYLOAD_BYTES, #payload))
  end
  if payload:find("\0", 1, true) then invalid("payload", "A payload cannot hold a zero byte: PostgreSQL has none in its texts.") end
  run("SELECT pg_catalog.pg_notify($1, $2)", channel, payload)
end

return listen
