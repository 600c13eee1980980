-- Figures and the metrics middleware: in tables, in Prometheus' form, scraped over HTTP, in a file.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local http_client = require "http_client"
local lu = require "luaunit"
local lorm = require "lorm"
local metrics = require "lorm.metrics"
local support = require "support"

local db = support.database "blog"
local URL = require("lorm.core").url(require "lorm.client".handle(db))
local SCHEMA = here .. "../../schema"
local folder = support.folder()

local function connect(options)
  options[1] = "metrics"
  return lorm.connect { schema = SCHEMA, url = URL, middleware = { options } }
end

-- A text in Prometheus' form as { ["name{labels}"] = number }, and { name = type }. Whatever is no line of it fails.
local function parsed(text)
  local values, types = {}, {}
  lu.assertEquals(text:sub(-1), "\n")
  for line in text:gmatch "[^\n]+" do
    local name, kind = line:match "^# TYPE (%S+) (%l+)$"
    if name then
      lu.assertNil(types[name], name .. " twice")
      types[name] = kind
    elseif not line:find "^# HELP [%a_:][%w_:]* .+" then
      local key, value = line:match "^([%a_:][%w_:]*{[^\n]*}) (%S+)$"
      if not key then key, value = line:match "^([%a_:][%w_:]*) (%S+)$" end
      lu.assertNotNil(tonumber(value), "no line of Prometheus' form: " .. line)
      lu.assertNil(values[key], key .. " twice")
      values[key] = tonumber(value)
    end
  end
  return values, types
end

local function report(client, options)
  return parsed(client:metrics { format = "prometheus", labels = options and options.labels })
end

TestMetrics = support.suite(db)

function TestMetrics.testHistograms()
  local h = metrics.histogram { name = "job_seconds", help = "a \\ and\na line", labels = { "kind" }, buckets = { 0.1, 1, 5 } }
  lu.assertIs(metrics.histogram { name = "job_seconds" }, h)
  for _, value in ipairs { 0.05, 0.1, 0.5, 7 } do h:observe({ kind = 'a "b"\\\n' }, value) end
  local done = h:startTimer()
  lu.assertTrue(done { kind = "timed" } < 5)
  local text = db:metrics { format = "prometheus" }
  lu.assertStrContains(text, "# HELP job_seconds a \\\\ and\\na line\n# TYPE job_seconds histogram\n")
  local values = parsed(text)
  local function value(suffix, le)
    return values[('job_seconds%s{kind="a \\"b\\"\\\\\\n"%s}'):format(suffix, le and (',le="%s"'):format(le) or "")]
  end
  lu.assertEquals({ value("_bucket", "0.1"), value("_bucket", "1"), value("_bucket", "5"), value("_bucket", "+Inf") }, { 2, 3, 3, 4 })
  lu.assertEquals({ value "_count", value "_sum" }, { 4, 7.65 })
  lu.assertEquals(values['job_seconds_count{kind="timed"}'], 1)
  lu.assertEquals(db:metrics().job_seconds[1].buckets[2], { le = 1, count = 3 })
  support.fails({ path = "name" }, metrics.histogram, { name = "no name" })
  support.fails({ path = "buckets" }, metrics.histogram, { name = "falling", buckets = { 2, 1 } })
  support.fails({ path = "format" }, db.metrics, db, { format = "xml" })
end

function TestMetrics.testCalls()
  local client <close> = connect { labels = { service = "shop" } }
  local function counted(model, operation, suffix)
    return report(client)[('lorm_query_duration_seconds_%s{model="%s",operation="%s"}'):format(suffix or "count", model, operation)] or 0
  end
  local before = { counted("User", "findMany"), counted("User", "findUniqueOrThrow"), counted("", "queryRaw") }
  client.User:findMany()
  client.User:findMany()
  lu.assertFalse(pcall(client.User.findUniqueOrThrow, client.User, { where = { id = 9 } }))
  client:queryRaw "SELECT pg_sleep(0.03)"
  lu.assertEquals(counted("User", "findMany"), before[1] + 2)
  lu.assertEquals(counted("User", "findUniqueOrThrow"), before[2] + 1, "observed also when it raises")
  lu.assertEquals(counted("", "queryRaw"), before[3] + 1)
  lu.assertTrue(counted("", "queryRaw", "sum") >= 0.03)
  local values, types = report(client)
  lu.assertEquals(values['lorm_query_errors_total{code="P2025",model="User",operation="findUniqueOrThrow"}'], 1)
  lu.assertEquals({ types.lorm_query_duration_seconds, types.lorm_connections, types.lorm_queries_total, types.lorm_plans },
    { "histogram", "gauge", "counter", "gauge" })
  lu.assertEquals(values.lorm_plan_hits_total + values.lorm_plan_misses_total, 3)
  lu.assertEquals({ values.lorm_plans, values.lorm_connections, values.lorm_opened_total }, { 2, 1, 1 })
  lu.assertEquals(report(client, { labels = { service = "shop" } })['lorm_plans{service="shop"}'], 2)
end

function TestMetrics.testPrismaNames()
  local client <close> = connect { prisma = true }
  client.User:create { data = { email = "a@x.org", username = "a", password = "p" } }
  client.User:count()
  lorm.sleep(1) -- what was sent is told from a task
  local values, types = report(client)
  lu.assertEquals({
    types.prisma_client_queries_total, types.prisma_datasource_queries_total, types.prisma_pool_connections_opened_total,
    types.prisma_pool_connections_closed_total,
  }, { "counter", "counter", "counter", "counter" })
  for _, name in ipairs { "client_queries_active", "client_queries_wait", "pool_connections_busy", "pool_connections_idle",
    "pool_connections_open" } do
    lu.assertEquals(types["prisma_" .. name], "gauge", name)
    lu.assertNotNil(values["prisma_" .. name], name)
  end
  for _, name in ipairs { "client_queries_wait", "client_queries_duration", "datasource_queries_duration" } do
    local family = "prisma_" .. name .. "_histogram_ms"
    lu.assertEquals(types[family], "histogram")
    lu.assertTrue(values[family .. "_count"] >= 2, family)
    lu.assertEquals(values[family .. '_bucket{le="+Inf"}'], values[family .. "_count"])
  end
  lu.assertEquals({ values.prisma_client_queries_total >= 2, values.prisma_pool_connections_open }, { true, 1 })
end

-- Two for one connection: who waits is counted by how long.
function TestMetrics.testWaits()
  local client <close> = lorm.connect { schema = SCHEMA, url = URL, pool = { max = 1 } }
  client:queryRaw "SELECT 1"
  local function sleep() client:queryRaw "SELECT pg_sleep(0.06)" end
  lorm.all { sleep, sleep }
  local waits = metrics.waits(client, "waits").series[1]
  lu.assertTrue(waits.count >= 2)
  lu.assertTrue(waits.sum >= 50, waits.sum)
  lu.assertTrue(waits.buckets[#waits.buckets].count >= waits.buckets[1].count + 1)
end

function TestMetrics.testScraped()
  local client <close> = connect { listen = "0", labels = { service = "shop" } }
  local server = require "lorm.http".serve("0", nil)
  server:close()
  local own = lorm.http.serve("127.0.0.1:0", function(request)
    local path = request.path
    if path == "/slow" then lorm.sleep(20) end
    if path == "/bad" then error "bad" end
    return 200, "text/plain", path == "/count" and tostring(client.User:count()) or client:metrics { format = "prometheus" }
  end)
  client.User:findMany()
  local answer = http_client.get(own.port, "/metrics")
  lu.assertStrMatches(answer, "HTTP/1.%d 200 OK\r\n.*")
  local values = parsed(answer:match "\r\n\r\n(.*)$")
  lu.assertTrue(values['lorm_query_duration_seconds_count{model="User",operation="findMany"}'] >= 1)
  lu.assertStrMatches(http_client.get(own.port, "/count"), ".*\r\n\r\n0", nil, nil, "a page may query")
  lu.assertStrMatches(http_client.post(own.port, "/metrics", "abc"), "HTTP/1.%d 405 .*")
  lu.assertStrMatches(http_client.send(own.port, "HEAD /metrics HTTP/1.0\r\n\r\n"), "HTTP/1.%d 200 .*\r\n\r\n")
  local said = {}
  local write = lorm.log.write
  lorm.log.write = function(line) said[#said + 1] = line end
  local failed = http_client.get(own.port, "/bad")
  lorm.log.write = write
  lu.assertStrMatches(failed, "HTTP/1.%d 500 .*")
  lu.assertStrContains(table.concat(said), "bad")
  local answers = lorm.all { function() return http_client.get(own.port, "/slow") end, function() return http_client.get(own.port, "/count") end }
  lu.assertStrContains(answers, "200 OK")
  own:close()
end

-- The endpoint of the middleware itself, on a port that is free now.
function TestMetrics.testEndpoint()
  local probe = lorm.http.serve("127.0.0.1:0", print)
  local port = probe.port
  probe:close()
  local client <close> = connect { listen = ("127.0.0.1:%d"):format(port), labels = { service = "shop" } }
  client.User:count()
  local answer = http_client.get(port, "/metrics")
  lu.assertStrContains(answer, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n")
  local values = parsed(answer:match "\r\n\r\n(.*)$")
  lu.assertTrue(values['lorm_query_duration_seconds_count{model="User",operation="count",service="shop"}'] >= 1)
  lu.assertStrMatches(http_client.get(port, "/else"), "HTTP/1.%d 404 .*")
end

function TestMetrics.testFile()
  local path = folder .. "/lorm.prom"
  local client <close> = connect { file = path, every = 0.001 }
  client.User:aggregate { _count = true }
  lorm.sleep(5)
  client.User:count()
  local values = parsed(io.open(path):read "a")
  lu.assertTrue(values['lorm_query_duration_seconds_count{model="User",operation="aggregate"}'] >= 1)
  lu.assertNil(io.open(path .. ".new"))
end

function TestMetrics.testMistakes()
  local function says(options, text)
    local ok, e = pcall(connect, options)
    lu.assertFalse(ok)
    lu.assertStrContains(tostring(e), text)
  end
  says({ lisen = "127.0.0.1:9464" }, "Did you mean `listen`?")
  says({ listen = 9464 }, "listen must be host:port")
  says({ listen = "localhost" }, "localhost is no address to listen at")
  says({ every = 0 }, "every must be a number of seconds")
end

support.run(db)
