-- Values of lorm's as bytes, and back: rows with all that they know, instants, exact numbers, 64-bit integers, bytes.
--   local bytes = serialize.encode(db.User:findMany())       an error for what has no such form (functions, cycles)
--   local rows = serialize.decode(bytes)                     new tables, each time
--   serialize.key({ b = 1, a = { "x" } })                    one text for one value, whatever the order of its tables
local core = require "lorm.core"

local serialize = {}

local pack, unpack = string.pack, string.unpack

local function refuse(value, why)
  core.throw { name = "ValidationError", message = ("A %s cannot be serialized%s."):format(core.kindOf(value) or type(value), why or "") }
end

-- ---- encoding: a letter for the kind, then the value ----

local marks = { [core.null] = "n", [core.dbNull] = "d", [core.jsonNull] = "j", [core.anyNull] = "a" }
local kinds = { array = "A", object = "O" }
local MAX_DEPTH <const> = 200

local put

-- The metatable of a row: written once, and by its number from then on.
local function put_shape(out, value, state)
  local meta = getmetatable(value)
  local number = meta and state.shapes[meta]
  if number then
    out[#out + 1] = pack("<c1I4", "r", number)
    return
  end
  local shape = meta and core.rowShape(value)
  if not shape then
    out[#out + 1] = kinds[core.kindOf(value)] or "T"
    return
  end
  state.n = state.n + 1
  state.shapes[meta] = state.n
  out[#out + 1] = pack("<c1I4", "R", #shape // 2)
  for i = 1, #shape, 2 do out[#out + 1] = pack("<s4i4", shape[i], shape[i + 1]) end
end

local function put_table(out, value, state, depth)
  if depth > MAX_DEPTH then refuse(value, ": it is nested too deep, or holds itself") end
  put_shape(out, value, state)
  local n, at = 0, #out + 1
  out[at] = ""
  for key, item in next, value do
    put(out, key, state, depth)
    put(out, item, state, depth)
    n = n + 1
  end
  out[at] = pack("<I4", n)
end

function put(out, value, state, depth)
  local kind = math.type(value) or type(value)
  local at = #out + 1
  if kind == "string" then out[at] = pack("<c1s4", "s", value)
  elseif kind == "integer" then out[at] = pack("<c1i8", "i", value)
  elseif kind == "float" then out[at] = pack("<c1d", "f", value)
  elseif kind == "boolean" then out[at] = value and "t" or "u"
  elseif value == nil then out[at] = "z"
  elseif marks[value] then out[at] = marks[value]
  elseif core.kindOf(value) == "datetime" then out[at] = pack("<c1i8", "D", value:microseconds())
  elseif core.kindOf(value) == "decimal" then out[at] = pack("<c1s4", "X", tostring(value))
  elseif kind == "table" then put_table(out, value, state, depth + 1)
  else refuse(value) end
end

function serialize.encode(value)
  local out = {}
  put(out, value, { shapes = {}, n = 0 }, 0)
  return table.concat(out)
end

-- ---- decoding ----

local constants = { t = true, u = false, n = core.null, d = core.dbNull, j = core.jsonNull, a = core.anyNull }

local take

local function take_table(text, at, meta, state)
  local n, after = unpack("<I4", text, at)
  local made = {}
  at = after
  for _ = 1, n do
    local key, value
    key, at = take(text, at, state)
    value, at = take(text, at, state)
    made[key] = value
  end
  return meta and setmetatable(made, meta) or made, at
end

local readers = {}
function readers.s(text, at) return unpack("<s4", text, at) end
function readers.i(text, at) return unpack("<i8", text, at) end
function readers.f(text, at) return unpack("<d", text, at) end
function readers.z(_, at) return nil, at end
function readers.D(text, at)
  local microseconds
  microseconds, at = unpack("<i8", text, at)
  return core.datetimeOf(microseconds), at
end
function readers.X(text, at)
  local digits
  digits, at = unpack("<s4", text, at)
  return core.decimal(digits), at
end
function readers.T(text, at, state) return take_table(text, at, nil, state) end
function readers.A(text, at, state)
  local made
  made, at = take_table(text, at, nil, state)
  return core.array(made), at
end
function readers.O(text, at, state)
  local made
  made, at = take_table(text, at, nil, state)
  return core.object(made), at
end
function readers.R(text, at, state)
  local n, after = unpack("<I4", text, at)
  local shape = {}
  at = after
  for i = 1, n do shape[i * 2 - 1], shape[i * 2], at = unpack("<s4i4", text, at) end
  local meta = core.rowMetatable(shape)
  state[#state + 1] = meta
  return take_table(text, at, meta, state)
end
function readers.r(text, at, state)
  local number
  number, at = unpack("<I4", text, at)
  return take_table(text, at, state[number], state)
end

function take(text, at, state)
  local letter = text:sub(at, at)
  local constant = constants[letter]
  if constant ~= nil then return constant, at + 1 end
  return readers[letter](text, at + 1, state)
end

function serialize.decode(bytes)
  return (take(bytes, 1, {}))
end

-- ---- keys ----

local key_of

local function key_of_table(value, depth)
  if depth > MAX_DEPTH then refuse(value, ": it is nested too deep, or holds itself") end
  local names, parts = {}, {}
  for name in next, value do names[#names + 1] = { key_of(name, depth), name } end
  table.sort(names, function(a, b) return a[1] < b[1] end)
  for i, name in ipairs(names) do parts[i] = name[1] .. "=" .. key_of(value[name[2]], depth) end
  local kind = core.kindOf(value)
  return (kind == "array" and "@[" or kind == "object" and "@{" or "{") .. table.concat(parts, ",") .. "}"
end

local names_of_marks = { [core.null] = "null", [core.dbNull] = "dbNull", [core.jsonNull] = "jsonNull", [core.anyNull] = "anyNull" }

function key_of(value, depth)
  local kind = math.type(value) or type(value)
  if kind == "table" then return key_of_table(value, depth + 1) end
  if kind == "string" or kind == "integer" or kind == "float" or kind == "boolean" or value == nil then return ("%q"):format(value) end
  if names_of_marks[value] then return names_of_marks[value] end
  kind = core.kindOf(value)
  if kind == "datetime" then return "@" .. value:microseconds() end
  if kind == "decimal" or kind == "field" then return "@" .. kind .. " " .. tostring(value) end
  refuse(value)
end

function serialize.key(value) return key_of(value, 0) end

return serialize
