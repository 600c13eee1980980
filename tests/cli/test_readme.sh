#!/bin/sh
# README.md is true: its blocks of code are what it says they are. "lua FILE" and "prisma FILE" are written,
# "sh" is run, line by line in one project, and "text" is what the last of these printed.
. "${0%/*}/harness.sh"
readme=$(cd "${0%/*}/../.." && pwd)/README.md
chmod 755 "$work"
mkdir "$work/bin" "$work/blocks"
ln -s "$lorm" "$work/bin/lorm"
PATH=$work/bin:$PATH

# blocks/NNN: the first line is the fence's words, the rest the block
awk -v dir="$work/blocks" '
  /^```/ && inside { inside = 0; close(file); next }
  /^```/ { inside = 1; file = sprintf("%s/%03d", dir, ++n); print substr($0, 4) > file; next }
  inside { print > file }' "$readme"

cd "$work"
run_line() {
  ran=$1
  case $ran in
    'cd '*) $ran; status=$? ;;
    *) sh -c "$ran" >"$work/out" 2>"$work/err"; status=$? ;;
  esac
  [ -d .lorm ] && servers=$PWD
  out=$(cat "$work/out") err=$(cat "$work/err")
  is 0
}
n=0
for block in "$work"/blocks/*; do
  read -r kind file <"$block"
  case $kind in
    sh)
      sed 1d "$block" >"$work/lines"
      while IFS= read -r line; do run_line "$line"; done <"$work/lines"
      ;;
    text)
      check
      [ "$out" = "$(sed 1d "$block")" ] || bad "README.md says: $(sed 1d "$block")"
      ;;
    lua | prisma) sed 1d "$block" >"$file" ;;
  esac
  n=$((n + 1))
done
check
[ "$n" -ge 10 ] || bad "only $n blocks were found"

finish
