#include "plan/filter.h"

typedef struct JsonTarget {
  const Target *t;
  Expr *value; /* jsonb: the column, or what the path leads to */
  Expr *path;  /* text[], or NULL */
  bool insensitive;
} JsonTarget;

typedef struct JsonOperator JsonOperator;
typedef bool ApplyJson(const JsonTarget *j, const Path *at, const Arg *value, const JsonOperator *o,
                       Expr **out);
struct JsonOperator {
  const char *name;
  ApplyJson *apply; /* NULL: read elsewhere */
  Op op;
  Transform transform;
  int element; /* array_starts_with, array_ends_with: which */
};

/* ---- operands ---- */

static Expr *jsonb(Builder *b, const Field *f, Expr *x) {
  return f->type == TYPE_JSON ? expr_cast(b, x, TYPE_JSONB, f->arity == ARITY_LIST, NULL) : x;
}

static Expr *operand(const JsonTarget *j, const Path *at, const Arg *value) {
  Builder *b = j->t->b;
  ArgKind kind = b_is_table(value) ? ARG_MAP : b_kind(b, value);
  switch (kind) {
    case ARG_FIELD: {
      Expr *column = filter_reference(j->t, at, value, j->t->field, false);
      return column ? jsonb(b, value->u.ref, column) : NULL;
    }
    case ARG_NULL:
    case ARG_DB_NULL:
    case ARG_ANY_NULL:
      b_error(b, at,
              "A null here is lorm.jsonNull (the JSON value); only equals and not take lorm.dbNull and "
              "lorm.anyNull.");
      return NULL;
    default: return b_param_type(b, at, value, TYPE_JSONB, false, AS_JSON);
  }
}

static Expr *type_is(const JsonTarget *j, Slice name) {
  Builder *b = j->t->b;
  Expr *value = j->value;
  return expr_op(b, OP_EQ, expr_call(b, FN_JSONB_TYPEOF, 1, &value), b_const(b, name));
}

/* `x`, where the value is of the right type; elsewhere it is false, or unknown when that will be negated. */
static Expr *if_typed(const JsonTarget *j, Expr *typed, Expr *x) {
  Builder *b = j->t->b;
  if (!j->t->negative) return expr_and(b, typed, x);
  return expr_list(b, EXPR_CASE, 3, (Expr *[]){typed, x, expr_new(b, EXPR_NULL)});
}

/* ---- operators ---- */

/* equals and not of the three nulls: no value (dbNull), the value null (jsonNull), either (anyNull). */
static bool apply_equals(const JsonTarget *j, const Path *at, const Arg *value, const JsonOperator *o,
                         Expr **out) {
  Builder *b = j->t->b;
  bool negative = o->op == OP_NE;
  ArgKind kind = b_is_table(value) ? ARG_MAP : b_kind(b, value);
  Expr *null = expr_unary(b, negative ? EXPR_NOT_NULL : EXPR_IS_NULL, j->value);
  if (kind == ARG_DB_NULL) {
    *out = null;
    return true;
  }
  if (kind == ARG_ANY_NULL) {
    Expr *same =
        expr_op(b, o->op, j->value, expr_cast(b, b_const(b, SLICE("null")), TYPE_JSONB, false, NULL));
    *out = negative ? expr_and(b, null, same) : expr_or(b, null, same);
    return true;
  }
  Expr *right = operand(j, at, value);
  if (right) *out = expr_op(b, o->op, j->value, right);
  return right != NULL;
}

/* Only values of one type compare. */
static bool apply_order(const JsonTarget *j, const Path *at, const Arg *value, const JsonOperator *o,
                        Expr **out) {
  Builder *b = j->t->b;
  ArgKind kind = b_is_table(value) ? ARG_MAP : b_kind(b, value);
  Expr *right = operand(j, at, value), *left = j->value, *same;
  if (!right) return false;
  switch (kind) {
    case ARG_STRING: same = type_is(j, SLICE("string")); break;
    case ARG_INT:
    case ARG_FLOAT:
    case ARG_DECIMAL: same = type_is(j, SLICE("number")); break;
    case ARG_FIELD:
      same = expr_op(b, OP_EQ, expr_call(b, FN_JSONB_TYPEOF, 1, &left),
                     expr_call(b, FN_JSONB_TYPEOF, 1, &right));
      break;
    default:
      return b_error(b, at, "Only numbers and strings have an order, provided %s.", arg_kind_name(value));
  }
  *out = if_typed(j, same, expr_op(b, o->op, left, right));
  return true;
}

/* The text of a JSON string: what stands at the path (or at the empty path, the value itself). */
static Expr *text_of(const JsonTarget *j) {
  Builder *b = j->t->b;
  Expr *path = j->path;
  if (!path) path = expr_cast(b, expr_new(b, EXPR_ARRAY), TYPE_TEXT, true, NULL);
  return expr_op(b, OP_PATH_TEXT, jsonb(b, j->t->field, j->t->expr), path);
}

static bool apply_string(const JsonTarget *j, const Path *at, const Arg *value, const JsonOperator *o,
                         Expr **out) {
  static const Field text = {.scalar = SCALAR_STRING, .type = TYPE_TEXT};
  Builder *b = j->t->b;
  Expr *found;
  if (!b_is_table(value) && b_kind(b, value) == ARG_FIELD) {
    Expr *column = filter_reference(j->t, at, value, &text, false);
    Target t = *j->t;
    t.insensitive = j->insensitive;
    if (!column) return false;
    found = filter_find_text(&t, o->transform, text_of(j), column);
  } else {
    if (b_is_null(b, value)) return b_error(b, at, "Argument must not be null.");
    Expr *pattern = b_param_type(b, at, value, TYPE_TEXT, false, o->transform);
    if (!pattern) return false;
    found = expr_op(b, j->insensitive ? OP_ILIKE : OP_LIKE, text_of(j), pattern);
  }
  *out = if_typed(j, type_is(j, SLICE("string")), found);
  return true;
}

static bool apply_contains(const JsonTarget *j, const Path *at, const Arg *value, const JsonOperator *o,
                           Expr **out) {
  Builder *b = j->t->b;
  Expr *right = operand(j, at, value);
  if (right) *out = if_typed(j, type_is(j, SLICE("array")), expr_op(b, o->op, j->value, right));
  return right != NULL;
}

static bool apply_element(const JsonTarget *j, const Path *at, const Arg *value, const JsonOperator *o,
                          Expr **out) {
  Builder *b = j->t->b;
  Expr *right = operand(j, at, value);
  if (!right) return false;
  Expr *element = expr_op(b, OP_ELEMENT, j->value, expr_int(b, o->element));
  *out = if_typed(j, type_is(j, SLICE("array")), expr_op(b, OP_EQ, element, right));
  return true;
}

static const JsonOperator operators[] = {
    {"equals", apply_equals, OP_EQ, AS_IS, 0},
    {"not", apply_equals, OP_NE, AS_IS, 0},
    {"lt", apply_order, OP_LT, AS_IS, 0},
    {"lte", apply_order, OP_LE, AS_IS, 0},
    {"gt", apply_order, OP_GT, AS_IS, 0},
    {"gte", apply_order, OP_GE, AS_IS, 0},
    {"string_contains", apply_string, OP_LIKE, AS_LIKE_CONTAINS, 0},
    {"string_starts_with", apply_string, OP_LIKE, AS_LIKE_STARTS, 0},
    {"string_ends_with", apply_string, OP_LIKE, AS_LIKE_ENDS, 0},
    {"array_contains", apply_contains, OP_CONTAINS, AS_IS, 0},
    {"array_starts_with", apply_element, OP_EQ, AS_IS, 0},
    {"array_ends_with", apply_element, OP_EQ, AS_IS, -1},
    {"path", NULL, OP_EQ, AS_IS, 0},
    {"mode", NULL, OP_EQ, AS_IS, 0},
};

static const JsonOperator *operator_find(Slice key) {
  for (size_t i = 0; i < COUNT(operators); i++)
    if (b_is_word(key, operators[i].name)) return &operators[i];
  return NULL;
}

static bool read_path(JsonTarget *j, const Path *at, const Arg *table) {
  Builder *b = j->t->b;
  const Arg *path = b_get(table, "path");
  Path here = path_key(at, SLICE("path"));
  if (!path) return true;
  if (!arg_is_list(path))
    return b_error(b, &here, "Expected a list of names, provided %s.", arg_kind_name(path));
  j->path = b_param_type(b, &here, path, TYPE_TEXT, true, AS_IS);
  if (j->path) j->value = expr_op(b, OP_PATH, j->value, j->path);
  return j->path != NULL;
}

bool filter_json(const Target *t, const Path *at, const Arg *table, Expr **out) {
  Builder *b = t->b;
  JsonTarget j = {.t = t, .value = jsonb(b, t->field, t->expr)};
  uint32_t applied = 0;
  if (!read_path(&j, at, table) || !filter_mode(b, at, table, &j.insensitive)) return false;
  for (const ArgPair **pair = b_pairs(b, table); *pair; pair++) {
    Path here = path_key(at, (*pair)->key);
    const JsonOperator *o = operator_find((*pair)->key);
    Slice names[COUNT(operators)];
    Expr *x = NULL;
    for (size_t i = 0; i < COUNT(operators); i++) names[i] = slice_of(operators[i].name);
    if (!o) return b_unknown(b, at, "operator", (*pair)->key, names, COUNT(operators));
    if (!o->apply) continue;
    if (!o->apply(&j, &here, &(*pair)->value, o, &x)) return false;
    *out = expr_and(b, *out, x);
    applied++;
  }
  if (j.path && !applied) return b_input_error(b, at, "A JSON path cannot be set without a scalar filter.");
  return true;
}
