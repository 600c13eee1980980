-- db, tx and what batches record on.
return [[
---@meta _
-- Made by `lorm generate`; what is changed here is lost.

---@alias lorm.IsolationLevel "ReadUncommitted"|"ReadCommitted"|"RepeatableRead"|"Serializable"

---@class lorm.TransactionOptions
---@field isolationLevel? lorm.IsolationLevel
---@field maxWait? integer milliseconds to wait for a connection
---@field timeout? integer milliseconds that the transaction may take
---@field retries? integer runs it again after serialization failures and deadlocks
---@field [string] lorm.NoSuchField

--- What db, a transaction and a batch have in common: the models (db.User), and these.
---@class lorm.Session
local Session = {}

--- Typed rows of a statement. Values go where $1, $2, ... stand.
---@param sql string
---@param ... any
---@return table<string, any>[]
function Session:queryRaw(sql, ...) end

--- Runs a statement; how many rows it changed.
---@param sql string
---@param ... any
---@return integer
function Session:executeRaw(sql, ...) end

--- What listeners to the channel get, in this and in other programs.
---@param channel string
---@param payload? string
function Session:notify(channel, payload) end

--- All calls on the recorder, as one transaction in one round trip.
---@param fn fun(b: lorm.Batch)
---@param options? { isolationLevel?: lorm.IsolationLevel }
---@return { n: integer, [integer]: any }
function Session:batch(fn, options) end

---@class lorm.Batch: lorm.Session

---@class lorm.Transaction: lorm.Session
local Transaction = {}

---@return nil
function Transaction:commit() end
---@return nil
function Transaction:rollback() end

--- A savepoint.
---@generic T
---@param fn fun(tx: lorm.Transaction): T?
---@return T
function Transaction:transaction(fn) end

--- A database.
---@class lorm.Client: lorm.Session
local Client = {}

--- Commits when the function returns, rolls back when it raises. One inside another is a savepoint.
---@generic T
---@param fn fun(tx: lorm.Transaction): T?
---@param options? lorm.TransactionOptions
---@return T
function Client:transaction(fn, options) end

--- The same without a function: local tx <close> = db:begin(); ...; tx:commit()
---@param options? lorm.TransactionOptions
---@return lorm.Transaction
function Client:begin(options) end

---@class lorm.Note
---@field channel string
---@field payload string
---@field pid integer
---@field missed? boolean
---@field reconnected? boolean
---@field overflow? boolean

---@class lorm.Listener
---@operator call: lorm.Note?
---@field next fun(self: lorm.Listener, ms?: integer): lorm.Note? the next note, or nil when none came in time
---@field close fun(self: lorm.Listener)

--- What is told on channels: for note in db:listen "orders" do print(note.payload) end
---@param ... string
---@return lorm.Listener|fun(): lorm.Note
function Client:listen(...) end

--- Connects now, not at the first call.
---@return lorm.Client
function Client:connect() end

--- Transactions that are open roll back; calls under way end with an error.
function Client:disconnect() end

---@class lorm.Params
---@field model? string nil: raw SQL
---@field action string
---@field args table
---@field runInTransaction boolean
---@field tx? lorm.Transaction
---@field client lorm.Client
---@field user? any
---@field streamed? boolean

---@alias lorm.Hook fun(params: lorm.Params, next: (fun(params: lorm.Params): any)): any

--- A hook around each call; the first is outermost.
---@param hook lorm.Hook
---@return lorm.Client
function Client:use(hook) end

--- The same database without hooks.
---@return lorm.Client
function Client:unhooked() end

--- The same database without scopes: every row exists.
---@return lorm.Client
function Client:unscoped() end

---@class lorm.Identity
---@field role? string
---@field settings? table<string, any>
---@field [string] lorm.NoSuchField

--- The same client on behalf of somebody: hooks find it as params.user, scopes as ctx.user.
---@param user any
---@param options? lorm.Identity as whom PostgreSQL sees it
---@return lorm.Client
function Client:as(user, options) end

---@class lorm.Extension
---@field name? string
---@field model? table<string, table<string, function>>
---@field client? table<string, function>
---@field query? table<string, any>
---@field result? table<string, table<string, { needs: table<string, boolean>, compute: (fun(row: table): any) }>>
---@field scopes? table<string, table|(fun(ctx: table): table?)>
---@field perCall? boolean
---@field [string] lorm.NoSuchField

--- A client with more: hooks, methods, computed fields; or with fewer rows.
---@param extension lorm.Extension
---@return lorm.Client
function Client:extends(extension) end

--- The places of what is around each call, outermost first.
---@return string[]
function Client:hooks() end

---@param event "query"|"info"|"warn"|"error"
---@param handler fun(event: table)
---@return lorm.Client
function Client:on(event, handler) end

---@param event "info"|"warn"|"error"
---@param fields table
function Client:emit(event, fields) end

--- The models whose rows a read may depend on.
---@param params lorm.Params
---@return string[]
function Client:reads(params) end

--- The models whose rows a call may change; nil for raw SQL.
---@param params lorm.Params
---@return string[]?
function Client:touches(params) end

--- For whom a call is made: equal texts, equal rows.
---@param params lorm.Params
---@return string? text
---@return boolean? everywhere
function Client:audience(params) end

--- Figures of the pool, the plan cache and the metrics middleware.
---@param options? { format?: "json"|"prometheus" }
---@return any
function Client:metrics(options) end

--- The schema, in the shape of Prisma's DMMF data model.
---@return table
function Client:schema() end
]]
