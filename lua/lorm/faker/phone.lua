-- faker.phone: numbers to call, in the North American plan, with exchanges that are kept for fiction.
local checkdigit = require "lorm.faker.checkdigit"
local options = require "lorm.faker.options"

local phone = {}

local number = options.of("phone.number", { style = { "human", "national", "international" } })
function phone.number(f, given)
  local style = number(given).style or "human"
  local area = f.helpers.replaceSymbols "!##"
  local line = "01" .. f.string.numeric(2)
  if style == "international" then return "+1" .. area .. "555" .. line end
  if style == "national" then return ("(%s) 555-%s"):format(area, line) end
  local forms = { "%s-555-%s", "(%s) 555-%s", "%s.555.%s", "1-%s-555-%s", "+1 %s 555 %s" }
  return f.random:pick(forms):format(area, line)
end
phone.phoneNumber = phone.number

-- 15 digits, grouped, the last a check digit.
function phone.imei(f)
  local digits = f.string.numeric(14)
  return ("%s-%s-%s-%s"):format(digits:sub(1, 2), digits:sub(3, 8), digits:sub(9, 14), checkdigit.luhn(digits))
end

return phone
