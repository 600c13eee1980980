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
says 'warn A task ran for '; says 'held up 2 others; it is at script.lua:8 now'
says 'it was the function at script.lua:12'
check; [ "$(printf '%s\n' "$err" | grep -c warn)" = 2 ] || bad 'each task once'
# alone, nobody is held up
echo 'local start = lorm.clock() while lorm.clock() - start < 500 do end' >alone.lua
run lorm run alone.lua; is 0; not_says warn
LORM_BLOCKED_MS=0
run lorm run script.lua; is 0; not_says warn
unset LORM_BLOCKED_MS
run lorm run script.lua; is 0; not_says warn

finish
