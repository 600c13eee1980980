-- faker.word: English words by their class.
local bylength = require "lorm.faker.bylength"
local options = require "lorm.faker.options"

local word = {}

local classes = { "adjective", "adverb", "conjunction", "interjection", "noun", "preposition", "verb" }

for _, class in ipairs(classes) do
  local read = options.of("word." .. class, bylength.options, "length")
  word[class] = function(f, given)
    return bylength.draw(f, "word." .. class, require("lorm.faker.data." .. class), read(given))
  end
end

function word.sample(f, given) return word[f.stream:pick(classes)](f, given) end

local words = options.of("word.words", { count = "range" }, "count")
function word.words(f, given)
  local out = {}
  for i = 1, options.draw(f, words(given).count or { min = 1, max = 3 }) do out[i] = word.sample(f) end
  return table.concat(out, " ")
end

return word
