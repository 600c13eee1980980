-- Tasks that belong together: the first error ends the others, and is raised.
--   local users, posts = lorm.all { function() return db.User:count() end, function() return db.Post:count() end }
--   local rows = lorm.map(ids, function(id) return db.User:findUnique { where = { id = id } } end, { concurrency = 20 })
--   lorm.timeout(200, function() return db.User:findMany() end)
local core = require "lorm.core"

local tasks = {}
local CONCURRENCY = 32 -- of map, unless said otherwise

-- The first value of each function, in order.
function tasks.all(functions)
  local group <close> = core.group()
  local running, values, n = {}, {}, #functions
  for i = 1, n do running[i] = group:spawn(functions[i]) end
  group:join(0)
  for i = 1, n do values[i] = running[i]:await() end
  return table.unpack(values, 1, n)
end

-- A list of fn(item, index), with `n`: a value may be nil.
function tasks.map(list, fn, options)
  local group <close> = core.group()
  local at_once = options and options.concurrency or CONCURRENCY
  if math.type(at_once) ~= "integer" or at_once < 1 then
    core.throw { name = "ValidationError", path = "concurrency", message = "concurrency must be a whole number from 1." }
  end
  local running, values, n = {}, {}, list.n or #list
  for i = 1, n do
    group:join(at_once - 1)
    running[i] = group:spawn(fn, list[i], i)
  end
  group:join(0)
  for i = 1, n do values[i] = running[i]:await() end
  values.n = n
  return values
end

-- What fn(...) returns, or the error Timeout when it takes longer than ms.
function tasks.timeout(ms, fn, ...)
  local group <close> = core.group()
  local task = group:spawn(fn, ...)
  if not group:join(0, ms) then
    core.throw { code = "Timeout", message = ("The deadline of %s ms has passed."):format(ms) }
  end
  return task:await()
end

return tasks
