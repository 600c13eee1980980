/* What tests ask a JSON text that was read as a tree of Args. */
#ifndef TESTS_CONFORMANCE_JSON_TREE_H
#define TESTS_CONFORMANCE_JSON_TREE_H

#include "base/json.h"

static inline const Arg *tree_at(const Arg *map, const char *key) {
  return map ? arg_get(map, slice_of(key)) : NULL;
}

static inline Slice tree_string(const Arg *map, const char *key) {
  const Arg *s = tree_at(map, key);
  return s && s->kind == ARG_STRING ? arg_text(s) : (Slice){NULL, 0};
}

static inline bool tree_flag(const Arg *map, const char *key) {
  const Arg *b = tree_at(map, key);
  return b && b->kind == ARG_BOOL && b->u.i;
}

/* null, false and what is empty say the same as nothing. */
static inline bool tree_is_nothing(const Arg *a) {
  if (!a || a->kind == ARG_NULL || (a->kind == ARG_BOOL && !a->u.i)) return true;
  if (a->kind == ARG_LIST) return a->n == 0;
  if (a->kind != ARG_MAP) return false;
  for (uint32_t i = 0; i < a->n; i++)
    if (!tree_is_nothing(&a->u.pairs[i].value)) return false;
  return true;
}

static inline bool tree_same(const Arg *a, const Arg *b);

static inline bool tree_within(const Arg *a, const Arg *b) { /* each member of map a is b's */
  for (uint32_t i = 0; i < a->n; i++) {
    const Arg *x = &a->u.pairs[i].value, *y = arg_get(b, a->u.pairs[i].key);
    if (tree_is_nothing(x) ? !tree_is_nothing(y) : !y || !tree_same(x, y)) return false;
  }
  return true;
}

/* Equal, whatever the order of keys. */
static inline bool tree_same(const Arg *a, const Arg *b) {
  bool number = (a->kind == ARG_INT || a->kind == ARG_FLOAT) && (b->kind == ARG_INT || b->kind == ARG_FLOAT);
  if (number) {
    double x = a->kind == ARG_INT ? (double)a->u.i : a->u.f, y = b->kind == ARG_INT ? (double)b->u.i : b->u.f;
    return x >= y && x <= y;
  }
  if (a->kind != b->kind) return tree_is_nothing(a) && tree_is_nothing(b);
  switch (a->kind) {
    case ARG_BOOL: return a->u.i == b->u.i;
    case ARG_STRING: return slice_eq(arg_text(a), arg_text(b));
    case ARG_MAP: return tree_within(a, b) && tree_within(b, a);
    case ARG_LIST:
      for (uint32_t i = 0; a->n == b->n && i < a->n; i++)
        if (!tree_same(&a->u.items[i], &b->u.items[i])) return false;
      return a->n == b->n;
    default: return true;
  }
}

#endif
