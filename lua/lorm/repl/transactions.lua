-- The prompt's transaction: what .begin opened, or the sandbox, which lasts for the session and is rolled back.
--   local open = transactions.new { db = function() -> client, note = fn }
--   open.begin(), open.commit(), open.rollback(), open.sandbox(), open.close()
--   open.before() and open.after(well) stand around each line, which is a savepoint: a line that fails undoes only itself
-- While it is open, all that goes through db goes into it. In the sandbox .begin is a savepoint.
local client = require "lorm.client"
local core = require "lorm.core"

local transactions = {}

local function usage(message, hint) core.throw { name = "UsageError", message = message, hint = hint } end

function transactions.new(host)
  local open = { state = nil } -- "tx", "sandbox", "sandbox tx"
  local tx, line

  local function let_go()
    client.redirect(host.db(), nil)
    core.release(tx)
    tx, line, open.state = nil, nil, nil
  end

  local function start()
    tx = core.begin(client.handle(host.db()), nil, nil, 0)
    client.redirect(host.db(), tx)
  end

  function open.begin()
    if open.state == "sandbox" then
      core.finish(tx, "savepoint")
      open.state = "sandbox tx"
    elseif open.state then
      usage("A transaction is open already.", ".commit or .rollback ends it")
    else
      start()
      open.state = "tx"
    end
  end

  local function finish(verb, inner)
    if open.state == "sandbox tx" then
      core.finish(tx, inner)
      open.state = "sandbox"
      return
    end
    if open.state == "sandbox" and verb == "commit" then
      usage("The sandbox is rolled back when the session ends; nothing of it can be committed.")
    end
    if not open.state then usage("No transaction is open.", ".begin opens one") end
    local sandboxed = open.state == "sandbox"
    local keep <close> = setmetatable({}, { __close = let_go })
    core.finish(tx, verb)
    open.again = sandboxed
  end

  function open.commit() finish("commit", "release") end

  -- Of the sandbox: all that was done in it so far; it goes on.
  function open.rollback()
    finish("rollback", "rollbackTo")
    if open.again then open.sandbox() end
    open.again = nil
  end

  function open.sandbox()
    start()
    open.state = "sandbox"
  end

  -- Its connection was lost, or the server ended it: it is rolled back already.
  local function lost()
    local sandboxed = open.state ~= "tx"
    let_go()
    host.note(sandboxed and "the sandbox's connection was lost: what was done in it is undone, a new one begins"
      or "the transaction's connection was lost: it is rolled back")
    if sandboxed then open.sandbox() end
  end

  function open.before()
    if not tx then return end
    if not core.isActive(tx) then lost() end
    if not tx then return end
    local fine = pcall(core.finish, tx, "savepoint")
    if not fine then
      lost()
      if tx then core.finish(tx, "savepoint") end
    end
    line = tx
  end

  -- False: the line went well by itself, but a statement in it had failed, and it is undone.
  function open.after(well)
    if not tx or line ~= tx then return true end
    line = nil
    if not core.isActive(tx) then
      lost()
      return true
    end
    if well and pcall(core.finish, tx, "release") then return true end
    core.stop(tx) -- what was left by Ctrl-C
    if not pcall(core.finish, tx, "rollbackTo") then lost() end
    return not well
  end

  -- True: something was open.
  function open.close()
    if not tx then return false end
    local was = open.state
    pcall(core.finish, tx, "rollback")
    let_go()
    return was
  end

  return open
end

return transactions
