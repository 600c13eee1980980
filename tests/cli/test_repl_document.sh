#!/bin/sh
# docs/repl.md is true.
. "${0%/*}/harness.sh"
. "${0%/*}/document.sh"
document "$(cd "${0%/*}/../.." && pwd)/docs/repl.md" 6
finish
