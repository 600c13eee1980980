-- delete, deleteMany, and what the schema says happens to those that refer to the row.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "store"
local column, fails, refuses = support.column, support.fails, support.refuses
local Customer = db.Customer

local function fill()
  Customer:createMany { data = { { email = "a@x.org" }, { email = "b@x.org" }, { email = "c@x.org", active = false } } }
  db.Address:create { data = { street = "S", city = "C", customerId = 1 } }
  db.Product:create { data = { name = "pen", price = "1.20" } }
  db.Order:create { data = { code = "A", customerId = 1 } }
  db.Item:create { data = { orderId = 1, line = 1, productId = 1 } }
end

TestDelete = support.suite(db, fill)

function TestDelete.testReturnsTheRow()
  local gone = Customer:delete { where = { id = 2 } }
  lu.assertEquals(gone.email, "b@x.org")
  lu.assertEquals(Customer:count(), 2)
  lu.assertEquals(Customer:delete { where = { email = "c@x.org" }, select = { "id" } }, { id = 3 })
end

function TestDelete.testNotFound()
  fails({ code = "P2025", model = "Customer", action = "delete" }, Customer.delete, Customer, { where = { id = 99 } })
  fails({ code = "P2025" }, Customer.delete, Customer, { where = { id = 3, active = true } })
  lu.assertEquals(Customer:count(), 3)
end

function TestDelete.testReferentialActions()
  local gone = Customer:delete { where = { id = 1 }, include = { address = true, orders = true } }
  lu.assertEquals(gone.address.street, "S")
  lu.assertEquals(column(gone.orders, "code"), { "A" })
  lu.assertEquals(db.Address:count(), 0)
  lu.assertNil(db.Order:findUnique { where = { code = "A" } }.customerId)
  db.Order:delete { where = { code = "A" } }
  lu.assertEquals(db.Item:count(), 0)
end

function TestDelete.testRestricted()
  local e = fails({ code = "P2003" }, db.Product.delete, db.Product, { where = { id = 1 } })
  lu.assertStrContains(e.message, "Foreign key constraint violated")
  lu.assertEquals(db.Product:count(), 1)
end

function TestDelete.testCompoundKey()
  lu.assertEquals(db.Item:delete { where = { orderId_line = { orderId = 1, line = 1 } } }.quantity, 1)
  lu.assertEquals(db.Item:count(), 0)
  fails({ code = "P2025" }, db.Item.delete, db.Item, { where = { orderId_line = { orderId = 1, line = 1 } } })
end

TestDeleteMany = support.suite(db, fill)

function TestDeleteMany.testCount()
  lu.assertEquals(Customer:deleteMany { where = { active = false } }, { count = 1 })
  lu.assertEquals(Customer:deleteMany { where = { id = 99 } }, { count = 0 })
  lu.assertEquals(Customer:deleteMany(), { count = 2 })
  lu.assertEquals(Customer:count(), 0)
end

function TestDeleteMany.testLimit()
  lu.assertEquals(Customer:deleteMany { where = { id = { gt = 0 } }, limit = 2 }, { count = 2 })
  lu.assertEquals(Customer:count(), 1)
end

function TestDeleteMany.testAnEmptyWhereIsRefused()
  refuses("where", "all", Customer.deleteMany, Customer, { where = {} })
  lu.assertEquals(Customer:count(), 3)
  lu.assertEquals(Customer:deleteMany { where = {}, all = true }, { count = 3 })
end

-- One row that cannot go keeps all of them.
function TestDeleteMany.testAllOrNothing()
  db.Product:create { data = { name = "ink", price = "3" } }
  fails({ code = "P2003" }, db.Product.deleteMany, db.Product)
  lu.assertEquals(db.Product:count(), 2)
end

function TestDeleteMany.testByRelation()
  lu.assertEquals(Customer:deleteMany { where = { orders = { none = lorm.object {} } } }, { count = 2 })
  lu.assertEquals(column(Customer:findMany(), "id"), { 1 })
end

support.run(db)
