#include "plan/filter.h"

enum { /* classes of fields, as bits: which operators fit */
  STRINGS = 1,
  UUIDS = 2,
  NUMBERS = 4, /* and instants: everything that has an order but is no text */
  BOOLEANS = 8,
  BYTES = 16,
  ENUMS = 32,
  LISTS = 64,
  LISTABLE = STRINGS | UUIDS | NUMBERS | BYTES | ENUMS,
  ORDERED = STRINGS | UUIDS | NUMBERS,
  SINGLE = LISTABLE | BOOLEANS
};

typedef struct Operator Operator;
typedef bool ApplyOperator(const Target *t, const Path *at, const Arg *value, const Operator *o, Expr **out);
struct Operator {
  const char *name;
  int classes;
  ApplyOperator *apply; /* NULL: read elsewhere (mode) */
  Op op;
  Transform transform;
};

static int class_of(const Field *f) {
  if (f->arity == ARITY_LIST) return LISTS;
  if (f->kind == FIELD_ENUM) return ENUMS;
  switch (f->scalar) {
    case SCALAR_STRING: return f->type == TYPE_UUID ? UUIDS : STRINGS;
    case SCALAR_BOOLEAN: return BOOLEANS;
    case SCALAR_BYTES: return BYTES;
    default: return NUMBERS;
  }
}

/* ---- operands ---- */

static Slice type_text(Builder *b, const Field *f, bool list) {
  static const char *const names[] = {
      [SCALAR_STRING] = "String",     [SCALAR_BOOLEAN] = "Boolean", [SCALAR_INT] = "Int",
      [SCALAR_BIGINT] = "BigInt",     [SCALAR_FLOAT] = "Float",     [SCALAR_DECIMAL] = "Decimal",
      [SCALAR_DATETIME] = "DateTime", [SCALAR_JSON] = "Json",       [SCALAR_BYTES] = "Bytes"};
  Slice name = f->kind == FIELD_ENUM ? f->enum_->name : slice_of(names[f->scalar]);
  return slice_printf(b->scratch, "%.*s%s", SLICE_ARGS(name), list ? "[]" : "");
}

Expr *filter_reference(const Target *t, const Path *at, const Arg *value, const Field *like, bool list) {
  b_literal(t->b, value);
  const Field *f = value->u.ref;
  Slice want = type_text(t->b, like, list);
  if (f->model != t->model) {
    b_input_error(t->b, at,
                  "Expected a referenced scalar field of model %.*s, but found a field of model %.*s.",
                  SLICE_ARGS(t->model->name), SLICE_ARGS(f->model->name));
    return NULL;
  }
  bool fits = field_is_column(f) && f->kind != FIELD_UNSUPPORTED &&
              slice_eq(type_text(t->b, f, f->arity == ARITY_LIST), want);
  if (fits) return expr_column(t->b, t->alias, f);
  Slice found = field_is_column(f) && f->kind != FIELD_UNSUPPORTED
                    ? type_text(t->b, f, f->arity == ARITY_LIST)
                    : SLICE("no scalar");
  b_input_error(t->b, at, "Expected a referenced scalar field of type %.*s but found %.*s.%.*s of type %.*s.",
                SLICE_ARGS(want), SLICE_ARGS(f->model->name), SLICE_ARGS(f->name), SLICE_ARGS(found));
  return NULL;
}

/* A boolean is part of the SQL: a generic plan with a bound one would lose partial indexes. */
static Expr *boolean_literal(const Target *t, const Path *at, const Arg *value) {
  bool yes;
  if (!b_bool(t->b, at, value, &yes)) return NULL;
  return expr_new(t->b, yes ? EXPR_TRUE : EXPR_FALSE);
}

Expr *filter_operand(const Target *t, const Path *at, const Arg *value, bool list) {
  if (!b_is_table(value) && b_kind(t->b, value) == ARG_FIELD)
    return filter_reference(t, at, value, t->field, list);
  if (list) return b_param_list(t->b, at, value, t->field);
  if (t->field->kind == FIELD_SCALAR && t->field->scalar == SCALAR_BOOLEAN && t->field->arity != ARITY_LIST)
    return boolean_literal(t, at, value);
  return b_param_one(t->b, at, value, t->field, AS_IS);
}

/* Without regard to case: both sides in lower case, so that nothing in them is a pattern. */
static Expr *folded(const Target *t, Expr *x) {
  return t->insensitive ? expr_call(t->b, FN_LOWER, 1, &x) : x;
}

static bool not_null(const Target *t, const Path *at) {
  if (t->aggregate || t->field->arity == ARITY_OPTIONAL) return true;
  return b_error(t->b, at, "Argument `%.*s` must not be null: the field is required.",
                 SLICE_ARGS(t->field->name));
}

static bool reject_null(const Target *t, const Path *at, const Arg *value) {
  return !b_is_null(t->b, value) || b_error(t->b, at, "Argument must not be null.");
}

/* ---- operators of single values ---- */

static bool null_test(const Target *t, const Path *at, ExprKind kind, Expr **out) {
  if (t->field->arity != ARITY_LIST && !not_null(t, at)) return false;
  *out = expr_unary(t->b, kind, t->expr);
  return true;
}

static bool apply_compare(const Target *t, const Path *at, const Arg *value, const Operator *o, Expr **out) {
  if (o->op == OP_EQ && b_is_null(t->b, value)) return null_test(t, at, EXPR_IS_NULL, out);
  if (!reject_null(t, at, value)) return false;
  Expr *right = filter_operand(t, at, value, false);
  if (right) *out = expr_op(t->b, o->op, folded(t, t->expr), folded(t, right));
  return right != NULL;
}

static bool not_one(const Target *t, const Path *at, const Arg *value, Expr **out) {
  Expr *inner = NULL;
  if (!filter_target(t, at, value, &inner)) return false;
  *out = inner ? expr_not(t->b, inner) : NULL;
  return true;
}

/* None of the conditions in it holds: each has its own NOT. */
static bool apply_not(const Target *t, const Path *at, const Arg *value, const Operator *o, Expr **out) {
  if (b_is_null(t->b, value)) return null_test(t, at, EXPR_NOT_NULL, out);
  if (!b_is_table(value)) return apply_compare(t, at, value, o, out);
  if (value->kind != ARG_MAP) return not_one(t, at, value, out);
  b_expand(t->b, value);
  const ArgPair *mode = NULL;
  for (uint32_t i = 0; i < value->n; i++)
    if (slice_is(value->u.pairs[i].key, "mode")) mode = &value->u.pairs[i];
  for (const ArgPair **pair = b_pairs(t->b, value); *pair; pair++) {
    Arg one = *value;
    Expr *x = NULL;
    if (*pair == mode && value->n > 1) continue;
    one.u.pairs = ARENA_ARRAY(t->b->scratch, ArgPair, 2);
    one.u.pairs[0] = **pair;
    one.n = 1;
    if (mode && *pair != mode) one.u.pairs[one.n++] = *mode;
    if (!not_one(t, at, &one, &x)) return false;
    *out = expr_and(t->b, *out, x);
  }
  return true;
}

static Expr *lower_elements(const Target *t, Expr *array) {
  Builder *b = t->b;
  From *u = from_unnest(b, 1, &array);
  Expr *element = expr_named(b, u->alias, SLICE("c1"));
  Select *s = ARENA_NEW(b->scratch, Select);
  s->from = u;
  output_add(b, &s->outputs, &s->n_outputs, expr_call(b, FN_LOWER, 1, &element), (Column){.type = TYPE_TEXT});
  return expr_select(b, EXPR_ARRAY_SELECT, s);
}

/* x IN (1, NULL): NULL in the list finds NULL, so it leaves the array and becomes a test of its own. */
static bool apply_in(const Target *t, const Path *at, const Arg *value, const Operator *o, Expr **out) {
  Builder *b = t->b;
  bool negative = o->op == OP_NE;
  if (b_is_null(b, value)) return null_test(t, at, negative ? EXPR_NOT_NULL : EXPR_IS_NULL, out);
  if (arg_is_list(value) && b_list_empty(b, value)) {
    *out = expr_new(b, negative ? EXPR_TRUE : EXPR_FALSE); /* not "no condition": OR and NOT heed it */
    return true;
  }
  Expr *list = filter_operand(t, at, value, true), *array = list;
  if (!list) return false;
  bool nulls = (b_element_kinds(b, value) >> ARG_NULL) & 1;
  if (nulls && !not_null(t, at)) return false;
  if (nulls) array = expr_call(b, FN_ARRAY_REMOVE, 2, (Expr *[]){array, expr_new(b, EXPR_NULL)});
  if (t->insensitive) array = lower_elements(t, array);
  Expr *x = expr_any(b, negative ? EXPR_ALL : EXPR_ANY, o->op, folded(t, t->expr), array);
  if (nulls && negative) x = expr_and(b, x, expr_unary(b, EXPR_NOT_NULL, t->expr));
  if (nulls && !negative) x = expr_or(b, x, expr_unary(b, EXPR_IS_NULL, t->expr));
  if (t->insensitive && !arg_is_list(value)) /* unnest of a NULL list is empty, not unknown */
    x = expr_list(b, EXPR_CASE, 3, (Expr *[]){expr_unary(b, EXPR_NOT_NULL, list), x, expr_new(b, EXPR_NULL)});
  *out = x;
  return true;
}

static Expr *as_text(const Target *t, Expr *x) {
  TypeId type = t->field->type;
  return type == TYPE_TEXT || type == TYPE_VARCHAR || type == TYPE_CITEXT
             ? x
             : expr_cast(t->b, x, TYPE_TEXT, false, NULL);
}

/* The text is another column: not a pattern but a search, since nothing of it may count as % or _. */
Expr *filter_find_text(const Target *t, Transform how, Expr *x, Expr *text) {
  Builder *b = t->b;
  x = folded(t, x);
  text = folded(t, text);
  if (how == AS_LIKE_STARTS) return expr_call(b, FN_STARTS_WITH, 2, (Expr *[]){x, text});
  if (how == AS_LIKE_CONTAINS)
    return expr_op(b, OP_GT, expr_call(b, FN_STRPOS, 2, (Expr *[]){x, text}), expr_int(b, 0));
  Expr *length = expr_call(b, FN_LENGTH, 1, &text);
  return expr_op(b, OP_EQ, expr_call(b, FN_RIGHT, 2, (Expr *[]){x, length}), text);
}

static bool apply_like(const Target *t, const Path *at, const Arg *value, const Operator *o, Expr **out) {
  if (!reject_null(t, at, value)) return false;
  if (!b_is_table(value) && b_kind(t->b, value) == ARG_FIELD) {
    Expr *text = filter_reference(t, at, value, t->field, false);
    if (text) *out = filter_find_text(t, o->transform, as_text(t, t->expr), as_text(t, text));
    return text != NULL;
  }
  TypeId type = t->field->type == TYPE_CITEXT ? TYPE_CITEXT : TYPE_TEXT;
  Expr *pattern = b_param_type(t->b, at, value, type, false, o->transform);
  if (pattern) *out = expr_op(t->b, t->insensitive ? OP_ILIKE : OP_LIKE, as_text(t, t->expr), pattern);
  return pattern != NULL;
}

/* What to_tsquery would refuse is read as a search engine reads it. */
Expr *filter_tsquery(Builder *b, const Path *at, const Arg *value) {
  Expr *words = b_param_type(b, at, value, TYPE_TEXT, false, AS_IS);
  if (!words) return NULL;
  return expr_call(b, b_test(b, TEST_TSQUERY, value) ? FN_TO_TSQUERY : FN_WEBSEARCH_TO_TSQUERY, 1, &words);
}

Expr *filter_tsvector(Builder *b, uint32_t n, Expr *const columns[]) {
  Expr **args = ARENA_ARRAY(b->scratch, Expr *, n + 1);
  args[0] = b_const(b, SLICE(" "));
  memcpy(args + 1, columns, n * sizeof *columns);
  Expr *text = expr_call(b, FN_CONCAT_WS, n + 1, args);
  return expr_call(b, FN_TO_TSVECTOR, 1, &text);
}

static bool apply_search(const Target *t, const Path *at, const Arg *value, const Operator *o, Expr **out) {
  if (!reject_null(t, at, value)) return false;
  if (t->search_done) return true;
  Expr *query = filter_tsquery(t->b, at, value), *const *columns = t->n_searched ? t->searched : &t->expr;
  uint32_t n = t->n_searched ? t->n_searched : 1;
  if (query) *out = expr_op(t->b, o->op, filter_tsvector(t->b, n, columns), query);
  return query != NULL;
}

/* ---- operators of lists ---- */

static bool apply_list_equals(const Target *t, const Path *at, const Arg *value, const Operator *o,
                              Expr **out) {
  if (b_is_null(t->b, value)) return null_test(t, at, EXPR_IS_NULL, out);
  Expr *list = filter_operand(t, at, value, true);
  if (list) *out = expr_op(t->b, o->op, t->expr, list);
  return list != NULL;
}

static bool apply_has(const Target *t, const Path *at, const Arg *value, const Operator *o, Expr **out) {
  if (b_is_null(t->b, value)) { /* whether NULL is in a list is unknown */
    *out = expr_new(t->b, EXPR_NULL);
    return true;
  }
  Expr *element = filter_operand(t, at, value, false);
  if (!element) return false;
  *out = expr_op(t->b, o->op, t->expr, expr_list(t->b, EXPR_ARRAY, 1, &element));
  return true;
}

static bool apply_has_all(const Target *t, const Path *at, const Arg *value, const Operator *o, Expr **out) {
  if (!reject_null(t, at, value)) return false;
  Expr *list = filter_operand(t, at, value, true);
  if (list) *out = expr_op(t->b, o->op, t->expr, list);
  return list != NULL;
}

static bool apply_is_empty(const Target *t, const Path *at, const Arg *value, const Operator *o, Expr **out) {
  bool yes;
  (void)o;
  if (!b_bool(t->b, at, value, &yes)) return false;
  Expr *n = t->expr;
  *out = expr_op(t->b, yes ? OP_EQ : OP_GT, expr_call(t->b, FN_CARDINALITY, 1, &n), expr_int(t->b, 0));
  return true;
}

static const Operator operators[] = {
    {"equals", SINGLE, apply_compare, OP_EQ, AS_IS},
    {"equals", LISTS, apply_list_equals, OP_EQ, AS_IS},
    {"not", SINGLE, apply_not, OP_NE, AS_IS},
    {"in", LISTABLE, apply_in, OP_EQ, AS_IS},
    {"notIn", LISTABLE, apply_in, OP_NE, AS_IS},
    {"lt", ORDERED, apply_compare, OP_LT, AS_IS},
    {"lte", ORDERED, apply_compare, OP_LE, AS_IS},
    {"gt", ORDERED, apply_compare, OP_GT, AS_IS},
    {"gte", ORDERED, apply_compare, OP_GE, AS_IS},
    {"contains", STRINGS, apply_like, OP_LIKE, AS_LIKE_CONTAINS},
    {"startsWith", STRINGS, apply_like, OP_LIKE, AS_LIKE_STARTS},
    {"endsWith", STRINGS, apply_like, OP_LIKE, AS_LIKE_ENDS},
    {"search", STRINGS, apply_search, OP_MATCHES, AS_IS},
    {"mode", STRINGS | UUIDS, NULL, OP_EQ, AS_IS},
    {"has", LISTS, apply_has, OP_CONTAINS, AS_IS},
    {"hasEvery", LISTS, apply_has_all, OP_CONTAINS, AS_IS},
    {"hasSome", LISTS, apply_has_all, OP_OVERLAPS, AS_IS},
    {"isEmpty", LISTS, apply_is_empty, OP_EQ, AS_IS},
};

/* ---- a table of operators ---- */

bool filter_mode(Builder *b, const Path *at, const Arg *table, bool *insensitive) {
  const Arg *mode = b_get(table, "mode");
  Slice word;
  Path here = path_key(at, SLICE("mode"));
  if (!mode) return true;
  if (!b_string(b, &here, mode, &word)) return false;
  *insensitive = slice_is(word, "insensitive");
  return *insensitive || slice_is(word, "default") ||
         b_error(b, &here, "Expected `default` or `insensitive`.");
}

static const Operator *operator_find(int class, Slice key) {
  for (size_t i = 0; i < COUNT(operators); i++)
    if ((operators[i].classes & class) && b_is_word(key, operators[i].name)) return &operators[i];
  return NULL;
}

static bool operator_unknown(const Target *t, const Path *at, int class, Slice key) {
  Slice names[COUNT(operators)];
  uint32_t n = 0;
  for (size_t i = 0; i < COUNT(operators); i++)
    if (operators[i].classes & class) names[n++] = slice_of(operators[i].name);
  return b_unknown(t->b, at, "operator", key, names, n);
}

static bool filter_operators(const Target *t, const Path *at, const Arg *table, Expr **out) {
  Target target = *t;
  int class = class_of(t->field);
  if (!filter_mode(t->b, at, table, &target.insensitive)) return false;
  if (class & UUIDS) target.insensitive = false;
  for (const ArgPair **pair = b_pairs(t->b, table); *pair; pair++) {
    Path here = path_key(at, (*pair)->key);
    const Operator *o = operator_find(class, (*pair)->key);
    Expr *x = NULL;
    if (!o) return operator_unknown(t, at, class, (*pair)->key);
    if (o->apply && !o->apply(&target, &here, &(*pair)->value, o, &x)) return false;
    *out = expr_and(t->b, *out, x);
  }
  return true;
}

bool filter_target(const Target *t, const Path *at, const Arg *arg, Expr **out) {
  const Field *f = t->field;
  bool list = f->arity == ARITY_LIST, json = f->kind == FIELD_SCALAR && f->scalar == SCALAR_JSON && !list;
  if (json && !b_is_table(arg)) return b_error(t->b, at, "A Json field takes operators: { equals = ... }.");
  if (arg->kind == ARG_EMPTY && !list)
    return b_error(
        t->b, at, "An empty table is no filter (an empty list is in_ = {}, an empty filter lorm.object {}).");
  if (arg->kind == ARG_MAP) {
    b_expand(t->b, arg);
    return json ? filter_json(t, at, arg, out) : filter_operators(t, at, arg, out);
  }
  if (arg->kind == ARG_LIST && !list)
    return b_error(t->b, at,
                   "Expected a value or operators, provided a list. Several values are in_ = {...}.");
  return (list ? apply_list_equals : apply_compare)(t, at, arg, &operators[0], out);
}
