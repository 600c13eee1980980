#!/bin/sh
# validate, format, schema: no database, and no value of the environment.
. "${0%/*}/harness.sh"
cd "$work"

# --- validate ---
schema ok
run lorm validate --schema ok/schema; is 0; says 'The schema at ok/schema is valid'; is_silent
run lorm validate --schema ok/schema --json; is 0; prints '{"valid":true,"errors":[],"warnings":[]}'
run lorm validate --schema ok/schema -q; is 0; not_says 'valid'
mkdir wrong
cat >wrong/a.prisma <<'END'
model Post {
  id    Int   @id
  title Strin
  tags  Tagg[]
}
END
cat >wrong/b.prisma <<'END'
model Post {
  id Int @id
}
END
run lorm validate --schema wrong; is 1; is_silent
says 'error[P1012]: Type "Strin" is neither a built-in type'
says ' --> wrong/a.prisma:3:9'
says '3 |   title Strin'
says '  |         ^^^^^'
says '  = did you mean `String`?'
says 'Type "Tagg"'
says ' --> wrong/b.prisma:1:7'
says '3 errors in the schema at wrong'
not_says "$(printf '\033')"
run lorm validate --schema wrong --color always; is 1; says "$(printf '\033[1;31merror[P1012]')"
run lorm validate --schema wrong --json; is 1; prints '{"valid":false,"errors":[{"message":"'
prints '"line":3,"column":9,"file":"wrong/a.prisma","hint":"did you mean `String`?"}'
run lorm validate --schema nowhere; is 1; says 'nowhere'

cat >names.prisma <<'END'
model transaction {
  id Int @id
}
END
run lorm validate --schema names.prisma; is 0; says 'warning: '; says 'db.models["transaction"]'

# a long line shows the place, a long list is cut
{
  echo 'model A {'
  printf '  id Int @id %s @oops\n' "$(printf '%01000d' 0 | sed 's/0/@map("x") /g')"
  echo '}'
} >long.prisma
run lorm validate --schema long.prisma; is 1; says '@oops'; says 'Only the first 1000 are shown'

# --- format ---
printf 'model A {\n  id Int @id\n  name   String\n}\n' >f.prisma
run lorm format --schema f.prisma --check; is 1; prints 'f.prisma'; says 'hint: '
run lorm format --schema f.prisma --print; is 0; prints '  id   Int    @id'
check; [ "$(cat f.prisma)" != "$out" ] || bad '--print wrote the file'
run lorm format --schema f.prisma; is 0; says 'Formatted f.prisma'
run lorm format --schema f.prisma; is 0; says 'Already formatted'
run lorm format --schema f.prisma --check; is 0; is_silent
mkdir two
printf 'model A {\n  id Int @id\n}\n' >two/a.prisma
printf 'model B {\n  id Int @id\n  a A @relation(fields: [aId], references: [id])\n  aId Int\n}\n' >two/b.prisma
run lorm format --schema two; is 0; says 'Formatted two/a.prisma'
check; grep -q '^  bs B\[\]$' two/a.prisma || bad 'no field was added in the other file'
run lorm validate --schema two; is 0
printf 'model A {\n  id Int @id // \351\n}\n' >latin1.prisma
run lorm format --schema latin1.prisma; is 1; says 'not valid UTF-8'

# --- schema ---
run lorm schema --json --schema ok/schema; is 0; prints '{"models":[{"name":"User"'; prints '"enums":[]'
run lorm schema --json --schema wrong; is 1; is_silent; says 'Tagg'

finish
