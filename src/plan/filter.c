#include "plan/filter.h"

#include "base/vec.h"

typedef struct Where { /* one table of conditions */
  Builder *b;
  const Model *model;
  uint32_t alias;
  bool unique;   /* of findUnique: compound unique keys are names here */
  bool negative; /* a NOT stands above */
  bool odd;      /* an odd number of them: what is built here is turned into its opposite */
} Where;

static bool where_table(const Where *w, const Path *at, const Arg *table, Expr **out); /* recursion */

/* ---- relations ---- */

/* A row of the relation exists (that fulfils, or with `negate` fails, the condition of `where`). */
static bool related(const Where *w, const Path *at, const Field *f, const Arg *where, bool negate,
                    Expr **out) {
  Builder *b = w->b;
  From *from;
  Expr *match = relation_match(b, f, w->alias, &from), *condition = NULL;
  match = expr_and(b, match, visible(b, from->model, from->alias));
  if (where) {
    Where inner = {b, field_target(f), from->alias, false, negate, negate};
    if (!where_table(&inner, at, where, &condition)) return false;
    if (negate) condition = condition ? expr_not(b, condition) : expr_new(b, EXPR_FALSE);
  }
  Select *s = ARENA_NEW(b->scratch, Select);
  s->from = from;
  s->where = expr_and(b, match, condition);
  *out = expr_exists(b, s);
  return true;
}

/* The to-one has no row: seen in its own foreign key where there is one, the database guards it, and all rows
 * that there are exist. */
static bool is_absent(const Where *w, const Path *at, const Field *f, Expr **out) {
  Builder *b = w->b;
  if (!field_holds_key(f) || b->config->schema->relation_mode_prisma || !visible_all(b, field_target(f))) {
    if (!related(w, at, f, NULL, false, out)) return false;
    *out = expr_not(b, *out);
    return true;
  }
  Field **here, **there;
  uint32_t n = relation_keys(b, f, &here, &there);
  *out = NULL;
  for (uint32_t i = 0; i < n; i++)
    *out = expr_or(b, *out, expr_unary(b, EXPR_IS_NULL, expr_column(b, w->alias, here[i])));
  return true;
}

/* No row, or one that fails the condition. Where the condition is unknown (NULL), neither this nor `is` is
 * true, so that one of them is no NOT of the other: under a NOT each is built from the other. */
static bool fails(const Where *w, const Path *at, const Field *f, const Arg *value, Expr **out) {
  Expr *absent;
  if (!related(w, at, f, value, true, out) || !is_absent(w, at, f, &absent)) return false;
  *out = expr_or(w->b, absent, *out);
  return true;
}

static bool apply_is(const Where *w, const Path *at, const Field *f, const Arg *value, Expr **out) {
  if (!b_is_table(value) && b_is_null(w->b, value)) {
    if (f->arity == ARITY_REQUIRED && field_holds_key(f))
      return b_error(w->b, at, "Argument `%.*s` must not be null: the relation is required.",
                     SLICE_ARGS(f->name));
    return is_absent(w, at, f, out);
  }
  if (!w->odd) return related(w, at, f, value, false, out);
  if (!fails(w, at, f, value, out)) return false;
  *out = expr_not(w->b, *out);
  return true;
}

static bool apply_is_not(const Where *w, const Path *at, const Field *f, const Arg *value, Expr **out) {
  if (!b_is_table(value) && b_is_null(w->b, value)) {
    if (!is_absent(w, at, f, out)) return false;
  } else if (!w->odd) {
    return fails(w, at, f, value, out);
  } else if (!related(w, at, f, value, false, out)) {
    return false;
  }
  *out = expr_not(w->b, *out);
  return true;
}

static bool apply_some(const Where *w, const Path *at, const Field *f, const Arg *value, Expr **out) {
  return related(w, at, f, value, false, out);
}

static bool apply_none(const Where *w, const Path *at, const Field *f, const Arg *value, Expr **out) {
  if (!related(w, at, f, value, false, out)) return false;
  *out = expr_not(w->b, *out);
  return true;
}

static bool apply_every(const Where *w, const Path *at, const Field *f, const Arg *value, Expr **out) {
  if (!related(w, at, f, value, true, out)) return false;
  *out = expr_not(w->b, *out);
  return true;
}

static const struct {
  const char *name;
  bool many;
  bool (*apply)(const Where *w, const Path *at, const Field *f, const Arg *value, Expr **out);
} relation_operators[] = {
    {"every", true, apply_every}, {"none", true, apply_none},     {"some", true, apply_some},
    {"is", false, apply_is},      {"isNot", false, apply_is_not},
};

static bool relation_operator(const Where *w, const Path *at, const Field *f, const ArgPair *pair,
                              bool *found, Expr **out) {
  Path here = path_key(at, pair->key);
  *found = false;
  for (size_t i = 0; i < COUNT(relation_operators); i++) {
    if (relation_operators[i].many != (f->arity == ARITY_LIST) ||
        !slice_is(pair->key, relation_operators[i].name))
      continue;
    *found = true;
    if (b_is_table(&pair->value) && !arg_is_map(&pair->value))
      return b_error(w->b, &here, "Expected a table of conditions, provided a list.");
    return relation_operators[i].apply(w, &here, f, &pair->value, out);
  }
  return true;
}

/* { is = ... } and { isNot = ... }, unless the related model has fields of these names. */
static bool has_to_one_operators(const Field *f, const Arg *table) {
  const Model *target = field_target(f);
  return (b_get(table, "is") || b_get(table, "isNot")) && !model_field(target, SLICE("is")) &&
         !model_field(target, SLICE("isNot"));
}

static bool relation_filter(const Where *w, const Path *at, const Field *f, const Arg *value, Expr **out) {
  Builder *b = w->b;
  bool many = f->arity == ARITY_LIST;
  if (!b_is_table(value)) {
    if (!many && b_is_null(b, value)) return apply_is(w, at, f, value, out);
    return b_error(b, at, "Expected a table of conditions, provided %s.", arg_kind_name(value));
  }
  if (value->kind == ARG_EMPTY)
    return b_error(b, at, "An empty table is no filter (lorm.object {} is an empty one).");
  if (!b_map(b, at, value)) return false;
  if (!many && !has_to_one_operators(f, value)) return value->n ? apply_is(w, at, f, value, out) : true;
  for (const ArgPair **pair = b_pairs(b, value); *pair; pair++) {
    static const Slice many_names[] = {{"every", 5}, {"none", 4}, {"some", 4}};
    static const Slice one_names[] = {{"is", 2}, {"isNot", 5}};
    Expr *x = NULL;
    bool found;
    if (!relation_operator(w, at, f, *pair, &found, &x)) return false;
    if (!found)
      return many ? b_unknown(b, at, "operator", (*pair)->key, many_names, COUNT(many_names))
                  : b_unknown(b, at, "operator", (*pair)->key, one_names, COUNT(one_names));
    *out = expr_and(b, *out, x);
  }
  return true;
}

/* ---- AND, OR, NOT ---- */

typedef enum Logic {
  LOGIC_AND,
  LOGIC_OR,
  LOGIC_NOT
} Logic;

/* An element without a condition is neutral in AND and NOT, and counts for nothing in OR. */
static bool logic_element(const Where *w, const Path *at, Logic logic, const Arg *table, Expr *sum) {
  Where inner = {
      w->b, w->model, w->alias, false, w->negative || logic == LOGIC_NOT, w->odd != (logic == LOGIC_NOT)};
  Expr *x = NULL;
  if (!where_table(&inner, at, table, &x)) return false;
  expr_append(w->b, sum, x && logic == LOGIC_NOT ? expr_not(w->b, x) : x);
  return true;
}

static bool logic_filter(const Where *w, const Path *at, Logic logic, const Arg *value, Expr **out) {
  Builder *b = w->b;
  Expr *sum = expr_new(b, logic == LOGIC_OR ? EXPR_OR : EXPR_AND);
  if (!b_is_table(value))
    return b_error(b, at, "Expected a table of conditions or a list of them, provided %s.",
                   arg_kind_name(value));
  b_expand(b, value);
  if (value->kind == ARG_MAP && !logic_element(w, at, logic, value, sum)) return false;
  for (uint32_t i = 0; value->kind == ARG_LIST && i < value->n; i++) {
    Path here = path_index(at, i + 1);
    if (!logic_element(w, &here, logic, &value->u.items[i], sum)) return false;
  }
  *out = expr_junction(sum);
  if (logic == LOGIC_OR && !*out) *out = expr_new(b, EXPR_FALSE);
  return true;
}

static const struct {
  const char *name;
  Logic logic;
} logics[] = {{"AND", LOGIC_AND}, {"OR", LOGIC_OR}, {"NOT", LOGIC_NOT}};

/* ---- one table ---- */

static bool compound_filter(const Where *w, const Path *at, const Index *key, const Arg *value, Expr **out) {
  Builder *b = w->b;
  Slice *names = ARENA_ARRAY(b->scratch, Slice, key->n_fields);
  for (uint32_t i = 0; i < key->n_fields; i++) names[i] = key->fields[i].field->name;
  if (!b_map(b, at, value) || !b_only(b, at, "field", value, names, key->n_fields)) return false;
  for (uint32_t i = 0; i < key->n_fields; i++) {
    const Field *f = key->fields[i].field;
    const Arg *part = arg_get(value, f->name);
    Path here = path_key(at, f->name);
    Target t = {
        .b = b, .model = w->model, .alias = w->alias, .field = f, .expr = expr_column(b, w->alias, f)};
    if (!part) return b_error(b, &here, "Argument `%.*s` is missing.", SLICE_ARGS(f->name));
    if (b_is_table(part) || b_is_null(b, part))
      return b_error(b, &here, "Expected a value, provided %s.", arg_kind_name(part));
    Expr *right = filter_operand(&t, &here, part, false);
    if (!right) return false;
    *out = expr_and(b, *out, expr_op(b, OP_EQ, t.expr, right));
  }
  return true;
}

static bool unknown_name(const Where *w, const Path *at, Slice name) {
  Slice *names = NULL;
  uint32_t n = 0;
  Arena *a = w->b->scratch;
  for (uint32_t i = 0; i < w->model->n_fields; i++)
    if (b_field_visible(&w->model->fields[i])) *VEC_PUSH(a, names, n) = w->model->fields[i].name;
  for (uint32_t i = 0; w->unique && i < w->model->n_indexes; i++)
    if (w->model->indexes[i].kind <= INDEX_UNIQUE && w->model->indexes[i].n_fields > 1)
      *VEC_PUSH(a, names, n) = w->model->indexes[i].key;
  for (size_t i = 0; i < COUNT(logics); i++) *VEC_PUSH(a, names, n) = slice_of(logics[i].name);
  return b_unknown(w->b, at, "argument", name, names, n);
}

/* The text that this pair searches for in a String field; NULL when it searches for none. */
static const Arg *searched_text(const Where *w, const ArgPair *pair) {
  const Field *f = model_field(w->model, pair->key);
  bool string = f && f->kind == FIELD_SCALAR && f->scalar == SCALAR_STRING && f->arity != ARITY_LIST;
  const Arg *text = string && pair->value.kind == ARG_MAP ? b_get(&pair->value, "search") : NULL;
  return text && text->kind == ARG_STRING && text->leaf != ARG_NO_LEAF ? text : NULL;
}

/* As in Prisma, fields of one table that search for the same words are one document. */
static void merge_searches(const Where *w, const ArgPair *const *pairs, const ArgPair *pair, Target *t) {
  const Arg *text = searched_text(w, pair);
  bool before = true;
  for (; text && *pairs; pairs++) {
    const Arg *other = *pairs == pair ? text : searched_text(w, *pairs);
    if (!other) continue;
    if (*pairs == pair) before = false;
    if (other != text) {
      b_literal(w->b, text);
      b_literal(w->b, other);
      if (!slice_eq(arg_text(text), arg_text(other))) continue;
      if (before) t->search_done = true;
    }
    Expr *column = expr_column(w->b, w->alias, model_field(w->model, (*pairs)->key));
    *VEC_PUSH(w->b->scratch, t->searched, t->n_searched) = column;
  }
}

static bool where_pair(const Where *w, const Path *at, const ArgPair *const *pairs, const ArgPair *pair,
                       Expr **out) {
  Builder *b = w->b;
  Path here = path_key(at, pair->key);
  const Field *f = model_field(w->model, pair->key);
  if (f && b_field_visible(f)) {
    if (f->kind == FIELD_RELATION) return relation_filter(w, &here, f, &pair->value, out);
    Target t = {.b = b,
                .model = w->model,
                .alias = w->alias,
                .field = f,
                .expr = expr_column(b, w->alias, f),
                .negative = w->negative};
    merge_searches(w, pairs, pair, &t);
    return filter_target(&t, &here, &pair->value, out);
  }
  for (size_t i = 0; i < COUNT(logics); i++)
    if (slice_is(pair->key, logics[i].name))
      return logic_filter(w, &here, logics[i].logic, &pair->value, out);
  const Index *key = w->unique ? model_unique(w->model, pair->key) : NULL;
  if (key) return compound_filter(w, &here, key, &pair->value, out);
  return unknown_name(w, at, pair->key);
}

static bool where_table(const Where *w, const Path *at, const Arg *table, Expr **out) {
  if (!b_map(w->b, at, table)) return false;
  const ArgPair *const *pairs = b_pairs(w->b, table);
  for (uint32_t i = 0; pairs[i]; i++) {
    Expr *x = NULL;
    if (!where_pair(w, at, pairs, pairs[i], &x)) return false;
    *out = expr_and(w->b, *out, x);
  }
  return true;
}

/* ---- entry points ---- */

bool filter_where(Builder *b, const Path *at, const Model *m, uint32_t alias, const Arg *where, Expr **out) {
  Where w = {b, m, alias, false, false};
  *out = NULL;
  return !where || where_table(&w, at, where, out);
}

/* Does `where` pin this key to one value: a plain value, or { equals = value }, of each of its fields? */
static bool pins(Builder *b, const Index *key, const Arg *where) {
  const Arg *value = arg_get(where, key->key);
  if (!value) return false;
  if (key->n_fields > 1) return arg_is_map(value);
  if (value->kind == ARG_MAP) b_expand(b, value);
  const Arg *equals = b_get(value, "equals");
  if (equals) value = equals;
  return !b_is_table(value);
}

static bool no_key(Builder *b, const Path *at, const Model *m) {
  Buf names = buf_in(b->scratch);
  for (uint32_t i = 0; i < m->n_indexes; i++)
    if (m->indexes[i].kind <= INDEX_UNIQUE)
      buf_printf(&names, "%s`%.*s`", names.n ? ", " : "", SLICE_ARGS(m->indexes[i].key));
  Slice list = buf_slice(&names);
  return b_error(b, at, "Argument `where` of %.*s needs a value for at least one of %.*s.",
                 SLICE_ARGS(m->name), SLICE_ARGS(list));
}

bool filter_unique(Builder *b, const Path *at, const Model *m, uint32_t alias, const Arg *where,
                   const Index **key, Expr **out) {
  Where w = {b, m, alias, true, false};
  const Index *found = NULL;
  *out = NULL;
  if (!where) return b_error(b, at, "Argument `where` is missing.");
  if (!where_table(&w, at, where, out)) return false;
  for (uint32_t i = 0; i < m->n_indexes && !found; i++)
    if (m->indexes[i].kind <= INDEX_UNIQUE && pins(b, &m->indexes[i], where)) found = &m->indexes[i];
  if (!found) return no_key(b, at, m);
  const Arg *value = arg_get(where, found->key);
  Path here = path_key(at, found->key);
  if (found->n_fields == 1 && b_is_null(b, value)) return b_error(b, &here, "Argument must not be null.");
  if (key) *key = found;
  return true;
}
