-- lorm.config.lua, and where things of the project lie: config.root, config.schema, config.migrations.
local core = require "lorm.core"

local config = {}

local function raise(message) core.throw { name = "UsageError", message = message } end

-- The table that the file returns; {} without a file.
function config.read(path)
  if not path then return {} end
  local chunk, problem = loadfile(path, "t")
  if not chunk then raise(problem) end
  local result = chunk()
  if type(result) ~= "table" then raise(path .. " must return a table.") end
  return result
end

-- Where the .sql files of a schema lie: in the folder of the schema, or beside its file.
function config.sql_folder(schema)
  schema = schema or config.schema
  if not schema then return nil end
  if schema:sub(-7) == ".prisma" then return (schema:match "^(.*)/[^/]*$" or ".") .. "/sql" end
  return schema .. "/sql"
end

return config
