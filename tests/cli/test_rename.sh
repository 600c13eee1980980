#!/bin/sh
# What has another name now is renamed, not dropped: somebody is asked, or says so, or nothing is done.
. "${0%/*}/harness.sh"
mkdir "$work/p"
chmod 755 "$work" "$work/p"
cd "$work/p"
schema .
servers=$work/p
cat >>schema/blog.prisma <<'END'

model Post {
  id     Int    @id @default(autoincrement())
  title  String
  status Status @default(DRAFT)
  author String @unique
}

enum Status {
  DRAFT
  DONE
}
END
run lorm dev start; is 0
folder=schema/migrations
run lorm migrate dev --name first </dev/null; is 0
run lorm eval -q 'db.Post:create { data = { title = "x", author = "y" } }.id'; is 0

# nobody is there to ask
sed -i 's/title  String/heading String/' schema/blog.prisma
run lorm migrate dev --name second </dev/null; is 1
says 'the column Post.title looks as if it was renamed to heading'; says '--rename Post.title:heading'
check; [ "$(ls $folder | wc -l)" = 2 ] || bad 'no migration was written'
run lorm migrate dev --rename Post.nonsense:heading </dev/null; is 1; says 'Post.nonsense cannot be renamed: it is not there'
run lorm migrate dev --rename Post.title:author </dev/null; is 1; says 'something else has that name'
run lorm migrate dev --rename nonsense </dev/null; is 1; says 'OLD:NEW'
sleep 1
run lorm migrate dev --name second --rename Post.title:heading </dev/null; is 0
file=$(echo $folder/*_second/migration.sql)
check; [ "$(grep -v '^--' "$file" | grep .)" = 'ALTER TABLE "Post" RENAME COLUMN "title" TO "heading";' ] || bad "$(cat "$file")"
run lorm eval -q 'db.Post:findFirst().heading'; prints x
run lorm migrate dev </dev/null; is 0; prints 'Already in sync'

# all kinds at once, with what hangs on them: keys, indexes, defaults
sed -i -e 's/model Post/model Article/' -e 's/author String/writer String/' -e 's/DRAFT/NEW/' -e 's/enum Status/enum State/' \
  -e 's/status Status/status State/' schema/blog.prisma
sleep 1
run lorm migrate dev --name third --rename Post:Article,Article.author:writer,Status:State,State.DRAFT:NEW </dev/null; is 0
file=$(echo $folder/*_third/migration.sql)
check; grep -q DROP "$file" && bad "nothing is dropped: $(cat "$file")"
run lorm eval -q 'local a = db.Article:findFirst(); return a.heading .. a.status .. a.writer'; prints xNEWy
run lorm migrate dev </dev/null; is 0; prints 'Already in sync'
run lorm migrate undo --print; is 0

# it is none
sed -i 's/heading String/subject String?/' schema/blog.prisma
sleep 1
run lorm migrate dev --name fourth --no-renames --create-only </dev/null; is 0
check; grep -q 'DROP COLUMN "heading"' $folder/*_fourth/migration.sql || bad 'the column is dropped'
rm -r $folder/*_fourth
run lorm migrate dev --name fourth --create-only </dev/null; is 0; says 'looks as if it was renamed'
rm -r $folder/*_fourth

# somebody is there
if script -qec true /dev/null >/dev/null 2>&1; then
  out=$(printf 'y\n' | script -qec "'$lorm' migrate dev --name fourth" /dev/null)
  prints 'Was the column Article.heading renamed to subject?'; prints 'now in sync'
  run lorm eval -q 'db.Article:findFirst().subject'; prints x
fi

finish
