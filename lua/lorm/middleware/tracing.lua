-- Spans in the shape of OpenTelemetry's, one JSON object a line: each call, with its parent, across tasks.
--   middleware = { { "tracing", file = "spans.jsonl" } }
--   db:span("checkout", function(span) span.attributes.cart = 7 ... end)     a span of your own around calls
--
--   file      appended to; or
--   write     function(span), to send them elsewhere
--   service   the value of service.name
--   parent    a traceparent header of W3C ("00-<trace>-<span>-01"): what has no other parent belongs to it
-- A call made inside of a span, of a hook or of a task that was spawned there has it as its parent. Times are nanoseconds
-- since 1970 as text, as in OTLP's JSON. db.system, db.operation and db.collection are attributes; arguments are not.
-- As the innermost of the list it times the database; as the outermost, the other middleware, too.
local core = require "lorm.core"
local hooks = require "lorm.hooks"
local lorm = require "lorm"
local nearest = require "lorm.nearest"

local tracing = {}

local Span = {}
Span.__index = Span

local of_call = setmetatable({}, { __mode = "k" }) -- params -> the span of that call

-- The span that this task is in: that of its own block, or of the call whose hooks it runs.
local function current()
  local node = core.context()
  while node do
    local key, params = node[1], node[4]
    if getmetatable(key) == Span then return key end
    if params and of_call[params] then return of_call[params] end
    node = node[2]
  end
  return nil
end

local function hex(bytes)
  local parts = {}
  for i = 1, bytes // 4 do parts[i] = ("%08x"):format(math.random(0) & 0xffffffff) end
  return table.concat(parts)
end

local function nanoseconds() return ("%d"):format(lorm.now():unix() * 1000000 // 1 * 1000) end

local function begin(self, name, kind)
  local parent = current() or self.parent
  local span = setmetatable({
    name = name, kind = kind, traceId = parent and parent.traceId or hex(16), spanId = hex(8), parentSpanId = parent and parent.spanId,
    startTimeUnixNano = nanoseconds(), attributes = {}, begun = core.clock(),
  }, Span)
  return span
end

local function finish(self, span, ok, e)
  local spent = (core.clock() - span.begun) * 1000000 // 1
  span.endTimeUnixNano = ("%d"):format(tonumber(span.startTimeUnixNano) + math.tointeger(spent))
  span.status = ok and { code = "OK" } or { code = "ERROR", message = tostring(e) }
  local line = {}
  for key, value in pairs(span) do line[key] = value end
  line.begun, line.resource = nil, { ["service.name"] = self.service }
  local fine, problem = pcall(self.write, line)
  if not fine then lorm.log.warn("a span was not written", { error = tostring(problem) }) end
end

local function close(self, span, ok, ...)
  finish(self, span, ok, (...))
  if not ok then error((...), 0) end
  return ...
end

local function writer(path)
  return function(line)
    local file <close> = assert(io.open(path, "a"))
    file:write(lorm.json.encode(line), "\n")
  end
end

local function read_parent(text)
  local trace, span = tostring(text):match "^%x%x%-(%x+)%-(%x+)%-%x%x$"
  if not trace or #trace ~= 32 or #span ~= 16 then error("tracing: parent must be a traceparent, 00-<32 digits>-<16 digits>-01", 0) end
  return { traceId = trace, spanId = span }
end

local known = { file = "string", write = "function", service = "string", parent = "string" }

local function check(options)
  for name, value in pairs(options) do
    if not known[name] then
      error(("tracing: unknown option `%s`.%s"):format(tostring(name), nearest.hint(tostring(name), nearest.names(known))), 0)
    end
    if type(value) ~= known[name] then error(("tracing: %s must be a %s"):format(name, known[name]), 0) end
  end
  if not options.file and not options.write then error("tracing: file or write is missing", 0) end
end

function tracing.setup(_, options)
  check(options)
  local self = {
    write = options.write or writer(options.file), service = options.service or "lorm",
    parent = options.parent and read_parent(options.parent),
  }
  local function hook(params, next)
    local span = begin(self, (params.model and params.model .. "." or "") .. params.action, "CLIENT")
    span.attributes["db.system"], span.attributes["db.operation"] = "postgresql", params.action
    span.attributes["db.collection"] = params.model
    of_call[params] = span
    return close(self, span, pcall(next, params))
  end
  local function span(_, name, fn)
    local made = begin(self, name, "INTERNAL")
    return close(self, made, pcall(hooks.within, made, fn, made))
  end
  return { use = hook, extends = { name = "tracing", client = { span = span } } }
end

return tracing
