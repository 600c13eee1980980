-- What the page asks for: each call takes the request's JSON and gives what is sent back as JSON.
--   local calls = api.new { db = db, readOnly = true }
--   api.call(calls.rows, { model = "User", take = 50 })
--     { result =, statements = { { sql =, params =, millis = } }, millis = }, or { error = { message =, code =, text = }, ... }
-- Calls go through the project's middleware, as those of its scripts do.
local client = require "lorm.client"
local console = require "lorm.studio.console"
local core = require "lorm.core"
local events = require "lorm.events"
local shapes = require "lorm.studio.shapes"
local tasks = require "lorm.tasks"

local api = {}

local MAX_ROWS <const> = 1000 -- of a page
local COUNT_MILLIS <const> = 2000 -- then the server's estimate has to do

-- A client of the same database whose transactions are read-only unless a statement says otherwise.
function api.read_only(plain)
  local url = core.url(client.handle(plain))
  local option = "-c%20default_transaction_read_only%3Don"
  local merged, n = url:gsub("([?&]options=)", "%1" .. option .. "%%20", 1)
  if n == 0 then merged = url .. (url:find("?", 1, true) and "&" or "?") .. "options=" .. option end
  return require "lorm.globals".connect(merged)
end

-- ---- one call ----

-- An error as the page shows it: its message, and all that is known of it.
local function told(e)
  if not core.isError(e) then return { message = tostring(e) } end
  return { message = e.message, code = e.code, text = tostring(e) }
end

local function statement(event) return { sql = event.query, params = event.params, millis = event.duration, error = event.error } end

function api.call(fn, request)
  local started, result, problem = core.clock(), nil, nil
  local seen = events.during(function()
    local ok, value = pcall(fn, request)
    if ok then result = value else problem = told(value) end
  end)
  local statements = core.array {}
  for i, event in ipairs(seen) do statements[i] = statement(event) end
  return { result = result, error = problem, statements = statements, millis = core.clock() - started }
end

-- ---- rows ----

-- Some arguments of the page's own making, and nothing else.
local function arguments(model, request)
  local args = { where = request.where, orderBy = request.orderBy }
  args.take = math.tointeger(request.take) or MAX_ROWS
  if math.abs(args.take) > MAX_ROWS then core.throw { name = "UsageError", message = ("A page has at most %d rows."):format(MAX_ROWS) } end
  args.skip = math.tointeger(request.skip)
  if request.cursor then args.cursor = shapes.key(model, request.cursor) end
  return args
end

-- How many there are as the server last saw it; nil: it never did.
local function estimate(db, model)
  local rows = db:queryRaw([[
    SELECT reltuples::int8 AS n FROM pg_class JOIN pg_namespace s ON s.oid = relnamespace
    WHERE relname = $1 AND nspname = coalesce($2::text, current_schema()) AND reltuples >= 0]], model.dbName or model.name, model.schema or core.null)
  return rows[1] and rows[1].n
end

local function count(db, model, where)
  local ok, n = pcall(tasks.timeout, COUNT_MILLIS, function() return db.models[model.name]:count { where = where } end)
  if ok then return { count = n } end
  if where or not core.isError(n, "Timeout") then error(n, 0) end
  return { count = estimate(db, model), estimated = true }
end

-- All edits, or none: { { action = "create" | "update" | "delete", model =, key =, data = }, ... }. Of none: which of them
-- failed, and why.
local function save(db, model_of, edits)
  local at
  local ok, e = pcall(db.transaction, db, function(tx)
    for i, edit in ipairs(edits) do
      at = i
      local model = model_of(edit.model)
      local calls = tx.models[model.name]
      if edit.action == "create" then
        calls:create { data = shapes.data(model, edit.data) }
      elseif edit.action == "update" then
        calls:update { where = shapes.key(model, edit.key), data = shapes.data(model, edit.data) }
      elseif edit.action == "delete" then
        calls:delete { where = shapes.key(model, edit.key) }
      else
        core.throw { name = "UsageError", message = "An edit creates, updates or deletes." }
      end
    end
  end)
  if ok then return { saved = #edits } end
  return { failed = at, error = told(e) }
end

-- ---- all of them ----

local function described(db, options)
  local handle = client.handle(db)
  local dmmf, models = db:schema(), core.array {}
  local _, views = core.models(handle)
  for i, model in ipairs(dmmf.models) do
    local identity = shapes.identity(model)
    models[i] = {
      name = model.name, table = model.dbName or model.name, schema = model.schema, documentation = model.documentation,
      fields = model.fields, identity = identity and identity.fields, view = views[model.name],
    }
  end
  return {
    models = models, enums = core.array(dmmf.enums or {}), database = core.shownUrl(handle),
    readOnly = options.readOnly, production = core.isProduction(core.url(handle)),
  }
end

function api.new(options)
  local db, calls, models = options.db, {}, nil
  client.handle(db) -- a lazy one is opened: statements are told of open ones

  local function model_of(name)
    if not models then
      models = {}
      for _, model in ipairs(db:schema().models) do models[model.name] = model end
    end
    if not models[name] then core.throw { name = "UsageError", message = ("There is no model %s."):format(tostring(name)) } end
    return models[name]
  end

  local function writable()
    if options.readOnly then core.throw { name = "UsageError", message = "This studio only reads: it was started with --read-only." } end
  end

  function calls.schema() return described(db, options) end

  function calls.rows(request)
    local model = model_of(request.model)
    return core.array(db.models[model.name]:findMany(arguments(model, request)))
  end

  function calls.count(request) return count(db, model_of(request.model), request.where) end

  function calls.save(request)
    writable()
    return save(db, model_of, type(request.edits) == "table" and request.edits or {})
  end

  local evaluate = console.new(db)
  function calls.lua(request) return evaluate(tostring(request.code)) end
  function calls.sql(request) return console.sql(db, tostring(request.code)) end
  function calls.explain(request) return console.explain(db, tostring(request.code)) end

  return calls
end

return api
