-- A folder of made files: only what is different is written, and what is no longer made goes.
--   local change = files.compare(folder, { ["models/User.lua"] = text })   -- { written = { paths }, removed = { paths } }
--   files.apply(folder, made, change)
-- A file that was not made here is never touched: to be in its place is an error.
local core = require "lorm.core"

local files = {}

local MARK <const> = "Made by `lorm generate`"

local function raise(message) core.throw { name = "UsageError", message = message } end

local function read(path)
  local handle = io.open(path, "rb")
  if not handle then return nil end
  local text = handle:read "a"
  handle:close()
  return text
end
files.read = read

local function is_made(text) return text:sub(1, 400):find(MARK, 1, true) ~= nil end

-- The .lua files in a folder and in those below it, relative to it.
local function list(folder, within, found)
  for _, name in ipairs(core.files(folder .. "/" .. within)) do
    if name:sub(-1) == "/" and name ~= "./" and name ~= "../" then
      list(folder, within .. name, found)
    elseif name:sub(-4) == ".lua" then
      found[#found + 1] = within .. name
    end
  end
  return found
end

function files.compare(folder, made)
  local change = { written = {}, removed = {} }
  for path, text in pairs(made) do
    local there = read(folder .. "/" .. path)
    if there and not is_made(there) then
      raise(("%s/%s was not made by lorm generate; nothing was written."):format(folder, path))
    end
    if there ~= text then change.written[#change.written + 1] = path end
  end
  for _, path in ipairs(list(folder, "", {})) do
    if not made[path] and is_made(read(folder .. "/" .. path) or "") then change.removed[#change.removed + 1] = path end
  end
  table.sort(change.written)
  table.sort(change.removed)
  return change
end

-- All of a file or nothing: written beside it, then renamed.
function files.write(path, text)
  local beside = path .. ".new"
  local handle, problem = io.open(beside, "wb")
  local ok = handle ~= nil
  if handle then
    ok, problem = handle:write(text)
    local closed, why = handle:close()
    if ok and not closed then ok, problem = false, why end
  end
  if ok then ok, problem = os.rename(beside, path) end
  if ok then return end
  os.remove(beside)
  raise(("Cannot write %s: %s"):format(path, problem))
end

function files.apply(folder, made, change)
  for _, path in ipairs(change.written) do files.write(folder .. "/" .. path, made[path]) end
  for _, path in ipairs(change.removed) do os.remove(folder .. "/" .. path) end
end

return files
