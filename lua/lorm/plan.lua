-- The server's plan of a statement, as a tree for people.
--   plan.lines(tree) -> { "Sort  (estimated rows=3, actual rows=1, actual time=0.031 ms)", "└─ Seq Scan on users", ... }
-- `tree` is the "Plan" of EXPLAIN (FORMAT JSON). Rows and times of a node are of all its loops together.
local plan = {}

-- What a node says beside its name, in this order.
local conditions = { "Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "Join Filter", "Filter", "One-Time Filter" }
local lists = { "Sort Key", "Group Key" }

local function name_of(node)
  local name = node["Node Type"]
  if name == "ModifyTable" then name = node.Operation end
  if node["Join Type"] and node["Join Type"] ~= "Inner" then
    name = name:gsub(" ?Join$", "") .. " " .. node["Join Type"] .. " Join"
  end
  if node["Index Name"] then name = name .. " using " .. node["Index Name"] end
  if node["Relation Name"] then name = name .. " on " .. node["Relation Name"] end
  if node.Alias and node.Alias ~= node["Relation Name"] and node["Relation Name"] then name = name .. " " .. node.Alias end
  return name
end

-- How many rows a node gave in all; nil when it was not run.
function plan.actual(node)
  local rows, loops = node["Actual Rows"], node["Actual Loops"]
  return rows and math.floor(rows * loops + 0.5)
end

local function figures(node)
  local parts = { ("estimated rows=%d"):format(node["Plan Rows"] or 0) }
  local actual = plan.actual(node)
  if actual and node["Actual Loops"] == 0 then
    parts[#parts + 1] = "never run"
  elseif actual then
    parts[#parts + 1] = ("actual rows=%d"):format(actual)
    parts[#parts + 1] = ("actual time=%.3f ms"):format((node["Actual Total Time"] or 0) * node["Actual Loops"])
    if node["Actual Loops"] > 1 then parts[#parts + 1] = ("loops=%d"):format(node["Actual Loops"]) end
  else
    parts[#parts + 1] = ("cost=%.2f"):format(node["Total Cost"] or 0)
  end
  return "  (" .. table.concat(parts, ", ") .. ")"
end

local function details(node)
  local lines = {}
  for _, key in ipairs(conditions) do
    if node[key] then lines[#lines + 1] = key:lower() .. ": " .. node[key] end
  end
  for _, key in ipairs(lists) do
    if node[key] then lines[#lines + 1] = key:lower() .. ": " .. table.concat(node[key], ", ") end
  end
  local removed = node["Rows Removed by Filter"]
  if removed and removed > 0 then
    lines[#lines + 1] = ("removed by filter: %d rows"):format(math.floor(removed * (node["Actual Loops"] or 1) + 0.5))
  end
  return lines
end

local function add(lines, node, first, rest)
  lines[#lines + 1] = first .. name_of(node) .. figures(node)
  local below = node.Plans or {}
  for _, line in ipairs(details(node)) do lines[#lines + 1] = rest .. (#below > 0 and "│  " or "   ") .. line end
  for i, child in ipairs(below) do
    local last = i == #below
    add(lines, child, rest .. (last and "└─ " or "├─ "), rest .. (last and "   " or "│  "))
  end
end

function plan.lines(tree)
  local lines = {}
  add(lines, tree, "", "")
  return lines
end

-- fn(node) of each node, the root first.
function plan.walk(tree, fn)
  fn(tree)
  for _, child in ipairs(tree.Plans or {}) do plan.walk(child, fn) end
end

return plan
