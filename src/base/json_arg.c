/* A JSON text as a tree of Args. */
#include "base/json.h"
#include "base/vec.h"

static Slice text_of(Arena *a, const JsonToken *t) {
  if (!t->escaped) return t->text;
  char *out = arena_alloc(a, t->text.n + 1);
  return (Slice){out, json_unescape(t->text, out)};
}

static bool value(Arena *a, JsonReader *r, const JsonToken *t, Arg *out);

static bool list(Arena *a, JsonReader *r, Arg *out) {
  JsonToken t;
  out->kind = ARG_LIST;
  while (json_next(r, &t) && t.kind != JSON_ARRAY_END)
    if (!value(a, r, &t, VEC_PUSH(a, out->u.items, out->n))) return false;
  return t.kind == JSON_ARRAY_END;
}

static bool map(Arena *a, JsonReader *r, Arg *out) {
  JsonToken t;
  out->kind = ARG_MAP;
  while (json_next(r, &t) && t.kind == JSON_KEY) {
    ArgPair *pair = VEC_PUSH(a, out->u.pairs, out->n);
    pair->key = text_of(a, &t);
    if (!json_next(r, &t) || !value(a, r, &t, &pair->value)) return false;
  }
  return t.kind == JSON_OBJECT_END;
}

/* The value that starts with token `t`; the reader bounds the depth. */
static bool value(Arena *a, JsonReader *r, const JsonToken *t, Arg *out) {
  *out = (Arg){.kind = ARG_NULL};
  switch (t->kind) {
    case JSON_NULL: return true;
    case JSON_FALSE:
    case JSON_TRUE: *out = (Arg){.kind = ARG_BOOL, .u.i = t->kind == JSON_TRUE}; return true;
    case JSON_INT: *out = (Arg){.kind = ARG_INT, .u.i = t->i}; return true;
    case JSON_FLOAT: *out = (Arg){.kind = ARG_FLOAT, .u.f = t->f}; return true;
    case JSON_BIG:
    case JSON_STRING: {
      Slice s = t->kind == JSON_BIG ? t->text : text_of(a, t);
      *out = (Arg){.kind = ARG_STRING, .n = s.n, .u.p = s.p};
      return true;
    }
    case JSON_ARRAY: return list(a, r, out);
    case JSON_OBJECT: return map(a, r, out);
    default: return false;
  }
}

bool json_to_arg(Arena *a, Slice text, Arg *out) {
  JsonReader r = json_reader(text);
  JsonToken t;
  return json_next(&r, &t) && value(a, &r, &t, out);
}
