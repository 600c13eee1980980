-- faker.internet: addresses, accounts, protocols.
local encode = require "lorm.faker.encode"
local locales = require "lorm.faker.locales"
local net = require "lorm.faker.data.net"
local options = require "lorm.faker.options"

local internet = {}

-- Letters, digits, dots, dashes and underscores: what is left of a name in an address.
local function plain(f, name) return (locales.ascii(f, name):gsub("[^%w%._-]", "")) end

local naming = { firstName = "string", lastName = "string" }

-- "Clara.Whitfield", "Clara_Whitfield41", "Clara77"
local function account(f, first, last)
  local kind = f.stream:int(1, 3)
  local joint = f.stream:pick { ".", "_", "-" }
  if kind == 1 then return first .. joint .. last end
  if kind == 2 then return first .. joint .. last .. f.stream:int(1, 999) end
  return first .. f.stream:int(1, 99999)
end

local function accountOf(f, o)
  local first, last = plain(f, o.firstName or f.person.firstName()), plain(f, o.lastName or f.person.lastName())
  return account(f, first ~= "" and first or "user", last ~= "" and last or tostring(f.stream:int(1, 999)))
end

local username = options.of("internet.username", naming, "firstName")
function internet.username(f, given) return accountOf(f, username(given)) end

-- As username, but its letters are the language's own.
local display = options.of("internet.displayName", naming, "firstName")
function internet.displayName(f, given)
  local o = display(given)
  return account(f, o.firstName or f.person.firstName(), o.lastName or f.person.lastName())
end

local mail = {
  firstName = "string", lastName = "string", provider = "string", allowSpecialCharacters = "boolean",
}

local function address(f, o, providers)
  local name = accountOf(f, o)
  if o.allowSpecialCharacters then
    local at = f.stream:int(2, #name)
    local special = f.string.fromCharacters "!#$%&'*+/=?^`{|}~"
    name = name:sub(1, at - 1) .. special .. name:sub(at)
  end
  return name .. "@" .. (o.provider or f.stream:pick(providers))
end

local email = options.of("internet.email", mail, "firstName")
function internet.email(f, given) return address(f, email(given), net.mailDomains) end

local exampleEmail = options.of("internet.exampleEmail", mail, "firstName")
function internet.exampleEmail(f, given) return address(f, exampleEmail(given), net.mailDomains) end

-- memorable: syllables; pattern: a Lua character class that every character must match
local password = options.of("internet.password",
  { length = "integer", memorable = "boolean", pattern = "string", prefix = "string" }, "length")

local function syllables(f, length)
  local out = {}
  for i = 1, length do out[i] = f.string.fromCharacters(i % 2 == 1 and "bcdfghjklmnpqrstvwxyz" or "aeiou") end
  return table.concat(out)
end

local function matching(pattern)
  local alphabet = {}
  for code = 33, 126 do
    local c = string.char(code)
    if c:find(pattern) then alphabet[#alphabet + 1] = c end
  end
  if #alphabet == 0 then options.fail("internet.password", "no printable character matches the pattern %q", pattern) end
  return alphabet
end

function internet.password(f, given)
  local o = password(given)
  local prefix = o.prefix or ""
  local length = math.max(0, (o.length or 15) - #prefix)
  if o.memorable then return prefix .. syllables(f, length) end
  return prefix .. f.string.fromCharacters(matching(o.pattern or "[%w_]"), length)
end

function internet.domainSuffix(f) return f.stream:pick(net.suffixes) end
function internet.domainWord(f) return f.word.adjective() .. "-" .. f.word.noun() end
function internet.domainName(f) return internet.domainWord(f) .. "." .. internet.domainSuffix(f) end

function internet.protocol(f) return f.stream:pick { "http", "https" } end

local url = options.of("internet.url", { protocol = { "http", "https" }, appendSlash = "boolean" })
function internet.url(f, given)
  local o = url(given)
  local slash = o.appendSlash
  if slash == nil then slash = f.stream:chance(0.5) end
  return (o.protocol or "https") .. "://" .. internet.domainName(f) .. (slash and "/" or "")
end

function internet.httpMethod(f) return f.stream:pick(net.methods) end

local kinds = { "informational", "success", "redirection", "clientError", "serverError" }
local status = options.of("internet.httpStatusCode", { types = "list" })
function internet.httpStatusCode(f, given)
  local types = status(given).types or kinds
  for i, kind in ipairs(types) do options.check("internet.httpStatusCode", ("types[%d]"):format(i), kinds, kind) end
  return f.stream:pick(net.status[f.stream:pick(types)])
end

function internet.ipv4(f)
  return ("%d.%d.%d.%d"):format(f.stream:int(0, 255), f.stream:int(0, 255), f.stream:int(0, 255), f.stream:int(0, 255))
end

function internet.ipv6(f)
  local groups = {}
  for i = 1, 8 do groups[i] = ("%04x"):format(f.stream:int(0, 0xFFFF)) end
  return table.concat(groups, ":")
end

function internet.ip(f) return f.stream:chance(0.5) and internet.ipv4(f) or internet.ipv6(f) end

local mac = options.of("internet.mac", { separator = { "", ":", "-" } }, "separator")
function internet.mac(f, given)
  local groups = {}
  for i = 1, 6 do groups[i] = ("%02x"):format(f.stream:int(0, 255)) end
  return table.concat(groups, mac(given).separator or ":")
end

function internet.port(f) return f.stream:int(0, 65535) end
function internet.emoji(f) return f.stream:pick(net.emoji) end

function internet.jwtAlgorithm(f) return f.stream:pick(net.jwt) end

-- Of the right form; its signature is made up.
function internet.jwt(f)
  local issued = f.reference // 1000 - f.stream:int(0, 86400)
  local header = ('{"alg":"%s","typ":"JWT"}'):format(internet.jwtAlgorithm(f))
  local payload = ('{"iat":%d,"exp":%d,"iss":"%s","sub":"%s"}'):format(
    issued, issued + 86400, f.company.name(), f.string.uuid())
  return encode.base64url(header) .. "." .. encode.base64url(payload) .. "." .. f.string.alphanumeric(64)
end

function internet.userAgent(f)
  local system = f.stream:pick {
    "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64",
  }
  local major = f.stream:int(110, 145)
  if f.stream:chance(0.5) then
    return ("Mozilla/5.0 (%s; rv:%d.0) Gecko/20100101 Firefox/%d.0"):format(system, major, major)
  end
  return ("Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36"):format(system, major)
end

return internet
