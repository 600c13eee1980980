-- What a seed script gets as `seed`.
--   local db, faker, seed = ...
--   local users = seed.many("users", 1000, function(i) return db.User:create { data = {...} } end)
--   local posts = seed.rows("Post", 100000, function(i) return { title = faker.lorem.sentence(), ... } end)
--   for _, row in ipairs(seed.csv("countries.csv", { id = "integer" })) do ... end
--   seed.once("first admin", function() db.User:create {...} end)
--   seed.needs "users"                             -- users.lua beside this file goes first
--   for _, user in ipairs(seed.ref "users") do ... end  -- what seed.many or rows made under this label, in any file
--   seed.auto { posts = { perUser = { 1, 5 } } }   -- rows for every model, from the schema alone
-- `many` runs its function for many rows at once, in one transaction; `rows` sends plain rows in bulk. Each row draws
-- from a stream of its own, so that order and number of the others change nothing. --scale multiplies their counts.
local auto = require "lorm.seed.auto"
local bulk = require "lorm.seed.bulk"
local csv = require "lorm.seed.csv"
local lorm = require "lorm"
local nearest = require "lorm.nearest"
local notes = require "lorm.seed.notes"
local progress = require "lorm.seed.progress"
local random = require "lorm.random"

-- Raised by a file that wants another one to go first.
local Needs = { __tostring = function(needs) return ("it needs %s, and was not run by lorm seed"):format(needs.file) end }

local kit = { Needs = Needs }

local CONCURRENCY = 20

local function check(name, what, v, kind)
  if type(v) == kind then return v end
  error(("seed.%s: %s must be a %s, got %s"):format(name, what, kind, type(v)), 3)
end

local function checkCount(name, n)
  if math.type(n) == "integer" and n >= 0 then return n end
  error(("seed.%s: the number of rows must be an integer, not negative, got %s"):format(name, tostring(n)), 3)
end

-- An error that knows in which row it happened. Errors of lorm's stay what they are. The place is that of the function:
-- a call that it returns outright leaves no line of its own.
local function placed(e, label, row, fn)
  local info = debug.getinfo(fn, "S")
  local place = ("in row %d of %q, made at %s:%d"):format(row, label, info.short_src, info.linedefined)
  if type(e) ~= "table" then return ("%s\n  %s"):format(tostring(e), place) end
  e.seedPlace = e.seedPlace or place
  return e
end

local function each(run, key, label, i, fn)
  run.faker.useStream(random.new(run.seed, key, i))
  run.faker.remember()
  local result = table.pack(xpcall(fn, function(e) return placed(e, label, i, fn) end, i))
  if not result[1] then error(result[2], 0) end
  return result[2]
end

-- A label that comes again has streams of its own.
local function keyOf(run, label)
  local times = (run.labels[label] or 0) + 1
  run.labels[label] = times
  return times == 1 and label or label .. "#" .. times
end

local function scaled(run, n)
  if run.scale == 1 or n == 0 then return n end
  return math.max(1, math.floor(n * run.scale + 0.5))
end

local function count(run, label, n)
  if not run.counts[label] then table.insert(run.counts, label) end
  run.counts[label] = (run.counts[label] or 0) + n
end

local function many(run, label, n, fn)
  check("many", "the label", label, "string")
  checkCount("many", n)
  check("many", "what makes a row", fn, "function")
  n = scaled(run, n)
  local key, indices = keyOf(run, label), {}
  for i = 1, n do indices[i] = i end
  local bar <close> = progress.start(label, n, run.quiet)
  local made = lorm.map(indices, function(i)
    local result = each(run, key, label, i, fn)
    bar:step()
    return result
  end, { concurrency = CONCURRENCY })
  count(run, label, n)
  run.made[key] = made
  return made
end

local function modelOf(run, name)
  local names = {}
  for model, m in pairs(run.schema) do
    if name == model or name == m.table then return model end
    names[#names + 1] = model
  end
  table.sort(names)
  error(("seed.rows: there is no model `%s`.%s"):format(name, nearest.hint(name, names)), 3)
end

-- make(i) as bulk.send wants it: fn's row, whole. The number of the row that fn is at, nil when it is not, is at.row.
local function rowMaker(run, model, key, name, fn, bar, at)
  local stream, whole = random.new(), run.rows.maker(model)
  local seed, remember = run.seed, run.faker.remember
  run.faker.useStream(stream)
  return function(i)
    stream:restart(seed, key, i)
    remember()
    at.row = i
    local row = fn(i)
    if type(row) ~= "table" then
      at.row = nil
      error(("seed.rows: row %d of %s is no table but %s"):format(i, name, type(row)), 0)
    end
    row = whole(row)
    at.row = nil
    bar:step()
    return row
  end
end

local function rows(run, name, n, fn)
  check("rows", "the model", name, "string")
  checkCount("rows", n)
  check("rows", "what makes a row", fn, "function")
  local model = modelOf(run, name)
  n = scaled(run, n)
  local key, at = keyOf(run, name), {}
  local bar <close> = progress.start(name, n, run.quiet)
  local ok, made = xpcall(bulk.send, function(e) return at.row and placed(e, name, at.row, fn) or e end,
    run.db.models[model], run.schema[model], n, rowMaker(run, model, key, name, fn, bar, at), run.rows.settled)
  run.faker.useStream(run.stream)
  run.faker.remember()
  if not ok then error(made, 0) end
  count(run, name, n)
  made.n = n
  run.made[key] = made
  return made
end

-- A file beside the script, or where the path says.
local function read(run, name, path)
  check(name, "the path", path, "string")
  local file = not path:find "^/" and io.open(run.folder .. path, "rb")
  local why
  if not file then file, why = io.open(path, "rb") end
  if not file then error(("seed.%s: %s"):format(name, why), 3) end
  local text = file:read "a"
  file:close()
  return text
end

local function parsed(name, path, parse, ...)
  local ok, result = pcall(parse, ...)
  if not ok then error(("seed.%s: %s: %s"):format(name, path, tostring(result)), 2) end
  return result
end

-- Once in a database's life, until `lorm seed --reset`; returns what fn returns, or nothing.
local function once(run, key, fn)
  check("once", "the key", key, "string")
  check("once", "what is to be done", fn, "function")
  if notes.once(run.db, key) then return fn() end
end

kit.forget = notes.forget

local function needs(run, ...)
  for i = 1, select("#", ...) do
    local name = check("needs", "a file", (select(i, ...)), "string")
    local base = name:match "[^/]*$"
    if not run.done[base] and not run.done[base .. ".lua"] then error(setmetatable({ file = name }, Needs)) end
  end
end

-- What was made under a label; with i, one of it, from the end when i is negative.
local function ref(run, label, i)
  check("ref", "the label", label, "string")
  local made = run.made[label]
  if made == nil then made = run.shared[label] end
  if made == false then
    error(("seed.ref: %q was made before the run was resumed, and is too much to be kept; ask the database"):format(label), 3)
  elseif not made then
    local labels = {}
    for _, known in ipairs { run.made, run.shared } do
      for name in pairs(known) do labels[#labels + 1] = name end
    end
    table.sort(labels)
    error(("seed.ref: nothing was made under %q.%s"):format(label, nearest.hint(label, labels)), 3)
  end
  if i == nil then return made end
  local row = made[i < 0 and #made + 1 + i or i]
  if row == nil then error(("seed.ref: there are %d %s, not %d"):format(#made, label, i), 3) end
  return row
end

-- What lorm.seed.auto asks of a run.
function kit.filling(run)
  return {
    db = run.db, dmmf = run.dmmf(), faker = run.faker, seed = run.seed, scale = run.scale, quiet = run.quiet,
    count = function(label, n) count(run, label, n) end,
    say = function(...) run.log:say(...) end,
    insert = function(model, batch) run.db.models[model]:copyIn(batch) end,
  }
end

local function automatic(run, wanted)
  auto.run(kit.filling(run), check("auto", "what is wanted", wanted or {}, "table"))
  run.faker.useStream(run.stream)
end

-- run = { db, faker, stream, schema, rows, seed, scale, quiet, folder, log, made, shared, done }: stream is what the
-- script itself draws from, rows is lorm.seed.visit's, made is {label = rows} of this file, shared of those before it,
-- done the files that have run. What was made is counted in run.counts.
function kit.new(run)
  run.labels = {}
  return {
    many = function(label, n, fn) return many(run, label, n, fn) end,
    rows = function(model, n, fn) return rows(run, model, n, fn) end,
    once = function(key, fn) return once(run, key, fn) end,
    csv = function(path, columns) return parsed("csv", path, csv.rows, read(run, "csv", path), columns) end,
    json = function(path) return parsed("json", path, lorm.json.decode, read(run, "json", path)) end,
    needs = function(...) return needs(run, ...) end,
    ref = function(label, i) return ref(run, label, i) end,
    auto = function(wanted) return automatic(run, wanted) end,
    scale = run.scale,
    seed = run.seed,
  }
end

return kit
