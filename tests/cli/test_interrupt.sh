#!/bin/sh
# Ctrl-C ends scripts: those that only compute, those that wait; the second one kills.
. "${0%/*}/harness.sh"
cd "$work"
schema .

# SCRIPT is the text of a script that writes "begun" when it is on its way; each of the interrupts comes after it.
# A shell's background commands ignore SIGINT, unless told otherwise.
interrupted() { # SCRIPT [INTERRUPTS]
  ran="lorm run, interrupted: $1"
  printf '%s\n' 'io.stdout:setvbuf "no"' 'print "begun"' "$1" >script.lua
  : >"$work/out"
  env --default-signal=INT "$lorm" run script.lua >"$work/out" 2>"$work/err" </dev/null &
  job=$!
  n=0
  while [ $n -lt "${2:-1}" ]; do
    tries=0
    while [ "$(wc -l <"$work/out")" -le $n ] && [ $tries -lt 200 ]; do
      sleep 0.05
      tries=$((tries + 1))
    done
    kill -INT $job
    n=$((n + 1))
  done
  (sleep 20; kill -9 $job) >/dev/null 2>&1 &
  guard=$!
  wait $job
  status=$? out=$(cat "$work/out") err=$(cat "$work/err")
  kill $guard 2>/dev/null
}

interrupted 'while true do end'
is 130; says Interrupted; says 'script.lua:3'
interrupted 'local function f(n) return f(n + 1) end; f(1)'
is 130; says Interrupted
interrupted 'coroutine.wrap(function() while true do end end)()'
is 130; says Interrupted
interrupted 'lorm.all { function() lorm.sleep(60000) end, function() while true do end end }'
is 130; says 'error[Cancelled]'
# what waits
interrupted 'lorm.sleep(60000)'
is 130; says cancelled
# also when the script itself is at its end, and waits for what it spawned
interrupted 'lorm.spawn(lorm.sleep, 60000)'
is 130
# to-be-closed variables are closed
interrupted 'local x <close> = setmetatable({}, { __close = function() print "closed" end }); while true do end'
is 130; prints closed
# who will not hear is killed by the second
interrupted 'while true do pcall(function() while true do end end) print "swallowed" end' 2
is 130; prints swallowed; not_says Interrupted

finish
