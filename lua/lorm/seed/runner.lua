-- Runs seed files: each in a transaction of its own, those first that others need; or fills all models (`auto`).
--   runner.run(db, { files, args, seed, scale, reset, dryRun, resume, auto, quiet })
-- An error leaves what the files before it made; options.hint then says how to go on behind them: which files are done
-- is noted with their work (lorm.seed.notes).
local auto = require "lorm.seed.auto"
local defaults = require "lorm.seed.defaults"
local empty = require "lorm.empty"
local faker = require "lorm.faker"
local kit = require "lorm.seed.kit"
local lorm = require "lorm"
local notes = require "lorm.seed.notes"
local random = require "lorm.random"
local report = require "lorm.seed.report"
local schemas = require "lorm.schema"
local unique = require "lorm.seed.unique"
local visit = require "lorm.seed.visit"
local whole = require "lorm.seed.whole"

local runner = {}

local UNLIMITED <const> = { timeout = 0 }

local function load(path)
  local chunk, e = loadfile(path, "t")
  if not chunk then error(e, 0) end
  return chunk
end

-- The file, the line, the label and the row of what went wrong, in one text.
local function failure(path, e)
  local place = type(e) == "table" and e.seedPlace
  return ("%s: %s%s"):format(path, tostring(e), place and "\n  " .. place or "")
end

local function baseOf(path) return path:match "[^/]*$" end

-- ---- one file --------------------------------------------------------------------------------------------------

local function state(options, path, tx, stream)
  return {
    db = tx, dmmf = options.dmmf, faker = faker, stream = stream, schema = options.schema, rows = options.rows, seed = options.seed,
    scale = options.scale, quiet = options.quiet, folder = path:match "^.*/" or "", made = {}, shared = options.shared,
    log = options.log, file = baseOf(path), counts = {}, done = options.done, keep = #options.files > 1,
  }
end

local function run(options, path, tx)
  local stream = random.new(options.seed, baseOf(path))
  local mine = state(options, path, tx, stream)
  local chunk = load(path)
  faker.useStream(stream)
  chunk(tx, faker, kit.new(mine), table.unpack(options.args or {}))
  if not options.dryRun then notes.finish(tx, options, path, mine.keep and mine.made or {}) end
  return mine
end

local visiting

-- A file that says `seed.needs "users"` begins again when users.lua is done.
local function file(options, path, db)
  if options.done[baseOf(path)] then return end
  if options.visiting[path] then
    error(("%s needs itself, by way of %s"):format(path, options.visiting[path]), 0)
  end
  while true do
    local begun = lorm.clock()
    local log = options.log:mark()
    local ok, result = pcall(db.transaction, db, function(tx) return run(options, path, tx) end, UNLIMITED)
    if ok then
      for label, made in pairs(result.made) do options.shared[label] = made end
      options.done[baseOf(path)] = true
      options.log:file(path, result.counts, lorm.clock() - begun)
      return
    end
    options.log:back(log)
    if getmetatable(result) ~= kit.Needs then error(failure(path, result), 0) end
    options.visiting[path] = result.file
    visiting(options, path, result.file, db)
    options.visiting[path] = nil
  end
end

-- The file that is meant by a name: "users", "users.lua", "01_users" in the same folder.
function visiting(options, from, name, db)
  local folder = from:match "^.*/" or ""
  for _, path in ipairs { folder .. name, folder .. name .. ".lua", name } do
    local found = io.open(path, "r")
    if found then
      found:close()
      return file(options, path, db)
    end
  end
  error(("%s: seed.needs: there is no %s%s.lua"):format(from, folder, name), 0)
end

-- ---- all of them -----------------------------------------------------------------------------------------------

local function reset(options, db)
  db:unscoped():transaction(function(tx)
    kit.forget(tx)
    empty(tx, options.schema, true)
  end, UNLIMITED)
  options.log:say "all models are empty"
end

local function fill(options, db)
  local path = options.files[1]
  local begun = lorm.clock()
  local wanted = path and load(path)(faker) or {}
  if type(wanted) ~= "table" then error(path .. " must return a table: { users = 1000 }", 0) end
  local mine = state(options, path or "auto", db, random.new(options.seed))
  local ok, e = pcall(db.transaction, db, function(tx)
    mine.db = tx
    auto.run(kit.filling(mine), wanted)
  end, UNLIMITED)
  if not ok then error(failure(path or "--auto", e), 0) end
  options.log:file("auto", mine.counts, lorm.clock() - begun)
end

local function again(options)
  if options.dryRun then return nil end
  local done = 0
  for _, path in ipairs(options.files) do done = done + (options.done[baseOf(path)] and 1 or 0) end
  if options.auto or done == 0 then return "nothing was changed" end
  local words = { "lorm seed --resume" }
  if options.seed ~= 1 then words[#words + 1] = "--seed " .. options.seed end
  if options.scale ~= 1 then words[#words + 1] = "--scale " .. options.scale end
  table.move(options.files, 1, #options.files, #words + 1, words)
  if options.args and #options.args > 0 then words[#words + 1] = "-- " .. table.concat(options.args, " ") end
  return ("%d of %d files are done, what the next had begun was rolled back; to go on:\n  %s"):format(done, #options.files,
    table.concat(words, " "))
end

local function all(options, db, plain)
  if options.reset then reset(options, db) end
  if options.auto then return fill(options, plain) end
  if not options.dryRun then options.done, options.shared = notes.begin(plain, options) end
  for _, path in ipairs(options.files) do
    if options.resume and options.done[baseOf(path)] then options.log:say("%s: done before", path) end
    file(options, path, db)
  end
end

local ROLLED_BACK <const> = {}

-- Everything in one transaction (each file a savepoint within) that does not last.
local function dryly(options, client, plain)
  local chosen = options.auto and plain or client
  local ok, e = pcall(chosen.transaction, chosen, function(tx)
    all(options, tx, tx)
    error(ROLLED_BACK)
  end, UNLIMITED)
  if not ok and e ~= ROLLED_BACK then error(e, 0) end
end

-- What happens to each new row before it is written: defaults are drawn, unique fields made so. `maker` is for rows that
-- need no client to be whole: maker("User")(row) is a new one, with all that is known of it.
local function guard(schema, known)
  local fill_, distinct = defaults.new(faker), unique.new(faker.recall, known)
  local rows = visit.new(schema, function(model, row, certain)
    fill_.row(model, row)
    if certain then distinct(model)(row) end
  end, fill_.update)
  function rows.maker(name)
    return whole.maker(schema[name], faker, fill_, distinct(schema[name]))
  end
  return rows
end

local function guarded(db, rows)
  return db:extends {
    name = "seed",
    query = { ["$allOperations"] = function(ctx) return ctx.query(rows.call(ctx.model, ctx.operation, ctx.args)) end },
  }
end

function runner.run(db, options)
  options.schema = schemas.of(db)
  options.dmmf = function() return db:schema() end
  options.log = report.new(options.quiet)
  options.done, options.shared, options.visiting = {}, {}, {}
  faker.seed(options.seed)
  options.rows = guard(options.schema, options.resume and notes.values(db) or nil)
  local client = guarded(db, options.rows)
  local ok, e = pcall(options.dryRun and dryly or all, options, client, db)
  if ok then return options.log:summary(options.dryRun) end
  options.hint = again(options)
  error(e, 0)
end

return runner
