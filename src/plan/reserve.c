/* reserveIds: the next values of the sequence behind a model's autoincrement() field. */
#include "plan/write.h"

static const Field *serial_field(const Model *m) {
  for (uint32_t i = 0; i < m->n_columns; i++)
    if (m->columns[i]->def.kind == DEFAULT_AUTOINCREMENT) return m->columns[i];
  return NULL;
}

static void put_quoted(Buf *to, Slice name) {
  buf_byte(to, '"');
  for (uint32_t i = 0; i < name.n; i++) {
    if (name.p[i] == '"') buf_byte(to, '"');
    buf_byte(to, name.p[i]);
  }
  buf_byte(to, '"');
}

/* The name of the table as the server's function reads it. */
static Slice table_text(Builder *b, const Model *m) {
  Buf name = buf_in(b->scratch);
  put_quoted(&name, m->db_schema.n ? m->db_schema : b->config->default_schema);
  buf_byte(&name, '.');
  put_quoted(&name, m->db_name);
  return buf_slice(&name);
}

bool write_reserve(Builder *b) {
  static const Slice names[] = {{"count", 5}};
  const Path *root = path_keep(b, (Path){0});
  Path at = path_key(root, names[0]);
  const Arg *count = b_get(b->args, "count");
  const Field *f = serial_field(b->model);
  if (!b_only(b, root, "argument", b->args, names, COUNT(names))) return false;
  if (!f) return b_error(b, root, "`%.*s` has no autoincrement() field.", SLICE_ARGS(b->model->name));
  if (!count || count->kind != ARG_INT)
    return b_error(b, &at, "Expected an integer, provided %s.", count ? arg_kind_name(count) : "nothing");
  Expr *n = b_param_type(b, &at, count, TYPE_INT8, false, AS_IS);
  if (!n) return false;
  Expr *place[] = {b_const(b, table_text(b, b->model)), b_const(b, f->db_name)};
  Expr *sequence = expr_call(b, FN_SERIAL_SEQUENCE, 2, place);
  Select *select = ARENA_NEW(b->scratch, Select);
  Record *record = ARENA_NEW(b->arena, Record);
  select->from = from_series(b, n);
  record_slot(b, record, SLICE("id"), SLOT_COLUMN)->column =
      output_add(b, &select->outputs, &select->n_outputs, expr_call(b, FN_NEXTVAL, 1, &sequence),
                 (Column){.type = TYPE_INT8});
  b->plan->result = RESULT_ROWS;
  b->plan->record = record;
  b->plan->result_step = b_select(b, select);
  return true;
}
