#!/bin/sh
# What is installed, by cmake and by Debian's package, works without the checkout: the program, the module in a stock
# lua5.4, the manual, what shells and pkg-config look for.
#   LORM_BUILD  the build tree; CMAKE, CPACK, LUA  the programs
. "${0%/*}/harness.sh"
source=$(cd "${0%/*}/../.." && pwd)
PATH=$PATH:/usr/sbin:/sbin
cd "$work"
chmod 755 "$work"
step() { # COMMAND...: it has to work
  ran=$*
  "$@" >"$work/out" 2>"$work/err"
  status=$? out=$(cat "$work/out") err=$(cat "$work/err")
  is 0
}
plain=$("$lorm" version) plain=${plain#lorm }

# ---- cmake --install ----

step "$CMAKE" --install "$LORM_BUILD" --prefix "$work/usr"
lorm=$work/usr/bin/lorm
run lorm version; is 0; prints "$plain"
exists usr/share/bash-completion/completions/lorm
exists usr/share/zsh/site-functions/_lorm
exists usr/share/fish/vendor_completions.d/lorm.fish
exists usr/share/doc/lorm/README.md
exists usr/share/doc/lorm/cli.md
exists usr/share/doc/lorm/LICENSE
step gzip -dc usr/share/man/man1/lorm.1.gz; prints '.TH LORM 1'; prints "lorm $plain"
found=$(find "$work/usr" -name lorm.pc)
step env PKG_CONFIG_PATH="${found%/*}" pkg-config --modversion lorm; prints "$plain"
step env PKG_CONFIG_PATH="${found%/*}" pkg-config --variable=luacmoddir lorm
modules=$out; exists "$modules/lorm.so"
# nothing in it leads back to where it was built
check; ! strings -a "$lorm" | grep -F "$source/lua" >/dev/null || bad 'Lua files are inside'
DESTDIR=$work/image step "$CMAKE" --install "$LORM_BUILD"
check; [ "$(find image -path '*/bin/lorm' -o -path '*/man1/lorm.1.gz' | wc -l)" = 2 ] || bad 'DESTDIR is heeded'

# ---- lua5.4 ----

mkdir project; cd project
servers=$PWD
run lorm init --with-model; is 0
run lorm db push; is 0
url=$("$lorm" dev start -q --json | sed 's/.*"url":"\([^"]*\)".*/\1/')
cat >ask.lua <<'END'
local lorm = require "lorm"
local db = lorm.connect { url = arg[1], schema = "schema" }
local ada = db.User:create { data = { email = "ada@example.com", name = "Ada" } }
print(lorm.version, _VERSION, ada.id, db.User:findUnique { where = { email = "ada@example.com" } }.name)
db:disconnect()
END
step env LUA_CPATH="$modules/?.so" "$LUA" ask.lua "$url"; prints "$plain	Lua 5.4	1	Ada"
# a module that is installed is not what the program takes for its own
LUA_CPATH="$modules/?.so;;" run lorm eval 'db.User:count()'; is 0; prints 1
cd "$work"

# ---- Debian's package ----

step "$CPACK" -G DEB --config "$LORM_BUILD/CPackConfig.cmake" -B "$work/deb"
deb=$(ls deb/*.deb)
step dpkg-deb -f "$deb" Package Version Section Depends Recommends Description
prints "Version: $plain-"; prints 'Section: database'; prints 'libpq5'; prints 'libuv1'; prints 'postgresql-client'
prints 'libhiredis'; prints 'libmicrohttpd'
step dpkg-deb -x "$deb" root
step dpkg-deb -e "$deb" control
step sh -c 'cd root && md5sum -c ../control/md5sums'; not_says FAILED
check
case $(find root/usr/lib -name lorm.so) in root/usr/lib/*/lua/5.4/lorm.so) ;; *) bad 'the module is where lua5.4 looks' ;; esac
exists root/usr/share/zsh/vendor-completions/_lorm
exists root/usr/share/doc/lorm/copyright
step gzip -dc root/usr/share/doc/lorm/changelog.Debian.gz; prints "lorm ($plain-"
step gzip -dc root/usr/share/doc/lorm/changelog.gz; prints '# Changes'
absent root/usr/share/doc/lorm/LICENSE
check; ! find root -type d ! -perm 755 | grep . || bad 'folders are 755'
lorm=$work/root/usr/bin/lorm
run lorm version; is 0; prints "$plain"

# ---- the rock ----

step luarocks lint "$source/lorm-scm-1.rockspec"

finish
