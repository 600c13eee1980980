-- Calls on tests/lua/store.prisma, right ones and wrong ones: model, action, function(lorm, db) -> arguments, and for
-- wrong ones the path of the mistake.
local function right(model, action, args) return { model, action, type(args) == "function" and args or function() return args end } end
local function wrong(model, action, args, path) return { model, action, function() return args end, wrong = path } end

return {
  right("Customer", "create", function(lorm)
    return {
      data = {
        email = "a@b.c", tags = { "x" }, credit = lorm.decimal "1.5", born = "2020-01-01", name = lorm.null, meta = { a = { 1 } },
        tier = "GOLD", avatar = "x", seenAt = lorm.now(),
        orders = { create = { { code = "x", items = { create = { line = 1, productId = 3 } } }, { code = "y" } } },
        address = { create = { street = "s", city = "c" } },
      },
      include = { "orders", address = true, _count = { select = { orders = true } } },
    }
  end),
  right("Customer", "findUnique", {
    where = { name_tier = { name = "x", tier = "GOLD" } }, select = { "id", "email", orders = { take = 3, orderBy = { code = "desc" } } },
  }),
  right("Customer", "findMany", function(lorm, db)
    return {
      where = {
        AND = {
          { email = { contains = "x", mode = "insensitive" } },
          { orders = { some = { items = { every = { quantity = { gt = 1 } } } } } },
        },
        name = { not_ = lorm.null }, tags = { has = "x" }, meta = { path = { "a" }, equals = 1 }, tier = { ["in"] = { "GOLD", "BASIC" } },
        visits = { lt = db.real.Customer.fields.id }, NOT = { { active = true } },
        referrer = { is = { email = "x" } }, address = lorm.null,
      },
      orderBy = { { name = { sort = "asc", nulls = "last" } }, { orders = { _count = "desc" } }, { referrer = { email = "asc" } } },
      cursor = { id = 3 }, take = -5, skip = 1, distinct = { "name" }, timeout = 50,
    }
  end),
  right("Order", "create", { data = { code = "x", customer = { connect = { id = 1 } } } }),
  right("Order", "create", { data = { code = "x", customerId = 1 }, select = { code = true } }),
  right("Item", "create", { data = { line = 1, orderId = 1, productId = 2 } }),
  right("Item", "create", {
    data = {
      line = 1, order = { connect = { code = "x" } },
      product = { connectOrCreate = { where = { id = 1 }, create = { name = "p", price = 3 } } },
    },
  }),
  right("Customer", "update", function(lorm)
    return {
      where = { id = 1 },
      data = {
        visits = { increment = 1 }, tags = { push = "x" }, name = { set = "x" }, address = { delete = true }, referrer = { disconnect = true },
        orders = {
          deleteMany = {}, update = { where = { id = 1 }, data = { note = lorm.null } }, set = { { id = 3 } },
          upsert = { { where = { id = 1 }, create = { code = "x" }, update = { code = "y" } } },
          createMany = { data = { { code = "x" } }, skipDuplicates = true },
        },
      },
    }
  end),
  right("Customer", "updateMany", { where = { id = { in_ = { 1, 2 } } }, data = { visits = 3, referrerId = 4 }, limit = 3 }),
  right("Customer", "count", { where = { active = true }, select = { _all = true, name = true } }),
  right("Customer", "groupBy", {
    by = { "tier" }, _count = { _all = true }, _sum = { "visits" }, having = { visits = { _avg = { gt = 3 } } }, orderBy = { _count = { id = "desc" } },
  }),
  right("Customer", "aggregate", { _avg = { visits = true }, _max = { born = true }, _count = true }),
  right("Customer", "upsert", { where = { email = "x" }, create = { email = "x" }, update = {} }),
  right("Customer", "upsertMany", { data = { { email = "x" } }, on = "email", update = { "visits" } }),
  right("Customer", "updateEach", { data = { { id = 1, visits = 3 } } }),
  right("Customer", "updateEach", { data = { { where = { id = 1 }, data = { visits = { increment = 1 } } } } }),
  right("Customer", "createMany", { data = { { email = "x", referrerId = 3 } }, skipDuplicates = true }),
  right("Label", "create", { data = { name = "x", products = { connect = { { id = 1 }, { offer = { name = "x", price = 3 } } } } } }),
  right("Item", "findUnique", { where = { orderId_line = { orderId = 1, line = 2 }, quantity = { gt = 3 } } }),
  right("Customer", "exists", { where = { id = 1 } }),
  right("Customer", "deleteMany", { where = { id = 1 }, limit = 3 }),
  right("Customer", "findFirst", { omit = { "email", name = true }, relationLoadStrategy = "join" }),

  wrong("Customer", "findMany", { wher = { id = 1 } }, ".wher"),
  wrong("Customer", "findMany", { where = { emial = "x" } }, ".where.emial"),
  wrong("Customer", "findMany", { where = { email = { contain = "x" } } }, ".where.email.contain"),
  wrong("Customer", "findMany", { where = { visits = "x" } }, ".where.visits"),
  wrong("Customer", "findMany", { where = { orders = { any = { id = 1 } } } }, ".where.orders.any"),
  wrong("Customer", "findMany", { where = { OR = { { idd = 1 } } } }, ".where.OR[1].idd"),
  wrong("Customer", "findMany", { orderBy = { id = "up" } }, ".orderBy.id"),
  wrong("Customer", "findMany", { orderBy = { orders = "asc" } }, ".orderBy.orders"),
  wrong("Customer", "findMany", { select = { "idd" } }, ".select.1"),
  wrong("Customer", "findMany", { include = { order = true } }, ".include.order"),
  wrong("Customer", "findMany", { include = { orders = { wher = {} } } }, ".include.orders.wher"),
  wrong("Customer", "create", { data = { name = "x" } }, ".data.email"),
  wrong("Customer", "create", { data = { email = 1 } }, ".data.email"),
  wrong("Customer", "create", { data = { email = "x", orders = { create = { { cod = "x" } } } } }, ".data.orders.create[1].cod"),
  wrong("Customer", "create", { data = { email = "x", tier = "GOLDEN" } }, ".data.tier"),
  wrong("Item", "create", { data = { line = 1 } }, ".data.orderId"),
  wrong("Customer", "update", { where = { id = 1 }, data = { visits = { inc = 1 } } }, ".data.visits.inc"),
  wrong("Customer", "update", { data = { visits = 1 } }, ".where"),
  wrong("Customer", "findUnique", { where = { name_tier = { nam = "x", tier = "GOLD" } } }, ".where.name_tier.nam"),
  wrong("Customer", "groupBy", { by = { "tire" } }, ".by[1]"),
  wrong("Customer", "create", { data = { email = "x", orders = { create = { { code = "x", customer = {} } } } } },
    ".data.orders.create[1].customer"),
  wrong("Customer", "findUnique", { where = { id = 1 }, take = 3 }, ".take"),
  wrong("Customer", "findMany", { where = { tags = { hass = "x" } } }, ".where.tags.hass"),
  wrong("Customer", "findMany", { where = { meta = { string_contain = "x" } } }, ".where.meta.string_contain"),
  wrong("Customer", "findMany", { where = { token = { contains = "x" } } }, ".where.token.contains"),
  wrong("Customer", "aggregate", { _avg = { email = true } }, "._avg.email"),
  wrong("Customer", "findMany", { cursor = { emial = "x" } }, ".cursor.emial"),
  wrong("Customer", "findMany", { distinct = { "nam" } }, ".distinct[1]"),
  wrong("Customer", "findMany", { where = { email = { mode = "sensitive", equals = "x" } } }, ".where.email.mode"),
  wrong("Customer", "updateMany", { data = { orders = {} } }, ".data.orders"),
  wrong("Customer", "update", { where = { id = 1 }, data = { orders = { updateMany = { where = {}, data = { items = {} } } } } },
    ".data.orders.updateMany.data.items"),
  wrong("Address", "update", { where = { id = 1 }, data = { customer = { delete = true } } }, ".data.customer.delete"),
  wrong("Item", "create", { data = { line = 1, orderId = 1, productId = 2 }, skipDuplicates = true }, ".skipDuplicates"),
  wrong("Customer", "findMany", { lock = "all" }, ".lock"),
}
