/* Value: one cell between the wire and whoever reads it. Codecs (pg) make it, runtime turns it into a
 * Lua value. A pointer in it points into the result that it came from and lives as long as that. */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include "base/slice.h"

typedef enum TypeId {
#define TYPE(id, name, oid, array, kind) TYPE_##id,
#include "base/types.def"
#undef TYPE
  TYPE_COUNT
} TypeId;

typedef enum ValueKind {
  VALUE_NULL,
  VALUE_BOOL,     /* u.i: 0 or 1 */
  VALUE_INT,      /* u.i */
  VALUE_FLOAT,    /* u.f */
  VALUE_TEXT,     /* u.p, len: UTF-8 */
  VALUE_BYTES,    /* u.p, len */
  VALUE_JSON,     /* u.p, len: JSON text */
  VALUE_DATETIME, /* u.i: microseconds since 1970-01-01T00:00:00Z; INT64_MAX/MIN = infinity/-infinity */
  VALUE_DECIMAL,  /* u.p, len: the wire form of numeric; base/decimal.h reads it */
  VALUE_ARRAY,    /* u.p, len: the wire form of an array; pg's list_next reads it */
  VALUE_INVALID   /* the bytes do not fit the type: a hostile or broken server */
} ValueKind;

typedef struct Value {
  uint32_t kind; /* ValueKind; for VALUE_ARRAY the element's TypeId in the upper 16 bits */
  uint32_t len;
  union {
    int64_t i;
    double f;
    const char *p;
  } u;
} Value; /* 16 bytes */

const char *type_name(TypeId t); /* pg's name, "" when it has none */
uint32_t type_oid(TypeId t);     /* 0 when it has none */
uint32_t type_array_oid(TypeId t);
ValueKind type_kind(TypeId t);
TypeId type_of_oid(uint32_t oid, bool *array); /* TYPE_UNKNOWN when not in the table */

#endif
