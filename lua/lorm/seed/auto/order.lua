-- In which order to fill models that hold keys of each other.
--   for _, step in ipairs(order(list)) do ... end
-- A step is a list of models: one, or several that need each other. Where a circle can be cut, it is: the ref, whose key
-- may be NULL, is marked `late` and filled in by an update when all rows are there. A step of several models, then, has
-- no such ref, and its rows need their foreign keys checked only at its end.

-- The strongly connected parts by R. Tarjan, those first that others need.
local function parts(list, targets)
  local index, low, on, stack, found, count = {}, {}, {}, {}, {}, 0
  local function visit(model)
    count = count + 1
    index[model], low[model], on[model] = count, count, true
    stack[#stack + 1] = model
    for _, target in ipairs(targets(model)) do
      if not index[target] then
        visit(target)
        low[model] = math.min(low[model], low[target])
      elseif on[target] then
        low[model] = math.min(low[model], index[target])
      end
    end
    if low[model] ~= index[model] then return end
    local part = {}
    repeat
      local member = table.remove(stack)
      on[member] = false
      table.insert(part, 1, member)
    until member == model
    found[#found + 1] = part
  end
  for _, model in ipairs(list) do
    if not index[model] then visit(model) end
  end
  return found
end

return function(list, byName)
  local function targets(model)
    local out = {}
    for _, ref in ipairs(model.refs) do
      local target = byName[ref.model]
      if target and target ~= model and not ref.late then out[#out + 1] = target end
    end
    return out
  end

  -- Cut one ref of a part: an optional one. False when there is none.
  local function cut(part)
    local inside = {}
    for _, model in ipairs(part) do inside[model] = true end
    for _, model in ipairs(part) do
      for _, ref in ipairs(model.refs) do
        local target = byName[ref.model]
        if ref.optional and not ref.late and target ~= model and inside[target] then
          ref.late = true
          return true
        end
      end
    end
    return false
  end

  while true do
    local found, again = parts(list, targets), false
    for _, part in ipairs(found) do
      if #part > 1 and cut(part) then again = true end
    end
    if not again then return found end
  end
end
