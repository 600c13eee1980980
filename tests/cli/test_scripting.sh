#!/bin/sh
# docs/scripting.md is true.
. "${0%/*}/harness.sh"
. "${0%/*}/document.sh"
document "$(cd "${0%/*}/../.." && pwd)/docs/scripting.md" 20
finish
