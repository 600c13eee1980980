/* Transactions: a connection pinned by a handle, from BEGIN to its end. The handle is on engine->txs until
 * its owner releases it; the connection goes back to the pool as soon as the transaction ends, fails to end,
 * or times out. */
#include "base/mem.h"
#include "engine/engine_private.h"

typedef enum TxState {
  TX_OPEN,
  TX_ENDED,
  TX_EXPIRED,
  TX_LOST,
  TX_OVERDUE
} TxState;

struct Tx {
  Engine *engine;
  Tx *next, *prev;
  Conn *conn;
  TxState state;
  bool released; /* by its owner; freed when no run holds it */
  uint32_t held;
  bool failed; /* a statement failed: the server takes nothing but a rollback now */
  uint32_t savepoints;
  uint32_t undone; /* the last cursor before a ROLLBACK TO was asked for, which may have taken it */
  int timeout_ms;
  LoopTimer *timer;
  Copy *copy; /* under way: nothing else may be */
};

static const struct {
  const char *name, *begin;
  Statement set;
} isolations[] = {
#define LEVEL(name, words, number)                                                                        \
  {                                                                                                       \
    name, "BEGIN ISOLATION LEVEL " words, {                                                               \
      {"SET transaction_isolation = '" words "'", sizeof("SET transaction_isolation = '" words "'") - 1}, \
          number, false                                                                                   \
    }                                                                                                     \
  }
    LEVEL("ReadUncommitted", "READ UNCOMMITTED", 0x6c6f726d00000001u),
    LEVEL("ReadCommitted", "READ COMMITTED", 0x6c6f726d00000002u),
    LEVEL("RepeatableRead", "REPEATABLE READ", 0x6c6f726d00000003u),
    LEVEL("Serializable", "SERIALIZABLE", 0x6c6f726d00000004u),
#undef LEVEL
};

static const Slice level_names[] = {SLICE_INIT("ReadUncommitted"), SLICE_INIT("ReadCommitted"),
                                    SLICE_INIT("RepeatableRead"), SLICE_INIT("Serializable")};

static int isolation_find(Slice name, Err *e) {
  for (int i = 0; i < (int)COUNT(isolations); i++)
    if (slice_is(name, isolations[i].name)) return i;
  Slice near = slice_nearest(name, level_names, COUNT(level_names));
  err_set(
      e, ERR_VALIDATION, "Unknown isolation level \"%.*s\".%s%.*s%s", SLICE_ARGS(name),
      near.n ? " Did you mean \"" : " Known: ReadUncommitted, ReadCommitted, RepeatableRead, Serializable.",
      SLICE_ARGS(near), near.n ? "\"?" : "");
  err_path(e, SLICE("isolationLevel"));
  return -1;
}

const Statement *tx_opening(Slice isolation, Err *e) {
  int level = isolation_find(isolation, e);
  return level < 0 ? NULL : &isolations[level].set;
}

Conn *tx_conn(const Tx *tx) { return tx->conn; }
Engine *tx_engine(const Tx *tx) { return tx->engine; }
bool tx_open(const Tx *tx) { return tx->state == TX_OPEN; }
bool tx_has_cursor(const Tx *tx, uint32_t cursor) {
  return tx->state == TX_OPEN && !tx->failed && !tx->copy && cursor > tx->undone;
}
bool tx_usable(const Tx *tx, Err *e) {
  switch (tx->state) {
    case TX_OPEN:
      return !tx->copy || err_set(e, ERR_USAGE,
                                  "A COPY is under way in this transaction: until it is over, or its loop is "
                                  "left, the transaction can do nothing else.");
    case TX_ENDED:
      return err_set(
          e, ERR_P2028,
          "Transaction API error: Transaction already closed: A query cannot be executed on a closed "
          "transaction.");
    case TX_EXPIRED:
      return err_set(
          e, ERR_P2028,
          "Transaction API error: Transaction already closed: A query cannot be executed on an expired "
          "transaction. The timeout for this transaction was %d ms. Consider increasing the timeout or doing "
          "less work in the transaction.",
          tx->timeout_ms);
    case TX_LOST:
      return err_set(e, ERR_P2028, "Transaction API error: The transaction's connection was lost.");
    case TX_OVERDUE:
      return err_set(e, ERR_P2028,
                     "Transaction API error: Transaction already closed: a call in it did not end at its "
                     "timeout, and the server did not answer.");
  }
  return true;
}

static void tx_let_go(Tx *tx, TxState state) {
  tx->state = state;
  if (tx->copy) copy_orphan(tx->copy);
  loop_timer_free(tx->timer);
  tx->timer = NULL;
  if (tx->conn) pool_give(tx->engine->pool, tx->conn);
  tx->conn = NULL;
}

void tx_lost(Tx *tx) {
  if (tx->state == TX_OPEN) tx_let_go(tx, TX_LOST);
}

void tx_overdue(Tx *tx) {
  if (tx->state == TX_OPEN) tx_let_go(tx, TX_OVERDUE);
}

void tx_copying(Tx *tx, Copy *c) { tx->copy = c; }

void tx_statement_failed(Tx *tx) {
  tx->failed = true;
  if (tx->conn && !conn_alive(tx->conn)) tx_lost(tx);
}

/* It ends in the middle: the statement that is running ends on the server too. */
static void tx_cut(Tx *tx, TxState state) {
  if (conn_pending(tx->conn)) conn_cancel(tx->conn);
  tx_let_go(tx, state);
}

void tx_stop(Tx *tx) {
  if (tx->conn && conn_pending(tx->conn)) conn_cancel(tx->conn);
}

static void on_timeout(void *ctx) {
  Tx *tx = ctx;
  if (tx->state == TX_OPEN) tx_cut(tx, TX_EXPIRED);
}

void tx_begun(Request *r, Conn *conn) {
  Tx *tx = r->tx_new;
  tx->conn = conn;
  tx->state = TX_OPEN;
  if (tx->timeout_ms > 0) {
    Err ignored;
    tx->timer = loop_timer_new(tx->engine->loop, on_timeout, tx, &ignored);
    if (tx->timer) loop_timer_quiet(tx->timer, true);
    if (tx->timer) loop_timer_start(tx->timer, tx->timeout_ms);
  }
  r->tx_made = tx;
  r->tx_new = NULL;
}

void tx_ended(Request *r, bool well) {
  Tx *tx = r->tx;
  switch (r->tx_verb) {
    case TX_SAVEPOINT: tx->savepoints += well; break;
    case TX_RELEASE: tx->savepoints -= well; break;
    case TX_ROLLBACK_TO:
      tx->savepoints -= well;
      if (well) tx->failed = false;
      break;
    case TX_COMMIT:
    case TX_ROLLBACK:
      if (tx->state == TX_OPEN) tx_let_go(tx, TX_ENDED);
      break;
  }
}

static void tx_free(Tx *tx) {
  *(tx->prev ? &tx->prev->next : &tx->engine->txs) = tx->next;
  if (tx->next) tx->next->prev = tx->prev;
  mem_free(tx);
}

void tx_hold(Tx *tx) { tx->held++; }

void tx_drop(Tx *tx) {
  if (--tx->held == 0 && tx->released) tx_free(tx);
}

void tx_release(Tx *tx) {
  if (tx->state == TX_OPEN) tx_cut(tx, TX_ENDED);
  tx->released = true;
  if (tx->held == 0) tx_free(tx);
}

void tx_discard(Tx *tx) { tx_free(tx); }

void txs_close(Engine *g) {
  for (Tx *tx = g->txs; tx; tx = tx->next)
    if (tx->state == TX_OPEN) tx_let_go(tx, TX_ENDED);
}

void txs_free(Engine *g) {
  while (g->txs) tx_free(g->txs);
}

bool request_begin(Request *r, const TxOptions *o, Err *e) {
  int level = o->isolation.n ? isolation_find(o->isolation, e) : 0;
  if (level < 0) return false;
  Tx *tx = mem_zalloc(sizeof *tx);
  if (!tx) return err_oom(e);
  Engine *g = r->engine;
  *tx = (Tx){
      .engine = g, .state = TX_ENDED, .next = g->txs, .timeout_ms = o->timeout_ms < 0 ? 5000 : o->timeout_ms};
  if (g->txs) g->txs->prev = tx;
  g->txs = tx;
  r->kind = REQUEST_BEGIN;
  r->tx_options = *o;
  r->tx_new = tx;
  r->raw_sql = slice_of(o->isolation.n ? isolations[level].begin : "BEGIN");
  return true;
}

Tx *request_tx(Request *r) {
  Tx *tx = r->tx_made;
  r->tx_made = NULL;
  return tx;
}

void request_end(Request *r, Tx *tx, TxVerb verb) {
  r->kind = REQUEST_END;
  r->tx = tx;
  r->tx_verb = verb;
}

static Slice end_text(Request *r) {
  unsigned at = r->tx->savepoints;
  switch (r->tx_verb) {
    case TX_COMMIT: return SLICE("COMMIT");
    case TX_ROLLBACK: return SLICE("ROLLBACK");
    case TX_SAVEPOINT: return slice_printf(r->arena, "SAVEPOINT s%u", at + 1);
    case TX_RELEASE: return slice_printf(r->arena, "RELEASE SAVEPOINT s%u", at);
    case TX_ROLLBACK_TO: return slice_printf(r->arena, "ROLLBACK TO SAVEPOINT s%u", at);
  }
  return (Slice){0};
}

static void tx_step_body(void *ctx) {
  Request *r = ctx;
  Slice sql = r->kind == REQUEST_BEGIN ? r->raw_sql : end_text(r);
  r->raw_step = (Step){.sql = slice_copy(r->arena, sql), .unnamed = true};
  r->states = ARENA_NEW(r->arena, StepState);
  r->steps = &r->raw_step;
  r->n_steps = r->n_flights = 1;
}

bool tx_step(Request *r, Err *e) {
  if (r->kind == REQUEST_END) {
    if (!tx_usable(r->tx, e)) return false;
    if (r->tx_verb == TX_COMMIT && r->tx->failed) {
      tx_let_go(r->tx, TX_ENDED); /* rolls back */
      return err_set(
          e, ERR_P2028,
          "Transaction API error: The transaction cannot be committed: a statement in it failed. It was "
          "rolled back.");
    }
    if ((r->tx_verb == TX_RELEASE || r->tx_verb == TX_ROLLBACK_TO) && !r->tx->savepoints)
      return err_set(e, ERR_P2028, "Transaction API error: There is no savepoint to end.");
    if (r->tx_verb == TX_ROLLBACK_TO) r->tx->undone = r->engine->n_cursors;
  }
  return arena_protect(r->arena, NULL, tx_step_body, r) || err_oom(e);
}
