/* Writes and scopes: no row that a call makes or changes may be one that does not exist for its client when
 * all is done, for that client could not have asked for it. Where the values themselves say that it does,
 * nothing is added; else the rows are looked for, by their keys, behind all other steps:
 *
 *   UPDATE post SET "tenantId" = $1 ... RETURNING id
 *   SELECT 1 FROM post WHERE id = ANY(keys) AND NOT coalesce(<scope>, false)      must have no rows, else
 * P2004 */
#include "base/vec.h"
#include "plan/write.h"

/* ---- do the values say it? ---- */

/* Is this what the scope says the field has? `value` NULL: it is left to the database. */
static bool fits(Builder *b, const Model *m, const Field *f, const Expr *value) {
  const Arg *equals = visible_equals(b, m, f);
  if (!equals) return false;
  bool null = b_is_null(b, equals);
  if (!value || value->kind == EXPR_DEFAULT)
    return null && f->def.kind == DEFAULT_NONE && f->arity == ARITY_OPTIONAL && !f->updated_at;
  if (value->kind == EXPR_NULL) return null;
  if (value->kind == EXPR_CAST) value = value->args[0];
  if (value->kind != EXPR_PARAM || value->param.source != PARAM_LEAF) return false;
  const Arg *given = b->shape->leaves[value->param.leaf];
  if (given == equals) return true;
  return null ? b_is_null(b, given) : b_same(b, given, equals);
}

static int column_at(const Query *q, const Field *f) {
  for (uint32_t i = 0; i < q->n_columns; i++)
    if (slice_eq(q->columns[i], f->db_name)) return (int)i;
  return -1;
}

static bool inserts_fit(Builder *b, const Query *q, const Field *f) {
  int at = column_at(q, f);
  if (at < 0) return fits(b, q->model, f, NULL);
  if (q->select) return fits(b, q->model, f, q->select->outputs[at].expr);
  for (uint32_t i = 0; i < q->n_rows; i++)
    if (!fits(b, q->model, f, q->values[i * q->n_columns + (uint32_t)at])) return false;
  return true;
}

static bool insert_is_visible(Builder *b, const Query *q) {
  if (!visible_outright(b, q->model)) return false;
  for (uint32_t i = 0; i < q->model->n_columns; i++)
    if (visible_equals(b, q->model, q->model->columns[i]) && !inserts_fit(b, q, q->model->columns[i]))
      return false;
  return true;
}

static bool set_fits(Builder *b, const Query *q, const Field *f, const Expr *value) {
  bool excluded =
      value->kind == EXPR_COLUMN && value->alias == EXCLUDED_ALIAS && slice_eq(value->name, f->db_name);
  return excluded ? inserts_fit(b, q, f) : fits(b, q->model, f, value);
}

/* Other steps may write what a scope looks at. */
static bool writes_more(Builder *b) {
  uint32_t n = 0;
  for (uint16_t i = 0; i < b->plan->n_steps; i++) n += b->queries[i]->kind != STATEMENT_SELECT;
  return n > 1;
}

/* The rows existed before; do they still, by what was set? */
static bool sets_are_visible(Builder *b, const Query *q) {
  const Model *m = q->model;
  if (visible_depends(b, m, NULL) && writes_more(b)) return false;
  for (uint32_t i = 0; i < q->n_sets; i++)
    for (uint32_t k = 0; k < m->n_columns; k++)
      if (slice_eq(m->columns[k]->db_name, q->sets[i].name) && visible_depends(b, m, m->columns[k]) &&
          !set_fits(b, q, m->columns[k], q->sets[i].expr))
        return false;
  return true;
}

static bool is_visible(Builder *b, const Query *q) {
  if (q->kind != STATEMENT_INSERT && q->kind != STATEMENT_UPDATE) return true;
  if (!q->model || q->may_hide || visible_all(b, q->model)) return true;
  return (q->kind != STATEMENT_INSERT || insert_is_visible(b, q)) && sets_are_visible(b, q);
}

/* ---- looking ---- */

/* (a, b) IN (SELECT c1, c2 FROM unnest(keys, keys)) */
static Expr *among_keys(Builder *b, Query *q, uint16_t step, uint32_t alias) {
  const Index *key = model_identity(q->model);
  Expr **columns = ARENA_ARRAY(b->scratch, Expr *, key->n_fields),
       **keys = ARENA_ARRAY(b->scratch, Expr *, key->n_fields);
  for (uint32_t i = 0; i < key->n_fields; i++) {
    const Field *f = key->fields[i].field;
    uint16_t at = output_add(b, &q->returning, &q->n_returning, expr_column(b, q->alias, f), column_of(f));
    columns[i] = expr_column(b, alias, f);
    keys[i] = b_keys(b, step, at, f);
  }
  if (key->n_fields == 1) return expr_any(b, EXPR_ANY, OP_EQ, columns[0], keys[0]);
  Expr *in = expr_list(b, EXPR_IN_SELECT, key->n_fields, columns);
  in->select = ARENA_NEW(b->scratch, Select);
  in->select->from = from_unnest(b, key->n_fields, keys);
  for (uint32_t i = 0; i < key->n_fields; i++)
    *VEC_PUSH(b->scratch, in->select->outputs, in->select->n_outputs) =
        (Output){.expr = expr_named(b, in->select->from->alias, slice_printf(b->scratch, "c%u", i + 1)),
                 .column = column_of(key->fields[i].field)};
  return in;
}

static void look_for_hidden(Builder *b, Query *q, uint16_t step) {
  Scope s = scope_new(b, q->model);
  Expr *filter = visible(b, q->model, s.alias);
  if (!filter) return; /* a where that says nothing: { AND = {} } */
  Expr *exists = expr_call(b, FN_COALESCE, 2, (Expr *[]){filter, expr_new(b, EXPR_FALSE)});
  s.where = expr_and(b, among_keys(b, q, step, s.alias), expr_not(b, exists));
  Check check = check_rows(b, CHECK_NO_ROWS, ERR_P2004,
                           "The %.*s record would not exist for this client: its scope says otherwise.",
                           SLICE_ARGS(q->model->name));
  check.fatal = true;
  row_check(b, row_select(b, &s), check);
}

bool written_visible(Builder *b) {
  uint16_t n = b->plan->n_steps;
  if (!b->shape->scopes) return true;
  b->guard = GUARD_NONE;
  for (uint16_t i = 0; i < n; i++)
    if (!is_visible(b, b->queries[i])) look_for_hidden(b, b->queries[i], i);
  return true;
}

/* ---- ON CONFLICT ---- */

static Slice key_fields(Builder *b, const Index *key, const char *quote) {
  Buf out = buf_in(b->arena);
  for (uint32_t i = 0; i < key->n_fields; i++)
    buf_printf(&out, "%s%s%.*s%s", i ? "," : "", quote, SLICE_ARGS(key->fields[i].field->name), quote);
  return buf_slice(&out);
}

void conflict_visible(Builder *b, Query *q, const Index *key, const Arg *rows) {
  uint16_t step = 0;
  if (visible_all(b, q->model)) return;
  q->conflict_where = visible(b, q->model, q->alias);
  while (b->queries[step] != q) step++;
  Slice quoted = key_fields(b, key, "`");
  Check check = check_rows(b, rows ? CHECK_COUNT : CHECK_SOME, ERR_P2002,
                           "Unique constraint failed on the fields: (%.*s)", SLICE_ARGS(quoted));
  check.target = key_fields(b, key, "");
  check.count = q->n_rows;
  check.fatal = rows != NULL;
  if (q->select) check.count_leaf = rows->leaf; /* a list of rows, as columns */
  step_check(b, step, check);
}
