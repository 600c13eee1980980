-- What the studio's page asks for, without a page.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local api = require "lorm.studio.api"
local shapes = require "lorm.studio.shapes"
local support = require "support"

local db = support.database [[
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model Thing {
  id   Int     @id @default(autoincrement())
  name String?
  raw  Bytes?
  data Json?
  rate Float?
  rest Bytes[]
}

model Place {
  x    Int
  y    Int
  name String

  @@id([x, y], name: "spot")
}

model Word {
  text     String
  language String
  code     String?

  @@unique([code])
  @@unique([language, text], name: "entry")
}

model Log {
  id   Int    @id @default(autoincrement())
  text String
}

view Report {
  text String
  code String? @unique
}
]]

TestStudio = support.suite(db)

local calls = api.new { db = db }
local models = {}
for _, model in ipairs(db:schema().models) do models[model.name] = model end

local function fine(name, request)
  local answer = api.call(calls[name], request)
  lu.assertNil(answer.error, answer.error and answer.error.message)
  return answer.result, answer
end

local function refused(name, request, text)
  local answer = api.call(calls[name], request)
  lu.assertNotNil(answer.error, "it was done")
  lu.assertStrContains(answer.error.message, text)
end

function TestStudio.testIdentity()
  lu.assertEquals(shapes.identity(models.Thing), { fields = { "id" }, name = "id" })
  lu.assertEquals(shapes.identity(models.Place), { fields = { "x", "y" }, name = "spot" })
  lu.assertEquals(shapes.identity(models.Word), { fields = { "language", "text" }, name = "entry" })
  lu.assertNil(shapes.identity(models.Report), "a unique field that may be NULL tells nobody apart")
end

function TestStudio.testKeys()
  lu.assertEquals(shapes.key(models.Thing, { id = 1 }), { id = 1 })
  lu.assertEquals(shapes.key(models.Place, { x = 1, y = 2, name = "more" }), { spot = { x = 1, y = 2 } })
  lu.assertErrorMsgContains("The row's y is missing", shapes.key, models.Place, { x = 1 })
  lu.assertErrorMsgContains("neither an id nor a unique field", shapes.key, models.Report, { code = "a" })
end

-- All bytes there are, by each length of a group of base64.
function TestStudio.testBytes()
  for n = 0, 260 do
    local bytes = {}
    for i = 1, n do bytes[i] = string.char((i * 7) % 256) end
    local text = lorm.json.encode(db.Thing:create { data = { raw = table.concat(bytes) } }):match '"raw":"([^"]*)"'
    lu.assertEquals(shapes.data(models.Thing, { raw = text }).raw, table.concat(bytes))
  end
  lu.assertErrorMsgContains("no base64", shapes.data, models.Thing, { raw = "a-b" })
  lu.assertErrorMsgContains("no base64", shapes.data, models.Thing, { raw = "AAAAA" })
end

function TestStudio.testSaved()
  fine("save", { edits = { { action = "create", model = "Thing", data = { raw = "AAE=", data = '{"a":[],"b":{}}', rate = 3, rest = { "AA==" } } } } })
  local row = db.Thing:findFirst()
  lu.assertEquals({ row.raw, row.rate, row.rest }, { "\0\1", 3.0, { "\0" } })
  lu.assertEquals(lorm.json.encode(row.data), '{"a":[],"b":{}}')
  for _, text in ipairs { "{}", "[]", "null", '"x"', "12", "false" } do
    fine("save", { edits = { { action = "update", model = "Thing", key = { id = row.id }, data = { data = text } } } })
    lu.assertEquals(db:queryRaw('SELECT data::text AS t FROM "Thing"')[1].t, text)
  end
  fine("save", { edits = { { action = "update", model = "Thing", key = { id = row.id }, data = { data = lorm.null } } } })
  lu.assertNil(db:queryRaw('SELECT data::text AS t FROM "Thing"')[1].t)
end

-- All or none, and which of them it was.
function TestStudio.testFailedEdits()
  local result = fine("save", { edits = {
    { action = "create", model = "Place", data = { x = 1, y = 1, name = "a" } },
    { action = "create", model = "Place", data = { x = 1, y = 1, name = "b" } },
  } })
  lu.assertEquals({ result.failed, result.error.code, db.Place:count() }, { 2, "P2002", 0 })
  for wrong, edit in pairs {
    ["no field nonsense"] = { action = "create", model = "Word", data = { nonsense = 1 } },
    ["creates, updates or deletes"] = { action = "drop", model = "Word" },
    ["no model Wort"] = { action = "create", model = "Wort", data = {} },
    ["this is no JSON"] = { action = "create", model = "Thing", data = { data = "{" } },
  } do
    result = fine("save", { edits = { edit } })
    lu.assertEquals(result.failed, 1)
    lu.assertStrContains(result.error.message, wrong)
  end
end

function TestStudio.testRows()
  for i = 1, 5 do db.Place:create { data = { x = i, y = -i, name = "p" .. i } } end
  local rows, answer = fine("rows", { model = "Place", orderBy = { { x = "asc" }, { y = "asc" } }, take = 2, skip = 1, cursor = { x = 2, y = -2 } })
  lu.assertEquals({ rows[1].name, rows[2].name, #rows }, { "p3", "p4", 2 })
  lu.assertEquals(#answer.statements, 1)
  lu.assertStrContains(answer.statements[1].sql, '"Place"')
  refused("rows", { model = "Place", take = 100000 }, "at most 1000")
  refused("rows", { model = "Plaice" }, "no model Plaice")
  lu.assertEquals(lorm.json.encode(fine("rows", { model = "Thing" })), "[]")
end

-- Where counting takes too long, the server's estimate stands in.
function TestStudio.testCount()
  for i = 1, 30 do db.Place:create { data = { x = i, y = 0, name = "" } } end
  lu.assertEquals(fine("count", { model = "Place" }), { count = 30 })
  db:executeRaw 'ANALYZE "Place"'
  local tx <close> = db:begin()
  tx:executeRaw 'LOCK TABLE "Place" IN ACCESS EXCLUSIVE MODE'
  local result = fine("count", { model = "Place" })
  lu.assertEquals({ result.estimated, math.tointeger(tonumber(tostring(result.count))) }, { true, 30 })
  tx:rollback()
end

function TestStudio.testConsole()
  local result = fine("lua", { code = "local n = 3\nprint('a', n)\nreturn n, nil, db.Place:findMany()" })
  lu.assertEquals(result.output, { "a\t3" })
  lu.assertEquals({ result.values[1].text, result.values[2].text, #result.values }, { "3", "nil", 3 })
  lu.assertEquals(fine("lua", { code = "n * 2" }).values[1].text, "6")
  refused("lua", { code = "n *" }, "syntax error near")
  refused("lua", { code = "error 'mine'" }, "mine")
  lu.assertEquals(fine("sql", { code = 'INSERT INTO "Log" (text) VALUES (\'a\')' }), { count = 1 })
  lu.assertEquals(fine("sql", { code = 'INSERT INTO "Log" (text) VALUES (\'b\') RETURNING text' }).rows[1].text, "b")
  lu.assertStrContains(fine("explain", { code = 'DELETE FROM "Log"' }).text, "Delete on")
  lu.assertEquals(db.Log:count(), 2)
  refused("sql", { code = "SELEKT" }, "syntax error")
end

function TestStudio.testReadOnly()
  local reader = api.new { db = db, readOnly = true }
  lu.assertStrContains(api.call(reader.save, { edits = {} }).error.message, "--read-only")
  lu.assertTrue(api.call(reader.schema, {}).result.readOnly)
end

support.run(db)
