-- lorm seed [FILE...] [--seed N] [--scale N] [--reset] [--dry-run] [--yes] [--unhooked] [--quiet]
--
-- Each file is a script that gets `db, faker, seed` (lorm.seed.kit) and is one transaction: it is there as a whole, or
-- not at all. The same --seed makes the same data, on every machine.
local defaults = require "lorm.seed.defaults"
local empty = require "lorm.empty"
local faker = require "lorm.faker"
local kit = require "lorm.seed.kit"
local lorm = require "lorm"
local nearest = require "lorm.nearest"
local random = require "lorm.random"
local schemas = require "lorm.schema"
local unique = require "lorm.seed.unique"
local visit = require "lorm.seed.visit"

local seed = {}

local flags = {
  ["--reset"] = "reset", ["--dry-run"] = "dryRun", ["--quiet"] = "quiet",
  ["--yes"] = "yes", ["--unhooked"] = "unhooked", -- the program has seen to these
}
local numbers = { ["--seed"] = "seed", ["--scale"] = "scale" }

local function usage(message, ...)
  io.stderr:write("error: ", message:format(...), "\n")
  return nil
end

local function number(option, text)
  local n = math.tointeger(tonumber(text)) or tonumber(text)
  if option == "--seed" and math.type(n) == "integer" then return n end
  if option == "--scale" and n and n > 0 then return n end
  local wanted = option == "--seed" and "an integer" or "a positive number"
  return usage("%s takes %s, got %q", option, wanted, tostring(text))
end

-- The command line as a table, or nil when it is wrong (said already).
local function parse(...)
  local given, options, i = { ... }, { seed = 1, scale = 1, files = {} }, 1
  while i <= #given do
    local word, value = given[i], nil
    if word:find "^%-%-.*=" then word, value = word:match "^(.-)=(.*)$" end
    if flags[word] then
      options[flags[word]] = true
    elseif numbers[word] then
      if not value then i, value = i + 1, given[i + 1] end
      local n = number(word, value)
      if not n then return nil end
      options[numbers[word]] = n
    elseif word:find "^%-" then
      local names = nearest.names(flags)
      table.move(nearest.names(numbers), 1, 2, #names + 1, names)
      return usage("unknown option %s.%s", word, nearest.hint(word, names))
    else
      options.files[#options.files + 1] = word
    end
    i = i + 1
  end
  return options
end

-- ---- one file --------------------------------------------------------------------------------------------------

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

local function run(options, path, tx)
  local stream = random.new(options.seed, path:match "[^/]*$")
  local state = {
    db = tx, faker = faker, stream = stream, schema = options.schema, rows = options.rows, seed = options.seed,
    scale = options.scale, quiet = options.quiet, folder = path:match "^.*/" or "",
  }
  local chunk = load(path)
  faker.useStream(stream)
  chunk(tx, faker, kit.new(state))
  return state.counts
end

local function report(options, path, counts, ms)
  if options.quiet then return end
  local parts = {}
  for i, label in ipairs(counts) do parts[i] = ("%d %s"):format(counts[label], label) end
  io.stderr:write(("%s: %s (%.1f s)\n"):format(path, #parts > 0 and table.concat(parts, ", ") or "done", ms / 1000))
end

local UNLIMITED <const> = { timeout = 0 }

local function file(options, path, db)
  local begun = lorm.clock()
  local ok, counts = pcall(db.transaction, db, function(tx) return run(options, path, tx) end, UNLIMITED)
  if not ok then error(failure(path, counts), 0) end
  report(options, path, counts, lorm.clock() - begun)
end

-- ---- all of them -----------------------------------------------------------------------------------------------

local function reset(options, db)
  db:unscoped():transaction(function(tx)
    kit.forget(tx)
    empty(tx, options.schema)
  end, UNLIMITED)
  if not options.quiet then io.stderr:write "all models are empty\n" end
end

local function all(options, db)
  if options.reset then reset(options, db) end
  for _, path in ipairs(options.files) do file(options, path, db) end
end

local ROLLED_BACK <const> = {}

-- Everything in one transaction (each file a savepoint within) that does not last.
local function dryly(options, db)
  local ok, e = pcall(db.transaction, db, function(tx)
    all(options, tx)
    error(ROLLED_BACK)
  end, UNLIMITED)
  if not ok and e ~= ROLLED_BACK then error(e, 0) end
  if not options.quiet then io.stderr:write "dry run: everything was rolled back\n" end
end

-- What happens to each new row before it is written: defaults are drawn, unique fields made so.
local function guard(schema)
  local fill, distinct = defaults.new(faker), unique.new(faker.memory)
  return visit.new(schema, function(model, row, certain)
    fill.row(model, row)
    if certain then distinct(model, row) end
  end, fill.update)
end

local function guarded(db, rows)
  return db:extends {
    name = "seed",
    query = { ["$allOperations"] = function(ctx) return ctx.query(rows.call(ctx.model, ctx.operation, ctx.args)) end },
  }
end

-- Run the files on db. options = { files, seed, scale, reset, dryRun, quiet }
function seed.run(db, options)
  options.schema = schemas.of(db)
  faker.seed(options.seed)
  options.rows = guard(options.schema)
  local client = guarded(db, options.rows)
  if options.dryRun then dryly(options, client) else all(options, client) end
end

function seed.main(...)
  local options = parse(...)
  if not options then return 2 end
  if #options.files == 0 then
    io.stderr:write "there are no seed files\n"
    return 0
  end
  local db = rawget(_G, "db") or lorm.connect()
  local ok, e = pcall(seed.run, db, options)
  if ok then return 0 end
  io.stderr:write("error: ", tostring(e), "\n")
  return 1
end

return seed
