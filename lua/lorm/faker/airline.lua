-- faker.airline: flights.
local options = require "lorm.faker.options"
local travel = require "lorm.faker.data.travel"

local airline = {}

function airline.airline(f)
  local found = f.stream:pick(travel.airlines)
  return { name = found.name, iataCode = found.code }
end

function airline.airport(f)
  local found = f.stream:pick(travel.airports)
  return { name = found.name, iataCode = found.code }
end

function airline.airplane(f)
  local found = f.stream:pick(travel.airplanes)
  return { name = found.name, iataTypeCode = found.code }
end

local kinds = { "narrowbody", "regional", "widebody" }

function airline.aircraftType(f) return f.stream:pick(kinds) end

local number = options.of("airline.flightNumber", { length = "range", addLeadingZeros = "boolean" })
function airline.flightNumber(f, given)
  local o = number(given)
  local length = options.draw(f, o.length or { min = 1, max = 4 })
  local text = f.string.numeric { length = length, allowLeadingZeros = false }
  return o.addLeadingZeros and ("0"):rep(4 - #text) .. text or text
end

local locator = options.of("airline.recordLocator", { allowNumerics = "boolean", allowVisuallySimilarCharacters = "boolean" })
function airline.recordLocator(f, given)
  local o = locator(given)
  local alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ"
  if o.allowVisuallySimilarCharacters then alphabet = alphabet .. "ILO" end
  if o.allowNumerics then alphabet = alphabet .. "23456789" .. (o.allowVisuallySimilarCharacters and "01" or "") end
  return f.string.fromCharacters(alphabet, 6)
end

local cabins = { regional = { 20, "ABCD" }, narrowbody = { 35, "ABCDEF" }, widebody = { 60, "ABCDEFGHJK" } }

local seat = options.of("airline.seat", { aircraftType = kinds }, "aircraftType")
function airline.seat(f, given)
  local cabin = cabins[seat(given).aircraftType or "narrowbody"]
  return f.stream:int(1, cabin[1]) .. f.string.fromCharacters(cabin[2])
end

return airline
