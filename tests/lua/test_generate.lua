-- Annotations: as strict as the runtime, as Prisma's own types, and in line with what there is.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "../generate/?.lua;" .. here .. "?.lua;" .. package.path
local lu = require "luaunit"
local annotations = require "annotations"
local calls = require "calls"
local lorm = require "lorm"
local luarc = require "lorm.generate.luarc"
local model = require "lorm.model"
local oracle = require "oracle"
local types = require "lorm.generate.types"
local writer = require "lorm.generate.writer"

local function read(path)
  local handle <close> = assert(io.open(path, "rb"))
  return handle:read "a"
end

-- The data model of a schema, without a database.
local function dmmf_of(text)
  local mock = lorm.testing.mock { schemaText = text }
  return lorm.json.decode(require "lorm.core".dmmf(require "lorm.client".handle(mock.real))), mock
end

local shapes_text, store_text = read(here .. "../generate/shapes.prisma"), read(here .. "store.prisma")
local shapes = dmmf_of(shapes_text)
local shape_files, shape_names = types.files(shapes)
local shape_types = annotations.read(shape_files) -- every name in them is defined, and once
local store_dmmf, store = dmmf_of(store_text)
local store_types = annotations.read((types.files(store_dmmf)))

TestGenerate = {}

-- Every type of arguments has the fields that Prisma's has, and requires the same.
function TestGenerate.testPrismasTypes()
  local lines, n = oracle.compare(shape_types, shape_names, shapes, read(here .. "../generate/shapes.txt"))
  lu.assertEquals(lines, {})
  lu.assertTrue(n > 400)
end

-- What the runtime takes, the types take, and the other way round: calls.lua has both kinds.
function TestGenerate.testCallsAreAsTheRuntimeHasThem()
  for i, call in ipairs(calls) do
    local name, action = call[1], call[2]
    local args, wrong = call[3](lorm, store), call.wrong
    local class = name .. action:gsub("^%l", string.upper) .. "Args"
    local at, why = store_types:check(args, class)
    local shown = ("call %d, %s:%s"):format(i, name, action)
    store:reset()
    store[name][action]:returns {}
    local ok, e = pcall(store[name][action], store[name], args)
    if wrong then
      lu.assertEquals(at, wrong, shown .. (why and "" or ": the types take it"))
      lu.assertFalse(ok, shown .. ": the runtime takes it")
    else
      lu.assertNil(at, ("%s: %s %s"):format(shown, tostring(at), tostring(why)))
      lu.assertTrue(ok, ("%s: %s"):format(shown, tostring(e)))
    end
  end
end

-- Each action and each method that there is, is there; nothing else is.
function TestGenerate.testNothingIsMissing()
  local delegate = store_types:fields "CustomerDelegate"
  local internal = { scoped = true, fields = true }
  for action in pairs(model.actions) do
    lu.assertNotNil(delegate[action], "action " .. action)
  end
  for action in pairs(delegate) do
    lu.assertTrue(internal[action] or pcall(function() return store.real.Customer[action] end), action)
  end
  local client, session = require "lorm.client", require "lorm.generate.static.session"
  local described = {}
  for method in session:gmatch "\nfunction [SC]%a+:(%a+)" do described[method] = true end
  for method in pairs(client.methods) do lu.assertNotNil(described[method], "db:" .. method) end
  for method in pairs(described) do lu.assertNotNil(client.methods[method], "db:" .. method) end

  local text = require "lorm.generate.static.lorm"
  for name in pairs(lorm) do
    lu.assertTrue(text:find("function lorm." .. name, 1, true) ~= nil or store_types.classes.lorm.fields[name] ~= nil, "lorm." .. name)
  end
  for name in text:gmatch "function lorm%.(%a+)" do lu.assertNotNil(lorm[name], "lorm." .. name) end
  for name in pairs(store_types.classes.lorm.fields) do lu.assertNotNil(lorm[name], "lorm." .. name) end

  local kinds = { String = "string", Number = "number", Object = "object", Array = "array" }
  for kind, make in pairs(kinds) do
    local value = lorm.validate[make](make == "array" and lorm.validate.any() or {})
    for method in pairs(store_types:fields("lorm.Shape." .. kind)) do lu.assertIsFunction(value[method], kind .. ":" .. method) end
  end
  for name in pairs(lorm.validate) do lu.assertNotNil(store_types.classes["lorm.Validate"].fields[name], "validate." .. name) end
  for name in pairs(lorm.testing) do
    if name ~= "migrate" then
      lu.assertStrContains(require "lorm.generate.static.testing", "function testing." .. name)
    end
  end
end

function TestGenerate.testFakerIsUpToDate()
  local out = {}
  local plain = io.write
  io.write = function(text) out[#out + 1] = text end -- luacheck: ignore
  local ok, e = pcall(dofile, here .. "../generate/faker_types.lua")
  io.write = plain -- luacheck: ignore
  lu.assertTrue(ok, e)
  local made = assert(load(table.concat(out)))()
  lu.assertEquals(made, require "lorm.generate.static.faker", "see tests/generate/faker_types.lua")
end

-- A comment of the schema is no annotation, whatever is in it.
function TestGenerate.testComments()
  local text = shape_files["models/User.lua"]
  lu.assertStrContains(text, "---Who may log in.\n--- \\@secret only in the first line\n---@class User\n")
  lu.assertStrContains(text, "---where mail goes\n---@field email string\n")
  lu.assertStrContains(text, "--- \\@deprecated use nick\n---@field name? string\n")
  lu.assertStrContains(shape_files["schema.lua"], '---| "ADMIN" # may do anything\n')
end

-- Keywords are fields and operators; names that meet stay apart.
function TestGenerate.testNames()
  local where = shape_types:fields "UserWhereInput"
  lu.assertNotNil(where["end"])
  lu.assertNotNil(where["in"])
  local filter = shape_types:fields "IntFilter"
  lu.assertNotNil(filter["in"])
  lu.assertNotNil(filter.in_)
  lu.assertNotNil(shape_types.classes.PostWhereInput.fields.id, "the row of the model that is called so")
  lu.assertNil(shape_types.classes.PostWhereInput.fields.AND)
  lu.assertNotNil(shape_types.classes.PostWhereInput_.fields.AND, "the filter of Post")
  lu.assertNotNil(shape_types.classes.string_.fields.id)
  lu.assertNil(shape_types.classes.string)
  lu.assertEquals(shape_types.classes["lorm.Session"].fields.string.kind[1], "stringDelegate")
end

function TestGenerate.testAMethodWinsOverAModel()
  local dmmf = dmmf_of "model transaction {\n  id Int @id\n}\n"
  local made = annotations.read((types.files(dmmf)))
  lu.assertNil(made.classes["lorm.Session"].fields.transaction)
  lu.assertNotNil(made.classes["lorm.Models"].fields.transaction)
end

function TestGenerate.testWhatTheProjectHas()
  local dmmf = dmmf_of "model Post {\n  id Int @id\n  gone DateTime?\n}\nmodel Other {\n  id Int @id\n}\nenum Kind {\n  A\n}\n"
  local files = types.files(dmmf, {
    middleware = { "logging", { "softDelete", field = "gone" } },
    statements = {
      { name = "top", n = 2, doc = "The best.", parameters = { { type = "Int", name = "year" },
        { type = "Kind", list = true, name = "kinds", optional = true } } },
      { name = "plain", n = 1, parameters = {} },
    },
  })
  local made = annotations.read(files)
  lu.assertNotNil(made.classes.PostDelegate.fields.restore)
  lu.assertNil(made.classes.OtherDelegate.fields.restore)
  lu.assertStrContains(files["schema.lua"], "---The best.\n"
    .. "---@field top fun(year: integer, kinds?: (Kind)[]|lorm.Null): table<string, any>[]|fun(values: {")
  lu.assertStrContains(files["schema.lua"], "---@field plain fun(value1: any): table<string, any>[]\n")
end

function TestGenerate.testTheSameTwice()
  lu.assertEquals(types.files(shapes), shape_files)
  for _, text in pairs(shape_files) do lu.assertStrContains(text, "Made by `lorm generate`") end
  lu.assertEquals(writer.head:sub(1, 9), "---@meta ")
end

-- .luarc.json keeps what is in it.
function TestGenerate.testLuarc()
  local dir = ".lorm/types"
  local new = luarc.with(nil, dir)
  lu.assertEquals(lorm.json.decode(new)["workspace.library"], { dir })
  lu.assertEquals(luarc.with(new, dir), new, "it is there")

  local function merged(text, want) lu.assertEquals(luarc.with(text, dir), want) end
  merged('{}', '{\n  "workspace.library": [".lorm/types"]\n}')
  merged('// mine\n{ "a": 1 /* }" */ }', '// mine\n{\n  "workspace.library": [".lorm/types"], "a": 1 /* }" */ }')
  merged('{"workspace.library": ["x", "y\\"]"]}', '{"workspace.library": [".lorm/types", "x", "y\\"]"]}')
  merged('{"workspace.library": [ // none\n ]}', '{"workspace.library": [".lorm/types" // none\n ]}')
  merged('{"Lua": {"workspace": {"library": ["x"]}}}', '{"Lua": {"workspace": {"library": [".lorm/types", "x"]}}}')
  merged('{"workspace.library": {"x": true}}', '{"workspace.library": {".lorm/types": true, "x": true}}')
  merged('{"workspace": {"library": [".lorm/types/"]}, }', '{"workspace": {"library": [".lorm/types/"]}, }')
  for _, broken in ipairs { "", "[]", '{"a"', '{"a": [1}', '{"a": "b', '{a: 1}', '{"workspace.library": 3}' } do
    local text, why = luarc.with(broken, dir)
    lu.assertNil(text, broken)
    lu.assertIsString(why)
  end
end

-- A schema of 300 models: their files grow with them, and are made at once.
function TestGenerate.testABigSchema()
  local lines = {}
  for i = 1, 300 do
    local j = i % 300 + 1
    lines[i] = ([[model M%d {
      id Int @id @default(autoincrement())
      name String
      email String @unique
      at DateTime @default(now())
      price Decimal?
      parentId Int
      parent M%d @relation("r%d", fields: [parentId], references: [id])
      children M%d[] @relation("r%d")
    }]]):format(i, j, i, (i - 2) % 300 + 1, (i - 2) % 300 + 1)
  end
  local dmmf = dmmf_of(table.concat(lines, "\n"))
  local begun = os.clock()
  local files, bytes, largest = types.files(dmmf), 0, 0
  local took = os.clock() - begun
  for _, text in pairs(files) do bytes, largest = bytes + #text, math.max(largest, #text) end
  lu.assertTrue(took < 4, ("%.2f s of processor time"):format(took)) -- 0.12 s on a machine of its own
  lu.assertTrue(bytes < 6000000, bytes .. " bytes")
  lu.assertTrue(largest < 100000, "editors leave out large files: " .. largest)
end

os.exit(lu.LuaUnit.run())
