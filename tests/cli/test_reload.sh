#!/bin/sh
# Middleware that is saved while the program runs: at SIGHUP, or by itself where the configuration says so.
. "${0%/*}/harness.sh"

schema project
cd project || exit 1
servers="$work/project"
run lorm dev start -q; is 0
run lorm db push -q; is 0

mkdir middleware

# what comes with the configuration is there from the first word on
cat >middleware/methods.lua <<'END'
return { extends = { name = "methods", client = {
  greet = function() return "hello" end,
  as = function(_, user) return "as " .. user end,
} } }
END
echo 'return { middleware = { "./middleware/methods.lua" } }' >lorm.config.lua
run lorm eval -q 'db:greet()'; is 0; prints hello
run lorm eval -q 'db:as "ada"'; is 0; prints 'as ada'
run lorm eval -q 'db:disconnect()'; is 0
rm lorm.config.lua

version() { # N
  printf 'return function(params, next)\n  return next(params) + %s\nend\n' "$1" >middleware/add.lua.new
  mv middleware/add.lua.new middleware/add.lua
}

# It says what count() gives whenever that changes, and ends at 300.
cat >script.lua <<'END'
local before
repeat
  local n = db.User:count()
  if n ~= before then print(n) io.stdout:flush() end
  before = n
  lorm.sleep(5)
until n == 300
END

wait_for() { # TEXT FILE
  check
  tries=0
  until grep -q "$1" "$2"; do
    tries=$((tries + 1))
    if [ $tries -gt 400 ]; then ran="waiting for $1"; out=$(cat "$2"); bad "it never came"; return; fi
    sleep 0.05
  done
}

begin() { "$lorm" run script.lua >"$work/said" 2>"$work/told" & pid=$!; }
end_well() {
  wait "$pid"
  status=$? out=$(cat "$work/said") err=$(cat "$work/told")
}

# ---- SIGHUP ----
echo 'return { middleware = { "./middleware/add.lua" } }' >lorm.config.lua
version 100
begin
wait_for '^100$' "$work/said"
version 200
kill -HUP "$pid"
wait_for '^200$' "$work/said"
echo 'return function(params, next' >middleware/add.lua
kill -HUP "$pid"
wait_for 'not reloaded.*add.lua:' "$work/told"
version 300
kill -HUP "$pid"
end_well
is 0
check; [ "$out" = "$(printf '100\n200\n300')" ] || bad 'expected each version once'
says 'middleware reloaded'

# ---- by itself ----
echo 'return { middleware = { "./middleware/add.lua" }, watch = true }' >lorm.config.lua
version 100
begin
wait_for '^100$' "$work/said"
version 300
end_well
is 0

# ---- the prompt ----
version 1
{ echo 'print("n=" .. db.User:count())'; sleep 1; version 20; sleep 1; echo 'print("n=" .. db.User:count())'; } |
  "$lorm" repl >"$work/said" 2>&1
status=$? out=$(cat "$work/said") err=''
ran='lorm repl'
is 0; prints 'n=1'; prints 'n=20'; prints 'middleware reloaded'

# ---- five lines of a user's own, named in the configuration, and nothing else ----
cat >middleware/count.lua <<'END'
local n = 0
return function(params, next)
  n = n + 1
  return next(params) * n
end
END
echo 'return { middleware = { "./middleware/count.lua", "./middleware/add.lua" } }' >lorm.config.lua
run lorm eval 'db.User:count() .. " " .. db.User:count()'; is 0; prints '20 40'

finish
