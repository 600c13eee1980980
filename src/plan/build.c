#include "plan/build.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/vec.h"

/* ---- errors ---- */

static void put_path(Builder *b, const Path *at) {
  for (; at; at = at->up) {
    char index[16];
    Slice part = at->key;
    if (!at->index && !part.n) continue; /* the root */
    if (at->index) part = (Slice){index, (uint32_t)snprintf(index, sizeof index, "[%u]", at->index)};
    err_path(b->e, part);
  }
}

static bool fail(Builder *b, const Path *at, ErrCode code, const char *format, va_list args) {
  char text[sizeof b->e->message];
  vsnprintf(text, sizeof text, format, args);
  err_set(b->e, code, "%s", text);
  put_path(b, at);
  return false;
}

bool b_error(Builder *b, const Path *at, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fail(b, at, ERR_VALIDATION, format, args);
  va_end(args);
  return false;
}

bool b_input_error(Builder *b, const Path *at, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fail(b, at, ERR_P2019, format, args);
  va_end(args);
  return false;
}

bool b_refuse(Builder *b, const Path *at, ErrCode code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fail(b, at, code, format, args);
  va_end(args);
  return false;
}

static Slice name_list(Builder *b, const Slice *names, uint32_t n) {
  enum {
    SHOWN = 12
  };
  Buf text = buf_in(b->scratch);
  for (uint32_t i = 0; i < n && i < SHOWN; i++)
    buf_printf(&text, "%s`%.*s`", i ? ", " : "", SLICE_ARGS(names[i]));
  if (n > SHOWN) buf_text(&text, ", ...");
  return buf_slice(&text);
}

bool b_unknown(Builder *b, const Path *at, const char *what, Slice name, const Slice *candidates,
               uint32_t n) {
  Path here = path_key(at, name);
  Slice nearest = slice_nearest(name, candidates, n);
  if (nearest.n)
    return b_error(b, &here, "Unknown %s `%.*s`. Did you mean `%.*s`?", what, SLICE_ARGS(name),
                   SLICE_ARGS(nearest));
  Slice list = name_list(b, candidates, n);
  return b_error(b, &here, "Unknown %s `%.*s`.%s%.*s", what, SLICE_ARGS(name), n ? " Available: " : "",
                 SLICE_ARGS(list));
}

const Path *path_keep(Builder *b, Path at) { return arena_copy(b->scratch, &at, sizeof at); }

const Path *path_keep_all(Builder *b, const Path *at) {
  if (!at) return NULL;
  Path copy = *at;
  copy.up = path_keep_all(b, at->up);
  return path_keep(b, copy);
}

/* ---- questions ---- */

static bool asked(const Plan *plan, Question q, Slice *answer) {
  for (uint32_t i = 0; i < plan->n_questions; i++) {
    const Question *old = &plan->questions[i];
    if (old->leaf != q.leaf || old->kind != q.kind || old->test != q.test || old->other != q.other ||
        old->model != q.model)
      continue;
    *answer = plan->answers[i];
    return true;
  }
  return false;
}

static Slice ask_question(Builder *b, Question q) {
  Plan *plan = b->plan;
  Slice answer;
  if (!plan->uncached && asked(plan, q, &answer)) return answer;
  answer = shape_answer(b->shape, b->scratch, &b->config->schema->json_names, q);
  if (plan->uncached) return answer;
  uint32_t n = plan->n_questions;
  *VEC_PUSH(b->arena, plan->answers, n) = slice_copy(b->arena, answer);
  *VEC_PUSH(b->arena, plan->questions, plan->n_questions) = q;
  return answer;
}

static Slice ask(Builder *b, AskKind kind, ShapeTest test, uint32_t leaf) {
  return ask_question(b, (Question){.kind = (uint8_t)kind, .test = (uint8_t)test, .leaf = leaf});
}

static LeafTag tag_of(const Builder *b, const Arg *a) {
  return a->leaf == ARG_NO_LEAF ? LEAF_EXPANDED : (LeafTag)b->shape->tags[a->leaf];
}

ArgKind b_kind(Builder *b, const Arg *a) {
  LeafTag tag = tag_of(b, a);
  if (tag == LEAF_SCALAR || tag == LEAF_OPAQUE) ask(b, ASK_KIND, 0, a->leaf);
  return (ArgKind)a->kind;
}

ArgKind b_class(Builder *b, const Arg *a) {
  if (tag_of(b, a) == LEAF_OPAQUE) ask(b, ASK_KIND, 0, a->leaf);
  return (ArgKind)a->kind;
}

bool b_is_table(const Arg *a) { return a->kind >= ARG_LIST; }
bool b_is_null(Builder *b, const Arg *a) { return !b_is_table(a) && b_kind(b, a) == ARG_NULL; }

uint32_t b_element_kinds(Builder *b, const Arg *list) {
  if (list->kind != ARG_LIST) return 0;
  if (tag_of(b, list) != LEAF_EXPANDED) ask(b, ASK_KIND, 0, list->leaf);
  uint32_t kinds = 0;
  for (uint32_t i = 0; i < list->n; i++) kinds |= 1u << list->u.items[i].kind;
  return kinds;
}

const Arg *b_literal(Builder *b, const Arg *a) {
  LeafTag tag = tag_of(b, a);
  if (tag == LEAF_SCALAR || tag == LEAF_OPAQUE) ask(b, ASK_LITERAL, 0, a->leaf);
  return a;
}

int b_sign(Builder *b, const Arg *a) {
  ask(b, ASK_TEST, TEST_SIGN, a->leaf);
  return a->kind != ARG_INT ? 0 : (a->u.i > 0) - (a->u.i < 0);
}

bool b_test(Builder *b, ShapeTest test, const Arg *a) {
  return a->leaf != ARG_NO_LEAF && ask(b, ASK_TEST, test, a->leaf).p[0] == '1';
}

bool b_same(Builder *b, const Arg *one, const Arg *other) {
  if (one->kind >= ARG_LIST || other->kind >= ARG_LIST) return false;
  return ask_question(b, (Question){.kind = ASK_SAME, .leaf = one->leaf, .other = other->leaf}).p[0] == '1';
}

void b_scope(Builder *b, const Model *m) { (void)ask_question(b, (Question){.kind = ASK_SCOPE, .model = m}); }

bool b_list_empty(Builder *b, const Arg *list) {
  if (tag_of(b, list) == LEAF_OPAQUE) ask(b, ASK_TEST, TEST_EMPTY, list->leaf);
  return list->kind == ARG_EMPTY || list->n == 0;
}

void b_elements(Builder *b, const Arg *list) {
  if (list->leaf != ARG_NO_LEAF) ask(b, ASK_ELEMENTS, 0, list->leaf);
}

bool b_columns(Builder *b, const Arg *list) {
  LeafTag tag = tag_of(b, list);
  return (tag == LEAF_LIST || tag == LEAF_OPAQUE) && ask(b, ASK_COLUMNS, 0, list->leaf).n > 0;
}

const Arg *b_list(Builder *b, Arg *list) {
  shape_add(b->shape, b->scratch, list);
  return list;
}

void b_expand(Builder *b, const Arg *a) {
  enum {
    LONG = 32
  };
  LeafTag tag = tag_of(b, a);
  if (!b_is_table(a) || (tag != LEAF_LIST && tag != LEAF_OPAQUE)) return;
  ask(b, ASK_EXPAND, 0, a->leaf);
  if (a->kind == ARG_LIST && a->n > LONG) b->plan->uncached = true;
}

bool b_map(Builder *b, const Path *at, const Arg *a) {
  if (arg_is_map(a)) {
    b_expand(b, a);
    return true;
  }
  return b_error(b, at, "Expected a table with names, provided %s.", arg_kind_name(a));
}

bool b_bool(Builder *b, const Path *at, const Arg *a, bool *out) {
  b_literal(b, a);
  *out = a->kind == ARG_BOOL && a->u.i;
  return a->kind == ARG_BOOL || b_error(b, at, "Expected a boolean, provided %s.", arg_kind_name(a));
}

bool b_string(Builder *b, const Path *at, const Arg *a, Slice *out) {
  b_literal(b, a);
  if (a->kind != ARG_STRING) return b_error(b, at, "Expected a string, provided %s.", arg_kind_name(a));
  *out = arg_text(a);
  return true;
}

/* ---- tables ---- */

bool b_field_visible(const Field *f) { return !f->ignored && f->kind != FIELD_UNSUPPORTED; }

static bool same_word(Slice key, Slice name) {
  return slice_eq(key, name) ||
         (key.n == name.n + 1 && key.p[name.n] == '_' && memcmp(key.p, name.p, name.n) == 0 &&
          (slice_is(name, "in") || slice_is(name, "not")));
}

bool b_is_word(Slice key, const char *name) { return same_word(key, slice_of(name)); }

const Arg *b_get(const Arg *map, const char *name) {
  if (!map || map->kind != ARG_MAP) return NULL;
  Slice word = slice_of(name);
  for (uint32_t i = 0; i < map->n; i++)
    if (same_word(map->u.pairs[i].key, word)) return &map->u.pairs[i].value;
  return NULL;
}

/* Insertion sort: such tables have a handful of keys. */
const ArgPair **b_pairs(Builder *b, const Arg *map) {
  uint32_t n = map && map->kind == ARG_MAP ? map->n : 0;
  const ArgPair **pairs = ARENA_ARRAY(b->scratch, const ArgPair *, n + 1);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t k = i;
    for (; k && slice_compare(map->u.pairs[i].key, pairs[k - 1]->key) < 0; k--) pairs[k] = pairs[k - 1];
    pairs[k] = &map->u.pairs[i];
  }
  return pairs;
}

bool b_only(Builder *b, const Path *at, const char *what, const Arg *map, const Slice *names, uint32_t n) {
  for (const ArgPair **pair = b_pairs(b, map); *pair; pair++) {
    bool known = false;
    for (uint32_t i = 0; i < n && !known; i++) known = same_word((*pair)->key, names[i]);
    if (!known) return b_unknown(b, at, what, (*pair)->key, names, n);
  }
  return true;
}

/* ---- parameters ---- */

static bool check_value(Builder *b, const Path *at, const Arg *a, const Param *param) {
  Value value;
  if (leaf_value(b->scratch, a, param, &value, b->e)) return true;
  put_path(b, at);
  return false;
}

static bool check_leaf(Builder *b, const Path *at, const Arg *leaf, const Param *param) {
  if (!param->array || leaf->kind == ARG_NULL || leaf->kind == ARG_DB_NULL)
    return check_value(b, at, leaf, param);
  if (!arg_is_list(leaf)) return b_error(b, at, "Expected a list, provided %s.", arg_kind_name(leaf));
  for (uint32_t i = 0; i < leaf->n; i++) {
    Path item = path_index(at, i + 1);
    if (!check_value(b, &item, &leaf->u.items[i], param)) return false;
  }
  return true;
}

static Expr *param_expr(Builder *b, const Param *param) {
  Expr *x = expr_new(b, EXPR_PARAM);
  x->param = *param;
  return x;
}

static Expr *leaf_param(Builder *b, const Path *at, const Arg *leaf, Param param) {
  if (leaf->leaf == ARG_NO_LEAF) {
    b_error(b, at, "Expected a value, provided %s.", arg_kind_name(leaf));
    return NULL;
  }
  param.source = PARAM_LEAF;
  param.leaf = leaf->leaf;
  return check_leaf(b, at, leaf, &param) ? param_expr(b, &param) : NULL;
}

static Param field_param(const Field *field, bool array, Transform transform) {
  if (field->type == TYPE_JSON || field->type == TYPE_JSONB)
    if (transform == AS_IS) transform = AS_JSON;
  return (Param){.type = (uint8_t)field->type,
                 .array = array,
                 .transform = (uint8_t)transform,
                 .enum_ = field->enum_,
                 .field = field,
                 .leaf = ARG_NO_LEAF};
}

Param b_param_rows(const Field *field) {
  Param param = field_param(field, field->arity == ARITY_LIST, AS_IS);
  param.required = field->arity != ARITY_OPTIONAL;
  return param;
}

Expr *b_param_data(Builder *b, const Path *at, const Arg *leaf, const Field *field) {
  return leaf_param(b, at, leaf, b_param_rows(field));
}

static Param items_param(Builder *b, const Arg *list, Slice key, const Field *field) {
  bool lists = field->arity == ARITY_LIST;
  Param param = field_param(field, true, lists ? AS_ARRAY_TEXT : AS_IS);
  if (lists) param.type = TYPE_TEXT;
  if (lists) param.enum_ = NULL;
  param.source = PARAM_ITEMS;
  param.leaf = list->leaf;
  param.key = slice_copy(b->arena, key);
  return param;
}

Expr *b_items(Builder *b, const Path *at, const Arg *list, Slice key, const Field *field, bool nulls) {
  Param param = items_param(b, list, key, field);
  param.required = !nulls && field->arity != ARITY_OPTIONAL;
  for (uint32_t i = 0; i < list->n; i++) {
    Path row = path_index(at, i + 1), here = path_key(&row, key);
    const Arg *value = arg_get(&list->u.items[i], key);
    if (value && !check_value(b, &here, value, &param)) return NULL;
  }
  return param_expr(b, &param);
}

Expr *b_param(Builder *b, const Path *at, const Arg *leaf, const Field *field, Transform transform) {
  return leaf_param(b, at, leaf, field_param(field, field->arity == ARITY_LIST, transform));
}

Expr *b_param_one(Builder *b, const Path *at, const Arg *leaf, const Field *field, Transform transform) {
  return leaf_param(b, at, leaf, field_param(field, false, transform));
}

Expr *b_param_type(Builder *b, const Path *at, const Arg *leaf, TypeId type, bool array,
                   Transform transform) {
  return leaf_param(b, at, leaf,
                    (Param){.type = (uint8_t)type, .array = array, .transform = (uint8_t)transform});
}

Expr *b_param_list(Builder *b, const Path *at, const Arg *list, const Field *field) {
  return leaf_param(b, at, list, field_param(field, true, AS_IS));
}

Expr *b_const(Builder *b, Slice text) {
  Param param = {
      .source = PARAM_CONST, .type = TYPE_TEXT, .key = slice_copy(b->arena, text), .leaf = ARG_NO_LEAF};
  return param_expr(b, &param);
}

Expr *b_cell(Builder *b, uint16_t step, uint16_t column, const Field *field) {
  Param param = field_param(field, false, AS_IS);
  param.source = PARAM_CELL;
  param.step = step;
  param.column = column;
  return param_expr(b, &param);
}

Expr *b_keys(Builder *b, uint16_t step, uint16_t column, const Field *field) {
  Param param = field_param(field, true, AS_IS);
  param.source = PARAM_KEYS;
  param.step = step;
  param.column = column;
  return param_expr(b, &param);
}

/* A slot per use: each uuid is another one, while all now() of a call are the same instant. */
Expr *b_slot(Builder *b, const Field *field, const Arg *rows) {
  const Default *d = &field->def;
  SlotSpec spec = {.kind = d->kind,
                   .version = d->version,
                   .length = d->length,
                   .type = field->type,
                   .rows_leaf = ARG_NO_LEAF};
  if (d->kind == DEFAULT_NONE || field->updated_at) spec.kind = DEFAULT_NOW;
  if (rows && spec.kind != DEFAULT_NOW) spec.rows_leaf = rows->leaf;
  Param param = field_param(field, spec.rows_leaf != ARG_NO_LEAF, AS_IS);
  param.source = PARAM_SLOT;
  param.slot = b->plan->n_slots;
  uint32_t n = b->plan->n_slots;
  if (n == UINT16_MAX) {
    b->too_many = "generated values";
    return param_expr(b, &param);
  }
  *VEC_PUSH(b->arena, b->plan->slots, n) = spec;
  b->plan->n_slots = (uint16_t)n;
  return param_expr(b, &param);
}

/* ---- steps ---- */

uint16_t b_step(Builder *b, Query *q) {
  Plan *plan = b->plan;
  uint32_t n = plan->n_steps, n_queries = n;
  if (n == UINT16_MAX) {
    b->too_many = "statements";
    return UINT16_MAX - 1;
  }
  *VEC_PUSH(b->scratch, b->queries, n_queries) = q;
  *VEC_PUSH(b->arena, plan->steps, n) =
      (Step){.flight = b->flight, .guard = b->guard, .guard_step = b->guard_step};
  if (b->flight >= plan->n_flights) plan->n_flights = (uint16_t)(b->flight + 1);
  plan->n_steps = (uint16_t)n;
  return (uint16_t)(n - 1);
}

uint16_t b_select(Builder *b, Select *s) {
  Query *q = ARENA_NEW(b->scratch, Query);
  *q = (Query){.kind = STATEMENT_SELECT, .select = s};
  return b_step(b, q);
}

void b_emit(Builder *b) {
  for (uint16_t i = 0; i < b->plan->n_steps; i++)
    if (!emit_query(b->arena, b->scratch, &(EmitOptions){.config = b->config}, b->queries[i],
                    &b->plan->steps[i]))
      b->too_many = "values in one statement";
}
