-- The schema and the middleware anew, after a migration or an edit.
--   reload.run(db) -> lines that say what is different
local catalog = require "lorm.catalog"
local client = require "lorm.client"
local core = require "lorm.core"
local loader = require "lorm.loader"

local reload = {}

local function fields_of(model)
  local fields = {}
  for _, field in ipairs(model and model.fields or {}) do
    fields[field.name] = ("%s%s"):format(field.type, field.isList and "[]" or field.isRequired and "" or "?")
  end
  return fields
end

local function compare(before, after, name, lines)
  local was, is = fields_of(before.models[name]), fields_of(after.models[name])
  local changes = {}
  for field, kind in pairs(is) do
    if not was[field] then changes[#changes + 1] = "+" .. field end
    if was[field] and was[field] ~= kind then changes[#changes + 1] = ("%s %s, was %s"):format(field, kind, was[field]) end
  end
  for field in pairs(was) do
    if not is[field] then changes[#changes + 1] = "-" .. field end
  end
  table.sort(changes)
  if #changes == 0 then return end
  local mark = not before.models[name] and "new model " or not after.models[name] and "no more model " or ""
  lines[#lines + 1] = ("  %s%s: %s"):format(mark, name, table.concat(changes, " "))
end

local function differences(before, after)
  local lines, seen = {}, {}
  for _, made in ipairs { after, before } do
    for _, name in ipairs(made.names) do
      if not seen[name] then compare(before, after, name, lines) end
      seen[name] = true
    end
  end
  return lines
end

function reload.run(db)
  local before = catalog.project()
  catalog.forget()
  local after, why = catalog.project()
  if not after then core.throw { name = "UsageError", message = "The schema was not loaded: " .. why } end
  client.reopen(db)
  loader.refresh(db, true)
  local lines = before and differences(before, after) or {}
  local count = #after.names
  table.insert(lines, 1, ("loaded: %d model%s, %s"):format(count, count == 1 and "" or "s",
    #lines == 0 and "as before" or "changed:"))
  return lines
end

return reload
