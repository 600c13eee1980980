-- db.Model:copyIn, copyOut, reserveIds: many rows by COPY.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "store"
local fails, column = support.fails, support.column

local full = {
  email = "a@x.org", name = "Ada", tier = "GOLD", credit = lorm.decimal "12345678.90", tags = { "x", 'y\\"', "", "ü" },
  scores = { 1, -2, 2147483647 }, meta = { a = { 1, 2.5, lorm.null, "z" }, b = lorm.array {} }, born = "1815-12-10",
  active = false, visits = -7, rating = 0.1, big = math.maxinteger, avatar = "\0\1\255", seenAt = "2026-02-03T04:05:06.123456Z",
  token = "0b6c2f51-0c4f-4e6c-9d6e-2f0f7f9d5b11",
}
local function numbered(n, from)
  return function(i)
    if i <= n then return { email = ("c%d@x.org"):format(i + (from or 0)), visits = i } end
  end
end

-- Without what the database counted.
local function shown(rows)
  for _, row in ipairs(rows) do row.id = nil end
  return lorm.json.encode(rows)
end

local function all(args, client)
  local rows = {}
  for row in (client or db).Customer:copyOut(args) do rows[#rows + 1] = row end
  return rows
end

TestIn = support.suite(db)

function TestIn.testEveryTypeAsCreateManyDoes()
  local rows = { full, { email = "b@x.org" }, { email = "c@x.org", meta = lorm.null, tags = {}, name = lorm.null, tier = "BASIC" } }
  lu.assertEquals(db.Customer:createMany { data = rows }.count, 3)
  local expected = shown(db.Customer:findMany { orderBy = { email = "asc" } })
  db.Customer:deleteMany()
  lu.assertEquals(db.Customer:copyIn(rows), 3)
  lu.assertEquals(shown(db.Customer:findMany { orderBy = { email = "asc" } }), expected)
end

function TestIn.testManyFromAFunction()
  lu.assertEquals(db.Customer:copyIn(numbered(12345)), 12345)
  lu.assertEquals(db.Customer:count { where = { visits = { gt = 0 }, active = true, tier = "BASIC" } }, 12345)
end

function TestIn.testNothing()
  lu.assertEquals(db.Customer:copyIn {}, 0)
  lu.assertEquals(db.Customer:copyIn(function() end), 0)
end

function TestIn.testClientDefaults()
  lu.assertEquals(db.Label:copyIn { { name = "a" }, { name = "b", id = "mine" } }, 2)
  local labels = db.Label:findMany { orderBy = { name = "asc" } }
  lu.assertEquals(#labels[1].id, 36)
  lu.assertEquals(labels[2].id, "mine")
end

function TestIn.testColumns()
  lu.assertEquals(db.Customer:copyIn({ { email = "a" }, { email = "b", name = "B" } }, { columns = { "email", "name" } }), 2)
  fails({ name = "ValidationError", path = "data[2].visits", says = "not among the columns" }, db.Customer.copyIn, db.Customer,
    { { email = "c" }, { email = "d", visits = 1 } }, { columns = { "email" } })
  fails({ path = "columns.emial", says = "Did you mean `email`" }, db.Customer.copyIn, db.Customer, { { email = "c" } }, { columns = { "emial" } })
  fails({ path = "columns", says = "`email` is required" }, db.Customer.copyIn, db.Customer, { { name = "c" } }, { columns = { "name" } })
  fails({ path = "data[2].id", says = "only the database knows" }, db.Customer.copyIn, db.Customer, { { id = 9, email = "c" }, { email = "d" } })
  lu.assertEquals(db.Customer:count(), 2)
end

-- The whole COPY is undone, wherever the mistake stands.
function TestIn.testMistakesLeaveNothing()
  local wrong = {
    { { visits = "many" }, "visits", "Expected Int" }, { { tier = "GOLDEN" }, "tier", "not a value of enum" },
    { { nam = "x" }, "nam", "Did you mean `name`" }, { { orders = {} }, "orders", "Unknown" },
    { { tags = "x" }, "tags", "Expected a list" }, { { scores = { 1, "x" } }, "scores[2]", "Expected Int" },
    { { name = "\0" }, "name", "NUL" }, { { token = "x" }, "token", "UUID" }, { { visits = 2^31 | 0 }, "visits", "INT4" },
    { { active = lorm.null }, "active", "must not be null" },
  }
  for _, at in ipairs { 1, 2, 1700 } do
    for _, case in ipairs(wrong) do
      local rows = numbered(2000)
      fails({ name = "ValidationError", path = ("data[%d].%s"):format(at, case[2]), says = case[3] }, db.Customer.copyIn, db.Customer, function(i)
        local row = rows(i)
        if i ~= at then return row end
        for name, value in pairs(case[1]) do row[name] = value end
        return row
      end)
    end
  end
  fails({ path = "data[2].email", says = "missing" }, db.Customer.copyIn, db.Customer, { { email = "x" }, { name = "y" } })
  fails({ path = "data[3]", says = "Expected a table" }, db.Customer.copyIn, db.Customer, { { email = "x" }, { email = "y" }, 7 })
  lu.assertEquals(db.Customer:count(), 0)
end

function TestIn.testWhatTheServerRefuses()
  fails({ code = "P2002", says = "email" }, db.Customer.copyIn, db.Customer, { { email = "x" }, { email = "x" } })
  fails({ code = "P2003" }, db.Customer.copyIn, db.Customer, { { email = "x", referrerId = 99 } })
  -- early, while rows are still being sent: the rest is not asked for
  local asked = 0
  fails({ code = "P2002" }, db.Customer.copyIn, db.Customer, function(i)
    asked = i
    if i <= 500000 then return { email = i < 3 and "same" or "c" .. i, name = ("x"):rep(500) } end
  end)
  lu.assertTrue(asked < 250000, "the server's refusal was not noticed")
  lu.assertEquals(db.Customer:count(), 0)
end

function TestIn.testAnErrorOfTheFunctionsOwn()
  local ok, e = pcall(db.Customer.copyIn, db.Customer, function(i)
    if i == 800 then error "mine" end
    return { email = "c" .. i }
  end)
  lu.assertFalse(ok)
  lu.assertStrContains(tostring(e), "mine")
  lu.assertEquals(db.Customer:count(), 0)
end

function TestIn.testInATransaction()
  db:transaction(function(tx)
    tx.Order:create { data = { code = "o" } }
    lu.assertEquals(tx.Customer:copyIn(numbered(700)), 700)
    lu.assertEquals(tx.Customer:copyIn(numbered(700, 700)), 700)
    lu.assertEquals(tx.Customer:count(), 1400)
    lu.assertEquals(db.Customer:count(), 0)
  end)
  lu.assertEquals({ db.Customer:count(), db.Order:count() }, { 1400, 1 })
  fails({ path = "data[2].visits" }, function()
    db:transaction(function(tx)
      tx.Order:create { data = { code = "p" } }
      tx.Customer:copyIn { { email = "n" }, { email = "m", visits = "x" } }
    end)
  end)
  lu.assertEquals({ db.Customer:count(), db.Order:count() }, { 1400, 1 })
end

function TestIn.testASavepointAround()
  db:transaction(function(tx)
    lu.assertFalse((pcall(tx.transaction, tx, function(inner) inner.Customer:copyIn { { email = "x" }, { email = "x" } } end)))
    lu.assertEquals(tx.Customer:copyIn { { email = "x" } }, 1)
  end)
  lu.assertEquals(db.Customer:count(), 1)
end

-- What else the transaction does between two rows finds those before, and the COPY goes on behind it.
function TestIn.testElseBetweenRows()
  local copied = db:transaction(function(tx)
    return tx.Customer:copyIn(function(i)
      if i > 2000 then return nil end
      if i % 600 == 0 then
        lu.assertEquals(tx.Customer:count(), i - 1)
        tx:transaction(function(inner) inner.Order:create { data = { code = "o" .. i } } end)
        tx.Label:copyIn { { name = "l" .. i } }
      end
      return { email = "c" .. i, visits = i == 1999 and db.Customer:count() + 1 or 0 }
    end)
  end)
  lu.assertEquals(copied, 2000)
  lu.assertEquals({ db.Customer:count(), db.Order:count(), db.Label:count() }, { 2000, 3, 3 })
  lu.assertEquals(db.Customer:count { where = { visits = 1 } }, 1)
end

-- A mistake of rows that went out before is what is told, not that the transaction can do nothing any more.
function TestIn.testElseAfterAMistake()
  fails({ code = "P2002" }, db.transaction, db, function(tx)
    tx.Customer:copyIn(function(i)
      if i == 3 then tx.Customer:count() end
      return i < 5 and { email = "twice" } or nil
    end)
  end)
  lu.assertEquals(db.Customer:count(), 0)
end

function TestIn.testNothingElseAtOnce()
  db:transaction(function(tx)
    local copying, said = true, 0
    lorm.all {
      function()
        tx.Customer:copyIn(function(i) return i <= 20000 and { email = "c" .. i, name = ("x"):rep(500) .. i } or nil end)
        copying = false
      end,
      function()
        while copying do
          local ok, e = pcall(tx.Order.count, tx.Order)
          if not ok then
            lu.assertStrContains(tostring(e), "A COPY is under way")
            said = said + 1
          end
          lorm.sleep(0)
        end
      end,
    }
    lu.assertTrue(said > 0)
    lu.assertEquals(tx.Customer:count(), 20000)
  end)
end

function TestIn.testTimeout()
  local asked = 0
  local ok, e = pcall(db.Customer.copyIn, db.Customer, function(i)
    asked = i
    lorm.sleep(20)
    return { email = "c" .. i }
  end, { timeout = 100 })
  lu.assertFalse(ok)
  lu.assertTrue(asked < 100) -- a slow function hears of it while it makes rows, not when it has made many
  lu.assertEquals(e.code, "P2028")
  lu.assertEquals(db.Customer:count(), 0)
end

function TestIn.testCancelled()
  local task = lorm.spawn(function()
    db.Customer:copyIn(function(i)
      lorm.sleep(1)
      return { email = "c" .. i, name = ("x"):rep(1000) }
    end)
  end)
  lorm.sleep(100)
  task:cancel()
  lu.assertFalse((pcall(task.await, task)))
  lu.assertEquals(db.Customer:count(), 0)
end

function TestIn.testMisuse()
  fails({ name = "UsageError", says = "colon" }, db.Customer.copyIn, { { email = "x" } })
  fails({ path = "data", says = "a list of rows" }, db.Customer.copyIn, db.Customer, 7)
  fails({ path = "data", says = "table with names" }, db.Customer.copyIn, db.Customer, { email = "x" })
  fails({ path = "colums", says = "Did you mean `columns`" }, db.Customer.copyIn, db.Customer, {}, { colums = {} })
  fails({ name = "UsageError", says = "batch" }, db.batch, db, function(b) b.Customer:copyIn {} end)
  fails({ name = "UsageError", says = "transaction's timeout" }, db.transaction, db, function(tx) tx.Customer:copyIn({ { email = "x" } }, { timeout = 5 }) end)
end

function TestIn.testHooksSeeIt()
  local seen = {}
  local hooked = db:extends { name = "eye", query = { ["$allOperations"] = function(ctx)
    seen[#seen + 1] = ctx.model .. ":" .. ctx.operation
    if ctx.operation == "copyIn" then ctx.args.data[1].name = "changed" end
    return ctx.query(ctx.args)
  end } }
  lu.assertEquals(hooked.Customer:copyIn { { email = "x" } }, 1)
  lu.assertEquals(column(all({}, hooked), "name"), { "changed" })
  lu.assertEquals(seen, { "Customer:copyIn", "Customer:copyOut" })
end

function TestIn.testEventsTellOfIt()
  local texts = {}
  db:on("query", function(e) texts[#texts + 1] = e.query end)
  db.Customer:copyIn { { email = "x" } }
  lorm.sleep(1)
  lu.assertStrContains(table.concat(texts, "\n"), "FROM STDIN (FORMAT binary)")
end

function TestIn.testScopes()
  local scoped = db:extends { name = "few", scopes = { Customer = { visits = { gt = 1 } } } }
  db.Customer:copyIn(numbered(3))
  lu.assertEquals(#all({}, scoped), 2)
  lu.assertEquals(#all({}, scoped:unscoped()), 3)
  fails({ name = "ValidationError", says = "unscoped()" }, scoped.Customer.copyIn, scoped.Customer, { { email = "x" } })
  lu.assertEquals(scoped.Order:copyIn { { code = "o" } }, 1)
  lu.assertEquals(scoped.Customer:unscoped():copyIn { { email = "x" } }, 1)
end

TestOut = support.suite(db, function()
  db.Customer:create { data = full }
  db.Customer:copyIn(numbered(1700))
end)

function TestOut.testAsFindMany()
  local ways = {
    { orderBy = { id = "asc" } }, { where = { email = "a@x.org" } }, { where = { visits = { gt = 1500 } }, orderBy = { id = "desc" } },
    { where = { email = { in_ = { "c1@x.org", "c7@x.org", "it's" } }, tier = "BASIC" }, orderBy = { id = "asc" } },
    { where = { OR = { { name = "Ada" }, { credit = lorm.decimal "0.00", visits = 3 } }, name = { not_ = lorm.null } } },
    { where = { born = { lt = lorm.datetime "1900-01-01T00:00:00Z" }, tags = { has = 'y\\"' } } },
    { where = { name = lorm.null }, take = 3, orderBy = { id = "asc" } },
    { where = { meta = { path = { "a", "0" }, equals = 1 } } }, { where = { avatar = "\0\1\255", big = math.maxinteger } },
    { select = { email = true, tags = true }, orderBy = { email = "asc" }, take = 600, skip = 30 },
    { omit = { meta = true }, orderBy = { id = "asc" }, take = 2 },
    { where = { name = "nobody" } }, { distinct = { "tier" }, orderBy = { { tier = "asc" }, { id = "asc" } }, where = { visits = { not_ = 0 } } },
    { cursor = { email = "c9@x.org" }, orderBy = { id = "asc" }, take = 4 },
  }
  for i, args in ipairs(ways) do
    local rows, expected = all(args), db.Customer:findMany(args)
    lu.assertEquals(#rows, #expected, "way " .. i)
    for k, row in ipairs(rows) do lu.assertEquals(lorm.json.encode(row), lorm.json.encode(expected[k]), "way " .. i) end
  end
  lu.assertEquals(#all(), 1701)
end

function TestOut.testLeftByBreakAndByAnError()
  for row in db.Customer:copyOut { orderBy = { id = "asc" } } do
    if row.visits == 600 then break end
  end
  lu.assertFalse((pcall(function()
    for _ in db.Customer:copyOut() do error "out" end
  end)))
  local open = db.Customer:copyOut { orderBy = { id = "asc" } }
  lu.assertEquals(open().email, "a@x.org")
  open:close()
  lu.assertNil(open())
  lu.assertEquals(db.Customer:count(), 1701)
end

function TestOut.testInATransaction()
  db:transaction(function(tx)
    tx.Customer:updateMany { where = {}, data = { rating = 2.5 }, all = true }
    for row in tx.Customer:copyOut { orderBy = { visits = "asc" } } do
      lu.assertEquals(row.rating, 2.5)
      fails({ name = "UsageError", says = "A COPY is under way" }, tx.Customer.count, tx.Customer)
      if row.visits == 3 then break end
    end
    lu.assertEquals(tx.Customer:count(), 1701)
    lu.assertEquals(#all({}, tx), 1701)
  end)
end

function TestOut.testQueriesWithinTheLoop()
  local sum = 0
  for row in db.Customer:copyOut { where = { visits = { lte = 30, gt = 0 } } } do
    sum = sum + db.Customer:findUnique { where = { id = row.id } }.visits
  end
  lu.assertEquals(sum, 465)
end

function TestOut.testMistakes()
  fails({ name = "ValidationError", path = "wher", says = "Did you mean `where`" }, db.Customer.copyOut, db.Customer, { wher = {} })
  fails({ path = "select", says = "relations" }, db.Customer.copyOut, db.Customer, { select = { orders = true } })
  fails({ path = "take" }, db.Customer.copyOut, db.Customer, { take = -1 })
  fails({ path = "where.visits" }, db.Customer.copyOut, db.Customer, { where = { visits = "x" } })
  fails({ name = "UsageError", says = "colon" }, db.Customer.copyOut, {})
  fails({ name = "UsageError", says = "batch" }, db.batch, db, function(b) b.Customer:copyOut {} end)
end

-- Where Lua cannot yield, the connection alone is waited for.
function TestOut.testWithoutYielding()
  local rows = { 3, 1, 2 }
  local n
  table.sort(rows, function(a, b)
    n = n or #all { take = 700 }
    db.Customer:copyIn { { email = tostring({}) } }
    return a < b
  end)
  lu.assertEquals(n, 700)
  lu.assertTrue(db.Customer:count() > 1701)
end

function TestOut.testMemory()
  db.Customer:copyIn(numbered(30000, 5000))
  collectgarbage()
  local before, most, n = collectgarbage "count", 0, 0
  for _ in db.Customer:copyOut() do
    n = n + 1
    if n % 5000 == 0 then
      collectgarbage()
      most = math.max(most, collectgarbage "count" - before)
    end
  end
  lu.assertEquals(n, 31701)
  lu.assertTrue(most < 4096, "rows were kept: " .. most)
end

TestIds = support.suite(db)

function TestIds.testReserved()
  local ids = db.Customer:reserveIds(5)
  lu.assertEquals(#ids, 5)
  lu.assertEquals(ids[5] - ids[1], 4)
  lu.assertEquals(db.Customer:copyIn { { id = ids[2], email = "x" } }, 1)
  lu.assertEquals(db.Customer:create { data = { email = "y" } }.id, ids[5] + 1)
  lu.assertEquals(db.Customer:reserveIds(0), {})
  fails({ path = "count", says = "integer" }, db.Customer.reserveIds, db.Customer, "x")
  fails({ says = "no autoincrement" }, db.Label.reserveIds, db.Label, 3)
end

support.run(db)
