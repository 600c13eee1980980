-- What scripts of `lorm run`, `seed` and `repl` find ready: lorm, and db, which connects when it is first used.
local globals = {}

function globals.install(options)
  local config = require "lorm.config"
  config.root, config.schema, config.migrations = options.root, options.schema, options.migrations
  lorm = require "lorm"
  db = require "lorm.client".lazy(function()
    local project = config.read(options.config)
    return {
      pool = project.pool,
      omit = project.omit,
      log = project.log,
      middleware = options.middleware and project.middleware or nil,
    }
  end)
  if options.watch then config.watched = db end
end

return globals
