/* Explaining a call: its statements as the server would run them. */
#include "engine/engine_private.h"

void request_explain(Request *r, uint16_t step, bool analyze) {
  r->explain = true;
  r->explain_step = step;
  r->analyze = analyze;
}

static void turn(void *ctx) {
  Request *r = ctx;
  const Step *step = &r->steps[r->explain_step];
  StepState *state = ARENA_NEW(r->arena, StepState);
  state->cells = r->states[r->explain_step].cells;
  r->raw_sql = slice_printf(r->arena, "EXPLAIN (FORMAT JSON%s) %.*s", r->analyze ? ", ANALYZE" : "",
                            SLICE_ARGS(step->sql));
  r->raw_step = (Step){.sql = r->raw_sql, .n_params = step->n_params, .unnamed = true};
  r->states = state;
}

bool explain_turn(Request *r, Err *e) {
  if (r->explain_step >= r->n_steps) return err_set(e, ERR_USAGE, "This call has %u statements.", r->n_steps);
  if (r->analyze && r->ref->plan->writes)
    return err_set(e, ERR_USAGE, "A call that writes cannot be analyzed: it would be run for that.");
  if (!arena_protect(r->arena, NULL, turn, r)) return err_oom(e);
  plan_unpin(r->ref); /* the text and the cells are the request's own */
  r->ref = NULL;
  r->kind = REQUEST_RAW;
  r->raw_rows = true;
  r->n_raw_params = 0;
  r->steps = &r->raw_step;
  r->n_steps = r->n_flights = 1;
  return true;
}
