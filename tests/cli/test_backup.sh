#!/bin/sh
# Backup and restore; a deploy that fails and leaves the database as it was; undo.
. "${0%/*}/harness.sh"
mkdir "$work/p"
chmod 755 "$work" "$work/p"
cd "$work/p"
schema .
servers=$work/p
run lorm dev start; is 0
folder=schema/migrations
run lorm dev status --json
url=$(printf '%s' "$out" | sed 's/.*"url":"\([^"]*\)".*/\1/')
# all of the database, as text; some versions write a random word into it
dump() { pg_dump -d "$url" | grep -v '^\\' >"$1"; }
same() { check; cmp -s "$1" "$2" || bad "$1 and $2 differ: $(diff "$1" "$2" | head -20)"; }

run lorm migrate dev --name first </dev/null; is 0
run lorm eval -q 'db.User:create { data = { email = "ada@example.com" } }.id'; is 0
run_with 'create schema other; create type other.t as (a int); create table other.u (a other.t, b serial);
  create function public.f(int) returns int language sql as $$ select $1 $$; create domain public.d as int check (value > 0);
  create view public.v as select email from "User"; create extension citext; create sequence public.s;
  create publication p for table "User"; select lo_from_bytea(4711, $$x$$); insert into other.u values ($$(1)$$);
  create operator public.@+@ (leftarg = int, rightarg = int, function = int4pl);
  create aggregate public.mul(int) (sfunc = int4mul, stype = int); create materialized view public.m as select 1 as x;
  grant select on public.v to public' lorm db execute --stdin; is 0
dump before

# a backup is not overwritten, nobody else may read it, and it is the database again
run lorm migrate backup one.sql; is 0; prints one.sql
check; [ "$(stat -c %a one.sql)" = 600 ] || bad 'only the owner reads it'
run lorm migrate backup one.sql; is 1; says 'already'
run lorm migrate backup one.sql --force; is 0
run_with 'drop view v; drop schema other cascade; create table more (a int); create schema more; delete from "User"; drop domain d;
  create type e as enum ($$a$$); create function public.f(text) returns int language sql as $$ select 1 $$; drop extension citext;
  select lo_unlink(4711)' lorm db execute --stdin; is 0
run lorm migrate restore one.sql </dev/null; is 1; says '--force'
run lorm migrate restore one.sql -f; is 0
dump after; same before after
head -c 2000 one.sql >half.sql
run lorm migrate restore half.sql -f; is 1; says 'not a whole dump'
dump after; same before after
run lorm migrate backup /nonexistent/x.sql; is 1; says '/nonexistent'
check; PATH=/nonexistent "$lorm" migrate backup two.sql 2>"$work/err" && bad 'there is no pg_dump'
err=$(cat "$work/err"); says 'pg_dump'; says 'not installed'; absent two.sql

# two migrations of which the second fails, behind things that no transaction undoes
mkdir $folder/29990101000000_good $folder/29990101000001_bad
echo 'create table good (a int); delete from "User";' >$folder/29990101000000_good/migration.sql
printf 'create index concurrently i on "User" (email);\n' >$folder/29990101000001_bad/migration.sql
mkdir $folder/29990101000002_bad
printf 'drop table "User" cascade;\nselect nonsense;\n' >$folder/29990101000002_bad/migration.sql
run lorm migrate deploy --url "$url" --backup two.sql; is 1
says P3018; says 'bad/migration.sql:2'; says 'restored from two.sql'; not_says 'were applied'
dump after; same before after
run lorm migrate deploy --url "$url" --backup two.sql; is 1; says 'already'
run lorm migrate status; is 1; prints '_good'; not_says failed
rm -r $folder/29990101000002_bad two.sql
run lorm migrate deploy --url "$url" --backup two.sql; is 0; prints '_good'; exists two.sql
run lorm migrate deploy --url "$url" --backup three.sql; is 0; absent three.sql

# undo: there and back again
run lorm migrate undo; is 0; prints '29990101000001_bad was undone'
run lorm migrate status; is 1; prints '29990101000001_bad'
run lorm migrate undo; is 1; says '29990101000000_good/migration.sql:1 is not undone'; says '--force'
run lorm migrate undo --print; is 0; prints 'DROP TABLE "good"'
run lorm migrate undo --force; is 0
run lorm migrate status; is 1; prints '29990101000000_good'
rm -r $folder/2999*
run lorm db execute --stdin <<END
drop index if exists i
END
dump before
cat >>schema/blog.prisma <<END

model Post {
  id   Int    @id @default(autoincrement())
  kind Kind   @default(A)
  text String @unique
}

enum Kind {
  A
  B
}
END
sleep 1
run lorm migrate dev --name more </dev/null; is 0
run lorm eval -q 'db.Post:create { data = { text = "x" } }.id'; is 0
run lorm migrate undo; is 1; says 'You are about to drop the `Post` table, which is not empty (1 rows)'
run lorm eval -q 'db.Post:deleteMany().count'; is 0
run lorm migrate undo; is 0; prints '_more was undone'
dump after
grep -v -e '_more' -e '_good' -e '_bad' before >b; grep -v -e '_more' -e '_good' -e '_bad' after >a; same b a
run lorm migrate dev </dev/null; is 0; prints '_more'
run_with 'create table drifted (a int)' lorm db execute --stdin; is 0
run lorm migrate undo; is 1; says 'not what its migrations make'

finish
