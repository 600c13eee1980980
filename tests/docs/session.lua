-- session.lua ANSWERS: runs the blocks whose files are named on standard input, one behind the other, as the lines of
-- one REPL: locals stay. After each, "ok" or what is wrong goes to ANSWERS. What is raised is printed as a line, too.
local chunk = require "lorm.repl.chunk"
local answers = assert(io.open(arg[1], "w"))
answers:setvbuf "no"
local env = setmetatable({}, { __index = _G, __newindex = _G })

for path in io.lines() do
  local file = assert(io.open(path))
  local fn, problem = chunk.load(file:read "a", env)
  file:close()
  local answer = "ok"
  if not fn then
    answer = "syntax " .. problem:gsub("\n", "\\n")
  else
    local ok, e = xpcall(fn, function(e) return { e, debug.traceback(tostring(e), 2) } end)
    if not ok then
      answer = "raised " .. e[2]:gsub("\n", "\\n")
      print("error: " .. tostring(e[1]):gsub("^repl:%d+: ", ""))
    end
  end
  io.stdout:flush()
  answers:write(answer, "\n")
end
