# A terminal, and what is seen on it: tmux is the terminal. Nothing here waits for a time, only for texts: a slow machine
# is merely slow. Sourced, after harness.sh and in $work:
#   in_terminal COMMAND...  runs it there, instead of what ran before
#   keys KEY..., type TEXT  are pressed, typed
#   shows TEXT, shows_not TEXT   waits for it; looks whether it is not there now
#   wait_for COMMAND...     until it is true; false after a minute
export TMUX_TMPDIR=$work SHELL=/bin/sh LC_ALL=C.UTF-8
unset TMUX
stop_terminal() { tmux -L lorm kill-server 2>/dev/null; }
trap 'stop_terminal; end' EXIT

screen() { tmux -L lorm capture-pane -pJ -S -500 -t lorm 2>/dev/null; }
seen() { case $(screen) in *"$1"*) ;; *) return 1 ;; esac; }
wait_for() {
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    if [ $tries -gt "${SCREEN_TRIES:-600}" ]; then return 1; fi
    sleep 0.1
  done
}
shows() { check; wait_for seen "$1" || { out=$(screen); bad "expected on the screen: $1"; }; }
shows_not() { check; if seen "$1"; then out=$(screen); bad "unexpected on the screen: $1"; fi; }
keys() { tmux -L lorm send-keys -t lorm "$@"; }
type() { tmux -L lorm send-keys -t lorm -l -- "$1"; }
is_empty() { [ "$(tmux -L lorm capture-pane -p -t lorm | grep -c '[^ ]')" = 1 ]; }
in_terminal() {
  if tmux -L lorm has-session -t lorm 2>/dev/null; then
    tmux -L lorm respawn-pane -k -t lorm "$@"
    tmux -L lorm clear-history -t lorm
  else
    tmux -L lorm -f /dev/null -u new-session -d -s lorm -x 100 -y 40 "$@"
  fi
}
