-- Delete all rows of all models, in an order that foreign keys allow; ids count from 1 again.
--   require("lorm.empty")(tx, require("lorm.schema").of(db), many)
-- A model goes when nobody holds keys of it any more. Those that hold keys of each other in a circle let go first,
-- where the column may be NULL.
local lorm = require "lorm"

-- The models that nobody refers to, but for those in `gone` and, when `loosened`, keys that may be NULL.
local function free(schema, gone, loosened)
  local held, found = {}, {}
  for name, model in pairs(schema) do
    for _, reference in ipairs(gone[name] and {} or model.references) do
      if reference.model ~= name and not (loosened and reference.optional) then held[reference.model] = true end
    end
  end
  for name in pairs(schema) do
    if not gone[name] and not held[name] then found[#found + 1] = name end
  end
  table.sort(found)
  return found
end

local function loosen(tx, schema, gone)
  for name, model in pairs(schema) do
    local data = {}
    for _, field in ipairs(gone[name] and {} or model.optionalKeys) do data[field] = lorm.null end
    if next(data) then tx.models[name]:updateMany { data = data } end
  end
end

local function left(schema, gone)
  local names = {}
  for name in pairs(schema) do
    if not gone[name] then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

-- The sequences that belong to columns of the models' tables. ALTER SEQUENCE goes back with the transaction, setval
-- would not.
local function restart(tx, schema)
  local tables = {}
  for _, model in pairs(schema) do tables[#tables + 1] = model.table end
  local sequences = tx:queryRaw([[
    SELECT s.oid::regclass::text AS name FROM pg_class s
    JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
    JOIN pg_class t ON t.oid = d.refobjid WHERE s.relkind = 'S' AND t.relname = ANY($1::text[])]], tables)
  for _, sequence in ipairs(sequences) do tx:executeRaw(("ALTER SEQUENCE %s RESTART"):format(sequence.name)) end
end

-- The models' tables and the join tables between them, as SQL writes them.
local function tablesOf(tx, schema)
  local names = {}
  for _, model in pairs(schema) do
    names[#names + 1] = model.table
    table.move(model.joins, 1, #model.joins, #names + 1, names)
  end
  local found = tx:queryRaw([[
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relkind IN ('r', 'p') AND pg_table_is_visible(oid) AND relname = ANY($1::text[]) ORDER BY 1]], names)
  for i, row in ipairs(found) do found[i] = row.name end
  return found
end

-- All at once, which takes the same time for any number of rows; false where the server will not have it: others refer
-- to the tables, or they are not the user's own.
local function truncate(tx, schema)
  return (pcall(tx.transaction, tx, function(inner)
    inner:executeRaw(("TRUNCATE %s RESTART IDENTITY"):format(table.concat(tablesOf(inner, schema), ", ")))
  end))
end

-- A view's rows are those of its tables.
local function without_views(schema)
  local tables = {}
  for name, model in pairs(schema) do
    if not model.view then tables[name] = model end
  end
  return tables
end

-- many = true: there may be many rows
return function(tx, schema, many)
  schema = without_views(schema)
  if many and next(schema) and truncate(tx, schema) then return end
  local gone, loosened = {}, false
  while #left(schema, gone) > 0 do
    local names = free(schema, gone, loosened)
    if #names == 0 and not loosened then
      loosen(tx, schema, gone)
      loosened = true
      names = free(schema, gone, loosened)
    end
    if #names == 0 then -- they cannot be without each other
      if truncate(tx, schema) then return end
      names = left(schema, gone) -- the database says what is in the way
    end
    for _, name in ipairs(names) do
      tx.models[name]:deleteMany()
      gone[name] = true
    end
  end
  restart(tx, schema)
end
