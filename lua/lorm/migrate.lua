-- Migrations from scripts.
--   lorm.migrate.push(db, { acceptDataLoss = true })     lorm.migrate.execute(db, "create extension citext; ...")
--   lorm.migrate.deploy(db)                              lorm.migrate.status(db)[1].state == "applied"
--   lorm.migrate.backup(db, "before.sql")                lorm.migrate.restore(db, "before.sql")
--   lorm.migrate.diff { from = db, to = { schema = "schema" } }
local config = require "lorm.config"
local core = require "lorm.core"

local migrate = {}

local function handle_of(db) return require "lorm.client".handle(db) end

-- Several statements, one simple query, on a connection of its own.
function migrate.execute(db, script)
  if type(script) ~= "string" then
    core.throw { name = "ValidationError", message = "lorm.migrate.execute(db, script): the script must be a string." }
  end
  return core.execute(handle_of(db), script)
end

-- Bring the database in line with the client's schema. What would lose data is done only when accepted.
function migrate.push(db, options)
  local report = core.push(handle_of(db), options)
  if report.done then return report end
  local accept = #report.unexecutable == 0
  core.throw {
    name = "UsageError",
    message = table.concat(accept and report.warnings or report.unexecutable, "\n"),
    hint = accept and "lorm.migrate.push(db, { acceptDataLoss = true }) does it all the same" or nil,
  }
end

local function folder(options)
  local found = options and options.migrations or config.migrations
  if found then return found end
  core.throw { name = "UsageError", message = "Which migrations? Say { migrations = FOLDER }." }
end

-- Apply what is pending; the names of what was applied. options.migrations: the folder, if not the project's;
-- options.backup: a file into which the database is dumped first, and from which it is restored when one fails.
function migrate.deploy(db, options) return core.deploy(handle_of(db), folder(options), options and options.backup) end

local function file(path, what)
  if type(path) == "string" then return path end
  core.throw { name = "ValidationError", message = "lorm.migrate." .. what .. "(db, path): the path must be a string." }
end

-- Dump the whole database into a file of SQL. One that is there is replaced only with { replace = true }.
function migrate.backup(db, path, options)
  return core.backup(handle_of(db), file(path, "backup"), options and options.replace or false)
end

-- Make the database what it was when the file was made.
function migrate.restore(db, path) return core.restore(handle_of(db), file(path, "restore")) end

-- { { name =, state = "pending" | "applied" | "failed" | "missing", edited = }, ... }, in their order.
function migrate.status(db, options) return core.status(handle_of(db), folder(options)) end

-- An end of a difference: nothing, a client (its live database), { schema = } or { schemaText = },
-- { migrations = FOLDER, url = SERVER }, { url = }.
local function ending(what, open)
  local client = require "lorm.client"
  if what == nil or what == "empty" then return {} end
  if client.kind(what) then return { client = handle_of(what), url = core.url(handle_of(what)) } end
  if type(what) == "table" and (what.schema or what.schemaText) then
    local db = client.connect { schema = what.schema, schemaText = what.schemaText, url = "postgresql://localhost/none" }
    open[#open + 1] = db
    return { client = handle_of(db) }
  end
  if type(what) == "table" and (what.migrations or what.url) then return what end
  core.throw { name = "ValidationError", message = "from and to are a client, { schema = }, { migrations = } or { url = }." }
end

-- The SQL that leads from one to the other; "" when there is nothing to do.
function migrate.diff(ends)
  local open <close> = setmetatable({}, {
    __close = function(list)
      for _, db in ipairs(list) do db:disconnect() end
    end,
  })
  return core.diff(ending(ends.from, open), ending(ends.to, open))
end

return migrate
