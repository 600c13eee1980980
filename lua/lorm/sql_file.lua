-- A statement in a file of its own, as a function: db.sql.topAuthors(2026, 10), or db.sql.topAuthors { year = 2026, most = 10 }.
--   -- The authors who wrote most.
--   -- @param {Int} $1:year  of publication
--   -- @param {Role[]} $2:roles?  null: all of them       (a question mark: it may be lorm.null)
--   SELECT id AS "id!", email AS "mail?" FROM users ...    (the marks of a column's name say whether it may be NULL;
--                                                           they are no part of it)
-- A parameter that no comment describes is the server's to type. What does not fit is refused before any SQL; what the
-- server refuses is an error that names the file and the line.
local core = require "lorm.core"

local sql_file = {}

-- ---- the text ----

-- { what it is, from, to } for each part of a statement that is not plain: comments, texts, names, places of parameters.
local function parts(text)
  local at, n = 1, #text
  local function found(kind, from, to)
    at = to + 1
    return kind, from, to
  end
  return function()
    while at <= n do
      local rest = text:match("^[^%-/'\"$]*()", at)
      at = rest
      if at > n then return nil end
      local two, char = text:sub(at, at + 1), text:sub(at, at)
      if two == "--" then return found("comment", at, (text:find("\n", at, true) or n + 1) - 1) end
      if two == "/*" then return found("comment", at, select(2, text:find("*/", at + 2, true)) or n) end
      if char == "'" then return found("text", at, text:find("'", at + 1, true) or n) end
      if char == '"' then return found("name", at, text:find('"', at + 1, true) or n) end
      local digits = text:match("^%$(%d+)", at)
      if digits then return found("parameter", at, at + #digits) end
      local tag = text:match("^%$[%a_]*[%w_]*%$", at)
      if tag then return found("text", at, select(2, text:find(tag, at + #tag, true)) or n) end
      at = at + 1
    end
  end
end

-- The text with "name!" and "name?" as "name": as long as it was, so that places in it stay what they are.
local function without_marks(text)
  local out, last = {}, 1
  for kind, _, to in parts(text) do
    local mark = kind == "name" and text:sub(to - 1, to - 1)
    if mark == "!" or mark == "?" then
      out[#out + 1] = text:sub(last, to - 2) .. '" '
      last = to + 1
    end
  end
  return table.concat(out) .. text:sub(last)
end

-- ---- its parameters ----

-- A comment "@param {Type} $1:name? what it is", as { number =, type =, list =, name =, optional = }.
local function described(comment)
  local kind, number, rest = comment:match "@param%s*{%s*([%w_%[%]]+)%s*}%s*%$(%d+)(.*)"
  if not kind then return nil, comment:find "@param" ~= nil end
  local name = rest:match "^:([%a_][%w_]*)"
  return {
    number = math.tointeger(number), type = kind:gsub("%[%]$", ""), list = kind:sub(-2) == "[]", name = name,
    optional = rest:sub(name and #name + 2 or 1):sub(1, 1) == "?",
  }
end

local function line_of(text, at) return select(2, text:sub(1, at - 1):gsub("\n", "")) + 1 end

local function number_like(v) return math.type(v) ~= nil end
local function text_like(v) return type(v) == "string" end
local function kind_of(v) return core.kindOf(v) or math.type(v) or type(v) end

-- What fits a type: by Prisma's names, in the words of an error.
local types = {
  Int = { "a whole number", function(v) return math.type(v) == "integer" and v >= -2147483648 and v <= 2147483647 end },
  BigInt = { "a whole number", function(v) return math.type(v) == "integer" end },
  Float = { "a number", number_like },
  Decimal = { "a decimal or a number", function(v) return number_like(v) or text_like(v) or kind_of(v) == "decimal" end },
  String = { "a string", text_like },
  Uuid = { "a string", text_like },
  Bytes = { "a string", text_like },
  Boolean = { "a boolean", function(v) return type(v) == "boolean" end },
  DateTime = { "a datetime or its text", function(v) return text_like(v) or kind_of(v) == "datetime" end },
  Json = { "anything that JSON can say", function() return true end },
}

-- A Json document goes out as its text, bytes as the text that PostgreSQL reads: neither could be told from a string.
local encoders = {
  Json = core.json.encode,
  Bytes = function(v) return "\\x" .. v:gsub(".", function(c) return ("%02x"):format(c:byte()) end) end,
}

-- ---- a file ----

local function problem(file, line, message)
  core.throw { name = "UsageError", message = ("%s:%d: %s"):format(file.path, line, message), file = file.path, line = line }
end

local function enum_words(enum)
  local names, labels = {}, {}
  for i, value in ipairs(enum.values) do
    names[i] = value.name
    labels[value.name] = value.dbName or value.name
  end
  return names, labels
end

local function add_parameter(file, p, line)
  local enum = file.enums[p.type]
  if not types[p.type] and not enum then
    local names = {}
    for name in pairs(types) do names[#names + 1] = name end
    for name in pairs(file.enums) do names[#names + 1] = name end
    local near = core.nearest(p.type, names)
    problem(file, line, ("there is no type %s.%s"):format(p.type, near and (" Did you mean %s?"):format(near) or ""))
  end
  if file.parameters[p.number] then problem(file, line, ("$%d is described twice."):format(p.number)) end
  if p.name and file.named[p.name] then problem(file, line, ("two parameters are called %s."):format(p.name)) end
  if enum then
    local names, labels = enum_words(enum)
    p.words, p.fits = "one of " .. table.concat(names, ", "), function(v) return labels[v] ~= nil end
    p.encode = function(v) return labels[v] end
  else
    p.words, p.fits, p.encode = types[p.type][1], types[p.type][2], encoders[p.type]
  end
  file.parameters[p.number] = p
  if p.name then file.named[p.name] = p.number end
end

-- { path =, text =, n =, parameters =, named = } of the file's text. `enums`: the schema's, by name.
local function read(path, text, enums)
  local file = { path = path, text = without_marks(text), n = 0, parameters = {}, named = {}, enums = enums }
  local lines = {}
  for kind, from, to in parts(text) do
    if kind == "parameter" then
      file.n = math.max(file.n, math.tointeger(text:sub(from + 1, to)) or 0)
    elseif kind == "comment" then
      local p, meant = described(text:sub(from, to))
      local line = line_of(text, from)
      if p then
        add_parameter(file, p, line)
        lines[p.number] = line
      elseif meant then
        problem(file, line, "a parameter is described as -- @param {Type} $1:name what it is.")
      end
    end
  end
  for number, line in pairs(lines) do
    if number > file.n or number < 1 then problem(file, line, ("the statement has no $%d."):format(number)) end
  end
  return file
end

-- ---- a call ----

local function refuse(path, message) core.throw { name = "ValidationError", path = path, message = message } end

local function value_of(p, path, value)
  if value == nil or value == core.null then
    if not p.optional then refuse(path, ("Expected %s, provided nothing; a question mark behind its name allows null."):format(p.words)) end
    return core.null
  end
  local function one(v, at)
    if not p.fits(v) then refuse(at, ("Expected %s, provided %s."):format(p.words, kind_of(v))) end
    return p.encode and p.encode(v) or v
  end
  if not p.list then return one(value, path) end
  if type(value) ~= "table" then refuse(path, ("Expected a list, provided %s."):format(kind_of(value))) end
  local out = {}
  for i, v in ipairs(value) do out[i] = one(v, ("%s[%d]"):format(path, i)) end
  return out
end

-- The one table of a call by names, or nil.
local function by_name(file, n, first)
  if n ~= 1 or type(first) ~= "table" or getmetatable(first) or next(first) == nil or not next(file.named) then return nil end
  for name in pairs(first) do
    if type(name) ~= "string" then return nil end
  end
  local only = file.n == 1 and file.parameters[1]
  return not (only and only.type == "Json" and first[only.name] == nil) and first or nil
end

local function arranged(file, names)
  local out = { n = file.n }
  for name, value in pairs(names) do
    local number = file.named[name]
    if not number then
      local known = {}
      for other in pairs(file.named) do known[#known + 1] = other end
      local near = core.nearest(name, known)
      refuse(name, ("Unknown parameter `%s`.%s"):format(name, near and (" Did you mean `%s`?"):format(near) or ""))
    end
    out[number] = value
  end
  return out
end

-- The values for $1, $2, ... of a call, checked.
local function values(file, ...)
  local given = table.pack(...)
  local names = by_name(file, given.n, (...))
  if names then given = arranged(file, names) end
  if given.n > file.n then
    refuse(("[%d]"):format(file.n + 1), ("%s takes %d values, provided %d."):format(file.path, file.n, given.n))
  end
  for i = 1, file.n do
    local p = file.parameters[i]
    if p then
      given[i] = value_of(p, p.name or ("[%d]"):format(i), given[i])
    elseif given[i] == nil and i > given.n then
      refuse(("[%d]"):format(i), ("%s takes %d values, provided %d."):format(file.path, file.n, given.n))
    end
  end
  return table.unpack(given, 1, file.n)
end

-- The server's error with the place in the file.
local function located(file, e)
  local at = type(e) == "table" and type(e.meta) == "table" and e.meta.position
  if not at then return e end
  local bytes = utf8.offset(file.text, at) or #file.text
  e.file, e.line = file.path, line_of(file.text, bytes)
  e.message = ("%s:%d: %s"):format(e.file, e.line, e.message)
  return e
end

-- ---- the functions ----

-- Behind a call that may be told where in its file it failed.
local function finished(file, ok, ...)
  if not ok then error(located(file, (...)), 0) end
  return ...
end

-- What a file wants, for those who only describe it: { n =, parameters = { [1] = { type =, list =, name =, optional = } },
-- doc = its first comment }.
function sql_file.describe(path, enums)
  local handle <close> = assert(io.open(path))
  local text = handle:read "a"
  local file = read(path, text, enums)
  local doc = text:match "^%s*%-%-%s*([^\n]+)"
  return { n = file.n, parameters = file.parameters, doc = doc and not doc:find "^@" and doc or nil }
end

-- What db.sql is: a function for each file of the folder (nil: there is none), made when it is first named. enums() are
-- the schema's, query(text, ...) runs a statement.
function sql_file.all(folder, enums, query)
  return setmetatable({}, {
    __index = function(self, name)
      local path = folder and ("%s/%s.sql"):format(folder, name)
      local handle = path and io.open(path)
      if not handle then
        core.throw {
          name = "UsageError", message = ("db.sql.%s: there is no file %s.sql in %s."):format(name, name, folder or "a folder sql"),
        }
      end
      local text = handle:read "a"
      handle:close()
      local file = read(path, text, enums())
      local function run(...) return finished(file, pcall(query, file.text, values(file, ...))) end
      rawset(self, name, run)
      return run
    end,
  })
end

return sql_file
