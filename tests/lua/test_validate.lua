-- lorm.validate and the validate middleware. Without lorm (under a stock lua5.4) the schemas alone.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. here .. "../../lua/?.lua;" .. package.path
local lu = require "luaunit"
local v = require "lorm.validate"

-- The guide's schema.
local createUser = v.object {
  email = v.string():email(),
  username = v.string():min(3):max(20),
  password = v.string():min(8),
  profile = v.object {
    bio = v.string():optional(),
    avatar = v.string():url():optional(),
  }:optional(),
}

local function valid() return { email = "ada@example.com", username = "ada", password = "password" } end

-- "path code message", one for each issue.
local function issues(schema, value)
  local result = schema:safeParse(value)
  if result.success then return {} end
  local out = {}
  for i, issue in ipairs(result.error.issues) do
    out[i] = table.concat(issue.path, ".") .. " " .. issue.code .. " " .. issue.message
  end
  return out
end

local function accepts(schema, ...)
  for _, value in ipairs { ... } do lu.assertEquals(issues(schema, value), {}, tostring(value)) end
end

local function refuses(schema, ...)
  for _, value in ipairs { ... } do
    lu.assertFalse(schema:safeParse(value).success, tostring(value) .. " was accepted")
  end
end

TestGuide = {}

function TestGuide.testAccepts()
  local data = valid()
  lu.assertEquals(createUser:parse(data), data)
  data.profile = { bio = "b", avatar = "https://example.com/a.png" }
  lu.assertEquals(createUser:parse(data), data)
  data.profile = {}
  lu.assertEquals(createUser:parse(data), data)
end

function TestGuide.testRefuses()
  lu.assertEquals(issues(createUser, { email = "a@", username = "ab", profile = { avatar = "no url" } }), {
    "email invalid_string Invalid email",
    "password invalid_type Required",
    "profile.avatar invalid_string Invalid url",
    "username too_small String must contain at least 3 characters",
  })
  lu.assertEquals(issues(createUser, "x"), { " invalid_type Expected object, received string" })
  lu.assertEquals(issues(createUser, nil), { " invalid_type Required" })
end

function TestGuide.testStripsWhatItDoesNotKnow()
  local data = valid()
  data.admin = true
  lu.assertNil(createUser:parse(data).admin)
  lu.assertTrue(data.admin)
  lu.assertTrue(createUser:passthrough():parse(data).admin)
  lu.assertEquals(issues(createUser:strict(), data), { " unrecognized_keys Unrecognized key(s) in object: 'admin'" })
end

function TestGuide.testParseRaises()
  local ok, e = pcall(createUser.parse, createUser, { email = "a@b.co", username = ("x"):rep(21), password = "password" })
  lu.assertFalse(ok)
  lu.assertEquals(e.name, "ValidationError")
  lu.assertEquals(e.path, "username")
  lu.assertEquals(#e.issues, 1)
  lu.assertStrContains(tostring(e), "username: String must contain at most 20 characters")
end

TestStrings = {}

function TestStrings.testEmail()
  local email = v.string():email()
  accepts(email, "a@b.co", "a.b+c@sub.example.org", "a_b-c@ex-ample.com")
  refuses(email, "a@", "@b", "a b@c.d", "a@b", "a@@b.co", "a..b@c.de", ".a@b.co", "a.@b.co", "a@-b.co", "a@b..co", "")
end

function TestStrings.testUrl()
  local url = v.string():url()
  accepts(url, "https://example.com", "http://localhost:3000/a?b=c#d", "mailto:a@b.co", "ftp://x/y")
  refuses(url, "example.com", "http:", "http:///x", "https://a b", "", "//x")
end

function TestStrings.testLengthsCountCharacters()
  accepts(v.string():max(3), "äöü", "☃☃☃")
  refuses(v.string():max(2), "äöü")
  accepts(v.string():length(2), "ab")
  refuses(v.string():length(2), "a", "abc")
  refuses(v.string():nonempty(), "")
end

function TestStrings.testForms()
  accepts(v.string():uuid(), "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d")
  refuses(v.string():uuid(), "2c5ea4c0")
  accepts(v.string():regex "^%u%d+$", "A12")
  refuses(v.string():regex "^%u%d+$", "12")
  accepts(v.string():startsWith "a%":endsWith "z":includes "-", "a%-z")
  refuses(v.string():startsWith "a", "ba")
  accepts(v.string():datetime(), "2024-02-29T12:00:00.123Z")
  refuses(v.string():datetime(), "2024-02-29")
  lu.assertEquals(v.string():trim():toLowerCase():parse "  AbC ", "abc")
  lu.assertEquals(issues(v.string():min(3, "too short"), "a"), { " too_small too short" })
  refuses(v.string(), 5, true, {})
end

TestNumbers = {}

function TestNumbers.testBounds()
  accepts(v.number():min(1):max(3), 1, 2.5, 3)
  refuses(v.number():min(1):max(3), 0.9, 3.1, "2", 0 / 0)
  refuses(v.number():positive(), 0)
  accepts(v.number():nonnegative(), 0)
  refuses(v.number():negative(), 0)
  refuses(v.number():finite(), math.huge)
  refuses(v.number():multipleOf(5), 12)
end

function TestNumbers.testIntegers()
  lu.assertEquals(math.type(v.integer():parse(3.0)), "integer")
  refuses(v.number():int(), 3.5)
  accepts(v.integer():min(3), 3)
end

TestKinds = {}

function TestKinds.testBooleansEnumsLiterals()
  accepts(v.boolean(), true, false)
  refuses(v.boolean(), 0, "true")
  local role = v.enum { "USER", "ADMIN" }
  accepts(role, "USER")
  lu.assertEquals(issues(role, "ROOT"), { " invalid_enum_value Invalid enum value. Expected 'USER' | 'ADMIN', received 'ROOT'" })
  lu.assertEquals(issues(role, nil), { " invalid_type Required" })
  accepts(v.literal(7), 7)
  refuses(v.literal(7), 8)
end

function TestKinds.testArrays()
  local list = v.array(v.string():min(2)):min(1):max(3)
  accepts(list, { "ab" }, { "ab", "cd", "ef" })
  lu.assertEquals(issues(list, { "ab", "c", 4 }),
    { "2 too_small String must contain at least 2 characters", "3 invalid_type Expected string, received integer" })
  refuses(list, {}, { "ab", "ab", "ab", "ab" }, "ab", { a = "ab" })
  local _, e = pcall(function() v.object { tags = list }:parse { tags = { "ab", "c" } } end)
  lu.assertEquals(e.path, "tags[2]")
end

function TestKinds.testRecordsAndUnions()
  accepts(v.record(v.integer()), { a = 1, b = 2 })
  lu.assertEquals(issues(v.record(v.integer()), { a = 1, b = "x" }), { "b invalid_type Expected number, received string" })
  local id = v.union { v.integer(), v.string():uuid() }
  accepts(id, 5, "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d")
  lu.assertEquals(issues(id, "x"), { " invalid_union Invalid input" })
end

function TestKinds.testDefaults()
  local schema = v.object { role = v.enum { "A", "B" }:default "A", n = v.integer():default(function() return 4 end) }
  lu.assertEquals(schema:parse {}, { role = "A", n = 4 })
  lu.assertEquals(schema:parse { role = "B", n = 1 }, { role = "B", n = 1 })
end

function TestKinds.testRefineAndTransform()
  local even = v.integer():refine(function(n) return n % 2 == 0 end, "must be even")
  lu.assertEquals(issues(even, 3), { " custom must be even" })
  lu.assertEquals(even:transform(function(n) return n // 2 end):parse(8), 4)
end

-- A method makes a new schema; the old one stays.
function TestKinds.testSchemasAreValues()
  local text = v.string()
  refuses(text:min(3), "a")
  accepts(text, "a")
  local part = createUser:pick { email = true }
  lu.assertEquals(part:parse { email = "a@b.co" }, { email = "a@b.co" })
  refuses(createUser, { email = "a@b.co" })
  accepts(createUser:partial(), {})
  accepts(createUser:omit { password = true, username = true }, { email = "a@b.co" })
  refuses(createUser:extend { age = v.integer() }, valid())
  lu.assertTrue(v.is(part))
  lu.assertFalse(v.is {})
end

function TestKinds.testMistakesInSchemas()
  local ok, e = pcall(v.object, { name = "string" })
  lu.assertFalse(ok)
  lu.assertStrContains(e, "object: name is no schema")
end

-- ---- with lorm ------------------------------------------------------------------------------------------------------

local found, lorm = pcall(require, "lorm")
if not found then
  if lu.LuaUnit.run() ~= 0 then os.exit(1) end
  return
end

local support = require "support"
local db = support.database "blog"

TestWithLorm = support.suite(db)

function TestWithLorm.testNullAndDates()
  refuses(v.string():optional(), lorm.null)
  accepts(v.string():nullable(), lorm.null, "a")
  refuses(v.string():nullable(), nil)
  accepts(v.string():nullish(), lorm.null)
  lu.assertEquals(v.date():parse "2024-02-29", lorm.datetime "2024-02-29")
  refuses(v.date(), "soon", true, lorm.null)
  refuses(v.date():min "2024-01-01", "2023-12-31")
end

function TestWithLorm.testErrorsAreLorms()
  local e = support.refuses("username", "Required", createUser.parse, createUser, { email = "a@b.co", password = "password" })
  lu.assertEquals(e.issues[1].code, "invalid_type")
end

function TestWithLorm.testMiddleware()
  local url = require("lorm.core").url(require("lorm.client").handle(db))
  local models = { User = v.object { email = v.string():email(), username = v.string():trim():min(3), password = v.string():min(8) } }
  local client <close> = lorm.connect { schema = here .. "../../schema", url = url, middleware = { { "validate", models = models } } }
  local User = client.User
  local made = User:create {
    data = { email = "ada@b.co", username = "  ada ", password = "password", role = "ADMIN", profile = { create = { bio = "b" } } },
    include = { profile = true },
  }
  lu.assertEquals({ made.username, made.role, made.profile.bio }, { "ada", "ADMIN", "b" })
  support.refuses("email", "Invalid email", User.create, User, { data = { email = "x", username = "bob", password = "password" } })
  support.refuses("password", "at least 8", User.update, User, { where = { id = made.id }, data = { password = "short" } })
  lu.assertEquals(User:update { where = { id = made.id }, data = { username = " eve " } }.username, "eve")
  local _, e = pcall(User.createMany, User, { data = {
    { email = "c@b.co", password = "password" }, { email = "d@b.co", username = "dora", password = "password" },
    { email = "x", username = "eva", password = "p" },
  } })
  local paths = {}
  for i, issue in ipairs(e.issues) do paths[i] = table.concat(issue.path, ".") end
  table.sort(paths)
  lu.assertEquals(paths, { "1.username", "3.email", "3.password" })
  lu.assertEquals(User:count(), 1)
  lu.assertEquals(client.Category:create { data = { name = "" } }.name, "")
end

function TestWithLorm.testMiddlewareMistakes()
  local ok, e = pcall(lorm.connect, { schema = here .. "../../schema", middleware = { { "validate", models = { Usr = v.object {} } } },
    url = require("lorm.core").url(require("lorm.client").handle(db)) })
  lu.assertFalse(ok)
  lu.assertStrContains(tostring(e), "there is no model `Usr`. Did you mean `User`?")
end

support.run(db)
