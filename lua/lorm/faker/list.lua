-- Lists out of text: list.words [[a b c]], list.lines [[ one entry a line ]].
local list = {}

local function collect(text, pattern)
  local found = {}
  for entry in text:gmatch(pattern) do found[#found + 1] = entry end
  return found
end

function list.words(text) return collect(text, "%S+") end
function list.lines(text) return collect(text, "(%S[^\n]*)") end

return list
