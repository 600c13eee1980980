/* Reading results: station 8. Decoders are bound once per plan and step, and again when a column's type is
 * another. */
#include "engine/engine_private.h"

const Result *step_result(const Request *r, uint16_t step, uint32_t *first, uint32_t *n) {
  const Result *result = (r->carrier ? r->carrier : r)->states[step].result;
  *first = r->carrier && r->row ? r->row - 1 : 0;
  *n = r->carrier ? r->row > 0 : result ? result_rows(result) : 0;
  return result;
}

/* Raw rows have no plan, and so nothing that would keep decoders. */
static Binding *binding_new(const Rows *rows) {
  Arena *a = rows->request->arena;
  uint32_t n = rows->n_columns + 1u;
  Binding *b = arena_try(a, sizeof *b);
  uint32_t *oids = arena_try(a, sizeof *oids * n);
  Decode **decoders = arena_try(a, sizeof(Decode *) * n);
  if (!b || !oids || !decoders) return NULL;
  memset(decoders, 0, sizeof(Decode *) * n);
  *b = (Binding){oids, decoders};
  return b;
}

static bool columns_check(Rows *rows, Err *e) {
  uint16_t asked = rows->request->steps[rows->step].n_columns;
  if (rows->n_columns != asked && asked)
    return err_set(e, ERR_P2023, "The server answered %u columns, %u were asked for.", rows->n_columns,
                   asked);
  if (!asked) rows->n_columns = 0;
  return true;
}

/* Begin with the rows of rows->step. */
static bool rows_bind(Rows *rows, Err *e) {
  Request *r = rows->request;
  const Result *result = step_result(r, rows->step, &rows->first, &rows->n);
  rows->result = result;
  if (!result) return true;
  rows->n_columns = (uint16_t)(result_columns(result) - (r->carrier != NULL)); /* not the key's place */
  if (r->ref && !columns_check(rows, e)) return false;
  Binding *b = r->ref ? &r->ref->bindings[rows->step] : binding_new(rows);
  if (!b) return err_oom(e);
  for (uint16_t i = 0; i < rows->n_columns; i++) {
    uint32_t oid = result_oid(result, i);
    if (b->oids[i] == oid && b->decoders[i]) continue;
    b->oids[i] = oid;
    b->decoders[i] = codec_decode(oid);
  }
  rows->binding = b;
  return true;
}

/* The steps behind `step` that have further rows of the same result. */
static uint16_t more_steps(const Request *r, uint16_t step) {
  const Plan *plan = r->ref ? r->ref->plan : NULL;
  return plan && plan->more_steps && step == plan->result_step ? plan->more_steps : 0;
}

bool rows_open(Request *r, uint16_t step, Rows *out, Err *e) {
  if (step >= r->n_steps) return err_set(e, ERR_INTERNAL, "no step %u", step);
  *out = (Rows){.request = r, .step = step};
  if (!rows_bind(out, e)) return false;
  out->n_rows = out->n;
  for (uint16_t i = more_steps(r, step); i > 0; i--) {
    uint32_t first, n;
    (void)step_result(r, (uint16_t)(step + i), &first, &n);
    out->n_rows += n;
  }
  return true;
}

/* Go on with the step that has the row `at`. */
static bool rows_move(Rows *rows, Err *e) {
  while (rows->at - rows->before >= rows->n) {
    rows->before += rows->n;
    rows->step++;
    if (!rows_bind(rows, e)) return false;
  }
  return true;
}

Slice rows_name(const Rows *rows, uint16_t column) { return result_name(rows->result, column); }

static bool broken_cell(const Rows *rows, uint16_t column, Err *e) {
  Slice name = rows_name(rows, column);
  return err_set(e, ERR_P2023, "Inconsistent column data: the value of \"%.*s\" is malformed (row %u).",
                 SLICE_ARGS(name), rows->at + 1);
}

bool rows_next(Rows *rows, Value out[], Err *e) {
  Request *r = rows->request;
  if (rows->at >= rows->n_rows) {
    e->code = ERR_NONE;
    return false;
  }
  if (rows->at - rows->before >= rows->n && !rows_move(rows, e)) return false;
  uint32_t at = rows->at - rows->before;
  if (r->steps[rows->step].reversed) at = rows->n - 1 - at;
  uint32_t done =
      result_decode(rows->result, rows->first + at, rows->n_columns, rows->binding->decoders, out, r->arena);
  if (done < rows->n_columns)
    return out[done].len == INVALID_NO_MEMORY ? err_oom(e) : broken_cell(rows, (uint16_t)done, e);
  rows->at++;
  return true;
}

const Column *rows_columns(const Rows *rows, Arena *a) {
  const Request *r = rows->request;
  if (r->ref) return r->steps[rows->step].columns;
  Column *columns = ARENA_ARRAY(a, Column, rows->n_columns);
  for (uint16_t i = 0; i < rows->n_columns; i++)
    columns[i].type = type_of_oid(result_oid(r->states[rows->step].result, i), &columns[i].array);
  return columns;
}

_Static_assert(sizeof(ArrayIter) == sizeof(ListIter),
               "an ArrayIter is a ListIter that runtime need not know");

bool array_open(ArrayIter *it, const Rows *rows, const Value *array, uint32_t *n) {
  return list_open((ListIter *)(void *)it, array, n, rows->request->arena);
}

bool array_next(ArrayIter *it, Value *out) { return list_next((ListIter *)(void *)it, out); }
