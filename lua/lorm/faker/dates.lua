-- Points in time as whole milliseconds since 1970 UTC, and what callers see of them.
--   dates.read("2026-01-31T10:00:00Z") -> ms      also a datetime of lorm's, or seconds
--   dates.value(ms)                    -> a lorm.datetime, or an ISO text where lorm is not
-- Days and civil dates are turned into one another by H. Hinnant's algorithms (days_from_civil, civil_from_days).
local options = require "lorm.faker.options"

local dates = {}

dates.SECOND, dates.DAY = 1000, 86400000
dates.YEAR = 365 * dates.DAY + dates.DAY // 4

function dates.of(year, month, day)
  local y = month > 2 and year or year - 1
  local era = y // 400
  local ofEra = y - era * 400
  local ofYear = (153 * (month > 2 and month - 3 or month + 9) + 2) // 5 + day - 1
  return (era * 146097 + ofEra * 365 + ofEra // 4 - ofEra // 100 + ofYear - 719468) * dates.DAY
end

dates.REFERENCE = dates.of(2026, 1, 1)

function dates.split(ms)
  local z = ms // dates.DAY + 719468
  local era = z // 146097
  local ofEra = z - era * 146097
  local y = (ofEra - ofEra // 1460 + ofEra // 36524 - ofEra // 146096) // 365
  local ofYear = ofEra - (365 * y + y // 4 - y // 100)
  local m = (5 * ofYear + 2) // 153
  local month = m < 10 and m + 3 or m - 9
  return y + era * 400 + (month <= 2 and 1 or 0), month, ofYear - (153 * m + 2) // 5 + 1
end

function dates.iso(ms)
  local year, month, day = dates.split(ms)
  local t = ms % dates.DAY
  return ("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ"):format(
    year, month, day, t // 3600000, t // 60000 % 60, t // 1000 % 60, t % 1000)
end

-- "+02:00" -> how many milliseconds to add to reach UTC
local function zone(text)
  if text == "" or text == "Z" then return 0 end
  local sign, hours, minutes = text:match "^([+-])(%d%d):?(%d%d)$"
  if not sign then return nil end
  return (sign == "-" and 1 or -1) * (tonumber(hours) * 60 + tonumber(minutes)) * 60000
end

local function clock(text)
  if text == "" then return 0 end
  local h, m, s, fraction, offset = text:match "^[T ](%d%d):(%d%d):?(%d*)%.?(%d*)(.*)$"
  local shift = h and zone(offset)
  if not shift or tonumber(h) > 23 or tonumber(m) > 59 then return nil end
  local seconds = tonumber(h) * 3600 + tonumber(m) * 60 + (tonumber(s) or 0)
  return seconds * 1000 + tonumber((fraction .. "000"):sub(1, 3)) + shift
end

local function parse(text)
  local year, month, day, rest = text:match "^(%d%d%d%d)%-(%d%d)%-(%d%d)(.*)$"
  if not year then return nil end
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  local ms, ofDay = dates.of(year, month, day), clock(rest)
  local y, m, d = dates.split(ms)
  return ofDay and y == year and m == month and d == day and ms + ofDay or nil
end

function dates.read(date, name)
  local ms
  if type(date) == "string" then ms = parse(date)
  elseif type(date) == "number" then ms = math.floor(date * 1000)
  elseif type(date) == "userdata" then ms = date:microseconds() // 1000
  end
  return ms or options.fail(name, "this is no date: %s", tostring(date))
end

local lorm -- the module, false where there is none, nil before the first look

function dates.value(ms)
  if lorm == nil then
    local found, module = pcall(require, "lorm")
    lorm = found and type(module) == "table" and module.datetime and module or false
  end
  if not lorm then return dates.iso(ms) end
  return lorm.datetime(ms % 1000 == 0 and ms // 1000 or ms / 1000)
end

return dates
