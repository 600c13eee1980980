-- faker.helpers: choosing from what the caller has, and filling in patterns.
local json = require("lorm.core").json
local checkdigit = require "lorm.faker.checkdigit"
local options = require "lorm.faker.options"

local helpers = {}

local function check(name, what, kind, v) return options.check("helpers." .. name, what, kind, v) end

-- An object's keys in an order that does not change from run to run.
local function keys(name, t)
  check(name, "object", "table", t)
  local found = {}
  for key in pairs(t) do found[#found + 1] = key end
  if #found == 0 then options.fail("helpers." .. name, "the table is empty") end
  table.sort(found, function(a, b)
    if type(a) ~= type(b) then return type(a) < type(b) end
    return type(a) == "number" and a < b or type(a) ~= "number" and tostring(a) < tostring(b)
  end)
  return found
end

function helpers.arrayElement(f, list)
  check("arrayElement", "list", "list", list)
  if #list == 0 then options.fail("helpers.arrayElement", "the list is empty") end
  return f.stream:pick(list)
end

-- count: how many, or { min =, max = }; any number of them when it is left out
function helpers.arrayElements(f, list, count)
  check("arrayElements", "list", "list", list)
  if count == nil then count = { min = math.min(1, #list), max = #list } end
  local n = math.min(options.draw(f, check("arrayElements", "count", "range", count)), #list)
  local copy = table.move(list, 1, #list, 1, {})
  for i = 1, n do
    local j = f.stream:int(i, #copy)
    copy[i], copy[j] = copy[j], copy[i]
  end
  return table.move(copy, 1, n, 1, {})
end

function helpers.weightedArrayElement(f, list)
  local name = "weightedArrayElement"
  check(name, "list", "list", list)
  if #list == 0 then options.fail("helpers." .. name, "the list is empty") end
  local total = 0
  for i, entry in ipairs(list) do
    check(name, ("[%d]"):format(i), "table", entry)
    check(name, ("[%d].weight"):format(i), "number", entry.weight)
    if entry.weight <= 0 then options.fail("helpers." .. name, "[%d].weight must be positive", i) end
    total = total + entry.weight
  end
  local left = f.stream:float() * total
  for _, entry in ipairs(list) do
    left = left - entry.weight
    if left < 0 then return entry.value end
  end
  return list[#list].value
end

local shuffle = options.of("helpers.shuffle", { inplace = "boolean" })
function helpers.shuffle(f, list, given)
  check("shuffle", "list", "list", list)
  return f.stream:shuffle(shuffle(given).inplace and list or table.move(list, 1, #list, 1, {}))
end

-- Call until `count` different values have come.
local function distinct(source, count)
  local seen, out, misses = {}, {}, 0
  while #out < count and misses < 1000 do
    local v = source()
    if seen[v] then
      misses = misses + 1
    else
      misses, out[#out + 1], seen[v] = 0, v, true
    end
  end
  if #out == count then return out end
  options.fail("helpers.uniqueArray", "the function gave %d different values, %d are wanted", #out, count)
end

-- source: a list, or a function that makes values
function helpers.uniqueArray(f, source, length)
  local name = "uniqueArray"
  local count = options.draw(f, check(name, "length", "range", length))
  if type(source) == "function" then return distinct(source, count) end
  local seen, values = {}, {}
  for _, v in ipairs(check(name, "source", "list", source)) do
    if not seen[v] then values[#values + 1] = v end
    seen[v] = true
  end
  return helpers.arrayElements(f, values, count)
end

local maybe = options.of("helpers.maybe", { probability = "number" }, "probability")
function helpers.maybe(f, fn, given)
  check("maybe", "the first argument", "callable", fn)
  if f.datatype.boolean(maybe(given)) then return fn() end
end

-- fn is called as fn(nil, i), so that functions of faker's may be passed as they are.
local multiple = options.of("helpers.multiple", { count = "range" }, "count")
function helpers.multiple(f, fn, given)
  check("multiple", "the first argument", "callable", fn)
  local out = {}
  for i = 1, options.draw(f, multiple(given).count or 3) do out[i] = fn(nil, i) end
  return out
end

-- As faker.unique.
function helpers.unique(f, ...) return f.unique(...) end

function helpers.objectKey(f, t) return f.stream:pick(keys("objectKey", t)) end
function helpers.objectValue(f, t) return t[f.stream:pick(keys("objectValue", t))] end
function helpers.enumValue(f, t) return t[f.stream:pick(keys("enumValue", t))] end
function helpers.objectEntry(f, t)
  local key = f.stream:pick(keys("objectEntry", t))
  return { key, t[key] }
end

function helpers.rangeToNumber(f, range) return options.draw(f, check("rangeToNumber", "range", "range", range)) end

local function letter(f) return f.string.alpha { casing = "upper" } end
local function digit(f) return tostring(f.stream:int(0, 9)) end

-- # a digit, ! a digit from 2, ? a letter, * either
local symbols = {
  ["#"] = digit,
  ["!"] = function(f) return tostring(f.stream:int(2, 9)) end,
  ["?"] = letter,
  ["*"] = function(f) return f.stream:chance(0.5) and digit(f) or letter(f) end,
}

function helpers.replaceSymbols(f, pattern)
  return (check("replaceSymbols", "pattern", "string", pattern):gsub("[#!?*]", function(c) return symbols[c](f) end))
end

-- # a digit, [4-6] a digit of the range, L the check digit
function helpers.replaceCreditCardSymbols(f, pattern)
  if pattern == nil then pattern = "6453-####-####-####-###L" end
  local filled = check("replaceCreditCardSymbols", "pattern", "string", pattern):gsub("%[(%d)%-(%d)%]", function(a, b)
    return tostring(f.stream:int(tonumber(a), tonumber(b)))
  end)
  filled = filled:gsub("#", function() return digit(f) end)
  return (filled:gsub("L", checkdigit.luhn((filled:gsub("%D", "")))))
end

function helpers.fromRegExp(f, pattern)
  return require("lorm.faker.regexp").draw(f, check("fromRegExp", "pattern", "string", pattern))
end

function helpers.slugify(_, text)
  text = check("slugify", "text", "string", text or "")
  return (text:gsub("%s+", "-"):gsub("[^%w%.%-_]+", ""))
end

-- {{name}} is replaced by data.name, or by what it returns
function helpers.mustache(_, text, data)
  check("mustache", "text", "string", text)
  check("mustache", "data", "table", data)
  return (text:gsub("{{%s*([%w_]+)%s*}}", function(name)
    local v = data[name]
    if type(v) == "function" then v = v() end
    return v ~= nil and tostring(v) or nil
  end))
end

-- JSON, else the text itself
local function argumentOf(text)
  local ok, value = pcall(json.decode, text)
  if ok then return value end
  return text
end

-- "{{person.firstName}} lives in {{location.city}}"; an argument is a text, or JSON: {{number.int({"max": 5})}}
function helpers.fake(f, pattern)
  if type(pattern) == "table" then pattern = helpers.arrayElement(f, pattern) end
  check("fake", "pattern", "string", pattern)
  return (pattern:gsub("{{%s*(%a+)%.(%w+)%s*(%(?.-%)?)%s*}}", function(module, name, argument)
    local given = argument:match "^%((.*)%)$"
    if argument ~= "" and not given then options.fail("helpers.fake", "this is no argument: %s", argument) end
    local fn = f[module][name]
    if not given or given == "" then return tostring(fn()) end
    return tostring(fn(argumentOf(given)))
  end))
end

return helpers
