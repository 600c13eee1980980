-- What is typed into the studio's console: Lua, as at the prompt of the REPL, and SQL.
--   local evaluate = console.new(db)
--   evaluate("db.User:count()")      { output = { "lines that it printed" }, values = { { rows = ... } or { text = ... } } }
--   console.sql(db, "SELECT 1 AS a")       { rows =, columns = } or { count = }
--   console.explain(db, "SELECT ...")      { text = } : the plan; nothing is run
local chunk = require "lorm.repl.chunk"
local client = require "lorm.client"
local core = require "lorm.core"
local environment = require "lorm.repl.environment"
local explain = require "lorm.explain"
local guard = require "lorm.repl.guard"
local printer = require "lorm.print"

local console = {}

local WIDTH <const> = 120

local function is_rows(value)
  return core.kindOf(value) == "row" or type(value) == "table" and core.kindOf(value[1]) == "row"
end

local function shown(value)
  if not is_rows(value) then return { text = printer.render(value, { width = WIDTH }) } end
  local rows = core.kindOf(value) == "row" and { value } or value
  return { rows = core.array(rows) }
end

function console.new(db)
  local scope = environment.new()
  local output
  scope.declare "db"
  scope.set("db", db)
  scope.declare "print"
  scope.set("print", function(...)
    local parts = table.pack(...)
    for i = 1, parts.n do parts[i] = tostring(parts[i]) end
    output[#output + 1] = table.concat(parts, "\t")
  end)

  return function(text)
    output = core.array {}
    local values = core.array {}
    for _, part in ipairs(chunk.split(text)) do
      local fn, names = chunk.load(part, scope.env)
      if not fn then core.throw { name = "SyntaxError", message = names } end
      for _, name in ipairs(names) do scope.declare(name.name, name.close) end
      local results = table.pack(fn())
      for i = 1, results.n do values[#values + 1] = shown(results[i]) end
    end
    return { output = output, values = values }
  end
end

function console.sql(db, text)
  if guard.raw_reads(text) or text:lower():find "%f[%a]returning%f[%A]" then
    local rows = db:queryRaw(text)
    return { rows = core.array(rows) }
  end
  return { count = db:executeRaw(text) }
end

function console.explain(db, text)
  return { text = tostring(explain.raw(client.state(db), { sql = text, n = 0 })) }
end

return console
