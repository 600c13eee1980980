#!/bin/sh
# Completion: what the program says can come next, and what three real shells make of it at Tab.
. "${0%/*}/harness.sh"
tests=$(cd "${0%/*}" && pwd)
cd "$work"
for program in tmux bash zsh fish; do
  command -v $program >/dev/null || { echo "there is no $program here"; exit 1; }
done
schema .
mkdir -p schema/migrations/20260101120000_init bin
echo 'SELECT 1;' >schema/migrations/20260101120000_init/migration.sql
touch report.lua report.txt 'two words.lua'
ln -s "$lorm" bin/lorm

# ---- what can come next ----

next() { run lorm completion --words -- lorm "$@"; is 0; } # WORD...: the last is being typed
only() { # LINE...: these candidates, and no others
  check
  for word in "$@"; do printf '%s\n' "$word"; done >"$work/expected"
  printf '%s\n' "$out" | sed 's/	.*//' >"$work/found"
  cmp -s "$work/expected" "$work/found" || bad "expected only: $*"
}

next ''; prints 'migrate	dev, deploy'; prints 'run	run a script'; not_says 'db push'
next d; only dev db doctor
next db ''; only push pull execute seed
next db p; only push pull
next --json db p; only push pull
next nonsense ''; only ''
next migrate deploy --ba; only --backup
next migrate dev --name x --n; only --no-renames
next migrate dev -n; only -n
next migrate dev --json --js; only ''
next db push --col; only --color
next db push --color ''; only auto always never
next db push --color=a; only --color=auto --color=always
next completion ''; only bash zsh fish
next completion bash ''; only ''
next run ''; only ':files lua'
next run x.lua ''; only ':files'
next run x.lua --js; only ':files'
next seed ''; only ':files lua'
next db seed a.lua ''; only ':files lua'
next db seed a.lua -- ''; only ':files'
next migrate lint ''; only ':files sql'
next validate --schema ''; only ':files prisma'
next init ''; only ':folders'
next init x ''; only ''
next help ''; prints 'migrate	'
next help db ''; only push pull execute seed
next eval ''; only db.User
next migrate resolve --applied ''; only 20260101120000_init
next migrate resolve --rolled-back=2026; only --rolled-back=20260101120000_init
# nothing of the project is run for it
echo 'os.execute "touch ran"' >lorm.config.lua
next eval db.; only db.User; absent ran
rm lorm.config.lua

# ---- shells ----

. "$tests/terminal.sh"
completes() { # TYPED SHOWN: on an empty screen
  ran="$shell: $1"
  type "$1"
  keys Tab
  shows "$2"
  keys C-u C-l
  check
  wait_for is_empty || { out=$(screen); bad 'expected an empty screen'; }
}
a_shell() { # COMMAND...
  shell=$1
  in_terminal env PATH="$work/bin:$PATH" HOME="$home" TERM="${TERM_OF_TESTS:-screen}" "$@"
  check
  wait_for is_empty || { out=$(screen); bad 'expected a prompt'; }
}
cases() { # what has to be the same in all of them
  completes 'lorm migrate dep' 'lorm migrate deploy'
  completes 'lorm db push --acc' 'lorm db push --accept-data-loss'
  completes 'lorm db push --color=al' 'lorm db push --color=always'
  completes 'lorm db push --color alw' 'lorm db push --color always'
  completes 'lorm run rep' 'lorm run report.lua'
  completes 'lorm validate --schema sch' 'lorm validate --schema schema/'
  completes 'lorm migrate resolve --applied 2026' 'lorm migrate resolve --applied 20260101120000_init'
  completes 'lorm eval db.U' 'lorm eval db.User'
  completes 'lorm run two' 'lorm run two\ words.lua'
}

cat >"$home/rc.bash" <<'END'
PS1='> '
. <(lorm completion bash)
END
a_shell bash --noprofile --rcfile "$home/rc.bash"
cases
completes "lorm eval 'db.U" "lorm eval 'db.User'"

mkdir -p "$home/zsh"
cat >"$home/zsh/.zshrc" <<'END'
PS1='> '
autoload -U compinit && compinit -u -D
. <(lorm completion zsh)
END
ZDOTDIR=$home/zsh a_shell env ZDOTDIR="$home/zsh" zsh -d
shell=zsh
cases

mkdir -p "$home/.config/fish"
cat >"$home/.config/fish/config.fish" <<'END'
function fish_prompt; echo '> '; end
set -g fish_greeting
lorm completion fish | source
END
a_shell fish
cases

finish
