-- As whom PostgreSQL sees the calls of a client, for row-level security:
--   db:as(user, { role = "app", settings = { ["app.tenant"] = user.tenantId } })
-- Role and settings go out before the statements of each call, in the same flight, and end with it, or with the
-- transaction. A policy reads them by current_user and current_setting('app.tenant', true).
local core = require "lorm.core"
local nearest = require "lorm.nearest"

local identity = {}

local known = { "role", "settings" }

local function refuse(path, message) core.throw { name = "ValidationError", path = path, message = message } end

local function text(value, path)
  local kind = math.type(value) or type(value)
  if kind == "string" or kind == "integer" or kind == "boolean" then return tostring(value) end
  if kind == "float" then return ("%.17g"):format(value) end
  refuse(path, ("A setting is a string, a number or a boolean, not a %s."):format(core.kindOf(value) or kind))
end

-- The handle of a client, made as somebody.
function identity.new(handle, options)
  if type(options) ~= "table" then refuse(nil, "db:as(user, options): options must be a table: { role =, settings = }.") end
  for name in pairs(options) do
    if name ~= "role" and name ~= "settings" then
      refuse(tostring(name), ("db:as has no option %s.%s"):format(tostring(name), nearest.hint(tostring(name), known)))
    end
  end
  local names, list = {}, {}
  if options.settings ~= nil and type(options.settings) ~= "table" then refuse("settings", "settings must be a table: { [name] = value }.") end
  for name in pairs(options.settings or {}) do
    if type(name) ~= "string" then refuse("settings", 'The name of a setting is a string, such as "app.tenant".') end
    names[#names + 1] = name
  end
  table.sort(names) -- one text for one set of names
  for _, name in ipairs(names) do
    list[#list + 1] = name
    list[#list + 1] = text(options.settings[name], "settings." .. name)
  end
  if options.role ~= nil then -- the last: it may be allowed less than who sets it
    if type(options.role) ~= "string" or options.role == "" then refuse("role", "A role is the name of one.") end
    list[#list + 1] = "role"
    list[#list + 1] = options.role
  end
  return core.identity(handle, list)
end

return identity
