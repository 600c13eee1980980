-- page.lua PAGE FOLDER: runs the blocks of a page in the working directory, and fails where one is not what it says.
--
--   sh             the lines are run, and nothing may fail; `sh fails`: the last must
--   text           what the sh block before it printed; `text stderr`: what it said beside that
--   console        lines that begin with "$ " are run, what is between is what they show
--   screen         the same typed into a terminal, also at the prompts of lorm's REPL; ⇥ is the Tab key
--   lua            runs, with what blocks before it left; lines with `--> x` say what is printed, `--> error: x` what
--                  is raised in the end
--   LANGUAGE FILE  is written there; Lua must be Lua, and a schema a valid one
--   prisma         a schema, valid; a datasource may be left out
--   sql            runs on the project's database
--   json           JSON
--   env, ini, toml, yaml, dockerfile, file: always with a file
--
-- "sh not run: REASON" (any language) is not run, and printed as such. FOLDER is for this program's own files.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local match = require "match"
local screen = require "screen"

local page, folder = arg[1], arg[2]
local name = page:match "[^/]*$"
local failures, ran, skipped = 0, 0, 0
local current -- the block

local function fail(what, line)
  failures = failures + 1
  io.stderr:write(("%s:%d: %s\n"):format(name, line or current.line, what))
end

local function read(path)
  local file <close> = io.open(path)
  return file and file:read "a" or ""
end

local function write(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

-- ---- the shell ----

local script, out, err, state = folder .. "/script", folder .. "/out", folder .. "/err", folder .. "/state"
local wrap = [[
[ ! -e '%s' ] || . '%s'
trap 'status=$?; { echo "cd \"$(pwd)\""; export -p; } >"%s"; exit $status' EXIT
set -e
]]

-- Working directory and environment stay for the next one. Returns the exit status.
local function shell(text, merged)
  write(script, wrap:format(state, state, state) .. text .. "\n")
  local _, _, status = os.execute(("sh '%s' >'%s' 2>%s </dev/null"):format(script, out, merged and "&1" or "'" .. err .. "'"))
  return status
end

local function told() return ("\n  stdout: %s\n  stderr: %s"):format(read(out), read(err)) end

local function directory()
  shell "pwd"
  return read(out):match "[^\n]*"
end

-- ---- Lua, as one REPL ----

local session
local function close_session()
  if session then session.input:close(); session.answers:close() end
  session = nil
end

local function open_session()
  local fifo = folder .. "/answers"
  os.execute(("rm -f '%s' && mkfifo '%s'"):format(fifo, fifo))
  write(folder .. "/lua.out", "")
  write(script, wrap:format(state, state, state):gsub("trap[^\n]*\n", "") ..
    ("exec lorm run -q '%ssession.lua' '%s' >>'%s/lua.out' 2>'%s/lua.err'\n"):format(here, fifo, folder, folder))
  local input = io.popen(("sh '%s'"):format(script), "w")
  input:setvbuf "no"
  session = { input = input, answers = assert(io.open(fifo)), seen = 0 }
end

local function expected_of(block)
  local list = {}
  for _, line in ipairs(block.lines) do
    list[#list + 1] = line:match "%-%-> ?(.*)$"
  end
  return list
end

local function run_lua(block)
  if not session then open_session() end
  write(folder .. "/block.lua", block.text)
  session.input:write(folder, "/block.lua\n")
  local answer = session.answers:read "l" or "raised (the program ended) " .. read(folder .. "/lua.err")
  local printed = read(folder .. "/lua.out")
  local fresh = printed:sub(session.seen + 1)
  session.seen = #printed
  local expected = expected_of(block)
  local raises = expected[#expected] and expected[#expected]:match "^error: "
  if answer ~= "ok" and not raises then return fail((answer:gsub("\\n", "\n"))) end
  if answer == "ok" and raises then return fail "no error was raised" end
  local ok, problem = match(table.concat(expected, "\n"), fresh)
  if not ok then fail(problem) end
end

-- ---- the kinds ----

local kinds = {}
local last -- what the last sh block printed has not been compared yet

local function new_session(path) return path:match "%.prisma$" or path:match "%.env$" or path:match "lorm%.config%.lua$" or path:match "%.sql$" end

function kinds.sh(block)
  local fails = block.words == "fails"
  if block.words ~= "" and not fails then return fail("unknown words: " .. block.words) end
  local status = shell(block.text)
  last = { out = read(out), err = read(err) }
  if fails and status == 0 then fail("this was to fail" .. told()) end
  if not fails and status ~= 0 then fail("exit status " .. status .. told()) end
  if block.text:find("db p", 1, true) or block.text:find("migrate", 1, true) or block.text:find "%f[%w]cd " then close_session() end
end

function kinds.text(block)
  if not last then return fail "no sh block stands before this text" end
  local ok, problem = match(block.text, block.words == "stderr" and last.err or last.out)
  if not ok then fail(problem) end
end

function kinds.console(block)
  local at, lines = 1, block.lines
  if not lines[1]:find "^%$ " then return fail 'the first line does not begin with "$ "' end
  while lines[at] do
    local command, shown, line = lines[at]:sub(3), {}, block.line + at - 1
    at = at + 1
    while lines[at] and command:find "\\$" do
      command, at = command .. "\n" .. lines[at]:gsub("^> ", ""), at + 1
    end
    while lines[at] and not lines[at]:find "^%$ " do
      shown[#shown + 1], at = lines[at], at + 1
    end
    local expected = table.concat(shown, "\n")
    local status = shell(command, true)
    if status ~= 0 and not ("\n" .. expected):find "\nerror" then fail("exit status " .. status .. "\n" .. read(out), line) end
    local ok, problem = match(expected, read(out))
    if not ok then fail(problem, line) end
  end
  last = nil
  close_session()
end

function kinds.screen(block)
  local problem, line = screen.run(block, script, wrap:format(state, state, state):gsub("trap[^\n]*\n", ""):gsub("set %-e\n", ""))
  if problem == "no tmux" then skipped = skipped + 1 return end
  if problem then fail(problem, line) end
end

local function written(block)
  local path = block.words
  if path:find "[%s']" then return fail("no file's name: " .. path) end
  if path:find "%.lua$" then
    local ok, problem = load(block.text, "=" .. path)
    if not ok then fail(problem) end
    if block.text:find "%-%-> " then fail "`-->` in a file is not looked at" end
  end
  local folder_of = path:match "^(.*)/"
  if folder_of then shell(("mkdir -p '%s'"):format(folder_of)) end
  write(path:sub(1, 1) == "/" and path or directory() .. "/" .. path, block.text)
  if new_session(path) then close_session() end
end

function kinds.lua(block)
  if block.words ~= "" then return written(block) end
  run_lua(block)
end

local unchecked -- { path = the block that wrote it }: schemas of several files are looked at when all are there

local function valid(path)
  if shell(("lorm validate --schema '%s'"):format(path)) ~= 0 then fail("lorm validate:" .. told()) end
end

local function check_schemas()
  for path, block in pairs(unchecked or {}) do
    current = block
    valid(path)
  end
  unchecked = nil
end

function kinds.prisma(block)
  if block.words ~= "" then
    written(block)
    unchecked = unchecked or {}
    unchecked[block.words:match "^(.-schema)/[^/]*$" or block.words] = block
    return
  end
  local text = block.text
  if not text:find "%f[%w]datasource%f[%W]" then
    text = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n' .. text
  end
  write(folder .. "/fragment.prisma", text)
  valid(folder .. "/fragment.prisma")
end

function kinds.sql(block)
  if block.words ~= "" then return written(block) end
  write(folder .. "/statements.sql", block.text)
  if shell(("lorm db execute -q --file '%s/statements.sql'"):format(folder)) ~= 0 then fail("this SQL fails:" .. told()) end
end

function kinds.json(block)
  if block.words ~= "" then written(block) end
  write(folder .. "/value.json", block.text)
  if shell(("lorm eval -q 'lorm.json.decode(io.open(\"%s/value.json\"):read \"a\") ~= nil'"):format(folder)) ~= 0
    or not read(out):find "true" then fail("no JSON:" .. told()) end
end

-- Any file, for the blocks behind it.
function kinds.file(block)
  if block.words == "" then return fail "a block of a file names it" end
  written(block)
end

for _, kind in ipairs { "env", "ini", "toml", "yaml", "dockerfile" } do kinds[kind] = kinds.file end

-- ---- the page ----

local list, problems = require("blocks").read(page)
for _, problem in ipairs(problems) do fail(problem, 0) end
for _, block in ipairs(list) do
  if block.kind ~= "prisma" then check_schemas() end
  current = block
  local reason = block.words:match "^not run:%s*(.+)$"
  if reason then
    print(("not run: %s:%d (%s): %s"):format(name, block.line, block.kind, reason))
  elseif kinds[block.kind] then
    ran = ran + 1
    kinds[block.kind](block)
  else
    fail("a block of an unknown language: " .. block.kind)
  end
end
check_schemas()
close_session()
print(("%s: %d blocks, %d failed"):format(name, ran, failures))
os.exit(failures > 0 and 1 or skipped > 0 and 77 or 0)
