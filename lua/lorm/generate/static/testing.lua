-- require "lorm.testing"
return [[
---@meta lorm.testing
-- Made by `lorm generate`; what is changed here is lost.

---@class lorm.Testing
local testing = {}

--- A transaction that is always rolled back; what the function returns.
---@generic T
---@param db lorm.Client
---@param fn fun(tx: lorm.Transaction): T?
---@param options? lorm.TransactionOptions
---@return T
function testing.sandbox(db, fn, options) end

--- A client without a database.
---@param options string|{ schema?: string, schemaText?: string, middleware?: any[] }
---@return any
function testing.mock(options) end

--- Just so many statements, else an error that lists them.
---@param n integer
---@param fn function
---@return any ...
function testing.assertQueries(n, fn) end

--- Deletes all rows of all models; ids count from 1 again.
---@param db lorm.Client
function testing.truncate(db) end

--- A database of its own, gone when closed.
---@param options? { schema?: string, schemaText?: string, url?: string }
---@return lorm.Client
function testing.database(options) end

return testing
]]
