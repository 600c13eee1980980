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

finish
