/* Running plans: a Run is one segment that carries the steps of one request, or of a batch of them.
 *
 *   submit -> (pool: an idle connection now, or wait) -> segment -> flights -> sync -> finish
 * The flights of a request wait for each other; the last flight of one request and the first of the next go
 * out together (exec_send.c). A failed check ends the segment by an abort, so that nothing of it stays. */
#include "engine/exec_private.h"
#include "pg/sqlstate.h"

enum {
  MAX_RACES = 2,
  MAX_TRIES = 3,     /* a pool may hold more than one connection that the server has left */
  MAX_STALE = 50,    /* each of its connections may have a plan that went stale; one is mended a time */
  GRACE_MS = 100,    /* after a deadline, for the server to say that it has undone what was begun */
  OWN_STATEMENTS = 2 /* of a request with a deadline: it is set, and put back */
};

static bool run_acquire(Run *run, Err *e); /* recursion: a run may begin once more */

/* ---- the end ---- */

void request_finish(Request *r) {
  r->state = REQUEST_FINISHED;
  r->run = NULL;
  if (r->tx) tx_drop(r->tx);
  if (r->detached && !r->members) /* a carrier's members are waited for, or released, by its `done` */
    request_release(r);
  else if (r->done && !r->expired)
    r->done(r, r->done_ctx);
}

static void run_unlink(Run *run) {
  *(run->prev ? &run->prev->next : &run->engine->runs) = run->next;
  if (run->next) run->next->prev = run->prev;
  loop_timer_free(run->timer);
  run->timer = NULL;
}

/* The run lives in its first request's arena, so that request is finished last. */
static void run_finish(Run *run) {
  run_unlink(run);
  uint32_t n = run->n;
  Request **requests = run->requests;
  for (uint32_t i = n; i-- > 1;) request_finish(requests[i]);
  request_finish(requests[0]);
}

static void connection_return(Run *run) {
  Conn *conn = run->conn;
  run->conn = NULL;
  run->segment = NULL;
  if (run->leased && conn) pool_give(run->engine->pool, conn);
  run->leased = false;
}

static void requests_fail(Run *run, Request *culprit, const Err *err) {
  if (run->expired) return; /* they carry an error, and their callers may have read it */
  for (uint32_t i = 0; i < run->n; i++) {
    Request *r = run->requests[i];
    r->failed = true;
    if (r == culprit) {
      if (err != &r->err) r->err = *err;
    } else {
      err_set(&r->err, ERR_CANCELLED, "Another operation of the batch failed: %s", err->message);
    }
  }
}

static void run_fail(Run *run, Request *culprit, const Err *err) {
  requests_fail(run, culprit, err);
  for (uint32_t i = 0; i < run->n; i++)
    if (run->requests[i]->kind == REQUEST_END) tx_ended(run->requests[i], false);
  run_finish(run);
}

/* ---- once more ---- */

static bool run_writes(const Run *run) {
  for (uint32_t i = 0; i < run->n; i++)
    if (run->requests[i]->kind != REQUEST_CALL || run->requests[i]->ref->plan->writes) return true;
  return false;
}

/* What it did may have come to stay when its end was lost. */
static bool run_commits(const Run *run) {
  const Request *first = run->requests[0];
  return first->tx ? first->kind == REQUEST_END && first->tx_verb == TX_COMMIT : run_writes(run);
}

/* Another may have created in between what this one did not find. */
static bool run_races(const Run *run) {
  return run->requests[0]->kind == REQUEST_CALL && run->requests[0]->ref->plan->races;
}

static bool connection_lost(const Err *err) { return err->code == ERR_P1017 || err->code == ERR_P1001; }

/* Of a transaction whose BEGIN was not answered nothing can stay, unless a caller's own text sees to that. It
 * has another connection now, or will have. */
static bool may_begin_again(const Run *run, const Err *err, Outcome outcome) {
  const Request *first = run->requests[0];
  if (!tx_open(first->tx) || tx_has_begun(first->tx)) return false;
  if (run->begins && sqlstate_stale_plan(err->sqlstate)) return true;
  return connection_lost(err) && (outcome == OUTCOME_NOTHING || first->kind == REQUEST_CALL);
}

static bool may_retry(const Run *run, const Err *err, Outcome outcome) {
  bool stale = run->requests[0]->kind == REQUEST_CALL && sqlstate_stale_plan(err->sqlstate);
  if (run->tries >= (stale ? MAX_STALE : MAX_TRIES) || run->closing) return false;
  if (run->expired) return false;
  if (run->requests[0]->tx) return may_begin_again(run, err, outcome);
  if (stale) return true; /* the server said that the segment failed */
  if (err->code == ERR_P2002) return run->tries < MAX_RACES && run->n == 1 && run_races(run);
  if (!connection_lost(err)) return false;
  if (!run->n_sent) return false; /* no connection came up at all: the answer would be the same */
  return outcome == OUTCOME_NOTHING || !run_writes(run);
}

static void states_reset(Request *r) {
  r->timed = false;
  for (uint16_t i = 0; i < r->n_steps; i++) {
    result_free(r->states[i].result);
    r->states[i].result = NULL;
    r->states[i].status = STEP_WAITING;
  }
}

static bool run_again(Run *run) {
  Err e;
  run->tries++;
  run->begins = false;
  run->n_sent = run->n_answered = run->at = run->flight = 0;
  for (uint32_t i = 0; i < run->n; i++) states_reset(run->requests[i]);
  return run_acquire(run, &e);
}

/* ---- checks ---- */

static bool check_holds(const Check *c, uint32_t want, uint32_t rows) {
  switch (c->kind) {
    case CHECK_NONE: return true;
    case CHECK_SOME: return rows > 0;
    case CHECK_NO_ROWS: return rows == 0;
    case CHECK_COUNT: return rows == want;
  }
  return true;
}

/* How many rows were found; false: they were not looked for. */
static bool check_found_rows(const Check *c, const StepState *state, uint32_t *rows) {
  Slice cell;
  *rows = step_rows(state);
  if (!c->in_row) return true;
  if (!*rows || !result_cell(state->result, 0, c->column, &cell)) return false;
  *rows = 0;
  for (uint32_t i = 0; i < cell.n; i++) *rows = *rows << 8 | (unsigned char)cell.p[i]; /* an int8 */
  return true;
}

static void check_step(Run *run, Request *r, uint16_t i) {
  const Step *step = &r->steps[i];
  for (uint16_t k = 0; k < step->n_checks; k++) {
    const Check *check = &step->checks[k];
    uint32_t want = r->states[i].expected[k], rows;
    if (run->culprit || run->expired) return;
    if (!check_found_rows(check, &r->states[i], &rows) || check_holds(check, want, rows)) continue;
    run->culprit = r;
    if (check->fatal && r->tx) tx_statement_failed(r->tx);
    (void)check_failed(r, check, want, rows, &r->err);
  }
}

/* ---- the segment's callbacks ---- */

/* Sending failed for a reason of our own (no memory): nothing of the segment may stay. In a transaction that
 * means that the transaction cannot be committed. The segment's end tells the callers. */
static void run_break(Run *run, const Err *e) {
  Request *r = run->requests[run->at < run->n ? run->at : run->n - 1];
  Err ignored;
  if (!run->culprit && !run->expired) {
    run->culprit = r;
    r->err = *e;
  }
  if (r->tx) tx_statement_failed(r->tx);
  if (r->tx && segment_sync(run->segment, &ignored)) return;
  if (r->tx) tx_lost(r->tx);
  segment_abort(run->segment);
}

static void tell(const Run *run, Slice sql, Slice params, const Err *error) {
  const Engine *g = run->engine;
  int64_t duration = run->sent_at ? loop_clock_us() - run->sent_at : 0; /* 0: nobody listened when it left */
  QueryEvent event = {sql, params, duration, error};
  g->on_query(g->on_query_ctx, &event);
}

static void report(const Run *run, uint32_t i, const Err *error) {
  const Sent *sent = &run->sent[i];
  run->engine->n_queries++;
  if (!run->engine->on_query) return;
  if (sent->request)
    tell(run, sent->request->steps[sent->step].sql, sent->request->states[sent->step].told, error);
  else if (run->begins && i == 0)
    tell(run, tx_beginning(run->requests[0]->tx)->sql, (Slice){0}, error);
}

static void on_result(void *ctx, uint32_t i, Result *result) {
  Run *run = ctx;
  const Sent *sent = &run->sent[i];
  run->n_answered = i + 1;
  report(run, i, NULL);
  if (run->begins && i == 0) tx_has_answered(run->requests[0]->tx);
  if (!sent->request) {
    result_free(result);
    return;
  }
  StepState *state = &sent->request->states[sent->step];
  state->result = result;
  state->status = STEP_DONE;
  check_step(run, sent->request, sent->step);
}

static void on_flight(void *ctx) {
  Run *run = ctx;
  Err e;
  bool over = run->culprit || run->expired;
  if (over && !run->requests[0]->tx)
    segment_abort(run->segment);
  else if (!(over ? run_cut_short(run, &e) : run_send(run, &e)))
    run_break(run, &e);
}

static void on_done(void *ctx, const Err *error, Outcome outcome) {
  Run *run = ctx;
  if (run->begins && error) tx_unbegun(run->requests[0]->tx);
  if (run->culprit) { /* a failed check outranks what came of undoing it */
    connection_return(run);
    run_fail(run, run->culprit, &run->culprit->err);
    return;
  }
  if (!error) {
    Request *first = run->requests[0];
    connection_return(run);
    if (first->kind == REQUEST_END) tx_ended(first, true);
    run_finish(run);
    return;
  }
  uint32_t at = run->n_answered < run->n_sent ? run->n_answered : run->n_sent - 1;
  if (run->n_sent) report(run, at, error);
  Err err = *error;
  Request *culprit = run->n_sent && run->sent[at].request ? run->sent[at].request : run->requests[0];
  connection_return(run);
  if (may_retry(run, &err, outcome) && run_again(run)) return;
  if (outcome == OUTCOME_UNKNOWN && run_commits(run) && err.code != ERR_USAGE) /* which says so itself */
    err_set(&err, ERR_UNKNOWN_OUTCOME, "%s", err_template(ERR_UNKNOWN_OUTCOME));
  else
    error_translate(culprit, &err);
  if (culprit->tx) tx_statement_failed(culprit->tx);
  run_fail(run, culprit, &err);
}

static const SegmentOps segment_ops = {on_result, on_flight, on_done};

/* ---- deadlines ---- */

/* Nobody waits any longer. What is under way is stopped, and drained before its connection is used again; a
 * transaction is over with it. */
static void run_expire(Run *run) {
  Err err;
  Request *first = run->requests[0];
  timeout_error(run->hurried, run->conn && run_commits(run), &err);
  if (run->wait) {
    pool_cancel(run->wait);
    run->wait = NULL;
    run->leased = false;
    if (first->tx) tx_statement_failed(first->tx);
    run_fail(run, run->hurried, &err);
    return;
  }
  if (!run->conn || run->expired) return; /* its end is on the way to those who wait */
  requests_fail(run, run->hurried, &err);
  run->expired = true;
  conn_cancel(run->conn);
  if (first->tx) tx_overdue(first->tx);
  for (uint32_t i = 0; i < run->n; i++) {
    Request *r = run->requests[i];
    r->expired = true;
    if (r->done && !r->detached) r->done(r, r->done_ctx);
  }
}

/* A server that answers ends its statement by itself, and says so. Of a read nobody needs to know that; a
 * write was undone then, and a transaction can go on: they have a moment for it. In milliseconds. */
static int run_grace(const Run *run) { return run->requests[0]->tx || run_writes(run) ? GRACE_MS : 0; }

static void on_deadline(void *ctx) {
  Run *run = ctx;
  int grace = run_grace(run);
  if (run->conn && !run->late && grace) {
    run->late = true;
    loop_timer_start(run->timer, grace);
  } else {
    run_expire(run);
  }
}

static bool run_hurry(Run *run, Err *e) {
  int64_t now = 0;
  for (uint32_t i = 0; i < run->n; i++) {
    Request *r = run->requests[i];
    if (!r->timeout_ms) continue;
    if (!now) now = loop_clock_us();
    r->deadline = now + r->timeout_ms * INT64_C(1000);
    if (!run->hurried || r->timeout_ms < run->hurried->timeout_ms) run->hurried = r;
  }
  if (!run->hurried) return true;
  run->timer = loop_timer_new(run->engine->loop, on_deadline, run, e);
  if (!run->timer) return false;
  loop_timer_start(run->timer, run->hurried->timeout_ms);
  return true;
}

/* ---- the beginning ---- */

static bool run_single_read(const Run *run) {
  const Request *r = run->requests[0];
  return run->n == 1 && !run->opening && !run->identity.sql.n && r->kind == REQUEST_CALL &&
         !r->ref->plan->writes && r->n_steps == 1 && !r->timeout_ms;
}

static bool run_open(Run *run, Conn *conn, Err *e) {
  const Tx *tx = run->requests[0]->tx;
  bool begins = tx && tx_to_begin(tx);
  unsigned flags = run_single_read(run) && !begins ? SEGMENT_SHARED : 0;
  run->conn = conn;
  run->segment = segment_open(conn, &segment_ops, run, flags, e);
  return run->segment && run_send_opening(run, begins, e) && run_send(run, e);
}

/* Nothing was sent: its callers hear from the loop how it ended. */
static void on_soon(void *ctx) {
  Run *run = ctx;
  if (run->culprit)
    run_fail(run, run->culprit, &run->culprit->err);
  else
    run_finish(run);
}

static void run_end_soon(Run *run) {
  run->conn = NULL;
  run->leased = false;
  loop_soon(run->engine->loop, &run->soon);
}

static void run_stillborn(Run *run, const Err *e) {
  run->culprit = run->requests[0];
  run->culprit->err = *e;
  run_end_soon(run);
}

static void run_start(Run *run, Conn *conn) {
  Err e;
  if (run_open(run, conn, &e)) return;
  if (run->segment) {
    run_break(run, &e);
    return;
  }
  if (!run->requests[0]->tx) pool_give(run->engine->pool, conn);
  run_stillborn(run, &e);
}

/* The pool has given it a connection. A transaction may have got another one meanwhile, or be over. */
static void run_connected(Run *run, Conn *conn) {
  Request *first = run->requests[0];
  Err e;
  if (first->kind == REQUEST_BEGIN) {
    tx_begun(first, conn);
    run_end_soon(run);
    return;
  }
  if (first->tx) {
    run->leased = false;
    conn = tx_connect(first->tx, conn);
    if (!tx_usable(first->tx, &e)) {
      run_stillborn(run, &e);
      return;
    }
  }
  run_start(run, conn);
}

static void on_taken(void *ctx, Conn *conn, const Err *error) {
  Run *run = ctx;
  run->wait = NULL;
  if (conn) {
    run_connected(run, conn);
    return;
  }
  Err err = *error;
  Tx *tx = run->requests[0]->tx;
  run->leased = false;
  if (tx) tx_statement_failed(tx);
  error_translate(run->requests[0], &err);
  run_fail(run, run->requests[0], &err);
}

static bool run_acquire(Run *run, Err *e) {
  const Request *r = run->requests[0];
  Pool *pool = run->engine->pool;
  Conn *conn = r->tx ? tx_conn(r->tx) : NULL;
  if (conn) {
    run_start(run, conn);
    return true;
  }
  run->leased = r->tx || !run_single_read(run);
  conn = run->leased ? pool_try(pool) : pool_try_shared(pool);
  if (conn) {
    run_connected(run, conn);
    return true;
  }
  int wait_ms = r->kind == REQUEST_BEGIN ? r->tx_options.max_wait_ms : r->tx ? tx_max_wait(r->tx) : -1;
  run->wait =
      run->leased ? pool_take(pool, wait_ms, on_taken, run, e) : pool_share(pool, wait_ms, on_taken, run, e);
  return run->wait != NULL;
}

typedef struct Make {
  Engine *engine;
  Request *const *requests;
  uint32_t n;
  Run *run;
} Make;

static void run_make(void *ctx) {
  Make *m = ctx;
  Arena *a = m->requests[0]->arena;
  Run *run = ARENA_NEW(a, Run);
  run->engine = m->engine;
  run->requests = arena_copy(a, m->requests, m->n * sizeof *m->requests);
  run->n = m->n;
  run->soon.call = on_soon;
  run->soon.ctx = run;
  if (m->requests[0]->tx) tx_identity(m->requests[0]->tx, m->requests[0]);
  if (identity_differs(m->requests[0])) {
    identity_statement(m->requests[0], &run->identity, &run->identity_cells);
    run->n_identity_cells = m->requests[0]->n_settings * 2;
  }
  uint32_t steps = 3; /* the run's own */
  for (uint32_t i = 0; i < m->n; i++)
    steps += m->requests[i]->n_steps + (m->requests[i]->timeout_ms ? OWN_STATEMENTS : 0);
  run->sent = ARENA_ARRAY(a, Sent, steps);
  m->run = run;
}

static void run_link(Run *run) {
  Engine *g = run->engine;
  run->next = g->runs;
  if (g->runs) g->runs->prev = run;
  g->runs = run;
  for (uint32_t i = 0; i < run->n; i++) {
    run->requests[i]->run = run;
    run->requests[i]->state = REQUEST_FLYING;
    if (run->requests[i]->tx) tx_hold(run->requests[i]->tx);
  }
}

bool run_submit(Engine *g, Request *const *requests, uint32_t n, Slice isolation, Err *e) {
  Make m = {g, requests, n, NULL};
  if (!arena_protect(requests[0]->arena, NULL, run_make, &m)) return err_oom(e);
  Run *run = m.run;
  Request *first = requests[0];
  bool snapshot = first->kind == REQUEST_CALL && first->ref->plan->snapshot;
  if (!first->tx && (isolation.n || snapshot)) {
    run->opening = tx_opening(isolation.n ? isolation : SLICE("RepeatableRead"), e);
    if (!run->opening) return false;
  }
  if (!run_hurry(run, e)) return false;
  run_link(run);
  if (run_acquire(run, e)) return true;
  run_unlink(run);
  for (uint32_t i = 0; i < n; i++) {
    requests[i]->run = NULL;
    requests[i]->state = REQUEST_TAKEN;
    if (requests[i]->tx) tx_drop(requests[i]->tx);
  }
  return false;
}

/* A connection for a run that waits for one; or its end, when none can be made. */
static bool pump_take(Run *run, bool (*until)(void *), void *ctx, int64_t deadline, Err *e) {
  Pool *pool = run->engine->pool;
  Conn *idle = pool_take_now(pool);
  if (!idle && pool_pump(pool, until, ctx, deadline, e)) {
    if (until(ctx)) return true;
    idle = pool_take_now(pool);
  } else if (!idle && e->code != ERR_P2024) {
    return false;
  }
  if (!idle)
    return err_set(e, ERR_P2024,
                   "No connection is free, and this call cannot wait for one: it was made where Lua cannot "
                   "yield (a coroutine of your own, or a callback called from C).");
  pool_cancel(run->wait);
  run->wait = NULL;
  run->leased = true;
  run_connected(run, idle);
  return true;
}

/* A run that lost its connection goes on over another one. */
static bool pump_until(Run *run, bool (*until)(void *), void *ctx, int64_t deadline, Err *e) {
  while (!until(ctx)) {
    if (run->soon.queued) {
      loop_soon_cancel(run->engine->loop, &run->soon);
      on_soon(run);
      continue;
    }
    if (!run->conn && !pump_take(run, until, ctx, deadline, e)) return false;
    if (until(ctx)) return true;
    Conn *conn = run->conn;
    if (conn && !conn_pump(conn, until, ctx, deadline, e) && !until(ctx) && run->conn == conn) return false;
  }
  return true;
}

/* What nobody waits for any more is stopped on the server where it is alone. In a transaction it goes on:
 * what the transaction is to become is its owner's to say. */
static void run_stop(Run *run) {
  RequestKind kind = run->requests[0]->kind;
  if (!run->conn || run->requests[0]->tx || (kind != REQUEST_CALL && kind != REQUEST_RAW)) return;
  if (conn_pending(run->conn) == 1) conn_cancel(run->conn);
}

/* No timer is due meanwhile. */
bool run_pump(Run *run, bool (*until)(void *), void *ctx, int64_t deadline, Err *e) {
  int64_t own = run->hurried ? run->hurried->deadline + run_grace(run) * INT64_C(1000) : 0;
  bool first = own && (!deadline || own < deadline);
  if (pump_until(run, until, ctx, first ? own : deadline, e)) return true;
  if (!first || loop_clock_us() < own) return false;
  run_expire(run);
  return until(ctx);
}

/* Nobody waits for any of it: if nothing of it was sent, it never will be. */
void run_detached(Run *run) {
  for (uint32_t i = 0; i < run->n; i++)
    if (!run->requests[i]->detached) return;
  if (!run->wait) {
    run_stop(run);
    return;
  }
  pool_cancel(run->wait);
  run->wait = NULL;
  run->leased = false;
  Err err;
  (void)err_set(&err, ERR_CANCELLED, "%s", err_template(ERR_CANCELLED));
  run_fail(run, run->requests[0], &err);
}

void runs_close(Engine *g) {
  for (Run *run = g->runs, *next; run; run = next) {
    next = run->next;
    run->closing = true;
    if (run->wait) pool_cancel(run->wait);
    loop_soon_cancel(g->loop, &run->soon);
    if (run->segment) segment_detach(run->segment);
    run->wait = NULL;
    connection_return(run);
    Err err;
    err_set(&err, ERR_CANCELLED, "The client was disconnected.");
    run_fail(run, run->requests[0], &err);
  }
}
