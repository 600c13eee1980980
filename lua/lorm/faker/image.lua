-- faker.image: addresses of pictures, on a host that is reserved for examples.
local encode = require "lorm.faker.encode"
local options = require "lorm.faker.options"

local image = {}

local HOST <const> = "https://images.example.com"

function image.avatar(f) return ("%s/avatars/%04d.jpg"):format(HOST, f.stream:int(0, 9999)) end

local portrait = options.of("image.personPortrait",
  { sex = { "female", "male" }, size = { 512, 256, 128, 64, 32 } })
function image.personPortrait(f, given)
  local o = portrait(given)
  return ("%s/portraits/%s/%d/%02d.jpg"):format(HOST, o.sex or f.person.sex(), o.size or 512, f.stream:int(0, 99))
end

local size = { width = "integer", height = "integer" }

local url = options.of("image.url", size)
function image.url(f, given)
  local o = url(given)
  return ("%s/%d/%d/%s.jpg"):format(HOST, o.width or 640, o.height or 480, f.string.alphanumeric(10))
end

function image.avatarGitHub(f) return ("https://avatars.githubusercontent.com/u/%d"):format(f.stream:int(1, 100000000)) end

-- The addresses that two services understand.
local flickr = options.of("image.urlLoremFlickr", { width = "integer", height = "integer", category = "string" })
function image.urlLoremFlickr(f, given)
  local o = flickr(given)
  return ("https://loremflickr.com/%d/%d%s?lock=%d"):format(o.width or 640, o.height or 480,
    o.category and "/" .. o.category or "", f.stream:int(1, 9999999999999999))
end

local picsum = options.of("image.urlPicsumPhotos",
  { width = "integer", height = "integer", grayscale = "boolean", blur = "integer" })
function image.urlPicsumPhotos(f, given)
  local o, query = picsum(given), {}
  if o.blur and (o.blur < 0 or o.blur > 10) then options.fail("image.urlPicsumPhotos", "blur must be 0 to 10") end
  if o.grayscale then query[1] = "grayscale" end
  if o.blur and o.blur > 0 then query[#query + 1] = "blur=" .. o.blur end
  return ("https://picsum.photos/seed/%s/%d/%d%s"):format(f.string.alphanumeric(10), o.width or 640, o.height or 480,
    #query > 0 and "?" .. table.concat(query, "&") or "")
end

-- A picture of one colour, whole, in its address.
local dataUri = options.of("image.dataUri",
  { width = "integer", height = "integer", color = "string", type = { "svg-uri", "svg-base64" } })
function image.dataUri(f, given)
  local o = dataUri(given)
  local width, height = o.width or 640, o.height or 480
  local svg = ('<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="%d" height="%d">'
    .. '<rect width="100%%" height="100%%" fill="%s"/><text x="%d" y="%d" font-size="20" text-anchor="middle">%dx%d</text></svg>'
  ):format(width, height, o.color or f.color.rgb(), width // 2, height // 2, width, height)
  if o.type == "svg-base64" then return "data:image/svg+xml;base64," .. encode.base64(svg) end
  return "data:image/svg+xml;charset=UTF-8," .. svg:gsub("[^%w%-_.!~*'()]", function(c) return ("%%%02X"):format(c:byte()) end)
end

return image
