-- faker.date: points in time, relative to refDate or the faker's own reference.
local dates = require "lorm.faker.dates"
local options = require "lorm.faker.options"
local words = require "lorm.faker.data.calendar"

local date = {}

local function draw(f, name, from, to)
  if from > to then options.fail("date." .. name, "from (%s) lies after to (%s)", dates.iso(from), dates.iso(to)) end
  return dates.value(f.stream:int(from, to))
end

-- What a window of so many units before or after the reference is called, and how long the unit is.
local function window(name, unit, length, direction)
  local read = options.of("date." .. name, { [unit] = "number", refDate = "date" }, unit)
  return function(f, given)
    local o = read(given)
    local count = o[unit] or 1
    if count <= 0 then options.fail("date." .. name, "%s must be positive, got %s", unit, tostring(count)) end
    local reference = o.refDate and dates.read(o.refDate, "date." .. name) or f.reference
    local far = reference + direction * math.floor(count * length)
    local near = reference + direction * dates.SECOND
    return draw(f, name, math.min(far, near), math.max(far, near))
  end
end

date.past = window("past", "years", dates.YEAR, -1)
date.future = window("future", "years", dates.YEAR, 1)
date.recent = window("recent", "days", dates.DAY, -1)
date.soon = window("soon", "days", dates.DAY, 1)

local anytime = options.of("date.anytime", { refDate = "date" }, "refDate")
function date.anytime(f, given)
  local o = anytime(given)
  local reference = o.refDate and dates.read(o.refDate, "date.anytime") or f.reference
  return draw(f, "anytime", reference - dates.YEAR, reference + dates.YEAR)
end

local function ends(name, o)
  for _, which in ipairs { "from", "to" } do
    if o[which] == nil then options.fail("date." .. name, "`%s` is missing", which) end
  end
  return dates.read(o.from, "date." .. name), dates.read(o.to, "date." .. name)
end

local between = options.of("date.between", { from = "date", to = "date" })
function date.between(f, given)
  local from, to = ends("between", between(given))
  return draw(f, "between", from, to)
end

-- In order of time.
local betweens = options.of("date.betweens", { from = "date", to = "date", count = "range" })
function date.betweens(f, given)
  local o = betweens(given)
  local from, to = ends("betweens", o)
  if from > to then options.fail("date.betweens", "from (%s) lies after to (%s)", dates.iso(from), dates.iso(to)) end
  local found = {}
  for i = 1, options.draw(f, o.count or 3) do found[i] = f.stream:int(from, to) end
  table.sort(found)
  for i, ms in ipairs(found) do found[i] = dates.value(ms) end
  return found
end

local birthdate = options.of("date.birthdate",
  { min = "integer", max = "integer", mode = { "age", "year" }, refDate = "date" })
function date.birthdate(f, given)
  local o = birthdate(given)
  local reference = o.refDate and dates.read(o.refDate, "date.birthdate") or f.reference
  local year, month, day = dates.split(reference)
  if o.mode == "year" then
    local min, max = o.min or year - 80, o.max or year - 18
    return draw(f, "birthdate", dates.of(min, 1, 1), dates.of(max + 1, 1, 1) - 1)
  end
  local min, max = o.min or 18, o.max or 80
  if min > max then options.fail("date.birthdate", "max (%d) is below min (%d)", max, min) end
  if month == 2 and day == 29 then day = 28 end
  return draw(f, "birthdate", dates.of(year - max - 1, month, day) + dates.DAY, dates.of(year - min, month, day))
end

local function named(name, list)
  local read = options.of("date." .. name, { abbreviated = "boolean", context = "boolean" })
  return function(f, given)
    local word = f.stream:pick(list)
    return read(given).abbreviated and word:sub(1, 3) or word
  end
end

date.month = named("month", words.months)
date.weekday = named("weekday", words.weekdays)

function date.timeZone(f) return f.stream:pick(words.timeZones) end

return date
