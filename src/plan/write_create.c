/* create: the row after what it points to, before what points to it. */
#include "base/vec.h"
#include "plan/write.h"

static bool is_relation(const Field *f) { return f->kind == FIELD_RELATION; }

static void origin_values(Builder *b, const Origin *o, Expr **values) {
  if (!o || !o->field || !o->row) return;
  const Relation *r = o->field->relation;
  for (uint32_t i = 0; i < r->n_fields; i++)
    values[r->fields[i]->column] = row_value(b, o->row, r->references[i]);
}

static bool parents_first(Builder *b, const Data *d, Expr **values) {
  for (uint32_t i = 0; i < d->model->n_fields; i++) {
    const Field *f = &d->model->fields[i];
    Set *sets = NULL;
    uint32_t n = 0;
    if (!is_relation(f) || !field_holds_key(f) || !d->given[i]) continue;
    if (!parent_before(b, d, f, NULL, &sets, &n)) return false;
    for (uint32_t k = 0; k < f->relation->n_fields; k++)
      for (uint32_t s = 0; s < n; s++)
        if (slice_eq(sets[s].name, f->relation->fields[k]->db_name))
          values[f->relation->fields[k]->column] = sets[s].expr;
  }
  return true;
}

static void children_later(Builder *b, const Data *d, Row *row) {
  for (uint32_t i = 0; i < d->model->n_fields; i++) {
    const Field *f = &d->model->fields[i];
    Path at = path_key(d->at, f->name);
    if (is_relation(f) && !field_holds_key(f) && d->given[i]) later_child(b, &at, f, d->given[i], row, true);
  }
}

bool create_row(Builder *b, const Path *at, const Model *m, const Arg *table, const Origin *origin,
                Row **out) {
  Data d;
  Expr **values = ARENA_ARRAY(b->scratch, Expr *, m->n_columns + 1);
  if (!data_read(b, at, m, DATA_CREATE, origin ? origin->field : NULL, table, &d)) return false;
  origin_values(b, origin, values);
  if (!parents_first(b, &d, values) || !data_values(b, &d, values)) return false;
  *out = row_insert(b, m, values);
  children_later(b, &d, *out);
  return true;
}

bool result_row(Builder *b, const Path *root, Row *row, bool plain) {
  Selection s = {b->model, b->args, root, NULL};
  bool scalars;
  if (!selection_scalar_only(b, &s, &scalars)) return false;
  if (!scalars || !plain) {
    Scope back = row_scope(b, row);
    return read_back(b, &s, scope_from(b, &back), back.where);
  }
  uint32_t *n;
  Output **outputs = row_outputs(row, &n);
  b->plan->record = selection_record(b, &s, row->from[0].alias, outputs, n);
  b->plan->result = RESULT_ROW;
  b->plan->result_step = row->from[0].step;
  return b->plan->record != NULL;
}

bool write_create(Builder *b) {
  static const Slice names[] = {
      {"data", 4}, {"select", 6}, {"include", 7}, {"omit", 4}, {"relationLoadStrategy", 20}};
  const Path *root = path_keep(b, (Path){0});
  Path at = path_key(root, names[0]);
  const Arg *data = b_get(b->args, "data");
  Arg none = {.kind = ARG_EMPTY, .leaf = ARG_NO_LEAF};
  Row *row;
  if (!b_only(b, root, "argument", b->args, names, COUNT(names)) || !read_strategy(b, root)) return false;
  if (!data) data = arena_copy(b->scratch, &none, sizeof none);
  return create_row(b, &at, b->model, data, NULL, &row) && later_run(b) && result_row(b, root, row, true);
}
