#!/bin/sh
# README.md is true.
. "${0%/*}/harness.sh"
. "${0%/*}/document.sh"
document "$(cd "${0%/*}/../.." && pwd)/README.md" 10
finish
