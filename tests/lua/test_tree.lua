-- Random trees of include and select, with conditions, orders, limits and counts on every level, against the same
-- rows joined in Lua.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local random = require "lorm.random"
local support = require "support"

local db = support.database "blog"

local ROUNDS <const> = 250

local tables -- model -> rows, in order of their ids
local links -- { { postId, categoryId } }

local function fill()
  local r = random.new "rows"
  tables, links = { User = {}, Profile = {}, Post = {}, Comment = {}, Category = {} }, {}
  for i = 1, 12 do tables.User[i] = { id = i, email = i .. "@x.org", username = "u" .. i % 5 .. "_" .. i, password = "p" } end
  for i = 1, 7 do tables.Profile[i] = { id = i, userId = i * 3 % 13, bio = r:chance(0.5) and "b" .. i or nil } end
  for i = 1, 5 do tables.Category[i] = { id = i, name = "c" .. i } end
  for i = 1, 30 do
    tables.Post[i] = { id = i, title = "t" .. r:int(1, 6), content = "c", published = r:chance(0.5), authorId = r:int(1, 9) }
    for category = 1, 5 do
      if r:chance(0.3) then links[#links + 1] = { i, category } end
    end
  end
  for i = 1, 60 do
    tables.Comment[i] = { id = i, content = "k" .. r:int(1, 5), postId = r:int(1, 25), authorId = r:int(1, 12) }
  end
  for _, model in ipairs { "User", "Profile", "Category", "Post", "Comment" } do
    db.models[model]:createMany { data = tables[model] }
  end
  for _, link in ipairs(links) do
    db.Post:update { where = { id = link[1] }, data = { categories = { connect = { id = link[2] } } } }
  end
end

-- ---- the relations ----------------------------------------------------------------------------------------------------

local function holding(model, key, from)
  return function(row)
    local out = {}
    for _, other in ipairs(tables[model]) do
      if other[key] == row[from or "id"] then out[#out + 1] = other end
    end
    return out
  end
end

local function linked(model, mine, theirs)
  return function(row)
    local out = {}
    for _, link in ipairs(links) do
      if link[mine] == row.id then out[#out + 1] = tables[model][link[theirs]] end
    end
    table.sort(out, function(a, b) return a.id < b.id end)
    return out
  end
end

-- model -> relation -> { target, is it a list?, row -> rows }
local relations <const> = {
  User = {
    posts = { "Post", true, holding("Post", "authorId") },
    comments = { "Comment", true, holding("Comment", "authorId") },
    profile = { "Profile", false, holding("Profile", "userId") },
  },
  Profile = { user = { "User", false, holding("User", "id", "userId") } },
  Post = {
    author = { "User", false, holding("User", "id", "authorId") },
    comments = { "Comment", true, holding("Comment", "postId") },
    categories = { "Category", true, linked("Category", 1, 2) },
  },
  Comment = {
    post = { "Post", false, holding("Post", "id", "postId") },
    author = { "User", false, holding("User", "id", "authorId") },
  },
  Category = { posts = { "Post", true, linked("Post", 2, 1) } },
}

-- ---- random arguments, each with what they mean ------------------------------------------------------------------------

local sortable <const> = { User = "username", Profile = "userId", Post = "title", Comment = "content", Category = "name" }

local function random_where(r, model)
  local limit = r:int(1, #tables[model])
  if model == "Post" and r:chance(0.5) then
    return { published = true }, function(row) return row.published end
  end
  return { id = { lte = limit } }, function(row) return row.id <= limit end
end

local function random_order(r, model)
  local field, descending = sortable[model], r:chance(0.5)
  local function less(a, b)
    if a[field] == b[field] then return a.id < b.id end
    if descending then a, b = b, a end
    return a[field] < b[field]
  end
  return { { [field] = descending and "desc" or "asc" }, { id = "asc" } }, less
end

-- A list's part: where, orderBy, take, skip; and what they leave of a list of rows.
local function random_list(r, model)
  local args, holds = {}, function() return true end
  local less, take, skip
  if r:chance(0.5) then args.where, holds = random_where(r, model) end
  args.orderBy, less = random_order(r, model)
  if r:chance(0.5) then take = r:int(-3, 3) end
  if r:chance(0.3) then skip = r:int(0, 2) end
  args.take, args.skip = take, skip
  return args, function(rows)
    local kept, out = {}, {}
    for _, row in ipairs(rows) do
      if holds(row) then kept[#kept + 1] = row end
    end
    table.sort(kept, less)
    local first, last = 1 + (skip or 0), #kept
    if take and take >= 0 then last = math.min(last, first + take - 1) end
    if take and take < 0 then
      last = #kept - (skip or 0)
      first = math.max(1, last + take + 1)
    end
    return table.move(kept, first, last, 1, out)
  end
end

local random_tree

-- { select = } or { include = } below a row; and the tree of ids that a row gives.
local function random_below(r, model, depth)
  local names, chosen, builders = {}, {}, {}
  for name in pairs(relations[model]) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    if r:chance(0.6) then chosen[name], builders[name] = random_tree(r, relations[model][name], depth - 1) end
  end
  local counted
  for _, name in ipairs(names) do
    if relations[model][name][2] and r:chance(0.3) then
      local where, holds = random_where(r, relations[model][name][1])
      chosen._count = chosen._count or { select = {} }
      chosen._count.select[name] = { where = where }
      counted = counted or {}
      counted[name] = holds
    end
  end
  local function build(row)
    local out = { id = row.id }
    for name, builder in pairs(builders) do out[name] = builder(relations[model][name][3](row)) end
    if counted then out._count = {} end
    for name, holds in pairs(counted or {}) do
      local n = 0
      for _, one in ipairs(relations[model][name][3](row)) do n = n + (holds(one) and 1 or 0) end
      out._count[name] = n
    end
    return out
  end
  if next(chosen) == nil then return {}, build end
  if r:chance(0.5) then return { include = chosen }, build end
  chosen.id = true
  return { select = chosen }, build
end

-- One relation: its arguments, and what they make of the related rows.
function random_tree(r, relation, depth)
  local model, many = relation[1], relation[2]
  local args, keep = {}, function(rows) return rows end
  if many then args, keep = random_list(r, model) end
  local build = function(row) return { id = row.id } end
  if depth > 0 then
    local below
    below, build = random_below(r, model, depth)
    for key, value in pairs(below) do args[key] = value end
  end
  if next(args) == nil then args = true end
  return args, function(rows)
    rows = keep(rows)
    if not many then return rows[1] and build(rows[1]) end
    local out = {}
    for i, row in ipairs(rows) do out[i] = build(row) end
    return out
  end
end

-- ---- results as trees of ids --------------------------------------------------------------------------------------------

local function ids(model, row)
  local out = { id = row.id, _count = row._count }
  for name, relation in pairs(relations[model]) do
    local value = row[name]
    if value and relation[2] then
      out[name] = {}
      for i, one in ipairs(value) do out[name][i] = ids(relation[1], one) end
    elseif value then
      out[name] = ids(relation[1], value)
    end
  end
  return out
end

local models <const> = { "User", "Post", "Comment", "Category", "Profile" }

TestTree = support.suite(db, fill)

function TestTree.testMany()
  for round = 1, ROUNDS do
    local r = random.new("many", round)
    local model = r:pick(models)
    local args, expected = random_tree(r, { model, true }, 3)
    local got = db.models[model]:findMany(args)
    for i, row in ipairs(got) do got[i] = ids(model, row) end
    lu.assertEquals(got, expected(tables[model]), ("round %d: %s %s"):format(round, model, lu.prettystr(args)))
  end
end

function TestTree.testOne()
  for round = 1, ROUNDS do
    local r = random.new("one", round)
    local model = r:pick(models)
    local below, build = random_below(r, model, 3)
    local row = r:pick(tables[model])
    below.where = { id = row.id }
    local got = db.models[model]:findUnique(below)
    lu.assertEquals(ids(model, got), build(row), ("round %d: %s %s"):format(round, model, lu.prettystr(below)))
  end
end

support.run(db)
