#!/bin/sh
# run, eval, repl: scripts and their errors, without any database.
. "${0%/*}/harness.sh"
cd "$work"

echo 'print(#arg, arg[0], arg[1], ...)' >args.lua
run lorm run args.lua --yes -q 'a b'; is 0; prints '3	args.lua	--yes	--yes	-q	a b'
printf 'local function set(t)\n  print "before"\n  t.x = 1\nend\nset(nil)\n' >broken.lua
run lorm run broken.lua; is 1; prints 'before'; says 'broken.lua:3:'; says 'stack traceback'
echo 'for' >syntax.lua
run lorm run syntax.lua; is 1; says 'syntax.lua:'
echo 'error({ code = 7 })' >table.lua
run lorm run table.lua; is 1; says 'error'
echo 'os.exit(3)' >exit.lua
run lorm run exit.lua; is 3
mkdir lua; echo 'return { n = 7 }' >lua/mine.lua
mkdir schema
cp /dev/null schema/empty.prisma
echo 'print(require "mine".n)' >needs.lua
run lorm run needs.lua; is 0; prints 7

run lorm eval '1 + 1'; is 0; prints 2
run lorm eval 'return 1, 2'; is 0; prints 1
run lorm eval --json '{ a = { 1, 2 }, b = "x" }'; is 0; prints '{"a":[1,2],"b":"x"}'
run_with 'return 40 + 2' lorm eval -; is 0; prints 42
run lorm eval 'x y'; is 1; says 'syntax error'
run lorm eval 'error "boom"'; is 1; says 'boom'
run lorm eval 'io.stderr:write(tostring(arg))' --quiet; is 0

# the database is looked for when it is used, and what is missing is named
rm -r schema
schema .
run lorm eval 1; is 0; not_says 'private'
run lorm eval --url @nothing 1; is 1; says 'nothing'
printf '  \n' >blank
run lorm eval --url @blank 1; is 1; says 'empty'
DATABASE_URL='' run lorm eval 'db.User:count()'; is 1; says 'DATABASE_URL'; says 'is empty'
run lorm eval --url 'mysql://u:s3cret@h/d' 'db.User:count()'; is 1; says 'P1013'; not_says s3cret
run lorm eval --url 'postgres://u:s3cret@127.0.0.1:1/d' 'db.User:count()'; is 1; says 'P1001'; not_says s3cret
printf 'postgres://u:s3cret@127.0.0.1:1/d\n' >url
run lorm eval --url @url 'db.User:count()'; is 1; says '127.0.0.1:1'; not_says s3cret
run_with 'postgres://u:s3cret@127.0.0.1:1/d' lorm eval --url - 'db.User:count()'; is 1; says '127.0.0.1:1'
echo 'DATABASE_URL="postgres://u:${PW}@127.0.0.1:1/d"' >.env
echo "PW='s3cret'" >>.env
run lorm eval 'db.User:count()'; is 1; says 'P1001'; not_says s3cret
run lorm eval 'os.getenv "PW"'; is 0; prints s3cret
PW=other run lorm eval 'os.getenv "PW"'; prints other

# the direct URL, where there is one: changes go there, or nowhere
sed 's/url .*/&\n  directUrl = env("DIRECT_URL")/' schema/blog.prisma >direct.prisma
run lorm db push --schema direct.prisma; is 1; says 'DIRECT_URL'; says 'direct.prisma:4'
DIRECT_URL=postgres://u@127.0.0.1:2/d run lorm db push --schema direct.prisma; is 1; says '127.0.0.1:2'
DIRECT_URL=postgres://u@127.0.0.1:2/d run lorm eval --schema direct.prisma 'db.User:count()'; is 1; says '127.0.0.1:1'
sed '/url /d' schema/blog.prisma >none.prisma
run lorm eval --schema none.prisma 'db.User:count()'; is 1; says '127.0.0.1:1'

# ps shows no password
run lorm eval --url 'postgres://u:s3cret@127.0.0.1:1/d' 'io.open("/proc/self/cmdline"):read "a"'
is 0; prints '****'; not_says s3cret

# a script's own mistakes in lorm.config.lua
echo 'return { schema = 7 }' >lorm.config.lua
run lorm eval 1; is 1; says 'schema must be a string'
echo 'retrun {}' >lorm.config.lua
run lorm eval 1; is 1; says 'lorm.config.lua:1'
rm lorm.config.lua

# the REPL over a pipe: results only
run_with '1 + 1
for i = 1, 2 do
  print("i", i)
end
= 5
local kept = 6
kept * 7
_ + 1
.schema User
' lorm repl; is 0; prints 2; prints 'i	2'; prints 5; prints 42; prints 43; prints '@unique'; not_says 'lorm>'; not_says ' ms'
# the first error is the end, unless that is not wanted
run_with '1 + 1
error "boom"
print "never"
' lorm repl; is 1; prints 2; says boom; not_says never
run_with 'error "boom"
2 + 2
x = = 1
.modles
.models
' lorm repl --keep-going; is 1; says boom; prints 4; says "unexpected symbol near '='"; says '1 | x = = 1'
says '  |     ^'; says 'did you mean .models?'; prints 'User: id email'
run_with 'function f() error "boom" end
(function() f() return 1 end)()
.trace
' lorm repl --keep-going; is 1; says 'boom'; prints 'stack traceback'
check; case $err in *traceback*) bad 'the traceback waits until it is asked for' ;; esac
run_with 'for i = 1, 2 do
' lorm repl; is 1; says '<eof>'
run_with 'x = 41
x + 1
.exit
print "never"
' lorm repl; is 0; prints 42; not_says never
# what is spawned is not waited for by the next line, .run and .save write and read scripts, .lormrc.lua comes first
echo 'function twice(n) return 2 * n end' >.lormrc.lua
echo 'answer = twice(21)' >answer.lua
run_with '.run answer.lua
answer
local x <close> = setmetatable({}, { __close = function() print "closed" end })
"before"
.save kept.lua
' lorm repl; is 0; prints 42; prints 'before
closed'
check; grep -q '^answer$' kept.lua || bad 'what ran is saved'
rm .lormrc.lua answer.lua kept.lua

finish
