-- How many rows, and whose: what the user wants of `seed.auto`.
--   seed.auto { default = 20, users = 1000, posts = { perUser = { 1, 5 }, fields = { published = true } }, AuditLog = 0 }
-- Keys are models or their tables, in any case, also in the plural. A number is a number of rows; a table may have
--   count = 100             that many rows
--   per<Model> = n | {n, m} so many for each row of the model that it refers to; perUser or perAuthor (the field's name)
--   fields = { name = value | list to choose from | function(faker, i) }
local nearest = require "lorm.nearest"

local wishes = {}

local DEFAULT <const> = 10

local function plain(name) return (name:lower():gsub("[^%w]", "")) end

-- Every name that a model may be called by.
local function names(list)
  local found = {}
  for _, model in ipairs(list) do
    local title = plain(model.name)
    local t = plain(model.table:match '"([^"]*)"$')
    for _, name in ipairs {
      title, t, title .. "s", title .. "es", (title:gsub("y$", "ies")),
    } do
      found[name] = found[name] or model
    end
  end
  return found
end

local function fail(message, ...) error("seed.auto: " .. message:format(...), 0) end

local function count(name, n)
  if math.type(n) == "integer" and n >= 0 then return n end
  fail("%s must be a number of rows, got %s", name, tostring(n))
end

local function range(name, v)
  if type(v) == "table" and #v == 2 then
    local min, max = count(name, v[1]), count(name, v[2])
    if min <= max then return { min = min, max = max } end
  elseif type(v) == "table" and v.min and v.max then
    return range(name, { v.min, v.max })
  elseif math.type(v) == "integer" then
    return { min = count(name, v), max = v }
  end
  fail("%s must be a number of rows, or { least, most }", name)
end

-- The ref that `perUser` speaks of: by the name of its field, or of its model.
local function refOf(model, key, word)
  local known = {}
  for _, ref in ipairs(model.refs) do
    known[#known + 1] = "per" .. ref.name:sub(1, 1):upper() .. ref.name:sub(2)
    if plain(ref.name) == plain(word) or plain(ref.model) == plain(word) then return ref end
  end
  fail("%s.%s: there is no such relation; %s has %s", model.name, key, model.name, #known > 0 and table.concat(known, ", ") or "none")
end

local function fields(model, given)
  if type(given) ~= "table" then fail("%s.fields must be a table", model.name) end
  local known = {}
  for _, field in ipairs(model.fields) do known[#known + 1] = field.name end
  for name in pairs(given) do
    if not model.byName[name] then fail("%s.fields.%s: there is no such field.%s", model.name, name, nearest.hint(name, known)) end
  end
  return given
end

local function wish(model, given)
  if type(given) ~= "table" then return { count = count(model.name, given) } end
  local out = { fields = {} }
  for key, v in pairs(given) do
    local word = type(key) == "string" and key:match "^per(%u.*)$"
    if key == "count" then
      out.count = count(model.name .. ".count", v)
    elseif key == "fields" then
      out.fields = fields(model, v)
    elseif word then
      out.per = { ref = refOf(model, key, word), range = range(model.name .. "." .. key, v) }
    else
      fail("%s.%s: unknown; there are count, fields and per<Model>", model.name, tostring(key))
    end
  end
  return out
end

-- wishes.of(tables, given, scale)[model.name] = { count, per = { ref, range }, fields }
function wishes.of(tables, given, scale)
  local byName, out, standard = names(tables.list), {}, DEFAULT
  local function scaled(n) return n == 0 and 0 or math.max(1, math.floor(n * scale + 0.5)) end
  for key, v in pairs(given) do
    if key == "default" then
      standard = count("default", v)
    else
      local model = byName[plain(tostring(key))]
      if not model then
        local known = {}
        for _, one in ipairs(tables.list) do known[#known + 1] = one.name end
        fail("there is no model `%s`.%s", tostring(key), nearest.hint(tostring(key), known))
      end
      out[model.name] = wish(model, v)
    end
  end
  for _, model in ipairs(tables.list) do
    local mine = out[model.name] or {}
    mine.count, mine.fields = scaled(mine.count or standard), mine.fields or {}
    out[model.name] = mine
  end
  return out
end

return wishes
