#include "base/arg.h"

static const char *const names[] = {
    [ARG_NULL] = "null",          [ARG_BOOL] = "boolean",          [ARG_INT] = "integer",
    [ARG_FLOAT] = "number",       [ARG_STRING] = "string",         [ARG_DATETIME] = "datetime",
    [ARG_DECIMAL] = "decimal",    [ARG_FIELD] = "field reference", [ARG_DB_NULL] = "dbNull",
    [ARG_JSON_NULL] = "jsonNull", [ARG_ANY_NULL] = "anyNull",      [ARG_LIST] = "list",
    [ARG_MAP] = "table",          [ARG_EMPTY] = "empty table",
};

const char *arg_kind_name(const Arg *a) { return names[a->kind]; }

Arg *arg_get(const Arg *map, Slice key) {
  if (map->kind != ARG_MAP) return NULL;
  for (uint32_t i = 0; i < map->n; i++)
    if (slice_eq(map->u.pairs[i].key, key)) return &map->u.pairs[i].value;
  return NULL;
}
