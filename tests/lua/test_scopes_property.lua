-- Nothing outside of a scope is returned, counted, connected or changed, whatever is asked: random calls of a scoped
-- client do what the same calls do in a database where the hidden rows do not exist.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local random = require "lorm.random"
local support = require "support"
local testing = require "lorm.testing"

-- Foreign keys restrict, so that nothing is done to other rows by itself.
local SCHEMA <const> = [[
datasource db {
  provider     = "postgresql"
  url          = env("DATABASE_URL")
  relationMode = "%s"
}
model User {
  id       Int       @id
  email    String    @unique
  tenant   Int       @default(1)
  score    Int       @default(0)
  deleted  Boolean   @default(false)
  posts    Post[]
  comments Comment[]
  profile  Profile?
}
model Profile {
  id      Int     @id
  score   Int     @default(0)
  deleted Boolean @default(false)
  userId  Int?    @unique
  user    User?   @relation(fields: [userId], references: [id], onDelete: Restrict, onUpdate: Restrict)
  @@index([userId])
}
model Post {
  id       Int       @id
  tenant   Int       @default(1)
  score    Int       @default(0)
  deleted  Boolean   @default(false)
  authorId Int
  author   User      @relation(fields: [authorId], references: [id], onDelete: Restrict, onUpdate: Restrict)
  comments Comment[]
  tags     Tag[]
  @@index([authorId])
}
model Comment {
  id      Int     @id
  score   Int     @default(0)
  deleted Boolean @default(false)
  postId  Int?
  post    Post?   @relation(fields: [postId], references: [id], onDelete: Restrict, onUpdate: Restrict)
  userId  Int?
  user    User?   @relation(fields: [userId], references: [id], onDelete: Restrict, onUpdate: Restrict)
  @@index([postId])
  @@index([userId])
}
model Tag {
  id      Int     @id
  score   Int     @default(0)
  deleted Boolean @default(false)
  posts   Post[]
}
]]

local full = support.database(SCHEMA:format "foreignKeys")
local cut = support.database(SCHEMA:format "prisma") -- what exists and nothing else: its keys may point nowhere

local models = { "User", "Profile", "Post", "Comment", "Tag" } -- in an order in which they can be made
local scalars = {
  User = { "tenant", "score" }, Profile = { "score" }, Post = { "tenant", "score" }, Comment = { "score" }, Tag = { "score" },
}
-- relation = { target, is it a list? }
local relations = {
  User = { posts = { "Post", true }, comments = { "Comment", true }, profile = { "Profile" } },
  Profile = { user = { "User" } },
  Post = { author = { "User" }, comments = { "Comment", true }, tags = { "Tag", true } },
  Comment = { post = { "Post" }, user = { "User" } },
  Tag = { posts = { "Post", true } },
}
local ROWS <const> = 6 -- of each model

local rng

local function die(n) return rng:int(1, n) end
local function pick(list) return list[die(#list)] end
local function id() return die(ROWS + 1) end

local function relation_of(model)
  local names = {}
  for name in pairs(relations[model]) do names[#names + 1] = name end
  table.sort(names)
  local name = pick(names)
  return name, relations[model][name][1], relations[model][name][2]
end

-- ---- random arguments ----

local function where_of(model, depth)
  local kind = die(depth > 0 and 7 or 3)
  if kind == 1 then return { [pick(scalars[model])] = { [pick { "lte", "gte" }] = die(4) - 1 } } end
  if kind == 2 then return { deleted = die(2) == 1 } end
  if kind == 3 then return { id = { in_ = { id(), id(), id() } } } end
  if kind == 4 then return { [pick { "AND", "OR", "NOT" }] = { where_of(model, depth - 1), where_of(model, depth - 1) } } end
  local name, target, many = relation_of(model)
  if many then return { [name] = { [pick { "some", "every", "none" }] = where_of(target, depth - 1) } } end
  if kind == 5 and model ~= "Post" then return { [name] = { [pick { "is", "isNot" }] = lorm.null } } end
  return { [name] = { [pick { "is", "isNot" }] = where_of(target, depth - 1) } }
end

local function order_of(model)
  local order, kind = {}, die(3)
  local name, _, many = relation_of(model)
  if kind == 1 then order[1] = { score = pick { "asc", "desc" } } end
  if kind == 2 then
    order[1] = { [name] = many and { _count = pick { "asc", "desc" } } or { score = pick { "asc", "desc" } } }
  end
  order[#order + 1] = { id = "asc" }
  return order
end

local function page_of(model, args)
  args.orderBy = order_of(model)
  if die(3) == 1 then args.take = (die(2) == 1 and 1 or -1) * die(3) end
  if die(4) == 1 then args.skip = die(2) end
  if die(5) == 1 then args.cursor = { id = id() } end
  return args
end

local function include_of(model, depth)
  local include = {}
  for _ = 1, die(2) do
    local name, target, many = relation_of(model)
    local args = {}
    if many and die(2) == 1 then args = page_of(target, args) end
    if (many or model ~= "Post") and die(3) == 1 then args.where = where_of(target, 1) end
    if many and not args.orderBy then args.orderBy = { id = "asc" } end
    if depth > 0 and die(2) == 1 then args.include = include_of(target, depth - 1) end
    include[name] = next(args) and args or true
  end
  if model ~= "Profile" and model ~= "Comment" and die(3) == 1 then include._count = true end
  return include
end

local reads = {}

function reads.findMany(model)
  local args = page_of(model, { where = where_of(model, 2) })
  if die(3) > 1 then args.include = include_of(model, 2) end
  return args
end
reads.findFirst = reads.findMany
function reads.findUnique(model) return { where = { id = id() }, include = die(3) > 1 and include_of(model, 2) or nil } end
function reads.findUniqueOrThrow(model) return { where = { id = id(), AND = { where_of(model, 1) } } } end
function reads.count(model) return die(2) == 1 and { where = where_of(model, 2) } or page_of(model, { where = where_of(model, 1) }) end
function reads.exists(model) return { where = where_of(model, 2) } end
function reads.aggregate(model) return { where = where_of(model, 1), _count = { _all = true }, _sum = { score = true }, _max = { id = true } } end
function reads.groupBy(model)
  return { by = { "deleted" }, where = where_of(model, 1), _count = true, _sum = { score = true }, orderBy = { deleted = "asc" } }
end

-- ---- random writes ----

local last_id
local made = {} -- the new rows of a call: { model, row }

local function new_id()
  last_id = last_id + 1
  return last_id
end

local data_of -- recursion

local function new_row(model, depth)
  local row = data_of(model, depth, true)
  row.id = new_id()
  if model == "User" then row.email = "new" .. row.id end
  made[#made + 1] = { model, row }
  return row
end

local verbs = {}

function verbs.create(target, many, depth) return many and die(2) == 1 and { new_row(target, depth), new_row(target, 0) } or new_row(target, depth) end
function verbs.connect(_, many) return many and die(2) == 1 and { { id = id() }, { id = id() } } or { id = id() } end
function verbs.connectOrCreate(target, _, depth) return { where = { id = id() }, create = new_row(target, depth) } end
function verbs.disconnect(target, many)
  if not many then return die(2) == 1 or where_of(target, 0) end
  return { { id = id() }, { id = id() } }
end
function verbs.set(_, many) return many and (die(2) == 1 and {} or { { id = id() }, { id = id() } }) or nil end
function verbs.update(target, many, depth)
  local data = data_of(target, depth)
  return many and { where = { id = id() }, data = data } or data
end
function verbs.updateMany(target, many) return many and { where = where_of(target, 1), data = data_of(target, 0) } or nil end
function verbs.upsert(target, many, depth)
  return { where = many and { id = id() } or nil, create = new_row(target, 0), update = data_of(target, depth) }
end
function verbs.delete(_, many) return not many or { id = id() } end
function verbs.deleteMany(target, many) return many and where_of(target, 0) or nil end

local creating = { "create", "connect", "connectOrCreate" }
local changing = { "create", "connect", "connectOrCreate", "disconnect", "set", "update", "updateMany", "upsert", "delete", "deleteMany" }

function data_of(model, depth, new)
  local data = {}
  if die(2) == 1 then data.score = new and die(4) - 1 or pick { die(4) - 1, { increment = 1 } } end
  if die(4) == 1 then data.deleted = die(2) == 1 end
  if (model == "User" or model == "Post") and die(4) == 1 then data.tenant = die(2) end
  if depth <= 0 then return data end
  local name, target, many = relation_of(model)
  local verb = pick(new and creating or changing)
  local value = verbs[verb](target, many, depth - 1)
  if value ~= nil then data[name] = { [verb] = value } end
  return data
end

local writes = {}

function writes.create(model) return { data = new_row(model, 2), include = die(2) == 1 and include_of(model, 1) or nil } end
function writes.createMany(model) return { data = { new_row(model, 0), new_row(model, 0) } } end
function writes.update(model)
  return { where = { id = id() }, data = data_of(model, 2), include = die(2) == 1 and include_of(model, 1) or nil }
end
function writes.updateMany(model) return { where = where_of(model, 2), data = data_of(model, 0) } end
function writes.updateEach() return { data = { { id = id(), score = 1 }, { id = id() + 7, score = 2 } } } end
function writes.upsert(model)
  local key = id()
  local row = new_row(model, die(2) - 1)
  row.id = key
  return { where = { id = key }, create = row, update = data_of(model, die(2) - 1) }
end
function writes.upsertMany(model)
  local row = new_row(model, 0)
  row.id = id()
  return { data = { row }, on = "id" }
end
function writes.delete(model) return { where = { id = id() }, include = die(2) == 1 and include_of(model, 1) or nil } end
function writes.deleteMany(model) return { where = where_of(model, 2) } end

local function names_of(actions)
  local names = {}
  for name in pairs(actions) do names[#names + 1] = name end
  table.sort(names)
  return names
end
local read_names, write_names = names_of(reads), names_of(writes)

-- ---- the two databases ----

local function scope_of(model)
  local kind = die(5)
  if kind == 1 then return true end
  if kind == 2 then return { deleted = false } end
  if kind == 3 then return { AND = { { deleted = false }, { [pick(scalars[model])] = { lte = 2 } } } } end
  if kind == 4 then return { [pick(scalars[model])] = pick { 1, 2 } } end
  return where_of(model, 1)
end

local function fill()
  last_id = 100
  local function key() return die(4) > 1 and die(ROWS) or nil end
  for i = 1, ROWS do full.User:create { data = { id = i, email = "u" .. i, tenant = die(2), score = die(4) - 1, deleted = die(3) == 1 } } end
  for i = 1, ROWS do
    full.Profile:create { data = { id = i, score = die(4) - 1, deleted = die(3) == 1, userId = die(3) > 1 and i or nil } }
    full.Tag:create { data = { id = i, score = die(4) - 1, deleted = die(3) == 1 } }
    full.Post:create { data = { id = i, tenant = die(2), score = die(4) - 1, deleted = die(3) == 1, authorId = die(ROWS) } }
  end
  for i = 1, ROWS do
    full.Comment:create { data = { id = i, score = die(4) - 1, deleted = die(3) == 1, postId = key(), userId = key() } }
    full.Post:update { where = { id = die(ROWS) }, data = { tags = { connect = { { id = die(ROWS) }, { id = die(ROWS) } } } } }
  end
end

-- model -> { id = row }: those that exist
local function sight(client, scopes)
  local rows = {}
  for _, model in ipairs(models) do
    rows[model] = {}
    for _, row in ipairs(client[model]:findMany { where = type(scopes[model]) == "table" and scopes[model] or nil }) do
      rows[model][row.id] = row
    end
  end
  return rows
end

local function copy_to_cut(scopes)
  local rows = sight(full, scopes)
  for _, model in ipairs(models) do
    for _, row in pairs(rows[model]) do cut[model]:create { data = row } end
  end
  for _, post in ipairs(full.Post:findMany { include = { tags = true } }) do
    for _, tag in ipairs(post.tags) do
      if rows.Post[post.id] and rows.Tag[tag.id] then
        cut.Post:update { where = { id = post.id }, data = { tags = { connect = { id = tag.id } } } }
      end
    end
  end
  return rows
end

local function round(seed)
  rng = random.new(seed)
  testing.truncate(full)
  testing.truncate(cut)
  fill()
  local scopes = {}
  for _, model in ipairs(models) do scopes[model] = scope_of(model) end
  return full:extends { scopes = scopes }, scopes, copy_to_cut(scopes)
end

local everything = {}

-- New rows get what a scope says outright.
local function fill_in(row, where)
  for name, value in pairs(where) do
    if name == "AND" then
      for _, part in ipairs(value) do fill_in(row, part) end
    elseif type(value) ~= "table" and row[name] == nil then
      row[name] = value
    end
  end
end

-- Do some of these look at other rows, so that a write may change what else exists?
local function look_away(scopes)
  local function looks(model, where)
    for name, value in pairs(type(where) == "table" and where or everything) do
      if type(name) == "number" or name == "AND" or name == "OR" or name == "NOT" then
        if looks(model, value) then return true end
      elseif relations[model][name] then
        return true
      end
    end
    return false
  end
  for _, model in ipairs(models) do
    if looks(model, scopes[model]) then return true end
  end
  return false
end

-- What came of it: the result as text, or the error's code.
local function outcome(client, model, action, args)
  local ok, result = pcall(function() return client[model][action](client[model], args) end)
  if ok then return result == nil and "nil" or lorm.json.encode(result) end
  if not lorm.isError(result) then error(result, 0) end
  return result.code or tostring(result), true
end

local function told(seed, scopes, model, action, args)
  return ("round %d, scopes %s: %s:%s %s"):format(seed, lorm.json.encode(scopes), model, action, lorm.json.encode(args))
end

-- ---- the properties ----

TestProperty = {}

local ROUNDS <const>, CALLS <const> = 40, 25

function TestProperty.testReadsAreThoseOfADatabaseWithoutTheHiddenRows()
  for seed = 1, ROUNDS do
    local scoped, scopes = round(seed)
    for _ = 1, CALLS do
      local model, action = pick(models), pick(read_names)
      local args = reads[action](model)
      local text = told(seed, scopes, model, action, args)
      lu.assertEquals(outcome(scoped, model, action, args), outcome(cut, model, action, args), text)
    end
  end
end

local function joins(client)
  local list = {}
  for i, row in ipairs(client:queryRaw 'SELECT "A", "B" FROM "_PostToTag" ORDER BY 1, 2') do list[i] = { row.A, row.B } end
  return list
end

-- Rows that did not exist are as they were, and hold and are held by the same.
local function check_hidden(before, after, seen, text)
  for _, model in ipairs(models) do
    for key, row in pairs(before.rows[model]) do
      if not seen[model][key] then lu.assertEquals(after.rows[model][key], row, text) end
    end
  end
  local function hidden(list)
    local kept = {}
    for _, pair in ipairs(list) do
      local there = before.rows.Post[pair[1]] and before.rows.Tag[pair[2]]
      there = there and after.rows.Post[pair[1]] and after.rows.Tag[pair[2]] -- a row's end is that of its joins
      if there and not (seen.Post[pair[1]] and seen.Tag[pair[2]]) then kept[#kept + 1] = pair end
    end
    return kept
  end
  lu.assertEquals(hidden(after.joins), hidden(before.joins), text)
end

-- Rows that were made or changed exist.
local function check_written(before, after, now, text)
  for _, model in ipairs(models) do
    for key, row in pairs(after.rows[model]) do
      local old = before.rows[model][key]
      if (not old or lorm.json.encode(old) ~= lorm.json.encode(row)) and not now[model][key] then
        lu.fail(("%s %d was written and does not exist: %s"):format(model, key, text))
      end
    end
  end
end

local not_found = { P2025 = true, P2018 = true, P2017 = true }

function TestProperty.testWritesTouchWhatExists()
  local done, refused = 0, 0
  for seed = 1, ROUNDS do
    local scoped, scopes, seen = round(1000 + seed)
    local alone = not look_away(scopes)
    local before = { rows = sight(full, everything), joins = joins(full) }
    for _ = 1, CALLS do
      made = {}
      local model, action = pick(models), pick(write_names)
      local args = writes[action](model)
      local text = told(1000 + seed, scopes, model, action, args)
      local got, failed = testing.sandbox(scoped, function(tx)
        local result, wrong = outcome(tx, model, action, args)
        if wrong then return result, wrong end
        local all = tx:unscoped()
        local after = { rows = sight(all, everything), joins = joins(all) }
        check_hidden(before, after, seen, text)
        check_written(before, after, sight(all, scopes), text)
        return result
      end)
      for _, new in ipairs(made) do fill_in(new[2], type(scopes[new[1]]) == "table" and scopes[new[1]] or everything) end
      local wanted = testing.sandbox(cut, function(tx) return (outcome(tx, model, action, args)) end)
      -- Where foreign keys are emulated, joins go first, and a delete by relations finds less: not for comparison. Nor
      -- are keys: a disconnect leaves alone those of rows that do not exist, which here point nowhere.
      if alone and action ~= "deleteMany" and wanted ~= "P2017" and (not failed or not_found[got]) then
        lu.assertEquals((got:gsub('"%w+Id":%w+', "")), (wanted:gsub('"%w+Id":%w+', "")), text)
      end
      if failed then refused = refused + 1 else done = done + 1 end
    end
  end
  lu.assertTrue(done > ROUNDS * CALLS / 4, ("%d done, %d refused"):format(done, refused))
end

support.run(full, cut)
