/* What goes out of a run, and when: its own statements, then those of its requests, flight by flight. */
#include "engine/exec_private.h"

/* ---- steps ---- */

uint32_t step_rows(const StepState *state) {
  if (!state->result) return 0;
  uint32_t rows = result_rows(state->result);
  return rows ? rows : (uint32_t)result_affected(state->result);
}

static bool guard_holds(const Request *r, const Step *step) {
  if (step->guard == GUARD_NONE) return true;
  const StepState *on = &r->states[step->guard_step];
  if (on->status != STEP_DONE) return false;
  return (step_rows(on) > 0) == (step->guard == GUARD_ROWS);
}

/* Raw and transaction steps have cells only: their params are NULL. */
static bool sources_have_rows(const Request *r, const Step *step) {
  for (uint16_t k = 0; step->params && k < step->n_params; k++) {
    const Param *p = &step->params[k];
    if ((p->source != PARAM_CELL && p->source != PARAM_KEYS) || p->optional) continue;
    const Result *from = r->states[p->step].result;
    if (!from || result_rows(from) == 0) return false;
  }
  return true;
}

static bool takes_late(const Step *step) {
  for (uint16_t k = 0; step->params && k < step->n_params; k++)
    if (step->params[k].source == PARAM_CELL || step->params[k].source == PARAM_KEYS) return true;
  return false;
}

static bool step_send(Run *run, Request *r, uint16_t i, Err *e) {
  const Step *step = &r->steps[i];
  StepState *state = &r->states[i];
  if (step->apart || !guard_holds(r, step) || !sources_have_rows(r, step)) {
    state->status = STEP_SKIPPED;
    return true;
  }
  if (takes_late(step) && !encode_late(r, i, e)) return false;
  Statement statement = {
      .sql = step->sql, .hash = step->hash, .unnamed = step->unnamed, .foreign = r->kind == REQUEST_RAW};
  if (!segment_send(run->segment, &statement, state->cells, step->n_params, e)) return false;
  state->status = STEP_SENT;
  run->sent[run->n_sent++] = (Sent){r, i};
  return true;
}

/* After the last flight of `r`: must its answers be seen before the segment may be committed? A gated plan
 * that fails its check has done nothing; inside a transaction the caller decides. */
static bool must_see(const Run *run, const Request *r, uint16_t flight) {
  if (r->kind != REQUEST_CALL || r->tx || (r->ref->plan->gated && run->n == 1) || !r->ref->plan->writes)
    return false;
  for (uint16_t i = 0; i < r->n_steps; i++)
    if (r->steps[i].flight == flight && r->steps[i].n_checks && r->states[i].status == STEP_SENT) return true;
  return false;
}

/* In a transaction nothing undoes what was sent after a step whose check fails: such a step is waited for. */
static bool holds_back(const Request *r, uint16_t i) {
  return r->tx && r->kind == REQUEST_CALL && !r->ref->plan->gated && r->steps[i].n_checks &&
         r->states[i].status == STEP_SENT;
}

/* The steps of this flight that are still to go, or those up to one that holds the others back. */
static bool flight_send(Run *run, Request *r, uint16_t flight, bool *held, Err *e) {
  *held = false;
  for (uint16_t i = 0; i < r->n_steps && !*held; i++) {
    if (r->steps[i].flight != flight || r->states[i].status != STEP_WAITING) continue;
    if (!step_send(run, r, i, e)) return false;
    *held = holds_back(r, i);
  }
  return true;
}

/* ---- the run's own statements ---- */

static bool own_send(Run *run, const Statement *st, const Cell *cells, uint32_t n, Err *e) {
  run->sent[run->n_sent++] = (Sent){0};
  return segment_send(run->segment, st, cells, n, e);
}

bool run_send_opening(Run *run, bool begins, Err *e) {
  Tx *tx = run->requests[0]->tx;
  run->begins = begins;
  if (begins) {
    tx_asked(tx);
    if (!own_send(run, tx_beginning(tx), NULL, 0, e)) return false;
  }
  if (run->opening && !own_send(run, run->opening, NULL, 0, e)) return false;
  if (!run->identity.sql.n || (tx && !begins)) return true;
  return own_send(run, &run->identity, run->identity_cells, run->n_identity_cells, e);
}

/* The deadline goes out before the first statement of `r`. */
static bool deadline_set(Run *run, Request *r, Err *e) {
  if (!r->timeout_ms || r->timed) return true;
  bool alone = run->n == 1 && !r->tx;
  if (!timeout_set(run->segment, r, alone, e)) return false;
  run->sent[run->n_sent++] = (Sent){0};
  r->timed = true;
  return true;
}

/* It is no concern of what comes behind `r` in the same transaction. */
static bool deadline_restore(Run *run, const Request *r, Err *e) {
  if (!r->timed || (run->n == 1 && !r->tx)) return true;
  if (!timeout_restore(run->segment, e)) return false;
  run->sent[run->n_sent++] = (Sent){0};
  return true;
}

/* ---- flights ---- */

bool run_send(Run *run, Err *e) {
  if (run->engine->on_query) run->sent_at = loop_clock_us();
  while (run->at < run->n) {
    Request *r = run->requests[run->at];
    if (!deadline_set(run, r, e)) return false;
    uint16_t flight = run->flight;
    uint32_t before = run->n_sent;
    bool held;
    if (!flight_send(run, r, flight, &held, e)) return false;
    if (held) return segment_flush(run->segment, e);
    run->flight++;
    bool last = run->flight >= r->n_flights,
         wait = run->n_sent > before && (!last || must_see(run, r, flight));
    if (last) {
      if (!deadline_restore(run, r, e)) return false;
      run->at++;
      run->flight = 0;
    }
    if (wait) return segment_flush(run->segment, e);
  }
  return segment_sync(run->segment, e);
}

bool run_cut_short(Run *run, Err *e) {
  const Request *r = run->at < run->n ? run->requests[run->at] : NULL;
  return (!r || deadline_restore(run, r, e)) && segment_sync(run->segment, e);
}
