#!/bin/sh
# docs/middleware.md is true.
. "${0%/*}/harness.sh"
. "${0%/*}/document.sh"
document "$(cd "${0%/*}/../.." && pwd)/docs/middleware.md" 30
finish
