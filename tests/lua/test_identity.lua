-- db:as(user, { role =, settings = }): row-level security with policies of the server's own.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database [[
model Doc {
  id     Int    @id
  tenant String
  text   String
}
]]
local fails = support.fails

local TENANTS <const> = 4
local ROLE = ("lorm_test_reader_%d"):format(math.random(1, 1 << 40))

db:executeRaw(('CREATE ROLE "%s"'):format(ROLE))
db:executeRaw(('GRANT SELECT, INSERT, UPDATE, DELETE ON "Doc" TO "%s"'):format(ROLE))
db:executeRaw 'ALTER TABLE "Doc" ENABLE ROW LEVEL SECURITY'
db:executeRaw [[CREATE POLICY tenants ON "Doc" USING (tenant = current_setting('app.tenant', true))]]

local function tenant(name) return db:as({ name = name }, { role = ROLE, settings = { ["app.tenant"] = name } }) end

TestIdentity = support.suite(db, function()
  for i = 1, TENANTS * 5 do db.Doc:create { data = { id = i, tenant = "t" .. i % TENANTS, text = "x" } } end
end)

local function who(client) return client:queryRaw("SELECT current_user::text AS me, current_setting('app.tenant', true) AS tenant")[1] end

function TestIdentity.testReadsAndWrites()
  local one = tenant "t1"
  lu.assertEquals(one.Doc:count(), 5)
  lu.assertNil(one.Doc:findUnique { where = { id = 2 } })
  fails({ code = "P2025" }, one.Doc.update, one.Doc, { where = { id = 2 }, data = { text = "y" } })
  lu.assertEquals(one.Doc:updateMany { data = { text = "mine" } }, { count = 5 })
  lu.assertEquals(one.Doc:deleteMany { where = { id = { lte = 4 } } }, { count = 1 })
  local ok, e = pcall(one.Doc.create, one.Doc, { data = { id = 100, tenant = "t2", text = "" } })
  lu.assertFalse(ok)
  lu.assertStrContains(tostring(e), "row-level security")
  lu.assertEquals(one.Doc:create { data = { id = 101, tenant = "t1", text = "" } }.id, 101)
  lu.assertEquals(db.Doc:count(), TENANTS * 5)
  lu.assertEquals(db.Doc:count { where = { text = "mine" } }, 4)
end

-- The identity ends with the call: the next one on the same connection is made as ever.
function TestIdentity.testNothingStays()
  local url = require "lorm.core".url(require "lorm.client".handle(db))
  local single <close> = lorm.connect { schemaText = "model Doc {\n  id Int @id\n tenant String\n}\n", url = url, pool = { max = 1 } }
  local before = who(single)
  local mine = single:as(nil, { role = ROLE, settings = { ["app.tenant"] = "t1" } })
  local me = who(mine)
  lu.assertEquals({ me.me, me.tenant }, { ROLE, "t1" })
  local after = who(single)
  lu.assertEquals(after.me, before.me)
  lu.assertTrue(after.tenant == nil or after.tenant == "")
  mine:transaction(function(tx)
    lu.assertEquals(who(tx).tenant, "t1")
    lu.assertEquals(tx.Doc:count(), 5)
    tx:transaction(function(inner) lu.assertEquals(inner.Doc:count(), 5) end)
    lu.assertEquals(tx:batch(function(b) b.Doc:count() end)[1], 5)
  end)
  pcall(mine.transaction, mine, function(tx) tx:queryRaw "SELECT 1 / 0" end)
  pcall(mine.queryRaw, mine, "SELECT 1 / 0")
  lu.assertEquals(who(single).me, before.me)
  lu.assertEquals(single:metrics().connections, 1)
end

function TestIdentity.testBatchesAndStreams()
  local two = tenant "t2"
  local results = two:batch(function(b)
    b.Doc:count()
    b.Doc:updateMany { data = { text = "two" } }
    b:queryRaw "SELECT current_user::text AS me"
  end)
  lu.assertEquals({ results[1], results[2].count, results[3][1].me }, { 5, 5, ROLE })
  local n = 0
  for doc in two.Doc:stream { batchSize = 2 } do
    lu.assertEquals(doc.tenant, "t2")
    n = n + 1
  end
  lu.assertEquals(n, 5)
  lu.assertEquals(#two.Doc:explain {}, 1)
end

function TestIdentity.testValuesAreParameters()
  local name = [['; DROP TABLE "Doc"; --]]
  local odd = db:as(nil, { settings = { ["app.tenant"] = name, ["app.n"] = 5, ["app.on"] = true } })
  lu.assertEquals(who(odd).tenant, name)
  lu.assertEquals(odd:queryRaw("SELECT current_setting('app.n') AS n, current_setting('app.on') AS o")[1].n, "5")
  lu.assertEquals(who(odd:as "somebody else").tenant, name, "another user, the same identity")
  lu.assertStrContains(who(odd:as(nil, { settings = {} })).tenant or "", "")
end

function TestIdentity.testHooksSeeIt()
  local seen
  local hooked = db:unhooked():use(function(params, next)
    seen = params
    return next(params)
  end)
  hooked:as({ id = 1 }, { role = ROLE }).Doc:count()
  lu.assertEquals({ seen.user.id, seen.as.role }, { 1, ROLE })
  hooked:as({ id = 2 }, { role = ROLE }):transaction(function(tx) tx:batch(function(b) b.Doc:count() end) end)
  lu.assertEquals({ seen.user.id, seen.as.role }, { 2, ROLE })
end

function TestIdentity.testMistakes()
  local nobody = db:as(nil, { role = "no such role" })
  fails({ says = "no such role" }, nobody.Doc.count, nobody.Doc)
  fails({ says = "no such role" }, nobody.transaction, nobody, function(tx)
    tx.Doc:count()
    lu.fail "it has begun"
  end)
  lu.assertEquals(db.Doc:count(), TENANTS * 5)
  for _, case in ipairs {
    { { rol = "x" }, "rol", "Did you mean `role`?" },
    { { role = 5 }, "role", "A role is the name" },
    { { settings = "x" }, "settings", "must be a table" },
    { { settings = { ["a.b"] = {} } }, "settings.a.b", "not a table" },
  } do
    support.refuses(case[2], case[3], db.as, db, nil, case[1])
  end
  fails({ name = "ValidationError", says = "must be a table" }, db.as, db, nil, "reader")
end

-- Tenants and nobody in particular, all at once over few connections, by every kind of call: nobody ever sees a row of
-- another's.
function TestIdentity.testNobodySeesWhatIsAnothers()
  local CALLS <const> = tonumber(os.getenv "LORM_TEST_CALLS") or 100000
  local url = require "lorm.core".url(require "lorm.client".handle(db))
  local few <close> = lorm.connect {
    schemaText = "model Doc {\n  id Int @id\n  tenant String\n  text String\n}\n", url = url, pool = { max = 3 },
  }
  local clients = {}
  for i = 0, TENANTS - 1 do
    clients[i] = few:as(i, { role = ROLE, settings = { ["app.tenant"] = "t" .. i } })
  end
  local function all_mine(i, rows)
    if #rows ~= 5 then error(("tenant %d saw %d rows"):format(i, #rows)) end
    for _, row in ipairs(rows) do
      if row.tenant ~= "t" .. i then error(("tenant %d saw a row of %s"):format(i, row.tenant)) end
    end
  end
  local calls = {
    function(i, c) all_mine(i, c.Doc:findMany()) end,
    function(i, c)
      local id = math.random(1, TENANTS * 5)
      local doc = c.Doc:findUnique { where = { id = id } }
      if (doc ~= nil) ~= (id % TENANTS == i) then error(("tenant %d asked for %d"):format(i, id)) end
    end,
    function(i, c) if c.Doc:updateMany { data = { text = "t" .. i } }.count ~= 5 then error "updateMany" end end,
    function(i, c) c:transaction(function(tx) all_mine(i, tx.Doc:findMany()) end) end,
    function(i, c) all_mine(i, c:batch(function(b) b.Doc:findMany() b.Doc:count() end)[1]) end,
    function() if few.Doc:count() ~= TENANTS * 5 then error "who is nobody in particular sees all" end end,
    function() few.Doc:findUnique { where = { id = 3 } } end,
    function(_, c) pcall(c.queryRaw, c, "SELECT 1 / 0") end,
  }
  local weights = { 30, 30, 1, 2, 2, 15, 15, 1 }
  local deck = {}
  for k, weight in ipairs(weights) do
    for _ = 1, weight do deck[#deck + 1] = calls[k] end
  end
  local tasks = {}
  for t = 1, 40 do
    tasks[t] = function()
      for _ = 1, CALLS // 40 do
        local i = math.random(0, TENANTS - 1)
        deck[math.random(#deck)](i, clients[i])
      end
      return true
    end
  end
  lorm.all(tasks)
  lu.assertEquals(few.Doc:count { where = { text = { not_ = "x" } } } > 0, true)
end

-- A role is the server's, not the database's.
support.run { disconnect = function()
  db:executeRaw(('DROP OWNED BY "%s"'):format(ROLE))
  db:executeRaw(('DROP ROLE "%s"'):format(ROLE))
  db:disconnect()
end }
