#!/bin/sh
# globals.sh OBJECT...: fail when one of them has mutable static storage. Everything hangs from a handle;
# tables that need the loader's help (.data.rel.ro) are constant and fine. The one exception: what the signal
# handler of cli/interrupt.c finds its way by.
set -eu
objdump -t "$@" | awk '
  /file format/ { object = $1; objects++ }
  object ~ /cli\/interrupt\.c/ && $NF == "armed" { next }
  NF > 3 && $(NF - 2) ~ /^\.(data|bss|tdata|tbss)($|\.)/ && $(NF - 2) !~ /^\.data\.rel\.ro/ && $NF !~ /^\./ {
    print object " " $NF " is mutable"; bad++
  }
  NF > 3 && $(NF - 2) == "*COM*" { print object " " $NF " is mutable"; bad++ }
  END {
    print objects + 0 " objects, " bad + 0 " mutable globals"
    exit bad > 0 || objects == 0
  }'
