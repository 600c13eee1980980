-- The prompt's own commands: { name =, argument =, summary =, run = fn(session, rest), complete =, expression = }.
-- session is lorm.repl's. run may return true to leave. expression: the rest may take several lines, as Lua does.
local catalog = require "lorm.catalog"
local chunk = require "lorm.repl.chunk"
local client = require "lorm.client"
local complete = require "lorm.repl.complete"
local core = require "lorm.core"

local commands = {}

local function usage(message, hint) core.throw { name = "UsageError", message = message, hint = hint } end

-- ---- what may stand behind a command ----

local function words(list)
  return function(rest) return #rest, complete.matching(list, rest) end
end
local function files(rest) return #rest, complete.files(rest) end
local function expression(rest, env) return complete.lua(rest, env) end

local function names(rest)
  local schema = catalog.project()
  local list = {}
  for _, part in ipairs(schema and { schema.names, schema.enumNames } or {}) do table.move(part, 1, #part, #list + 1, list) end
  return #rest, complete.matching(list, rest)
end

local function export_words(rest, env)
  local format, behind = rest:match "^(%a+)%s+(.*)$"
  if not format then return words { "csv", "json" }(rest) end
  local chunk_text = behind:match "^%S+%s+(.*)$"
  if chunk_text then return complete.lua(chunk_text, env) end
  return files(behind)
end

-- on, off, or the other of what is now.
local function switched(now, rest)
  if rest == "" then return not now end
  if rest ~= "on" and rest ~= "off" then usage(("It is on or off, not `%s`."):format(rest)) end
  return rest == "on"
end

local function needed(rest, what)
  if rest == "" then usage(("Which %s?"):format(what)) end
  return rest
end

local function project()
  local schema, why = catalog.project()
  if not schema then usage("The schema cannot be read: " .. why) end
  return schema
end

-- ---- the commands ----

local function add(name, argument, summary, run, more)
  local command = { name = name, argument = argument, summary = summary, run = run }
  for key, value in pairs(more or {}) do command[key] = value end
  commands[#commands + 1] = command
end

add("help", "[COMMAND]", "explain these commands", function(session, rest)
  local lines = {}
  for _, command in ipairs(commands) do
    local head = "." .. command.name .. (command.argument ~= "" and " " .. command.argument or "")
    if rest == "" or rest:gsub("^%.", "") == command.name then
      lines[#lines + 1] = ("  %-28s %s"):format(head, command.summary)
    end
  end
  if #lines == 0 then usage(("There is no command .%s; .help lists them."):format(rest)) end
  if rest == "" then
    table.insert(lines, 1, "An expression shows its value, a statement runs; both may take several lines. _ is the last value.")
    lines[#lines + 1] = "Tab completes, Ctrl-R searches the history, Ctrl-C ends what runs, Ctrl-D leaves."
    lines[#lines + 1] = "Try: db." .. (catalog.project() and catalog.project().names[1] or "User") .. ":findMany { take = 3 }"
  end
  session.show.text(table.concat(lines, "\n"))
end, {
  complete = function(rest)
    local list = {}
    for i, command in ipairs(commands) do list[i] = command.name end
    return words(list)(rest)
  end,
})

add("models", "", "the models of the schema, with their fields", function(session)
  local schema, lines = project(), {}
  for i, name in ipairs(schema.names) do
    local fields = {}
    for f, field in ipairs(schema.models[name].fields) do fields[f] = field.name end
    lines[i] = name .. ": " .. table.concat(fields, " ")
  end
  session.show.text(table.concat(lines, "\n"))
end)

add("schema", "MODEL", "a model or an enum as the schema writes it", function(session, rest)
  local schema = project()
  local text = schema.blocks[needed(rest, "model or enum")]
  if text then return session.show.text(text) end
  local list = table.move(schema.enumNames, 1, #schema.enumNames, #schema.names + 1, { table.unpack(schema.names) })
  local near = core.nearest(rest, list)
  usage(("there is no model or enum `%s`%s"):format(rest, near and ("; did you mean %s?"):format(near) or ""))
end, { complete = names })

add("sql", "on|off", "show the SQL of what follows, with its values and times", function(session, rest)
  session.sql = switched(session.sql, rest)
  session.note("SQL is " .. (session.sql and "shown" or "not shown"))
end, { complete = words { "on", "off" } })

add("explain", "EXPR", "SQL and plan of each call that the expression makes, with hints for indexes", function(session, rest)
  local fn, problem = chunk.load(needed(rest, "expression"), session.scope.env)
  if not fn then usage(problem) end
  local count = require "lorm.repl.explaining".run(fn, session.tap, session.show.text)
  if count == 0 then session.note "the expression made no call of the database" end
end, { complete = expression, expression = true })

add("time", "[on|off]", "show how long each line took, with or without queries", function(session, rest)
  session.timing = switched(session.timing == "always", rest) and "always"
  session.note(session.timing and "each line's time is shown" or "times are not shown")
end, { complete = words { "on", "off" } })

add("begin", "", "open a transaction: all that goes through db goes into it", function(session)
  session.transactions.begin()
end)
add("commit", "", "make what was done since .begin permanent", function(session) session.transactions.commit() end)
add("rollback", "", "undo what was done since .begin (in the sandbox: all of it)", function(session)
  session.transactions.rollback()
end)

add("reload", "", "load schema and middleware anew, after a migration or an edit", function(session)
  if session.transactions.state then usage("A transaction is open.", ".commit or .rollback first") end
  for _, line in ipairs(require "lorm.repl.reload".run(session.db())) do session.note(line) end
end)

add("hooks", "", "the hooks around each call, outermost first", function(session)
  client.handle(session.db())
  local list = session.db():hooks()
  if #list == 0 then return session.note "no hooks are active" end
  session.show.text(table.concat(list, "\n"))
end)

add("edit", "", "the last chunk in $VISUAL or $EDITOR; what is saved is run", function(session)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(session.last_chunk or "", "\n")
  file:close()
  local editor = os.getenv "VISUAL" or os.getenv "EDITOR" or "vi"
  local fine = os.execute(("%s '%s'"):format(editor, path))
  local saved = fine and io.open(path)
  local text = saved and saved:read "a" or ""
  if saved then saved:close() end
  os.remove(path)
  if not fine then usage(("The editor `%s` failed; EDITOR names another."):format(editor)) end
  if not text:find "%S" then return nil end
  session.show.text(text:gsub("%s+$", ""))
  return session.evaluate(text)
end)

add("save", "FILE", "write what ran well in this session into a script", function(session, rest)
  local file, problem = io.open(needed(rest, "file"), "w")
  if not file then usage("Cannot write " .. problem) end
  file:write(table.concat(session.chunks, "\n"), #session.chunks > 0 and "\n" or "")
  file:close()
  session.note(("%d chunk%s in %s"):format(#session.chunks, #session.chunks == 1 and "" or "s", rest))
end, { complete = files })

add("run", "FILE", "run a script here; its globals stay", function(session, rest)
  local fn, problem = loadfile(needed(rest, "file"), "t", session.scope.env)
  if not fn then usage(problem) end
  session.measured(fn, rest)
end, { complete = files })

add("connect", "URL", "work with another database of the same schema", function(session, rest)
  if session.transactions.state then usage("A transaction is open.", ".commit or .rollback first") end
  session.connect(needed(rest, "URL"))
end)

add("export", "csv|json FILE EXPR", "write rows into a file", function(session, rest)
  local format, path, text = rest:match "^(%a+)%s+(%S+)%s+(.+)$"
  if format ~= "csv" and format ~= "json" then usage "Say .export csv FILE EXPR, or .export json FILE EXPR." end
  local fn, problem = chunk.load(text, session.scope.env)
  if not fn then usage(problem) end
  local count = require "lorm.repl.export".write(format, path, (fn()))
  session.note(("%d row%s in %s"):format(count, count == 1 and "" or "s", path))
end, { complete = export_words, expression = true })

add("trace", "", "the last error, with its traceback", function(session)
  session.show.text(session.last_error or "nothing has failed yet")
end)

add("exit", "", "leave; so does Ctrl-D", function() return true end)

-- ---- finding one ----

-- name, rest of ".name rest"; nil when the text is Lua.
function commands.parse(text)
  local name, rest = text:match "^%s*%.(%a+)%s*(.-)%s*$"
  if not name or not text:find "^%s*%.%a+%f[%s\0]" then return nil end
  return name, rest
end

function commands.find(name)
  local list = {}
  for i, command in ipairs(commands) do
    if command.name == name then return command end
    list[i] = command.name
  end
  local near = core.nearest(name, list)
  return nil, ("there is no command .%s; %s"):format(name, near and ("did you mean .%s?"):format(near) or ".help lists them")
end

return commands
