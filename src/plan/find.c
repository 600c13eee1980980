/* Find: which rows, in which order, how many. Root finds, included lists, counts and aggregates are all made
 * of this. Paging is done in SQL: a cursor is a comparison with the cursor's row, distinct is DISTINCT ON. */
#include "base/vec.h"
#include "plan/read.h"

/* ---- wrapping a select in another one ---- */

static Slice numbered(Builder *b, char letter, uint32_t i) {
  return slice_printf(b->scratch, "%c%u", letter, i + 1);
}

/* The column of `inner` that holds `x`; one more, unseen by the outer select, when there is none. */
static Slice output_name(Builder *b, Select *inner, Expr *x) {
  uint32_t n = inner->n_outputs;
  uint16_t i = output_add(b, &inner->outputs, &inner->n_outputs, x, (Column){.type = TYPE_UNKNOWN});
  if (i == n) inner->outputs[i].as = numbered(b, 'o', i);
  return inner->outputs[i].as;
}

Select *select_wrap(Builder *b, Select *inner, From *before, bool lateral) {
  Select *outer = ARENA_NEW(b->scratch, Select);
  From *from = from_select(b, inner);
  from->lateral = lateral;
  from->join = JOIN_CROSS;
  uint32_t n = inner->n_outputs;
  for (uint32_t i = 0; i < n; i++) {
    inner->outputs[i].as = numbered(b, 'c', i);
    Expr *column = expr_named(b, from->alias, inner->outputs[i].as);
    *VEC_PUSH(b->scratch, outer->outputs, outer->n_outputs) =
        (Output){.expr = column, .column = inner->outputs[i].column};
  }
  for (uint32_t i = 0; i < inner->n_order; i++) {
    Order order = inner->order[i];
    order.expr = expr_named(b, from->alias, output_name(b, inner, order.expr));
    *VEC_PUSH(b->scratch, outer->order, outer->n_order) = order;
  }
  outer->from = before ? before : from;
  if (before) from_append(before, from);
  return outer;
}

/* ---- arguments ---- */

static bool read_take(Builder *b, Find *f, const Arg *take) {
  Path at = path_key(f->at, SLICE("take"));
  f->take = -1;
  if (take) {
    b_literal(b, take);
    if (take->kind != ARG_INT || take->u.i == INT64_MIN)
      return b_error(b, &at, "Expected an integer, provided %s.", arg_kind_name(take));
    f->reversed = take->u.i < 0;
    f->take = take->u.i < 0 ? -take->u.i : take->u.i;
  }
  if (f->first && take && f->take != 1)
    return b_input_error(b, &at,
                         "The '%s' operation cannot be used with a 'take' argument that isn't 1 or -1.",
                         action_name(b->action));
  if (f->first) f->take = 1;
  return true;
}

static bool read_skip(Builder *b, Find *f, const Arg *skip) {
  Path at = path_key(f->at, SLICE("skip"));
  if (!skip) return true;
  int sign = b_is_table(skip) ? 0 : b_sign(b, skip);
  if (skip->kind != ARG_INT) return b_error(b, &at, "Expected an integer, provided %s.", arg_kind_name(skip));
  if (sign < 0) return b_error(b, &at, "Invalid value for skip argument: it must not be negative.");
  f->skip = sign > 0 ? skip : NULL;
  return true;
}

static bool read_distinct(Builder *b, Find *f, const Arg *distinct) {
  Path at = path_key(f->at, SLICE("distinct"));
  if (!distinct || distinct->kind == ARG_EMPTY) return true;
  bool list = distinct->kind == ARG_LIST;
  if (list)
    b_elements(b, distinct);
  else
    b_literal(b, distinct);
  const Arg *items = list ? distinct->u.items : distinct;
  for (uint32_t i = 0; i < (list ? distinct->n : 1); i++) {
    Path here = path_index(&at, i + 1);
    Slice *names = ARENA_ARRAY(b->scratch, Slice, f->model->n_columns);
    for (uint32_t k = 0; k < f->model->n_columns; k++) names[k] = f->model->columns[k]->name;
    if (items[i].kind != ARG_STRING)
      return b_error(b, list ? &here : &at, "Expected the name of a field, provided %s.",
                     arg_kind_name(&items[i]));
    const Field *field = model_field(f->model, arg_text(&items[i]));
    if (!field || !b_field_visible(field) || field->kind == FIELD_RELATION)
      return b_unknown(b, &at, "field", arg_text(&items[i]), names, f->model->n_columns);
    *VEC_PUSH(b->scratch, f->distinct, f->n_distinct) = field;
  }
  return true;
}

bool find_is_limited(const Arg *args) {
  return b_get(args, "take") || b_get(args, "skip") || b_get(args, "cursor") || b_get(args, "distinct");
}

/* ---- where the rows are ---- */

static Expr *match_parents(Builder *b, const Find *f) {
  const Parents *p = f->parents;
  Expr *match = NULL;
  if (p->array) return expr_any(b, EXPR_ANY, OP_EQ, f->links[0], p->array);
  if (p->set) {
    Expr *in = expr_list(b, EXPR_IN_SELECT, f->n_links, f->links);
    in->select = p->set;
    return in;
  }
  for (uint32_t i = 0; i < f->n_links; i++)
    match = expr_and(b, match, expr_op(b, OP_EQ, f->links[i], p->values[i]));
  return match;
}

/* FROM, and the columns by which rows are tied to their parents. */
static bool open_from(Builder *b, Find *f, Expr **match) {
  From *from = from_model(b, f->model);
  f->alias = from->alias;
  f->select->from = from;
  *match = NULL;
  if (!f->parents) return true;
  const Field *relation = f->parents->field;
  Field **here, **there;
  f->n_links = relation_keys(b, relation, &here, &there);
  if (f->n_links > COUNT(f->links)) return b_error(b, f->at, "The relation has too many key fields.");
  if (relation->relation->kind == RELATION_MANY_TO_MANY) {
    From *join = relation_join_table(b, relation, from->alias);
    from_append(from, join);
    f->links[0] = expr_named(b, join->alias, relation_column(relation, false));
  } else {
    for (uint32_t i = 0; i < f->n_links; i++) f->links[i] = expr_column(b, from->alias, there[i]);
  }
  *match = match_parents(b, f);
  return true;
}

/* ---- cursor ---- */

static bool nulls_last(const Order *o) { return o->nulls == NULLS_AS_IS ? !o->desc : o->nulls == NULLS_LAST; }

static bool may_be_null(const Find *f, const Expr *x) {
  if (x->kind != EXPR_COLUMN || x->alias != f->alias) return true;
  for (uint32_t i = 0; i < f->model->n_columns; i++)
    if (slice_eq(f->model->columns[i]->db_name, x->name))
      return f->model->columns[i]->arity == ARITY_OPTIONAL;
  return true;
}

/* x comes after the cursor's value c in this order. */
static Expr *after(Builder *b, const Find *f, const Order *o, Expr *c) {
  Expr *x = o->expr, *beyond = expr_op(b, o->desc ? OP_LT : OP_GT, x, c);
  if (!may_be_null(f, x)) return beyond;
  bool last = nulls_last(o);
  Expr *edge = expr_and(b, expr_unary(b, last ? EXPR_IS_NULL : EXPR_NOT_NULL, x),
                        expr_unary(b, last ? EXPR_NOT_NULL : EXPR_IS_NULL, c));
  return expr_or(b, beyond, edge);
}

static Expr *level(Builder *b, const Find *f, const Order *o, Expr *c) {
  return expr_op(b, may_be_null(f, o->expr) ? OP_NOT_DISTINCT_FROM : OP_EQ, o->expr, c);
}

/* Lexicographic: after in the first order, or level in it and after in the second, ...; level in all is the
 * cursor's row itself, which belongs to the page. */
static Expr *from_cursor_on(Builder *b, const Find *f, const Order *orders, uint32_t n, uint32_t cursor) {
  Expr *sum = NULL, *same = NULL;
  for (uint32_t i = 0; i < n; i++) {
    const Order *o = &orders[i];
    Expr *c = expr_named(b, cursor, numbered(b, 'k', i));
    if (i == n - 1 && !may_be_null(f, o->expr)) {
      Expr *on = expr_op(b, o->desc ? OP_LE : OP_GE, o->expr, c);
      return expr_or(b, sum, expr_and(b, same, on));
    }
    sum = expr_or(b, sum, expr_and(b, same, after(b, f, o, c)));
    same = expr_and(b, same, level(b, f, o, c));
  }
  return expr_or(b, sum, same);
}

static bool read_orders(Builder *b, const Find *f, From *from, Order **orders, uint32_t *n) {
  Path at = path_key(f->at, SLICE("orderBy"));
  if (!order_by(b, &at, f->model, from, b_get(f->args, "orderBy"), orders, n)) return false;
  if (f->limited || f->stable) order_settle(b, f->model, from->alias, orders, n);
  if (f->reversed) order_flip(*orders, *n);
  return true;
}

/* The cursor's row is a table of one row that joins; a cursor that is nowhere finds nothing. In an included
 * list it must be among the parent's own rows. */
static bool apply_cursor(Builder *b, Find *f, const Arg *cursor) {
  Path at = path_key(f->at, SLICE("cursor"));
  Find row = {.model = f->model,
              .args = f->args,
              .at = f->at,
              .parents = f->parents,
              .limited = true,
              .reversed = f->reversed};
  Expr *match, *condition;
  Order *orders;
  uint32_t n;
  row.select = ARENA_NEW(b->scratch, Select);
  if (!open_from(b, &row, &match)) return false;
  if (!filter_unique(b, &at, f->model, row.alias, cursor, NULL, &condition)) return false;
  if (!read_orders(b, &row, row.select->from, &orders, &n)) return false;
  row.select->where = expr_and(b, expr_and(b, condition, match), visible(b, f->model, row.alias));
  for (uint32_t i = 0; i < n; i++)
    *VEC_PUSH(b->scratch, row.select->outputs, row.select->n_outputs) =
        (Output){.expr = orders[i].expr, .as = numbered(b, 'k', i), .column = {.type = TYPE_UNKNOWN}};
  From *from = from_select(b, row.select);
  from->join = JOIN_CROSS;
  from->lateral = f->parents != NULL;
  from_append(f->select->from, from);
  f->select->where =
      expr_and(b, f->select->where, from_cursor_on(b, f, f->select->order, f->select->n_order, from->alias));
  return true;
}

/* ---- entry points ---- */

static bool where_rows(Builder *b, Find *f, Expr *match) {
  Path at = path_key(f->at, SLICE("where"));
  const Arg *where = b_get(f->args, "where");
  Expr *condition;
  bool ok = f->unique ? filter_unique(b, &at, f->model, f->alias, where, NULL, &condition)
                      : filter_where(b, &at, f->model, f->alias, where, &condition);
  f->select->where = expr_and(b, expr_and(b, match, condition), visible(b, f->model, f->alias));
  return ok;
}

bool find_page(Builder *b, Find *f) {
  return read_take(b, f, b_get(f->args, "take")) && read_skip(b, f, b_get(f->args, "skip"));
}

bool find_open(Builder *b, Find *f) {
  Expr *match;
  f->select = ARENA_NEW(b->scratch, Select);
  f->take = -1;
  f->limited = f->first || find_is_limited(f->args);
  if (!open_from(b, f, &match)) return false;
  if (!find_page(b, f) || !read_distinct(b, f, b_get(f->args, "distinct")) || !where_rows(b, f, match))
    return false;
  if (f->unique) return true;
  const Arg *cursor = b_get(f->args, "cursor");
  if (!read_orders(b, f, f->select->from, &f->select->order, &f->select->n_order)) return false;
  return !cursor || apply_cursor(b, f, cursor);
}

static void apply_distinct(Builder *b, Find *f) {
  Select *inner = f->select;
  Select *outer = select_wrap(b, inner, NULL, false);
  Order *orders = NULL;
  uint32_t n = 0;
  for (uint32_t i = 0; i < f->n_distinct; i++) {
    Expr *x = expr_column(b, f->alias, f->distinct[i]);
    *VEC_PUSH(b->scratch, inner->distinct_on, inner->n_distinct_on) = x;
    *VEC_PUSH(b->scratch, orders, n) = (Order){.expr = x};
  }
  for (uint32_t i = 0; i < inner->n_order; i++) *VEC_PUSH(b->scratch, orders, n) = inner->order[i];
  inner->order = orders;
  inner->n_order = n;
  f->select = outer;
}

bool find_close(Builder *b, Find *f) {
  if (f->n_distinct) apply_distinct(b, f);
  if (f->take >= 0) f->select->limit = expr_int(b, f->take);
  if (!f->skip) return true;
  Path at = path_key(f->at, SLICE("skip"));
  f->select->offset = b_param_type(b, &at, f->skip, TYPE_INT8, false, AS_IS);
  return f->select->offset != NULL;
}
