/* Many rows in one statement. Rows that share their fields are columns: one array parameter each, unnested,
 * so that neither the text nor the number of parameters depends on how many rows there are. */
#include "base/vec.h"
#include "plan/write.h"

enum {
  MAX_PARAMS = 65000 /* the protocol counts them in 16 bits */
};

/* ---- rows as columns ---- */

typedef struct Columns { /* arrays, and the columns that they become */
  Builder *b;
  Expr **arrays;
  uint32_t n;
  From *from; /* the unnest; its arrays come last */
} Columns;

static Expr *columns_add(Columns *c, Expr *array, const Field *f) {
  *VEC_PUSH(c->b->scratch, c->arrays, c->n) = array;
  Expr *x = expr_named(c->b, c->from->alias, slice_printf(c->b->scratch, "c%u", c->n));
  return f->arity == ARITY_LIST ? expr_cast(c->b, x, f->type, true, f->enum_) : x;
}

static Columns columns_new(Builder *b) { return (Columns){.b = b, .from = from_unnest(b, 0, NULL)}; }

static From *columns_from(Columns *c) {
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
    if (!now || d.given[f->index]) continue;
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

bool insert_many(Builder *b, const Insert *x, Query ***queries, uint32_t *n) {
  *queries = NULL;
  *n = 0;
  if (!b_is_table(x->data))
    return b_error(b, x->at, "Expected a table or a list of tables, provided %s.", arg_kind_name(x->data));
  if (x->data->kind != ARG_LIST || !b_columns(b, x->data)) return insert_rowwise(b, x, queries, n);
  return insert_columns(b, x, VEC_PUSH(b->scratch, *queries, *n));
}

/* ---- createMany ---- */

static bool insert_steps(Builder *b, const Insert *x, Query ***queries, uint32_t *n) {
  *queries = NULL;
  *n = 0;
  if (b_is_table(x->data) && arg_is_list(x->data) && b_list_empty(b, x->data)) return true;
  if (!insert_many(b, x, queries, n)) return false;
  for (uint32_t i = 0; i < *n; i++) {
    uint16_t step = b_step(b, (*queries)[i]);
    b->plan->steps[step].counts = true;
  }
  return true;
}

static bool nothing_done(Builder *b) {
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
  if (n > 1)
    return b_error(b, &at,
                   "So many rows must all have the same fields: what is missing in some can be null.");
  none.where = expr_new(b, EXPR_FALSE);
  Row *empty = n ? NULL : row_select(b, &none);
  Query *q = n ? queries[0] : empty->from[0].query;
  b->plan->record = n ? selection_record(b, &s, q->alias, &q->returning, &q->n_returning)
                      : selection_record(b, &s, none.alias, &q->select->outputs, &q->select->n_outputs);
  return b->plan->record && selection_links(b, &s, b->plan->record, 0);
}

bool write_create_many(Builder *b) {
  static const Slice names[] = {
      {"data", 4}, {"skipDuplicates", 14}, {"select", 6}, {"include", 7}, {"omit", 4}};
  bool returns = b->action == CALL_CREATE_MANY_AND_RETURN;
  const Path *root = path_keep(b, (Path){0}), *at = path_keep(b, path_key(root, names[0]));
  Path skip_at = path_key(root, names[1]);
  const Arg *skip = b_get(b->args, "skipDuplicates");
  Insert x = {.model = b->model, .at = at, .data = b_get(b->args, "data")};
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

/* ---- the key by which rows are found ---- */

static bool given_in(const Arg *row, const Index *key) {
  for (uint32_t i = 0; i < key->n_fields; i++)
    if (!arg_get(row, key->fields[i].field->name)) return false;
  return true;
}

static bool names_key(const Arg *on, const Index *key) {
  if (on->kind == ARG_STRING) return slice_eq(arg_text(on), key->key);
  if (on->kind != ARG_LIST || on->n != key->n_fields) return false;
  for (uint32_t i = 0; i < key->n_fields; i++) {
    bool found = false;
    for (uint32_t k = 0; k < on->n && !found; k++)
      found = on->u.items[k].kind == ARG_STRING &&
              slice_eq(arg_text(&on->u.items[k]), key->fields[i].field->name);
    if (!found) return false;
  }
  return true;
}

static bool is_key(const Index *x) { return x->kind <= INDEX_UNIQUE && !x->where.n; }

/* `on`: the name of a unique key, or its fields; without it the first whose fields are all in the row. */
static bool find_key(Builder *b, const Path *root, const Arg *row, const Index **out) {
  const Arg *on = b_get(b->args, "on");
  Path at = path_key(root, SLICE("on"));
  Slice *names = ARENA_ARRAY(b->scratch, Slice, b->model->n_indexes);
  uint32_t n = 0;
  *out = NULL;
  if (on && on->kind == ARG_LIST) b_elements(b, on);
  if (on && on->kind == ARG_STRING) b_literal(b, on);
  for (uint32_t i = 0; i < b->model->n_indexes && !*out; i++) {
    const Index *x = &b->model->indexes[i];
    if (!is_key(x)) continue;
    names[n++] = x->key;
    if (on ? names_key(on, x) : given_in(row, x)) *out = x;
  }
  if (*out) return true;
  if (on && on->kind == ARG_STRING) return b_unknown(b, &at, "unique key", arg_text(on), names, n);
  return b_error(b, &at,
                 on ? "These fields are no unique key." : "The rows hold no unique key: say which by `on`.");
}

static bool in_key(const Index *key, const Field *f) {
  for (uint32_t i = 0; i < key->n_fields; i++)
    if (key->fields[i].field == f) return true;
  return false;
}

static const Arg *first_row(Builder *b, const Arg *data) {
  if (data->kind != ARG_LIST) return data;
  if (!b_columns(b, data)) b_expand(b, data);
  return &data->u.items[0];
}

/* ---- upsertMany ---- */

/* update: the fields that change where the row is there already; by default all that were given. */
static bool read_updated(Builder *b, const Path *root, const Query *q, const Index *key, bool *on) {
  const Model *m = b->model;
  const Arg *update = b_get(b->args, "update");
  Path at = path_key(root, SLICE("update"));
  Slice *names = ARENA_ARRAY(b->scratch, Slice, m->n_columns);
  for (uint32_t i = 0; i < m->n_columns; i++) names[i] = m->columns[i]->name;
  if (update) return names_read(b, &at, update, "field", names, m->n_columns, on);
  for (uint32_t i = 0; i < m->n_columns; i++)
    for (uint32_t k = 0; k < q->n_columns; k++)
      if (slice_eq(q->columns[k], m->columns[i]->db_name)) {
        const Field *f = m->columns[i];
        on[i] = !in_key(key, f) && (!default_is_generated(f) || f->updated_at);
      }
  return true;
}

static void update_on_conflict(Builder *b, Query *q, const Index *key, const bool *on) {
  q->conflict = CONFLICT_UPDATE;
  for (uint32_t i = 0; i < key->n_fields; i++)
    *VEC_PUSH(b->scratch, q->conflict_columns, q->n_conflict_columns) = key->fields[i].field->db_name;
  for (uint32_t i = 0; i < b->model->n_columns; i++)
    if (on[i])
      set_add(b, &q->sets, &q->n_sets, b->model->columns[i],
              expr_column(b, EXCLUDED_ALIAS, b->model->columns[i]));
  if (q->n_sets) return;
  set_add(b, &q->sets, &q->n_sets, key->fields[0].field,
          expr_column(b, EXCLUDED_ALIAS, key->fields[0].field));
}

bool write_upsert_many(Builder *b) {
  static const Slice names[] = {{"data", 4}, {"on", 2}, {"update", 6}};
  const Path *root = path_keep(b, (Path){0}), *at = path_keep(b, path_key(root, names[0]));
  Insert x = {.model = b->model, .at = at, .data = b_get(b->args, "data")};
  const Index *key;
  Query **queries;
  uint32_t n;
  b->plan->result = RESULT_AFFECTED;
  if (!b_only(b, root, "argument", b->args, names, COUNT(names))) return false;
  if (!x.data) return b_error(b, at, "Argument `data` is missing.");
  if (!insert_steps(b, &x, &queries, &n)) return false;
  if (!n) return nothing_done(b);
  if (!find_key(b, root, first_row(b, x.data), &key)) return false;
  for (uint32_t i = 0; i < n; i++) {
    bool *on = ARENA_ARRAY(b->scratch, bool, b->model->n_columns + 1);
    if (!read_updated(b, root, queries[i], key, on)) return false;
    update_on_conflict(b, queries[i], key, on);
  }
  return true;
}

/* ---- updateEach ---- */

/* UPDATE ... FROM unnest(...) */
static bool each_by_columns(Builder *b, const Path *at, const Arg *data, const Index *key, const Scope *s) {
  Data first;
  Path row = path_index(at, 1);
  Columns c = columns_new(b);
  Query *q = ARENA_NEW(b->scratch, Query);
  *q = (Query){.kind = STATEMENT_UPDATE, .model = s->model, .alias = s->alias, .where = s->where};
  if (!data_read(b, &row, s->model, DATA_UPDATE_MANY, NULL, &data->u.items[0], &first)) return false;
  for (uint32_t i = 0; i < s->model->n_columns; i++) {
    const Field *f = s->model->columns[i];
    if (!first.given[f->index]) continue;
    Expr *items = b_items(b, at, data, f->name, f, false);
    if (!items) return false;
    Expr *value = columns_add(&c, items, f);
    if (in_key(key, f))
      q->where = expr_and(b, q->where, expr_op(b, OP_EQ, expr_column(b, s->alias, f), value));
    else
      set_add(b, &q->sets, &q->n_sets, f, value);
  }
  for (uint32_t i = 0; q->n_sets && i < s->model->n_columns; i++)
    if (s->model->columns[i]->updated_at && !first.given[s->model->columns[i]->index])
      set_add(b, &q->sets, &q->n_sets, s->model->columns[i], b_slot(b, s->model->columns[i], NULL));
  if (!q->n_sets) return nothing_done(b);
  q->from = columns_from(&c);
  uint16_t step = b_step(b, q);
  b->plan->steps[step].counts = true;
  return true;
}

static bool is_wrapped(const Model *m, const Arg *row) {
  return b_get(row, "where") && b_get(row, "data") && !model_field(m, SLICE("where"));
}

static bool key_matches(Builder *b, const Path *at, const Arg *row, const Index *key, Scope *s) {
  for (uint32_t i = 0; i < key->n_fields; i++) {
    const Field *f = key->fields[i].field;
    const Arg *value = arg_get(row, f->name);
    Path here = path_key(at, f->name);
    if (!value) return b_error(b, &here, "Argument `%.*s` is missing.", SLICE_ARGS(f->name));
    Expr *x = b_param_one(b, &here, value, f, AS_IS);
    if (!x) return false;
    x->param.required = true;
    s->where = expr_and(b, s->where, expr_op(b, OP_EQ, expr_column(b, s->alias, f), x));
  }
  return true;
}

/* The row without its key. */
static Arg *without_key(Builder *b, const Arg *row, const Index *key) {
  Arg *rest = arena_copy(b->scratch, row, sizeof *row);
  rest->u.pairs = ARENA_ARRAY(b->scratch, ArgPair, row->n);
  rest->n = 0;
  for (uint32_t i = 0; i < row->n; i++) {
    const Field *f = model_field(b->model, row->u.pairs[i].key);
    if (!f || !in_key(key, f)) rest->u.pairs[rest->n++] = row->u.pairs[i];
  }
  if (!rest->n) rest->kind = ARG_EMPTY;
  return rest;
}

static bool each_row(Builder *b, const Path *root, const Path *at, const Arg *row, const Scope *all) {
  Path where_at = path_key(at, SLICE("where")), data_at = path_key(at, SLICE("data"));
  Scope s = *all;
  const Arg *data = b_get(row, "data");
  const Index *key;
  Row *updated;
  if (is_wrapped(b->model, row)) {
    if (!scope_narrow(b, &s, &where_at, b_get(row, "where"), true)) return false;
  } else {
    if (!find_key(b, root, row, &key) || !key_matches(b, at, row, key, &s)) return false;
    data = without_key(b, row, key);
    data_at = *at;
  }
  if (!update_many(b, &data_at, &s, data, NULL, &updated)) return false;
  if (updated) b->plan->steps[updated->from[0].step].counts = true;
  return updated || nothing_done(b);
}

bool write_update_each(Builder *b) {
  static const Slice names[] = {{"data", 4}, {"on", 2}, {"where", 5}, {"all", 3}};
  const Path *root = path_keep(b, (Path){0}), *at = path_keep(b, path_key(root, names[0]));
  const Arg *data = b_get(b->args, "data");
  const Index *key;
  Scope s;
  b->plan->result = RESULT_AFFECTED;
  if (!b_only(b, root, "argument", b->args, names, COUNT(names))) return false;
  if (!data) return b_error(b, at, "Argument `data` is missing.");
  if (!write_scope(b, root, &s)) return false;
  if (!b_is_table(data) || !arg_is_list(data))
    return b_error(b, at, "Expected a list of tables, provided %s.", arg_kind_name(data));
  if (b_list_empty(b, data)) return nothing_done(b);
  if (b_columns(b, data) && !b->config->schema->relation_mode_prisma)
    return find_key(b, root, &data->u.items[0], &key) && each_by_columns(b, at, data, key, &s);
  b_expand(b, data);
  for (uint32_t i = 0; i < data->n; i++) {
    Path here = path_index(at, i + 1);
    if (!b_map(b, &here, &data->u.items[i]) || !each_row(b, root, &here, &data->u.items[i], &s)) return false;
  }
  return true;
}
