-- What could stand at the end of the text, which is what was typed up to the cursor.
--   complete.candidates(text, { env =, commands = }) -> how many bytes of its end are replaced, { candidates }
-- Models, actions, arguments, fields, operators and enum values where the schema says so, names of Lua elsewhere, names
-- of files in strings, commands behind a dot. Nothing is run but lookups in tables; nothing is connected to.
local catalog = require "lorm.catalog"
local client = require "lorm.client"
local context = require "lorm.repl.context"
local core = require "lorm.core"
local grammar = require "lorm.repl.grammar"
local model = require "lorm.model"
local tokens = require "lorm.repl.tokens"

local complete = {}

local function matching(names, prefix)
  local found, seen = {}, {}
  for _, name in ipairs(names) do
    if name:sub(1, #prefix) == prefix and not seen[name] and (prefix:sub(1, 2) == "__" or name:sub(1, 2) ~= "__") then
      seen[name] = true
      found[#found + 1] = name
    end
  end
  table.sort(found)
  return found
end

local function string_keys(value, into)
  for key in pairs(value) do
    if type(key) == "string" and key:find "^[%a_][%w_]*$" then into[#into + 1] = key end
  end
end

-- ---- values ----

-- What a chain of names means now; nil when a step of it is not there, or would have to be computed.
local function value_of(env, chain)
  local value = env
  for i, name in ipairs(chain) do
    if not name or (i > 1 and type(value) ~= "table" and type(value) ~= "string") then return nil end
    local fine, found = pcall(function() return value[name] end)
    if not fine or found == nil then return nil end
    value = found
  end
  return value
end

local function session_names(session)
  local names = {}
  string_keys(client.state(session).methods, names)
  for part in pairs { models = true, enums = true, sql = true } do names[#names + 1] = part end
  local schema = catalog.of(session)
  for _, name in ipairs(schema and schema.names or {}) do names[#names + 1] = name end
  return names
end

local function model_names(name, state)
  local names = { "explain", "fields", "stream" }
  string_keys(model.actions, names)
  if state then string_keys(state.methodsOf(name), names) end
  return names
end

local function table_names(value)
  local names = {}
  string_keys(value, names)
  for _, name in ipairs(core.columns(value) or {}) do names[#names + 1] = name end
  local meta = getmetatable(value)
  if type(meta) == "table" and type(meta.__index) == "table" then string_keys(meta.__index, names) end
  return names
end

local function names_of_value(value)
  local kind = type(value)
  if kind == "string" then return table_names(string) end
  if client.kind(value) then return session_names(value) end
  local about = core.kindOf(value) == "model" and model.about(value)
  if about then return model_names(about.name, about.state) end
  local meta = getmetatable(value)
  if kind == "table" then return table_names(value) end
  if kind == "userdata" and type(meta) == "table" and type(meta.__index) == "table" then return table_names(meta.__index) end
  return {}
end

-- Chains into a client are looked up in the schema, not in the client, which would connect for it.
local function schema_names(env, chain)
  local session = value_of(env, { chain[1] })
  local schema = client.kind(session) and catalog.of(session)
  if not schema then return nil end
  if #chain == 1 then return session_names(session) end
  if chain[2] == "enums" then
    return #chain == 2 and schema.enumNames or #chain == 3 and schema.enums[chain[3]] or {}
  end
  local at = chain[2] == "models" and 3 or 2
  if chain[2] == "models" and #chain == 2 then return schema.names end
  local found = schema.models[chain[at] or ""]
  if not found then return nil end
  if #chain == at then return model_names(found.name, client.state(session)) end
  if chain[at + 1] ~= "fields" or #chain > at + 1 then return {} end
  local names = {}
  for _, field in ipairs(found.fields) do
    if field.kind ~= "object" then names[#names + 1] = field.name end
  end
  return names
end

local function members(env, chain)
  local names = schema_names(env, chain)
  if names then return names end
  local value = value_of(env, chain)
  if value ~= nil then return names_of_value(value) end
  local schema = catalog.project() -- tx.Post, where tx is a parameter
  if schema and schema.models[chain[#chain] or ""] then return model_names(chain[#chain]) end
  if chain[1] == "tx" and #chain == 1 and schema then return schema.names end
  return {}
end

-- ---- arguments ----

-- The model and the action that a chain calls: db.Post:findMany, or Post:findMany where Post is one.
local function called(env, chain)
  local action = chain[#chain]
  if #chain < 2 or not grammar.actions[action] then return nil end
  local schema = catalog.of(value_of(env, { chain[1] }))
  local name = chain[#chain - 1]
  if not (schema and schema.models[name]) then
    local value = value_of(env, { table.unpack(chain, 1, #chain - 1) })
    local about = core.kindOf(value) == "model" and model.about(value)
    if not about then return nil end
    name, schema = about.name, catalog.of(about.state.root.session)
  end
  return schema, name, action
end

-- The node of the innermost table, following the keys from the call's arguments.
local function node_at(env, frames)
  for at = #frames, 1, -1 do
    local callee = frames[at].callee
    local schema, name, action = nil, nil, nil
    if callee then schema, name, action = called(env, callee) end
    if schema then
      local node = grammar.arguments(schema, name, action)
      for inner = at + 1, #frames do
        if not node then return nil end
        local frame = frames[inner]
        if frame.open ~= "{" then return nil end
        local first = inner == at + 1 and frames[at].open == "("
        if not first then node = frame.key and node.child(frame.key) or (not frame.key and node.item and node.item()) or nil end
      end
      return frames[#frames].open == "{" and node or nil
    end
  end
end

local function key_names(env, ctx)
  local node = node_at(env, ctx.frames)
  if not node then return nil end
  local names = node.names()
  for i, name in ipairs(names) do
    if tokens.keywords[name] then names[i] = name .. "_" end
  end
  return names
end

local function values_at(env, ctx)
  local node = node_at(env, ctx.frames)
  local child = node and ctx.key and node.child(ctx.key)
  return child and child.values and child.values() or nil
end

-- Strings that may stand here: values in quotes, and words of lists.
local function strings_at(env, ctx)
  local node = node_at(env, ctx.frames)
  if not node then return nil end
  local list
  if ctx.key then
    local child = node.child(ctx.key)
    list = child and (child.values and child.values() or child.words and child.words())
    if list and #list == 0 and child.words then list = child.words() end
  else
    list = node.words and node.words() or node.values and node.values()
  end
  local words = {}
  for _, value in ipairs(list or {}) do
    local inside = value:match '^"(.*)"$' or (value ~= "true" and value ~= "false" and value) or nil
    if inside then words[#words + 1] = inside end
  end
  return words
end

-- ---- files ----

function complete.files(prefix)
  local folder, name = prefix:match "^(.*/)([^/]*)$"
  folder, name = folder or "", name or prefix
  local place = folder == "" and "." or folder:gsub("^~/", (os.getenv "HOME" or "~") .. "/")
  local found = {}
  for _, entry in ipairs(core.files(place)) do
    local hidden = entry:sub(1, 1) == "." and name:sub(1, 1) ~= "."
    if not hidden and entry ~= "./" and entry ~= "../" then found[#found + 1] = folder .. entry end
  end
  return matching(found, prefix)
end

-- ---- all together ----

local function lua_names(env)
  local names = {}
  string_keys(env, names)
  for word in pairs(tokens.keywords) do names[#names + 1] = word end
  return names
end

local function lua_candidates(text, env)
  local ctx = context.at(text)
  local prefix = ctx.prefix or ""
  if ctx.mode == "member" then return #prefix, matching(members(env, ctx.chain), prefix) end
  if ctx.mode == "string" then
    local words = strings_at(env, ctx)
    if words and #words > 0 then return #prefix, matching(words, prefix) end
    return #prefix, complete.files(prefix)
  end
  if ctx.mode == "key" then
    local found = matching(key_names(env, ctx) or {}, prefix)
    if #found == 1 then found[1] = found[1] .. " = " end
    if #found > 0 or prefix == "" then return #prefix, found end
  end
  if ctx.mode == "value" then
    local found = matching(values_at(env, ctx) or {}, prefix)
    if #found > 0 then return #prefix, found end
  end
  if not ctx.mode or prefix == "" then return 0, {} end
  return #prefix, matching(lua_names(env), prefix)
end

-- What stands behind a command: nothing known, or as the command says ("model", "file", "expression", { words }).
local function command_candidates(text, env, commands)
  local name, rest = text:match "^%s*%.(%a*)%s+(.*)$"
  if not name then
    local names = {}
    for _, command in ipairs(commands) do names[#names + 1] = "." .. command.name end
    local prefix = text:match "^%s*(.*)$"
    return #prefix, matching(names, prefix)
  end
  for _, command in ipairs(commands) do
    if command.name == name and command.complete then return command.complete(rest, env) end
  end
end

function complete.candidates(text, session)
  if not text:find "%S" then return 0, { "  " } end
  if text:find "^%s*%.%a*$" or text:find "^%s*%.%a+%s" then
    local n, found = command_candidates(text, session.env, session.commands)
    return n or 0, found or {}
  end
  if text:find "^%s*=" then text = text:gsub("^%s*=", "", 1) end
  return lua_candidates(text, session.env)
end

complete.lua = lua_candidates
complete.matching = matching

return complete
