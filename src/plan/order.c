/* orderBy: by fields, by fields of to-one relations (joined), by counts of to-many relations, by relevance.
 */
#include "base/vec.h"
#include "plan/filter.h"
#include "plan/read.h"

typedef struct Sorting { /* where the items of one orderBy go */
  Builder *b;
  From *from; /* its chain takes the joins */
  Order **out;
  uint32_t *n;
} Sorting;

static bool order_item(Sorting *s, const Path *at, const Model *m, uint32_t alias,
                       const Arg *item); /* recursion */

static bool read_direction(Builder *b, const Path *at, const Arg *value, bool *desc) {
  Slice word;
  if (!b_string(b, at, value, &word)) return false;
  *desc = slice_is(word, "desc");
  return *desc || slice_is(word, "asc") || b_error(b, at, "Expected `asc` or `desc`.");
}

static bool read_nulls(Builder *b, const Path *at, const Arg *value, Nulls *out) {
  Slice word;
  if (!b_string(b, at, value, &word)) return false;
  *out = slice_is(word, "first") ? NULLS_FIRST : NULLS_LAST;
  return slice_is(word, "first") || slice_is(word, "last") || b_error(b, at, "Expected `first` or `last`.");
}

/* "asc" | "desc" | { sort = ..., nulls = ... } */
bool order_sort(Builder *b, const Path *at, const Arg *value, bool nulls_allowed, Order *order) {
  static const Slice names[] = {{"sort", 4}, {"nulls", 5}};
  if (!b_is_table(value)) return read_direction(b, at, value, &order->desc);
  if (!b_map(b, at, value) || !b_only(b, at, "argument", value, names, nulls_allowed ? 2 : 1)) return false;
  const Arg *sort = b_get(value, "sort"), *nulls = b_get(value, "nulls");
  Path sort_at = path_key(at, names[0]), nulls_at = path_key(at, names[1]);
  if (!sort) return b_error(b, at, "Argument `sort` is missing.");
  return read_direction(b, &sort_at, sort, &order->desc) &&
         (!nulls || read_nulls(b, &nulls_at, nulls, &order->nulls));
}

static void push(Sorting *s, Order order) { *VEC_PUSH(s->b->scratch, *s->out, *s->n) = order; }

static bool by_scalar(Sorting *s, const Path *at, const Field *f, uint32_t alias, const Arg *value) {
  Order order = {.expr = expr_column(s->b, alias, f)};
  if (!order_sort(s->b, at, value, f->arity == ARITY_OPTIONAL, &order)) return false;
  push(s, order);
  return true;
}

static bool by_count(Sorting *s, const Path *at, const Field *f, uint32_t alias, const Arg *value) {
  static const Slice names[] = {{"_count", 6}};
  Builder *b = s->b;
  Order order = {0};
  if (!b_map(b, at, value) || !b_only(b, at, "argument", value, names, 1)) return false;
  const Arg *direction = b_get(value, "_count");
  Path here = path_key(at, names[0]);
  if (!direction) return b_error(b, at, "A to-many relation orders by its `_count`.");
  if (!order_sort(b, &here, direction, false, &order)) return false;
  From *from;
  Select *count = ARENA_NEW(b->scratch, Select);
  count->where = relation_match(b, f, alias, &from);
  count->where = expr_and(b, count->where, visible(b, from->model, from->alias));
  count->from = from;
  output_add(b, &count->outputs, &count->n_outputs,
             expr_call(b, FN_COUNT, 1, (Expr *[]){expr_new(b, EXPR_STAR)}), (Column){.type = TYPE_INT8});
  order.expr = expr_select(b, EXPR_SUBSELECT, count);
  push(s, order);
  return true;
}

static bool by_to_one(Sorting *s, const Path *at, const Field *f, uint32_t alias, const Arg *value) {
  From *join;
  Expr *on = relation_match(s->b, f, alias, &join);
  join->join = JOIN_LEFT;
  join->on = expr_and(s->b, on, visible(s->b, join->model, join->alias));
  from_append(s->from, join);
  return order_item(s, at, field_target(f), join->alias, value);
}

/* _relevance = { fields = {...} or "...", search = "...", sort = "desc" } */
static bool relevance_fields(Sorting *s, const Path *at, const Model *m, uint32_t alias, const Arg *fields,
                             Expr ***out, uint32_t *n) {
  Builder *b = s->b;
  const Arg *items = fields;
  uint32_t count = 1;
  if (fields->kind == ARG_LIST) {
    b_elements(b, fields);
    items = fields->u.items;
    count = fields->n;
  } else {
    b_literal(b, fields);
  }
  for (uint32_t i = 0; i < count; i++) {
    Path here = path_index(at, i + 1);
    const Field *f = items[i].kind == ARG_STRING ? model_field(m, arg_text(&items[i])) : NULL;
    if (!f || f->kind != FIELD_SCALAR || f->scalar != SCALAR_STRING || f->arity == ARITY_LIST)
      return b_error(b, &here, "Expected the name of a String field of %.*s.", SLICE_ARGS(m->name));
    *VEC_PUSH(b->scratch, *out, *n) = expr_column(b, alias, f);
  }
  return true;
}

static bool by_relevance(Sorting *s, const Path *at, const Model *m, uint32_t alias, const Arg *value) {
  static const Slice names[] = {{"fields", 6}, {"search", 6}, {"sort", 4}};
  Builder *b = s->b;
  Expr **columns = NULL;
  uint32_t n = 0;
  Order order = {0};
  if (!b_map(b, at, value) || !b_only(b, at, "argument", value, names, COUNT(names))) return false;
  const Arg *args[COUNT(names)];
  for (size_t i = 0; i < COUNT(names); i++) {
    args[i] = arg_get(value, names[i]);
    if (!args[i]) return b_error(b, at, "Argument `%.*s` is missing.", SLICE_ARGS(names[i]));
  }
  Path fields_at = path_key(at, names[0]), search_at = path_key(at, names[1]),
       sort_at = path_key(at, names[2]);
  if (!relevance_fields(s, &fields_at, m, alias, args[0], &columns, &n)) return false;
  if (b_is_null(b, args[1])) return b_error(b, &search_at, "Argument must not be null.");
  Expr *query = filter_tsquery(b, &search_at, args[1]);
  if (!query || !read_direction(b, &sort_at, args[2], &order.desc)) return false;
  order.expr = expr_call(b, FN_TS_RANK, 2, (Expr *[]){filter_tsvector(b, n, columns), query});
  push(s, order);
  return true;
}

static bool unknown_order(Sorting *s, const Path *at, const Model *m, Slice name) {
  Slice *names = ARENA_ARRAY(s->b->scratch, Slice, m->n_fields + 1);
  uint32_t n = 0;
  for (uint32_t i = 0; i < m->n_fields; i++)
    if (b_field_visible(&m->fields[i])) names[n++] = m->fields[i].name;
  names[n++] = SLICE("_relevance");
  return b_unknown(s->b, at, "argument", name, names, n);
}

static bool order_item(Sorting *s, const Path *at, const Model *m, uint32_t alias, const Arg *item) {
  if (!b_map(s->b, at, item)) return false;
  if (item->kind != ARG_MAP || item->n == 0) return true;
  if (item->n > 1)
    return b_error(
        s->b, at,
        "A table has no order: write several keys as a list, { { a = \"asc\" }, { b = \"desc\" } }.");
  const ArgPair *pair = item->u.pairs;
  Path here = path_key(at, pair->key);
  const Field *f = model_field(m, pair->key);
  if (f && b_field_visible(f)) {
    if (f->kind != FIELD_RELATION) return by_scalar(s, &here, f, alias, &pair->value);
    return (f->arity == ARITY_LIST ? by_count : by_to_one)(s, &here, f, alias, &pair->value);
  }
  if (slice_is(pair->key, "_relevance")) return by_relevance(s, &here, m, alias, &pair->value);
  return unknown_order(s, at, m, pair->key);
}

bool order_by(Builder *b, const Path *at, const Model *m, From *from, const Arg *order, Order **out,
              uint32_t *n) {
  Sorting s = {b, from, out, n};
  *out = NULL;
  *n = 0;
  if (!order) return true;
  b_expand(b, order);
  if (order->kind != ARG_LIST) return order_item(&s, at, m, from->alias, order);
  for (uint32_t i = 0; i < order->n; i++) {
    Path here = path_index(at, i + 1);
    if (!order_item(&s, &here, m, from->alias, &order->u.items[i])) return false;
  }
  return true;
}

/* The fields that tell one row of `m` from all others: its primary key, or else a unique key without NULLs,
 * or else any. */
const Index *model_identity(const Model *m) {
  if (m->primary) return m->primary;
  const Index *any = NULL;
  for (uint32_t i = 0; i < m->n_indexes; i++) {
    const Index *x = &m->indexes[i];
    if (x->kind != INDEX_UNIQUE || x->where.n) continue;
    bool required = true;
    for (uint32_t k = 0; k < x->n_fields; k++) required &= x->fields[k].field->arity == ARITY_REQUIRED;
    if (required) return x;
    if (!any) any = x;
  }
  return any;
}

static bool orders_by(const Order *orders, uint32_t n, const Expr *column) {
  for (uint32_t i = 0; i < n; i++)
    if (orders[i].expr->kind == EXPR_COLUMN && orders[i].expr->alias == column->alias &&
        slice_eq(orders[i].expr->name, column->name))
      return true;
  return false;
}

/* The key goes the way of the column before it: an index over both can then be read in one direction, and the
 * later of two rows of one instant is the later one here, too. */
void order_settle(Builder *b, const Model *m, uint32_t alias, Order **orders, uint32_t *n) {
  const Index *key = model_identity(m);
  const Order *last = *n ? &(*orders)[*n - 1] : NULL;
  bool desc = last && last->desc && last->expr->kind == EXPR_COLUMN;
  for (uint32_t i = 0; key && i < key->n_fields; i++) {
    Expr *column = expr_column(b, alias, key->fields[i].field);
    if (!orders_by(*orders, *n, column))
      *VEC_PUSH(b->scratch, *orders, *n) = (Order){.expr = column, .desc = desc};
  }
}

void order_flip(Order *orders, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    if (orders[i].nulls != NULLS_AS_IS)
      orders[i].nulls = orders[i].nulls == NULLS_FIRST ? NULLS_LAST : NULLS_FIRST;
    orders[i].desc = !orders[i].desc;
  }
}
