-- What a seed gets, and the globals.
return [[
---@meta _
-- Made by `lorm generate`; what is changed here is lost.

--- What a seed gets as its third argument.
---@class lorm.Seed
---@field many fun(label: string, n: integer, fn: (fun(i: integer): any)): table runs fn for many rows at once
---@field rows fun(model: string, n: integer, fn: (fun(i: integer): table)): table sends plain rows in bulk
---@field once fun(key: string, fn: function): any runs fn once per database
---@field csv fun(path: string, columns?: table<string, string>): table[]
---@field json fun(path: string): any
---@field needs fun(...: string) files that go first
---@field ref fun(label: string, i?: integer): any what seed.many or rows made under this label
---@field auto fun(wanted?: table) rows for every model, from the schema alone
---@field scale number
---@field seed integer

--- The project's database, connected when it is first used.
---@type lorm.Client
db = nil

---@type lorm
lorm = nil
]]
