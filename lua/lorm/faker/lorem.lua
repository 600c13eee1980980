-- faker.lorem: Latin without meaning.
local bylength = require "lorm.faker.bylength"
local latin = require "lorm.faker.data.latin"
local options = require "lorm.faker.options"

local lorem = {}

local function joined(f, name, count, default, separator, draw)
  local out = {}
  count = options.check("lorem." .. name, "count", "range", count == nil and default or count)
  for i = 1, options.draw(f, count) do out[i] = draw() end
  return table.concat(out, separator)
end

local word = options.of("lorem.word", bylength.options, "length")
function lorem.word(f, given) return bylength.draw(f, "lorem.word", latin, word(given)) end

function lorem.words(f, count) return joined(f, "words", count, 3, " ", function() return f.stream:pick(latin) end) end

function lorem.sentence(f, count)
  local text = joined(f, "sentence", count, { min = 3, max = 10 }, " ", function() return f.stream:pick(latin) end)
  return text:sub(1, 1):upper() .. text:sub(2) .. "."
end

function lorem.slug(f, count) return joined(f, "slug", count, 3, "-", function() return f.stream:pick(latin) end) end

function lorem.sentences(f, count, separator)
  return joined(f, "sentences", count, { min = 2, max = 6 }, separator or " ", function() return lorem.sentence(f) end)
end

function lorem.paragraph(f, count)
  return joined(f, "paragraph", count, 3, " ", function() return lorem.sentence(f) end)
end

function lorem.paragraphs(f, count, separator)
  return joined(f, "paragraphs", count, 3, separator or "\n", function() return lorem.paragraph(f) end)
end

function lorem.lines(f, count)
  return joined(f, "lines", count, { min = 1, max = 5 }, "\n", function() return lorem.sentence(f) end)
end

function lorem.text(f)
  return lorem[f.stream:pick { "sentence", "sentences", "paragraph", "paragraphs", "lines" }](f)
end

return lorem
