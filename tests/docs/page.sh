#!/bin/sh
# page.sh PAGE: the page is true, its blocks of code are what it says they are (page.lua). It works in a folder of its
# own; private servers, and whatever left a *.pid file there, are ended with it.
. "${0%/*}/../cli/harness.sh"
here=$(cd "${0%/*}" && pwd)
page=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
chmod 755 "$work"
mkdir "$work/bin" "$work/page" "$work/run"
ln -s "$lorm" "$work/bin/lorm"
PATH=$work/bin:$PATH
SHELL=/bin/sh LC_ALL=C.UTF-8 TMUX_TMPDIR=$work/run PAGER=cat
LORM_SOURCE=$(cd "$here/../.." && pwd)
export PATH SHELL LC_ALL TMUX_TMPDIR PAGER LORM_SOURCE
unset LORM_TEST_URL LORM_PAGER VISUAL EDITOR TMUX REDIS_URL ENV

sweep() {
  status=$?
  tmux -L page kill-server 2>/dev/null
  find "$work/page" -name '*.pid' -type f ! -name postmaster.pid 2>/dev/null | while read -r file; do
    read -r pid <"$file" && [ -n "$pid" ] && kill "$pid" 2>/dev/null
  done
  servers=$(find "$work/page" -maxdepth 4 -name .lorm -type d -exec dirname {} \;)
  end
  exit "$status"
}
trap sweep EXIT

cd "$work/page" || exit 1
"${LUA:-lua5.4}" "$here/page.lua" "$page" "$work/run"
