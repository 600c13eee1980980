-- Queries that are asked for again and again from one line, once for each row of another: the N+1 problem.
--   local watch = repeats.new { threshold = 10 }
--   local result = watch.call(params, run)      around each call; params as a hook gets them
--   for _, text in ipairs(watch.take()) do      what was found since, with file and line
-- Calls that are under way together (lorm.map, lorm.all) are not counted for findUnique: they become one statement.
local core = require "lorm.core"

local repeats = {}

local reads = { findUnique = true, findUniqueOrThrow = true, findFirst = true, findFirstOrThrow = true, findMany = true,
  count = true, exists = true }

local Leave = { __close = function(self) self.entry.running = self.entry.running - 1 end }

local function advice(entry)
  return ("db.%s:%s was asked for %d times at %s, one by one: fetch them together, by `include` or by one findMany with `in_`")
    :format(entry.model, entry.action, entry.count, entry.place)
end

function repeats.new(options)
  local threshold, entries = options and options.threshold or 10, {}
  local watch = {}

  local function entry_of(params)
    local where = reads[params.action] and params.model and core.place()
    if not where then return nil end
    local key = where .. " " .. params.model .. " " .. params.action
    local entry = entries[key]
    if not entry then
      entry = { model = params.model, action = params.action, place = where, count = 0, running = 0 }
      entries[key] = entry
    end
    return entry
  end

  function watch.call(params, run)
    local entry = entry_of(params)
    if not entry then return run(params) end
    if entry.running == 0 or not entry.action:find "^findUnique" then entry.count = entry.count + 1 end
    entry.running = entry.running + 1
    local keep <close> = setmetatable({ entry = entry }, Leave)
    return run(params)
  end

  -- What passed the threshold; counting begins anew.
  function watch.take()
    local found = {}
    for _, entry in pairs(entries) do
      if entry.count >= threshold then found[#found + 1] = advice(entry) end
    end
    entries = {}
    table.sort(found)
    return found
  end

  return watch
end

return repeats
