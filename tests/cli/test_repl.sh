#!/bin/sh
# The REPL on a screen: tmux is the terminal, and what it shows is looked at. Nothing here waits for a time, only for
# texts: a slow machine is merely slow.
. "${0%/*}/harness.sh"
tests=$(cd "${0%/*}" && pwd)
cd "$work"
if ! command -v tmux >/dev/null; then
  echo 'there is no tmux here'
  exit 77
fi
schema .
cat >>schema/blog.prisma <<'END'

model Post {
  id       Int     @id @default(autoincrement())
  title    String
  note     String?
  mood     Mood    @default(CALM)
  userId   Int?
}

enum Mood {
  CALM
  ANGRY
}
END
chmod 755 "$work"
servers=$work
export PAGER=cat EDITOR=$work/editor
unset VISUAL LORM_PAGER
. "$tests/terminal.sh"
run lorm dev start -q; is 0
run lorm db push -q; is 0
run lorm eval -q 'db.User:createMany { data = { { email = "ada@example.com" }, { email = "grace@example.com" } } }'; is 0

# ---- the terminal ----

last_line() { screen | sed '/^ *$/d' | tail -n 1; }
at_prompt() { case $(last_line) in 'lorm>' | 'lorm> ' | 'lorm('*')>' | 'lorm('*')> ') ;; *) return 1 ;; esac; }
prompts() { check; wait_for at_prompt || { out=$(screen); bad 'expected a prompt'; }; }
line() { # TEXT: on an empty screen
  prompts
  keys C-l
  check
  wait_for is_empty || bad 'expected an empty screen'
  tmux -L lorm clear-history -t lorm
  ran="repl: $1"
  type "$1"
  keys Enter
}
start() { # OPTION...: in the one pane that there is
  ran="repl $*"
  command="trap : INT; PAGER='$PAGER' '$lorm' repl $*; echo over: \$?; exec cat" # without the trap, Ctrl-C ends dash
  in_terminal sh -c "$command"
}
open() { # OPTION...
  start -q "$@"
  prompts
}
leave() {
  prompts
  keys C-d
  shows 'over: 0'
}
running() { # SQL that some other session runs now
  "$lorm" eval -q "db:queryRaw('select query from pg_stat_activity where state = \$1 and query like \$2 and pid <> pg_backend_pid()', 'active', '$1')" |
    grep -q pg_sleep
}
idle() { ! running "$1"; }

# ---- typing ----

open
line '6 * 7'; shows 42
line '_ + 1'; shows 43
line 'local kept = 11'; line 'kept * 2'; shows 22
line 'for i = 7, 8 do'; shows '   ...'; type 'print("line " .. i)'; keys Enter; type end; keys Enter; shows 'line 8'
line 'x = = 1'; shows "unexpected symbol near '='"; shows '1 | x = = 1'; shows '  |     ^'
line 'error "boom"'; shows boom
line '.trace'; shows boom
line '.modls'; shows 'did you mean .models?'
line '.help'; shows '.export csv|json FILE EXPR'
line '.schema Post'; shows '@default(CALM)'
prompts; type 'db.User:findMany { where = { em'; keys Tab; shows 'where = { email ='
keys C-c; prompts; type 'db.Post:findMany { where = { mood = "A'; keys Tab; shows 'mood = "ANGRY'
keys C-c; prompts; type 'db.Post:find'; keys Tab; shows findUniqueOrThrow; shows 'findFirst '
keys C-c; prompts; type '.sch'; keys Tab; type ' Us'; keys Tab; shows '.schema User'
keys C-c; prompts; type 'dofile("schema/bl'; keys Tab; shows 'schema/blog.prisma'
keys C-c; prompts
printf 'pasted = {\n\t1,\n\t2,\n}\n#pasted .. " in all"\n' | tmux -L lorm load-buffer -
tmux -L lorm paste-buffer -p -t lorm; shows '#pasted'; shows_not '2 in all'; keys Enter; shows '2 in all'
printf '#!/bin/sh\necho "6 * 111" >"$1"\n' >editor; chmod 755 editor
line '.edit'; shows 666

# ---- results ----

line 'db.User:findMany {}'; shows 'email'; shows ' 2  grace@example.com'; shows '(2 rows, 1 statement, '
line 'db:queryRaw("select null as nothing, $1 as wide, 7 as n", ("日本"):rep(80))'; shows NULL; shows '日…'
line 'db:queryRaw "select g from generate_series(1, 150) g"'; shows '… 50 more'; shows '(150 rows'
line '.sql on'; line 'db.User:count()'; shows 'SELECT'; line '.sql off'
line '.time on'; line 'local t = 1'; shows ' ms)'; line '.time off'; line 'db.User:count()'; shows '(1 statement)'
line '.export csv users.csv db.User:findMany { orderBy = { id = "asc" } }'; shows '2 rows in users.csv'
check; [ "$(tail -n 1 users.csv | tr -d '\r')" = '2,grace@example.com' ] || bad 'users.csv'
line 'lorm.spawn(function() lorm.sleep(700) print "from behind" end) return nil'
type 'half a li'; shows 'from behind'; shows 'lorm> half a li'; type ne; shows 'half a line'; keys C-c
leave

PAGER="sed s/^/paged:/"
open
line 'for i = 1, 60 do list = (list or "") .. i .. "\n" end return list'; shows 'paged:60'
leave
PAGER=cat

# ---- what runs ----

open
line 'lorm.sleep(600000)'; shows 'sleep(600000)'; keys C-c; shows Cancelled
line 'while true do end'; shows 'true do end'; keys C-c; shows Interrupted
line 'db:queryRaw "select pg_sleep(600), 1 as one"'; check; wait_for running '%as one%' || bad 'it runs on the server'
keys C-c; shows Cancelled; check; wait_for idle '%as one%' || bad 'it is cancelled on the server'
line 'db:queryRaw "select pg_backend_pid() as pid"'; shows pid
"$lorm" eval -q 'db:queryRaw "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = '"'client backend'"'"' >/dev/null
line 'db.User:count()'; shows '(1 statement'; prompts
leave
open
line '.begin'; shows 'lorm(tx)>'
line 'db.Post:create { data = { title = "one" } }'; shows one
line 'db.User:create { data = { email = "ada@example.com" } }'; shows P2002
line 'db.Post:count()'; shows '(1 statement'; line '.commit'; shows 'lorm>'
line 'db.Post:count()'; shows 1
line '.begin'; line 'db.Post:deleteMany()'; shows 'count = 1'; line 'db:queryRaw "select pg_sleep(600), 2 as two"'
check; wait_for running '%as two%' || bad 'it runs in the transaction'
keys C-c; shows Cancelled; check; wait_for idle '%as two%' || bad 'it is cancelled in the transaction'
line 'db.Post:count()'; shows 0; line '.rollback'; line 'db.Post:count()'; shows 1
line '.begin'; line 'db:queryRaw "select pg_terminate_backend(pg_backend_pid())"'; shows "connection was lost"
line 'db.Post:count()'; shows '(1 statement'; shows 'lorm>'
leave

# ---- the sandbox ----

start --sandbox
shows 'rolled back at exit; sequences'; shows 'lorm(sandbox)>'
line 'db.Post:deleteMany()'; shows 'count = 1'
line 'db:transaction(function(tx) tx.Post:create { data = { title = "inner" } } return tx.Post:count() end)'; shows 1
line '.commit'; shows 'nothing of it can be committed'
line 'lorm.connect {}'; shows 'not part of the sandbox'
line '.begin'; shows 'lorm(sandbox tx)>'; line '.rollback'; shows 'lorm(sandbox)>'
leave
run lorm eval -q 'db.Post:findFirst {}.title'; prints one

# ---- production ----

echo 'return { production = true }' >lorm.config.lua
open
shows 'lorm(production)>'
line 'db.Post:count()'; shows 1
line 'db.Post:deleteMany()'; shows 'Go on?'; type n; keys Enter; shows 'was not run'
line 'db:executeRaw "delete from \"Post\""'; shows 'Go on?'; keys C-c; shows Cancelled
line 'db:unhooked().Post:updateMany { data = { note = "x" } }'; shows 'Go on?'; type a; keys Enter; shows 'count = 1'
line 'db.Post:updateMany { data = { note = "y" } }'; shows 'count = 1'
leave
run_with 'db.Post:count()
db.Post:deleteMany()
print "never"
' lorm repl -q; is 1; prints 1; says 'may be in production'; says '--yes'; not_says never
run_with 'db.Post:updateMany { data = { note = "z" } }
' lorm repl -q --yes; is 0; prints 'count = 1'
rm lorm.config.lua

# ---- the project ----

cat >each.lua <<'END'
for _ = 1, 3 do
  for id = 1, 5 do
    db.User:findUnique { where = { id = id } }
  end
end
END
echo 'shortcut = "from the settings"' >.lormrc.lua
open
line 'shortcut'; shows 'from the settings'
line '.run each.lua'; shows 'db.User:findUnique was asked for 15 times at each.lua:3'
line 'db:executeRaw "insert into \"Post\" (title, mood) select '"'t'"' || g, '"'CALM'"' from generate_series(1, 3000) g"'; shows 3000
line '.explain db.Post:findMany { where = { title = "t77" } }'; shows 'estimated rows='; shows 'actual rows=1'
shows 'removed by filter: 3000 rows'; shows '@@index([title])'
line '.explain db.Post:deleteMany { where = { id = 1 } }'; shows 'explained, not run'
sed -i 's/  note     String?/  note     String?\n  stars    Int?/' schema/blog.prisma
run lorm db push -q; is 0
line 'db.Post:findFirst { where = { stars = 5 } }'; shows 'Unknown argument'
line '.reload'; shows '+stars'
line 'db.Post:findFirst { where = { stars = 5 } }'; shows '(1 statement'; prompts; shows_not Unknown
line '.hooks'; shows_not error
run lorm dev start --json -q
url=$(printf '%s' "$out" | sed -n 's/.*"url":"\([^"]*\)".*/\1/p')
line ".connect $url"; line 'db.User:count()'; shows 2
line '.save session.lua'; shows 'session.lua'
check; grep -q 'stars = 5' session.lua || bad 'what ran is saved'
prompts; type ' hidden = 1'; keys Enter; line 'password = "s3cret"'; line 'nil'
leave
check; ! grep -q 'hidden\|s3cret\|postgresql://' "$home/.local/state/lorm/history" || bad 'secrets stay out of the history'
check; grep -q 'where = { stars = 5 }' "$home/.local/state/lorm/history" || bad 'history keeps the rest'
rm .lormrc.lua

finish
