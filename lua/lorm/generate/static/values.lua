-- The types of values, of arguments that all models share, and of errors.
return [[
---@meta _
-- Made by `lorm generate`; what is changed here is lost.

--- A field, an operator or an argument that does not exist here; or one that is misspelt.
---@enum lorm.NoSuchField
local NoSuchField = {}

--- Tables with fields of their own, and no others.
---@class lorm.Closed
---@field [string] lorm.NoSuchField

---@class lorm.CallArgs: lorm.Closed
---@field timeout? integer milliseconds until the call ends with an error

---@class lorm.ReadArgs: lorm.CallArgs
---@field relationLoadStrategy? "join"|"query"
---@field lock? lorm.RowLock locks the rows until the transaction ends
---@field skipLocked? boolean leaves rows out that others have locked
---@field noWait? boolean an error where others hold the lock

--- NULL in arguments: lorm.null
---@class lorm.Null

--- An instant, in microseconds, UTC.
---@class lorm.DateTime
---@operator add(number): lorm.DateTime
---@operator sub(number): lorm.DateTime
---@operator sub(lorm.DateTime): number
---@field iso fun(self: lorm.DateTime): string as ISO 8601 has it
---@field unix fun(self: lorm.DateTime): number seconds since 1970
---@field microseconds fun(self: lorm.DateTime): integer
---@field parts fun(self: lorm.DateTime): { year: integer, month: integer, day: integer, hour: integer, min: integer, sec: integer, usec: integer }

--- A datetime, its ISO text, or seconds as os.time() gives them.
---@alias lorm.DateTimeInput lorm.DateTime|string|integer

--- An exact decimal number.
---@class lorm.Decimal
---@operator add(lorm.DecimalInput): lorm.Decimal
---@operator sub(lorm.DecimalInput): lorm.Decimal
---@operator mul(lorm.DecimalInput): lorm.Decimal
---@operator div(lorm.DecimalInput): lorm.Decimal
---@operator mod(lorm.DecimalInput): lorm.Decimal
---@operator pow(integer): lorm.Decimal
---@operator unm: lorm.Decimal
---@field tonumber fun(self: lorm.Decimal): number
---@field tointeger fun(self: lorm.Decimal): integer?
---@field round fun(self: lorm.Decimal, places?: integer): lorm.Decimal

---@alias lorm.DecimalInput lorm.Decimal|number|string

--- A field of the same model, as an operand: db.User.fields.name
---@class lorm.FieldRef

---@alias lorm.SortOrder "asc"|"desc"
---@alias lorm.SortOrderOrNulls lorm.SortOrder|lorm.SortOrderInput

---@class lorm.SortOrderInput
---@field sort lorm.SortOrder
---@field nulls? "first"|"last"
---@field [string] lorm.NoSuchField

--- By how many there are.
---@class lorm.OrderByRelationAggregateInput
---@field _count lorm.SortOrder
---@field [string] lorm.NoSuchField

---@alias lorm.QueryMode "default"|"insensitive"
---@alias lorm.RowLock "update"|"noKeyUpdate"|"share"|"keyShare"

---@class lorm.BatchPayload
---@field count integer rows that were made, changed or deleted

---@class lorm.CopyOptions
---@field columns? string[] the fields of all rows
---@field timeout? integer milliseconds
---@field maxWait? integer milliseconds to wait for a connection
---@field [string] lorm.NoSuchField

--- Rows, batch by batch; ends when it is closed, as `local rows <close>` does.
---@class lorm.Stream
---@field close fun(self: lorm.Stream)

---@class lorm.Statement
---@field sql string
---@field plan string[] the server's plan, line by line
---@field tree table the plan as the server gave it
---@field hints { model: string, line: string, text: string }[] indexes that a sequential scan would like

---@class lorm.Explanation
---@field [integer] lorm.Statement

--- What errors are: Prisma's codes, and a message a person can act on.
---@class lorm.Error
---@field code? string P2002 and so on
---@field name? string
---@field message string
---@field meta? table
---@field model? string
---@field action? string
---@field path? string where in the arguments
---@field sqlstate? string
]]
