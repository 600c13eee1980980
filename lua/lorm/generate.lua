-- lorm generate: what editors and readers need of a schema.
--   generate.main(root, schema, output, library, config, "json" or "", "--check", ...) -> exit status
-- Annotations are files for lua-language-server (lorm.generate.types), in a folder of their own, which .luarc.json
-- names.
local config = require "lorm.config"
local core = require "lorm.core"
local files = require "lorm.generate.files"
local lorm = require "lorm"
local luarc = require "lorm.generate.luarc"

local generate = {}

local function raise(message) core.throw { name = "UsageError", message = message } end
local function warn(...) io.stderr:write("warning: ", string.format(...), "\n") end

local function model()
  local read, why = core.readSchema()
  if not read then raise(why) end
  return core.json.decode(read.model)
end

-- The parameters of the .sql files; one that cannot be read has none, and is told of.
local function statements(dmmf)
  local folder, found, enums = config.sql_folder(), {}, {}
  for _, enum in ipairs(dmmf.enums or {}) do enums[enum.name] = enum end
  for _, file in ipairs(folder and core.files(folder) or {}) do
    local name = file:match "^([%a_][%w_]*)%.sql$"
    if name then
      local ok, about = pcall(require("lorm.sql_file").describe, folder .. "/" .. file, enums)
      if ok then
        about.name = name
        found[#found + 1] = about
      else
        warn("%s", about.message or tostring(about))
      end
    end
  end
  table.sort(found, function(a, b) return a.name < b.name end)
  return found
end

local function middleware(path)
  if not path or path == "" then return nil end
  local ok, read = pcall(config.read, path)
  return ok and read.middleware or nil
end

-- ---- .luarc.json ----

local function settings(given)
  local path = given.root .. "/.luarc.json"
  local text = files.read(path)
  local with, why = luarc.with(text, given.library)
  if with and with ~= text then return path, with end
  if not with then
    warn('%s is left as it is, since %s. Add "%s" to its workspace.library.', path, why, given.library)
  end
end

-- ---- annotations ----

local function report(given, options, change, count, ms)
  local changed = #change.written + #change.removed
  if options.json then
    print(core.json.encode {
      output = given.output, files = count, written = core.array(change.written), removed = core.array(change.removed),
      upToDate = changed == 0,
    })
  elseif options.check then
    for _, path in ipairs(change.written) do print(given.output .. "/" .. path) end
    for _, path in ipairs(change.removed) do print(given.output .. "/" .. path .. " (no longer made)") end
  elseif not options.quiet then
    print(("Generated annotations in %s: %d files, %s (%d ms)"):format(given.output, count,
      changed == 0 and "as they were" or changed .. " changed", ms // 1))
  end
end

local function annotate(given, options)
  local begun, dmmf = lorm.clock(), model()
  local made = require("lorm.generate.types").files(dmmf, { middleware = middleware(given.config), statements = statements(dmmf) })
  local count = 0
  for _ in pairs(made) do count = count + 1 end
  local change = files.compare(given.output, made)
  local luarc_path, luarc_text
  if not options["no-luarc"] then luarc_path, luarc_text = settings(given) end
  if not options.check then
    files.apply(given.output, made, change)
    if luarc_path then files.write(luarc_path, luarc_text) end
  end
  report(given, options, change, count, lorm.clock() - begun)
  if not options.check or #change.written + #change.removed == 0 then return 0 end
  if not options.quiet then io.stderr:write("The annotations are out of date: `lorm generate` makes them anew.\n") end
  return 1
end

-- When each file that counts was written: a text that is another one after each change.
local function stamp(place, config_path)
  local found = { tostring(config_path ~= "" and core.modified(config_path)) }
  local function add(path)
    if path:sub(-1) ~= "/" then
      if path:find "%.prisma$" or path:find "%.sql$" then found[#found + 1] = path .. " " .. tostring(core.modified(path)) end
    elseif not path:find "/migrations/$" then
      for _, name in ipairs(core.files(path)) do
        if name ~= "./" and name ~= "../" then add(path .. name) end
      end
    end
  end
  add(place)
  if place:sub(-1) ~= "/" then add(config.sql_folder() .. "/") end
  table.sort(found)
  return table.concat(found, "\n")
end

-- Again at each change of the schema, of SQL files and of the config; what is wrong is told, and waited for.
local function watch(given, options)
  local place = given.schema:sub(-7) == ".prisma" and given.schema or given.schema .. "/"
  local before = stamp(place, given.config)
  if not options.quiet then io.stderr:write("Watching ", given.schema, "; Ctrl-C ends it.\n") end
  while true do
    lorm.sleep(200)
    local now = stamp(place, given.config)
    if now ~= before then
      before = now
      local ok, e = pcall(annotate, given, options)
      if not ok and lorm.isError(e, "Cancelled") then error(e, 0) end
      if not ok then io.stderr:write(tostring(e), "\n") end
    end
  end
end

-- ---- the command ----

local valued = { output = true }

local function parse(arguments)
  local options, i = {}, 1
  while i <= #arguments do
    local name = arguments[i]:match "^%-%-(.*)$"
    if valued[name] then
      options[name], i = arguments[i + 1], i + 1
    elseif name then
      options[name] = true
    end
    i = i + 1
  end
  return options
end

-- root, schema, output, library (as .luarc.json is to name the output), config, "json" or "", and the options.
function generate.main(root, schema, output, library, config_path, json, ...)
  local given = { root = root, schema = schema, output = output, library = library, config = config_path }
  local options = parse { ... }
  options.json = json ~= ""
  local status = annotate(given, options)
  if options.watch then watch(given, options) end
  return status
end

return generate
