-- The tracing middleware: who is whose parent, in hooks, blocks and tasks.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local db = support.database "blog"
local URL = require("lorm.core").url(require "lorm.client".handle(db))
local SCHEMA = here .. "../../schema"

local function connect(options, ...)
  options[1] = "tracing"
  return lorm.connect { schema = SCHEMA, url = URL, middleware = { options, ... } }
end

-- A client, and the spans that are written, by name.
local function traced(...)
  local spans = {}
  return connect({ write = function(span) spans[span.name] = span end }, ...), spans
end

TestTracing = support.suite(db)

function TestTracing.testSpan()
  local client <close>, spans = traced()
  local before = lorm.now():unix()
  client.User:count()
  local span = spans["User.count"]
  lu.assertEquals({ #span.traceId, #span.spanId, span.kind, span.status.code }, { 32, 16, "CLIENT", "OK" })
  lu.assertEquals(span.attributes, { ["db.system"] = "postgresql", ["db.operation"] = "count", ["db.collection"] = "User" })
  lu.assertNil(span.parentSpanId)
  lu.assertEquals(span.resource, { ["service.name"] = "lorm" })
  local from, to = tonumber(span.startTimeUnixNano), tonumber(span.endTimeUnixNano)
  lu.assertTrue(from >= before * 1e9 - 1e6 and to >= from and to < (lorm.now():unix() + 1) * 1e9)
  lu.assertFalse(pcall(client.User.findUniqueOrThrow, client.User, { where = { id = 1 } }))
  lu.assertEquals(spans["User.findUniqueOrThrow"].status.code, "ERROR")
  lu.assertStrContains(spans["User.findUniqueOrThrow"].status.message, "P2025")
  lu.assertNotEquals(spans["User.findUniqueOrThrow"].traceId, span.traceId)
end

function TestTracing.testBlocks()
  local client <close>, spans = traced()
  local value = client:span("outer", function(span)
    span.attributes.cart = 7
    client.User:count()
    return client:span("inner", function() return client.Post:count() + 5 end)
  end)
  lu.assertEquals({ value, spans.outer.attributes.cart, spans.outer.kind }, { 5, 7, "INTERNAL" })
  lu.assertEquals(spans["User.count"].parentSpanId, spans.outer.spanId)
  lu.assertEquals(spans.inner.parentSpanId, spans.outer.spanId)
  lu.assertEquals(spans["Post.count"].parentSpanId, spans.inner.spanId)
  lu.assertEquals(spans["Post.count"].traceId, spans.outer.traceId)
  lu.assertErrorMsgContains("broken", client.span, client, "fails", function() error "broken" end)
  lu.assertEquals(spans.fails.status.code, "ERROR")
  client.Comment:count()
  lu.assertNil(spans["Comment.count"].parentSpanId)
end

-- Many tasks, each in a span of its own, take turns: none sees another's.
function TestTracing.testTasks()
  local parents, wrong = {}, 0
  local client <close> = connect { write = function(span)
    if span.kind == "INTERNAL" then parents[span.spanId] = span.name end
    if span.kind == "CLIENT" then parents[#parents + 1] = span end
  end }
  local function job(i)
    return client:span("job" .. i, function()
      client:queryRaw("SELECT $1::int AS i", i)
      lorm.sleep(i % 3)
      lorm.all { function() client.User:count() end, function() lorm.sleep(1) client.Post:count() end }
      return client:transaction(function(tx) return tx.User:count() end)
    end)
  end
  local list = {}
  for i = 1, 30 do list[i] = i end
  lorm.map(list, job, { concurrency = 10 })
  local calls = {}
  for _, span in ipairs(parents) do
    if not parents[span.parentSpanId] then wrong = wrong + 1 end
    calls[parents[span.parentSpanId] or ""] = (calls[parents[span.parentSpanId] or ""] or 0) + 1
  end
  lu.assertEquals(wrong, 0)
  for i = 1, 30 do lu.assertEquals(calls["job" .. i], 4, "job" .. i) end
end

-- What a hook asks for on its own account belongs to the call that it is around.
function TestTracing.testHooks()
  local client <close>, spans = traced(function(params, next)
    if params.model == "User" then params.client.Post:count() end
    return next(params)
  end)
  client.User:findMany()
  lu.assertEquals(spans["Post.count"].parentSpanId, spans["User.findMany"].spanId)
end

function TestTracing.testFileAndParent()
  local path = support.folder() .. "/spans.jsonl"
  local client <close> = connect {
    file = path, service = "shop", parent = "00-0123456789abcdef0123456789abcdef-0011223344556677-01",
  }
  client.User:count()
  client:queryRaw "SELECT 1"
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = lorm.json.decode(line) end
  lu.assertEquals({ lines[1].name, lines[2].name, #lines }, { "User.count", "queryRaw", 2 })
  lu.assertEquals({ lines[1].traceId, lines[1].parentSpanId }, { "0123456789abcdef0123456789abcdef", "0011223344556677" })
  lu.assertEquals(lines[1].resource["service.name"], "shop")
end

function TestTracing.testMistakes()
  local function says(options, text)
    local ok, e = pcall(connect, options)
    lu.assertFalse(ok)
    lu.assertStrContains(tostring(e), text)
  end
  says({}, "file or write is missing")
  says({ fiel = "x" }, "Did you mean `file`?")
  says({ file = 1 }, "file must be a string")
  says({ file = "x", parent = "abc" }, "must be a traceparent")
end

support.run(db)
