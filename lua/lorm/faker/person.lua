-- faker.person: people, their names and their work.
local names = require "lorm.faker.data.names"
local options = require "lorm.faker.options"

local person = {}

local sexes = { "female", "male" }

local function checked(name, sex)
  if sex ~= nil and sex ~= "generic" then options.check("person." .. name, "sex", sexes, sex) end
  return sex ~= "generic" and sex or nil
end

local function given(f, name, sex) return f.random:pick(names[checked(name, sex) or f.random:pick(sexes)]) end

function person.firstName(f, sex) return given(f, "firstName", sex) end
function person.middleName(f, sex) return given(f, "middleName", sex) end
function person.lastName(f, sex)
  checked("lastName", sex)
  return f.random:pick(names.last)
end

function person.prefix(f, sex)
  return f.random:pick(names.prefixes[checked("prefix", sex) or f.random:pick(sexes)])
end

function person.suffix(f) return f.random:pick(names.suffixes) end

local full = options.of("person.fullName",
  { firstName = "string", lastName = "string", sex = { "female", "male", "generic" } })
function person.fullName(f, wanted)
  local o = full(wanted)
  local sex = checked("fullName", o.sex) or f.random:pick(sexes)
  local name = (o.firstName or person.firstName(f, sex)) .. " " .. (o.lastName or person.lastName(f))
  if f.random:chance(0.08) then return person.prefix(f, sex) .. " " .. name end
  if f.random:chance(0.08) then return name .. " " .. person.suffix(f) end
  return name
end

function person.sex(f) return f.random:pick(sexes) end
person.sexType = person.sex
function person.gender(f) return f.random:pick(names.genders) end
function person.zodiacSign(f) return f.random:pick(names.zodiac) end

function person.jobDescriptor(f) return f.random:pick(names.jobLevels) end
function person.jobArea(f) return f.random:pick(names.jobAreas) end
function person.jobType(f) return f.random:pick(names.jobTypes) end
function person.jobTitle(f)
  return person.jobDescriptor(f) .. " " .. person.jobArea(f) .. " " .. person.jobType(f)
end

function person.bio(f)
  local pattern = f.random:pick { "%s", "%s, %s", "%s, %s, %s", "%s enthusiast", "%s lover, %s", "%s fan, %s" }
  local parts = f.helpers.arrayElements(names.callings, 3)
  if pattern:find "^%%s %a" then parts[1] = f.word.noun() end
  return (pattern:format(table.unpack(parts)))
end

return person
