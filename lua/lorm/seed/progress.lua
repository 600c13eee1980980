-- How far a long piece of work is: on a terminal one line that is drawn over itself, elsewhere a line now and then.
--   local bar <close> = progress.start("users", 1000)       -- closing wipes the line
--   bar:step()                                              -- one more is done
local lorm = require "lorm"

local progress = {}
progress.__index = progress

local WIDTH <const>, OFTEN <const>, SELDOM <const> = 24, 100, 5000 -- columns of the bar; ms between draws, and between lines

local terminal -- known after the first look
local function onTerminal()
  if terminal == nil then terminal = os.getenv "TERM" ~= "dumb" and (os.execute "test -t 2") == true end
  return terminal
end

function progress.start(label, total, quiet)
  local now = lorm.clock()
  local bar = setmetatable({ label = label, total = total, done = 0, begun = now, drawn = now }, progress)
  bar.shown = not quiet and total > 1
  bar.drawing = bar.shown and onTerminal()
  if bar.drawing then bar:draw(now) end
  return bar
end

-- "1:05"
local function duration(ms) return ("%d:%02d"):format(ms // 60000, ms // 1000 % 60) end

local function pace(self, now)
  local ms = now - self.begun
  if self.done == 0 or ms < 1 then return "" end
  local rate = self.done * 1000 / ms
  return (" %d/s, %s left"):format(rate // 1, duration((self.total - self.done) * 1000 / rate // 1))
end

function progress:draw(now)
  self.drawn = now
  local filled = self.total > 0 and self.done * WIDTH // self.total or WIDTH
  local bar = self.drawing and ("\r\27[K%s %s%s %d/%d%s" or ""):format(self.label, ("#"):rep(filled),
    ("."):rep(WIDTH - filled), self.done, self.total, pace(self, now))
  io.stderr:write(bar or ("%s: %d of %d,%s\n"):format(self.label, self.done, self.total, pace(self, now)))
end

function progress:step(n)
  self.done = self.done + (n or 1)
  if not self.shown then return end
  local now = lorm.clock()
  if now - self.drawn >= (self.drawing and OFTEN or SELDOM) then self:draw(now) end
end

function progress:__close()
  if self.drawing then io.stderr:write "\r\27[K" end
end

return progress
