#!/bin/sh
# with_server.sh LORM DIR COMMAND...: run the command with LORM_TEST_URL, the URL of the private server of a
# project in DIR. --start and --stop in the command's place do that; without a start it happens by itself.
set -eu
lorm=$1 dir=$2
shift 2
unset DATABASE_URL LORM_TEST_URL

mkdir -p "$dir"
[ -e "$dir/lorm.config.lua" ] || echo 'return {}' > "$dir/lorm.config.lua"

case $1 in
  --start) # from nothing, so that each run finds what the first one found
    cd "$dir"
    "$lorm" dev stop -q
    rm -rf .lorm
    exec "$lorm" dev start
    ;;
  --stop) cd "$dir" && exec "$lorm" dev stop ;;
esac

answer=$(cd "$dir" && "$lorm" dev start --json -q)
LORM_TEST_URL=$(printf '%s\n' "$answer" | sed -n 's/.*"url":"\([^"]*\)".*/\1/p')
export LORM_TEST_URL
exec "$@"
