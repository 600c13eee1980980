-- A call's writes as one statement: how many there are, and that it is as if they had run one behind the other.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "store"
local column, fails = support.column, support.fails
local Customer, Order, Product, Label = db.Customer, db.Order, db.Product, db.Label

local writes, reads = 0, 0
db:on("query", function(e)
  if e.query:find "INSERT" or e.query:find "UPDATE \"" or e.query:find "DELETE" then writes = writes + 1
  elseif e.query:find "^SELECT" then reads = reads + 1 end
end)

-- The statements of a call: those that write, those that read.
local function statements(fn)
  lorm.sleep(1) -- events are told of by the loop
  writes, reads = 0, 0
  local result = fn()
  lorm.sleep(1)
  return { writes, reads }, result
end

TestStatements = support.suite(db)

function TestStatements.testTreeOfCreates()
  local n, made = statements(function()
    return Customer:create { data = {
      email = "a@x.org", address = { create = { street = "S", city = "C" } },
      orders = { create = {
        { code = "A", items = { create = { line = 1, product = { create = { name = "pen", price = "1" } } } } },
        { code = "B" },
      } },
    } }
  end)
  lu.assertEquals(n, { 1, 0 })
  lu.assertEquals(made.email, "a@x.org")
  lu.assertEquals(db.Item:count(), 1)
end

function TestStatements.testConnects()
  Product:createMany { data = { { name = "a", price = "1" }, { name = "b", price = "1" } } }
  Customer:create { data = { email = "a@x.org" } }
  local n = statements(function()
    return Label:create { data = { name = "new", products = { connect = { { id = 1 }, { id = 2 } } } } }
  end)
  lu.assertEquals(n, { 1, 0 })
  n = statements(function()
    return Order:create { data = { code = "A", customer = { connect = { email = "a@x.org" } } } }
  end)
  lu.assertEquals(n, { 1, 0 })
  lu.assertEquals(Order:findFirst().customerId, 1)
end

function TestStatements.testUpdateWithNested()
  Customer:create { data = { email = "a@x.org", address = { create = { street = "S", city = "C" } } } }
  local n, customer = statements(function()
    return Customer:update {
      where = { id = 1 }, data = { name = "A", address = { update = { city = "D" } }, orders = { create = { code = "A" } } },
      include = { address = true },
    }
  end)
  lu.assertEquals(n, { 1, 1 })
  lu.assertEquals(customer.address.city, "D")
  lu.assertEquals(Order:count(), 1)
end

function TestStatements.testConnectOrCreate()
  local function label(name) return { where = { name = name }, create = { name = name } } end
  local function make()
    return statements(function()
      return Order:create { data = { code = tostring(lorm.clock()), customer = {
        connectOrCreate = { where = { email = "a@x.org" }, create = { email = "a@x.org" } } } } }
    end)
  end
  lu.assertEquals(make(), { 1, 0 })
  lu.assertEquals(make(), { 1, 0 })
  lu.assertEquals(Customer:count(), 1)
  Product:create { data = { name = "p", price = "1", labels = { connectOrCreate = { label "x", label "y", label "x" } } } }
  lu.assertEquals(column(Label:findMany { orderBy = { name = "asc" } }, "name"), { "x", "y" })
end

-- An unique value is free again before it is taken.
TestOrder = support.suite(db, function(x)
  x.Customer:create { data = { email = "a@x.org", address = { create = { street = "old", city = "C" } },
                               orders = { create = { { code = "A" }, { code = "B" } } } } }
end)

function TestOrder.testDeletedThenCreated()
  Customer:update { where = { id = 1 }, data = { orders = { deleteMany = { code = "A" }, create = { code = "A", note = "again" } } } }
  lu.assertEquals(Order:findUnique { where = { code = "A" } }.note, "again")
end

function TestOrder.testReplacedOneToOne()
  local b = Customer:create { data = { email = "b@x.org" } }
  db.Address:delete { where = { id = 1 } }
  db.Address:create { data = { street = "b", city = "B", customerId = b.id } }
  Customer:update { where = { id = 1 }, data = { address = { create = { street = "new", city = "C" } } } }
  lu.assertEquals(db.Address:findUnique { where = { customerId = 1 } }.street, "new")
end

function TestOrder.testSiblingsCountUpwards()
  local items = function(n) return { create = { { line = n, product = { create = { name = "p" .. n, price = "1" } } } } } end
  Customer:create { data = { email = "c@x.org", orders = { create = {
    { code = "1", items = items(1) }, { code = "2", items = items(2) }, { code = "3", items = items(3) } } } } }
  lu.assertEquals(column(Order:findMany { where = { code = { lt = "A" } }, orderBy = { id = "asc" } }, "code"), { "1", "2", "3" })
  lu.assertEquals(column(Product:findMany { orderBy = { id = "asc" } }, "name"), { "p1", "p2", "p3" })
end

-- Children find their own parents.
function TestOrder.testChildrenOfEach()
  local orders = {}
  for i = 1, 20 do
    orders[i] = { code = "o" .. i, items = { create = {} } }
    for k = 1, 1 + i % 3 do
      orders[i].items.create[k] = { line = k, quantity = i, product = { create = { name = ("p%d.%d"):format(i, k), price = i } } }
    end
  end
  local made = Customer:create {
    data = { email = "c@x.org", orders = { create = orders } },
    include = { orders = { orderBy = { id = "asc" }, include = { items = { include = { product = true }, orderBy = { line = "asc" } } } } },
  }
  lu.assertEquals(#made.orders, 20)
  for i, order in ipairs(made.orders) do
    lu.assertEquals(order.code, "o" .. i)
    lu.assertEquals(#order.items, 1 + i % 3)
    for k, item in ipairs(order.items) do
      lu.assertEquals(item.quantity, i)
      lu.assertEquals(item.product.name, ("p%d.%d"):format(i, k))
    end
  end
end

-- What a call's first write does, its later ones see.
function TestOrder.testRowsAreWrittenOneBehindTheOther()
  Customer:update { where = { id = 1 }, data = { visits = 1, orders = {
    create = { code = "C" }, update = { where = { code = "C" }, data = { note = "seen" } },
    updateMany = { where = { code = { not_ = "B" } }, data = { note = "all" } } } } }
  lu.assertEquals(column(Order:findMany { orderBy = { code = "asc" } }, "note"), { "all", nil, "all" })
  lu.assertEquals(Order:findUnique { where = { code = "C" } }.note, "all")
end

-- A row that is not there: nothing is done, and a transaction goes on.
TestMissing = support.suite(db, function(x) x.Customer:create { data = { email = "a@x.org" } } end)

local function unheard(tx)
  fails({ code = "P2025" }, function()
    return tx.Order:create { data = { code = "A", customer = { connect = { id = 99 } } } }
  end)
  fails({ code = "P2025" }, function()
    return tx.Label:create { data = { name = "new", products = { connect = { { id = 98 }, { id = 99 } } } } }
  end)
  fails({ code = "P2018" }, function()
    return tx.Customer:create { data = { email = "b@x.org", orders = { connect = { { id = 99 } } } } }
  end)
  fails({ code = "P2025" }, function()
    return tx.Customer:update { where = { id = 1 }, data = { name = "B", address = { update = { city = "D" } }, orders = { create = { code = "B" } } } }
  end)
  fails({ code = "P2025" }, function()
    return tx.Customer:update { where = { id = 99 }, data = { name = "B", orders = { create = { code = "B" } } } }
  end)
end

function TestMissing.testNothingIsDone()
  unheard(db)
  lu.assertEquals({ Order:count(), Label:count(), Customer:count() }, { 0, 0, 1 })
  lu.assertNil(Customer:findFirst().name)
end

function TestMissing.testTransactionsGoOn()
  db:transaction(function(tx)
    tx.Order:create { data = { code = "before" } }
    unheard(tx)
    tx.Order:create { data = { code = "after", customer = { connect = { id = 1 } } }, include = { customer = true } }
  end)
  lu.assertEquals(column(Order:findMany { orderBy = { id = "asc" } }, "code"), { "before", "after" })
  lu.assertEquals({ Label:count(), Customer:count() }, { 0, 1 })
  lu.assertNil(Customer:findFirst().name)
end

function TestMissing.testBatchesDoNot()
  fails({ code = "P2025" }, function()
    db:batch(function(b)
      b.Order:create { data = { code = "A" } }
      b.Order:create { data = { code = "B", customer = { connect = { id = 99 } } } }
    end)
  end)
  lu.assertEquals(Order:count(), 0)
end

-- A target that is being deleted is waited for.
function TestMissing.testTargetIsLocked()
  local tx <close> = db:begin {}
  tx.Customer:delete { where = { id = 1 } }
  local task = lorm.spawn(function()
    fails({ code = "P2025" }, function()
      return Order:create { data = { code = "A", customer = { connect = { email = "a@x.org" } } } }
    end)
    return true
  end)
  support.blocked(db)
  tx:commit()
  lu.assertTrue(task:await())
  lu.assertEquals(Order:count(), 0)
end

-- Another creates in between what was not found.
TestRace = support.suite(db)

local function race(create, call)
  local tx <close> = db:begin {}
  create(tx)
  local task = lorm.spawn(call)
  support.blocked(db)
  tx:commit()
  return task:await()
end

function TestRace.testConnectOrCreate()
  local made = race(function(tx) return tx.Label:create { data = { name = "x" } } end, function()
    return Product:create { data = { name = "p", price = "1", labels = { connectOrCreate = { where = { name = "x" }, create = { name = "x" } } } },
                            include = { labels = true } }
  end)
  lu.assertEquals(column(made.labels, "name"), { "x" })
  lu.assertEquals({ Label:count(), Product:count() }, { 1, 1 })
end

function TestRace.testParent()
  local made = race(function(tx) return tx.Customer:create { data = { email = "a@x.org" } } end, function()
    return Order:create { data = { code = "A", customer = { connectOrCreate = { where = { email = "a@x.org" }, create = { email = "a@x.org" } } } },
                          include = { customer = true } }
  end)
  lu.assertEquals(made.customer.email, "a@x.org")
end

function TestRace.testUpsert()
  local made = race(function(tx) return tx.Customer:create { data = { email = "a@x.org" } } end, function()
    return Customer:upsert { where = { email = "a@x.org" }, create = { email = "a@x.org", orders = { create = { code = "A" } } }, update = { name = "late" } }
  end)
  lu.assertEquals(made.name, "late")
  lu.assertEquals(Order:count(), 0)
end

function TestRace.testManyAtOnce()
  local tasks = {}
  for i = 1, 12 do
    tasks[i] = function()
      return Product:create { data = { name = "p" .. i, price = "1", labels = { connectOrCreate = { where = { name = "x" }, create = { name = "x" } } } } }.id
    end
  end
  lorm.all(tasks)
  lu.assertEquals({ Label:count(), Product:count() }, { 1, 12 })
  lu.assertEquals(#Label:findFirst { include = { products = true } }.products, 12)
end

-- A value that is taken for another reason stays an error.
function TestRace.testOtherKeys()
  Product:create { data = { name = "pen", price = "1" } }
  fails({ code = "P2002" }, function()
    return Label:create { data = { name = "x", products = { connectOrCreate = { where = { id = 99 }, create = { name = "pen", price = "1" } } } } }
  end)
  lu.assertEquals(Label:count(), 0)
end

-- Keys of every kind reach the reads behind the write.
local KEYS = [[
datasource db {
  provider = "postgresql"
}
model Text {
  id   String   @id
  made DateTime @default(now())
  kids Kid[]
}
model Exact {
  a    Decimal  @db.Decimal(20, 10)
  b    Bytes
  c    DateTime
  d    Kind
  kids Kid[]

  @@id([a, b, c, d])
}
model Loose {
  id   Int     @id @default(autoincrement())
  code String? @unique
  kids Kid[]
}
model Kid {
  id     BigInt    @id @default(autoincrement())
  textId String?
  text   Text?     @relation(fields: [textId], references: [id])
  a      Decimal?  @db.Decimal(20, 10)
  b      Bytes?
  c      DateTime?
  d      Kind?
  exact  Exact?    @relation(fields: [a, b, c, d], references: [a, b, c, d])
  code   String?
  loose  Loose?    @relation(fields: [code], references: [code])
}
enum Kind {
  ONE @map("the one")
  TWO
}
]]
local keys = support.database(KEYS)

TestKeys = support.suite(keys)

function TestKeys.testText()
  for _, id in ipairs { "", " ", "=", "it's", "\\", "ü" } do
    local made = keys.Text:create { data = { id = id, kids = { create = { {}, {} } } }, include = { kids = true } }
    lu.assertEquals(made.id, id)
    lu.assertEquals(#made.kids, 2)
    local again = keys.Text:upsert { where = { id = id }, create = { id = id }, update = { kids = { create = {} } }, include = { kids = true } }
    lu.assertEquals(#again.kids, 2)
  end
end

function TestKeys.testExact()
  local key = { a = lorm.decimal "1234567890.0123456789", b = "\0\1\255'\\", c = lorm.datetime "2026-11-25T01:02:03.004Z", d = "ONE" }
  local made = keys.Kid:create { data = { exact = { create = key } }, include = { exact = { include = { kids = true } } } }
  for name, value in pairs(key) do lu.assertEquals(made.exact[name], value) end
  lu.assertEquals(#made.exact.kids, 1)
end

function TestKeys.testNullIsNoKey()
  local made = keys.Loose:create { data = { kids = { create = { {}, {} } } }, include = { kids = true } }
  lu.assertNil(made.code)
  lu.assertEquals(made.kids, {})
  lu.assertEquals(keys.Kid:count { where = { code = lorm.null } }, 2)
end

support.run(db, keys)
