#!/bin/sh
# docs/testing.md is true.
. "${0%/*}/harness.sh"
. "${0%/*}/document.sh"
document "$(cd "${0%/*}/../.." && pwd)/docs/testing.md" 12
finish
