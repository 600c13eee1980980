-- faker.datatype: true or false.
local options = require "lorm.faker.options"

local datatype = {}

local boolean = options.of("datatype.boolean", { probability = "number" }, "probability")
function datatype.boolean(f, given)
  local p = boolean(given).probability or 0.5
  if p < 0 or p > 1 then options.fail("datatype.boolean", "probability must lie between 0 and 1, got %g", p) end
  return f.stream:chance(p)
end

return datatype
