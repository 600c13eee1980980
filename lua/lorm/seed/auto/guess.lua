-- What a field probably holds, by its name and type.
--   local draw = guess("String", "firstName", "User")       -> function(c) returning a value, or nil: no idea
-- c is the row that is being made: c.f (the faker), c:person() (one for all of the row's fields), c:time(0) (when the
-- row was made; c:time(n) is n seconds later). Names are looked at in small words: "firstName" is "first_name".

-- { pattern of the name, what it holds }, the first that fits.
local strings = {
  { "e_?mail", function(c) return c:person().email end },
  { "^first_?name$", function(c) return c:person().first end },
  { "^given_?name$", function(c) return c:person().first end },
  { "^middle_?name$", function(c) return c.f.person.middleName() end },
  { "last_?name$", function(c) return c:person().last end },
  { "surname$", function(c) return c:person().last end },
  { "family_?name$", function(c) return c:person().last end },
  { "full_?name$", function(c) return c:person().name end },
  { "display_?name$", function(c) return c:person().name end },
  { "user_?name$", function(c) return c:person().account end },
  { "^login$", function(c) return c:person().account end },
  { "^nick", function(c) return c:person().account end },
  { "^handle$", function(c) return c:person().account end },
  { "author$", function(c) return c:person().name end },
  { "gender", function(c) return c.f.person.sex() end },
  { "job_?title", function(c) return c.f.person.jobTitle() end },
  { "^bio", function(c) return c.f.person.bio() end },
  { "password_?hash", function(c) return "$2b$10$" .. c.f.string.alphanumeric(53) end },
  { "password", function(c) return c.f.internet.password() end },
  { "phone", function(c) return c.f.phone.number { style = "international" } end },
  { "mobile", function(c) return c.f.phone.number { style = "international" } end },
  { "^fax", function(c) return c.f.phone.number { style = "international" } end },
  { "imei", function(c) return c.f.phone.imei() end },
  { "avatar", function(c) return c.f.image.avatar() end },
  { "logo", function(c) return c.f.image.url() end },
  { "image", function(c) return c.f.image.url() end },
  { "photo", function(c) return c.f.image.url() end },
  { "picture", function(c) return c.f.image.url() end },
  { "thumbnail", function(c) return c.f.image.url() end },
  { "icon", function(c) return c.f.image.url() end },
  { "domain", function(c) return c.f.internet.domainName() end },
  { "host_?name", function(c) return c.f.internet.domainName() end },
  { "^host$", function(c) return c.f.internet.domainName() end },
  { "website", function(c) return c.f.internet.url() end },
  { "uri", function(c) return c.f.internet.url() end },
  { "url", function(c) return c.f.internet.url() end },
  { "link$", function(c) return c.f.internet.url() end },
  { "referrer", function(c) return c.f.internet.url() end },
  { "user_?agent", function(c) return c.f.internet.userAgent() end },
  { "ip_?address", function(c) return c.f.internet.ipv4() end },
  { "^ip$", function(c) return c.f.internet.ipv4() end },
  { "^ip_", function(c) return c.f.internet.ipv4() end },
  { "mac_?address", function(c) return c.f.internet.mac() end },
  { "slug", function(c) return c.f.lorem.slug() end },
  { "street", function(c) return c.f.location.streetAddress() end },
  { "address", function(c) return c.f.location.streetAddress() end },
  { "city", function(c) return c.f.location.city() end },
  { "town", function(c) return c.f.location.city() end },
  { "country_?code", function(c) return c.f.location.countryCode() end },
  { "country", function(c) return c.f.location.country() end },
  { "region", function(c) return c.f.location.state() end },
  { "province", function(c) return c.f.location.state() end },
  { "zip", function(c) return c.f.location.zipCode() end },
  { "postal", function(c) return c.f.location.zipCode() end },
  { "postcode", function(c) return c.f.location.zipCode() end },
  { "time_?zone", function(c) return c.f.date.timeZone() end },
  { "^tz$", function(c) return c.f.date.timeZone() end },
  { "locale", function(c) return c.f.helpers.arrayElement { "en-US", "de-DE", "fr-FR", "es-ES", "ja-JP", "pt-BR" } end },
  { "lang", function(c) return c.f.location.language().alpha2 end },
  { "currency", function(c) return c.f.finance.currencyCode() end },
  { "iban", function(c) return c.f.finance.iban() end },
  { "^bic$", function(c) return c.f.finance.bic() end },
  { "swift", function(c) return c.f.finance.bic() end },
  { "isbn", function(c) return c.f.commerce.isbn() end },
  { "account_?number", function(c) return c.f.finance.accountNumber() end },
  { "card_?number", function(c) return c.f.finance.creditCardNumber() end },
  { "company", function(c) return c.f.company.name() end },
  { "organi[sz]ation", function(c) return c.f.company.name() end },
  { "vendor", function(c) return c.f.company.name() end },
  { "brand", function(c) return c.f.company.name() end },
  { "colou?r", function(c) return c.f.color.rgb() end },
  { "mime", function(c) return c.f.system.mimeType() end },
  { "content_?type", function(c) return c.f.system.mimeType() end },
  { "file_?name", function(c) return c.f.system.fileName() end },
  { "path", function(c) return c.f.system.filePath() end },
  { "version", function(c) return c.f.system.semver() end },
  { "branch", function(c) return c.f.git.branch() end },
  { "sha$", function(c) return c.f.git.commitSha() end },
  { "hash", function(c) return c.f.string.hexadecimal { length = 64, casing = "lower", prefix = "" } end },
  { "token", function(c) return c.f.string.alphanumeric(32) end },
  { "secret", function(c) return c.f.string.alphanumeric(32) end },
  { "api_?key", function(c) return c.f.string.alphanumeric(32) end },
  { "uuid", function(c) return c.f.string.uuid() end },
  { "_id$", function(c) return c.f.string.uuid() end },
  { "^id$", function(c) return c.f.string.uuid() end },
  { "sku", function(c) return c.f.helpers.replaceSymbols "???-####-##" end },
  { "barcode", function(c) return c.f.commerce.upc() end },
  { "code", function(c) return c.f.string.alphanumeric { length = 8, casing = "upper" } end },
  { "title", function(c) return c.f.book.title() end },
  { "subject", function(c) return c.f.lorem.sentence(5) end },
  { "headline", function(c) return c.f.company.catchPhrase() end },
  { "summary", function(c) return c.f.lorem.sentences(2) end },
  { "excerpt", function(c) return c.f.lorem.sentences(2) end },
  { "description", function(c) return c.f.lorem.paragraph() end },
  { "content", function(c) return c.f.lorem.paragraphs(2) end },
  { "body", function(c) return c.f.lorem.paragraphs(2) end },
  { "text", function(c) return c.f.lorem.paragraph() end },
  { "comment", function(c) return c.f.lorem.sentence() end },
  { "message", function(c) return c.f.lorem.sentence() end },
  { "note", function(c) return c.f.lorem.sentence() end },
  { "reason", function(c) return c.f.lorem.sentence() end },
  { "error", function(c) return c.f.lorem.sentence() end },
  { "genre", function(c) return c.f.music.genre() end },
  { "department", function(c) return c.f.commerce.department() end },
  { "category", function(c) return c.f.commerce.department() end },
  { "material", function(c) return c.f.commerce.productMaterial() end },
  { "tag", function(c) return c.f.word.noun() end },
  { "keyword", function(c) return c.f.word.noun() end },
  { "browser", function(c) return c.f.helpers.arrayElement { "chrome", "firefox", "safari", "edge" } end },
  { "^os$", function(c) return c.f.helpers.arrayElement { "Linux", "macOS", "Windows", "Android", "iOS" } end },
  { "device", function(c) return c.f.helpers.arrayElement { "desktop", "laptop", "mobile", "tablet" } end },
  { "status", function(c) return c.f.helpers.arrayElement { "active", "pending", "done", "archived" } end },
  { "state$", function(c) return c.f.helpers.arrayElement { "active", "pending", "done", "archived" } end },
  { "method", function(c) return c.f.internet.httpMethod() end },
  { "vin$", function(c) return c.f.vehicle.vin() end },
  { "cron", function(c) return c.f.system.cron() end },
}

-- What a `name` is depends on whose it is.
local names = {
  { "user", "person" }, { "person", "person" }, { "people", "person" }, { "customer", "person" }, { "author", "person" },
  { "member", "person" }, { "employee", "person" }, { "contact", "person" }, { "patient", "person" },
  { "student", "person" }, { "teacher", "person" }, { "client", "person" }, { "end_?user", "person" },
  { "company", "company" }, { "organi[sz]ation", "company" }, { "vendor", "company" }, { "supplier", "company" },
  { "workspace", "company" }, { "team", "company" }, { "tenant", "company" }, { "brand", "company" },
  { "product", "product" }, { "item", "product" }, { "article", "product" },
  { "city", "city" }, { "country", "country" }, { "file", "file" }, { "attachment", "file" }, { "document", "file" },
  { "category", "noun" }, { "tag", "noun" }, { "label", "noun" }, { "topic", "noun" }, { "role", "noun" },
}

local named = {
  person = function(c) return c:person().name end,
  company = function(c) return c.f.company.name() end,
  product = function(c) return c.f.commerce.productName() end,
  city = function(c) return c.f.location.city() end,
  country = function(c) return c.f.location.country() end,
  file = function(c) return c.f.system.fileName() end,
  noun = function(c) return c.f.word.noun() end,
}

local function range(min, max)
  return function(c) return c.f.stream:int(min, max) end
end

local integers = {
  { "^age$", range(18, 90) }, { "year", range(1990, 2026) }, { "month", range(1, 12) }, { "day", range(1, 28) },
  { "hour", range(0, 23) }, { "minute", range(0, 59) }, { "percent", range(0, 100) }, { "progress", range(0, 100) },
  { "rating", range(1, 5) }, { "stars", range(1, 5) }, { "score", range(0, 100) }, { "quantity", range(1, 20) },
  { "qty", range(1, 20) }, { "price", range(100, 100000) }, { "amount", range(100, 100000) }, { "cents", range(100, 100000) },
  { "total", range(100, 100000) }, { "balance", range(0, 100000) }, { "status_?code", range(200, 504) },
  { "port", range(1024, 65535) }, { "size", range(1, 1000000) }, { "bytes", range(1, 1000000) },
  { "duration", range(1, 7200) }, { "width", range(16, 4096) }, { "height", range(16, 4096) }, { "stock", range(0, 500) },
  { "count", range(0, 500) }, { "views", range(0, 10000) }, { "likes", range(0, 500) }, { "version", range(1, 20) },
  { "position", range(0, 100) }, { "order", range(0, 100) }, { "index", range(0, 100) }, { "rank", range(1, 100) },
  { "level", range(1, 10) }, { "priority", range(1, 5) }, { "weight", range(1, 1000) }, { "limit", range(1, 1000) },
}

local reals = {
  { "lat", function(c) return c.f.location.latitude() end },
  { "lng", function(c) return c.f.location.longitude() end },
  { "lon", function(c) return c.f.location.longitude() end },
  { "rating", function(c) return c.f.number.float { min = 1.0, max = 5.0, fractionDigits = 1 } end },
  { "percent", function(c) return c.f.number.float { max = 100.0, fractionDigits = 1 } end },
  { "rate", function(c) return c.f.number.float { max = 1.0, fractionDigits = 3 } end },
  { "ratio", function(c) return c.f.number.float { max = 1.0, fractionDigits = 3 } end },
  { "price", function(c) return c.f.number.float { min = 1.0, max = 999.0, fractionDigits = 2 } end },
  { "cost", function(c) return c.f.number.float { min = 1.0, max = 999.0, fractionDigits = 2 } end },
}

local DAY <const> = 86400

local function later(min, max)
  return function(c) return c:time(c.f.stream:int(min, max)) end
end

local times = {
  { "created", function(c) return c:time(0) end },
  { "updated", later(0, 60 * DAY) },
  { "modified", later(0, 60 * DAY) },
  { "published", later(0, 10 * DAY) },
  { "birth", function(c) return c.f.date.birthdate() end },
  { "^dob$", function(c) return c.f.date.birthdate() end },
  { "expire", later(400 * DAY, 800 * DAY) },
  { "expiry", later(400 * DAY, 800 * DAY) },
  { "valid_?until", later(400 * DAY, 800 * DAY) },
  { "^due", later(10 * DAY, 90 * DAY) },
  { "^start", later(DAY, 10 * DAY) },
  { "^begin", later(DAY, 10 * DAY) },
  { "^from", later(DAY, 10 * DAY) },
  { "^end", later(11 * DAY, 60 * DAY) },
  { "^finish", later(11 * DAY, 60 * DAY) },
  { "^completed", later(11 * DAY, 60 * DAY) },
  { "^to$", later(11 * DAY, 60 * DAY) },
  { "deleted", later(61 * DAY, 90 * DAY) },
  { "", later(0, 90 * DAY) },
}

local booleans = {
  { "deleted", 0.05 }, { "archived", 0.1 }, { "banned", 0.03 }, { "blocked", 0.05 }, { "disabled", 0.1 },
  { "admin", 0.05 }, { "active", 0.85 }, { "enabled", 0.8 }, { "verified", 0.8 }, { "published", 0.7 },
}

local byType = { String = strings, Int = integers, BigInt = integers, Float = reals, Decimal = reals, DateTime = times }

-- "firstName", "FIRST_NAME" -> "first_name"
local function words(name) return (name:gsub("(%l)(%u)", "%1_%2"):gsub("(%u)(%u%l)", "%1_%2"):lower()) end

local function first(list, name)
  for _, entry in ipairs(list or {}) do
    if name:find(entry[1]) then return entry[2] end
  end
end

return function(type, name, model)
  name = words(name)
  if type == "Boolean" then
    local p = first(booleans, name) or 0.5
    return function(c) return c.f.stream:chance(p) end
  end
  if type == "String" and (name == "name" or name == "label") then
    return named[first(names, words(model)) or "noun"]
  end
  local found = first(byType[type], name)
  if not found and type == "String" and name:find "name$" then return named.noun end
  return found
end
