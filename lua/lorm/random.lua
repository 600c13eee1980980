-- Random numbers that are the same on every machine.
--   local random = require "lorm.random"
--   local r = random.new(42)                 -- equal keys, equal numbers
--   local row = random.new(42, "users", 7)   -- a stream of its own for each list of keys
--   r:next()            -- 64 random bits
--   r:float()           -- 0 <= x < 1, 53 bits
--   r:int(1, 6)         -- both ends included, every value equally likely
--   r:chance(0.25)      -- true one time in four
--   r:pick(list)        -- one element; r:shuffle(list) shuffles in place
--   r:text("01", 8)     -- so many characters of an alphabet
--   r:restart(43)       -- as if it were new
--   r:use(row)          -- the running coroutine, and no other, draws from `row` where it asks r; nil ends that
local core = require "lorm.core"

return { new = core.random }
