-- English, as in the United States.
local business = require "lorm.faker.data.business"
local names = require "lorm.faker.data.names"
local places = require "lorm.faker.data.places"

local countries = {}
for i, country in ipairs(places.countries) do countries[i] = country.name end

return {
  person = {
    female = names.female, male = names.male, last = names.last, prefixes = names.prefixes, suffixes = names.suffixes,
    fullName = "{first} {last}",
  },
  location = {
    countries = countries, states = places.states, counties = places.counties, county = "{name} County",
    cities = places.cities,
    cityPatterns = { "{prefix} {first}", "{prefix} {last}", "{first}{suffix}", "{last}{suffix}", "{last}{suffix}" },
    cityPrefixes = places.cityPrefixes, citySuffixes = places.citySuffixes,
    streetPatterns = { "{name} {suffix}", "{name} {suffix}", "{last} {suffix}" },
    streetNames = places.streetNames, streetSuffixes = places.streetSuffixes,
    numbers = { "!#", "!##", "!###", "1##", "1###" }, secondary = places.secondary,
    zips = { "#####", "#####", "#####", "#####", "#####-####" },
    address = "{number} {street}", full = "{address} {secondary}", postal = "{address}\n{city}, {state} {zip}",
  },
  -- exchanges that are kept for fiction
  phone = {
    human = { "!##-555-01##", "(!##) 555-01##", "!##.555.01##", "1-!##-555-01##", "+1 !## 555 01##" },
    national = { "(!##) 555-01##" }, international = { "+1!##55501##" },
  },
  company = {
    suffixes = business.companySuffixes,
    patterns = { "{last} {suffix}", "{last} - {last}", "{last}, {last} and {last}" },
  },
}
