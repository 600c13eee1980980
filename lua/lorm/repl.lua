-- The REPL, which src/cli/cmd_repl.c drives: it reads lines and hands them over; this is what they mean.
--   open(words)        a session: "terminal", "color", "sandbox", "yes", "quiet" in it say how
--   needsMore(text)    "yes" while the chunk is not whole     complete(text)   see lorm.repl.complete
--   line(text)         run a chunk or a command: 0 done, 1 failed and said why, 2 leave; other errors are raised
--   settle(message)    after such an error
--   prompt(more)       mayBeKept(text): in the history        spoke(): was anything written while somebody typed?
--   close()
-- open, line, settle and close run as tasks; the others never wait.
local catalog = require "lorm.catalog"
local chunk = require "lorm.repl.chunk"
local client = require "lorm.client"
local commands = require "lorm.repl.commands"
local completion = require "lorm.repl.complete"
local config = require "lorm.config"
local core = require "lorm.core"
local events = require "lorm.events"
local environment = require "lorm.repl.environment"
local guard = require "lorm.repl.guard"
local log = require "lorm.log"
local output = require "lorm.repl.output"
local repeats = require "lorm.repeats"
local transactions = require "lorm.repl.transactions"

local repl = {}

local DONE, FAILED, LEAVE <const> = 0, 1, 2

local session

-- ---- writing ----

-- While somebody types, the line is wiped away first, and drawn again by whoever asks `spoke`.
local function wipe()
  if session and session.terminal and not session.running then
    session.spoken = true
    io.stdout:write "\r\27[J"
  end
end

local function say(text)
  wipe()
  io.stdout:flush()
  io.stderr:write(text, "\n")
end

local function note(text)
  if not session.quiet then say(text) end
end

local function write(text)
  wipe()
  io.stdout:write(text, "\n")
  io.stdout:flush()
end

-- Also what tasks in the background have to say.
local function tame_output()
  local plain, lines = print, log.write
  _G.print = function(...)
    wipe()
    plain(...)
    io.stdout:flush()
  end
  function log.write(line)
    wipe()
    lines(line)
  end
end

-- ---- what stands around calls and lines ----

local function around(state, params, run)
  if session.tapped then return session.tapped(state, params, run) end
  session.guard.check(state.base or state.handle, params)
  return session.repeats.call(params, run)
end

local function refuse(what)
  return function()
    core.throw { name = "UsageError", message = what .. " is not part of the sandbox: it could not be rolled back." }
  end
end

-- What goes past the calls of a client.
local function guard_migrations(lorm, sandbox)
  for _, name in ipairs { "deploy", "push", "execute", "restore" } do
    local plain = lorm.migrate[name]
    if plain and sandbox then
      lorm.migrate[name] = refuse("lorm.migrate." .. name)
    elseif plain then
      lorm.migrate[name] = function(db, ...)
        session.guard.permit(client.handle(db), "lorm.migrate." .. name)
        return plain(db, ...)
      end
    end
  end
  if sandbox then lorm.connect = refuse "lorm.connect" end
end

-- A statement was run: counted, and its SQL shown as it was sent.
local function on_query(event)
  if session.muted then return end
  session.statements = session.statements + 1
  if not session.sql then return end
  local params = event.params ~= "" and event.params ~= "[]" and "  " .. event.params or ""
  local text = ("%s%s  %.1f ms"):format(event.query, params, event.duration)
  write(session.color and "\27[2m" .. text .. "\27[0m" or text)
end

local function deliver(muted)
  session.muted = muted
  events.deliver(client.state(session.db()))
  session.muted = false
end

-- The pool drops what the server closed, and makes a new one, unseen; here it is said.
local function tell_lost(well)
  local handle = client.state(session.db()).handle
  local lost = handle and core.stats(handle).lost or 0
  if lost > session.lost then
    note(well and "a connection had been lost; a new one was made" or "the connection is gone; the next query opens a new one")
  end
  session.lost = lost
end

local function before_line()
  session.guard.line()
  session.repeats.take()
  require "lorm.loader".refresh_all()
  session.transactions.before()
  deliver(true)
end

local function warn_of_repeats()
  for _, text in ipairs(session.repeats.take()) do say("warning: " .. text) end
end

-- ---- evaluating ----

-- What fn returns, shown with what it took.
local function measured(fn)
  session.statements = 0
  local started = core.clock()
  local values = table.pack(fn())
  local about = { millis = core.clock() - started, timing = session.timing }
  deliver(false)
  about.statements = session.statements
  if about.statements == 0 and session.timing ~= "always" then about.timing = false end
  if values[1] ~= nil then session.scope.set("_", values[1]) end
  if not session.terminal then about.statements, about.timing = nil, false end
  session.show.results(values, about)
end

local function evaluate(text)
  for _, part in ipairs(chunk.split(text)) do
    local fn, names = chunk.load(part, session.scope.env)
    if not fn then
      session.last_error = names
      say("error: " .. names)
      return FAILED
    end
    for _, name in ipairs(names) do session.scope.declare(name.name, name.close) end
    measured(fn)
    session.chunks[#session.chunks + 1] = part
    session.last_chunk = part
  end
end

local function run_command(name, rest)
  local command, problem = commands.find(name)
  if not command then
    session.last_error = problem
    say("error: " .. problem)
    return FAILED
  end
  local answer = command.run(session, rest)
  if answer == true then return LEAVE end
  return answer
end

local Running = { __close = function() session.running = false end }

-- .begin, .commit and the like move between lines themselves.
local moving = { begin = true, commit = true, rollback = true, connect = true, reload = true }

function repl.line(text)
  session.running = true
  local keep <close> = setmetatable({}, Running)
  local name, rest = commands.parse(text)
  if moving[name] then
    session.guard.line()
    deliver(true)
    local status = run_command(name, rest)
    deliver(true)
    return status or DONE
  end
  before_line()
  local status
  if name then status = run_command(name, rest) else status = evaluate(text) end
  deliver(false)
  if not session.transactions.after(status ~= FAILED) then
    say "warning: a statement failed in this line: what it did in the transaction is undone"
  end
  deliver(true)
  tell_lost(true)
  warn_of_repeats()
  return status or DONE
end

-- After an error that line raised.
function repl.settle(text)
  session.running = true
  local keep <close> = setmetatable({}, Running)
  session.last_error = text
  deliver(false)
  session.transactions.after(false)
  deliver(true)
  tell_lost(false)
  warn_of_repeats()
  return DONE
end

-- ---- what is asked between lines ----

-- In the history: nothing that begins with a blank, no addresses, nothing that looks like a secret.
function repl.mayBeKept(text)
  local lower = text:lower()
  if text:find "^%s" or text:find("://", 1, true) then return "" end
  for _, word in ipairs { "passwor[dt]", "passwd", "secret", "token", "api_?key", "credential", "pgpass" } do
    if lower:find(word .. "[%w_]*[\"'%]]*%s*[=,:]%s*[\"'%[]") or lower:find(word .. "%s+'") then return "" end
  end
  return "yes"
end

function repl.needsMore(text)
  local name, rest = commands.parse(text)
  if name then
    local command = commands.find(name)
    if not command or not command.expression then return "" end
    if name == "export" then rest = rest:match "^%a+%s+%S+%s+(.+)$" or "" end
    return rest ~= "" and chunk.state(rest) == "unfinished" and "yes" or ""
  end
  return chunk.state(text) == "unfinished" and "yes" or ""
end

function repl.complete(text)
  local replaced, list = completion.candidates(text, { env = session.scope.env, commands = commands })
  return #list > 0 and replaced .. "\n" .. table.concat(list, "\n") or ""
end

local function painted(text, code)
  return session.color and ("\1\27[%sm\1%s\1\27[0m\1"):format(code, text) or text
end

local labels = { tx = "tx", sandbox = "sandbox", ["sandbox tx"] = "sandbox tx" }

function repl.prompt(more)
  if more then return "   ... " end
  local state = session.transactions.state
  local parts = {}
  if session.production then parts[#parts + 1] = painted("production", "1;31") end
  if state then parts[#parts + 1] = painted(labels[state], "33") end
  return "lorm" .. (#parts > 0 and "(" .. table.concat(parts, " ") .. ")" or "") .. "> "
end

function repl.spoke()
  local spoken = session.spoken
  session.spoken = false
  return spoken and "yes" or ""
end

-- ---- a session ----

local function connect(url)
  local plain = require "lorm.globals".connect(url)
  session.scope.declare "db"
  session.scope.set("db", plain)
  session.current = plain
  catalog.main = plain
  session.production = session.guard.is_production(client.handle(plain))
  session.lost = 0
  plain:on("query", on_query)
  note("connected to " .. core.shownUrl(client.handle(plain)))
end

local function run_file(path)
  local fn, problem = loadfile(path, "t", session.scope.env)
  if fn then
    local fine, e = pcall(fn)
    problem = not fine and tostring(e) or nil
  elseif problem and problem:find "^cannot open" then
    problem = nil
  end
  if problem then say("warning: " .. problem) end
end

-- Of the user, and of the project.
local function run_settings()
  local home, root = os.getenv "HOME", config.root or "."
  if home and home ~= "" and home ~= root then run_file(home .. "/.lormrc.lua") end
  run_file(root .. "/.lormrc.lua")
end

local function greet(flags)
  if session.production then note "this database is not on this machine: it may be in production; writes are asked about" end
  if flags.sandbox then
    note "sandbox: what goes through db is rolled back at exit; sequences keep counting, what is sent elsewhere stays sent"
  end
end

local function new_session(flags)
  session = {
    terminal = flags.terminal, color = flags.color, quiet = flags.quiet, timing = "queries", chunks = {}, running = true,
    scope = environment.new(), repeats = repeats.new(), current = db, lost = 0, statements = 0, note = say, measured = measured,
    evaluate = evaluate, connect = connect,
  }
  session.db = function() return session.current end
  session.tap = function(fn) session.tapped = fn end
  session.show = output.new { terminal = flags.terminal, color = flags.color, write = write }
  session.guard = guard.new {
    yes = flags.yes,
    terminal = flags.terminal,
    alert = function(text)
      io.stderr:write(text)
      io.stderr:flush()
    end,
  }
  session.transactions = transactions.new { db = session.db, note = say }
end

function repl.open(text)
  local flags = {}
  for word in text:gmatch "%a+" do flags[word] = true end
  new_session(flags)
  local keep <close> = setmetatable({}, Running)
  catalog.main = db
  client.around = around
  db:on("query", on_query)
  guard_migrations(require "lorm", flags.sandbox)
  if flags.terminal then
    tame_output()
    local fine, handle = pcall(client.handle, db) -- what is wrong with it is said when it is used
    session.production = fine and session.guard.is_production(handle)
  end
  if flags.sandbox then session.transactions.sandbox() end
  greet(flags)
  run_settings()
  return DONE
end

function repl.close()
  session.running = true
  local was = session.transactions.close()
  if was then note(was == "tx" and "the open transaction is rolled back" or "the sandbox is rolled back") end
  local problem = session.scope.close()
  if problem then say("warning: " .. tostring(problem)) end
  return DONE
end

return repl
