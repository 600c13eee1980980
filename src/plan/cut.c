/* A page is cut before anything is joined to its rows: LIMIT goes into a subselect, so that the server plans
 * and runs joins and counts for the rows of the page, and not for the whole table.
 *   SELECT t0."id", t2."email" FROM (SELECT t0."id" AS "id" ... LIMIT 10) AS t0 LEFT JOIN ... ORDER BY ...
 * The subselect goes by the alias of the rows, so nothing that looks at them needs to be changed. */
#include "base/vec.h"
#include "plan/read.h"

typedef struct Cut {
  Builder *b;
  uint32_t alias;
  Select *page;
} Cut;

/* ---- the columns of the rows that others look at ---- */

static void need_select(Cut *c, const Select *s);

/* [one more output, unless it is there] */
static void need(Cut *c, Slice name) {
  for (uint32_t i = 0; i < c->page->n_outputs; i++)
    if (slice_eq(c->page->outputs[i].as, name)) return;
  *VEC_PUSH(c->b->scratch, c->page->outputs, c->page->n_outputs) =
      (Output){.expr = expr_named(c->b, c->alias, name), .as = name, .column = {.type = TYPE_UNKNOWN}};
}

static void need_expr(Cut *c, const Expr *x) {
  if (!x) return;
  if (x->kind == EXPR_COLUMN && x->alias == c->alias) need(c, x->name);
  for (uint32_t i = 0; i < x->n_args; i++) need_expr(c, x->args[i]);
  need_expr(c, x->filter);
  if (x->select) need_select(c, x->select);
}

static void need_exprs(Cut *c, Expr *const *list, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) need_expr(c, list[i]);
}

static void need_from(Cut *c, const From *from) {
  for (; from; from = from->next) {
    need_expr(c, from->on);
    need_exprs(c, from->exprs, from->n_exprs);
    if (from->select) need_select(c, from->select);
  }
}

static void need_outputs(Cut *c, const Select *s) {
  for (uint32_t i = 0; i < s->n_outputs; i++) need_expr(c, s->outputs[i].expr);
}

static void need_select(Cut *c, const Select *s) {
  need_outputs(c, s);
  need_from(c, s->from);
  need_expr(c, s->where);
  need_exprs(c, s->group_by, s->n_group_by);
  need_expr(c, s->having);
  need_exprs(c, s->distinct_on, s->n_distinct_on);
  for (uint32_t i = 0; i < s->n_order; i++) need_expr(c, s->order[i].expr);
}

/* ---- the cut ---- */

static bool counts(const Select *s) {
  for (uint32_t i = 0; i < s->n_outputs; i++)
    if (s->outputs[i].expr->kind == EXPR_SUBSELECT) return true;
  return false;
}

static bool is_column(const Cut *c, const Expr *x) { return x->kind == EXPR_COLUMN && x->alias == c->alias; }

static bool has_column(const Model *m, Slice name) {
  for (uint32_t i = 0; i < m->n_columns; i++)
    if (slice_eq(m->columns[i]->db_name, name)) return true;
  return false;
}

/* The page's order, said again outside: by the column that holds what it orders by. */
static Order order_outside(Cut *c, const Model *m, const Order *inside, uint32_t i) {
  Order order = *inside;
  if (is_column(c, order.expr)) {
    need(c, order.expr->name);
    return order;
  }
  Slice name = slice_printf(c->b->scratch, "o%u", i + 1);
  while (has_column(m, name)) name = slice_printf(c->b->scratch, "%.*s_", SLICE_ARGS(name));
  *VEC_PUSH(c->b->scratch, c->page->outputs, c->page->n_outputs) =
      (Output){.expr = order.expr, .as = name, .column = {.type = TYPE_UNKNOWN}};
  order.expr = expr_named(c->b, c->alias, name);
  return order;
}

bool find_close_cut(Builder *b, Find *f, From *rows) {
  Select *outer = f->select;
  bool limited = (f->take >= 0 || f->skip) && !f->n_distinct;
  if (!limited || (!rows->next && !counts(outer))) return find_close(b, f);
  Select *page = arena_copy(b->scratch, outer, sizeof *outer);
  Cut c = {b, f->alias, page};
  page->outputs = NULL;
  page->n_outputs = 0;
  From *joined = rows->next;
  rows->next = NULL;
  need_outputs(&c, outer);
  need_from(&c, joined);
  outer->order = ARENA_ARRAY(b->scratch, Order, page->n_order);
  for (uint32_t i = 0; i < page->n_order; i++)
    outer->order[i] = order_outside(&c, f->model, &page->order[i], i);
  outer->where = NULL;
  outer->from = from_select(b, page);
  outer->from->alias = f->alias;
  outer->from->next = joined;
  f->select = page;
  bool closed = find_close(b, f);
  f->select = outer;
  return closed;
}
