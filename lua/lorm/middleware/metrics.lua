-- How many calls there are and how long they take, by model and operation, for Prometheus and whoever reads its format.
--   middleware = { "metrics" }                                     db:metrics { format = "prometheus" } has them
--   middleware = { { "metrics", listen = "127.0.0.1:9464" } }      http://127.0.0.1:9464/metrics; "9464" is the same
--   middleware = { { "metrics", file = "/var/lib/node_exporter/shop.prom", every = 15 } }
--
--   listen    host:port; who can reach it can read it. Without a host: this machine only
--   file      written anew every `every` seconds (default 15) in which there were calls
--   buckets   of the histogram, in seconds
--   labels    { service = "shop" }: on every line
--   prisma    true: also under the names that Prisma 6 had, prisma_client_queries_total and so on. Statements are timed
--             for that, which costs a little
-- lorm_query_duration_seconds{model,operation} counts calls, failed ones too; lorm_query_errors_total{...,code} these.
-- Raw SQL has an empty model. Pool and plan cache are in db:metrics in any case.
local core = require "lorm.core"
local lorm = require "lorm"
local metrics = require "lorm.metrics"
local nearest = require "lorm.nearest"

local middleware = {}

local PAGE_TYPE <const> = "text/plain; version=0.0.4; charset=utf-8"

local function is_text(v) return type(v) == "string" end
local known = {
  listen = { is_text, "host:port" }, file = { is_text, "a path" },
  every = { function(v) return type(v) == "number" and v > 0 end, "a number of seconds" },
  buckets = { function(v) return type(v) == "table" and type(v[1]) == "number" end, "a list of numbers" },
  labels = { function(v) return type(v) == "table" end, "{ name = value }" },
  prisma = { function(v) return type(v) == "boolean" end, "true or false" },
}

local function check(options)
  for name, value in pairs(options) do
    local rule = known[name]
    if not rule then
      error(("metrics: unknown option `%s`.%s"):format(tostring(name), nearest.hint(tostring(name), nearest.names(known))), 0)
    end
    if not rule[1](value) then error(("metrics: %s must be %s, got %s"):format(name, rule[2], tostring(value)), 0) end
  end
end

-- ---- errors ----

local errors, total = {}, 0 -- model, operation, code -> entry; of all clients, as histograms are

local function note_error(params, e)
  local code = type(e) == "table" and (e.code or e.name) or "error"
  local key = table.concat({ params.model or "", params.action, code }, "\0")
  local entry = errors[key]
  if not entry then
    entry = {
      name = "lorm_query_errors_total", type = "counter", help = "calls that ended with an error", value = 0,
      labels = { model = params.model or "", operation = params.action, code = code },
    }
    errors[key] = entry
  end
  entry.value = entry.value + 1
end

local function error_entries()
  local list = {}
  for _, entry in pairs(errors) do list[#list + 1] = entry end
  return list
end

-- ---- Prisma's names ----

local prisma_buckets = { 0, 1, 5, 10, 50, 100, 500, 1000, 5000, 50000 } -- milliseconds

local prisma_figures = {
  { "queries", "prisma_datasource_queries_total", "counter", "Total number of Datasource Queries executed" },
  { "opened", "prisma_pool_connections_opened_total", "counter", "Total number of Pool Connections opened" },
  { "closed", "prisma_pool_connections_closed_total", "counter", "Total number of Pool Connections closed" },
  { "requests", "prisma_client_queries_active", "gauge", "Number of currently active Prisma Client queries" },
  { "waiting", "prisma_client_queries_wait", "gauge", "Number of Prisma Client queries waiting for a connection" },
  { "busy", "prisma_pool_connections_busy", "gauge", "Number of currently busy Pool Connections" },
  { "idle", "prisma_pool_connections_idle", "gauge", "Number of currently unused Pool Connections" },
  { "connections", "prisma_pool_connections_open", "gauge", "Number of currently open Pool Connections" },
}

local function prisma_entries(client)
  local stats, list = core.stats(require "lorm.client".handle(client)), {}
  for _, figure in ipairs(prisma_figures) do
    list[#list + 1] = { name = figure[2], type = figure[3], help = figure[4], value = stats[figure[1]] }
  end
  list[#list + 1] = {
    name = "prisma_client_queries_total", type = "counter", help = "Total number of Prisma Client queries executed", value = total,
  }
  list[#list + 1] = metrics.waits(client, "prisma_client_queries_wait_histogram_ms",
    "The wait time of all Prisma Client queries in ms")
  return list
end

local timed = setmetatable({}, { __mode = "k" }) -- clients whose statements are

-- observe(milliseconds), of a call.
local function as_prisma(db)
  local calls = metrics.histogram {
    name = "prisma_client_queries_duration_histogram_ms", buckets = prisma_buckets,
    help = "The execution time of all Prisma Client queries in ms",
  }
  local statements = metrics.histogram {
    name = "prisma_datasource_queries_duration_histogram_ms", buckets = prisma_buckets,
    help = "The execution time of all Datasource Queries in ms",
  }
  metrics.register(prisma_entries, "prisma")
  if not timed[db] then db:on("query", function(event) statements:observe(nil, event.duration) end) end
  timed[db] = true
  return function(ms) calls:observe(nil, ms) end
end

-- ---- where they are read ----

local function page(db, options) return db:metrics { format = "prometheus", labels = options.labels } end

local function serve(db, options)
  local ok, e = pcall(require "lorm.http".serve, options.listen, function(request)
    if request.path ~= "/metrics" and request.path ~= "/" then return 404, "text/plain", "There is /metrics.\n" end
    return 200, PAGE_TYPE, page(db, options)
  end)
  if ok then return end
  if tostring(e):find "no address" then error(("metrics: %s"):format(e.message), 0) end
  lorm.log.warn("metrics are not served", { error = tostring(e) }) -- another program does, perhaps
end

-- Whole or not at all: who reads it may come at any time.
local function write(db, options)
  local temporary = options.file .. ".new"
  local file, problem = io.open(temporary, "w")
  if file then
    file:write(page(db, options))
    file:close()
    file, problem = os.rename(temporary, options.file)
  end
  if not file then lorm.log.warn("metrics are not written", { file = options.file, error = problem }) end
end

-- note(), after each call.
local function writer(db, options)
  local every, due = (options.every or 15) * 1000, 0
  return function()
    local now = lorm.clock()
    if now < due then return end
    due = now + every
    write(db, options)
  end
end

-- ---- all of it ----

function middleware.setup(db, options)
  check(options)
  local histogram = metrics.histogram {
    name = "lorm_query_duration_seconds", help = "Duration of calls in seconds", labels = { "model", "operation" },
    buckets = options.buckets,
  }
  metrics.register(error_entries, "errors")
  local observe = options.prisma and as_prisma(db)
  local written = options.file and writer(db, options)
  if options.listen then serve(db, options) end
  return function(params, next)
    local done = histogram:startTimer()
    local ok, result = pcall(next, params)
    local seconds = done { model = params.model, operation = params.action }
    total = total + 1
    if observe then observe(seconds * 1000) end
    if not ok then note_error(params, result) end
    if written then written() end
    if not ok then error(result, 0) end
    return result
  end
end

return middleware
