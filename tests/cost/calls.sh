#!/bin/sh
# What a call costs, in instructions of the client, as a multiple of the same work done by hand on libpq
# (bench/hand.c). Counted by callgrind in one run, the loop asleep while it waits. A workload that costs over 3 % more
# than its line in calls.txt fails; counting again differs by 1 %, so the least of two is taken.
#   calls.sh VALGRIND LORM HAND      the server is LORM_TEST_URL's; UPDATE=1 writes calls.txt
set -eu
valgrind=$1 lorm=$2 hand=$3
here=$(cd "${0%/*}" && pwd)
bench=$here/../../bench
url=$(echo "$LORM_TEST_URL" | sed 's,/[^/?]*?,/cost?,')
work=$(mktemp -d /tmp/lorm-cost.XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo "return { schema = '$here/../../schema', pool = { spinMicros = 0 } }" > lorm.config.lua
"$lorm" db push --url "$url" --force-reset -q
"$lorm" db execute --file "$bench/data.sql" --url "$url" -q

# count COMMAND...: instructions of the whole program
count() {
  "$valgrind" --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
# per_call FEW MANY COMMAND...: what each call beyond FEW costs; the command takes the numbers of calls and of warm-ups
per_call() {
  few=$1 many=$2
  shift 2
  echo $((($(count "$@" "$many" 5) - $(count "$@" "$few" 5)) / (many - few)))
}
least() { sort -n | head -n 1; }
ours() { for _ in 1 2; do per_call "$1" "$2" "$lorm" run --unhooked -q --url "$url" "$bench/workloads.lua" "$3"; done | least; }
by_hand() { per_call "$1" "$2" "$hand" "$url" "$3"; }

while read -r name few many; do
  us=$(ours "$few" "$many" "$name") them=$(by_hand "$few" "$many" "$name")
  [ "$us" -gt 1000 ] && [ "$them" -gt 1000 ] || { echo "$name: no count"; exit 1; }
  echo "$name $(awk "BEGIN { printf \"%.3f\", $us / $them }") $us $them"
done > figures <<END
find 200 1200
list 1 4
nested 100 300
update 200 1200
END
cat figures
if [ -n "${UPDATE:-}" ]; then
  cut -d ' ' -f 1,2 figures > "$here/calls.txt"
  exit
fi
failed=0
while read -r name limit; do
  awk -v name="$name" -v limit="$limit" '$1 == name && $2 <= limit * 1.03 { good = 1 } END { exit !good }' figures || {
    echo "$name costs over 3 % more than $limit times the work by hand"
    failed=1
  }
done < "$here/calls.txt"
exit "$failed"
