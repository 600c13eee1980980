-- lorm's side of the workloads; hand.c has the other one.
--   lorm run bench/workloads.lua NAME N [WARM]      prints: wall and CPU microseconds per operation, and a checksum
local name, n = arg[1], tonumber(arg[2])
local warm = tonumber(arg[3]) or math.max(100, n // 10) -- calls before those that are measured

local function id(i) return (i * 7919) % 2000 + 1 end

local workloads = {}

function workloads.find(i)
  return db.User:findUnique { where = { id = id(i) } }.id
end

function workloads.list()
  return #db.User:findMany { orderBy = { id = "asc" } }
end

function workloads.nested(i)
  local user = db.User:findUnique {
    where = { id = id(i) }, include = { profile = true, posts = { include = { categories = true, comments = true } } },
  }
  local sum = user.profile.id
  for _, post in ipairs(user.posts) do sum = sum + #post.categories + #post.comments end
  return sum
end

function workloads.update(i)
  return db.User:update { where = { id = id(i) }, data = { password = "secret " .. i } }.id
end

-- 100 at once; one operation is one findUnique
function workloads.together(i)
  if i % 100 > 0 then return 0 end
  local ids, sum = {}, 0
  for k = 1, 100 do ids[k] = id(i + k) end
  for _, user in ipairs(lorm.map(ids, function(one) return db.User:findUnique { where = { id = one } } end)) do
    sum = sum + user.id
  end
  return sum
end

local work = assert(workloads[name], "bench: unknown workload")
for i = 1, warm do work(i) end
collectgarbage()
local sum, wall, cpu = 0, lorm.clock(), os.clock()
for i = 1, n do sum = sum + work(i) end
wall, cpu = lorm.clock() - wall, os.clock() - cpu
print(("%.2f %.2f %d"):format(wall * 1000 / n, cpu * 1e6 / n, sum))
