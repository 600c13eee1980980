-- Made-up data in faker-js's modules, names and options, the same on every machine for the same seed.
--   local faker = require "lorm.faker"
--   faker.seed(42)
--   faker.internet.email()                       -- "Ariana50750@example.net"
--   faker.number.int { min = 1, max = 5 }
--   faker.helpers.multiple(faker.person.fullName, { count = 3 })
--   faker.locale = "de"                          -- the language of people, places, phones, companies
--   faker.unique(faker.word.noun)                -- none that it gave before
--   local other = faker { seed = 7, locale = "fr" }  -- a faker of its own; faker.new(7)
--   faker.stream:int(1, 6)                       -- the random numbers beneath
--   faker.useStream(random.new(42, "users", 7))  -- of the running coroutine alone
--   faker.remember()                             -- the running coroutine's draws from now on; earlier ones are forgotten
--   faker.recall(text)                           -- a function that draws such a text again; nil: it was not drawn
-- Dates count from faker.getDefaultRefDate(), which does not move unless setDefaultRefDate moves it. They are
-- lorm.datetime values where lorm is, ISO texts where it is not.
--
-- Older versions' names are in lorm/faker/aliases.lua.
-- lorm/faker/<module>.lua holds one module: functions whose first argument is the faker that they draw from.
local aliases = require "lorm.faker.aliases"
local dates = require "lorm.faker.dates"
local locales = require "lorm.faker.locales"
local nearest = require "lorm.nearest"
local options = require "lorm.faker.options"
local random = require "lorm.random"

local current, modules = {}, {}
for name in ([[
  airline animal book color commerce company database datatype date finance food git hacker helpers image internet
  location lorem music number person phone science string system vehicle word
]]):gmatch "%a+" do current[name], modules[name] = name, name end
for name in pairs(aliases) do modules[name] = name end
modules.whole = nil
for name in pairs(aliases.whole) do modules[name] = name end

local fakerOptions = options.of("new", { seed = "any", locale = "string", refDate = "date" })

local function unknown(what, name, candidates)
  error(("faker has no %s `%s`.%s"):format(what, tostring(name), nearest.hint(name, candidates)), 3)
end

local KEPT <const> = 5000 -- draws that a coroutine remembers, the latest

-- What was drawn, and how, goes into the running coroutine's memory: a ring of value, function, arguments.
local function noted(state, value, fn, ...)
  local kind = type(value)
  if kind ~= "string" and kind ~= "number" then return value end
  local memory = state.memories[coroutine.running()]
  if not memory then return value end
  local at = memory.n % KEPT * 3
  memory.n = memory.n + 1
  memory[at + 1], memory[at + 2], memory[at + 3] = value, fn, select("#", ...) > 0 and table.pack(...)
  return value
end

-- A module's functions, with their faker put in.
local function bind(state, f, name)
  local bound, names, old = {}, {}, aliases[name] or {}
  local real = aliases.whole[name] or name
  for key, fn in pairs(current[real] and require("lorm.faker." .. real) or {}) do
    names[#names + 1] = name .. "." .. key
    local function draw(...) return fn(f, ...) end
    bound[key] = function(...)
      if not state.remembers then return fn(f, ...) end
      return noted(state, fn(f, ...), draw, ...)
    end
  end
  table.sort(names)
  return setmetatable(bound, {
    __index = function(_, key)
      local module, fn = (old[key] or aliases[real] and aliases[real][key] or ""):match "(%a+)%.(%a+)"
      if not module then unknown("function", name .. "." .. tostring(key), names) end
      return f[module][fn]
    end,
  })
end

local methods = {}

-- Begin again with this seed (an integer or a text); returns it.
function methods.seed(state, seed)
  if seed == nil then seed = os.time() end
  if math.type(seed) ~= "integer" and type(seed) ~= "string" then
    error("faker.seed: expected an integer or a text, got " .. type(seed), 3)
  end
  state.stream:restart(seed)
  state.given = {}
  return seed
end

-- The running coroutine, and no other, draws from this stream.
function methods.useStream(state, stream) state.stream:use(stream) end

function methods.remember(state)
  state.remembers = true
  local running = coroutine.running()
  local memory = state.memories[running]
  if memory then memory.n = 0 else state.memories[running] = { n = 0 } end
end

function methods.recall(state, value)
  local memory = state.memories[coroutine.running()]
  local n = memory and memory.n or 0
  for k = n - 1, math.max(0, n - KEPT), -1 do
    local at = k % KEPT * 3
    if memory[at + 1] == value then
      local fn, arguments = memory[at + 2], memory[at + 3]
      return arguments and function() return fn(table.unpack(arguments, 1, arguments.n)) end or fn
    end
  end
end

-- The language of names, places, phones and companies; everything else is English.
function methods.setLocale(state, name)
  if not locales.has(name) then
    options.fail("locale", "there is no locale `%s`.%s", tostring(name), nearest.hint(tostring(name), locales.names))
  end
  state.locale = name
end

-- One section of the locale's data ("person", ...), or English's.
function methods.data(state, section) return locales.data(state.locale, section) end

function methods.setDefaultRefDate(state, date)
  state.reference, state.referenceDate = dates.read(date, "setDefaultRefDate"), nil
end

function methods.getDefaultRefDate(state)
  state.referenceDate = state.referenceDate or dates.value(state.reference)
  return state.referenceDate
end

-- Draw until a value comes that this function did not give before. options: maxRetries, exclude (a value or a list),
-- store (a table of your own in place of the function's)
local uniqueOptions = options.of("unique",
  { maxRetries = "integer", maxTime = "number", exclude = "any", store = "table" })
function methods.unique(state, fn, arguments, given)
  options.check("unique", "the first argument", "callable", fn)
  arguments = options.check("unique", "the arguments", "list", arguments or {})
  local o = uniqueOptions(given)
  local excluded = {}
  for _, v in ipairs(type(o.exclude) == "table" and o.exclude or { o.exclude }) do excluded[v] = true end
  local seen = o.store or state.given[fn] or {}
  if not o.store then state.given[fn] = seen end
  for _ = 0, o.maxRetries or 1000 do
    local value = fn(table.unpack(arguments))
    if value ~= nil and not seen[value] and not excluded[value] then
      seen[value] = true
      return value
    end
  end
  options.fail("unique", "no value came that was not there before")
end

-- What `from` is made of: nil, a seed, or { seed =, locale =, refDate = }.
local function settings(from)
  if type(from) ~= "table" then return { seed = from } end
  return fakerOptions(from)
end

local function new(from)
  local o = settings(from)
  local state = {
    memories = setmetatable({}, { __mode = "k" }), given = {}, stream = random.new(), reference = dates.REFERENCE,
  }
  local f = { new = new, stream = state.stream }
  for name, method in pairs(methods) do
    f[name] = function(...) return method(state, ...) end
  end
  methods.setLocale(state, o.locale or "en")
  if o.refDate then f.setDefaultRefDate(o.refDate) end
  f.seed(o.seed or 0)
  return setmetatable(f, {
    __index = function(self, name)
      if name == "reference" or name == "locale" then return state[name] end
      local module = modules[name]
      if not module then unknown("module", name, nearest.names(modules)) end
      local bound = bind(state, self, module)
      rawset(self, name, bound)
      return bound
    end,
    __newindex = function(_, name, value)
      if name ~= "locale" then options.fail("locale", "only faker.locale may be set, not faker.%s", tostring(name)) end
      methods.setLocale(state, value)
    end,
    __call = function(_, given) return new(given) end,
  })
end

return new()
