-- Indexes that a plan would like to have.
--   advise.hints(tree, catalog) -> { { model =, line = "@@index([authorId])", text = }, ... }
-- A sequential scan that reads many rows to keep few, by conditions on columns that no index begins with.
local plan = require "lorm.plan"

local advise = {}

local FEWEST_READ, LEAST_COST, MOST_KEPT <const> = 500, 30, 0.3

-- The rows that a scan read and kept: measured, else nil where the estimate says that it is not worth a hint.
local function read_and_kept(node)
  local kept = plan.actual(node)
  if not kept or node["Actual Loops"] == 0 then
    return node["Total Cost"] >= LEAST_COST and "many" or nil, node["Plan Rows"]
  end
  local read = kept + math.floor((node["Rows Removed by Filter"] or 0) * node["Actual Loops"] + 0.5)
  if read < FEWEST_READ or kept > read * MOST_KEPT then return nil end
  return read, kept
end

-- ---- what a condition asks of which column ----

local function escaped(name) return (name:gsub("%W", "%%%0")) end

-- Where the column is named in the condition; the operator behind it.
local function operator_behind(condition, column)
  for _, form in ipairs { '"' .. escaped(column) .. '"', "%f[%w_\"]" .. escaped(column) .. "%f[^%w_\"]" } do
    local from, to = condition:find(form)
    if from then
      local rest = condition:sub(to + 1):gsub('^%)*::[%w_" .%(%)]-([=<>~@&!]+)', " %1"):gsub("^[%s%)]+", "")
      local inside = condition:sub(1, from - 1):match "(%w+)%([%w_\".]*$"
      return rest:match "^([=<>~@&!*]+)" or rest:match "^(IS N%u+)" or "", inside
    end
  end
end

local kinds = {
  ["="] = "equal", ["<"] = "range", [">"] = "range", ["<="] = "range", [">="] = "range", ["~~"] = "pattern", ["~~*"] = "pattern",
  ["@>"] = "inside", ["&&"] = "inside",
}

-- { equal = { fields }, range =, pattern =, inside = } of a condition.
local function asked(condition, model)
  local found = { equal = {}, range = {}, pattern = {}, inside = {} }
  condition = condition:gsub("'[^']*'", "''")
  for _, field in ipairs(model.fields) do
    if field.kind ~= "object" then
      local operator, call = operator_behind(condition, field.dbName or field.name)
      local kind = operator and not call and kinds[operator]
      if kind then table.insert(found[kind], field.name) end
    end
  end
  return found, condition:find " OR " ~= nil
end

-- ---- the index for it ----

local function has_index(catalog, model, first)
  for _, index in ipairs(catalog.indexes) do
    if index.model == model.name and index.fields[1] and index.fields[1].name == first then return true end
  end
  return false
end

local function lines_for(catalog, model, condition)
  local found, either = asked(condition, model)
  local lines = {}
  local function add(fields, form)
    if #fields > 0 and not has_index(catalog, model, fields[1]) then
      lines[#lines + 1] = form:format(table.concat(fields, ", "))
    end
  end
  if either then
    for _, kind in ipairs { "equal", "range" } do
      for _, name in ipairs(found[kind]) do add({ name }, "@@index([%s])") end
    end
  else
    local fields = found.equal
    if found.range[1] then fields[#fields + 1] = found.range[1] end
    add(fields, "@@index([%s])")
  end
  if #lines == 0 or either then
    for _, name in ipairs(found.pattern) do add({ name }, '@@index([%s(ops: raw("gin_trgm_ops"))], type: Gin)') end
    for _, name in ipairs(found.inside) do add({ name }, "@@index([%s], type: Gin)") end
  end
  return lines
end

local function model_of(catalog, name)
  for _, model in pairs(catalog.models) do
    if model.table == name then return model end
  end
end

local function text_of(node, model, line, read, kept)
  local found = read == "many" and ("reads all of %s for %d row%s"):format(node["Relation Name"], kept, kept == 1 and "" or "s")
    or ("reads %d rows of %s and keeps %d"):format(read, node["Relation Name"], kept)
  local extension = line:find("gin_trgm_ops", 1, true) and " (with the extension pg_trgm)" or ""
  return ("a sequential scan %s; an index would spare that%s. In model %s:\n  %s"):format(found, extension, model.name, line)
end

function advise.hints(tree, catalog)
  local hints, seen = {}, {}
  plan.walk(tree, function(node)
    if node["Node Type"] ~= "Seq Scan" or not node.Filter then return end
    local model = model_of(catalog, node["Relation Name"])
    local read, kept = read_and_kept(node)
    if not model or not read then return end
    for _, line in ipairs(lines_for(catalog, model, node.Filter)) do
      if not seen[model.name .. line] then
        seen[model.name .. line] = true
        hints[#hints + 1] = { model = model.name, line = line, text = text_of(node, model, line, read, kept) }
      end
    end
  end)
  return hints
end

return advise
