-- A line for each call: what, how long, how many rows, and the error if there was one.
--   middleware = { "logging" }                                     all calls, to the standard error
--   middleware = { { "logging", slow = 100 } }                     only those of 100 ms and more, as warnings
--   middleware = { { "logging", file = "queries.log", level = "debug", args = true } }
--
--   slow     milliseconds: calls that take so long are warnings, faster ones are for level "debug" only
--   level    the least that is written: "debug", "info" (default), "warn", "error"
--   file     append to it instead; opened for each line, so that it may be moved away at any time
--   format   "pretty" (default on a terminal), "json", one object a line (default in a file), "text" (else)
--   args     true: the arguments, too; the values of fields that the schema marks by `/// @secret` are left out, and so are
--            those of raw SQL, of which nobody knows what they are. Unsaid: no value of yours is written
-- An error is a line once, however many calls it ends (those of a batch). What db:on("query") hears is not touched: SQL
-- and parameters as they are sent.
local core = require "lorm.core"
local lorm = require "lorm"
local nearest = require "lorm.nearest"

local logging = {}

local ranks = { debug = 1, info = 2, warn = 3, error = 4 }

-- ---- how a line looks ----

local function json(level, message, fields)
  local line = { time = lorm.now():iso(), level = level, message = message }
  for name, value in pairs(fields) do line[name] = value end
  return lorm.json.encode(line)
end

local colors = { debug = "2", info = "32", warn = "33", error = "31" }

local function paint(code, text)
  return os.getenv "NO_COLOR" and text or ("\27[%sm%s\27[0m"):format(code, text)
end

local function pretty(level, _, fields)
  local parts = {
    paint("2", os.date "%H:%M:%S"), paint(colors[level], ("%8.2f ms"):format(fields.ms)),
    (fields.model and fields.model .. "." or "") .. fields.action,
  }
  if fields.rows then parts[#parts + 1] = paint("2", ("%d %s"):format(fields.rows, fields.rows == 1 and "row" or "rows")) end
  if fields.args then parts[#parts + 1] = paint("2", lorm.json.encode(fields.args)) end
  if fields.error then parts[#parts + 1] = paint(colors.error, fields.error) end
  return table.concat(parts, "  ")
end

local formats = { text = lorm.log.format, json = json, pretty = pretty }

local function usual(options)
  if options.file then return "json" end
  return core.isTerminal(2) and "pretty" or "text"
end

-- ---- options ----

-- What may be given, and the text that says what else was expected.
local known = {
  slow = { function(v) return type(v) == "number" and v >= 0 end, "a number of milliseconds" },
  level = { function(v) return ranks[v] ~= nil end, '"debug", "info", "warn" or "error"' },
  file = { function(v) return type(v) == "string" end, "a path" },
  format = { function(v) return formats[v] ~= nil end, '"pretty", "text" or "json"' },
  args = { function(v) return type(v) == "boolean" end, "true or false" },
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

-- ---- arguments ----

-- model -> { secret = { field = true }, relations = { field = model } }
local function secrets_of(db)
  local models = {}
  for _, model in ipairs(db:schema().models) do
    local about = { secret = {}, relations = {} }
    for _, field in ipairs(model.fields) do
      if (field.documentation or ""):find "@secret%f[^%w_]" then about.secret[field.name] = true end
      if field.kind == "object" then about.relations[field.name] = field.type end
    end
    models[model.name] = about
  end
  return models
end

local function is_plain(value) return type(value) == "table" and (core.kindOf(value) or "array") ~= "row" end

-- A copy that may be written.
local function redacted(models, model, value, depth)
  if not is_plain(value) or depth > 100 then return value end
  local about, copy = models[model], {}
  for name, part in next, value do
    if about.secret[name] and type(part) ~= "boolean" then
      copy[name] = "[secret]"
    else
      copy[name] = redacted(models, about.relations[name] or model, part, depth + 1)
    end
  end
  return setmetatable(copy, getmetatable(value))
end

local function shown(models, params)
  local args = redacted(models, params.model, params.args, 0)
  return pcall(lorm.json.encode, args) and args or "[not shown]"
end

-- ---- lines ----

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

local function describe(params, ms, ok, result, models)
  local fields = { model = params.model, action = params.action, ms = ms }
  if models and params.model then fields.args = shown(models, params) end
  if not ok then
    fields.error = first(result)
    fields.code = type(result) == "table" and result.code or nil
  elseif lists[params.action] and type(result) == "table" then
    fields.rows = #result
  end
  return fields
end

local told = setmetatable({}, { __mode = "k" }) -- errors that have their line

-- A call that was cancelled did nothing wrong: what cancelled it is told elsewhere.
local function levelOf(slow, ms, ok, result)
  if ok then return slow and (ms >= slow and "warn" or "debug") or "info" end
  if lorm.isError(result, "Cancelled") then return "debug" end
  if type(result) == "table" then
    if told[result] then return "debug" end
    told[result] = true
  end
  return "error"
end

function logging.setup(db, options)
  check(options)
  local slow, least = options.slow, ranks[options.level or "info"]
  local format = formats[options.format or usual(options)]
  local write = options.file and append(options.file) or function(line) lorm.log.write(line) end
  local models = options.args and secrets_of(db)
  return function(params, next)
    local begun = lorm.clock()
    local ok, result = pcall(next, params)
    local ms = lorm.clock() - begun
    local level = levelOf(slow, ms, ok, result)
    if ranks[level] >= least then write(format(level, "query", describe(params, ms, ok, result, models))) end
    if not ok then error(result, 0) end
    return result
  end
end

return logging
