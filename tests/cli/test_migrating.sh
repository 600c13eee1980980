#!/bin/sh
# docs/migrating.md is true.
. "${0%/*}/harness.sh"
. "${0%/*}/document.sh"
document "$(cd "${0%/*}/../.." && pwd)/docs/migrating.md" 9
finish
