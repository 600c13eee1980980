#!/bin/sh
# docs/seeding.md is true.
. "${0%/*}/harness.sh"
. "${0%/*}/document.sh"
document "$(cd "${0%/*}/../.." && pwd)/docs/seeding.md" 9
finish
