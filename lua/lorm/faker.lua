-- Made-up data in faker-js's modules, names and options, the same on every machine for the same seed.
--   local faker = require "lorm.faker"
--   faker.seed(42)
--   faker.internet.email()                       -- "Ariana50750@example.net"
--   faker.number.int { min = 1, max = 5 }
--   faker.helpers.multiple(faker.person.fullName, { count = 3 })
--   local other = faker.new(7)                   -- a faker of its own
--   faker.random:int(1, 6)                       -- the stream of random numbers beneath
--   faker.useStream(random.new(42, "users", 7))  -- of the running coroutine alone
--   faker.remember(memory)                       -- memory[text] = a function that draws such a text again
-- Dates count from faker.getDefaultRefDate(), which does not move unless setDefaultRefDate moves it. They are
-- lorm.datetime values where lorm is, ISO texts where it is not.
--
-- lorm/faker/<module>.lua holds one module: functions whose first argument is the faker that they draw from.
local dates = require "lorm.faker.dates"
local nearest = require "lorm.nearest"
local random = require "lorm.random"

local modules = {}
for name in ([[
  airline animal book color commerce company database datatype date finance food git hacker helpers image internet
  location lorem music number person phone science string system vehicle word
]]):gmatch "%a+" do modules[name] = name end
modules.name, modules.address = "person", "location" -- as older versions call them

local function unknown(what, name, candidates)
  error(("faker has no %s `%s`.%s"):format(what, tostring(name), nearest.hint(name, candidates)), 3)
end

-- In the running coroutine's memory, how to draw another value in place of this one.
local function noted(state, value, fn, ...)
  local memory = state.memories[coroutine.running()]
  if memory and (type(value) == "string" or type(value) == "number") then
    local arguments = table.pack(...)
    memory[value] = function() return fn(table.unpack(arguments, 1, arguments.n)) end
  end
  return value
end

-- A module's functions, with their faker put in.
local function bind(state, f, name)
  local bound, names = {}, {}
  for key, fn in pairs(require("lorm.faker." .. name)) do
    names[#names + 1] = name .. "." .. key
    bound[key] = function(...)
      if not state.remembers then return fn(f, ...) end
      return noted(state, fn(f, ...), fn, f, ...)
    end
  end
  table.sort(names)
  return setmetatable(bound, {
    __index = function(_, key) unknown("function", name .. "." .. tostring(key), names) end,
  })
end

local methods = {}

-- Begin again with this seed (an integer or a text); returns it.
function methods.seed(state, seed)
  if seed == nil then seed = os.time() end
  if math.type(seed) ~= "integer" and type(seed) ~= "string" then
    error("faker.seed: expected an integer or a text, got " .. type(seed), 3)
  end
  state.main = random.new(seed)
  return seed
end

-- The running coroutine, and no other, draws from this stream.
function methods.useStream(state, stream) state.streams[coroutine.running()] = stream end

function methods.remember(state, memory)
  state.remembers = true
  state.memories[coroutine.running()] = memory
end

-- What the running coroutine remembers.
function methods.memory(state) return state.memories[coroutine.running()] or {} end

function methods.setDefaultRefDate(state, date)
  state.reference, state.referenceDate = dates.read(date, "setDefaultRefDate"), nil
end

function methods.getDefaultRefDate(state)
  state.referenceDate = state.referenceDate or dates.value(state.reference)
  return state.referenceDate
end

local function new(seed)
  local weak = { __mode = "k" }
  local state = { streams = setmetatable({}, weak), memories = setmetatable({}, weak), reference = dates.REFERENCE }
  local f = { new = new }
  for name, method in pairs(methods) do
    f[name] = function(...) return method(state, ...) end
  end
  f.seed(seed or 0)
  return setmetatable(f, {
    __index = function(self, name)
      if name == "random" then return state.streams[coroutine.running()] or state.main end
      if name == "reference" then return state.reference end
      local module = modules[name]
      if not module then unknown("module", name, nearest.names(modules)) end
      local bound = bind(state, self, module)
      rawset(self, name, bound)
      return bound
    end,
  })
end

return new()
