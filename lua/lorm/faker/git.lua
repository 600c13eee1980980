-- faker.git: commits.
local dates = require "lorm.faker.dates"
local options = require "lorm.faker.options"

local git = {}

function git.branch(f)
  return (f.hacker.noun() .. "-" .. f.hacker.verb()):gsub(" ", "-")
end

function git.commitMessage(f)
  return ("%s %s %s"):format(f.hacker.verb(), f.hacker.adjective(), f.hacker.noun())
end

local sha = options.of("git.commitSha", { length = "integer" })
function git.commitSha(f, given)
  return f.string.hexadecimal { length = sha(given).length or 40, casing = "lower", prefix = "" }
end

local DAYS <const> = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" } -- 1970 began on a Thursday
local MONTHS <const> = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }

-- As git log writes it: "Wed Dec 31 21:09:37 2025 +0200"
local commitDate = options.of("git.commitDate", { refDate = "date" })
function git.commitDate(f, given)
  local o = commitDate(given)
  local reference = o.refDate and dates.read(o.refDate, "git.commitDate") or f.reference
  local ms = reference - f.stream:int(0, dates.DAY)
  local year, month, day = dates.split(ms)
  local t = ms // 1000 % 86400
  local zone = f.stream:int(-11, 12)
  return ("%s %s %d %02d:%02d:%02d %d %s%02d00"):format(DAYS[ms // dates.DAY % 7 + 1], MONTHS[month], day, t // 3600,
    t // 60 % 60, t % 60, year, zone < 0 and "-" or "+", math.abs(zone))
end

local entry = options.of("git.commitEntry", { merge = "boolean", eol = { "LF", "CRLF" }, refDate = "date" })
function git.commitEntry(f, given)
  local o = entry(given)
  local merge = o.merge
  if merge == nil then merge = f.stream:chance(0.2) end
  local first, last = f.person.firstName(), f.person.lastName()
  local lines = {
    "commit " .. git.commitSha(f),
    ("Author: %s %s <%s>"):format(first, last, f.internet.email { firstName = first, lastName = last }),
    "Date: " .. git.commitDate(f, { refDate = o.refDate }),
    "",
    "    " .. git.commitMessage(f),
    "",
  }
  if merge then
    table.insert(lines, 2, ("Merge: %s %s"):format(git.commitSha(f, { length = 7 }), git.commitSha(f, { length = 7 })))
  end
  return table.concat(lines, o.eol == "LF" and "\n" or "\r\n")
end

return git
