-- Names under which older versions of faker-js had what is now elsewhere: aliases.name.findName = "person.fullName".
-- A module with another's name has all functions of that one, too (`whole`).
local aliases = { whole = { name = "person", address = "location" } }

local text = [[
  name.findName person.fullName
  name.title person.jobTitle
  phone.phoneNumber phone.number
  company.companyName company.name
  company.bs company.buzzPhrase
  company.bsNoun company.buzzNoun
  company.bsVerb company.buzzVerb
  company.bsBuzz company.buzzVerb
  company.bsAdjective company.buzzAdjective
  commerce.color color.human
  datatype.number number.int
  datatype.float number.float
  datatype.bigInt number.bigInt
  datatype.hexadecimal string.hexadecimal
  datatype.uuid string.uuid
  datatype.string string.sample
  datatype.datetime date.anytime
  finance.account finance.accountNumber
  finance.creditCardCVC finance.creditCardCVV
  helpers.regexpStyleStringParse helpers.fromRegExp
  helpers.replaceSymbolWithNumber helpers.replaceSymbols
  image.imageUrl image.url
  image.urlPlaceholder image.url
  internet.avatar image.avatar
  internet.color color.rgb
  internet.userName internet.username
  location.cityName location.city
  location.streetName location.street
  location.zipCodeByState location.zipCode
  random.number number.int
  random.float number.float
  random.uuid string.uuid
  random.boolean datatype.boolean
  random.arrayElement helpers.arrayElement
  random.arrayElements helpers.arrayElements
  random.objectElement helpers.objectValue
  random.word word.sample
  random.words word.words
  random.alpha string.alpha
  random.alphaNumeric string.alphanumeric
  random.hexaDecimal string.hexadecimal
  random.numeric string.numeric
  random.image image.url
  time.recent date.recent
]]

for module, name, target in text:gmatch "(%a+)%.(%a+) (%a+%.%a+)" do
  aliases[module] = aliases[module] or {}
  aliases[module][name] = target
end

return aliases
