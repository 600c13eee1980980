-- What changes with the language: lorm/faker/locale/<name>.lua is a table of sections (person, location, phone,
-- company). Patterns there are filled in by `fill`: {last} is a part, # a digit, ! a digit from 2, ? a letter.
--   locales.data("de", "person").last
--   locales.fill(f, "{last}straße ##", { last = function() return "Abel" end })
--   locales.ascii(f, "Müller")        -> "Mueller"
local locales = { names = { "de", "en", "es", "fr", "ja", "pt_BR", "zh_CN" } }

function locales.has(name)
  for _, known in ipairs(locales.names) do
    if known == name then return true end
  end
  return false
end

function locales.data(name, section)
  return require("lorm.faker.locale." .. name)[section] or require("lorm.faker.locale.en")[section]
end

function locales.fill(f, pattern, parts)
  local filled = pattern:gsub("{(%w+)}", function(name) return (parts[name]():gsub("[#!?*]", "")) end)
  return filled:find "[#!?*]" and f.helpers.replaceSymbols(filled) or filled
end

-- Names with their readings, "佐藤:Sato": a list of the names, the readings by name put into `latin`.
function locales.readings(text, latin)
  local found = {}
  for name, reading in text:gmatch "([^%s:]+):(%S+)" do
    found[#found + 1] = name
    latin[name] = reading
  end
  return found
end

local letters = {
  ["ä"] = "ae", ["ö"] = "oe", ["ü"] = "ue", ["Ä"] = "Ae", ["Ö"] = "Oe", ["Ü"] = "Ue", ["ß"] = "ss", ["œ"] = "oe",
}
for plain, accented in pairs {
  a = "áàâãå", e = "éèêë", i = "íìîï", o = "óòôõ", u = "úùû", c = "ç", n = "ñ", y = "ý", A = "ÁÀÂÃÅ", E = "ÉÈÊË",
  I = "ÍÌÎÏ", O = "ÓÒÔÕ", U = "ÚÙÛ", C = "Ç", N = "Ñ",
} do
  for letter in accented:gmatch(utf8.charpattern) do letters[letter] = plain end
end

-- A name in the letters of addresses.
function locales.ascii(f, name)
  local latin = f.data("person").latin
  if latin and latin[name] then return latin[name] end
  return (name:gsub("[\xC2-\xF4][\x80-\xBF]+", function(letter) return letters[letter] or "" end))
end

return locales
