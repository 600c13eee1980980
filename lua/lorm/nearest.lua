-- The name that was probably meant.
--   nearest.of("emial", { "email", "name" })       -> "email", or nil when nothing is near
--   nearest.hint("emial", { "email", "name" })     -> " Did you mean `email`?", or ""
local nearest = {}

-- Edits (insert, delete, replace, swap of neighbours) from a to b, in lower case.
local function distance(a, b)
  local before, row = nil, {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local new = { [0] = i }
    for j = 1, #b do
      local same = a:byte(i) == b:byte(j)
      local best = math.min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (same and 0 or 1))
      if before and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
        best = math.min(best, before[j - 2] + 1)
      end
      new[j] = best
    end
    before, row = row, new
  end
  return row[#b]
end

function nearest.of(word, candidates)
  local found, least = nil, #word // 3 + 2
  for _, candidate in ipairs(candidates) do
    local d = distance(word:lower(), candidate:lower())
    if d < least or (d == least and found and candidate < found) then found, least = candidate, d end
  end
  return found
end

function nearest.hint(word, candidates)
  local found = nearest.of(tostring(word), candidates)
  return found and (" Did you mean `%s`?"):format(found) or ""
end

-- The names of a table, sorted: candidates in an order that does not change.
function nearest.names(t)
  local names = {}
  for name in pairs(t) do
    if type(name) == "string" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

return nearest
