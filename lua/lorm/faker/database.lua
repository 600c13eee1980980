-- faker.database: words of those who keep data.
local machines = require "lorm.faker.data.machines"

local database = {}

local function drawn(list)
  return function(f) return f.stream:pick(list) end
end

database.column = drawn(machines.columns)
database.type = drawn(machines.columnTypes)
database.collation = drawn(machines.collations)
database.engine = drawn(machines.engines)

function database.mongodbObjectId(f) return f.string.hexadecimal { length = 24, casing = "lower", prefix = "" } end

return database
