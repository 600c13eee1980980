-- Migrations and introspection against a corpus of cases and of real projects, whose scripts, resulting databases and
-- pulled schemas are known. The corpus lies beside the checkout, or where LORM_CONFORMANCE_SCHEMA says.
--   LORM=build/lorm build/lorm run tests/conformance/migrations.lua [TEXT]   only the cases whose ids have TEXT
-- migrations.known lists "part id" of each case that is known to differ, with the reason. Any other difference fails,
-- and so does a listed one that is none any more. UPDATE=1 in the environment writes the list anew.
--
-- The cases are dealt out to PROCESSES programs (this one with --share K FILE); each has a database that it empties
-- before each case, and writes a line a verdict into its FILE: "good|bad part id".
local here = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = here .. "/?.lua;" .. package.path
local client = require "lorm.client"
local compare = require "compare"
local core = require "lorm.core"
local lorm = require "lorm"
local testing = require "lorm.testing"

local data = os.getenv "LORM_CONFORMANCE_SCHEMA" or here .. "/../../../shared/conformance/schema/cases"
local listed = here .. "/migrations.known"
local program = os.getenv "LORM" or "lorm"
local PROCESSES <const> = 2

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read "a"
  if file then file:close() end
  return text
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

-- ---- one share of the cases ----

local EMPTY_IT <const> = [[
DO $$ DECLARE what text; BEGIN
  FOR what IN SELECT format('DROP EXTENSION IF EXISTS %I CASCADE', extname) FROM pg_extension WHERE extname <> 'plpgsql'
  LOOP EXECUTE what; END LOOP;
  FOR what IN SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP EXECUTE what; END LOOP;
END $$; CREATE SCHEMA public]]

local share = {} -- what the parts work with: database, its URL, a folder for files

function share:verdict(part, id, good)
  self.report:write(good and "good " or "bad ", part, " ", id, "\n")
end

-- What a command prints on standard output and on standard error, and whether it ended well.
function share:shell(command)
  local pipe = assert(io.popen(command .. " 2>" .. quoted(self.folder .. "/err"), "r"))
  local out = pipe:read "a"
  local good = pipe:close()
  return good, out, read(self.folder .. "/err")
end

function share:lorm(...)
  local words = { quoted(program) }
  for _, word in ipairs { ... } do words[#words + 1] = quoted(word) end
  return self:shell("NO_COLOR=1 " .. table.concat(words, " "))
end

function share:dump()
  local _, text = self:shell("pg_dump --schema-only --no-owner --no-privileges -d "
    .. quoted((self.url:gsub("([?&])schema=[^&]*", "%1"))))
  return compare.dump(text)
end

function share:fresh(...)
  lorm.migrate.execute(self.db, EMPTY_IT)
  for _, script in pairs { ... } do lorm.migrate.execute(self.db, script) end
end

-- A script that fails half-way has done nothing: it is one simple query.
local function executed(db, script) return (pcall(lorm.migrate.execute, db, script)) end

local function diff(from, to)
  local good, script = pcall(lorm.migrate.diff, { from = from, to = to })
  return good and script or "FAILED " .. tostring(script)
end

function share:judgeScripts(case)
  local id, to = case.id, { schemaText = case.to_schema }
  local from = case.from_sql and self.db or case.from_schema and { schemaText = case.from_schema } or "empty"
  if case.expected_sql then
    local ours = diff(from, to)
    self:verdict("script", id, compare.sameScript(ours, case.expected_sql)
      or case.prisma7_sql ~= nil and compare.sameScript(ours, case.prisma7_sql))
    if case.no_change then self:verdict("nothing", id, ours == "") end
  end
  local ours = diff(self.db, to)
  local same = case.expected_sql_db and compare.sameScript(ours, case.expected_sql_db)
  if case.expected_sql_db then self:verdict("live", id, same) end
  if not case.ddl then return end
  local good = executed(self.db, ours)
  -- The same statements make the same database: that need not be looked at.
  self:verdict("database", id, good and (same or self:dump() == compare.dump(case.ddl_db or case.ddl)))
  if good then self:verdict("settled", id, diff(self.db, to) == "") end
end

local function sameWarnings(ours, theirs)
  local a, b = { table.unpack(ours) }, { table.unpack(theirs or {}) }
  table.sort(a)
  table.sort(b)
  return table.concat(a, "\n") == table.concat(b, "\n")
end

function share:judgePush(case)
  local wanted = case.push
  local next <close> = lorm.connect { schemaText = case.to_schema, url = self.url }
  local good, report = pcall(lorm.migrate.push, next, { acceptDataLoss = true })
  if wanted.error then return self:verdict("push", case.id, not good) end
  local same = good and report.steps == wanted.steps and sameWarnings(report.warnings, wanted.warnings)
  local ddl = case.push_ddl or case.ddl_db or case.ddl
  self:verdict("push", case.id, same and (not ddl or self:dump() == compare.dump(ddl)))
end

function share:migration(case)
  self:fresh(case.setup_sql, case.from_sql)
  self:judgeScripts(case)
  if not case.push then return end
  self:fresh(case.setup_sql, case.from_sql)
  self:judgePush(case)
end

-- What was pulled is a schema, describes the database, and is what a second pull gives.
function share:judgePulled(id, path, text)
  write(path, text)
  self:verdict("valid", id, (self:lorm("validate", "--schema", path)))
  local again, second = self:lorm("db", "pull", "-q", "--print", "--schema", path, "--url", self.url)
  self:verdict("again", id, again and second == text)
end

function share:introspection(case)
  local path = self.folder .. "/schema.prisma"
  self:fresh(case.sql)
  write(path, case.input_schema)
  local good, text, said = self:lorm("db", "pull", "-q", "--print", "--schema", path, "--url", self.url)
  if case.expected_error then return self:verdict("refused", case.id, not good) end
  if not case.expected_schema then return end
  self:verdict("pull", case.id, good and (compare.sameSchema(text, case.expected_schema)
    or case.prisma7_schema ~= nil and compare.sameSchema(text, case.prisma7_schema)))
  self:verdict("warnings", case.id, said:gsub("%s+", " ") == ((case.expected_warnings or ""):gsub("%s+", " ")))
  if good and case.expected_valid then self:judgePulled(case.id, path, text) end
end

function share:project(project)
  local name = project.id
  local folder = data .. "/realworld/" .. name
  local truth = folder .. "/truth/"
  local schema = folder .. (read(folder .. "/schema_patched/schema.prisma") and "/schema_patched" or "/schema")
  local result = lorm.json.decode(read(truth .. "result.json"))
  self:verdict("project", name .. " validate", (self:lorm("validate", "--schema", schema)))
  if read(truth .. "schema.ddl.sql") then
    self:fresh(read(truth .. "prelude.sql"))
    local good = self:lorm("db", "push", "--schema", schema, "--url", self.url, "--accept-data-loss")
    self:verdict("project", name .. " push", good and self:dump() == compare.dump(read(truth .. "schema.ddl.sql")))
  end
  if not result.migrations or result.migrations.failed ~= 0 then return end
  self:fresh()
  local good = self:lorm("migrate", "deploy", "--schema", schema, "--migrations", folder .. "/migrations", "--url", self.url)
  self:verdict("project", name .. " deploy", good and self:dump() == compare.dump(read(truth .. "migrated.ddl.sql")))
  local _, script = self:lorm("migrate", "diff", "--from-url", self.url, "--to-schema", schema, "--script")
  self:verdict("project", name .. " drift", compare.sameScript(script, read(truth .. "drift.p6.sql")))
  local _, text = self:lorm("db", "pull", "-q", "--print", "--schema", truth .. "pull_input.prisma", "--url", self.url)
  self:verdict("project", name .. " pull", compare.sameSchema(text, read(truth .. "pulled.p6.prisma")))
  if result.pulled_valid then self:judgePulled(name, self.folder .. "/schema.prisma", text) end
end

local function load(file)
  local list = lorm.json.decode(assert(read(data .. "/" .. file), "no " .. file))
  for _, case in ipairs(list) do
    for key, value in pairs(case) do
      if value == lorm.null then case[key] = nil end
    end
    case.id = case.id or case.name
  end
  return list
end

local SOURCES <const> = {
  { "realworld/index.json", share.project },
  { "migrations.json", share.migration },
  { "introspection.json", share.introspection },
}

local function takeShare(number, path, only)
  local db <close> = testing.database { schemaText = 'datasource db {\n  provider = "postgresql"\n}\n', url = os.getenv "LORM_TEST_URL" }
  share.db, share.url = db, core.url(client.handle(db))
  share.folder = path .. ".files"
  share.report = assert(io.open(path, "w"))
  os.execute("mkdir " .. quoted(share.folder))
  for _, source in ipairs(SOURCES) do
    for i, case in ipairs(load(source[1])) do
      if i % PROCESSES == number and case.id:find(only, 1, true) then source[2](share, case) end
    end
  end
  share.report:close()
  os.execute("rm -r " .. quoted(share.folder))
end

-- ---- all of them ----

local function lines(text)
  local list = {}
  for line in (text or ""):gmatch "[^\n]+" do list[#list + 1] = line end
  return list
end

local function runShares(only)
  local command, verdicts, paths = {}, {}, {}
  for number = 0, PROCESSES - 1 do
    paths[#paths + 1] = os.tmpname()
    command[#command + 1] = table.concat({ quoted(program), "run", quoted(arg[0]), "--share", number,
      quoted(paths[#paths]), quoted(only), "& s" .. number .. "=$!" }, " ")
  end
  for number = 0, PROCESSES - 1 do command[#command + 1] = "wait $s" .. number .. " || exit 1" end
  local good = os.execute(table.concat(command, "\n"))
  for _, path in ipairs(paths) do
    for _, line in ipairs(lines(read(path))) do verdicts[#verdicts + 1] = line end
    os.remove(path)
  end
  return good, verdicts
end

-- The counts of each part; what is bad, and what is good.
local function count(verdicts)
  local parts, bad, good = {}, {}, {}
  for _, line in ipairs(verdicts) do
    local verdict, what = line:match "^(%a+) (.*)$"
    local part = what:match "^%a+"
    local tally = parts[part] or { good = 0, all = 0 }
    parts[part] = tally
    tally.all = tally.all + 1
    if verdict == "good" then tally.good = tally.good + 1 end
    (verdict == "good" and good or bad)[what] = true
  end
  return parts, bad, good
end

local function sortedKeys(set)
  local list = {}
  for key in pairs(set) do list[#list + 1] = key end
  table.sort(list)
  return list
end

local function readKnown()
  local known, comments = {}, {}
  for _, line in ipairs(lines(read(listed))) do
    if line:sub(1, 1) == "#" then comments[#comments + 1] = line else known[line] = true end
  end
  return known, comments
end

local function judge(parts, bad, good)
  local known, comments = readKnown()
  local wrong = 0
  for _, part in ipairs(sortedKeys(parts)) do print(("%-9s %4d of %4d"):format(part, parts[part].good, parts[part].all)) end
  if os.getenv "UPDATE" then
    local list = sortedKeys(bad)
    table.move(list, 1, #list, #comments + 1, comments)
    write(listed, table.concat(comments, "\n") .. "\n")
    return 0
  end
  for _, what in ipairs(sortedKeys(bad)) do
    if not known[what] then print("differs: " .. what) wrong = wrong + 1 end
  end
  for _, what in ipairs(sortedKeys(known)) do
    if good[what] then print("does not differ any more, strike it from the list: " .. what) wrong = wrong + 1 end
  end
  return wrong
end

if arg[1] == "--share" then return takeShare(tonumber(arg[2]), arg[3], arg[4]) end
if not read(data .. "/migrations.json") then error("no corpus in " .. data, 0) end
local finished, verdicts = runShares(arg[1] or "")
local wrong = judge(count(verdicts))
if not finished then error("a part of the cases did not come to its end", 0) end
if wrong > 0 then error(wrong .. " verdicts are not as they were", 0) end
