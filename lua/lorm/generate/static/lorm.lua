-- require "lorm"
return [[
---@meta lorm
-- Made by `lorm generate`; what is changed here is lost.

---@class lorm.Task
---@field await fun(self: lorm.Task): ...: any what its function returns, or its error
---@field cancel fun(self: lorm.Task)
---@field status fun(self: lorm.Task): "ready"|"running"|"waiting"|"done"|"failed"

---@class lorm.PoolOptions
---@field max? integer
---@field min? integer
---@field connectionTimeoutMillis? integer
---@field idleTimeoutMillis? integer
---@field maxLifetime? integer
---@field leakThresholdMillis? integer
---@field spinMicros? integer
---@field [string] lorm.NoSuchField

---@class lorm.ConnectOptions
---@field schema? string
---@field schemaText? string
---@field url? string
---@field pool? lorm.PoolOptions
---@field omit? table
---@field log? any
---@field middleware? any[]
---@field transactionOptions? lorm.TransactionOptions

---@class lorm.Log
---@field level "debug"|"info"|"warn"|"error"
---@field debug fun(message: string, fields?: table)
---@field info fun(message: string, fields?: table)
---@field warn fun(message: string, fields?: table)
---@field error fun(message: string, fields?: table)
---@field write fun(line: string) where lines go

---@class lorm.Migrate
---@field push fun(db: lorm.Client, options?: { acceptDataLoss?: boolean, forceReset?: boolean }): any
---@field deploy fun(db: lorm.Client, options?: { migrations?: string, backup?: string }): string[]
---@field status fun(db: lorm.Client, options?: { migrations?: string }): { name: string, state: "pending"|"applied"|"failed"|"missing", edited: boolean }[]
---@field execute fun(db: lorm.Client, script: string)
---@field diff fun(ends: { from: any, to: any }): string the SQL that leads from one to the other
---@field backup fun(db: lorm.Client, path: string, options?: { replace?: boolean })
---@field restore fun(db: lorm.Client, path: string)

---@class lorm.Password
---@field hash fun(text: string, options?: table): string
---@field verify fun(text: string, hash: string): boolean

---@class lorm.Json
---@field encode fun(value: any, options?: table): string
---@field decode fun(text: string): any

---@class lorm
---@field version string
---@field null lorm.Null NULL in arguments
---@field dbNull lorm.Null no value, of a Json field
---@field jsonNull lorm.Null the JSON value null
---@field anyNull lorm.Null either of the two
---@field json lorm.Json
---@field log lorm.Log
---@field migrate lorm.Migrate
---@field faker lorm.Faker
---@field testing lorm.Testing
---@field validate lorm.Validate
---@field password lorm.Password
---@field serialize table
---@field seed table
---@field random table
---@field metrics table
---@field http table
local lorm = {}

--- A client. Everything is optional.
---@param options? lorm.ConnectOptions
---@return lorm.Client
function lorm.connect(options) end

--- An array, also an empty one, for Json fields.
---@param list any[]
---@return any
function lorm.array(list) end

--- An object, also an empty one, where a list would be possible.
---@param map table
---@return any
function lorm.object(map) end

---@param value lorm.DateTimeInput
---@return lorm.DateTime
function lorm.datetime(value) end

--- The present.
---@return lorm.DateTime
function lorm.now() end

---@param value lorm.DecimalInput
---@return lorm.Decimal
function lorm.decimal(value) end

---@param e any
---@param code? string
---@return boolean
function lorm.isError(e, code) end

--- A monotonic clock, in milliseconds.
---@return number
function lorm.clock() end

---@param ms number
function lorm.sleep(ms) end

--- Runs a function as a task of its own.
---@param fn function
---@param ... any
---@return lorm.Task
function lorm.spawn(fn, ...) end

--- The first value of each function, in order; the first error ends the others.
---@param functions (fun(): any)[]
---@return any ...
function lorm.all(functions) end

--- A list of fn(item, index), with `n`.
---@generic T, R
---@param list T[]
---@param fn fun(item: T, i: integer): R
---@param options? { concurrency?: integer }
---@return R[]
function lorm.map(list, fn, options) end

--- Rows by the value of a field, a list for each value; with keys, a list for each key, also where it is empty.
---@generic T
---@param rows T[]
---@param by string|(fun(row: T): any)
---@param keys? any[]
---@return table<any, T[]>
function lorm.groupBy(rows, by, keys) end

--- What fn(...) returns, or the error Timeout.
---@param ms number
---@param fn function
---@param ... any
---@return any ...
function lorm.timeout(ms, fn, ...) end

--- One text for one call, whatever the order of its tables.
---@param model string
---@param action string
---@param args? table
---@return string
function lorm.cacheKey(model, action, args) end

return lorm
]]
