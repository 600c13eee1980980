-- Lines on the standard error, with a level and fields.
--   lorm.log.info("query", { model = "User", ms = 1.2 })     lorm.log.level = "warn"
local core = require "lorm.core"

local log = { level = "info" }
local ranks = { debug = 1, info = 2, warn = 3, error = 4 }

local function shown(value)
  if type(value) == "number" and math.type(value) == "float" then return ("%.3f"):format(value) end
  if type(value) == "table" and core.kindOf(value) ~= "error" then
    local fine, text = pcall(core.json.encode, value)
    return fine and text or tostring(value)
  end
  local text = tostring(value)
  return text:find '[%s="]' and ("%q"):format(text) or text
end

-- "time level message key=value ...", fields in the order of their names.
function log.format(level, message, fields)
  local parts, names = { core.now():iso(), level, tostring(message) }, {}
  for name in pairs(fields or {}) do names[#names + 1] = tostring(name) end
  table.sort(names)
  for _, name in ipairs(names) do parts[#parts + 1] = name .. "=" .. shown(fields[name]) end
  return table.concat(parts, " ")
end

-- Where lines go; a file's write, for example.
function log.write(line) io.stderr:write(line, "\n") end

for level, rank in pairs(ranks) do
  log[level] = function(message, fields)
    if rank >= (ranks[log.level] or 0) then log.write(log.format(level, message, fields)) end
  end
end

return log
