#!/bin/sh
# Lint of migrations: by hand, by `migrate dev`, before `migrate deploy`.
. "${0%/*}/harness.sh"
mkdir "$work/p"
chmod 755 "$work" "$work/p"
cd "$work/p"
schema .
servers=$work/p
run lorm dev start; is 0
folder=schema/migrations

# a new table is safe; dropping a column is not, and dev only says so
run lorm migrate dev --name first </dev/null; is 0
not_says 'warning'
run lorm migrate lint; is 0; prints '0 errors'; says '--advice'
run lorm migrate lint --advice; is 0; prints '[prefer-identity]'; prints 'migration.sql:3:10'
sed -i 's/email String @unique/email String @unique @db.VarChar(20)/' schema/blog.prisma
sleep 1
run lorm migrate dev --name shorter --create-only </dev/null; is 0
says 'warning[changing-column-type]'; says '_shorter/migration.sql:8:'; says 'Add a new column of the new type'

run lorm migrate lint; is 1; prints 'error[changing-column-type]'; prints '1 error,'
run lorm migrate lint --latest 0; is 0; prints '0 scripts'
run lorm migrate lint --json; is 1
prints '"rule":"changing-column-type","severity":"error"'; prints '"line":8,"column":'; prints '"errors":1,'
run lorm migrate lint $folder/*_shorter; is 1
run lorm migrate lint nothing.sql; is 1; says 'nothing.sql'
run lorm migrate lint --migrations nothing; is 1; says 'nothing'

# deploy refuses, until it is said that it is meant
run lorm dev status --json
url=$(printf '%s' "$out" | sed 's/.*"url":"\([^"]*\)".*/\1/')
run lorm migrate deploy --lint --url "$url"; is 1; says 'Nothing was applied'; says 'lorm-ignore'
run lorm migrate status; is 1; prints '_shorter'
file=$(echo $folder/*_shorter/migration.sql)
{ echo '-- lorm-ignore-file changing-column-type'; cat "$file"; } >"$work/new"
cp "$work/new" "$file"
run lorm migrate deploy --lint --url "$url"; is 0; prints '_shorter'
run lorm migrate status; is 0

# what does not parse
echo 'selct 1' >bad.sql
run lorm migrate lint bad.sql --color never; is 1; prints 'error[syntax-error]: syntax error at or near "selct"'; prints 'bad.sql:1:1'

finish
