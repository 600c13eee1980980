-- Transcripts of a terminal, typed into one: tmux. It waits for texts, never for a time.
--   problem, line = screen.run(block, script, setup)      line: where in the page
-- Lines with a prompt are typed, the others are what is then shown. A line that ends with ⇥ is typed up to there, then
-- Tab is pressed; when a prompt follows, it shows the line as completed.
local match = require "match"

local screen = {}
local TRIES <const> = 1200 -- at 50 ms: a minute is for ever
local started, lost

local function tmux(words) return os.execute("tmux -L page " .. words .. " 2>/dev/null") end
local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- The lines of the terminal, those that went off its top too, down to the cursor's.
local function lines()
  local pipe <close> = io.popen "tmux -L page capture-pane -pJ -S -5000 -t page 2>/dev/null"
  local list = {}
  for line in pipe:lines() do list[#list + 1] = line end
  while list[#list] and not list[#list]:find "%S" do list[#list] = nil end
  return list
end

local function prompt_of(line)
  return line:match "^%$ " or line:match "^lorm[^>%s]* ?[^>]*> " or line:match "^   %.%.%. "
end

local function bare(line)
  line = line:gsub("%s+$", "") .. " "
  return prompt_of(line) == line
end

local function wait(condition)
  for _ = 1, TRIES do
    local list = lines()
    if condition(list, list[#list] or "") then return list end
    os.execute "sleep 0.05"
  end
end

local function start(script, setup)
  local file <close> = assert(io.open(script, "w"))
  file:write(setup, "PS1='$ ' exec sh -i\n")
  file:close()
  tmux(("-f /dev/null -u new-session -d -s page -x 160 -y 50 sh %s"):format(quoted(script)))
  started = true
end

local function send(text)
  if text ~= "" then tmux("send-keys -t page -l -- " .. quoted(text:gsub(";$", "\\;"))) end
end

local function stripped(text) return (text:gsub("%s+$", "")) end

-- Types what of the line is not there yet; with ⇥, presses Tab and waits for what `following` says.
local function enter(line, following)
  local text, tab = line:gsub("⇥$", "")
  local list = lines()
  local there = list[#list] or ""
  if stripped(text):sub(1, #stripped(there)) ~= stripped(there) then
    return ("the terminal has `%s`"):format(there)
  end
  send(text:sub(#there + 1))
  if not wait(function(_, last) return stripped(last) == stripped(text) end) then return "what is typed is not seen" end
  if tab == 0 then
    tmux "send-keys -t page Enter"
    if not wait(function(now, last) return #now > #list and bare(last) end) then return "no prompt came" end
    return
  end
  tmux "send-keys -t page Tab"
  local whole = stripped((following:gsub("⇥$", "")))
  local function completed(_, last)
    return #stripped(last) > #stripped(text) and whole:sub(1, #stripped(last)) == stripped(last)
  end
  local function listed(now, last) return #now > #list and prompt_of(last) ~= nil end
  if not wait(prompt_of(following) and completed or listed) then return "Tab did not complete as it says" end
end

function screen.run(block, script, setup)
  if not os.execute "command -v tmux >/dev/null" then return "no tmux" end
  if lost then return "an earlier block left the terminal as it should not be", block.line end
  lost = true
  if not started then start(script, setup) end
  local before = wait(function(_, last) return bare(last) end)
  if not before then return "there is no prompt", block.line end
  local expected = {}
  for i, line in ipairs(block.lines) do
    local following = block.lines[i + 1] or ""
    if prompt_of(line) then
      local problem = enter(line, following)
      if problem then return problem .. "; it shows:\n" .. table.concat(lines(), "\n"), block.line + i - 1 end
    end
    if not (line:find "⇥$" and prompt_of(following)) then expected[#expected + 1] = (line:gsub("⇥$", "")) end
  end
  local now = lines()
  local ok, problem = match(table.concat(expected, "\n"), table.concat(now, "\n", #before, #now - 1))
  lost = false
  if not ok then return problem, block.line end
end

return screen
