-- faker.book: books.
local shelf = require "lorm.faker.data.shelf"

local book = {}

local function capital(word) return word:sub(1, 1):upper() .. word:sub(2) end
local function noun(f) return capital(f.word.noun()) end
local function adjective(f) return capital(f.word.adjective()) end

function book.author(f) return f.stream:pick(shelf.authors) end
function book.format(f) return f.stream:pick(shelf.formats) end
function book.genre(f) return f.stream:pick(shelf.bookGenres) end
function book.publisher(f) return f.person.lastName() .. " " .. f.stream:pick(shelf.publisherEndings) end
function book.series(f) return ("The %s %s"):format(noun(f), f.stream:pick { "Chronicles", "Cycle", "Saga", "Trilogy", "Stories" }) end

function book.title(f)
  local kind = f.stream:int(1, 4)
  if kind == 1 then return ("The %s %s"):format(adjective(f), noun(f)) end
  if kind == 2 then return ("The %s and the %s"):format(noun(f), noun(f)) end
  if kind == 3 then return ("A %s of %s"):format(noun(f), noun(f)) end
  return ("%s in %s"):format(noun(f), f.location.city())
end

return book
