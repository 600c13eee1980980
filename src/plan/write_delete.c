/* delete, deleteMany. A row is read with its selection before it goes, or is marked as gone. */
#include "plan/write.h"

/* The marker is set, to now or to true. */
static bool mark_rows(Builder *b, const Path *at, const Scope *s, const Field *marker, Row **out) {
  Set *sets = NULL;
  uint32_t n = 0;
  Field *now = arena_copy(b->arena, marker, sizeof *marker);
  now->def = (Default){.kind = DEFAULT_NOW};
  if (marker->type == TYPE_BOOL)
    set_add(b, &sets, &n, marker, expr_new(b, EXPR_TRUE));
  else if (marker->kind == FIELD_SCALAR && marker->scalar == SCALAR_DATETIME && marker->arity != ARITY_LIST)
    set_add(b, &sets, &n, marker, b_slot(b, now, NULL));
  else
    return b_error(b, at, "`%.*s` cannot mark deleted records: that takes a DateTime or a Boolean.",
                   SLICE_ARGS(marker->name));
  for (uint32_t i = 0; i < s->model->n_columns; i++)
    if (s->model->columns[i]->updated_at)
      set_add(b, &sets, &n, s->model->columns[i], b_slot(b, s->model->columns[i], NULL));
  *out = row_hide(b, s, sets, n);
  return true;
}

bool delete_rows(Builder *b, const Path *at, const Scope *s, Row **out) {
  const Field *marker = visible_marker(b, s->model);
  if (marker) return mark_rows(b, at, s, marker, out);
  if (!actions_on_delete(b, at, s, 0)) return false;
  *out = row_delete(b, s);
  return true;
}

/* The old row: RETURNING what the selection wants, when that is only columns. */
static bool old_row(Builder *b, const Path *root, const Scope *s, bool *returns) {
  Selection selection = {b->model, b->args, root, NULL};
  if (!selection_scalar_only(b, &selection, returns)) return false;
  return *returns || read_back(b, &selection, scope_from(b, s), s->where);
}

bool write_delete(Builder *b) {
  static const Slice names[] = {
      {"where", 5}, {"select", 6}, {"include", 7}, {"omit", 4}, {"relationLoadStrategy", 20}};
  const Path *root = path_keep(b, (Path){0});
  Path at = path_key(root, names[0]);
  bool returns;
  Row *row;
  Scope s = scope_new(b, b->model);
  if (!b_only(b, root, "argument", b->args, names, COUNT(names)) || !read_strategy(b, root)) return false;
  if (!scope_narrow(b, &s, &at, b_get(b->args, "where"), true)) return false;
  if (!old_row(b, root, &s, &returns) || !delete_rows(b, &at, &s, &row)) return false;
  row_check(b, row, check_found(b, "No record was found for a delete."));
  return !returns || result_row(b, root, row, true);
}

bool write_delete_many(Builder *b) {
  static const Slice names[] = {{"where", 5}, {"limit", 5}, {"all", 3}};
  const Path *root = path_keep(b, (Path){0});
  Scope s;
  Row *row;
  if (!b_only(b, root, "argument", b->args, names, COUNT(names))) return false;
  if (!write_scope(b, root, &s) || !delete_rows(b, root, &s, &row)) return false;
  b->plan->steps[row->from[0].step].counts = true;
  b->plan->result = RESULT_AFFECTED;
  return true;
}
