-- faker.phone: numbers to call.
local checkdigit = require "lorm.faker.checkdigit"
local options = require "lorm.faker.options"

local phone = {}

local number = options.of("phone.number", { style = { "human", "national", "international" }, format = "string" }, "format")
function phone.number(f, given)
  local o = number(given)
  return f.helpers.replaceSymbols(o.format or f.stream:pick(f.data("phone")[o.style or "human"]))
end

-- 15 digits, grouped, the last a check digit.
function phone.imei(f)
  local digits = f.string.numeric(14)
  return ("%s-%s-%s-%s"):format(digits:sub(1, 2), digits:sub(3, 8), digits:sub(9, 14), checkdigit.luhn(digits))
end

return phone
