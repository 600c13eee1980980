/* Values: the userdata that stand for what Lua has no type for, and how cells become Lua values. */
#ifndef RUNTIME_VALUES_H
#define RUNTIME_VALUES_H

#include "base/value.h"
#include "runtime/state.h"

typedef struct DateTime {
  int64_t micros; /* since 1970 UTC */
} DateTime;

typedef struct Decimal { /* canonical text, NUL-terminated */
  uint32_t n;
  char text[];
} Decimal;

typedef struct FieldRef { /* db.User.fields.name; user value 1 keeps the client, and so the schema */
  const Field *field;
} FieldRef;

typedef struct Marker { /* dbNull, jsonNull, anyNull */
  ArgKind kind;
  const char *name;
} Marker;

/* [-0, +0, -] The string at `index` (which must be one: numbers are not converted). */
static inline Slice value_slice(lua_State *L, int index) {
  size_t n;
  const char *p = lua_tolstring(L, index, &n);
  return (Slice){p, (uint32_t)n};
}

/* All [-0, +1, m]. The runtime is passed because cells are many. */
void value_push_datetime(lua_State *L, const Runtime *rt, int64_t micros);
void value_push_decimal(lua_State *L, const Runtime *rt, Slice canonical);
void value_push_null(lua_State *L); /* lorm.null */
/* [-0, +1, m] or [-0, +0, -] and false: text that is not JSON. */
MUST bool value_push_json(lua_State *L, Runtime *rt, Slice text, Err *e);

#endif
