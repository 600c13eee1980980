/* groupBy: GROUP BY with its own where of groups (having) and orders by aggregates. */
#include "base/vec.h"
#include "plan/filter.h"
#include "plan/read.h"

typedef struct Group {
  Builder *b;
  Tally tally;
  const Path *at;
  const Field **by;
  uint32_t n_by;
  Slice *missing; /* fields that are used but not grouped by */
  uint32_t n_missing;
} Group;

static bool grouped(const Group *g, const Field *f) {
  for (uint32_t i = 0; i < g->n_by; i++)
    if (g->by[i] == f) return true;
  return false;
}

static void need_grouped(Group *g, const Field *f) {
  if (!grouped(g, f)) *VEC_PUSH(g->b->scratch, g->missing, g->n_missing) = f->name;
}

static bool check_missing(Group *g, const Path *at, const char *rule) {
  Buf list = buf_in(g->b->scratch);
  if (!g->n_missing) return true;
  for (uint32_t i = 0; i < g->n_missing; i++)
    buf_printf(&list, "%s%.*s", i ? ", " : "", SLICE_ARGS(g->missing[i]));
  Slice text = buf_slice(&list);
  return b_input_error(g->b, at, "%s Missing fields: %.*s", rule, SLICE_ARGS(text));
}

/* ---- by ---- */

static bool read_by(Group *g, const Arg *by) {
  Builder *b = g->b;
  Path at = path_key(g->at, SLICE("by"));
  if (!by) return b_error(b, &at, "Argument `by` is missing.");
  bool list = by->kind == ARG_LIST;
  if (list)
    b_elements(b, by);
  else
    b_literal(b, by);
  if (list ? by->n == 0 : by->kind != ARG_STRING)
    return b_error(b, &at, "Expected at least one field's name.");
  const Arg *items = list ? by->u.items : by;
  for (uint32_t i = 0; i < (list ? by->n : 1); i++) {
    Slice *names;
    uint32_t n = aggregate_names(b, AGGREGATE_COUNT, b->model, &names);
    if (items[i].kind != ARG_STRING) return b_error(b, &at, "Expected fields' names.");
    const Field *f = model_field(b->model, arg_text(&items[i]));
    if (!f || !aggregate_fits(AGGREGATE_COUNT, f))
      return b_unknown(b, &at, "field", arg_text(&items[i]), names + 1, n - 1);
    if (!grouped(g, f)) *VEC_PUSH(b->scratch, g->by, g->n_by) = f;
  }
  return true;
}

static void group_columns(Group *g, Record *record) {
  Builder *b = g->b;
  Select *s = g->tally.select;
  for (uint32_t i = 0; i < g->n_by; i++) {
    Expr *column = tally_column(b, &g->tally, g->by[i]);
    *VEC_PUSH(b->scratch, s->group_by, s->n_group_by) = column;
    uint16_t at = output_add(b, &s->outputs, &s->n_outputs, column, column_of(g->by[i]));
    record_slot(b, record, g->by[i]->name, SLOT_COLUMN)->column = at;
  }
}

/* ---- having ---- */

static bool having_table(Group *g, const Path *at, const Arg *table, Expr **out); /* recursion */

static int aggregate_of(Slice key) {
  for (int kind = 0; kind < AGGREGATE_KINDS; kind++)
    if (slice_is(key, aggregate_name((AggregateKind)kind))) return kind;
  return -1;
}

static bool having_aggregate(Group *g, const Path *at, AggregateKind kind, const Field *f, const Arg *value,
                             Expr **out) {
  if (!aggregate_fits(kind, f))
    return b_error(g->b, at, "`%s` does not fit field `%.*s`.", aggregate_name(kind), SLICE_ARGS(f->name));
  Target t = {.b = g->b, .model = g->b->model, .alias = g->tally.find.alias, .aggregate = true};
  t.field = aggregate_field(g->b, kind, f);
  t.expr = aggregate_expr(g->b, kind, f, tally_column(g->b, &g->tally, f));
  return filter_target(&t, at, value, out);
}

/* A field's table holds plain operators and aggregates side by side. */
static bool having_field(Group *g, const Path *at, const Field *f, const Arg *value, Expr **out) {
  Builder *b = g->b;
  Target t = {.b = b,
              .model = b->model,
              .alias = g->tally.find.alias,
              .field = f,
              .expr = tally_column(b, &g->tally, f)};
  Arg rest = *value;
  Expr *x = NULL;
  if (value->kind == ARG_MAP) {
    b_expand(b, value);
    rest.n = 0;
    rest.u.pairs = ARENA_ARRAY(b->scratch, ArgPair, value->n + 1);
    for (const ArgPair **pair = b_pairs(b, value); *pair; pair++) {
      int kind = aggregate_of((*pair)->key);
      Path here = path_key(at, (*pair)->key);
      if (kind < 0) {
        rest.u.pairs[rest.n++] = **pair;
        continue;
      }
      x = NULL;
      if (!having_aggregate(g, &here, (AggregateKind)kind, f, &(*pair)->value, &x)) return false;
      *out = expr_and(b, *out, x);
    }
    if (!rest.n) return true;
  }
  x = NULL;
  need_grouped(g, f);
  if (!filter_target(&t, at, &rest, &x)) return false;
  *out = expr_and(b, *out, x);
  return true;
}

static bool having_logic(Group *g, const Path *at, Slice key, const Arg *value, Expr **out) {
  Builder *b = g->b;
  bool or = slice_is(key, "OR"), not = slice_is(key, "NOT"), list = value->kind == ARG_LIST;
  b_expand(b, value);
  const Arg *items = list ? value->u.items : value;
  for (uint32_t i = 0; i < (list ? value->n : 1); i++) {
    Path here = path_index(at, i + 1);
    Expr *x = NULL;
    if (!having_table(g, list ? &here : at, &items[i], &x)) return false;
    if (x && not ) x = expr_not(b, x);
    *out = or ? expr_or(b, *out, x) : expr_and(b, *out, x);
  }
  if (or &&!*out) *out = expr_new(b, EXPR_FALSE);
  return true;
}

static bool having_table(Group *g, const Path *at, const Arg *table, Expr **out) {
  Builder *b = g->b;
  if (!b_map(b, at, table)) return false;
  for (const ArgPair **pair = b_pairs(b, table); *pair; pair++) {
    Path here = path_key(at, (*pair)->key);
    Slice key = (*pair)->key, *names;
    const Field *f = model_field(b->model, key);
    Expr *x = NULL;
    if (f && aggregate_fits(AGGREGATE_COUNT, f)) {
      if (!having_field(g, &here, f, &(*pair)->value, &x)) return false;
    } else if (slice_is(key, "AND") || slice_is(key, "OR") || slice_is(key, "NOT")) {
      if (!having_logic(g, &here, key, &(*pair)->value, &x)) return false;
    } else {
      uint32_t n = aggregate_names(b, AGGREGATE_COUNT, b->model, &names);
      return b_unknown(b, at, "argument", key, names + 1, n - 1);
    }
    *out = expr_and(b, *out, x);
  }
  return true;
}

static bool is_aggregate(const Expr *x) {
  return x->kind == EXPR_CALL && (x->function == FN_COUNT || x->function == FN_SUM || x->function == FN_AVG ||
                                  x->function == FN_MIN || x->function == FN_MAX);
}

/* Other fields that the condition compares with must be grouped, too. */
static void need_columns(Group *g, const Expr *x) {
  const Model *m = g->b->model;
  if (!x || is_aggregate(x)) return;
  for (uint32_t i = 0; x->kind == EXPR_COLUMN && x->alias == g->tally.find.alias && i < m->n_columns; i++)
    if (slice_eq(m->columns[i]->db_name, x->name)) need_grouped(g, m->columns[i]);
  for (uint32_t i = 0; i < x->n_args; i++) need_columns(g, x->args[i]);
}

static bool read_having(Group *g, const Arg *having) {
  Path at = path_key(g->at, SLICE("having"));
  if (!having) return true;
  if (!having_table(g, &at, having, &g->tally.select->having)) return false;
  if (!g->n_missing) need_columns(g, g->tally.select->having);
  return check_missing(
      g, &at,
      "Every field used in `having` filters must either be an aggregation filter or be included "
      "in the selection of the query.");
}

/* ---- orderBy ---- */

static void push_order(Group *g, Order order) {
  *VEC_PUSH(g->b->scratch, g->tally.select->order, g->tally.select->n_order) = order;
}

/* { _avg = { field = "asc" } } */
static bool order_aggregate(Group *g, const Path *at, AggregateKind kind, const Arg *value) {
  Builder *b = g->b;
  Slice *names;
  uint32_t n = aggregate_names(b, kind, b->model, &names);
  if (!b_map(b, at, value)) return false;
  if (value->n != 1) return b_error(b, at, "Expected one field.");
  const ArgPair *pair = value->u.pairs;
  const Field *f = model_field(b->model, pair->key);
  bool all = kind == AGGREGATE_COUNT && slice_is(pair->key, "_all");
  if (!all && (!f || !aggregate_fits(kind, f))) return b_unknown(b, at, "field", pair->key, names, n);
  Path here = path_key(at, pair->key);
  Order order = {.expr = aggregate_expr(b, kind, f, all ? NULL : tally_column(b, &g->tally, f))};
  if (!order_sort(b, &here, &pair->value, false, &order)) return false;
  push_order(g, order);
  return true;
}

static bool order_group(Group *g, const Path *at, const Arg *item) {
  Builder *b = g->b;
  if (!b_map(b, at, item)) return false;
  if (item->kind != ARG_MAP || item->n == 0) return true;
  if (item->n > 1)
    return b_error(
        b, at, "A table has no order: write several keys as a list, { { a = \"asc\" }, { b = \"desc\" } }.");
  const ArgPair *pair = item->u.pairs;
  Path here = path_key(at, pair->key);
  int kind = aggregate_of(pair->key);
  if (kind >= 0) return order_aggregate(g, &here, (AggregateKind)kind, &pair->value);
  const Field *f = model_field(b->model, pair->key);
  Slice *names;
  uint32_t n = aggregate_names(b, AGGREGATE_COUNT, b->model, &names);
  if (!f || !aggregate_fits(AGGREGATE_COUNT, f))
    return b_unknown(b, at, "argument", pair->key, names + 1, n - 1);
  Order order = {.expr = tally_column(b, &g->tally, f)};
  if (!order_sort(b, &here, &pair->value, f->arity == ARITY_OPTIONAL, &order)) return false;
  need_grouped(g, f);
  push_order(g, order);
  return true;
}

static bool read_order(Group *g, const Arg *order) {
  Path at = path_key(g->at, SLICE("orderBy"));
  if (!order) return true;
  b_expand(g->b, order);
  bool list = order->kind == ARG_LIST;
  const Arg *items = list ? order->u.items : order;
  for (uint32_t i = 0; i < (list ? order->n : 1); i++) {
    Path here = path_index(&at, i + 1);
    if (!order_group(g, list ? &here : &at, &items[i])) return false;
  }
  return check_missing(g, &at,
                       "Every field used for orderBy must be included in the by-arguments of the query.");
}

/* ---- the whole ---- */

static bool read_page(Group *g, const Arg *args) {
  Find *f = &g->tally.find;
  f->args = args;
  f->select = g->tally.select;
  if (!find_page(g->b, f)) return false;
  if ((b_get(args, "take") || b_get(args, "skip")) && !g->tally.select->n_order)
    return b_input_error(g->b, g->at, "If take and/or skip are provided, orderBy must be too.");
  if (f->reversed) order_flip(f->select->order, f->select->n_order);
  return find_close(g->b, f);
}

bool read_group_by(Builder *b) {
  static const Slice names[] = {{"by", 2},   {"where", 5}, {"having", 6}, {"orderBy", 7},
                                {"take", 4}, {"skip", 4},  {"_count", 6}, {"_avg", 4},
                                {"_sum", 4}, {"_min", 4},  {"_max", 4}};
  Path root = {0};
  Arg where = {.kind = ARG_MAP, .n = 1, .leaf = ARG_NO_LEAF}, *given = arg_get(b->args, SLICE("where"));
  ArgPair pair = {SLICE("where"), {0}};
  if (given) pair.value = *given;
  where.u.pairs = &pair;
  Group g = {.b = b, .at = &root};
  g.tally.find = (Find){.model = b->model, .args = given ? &where : NULL, .at = &root};
  Record *record = ARENA_NEW(b->arena, Record);
  bool any;
  if (!b_only(b, &root, "argument", b->args, names, COUNT(names)) || !read_by(&g, b_get(b->args, "by")))
    return false;
  if (!tally_open(b, &g.tally)) return false;
  group_columns(&g, record);
  if (!aggregate_outputs(b, &g.tally, b->args, record, &any) || !read_having(&g, b_get(b->args, "having")) ||
      !read_order(&g, b_get(b->args, "orderBy")) || !read_page(&g, b->args))
    return false;
  b->plan->result = RESULT_ROWS;
  b->plan->record = record;
  b->plan->result_step = b_select(b, g.tally.select);
  b->plan->steps[b->plan->result_step].reversed = g.tally.find.reversed;
  return true;
}
