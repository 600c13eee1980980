/* Reading results: station 8. Decoders are bound once per plan and step, and again when a column's type is
 * another. */
#include "engine/engine_private.h"

static Binding *binding_of(const Request *r, uint16_t step) {
  return r->ref ? &r->ref->bindings[step] : NULL;
}

const Result *step_result(const Request *r, uint16_t step, uint32_t *first, uint32_t *n) {
  const Result *result = (r->carrier ? r->carrier : r)->states[step].result;
  *first = r->carrier && r->row ? r->row - 1 : 0;
  *n = r->carrier ? r->row > 0 : result ? result_rows(result) : 0;
  return result;
}

static bool rows_bind(Rows *out, Err *e) {
  Request *r = out->request;
  uint16_t step = out->step;
  uint32_t first, n;
  const Result *result = step_result(r, step, &first, &n);
  if (!result) return true;
  out->n_columns = (uint16_t)(result_columns(result) - (r->carrier != NULL)); /* not the key's place */
  Binding *b = binding_of(r, step);
  if (!b) return true;
  if (out->n_columns != r->steps[step].n_columns && r->steps[step].n_columns)
    return err_set(e, ERR_P2023, "The server answered %u columns, %u were asked for.", out->n_columns,
                   r->steps[step].n_columns);
  if (!r->steps[step].n_columns) out->n_columns = 0;
  for (uint16_t i = 0; i < out->n_columns; i++) {
    uint32_t oid = result_oid(result, i);
    if (b->oids[i] == oid && b->decoders[i]) continue;
    b->oids[i] = oid;
    b->decoders[i] = codec_decode(oid);
  }
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
  for (uint16_t i = 0; i <= more_steps(r, step); i++) {
    uint32_t first, n;
    (void)step_result(r, (uint16_t)(step + i), &first, &n);
    out->n_rows += n;
  }
  return rows_bind(out, e);
}

/* Go on with the step that has the row `at`. */
static bool rows_move(Rows *rows, Err *e) {
  uint32_t first, n;
  for (;;) {
    (void)step_result(rows->request, rows->step, &first, &n);
    if (rows->at - rows->before < n) return true;
    rows->before += n;
    rows->step++;
    if (!rows_bind(rows, e)) return false;
  }
}

Slice rows_name(const Rows *rows, uint16_t column) {
  uint32_t first, n;
  return result_name(step_result(rows->request, rows->step, &first, &n), column);
}

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
  if (!rows_move(rows, e)) return false;
  uint32_t first, n, at = rows->at - rows->before;
  const Result *result = step_result(r, rows->step, &first, &n);
  const Binding *b = binding_of(r, rows->step);
  uint32_t row = first + (r->steps[rows->step].reversed ? n - 1 - at : at);
  for (uint16_t i = 0; i < rows->n_columns; i++) {
    Slice cell;
    if (!result_cell(result, row, i, &cell)) {
      out[i] = (Value){.kind = VALUE_NULL};
      continue;
    }
    Decode *decode = b ? b->decoders[i] : codec_decode(result_oid(result, i));
    decode(&out[i], (const uint8_t *)cell.p, cell.n, r->arena);
    if (out[i].kind == VALUE_INVALID)
      return out[i].len == INVALID_NO_MEMORY ? err_oom(e) : broken_cell(rows, i, e);
  }
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
