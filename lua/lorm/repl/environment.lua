-- What names mean at the prompt: what was declared there, then the globals. Files that are required see only those.
--   local scope = environment.new()
--   scope.declare("x", true)      from now on x is the prompt's own, as yet what it was; true: it is closed at the end
--   load(text, name, "t", scope.env)
local environment = {}

function environment.new()
  local declared, values, closing = {}, {}, {}
  local scope = { declared = declared }

  scope.env = setmetatable({}, {
    __index = function(_, name)
      if declared[name] then return values[name] end
      return _G[name]
    end,
    __newindex = function(_, name, value)
      if declared[name] then values[name] = value else _G[name] = value end
    end,
    __pairs = function()
      local all = {}
      for name, value in pairs(_G) do all[name] = value end
      for name in pairs(declared) do all[name] = values[name] end
      return next, all
    end,
  })

  function scope.declare(name, close)
    if not name then return end
    if not declared[name] then declared[name], values[name] = true, _G[name] end
    if close then closing[#closing + 1] = name end
  end

  function scope.set(name, value)
    declared[name], values[name] = true, value
  end

  -- What was declared to be closed, the last first. An error closes the others all the same, and is returned.
  function scope.close()
    local problem
    for i = #closing, 1, -1 do
      local value = values[closing[i]]
      local meta = getmetatable(value)
      if type(meta) == "table" and meta.__close then
        local fine, e = pcall(meta.__close, value)
        problem = problem or (not fine and e or nil)
      end
      values[closing[i]] = nil
    end
    closing = {}
    return problem
  end

  return scope
end

return environment
