-- How far a long piece of work is, in one line that is drawn over itself. Nothing is drawn but on a terminal.
--   local bar <close> = progress.start("users", 1000)       -- closing wipes the line
--   bar:step()                                              -- one more is done
local progress = {}
progress.__index = progress

local WIDTH, SHARE = 24, 50 -- columns of the bar; redrawn at most so many times

local terminal -- known after the first look
local function on_terminal()
  if terminal == nil then terminal = os.getenv "TERM" ~= "dumb" and (os.execute "test -t 2") == true end
  return terminal
end

function progress.start(label, total, quiet)
  local bar = setmetatable({ label = label, total = total, done = 0, every = math.max(1, total // SHARE) }, progress)
  bar.shown = not quiet and total > 1 and on_terminal()
  bar:draw()
  return bar
end

function progress:draw()
  if not self.shown then return end
  local filled = self.total > 0 and self.done * WIDTH // self.total or WIDTH
  io.stderr:write(("\r\27[K%s %s%s %d/%d"):format(
    self.label, ("#"):rep(filled), ("."):rep(WIDTH - filled), self.done, self.total))
end

function progress:step(n)
  self.done = self.done + (n or 1)
  if self.done % self.every == 0 then self:draw() end
end

function progress:__close()
  if self.shown then io.stderr:write "\r\27[K" end
end

return progress
