-- layers.lua SRC SPEC: fail when a file of SRC includes, or says, what tests/layers.txt does not allow it.
--
--   lua5.4 tests/layers.lua src tests/layers.txt

local src, spec = arg[1], arg[2]
local failures, files = 0, 0

local function fail(format, ...)
  failures = failures + 1
  io.stderr:write(string.format(format, ...), "\n")
end

local function words(text)
  local list = {}
  for word in text:gmatch "%S+" do list[#list + 1] = word end
  return list
end

-- "migrate/ddl*.c" as a Lua pattern
local function pattern(glob)
  return "^" .. glob:gsub("[%-%.%+%(%)%%]", "%%%0"):gsub("%*", "[^/]*") .. "$"
end

local function read_spec(path)
  local modules, owners, sql = {}, {}, {}
  for line in io.lines(path) do
    line = line:gsub("#.*", "")
    local module, seen, foreign = line:match "^(%w+):([^|]*)|(.*)$"
    if module then
      modules[module] = { [module] = true }
      for _, name in ipairs(words(seen)) do modules[module][name] = true end
      for _, header in ipairs(words(foreign)) do owners[header] = module end
    elseif line:match "^sql " then
      for _, glob in ipairs(words(line:sub(5))) do sql[#sql + 1] = pattern(glob) end
    elseif line:match "%S" then
      fail("%s: this line means nothing: %s", path, line)
    end
  end
  return modules, owners, sql
end

local modules, owners, sql_files = read_spec(spec)

-- A statement or a clause, at the start of a string literal.
local SQL = { "select ", "insert into ", "delete from ", "update \\\"", "create table", "create index", "create unique",
  "create type", "alter table", "alter type", "drop table", "drop type", "drop index", "savepoint ",
  "rollback to", "truncate ", "declare ", "from \\\"", "where \\\"", "order by ", "group by ", "returning " }

local function writes_sql(line)
  for literal in line:gmatch '"%s*(.-)"' do
    -- An escaped quote ends the match early: enough is left to judge by.
    local text = literal:lower()
    for _, start in ipairs(SQL) do
      if text:sub(1, #start) == start then return literal end
    end
  end
end

local function may_write_sql(name)
  for _, allowed in ipairs(sql_files) do
    if name:match(allowed) then return true end
  end
end

local function check_line(name, module, line, number)
  local ours = line:match '^%s*#%s*include%s+"(%w+)/'
  if ours and not modules[module][ours] then fail("%s:%d: %s may not see %s", name, number, module, ours) end
  local header = line:match '^%s*#%s*include%s+[<"]([^>"]+)[>"]'
  if header and owners[header] and owners[header] ~= module then
    fail("%s:%d: only %s may include <%s>", name, number, owners[header], header)
  end
  local sql = not may_write_sql(name) and not line:match "^%s*[/ ]%*" and writes_sql(line)
  if sql then fail("%s:%d: SQL is not written here: \"%s\"", name, number, sql) end
end

local function check_file(path)
  local name = path:sub(#src + 2)
  local module, number = name:match "^(%w+)/", 0
  files = files + 1
  if not modules[module] then return fail("%s: the module is not in %s", name, spec) end
  for line in io.lines(path) do
    number = number + 1
    check_line(name, module, line, number)
  end
end

local list = assert(io.popen("find '" .. src .. "' -name '*.[ch]' -o -name '*.def' | sort"))
for path in list:lines() do check_file(path) end
list:close()
if files == 0 then fail("there is nothing to check in %s", src) end
print(string.format("%d files, %d not as they should be", files, failures))
os.exit(failures == 0)
