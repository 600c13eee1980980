#!/bin/sh
# lorm seed: rows from the schema alone, the same to the byte; files that need each other, and going on after a stop.
. "${0%/*}/harness.sh"
here=$(cd "${0%/*}/.." && pwd)
cd "$work"

# ---- the same dump twice, for schemas of every kind ----
same_dump() { # SCHEMA SCALE
  rm -rf "$work/project"; mkdir "$work/project"; cd "$work/project"
  cp -r "$1" schema.prisma
  echo 'return { schema = "schema.prisma" }' >lorm.config.lua
  run lorm dev start; is 0
  servers="$work/project"
  url=$("$lorm" dev status | sed -n 's/^url: *//p')
  [ -f "${3:-}" ] && { run lorm db execute --file "$3"; is 0; }
  run lorm db push --accept-data-loss; is 0
  run lorm seed --auto --seed 5 --scale "$2" --unhooked; is 0
  pg_dump --data-only "$url" 2>>"$work/dump.err" | grep -v '^\\.*restrict' >../first.sql
  run lorm seed --auto --seed 5 --scale "$2" --unhooked --reset; is 0
  pg_dump --data-only "$url" 2>>"$work/dump.err" | grep -v '^\\.*restrict' >../second.sql
  check; [ "$(wc -l <../first.sql)" -gt 50 ] || bad "hardly a row of $1"
  check; cmp -s ../first.sql ../second.sql || bad "two runs of $1 differ"
  run lorm dev stop; servers=''
  cd "$work"
}
same_dump "$here/lua/auto.prisma" 3
same_dump "$here/lua/store.prisma" 3
same_dump "$here/../schema/blog.prisma" 20

# ---- real ones, where they are at hand ----
corpus="$here/../../shared/conformance/schema/cases/realworld"
for name in LAION-AI-Open-Assistant boxyhq-saas-starter-kit freeCodeCamp-chapter; do
  found=$(ls "$corpus/$name"/schema/*.prisma 2>/dev/null | head -1)
  [ -n "$found" ] && same_dump "$found" 2 "$corpus/$name/truth/prelude.sql"
done

# ---- files ----
schema shop; cd shop
servers="$work/shop"
run lorm db push; is 0
mkdir seeds
cat >seeds/1.lua <<'END'
local db, faker, seed = ...
seed.many("users", 30, function() return db.User:create { data = { email = faker.internet.email() } } end)
END
cat >seeds/2.lua <<'END'
local db, faker, seed, word = ...
seed.needs "3"
assert(seed.ref("third", 1).email == "third" and #seed.ref "users" == 30)
db.User:create { data = { email = "second " .. tostring(word) } }
while os.getenv "HANG" do end
if os.getenv "FAIL" then error "stop" end
END
cat >seeds/3.lua <<'END'
local db, faker, seed = ...
seed.rows("User", 1, function() return { email = "third" } end)
seed.many("third", 1, function() return db.User:findFirst { where = { email = "third" } } end)
END
count() { run lorm eval "$1"; is 0; prints "$2"; }

run lorm seed -- word; is 0
says 'all'; says 'users'; says 'rows/s'; says '3.lua'
count 'db.User:count()' 32
count 'db.User:count { where = { email = "second word" } }' 1
run lorm seed --reset -q; is 0; check; [ -z "$err" ] || bad 'expected silence'

# an error: what was done stays, and the rest can be had
FAIL=1 run lorm seed --reset --seed 4 -- a; is 1
says 'stop'; says '2 of 3 files are done'; says 'lorm seed --resume --seed 4'; says '-- a'
count 'db.User:count()' 31
run lorm seed --resume --seed 4 -- a; is 0; says 'done before'
count 'db.User:count()' 32
run lorm seed --resume --seed 5; is 1; says 'nothing to resume with --seed 5'

# Ctrl-C rolls back what is under way
run lorm eval 'db.User:deleteMany {}'; is 0
HANG=1 "$lorm" seed --reset --seed 4 2>"$work/err" & pid=$!
tries=0
until "$lorm" eval -q 'db.User:count()' 2>/dev/null | grep -q 31 || [ $((tries += 1)) -gt 200 ]; do sleep 0.1; done
kill -INT $pid; wait $pid; status=$? ran='lorm seed, interrupted' err=$(cat "$work/err") out=''
is 130; says 'Cancelled'; says 'lorm seed --resume --seed 4'
count 'db.User:count()' 31
run lorm seed --resume --seed 4; is 0
count 'db.User:count()' 32

# needing each other
echo 'local db, faker, seed = ... seed.needs "b"' >a.lua
echo 'local db, faker, seed = ... seed.needs "a"' >b.lua
run lorm seed a.lua; is 1; says 'needs itself'
echo 'local db, faker, seed = ... seed.needs "nobody"' >c.lua
run lorm seed c.lua; is 1; says 'there is no nobody.lua'
finish
