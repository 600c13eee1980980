-- What scripts of `lorm run`, `seed` and `repl` find ready: lorm, and db, which connects when it is first used.
local globals = {}

-- Also makes globals.connect(url): a client as db is, of another database (or of none other).
function globals.install(options)
  local config = require "lorm.config"
  config.root, config.schema, config.migrations = options.root, options.schema, options.migrations
  lorm = require "lorm"
  function globals.connect(url)
    return require "lorm.client".lazy(function()
      local project = config.read(options.config)
      return { url = url, pool = project.pool, omit = project.omit, log = project.log }, project
    end, function(session, project)
      if not options.middleware or not project.middleware then return end
      local watch = project.watch
      if watch == nil then watch = options.watch end
      require "lorm.loader".load(session, {
        list = function() return config.read(options.config).middleware or {} end,
        config = options.config,
        again = watch and "saved" or "signal",
      })
    end)
  end
  db = globals.connect()
end

return globals
