-- not_run.lua PAGE...: the blocks that the pages say are not run, with their reasons, are those of not_run.txt.
--   lua5.4 tests/docs/not_run.lua README.md docs/*.md
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local read = require("blocks").read

local expected, failures, n = {}, 0, 0
for line in io.lines(here .. "not_run.txt") do
  if line:find "%S" and not line:find "^#" then expected[line] = true end
end
for _, page in ipairs(arg) do
  for _, block in ipairs(read(page)) do
    local reason = block.words:match "^not run:%s*(.-)$"
    if reason then
      local line = ("%s | %s | %s"):format(page, block.kind, reason)
      print(line)
      n = n + 1
      if not expected[line] then
        failures = failures + 1
        io.stderr:write("not in not_run.txt: ", line, "\n")
      end
      expected[line] = nil
    end
  end
end
for line in pairs(expected) do
  failures = failures + 1
  io.stderr:write("no such block: ", line, "\n")
end
print(("%d blocks are not run"):format(n))
os.exit(failures == 0)
