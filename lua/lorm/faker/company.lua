-- faker.company: names of companies and the things that they say.
local business = require "lorm.faker.data.business"

local company = {}

function company.name(f)
  local kind = f.random:int(1, 3)
  local last = f.person.lastName()
  if kind == 1 then return last .. " " .. f.random:pick(business.companySuffixes) end
  if kind == 2 then return last .. " - " .. f.person.lastName() end
  return ("%s, %s and %s"):format(last, f.person.lastName(), f.person.lastName())
end

local function drawn(list)
  return function(f) return f.random:pick(list) end
end

company.catchPhraseAdjective = drawn(business.catchAdjectives)
company.catchPhraseDescriptor = drawn(business.catchDescriptors)
company.catchPhraseNoun = drawn(business.catchNouns)
company.buzzVerb = drawn(business.buzzVerbs)
company.buzzAdjective = drawn(business.buzzAdjectives)
company.buzzNoun = drawn(business.buzzNouns)

function company.catchPhrase(f)
  local adjective, descriptor = company.catchPhraseAdjective(f), company.catchPhraseDescriptor(f)
  return ("%s %s %s"):format(adjective, descriptor, company.catchPhraseNoun(f))
end

function company.buzzPhrase(f)
  return ("%s %s %s"):format(company.buzzVerb(f), company.buzzAdjective(f), company.buzzNoun(f))
end

return company
