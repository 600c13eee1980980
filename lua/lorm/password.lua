-- Passwords, as hashes that may be kept: yescrypt, by the libcrypt that keeps Debian's own accounts.
--   local hash = lorm.password.hash("hunter2")              "$y$j9T$...", another one each time
--   lorm.password.verify("hunter2", hash)                   true; also of bcrypt, sha512crypt and whatever libcrypt knows
--   lorm.password.hash("hunter2", { cost = 7 })             1 to 11 (default 5), each twice as much work and memory
-- It takes some ten milliseconds on purpose, on another thread: other tasks go on meanwhile.
local core = require "lorm.core"

local password = {}

local function invalid(path, message) core.throw { name = "ValidationError", path = path, message = message } end

local function check(text, path)
  if type(text) ~= "string" then invalid(path, ("A %s is a string, not a %s."):format(path, core.kindOf(text) or type(text))) end
end

function password.hash(text, options)
  check(text, "password")
  local cost = options and options.cost
  if cost ~= nil and (math.type(cost) ~= "integer" or cost < 1 or cost > 11) then
    invalid("cost", "The cost is a whole number from 1 to 11.")
  end
  return core.passwordHash(text, cost)
end

function password.verify(text, hash)
  check(text, "password")
  check(hash, "hash")
  return core.passwordVerify(text, hash)
end

return password
