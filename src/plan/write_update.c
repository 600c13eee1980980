/* update, updateMany: the row after what it points to, before what points to it. */
#include "base/vec.h"
#include "plan/write.h"

static bool is_relation(const Field *f) { return f->kind == FIELD_RELATION; }

static bool relations(Builder *b, const Data *d, const Scope *s, Row *row, Set **sets, uint32_t *n) {
  for (uint32_t i = 0; i < d->model->n_fields; i++) {
    const Field *f = &d->model->fields[i];
    Path at = path_key(d->at, f->name);
    if (!is_relation(f) || !d->given[i]) continue;
    if (row && !field_holds_key(f)) later_child(b, &at, f, d->given[i], row, false);
    if (row && field_holds_key(f) && !parent_after(b, d, f, row)) return false;
    if (!row && field_holds_key(f) && !parent_before(b, d, f, s, sets, n)) return false;
  }
  return true;
}

bool update_row(Builder *b, const Path *at, const Scope *s, const Arg *table, const Field *origin,
                const Check *missing, Row **out) {
  Data d;
  Set *sets = NULL;
  uint32_t n = 0;
  if (!data_read(b, at, s->model, DATA_UPDATE, origin, table, &d)) return false;
  if (!relations(b, &d, s, NULL, &sets, &n) || !data_sets(b, &d, s->alias, &sets, &n)) return false;
  if (n && !actions_on_update(b, at, s, sets, n, 0)) return false;
  *out = n ? row_update(b, s, sets, n) : row_select(b, s);
  if (missing) row_check(b, *out, *missing);
  return relations(b, &d, s, *out, NULL, NULL);
}

bool update_many(Builder *b, const Path *at, const Scope *s, const Arg *table, const Field *origin,
                 Row **out) {
  Data d;
  Set *sets = NULL;
  uint32_t n = 0;
  *out = NULL;
  if (!data_read(b, at, s->model, DATA_UPDATE_MANY, origin, table, &d)) return false;
  if (!data_sets(b, &d, s->alias, &sets, &n)) return false;
  if (!n) return true;
  if (!actions_on_update(b, at, s, sets, n, 0)) return false;
  *out = row_update(b, s, sets, n);
  return true;
}

static bool has_relations(Builder *b, const Arg *data) {
  for (uint32_t i = 0; data && data->kind == ARG_MAP && i < data->n; i++) {
    const Field *f = model_field(b->model, data->u.pairs[i].key);
    if (f && is_relation(f)) return true;
  }
  return false;
}

bool write_update(Builder *b) {
  static const Slice names[] = {{"where", 5},   {"data", 4}, {"select", 6},
                                {"include", 7}, {"omit", 4}, {"relationLoadStrategy", 20}};
  const Path *root = path_keep(b, (Path){0});
  Path where_at = path_key(root, names[0]), at = path_key(root, names[1]);
  const Arg *data = b_get(b->args, "data");
  Row *row;
  if (!b_only(b, root, "argument", b->args, names, COUNT(names)) || !read_strategy(b, root)) return false;
  Scope s = scope_new(b, b->model);
  if (!scope_narrow(b, &s, &where_at, b_get(b->args, "where"), true)) return false;
  Check missing = check_found(b, "No record was found for an update.");
  if (!update_row(b, &at, &s, data, NULL, &missing, &row) || !later_run(b)) return false;
  return result_row(b, root, row, !has_relations(b, data) && !b->config->schema->relation_mode_prisma);
}

/* ---- many ---- */

/* LIMIT in a write: the rows whose identity is among so many. */
static bool apply_limit(Builder *b, const Path *root, Scope *s) {
  const Arg *limit = b_get(b->args, "limit");
  const Index *key = model_identity(s->model);
  Path at = path_key(root, SLICE("limit"));
  if (!limit) return true;
  if (limit->kind != ARG_INT || !key)
    return b_error(b, &at, "Expected an integer, provided %s.", arg_kind_name(limit));
  if (b_sign(b, limit) < 0)
    return b_input_error(b, &at, "Provided limit (%lld) must be a positive integer.", (long long)limit->u.i);
  Field **fields = ARENA_ARRAY(b->scratch, Field *, key->n_fields);
  for (uint32_t i = 0; i < key->n_fields; i++) fields[i] = key->fields[i].field;
  Select *some = scope_select(b, s, fields, key->n_fields);
  some->limit = b_param_type(b, &at, limit, TYPE_INT8, false, AS_IS);
  Scope limited = scope_new(b, s->model);
  limited.where = expr_in(b, limited.alias, fields, key->n_fields, some);
  *s = limited;
  return some->limit != NULL;
}

bool write_scope(Builder *b, const Path *root, Scope *s) {
  const Arg *where = b_get(b->args, "where"), *all = b_get(b->args, "all");
  Path at = path_key(root, SLICE("where")), all_at = path_key(root, SLICE("all"));
  bool meant = false;
  *s = scope_new(b, b->model);
  if (all && !b_bool(b, &all_at, all, &meant)) return false;
  if (where && arg_is_map(where) && !where->n && !meant)
    return b_error(
        b, &at,
        "An empty `where` would write to every record. Leave `where` out, or say `all = true`, when "
        "that is meant.");
  return scope_narrow(b, s, &at, where, false) && apply_limit(b, root, s);
}

static bool is_list_name(const Model *m, Slice name) {
  const Field *f = model_field(m, name);
  return slice_is(name, "_count") || (f && is_relation(f) && f->arity == ARITY_LIST);
}

bool result_to_one_only(Builder *b, const Path *root) {
  static const char *const clauses[] = {"select", "include"};
  for (size_t i = 0; i < COUNT(clauses); i++) {
    const Arg *clause = b_get(b->args, clauses[i]);
    Path at = path_key(root, slice_of(clauses[i]));
    for (uint32_t k = 0; clause && (clause->kind == ARG_MAP || clause->kind == ARG_LIST) && k < clause->n;
         k++) {
      bool named = clause->kind == ARG_LIST && clause->u.items[k].kind == ARG_STRING;
      Slice name = named ? arg_text(&clause->u.items[k]) : (Slice){0};
      if (clause->kind == ARG_MAP) name = clause->u.pairs[k].key;
      if (is_list_name(b->model, name))
        return b_error(b, &at, "`%.*s` cannot be read by %s: only relations to one record can.",
                       SLICE_ARGS(name), action_name(b->action));
    }
  }
  return true;
}

static bool return_rows(Builder *b, const Path *root, const Scope *s, Row *row) {
  Selection selection = {b->model, b->args, root, NULL};
  uint32_t *n;
  if (!result_to_one_only(b, root)) return false;
  if (!row) row = row_select(b, s);
  Output **outputs = row_outputs(row, &n);
  b->plan->record = selection_record(b, &selection, row->from[0].alias, outputs, n);
  b->plan->result = RESULT_ROWS;
  b->plan->result_step = row->from[0].step;
  return b->plan->record && selection_links(b, &selection, b->plan->record, row->from[0].step);
}

bool write_update_many(Builder *b) {
  static const Slice names[] = {{"where", 5},  {"data", 4},    {"limit", 5}, {"all", 3},
                                {"select", 6}, {"include", 7}, {"omit", 4}};
  bool returns = b->action == CALL_UPDATE_MANY_AND_RETURN;
  const Path *root = path_keep(b, (Path){0});
  Path at = path_key(root, names[1]);
  Scope s;
  Row *row;
  if (!b_only(b, root, "argument", b->args, names, returns ? COUNT(names) : 4)) return false;
  if (!write_scope(b, root, &s) || !update_many(b, &at, &s, b_get(b->args, "data"), NULL, &row)) return false;
  if (returns) return return_rows(b, root, &s, row);
  b->plan->result = RESULT_AFFECTED;
  if (!row) row = row_select(b, &s); /* nothing is to be changed: they are counted */
  b->plan->steps[row->from[0].step].counts = true;
  return true;
}
