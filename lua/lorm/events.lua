-- What a client tells: db:on("query" | "info" | "warn" | "error", handler). All clients that share connections share
-- their handlers, which hang from the first of them.
local core = require "lorm.core"
local log = require "lorm.log"

local events = { names = { query = true, info = true, warn = true, error = true } }

local clients = setmetatable({}, { __mode = "kv" }) -- handle -> state, of the clients that were opened
local listening = setmetatable({}, { __mode = "k" }) -- states that have handlers

-- Each handler hears of it; one that fails keeps nothing from the others, nor from later events.
local function tell(handlers, event)
  for _, handler in ipairs(handlers) do
    local ok, e = xpcall(handler, function(e) return core.isError(e) and e or debug.traceback(tostring(e), 2) end, event)
    if not ok then log.error("a handler of db:on failed", { error = tostring(e) }) end
  end
end

-- From now on, what the core has to tell of this client is told.
function events.watch(state)
  clients[state.handle] = state
  if state.handlers then core.listen(state.handle, true) end
end

function events.on(state, event, handler)
  state = state.origin or state
  state.handlers = state.handlers or { query = {}, info = {}, warn = {}, error = {} }
  table.insert(state.handlers[event], handler)
  listening[state] = true
  if state.handle and (event == "query" or event == "error") then core.listen(state.handle, true) end
end

function events.emit(state, event, fields)
  state = state.origin or state
  tell(state.handlers and state.handlers[event] or {}, fields)
end

-- A transaction that holds its connection for too long, or was forgotten: the handlers of "warn" hear of it, or the log.
local function tell_leak(state, leak)
  local pool = leak.pool
  leak.message = ("A transaction %s %.1f s (%d connections, %d busy, %d waiting)\n%s"):format(
    leak.lost and "was forgotten without commit or rollback; it held its connection for" or "has held its connection for",
    leak.heldMillis / 1000, pool.connections, pool.busy, pool.waiting, leak.traceback)
  leak.target, leak.timestamp = "lorm.transaction", core.now()
  local handlers = state.handlers and state.handlers.warn or {}
  tell(handlers, leak)
  if #handlers == 0 then log.warn(leak.message) end
end

local unknown_told = {} -- of which parameters

-- The handlers of "warn" hear of what the URL asks for in vain, or the log, which is not told twice.
function events.tell_unknown(state)
  for _, name in ipairs(core.unknownParameters(state.handle)) do
    local handlers = state.handlers and state.handlers.warn or {}
    local message = ('The URL of the database has a parameter that means nothing: "%s". It is left out.'):format(name)
    tell(handlers, { message = message, target = "lorm.connect", timestamp = core.now() })
    if #handlers == 0 and not unknown_told[name] then log.warn(message) end
    unknown_told[name] = true
  end
end

local function tell_leaks()
  local leaks = {} -- all of them first: a handler may open a client
  for handle, state in pairs(clients) do
    for leak in core.leak, handle do leaks[#leaks + 1] = { state, leak } end
  end
  for _, leak in ipairs(leaks) do tell_leak(leak[1], leak[2]) end
end

-- The statements that were run until now.
function events.deliver(state)
  if not state.handle or not state.handlers then return end
  for event in core.event, state.handle do
    tell(state.handlers.query, event)
    if event.error then
      tell(state.handlers.error,
        { message = event.error, target = event.target, timestamp = event.timestamp, query = event.query })
    end
  end
end

local function tell_queries()
  for state in pairs(listening) do events.deliver(state) end
end

-- fn(), and the statements that were sent meanwhile, of all clients: a list of events, and what fn returned.
function events.during(fn)
  local seen, heard = {}, {}
  local function note(event) seen[#seen + 1] = event end
  tell_queries() -- those from before
  for _, state in pairs(clients) do
    if core.isOpen(state.handle) then
      events.on(state, "query", note)
      heard[#heard + 1] = state.handlers.query
    end
  end
  local guard <close> = setmetatable({}, { __close = function()
    for _, handlers in ipairs(heard) do
      for i = #handlers, 1, -1 do
        if handlers[i] == note then table.remove(handlers, i) end
      end
    end
  end })
  local results = table.pack(fn())
  tell_queries()
  return seen, results
end

-- What is due; a task of its own runs this.
core.onEvents(function()
  local changed = core.changed()
  if changed then core.spawn(function() require "lorm.loader".refresh_all(changed == "signal") end) end
  for text in core.blocked do log.warn(text) end
  local http = package.loaded["lorm.http"]
  if http then http.deliver() end
  tell_leaks()
  tell_queries()
end)

return events
