-- faker.datatype: true or false, and the names under which older versions kept numbers, texts and dates.
local options = require "lorm.faker.options"

local datatype = {}

local boolean = options.of("datatype.boolean", { probability = "number" }, "probability")
function datatype.boolean(f, given)
  local p = boolean(given).probability or 0.5
  if p < 0 or p > 1 then options.fail("datatype.boolean", "probability must lie between 0 and 1, got %g", p) end
  return f.random:chance(p)
end

function datatype.number(f, ...) return f.number.int(...) end
function datatype.float(f, ...) return f.number.float(...) end
function datatype.uuid(f) return f.string.uuid() end
function datatype.string(f, ...) return f.string.sample(...) end
function datatype.datetime(f, ...) return f.date.anytime(...) end

return datatype
