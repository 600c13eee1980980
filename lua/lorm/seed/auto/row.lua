-- The row that is being made: what its fields have in common.
--   local c = row.new(faker, stream, reference)      reference: seconds
--   c:begin(seed, "User", 7)     -- the seventh; all that it draws depends on these three
--   c:person().email             -- of one person, whatever the field
--   c:time(60)                   -- a minute after the row's own time, a lorm.datetime
--   c:at(0)                      -- counted from a day long ago
local lorm = require "lorm"

local Row = {}
Row.__index = Row

local DAY <const> = 86400

function Row:begin(seed, model, i)
  self.stream:restart(seed, "auto", model, i)
  self.who, self.since, self.i = nil, nil, i
end

function Row:person()
  local who = self.who
  if who then return who end
  local f = self.f
  local first, last = f.person.firstName(), f.person.lastName()
  who = { first = first, last = last }
  who.name = f.person.fullName { firstName = first, lastName = last }
  who.account = f.internet.username { firstName = first, lastName = last }
  who.email = who.account:lower() .. "@example.com"
  self.who = who
  return who
end

function Row:time(seconds)
  self.since = self.since or self.reference - self.f.stream:int(120 * DAY, 850 * DAY)
  return lorm.datetime(self.since + seconds)
end

function Row:at(seconds) return lorm.datetime(self.reference - 3650 * DAY + seconds) end

local row = {}

function row.new(faker, stream, reference)
  return setmetatable({ f = faker, stream = stream, reference = reference }, Row)
end

return row
