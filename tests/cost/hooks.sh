#!/bin/sh
# A hook costs a bounded number of instructions, no hook costs none. Counted by callgrind, the same on every machine, and
# compared with a piece of plain Lua of the same run, so that a compiler or a Lua version moves both.
#   hooks.sh VALGRIND LORM
set -eu
valgrind=$1 lorm=$2
work=$(mktemp -d /tmp/lorm-cost.XXXXXX)
trap 'rm -rf "$work"' EXIT
CALLS=4000

# count KIND CALLS: instructions of the whole program.
count() {
  (cd "$work" && "$valgrind" --tool=callgrind --callgrind-out-file=/dev/null "$lorm" run "$script" "$1" "$2" 2>&1) |
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
# per_call KIND
per_call() {
  few=$(count "$1" "$CALLS") many=$(count "$1" $((CALLS * 2)))
  echo $(((many - few) / CALLS))
}

script=$(cd "${0%/*}" && pwd)/hooks.lua
none=$(per_call 0) one=$(per_call 1) four=$(per_call 4) yard=$(per_call yard)
first=$((one - none)) next=$(((four - one) / 3)) plain=$((yard - none))
echo "instructions per call: without hooks $none, the first hook $first, each further one $next; the yardstick $plain"
[ "$plain" -gt 0 ]
[ "$next" -le $((plain * 3)) ] || { echo "a hook costs more than 3 yardsticks"; exit 1; }
[ "$first" -le $((plain * 4)) ] || { echo "the first hook costs more than 4 yardsticks"; exit 1; }
