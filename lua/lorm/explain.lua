-- Why a call takes what it takes: each of its statements with the server's plan.
--   local explanation = db.User:explain { where = ..., action = "findMany", analyze = false }
--   explanation[1].sql, .plan (lines), .tree (as the server gave it), .hints ({ model =, line =, text = })
-- tostring of it is all that. Nothing is run, unless it is a read and `analyze` is true. What would come from an earlier
-- statement is NULL in a later one, unless that was run.
local advise = require "lorm.advise"
local catalog = require "lorm.catalog"
local core = require "lorm.core"
local plan = require "lorm.plan"

local explain = {}

local Explanation = {
  __tostring = function(self)
    local parts = {}
    for i, statement in ipairs(self) do
      local lines = { statement.sql, table.unpack(statement.plan) }
      for _, hint in ipairs(statement.hints) do lines[#lines + 1] = "hint: " .. hint.text end
      parts[i] = table.concat(lines, "\n")
    end
    return table.concat(parts, "\n\n")
  end,
}

local function statement_of(sql, rows, schema)
  local tree = rows[1]["QUERY PLAN"][1].Plan
  return { sql = sql, tree = tree, plan = plan.lines(tree), hints = schema and advise.hints(tree, schema) or {} }
end

-- The call model:action(args) of a session.
function explain.call(state, model, name, args)
  local query, action, analyze = {}, "findMany", false
  for key, value in pairs(args or {}) do query[key] = value end
  if query.action ~= nil then action, query.action = query.action, nil end
  if query.analyze ~= nil then analyze, query.analyze = query.analyze, nil end
  local ask = core.explain(state.handle, name, action)
  if not ask then
    core.throw {
      name = "UsageError", message = ("db.%s has no action %s to explain."):format(name, tostring(action)),
    }
  end
  local explanation, schema = setmetatable({}, Explanation), catalog.of(state.root.session)
  local function call(fn, ...)
    if state.scopes then return state.scopes:run(fn, model, query, ...) end
    return (fn(model, query, nil, ...))
  end
  for i, sql in ipairs(call(core.statements(state.handle, name, action))) do
    explanation[i] = statement_of(sql, call(ask, i - 1, analyze), schema)
  end
  return explanation
end

-- Raw SQL, as queryRaw and executeRaw take it: { sql =, n =, ... }. It is never run.
function explain.raw(state, args)
  local rows = core.raw(state.handle, true, "EXPLAIN (FORMAT JSON) " .. args.sql, table.unpack(args, 1, args.n))
  return setmetatable({ statement_of(args.sql, rows, catalog.of(state.root.session)) }, Explanation)
end

return explain
