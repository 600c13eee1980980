#!/bin/sh
# docs/scopes.md is true.
. "${0%/*}/harness.sh"
. "${0%/*}/document.sh"
document "$(cd "${0%/*}/../.." && pwd)/docs/scopes.md" 9
finish
