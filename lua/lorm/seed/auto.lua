-- Rows for every model, from the schema alone: `lorm seed --auto`, and seed.auto in a script.
--   auto.run(run, { users = 1000, posts = { perUser = { 1, 5 } } })     lorm.seed.auto.wishes says what may be wished
-- run is lorm.seed.kit's. Unique values, foreign keys, enums and the limits of types hold; what rows there were already
-- stays, and new rows may refer to it. All is drawn from run.seed.
--
--   auto.tables   what there is to fill          auto.row      the row that is being made
--   auto.order    in which order                 auto.parents  where its foreign keys lead
--   auto.wishes   how many rows                  auto.values   what its columns take, by auto.guess
--   auto.keys     what is there, what is taken   auto.make     all of these together
local keys = require "lorm.seed.auto.keys"
local links = require "lorm.seed.auto.links"
local lorm = require "lorm"
local make = require "lorm.seed.auto.make"
local order = require "lorm.seed.auto.order"
local parents = require "lorm.seed.auto.parents"
local progress = require "lorm.seed.progress"
local random = require "lorm.random"
local rows = require "lorm.seed.auto.row"
local tables = require "lorm.seed.auto.tables"
local wishes = require "lorm.seed.auto.wishes"

local auto = {}

local BATCH <const> = 1000

-- ---- what must be known of each row ----

-- The fields that uniques and others' foreign keys are made of; @updatedAt, which an update must leave as it was.
local function identity(list)
  local wanted = {}
  for _, model in ipairs(list) do
    wanted[model.name] = {}
    for _, field in ipairs(model.fields) do wanted[model.name][field.name] = field.updated end
  end
  for _, model in ipairs(list) do
    for _, unique in ipairs(model.uniques) do
      for _, name in ipairs(unique.fields) do wanted[model.name][name] = true end
    end
    for _, ref in ipairs(model.refs) do
      for _, name in ipairs(ref.from) do wanted[model.name][name] = true end
      for _, name in ipairs(ref.to) do
        if wanted[ref.model] then wanted[ref.model][name] = true end
      end
    end
  end
  return wanted
end

-- What the table holds already goes into its pool, and its unique values are taken.
local function recall(job, model, maker)
  if job.db.models[model.name]:count() == 0 then return end
  local select = {}
  for name in pairs(job.identity[model.name]) do select[name] = true end
  local first = {}
  for i, name in ipairs(model.uniques[1].fields) do first[i] = { [name] = "asc" } end
  for _, row in ipairs(job.db.models[model.name]:findMany { select = select, orderBy = first }) do
    job.pools[model.name]:add(row)
    maker:know(row)
  end
end

-- The next n numbers of each sequence that fills a column.
local function reserve(job, model, n)
  local reserved = {}
  for _, field in ipairs(model.fields) do
    if field.sequence and not field.key then
      local found = job.db:queryRaw([[SELECT nextval($1::text::regclass) AS "id" FROM generate_series(1, $2::int)]], field.sequence, n)
      local ids = {}
      for i, row in ipairs(found) do ids[i] = row.id end
      reserved[field.name] = ids
    end
  end
  return reserved
end

-- ---- one model ----

-- So many rows for each of the parents: whose child each row is.
local function shares(job, wish)
  local list, pool = {}, job.pools[wish.per.ref.model]
  for i = 1, pool.n do
    job.stream:restart(job.seed, "auto", wish.per.ref.model .. " shares " .. wish.per.ref.name, i)
    for _ = 1, job.stream:int(wish.per.range.min, wish.per.range.max) do list[#list + 1] = pool.rows[i] end
  end
  return list
end

local function begin(job, model)
  local wish = job.wishes[model.name]
  local picked, n = {}, wish.count
  if wish.per then
    if wish.per.ref.late or wish.per.ref.model == model.name then
      error(("seed.auto: %s refers to %s in a circle; per%s cannot be had"):format(model.name, wish.per.ref.model, wish.per.ref.model), 0)
    end
    picked[wish.per.ref] = shares(job, wish)
    n = #picked[wish.per.ref]
  end
  local ctx = {
    c = job.row, seed = job.seed, pools = job.pools, overrides = wish.fields, stream = job.stream, offset = 0,
  }
  local maker = make.new(ctx, model, picked)
  recall(job, model, maker)
  ctx.offset = job.pools[model.name].n
  ctx.reserved = reserve(job, model, n)
  return maker, n
end

local function known(job, model, row)
  local out = {}
  for name in pairs(job.identity[model.name]) do out[name] = row[name] end
  return out
end

-- Send a batch, with the collector's work between the batches.
local function send(job, model, batch, bar)
  if #batch == 0 then return end
  job.insert(model.name, batch)
  bar:step(#batch)
end

local function note(job, model, made, n)
  if made < n then
    job.say("%s: %d rows, not %d: its unique keys allow no more", model.name, made, n)
  end
  job.count(model.name, made)
end

local function fill(job, model)
  local maker, n = begin(job, model)
  local bar <close> = progress.start(model.name, n, job.quiet)
  local batch, made = {}, 0
  for i = 1, n do
    local row = maker:draft(i)
    if not maker:finish(row, i) then break end
    job.pools[model.name]:add(known(job, model, row))
    made = made + 1
    batch[#batch + 1] = row
    if #batch == BATCH then
      send(job, model, batch, bar)
      batch = {}
    end
  end
  send(job, model, batch, bar)
  note(job, model, made, n)
end

-- ---- models that need each other ----

local FOREIGN <const> = [[
  SELECT format('%I', conname) AS "name" FROM pg_constraint
  WHERE contype = 'f' AND NOT condeferrable AND conrelid = $1::text::regclass]]

-- fn() with the foreign keys of these tables checked only behind it.
local function deferred(job, models, fn)
  local loosened = {}
  for _, model in ipairs(models) do
    for _, found in ipairs(job.db:queryRaw(FOREIGN, model.table)) do
      local alter = ("ALTER TABLE %s ALTER CONSTRAINT %s "):format(model.table, found.name)
      job.db:executeRaw(alter .. "DEFERRABLE INITIALLY DEFERRED")
      loosened[#loosened + 1] = alter
    end
  end
  fn()
  job.db:executeRaw "SET CONSTRAINTS ALL IMMEDIATE"
  for _, alter in ipairs(loosened) do job.db:executeRaw(alter .. "NOT DEFERRABLE") end
end

-- Keys first, so that each can refer to any.
local function fillTogether(job, models)
  local drafts = {}
  for k, model in ipairs(models) do
    local maker, n = begin(job, model)
    drafts[k] = { model = model, maker = maker, rows = {} }
    for i = 1, n do
      local row = maker:draft(i)
      drafts[k].rows[i] = row
      job.pools[model.name]:add(row)
    end
  end
  deferred(job, models, function()
    for _, draft in ipairs(drafts) do
      local bar <close> = progress.start(draft.model.name, #draft.rows, job.quiet)
      for i, row in ipairs(draft.rows) do
        if not draft.maker:finish(row, i) then
          error(("seed.auto: %s: no row %d is possible: its unique keys allow no more"):format(draft.model.name, i), 0)
        end
      end
      for from = 1, #draft.rows, BATCH do
        local to = math.min(from + BATCH - 1, #draft.rows)
        send(job, draft.model, table.move(draft.rows, from, to, 1, {}), bar)
      end
      note(job, draft.model, #draft.rows, #draft.rows)
    end
  end)
end

-- ---- keys that had to wait ----

local function where(model, row)
  local fields = model.uniques[1].fields
  local key = {}
  for _, name in ipairs(fields) do key[name] = row[name] end
  return #fields == 1 and key or { [model.uniques[1].name] = key }
end

local function isUnique(model, ref)
  for _, unique in ipairs(model.uniques) do
    if table.concat(unique.fields, "\0") == table.concat(ref.from, "\0") then return true end
  end
  return false
end

-- The change that gives a row its parent; nil when it gets none.
local function adopt(job, model, ref, row, taken, i)
  local found, n = parents.candidates(job.pools, row, ref)
  local parent = n > 0 and found[taken and i <= n and i or job.stream:int(1, n)]
  if not parent or not job.stream:chance(0.8) then return nil end
  local data = {}
  parents.take(data, ref, parent)
  if taken and taken:has(data) then return nil end
  if taken then taken:add(data) end
  parents.take(row, ref, parent)
  for _, field in ipairs(model.fields) do
    if field.updated then data[field.name] = row[field.name] end
  end
  return { where = where(model, row), data = data }
end

-- One parent each, none twice where the key is unique.
local function late(job, model, ref)
  local pool, changes = job.pools[model.name], {}
  local taken = isUnique(model, ref) and keys.taken(ref.from, model.byName) or nil
  job.stream:restart(job.seed, "auto late", model.name, ref.name)
  for i = 1, taken and pool.n or 0 do taken:add(pool.rows[i]) end
  for i = 1, job.pools[ref.model].n > 0 and pool.n or 0 do
    local row = pool.rows[i]
    local new = row[ref.from[1]] == nil or row[ref.from[1]] == lorm.null
    changes[#changes + 1] = new and adopt(job, model, ref, row, taken, i) or nil
  end
  for from = 1, #changes, BATCH do
    job.db.models[model.name]:updateEach { data = table.move(changes, from, math.min(from + BATCH - 1, #changes), 1, {}) }
  end
end

-- ---- all ----

-- One for each model, also for those that are left out.
local function pools()
  return setmetatable({}, { __index = function(all, name)
    all[name] = keys.pool()
    return all[name]
  end })
end

-- run = { db, dmmf, faker, seed, scale, quiet, count, say, insert }
function auto.run(run, given)
  local found = tables.of(run.db, run.dmmf)
  local stream = random.new()
  local reference = run.faker.getDefaultRefDate():unix()
  local job = {
    db = run.db, seed = run.seed, quiet = run.quiet, insert = run.insert, say = run.say, count = run.count,
    wishes = wishes.of(found, given or {}, run.scale), pools = pools(), identity = identity(found.list),
    stream = random.new(), row = rows.new(run.faker, stream, reference),
  }
  for _, skipped in ipairs(found.skipped) do job.say("%s is left out: %s", skipped.name, skipped.why) end
  run.faker.useStream(stream)
  for _, step in ipairs(order(found.list, found.byName)) do
    if #step == 1 then fill(job, step[1]) else fillTogether(job, step) end
  end
  for _, model in ipairs(found.list) do
    for _, ref in ipairs(model.refs) do
      if ref.late then late(job, model, ref) end
    end
  end
  links(job, found)
end

return auto
