-- faker.image: addresses of pictures, on a host that is reserved for examples.
local options = require "lorm.faker.options"

local image = {}

local HOST <const> = "https://images.example.com"

function image.avatar(f) return ("%s/avatars/%04d.jpg"):format(HOST, f.random:int(0, 9999)) end

local portrait = options.of("image.personPortrait",
  { sex = { "female", "male" }, size = { 512, 256, 128, 64, 32 } })
function image.personPortrait(f, given)
  local o = portrait(given)
  return ("%s/portraits/%s/%d/%02d.jpg"):format(HOST, o.sex or f.person.sex(), o.size or 512, f.random:int(0, 99))
end

local size = { width = "integer", height = "integer" }

local url = options.of("image.url", size)
function image.url(f, given)
  local o = url(given)
  return ("%s/%d/%d/%s.jpg"):format(HOST, o.width or 640, o.height or 480, f.string.alphanumeric(10))
end
image.imageUrl = image.url

return image
