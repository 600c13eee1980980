-- lorm's side of the workloads. Warm-up and counts are those of the other programs.
--   lorm run --unhooked bench/peer.lua WORKLOAD [N]    one line of JSON: times and CPU an operation, in microseconds
--   lorm run --unhooked bench/peer.lua check           a checksum for each workload that reads
--   lorm run --unhooked bench/peer.lua W11             prints as soon as the first row is there
-- The database is PGDATABASE at PGHOST, PGPORT, PGUSER. BENCH_SPIN is pool.spinMicros: 0 for figures of CPU and instructions.
local workload, count = arg[1] or "check", tonumber(arg[2])
local here = arg[0]:match "^(.*)/[^/]*$" or "."

local function environment(name, otherwise) return os.getenv(name) or otherwise end
local many = workload == "W9" or workload == "W10"
local db = lorm.connect {
  schema = here .. "/blog.prisma",
  url = ("postgresql://%s@/%s?host=%s&port=%s"):format(environment("PGUSER", "postgres"), environment("PGDATABASE", "lormbench"),
    environment("PGHOST", "/var/run/postgresql"), environment("PGPORT", "5432")),
  pool = { max = many and 10 or 1, spinMicros = tonumber(environment("BENCH_SPIN", nil)) },
}
local User, Post, Comment = db.User, db.Post, db.Comment

local function id_of(i) return (i * 7919) % 10000 + 1 end

-- ---- the workloads ----

local term = "zephyr"
local hash = "$2b$10$01234567890123456789012345678901234567890123456789012"
local text = "content of a new post, forty bytes or so."

local function find(i) return User:findUnique { where = { id = i } } end

local function posts(where)
  return Post:findMany {
    where = where, orderBy = { createdAt = "desc" }, take = 10,
    include = {
      author = { select = { id = true, username = true, profile = true } },
      categories = true,
      _count = { select = { comments = true } },
    },
  }
end

local function search()
  return posts {
    published = true,
    OR = { { title = { contains = term, mode = "insensitive" } }, { content = { contains = term, mode = "insensitive" } } },
  }
end

local function newest() return posts { published = true } end

local function nested(i)
  return User:findUnique {
    where = { id = i }, include = { profile = true, posts = { include = { categories = true, comments = true } } },
  }
end

local function create(i)
  return User:create {
    data = {
      email = ("w5_%d@example.com"):format(i), username = "w5_" .. i, password = hash,
      profile = { create = { bio = "bio of w5 " .. i } },
    },
    include = { profile = true },
  }
end

local function bulk(turn)
  local rows = {}
  for i = 0, 9999 do
    rows[i + 1] = {
      email = ("bulk%d_%d@example.com"):format(turn, i), username = ("bulk%d_%d"):format(turn, i),
      password = ("$2b$10$%053d"):format(i),
    }
  end
  return rows
end

local function transaction(i)
  return db:transaction(function(tx)
    local post = tx.Post:create {
      data = {
        title = "w7 post " .. i, content = text, published = true, author = { connect = { id = id_of(i) } },
        categories = { connect = { { id = 1 + i % 50 }, { id = 1 + (i + 7) % 50 }, { id = 1 + (i + 19) % 50 } } },
      },
    }
    tx.Profile:update { where = { userId = id_of(i) }, data = { bio = "updated " .. i } }
    return post
  end)
end

local function update(i)
  return User:update { where = { id = id_of(i) }, data = { password = ("$2b$10$updated%046d"):format(i) } }
end

local numbers = {}
for i = 0, 999 do numbers[i + 1] = i end

-- operations, warm-up rounds, what one round counts for, the round
local workloads = {
  W1 = { 5000, 500, 1, function(i) return find(id_of(i)) end },
  W2 = { 20, 3, 1, function() return User:findMany() end },
  W3 = { 100, 10, 1, search },
  W3b = { 1000, 100, 1, newest },
  W4 = { 1000, 100, 1, function(i) return nested(id_of(i)) end },
  W5 = { 1000, 100, 1, create },
  W6 = { 5, 1, 1, function(_, rows) return User:createMany { data = rows } end, prepare = bulk },
  W7 = { 500, 50, 1, transaction },
  W8 = { 3000, 300, 1, update },
  W9 = { 10, 2, 1000, function() return lorm.map(numbers, function(i) return find(id_of(i)) end) end },
  W10 = { 2, 1, 200, function() return lorm.map({ table.unpack(numbers, 1, 200) }, search) end },
  W12 = { 3, 1, 1, function()
    local n = 0
    for _ in Comment:stream { batchSize = 1000 } do n = n + 1 end
    assert(n == 200000)
  end },
}

-- ---- checksums ----

local function length(value) return value == nil and 0 or #value end
local function millis(time) return math.floor(time:unix() * 1000 + 0.5) % 100003 end
local function sum(list, of)
  local total = 0
  for i, one in ipairs(list) do total = total + of(one, i) end
  return total
end
local function of_user(u)
  return u.id + length(u.email) + 2 * length(u.username) + 3 * length(u.password) + length(u.role) + millis(u.createdAt) + millis(u.updatedAt)
end
local function of_profile(p) return p.id + length(p.bio) + 2 * length(p.avatar) + p.userId end
local function of_post(p)
  return p.id + length(p.title) + 2 * length(p.content) + (p.published and 1 or 0) + p.authorId + millis(p.createdAt) + millis(p.updatedAt)
end
local function of_category(c) return c.id + length(c.name) end
local function of_comment(c) return c.id + length(c.content) + c.postId + c.authorId + millis(c.createdAt) end
local function of_page(page)
  return sum(page, function(p, i)
    return i * (of_post(p) + p.author.id + length(p.author.username) + of_profile(p.author.profile))
      + sum(p.categories, of_category) + 1000 * p._count.comments
  end)
end
local function of_tree(u)
  return of_user(u) + of_profile(u.profile)
    + sum(u.posts, function(p) return of_post(p) + sum(p.categories, of_category) + sum(p.comments, of_comment) end)
end

local function check()
  local finds, trees, comments = 0, 0, 0
  for i = 0, 99 do finds = finds + of_user(find(id_of(i))) end
  for i = 0, 19 do trees = trees + of_tree(nested(id_of(i))) end
  for row in Comment:stream { batchSize = 1000 } do comments = comments + of_comment(row) end
  return {
    W1 = finds, W2 = sum(User:findMany(), of_user), W3 = of_page(search()), W3b = of_page(newest()), W4 = trees, W12 = comments,
  }
end

-- ---- what is printed ----

local function peak() -- KB
  for line in io.lines "/proc/self/status" do
    local kb = line:match "VmHWM:%s+(%d+)"
    if kb then return tonumber(kb) end
  end
end

local function report(figures)
  figures.peer = "lorm"
  print(lorm.json.encode(figures))
end

-- Times by steps of one percent: adding one costs little, and sorting them all would be counted, too.
local Times = {}
Times.__index = Times
local function new_times() return setmetatable({ n = 0 }, Times) end

function Times:add(time)
  local bucket = math.log(time, 1.01) // 1
  self[bucket] = (self[bucket] or 0) + 1
  self.n = self.n + 1
end

function Times:quantile(q)
  local buckets, left = {}, q * self.n
  for bucket in pairs(self) do
    if bucket ~= "n" then buckets[#buckets + 1] = bucket end
  end
  table.sort(buckets)
  for _, bucket in ipairs(buckets) do
    left = left - self[bucket]
    if left <= 0 then return 1.01 ^ bucket end
  end
end

local function measure(name, n)
  local operations, warm, size, round = table.unpack(workloads[name])
  local prepare = workloads[name].prepare
  n = n or operations
  for i = 1, warm do round(1000000 + i, prepare and prepare(-i)) end
  local times, wall, cpu = new_times(), 0, 0
  local began = not prepare and os.clock()
  for i = 0, n - 1 do
    local rows = prepare and prepare(i)
    local used, start = prepare and os.clock(), lorm.clock()
    round(i, rows)
    local time = (lorm.clock() - start) * 1000
    times:add(time)
    wall = wall + time
    if prepare then cpu = cpu + os.clock() - used end
  end
  if not prepare then cpu = os.clock() - began end
  local rows = ({ W2 = 10000, W6 = 10000, W12 = 200000 })[name]
  report {
    workload = name, n = n, ops_s = n * size / wall * 1e6, p50 = times:quantile(0.5), p95 = times:quantile(0.95),
    p99 = times:quantile(0.99), cpu_us = cpu * 1e6 / (n * size), rss_kb = peak(), rows_s = rows and rows * n / wall * 1e6,
  }
end

if workload == "check" then
  report { check = check() }
elseif workload == "W11" then
  report { workload = "W11", check = of_user(find(1)), rss_kb = peak() }
else
  assert(workloads[workload], "no such workload")
  measure(workload, count)
end
