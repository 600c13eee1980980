#!/bin/sh
# Migrations from a first one to a database that must be reset.
. "${0%/*}/harness.sh"
mkdir "$work/p"
chmod 755 "$work" "$work/p"
cd "$work/p"
schema .
servers=$work/p
run lorm dev start; is 0
folder=schema/migrations

# production has no private server
run lorm migrate deploy; is 1; says 'DATABASE_URL'; says 'schema/blog.prisma:3'

run lorm migrate dev --name 'first steps' </dev/null; is 0
prints '_first_steps/migration.sql'; prints 'now in sync'; exists $folder/migration_lock.toml
run lorm migrate dev </dev/null; is 0; prints 'Already in sync'
run lorm migrate status; is 0; prints '1 migration found'; prints 'up to date'
run lorm eval -q 'db.User:create { data = { email = "ada@example.com" } }.id'; is 0; prints 1

# a change that loses data is asked about, and nobody is there
sed -i '/email/d' schema/blog.prisma
run lorm migrate dev -n drop </dev/null; is 1; says 'data loss'; says '--create-only'
check; [ "$(ls $folder | wc -l)" = 2 ] || bad 'no migration was written'
sleep 1
run lorm migrate dev -n drop --create-only </dev/null; is 0; prints '_drop/migration.sql'; says 'not applied'
run lorm migrate status; is 1; prints 'not yet been applied'; prints '_drop'
run lorm migrate dev </dev/null; is 0; prints '_drop'; prints 'now in sync'
run lorm migrate status; is 0

# one that fails: the place is named, the rest waits, resolve goes on
mkdir $folder/29990101000000_broken
printf 'create table a (x int);\nselect nonsense;\n' >$folder/29990101000000_broken/migration.sql
run lorm dev status --json
url=$(printf '%s' "$out" | sed 's/.*"url":"\([^"]*\)".*/\1/')
DATABASE_URL=$url run lorm migrate deploy; is 1; says P3018; says nonsense; says 'broken/migration.sql:2'
DATABASE_URL=$url run lorm migrate deploy; is 1; says P3009
run lorm migrate status; is 1; prints 'failed'; prints 'broken'
run lorm migrate status --json; is 1; prints '"name":"29990101000000_broken","state":"failed","edited":false'
run lorm migrate dev </dev/null; is 1; says 'lorm migrate reset'
run lorm migrate resolve; is 2
run lorm migrate resolve --applied x --rolled-back y; is 2
run lorm migrate resolve --rolled-back nonsense; is 1; says P30
run lorm migrate resolve --rolled-back 29990101000000_broken; is 0; prints 'marked as rolled back'
echo 'select 1;' >$folder/29990101000000_broken/migration.sql
DATABASE_URL=$url run lorm migrate deploy; is 0; prints broken; prints 'successfully applied'
DATABASE_URL=$url run lorm migrate deploy; is 0; prints 'No pending migrations'
run lorm migrate deploy --migrations nothing --url "$url"; is 1; says 'nothing'

# reset asks; all again, and seeds
mkdir seeds
echo 'local db = ...; db.User:create { data = {} }; db.User:create { data = {} }' >seeds/one.lua
run lorm migrate reset </dev/null; is 1; says '--force'
run lorm eval -q 'db.User:count()'; prints 1
run lorm migrate reset --force; is 0; prints 'reset successful'; prints '_first_steps'
run lorm eval -q 'db.User:count()'; prints 2
run lorm migrate reset -f --skip-seed -q; is 0
run lorm eval -q 'db.User:count()'; prints 0

# another database: deploy makes it, and refuses one that others made
other=$(printf '%s' "$url" | sed 's#/dev?#/other?#')
DATABASE_URL=$other run lorm migrate status; is 1; says P1003
DATABASE_URL=$other run lorm migrate deploy; is 0; says created; prints 'successfully applied'
theirs=$(printf '%s' "$url" | sed 's#/dev?#/theirs?#')
DATABASE_URL=$theirs run lorm db push; is 0
DATABASE_URL=$theirs run lorm migrate deploy; is 1; says P3005
DATABASE_URL=$theirs run lorm migrate status; is 1

# what no transaction may hold: the place of a failure; what it left is built anew
run_with 'create table pairs (a int); insert into pairs values (1), (1)' lorm db execute --stdin --url "$url"; is 0
mkdir $folder/29990102000000_apart
printf 'alter table pairs add column b int;\n\ncreate unique index concurrently pairs_a on pairs (a);\nselect 1;\n' \
  >$folder/29990102000000_apart/migration.sql
run lorm migrate deploy --url "$url"; is 1; says 'P3018'; says 'pairs_a'; says '_apart/migration.sql:3'
run lorm migrate deploy --url "$url"; is 1; says 'P3009'
run_with 'delete from pairs; alter table pairs drop column b' lorm db execute --stdin --url "$url"; is 0
run lorm migrate resolve --rolled-back 29990102000000_apart --url "$url"; is 0
run lorm migrate deploy --url "$url"; is 0; prints '_apart'
run lorm eval -q --url "$url" 'db:queryRaw("select indisvalid as v from pg_index where indexrelid = $1::regclass", "pairs_a")[1].v'
prints true

# somebody else is at work: who it is; what a statement does that takes long
psql -qd "$(printf '%s' "$url" | sed 's/&schema=[^&]*//')" -c 'select pg_advisory_lock(72707369); select pg_sleep(60)' >"$work/holder" 2>&1 &
holder=$!
tries=0
until [ "$(psql -Atd "$url" -c "select count(*) from pg_locks where locktype = 'advisory' and granted")" = 1 ] || [ $tries = 100 ]; do
  sleep 0.1
  tries=$((tries + 1))
done
run lorm migrate deploy --url "$url"; is 1; says P1002; says 'process '; says 'psql, user lorm'
if script -qec true /dev/null >/dev/null 2>&1; then
  (sleep 1.5; psql -qd "$url" -c "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted" >/dev/null) &
  mkdir $folder/29990103000000_slow
  echo 'select pg_sleep(2.5);' >$folder/29990103000000_slow/migration.sql
  out=$(script -qec "'$lorm' migrate deploy --url '$url'" /dev/null)
  prints 'waiting for another migration of this database: process'; prints 'running for 00:00:0'; prints '_slow'
fi
kill $holder 2>/dev/null

finish
