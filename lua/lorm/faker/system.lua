-- faker.system: files, versions, devices.
local machines = require "lorm.faker.data.machines"
local options = require "lorm.faker.options"

local system = {}

local files = {}
for i, line in ipairs(machines.files) do
  local ext, mime, group = line:match "(%S+) (%S+) (%S+)"
  files[i] = { ext = ext, mime = mime, group = group }
end

local function those(group)
  local out = {}
  for _, file in ipairs(files) do
    if not group and file.group ~= "-" or file.group == group then out[#out + 1] = file end
  end
  return out
end

local common = those(nil)
local groups = { "application", "audio", "image", "text", "video" }

function system.commonFileType(f) return f.stream:pick(groups) end
function system.commonFileExt(f) return f.stream:pick(common).ext end
function system.fileType(f) return (f.stream:pick(files).mime:match "^[^/]+") end
function system.mimeType(f) return f.stream:pick(files).mime end

function system.fileExt(f, mimeType)
  if mimeType == nil then return f.stream:pick(files).ext end
  for _, file in ipairs(files) do
    if file.mime == mimeType then return file.ext end
  end
  options.fail("system.fileExt", "no extension is known for %s", tostring(mimeType))
end

local function stem(f) return (f.word.words(f.stream:int(1, 3)):gsub("%W", "_")) end

local fileName = options.of("system.fileName", { extensionCount = "range" })
function system.fileName(f, given)
  local parts = { stem(f) }
  for i = 1, options.draw(f, fileName(given).extensionCount or 1) do parts[i + 1] = system.fileExt(f) end
  return table.concat(parts, ".")
end

function system.commonFileName(f, extension)
  return stem(f) .. "." .. (extension or system.commonFileExt(f))
end

function system.directoryPath(f) return f.stream:pick(machines.folders) end
function system.filePath(f) return system.directoryPath(f) .. "/" .. system.fileName(f) end

function system.semver(f)
  return ("%d.%d.%d"):format(f.stream:int(0, 9), f.stream:int(0, 20), f.stream:int(0, 20))
end

local interfaceTypes, interfaceSchemas = { "en", "wl", "ww" }, { "index", "slot", "mac", "pci" }
local interface = options.of("system.networkInterface", { interfaceType = interfaceTypes, interfaceSchema = interfaceSchemas })

-- As systemd names them: eno1, ens3f0, enx00163e5d1d2c, enp2s0.
function system.networkInterface(f, given)
  local o = interface(given)
  local kind, schema = o.interfaceType or f.stream:pick(interfaceTypes), o.interfaceSchema or f.stream:pick(interfaceSchemas)
  local digit = function() return f.string.numeric() end
  if schema == "index" then return kind .. "o" .. digit() end
  if schema == "slot" then return kind .. "s" .. digit() .. (f.stream:chance(0.5) and "f" .. digit() or "") end
  if schema == "mac" then return kind .. "x" .. f.internet.mac "" end
  return kind .. "p" .. digit() .. "s" .. digit() .. (f.stream:chance(0.5) and "f" .. digit() or "")
end

local cron = options.of("system.cron", { includeYear = "boolean", includeNonStandard = "boolean" })
function system.cron(f, given)
  local o = cron(given)
  if o.includeNonStandard and f.stream:chance(0.3) then
    return f.stream:pick { "@annually", "@daily", "@hourly", "@monthly", "@reboot", "@weekly", "@yearly" }
  end
  local function field(min, max, names)
    local kind = f.stream:int(1, names and 4 or 3)
    if kind == 1 then return "*" end
    if kind == 2 then
      local from = f.stream:int(min, max)
      return ("%d-%d"):format(from, f.stream:int(from, max))
    end
    return kind == 4 and f.stream:pick(names) or tostring(f.stream:int(min, max))
  end
  local days = { "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT" }
  local parts = { field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6, days) }
  if o.includeYear then parts[6] = field(1970, 2099) end
  return table.concat(parts, " ")
end

return system
