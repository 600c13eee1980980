-- faker.music: songs and who plays them.
local shelf = require "lorm.faker.data.shelf"

local music = {}

local function capital(word) return word:sub(1, 1):upper() .. word:sub(2) end

function music.genre(f) return f.stream:pick(shelf.musicGenres) end

function music.artist(f)
  if f.stream:chance(0.4) then return f.person.firstName() .. " " .. f.person.lastName() end
  if f.stream:chance(0.5) then return "The " .. capital(f.word.adjective()) .. " " .. f.stream:pick(shelf.bandEndings) end
  return capital(f.word.noun()) .. " " .. capital(f.word.noun())
end

function music.songName(f)
  local kind = f.stream:int(1, 3)
  if kind == 1 then return capital(f.word.adjective()) .. " " .. capital(f.word.noun()) end
  if kind == 2 then return capital(f.word.verb()) .. " the " .. capital(f.word.noun()) end
  return capital(f.word.noun()) .. " " .. capital(f.word.preposition()) .. " " .. f.location.city()
end

function music.album(f)
  return f.stream:chance(0.5) and music.songName(f) or capital(f.word.adjective()) .. " " .. capital(f.word.noun())
end

return music
