-- A line for each call: what, how long, how many rows, and the error if there was one. Never a value of yours.
--   middleware = { "logging" }                                     all calls, to the standard error
--   middleware = { { "logging", slow = 100 } }                     only those of 100 ms and more, as warnings
--   middleware = { { "logging", file = "queries.log", format = "json", level = "debug" } }
--
--   slow     milliseconds: calls that take so long are warnings, faster ones are for level "debug" only
--   level    the least that is written: "debug", "info" (default), "warn", "error"
--   file     append to it instead; opened for each line, so that it may be moved away at any time
--   format   "text" (default) or "json", one object a line
local lorm = require "lorm"
local nearest = require "lorm.nearest"

local logging = {}

local ranks = { debug = 1, info = 2, warn = 3, error = 4 }
local formats = { text = true, json = true }

-- What may be given, and the text that says what else was expected.
local known = {
  slow = { function(v) return type(v) == "number" and v >= 0 end, "a number of milliseconds" },
  level = { function(v) return ranks[v] ~= nil end, '"debug", "info", "warn" or "error"' },
  file = { function(v) return type(v) == "string" end, "a path" },
  format = { function(v) return formats[v] ~= nil end, '"text" or "json"' },
}

local function check(options)
  for name, value in pairs(options) do
    local rule = known[name]
    if not rule then
      error(("logging: unknown option `%s`.%s"):format(tostring(name), nearest.hint(name, nearest.names(known))), 0)
    end
    if not rule[1](value) then error(("logging: %s must be %s, got %s"):format(name, rule[2], tostring(value)), 0) end
  end
end

local function json(level, message, fields)
  local line = { time = lorm.now():iso(), level = level, message = message }
  for name, value in pairs(fields) do line[name] = value end
  return lorm.json.encode(line)
end

local function append(path)
  return function(line)
    local file, why = io.open(path, "a")
    if not file then error("logging: " .. why, 0) end
    file:write(line, "\n")
    file:close()
  end
end

local function first(text) return (tostring(text):match "^[^\n]*") end

local lists = {
  findMany = true, groupBy = true, queryRaw = true, createManyAndReturn = true, updateManyAndReturn = true,
}

local function describe(params, ms, ok, result)
  local fields = { model = params.model, action = params.action, ms = ms }
  if not ok then
    fields.error = first(result)
    fields.code = type(result) == "table" and result.code or nil
  elseif lists[params.action] and type(result) == "table" then
    fields.rows = #result
  end
  return fields
end

-- A call that was cancelled did nothing wrong: what cancelled it is told elsewhere.
local function levelOf(slow, ms, ok, result)
  if not ok then return lorm.isError(result, "Cancelled") and "debug" or "error" end
  if not slow then return "info" end
  return ms >= slow and "warn" or "debug"
end

function logging.setup(_, options)
  check(options)
  local slow, least = options.slow, ranks[options.level or "info"]
  local format = options.format == "json" and json or lorm.log.format
  local write = options.file and append(options.file) or function(line) lorm.log.write(line) end
  return function(params, next)
    local begun = lorm.clock()
    local ok, result = pcall(next, params)
    local ms = lorm.clock() - begun
    local level = levelOf(slow, ms, ok, result)
    if ranks[level] >= least then write(format(level, "query", describe(params, ms, ok, result))) end
    if not ok then error(result, 0) end
    return result
  end
end

return logging
