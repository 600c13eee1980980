-- faker.location: where things are.
local calendar = require "lorm.faker.data.calendar"
local locales = require "lorm.faker.locales"
local options = require "lorm.faker.options"
local places = require "lorm.faker.data.places"

local location = {}

-- What the patterns of a locale may ask for.
local function partsOf(f)
  local data = f.data "location"
  return {
    prefix = function() return f.stream:pick(data.cityPrefixes) end,
    first = function() return f.person.firstName() end,
    female = function() return f.person.firstName "female" end,
    male = function() return f.person.firstName "male" end,
    last = function() return f.person.lastName() end,
    secondary = function() return location.secondaryAddress(f) end,
    city = function() return location.city(f) end,
    zip = function() return location.zipCode(f) end,
    state = function() return location.state(f, { abbreviated = f.locale == "en" }) end,
    street = function() return location.street(f) end,
    number = function() return location.buildingNumber(f) end,
    address = function() return location.streetAddress(f) end,
  }
end

local function filled(f, pattern, more)
  local parts = partsOf(f)
  for name, part in pairs(more or {}) do parts[name] = part end
  return locales.fill(f, pattern, parts)
end

local function from(f, list)
  return function() return f.stream:pick(list) end
end

function location.continent(f) return f.stream:pick(places.continents) end
function location.country(f) return f.stream:pick(f.data("location").countries) end
function location.timeZone(f) return f.stream:pick(calendar.timeZones) end

function location.county(f)
  local data = f.data "location"
  return filled(f, data.county, { name = data.counties and from(f, data.counties) })
end

local code = options.of("location.countryCode", { variant = { "alpha-2", "alpha-3" } }, "variant")
function location.countryCode(f, given)
  local country = f.stream:pick(places.countries)
  return code(given).variant == "alpha-3" and country.long or country.code
end

local state = options.of("location.state", { abbreviated = "boolean" })
function location.state(f, given)
  local found = f.stream:pick(f.data("location").states)
  return state(given).abbreviated and found.code or found.name
end

-- A real one, or one that could be.
function location.city(f)
  local data = f.data "location"
  if f.stream:chance(0.3) then return f.stream:pick(data.cities) end
  return filled(f, f.stream:pick(data.cityPatterns), { suffix = from(f, data.citySuffixes) })
end

function location.street(f)
  local data = f.data "location"
  return filled(f, f.stream:pick(data.streetPatterns),
    { name = from(f, data.streetNames), suffix = from(f, data.streetSuffixes) })
end

function location.buildingNumber(f) return f.helpers.replaceSymbols(f.stream:pick(f.data("location").numbers)) end
function location.secondaryAddress(f) return f.helpers.replaceSymbols(f.stream:pick(f.data("location").secondary)) end

local streetAddress = options.of("location.streetAddress", { useFullAddress = "boolean" }, "useFullAddress")
function location.streetAddress(f, given)
  local data = f.data "location"
  local address = filled(f, data.address)
  if not streetAddress(given).useFullAddress then return address end
  return filled(f, data.full, { address = function() return address end })
end

local zip = options.of("location.zipCode", { format = "string", state = "string" }, "format")
function location.zipCode(f, given)
  return f.helpers.replaceSymbols(zip(given).format or f.stream:pick(f.data("location").zips))
end

function location.postalAddress(f) return filled(f, f.data("location").postal) end

local function coordinate(name, limit)
  local read = options.of("location." .. name, { min = "number", max = "number", precision = "integer" }, "max")
  return function(f, given)
    local o = read(given)
    return f.number.float { min = o.min or -limit, max = o.max or limit, fractionDigits = o.precision or 4 }
  end
end

location.latitude = coordinate("latitude", 90.0)
location.longitude = coordinate("longitude", 180.0)

-- { latitude, longitude } within `radius` (kilometres, or miles when isMetric is false) of `origin`.
local nearby = options.of("location.nearbyGPSCoordinate", { origin = "list", radius = "number", isMetric = "boolean" })
function location.nearbyGPSCoordinate(f, given)
  local o = nearby(given)
  if not o.origin then return { location.latitude(f), location.longitude(f) } end
  local km = (o.radius or 10) * (o.isMetric == false and 1.609344 or 1)
  local angle, distance = f.stream:float() * 2 * math.pi, math.sqrt(f.stream:float()) * km
  local latitude = o.origin[1] + distance * math.cos(angle) / 111.32
  local longitude = o.origin[2] + distance * math.sin(angle) / (111.32 * math.cos(math.rad(o.origin[1])))
  return { math.max(-90.0, math.min(90.0, latitude)), (longitude + 180.0) % 360.0 - 180.0 }
end

local function directions(name, long, short)
  local read = options.of("location." .. name, { abbreviated = "boolean" })
  return function(f, given)
    local at = f.stream:int(1, #long)
    return read(given).abbreviated and short[at] or long[at]
  end
end

local function both(a, b) return table.move(b, 1, #b, #a + 1, table.move(a, 1, #a, 1, {})) end

location.cardinalDirection = directions("cardinalDirection", places.cardinal, places.cardinalShort)
location.ordinalDirection = directions("ordinalDirection", places.ordinal, places.ordinalShort)
location.direction = directions("direction", both(places.cardinal, places.ordinal),
  both(places.cardinalShort, places.ordinalShort))

-- { name =, alpha2 = }
function location.language(f)
  local name, alpha2 = f.stream:pick(places.languages):match "^%s*(.-) (%l%l)$"
  return { name = name, alpha2 = alpha2 }
end

return location
