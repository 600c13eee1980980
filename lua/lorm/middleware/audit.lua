-- Who changed what, before and after, in a table of its own, "_lorm"."audit".
--   middleware = { "audit" }                                       all models
--   middleware = { { "audit", models = { "User", "Post" }, who = function(user) return user.email end } }
--
--   models    { names }; unsaid: all
--   who       function(user) -> text; unsaid: user.id of db:as(user), or the user itself when it is a text or a number
--   db.User:history(7)                 { { at =, action = "update", who =, before = {}, after = {}, changed = { names } }, ... }
--   db.User:history { a = 1, b = 2 }   of a model with a compound key
-- Triggers write it, so nested writes, cascades, raw SQL and other programs are in it, and a change that was rolled back
-- is not. They are made at the first write. Fields that the schema marks by `/// @secret` are left out; values are as in
-- JSON. `lorm db push`, `migrate` and `db pull` leave the schema "_lorm" alone.
local client = require "lorm.client"
local core = require "lorm.core"
local lorm = require "lorm"
local nearest = require "lorm.nearest"

local audit = {}

local SETTING <const> = "lorm.who" -- whom the triggers note

local objects = {
  [[CREATE SCHEMA IF NOT EXISTS "_lorm"]],
  [[CREATE TABLE IF NOT EXISTS "_lorm"."audit" (
    "id" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "at" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    "model" TEXT NOT NULL, "key" JSONB NOT NULL, "action" TEXT NOT NULL, "who" TEXT, "before" JSONB, "after" JSONB)]],
  [[CREATE INDEX IF NOT EXISTS "audit_key" ON "_lorm"."audit" ("model", "key")]],
  -- arguments of a trigger: the model, the number of key columns, these, and the columns that are left out
  [[CREATE OR REPLACE FUNCTION "_lorm"."audit"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog AS $$
    DECLARE
      n int := TG_ARGV[1]::int;
      hidden text[] := TG_ARGV[2 + n:];
      old_row jsonb; new_row jsonb; key jsonb := '{}';
    BEGIN
      IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
      IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
      FOR i IN 2 .. n + 1 LOOP
        key := key || jsonb_build_object(TG_ARGV[i], coalesce(new_row, old_row) -> TG_ARGV[i]);
      END LOOP;
      old_row := old_row - hidden; new_row := new_row - hidden;
      IF TG_OP = 'UPDATE' AND old_row = new_row THEN RETURN NULL; END IF;
      INSERT INTO "_lorm"."audit" ("model", "key", "action", "who", "before", "after")
        VALUES (TG_ARGV[0], key, lower(TG_OP), nullif(current_setting('lorm.who', true), ''), old_row, new_row);
      RETURN NULL;
    END $$]],
}

local TRIGGER <const> = [[CREATE OR REPLACE TRIGGER "lorm_audit" AFTER INSERT OR UPDATE OR DELETE ON %s
  FOR EACH ROW EXECUTE FUNCTION "_lorm"."audit"(%s)]]

-- ---- models ----

local function quoted(name) return '"' .. name:gsub('"', '""') .. '"' end
local function literal(text) return "'" .. text:gsub("'", "''") .. "'" end

-- { table =, keys = { columns }, hidden = { columns }, fields = column -> field }
local function read_model(model)
  local about = { name = model.name, fields = {}, keys = {}, key_fields = {}, hidden = {} }
  about.table = (model.schema and quoted(model.schema) .. "." or "") .. quoted(model.dbName or model.name)
  local columns = {}
  for _, field in ipairs(model.fields) do
    if field.kind ~= "object" then
      local column = field.dbName or field.name
      columns[field.name], about.fields[column] = column, field.name
      if field.isId then about.key_fields = { field.name } end
      if (field.documentation or ""):find "@secret%f[^%w_]" then about.hidden[#about.hidden + 1] = column end
    end
  end
  if model.primaryKey then about.key_fields = model.primaryKey.fields end
  for i, field in ipairs(about.key_fields) do about.keys[i] = columns[field] end
  return about
end

local function trigger_of(about)
  local args = { literal(about.name), literal(tostring(#about.keys)) }
  for _, list in ipairs { about.keys, about.hidden } do
    for _, column in ipairs(list) do args[#args + 1] = literal(column) end
  end
  return TRIGGER:format(about.table, table.concat(args, ", "))
end

local function models_of(db, names)
  local all, list = {}, {}
  for _, model in ipairs(db:schema().models) do all[model.name] = read_model(model) end
  for _, name in ipairs(names or {}) do
    if not all[name] then error(("audit: there is no model `%s`.%s"):format(tostring(name), nearest.hint(tostring(name), nearest.names(all))), 0) end
    list[name] = all[name]
  end
  return names and list or all
end

-- ---- triggers ----

local function install(session, models)
  session:executeRaw "SELECT pg_advisory_xact_lock(7166881)" -- programs that start at once
  for _, sql in ipairs(objects) do session:executeRaw(sql) end
  for _, about in pairs(models) do
    if #about.keys > 0 then
      local found = session:queryRaw("SELECT to_regclass($1) IS NOT NULL AS found", about.table)
      if found[1].found then session:executeRaw(trigger_of(about)) end
    end
  end
end

-- What is there says what it was made for; nothing is locked when it is the same.
local function text_of(models)
  local list = {}
  for _, about in pairs(models) do list[#list + 1] = trigger_of(about) end
  table.sort(list)
  return ("%016x"):format(lorm.random.new(table.concat(list, "\n") .. table.concat(objects)):next())
end

local function ensure(self, params)
  if self.installed then return end
  local function run(session)
    local made = session:queryRaw [[SELECT obj_description(to_regproc('"_lorm"."audit"')) AS text]]
    if made[1].text == self.text then return end
    install(session, self.models)
    session:executeRaw(('COMMENT ON FUNCTION "_lorm"."audit"() IS %s'):format(literal(self.text)))
  end
  if params.tx then
    params.tx:onCommit(function() self.installed = true end)
    return run(params.tx)
  end
  self.db:unhooked():transaction(run)
  self.installed = true
end

-- ---- history ----

local function named(about, row)
  if not row then return nil end
  local out = {}
  for column, value in pairs(row) do out[about.fields[column] or column] = value end
  return out
end

local function changed(before, after)
  local names = {}
  for name, value in pairs(after or {}) do
    if not before or lorm.json.encode { before[name] } ~= lorm.json.encode { value } then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

local function history(about, session, key)
  local object = {}
  if type(key) ~= "table" then key = { [about.key_fields[1] or ""] = key } end
  for i, field in ipairs(about.key_fields) do
    if key[field] == nil then
      core.throw { name = "ValidationError", path = field, message = ("history of %s takes its key: %s."):format(about.name,
        table.concat(about.key_fields, ", ")) }
    end
    object[about.keys[i]] = key[field]
  end
  if not session:queryRaw([[SELECT to_regclass('"_lorm"."audit"') IS NOT NULL AS found]])[1].found then return {} end
  local rows = session:queryRaw([[SELECT "at", "action", "who", "before", "after" FROM "_lorm"."audit"
    WHERE "model" = $1 AND "key" = $2::text::jsonb ORDER BY "id"]], about.name, lorm.json.encode(object))
  for i, row in ipairs(rows) do
    local before, after = named(about, row.before), named(about, row.after)
    rows[i] = { at = row.at, action = row.action == "insert" and "create" or row.action, who = row.who, before = before, after = after,
      changed = before and after and changed(before, after) or nil }
  end
  return rows
end

-- ---- all of it ----

local function plain_who(user)
  local who = type(user) == "table" and user.id or user
  return (type(who) == "string" or type(who) == "number") and tostring(who) or nil
end

-- db:as, so that each call tells the triggers who makes it, in its own flight.
local function as(who)
  return function(session, user, options)
    local given = { settings = {} }
    for name, value in pairs(options or {}) do given[name] = value end
    local settings, name = { [SETTING] = "" }, user ~= nil and who(user) or nil
    for key, value in pairs(type(given.settings) == "table" and given.settings or {}) do settings[key] = value end
    settings[SETTING] = name and tostring(name) or ""
    given.settings = settings
    return client.methods.as(session, user, given)
  end
end

function audit.setup(db, options)
  for name in pairs(options) do
    if name ~= "models" and name ~= "who" then
      error(("audit: unknown option `%s`.%s"):format(tostring(name), nearest.hint(tostring(name), { "models", "who" })), 0)
    end
  end
  local models, actions, methods = models_of(db, options.models), core.actions(), {}
  local self = { db = db, models = models, text = text_of(models) }
  for name, about in pairs(models) do
    methods[name] = { history = function(model, key) return history(about, self.db:unhooked(), key, model) end }
  end
  local function hook(params, next)
    if not params.model or actions[params.action] == "write" then ensure(self, params) end
    return next(params)
  end
  return { use = hook, extends = { name = "audit", model = methods, client = { as = as(options.who or plain_who) } } }
end

return audit
