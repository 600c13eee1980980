-- Check digits, so that made-up numbers pass the tests that real ones pass.
--   checkdigit.luhn("7992739871")            -> "3"      cards, IMEI (H. P. Luhn)
--   checkdigit.ean("978030640615")           -> "7"      EAN-13, UPC-A, ISBN-13
--   checkdigit.isbn10("030640615")           -> "2"
--   checkdigit.iban("GB", "WEST1234...")     -> "82"     ISO 7064, modulo 97
--   checkdigit.routing("11100002")           -> "5"      of the American Bankers Association
local checkdigit = {}

local function digit(text, i) return text:byte(i) - 48 end

function checkdigit.luhn(digits)
  local sum = 0
  for i = 1, #digits do
    local d = digit(digits, -i) * (i % 2 == 1 and 2 or 1)
    sum = sum + (d > 9 and d - 9 or d)
  end
  return tostring(-sum % 10)
end

function checkdigit.ean(digits)
  local sum = 0
  for i = 1, #digits do sum = sum + digit(digits, -i) * (i % 2 == 1 and 3 or 1) end
  return tostring(-sum % 10)
end

function checkdigit.isbn10(digits)
  local sum = 0
  for i = 1, 9 do sum = sum + digit(digits, i) * (11 - i) end
  local check = -sum % 11
  return check == 10 and "X" or tostring(check)
end

function checkdigit.iban(country, account)
  local rest = 0
  for c in (account .. country .. "00"):gmatch "." do
    local v = tonumber(c, 36)
    rest = (rest * (v > 9 and 100 or 10) + v) % 97
  end
  return ("%02d"):format(98 - rest)
end

function checkdigit.routing(digits)
  local sum, weights = 0, { 3, 7, 1 }
  for i = 1, 8 do sum = sum + digit(digits, i) * weights[(i - 1) % 3 + 1] end
  return tostring(-sum % 10)
end

return checkdigit
