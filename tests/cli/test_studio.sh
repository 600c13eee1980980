#!/bin/sh
# lorm studio as somebody uses it, in a browser; and as somebody attacks it.
. "${0%/*}/harness.sh"
. "${0%/*}/browser.sh"

mkdir "$work/app" && cd "$work/app" || exit 1
servers=$work/app
mkdir schema
cat >schema/app.prisma <<'END'
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

enum Role {
  READER
  WRITER
}

/// Somebody.
model User {
  id      Int      @id @default(autoincrement())
  email   String   @unique
  name    String?
  role    Role     @default(READER)
  born    DateTime?
  money   Decimal?
  big     BigInt?
  raw     Bytes?
  extra   Json?
  tags    String[]
  active  Boolean  @default(true)
  posts   Post[]
  friends User[]   @relation("friends")
  known   User[]   @relation("friends")
}

model Post {
  id       Int    @id @default(autoincrement())
  title    String
  author   User   @relation(fields: [authorId], references: [id])
  authorId Int
}

model Place {
  x    Int
  y    Int
  name String

  @@id([x, y])
}
END
cat >lorm.config.lua <<'END'
return { middleware = { "mark" } }
END
mkdir lua
cat >lua/mark.lua <<'END'
-- names come out in capitals: what the studio shows went through here
return function(params, next)
  local result = next(params)
  if params.model == "Place" and params.action == "findMany" then
    for _, row in ipairs(result) do row.name = row.name:upper() end
  end
  return result
end
END
cat >rows.lua <<'END'
db.User:create { data = { email = "ada@x.org", name = "Ada", money = "12.50", big = "9007199254740993", extra = { a = 1 }, tags = { "x", "y" },
  posts = { create = { { title = "First" }, { title = "Second" } } } } }
db.User:create { data = { email = "<img src=x onerror='window.pwned=1'>", name = "<script>window.pwned=1</script>" } }
for i = 3, 120 do db.User:create { data = { email = ("u%d@x.org"):format(i), name = "User " .. i } } end
db.Place:create { data = { x = 1, y = 2, name = "here" } }
END
run lorm dev start -q
run lorm db push -q
run lorm run rows.lua
is 0

"$lorm" studio --port 0 >"$work/address" 2>"$work/said" &
studio=$!
until [ -s "$work/address" ]; do
  kill -0 "$studio" || { cat "$work/said" >&2; exit 1; }
  sleep 0.05
done
address=$(cat "$work/address")
base=${address%/#*} token=${address#*token=}

# ---- nobody without the token, from no other site, by no other name ----

count_users() { "$lorm" eval -q 'db.User:count()'; }
asked() { # WANTED CURL-ARGUMENTS...
  wanted=$1
  shift
  check
  ran="curl $*"
  out=$(curl -sS -o "$work/answer" -w '%{http_code}' "$@" 2>&1)
  [ "$out" = "$wanted" ] || bad "expected status $wanted: $(cat "$work/answer")"
  ! grep -q 'x\.org' "$work/answer" || bad 'rows were told'
}
json='Content-Type: application/json' auth="X-Lorm-Token: $token"
rows='{"model":"User","take":1}'
delete='{"edits":[{"action":"delete","model":"Post","key":{"id":1}}]}'
for call in "rows $rows" "save $delete" 'lua {"code":"return db.User:findMany()"}' 'sql {"code":"SELECT * FROM \"User\""}'; do
  url=$base/api/${call%% *} body=${call#* }
  asked 403 -d "$body" -H "$json" "$url"                                                     # no token
  asked 403 -d "$body" -H "$json" -H 'X-Lorm-Token: 0123456789abcdef0123456789abcdef' "$url" # a wrong one
  asked 403 -d "$body" -H "$json" "$url?token=$token"                                        # in the wrong place
  asked 403 -d "$body" -H "$json" -H "Cookie: token=$token" "$url"
  asked 403 -d "$body" -H "$json" -H "$auth" -H 'Origin: https://example.com' "$url"
  asked 403 -d "$body" -H "$json" -H "$auth" -H 'Origin: null' "$url"
  asked 403 -d "$body" -H "$json" -H "$auth" -H 'Origin: http://127.0.0.1:1' "$url"
  asked 403 -d "$body" -H "$json" -H "$auth" -H 'Host: attacker.example' "$url"
  asked 403 -d "$body" -H "$json" -H "$auth" -H 'Host: 127.0.0.1.attacker.example:80' "$url"
  asked 403 -d "$body" -H 'Content-Type: text/plain' -H "$auth" "$url"
  asked 403 -d "$body" -H 'Content-Type: application/x-www-form-urlencoded' -H "$auth" "$url"
  asked 405 -X PUT -d "$body" -H "$json" -H "$auth" "$url"
  asked 404 -G "$url" # a GET reads pages only
done
asked 403 -H 'Host: attacker.example' "$base/"
for path in /../../etc/passwd /%2e%2e/%2e%2e/etc/passwd //etc/passwd /api/rows /main.lua /lorm/studio.lua /page.html/..; do
  asked 404 --path-as-is "$base$path"
done
asked 404 -d '{}' -H "$json" -H "$auth" "$base/api/call"
asked 400 -d 'nonsense' -H "$json" -H "$auth" "$base/api/rows"
head -c 9000000 /dev/zero >"$work/big"
asked 413 --data-binary "@$work/big" -H "$json" -H "$auth" "$base/api/rows"
asked 200 "$base/"
ran='headers' out=$(curl -sSI "$base/")
prints "default-src 'none'; script-src 'self'"
prints 'X-Frame-Options: DENY'
not_says 'Access-Control'
ran='listening' out=$(awk -v port="$(printf '%04X' "${base##*:}")" '$4 == "0A" && $2 ~ ":" port "$" { print $2 }' /proc/net/tcp /proc/net/tcp6)
check
[ "$out" = "0100007F:$(printf '%04X' "${base##*:}")" ] || bad 'it listens elsewhere'
ran='rows' out=$(count_users)
check
[ "$out" = 120 ] || bad 'rows were lost'
ran='ps' out=$(tr '\0' ' ' <"/proc/$studio/cmdline")
not_says "$token"

# ---- in a browser ----

browser_start
visit "$address"
until_js 'document.querySelectorAll("tbody tr").length === 50'
until_js 'document.querySelector(".total").textContent === "120 rows"'
js 'return location.href'
check
case $value in *token*) bad 'the token stays in the address' ;; esac

# what is in the database is text
until_js 'document.body.textContent.includes("onerror=")'
js 'return window.pwned === undefined && !document.querySelector("#view img, #view script")'
check
[ "$value" = true ] || bad 'a script of the database was run'

# values, as they are
until_js 'document.querySelector("td[data-field=big]").textContent === "9007199254740993"'
until_js 'document.querySelector("td[data-field=money]").textContent === "12.5"'
until_js 'document.querySelector("td[data-field=extra]").textContent === `{"a":1}`'
until_js 'document.querySelector("td[data-field=tags]").textContent === `["x","y"]`'

# pages
click 'button[title="Next page"]'
until_js 'document.querySelector("td[data-field=id]").textContent === "51"'
click 'button[title="Last page"]'
until_js 'document.querySelector("td[data-field=id]").textContent === "71"'
click 'button[title="Page before"]'
until_js 'document.querySelector("td[data-field=id]").textContent === "21"'
click 'button[title="First page"]'
until_js 'document.querySelector("td[data-field=id]").textContent === "1"'

# sorted, found, filtered; the address says so
click 'th button' 'email'
click 'th button' 'email'
until_js 'document.querySelector("td[data-field=email]").textContent === "u9@x.org"'
type_into 'input[type=search][placeholder^=Search]' 'ada\uE007'
until_js 'document.querySelectorAll("tbody tr").length === 1 && document.querySelector(".total").textContent === "1 row"'
visit "$base/#/User?%7B%22filters%22%3A%5B%7B%22field%22%3A%22id%22%2C%22op%22%3A%22gt%22%2C%22text%22%3A%22110%22%7D%5D%7D"
until_js 'document.querySelectorAll("tbody tr").length === 10'
click '.pill button'
until_js 'document.querySelectorAll("tbody tr").length === 50'
click 'button' '+ Filter'
js 'const [f, o] = document.querySelectorAll("form.filter select"); f.value = "id"; f.dispatchEvent(new Event("change")); o.value = "lte"; o.dispatchEvent(new Event("change"));'
type_into 'form.filter input' 'x\uE007'
until_js 'document.querySelector("form.filter .problem").textContent === "a whole number is expected"'
js 'document.querySelector("form.filter input").value = ""'
type_into 'form.filter input' '3\uE007'
until_js 'document.querySelectorAll("tbody tr").length === 3'

# relations, to either side
click 'button.link' 'rows →'
until_js 'document.title.startsWith("Post") && document.querySelectorAll("tbody tr").length === 2'
click 'button.link' '1 →'
until_js 'document.title.startsWith("User") && document.querySelectorAll("tbody tr").length === 1'

# edits are kept until they are saved, and saved together
visit "$base/#/User"
until_js 'document.querySelectorAll("tbody tr").length === 50'
double_click 'td[data-field=name]' 'Ada'
js 'window.found.querySelector("input").value = ""'
type_into 'td[data-field=name] input' 'Ada L.\uE007'
until_js 'document.querySelector("td.changed").textContent === "Ada L."'
double_click 'td[data-field=money]' '12.5'
js 'window.found.querySelector("input").value = ""'
type_into 'td[data-field=money] input' 'much\uE007'
until_js 'document.querySelector("td[data-field=money] .problem").textContent === "a number is expected"'
js 'document.querySelector("td[data-field=money] input").value = ""'
type_into 'td[data-field=money] input' '99.95\uE007'
until_js 'document.querySelectorAll("td.changed").length === 2'
double_click 'td[data-field=role]'
js 'const s = document.querySelector("td[data-field=role] select"); s.value = "WRITER"; s.dispatchEvent(new Event("change"))'
double_click 'td[data-field=extra]' '"a"'
js 'document.querySelector("dialog textarea").value = `{"b": [1, null]}`'
click 'dialog button' 'Keep'
until_js 'document.querySelector("#changes").textContent.startsWith("1 row changed")'
ran='not yet' out=$("$lorm" eval -q --json 'db.User:findUnique { where = { id = 1 } }.name')
prints '"Ada"'
click 'button' 'Add row'
double_click 'tr.new td[data-field=email]'
type_into 'tr.new td[data-field=email] input' 'u3@x.org\uE007'
until_js 'document.querySelector("#changes").textContent.startsWith("2 rows changed")'
click '#changes button' 'Save'
until_js 'document.querySelector(".toast.error").textContent.includes("Nothing was saved. User: Unique constraint failed")'
ran='none of it' out=$("$lorm" eval -q --json 'db.User:findUnique { where = { id = 1 } }.name')
prints '"Ada"'
double_click 'tr.new td[data-field=email]'
js 'document.querySelector("tr.new td[data-field=email] input").value = ""'
type_into 'tr.new td[data-field=email] input' 'new@x.org\uE007'
click '#changes button' 'Save'
until_js 'document.querySelector("#changes").hidden && document.querySelector(".total").textContent === "121 rows"'
ran='saved' out=$("$lorm" eval -q --json 'local u = db.User:findUnique { where = { id = 1 } } return { u.name, u.money == lorm.decimal "99.95", u.role, u.extra, tostring(u.big) }')
prints '["Ada L.",true,"WRITER",{"b":[1,null]},"9007199254740993"]'

# a row goes, with a question
visit "$base/#/User?%7B%22search%22%3A%22new%40x.org%22%7D"
until_js 'document.querySelectorAll("tbody tr").length === 1'
js 'document.querySelector("button.remove").click()'
click '#changes button' 'Save'
click 'dialog button' 'Delete'
until_js 'document.querySelectorAll("tbody tr").length === 0'
ran='rows' out=$(count_users)
check
[ "$out" = 120 ] || bad 'the row is still there'

# a key of two, through the middleware
visit "$base/#/Place"
until_js 'document.querySelector("td[data-field=name]").textContent === "HERE"'
double_click 'td[data-field=name]'
js 'document.querySelector("td[data-field=name] input").value = ""'
type_into 'td[data-field=name] input' 'there\uE007'
click '#changes button' 'Save'
until_js 'document.querySelector("td[data-field=name]").textContent === "THERE"'

# the console
click '#side a' 'Console'
until_js 'document.querySelector("textarea.code")'
js 'document.querySelector("textarea.code").value = "n = db.User:count()\nprint(\"counted\")\nreturn n, db.Post:findMany { orderBy = { id = \"asc\" } }"'
click '.bar button' 'Run'
until_js 'document.querySelector(".results").textContent.includes("counted") && document.querySelector(".results").textContent.includes("120") && document.querySelector(".results tbody td:nth-child(2)").textContent === "First"'
js 'document.querySelector("textarea.code").value = "n + 1"'
click '.bar button' 'Run'
until_js 'document.querySelector(".results pre").textContent === "121"'
js 'document.querySelector("textarea.code").value = "db.Usr:count()"'
click '.bar button' 'Run'
until_js 'document.querySelector(".results .problem").textContent.toLowerCase().includes("did you mean db.user")'
click '.tab' 'SQL'
js 'document.querySelector("textarea.code").value = "SELECT id, title FROM \"Post\" ORDER BY id DESC"'
click '.bar button' 'Run'
until_js 'document.querySelector(".results tbody td:nth-child(2)").textContent === "Second"'
click '.bar button' 'Explain'
until_js 'document.querySelector(".results pre").textContent.includes("Post")'
js 'document.querySelector("textarea.code").value = "UPDATE \"Post\" SET title = title"'
click '.bar button' 'Run'
until_js 'document.querySelector(".results").textContent.includes("2 rows changed.")'
click '#side button' 'Statements'
until_js 'document.querySelector("#log code").textContent.startsWith("UPDATE")'

# without the token the page says what to do
js 'sessionStorage.clear()'
visit "$base/?again"
until_js 'document.querySelector(".problem").textContent.includes("open the address that `lorm studio` printed")'
browser_stop

# ---- its end, and a studio that only reads ----

kill -INT "$studio"
wait "$studio"
status=$? ran='Ctrl-C'
is 0
rm "$work/address"
"$lorm" studio --port 0 --read-only -q >"$work/address" 2>"$work/said" &
studio=$!
until [ -s "$work/address" ]; do sleep 0.05; done
address=$(cat "$work/address")
base=${address%/#*} auth="X-Lorm-Token: ${address#*token=}"
reads() { ran="read-only: $1 $2" out=$(curl -sS -d "$2" -H "$json" -H "$auth" "$base/api/$1"); }
reads rows "$rows"
prints 'ada@x.org'
reads save "$delete"
prints '--read-only'
reads sql '{"code":"DELETE FROM \"Post\""}'
prints 'read-only transaction'
reads lua '{"code":"db.Post:deleteMany()"}'
prints 'read-only transaction'
ran='rows' out=$("$lorm" eval -q 'db.Post:count()')
check
[ "$out" = 2 ] || bad 'rows were deleted'
kill -INT "$studio"
wait "$studio"

run lorm studio --port 70000
is 1
says '70000 is no port'
run lorm studio --port 0 --url postgresql://db.example.com/shop </dev/null
is 1
says 'may be in production'
finish
