-- faker.company: names of companies and the things that they say.
local business = require "lorm.faker.data.business"
local locales = require "lorm.faker.locales"

local company = {}

function company.name(f)
  local data = f.data "company"
  return locales.fill(f, f.stream:pick(data.patterns), {
    last = function() return f.person.lastName() end,
    city = function() return f.stream:pick(f.data("location").cities) end,
    suffix = function() return f.stream:pick(data.suffixes) end,
  })
end

local function drawn(list)
  return function(f) return f.stream:pick(list) end
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
