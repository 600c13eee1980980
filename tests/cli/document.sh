# A document is true: its blocks of code are what it says they are. "lua FILE" and "prisma FILE" are written, "sh" is
# run, line by line in one project, and "text" is what the last of these printed. Sourced, after harness.sh:
#   document FILE FEWEST    runs all of its blocks, of which there are at least so many
chmod 755 "$work"
mkdir "$work/bin"
ln -s "$lorm" "$work/bin/lorm"
PATH=$work/bin:$PATH

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

run_block() { # KIND FILE; the block is $block without its first line
  case $1 in
    sh)
      sed 1d "$block" >"$work/lines"
      while IFS= read -r line; do run_line "$line"; done <"$work/lines"
      ;;
    text)
      check
      [ "$out" = "$(sed 1d "$block")" ] || bad "the document says: $(sed 1d "$block")"
      ;;
    lua | prisma) sed 1d "$block" >"$2" ;;
    sql) mkdir -p "$(dirname "$2")" && sed 1d "$block" >"$2" ;;
  esac
}

document() {
  mkdir "$work/blocks"
  # blocks/NNN: the first line is the fence's words, the rest the block
  awk -v dir="$work/blocks" '
    /^```/ && inside { inside = 0; close(file); next }
    /^```/ { inside = 1; file = sprintf("%s/%03d", dir, ++n); print substr($0, 4) > file; next }
    inside { print > file }' "$1"
  cd "$work"
  n=0
  for block in "$work"/blocks/*; do
    read -r kind file <"$block"
    run_block "$kind" "$file"
    n=$((n + 1))
  done
  check
  [ "$n" -ge "$2" ] || bad "only $n blocks were found in $1"
}
