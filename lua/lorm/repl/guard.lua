-- Databases that may be in production are asked about before they are written to.
--   local guard = guard.new { yes =, terminal =, alert = fn(text) }
--   guard.check(handle, params)     raises unless the call only reads, or somebody says yes
--   guard.permit(handle, what)      the same for anything that writes
--   guard.line()                    a new line: it is asked for anew
local core = require "lorm.core"
local model = require "lorm.model"

local guard = {}

local WAIT <const> = 20 -- milliseconds between looks at the keyboard

local reading = { select = true, show = true, explain = true, values = true, table = true }

-- Nobody can tell what a function does that a SELECT calls; the words of statements can be told.
function guard.raw_reads(sql)
  local text = sql:gsub("%-%-[^\n]*", " "):gsub("/%*.-%*/", " "):lower()
  local first = text:match "^[%s(]*(%a+)"
  if first == "with" then return not text:find "%f[%a]insert%f[%A]" and not text:find "%f[%a]update%f[%A]"
    and not text:find "%f[%a]delete%f[%A]" and not text:find "%f[%a]merge%f[%A]" end
  if first == "explain" and text:find "%f[%a]analy[sz]e%f[%A]" then return false end
  return reading[first] and not text:find "%f[%a]into%f[%A]"
end

local function what_writes(params)
  if params.model then
    local writes = model.actions[params.action] == "write" or params.action == "copyIn"
    return writes and ("db.%s:%s"):format(params.model, params.action) or nil
  end
  return not guard.raw_reads(tostring(params.args.sql)) and "db:" .. params.action or nil
end

-- A line from the keyboard; Ctrl-C ends the wait as any other.
local function answer()
  while core.mayWait() and not core.keyWaits() do core.sleep(WAIT) end
  return (io.read "l" or ""):lower()
end

function guard.new(options)
  local made, known = {}, setmetatable({}, { __mode = "k" })
  local always, now = options.yes, false

  local function is_production(handle)
    if known[handle] == nil then known[handle] = core.isProduction(core.url(handle)) end
    return known[handle]
  end

  local function refused(what)
    core.throw { name = "UsageError", message = what .. " was not run: nothing was changed." }
  end

  local function ask(what)
    if not options.terminal then
      core.throw {
        name = "UsageError",
        message = what .. " writes to a database that may be in production, and nobody is there to ask.",
        hint = "--yes goes on all the same; production = false in lorm.config.lua says it is none",
      }
    end
    options.alert(what .. " writes to a database that may be in production. Go on? [y]es, [N]o, [a]lways: ")
    local said = answer()
    if said:sub(1, 1) == "a" then always = true end
    if said:sub(1, 1) ~= "y" and not always then refused(what) end
    now = true
  end

  made.is_production = is_production
  function made.line() now = false end

  function made.permit(handle, what)
    if always or now or not is_production(handle) then return end
    ask(what)
  end

  function made.check(handle, params)
    local what = what_writes(params)
    if what then made.permit(handle, what) end
  end

  return made
end

return guard
