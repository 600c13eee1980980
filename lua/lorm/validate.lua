-- Schemas for values, in the manner of Zod.
--   local v = require "lorm.validate"
--   local createUser = v.object {
--     email = v.string():email(), username = v.string():min(3):max(20), password = v.string():min(8),
--     profile = v.object { bio = v.string():optional(), avatar = v.string():url():optional() }:optional(),
--   }
--   local data = createUser:parse(input)            -- a checked copy, or an error with `issues`
--   local result = createUser:safeParse(input)      -- { success =, data = | error = { issues = } }
-- An issue is { path = { "profile", "avatar" }, code = "invalid_string", message = "..." }. Schemas are values: each
-- method returns a new one. Kinds are in lorm/validate/*.lua.
local base = require "lorm.validate.base"
local containers = require "lorm.validate.containers"
local scalars = require "lorm.validate.scalars"

local validate = { is = base.is }

for name, make in pairs(scalars) do validate[name] = make end
for name, make in pairs(containers) do validate[name] = make end

return validate
