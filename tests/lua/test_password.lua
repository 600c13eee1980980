-- lorm.password.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local hash, verify = lorm.password.hash, lorm.password.verify

TestPassword = {}

function TestPassword.testHash()
  local one, two = hash "hunter2", hash "hunter2"
  lu.assertStrMatches(one, "%$y%$.+%$.+%$.+")
  lu.assertNotEquals(one, two)
  lu.assertEquals({ verify("hunter2", one), verify("hunter2", two), verify("hunter3", one), verify("", one) }, { true, true, false, false })
  lu.assertTrue(verify("", hash ""))
  lu.assertTrue(verify("pässwörd €", hash "pässwörd €"))
  lu.assertTrue(verify("x", hash("x", { cost = 1 })))
  lu.assertFalse(verify("hunter2 ", one))
end

-- The published examples of other methods.
function TestPassword.testOthers()
  lu.assertTrue(verify("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"))
  lu.assertTrue(verify("Hello world!",
    "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"))
  for _, text in ipairs { "", "x", "*0", "$y$", "$y$j9T$", "$9$a$b", ("x"):rep(1000), "a\0b" } do
    lu.assertFalse(verify("hunter2", text), text)
  end
end

function TestPassword.testMistakes()
  support.fails({ path = "password" }, hash, 5)
  support.fails({ path = "hash" }, verify, "x", nil)
  support.fails({ path = "cost" }, hash, "x", { cost = 12 })
  support.fails({ says = "at most 511 bytes" }, hash, ("x"):rep(512))
  support.fails({ says = "zero byte" }, hash, "a\0b")
  lu.assertFalse(verify(("x"):rep(512), hash "x"))
end

-- Other tasks take turns while somebody waits for a hash, and one that is not waited for any more hurts nobody.
function TestPassword.testTasks()
  local turns, over = 0, false
  local counter = lorm.spawn(function()
    while not over do
      turns = turns + 1
      lorm.sleep(1)
    end
  end)
  local hashes = lorm.map({ 1, 2, 3, 4 }, function(i) return hash("p" .. i) end)
  over = true
  counter:await()
  lu.assertTrue(turns >= 2, turns)
  for i = 1, 4 do lu.assertTrue(verify("p" .. i, hashes[i])) end
  local task = lorm.spawn(function() return hash("left", { cost = 6 }) end)
  lorm.sleep(0)
  task:cancel()
  lu.assertFalse(pcall(task.await, task))
end

support.run()
