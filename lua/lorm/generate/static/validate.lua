-- require "lorm.validate": each method of a kind gives the same kind.
local MESSAGE <const> = "message?: string"
local methods = {
  String = {
    { "min max length", "n: integer, " .. MESSAGE }, { "nonempty email url uuid datetime", MESSAGE },
    { "regex startsWith endsWith includes", "text: string, " .. MESSAGE }, { "trim toLowerCase toUpperCase" },
  },
  Number = {
    { "min max gt lt gte lte multipleOf", "n: number, " .. MESSAGE }, { "positive negative nonnegative finite int", MESSAGE },
  },
  Object = {
    { "strict passthrough strip partial" }, { "pick omit", "names: table<string, boolean>" },
    { "extend", "more: table<string, lorm.Shape>" },
  },
  Array = { { "min max length", "n: integer, " .. MESSAGE }, { "nonempty", MESSAGE } },
  Shape = {},
}
local shared = {
  { "optional nullable nullish" }, { "default", "value: any" }, { "refine", "test: (fun(value: any): any), " .. MESSAGE },
  { "transform check", "fn: (fun(value: any, context?: table): any)" }, { "describe", "text: string" },
}

local out = {}
local function add(...) out[#out + 1] = string.format(...) .. "\n" end

local function class(name)
  local full = name == "Shape" and "lorm.Shape" or "lorm.Shape." .. name
  add("---@class %s%s", full, name ~= "Shape" and ": lorm.Shape" or "")
  if name == "Shape" then
    add "---@field parse fun(self: lorm.Shape, value: any): any a checked copy, or an error with issues"
    add "---@field safeParse fun(self: lorm.Shape, value: any): lorm.ParseResult"
  end
  for _, list in ipairs { methods[name], shared } do
    for _, about in ipairs(list) do
      for method in about[1]:gmatch "%a+" do
        add("---@field %s fun(self: %s%s): %s", method, full, about[2] and ", " .. about[2] or "", full)
      end
    end
  end
  add ""
end

for _, name in ipairs { "Shape", "String", "Number", "Object", "Array" } do class(name) end

return [[
---@meta lorm.validate
-- Made by `lorm generate`; what is changed here is lost.

---@class lorm.Issue
---@field path (string|integer)[]
---@field code string
---@field message string

---@class lorm.ParseResult
---@field success boolean
---@field data? any
---@field error? { issues: lorm.Issue[] }

]] .. table.concat(out) .. [[
---@class lorm.Validate
---@field string fun(): lorm.Shape.String
---@field number fun(): lorm.Shape.Number
---@field integer fun(): lorm.Shape.Number
---@field boolean fun(): lorm.Shape
---@field any fun(): lorm.Shape
---@field date fun(): lorm.Shape
---@field enum fun(values: string[]): lorm.Shape
---@field literal fun(value: any): lorm.Shape
---@field object fun(shape: table<string, lorm.Shape>): lorm.Shape.Object
---@field array fun(element: lorm.Shape): lorm.Shape.Array
---@field record fun(element: lorm.Shape): lorm.Shape
---@field union fun(choices: lorm.Shape[]): lorm.Shape
---@field is fun(value: any): boolean
local validate = {}

return validate
]]
