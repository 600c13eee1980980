/* Arg: what a caller passed, as a tree in the request arena: whole values cross the border, once.
 * runtime's intake makes it from Lua tables; plan asks it questions; engine encodes its leaves. */
#ifndef BASE_ARG_H
#define BASE_ARG_H

#include "base/slice.h"

typedef enum ArgKind {
  ARG_NULL,     /* lorm.null */
  ARG_BOOL,     /* u.i */
  ARG_INT,      /* u.i */
  ARG_FLOAT,    /* u.f */
  ARG_STRING,   /* u.p, n bytes: any bytes, perhaps not UTF-8 */
  ARG_DATETIME, /* u.i: microseconds since 1970 UTC */
  ARG_DECIMAL,  /* u.p, n: canonical decimal text ("-123.4500", "NaN") */
  ARG_FIELD,    /* u.p: a const Field * of psl/schema.h (db.User.fields.name) */
  ARG_DB_NULL,
  ARG_JSON_NULL,
  ARG_ANY_NULL,
  ARG_LIST,  /* u.items, n: a sequence 1..n, or lorm.array{...} */
  ARG_MAP,   /* u.pairs, n, in table order; or lorm.object{...} */
  ARG_EMPTY, /* {}: an empty list or an empty object, as the place decides; never marked */
} ArgKind;

typedef struct Arg Arg;
typedef struct ArgPair ArgPair;

struct Arg {
  uint8_t kind; /* ArgKind */
  bool marked;  /* lorm.array / lorm.object said which of the two it is */
  uint32_t n;
  uint32_t leaf; /* its number among the leaves of the call; set by plan/shape, ARG_NO_LEAF otherwise */
  union {
    int64_t i;
    double f;
    const char *p;
    const void *ref;
    Arg *items;
    ArgPair *pairs;
  } u;
};

struct ArgPair {
  Slice key;
  Arg value;
};

#define ARG_NO_LEAF UINT32_MAX
#define ARG_ABSENT \
  UINT8_MAX /* a kind in places that are filled one by one: there is no value. Never in a tree */

static inline Slice arg_text(const Arg *a) { return (Slice){a->u.p, a->n}; }
static inline bool arg_is_list(const Arg *a) { return a->kind == ARG_LIST || a->kind == ARG_EMPTY; }
static inline bool arg_is_map(const Arg *a) { return a->kind == ARG_MAP || a->kind == ARG_EMPTY; }
Arg *arg_get(const Arg *map, Slice key); /* NULL when absent or `map` is not a map */
const char *arg_kind_name(const Arg *a); /* "string", "list", ... for messages */

#endif
