-- For whom a call is made, as a text: the client's user and identity, and what was added to the client.
-- Middleware of the list is the same in each program that shares the configuration; what a script added is told apart
-- within this one only.
local serialize = require "lorm.serialize"

local audience = {}

local numbers, given = setmetatable({}, { __mode = "k" }), 0 -- layers that scripts added

local function number_of(layer)
  if not numbers[layer] then
    given = given + 1
    numbers[layer] = given
  end
  return numbers[layer]
end

-- of: the state of the client.
function audience.of(of, params)
  local scopes = params.scopes
  if scopes ~= of.scopes or (scopes and scopes.perCall) then return nil end
  local fine, who = pcall(serialize.key, { params.user, params.as })
  if not fine then return nil end
  local parts, stable = { who }, true
  for _, layer in ipairs(of.layers or {}) do
    if not layer.base then
      parts[#parts + 1], stable = tostring(number_of(layer)), false
    end
  end
  return table.concat(parts, "+"), stable
end

return audience
