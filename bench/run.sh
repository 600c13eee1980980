#!/bin/sh
# Alternate lorm with libpq by hand on the same server and print medians and their ratio.
#   bench/run.sh LORM HAND URL [ROUNDS]      LORM, HAND: the two programs; URL: a database that is emptied
set -eu
lorm=$1 hand=$2 url=$3 rounds=${4:-5}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
figures=$(mktemp -d)
trap 'rm -rf "$figures"' EXIT

"$lorm" db push --schema "$here/../schema" --url "$url" --force-reset -q
"$lorm" db execute --file "$here/data.sql" --url "$url" -q

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

printf '%-10s %12s %12s %7s %12s %12s %7s\n' workload 'lorm us/op' 'libpq us/op' ratio 'lorm cpu' 'libpq cpu' ratio
for line in 'find 5000' 'list 50' 'nested 1000' 'update 2000' 'together 20000'; do
  name=${line% *} n=${line#* } round=0
  rm -f "$figures"/*
  while [ "$round" -lt "$rounds" ]; do
    "$lorm" run --unhooked -q --url "$url" "$here/workloads.lua" "$name" "$n" > "$figures/now"
    read -r wall cpu sum < "$figures/now"
    echo "$wall" >> "$figures/lorm.wall"; echo "$cpu" >> "$figures/lorm.cpu"
    "$hand" "$url" "$name" "$n" > "$figures/now"
    read -r wall cpu other < "$figures/now"
    echo "$wall" >> "$figures/hand.wall"; echo "$cpu" >> "$figures/hand.cpu"
    [ "$sum" = "$other" ] || { echo "bench: $name: lorm read $sum, libpq $other" >&2; exit 1; }
    round=$((round + 1))
  done
  for what in wall cpu; do
    for who in lorm hand; do median "$figures/$who.$what"; done
  done | tr '\n' ' ' | awk -v name="$name" '{ printf "%-10s %12.1f %12.1f %7.2f %12.1f %12.1f %7.2f\n", name, $1, $2, $1 / $2, $3, $4, $3 / $4 }'
done
