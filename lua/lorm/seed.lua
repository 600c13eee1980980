-- lorm seed [FILE...] [--seed N] [--scale N] [--reset] [--dry-run] [--resume] [--yes] [--unhooked] [--quiet] [-- ARG...]
-- lorm seed --auto [FILE] ...
--
-- Each file is a script that gets `db, faker, seed` (lorm.seed.kit) and the words behind --, and is one transaction: it
-- is there as a whole, or not at all. The same --seed makes the same data, on every machine. lorm.seed.runner runs them.
local lorm = require "lorm"
local nearest = require "lorm.nearest"
local runner = require "lorm.seed.runner"

local seed = { run = runner.run }

local flags = {
  ["--reset"] = "reset", ["--dry-run"] = "dryRun", ["--quiet"] = "quiet", ["--resume"] = "resume", ["--auto"] = "auto",
  ["--yes"] = "yes", ["--unhooked"] = "unhooked", -- the program has seen to these
}
local numbers = { ["--seed"] = "seed", ["--scale"] = "scale" }

local function usage(message, ...)
  io.stderr:write("error: ", message:format(...), "\n")
  return nil
end

local function number(option, text)
  local n = math.tointeger(tonumber(text)) or tonumber(text)
  if option == "--seed" and math.type(n) == "integer" then return n end
  if option == "--scale" and n and n > 0 then return n end
  local wanted = option == "--seed" and "an integer" or "a positive number"
  return usage("%s takes %s, got %q", option, wanted, tostring(text))
end

local function unknown(word)
  local names = nearest.names(flags)
  table.move(nearest.names(numbers), 1, 2, #names + 1, names)
  return usage("unknown option %s.%s", word, nearest.hint(word, names))
end

-- The command line as a table, or nil when it is wrong (said already).
local function parse(...)
  local given, options, i = { ... }, { seed = 1, scale = 1, files = {}, args = {} }, 1
  while i <= #given do
    local word, value = given[i], nil
    if word == "--" then
      options.args = table.move(given, i + 1, #given, 1, {})
      break
    end
    if word:find "^%-%-.*=" then word, value = word:match "^(.-)=(.*)$" end
    if flags[word] then
      options[flags[word]] = true
    elseif numbers[word] then
      if not value then i, value = i + 1, given[i + 1] end
      local n = number(word, value)
      if not n then return nil end
      options[numbers[word]] = n
    elseif word:find "^%-" then
      return unknown(word)
    else
      options.files[#options.files + 1] = word
    end
    i = i + 1
  end
  return options
end

function seed.main(...)
  local options = parse(...)
  if not options then return 2 end
  if #options.files == 0 and not options.auto then
    io.stderr:write "there are no seed files\n"
    return 0
  end
  local db = rawget(_G, "db") or lorm.connect()
  local ok, e = pcall(runner.run, db, options)
  if ok then return 0 end
  io.stderr:write("error: ", tostring(e), "\n")
  if options.hint then io.stderr:write("hint: ", options.hint, "\n") end
  return 1
end

return seed
