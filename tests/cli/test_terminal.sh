#!/bin/sh
# The REPL in a real terminal: prompts, several lines, history, completion, Ctrl-C. script(1) is the terminal.
. "${0%/*}/harness.sh"
cd "$work"
if ! script -qec true /dev/null >/dev/null 2>&1; then
  echo 'there are no terminals here: is /dev/pts mounted?'
  exit 77
fi
schema .
chmod 755 "$work"
servers=$work
run lorm dev start; is 0

# Each of the keys is typed when there is a prompt, "+keys" a little later whether there is one or not.
# \003 is Ctrl-C, \004 Ctrl-D, \t Tab.
screen() { wc -c <"$work/out"; }
prompted() { # a prompt, and not the one before
  tries=0
  while [ $tries -lt 100 ]; do
    if [ "$(screen)" -gt "$seen" ]; then
      case $(tail -c 7 "$work/out") in *'lorm> ' | *'  ... ') return ;; esac
    fi
    sleep 0.1
    tries=$((tries + 1))
  done
}
typing() {
  seen=0
  for keys in "$@"; do
    case $keys in
      +*) sleep 0.6 ;;
      *) prompted ;;
    esac
    seen=$(screen)
    printf "${keys#+}"
  done
}
# The trap: dash dies of a Ctrl-C meant for what it runs, and couldn't tell the status.
terminal() { # KEYS...: what the screen got, in $out
  ran="lorm repl: $*"
  : >"$work/out"
  typing "$@" | TERM=xterm LANG=C.UTF-8 timeout -k 5 60 script -qefc "trap : INT; stty rows 24 cols 80; '$lorm' repl; echo status=\$?" \
    /dev/null >>"$work/out" 2>&1
  out=$(tr -d '\r' <"$work/out") err='' status=0
}

terminal '1 + 41\n' '\004'
prints 'lorm> '; prints '42'; prints 'status=0'
terminal 'for i = 1, 2 do\n' 'print("line " .. i)\n' 'end\n' '\004'
prints '   ... '; prints 'line 2'
check; [ "$(stat -c %a "$home/.local/state/lorm/history")" = 600 ] || bad 'the history is for its owner alone'
check; grep -q 'for i = 1, 2 do\\nprint("line " .. i)\\nend' "$home/.local/state/lorm/history" || bad 'history keeps chunks whole'

# up, up: the chunk before the one that was typed last
terminal 'x = 5\n' '\033[A\033[A\n' '\004'
prints 'line 2'
terminal ' hidden = 1\n' 'u = "postgres://u:s3cret@h/d"\n' 'nil\n' '\004'
check; ! grep -q 'hidden\|s3cret' "$home/.local/state/lorm/history" || bad 'secrets stay out of the history'

# Ctrl-C drops what was typed, an error ends nothing
terminal 'if nonsense then\n' '\003' 'error "boom"\n' '"still" .. " here"\n' '\004'
prints 'boom'; prints 'still here'; prints 'status=0'
# and ends what runs
terminal 'lorm.sleep(60000)\n' '+\003' '"back" .. " again"\n' '\004'
prints 'back again'; prints 'status=0'
# also what only computes; the next line is not hit
terminal 'while true do end\n' '+\003' 'lorm.sleep(1) return "there" .. " again"\n' '\004'
prints Interrupted; prints 'there again'; prints 'status=0'

terminal '.mod\t\n' '\004'
prints 'User: id email'
terminal 'string.le\t("four")\n' '\004'
check; grep -q '^string.len("four")$' "$home/.local/state/lorm/history" || bad 'Tab completes the word'

finish
