-- faker.hacker: what is said in films.
local machines = require "lorm.faker.data.machines"

local hacker = {}

local function drawn(list)
  return function(f) return (f.stream:pick(list):gsub("%-up$", " up")) end
end

hacker.abbreviation = drawn(machines.hackerAbbreviations)
hacker.adjective = drawn(machines.hackerAdjectives)
hacker.ingverb = drawn(machines.hackerIngverbs)
hacker.noun = drawn(machines.hackerNouns)
hacker.verb = drawn(machines.hackerVerbs)

function hacker.phrase(f)
  local patterns = {
    "If we {verb} the {noun}, we can get to the {abbreviation} {noun} through the {adjective} {abbreviation} {noun}!",
    "We need to {verb} the {adjective} {abbreviation} {noun}!",
    "Try to {verb} the {abbreviation} {noun}, maybe it will {verb} the {adjective} {noun}!",
    "You can't {verb} the {noun} without {ingverb} the {adjective} {abbreviation} {noun}!",
    "The {abbreviation} {noun} is down, {verb} the {adjective} {noun} so we can {verb} the {abbreviation} {noun}!",
  }
  return (f.stream:pick(patterns):gsub("{(%a+)}", function(part) return hacker[part](f) end))
end

return hacker
