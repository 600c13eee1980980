/* COPY: rows in and out over a transaction's connection. The call that began it has asked for the types of
 * the columns; each move of rows is a request of its own, so that whoever waits for one does so as for any
 * other.
 *
 *   in   ROWS: what was made since the last one is put when the server has room; done by then. END: the rest,
 *        and the answer. See copy_in.c
 *   out  FETCH: the server's rows are read until there are as many as were asked for; then it is let wait. */
#include "pg/copy.h"
#include "base/mem.h"
#include "engine/copy_private.h"

/* ---- steps end ---- */

void copy_step_finish(Copy *c) {
  Request *r = c->step;
  c->step = NULL;
  c->stepped = false;
  if (!r) return;
  r->failed = c->failed;
  if (c->failed) r->err = c->err;
  r->copied = c->affected;
  if (r->copy_verb == COPY_FETCH) {
    r->steps = c->call->steps;
    r->n_steps = c->call->n_steps;
    r->states[r->ref->plan->result_step].result = c->batch;
    c->batch = NULL;
  }
  request_finish(r);
}

void copy_fail(Copy *c, const Err *e) {
  if (c->failed) return;
  c->failed = true;
  c->err = *e;
}

/* It holds nothing of the engine's any more. */
static void copy_let_go(Copy *c) {
  if (!c->engine) return;
  loop_soon_cancel(c->engine->loop, &c->soon);
  result_free(c->batch);
  c->batch = NULL;
  if (c->in) copy_in_free(c);
  request_release(c->call);
  c->call = NULL;
  c->engine = NULL;
}

/* ---- out ---- */

static void on_piece(void *ctx, Slice bytes) {
  Copy *c = ctx;
  Err e;
  switch (copy_read(bytes, &c->begun, c->batch)) {
    case COPY_READ_ROW:
      if (result_rows(c->batch) < c->step->copy_rows) return;
      copy_pause(c->segment, true);
      copy_step_finish(c);
      return;
    case COPY_READ_NONE: return;
    case COPY_READ_BROKEN:
      (void)err_set(&e, ERR_P2023, "Inconsistent column data: the server sent a broken row.");
      break;
    case COPY_READ_NO_MEMORY: (void)err_oom(&e); break;
  }
  copy_fail(c, &e);
  segment_abort(c->segment);
}

/* ---- both ---- */

static void on_ready(void *ctx) { copy_in_ready(ctx); }

static void on_result(void *ctx, uint32_t i, Result *r) {
  Copy *c = ctx;
  (void)i;
  c->affected += result_affected(r);
  result_free(r);
}

static void on_flight(void *ctx) { (void)ctx; }

static void report(const Copy *c, const Err *error) {
  Engine *g = c->engine;
  g->n_queries++;
  if (!g->on_query) return;
  QueryEvent event = {c->call->steps[c->call->n_steps - 1].sql, SLICE("[]"), loop_clock_us() - c->since,
                      error};
  g->on_query(g->on_query_ctx, &event);
}

static void on_done(void *ctx, const Err *error, Outcome outcome) {
  Copy *c = ctx;
  (void)outcome; /* a transaction's is known by its COMMIT alone */
  c->segment = NULL;
  if (error) {
    Err e = *error;
    error_translate(c->call, &e);
    copy_fail(c, &e);
  }
  report(c, error);
  if (error || c->failed) tx_statement_failed(c->tx); /* it may end by that, and let the copy go */
  if (!c->engine) return;
  if (c->in)
    copy_in_done(c);
  else
    copy_step_finish(c);
}

const SegmentOps copy_ops = {on_result, on_flight, on_done, on_ready, on_piece};

/* A step that can go on, or end, without waiting for the wire. */
static void on_soon(void *ctx) {
  Copy *c = ctx;
  if (c->in)
    copy_in_go(c);
  else if (!c->segment || c->failed)
    copy_step_finish(c);
}

/* ---- the caller's verbs ---- */

bool copy_begin(Request *r, Copy **out, Err *e) {
  Copy *c = mem_zalloc(sizeof *c);
  if (!c) return err_oom(e);
  *c = (Copy){.engine = r->engine,
              .tx = r->tx,
              .conn = tx_conn(r->tx),
              .call = r,
              .in = r->action == CALL_COPY_IN,
              .soon = {.call = on_soon, .ctx = c},
              .since = loop_clock_us()};
  bool good = tx_usable(r->tx, e);
  if (good && c->in) good = copy_in_new(c, e);
  if (good && !c->in) {
    c->segment = copy_open(c->conn, false, r->steps[r->n_steps - 1].sql, &copy_ops, c, e);
    good = c->segment != NULL;
  }
  if (!good) {
    if (c->in) copy_in_free(c);
    mem_free(c);
    return false;
  }
  if (!c->in) copy_pause(c->segment, true);
  tx_copying(r->tx, c);
  *out = c;
  return true;
}

static void step_new(Request *r, Copy *c, CopyVerb verb) {
  r->kind = REQUEST_COPY;
  r->copy = c;
  r->copy_verb = verb;
  if (!c->call) return; /* it is over: copy_prepare says so */
  r->model = c->call->model;
  r->action = c->call->action;
}

void request_copy_rows(Request *r, Copy *c) { step_new(r, c, COPY_ROWS); }

void request_copy_end(Request *r, Copy *c) { step_new(r, c, COPY_END); }

void request_copy_fetch(Request *r, Copy *c, uint32_t rows) {
  step_new(r, c, COPY_FETCH);
  r->copy_rows = rows;
}

static void out_prepare(void *ctx) {
  Request *r = ctx;
  r->states = ARENA_ARRAY(r->arena, StepState, r->copy->call->n_steps);
}

bool copy_prepare(Request *r, Err *e) {
  Copy *c = r->copy;
  if (c->failed) *e = c->err;
  if (c->failed) return false;
  if (!c->engine) return err_set(e, ERR_USAGE, "This COPY is over.");
  if (c->step) return err_set(e, ERR_USAGE, "Another task moves rows of this COPY.");
  if (!c->in && !arena_protect(r->arena, NULL, out_prepare, r)) return err_oom(e);
  r->ref = c->call->ref;
  r->ref->pins++;
  if (c->in) return true;
  c->batch = result_like(c->call->states[r->ref->plan->result_step].result);
  return c->batch || err_oom(e);
}

void copy_submit(Request *r) {
  Copy *c = r->copy;
  r->state = REQUEST_FLYING;
  c->step = r;
  if (!c->in && c->segment)
    copy_pause(c->segment, false);
  else
    loop_soon(c->engine->loop, &c->soon);
}

static bool step_moves(void *ctx) {
  const Request *r = ctx;
  return request_finished(r) || r->copy->soon.queued;
}

bool copy_pump(Request *r, int64_t deadline, Err *e) {
  while (!request_finished(r)) {
    Copy *c = r->copy;
    if (c->soon.queued) {
      loop_soon_cancel(c->engine->loop, &c->soon);
      on_soon(c);
    } else if (!conn_pump(c->conn, step_moves, r, deadline, e) && !step_moves(r)) {
      return false;
    }
  }
  return true;
}

void copy_orphan(Copy *c) {
  Err e;
  Segment *s = c->segment;
  c->segment = NULL;
  if (s) segment_detach(s);
  (void)err_set(&e, ERR_P2028, "Transaction API error: The transaction ended while a COPY was under way.");
  copy_fail(c, &e);
  copy_step_finish(c);
  copy_let_go(c);
}

void copy_release(Copy *c) {
  if (c->segment) {
    segment_detach(c->segment);
    c->segment = NULL;
    if (c->in) tx_statement_failed(c->tx);
  }
  if (c->engine) tx_copied(c->tx, c);
  if (c->step) { /* nobody waits for it */
    Err e;
    (void)err_set(&e, ERR_CANCELLED, "%s", err_template(ERR_CANCELLED));
    copy_fail(c, &e);
    copy_step_finish(c);
  }
  copy_let_go(c);
  mem_free(c);
}
