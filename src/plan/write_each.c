/* upsertMany and updateEach: many rows, each found by a unique key. */
#include "base/vec.h"
#include "plan/write.h"

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
  Insert x = {.model = b->model, .at = at, .data = b_get(b->args, "data"), .in_order = true};
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
    conflict_visible(b, queries[i], key, x.data);
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
  b_class(b, data);
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
