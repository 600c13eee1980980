-- Migrations from scripts.
--   lorm.migrate.push(db, { acceptDataLoss = true })     lorm.migrate.execute(db, "create extension citext; ...")
local core = require "lorm.core"

local migrate = {}

-- Several statements, one simple query, on a connection of its own.
function migrate.execute(db, script)
  if type(script) ~= "string" then
    core.throw { name = "ValidationError", message = "lorm.migrate.execute(db, script): the script must be a string." }
  end
  return core.execute(require "lorm.client".handle(db), script)
end

-- Bring the database in line with the client's schema. What would lose data is done only when accepted.
function migrate.push(db, options)
  local report = core.push(require "lorm.client".handle(db), options)
  if #report.unexecutable > 0 then
    core.throw { name = "UsageError", message = table.concat(report.unexecutable, "\n") }
  end
  if #report.warnings > 0 and not (options and (options.acceptDataLoss or options.forceReset)) then
    core.throw {
      name = "UsageError",
      message = table.concat(report.warnings, "\n"),
      hint = "lorm.migrate.push(db, { acceptDataLoss = true }) does it all the same",
    }
  end
  return report
end

return migrate
