#!/bin/sh
# Projects of Prisma's, as they are: where schema, migrations and URL are found, and from where one works.
. "${0%/*}/harness.sh"
chmod 755 "$work"

model() { # FILE: a schema
  mkdir -p "$(dirname "$1")"
  printf 'datasource db {\n  provider = "postgresql"\n  %s\n}\n\nmodel Thing {\n  id Int @id\n}\n' \
    "${2-url = env(\"THINGS_URL\")}" >"$1"
}
found() { # SCHEMA: what is found from here
  run lorm validate
  is 0
  says "schema at $1 is valid"
  THINGS_URL=postgres://u@127.0.0.1:1/x run lorm doctor
  is 1
  prints "$1: 1 models"
}

# prisma/schema.prisma, from below, with its .env beside it
mkdir -p "$work/a/deep/er"
cd "$work/a/deep/er"
model ../../prisma/schema.prisma
found ../../prisma/schema.prisma
echo 'THINGS_URL=postgres://u@127.0.0.1:7/x' >../../prisma/.env
run lorm eval 'db.Thing:count()'; is 1; says '127.0.0.1:7'
echo 'THINGS_URL=postgres://u@127.0.0.1:8/x' >../../.env
run lorm eval 'db.Thing:count()'; is 1; says '127.0.0.1:8'; says 'prisma/.env: THINGS_URL is set in another'

# prisma/schema/*.prisma
cd "$work" && mkdir b && cd b
model prisma/schema/things.prisma
found prisma/schema

# package.json
cd "$work" && mkdir c && cd c
model db/my.prisma
echo '{ "name": "c", "prisma": { "schema": "db/my.prisma" } }' >package.json
found db/my.prisma

# prisma.config.ts, with a URL of its own
cd "$work" && mkdir d && cd d
model database/schema.prisma ''
cat >prisma.config.ts <<'END'
import 'dotenv/config'
import { defineConfig, env } from 'prisma/config'
export default defineConfig({
  schema: 'database/schema.prisma',
  migrations: { path: 'database/steps' },
  datasource: { url: env('THINGS_URL') },
})
END
found database/schema.prisma
THINGS_URL=postgres://u@127.0.0.1:9/x run lorm eval 'db.Thing:count()'; is 1; says '127.0.0.1:9'

# lorm.config.lua goes before what is usual; --schema before everything
cd "$work" && mkdir e && cd e
model prisma/schema.prisma
model mine/a.prisma
echo 'return { schema = "mine" }' >lorm.config.lua
found mine
run lorm validate --schema prisma/schema.prisma; is 0; says 'prisma/schema.prisma is valid'

# a folder called schema, with something else in it
cd "$work" && mkdir -p f/schema && cd f
echo 'export const user = {}' >schema/user.ts
model prisma/schema.prisma
found prisma/schema.prisma

# the migrations that Prisma wrote, into a database of their own
servers=$work/a
cd "$work/a"
rm .env prisma/.env
run lorm dev status --json
run lorm dev start --json -q
url=$(printf '%s' "$out" | sed 's/.*"url":"\([^"]*\)".*/\1/')
mkdir -p prisma/migrations/20240101000000_init "$work/d/database/steps/20240101000000_init"
echo 'provider = "postgresql"' >prisma/migrations/migration_lock.toml
cp prisma/migrations/migration_lock.toml "$work/d/database/steps"
echo 'CREATE TABLE "Thing" ("id" INTEGER NOT NULL, CONSTRAINT "Thing_pkey" PRIMARY KEY ("id"));' \
  >prisma/migrations/20240101000000_init/migration.sql
cp prisma/migrations/20240101000000_init/migration.sql "$work/d/database/steps/20240101000000_init"
THINGS_URL=$url run lorm migrate deploy; is 0; prints 20240101000000_init
THINGS_URL=$url run lorm migrate status; is 0; prints 'prisma/migrations'
run lorm migrate dev </dev/null; is 0; prints 'Already in sync'; says private
cd "$work/d"
THINGS_URL=$url run lorm migrate status; is 0; prints 'database/steps'

finish
