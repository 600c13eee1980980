-- faker.color: colours by name and by number. format = "css" (a text) or, by default, "decimal" (a list of numbers).
local options = require "lorm.faker.options"

local color = {}

local names = require("lorm.faker.list").words [[
  amber aqua azure beige black blue bronze brown coral crimson cyan fuchsia gold gray green indigo ivory khaki lavender
  lime magenta maroon mint navy olive orange orchid peach pink plum purple red rose salmon sienna silver tan teal
  turquoise violet white yellow
]]

local function drawn(list)
  return function(f) return f.stream:pick(list) end
end

local spaces = { "a98-rgb", "display-p3", "prophoto-rgb", "rec2020", "sRGB" }

color.human = drawn(names)
color.space = drawn { "CIELAB", "CIELUV", "CMYK", "HSL", "HSV", "HWB", "LCh", "RGB", "sRGB", "XYZ", "YCbCr" }
color.cssSupportedFunction = drawn { "rgb", "rgba", "hsl", "hsla", "hwb", "cmyk", "lab", "lch", "color" }
color.cssSupportedSpace = drawn(spaces)

local rgb = options.of("color.rgb", {
  format = { "hex", "css", "decimal" },
  casing = { "lower", "upper", "mixed" },
  prefix = "string",
  includeAlpha = "boolean",
})
function color.rgb(f, given)
  local o = rgb(given)
  local r, g, b = f.stream:int(0, 255), f.stream:int(0, 255), f.stream:int(0, 255)
  local alpha = o.includeAlpha and f.number.float { fractionDigits = 2 } or nil
  if o.format == "decimal" then return { r, g, b, alpha } end
  if o.format == "css" then
    return alpha and ("rgba(%d, %d, %d, %.2f)"):format(r, g, b, alpha) or ("rgb(%d, %d, %d)"):format(r, g, b)
  end
  local hex = ("%02x%02x%02x"):format(r, g, b) .. (alpha and ("%02x"):format(math.floor(alpha * 255)) or "")
  if o.casing == "upper" then hex = hex:upper() end
  if o.casing == "mixed" then hex = hex:gsub("%l", function(c) return f.stream:chance(0.5) and c:upper() or c end) end
  return (o.prefix or "#") .. hex
end

-- One function of CSS: the ranges of its numbers, and how they are written.
local function channels(name, ranges, css)
  local read = options.of("color." .. name, { format = { "css", "decimal" }, includeAlpha = "boolean" })
  return function(f, given)
    local o, values = read(given), {}
    for i, range in ipairs(ranges) do
      values[i] = f.number.float { min = range[1], max = range[2], fractionDigits = range[3] }
    end
    local alpha = o.includeAlpha and f.number.float { fractionDigits = 2 } or nil
    if o.format ~= "css" then
      values[#values + 1] = alpha
      return values
    end
    local text = css:format(table.unpack(values))
    return alpha and text:gsub("%)$", (" / %.2f)"):format(alpha)) or text
  end
end

color.hsl = channels("hsl", { { 0, 360, 0 }, { 0, 1, 2 }, { 0, 1, 2 } }, "hsl(%.0fdeg %.2f %.2f)")
color.hwb = channels("hwb", { { 0, 360, 0 }, { 0, 1, 2 }, { 0, 1, 2 } }, "hwb(%.0f %.2f %.2f)")
color.lab = channels("lab", { { 0, 1, 6 }, { -100, 100, 4 }, { -100, 100, 4 } }, "lab(%.6f %.4f %.4f)")
color.lch = channels("lch", { { 0, 1, 6 }, { 0, 230, 1 }, { 0, 360, 1 } }, "lch(%.6f %.1f %.1f)")
color.cmyk = channels("cmyk", { { 0, 1, 2 }, { 0, 1, 2 }, { 0, 1, 2 }, { 0, 1, 2 } }, "cmyk(%.2f %.2f %.2f %.2f)")

local bySpace = options.of("color.colorByCSSColorSpace",
  { format = { "css", "decimal" }, space = spaces })
function color.colorByCSSColorSpace(f, given)
  local o, values = bySpace(given), {}
  for i = 1, 3 do values[i] = f.number.float { fractionDigits = 4 } end
  if o.format ~= "css" then return values end
  return ("color(%s %.4f %.4f %.4f)"):format(o.space or "sRGB", table.unpack(values))
end

return color
