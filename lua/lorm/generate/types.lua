-- All annotation files of a schema: { ["models/User.lua"] = text, ... }.
--   local files, named = types.files(dmmf, { middleware = { "softDelete" }, statements = { { name =, parameters = } } })
local actions = require "lorm.generate.actions"
local names = require "lorm.generate.names"
local reads = require "lorm.generate.reads"
local scalars = require "lorm.generate.scalars"
local schema = require "lorm.generate.schema"
local writer = require "lorm.generate.writer"
local writes = require "lorm.generate.writes"

local types = {}

local static = {
  ["lorm.lua"] = "lorm", ["lorm/faker.lua"] = "faker", ["lorm/testing.lua"] = "testing", ["lorm/validate.lua"] = "validate",
  ["session.lua"] = "session", ["values.lua"] = "values", ["globals.lua"] = "seed",
}

-- Methods that a session has, and that win over models of the same name.
local function methods_of_sessions()
  local taken = { models = true, enums = true, sql = true }
  for name in require("lorm.generate.static.session"):gmatch "\nfunction %a+:(%a+)" do taken[name] = true end
  return taken
end

local function write_enum(out, named, enum)
  local values = {}
  for i, value in ipairs(enum.values) do values[i] = { '"' .. value.name .. '"', value.documentation } end
  if #values == 0 then values[1] = { "string" } end
  out:alias(named(enum.name), values, enum.documentation)
end

-- db.sql: a function for each statement, by values in order or by one table of names.
local sql_types = {
  Int = "integer", BigInt = "integer", Float = "number", Decimal = "lorm.DecimalInput", String = "string", Uuid = "string",
  Bytes = "string", Boolean = "boolean", DateTime = "lorm.DateTimeInput", Json = "any",
}
local function statement_type(named, statement)
  local positions, table_of_names, all_named = {}, {}, statement.n > 0
  for i = 1, statement.n do
    local p = statement.parameters[i] or { type = "Json" }
    local kind = sql_types[p.type] or named(p.type)
    if p.list then kind = "(" .. kind .. ")[]" end
    if p.optional then kind = kind .. "|lorm.Null" end
    positions[i] = (p.name or "value" .. i) .. (p.optional and "?: " or ": ") .. kind
    table_of_names[i] = p.name and p.name .. (p.optional and "?: " or ": ") .. kind
    all_named = all_named and p.name ~= nil
  end
  local one = "fun(" .. table.concat(positions, ", ") .. "): table<string, any>[]"
  if not all_named then return one end
  return one .. "|fun(values: { " .. table.concat(table_of_names, ", ") .. " }): table<string, any>[]"
end

local function client_file(on, options)
  local out, taken = writer.new(), methods_of_sessions()
  for _, enum in ipairs(on.schema.enums) do write_enum(out, on.named, enum) end
  out:class "lorm.Enums"
  for _, enum in ipairs(on.schema.enums) do
    local values = {}
    for i, value in ipairs(enum.values) do values[i] = ('["%s"]: "%s"'):format(value.name, value.name) end
    out:field(enum.name, "{ " .. table.concat(values, ", ") .. " }", true)
  end
  out:class "lorm.Models"
  for _, model in ipairs(on.schema.models) do out:field(model.name, on.named(model.name, "Delegate"), true) end
  out:class "lorm.Statements"
  for _, statement in ipairs(options.statements or {}) do
    out:field(statement.name, statement_type(on.named, statement), true, statement.doc)
  end
  out:class "lorm.Session"
  out:field("models", "lorm.Models", true)
  out:field("enums", "lorm.Enums", true)
  out:field("sql", "lorm.Statements", true, "The files of sql/, as functions.")
  for _, model in ipairs(on.schema.models) do
    if not taken[model.name] then
      out:field(model.name, on.named(model.name, "Delegate"), true, model.documentation)
    end
  end
  return out:text()
end

-- What softDelete brings to the models that have its field.
local function soft_delete(middleware)
  for _, entry in ipairs(middleware or {}) do
    local name = type(entry) == "table" and entry[1] or entry
    if name == "softDelete" then return type(entry) == "table" and entry.field or "deletedAt" end
  end
end

local function methods_by(on, middleware)
  local field = soft_delete(middleware)
  return function(model)
    if not field or not model.byName[field] then return {} end
    local where = on.named(model.name, "WhereInput")
    return {
      { "withDeleted", "fun(self: $): $", "Rows that were deleted, too." },
      { "onlyDeleted", "fun(self: $): $", "Only rows that were deleted." },
      { "restore", "fun(self: $, args: { where: " .. where .. " }): lorm.BatchPayload", "Takes a deletion back." },
    }
  end
end

function types.files(dmmf, options)
  options = options or {}
  local named = names.new(dmmf)
  local on = { named = named, kinds = scalars.new(named), schema = schema.of(dmmf) }
  on.methods = methods_by(on, options.middleware)
  on.numbers = function(model)
    for _, field in ipairs(model.scalars) do
      if scalars.is_number(field) then return true end
    end
    return false
  end
  local files = {}
  for path, name in pairs(static) do files[path] = require("lorm.generate.static." .. name) end
  for _, model in ipairs(on.schema.models) do
    local out = writer.new()
    reads.of(out, model, on)
    writes.of(out, model, on)
    actions.of(out, model, on)
    files["models/" .. model.name .. ".lua"] = out:text()
  end
  files["schema.lua"] = client_file(on, options)
  local shared = writer.new()
  on.kinds:write(shared)
  files["scalars.lua"] = shared:text()
  return files, named
end

return types
