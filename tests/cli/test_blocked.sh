#!/bin/sh
# A task that runs for long without waiting, while others wait, is told of.
. "${0%/*}/harness.sh"
cd "$work"
cat >script.lua <<'END'
local function busy(ms)
  local start = lorm.clock()
  while lorm.clock() - start < ms do end
end
local function waits() lorm.sleep(1) end
lorm.all { waits, function()
  busy(500)
  lorm.sleep(1)
  busy(500)
  lorm.sleep(1)
end }
lorm.all { waits, function() busy(500) end }
END
LORM_BLOCKED_MS=300; export LORM_BLOCKED_MS
run lorm run script.lua; is 0
says 'warn A task ran for '; says 'held up 2 others; it was at script.lua:3'
says 'script.lua:7: in function <script.lua:6>'; says 'script.lua:12: in function <script.lua:12>'
check; [ "$(printf '%s\n' "$err" | grep -c warn)" = 2 ] || bad 'each task once'
# a C function that waits by itself: the line that called it, not the one where the task waited next
cat >library.lua <<'END'
local function waits() lorm.sleep(1) end
lorm.all { waits, function()
  local x = 1
  os.execute "sleep 0.6"
  x = x + 1
  lorm.sleep(1)
end }
lorm.all { waits, function()
  local nap = coroutine.wrap(function()
    os.execute "sleep 0.6"
    coroutine.yield(1)
  end)
  nap()
end }
print "done"
END
run lorm run library.lua; is 0; prints done
says 'it was at library.lua:4'; says 'it was at library.lua:10'
# alone, nobody is held up
echo 'local start = lorm.clock() while lorm.clock() - start < 500 do end' >alone.lua
run lorm run alone.lua; is 0; not_says warn
LORM_BLOCKED_MS=0
run lorm run script.lua; is 0; not_says warn
unset LORM_BLOCKED_MS
run lorm run script.lua; is 0; not_says warn

finish
