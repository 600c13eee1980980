-- Nested writes: create, connect, connectOrCreate, update, upsert, delete, set, disconnect, to depth three; all or nothing.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "store"
local column, fails, refuses = support.column, support.fails, support.refuses
local Customer, Order, Product = db.Customer, db.Order, db.Product

local function counts()
  return { Customer:count(), db.Address:count(), Order:count(), db.Item:count(), Product:count(), db.Label:count() }
end

TestCreate = support.suite(db)

function TestCreate.testOneToOne()
  local made = Customer:create {
    data = { email = "a@x.org", address = { create = { street = "S", city = "C" } } }, include = { address = true },
  }
  lu.assertEquals(made.address.customerId, made.id)
  lu.assertEquals(made.address.city, "C")
  lu.assertEquals(db.Address:findFirst().street, "S")
end

function TestCreate.testFromTheOtherSide()
  local made = db.Address:create {
    data = { street = "S", city = "C", customer = { create = { email = "a@x.org" } } }, include = { customer = true },
  }
  lu.assertEquals(made.customer.email, "a@x.org")
  lu.assertEquals(made.customerId, made.customer.id)
end

function TestCreate.testDepthThree()
  local made = Customer:create {
    data = {
      email = "a@x.org",
      address = { create = { street = "S", city = "C" } },
      orders = {
        create = {
          { code = "A", items = { create = {
            { line = 1, quantity = 2, product = { create = { name = "pen", price = "1.50", labels = { create = { name = "new" } } } } },
            { line = 2, product = { create = { name = "ink", price = "4", labels = { create = { { name = "wet" }, { name = "blue" } } } } } },
          } } },
          { code = "B" },
        },
      },
    },
    include = { address = true, orders = { orderBy = { code = "asc" }, include = {
      items = { orderBy = { line = "asc" }, include = { product = { include = { labels = { orderBy = { name = "asc" } } } } } },
    } } },
  }
  lu.assertEquals(column(made.orders, "code"), { "A", "B" })
  lu.assertEquals(made.orders[2].items, {})
  local items = made.orders[1].items
  lu.assertEquals(column(items, "quantity"), { 2, 1 })
  lu.assertEquals(items[1].product.name, "pen")
  lu.assertEquals(items[1].product.price, lorm.decimal "1.5")
  lu.assertEquals(column(items[2].product.labels, "name"), { "blue", "wet" })
  lu.assertEquals(counts(), { 1, 1, 2, 2, 2, 3 })
end

-- Lists keep their order: ids are given in it.
function TestCreate.testOrderOfLists()
  local orders = {}
  for i = 1, 50 do orders[i] = { code = ("%03d"):format(i) } end
  local made = Customer:create { data = { email = "a@x.org", orders = { create = orders } }, include = { orders = { orderBy = { id = "asc" } } } }
  for i, order in ipairs(made.orders) do lu.assertEquals(order.code, ("%03d"):format(i)) end
  lu.assertEquals(#made.orders, 50)
end

function TestCreate.testEmptyListsCreateNothing()
  local made = Customer:create { data = { email = "a@x.org", orders = { create = {} } }, include = { orders = true } }
  lu.assertEquals(made.orders, {})
end

function TestCreate.testNestedCreateMany()
  local made = Customer:create {
    data = { email = "a@x.org", orders = { createMany = { data = { { code = "A" }, { code = "B" } } } } },
    include = { _count = { select = { orders = true } } },
  }
  lu.assertEquals(made._count.orders, 2)
end

-- The key itself beside nested writes of other relations.
function TestCreate.testKeysAndRelationsTogether()
  Customer:create { data = { email = "a@x.org" } }
  Product:create { data = { name = "pen", price = "1" } }
  local made = Order:create {
    data = { code = "A", customerId = 1, items = { create = { { line = 1, productId = 1 }, { line = 2, productId = 1 } } } },
    include = { items = true },
  }
  lu.assertEquals(made.customerId, 1)
  lu.assertEquals(#made.items, 2)
end

function TestCreate.testSelfRelation()
  local made = Customer:create {
    data = { email = "a@x.org", referrals = { create = { { email = "b@x.org" }, { email = "c@x.org",
      referrals = { create = { email = "d@x.org" } } } } } },
    include = { referrals = { orderBy = { id = "asc" }, include = { referrals = true } } },
  }
  lu.assertEquals(column(made.referrals, "email"), { "b@x.org", "c@x.org" })
  lu.assertEquals(made.referrals[2].referrals[1].email, "d@x.org")
end

function TestCreate.testChildFailsAllFails()
  Order:create { data = { code = "taken" } }
  local e = fails({ code = "P2002" }, Customer.create, Customer, {
    data = { email = "a@x.org", address = { create = { street = "S", city = "C" } },
      orders = { create = { { code = "free" }, { code = "taken" } } } },
  })
  lu.assertEquals(e.meta.target, { "code" })
  lu.assertEquals(counts(), { 0, 0, 1, 0, 0, 0 })
end

function TestCreate.testMistakes()
  refuses("data.orders.create[2].cod", "Did you mean `code`?", Customer.create, Customer,
    { data = { email = "a", orders = { create = { { code = "A" }, { cod = "B" } } } } })
  refuses("data.orders.crate", "Did you mean `create`?", Customer.create, Customer,
    { data = { email = "a", orders = { crate = {} } } })
  refuses("data.address.create.city", "is missing", Customer.create, Customer,
    { data = { email = "a", address = { create = { street = "S" } } } })
  lu.assertEquals(counts(), { 0, 0, 0, 0, 0, 0 })
end

local function fill()
  Customer:createMany { data = { { email = "a@x.org" }, { email = "b@x.org" } } }
  Order:createMany { data = { { code = "A", customerId = 1 }, { code = "B", customerId = 1 }, { code = "C", customerId = 2 }, { code = "N" } } }
  db.Address:create { data = { street = "S", city = "C", customerId = 1 } }
end

local function codes(id)
  return column(Order:findMany { where = { customerId = id or lorm.null }, orderBy = { code = "asc" } }, "code")
end

TestConnect = support.suite(db, fill)

function TestConnect.testToMany()
  Customer:update { where = { id = 2 }, data = { orders = { connect = { { code = "N" }, { code = "A" } } } } }
  lu.assertEquals({ codes(1), codes(2), codes() }, { { "B" }, { "A", "C", "N" }, {} })
end

function TestConnect.testToOne()
  local made = Order:create { data = { code = "D", customer = { connect = { email = "b@x.org" } } } }
  lu.assertEquals(made.customerId, 2)
  lu.assertEquals(Order:update { where = { code = "D" }, data = { customer = { connect = { id = 1 } } } }.customerId, 1)
  lu.assertNil(Order:update { where = { code = "D" }, data = { customer = { disconnect = true } } }.customerId)
end

function TestConnect.testMissing()
  fails({ code = "P2025" }, Order.create, Order, { data = { code = "D", customer = { connect = { id = 99 } } } })
  fails({ code = "P2018" }, Customer.create, Customer, { data = { email = "c@x.org", orders = { connect = { { code = "A" }, { code = "no" } } } } })
  lu.assertEquals(counts(), { 2, 1, 4, 0, 0, 0 })
  lu.assertEquals(codes(1), { "A", "B" })
end

function TestConnect.testConnectOrCreate()
  local function order(code)
    return Order:create { data = { code = code, customer = { connectOrCreate = {
      where = { email = "z@x.org" }, create = { email = "z@x.org", visits = 5 },
    } } } }
  end
  local a, b = order "X", order "Y"
  lu.assertEquals(a.customerId, b.customerId)
  lu.assertEquals(Customer:count { where = { email = "z@x.org" } }, 1)
end

function TestConnect.testSetAndDisconnect()
  Customer:update { where = { id = 1 }, data = { orders = { disconnect = { { code = "A" } } } } }
  lu.assertEquals({ codes(1), codes() }, { { "B" }, { "A", "N" } })
  Customer:update { where = { id = 1 }, data = { orders = { set = { { code = "C" }, { code = "N" } } } } }
  lu.assertEquals({ codes(1), codes(2), codes() }, { { "C", "N" }, {}, { "A", "B" } })
  Customer:update { where = { id = 1 }, data = { orders = { set = {} } } }
  lu.assertEquals(codes(1), {})
end

-- A required relation cannot be let go.
function TestConnect.testRequiredRelation()
  local ok, e = pcall(db.Address.update, db.Address, { where = { id = 1 }, data = { customer = { disconnect = true } } })
  lu.assertFalse(ok)
  lu.assertTrue(lorm.isError(e))
  lu.assertEquals(db.Address:count { where = { customerId = 1 } }, 1)
end

TestUpdate = support.suite(db, fill)

function TestUpdate.testUpdateAndUpsertToOne()
  local function address(write) return Customer:update { where = { id = 1 }, data = { address = write }, include = { address = true } }.address end
  lu.assertEquals(address { update = { city = "D" } }.city, "D")
  lu.assertEquals(address { upsert = { create = { street = "x", city = "x" }, update = { city = "E" } } }.city, "E")
  local made = Customer:update {
    where = { id = 2 }, data = { address = { upsert = { create = { street = "T", city = "F" }, update = { city = "no" } } } },
    include = { address = true },
  }
  lu.assertEquals({ made.address.street, made.address.city }, { "T", "F" })
  lu.assertEquals(db.Address:count(), 2)
end

function TestUpdate.testUpdateInLists()
  Customer:update { where = { id = 1 }, data = { orders = {
    update = { { where = { code = "A" }, data = { note = "new" } } },
    updateMany = { where = { code = "B" }, data = { note = "many" } },
    create = { code = "E" },
  } } }
  lu.assertEquals(Order:findUnique { where = { code = "A" } }.note, "new")
  lu.assertEquals(Order:findUnique { where = { code = "B" } }.note, "many")
  lu.assertEquals(codes(1), { "A", "B", "E" })
end

-- Rows of others are not to be reached through this one.
function TestUpdate.testOnlyOwnRows()
  fails({ code = "P2025" }, Customer.update, Customer,
    { where = { id = 1 }, data = { visits = 9, orders = { update = { where = { code = "C" }, data = { note = "x" } } } } })
  lu.assertNil(Order:findUnique { where = { code = "C" } }.note)
  lu.assertEquals(Customer:findUnique { where = { id = 1 } }.visits, 0)
end

function TestUpdate.testUpsertInLists()
  local function upsert(code)
    Customer:update { where = { id = 1 }, data = { orders = { upsert = {
      where = { code = code }, create = { code = code, note = "made" }, update = { note = "found" },
    } } } }
    return Order:findUnique { where = { code = code } }.note
  end
  lu.assertEquals({ upsert "A", upsert "Q" }, { "found", "made" })
end

function TestUpdate.testDeleteInLists()
  Customer:update { where = { id = 1 }, data = { orders = { delete = { { code = "A" } } } } }
  lu.assertEquals(codes(1), { "B" })
  Customer:update { where = { id = 1 }, data = { orders = { deleteMany = lorm.object {} } } }
  lu.assertEquals(codes(1), {})
  lu.assertEquals(codes(2), { "C" })
  Customer:update { where = { id = 1 }, data = { address = { delete = true } } }
  lu.assertEquals(db.Address:count(), 0)
end

function TestUpdate.testDeepUpdate()
  Product:create { data = { name = "pen", price = "1" } }
  db.Item:create { data = { orderId = 1, line = 1, productId = 1 } }
  Customer:update { where = { id = 1 }, data = { orders = { update = { where = { code = "A" }, data = {
    items = { update = { where = { orderId_line = { orderId = 1, line = 1 } }, data = {
      quantity = { increment = 4 }, product = { update = { stock = 8, price = "2.50" } },
    } } },
  } } } } }
  lu.assertEquals(db.Item:findFirst().quantity, 5)
  lu.assertEquals(Product:findFirst().stock, 8)
  lu.assertEquals(Product:findFirst().price, lorm.decimal "2.5")
end

TestManyToMany = support.suite(db, function()
  Product:createMany { data = { { name = "pen", price = "1" }, { name = "ink", price = "2" } } }
  db.Label:createMany { data = { { name = "a" }, { name = "b" }, { name = "c" } } }
end)

local function labels(id)
  local product = Product:findUnique { where = { id = id }, include = { labels = { orderBy = { name = "asc" } } } }
  return table.concat(column(product.labels, "name"))
end

local function write(id, operation) Product:update { where = { id = id }, data = { labels = operation } } end

function TestManyToMany.testAllOperations()
  write(1, { connect = { { name = "a" }, { name = "b" } } })
  lu.assertEquals(labels(1), "ab")
  write(1, { connect = { { name = "b" } } }) -- already there
  lu.assertEquals(labels(1), "ab")
  write(1, { disconnect = { { name = "a" }, { name = "c" } } }) -- one is not there
  lu.assertEquals(labels(1), "b")
  write(1, { set = { { name = "c" }, { name = "a" } } })
  lu.assertEquals(labels(1), "ac")
  write(1, { create = { name = "d" }, connectOrCreate = { where = { name = "b" }, create = { name = "no" } } })
  lu.assertEquals(labels(1), "abcd")
  write(1, { delete = { { name = "d" } } })
  lu.assertEquals(labels(1), "abc")
  lu.assertEquals(db.Label:count(), 3)
  write(1, { set = {} })
  lu.assertEquals(labels(1), "")
  lu.assertEquals(db.Label:count(), 3)
end

function TestManyToMany.testOthersKeepTheirs()
  write(1, { connect = { { name = "a" } } })
  write(2, { connect = { { name = "a" }, { name = "b" } } })
  write(1, { set = {} })
  lu.assertEquals({ labels(1), labels(2) }, { "", "ab" })
  db.Label:delete { where = { name = "a" } }
  lu.assertEquals(labels(2), "b")
end

function TestManyToMany.testMissingTarget()
  fails({ code = "P2025" }, write, 1, { connect = { { name = "a" }, { name = "zzz" } } })
  lu.assertEquals(labels(1), "")
end

function TestManyToMany.testEmptyConnect()
  write(1, { connect = {} })
  lu.assertEquals(labels(1), "")
end

-- An update that changes nothing looks for nothing.
TestNothing = support.suite(db)

function TestNothing.testEmptyData()
  Customer:create { data = { email = "a@x.org" } }
  local none = lorm.object {}
  Customer:update { where = { id = 1 }, data = { name = "A", address = { update = none }, orders = { update = { where = { id = 9 }, data = none } } } }
  lu.assertEquals(Customer:findFirst().name, "A")
  refuses("data.orders.update.where", "needs a value", Customer.update, Customer, {
    where = { id = 1 }, data = { orders = { update = { where = none, data = none } } } })
end

support.run(db)
