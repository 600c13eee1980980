/* Transactions: a connection pinned by a handle, until its end. The BEGIN rides with the first statement, so
 * a transaction that has none sends nothing. The handle is on engine->txs until its owner releases it; the
 * connection goes back to the pool as soon as the transaction ends, fails to end, or times out; one that is
 * lost before the BEGIN was answered is replaced by another. */
#include "base/mem.h"
#include "engine/copy_private.h"

enum {
  DEFAULT_TIMEOUT_MS = 5000
};

typedef enum TxState {
  TX_OPEN,
  TX_ENDED,
  TX_EXPIRED,
  TX_LOST,
  TX_OVERDUE
} TxState;

typedef enum TxStage { /* of the BEGIN */
  TX_UNSENT,
  TX_ASKED, /* it is under way, with the first statement */
  TX_BEGUN
} TxStage;

struct Tx {
  Engine *engine;
  Tx *next, *prev;
  Conn *conn; /* NULL: it is over, or the first one was lost before it began */
  TxState state;
  TxStage stage;
  const Statement *begin;
  const Setting *settings; /* who it is made as; its owner's, until it has begun */
  uint32_t n_settings;
  bool released; /* by its owner; freed when no run holds it */
  uint32_t held;
  bool failed; /* a statement failed: the server takes nothing but a rollback now */
  uint32_t savepoints;
  uint32_t undone; /* the last cursor before a ROLLBACK TO was asked for, which may have taken it */
  int timeout_ms, max_wait_ms;
  LoopTimer *timer;
  Copy *copies; /* while one moves rows, nothing else may be */
};

#define HASH(number) (0x6c6f726d00000000u + (number))
static const Statement plain_begin = {.sql = SLICE_INIT("BEGIN"), .hash = HASH(9)};
static const struct {
  const char *name;
  Statement begin, set;
} isolations[] = {
#define LEVEL(name, words, number)                                                           \
  {                                                                                          \
    name, {.sql = SLICE_INIT("BEGIN ISOLATION LEVEL " words), .hash = HASH(4 + (number))}, { \
      .sql = SLICE_INIT("SET transaction_isolation = '" words "'"), .hash = HASH(number)     \
    }                                                                                        \
  }
    LEVEL("ReadUncommitted", "READ UNCOMMITTED", 1),
    LEVEL("ReadCommitted", "READ COMMITTED", 2),
    LEVEL("RepeatableRead", "REPEATABLE READ", 3),
    LEVEL("Serializable", "SERIALIZABLE", 4),
#undef LEVEL
};
#undef HASH

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

/* ---- the BEGIN ---- */

bool tx_to_begin(const Tx *tx) { return tx->stage == TX_UNSENT; }
bool tx_has_begun(const Tx *tx) { return tx->stage == TX_BEGUN; }
const Statement *tx_beginning(const Tx *tx) { return tx->begin; }
void tx_asked(Tx *tx) { tx->stage = TX_ASKED; }
void tx_has_answered(Tx *tx) { tx->stage = TX_BEGUN; }

Conn *tx_connect(Tx *tx, Conn *conn) {
  if (tx->state == TX_OPEN && !tx->conn)
    tx->conn = conn;
  else
    pool_give(tx->engine->pool, conn);
  return tx->conn;
}

/* Nothing that waits behind the BEGIN may run without it. */
void tx_unbegun(Tx *tx) {
  Conn *conn = tx->conn;
  if (tx->stage != TX_ASKED) return;
  tx->stage = TX_UNSENT;
  if (tx->state != TX_OPEN || !conn) return;
  if (conn_pending(conn)) conn_break(conn);
  tx->conn = NULL;
  pool_give(tx->engine->pool, conn);
  if (tx->failed) tx_lost(tx);
}

void tx_identity(const Tx *tx, Request *r) {
  request_as(r, tx->settings, tx->stage == TX_BEGUN ? 0 : tx->n_settings);
}

/* ---- what it is ---- */

Conn *tx_conn(const Tx *tx) { return tx->conn; }
int tx_max_wait(const Tx *tx) { return tx->max_wait_ms; }
Engine *tx_engine(const Tx *tx) { return tx->engine; }
bool tx_open(const Tx *tx) { return tx->state == TX_OPEN; }
bool tx_has_cursor(const Tx *tx, uint32_t cursor) {
  return tx->state == TX_OPEN && !tx->failed && !tx->copies && cursor > tx->undone;
}
static bool copies_rest(const Tx *tx) {
  for (Copy *c = tx->copies; c; c = c->next)
    if (!copy_rest(c)) return false;
  return true;
}

bool tx_usable(const Tx *tx, Err *e) {
  switch (tx->state) {
    case TX_OPEN:
      return copies_rest(tx) || err_set(e, ERR_USAGE,
                                        "A COPY is under way in this transaction: until it is over, or its "
                                        "loop is left, the transaction can do nothing else.");
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
  while (tx->copies) {
    Copy *c = tx->copies;
    tx->copies = c->next;
    copy_orphan(c);
  }
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

void tx_copying(Tx *tx, Copy *c) {
  c->next = tx->copies;
  tx->copies = c;
}

void tx_copied(Tx *tx, const Copy *c) {
  Copy **at = &tx->copies;
  while (*at && *at != c) at = &(*at)->next;
  if (*at) *at = c->next;
}

void tx_statement_failed(Tx *tx) {
  tx->failed = true;
  if (!tx->conn || !conn_alive(tx->conn)) tx_lost(tx);
}

bool tx_end_at_once(Tx *tx, TxVerb verb) {
  if (tx->state != TX_OPEN || tx->stage != TX_UNSENT) return false;
  if (verb != TX_COMMIT && verb != TX_ROLLBACK) return false;
  tx_let_go(tx, TX_ENDED);
  return true;
}

/* It ends in the middle: the statement that is running ends on the server too. */
static void tx_cut(Tx *tx, TxState state) {
  if (tx->conn && conn_pending(tx->conn)) conn_cancel(tx->conn);
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
  tx->settings = r->settings;
  tx->n_settings = r->n_settings;
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
  *tx = (Tx){.engine = g,
             .state = TX_ENDED,
             .next = g->txs,
             .begin = o->isolation.n ? &isolations[level].begin : &plain_begin,
             .max_wait_ms = o->max_wait_ms,
             .timeout_ms = o->timeout_ms < 0 ? DEFAULT_TIMEOUT_MS : o->timeout_ms};
  if (g->txs) g->txs->prev = tx;
  g->txs = tx;
  r->kind = REQUEST_BEGIN;
  r->tx_options = *o;
  r->tx_new = tx;
  return true;
}

bool request_begin_at_once(Request *r) {
  Conn *conn = pool_try(r->engine->pool);
  if (!conn) return false;
  tx_begun(r, conn);
  request_finish(r);
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
  r->raw_step = (Step){.sql = slice_copy(r->arena, end_text(r)), .unnamed = true};
  r->states = ARENA_NEW(r->arena, StepState);
  r->steps = &r->raw_step;
  r->n_steps = r->n_flights = 1;
}

bool tx_step(Request *r, Err *e) {
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
  return arena_protect(r->arena, NULL, tx_step_body, r) || err_oom(e);
}
