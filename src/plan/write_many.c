/* Many rows in one statement. Rows that share their fields are columns: one array parameter each, unnested,
 * so that neither the text nor the number of parameters depends on how many rows there are. */
#include "base/vec.h"
#include "plan/write.h"

enum {
  MAX_PARAMS = 65000 /* the protocol counts them in 16 bits */
};

/* ---- rows as columns ---- */

Expr *columns_add(Columns *c, Expr *array, const Field *f) {
  *VEC_PUSH(c->b->scratch, c->arrays, c->n) = array;
  Expr *x = expr_named(c->b, c->from->alias, slice_printf(c->b->scratch, "c%u", c->n));
  return f->arity == ARITY_LIST ? expr_cast(c->b, x, f->type, true, f->enum_) : x;
}

Columns columns_new(Builder *b) { return (Columns){.b = b, .from = from_unnest(b, 0, NULL)}; }

From *columns_from(Columns *c) {
  c->from->exprs = c->arrays;
  c->from->n_exprs = c->n;
  return c->from;
}

static Expr *origin_value(Builder *b, const Origin *o, const Field *f) {
  if (!o || !o->field || !o->row) return NULL;
  const Relation *r = o->field->relation;
  for (uint32_t i = 0; i < r->n_fields; i++)
    if (r->fields[i] == f) return row_value(b, o->row, r->references[i]);
  return NULL;
}

/* The value of a column for every row; *out NULL: its default. */
static bool column_value(const Insert *x, Columns *c, const Data *first, const Field *f, Expr **out) {
  Builder *b = c->b;
  *out = origin_value(b, x->origin, f);
  if (first->given[f->index]) {
    Expr *items = b_items(b, x->at, x->data, f->name, f, false);
    if (!items) return false;
    *out = columns_add(c, items, f);
  } else if (!*out && visible_fill(b, x->model, f)) {
    Path at = path_key(x->at, f->name);
    *out = b_param_data(b, &at, visible_fill(b, x->model, f), f);
    if (*out) *out = expr_cast(b, *out, f->type, false, f->enum_);
    return *out != NULL;
  } else if (!*out && default_is_generated(f)) {
    *out = b_slot(b, f, x->data);
    if ((*out)->param.array) *out = columns_add(c, *out, f);
  }
  return true;
}

static Query *insert_new(Builder *b, const Insert *x) {
  Query *q = ARENA_NEW(b->scratch, Query);
  *q = (Query){.kind = STATEMENT_INSERT,
               .model = x->model,
               .alias = b->next_alias++,
               .conflict = x->skip_duplicates ? CONFLICT_NOTHING : CONFLICT_ERROR};
  return q;
}

static bool insert_columns(Builder *b, const Insert *x, Query **out) {
  Data first;
  Path row = path_index(x->at, 1);
  Columns c = columns_new(b);
  Query *q = *out = insert_new(b, x);
  q->select = ARENA_NEW(b->scratch, Select);
  const Field *origin = x->origin ? x->origin->field : NULL;
  if (!data_read(b, &row, x->model, DATA_CREATE_MANY, origin, &x->data->u.items[0], &first)) return false;
  for (uint32_t i = 0; i < x->model->n_columns; i++) {
    const Field *f = x->model->columns[i];
    Expr *value;
    if (!column_value(x, &c, &first, f, &value)) return false;
    if (!value) continue;
    *VEC_PUSH(b->scratch, q->columns, q->n_columns) = f->db_name;
    *VEC_PUSH(b->scratch, q->select->outputs, q->select->n_outputs) =
        (Output){.expr = value, .column = column_of(f)};
  }
  q->select->from = columns_from(&c);
  return true;
}

/* ---- rows as rows ---- */

typedef struct Rowwise {
  Expr ***rows; /* by Field.column */
  uint32_t n_rows;
  bool *used; /* columns that any row gives */
} Rowwise;

static bool row_values(Builder *b, const Insert *x, const Path *at, const Arg *table, Expr **shared,
                       Rowwise *r) {
  Data d;
  Expr **values = ARENA_ARRAY(b->scratch, Expr *, x->model->n_columns + 1);
  const Field *origin = x->origin ? x->origin->field : NULL;
  if (!data_read(b, at, x->model, DATA_CREATE_MANY, origin, table, &d)) return false;
  for (uint32_t i = 0; i < x->model->n_columns; i++) {
    const Field *f = x->model->columns[i];
    values[i] = origin_value(b, x->origin, f);
    bool now = default_is_generated(f) && (f->updated_at || f->def.kind == DEFAULT_NOW);
    if (!now || d.given[f->index] || visible_fill(b, x->model, f)) continue;
    if (!shared[i]) shared[i] = b_slot(b, f, NULL);
    values[i] = shared[i];
  }
  if (!data_values(b, &d, values)) return false;
  for (uint32_t i = 0; i < x->model->n_columns; i++) r->used[i] |= values[i] != NULL;
  *VEC_PUSH(b->scratch, r->rows, r->n_rows) = values;
  return true;
}

static Query *rows_query(Builder *b, const Insert *x, const Rowwise *r, uint32_t from, uint32_t n) {
  Query *q = insert_new(b, x);
  uint32_t n_values = 0;
  q->n_rows = n;
  for (uint32_t i = 0; i < x->model->n_columns; i++)
    if (r->used[i]) *VEC_PUSH(b->scratch, q->columns, q->n_columns) = x->model->columns[i]->db_name;
  if (!q->n_columns) { /* rows of nothing but defaults: one column must be named */
    *VEC_PUSH(b->scratch, q->columns, q->n_columns) = x->model->columns[0]->db_name;
    r->used[0] = true;
  }
  for (uint32_t k = 0; k < n; k++)
    for (uint32_t i = 0; i < x->model->n_columns; i++)
      if (r->used[i])
        *VEC_PUSH(b->scratch, q->values, n_values) =
            r->rows[from + k][i] ? r->rows[from + k][i] : expr_new(b, EXPR_DEFAULT);
  return q;
}

static bool insert_rowwise(Builder *b, const Insert *x, Query ***queries, uint32_t *n) {
  uint32_t columns = x->model->n_columns;
  Expr **shared = ARENA_ARRAY(b->scratch, Expr *, columns + 1);
  Rowwise r = {.used = ARENA_ARRAY(b->scratch, bool, columns + 1)};
  bool list = x->data->kind == ARG_LIST;
  if (list) b_expand(b, x->data);
  for (uint32_t i = 0; i < (list ? x->data->n : 1); i++) {
    Path row = path_index(x->at, i + 1);
    if (!row_values(b, x, list ? &row : x->at, list ? &x->data->u.items[i] : x->data, shared, &r))
      return false;
  }
  uint32_t most = MAX_PARAMS / (columns ? columns : 1);
  for (uint32_t at = 0; at < r.n_rows; at += most)
    *VEC_PUSH(b->scratch, *queries, *n) =
        rows_query(b, x, &r, at, r.n_rows - at < most ? r.n_rows - at : most);
  return true;
}

/* ---- rows by their keys ---- */

static bool same_keys(const Arg *a, const Arg *b) {
  if (a->kind != ARG_MAP || b->kind != ARG_MAP || a->n != b->n) return false;
  for (uint32_t i = 0; i < a->n; i++)
    if (!slice_eq(a->u.pairs[i].key, b->u.pairs[i].key) && !arg_get(b, a->u.pairs[i].key)) return false;
  return true;
}

/* The rows of `data` with the same fields, as lists of their own. NULL: they are of too many kinds. */
static Arg **key_groups(Builder *b, const Arg *data, uint32_t *n) {
  enum {
    MAX_GROUPS = 16 /* else a row's list is hardly longer than the row */
  };
  Arg **groups = ARENA_ARRAY(b->scratch, Arg *, MAX_GROUPS);
  *n = 0;
  for (uint32_t i = 0; i < data->n; i++) {
    const Arg *row = &data->u.items[i];
    uint32_t g = 0;
    while (g < *n && !same_keys(row, &groups[g]->u.items[0])) g++;
    if (g == MAX_GROUPS) return NULL;
    if (g == *n) {
      groups[(*n)++] = ARENA_NEW(b->scratch, Arg);
      *groups[g] = (Arg){.kind = ARG_LIST, .leaf = ARG_NO_LEAF};
    }
    *VEC_PUSH(b->scratch, groups[g]->u.items, groups[g]->n) = *row;
  }
  return groups;
}

/* One INSERT for each set of fields: what a row leaves out is left to the database, which unnest could not
 * say of a single one. False: not in that way (what is wrong with the rows is said with their numbers,
 * later). */
static bool insert_grouped(Builder *b, const Insert *x, Query ***queries, uint32_t *n) {
  uint32_t n_groups;
  Arg **groups = key_groups(b, x->data, &n_groups);
  if (!groups) return false;
  b->plan->uncached = true;
  for (uint32_t i = 0; i < n_groups; i++) {
    Insert part = *x;
    part.data = b_list(b, groups[i]);
    if (!b_columns(b, part.data) || !insert_columns(b, &part, VEC_PUSH(b->scratch, *queries, *n))) {
      *queries = NULL;
      *n = 0;
      return false;
    }
  }
  return true;
}

bool insert_many(Builder *b, const Insert *x, Query ***queries, uint32_t *n) {
  enum {
    FEW = 32 /* rows that may as well be rows: such a statement is worth keeping */
  };
  *queries = NULL;
  *n = 0;
  if (!b_is_table(x->data))
    return b_error(b, x->at, "Expected a table or a list of tables, provided %s.", arg_kind_name(x->data));
  if (x->data->kind == ARG_LIST && b_columns(b, x->data))
    return insert_columns(b, x, VEC_PUSH(b->scratch, *queries, *n));
  bool grouped = x->data->kind == ARG_LIST && x->data->n > FEW && !x->in_order;
  if (grouped && insert_grouped(b, x, queries, n)) return true;
  return insert_rowwise(b, x, queries, n);
}

/* ---- createMany ---- */

bool insert_steps(Builder *b, const Insert *x, Query ***queries, uint32_t *n) {
  *queries = NULL;
  *n = 0;
  b_class(b, x->data);
  if (b_is_table(x->data) && arg_is_list(x->data) && b_list_empty(b, x->data)) return true;
  if (!insert_many(b, x, queries, n)) return false;
  for (uint32_t i = 0; i < *n; i++) {
    uint16_t step = b_step(b, (*queries)[i]);
    b->plan->steps[step].counts = true;
  }
  return true;
}

bool nothing_done(Builder *b) {
  Scope none = scope_new(b, b->model);
  none.where = expr_new(b, EXPR_FALSE);
  (void)row_select(b, &none);
  return true;
}

static bool return_rows(Builder *b, const Path *root, Query **queries, uint32_t n) {
  Selection s = {b->model, b->args, root, NULL};
  Path at = path_key(root, SLICE("data"));
  Scope none = scope_new(b, b->model);
  b->plan->result = RESULT_ROWS;
  if (!result_to_one_only(b, root)) return false;
  none.where = expr_new(b, EXPR_FALSE);
  Row *empty = n ? NULL : row_select(b, &none);
  Query *q = n ? queries[0] : empty->from[0].query;
  b->plan->record = n ? selection_record(b, &s, q->alias, &q->returning, &q->n_returning)
                      : selection_record(b, &s, none.alias, &q->select->outputs, &q->select->n_outputs);
  if (!b->plan->record) return false;
  if (n > 1 && b->n_pending)
    return b_error(
        b, &at,
        "So many rows with different fields are returned without their relations: give all of them the "
        "same fields; what is missing in some can be null.");
  for (uint32_t i = 1; i < n; i++) /* the same columns */
    if (!selection_record(b, &s, queries[i]->alias, &queries[i]->returning, &queries[i]->n_returning))
      return false;
  b->plan->more_steps = (uint16_t)(n ? n - 1 : 0);
  return selection_links(b, &s, b->plan->record, 0);
}

bool write_create_many(Builder *b) {
  static const Slice names[] = {
      {"data", 4}, {"skipDuplicates", 14}, {"select", 6}, {"include", 7}, {"omit", 4}};
  bool returns = b->action == CALL_CREATE_MANY_AND_RETURN;
  const Path *root = path_keep(b, (Path){0}), *at = path_keep(b, path_key(root, names[0]));
  Path skip_at = path_key(root, names[1]);
  const Arg *skip = b_get(b->args, "skipDuplicates");
  Insert x = {.model = b->model, .at = at, .data = b_get(b->args, "data"), .in_order = returns};
  Query **queries;
  uint32_t n;
  if (!b_only(b, root, "argument", b->args, names, returns ? COUNT(names) : 2)) return false;
  if (!x.data) return b_error(b, at, "Argument `data` is missing.");
  if (skip && !b_bool(b, &skip_at, skip, &x.skip_duplicates)) return false;
  if (!insert_steps(b, &x, &queries, &n)) return false;
  if (returns) return return_rows(b, root, queries, n);
  b->plan->result = RESULT_AFFECTED;
  return n || nothing_done(b);
}
