-- faker.person: people, their names and their work.
local names = require "lorm.faker.data.names"
local options = require "lorm.faker.options"

local person = {}

local sexes = { "female", "male" }

local function checked(name, sex)
  if sex ~= nil and sex ~= "generic" then options.check("person." .. name, "sex", sexes, sex) end
  return sex ~= "generic" and sex or nil
end

local function given(f, name, sex) return f.stream:pick(f.data("person")[checked(name, sex) or f.stream:pick(sexes)]) end

function person.firstName(f, sex) return given(f, "firstName", sex) end
function person.middleName(f, sex) return given(f, "middleName", sex) end
function person.lastName(f, sex)
  checked("lastName", sex)
  return f.stream:pick(f.data("person").last)
end

-- "" where the language has none.
function person.prefix(f, sex)
  local prefixes = f.data("person").prefixes[checked("prefix", sex) or f.stream:pick(sexes)]
  return #prefixes > 0 and f.stream:pick(prefixes) or ""
end

function person.suffix(f)
  local suffixes = f.data("person").suffixes
  return #suffixes > 0 and f.stream:pick(suffixes) or ""
end

local full = options.of("person.fullName",
  { firstName = "string", lastName = "string", sex = { "female", "male", "generic" } })
function person.fullName(f, wanted)
  local o = full(wanted)
  local sex = checked("fullName", o.sex) or f.stream:pick(sexes)
  local data = f.data "person"
  local first, last = o.firstName or person.firstName(f, sex), o.lastName
  local name = data.fullName:gsub("{(%a+)}", function(part)
    if part == "first" then return first end
    local one = last or person.lastName(f)
    last = o.lastName and "" -- given as a whole
    return one
  end):gsub(" $", "")
  if #data.prefixes[sex] > 0 and f.stream:chance(0.08) then return person.prefix(f, sex) .. " " .. name end
  if #data.suffixes > 0 and f.stream:chance(0.08) then return name .. " " .. person.suffix(f) end
  return name
end

function person.sex(f) return f.stream:pick(sexes) end
person.sexType = person.sex
function person.gender(f) return f.stream:pick(names.genders) end
function person.zodiacSign(f) return f.stream:pick(names.zodiac) end

function person.jobDescriptor(f) return f.stream:pick(names.jobLevels) end
function person.jobArea(f) return f.stream:pick(names.jobAreas) end
function person.jobType(f) return f.stream:pick(names.jobTypes) end
function person.jobTitle(f)
  return person.jobDescriptor(f) .. " " .. person.jobArea(f) .. " " .. person.jobType(f)
end

function person.bio(f)
  local pattern = f.stream:pick { "%s", "%s, %s", "%s, %s, %s", "%s enthusiast", "%s lover, %s", "%s fan, %s" }
  local parts = f.helpers.arrayElements(names.callings, 3)
  if pattern:find "^%%s %a" then parts[1] = f.word.noun() end
  return (pattern:format(table.unpack(parts)))
end

return person
