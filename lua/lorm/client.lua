-- What db, tx and the recorder of a batch are: sessions. Behind each stands a state:
--   handle   the C side (nil until a lazy client is first used)
--   root     the state of the client that it belongs to (itself for a client)
--   hooks    outermost first; a session takes them from its client when it is made
--   scopes   which rows exist for it (lorm.scopes), as its client's; nil: all
--   models   the model tables that were made so far
local core = require "lorm.core"
local events = require "lorm.events"
local hooks = require "lorm.hooks"
local layers = require "lorm.layers"
local model = require "lorm.model"

local client = {}

-- Set before anything is called, it stands between the hooks and the engine: around(state, params, run) returns what
-- run(params) does. No db:unhooked() gets past it.
client.around = nil

local states = setmetatable({}, { __mode = "k" }) -- session -> state

local function raise(message, hint)
  core.throw { name = "UsageError", message = message, hint = hint }
end

-- [the state of a session, opened]
local function opened(session)
  local state = states[session]
  if not state then raise "This is a method: call it with a colon, as in db:transaction(...)." end
  if not state.handle then state.open(state) end
  return state
end

-- ---- models ----

local function info_of(state, name)
  local root = state.root
  local info = root.infos[name]
  if info == nil then
    info = core.model(root.handle, name) or false
    root.infos[name] = info
  end
  return info
end

local function find_model(state, name)
  local found = state.models[name]
  if found then return found end
  local info = info_of(state, name)
  if not info then return nil end
  found = model.new(state, name, info)
  state.models[name] = found
  return found
end

local function unknown_name(state, name)
  local candidates = core.models(state.root.handle)
  for method in pairs(state.methods) do candidates[#candidates + 1] = method end
  local near = core.nearest(name, candidates)
  for _, candidate in ipairs(candidates) do
    if candidate:lower() == name:lower() then near = candidate end
  end
  if not near then
    raise(("db.%s: the schema has no model of this name. It has: %s."):format(name,
      table.concat(core.models(state.root.handle), ", ")))
  end
  raise(("db.%s: there is no such model; did you mean db%s%s?"):format(name, state.methods[near] and ":" or ".", near))
end

local function models_of(state)
  return setmetatable({}, {
    __index = function(_, name)
      local found = find_model(state, name)
      if not found then return unknown_name(state, tostring(name)) end
      return found
    end,
    __pairs = function()
      local names, i = core.models(state.root.handle), 0
      return function()
        i = i + 1
        if names[i] then return names[i], find_model(state, names[i]) end
      end
    end,
  })
end

local function schema_enums(state)
  local enums = {}
  for _, enum in ipairs(core.json.decode(core.dmmf(state.root.handle)).enums or {}) do enums[enum.name] = enum end
  return enums
end

local function sql_of(session, state)
  local folder = require "lorm.config".sql_folder(state.root.schema)
  return require "lorm.sql_file".all(folder, function() return schema_enums(state) end, function(...) return session:queryRaw(...) end)
end

-- db.enums.Role.ADMIN == "ADMIN"; a name that there is not is an error.
local function strict(what, values)
  return setmetatable({}, {
    __index = function(_, name)
      if values[name] ~= nil then return values[name] end
      local names = {}
      for known in pairs(values) do names[#names + 1] = known end
      local near = core.nearest(tostring(name), names)
      raise(("%s has no %s.%s"):format(what, tostring(name), near and (" Did you mean %s?"):format(near) or ""))
    end,
    __newindex = function() raise(what .. " cannot be changed.") end,
    __pairs = function() return next, values end,
  })
end

local function enums_of(_, state)
  local enums = {}
  for name, enum in pairs(schema_enums(state)) do
    local values = {}
    for _, value in ipairs(enum.values) do values[value.name] = value.name end
    enums[name] = strict("db.enums." .. name, values)
  end
  return strict("db.enums", enums)
end

local parts = { models = function(_, state) return models_of(state) end, sql = sql_of, enums = enums_of }

-- What can be done before there is a client.
local early = { disconnect = true, emit = true, hooks = true, on = true, use = true }

local function index(session, name)
  local state = states[session]
  -- The middleware that comes with opening may bring a method of this name, or another one in its place.
  if state.lazy and not state.handle and not early[name] then opened(session) end
  local method = state.methods[name]
  if method ~= nil then return method end
  if type(name) ~= "string" then return nil end
  opened(session)
  local found = parts[name] and parts[name](session, state) or find_model(state, name)
  if not found then return unknown_name(state, name) end
  rawset(session, name, found)
  return found
end

-- ---- calls ----

-- What the chain ends in: the C function of params.model and params.action, whatever hooks made of them.
local function terminal(state)
  local known = {}
  local function run(params)
    if not params.model then
      local args = params.args
      return core.raw(state.handle, params.action == "queryRaw", args.sql, table.unpack(args, 1, args.n))
    end
    local scopes = params.scopes or state.scopes
    local key = params.model .. (scopes and "!" or ":") .. tostring(params.action)
    local call = known[key]
    if not call then
      call = (scopes and core.scoped or core.action)(state.handle, params.model, params.action)
      if not call then raise(("A hook asked for %s:%s, which there is not."):format(params.model, tostring(params.action))) end
      known[key] = call
    end
    if scopes then return scopes:run(call, find_model(state, params.model), params.args) end
    return call(find_model(state, params.model), params.args)
  end
  return function(params)
    if client.around then return client.around(state, params, run) end
    return run(params)
  end
end

local function chain_of(state)
  state.chain = state.chain or hooks.chain(state.hooks, state.terminal)
  return state.chain
end

-- The transaction that a session's calls are part of; of a batch, that of where it was made.
local function tx_of(state)
  if state.kind == "batch" then state = state.root end
  return state.kind == "tx" and state.session or nil
end

-- The client that a session belongs to; that of a batch in a transaction is two steps away.
local function client_of(state) return state.root.root end

-- Are a session's calls part of a transaction or a batch?
local function within(state) return state.kind ~= "client" or state.base ~= nil end
client.within = within

-- What hooks are told of a call. name: the model's; nil: raw SQL.
local function params_of(state, name, action, args)
  local of = client_of(state)
  return {
    model = name, action = action, args = args, dataPath = name and {}, runInTransaction = within(state),
    user = of.user, as = of.identity, tx = tx_of(state), client = of.session, scopes = name and state.scopes,
  }
end
client.params = params_of

-- An action with hooks around it.
local function hooked(state, name, action, plain)
  return function(self, args)
    if core.kindOf(self) ~= "model" then return plain(self, args) end
    return state.call(params_of(state, name, action, args or {}))
  end
end

-- An action with scopes and no hooks.
local function scoped(state, name, action, plain)
  local call = core.scoped(state.handle, name, action)
  return function(self, args)
    if core.kindOf(self) ~= "model" then return plain(self, args) end
    return state.scopes:run(call, self, args)
  end
end

-- The function that makes a state's actions.
local function action_maker(state)
  return function(name, action)
    local plain = core.action(state.handle, name, action)
    local around = #state.hooks > 0 or state.kind == "batch" or client.around
    if plain and around then return hooked(state, name, action, plain) end
    if plain and state.scopes then return scoped(state, name, action, plain) end
    return plain
  end
end

local function raw(session, rows, sql, ...)
  local state = opened(session)
  if #state.hooks == 0 and state.kind ~= "batch" and not client.around then return core.raw(state.handle, rows, sql, ...) end
  return state.call(params_of(state, nil, rows and "queryRaw" or "executeRaw", { sql = sql, n = select("#", ...), ... }))
end

-- ---- sessions ----

local no_methods = {}

local function new_state(kind, root, handle, methods)
  local state = { kind = kind, handle = handle, methods = methods, models = {}, infos = {} }
  state.root = root or state
  state.hooks = root and root.hooks or {}
  state.extended = root and root.extended or {}
  state.scopes = root and root.scopes
  state.terminal = terminal(state)
  state.call = function(params) return chain_of(state)(params) end
  state.methodsOf = function(name) return state.extended[name] or no_methods end
  state.action = action_maker(state)
  return state
end

local function shown(session)
  local state = states[session]
  if state.kind == "tx" then return core.isActive(state.handle) and "a transaction" or "a closed transaction" end
  if state.kind == "batch" then return "a batch" end
  if not state.handle then return "db (not connected yet)" end
  return core.isOpen(state.handle) and "db (" .. core.shownUrl(state.handle) .. ")" or "db (disconnected)"
end

local function meta_of(name, close)
  return { __name = name, __index = index, __tostring = shown, __close = close }
end

local Client, Tx, Recorder = {}, {}, {}
local metas = {
  client = meta_of("lorm.client", function(session) states[session].methods.disconnect(session) end),
  tx = meta_of("lorm.tx", function(session) core.release(states[session].handle) end),
  batch = meta_of "lorm.batch",
}

local function new_session(kind, root, handle, methods)
  local session = setmetatable({}, metas[kind])
  local state = new_state(kind, root, handle, methods)
  state.session = session
  states[session] = state
  return session, state
end

-- Hooks have changed: every action is made anew.
local function renew(state)
  state.chain = nil
  for _, made in pairs(state.models) do model.renew(made) end
end

-- ---- methods of all sessions ----

function Client:queryRaw(sql, ...) return raw(self, true, sql, ...) end
function Client:executeRaw(sql, ...) return raw(self, false, sql, ...) end

-- What listeners to the channel get, in this and in other programs.
function Client:notify(channel, payload)
  require "lorm.listen".notify(function(...) raw(self, false, ...) end, channel, payload)
end

-- All calls that fn makes on its recorder, as one transaction in one round trip.
function Client:batch(fn, options) return require "lorm.batch".run(opened(self), fn, options) end

-- ---- methods of db ----

function Client:transaction(fn, options)
  local state = opened(self)
  if state.base then return require "lorm.transaction".nested(state, fn) end
  return require "lorm.transaction".run(state, fn, options)
end
function Client:begin(options)
  local state = opened(self)
  if state.base then raise "A transaction is open already: db:transaction(fn) is a savepoint in it." end
  return require "lorm.transaction".begin(state, options)
end

-- An iterator over what is told on channels: for note in db:listen("orders") do print(note.payload) end
function Client:listen(...) return require "lorm.listen".open(opened(self), ...) end

-- Connect now, not at the first call; what is wrong with server or password is an error here.
function Client:connect()
  core.raw(opened(self).handle, true, "SELECT 1")
  return self
end

-- Transactions that are open roll back; calls under way end with an error.
function Client:disconnect()
  local state = states[self]
  if state.handle then core.close(state.handle) end
end

-- hook(params, next) around every call; the first is outermost.
function Client:use(hook)
  if type(hook) ~= "function" then raise "db:use takes function(params, next) ... return next(params) end." end
  local state = states[self]
  local loading = state.collecting
  if loading and loading.task == core.running() then
    loading.add(hook)
  else
    layers.add(state, { hook = hooks.new(hook) })
  end
  return self
end

-- A client of the same connections, with other hooks and methods.
local function sibling(state, change)
  local session, mine = new_session("client", nil, state.handle, state.methods)
  mine.hooks, mine.extended, mine.infos, mine.open = state.hooks, state.extended, state.infos, state.open
  mine.results, mine.identity, mine.user, mine.schema, mine.transactionOptions = state.results, state.identity, state.user, state.schema,
    state.transactionOptions
  mine.origin, mine.base = state.origin or state, state.base
  mine.scopes = state.scopes and state.scopes:for_client(mine)
  layers.inherit(mine, state)
  change(mine)
  return session
end

-- The same database without hooks.
function Client:unhooked()
  return sibling(opened(self), function(state) layers.add(state, { bare = true }) end)
end

-- The same database without scopes: every row exists.
function Client:unscoped()
  return sibling(opened(self), function(state) layers.add(state, { unscoped = true }) end)
end

-- The same client on behalf of somebody: hooks find it as params.user, scopes as ctx.user. options: { role =,
-- settings = }, as whom PostgreSQL sees it (lorm.identity); hooks find them as params.as.
function Client:as(user, options)
  return sibling(opened(self), function(state)
    state.user = user
    if options == nil then return end
    state.handle, state.identity = require "lorm.identity".new(state.handle, options), options
  end)
end

-- The names and places of what is around each call, outermost first.
function Client:hooks()
  local list = {}
  for i, hook in ipairs(states[self].hooks) do list[i] = hook.place end
  return list
end

-- handler(event) for "query" (also failing ones), "info", "warn", "error".
function Client:on(event, handler)
  if not events.names[event] then
    raise(('There is no event "%s": there are query, info, warn, error.'):format(tostring(event)))
  end
  if type(handler) ~= "function" then raise "db:on takes the name of an event and a function." end
  events.on(states[self], event, handler)
  return self
end

-- Tell the handlers of "info", "warn" and "error".
function Client:emit(event, fields) events.emit(states[self], event, fields) end

-- The models whose rows a read may depend on, in order of their names; those that scopes ask for, too.
function Client:reads(params)
  local state = opened(self).root
  state.touched = state.touched or require "lorm.touched".of(self)
  return state.touched.reads(params.model, params.args, params.scopes)
end

-- For whom a call is made: equal texts, equal rows for equal arguments; nil when that cannot be said. And whether the
-- text means the same in every program with this schema and middleware: not when a script has added to the client.
function Client:audience(params)
  return require "lorm.audience".of(opened(params.client or self), params)
end

-- The models whose rows a call may change, in order of their names, with those that nested writes and the database's
-- own cascades reach; nil for raw SQL, of which nobody knows. params: what a hook got.
function Client:touches(params)
  local state = opened(self).root
  state.touched = state.touched or require "lorm.touched".of(self)
  return state.touched.writes(params.model, params.action or params.operation, params.args)
end

-- The pool's and the plan cache's figures, as a table or in Prometheus' text form.
function Client:metrics(options)
  return require "lorm.metrics".report(self, core.stats(opened(self).handle), options)
end

-- The schema, in the shape of Prisma's DMMF data model.
function Client:schema() return core.json.decode(core.dmmf(opened(self).handle)) end

-- A client with more: hooks (query), methods of models (model) and of db (client), computed fields (result), or with
-- fewer rows (scopes).
function Client:extends(extension)
  return sibling(opened(self), function(state) layers.add(state, { extension = extension }) end)
end

-- ---- methods of tx ----

Tx.queryRaw, Tx.executeRaw, Tx.batch, Tx.touches = Client.queryRaw, Client.executeRaw, Client.batch, Client.touches
Tx.notify = Client.notify

-- The same transaction without scopes.
function Tx:unscoped()
  local state = opened(self)
  local session, mine = new_session("tx", state.root, state.handle, Tx)
  mine.scopes = nil
  return session
end

function Tx:transaction(fn) return require "lorm.transaction".nested(opened(self), fn) end

-- The transaction ends, one way or the other; its connection goes back.
local function finish(session, verb)
  local handle = opened(session).handle
  local keep <close> = setmetatable({}, { __close = function() core.release(handle) end })
  core.finish(handle, verb)
end

local function committed(session, e)
  for _, fn in ipairs(states[session].committed or {}) do
    local ok, problem = pcall(fn, e)
    if not ok then require "lorm.log".error("tx:onCommit failed", { error = tostring(problem) }) end
  end
end

function Tx:commit()
  local ok, e = pcall(finish, self, "commit")
  if ok or core.isError(e, "UnknownOutcome") then committed(self, e) end
  if not ok then error(e, 0) end
end

-- fn() is called once the transaction was committed; fn(e) when it is not known whether it was.
function Tx:onCommit(fn)
  if type(fn) ~= "function" then raise "tx:onCommit takes a function." end
  local state = opened(self)
  state.committed = state.committed or {}
  table.insert(state.committed, fn)
end

function Tx:rollback() finish(self, "rollback") end

-- ---- methods of a recorder ----

Recorder.queryRaw, Recorder.executeRaw, Recorder.notify = Client.queryRaw, Client.executeRaw, Client.notify

-- ---- for the other files of lorm ----

function client.tx(root, handle) return new_session("tx", root, handle, Tx) end
function client.recorder(root, handle) return new_session("batch", root, handle, Recorder) end
function client.state(session) return states[session] end
function client.rebuild(state) renew(state) end
client.info, client.model = info_of, find_model

-- For a scope's own queries: the client of a state, without scopes and hooks.
function client.bare(state)
  return sibling(state, function(bare)
    layers.add(bare, { bare = true })
    layers.add(bare, { unscoped = true })
  end)
end

-- A model of a state's, with other scopes.
function client.scoped_model(state, name, scopes)
  local view = setmetatable({ scopes = scopes, models = {} }, { __index = state })
  view.action = action_maker(view)
  return find_model(view, name)
end
client.methods = Client

local function sharing(base)
  local list = {}
  for _, state in pairs(states) do
    if state.kind == "client" and base and (state.base or state.handle) == base then list[#list + 1] = state end
  end
  return list
end

-- Everything that goes through the client, and those made of it, goes into a transaction from now on (its C side);
-- nil: no longer.
function client.redirect(session, tx)
  local base = states[session].base or client.handle(session)
  for _, state in ipairs(sharing(base)) do
    state.handle, state.base = tx or base, tx and base or nil
    state.terminal = terminal(state)
    renew(state)
  end
end

-- The schema has changed: the client, and those made of it, are opened anew. Model tables stay what they are.
function client.reopen(session)
  local first = states[session].origin or states[session]
  local old = first.handle
  if not old then return end
  local new = core.open(first.options)
  for _, state in ipairs(sharing(old)) do
    state.handle, state.infos, state.touched = new, {}, nil
    state.terminal = terminal(state)
    for name, made in pairs(state.models) do model.refresh(made, core.model(new, name)) end
    for name in pairs(state.session) do state.session[name] = nil end
    renew(state)
  end
  events.watch(first)
  core.close(old)
end

-- The C side of a session.
function client.handle(session)
  if not states[session] then raise "A client is wanted here: what lorm.connect returned." end
  return opened(session).handle
end

-- Is the value a session? Then what kind: "client", "tx", "batch".
function client.kind(value)
  local state = type(value) == "table" and states[value]
  return state and state.kind
end

-- ---- opening ----

-- log = true, { "query", "warn" } or Prisma's { { emit = "stdout" | "event", level = "query" } }; events alone are
-- for db:on.
local function listen_to_log(session, wanted)
  local log = require "lorm.log"
  if wanted == true then wanted = { "query", "info", "warn", "error" } end
  for _, entry in ipairs(wanted) do
    local level = type(entry) == "table" and entry.level or entry
    if type(entry) ~= "table" or entry.emit ~= "event" then
      session:on(level, function(e)
        if level == "query" then
          log.info("query", { sql = e.query, ms = e.duration, error = e.error })
        else
          log[level](e.message or "", { target = e.target })
        end
      end)
    end
  end
end

local options_known = {
  schema = true, schemaText = true, url = true, datasources = true, pool = true, omit = true, log = true,
  middleware = true, transactionOptions = true,
}

local pool_known = {
  max = true, min = true, connectionTimeoutMillis = true, idleTimeoutMillis = true, maxLifetime = true, spinMicros = true,
  leakThresholdMillis = true,
}

local function check_names(given, known, prefix)
  for name in pairs(given) do
    if not known[name] then
      local candidates = {}
      for candidate in pairs(known) do candidates[#candidates + 1] = candidate end
      local near = core.nearest(tostring(name), candidates)
      raise(("lorm.connect has no option %s%s.%s"):format(prefix, tostring(name), near and (" Did you mean %s?"):format(near) or ""))
    end
  end
end

local function check_options(options)
  check_names(options, options_known, "")
  if type(options.pool) == "table" then check_names(options.pool, pool_known, "pool.") end
end

-- Prisma's way to say the address: datasources = { db = { url = "..." } }.
local function url_of(options)
  local _, source = next(options.datasources or {})
  return options.url or (source and source.url)
end

local function open(state, options)
  check_options(options)
  state.options = {
    schema = options.schema, schemaText = options.schemaText, url = url_of(options), pool = options.pool, omit = options.omit,
  }
  state.handle = core.open(state.options)
  events.watch(state)
  state.options, state.schema, state.transactionOptions = options, options.schema, options.transactionOptions
  if options.log then listen_to_log(state.session, options.log) end
  events.tell_unknown(state)
  if options.middleware then
    require "lorm.loader".load(state.session, { list = function() return options.middleware end })
  end
end

function client.connect(options)
  local session, state = new_session("client", nil, nil, Client)
  open(state, options or {})
  return session
end

-- A client that connects when it is first used, with the options that `choose` returns then; ready(session, ...) is
-- called with what it returns besides.
function client.lazy(choose, ready)
  local session, state = new_session("client", nil, nil, Client)
  local function connect()
    state.open = function() raise "The client is being opened: middleware cannot use it while it is set up." end
    local fine, e = pcall(function()
      local options, more = choose()
      open(state, options)
      ready(session, more)
    end)
    state.open = connect
    if fine then return end
    if state.handle then core.close(state.handle) end
    state.handle = nil
    error(e, 0)
  end
  state.open, state.lazy = connect, true
  return session
end

return client
