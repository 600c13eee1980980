-- What seeding remembers in the database, in its schema _lorm (which diff and pull leave alone).
--   notes.once(db, "first admin")               -- true the first time
--   local done, made = notes.begin(db, options) -- of an interrupted run, where options.resume says so
--   notes.finish(tx, options, path, made)       -- a file is done; made = {label = rows}
-- A file is noted in the transaction of its work, so that either both are there, or neither.
local lorm = require "lorm"
local unique = require "lorm.seed.unique"

local notes = {}

local MOST <const> = 20000 -- rows of a label that are kept for files that follow

local function prepare(db)
  db:executeRaw [[CREATE SCHEMA IF NOT EXISTS "_lorm"]]
  db:executeRaw [[CREATE TABLE IF NOT EXISTS "_lorm"."seeds" (
    "key" text PRIMARY KEY, "at" timestamptz NOT NULL DEFAULT now())]]
  db:executeRaw [[CREATE TABLE IF NOT EXISTS "_lorm"."seeded" (
    "run" text NOT NULL, "file" text NOT NULL, "label" text NOT NULL, "rows" text, PRIMARY KEY ("file", "label"))]]
end

local function exists(db, name)
  return db:queryRaw([[SELECT to_regclass($1::text) IS NOT NULL AS "exists"]], name)[1].exists
end

function notes.once(db, key)
  prepare(db)
  return db:executeRaw([[INSERT INTO "_lorm"."seeds" ("key") VALUES ($1) ON CONFLICT DO NOTHING]], key) == 1
end

function notes.forget(db)
  for _, name in ipairs { '"_lorm"."seeds"', '"_lorm"."seeded"' } do
    if exists(db, name) then db:executeRaw("DELETE FROM " .. name) end
  end
end

-- Runs are the same when they make the same rows.
local function runOf(options) return ("%d %s"):format(options.seed, options.scale) end

function notes.begin(db, options)
  local done, made = {}, {}
  if not exists(db, '"_lorm"."seeded"') then return done, made end
  if not options.resume then
    db:executeRaw [[DELETE FROM "_lorm"."seeded"]]
    return done, made
  end
  for _, row in ipairs(db:queryRaw [[SELECT * FROM "_lorm"."seeded" ORDER BY "file", "label"]]) do
    if row.run ~= runOf(options) then
      error(("there is nothing to resume with --seed %d --scale %s; %s was another run"):format(options.seed, options.scale, row.file), 0)
    end
    done[row.file] = true
    if row.label ~= "" then made[row.label] = row.rows and lorm.json.decode(row.rows) or false end
  end
  return done, made
end

local function keep(tx, run, file, label, rows)
  tx:executeRaw([[INSERT INTO "_lorm"."seeded" VALUES ($1, $2, $3, $4)
    ON CONFLICT ("file", "label") DO UPDATE SET "run" = excluded."run", "rows" = excluded."rows"]], run, file, label, rows)
end

function notes.finish(tx, options, path, made)
  if #options.files < 2 then return end -- nothing to go on with
  prepare(tx)
  local run, file = runOf(options), path:match "[^/]*$"
  keep(tx, run, file, "", lorm.null)
  for label, rows in pairs(made) do
    local ok, text = false, nil
    if #rows <= MOST then ok, text = pcall(lorm.json.encode, lorm.array(table.move(rows, 1, #rows, 1, {}))) end
    keep(tx, run, file, label, ok and text or lorm.null)
  end
end

-- A function that gives the values that a field, or several together, have in the database, for draws that must be new.
function notes.values(db)
  return function(model, fields)
    local found, select = {}, {}
    for _, field in ipairs(fields) do select[field] = true end
    for _, row in ipairs(db.models[model.name]:findMany { select = select }) do
      local value = row[fields[1]]
      if #fields > 1 then value = unique.joined(model, fields, row) end
      if value ~= nil then found[value] = true end
    end
    return found
  end
end

return notes
