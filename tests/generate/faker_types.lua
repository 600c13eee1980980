-- The annotations of lorm.faker, made from what it is: options from what each function checks, results from a call.
--   lorm run tests/generate/faker_types.lua > lua/lorm/generate/static/faker.lua
-- tests/lua/test_generate.lua fails when the two have gone apart.
local options = require "lorm.faker.options"

local shapes, short = {}, {} -- by "module.function": the kinds of its options, and which one stands alone
local plain = options.of
options.of = function(name, kinds, alone) -- luacheck: ignore
  shapes[name], short[name] = kinds, alone and kinds[alone]
  return plain(name, kinds, alone)
end

local aliases = require "lorm.faker.aliases"
local faker = require "lorm.faker"

local MODULES <const> = [[airline animal book color commerce company database datatype date finance food git hacker
  helpers image internet location lorem music number person phone science string system vehicle word]]

-- Those that cannot be called with nothing.
local known = {
  ["helpers.arrayElement"] = "fun(list: any[]): any",
  ["helpers.arrayElements"] = "fun(list: any[], options?: integer|{ min: integer, max: integer }): any[]",
  ["helpers.enumValue"] = "fun(enum: table): any",
  ["helpers.fake"] = "fun(pattern: string|string[]): string",
  ["helpers.fromRegExp"] = "fun(pattern: string): string",
  ["helpers.maybe"] = "fun(fn: (fun(): any), options?: { probability?: number }): any",
  ["helpers.multiple"] = "fun(fn: (fun(i: integer): any), options?: { count?: integer|{ min: integer, max: integer } }): any[]",
  ["helpers.mustache"] = "fun(text: string, data: table): string",
  ["helpers.objectEntry"] = "fun(object: table): table",
  ["helpers.objectKey"] = "fun(object: table): any",
  ["helpers.objectValue"] = "fun(object: table): any",
  ["helpers.rangeToNumber"] = "fun(range: integer|{ min: integer, max: integer }): integer",
  ["helpers.replaceSymbols"] = "fun(text: string): string",
  ["helpers.shuffle"] = "fun(list: any[], options?: { inplace?: boolean }): any[]",
  ["helpers.unique"] = "fun(fn: function, arguments?: any[], options?: table): any",
  ["helpers.uniqueArray"] = "fun(source: any[]|function, length: integer): any[]",
  ["helpers.weightedArrayElement"] = "fun(list: { weight: number, value: any }[]): any",
  ["date.between"] = "fun(options: { from: lorm.DateTimeInput, to: lorm.DateTimeInput }): lorm.DateTime",
  ["date.betweens"] = "fun(options: { from: lorm.DateTimeInput, to: lorm.DateTimeInput, count?: integer }): lorm.DateTime[]",
  ["string.fromCharacters"] = "fun(characters: string|string[], length?: integer|{ min: integer, max: integer }): string",
}

local kinds = {
  integer = "integer", number = "number", string = "string", boolean = "boolean", table = "table", list = "any[]",
  callable = "function", date = "lorm.DateTimeInput", any = "any", range = "integer|{ min: integer, max: integer }",
}

local function sorted(t)
  local list = {}
  for name in pairs(t) do list[#list + 1] = name end
  table.sort(list)
  return list
end

local function kind_of(kind)
  if type(kind) == "string" then return kinds[kind] end
  local words = {}
  for i, word in ipairs(kind) do words[i] = type(word) == "string" and ('"%s"'):format(word) or tostring(word) end
  return table.concat(words, "|")
end

local function options_of(name)
  local shape = shapes[name]
  if not shape then return "...: any" end
  local parts = {}
  for _, option in ipairs(sorted(shape)) do parts[#parts + 1] = option .. "?: " .. kind_of(shape[option]) end
  local kind = "{ " .. table.concat(parts, ", ") .. " }"
  return "options?: " .. kind .. (short[name] and "|" .. kind_of(short[name]) or "")
end

local function result_of(name)
  local module, fn = name:match "(.*)%.(.*)"
  local value = faker[module][fn]()
  local kind = math.type(value) == "float" and "number" or math.type(value) or type(value)
  if kind == "userdata" then return "lorm.DateTime" end
  if kind == "table" then return value[1] ~= nil and type(value[1]) .. "[]" or "table<string, string>" end
  return kind
end

local out = { "-- luacheck: ignore 631\nreturn [[\n---@meta lorm.faker\n-- Made by `lorm generate`; what is changed here is lost.\n\n" }
local function add(...) out[#out + 1] = string.format(...) .. "\n" end

local function kind_of_function(name)
  if known[name] then return known[name] end
  local result = result_of(name) -- first: the call makes the options known
  known[name] = ("fun(%s): %s"):format(options_of(name), result)
  return known[name]
end

-- Functions of a module, older names too: { name = its kind }.
local function functions_of(module)
  local found = {}
  local is_real, real = pcall(require, "lorm.faker." .. module)
  for fn in pairs(is_real and real or {}) do found[fn] = kind_of_function(module .. "." .. fn) end
  for fn, target in pairs(aliases[module] or {}) do found[fn] = found[fn] or kind_of_function(target) end
  return found
end

faker.seed(1)
local modules = {}
for module in MODULES:gmatch "%a+" do modules[module] = true end
for module in pairs(aliases) do modules[module] = true end
for module in pairs(aliases.whole) do modules[module] = true end
modules.whole = nil
for _, module in ipairs(sorted(modules)) do
  local whole = aliases.whole[module]
  add("---@class lorm.faker.%s%s", module, whole and ": lorm.faker." .. whole or "")
  local functions = functions_of(module)
  for _, fn in ipairs(sorted(functions)) do add("---@field %s %s", fn, functions[fn]) end
  add ""
end
add "--- Made-up data, the same on every machine for the same seed."
add "---@class lorm.Faker"
for _, module in ipairs(sorted(modules)) do add("---@field %s lorm.faker.%s", module, module) end
add "---@field locale string the language of people, places, phones, companies"
add "---@field seed fun(seed?: integer|string): any"
add "---@field new fun(options?: integer|{ seed?: any, locale?: string, refDate?: lorm.DateTimeInput }): lorm.Faker"
add "---@field unique fun(fn: function, ...: any): any none that it gave before"
add "---@field setDefaultRefDate fun(date?: lorm.DateTimeInput)"
add "---@field getDefaultRefDate fun(): lorm.DateTime"
add "---@field setLocale fun(locale: string)"
add "---@overload fun(options?: integer|{ seed?: any, locale?: string }): lorm.Faker"
add "local faker = {}"
add ""
add "return faker"
add "]]"
io.write(table.concat(out))
