#!/bin/sh
# What reaches a database: the private server, push, execute, seed, diff.
. "${0%/*}/harness.sh"
mkdir "$work/p"
chmod 755 "$work" "$work/p"
cd "$work/p"
schema .
servers=$work/p

run lorm dev status; is 1; prints stopped
run lorm dev start; is 0; prints 'running: PostgreSQL'; says 'private development server'
run lorm dev status --json; is 0; prints '"state":"running"'
run lorm dev psql -Atc 'select 6 * 7'; is 0; prints 42

# push
run lorm db push; is 0; prints 'Your database is now in sync with your Prisma schema. Done in '; says 'private'
run lorm db push; is 0; prints 'The database is already in sync with the Prisma schema.'
run lorm db push -q; is 0; not_says private
run lorm eval -q 'db.User:create { data = { email = "ada@example.com" } }.id'; is 0; prints 1
sed -i '/email/d' schema/blog.prisma
run lorm db push; is 1; says 'data loss'; says '--accept-data-loss'; is_silent
run lorm dev psql -Atc 'select email from "User"'; prints ada@example.com
run lorm db push --accept-data-loss; is 0; prints 'now in sync'
run lorm dev psql -Atc 'select email from "User"'; is 1; says 'does not exist'
schema .
run lorm db push; is 1; says 'cannot be'; says '--force-reset'
run lorm db push --force-reset; is 0; prints 'now in sync'
run lorm eval -q 'db.User:count()'; is 0; prints 0

# a wrong schema writes nothing
cp schema/blog.prisma before
sed -i 's/String/Strnig/' schema/blog.prisma
run lorm db push --accept-data-loss; is 1; says 'Strnig'; says 'schema/blog.prisma:8'
cp before schema/blog.prisma
run lorm db push; is 0; prints 'already in sync'

# execute: the place of the mistake, and nothing of a script that fails
printf 'create table a (x int);\nselect nonsense;\n' >bad.sql
run lorm db execute --file bad.sql; is 1; says 'nonsense'; says 'bad.sql:2'; is_silent
run lorm dev psql -Atc "select to_regclass('a') is null"; prints t
run_with 'create table a (x int); insert into a values (7);' lorm db execute --stdin; is 0; prints 'executed successfully'
run lorm dev psql -Atc 'select x from a'; prints 7
run lorm db execute --stdin -q </dev/null; is 0
run_with 'drop table a' lorm db execute --stdin; is 0

# pull
cp schema/blog.prisma before
run lorm dev psql -qc 'create table pulled (id serial primary key, name text)'; is 0
run lorm db pull --print; is 0; prints 'model pulled'; prints 'model User'; not_says Introspected
check; cmp -s before schema/blog.prisma || bad '--print writes no file'
run lorm db pull; is 0; prints 'Introspected 2 models and wrote them into schema/blog.prisma in '
run lorm db push; is 0; prints 'already in sync'
sed -i 's/model User {/model Person {/' schema/blog.prisma
sed -i '/model Person/,/^}/s/^}/  @@map("User")\n}/' schema/blog.prisma
run lorm db pull --print; is 0; prints 'model Person'
run lorm db pull --print --force; is 0; prints 'model User'; prints 'env("DATABASE_URL")'
cp before schema/other.prisma && sed -i '/datasource/,/^}/d; s/User/Other/' schema/other.prisma
run lorm db pull; is 1; says 'several files'
rm schema/other.prisma
cp before schema/blog.prisma
run lorm dev psql -qc 'drop table pulled'; is 0

# diff
run lorm migrate diff --from-empty --to-schema schema; is 0; prints 'CREATE TABLE "User"'
run lorm migrate diff --from-config-datasource --to-schema schema --exit-code; is 0
run lorm migrate diff --from-empty --to-schema schema --exit-code; is 2
run lorm migrate diff --from-empty --to-schema schema -o out.sql; is 0; is_silent; exists out.sql
run lorm migrate diff --from-empty --to-schema nothing; is 1; says nothing

# doctor
run lorm doctor; is 0; prints 'as the schema says'; prints 'PostgreSQL'; prints 'private development server'
echo 'model Extra { id Int @id }' | sed 's/{ /{\n/; s/ }/\n}/' >schema/extra.prisma
run lorm doctor; is 0; prints 'not as the schema says'
run lorm doctor --json; is 0; prints '"status":"warning","what":"tables"'
echo nonsense >>schema/extra.prisma
run lorm doctor; is 1; prints 'problem  schema'
rm schema/extra.prisma
run lorm doctor --url postgres://u:s3cret@127.0.0.1:1/x; is 1; prints P1001; not_says s3cret

# seed
mkdir seeds
cat >seeds/one.lua <<'END'
local db, faker, seed = ...
seed.many("users", 10, function() return db.User:create { data = { email = faker.internet.email() } } end)
END
run lorm seed; is 0
run lorm eval -q 'db.User:count()'; prints 10
run lorm seed --reset --scale 2; is 0
run lorm eval -q 'db.User:count()'; prints 20
run lorm seed --dry-run --reset; is 0
run lorm eval -q 'db.User:count()'; prints 20
printf 'local db = ...\ndb.User:create { data = { email = "last" } }\nerror "boom"\n' >seeds/two.lua
run lorm seed seeds/two.lua; is 1; says boom; says two.lua
run lorm eval -q 'db.User:count { where = { email = "last" } }'; prints 0
run lorm seed --scale none; is 2; says '--scale'
run lorm seed --url postgres://u@db.example.invalid/x </dev/null; is 1; says production

# test: each in a sandbox, on a database of the run's own
run lorm test; is 1; says 'no test*.lua'
mkdir tests
cat >tests/test_users.lua <<'END'
local lu = require "luaunit"
local helper = require "helper"
TestUsers = {}
function TestUsers:setUp() helper.add(db, "ada") end
function TestUsers:test_one() lu.assertEquals(db.User:count(), 1) end
function TestUsers:test_two()
  helper.add(db, "bob")
  lu.assertEquals(db.User:count(), 2)
end
function test_alone() lu.assertEquals(db.User:count(), 0) end
os.exit(lu.LuaUnit.run())
END
echo 'return { add = function(db, email) db.User:create { data = { email = email } } end }' >tests/helper.lua
run lorm test; is 0; prints '3 tests'; prints '3 successes'
echo 'local lu = require "luaunit"; function test_wrong() lu.assertEquals(db.User:count(), 7) end' >tests/test_wrong.lua
run lorm test -v; is 1; prints '4 tests'; prints '1 fail'; prints 'test_wrong'
run lorm test -p alone; is 0; prints '1 tests'
run lorm test tests/nothing.lua; is 1; says nothing.lua
echo 'for' >tests/test_wrong.lua
run lorm test; is 1; says 'test_wrong.lua'
run lorm eval -q 'db.User:count()'; prints 20
run lorm dev psql -Atc "select count(*) from pg_database where datname like 'lorm_test_%'"; prints 0

# a script's errors carry the code
run lorm eval 'db.User:findUniqueOrThrow { where = { id = 77 } }'; is 1; says P2025
run lorm eval 'db.User:findMany { where = { emial = "x" } }'; is 1; says emial; says email

# stopped, and started again by whoever needs it
run lorm dev stop; is 0
run lorm dev status; is 1
run lorm dev stop; is 0; says 'not running'
run lorm eval 'db.User:count()'; is 0; prints 20; says 'started just now'
# another database on the same server, made by push
run lorm dev status --json
url=$(printf '%s' "$out" | sed 's/.*"url":"\([^"]*\)".*/\1/; s#/dev#/other#')
DATABASE_URL=$url run lorm eval 'db.User:count()'; is 1; says P1003
DATABASE_URL=$url run lorm db push; is 0; says created; not_says private
DATABASE_URL=$url run lorm eval 'db.User:count()'; is 0; prints 0

# what init makes works as it is
run lorm init --with-model "$work/q"; is 0
cd "$work/q"
fresh=$(printf '%s' "$url" | sed 's#/other#/fresh#')
DATABASE_URL=$fresh run lorm db push; is 0; prints 'now in sync'
DATABASE_URL=$fresh run lorm seed; is 0; says 'users    10'
DATABASE_URL=$fresh run lorm eval 'db.User:count()'; is 0; prints 10

finish
