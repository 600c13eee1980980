-- The query corpus, case by case: fails when a case that passed no longer does.
--   LORM=build/lorm build/lorm run tests/conformance/queries.lua      UPDATE=1 writes the list of failures anew
-- The corpus and its runner lie beside the checkout (or where LORM_CONFORMANCE says); without them there is nothing
-- to do. queries.failing lists the ids of the cases that are known to fail.
local client = require "lorm.client"
local core = require "lorm.core"
local testing = require "lorm.testing"

local here = arg[0]:match "^(.*)/[^/]*$" or "."
local data = (os.getenv "LORM_CONFORMANCE" or here .. "/../../../shared/conformance") .. "/queries"
local listed = here .. "/queries.failing"
local program = os.getenv "LORM" or "lorm"

local function readable(path)
  local file = io.open(path)
  return file and file:close()
end

local function lines_of(path)
  local list, file = {}, io.open(path)
  for line in file and file:lines() or function() end do list[#list + 1] = line end
  if file then file:close() end
  return list
end

local function set_of(list)
  local set = {}
  for _, v in ipairs(list) do set[v] = true end
  return set
end

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- The runner is a program of its own: it empties the database that it is given, and exits. Its report has a line a
-- case: "pass ID" or "fail ID".
local function run(url)
  local report = os.tmpname()
  local command = { quoted(program), "run", quoted(data .. "/run.lua"), quoted(data .. "/cases"), "--url", quoted(url),
    "--report", quoted(report), "-v" }
  os.execute(table.concat(command, " "))
  local passed, failed = {}, {}
  for _, line in ipairs(lines_of(report)) do
    local verdict, id = line:match "^(%a+) (.*)$"
    local list = verdict == "pass" and passed or failed
    list[#list + 1] = id
  end
  os.remove(report)
  return passed, failed
end

local function update(failed)
  table.sort(failed)
  local file = assert(io.open(listed, "w"))
  for _, id in ipairs(failed) do file:write(id, "\n") end
  file:close()
end

local function compare(passed, failed)
  local known, worse = set_of(lines_of(listed)), 0
  for _, id in ipairs(passed) do
    if known[id] then print("passes now, strike it from the list: " .. id) end
  end
  for _, id in ipairs(failed) do
    if not known[id] then
      worse = worse + 1
      print("failed: " .. id)
    end
  end
  return worse
end

if not readable(data .. "/run.lua") then
  print("query corpus: not here, nothing to do")
  return
end

local db <close> = testing.database()
local passed, failed = run(core.url(client.handle(db)))
if #passed + #failed == 0 then error "query corpus: the runner reported nothing" end
if os.getenv "UPDATE" then update(failed) end
local worse = compare(passed, failed)
print(("query corpus: %d passed, %d failed, %d of them unexpectedly"):format(#passed, #failed, worse))
if worse > 0 then error("query corpus: cases failed that used to pass", 0) end
