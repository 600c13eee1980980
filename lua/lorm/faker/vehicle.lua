-- faker.vehicle: cars and bicycles.
local travel = require "lorm.faker.data.travel"

local vehicle = {}

function vehicle.bicycle(f) return f.stream:pick(travel.bicycles) end
function vehicle.color(f) return f.color.human() end
function vehicle.fuel(f) return f.stream:pick(travel.fuels) end
function vehicle.manufacturer(f) return f.stream:pick(travel.manufacturers) end
function vehicle.model(f) return f.stream:pick(travel.models) end
function vehicle.type(f) return f.stream:pick(travel.vehicleTypes) end
function vehicle.vehicle(f) return vehicle.manufacturer(f) .. " " .. vehicle.model(f) end

-- The letters I, O and Q stand in none; the ninth place checks the others (ISO 3779, as in North America).
function vehicle.vin(f)
  local alphabet = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
  local text = f.string.fromCharacters(alphabet, 8) .. "0" .. f.string.fromCharacters(alphabet, 4) .. f.string.numeric(4)
  local values, weights = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ", { 8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2 }
  local sum = 0
  for i, weight in ipairs(weights) do sum = sum + (values:find(text:sub(i, i), 1, true) - 1) % 10 * weight end
  local check = sum % 11 == 10 and "X" or tostring(sum % 11)
  return text:sub(1, 8) .. check .. text:sub(10)
end

-- Of the form that British plates have.
function vehicle.vrm(f)
  return f.helpers.replaceSymbols "??##???"
end

return vehicle
