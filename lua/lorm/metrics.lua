-- Figures: db:metrics { format = "json" | "prometheus" } has those of the pool and the plan cache, and whatever else is
-- kept here, such as those of the metrics middleware.
--   local h = metrics.histogram { name = "job_seconds", help = "How long jobs took", labels = { "kind" } }
--   h:observe({ kind = "mail" }, 0.12)
--   local done = h:startTimer()  ...  done { kind = "mail" }
--   metrics.register(function(db) return { { name = "queue", type = "gauge", help = "...", value = 3 } } end)
-- What db:metrics gives a histogram as is { { labels =, count =, sum =, buckets = { { le =, count = }, ... } }, ... }.
local core = require "lorm.core"

local metrics = {}

local sources = {} -- functions, of all that is not the client's own
local histograms, in_order = {}, {}

local figures = {
  { "connections", "gauge", "open connections" },
  { "idle", "gauge", "connections that nobody uses" },
  { "busy", "gauge", "connections in use" },
  { "waiting", "gauge", "calls that wait for a connection" },
  { "requests", "gauge", "calls under way" },
  { "queries", "counter", "statements that were run" },
  { "timeouts", "counter", "calls that got no connection in time" },
  { "opened", "counter", "connections that were opened" },
  { "closed", "counter", "connections that were closed" },
  { "plans", "gauge", "cached plans" },
  { "planHits", "counter", "calls whose plan was found" },
  { "planMisses", "counter", "calls whose plan had to be made" },
}

local function invalid(path, message) core.throw { name = "ValidationError", path = path, message = message } end

-- source(client) -> a list of { name =, type =, help =, value =, labels = {} }, or of a histogram's { series = } in
-- place of the value. Registered twice under one key, the second one counts.
function metrics.register(source, key) sources[key or #sources + 1] = source end

-- ---- histograms ----

-- As Prometheus' clients have them, in seconds.
local usual_buckets = { 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10 }

local Histogram = {}
Histogram.__index = Histogram

local function check_name(name, path)
  if type(name) ~= "string" or not name:find "^[%a_:][%w_:]*$" then
    invalid(path, ("%s is no name of a metric: letters, digits and _ make one."):format(tostring(name)))
  end
end

-- about: { name =, help =, labels = { names }, buckets = { rising numbers } }. Asked for again: the same.
function metrics.histogram(about)
  check_name(about.name, "name")
  local made = histograms[about.name]
  if made then return made end
  for i, label in ipairs(about.labels or {}) do check_name(label, ("labels[%d]"):format(i)) end
  local buckets = about.buckets or usual_buckets
  for i, le in ipairs(buckets) do
    if type(le) ~= "number" or (i > 1 and le <= buckets[i - 1]) then invalid("buckets", "The buckets must be rising numbers.") end
  end
  made = setmetatable({
    name = about.name, help = about.help or "", labels = about.labels or {}, buckets = buckets, series = {}, by_key = {},
  }, Histogram)
  histograms[about.name] = made
  in_order[#in_order + 1] = made
  return made
end

local function series_of(self, labels)
  local values = {}
  for i, name in ipairs(self.labels) do values[i] = tostring(labels and labels[name] or "") end
  local key = table.concat(values, "\0")
  local found = self.by_key[key]
  if found then return found end
  found = { labels = {}, count = 0, sum = 0.0, counts = {} }
  for i, name in ipairs(self.labels) do found.labels[name] = values[i] end
  for i = 1, #self.buckets do found.counts[i] = 0 end
  self.by_key[key] = found
  self.series[#self.series + 1] = found
  return found
end

-- Labels that are not given are empty.
function Histogram:observe(labels, value)
  local series, buckets = series_of(self, labels), self.buckets
  series.count, series.sum = series.count + 1, series.sum + value
  for i = 1, #buckets do
    if value <= buckets[i] then
      series.counts[i] = series.counts[i] + 1
      break
    end
  end
end

-- done(labels) observes the seconds since, and returns them.
function Histogram:startTimer()
  local begun = core.clock()
  return function(labels)
    local seconds = (core.clock() - begun) / 1000
    self:observe(labels, seconds)
    return seconds
  end
end

-- counts of single buckets -> { { le =, count = at most le }, ... }, without that of infinity.
local function cumulated(buckets, counts)
  local list, sum = {}, 0
  for i, le in ipairs(buckets) do
    sum = sum + counts[i]
    list[i] = { le = le, count = sum }
  end
  return list
end

local function collected(self)
  local series = {}
  for i, one in ipairs(self.series) do
    series[i] = { labels = one.labels, count = one.count, sum = one.sum, buckets = cumulated(self.buckets, one.counts) }
  end
  return { name = self.name, help = self.help, type = "histogram", series = series }
end

-- How long calls waited for a connection, as the pool counted it.
function metrics.waits(client, name, help)
  local steps, sum = core.waits(require "lorm.client".handle(client))
  local buckets, counts, count = {}, {}, 0
  for i, step in ipairs(steps) do
    count = count + step[2]
    if i < #steps then buckets[i], counts[i] = step[1], step[2] end
  end
  local series = { labels = {}, count = count, sum = sum, buckets = cumulated(buckets, counts) }
  return { name = name, help = help, type = "histogram", series = { series } }
end

-- ---- reports ----

local function snake(name) return (name:gsub("%u", function(c) return "_" .. c:lower() end)) end

local function entries_of(client, stats)
  local list = {}
  for _, figure in ipairs(figures) do
    list[#list + 1] = {
      name = "lorm_" .. snake(figure[1]) .. (figure[2] == "counter" and "_total" or ""), type = figure[2], help = figure[3],
      value = stats[figure[1]], own = true,
    }
  end
  for _, histogram in ipairs(in_order) do list[#list + 1] = collected(histogram) end
  for _, source in pairs(sources) do
    for _, entry in ipairs(source(client)) do list[#list + 1] = entry end
  end
  return list
end

local escapes = { ["\\"] = "\\\\", ['"'] = '\\"', ["\n"] = "\\n" }

local function labelled(labels, le)
  local parts = {}
  for name, value in pairs(labels or {}) do parts[#parts + 1] = ('%s="%s"'):format(name, tostring(value):gsub('[\\"\n]', escapes)) end
  table.sort(parts)
  if le then parts[#parts + 1] = ('le="%s"'):format(le) end
  return #parts > 0 and "{" .. table.concat(parts, ",") .. "}" or ""
end

local function number(value) return ("%.14g"):format(value) end

local function merged(labels, more)
  if not more then return labels end
  local all = {}
  for name, value in pairs(more) do all[name] = value end
  for name, value in pairs(labels or {}) do all[name] = value end
  return all
end

local function write_series(lines, name, one, common)
  local labels = merged(one.labels, common)
  for _, bucket in ipairs(one.buckets) do
    lines[#lines + 1] = ("%s_bucket%s %d"):format(name, labelled(labels, number(bucket.le)), bucket.count)
  end
  lines[#lines + 1] = ("%s_bucket%s %d"):format(name, labelled(labels, "+Inf"), one.count)
  lines[#lines + 1] = ("%s_sum%s %s"):format(name, labelled(labels), number(one.sum))
  lines[#lines + 1] = ("%s_count%s %d"):format(name, labelled(labels), one.count)
end

local help_escapes = { ["\\"] = "\\\\", ["\n"] = "\\n" }

local function prometheus(list, common)
  local lines, seen = {}, {}
  for _, entry in ipairs(list) do
    if not seen[entry.name] then
      seen[entry.name] = true
      lines[#lines + 1] = ("# HELP %s %s"):format(entry.name, (entry.help or ""):gsub("[\\\n]", help_escapes))
      lines[#lines + 1] = ("# TYPE %s %s"):format(entry.name, entry.type or "untyped")
    end
    for _, one in ipairs(entry.series or {}) do write_series(lines, entry.name, one, common) end
    if entry.value then
      lines[#lines + 1] = ("%s%s %s"):format(entry.name, labelled(merged(entry.labels, common)), number(entry.value))
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

-- options: { format =, labels = of every line of Prometheus' form }
function metrics.report(client, stats, options)
  local format = options and options.format or "json"
  if format ~= "json" and format ~= "prometheus" then invalid("format", 'format is "json" or "prometheus".') end
  local list = entries_of(client, stats)
  if format == "prometheus" then return prometheus(list, options.labels) end
  for _, entry in ipairs(list) do
    if not entry.own then stats[entry.name .. labelled(entry.labels)] = entry.series or entry.value end
  end
  return stats
end

return metrics
