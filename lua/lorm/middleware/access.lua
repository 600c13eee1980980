-- Who may do what: by model, action, row and field, for the user of db:as(user).
--   middleware = { { "access",
--     roles = { ADMIN = { "MODERATOR" }, MODERATOR = { "USER" } },       -- an ADMIN may all that a MODERATOR may, and so on
--     rules = {
--       Post = {
--         delete = { "ADMIN" }, create = { "USER" },                      -- what is not said, all may
--         rows = { USER = function(user) return { authorId = user.id } end, MODERATOR = true },
--       },
--       User = { write = { "ADMIN" }, fields = { email = { read = { "MODERATOR" } }, role = { write = { "ADMIN" } } } },
--     } } }
--
--   rules     Model = { read, create, update, delete, write (the last three), or the name of an action = { roles },
--             rows = { ROLE = where, function(user) or true }, fields = { name = { read =, write = } } }
--   roles     ROLE = { those that it includes }
--   role      what a user's role is: the name of a field (default "role") whose value is one or a list, or function(user)
--   guest     the role of calls on behalf of nobody; unsaid, these may do everything
--   raw       { roles } that may use raw SQL; unsaid, those of no user only
--   db:as(user):requireRole "MODERATOR"                                   raises unless the user is that, or more
-- Nested writes and included rows are subject to the rules of their own models. Rows that a user has none of `rows` for
-- do not exist; with several roles, those of each of them do. A field that may not be read is left out of results, and
-- an error where it is asked for, in filters too. Refused calls raise PermissionDenied before any SQL.
local core = require "lorm.core"
local client = require "lorm.client"
local nearest = require "lorm.nearest"

local access = {}

local function deny(who, what, roles, params)
  core.throw {
    code = "PermissionDenied", model = params.model, action = params.action,
    message = ("Insufficient permissions: %s may not %s%s."):format(#who > 0 and table.concat(who, ", ") or "nobody", what,
      roles and #roles > 0 and (" (it takes %s)"):format(table.concat(roles, " or ")) or ""),
  }
end

-- ---- roles ----

local function add_role(self, set, role)
  if set[role] then return end
  set[role] = true
  for _, lower in ipairs(self.roles[role] or {}) do add_role(self, set, lower) end
end

-- The roles of a user as they are named, and as a set with all that they include; nil: everything is allowed.
local function roles_of(self, user)
  local named
  if user == nil then
    if not self.guest then return nil end
    named = self.guest
  elseif type(self.role) == "function" then
    named = self.role(user)
  else
    named = type(user) == "table" and user[self.role] or nil
  end
  local list, set = type(named) == "table" and named or { named }, {}
  for _, role in ipairs(list) do add_role(self, set, role) end
  return list, set
end

local function any_of(set, allowed)
  for _, role in ipairs(allowed) do
    if set[role] then return true end
  end
  return false
end

-- ---- rules of actions ----

local groups = { -- action -> what it does
  create = { "create" }, createMany = { "create" }, createManyAndReturn = { "create" }, upsertMany = { "create", "update" },
  update = { "update" }, updateMany = { "update" }, updateManyAndReturn = { "update" }, updateEach = { "update" },
  upsert = { "create", "update" }, delete = { "delete" }, deleteMany = { "delete" }, copyIn = { "create" },
}
local reads = { "read" }

-- Who may do it; nil: all.
local function allowed(rule, action, deed)
  if rule[action] ~= nil then return rule[action] end
  if rule[deed] ~= nil then return rule[deed] end
  return deed ~= "read" and rule.write or nil
end

local function check_action(call, model, action, deeds)
  local rule = call.self.rules[model]
  if not rule then return end
  for _, deed in ipairs(deeds) do
    local roles = allowed(rule, action, deed)
    if roles and not any_of(call.set, roles) then deny(call.who, ("%s %s"):format(deed, model), roles, call.params) end
  end
end

-- ---- fields and what is nested ----

local function check_field(call, model, name, way)
  local rule = call.self.rules[model]
  local roles = rule and rule.fields and rule.fields[name] and rule.fields[name][way]
  if roles and not any_of(call.set, roles) then deny(call.who, ("%s %s.%s"):format(way, model, name), roles, call.params) end
end

-- Fields that this user may not see of a model, as an omit, or nil.
local function unseen(call, model)
  local rule, omit = call.self.rules[model], nil
  for name, ways in pairs(rule and rule.fields or {}) do
    if ways.read and not any_of(call.set, ways.read) then
      omit = omit or {}
      omit[name] = true
    end
  end
  return omit
end

-- All that stands in arguments that read: names of fields, and of relations, which lead to other models.
local function check_reads(call, model, value)
  local relations = call.self.relations[model]
  for key, part in next, value do
    local name = type(key) == "number" and type(part) == "string" and part or key
    local target = relations[name]
    if target then check_action(call, target, "findMany", reads) end
    if type(name) == "string" and not target and part ~= false then check_field(call, model, name, "read") end
    if type(part) == "table" and key ~= "omit" then check_reads(call, target or model, part) end
  end
end

local nested = { -- what an operation of a nested write does to rows of the other model
  create = { "create" }, createMany = { "create" }, connectOrCreate = { "create" }, update = { "update" }, updateMany = { "update" },
  upsert = { "create", "update" }, delete = { "delete" }, deleteMany = { "delete" },
}
local ties = { connect = true, connectOrCreate = true, disconnect = true, set = true } -- they write the side with the key

local check_data

local function check_nested(call, model, name, operations)
  local target, holds_key = call.self.relations[model][name], call.self.keys[model][name]
  for operation, value in next, operations do
    if nested[operation] then check_action(call, target, operation, nested[operation]) end
    if ties[operation] and holds_key == false then check_action(call, target, operation, { "update" }) end
    if type(value) == "table" and operation ~= "connect" and operation ~= "set" and operation ~= "disconnect" then
      check_data(call, target, value)
    end
  end
end

local reading = { where = true, select = true, include = true, omit = true }

-- Row data, lists of it, and { where =, data =, create =, update = } around it.
function check_data(call, model, value)
  local relations, fields = call.self.relations[model], call.self.fields[model]
  for name, part in next, value do
    if relations[name] then
      if type(part) == "table" then check_nested(call, model, name, part) end
    elseif fields[name] then
      check_field(call, model, name, "write")
    elseif reading[name] and type(part) == "table" then
      check_reads(call, model, part)
    elseif type(part) == "table" then
      check_data(call, model, part)
    end
  end
end

-- The same selection without what may not be seen; arguments are the caller's, so it is a copy.
local function hidden(call, model, args)
  local out = {}
  for name, value in next, args do out[name] = value end
  local omit = unseen(call, model)
  if omit and not args.select then
    for name, value in next, args.omit or {} do omit[type(name) == "number" and value or name] = type(name) == "number" or value end
    out.omit = omit
  end
  for _, part in ipairs { "select", "include" } do
    if type(args[part]) == "table" then
      out[part] = {}
      for key, value in next, args[part] do
        local positional = type(key) == "number" and type(value) == "string"
        local name = positional and value or key
        local target = call.self.relations[model][name]
        if target and value ~= false then
          out[part][name] = hidden(call, target, type(value) == "table" and value or {})
          if next(out[part][name]) == nil then out[part][name] = true end
        else
          out[part][positional and value or key] = positional or value
        end
      end
    end
  end
  return out
end

local no_rows = { createMany = true, updateMany = true, deleteMany = true, count = true, aggregate = true, groupBy = true,
  exists = true, updateEach = true, upsertMany = true }
local written = { data = true, create = true, update = true }

local function check_call(call)
  local params = call.params
  local model, args = params.model, params.args
  check_action(call, model, params.action, groups[params.action] or reads)
  for name, part in next, args do
    if type(part) == "table" then
      if written[name] then check_data(call, model, part) else check_reads(call, model, { [name] = part }) end
    end
  end
  if not no_rows[params.action] then params.args = hidden(call, model, args) end
end

-- ---- rows ----

-- The scope of a model: the rows of all roles that a user has.
local function scope_of(self, rows)
  return function(ctx)
    local _, set = roles_of(self, ctx.user)
    if not set then return true end
    local any = {}
    for role, where in pairs(rows) do
      if set[role] then
        if type(where) == "function" then where = where(ctx.user) end
        if where == true then return true end
        if where then any[#any + 1] = where end
      end
    end
    return #any > 0 and { OR = any } or false
  end
end

-- ---- all of it ----

local known = { roles = true, rules = true, role = true, guest = true, raw = true }
local parts = { read = true, write = true, rows = true, fields = true, create = true, update = true, delete = true }

local function check_name(name, all, what)
  if all[name] then return end
  error(("access: unknown %s `%s`.%s"):format(what, tostring(name), nearest.hint(tostring(name), nearest.names(all))), 0)
end

local function check_roles(self, roles, path)
  if type(roles) ~= "table" then error(("access: %s must be a list of roles"):format(path), 0) end
  for _, role in ipairs(roles) do
    if next(self.roles) and not self.known_roles[role] then check_name(role, self.known_roles, "role") end
  end
end

local function check_rule(self, model, rule)
  local actions = {}
  for name in pairs(core.actions()) do actions[name] = true end
  for name in pairs(parts) do actions[name] = true end
  for name, value in pairs(rule) do
    check_name(name, actions, "action of " .. model)
    if name == "fields" then
      for field, ways in pairs(value) do
        check_name(field, self.fields[model], "field of " .. model)
        for way, roles in pairs(ways) do
          check_name(way, { read = true, write = true }, ("word for %s.%s"):format(model, field))
          check_roles(self, roles, ("rules.%s.fields.%s.%s"):format(model, field, way))
        end
      end
    elseif name == "rows" then
      for role in pairs(value) do check_roles(self, { role }, "rows") end
    else
      check_roles(self, value, ("rules.%s.%s"):format(model, name))
    end
  end
end

local function read_schema(self, db)
  self.relations, self.fields, self.keys = {}, {}, {}
  for _, model in ipairs(db:schema().models) do
    local relations, fields, keys = {}, {}, {}
    for _, field in ipairs(model.fields) do
      if field.kind == "object" then
        relations[field.name] = field.type
        if not field.isList then keys[field.name] = #(field.relationFromFields or {}) > 0 end
      else
        fields[field.name] = true
      end
    end
    self.relations[model.name], self.fields[model.name], self.keys[model.name] = relations, fields, keys
  end
  for _, model in ipairs(db:schema().models) do -- lists: of the other's key, or of a table between both
    for _, field in ipairs(model.fields) do
      if field.kind == "object" and field.isList then
        for _, other in ipairs(db:schema().models) do
          for _, back in ipairs(other.name == field.type and other.fields or {}) do
            if back.relationName == field.relationName and not back.isList and back.kind == "object" then
              self.keys[model.name][field.name] = false
            end
          end
        end
      end
    end
  end
end

local function requireRole(self, db, role)
  local who, set = roles_of(self, client.state(db).user)
  if client.state(db).user == nil or not set[role] then
    deny(who or {}, "do this", { role }, { action = "requireRole" })
  end
  return db
end

local function state_of(db, options)
  for name in pairs(options) do check_name(name, known, "option") end
  local self = { roles = options.roles or {}, rules = options.rules or {}, role = options.role or "role", guest = options.guest,
    raw = options.raw or {}, known_roles = {} }
  for role, lower in pairs(self.roles) do
    self.known_roles[role] = true
    for _, name in ipairs(lower) do self.known_roles[name] = true end
  end
  read_schema(self, db)
  for model, rule in pairs(self.rules) do
    check_name(model, self.fields, "model")
    check_rule(self, model, rule)
  end
  return self
end

function access.setup(db, options)
  local self = state_of(db, options)
  local scopes
  for model, rule in pairs(self.rules) do
    if rule.rows then
      scopes = scopes or {}
      scopes[model] = scope_of(self, rule.rows)
    end
  end
  local function hook(params, next)
    local who, set = roles_of(self, params.user)
    if not who then return next(params) end
    local call = { self = self, who = who, set = set, params = params }
    if params.model then
      check_call(call)
    elseif not any_of(set, self.raw) then
      deny(who, "use raw SQL", self.raw, params)
    end
    return next(params)
  end
  local extension = { name = "access", scopes = scopes }
  extension.client = { requireRole = function(client_, role) return requireRole(self, client_, role) end }
  return { use = hook, extends = extension }
end

return access
