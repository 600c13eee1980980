/* Streams: the rows of one call by batches, through a cursor of the server. The first step of a findMany is
 * what the cursor is for; the others look for the children of the rows that a batch brought, as they do for
 * those of a whole answer. */
#include "engine/engine_private.h"

uint32_t engine_cursor(Engine *g) { return ++g->n_cursors; }

void request_declare(Request *r, uint32_t cursor) {
  r->cursor_verb = CURSOR_DECLARE;
  r->cursor = cursor;
}

void request_fetch(Request *r, uint32_t cursor, uint32_t rows) {
  r->cursor_verb = CURSOR_FETCH;
  r->cursor = cursor;
  r->cursor_rows = rows;
}

static void fetch_turn(void *ctx) {
  Request *r = ctx;
  Step *steps = arena_copy(r->arena, r->steps, r->n_steps * sizeof *steps);
  Step *first = &steps[0];
  first->sql = slice_printf(r->arena, "FETCH FORWARD %u FROM lorm_%u", r->cursor_rows, r->cursor);
  first->unnamed = true;
  first->params = NULL;
  first->n_params = 0;
  r->steps = steps;
}

bool cursor_fetch_turn(Request *r, Err *e) {
  if (r->cursor_verb != CURSOR_FETCH) return true;
  return arena_protect(r->arena, NULL, fetch_turn, r) || err_oom(e);
}

/* It is still the call, so that a listener is told its values; but of one step, and without an answer. */
static void declare_turn(void *ctx) {
  Request *r = ctx;
  Step *step = arena_copy(r->arena, r->steps, sizeof *step);
  step->sql =
      slice_printf(r->arena, "DECLARE lorm_%u NO SCROLL CURSOR FOR %.*s", r->cursor, SLICE_ARGS(step->sql));
  step->unnamed = true;
  step->n_columns = 0;
  r->steps = step;
  r->n_steps = r->n_flights = 1;
}

bool cursor_declare_turn(Request *r, Err *e) {
  if (r->cursor_verb != CURSOR_DECLARE) return true;
  if (!r->steps[0].reversed) return arena_protect(r->arena, NULL, declare_turn, r) || err_oom(e);
  (void)err_set(e, ERR_VALIDATION, "A stream goes forward only: take must not be negative.");
  err_path(e, SLICE("take"));
  err_text(e->model, sizeof e->model, r->model->name);
  return false;
}

static void nobody(Request *r, void *ctx) {
  (void)r;
  (void)ctx;
}

static void close_text(void *ctx) {
  Request *r = ctx;
  request_raw(r, slice_printf(r->arena, "CLOSE lorm_%u", r->cursor), NULL, 0, false);
}

void tx_close_cursor(Tx *tx, uint32_t cursor) {
  Err ignored; /* the cursor is open until the transaction ends, then */
  Engine *g = tx_engine(tx);
  Request *r = tx_has_cursor(tx, cursor) ? request_take(g, &ignored) : NULL;
  if (!r) return;
  r->cursor = cursor;
  request_in(r, tx);
  if (arena_protect(r->arena, NULL, close_text, r) && engine_submit(r, nobody, NULL, &ignored))
    engine_detach(r);
  else
    request_release(r);
}
