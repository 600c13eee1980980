#!/bin/sh
# A URL of several hosts: two servers, of which one takes no writes, and one host where nobody is.
. "${0%/*}/harness.sh"
for name in writes reads; do
  mkdir "$work/$name"
  cd "$work/$name"
  echo 'return {}' >lorm.config.lua
  servers="$servers $work/$name"
  run lorm dev start; is 0
done
cd "$work"
cat >script.lua <<'END'
local lorm = require "lorm"
local schema = "datasource db {\n provider = \"postgresql\"\n url = env(\"NONE\")\n}\nmodel A {\n id Int @id\n}"
local function client(hosts, kind)
  local folders = {}
  for host in hosts:gmatch "%a+" do folders[#folders + 1] = ("%s/%s/.lorm/pg/data"):format(arg[1], host) end
  return lorm.connect { schemaText = schema,
    url = ("postgresql://lorm@/dev?host=%s&target_session_attrs=%s"):format(table.concat(folders, ","), kind) }
end
do
  local reads <close> = client("reads", "any")
  reads:executeRaw "ALTER DATABASE dev SET default_transaction_read_only = on"
end
local function found(hosts, kind)
  local db <close> = client(hosts, kind)
  local fine, rows = pcall(db.queryRaw, db, "SHOW default_transaction_read_only")
  return fine and (rows[1].default_transaction_read_only == "on" and "reads" or "writes") or rows.code
end
for _, hosts in ipairs { "writes reads", "reads writes", "nobody reads writes" } do
  for _, kind in ipairs { "any", "read-write", "read-only", "standby", "prefer-standby" } do
    print(("%s, %s: %s"):format(hosts, kind, found(hosts, kind)))
  end
end
END
run lorm run script.lua "$work"; is 0
for hosts in 'writes reads' 'reads writes' 'nobody reads writes'; do
  prints "$hosts, read-write: writes"; prints "$hosts, read-only: reads"; prints "$hosts, standby: P1001"
done
for kind in any prefer-standby; do
  prints "writes reads, $kind: writes"; prints "nobody reads writes, $kind: reads"
done
finish
