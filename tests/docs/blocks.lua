-- The blocks of code of a page in Markdown.
--   local blocks, problems = require "blocks" .read(path)
-- A block is { kind =, words =, line =, text =, lines = }: the first word behind the fence, the words behind it, the
-- number of its first line. A fence without a word is a picture, and not in the list.
local blocks = {}

function blocks.read(path)
  local list, problems, block, number = {}, {}, nil, 0
  for line in io.lines(path) do
    number = number + 1
    local fence, words = line:match "^(```+)%s*(.-)%s*$"
    if block and line:match "^```+%s*$" then
      block.text = table.concat(block.lines, "\n") .. "\n"
      if block.kind then list[#list + 1] = block end
      block = nil
    elseif not block and fence then
      local kind, rest = words:match "^(%S+)%s*(.*)$"
      block = { kind = kind, words = rest or "", line = number + 1, lines = {} }
    elseif block then
      block.lines[#block.lines + 1] = line
    elseif line:match "^%s+```" then
      problems[#problems + 1] = ("%d: an indented fence is not seen by the tests"):format(number)
    end
  end
  if block then problems[#problems + 1] = ("%d: a block that does not end"):format(block.line) end
  return list, problems
end

return blocks
