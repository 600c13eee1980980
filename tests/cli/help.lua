-- What every command's rows in the table must have: a paragraph, options that are explained, values that completion
-- knows, two examples that the program understands.
--   lorm run help.lua PROGRAM
local lorm = require "lorm"

local program <const> = arg[1]

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

local function output(command)
  local pipe <close> = io.popen(command, "r")
  return pipe:read "a", select(3, pipe:close())
end

local complaints = 0
local function complain(text, ...)
  io.stderr:write(text:format(...), "\n")
  complaints = complaints + 1
end

local help = lorm.json.decode((output(quoted(program) .. " help --json")))

local known = {}
for _, word in ipairs(help.values) do known[word] = true end

-- this|that, FILE.lua, or a word of values.def
local function check_value(where, value)
  local word = value:gsub("%.%.%.$", "")
  if not word:find "|" and not word:find "^FILE%.%l+$" and not known[word] then
    complain("%s: %s is not in values.def", where, word)
  end
end

local function check_option(where, option)
  if option.value then check_value(where, option.value) end
  if not option.name:find "^%-%-%l[%l-]+$" then complain("%s: %s is no name", where, option.name) end
  if option.short and not option.short:find "^%-%l$" then complain("%s: %s is no name", where, option.short) end
  if #option.summary < 8 then complain("%s %s has no explanation", where, option.name) end
end

-- --help behind the command's name: everything is read, nothing is done.
local function check_example(command, example)
  local prefix = "lorm " .. command.name
  local rest = example.line:sub(#prefix + 1)
  if example.line:sub(1, #prefix) ~= prefix or not rest:find "^ ?" then
    return complain("%s: an example of something else: %s", command.name, example.line)
  end
  if example.summary == "" then complain("%s: an example without explanation", command.name) end
  if command.operands == "[ARG...]" then rest = "" end
  local _, status = output(("%s %s --help%s 2>&1"):format(quoted(program), command.name, rest))
  if status ~= 0 then complain("`%s` is not understood", example.line) end
end

local function check_command(command)
  if command.sameAs then return end
  if #command.about < 40 then complain("%s: what does it do?", command.name) end
  if #command.examples < 2 then complain("%s needs two examples", command.name) end
  for word in command.operands:gmatch "[^%[%] ]+" do
    if word ~= "--" and word ~= "..." then check_value(command.name, word) end
  end
  for _, option in ipairs(command.options) do check_option(command.name, option) end
  for _, example in ipairs(command.examples) do check_example(command, example) end
end

assert(#help.commands > 20 and #help.options > 4, "the table")
for _, command in ipairs(help.commands) do check_command(command) end
for _, option in ipairs(help.options) do check_option("lorm", option) end
os.exit(complaints == 0)
