/* Calls as text, for the tests of plan: `User.findMany {"where": {"id": {"in": [1, 2]}}}`. The arguments are
 * JSON with what JSON cannot say in tables of one key:
 *   {"$ref": "User.name"}  {"$null": "dbNull"}  {"$date": "2020-01-01"}  {"$decimal": "1.50"}
 *   {"$array": []}  {"$object": {}}
 * [] and {} are Lua's empty table, null is lorm.null. */
#ifndef TESTS_UNIT_PLAN_NOTATION_H
#define TESTS_UNIT_PLAN_NOTATION_H

#include "base/datetime.h"
#include "base/json.h"
#include "base/vec.h"
#include "plan/plan.h"

typedef struct Notation {
  Arena *arena;
  const Schema *schema;
  JsonReader reader;
  JsonToken token;
} Notation;

static inline bool notation_next(Notation *x) { return json_next(&x->reader, &x->token); }

static inline Slice notation_text(Notation *x) {
  char *to = arena_alloc(x->arena, x->token.text.n + 1u);
  if (!x->token.escaped) {
    memcpy(to, x->token.text.p, x->token.text.n);
    return (Slice){to, x->token.text.n};
  }
  return (Slice){to, json_unescape(x->token.text, to)};
}

static inline Arg notation_value(Notation *x);

static inline Arg notation_list(Notation *x) {
  Arg list = {.kind = ARG_LIST, .leaf = ARG_NO_LEAF};
  while (notation_next(x) && x->token.kind != JSON_ARRAY_END) {
    Arg item = notation_value(x);
    *VEC_PUSH(x->arena, list.u.items, list.n) = item;
  }
  if (!list.n) list.kind = ARG_EMPTY;
  return list;
}

static inline Arg notation_field(const Notation *x, Slice path) {
  const char *dot = memchr(path.p, '.', path.n);
  Arg ref = {.kind = ARG_FIELD, .leaf = ARG_NO_LEAF};
  if (!dot) return ref;
  Model *m = schema_model(x->schema, (Slice){path.p, (uint32_t)(dot - path.p)});
  if (m) ref.u.ref = model_field(m, (Slice){dot + 1, path.n - (uint32_t)(dot + 1 - path.p)});
  return ref;
}

/* {"$...": value} */
static inline Arg notation_tagged(const Notation *x, Slice tag, Arg value) {
  static const struct {
    const char *name;
    ArgKind kind;
  } nulls[] = {{"dbNull", ARG_DB_NULL}, {"jsonNull", ARG_JSON_NULL}, {"anyNull", ARG_ANY_NULL}};
  if (slice_is(tag, "$ref")) return notation_field(x, arg_text(&value));
  for (size_t i = 0; i < COUNT(nulls); i++)
    if (slice_is(tag, "$null") && slice_is(arg_text(&value), nulls[i].name))
      return (Arg){.kind = (uint8_t)nulls[i].kind, .leaf = ARG_NO_LEAF};
  if (slice_is(tag, "$date")) {
    Arg date = {.kind = ARG_DATETIME, .leaf = ARG_NO_LEAF};
    bool read = datetime_parse(arg_text(&value), &date.u.i);
    return read ? date : value;
  }
  if (slice_is(tag, "$decimal")) value.kind = ARG_DECIMAL;
  if (slice_is(tag, "$array") && value.kind == ARG_EMPTY) value.kind = ARG_LIST;
  if (slice_is(tag, "$object") && value.kind == ARG_EMPTY) value.kind = ARG_MAP;
  value.marked = slice_is(tag, "$array") || slice_is(tag, "$object");
  return value;
}

static inline Arg notation_map(Notation *x) {
  Arg map = {.kind = ARG_MAP, .leaf = ARG_NO_LEAF};
  while (notation_next(x) && x->token.kind == JSON_KEY) {
    ArgPair pair = {.key = notation_text(x)};
    if (!notation_next(x)) break;
    pair.value = notation_value(x);
    *VEC_PUSH(x->arena, map.u.pairs, map.n) = pair;
  }
  if (!map.n) map.kind = ARG_EMPTY;
  if (map.n == 1 && map.u.pairs[0].key.p[0] == '$')
    return notation_tagged(x, map.u.pairs[0].key, map.u.pairs[0].value);
  return map;
}

static inline Arg notation_value(Notation *x) {
  Arg a = {.kind = ARG_NULL, .leaf = ARG_NO_LEAF};
  switch (x->token.kind) {
    case JSON_FALSE:
    case JSON_TRUE:
      a.kind = ARG_BOOL;
      a.u.i = x->token.kind == JSON_TRUE;
      break;
    case JSON_INT:
      a.kind = ARG_INT;
      a.u.i = x->token.i;
      break;
    case JSON_FLOAT:
      a.kind = ARG_FLOAT;
      a.u.f = x->token.f;
      break;
    case JSON_BIG:
    case JSON_STRING: {
      Slice text = notation_text(x);
      a.kind = x->token.kind == JSON_BIG ? ARG_DECIMAL : ARG_STRING;
      a.n = text.n;
      a.u.p = text.p;
      break;
    }
    case JSON_ARRAY: return notation_list(x);
    case JSON_OBJECT: return notation_map(x);
    default: break;
  }
  return a;
}

/* `Model.action {json}`; false when the words are unknown. Under a protection of the arena. */
static inline bool notation_read(Arena *arena, const Schema *schema, Slice text, Model **model,
                                 CallAction *action, Arg *args) {
  const char *dot = memchr(text.p, '.', text.n);
  if (!dot) return false;
  *model = schema_model(schema, (Slice){text.p, (uint32_t)(dot - text.p)});
  Slice rest = {dot + 1, text.n - (uint32_t)(dot + 1 - text.p)}, name = {rest.p, 0};
  while (name.n < rest.n && rest.p[name.n] != ' ') name.n++;
  Notation x = {.arena = arena, .schema = schema};
  x.reader = json_reader((Slice){rest.p + name.n, rest.n - name.n});
  *args = (Arg){.kind = ARG_EMPTY, .leaf = ARG_NO_LEAF};
  if (notation_next(&x)) *args = notation_value(&x);
  return *model && action_find(name, action);
}

#endif
