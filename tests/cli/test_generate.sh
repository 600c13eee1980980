# lorm generate: annotations in a folder, .luarc.json, and when they are made anew.
. "$(dirname "$0")/harness.sh"
cd "$work" || exit 1

run lorm init --with-model shop
cd shop || exit 1
types=.lorm/types

# ---- a folder of files ----
run lorm generate
is 0
prints "Generated annotations in $types: 10 files, 10 changed"
exists $types/models/User.lua
exists $types/lorm/faker.lua
exists .luarc.json
check
grep -q '^---@field name? string$' $types/models/User.lua || bad 'no field of the model'
check
grep -q '"workspace.library": \[".lorm/types"\]' .luarc.json || bad 'the folder is not in .luarc.json'
run lorm generate --check
is 0
is_silent
run lorm generate
prints 'as they were'
run lorm generate -q
is 0
is_silent

# ---- the schema has changed ----
cp -p $types/values.lua "$work/before"
sed 's/name  String?/name  String?\n  age   Int?/' schema/schema.prisma >"$work/new" && cp "$work/new" schema/schema.prisma
run lorm generate --check
is 1
prints "$types/models/User.lua"
says 'out of date'
run lorm generate --json
is 0
prints '"written":["models/User.lua","scalars.lua"]'
prints '"upToDate":false'
check
[ -z "$(find $types/values.lua -newer "$work/before")" ] || bad 'what is the same was written'
cat >>schema/schema.prisma <<'END'
model Extra {
  id Int @id
}
END
run lorm generate
exists $types/models/Extra.lua
sed '/^model Extra/,$d' schema/schema.prisma >"$work/new" && cp "$work/new" schema/schema.prisma
run lorm generate --json
prints '"removed":["models/Extra.lua"]'
absent $types/models/Extra.lua
run lorm generate --check --watch
is 2

# ---- what is not ours stays ----
echo 'print "mine"' >$types/models/mine.lua
run lorm generate
is 0
exists $types/models/mine.lua
rm $types/values.lua
echo 'print "mine"' >$types/values.lua
run lorm generate
is 1
says "$types/values.lua was not made by lorm generate; nothing was written"
rm $types/values.lua
echo '{ broken' >.luarc.json
run lorm generate
is 0
says "warning: ./.luarc.json is left as it is"
check
[ "$(cat .luarc.json)" = '{ broken' ] || bad '.luarc.json was changed'
rm .luarc.json
run lorm generate --no-luarc
is 0
absent .luarc.json

# ---- where to ----
run lorm generate --output "$work/elsewhere"
is 0
exists "$work/elsewhere/models/User.lua"
check
grep -q "$work/elsewhere" .luarc.json || bad 'the folder is not in .luarc.json'
cat >>schema/schema.prisma <<'END'
generator types {
  provider = "lorm"
  output   = "../lua/types"
}
END
run lorm generate
is 0
exists lua/types/models/User.lua
check
grep -q '"lua/types"' .luarc.json || bad 'the folder is not in .luarc.json'
(mkdir -p deeper && cd deeper && "$lorm" generate -q --check) || bad 'it depends on where it is called'

# ---- files of SQL ----
mkdir -p schema/sql
cat >schema/sql/byName.sql <<'END'
-- Users of a name.
-- @param {String} $1:name
SELECT id FROM "User" WHERE name = $1
END
run lorm generate
check
grep -q '^---@field byName fun(name: string): table<string, any>\[\]' lua/types/schema.lua || bad 'no type of the statement'
echo '-- @param {Strin} $1:name' >schema/sql/wrong.sql
run lorm generate
is 0
says 'there is no type Strin. Did you mean String?'
rm schema/sql/wrong.sql

# ---- an error of the schema ----
cp schema/schema.prisma "$work/good"
echo 'model {' >>schema/schema.prisma
run lorm generate
is 1
says 'error[P1012]'
cp "$work/good" schema/schema.prisma

# ---- watching ----
"$lorm" generate --watch >"$work/watched" 2>&1 &
watcher=$!
i=0
while ! grep -q Watching "$work/watched" && [ $i -lt 300 ]; do sleep 0.1; i=$((i + 1)); done
sed 's/age   Int?/age   Int?\n  size  Int?/' schema/schema.prisma >"$work/new" && cp "$work/new" schema/schema.prisma
i=0
while ! grep -q size lua/types/models/User.lua && [ $i -lt 300 ]; do sleep 0.1; i=$((i + 1)); done
check
grep -q size lua/types/models/User.lua || bad 'the change was not seen'
kill -INT $watcher
wait $watcher
status=$?
is 130

# ---- after db push ----
server_here() { servers="$servers $work/shop"; }
server_here
sed 's/size  Int?/size  Int?\n  shoe  Int?/' schema/schema.prisma >"$work/new" && cp "$work/new" schema/schema.prisma
run lorm db push -q
is 0
check
grep -q shoe lua/types/models/User.lua || bad 'db push left the annotations as they were'
rm -r lua/types
run lorm db push -q
is 0
absent lua/types

# ---- the language server itself, where there is one ----
server=$(command -v lua-language-server || true)
if [ -n "$server" ]; then
  run lorm generate -q
  echo 'print(db.User:findFirst { where = { name = "x" }, select = { "name" } }.name)' >right.lua
  echo 'db.User:findMany { where = { nam = "x" } }' >wrong.lua
  "$server" --check=. --check_format=json --logpath="$work/luals" >/dev/null 2>&1
  check
  grep -q 'wrong.lua' "$work/luals/check.json" || bad 'the mistake was not found'
  check
  grep -q 'right.lua.*undefined' "$work/luals/check.json" && bad 'a mistake was found where there is none'
fi
finish
