-- faker.location: where things are.
local calendar = require "lorm.faker.data.calendar"
local options = require "lorm.faker.options"
local places = require "lorm.faker.data.places"

local location = {}

function location.continent(f) return f.random:pick(places.continents) end
function location.country(f) return f.random:pick(places.countries).name end
function location.county(f) return f.random:pick(places.counties) .. " County" end
function location.timeZone(f) return f.random:pick(calendar.timeZones) end

local code = options.of("location.countryCode", { variant = { "alpha-2", "alpha-3" } }, "variant")
function location.countryCode(f, given)
  local country = f.random:pick(places.countries)
  return code(given).variant == "alpha-3" and country.long or country.code
end

local state = options.of("location.state", { abbreviated = "boolean" })
function location.state(f, given)
  local found = f.random:pick(places.states)
  return state(given).abbreviated and found.code or found.name
end

-- A real one, or one that could be.
function location.city(f)
  if f.random:chance(0.3) then return f.random:pick(places.cities) end
  local root = f.random:chance(0.5) and f.person.firstName() or f.person.lastName()
  if f.random:chance(0.4) then return f.random:pick(places.cityPrefixes) .. " " .. root end
  return root .. f.random:pick(places.citySuffixes)
end

function location.street(f)
  local name = f.random:chance(0.7) and f.random:pick(places.streetNames) or f.person.lastName()
  return name .. " " .. f.random:pick(places.streetSuffixes)
end

function location.buildingNumber(f) return tostring(f.random:int(1, f.random:pick { 99, 999, 9999 })) end
function location.secondaryAddress(f) return f.helpers.replaceSymbols(f.random:pick(places.secondary)) end

local streetAddress = options.of("location.streetAddress", { useFullAddress = "boolean" }, "useFullAddress")
function location.streetAddress(f, given)
  local address = location.buildingNumber(f) .. " " .. location.street(f)
  return streetAddress(given).useFullAddress and address .. " " .. location.secondaryAddress(f) or address
end

local zip = options.of("location.zipCode", { format = "string" }, "format")
function location.zipCode(f, given)
  local format = zip(given).format or (f.random:chance(0.8) and "#####" or "#####-####")
  return f.helpers.replaceSymbols(format)
end

function location.postalAddress(f)
  local short = location.state(f, { abbreviated = true })
  return ("%s\n%s, %s %s"):format(location.streetAddress(f), location.city(f), short, location.zipCode(f))
end

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
  local angle, distance = f.random:float() * 2 * math.pi, math.sqrt(f.random:float()) * km
  local latitude = o.origin[1] + distance * math.cos(angle) / 111.32
  local longitude = o.origin[2] + distance * math.sin(angle) / (111.32 * math.cos(math.rad(o.origin[1])))
  return { math.max(-90.0, math.min(90.0, latitude)), (longitude + 180.0) % 360.0 - 180.0 }
end

local function directions(name, long, short)
  local read = options.of("location." .. name, { abbreviated = "boolean" })
  return function(f, given)
    local at = f.random:int(1, #long)
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
  local name, alpha2 = f.random:pick(places.languages):match "^%s*(.-) (%l%l)$"
  return { name = name, alpha2 = alpha2 }
end

return location
