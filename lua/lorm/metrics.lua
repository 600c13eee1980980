-- db:metrics { format = "json" | "prometheus" }: figures of the pool and the plan cache, and whatever else is
-- registered here.
--   metrics.register(function() return { { name = "lorm_x", type = "counter", help = "...", value = 3 } } end)
local core = require "lorm.core"

local metrics = {}

local sources = {}

local figures = {
  { "connections", "gauge", "open connections" },
  { "idle", "gauge", "connections that nobody uses" },
  { "busy", "gauge", "connections in use" },
  { "waiting", "gauge", "calls that wait for a connection" },
  { "requests", "gauge", "calls under way" },
  { "queries", "counter", "statements that were run" },
  { "timeouts", "counter", "calls that got no connection in time" },
  { "plans", "gauge", "cached plans" },
  { "planHits", "counter", "calls whose plan was found" },
  { "planMisses", "counter", "calls whose plan had to be made" },
}

-- source() -> a list of { name =, type =, help =, value =, labels = {} }
function metrics.register(source) sources[#sources + 1] = source end

local function labelled(labels)
  local parts = {}
  for name, value in pairs(labels or {}) do parts[#parts + 1] = ("%s=%q"):format(name, tostring(value)) end
  table.sort(parts)
  return #parts > 0 and "{" .. table.concat(parts, ",") .. "}" or ""
end

local function snake(name) return (name:gsub("%u", function(c) return "_" .. c:lower() end)) end

local function collect(stats)
  local list = {}
  for _, figure in ipairs(figures) do
    list[#list + 1] = { name = "lorm_" .. snake(figure[1]), type = figure[2], help = figure[3], value = stats[figure[1]] }
  end
  for _, source in ipairs(sources) do
    for _, entry in ipairs(source()) do list[#list + 1] = entry end
  end
  return list
end

local function prometheus(list)
  local lines, seen = {}, {}
  for _, entry in ipairs(list) do
    local family = entry.family or entry.name
    if not seen[family] then
      seen[family] = true
      lines[#lines + 1] = ("# HELP %s %s"):format(family, entry.help or "")
      lines[#lines + 1] = ("# TYPE %s %s"):format(family, entry.type or "untyped")
    end
    lines[#lines + 1] = ("%s%s %s"):format(entry.name, labelled(entry.labels), entry.value)
  end
  return table.concat(lines, "\n") .. "\n"
end

function metrics.report(stats, options)
  local format = options and options.format or "json"
  if format == "prometheus" then return prometheus(collect(stats)) end
  if format ~= "json" then
    core.throw { name = "ValidationError", path = "format", message = 'format is "json" or "prometheus".' }
  end
  for _, source in ipairs(sources) do
    for _, entry in ipairs(source()) do stats[entry.name .. labelled(entry.labels)] = entry.value end
  end
  return stats
end

return metrics
