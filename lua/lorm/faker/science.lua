-- faker.science: elements and units.
local machines = require "lorm.faker.data.machines"

local science = {}

function science.chemicalElement(f)
  local number, symbol, name = f.stream:pick(machines.elements):match "(%d+) (%a+) (%a+)"
  return { symbol = symbol, name = name, atomicNumber = tonumber(number) }
end

function science.unit(f)
  local symbol, name = f.stream:pick(machines.units):match "(%a+) (%a+)"
  return { name = name, symbol = symbol }
end

return science
