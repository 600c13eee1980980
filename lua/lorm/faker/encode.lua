-- Base 64 (RFC 4648).
--   encode.base64 "ab"      -> "YWI="
--   encode.base64url "ab"   -> "YWI"        for addresses, without padding
local encode = {}

local function encoded(text, last)
  local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" .. last
  return (text:gsub("..?.?", function(group)
    local a, b, c = group:byte(1, 3)
    local bits, out = a << 16 | (b or 0) << 8 | (c or 0), ""
    for i = 0, #group do
      local at = (bits >> 18 - 6 * i & 63) + 1
      out = out .. alphabet:sub(at, at)
    end
    return out
  end))
end

function encode.base64url(text) return encoded(text, "-_") end
function encode.base64(text) return encoded(text, "+/") .. ("="):rep(-#text % 3) end

return encode
