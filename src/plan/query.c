#include "plan/query.h"

#include "base/vec.h"
#include "plan/build.h"

Expr *expr_new(Builder *b, ExprKind kind) {
  Expr *x = ARENA_NEW(b->scratch, Expr);
  x->kind = kind;
  return x;
}

static Expr *with_args(Builder *b, ExprKind kind, uint32_t n, Expr *const args[]) {
  Expr *x = expr_new(b, kind);
  x->args = arena_copy(b->scratch, args, n * sizeof *args);
  x->n_args = n;
  return x;
}

Expr *expr_column(Builder *b, uint32_t alias, const Field *f) { return expr_named(b, alias, f->db_name); }

Expr *expr_named(Builder *b, uint32_t alias, Slice name) {
  Expr *x = expr_new(b, EXPR_COLUMN);
  x->alias = alias;
  x->name = name;
  return x;
}

Expr *expr_int(Builder *b, int64_t i) {
  Expr *x = expr_new(b, EXPR_INT);
  x->i = i;
  return x;
}

Expr *expr_op(Builder *b, Op op, Expr *left, Expr *right) {
  Expr *x = with_args(b, EXPR_OP, 2, (Expr *[]){left, right});
  x->op = op;
  return x;
}

static void append(Builder *b, Expr *list, Expr *x) {
  if (x->kind != list->kind) {
    *VEC_PUSH(b->scratch, list->args, list->n_args) = x;
    return;
  }
  for (uint32_t i = 0; i < x->n_args; i++) *VEC_PUSH(b->scratch, list->args, list->n_args) = x->args[i];
}

static Expr *join(Builder *b, ExprKind kind, Expr *left, Expr *right) {
  if (!left || !right) return left ? left : right;
  Expr *x = expr_new(b, kind);
  append(b, x, left);
  append(b, x, right);
  return x;
}

/* Made for long lists: linear, where a chain of expr_or would copy the sum for each element. */
void expr_append(Builder *b, Expr *junction, Expr *x) {
  if (x) append(b, junction, x);
}

Expr *expr_junction(Expr *junction) {
  if (junction->n_args > 1) return junction;
  return junction->n_args ? junction->args[0] : NULL;
}

Expr *expr_and(Builder *b, Expr *left, Expr *right) { return join(b, EXPR_AND, left, right); }
Expr *expr_or(Builder *b, Expr *left, Expr *right) { return join(b, EXPR_OR, left, right); }
Expr *expr_not(Builder *b, Expr *x) { return x->kind == EXPR_NOT ? x->args[0] : expr_unary(b, EXPR_NOT, x); }

Expr *expr_call(Builder *b, Function f, uint32_t n, Expr *const args[]) {
  Expr *x = with_args(b, EXPR_CALL, n, args);
  x->function = f;
  return x;
}

Expr *expr_list(Builder *b, ExprKind kind, uint32_t n, Expr *const args[]) {
  return with_args(b, kind, n, args);
}

Expr *expr_unary(Builder *b, ExprKind kind, Expr *x) { return with_args(b, kind, 1, &x); }

Expr *expr_any(Builder *b, ExprKind kind, Op op, Expr *left, Expr *array) {
  Expr *x = with_args(b, kind, 2, (Expr *[]){left, array});
  x->op = op;
  return x;
}

Expr *expr_cast(Builder *b, Expr *x, TypeId type, bool array, const Enum *enum_) {
  Expr *cast = expr_unary(b, EXPR_CAST, x);
  cast->type = type;
  cast->array = array;
  cast->enum_ = enum_;
  return cast;
}

Expr *expr_select(Builder *b, ExprKind kind, Select *s) {
  Expr *x = expr_new(b, kind);
  x->select = s;
  return x;
}

Expr *expr_exists(Builder *b, Select *s) {
  if (!s->n_outputs) output_add(b, &s->outputs, &s->n_outputs, expr_int(b, 1), (Column){.type = TYPE_INT4});
  return expr_select(b, EXPR_EXISTS, s);
}

static From *from_new(Builder *b, FromKind kind) {
  From *f = ARENA_NEW(b->scratch, From);
  f->kind = kind;
  f->alias = b->next_alias++;
  return f;
}

From *from_model(Builder *b, const Model *m) {
  From *f = from_new(b, FROM_MODEL);
  f->model = m;
  return f;
}

From *from_table(Builder *b, Slice schema, Slice name) {
  From *f = from_new(b, FROM_TABLE);
  f->schema = schema;
  f->name = name;
  return f;
}

From *from_select(Builder *b, Select *s) {
  From *f = from_new(b, FROM_SELECT);
  f->select = s;
  return f;
}

From *from_unnest(Builder *b, uint32_t n, Expr *const arrays[]) {
  From *f = from_new(b, FROM_UNNEST);
  f->exprs = arena_copy(b->scratch, arrays, n * sizeof *arrays);
  f->n_exprs = n;
  return f;
}

From *from_series(Builder *b, Expr *n) {
  From *f = from_new(b, FROM_SERIES);
  f->exprs = arena_copy(b->scratch, &n, sizeof n);
  f->n_exprs = 1;
  return f;
}

From *from_last(From *first) {
  while (first->next) first = first->next;
  return first;
}

void from_append(From *first, From *last) { from_last(first)->next = last; }

Column column_of(const Field *f) {
  return (Column){.type = f->type, .array = f->arity == ARITY_LIST, .enum_ = f->enum_};
}

static bool same_column(const Expr *a, const Expr *b) {
  return a->kind == EXPR_COLUMN && b->kind == EXPR_COLUMN && a->alias == b->alias &&
         slice_eq(a->name, b->name);
}

uint16_t output_add(Builder *b, Output **outputs, uint32_t *n, Expr *expr, Column column) {
  for (uint32_t i = 0; i < *n; i++)
    if (same_column((*outputs)[i].expr, expr)) return (uint16_t)i;
  *VEC_PUSH(b->scratch, *outputs, *n) = (Output){.expr = expr, .column = column};
  return (uint16_t)(*n - 1);
}
