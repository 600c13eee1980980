-- Rows by the value of a column: what a query for many parents becomes, parent by parent.
--   lorm.groupBy(posts, "authorId")              { [1] = { post, ... }, [7] = { ... } }
--   lorm.groupBy(posts, "authorId", { 1, 7, 9 }) the same, with an empty list where nothing was found
--   lorm.groupBy(posts, function(post) return post.title:sub(1, 1) end)
-- Rows keep their order. Those without a value are left out. Decimals and dates are keys by their text.
local core = require "lorm.core"

local function invalid(path, message) core.throw { name = "ValidationError", path = path, message = message } end

local function as_key(value)
  if type(value) == "userdata" then return tostring(value) end
  return value
end

return function(rows, by, keys)
  if type(rows) ~= "table" then invalid("rows", "lorm.groupBy takes a list of rows, and the name of a field.") end
  if type(by) ~= "string" and type(by) ~= "function" then invalid("by", "Expected the name of a field, or a function.") end
  if keys ~= nil and type(keys) ~= "table" then invalid("keys", "Expected a list of keys.") end
  local value_of = type(by) == "function" and by or function(row) return row[by] end
  local groups = {}
  for _, key in ipairs(keys or {}) do groups[as_key(key)] = {} end
  for _, row in ipairs(rows) do
    local key = as_key(value_of(row))
    if key ~= nil then
      groups[key] = groups[key] or {}
      table.insert(groups[key], row)
    end
  end
  return groups
end
