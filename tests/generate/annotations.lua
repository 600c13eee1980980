-- Annotations, read strictly: what LuaLS would take for a comment, a name that is nowhere defined or one that is defined
-- twice is an error.
--   local types = annotations.read { ["models/User.lua"] = text, ... }
--   types.classes.User                   { parents = {}, fields = { email = { kind =, optional = } }, order = {}, index = {} }
--   types:fields "UserWhereInput"        its fields with those of its parents
--   types:check(value, "UserFindManyArgs")   -> nil, or the path of what does not fit and why
local annotations = {}
local Types = {}
Types.__index = Types

local BASIC <const> = {
  any = true, boolean = true, integer = true, number = true, string = true, table = true, ["function"] = true, ["nil"] = true,
  lightuserdata = true, T = true, R = true,
}

-- ---- types ----

local parse

-- A scanner over the text of a type.
local function scanner(text)
  local s = { at = 1 }
  function s.peek(pattern) return text:match("^%s*(" .. pattern .. ")", s.at) end
  function s.take(pattern)
    local found, behind = text:match("^%s*(" .. pattern .. ")()", s.at)
    if found then s.at = behind end
    return found
  end
  function s.want(pattern) return s.take(pattern) or error(("expected %s at %q of %q"):format(pattern, text:sub(s.at), text), 0) end
  function s.done() return text:match("^%s*$", s.at) ~= nil end
  return s
end

local function parameters(s)
  local list = {}
  s.want "%("
  while not s.take "%)" do
    local name = s.want "[%w_%.]+"
    local optional = s.take "%?"
    local kind = s.take ":" and parse(s) or { is = "name", "any" }
    list[#list + 1] = { name, kind, optional ~= nil }
    if not s.peek "%)" then s.want "," end
  end
  return list
end

local function one(s)
  if s.take "%(" then
    local inner = parse(s)
    s.want "%)"
    return inner
  end
  if s.take "{" then
    local fields = {}
    while not s.take "}" do
      local key = s.take "%[%s*integer%s*%]" or s.take '%["[^"]*"%]' or s.want "[%w_\x80-\xff]+"
      local optional = s.take "%?"
      s.want ":"
      fields[key:match '^%["(.*)"%]$' or key] = { kind = parse(s), optional = optional ~= nil }
      if not s.peek "}" then s.want "," end
    end
    return { is = "record", fields }
  end
  local literal = s.take '"[^"]*"' or s.take "%-?%d+" or s.take "true%f[^%w_]" or s.take "false%f[^%w_]"
  if literal then return { is = "literal", literal } end
  local name = s.want "[%a_\x80-\xff][%w_%.\x80-\xff]*"
  if name == "fun" then
    local made = { is = "function", parameters(s) }
    if s.take ":" then
      if s.peek "%.%.%.:" then s.want "%.%.%.:" end
      made.result = parse(s)
    end
    return made
  end
  if name == "table" and s.take "<" then
    local key = parse(s)
    s.want ","
    local value = parse(s)
    s.want ">"
    return { is = "map", key, value }
  end
  return { is = "name", name }
end

function parse(s)
  local union = { is = "union" }
  repeat
    local found = one(s)
    while true do
      if s.take "%[%]" then found = { is = "list", found }
      elseif s.take "%?" then found = { is = "union", found, { is = "name", "nil" } }
      else break end
    end
    union[#union + 1] = found
  until not s.take "|"
  return #union == 1 and union[1] or union
end

-- The type at the beginning of a text; a comment may follow it.
local function type_of(text)
  local s = scanner(text)
  local kind = parse(s)
  if not s.done() and not text:find("^%s", s.at) then error(("%q goes on behind its type"):format(text), 0) end
  return kind
end

-- ---- files ----

-- Classes that several files may add to.
local OPEN <const> = { ["lorm.Session"] = true }

local function define(types, set, name, made)
  local old = types.classes[name] or types.aliases[name]
  if old and not (OPEN[name] and set == types.classes) then error("defined twice: " .. name, 0) end
  set[name] = old or made
  return set[name]
end

local function add_field(class, rest)
  local name, optional, kind = rest:match '^%["([^"]+)"%](%??) (.*)$'
  if not name then name, optional, kind = rest:match "^([%a_\x80-\xff][%w_\x80-\xff]*)(%??) (.*)$" end
  if name then
    if class.fields[name] then error(("%s has two fields %s"):format(class.name, name), 0) end
    class.fields[name] = { kind = type_of(kind), optional = optional == "?" }
    class.order[#class.order + 1] = name
    return
  end
  local key, value = rest:match "^%[(%a+)%] (.*)$"
  if not key then error("no field: " .. rest, 0) end
  class.index[key] = type_of(value)
end

local tags = {}

function tags.class(types, state, rest)
  local name, parents = rest:match "^([%w_%.\x80-\xff]+):?%s*(.*)$"
  state.class = define(types, types.classes, name, { name = name, parents = {}, fields = {}, order = {}, index = {} })
  for parent in parents:gmatch "[%w_%.\x80-\xff]+" do table.insert(state.class.parents, parent) end
end
function tags.enum(types, state, rest) state.class = define(types, types.classes, rest, { name = rest, parents = {}, fields = {}, order = {}, index = {} }) end
function tags.field(_, state, rest) add_field(state.class, rest) end
function tags.alias(types, state, rest)
  local name, kind = rest:match "^([%w_%.\x80-\xff]+)%s*(.*)$"
  state.alias = define(types, types.aliases, name, { name = name, kind = kind ~= "" and type_of(kind) or { is = "union" } })
end
local function only_a_type(types, _, rest) types.mentioned[#types.mentioned + 1] = type_of(rest) end
tags.type, tags["return"] = only_a_type, only_a_type
function tags.param(types, _, rest)
  types.mentioned[#types.mentioned + 1] = type_of(rest:match "^[%w_%.]+%??%s+(.*)$" or error("no parameter: " .. rest, 0))
end
function tags.operator(types, _, rest)
  types.mentioned[#types.mentioned + 1] = type_of(rest:match ":%s*(.*)$" or error("no operator: " .. rest, 0))
end
function tags.overload(types, _, rest) types.mentioned[#types.mentioned + 1] = type_of(rest) end
function tags.generic() end
function tags.meta() end

local function read_file(types, path, text)
  assert(load(text, "=" .. path, "t"))
  local state, n = {}, 0
  for line in (text .. "\n"):gmatch "([^\n]*)\n" do
    n = n + 1
    local tag, rest = line:match "^%-%-%-@(%a+)%s*(.*)$"
    local choice = line:match "^%-%-%-| (.*)$"
    local ok, e = true, nil
    if tag and not tags[tag] then
      ok, e = false, "unknown annotation @" .. tag
    elseif tag then
      ok, e = pcall(tags[tag], types, state, rest)
    elseif choice then
      ok, e = pcall(function() table.insert(state.alias.kind, type_of(choice)) end)
    elseif line:find "^%-%-%-%s*@" then
      ok, e = false, "a comment that reads as an annotation: " .. line
    end
    if not ok then error(("%s:%d: %s"):format(path, n, e), 0) end
  end
end

-- Every name in a type must be there.
local function resolve(types, kind, where)
  if kind.is == "name" then
    local name = kind[1]
    if not (BASIC[name] or types.classes[name] or types.aliases[name]) then error(where .. " names " .. name .. ", which is not defined", 0) end
  elseif kind.is == "record" then
    for _, field in pairs(kind[1]) do resolve(types, field.kind, where) end
  elseif kind.is == "function" then
    for _, parameter in ipairs(kind[1]) do resolve(types, parameter[2], where) end
    if kind.result then resolve(types, kind.result, where) end
  elseif kind.is ~= "literal" then
    for _, part in ipairs(kind) do resolve(types, part, where) end
  end
end

function annotations.read(files)
  local types = setmetatable({ classes = {}, aliases = {}, mentioned = {} }, Types)
  local paths = {}
  for path in pairs(files) do paths[#paths + 1] = path end
  table.sort(paths)
  for _, path in ipairs(paths) do read_file(types, path, files[path]) end
  for name, class in pairs(types.classes) do
    for _, parent in ipairs(class.parents) do resolve(types, { is = "name", parent }, name) end
    for field, about in pairs(class.fields) do resolve(types, about.kind, name .. "." .. field) end
    for _, kind in pairs(class.index) do resolve(types, kind, name) end
  end
  for name, alias in pairs(types.aliases) do resolve(types, alias.kind, name) end
  for _, kind in ipairs(types.mentioned) do resolve(types, kind, "a function") end
  return types
end

-- ---- classes ----

function Types:fields(name, into, index)
  local class = assert(self.classes[name], name)
  into, index = into or {}, index or {}
  for field, about in pairs(class.fields) do into[field] = into[field] or about end
  for key, kind in pairs(class.index) do index[key] = index[key] or kind end
  for _, parent in ipairs(class.parents) do self:fields(parent, into, index) end
  return into, index
end

-- ---- values ----

local check

local function check_fields(types, value, fields, index, path)
  for key, item in pairs(value) do
    local about = fields[key]
    local kind = about and about.kind or type(key) == "string" and index.string or type(key) == "number" and index.integer
    if not kind then return ("%s.%s"):format(path, key), "no such field" end
    local at, why = check(types, item, kind, ("%s.%s"):format(path, key))
    if at then return at, why end
  end
  local missing
  for key, about in pairs(fields) do
    if not about.optional and value[key] == nil and (not missing or key < missing) then missing = key end
  end
  if missing then return path .. "." .. missing, "is missing" end
end

local checks = {}

function checks.union(types, value, kind, path)
  local deepest, why = path, "fits none"
  for _, one_of in ipairs(kind) do
    local at, reason = check(types, value, one_of, path)
    if not at then return nil end
    if #at > #deepest then deepest, why = at, reason end
  end
  return deepest, why
end
function checks.list(types, value, kind, path)
  if type(value) ~= "table" then return path, "no list" end
  for key, item in pairs(value) do
    if math.type(key) ~= "integer" then return ("%s.%s"):format(path, key), "no list" end
    local at, why = check(types, item, kind[1], ("%s[%d]"):format(path, key))
    if at then return at, why end
  end
end
function checks.record(types, value, kind, path)
  if type(value) ~= "table" then return path, "no table" end
  return check_fields(types, value, kind[1], {}, path)
end
function checks.map(types, value, kind, path)
  if type(value) ~= "table" then return path, "no table" end
  return check_fields(types, value, {}, { string = kind[2], integer = kind[2] }, path)
end
function checks.literal(_, value, kind, path)
  local shown = type(value) == "string" and ('"%s"'):format(value) or tostring(value)
  if shown ~= kind[1] then return path, shown .. " is not " .. kind[1] end
end
checks["function"] = function(_, value, _, path)
  if type(value) ~= "function" then return path, "no function" end
end
function checks.name(types, value, kind, path)
  local name = kind[1]
  if name == "any" then return nil end
  if BASIC[name] then
    local fits = type(value) == name or math.type(value) == name or (name == "number" and type(value) == "number")
    return not fits and path or nil, ("%s is no %s"):format(tostring(value), name)
  end
  if types.aliases[name] then return check(types, value, types.aliases[name].kind, path) end
  local core = require "lorm.core"
  if name == "lorm.Null" then return value ~= core.null and path or nil, "not null" end
  local native = { ["lorm.DateTime"] = "datetime", ["lorm.Decimal"] = "decimal", ["lorm.FieldRef"] = "field" }
  if native[name] then return core.kindOf(value) ~= native[name] and path or nil, "no " .. native[name] end
  if name == "lorm.NoSuchField" then return path, "no such field" end
  if type(value) ~= "table" then return path, "no table" end
  local fields, index = types:fields(name)
  return check_fields(types, value, fields, index, path)
end

function check(types, value, kind, path) return checks[kind.is](types, value, kind, path) end

function Types:check(value, name) return check(self, value, type_of(name), "") end

return annotations
