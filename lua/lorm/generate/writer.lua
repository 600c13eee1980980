-- Text of LuaLS annotations, line by line.
--   local out = writer.new("users and what they may be asked for")
--   out:class("User")                       out:field("email", "string", true, "where mail goes")
--   out:input("UserWhereInput")             -- no other field: a wrong name is an error in the editor
--   out:input("UserWhereUniqueInput", "UserWhereInput")
--   out:alias("Role", { '"USER"', '"ADMIN"' })
--   out:text()
local writer = {}
writer.__index = writer

local keywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true
  until while]]):gmatch "%a+" do keywords[word] = true end

writer.head = "---@meta _\n-- Made by `lorm generate`; what is changed here is lost.\n\n"

function writer.new() return setmetatable({ writer.head, n = 1 }, writer) end

function writer:add(text)
  local n = self.n + 1
  self[n], self.n = text, n
end

-- A comment of the schema. What looks like an annotation in it is none.
function writer:doc(text)
  if not text then return end
  if not text:find "[\n@]" then return self:add("---" .. text .. "\n") end
  for line in (text .. "\n"):gmatch "([^\n]*)\r?\n" do
    self:add("---" .. (line:find "^%s*@" and " " .. line:gsub("@", "\\@", 1) or line) .. "\n")
  end
end

function writer:class(name, parent, doc)
  self:add "\n"
  self:doc(doc)
  self:add("---@class " .. name .. (parent and ": " .. parent or "") .. "\n")
end

function writer:field(name, kind, required, doc)
  if doc then self:doc(doc) end
  if keywords[name] then name = '["' .. name .. '"]' end
  local n = self.n
  self[n + 1], self[n + 2], self[n + 3], self[n + 4], self[n + 5] = "---@field ", name, required and " " or "? ", kind, "\n"
  self.n = n + 5
end

-- A class of arguments; its parents are such classes, too.
function writer:input(name, parent, doc)
  self:add "\n"
  self:doc(doc)
  self:add("---@class " .. name .. ": " .. (parent or "lorm.Closed") .. "\n")
end

-- An operator that is a keyword of Lua has two forms: in_ and ["in"].
function writer:operator(name, kind)
  if keywords[name] then self:add("---@field " .. name .. "_? " .. kind .. "\n") end
  self:field(name, kind)
end

-- kinds: { { 'what', doc }, ... } or a text.
function writer:alias(name, kinds, doc)
  self:add "\n"
  self:doc(doc)
  if type(kinds) == "string" then return self:add("---@alias " .. name .. " " .. kinds .. "\n") end
  self:add("---@alias " .. name .. "\n")
  for _, kind in ipairs(kinds) do
    self:add("---| " .. kind[1] .. (kind[2] and " # " .. kind[2]:gsub("%s+", " ") or "") .. "\n")
  end
end

function writer:text() return table.concat(self, "", 1, self.n) end

return writer
