-- Depth and width: what is deep, long or many gets the right answer, or an error that says where.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local COLUMNS <const> = 1590 -- of PostgreSQL's 1,600, less what the rest takes

local columns = {}
for i = 1, COLUMNS do columns[i] = ("  c%d Int?\n"):format(i) end

local db = support.database(([[
datasource db {
  provider = "postgresql"
}
model Node {
  id       Int    @id @default(autoincrement())
  name     String @default("")
  doc      Json?
  tags     String[]
  parentId Int?
  parent   Node?  @relation("tree", fields: [parentId], references: [id])
  children Node[] @relation("tree")
}
model Number {
  id    Int    @id
  value Int
  text  String @default("x")
}
model Wide {
  id Int @id
%s}
]]):format(table.concat(columns)))
local fails = support.fails

local function nest(n, innermost, step)
  local tree = innermost
  for _ = 1, n do tree = step(tree) end
  return tree
end

local function numbers(n)
  local out = {}
  for i = 1, n do out[i] = i end
  return out
end

TestDeep = support.suite(db, function()
  local parent
  for i = 1, 30 do parent = db.Node:create { data = { name = "n" .. i, parentId = parent and parent.id } } end
end)

-- Each a way to nest; to the depth that must do, and past every limit.
local ways = {
  { 90, { name = "n1" }, function(tree) return { AND = { tree } } end },
  { 90, { name = "n1" }, function(tree) return { OR = { tree, { name = "none" } } } end },
  { 90, { name = "n1" }, function(tree) return { NOT = { NOT = tree } } end },
}

function TestDeep.testWhere()
  for _, way in ipairs(ways) do
    local n, innermost, step = table.unpack(way)
    lu.assertEquals(db.Node:count { where = nest(n, innermost, step) }, 1)
    local e = fails({ name = "ValidationError", says = "deeper" }, db.Node.count, db.Node, { where = nest(5000, innermost, step) })
    lu.assertStrContains(e.path, "where")
  end
end

function TestDeep.testRelationsInWhere()
  local function up(tree) return { parent = { is = tree } } end
  lu.assertEquals(db.Node:findMany { where = nest(20, { name = "n1" }, up), select = { "name" } }[1].name, "n21")
  local e = fails({ name = "ValidationError", says = "deeper" }, db.Node.findMany, db.Node, { where = nest(5000, { name = "n1" }, up) })
  lu.assertStrContains(e.path, "where.parent")
end

function TestDeep.testInclude()
  local function down(tree) return { include = { children = tree } } end
  local node = db.Node:findFirst(nest(29, true, down))
  for i = 1, 30 do
    lu.assertEquals(node.name, "n" .. i)
    node = node.children and node.children[1]
  end
  local e = fails({ name = "ValidationError", says = "deeper" }, db.Node.findFirst, db.Node, nest(5000, true, down))
  lu.assertStrContains(e.path, "include.children")
end

function TestDeep.testNestedCreate()
  local function child(tree) return { name = "new", children = { create = tree } } end
  db.Node:create { data = nest(40, { name = "leaf" }, child) }
  lu.assertEquals(db.Node:count { where = { name = "new" } }, 40)
  local leaf = db.Node:findFirst { where = { name = "leaf" }, include = { parent = true } }
  lu.assertEquals(leaf.parent.name, "new")
  local e = fails({ name = "ValidationError", says = "deeper" }, db.Node.create, db.Node, { data = nest(5000, { name = "leaf" }, child) })
  lu.assertStrContains(e.path, "data.children")
  lu.assertEquals(db.Node:count(), 30 + 41)
end

function TestDeep.testJson()
  local function list(tree) return lorm.array { tree } end
  db.Node:update { where = { id = 1 }, data = { doc = nest(150, 1, list) } }
  local doc, depth = db.Node:findUnique { where = { id = 1 } }.doc, 0
  while type(doc) == "table" do doc, depth = doc[1], depth + 1 end
  lu.assertEquals({ doc, depth }, { 1, 150 })
  fails({ name = "ValidationError", says = "deeper" }, db.Node.update, db.Node, { where = { id = 1 }, data = { doc = nest(5000, 1, list) } })
  fails({ name = "ValidationError" }, lorm.json.encode, nest(5000, 1, list))
  fails({ name = "ValidationError" }, lorm.json.decode, ("["):rep(100000))
end

-- What others have stored may be deeper than what we read.
function TestDeep.testJsonOfOthers()
  db:executeRaw("UPDATE \"Node\" SET doc = (repeat('[', 4000) || repeat(']', 4000))::jsonb WHERE id = 1")
  local ok, e = pcall(db.Node.findUnique, db.Node, { where = { id = 1 } })
  lu.assertFalse(ok)
  lu.assertTrue(lorm.isError(e))
  lu.assertEquals(db.Node:findUnique { where = { id = 2 } }.name, "n2")
end

function TestDeep.testCycles()
  local where, data, doc = {}, { name = "x" }, {}
  where.AND = where
  data.children = { create = data }
  doc[1] = doc
  fails({ name = "ValidationError", says = "contains itself" }, db.Node.findMany, db.Node, { where = where })
  fails({ name = "ValidationError", says = "contains itself" }, db.Node.create, db.Node, { data = data })
  fails({ name = "ValidationError", says = "contains itself" }, db.Node.create, db.Node, { data = { doc = doc } })
  fails({ name = "ValidationError" }, lorm.json.encode, doc)
end

TestMany = support.suite(db)

local function fill(n)
  local rows = {}
  for i = 1, n do rows[i] = { id = i, value = i % 10 } end
  return db.Number:createMany { data = rows }.count
end

function TestMany.testRows()
  lu.assertEquals(fill(100000), 100000)
  lu.assertEquals(db.Number:aggregate { _sum = { "id" } }._sum.id, 100000 * 100001 // 2)
  lu.assertEquals(#db.Number:findMany { where = { id = { in_ = numbers(100000) } }, select = { "id" } }, 100000)
  lu.assertEquals(db.Number:count { where = { id = { notIn = numbers(99999) } } }, 1)
  lu.assertEquals(db.Number:count { where = { OR = { { id = { in_ = numbers(50000) } }, { id = { in_ = numbers(70000) } } } } }, 70000)
  lu.assertEquals(db.Number:updateMany { where = { id = { in_ = numbers(100000) } }, data = { value = 3 } }.count, 100000)
  lu.assertEquals(db.Number:deleteMany { where = { id = { in_ = numbers(99000) } } }.count, 99000)
end

-- 65,535 is what the protocol can count.
function TestMany.testParameters()
  local rows = {}
  for _, n in ipairs { 32767, 32768, 65535, 65536 } do
    for i = #rows + 1, n do rows[i] = { id = i, value = i } end
    lu.assertEquals(db.Number:upsertMany { data = rows }.count, n)
    lu.assertEquals(db.Number:count { where = { id = { in_ = numbers(n) } } }, n)
  end
  lu.assertEquals(db.Number:count(), 65536)
end

-- Rows of different fields are values, not columns: more of them than the protocol can count.
function TestMany.testOddRows()
  local rows = {}
  for i = 1, 40000 do rows[i] = i % 2 == 0 and { id = i, value = i } or { id = i, value = i, text = "y" } end
  lu.assertEquals(db.Number:createMany { data = rows }.count, 40000)
  lu.assertEquals(db.Number:count { where = { text = "y" } }, 20000)
end

function TestMany.testAlternatives()
  fill(1000)
  local alternatives = {}
  for i = 1, 300 do alternatives[i] = { id = i, value = i % 10 } end
  lu.assertEquals(db.Number:count { where = { OR = alternatives } }, 300)
  for i = 1, 5000 do alternatives[i] = { id = i } end
  lu.assertEquals(db.Number:count { where = { OR = alternatives } }, 1000)
  for i = 1, 70000 do alternatives[i] = { id = i, value = i } end
  fails({ code = "P2029", says = "Split the call" }, db.Number.count, db.Number, { where = { OR = alternatives } })
  lu.assertEquals(db.Number:count(), 1000)
end

-- Each child of its own is a statement, and so is each of theirs.
function TestMany.testStatements()
  local function family(n)
    local children = {}
    for i = 1, n do children[i] = { name = "child", children = { create = { name = "grandchild" } } } end
    return { data = { name = "root", children = { create = children } } }
  end
  db.Node:create(family(1000))
  lu.assertEquals(db.Node:count(), 2001)
  fails({ code = "P2029", says = "Split the call" }, db.Node.create, db.Node, family(33000))
  lu.assertEquals(db.Node:count(), 2001)
end

TestLong = support.suite(db)

function TestLong.testTexts()
  local long = ("\u{E9}x"):rep(4 * 1000 * 1000)
  local row = db.Node:create { data = { name = long, tags = { long, "" }, doc = { long } } }
  lu.assertTrue(row.name == long and row.tags[1] == long and row.doc[1] == long)
  row = db.Node:findFirst { where = { name = { contains = long:sub(1, 300000) } } }
  lu.assertTrue(row.name == long)
  lu.assertEquals(db.Node:count { where = { name = long } }, 1)
end

function TestLong.testNames()
  local long = ("x"):rep(1000000)
  for _, args in ipairs { { where = { [long] = 1 } }, { orderBy = { [long] = "asc" } }, { select = { long } }, { [long] = 1 } } do
    local e = fails({ name = "ValidationError" }, db.Node.findMany, db.Node, args)
    lu.assertTrue(#e.message < 2000)
  end
end

TestWide = support.suite(db)

function TestWide.testColumns()
  local data, sums = { id = 1 }, {}
  for i = 1, COLUMNS do
    data["c" .. i] = i
    sums[i] = "c" .. i
  end
  local row = db.Wide:create { data = data }
  lu.assertEquals(row["c" .. COLUMNS], COLUMNS)
  data.id = 2
  lu.assertEquals(db.Wide:createMany { data = { data } }.count, 1)
  for _, read in ipairs(db.Wide:findMany { orderBy = { id = "asc" } }) do
    for i = 1, COLUMNS do lu.assertEquals(read["c" .. i], i) end
  end
  lu.assertEquals(db.Wide:aggregate { _sum = sums }._sum["c" .. COLUMNS], 2 * COLUMNS)
  data.id = nil
  lu.assertEquals(db.Wide:updateMany { data = data }.count, 2)
  lu.assertEquals(db.Wide:count { where = data }, 2)
end

support.run(db)
