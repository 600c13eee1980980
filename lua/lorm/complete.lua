-- Completion for the REPL: the words that the one before the cursor can become, a line each.
local core = require "lorm.core"
local client = require "lorm.client"
local model = require "lorm.model"

local completion = {}

local keywords = { "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
  "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while" }

local function add(names, more)
  for key, value in pairs(more) do
    if type(key) == "string" then
      names[key] = true
    elseif type(value) == "string" then
      names[value] = true
    end
  end
end

-- The names that a value can be followed by. A lazy client reads its schema for it; it connects to nothing yet.
local function names_after(value)
  local names = {}
  if type(value) == "string" then
    add(names, string)
  elseif client.kind(value) then
    add(names, client.state(value).methods)
    local fine, handle = pcall(client.handle, value)
    if fine then add(names, core.models(handle)) end
  elseif core.kindOf(value) == "model" then
    add(names, model.actions)
    add(names, { "explain", "fields", "stream" })
  elseif type(value) == "table" then
    add(names, value)
    add(names, core.columns(value) or {})
  end
  local meta = getmetatable(value)
  if type(value) == "userdata" and type(meta) == "table" and type(meta.__index) == "table" then add(names, meta.__index) end
  return names
end

local function value_of(path)
  local value, first = _G, true
  for name in path:gmatch "[%a_][%w_]*" do
    local fine, found = pcall(function()
      if first then return rawget(_G, name) end
      return value[name]
    end)
    if not fine or found == nil then return nil end
    value, first = found, false
  end
  return value
end

function completion.complete(text, cursor)
  local before = text:sub(1, cursor)
  local path, separator, prefix = before:match "([%a_][%w_%.:]*)([%.:])([%w_]*)$"
  local names, head = {}, ""
  if path then
    names, head = names_after(value_of(path)), path .. separator
  else
    prefix = before:match "([%a_][%w_]*)$" or ""
    if prefix == "" then return "" end
    add(names, _G)
    add(names, keywords)
  end
  local found = {}
  for name in pairs(names) do
    if name:sub(1, #prefix) == prefix and name:sub(1, 2) ~= "__" then found[#found + 1] = head .. name end
  end
  table.sort(found)
  return table.concat(found, "\n")
end

return completion
