/* Cancel: a request to the server to stop what a connection is running. libpq's call waits until the server
 * has heard, so a thread of the loop makes it. Meanwhile nothing new goes out on the connection, or the
 * request might reach it. A request that comes before its statement has reached the server is lost, so it is
 * made again until what was under way is over. */
#include "base/mem.h"
#include "pg/conn_private.h"

enum {
  AGAIN_MS = 20, /* and twice as long each time, up to */
  AGAIN_MAX_MS = 2000
};

struct Cancel {
  Conn *conn; /* NULL: it was closed meanwhile */
  PGcancel *cancel;
  bool asking; /* on the thread */
  int again_ms;
};

static void cancel_free(Cancel *x) {
  PQfreeCancel(x->cancel);
  mem_free(x);
}

/* On a thread. What it meets is no error: the statement's own end is what counts. */
static void cancel_run(void *ctx) {
  char why[256];
  (void)PQcancel(((Cancel *)ctx)->cancel, why, sizeof why);
}

static void cancel_done(void *ctx) {
  Cancel *x = ctx;
  x->asking = false;
  if (!x->conn) {
    cancel_free(x);
    return;
  }
  loop_timer_start(x->conn->timer, x->again_ms);
  if (x->again_ms < AGAIN_MAX_MS) x->again_ms *= 2;
  conn_soon(x->conn); /* it may be over already */
}

/* The loop goes first; the connection has gone by then. */
static void cancel_release(void *ctx) {
  Cancel *x = ctx;
  if (!x->conn) cancel_free(x);
}

static void cancel_ask(void *ctx) {
  Conn *c = ctx;
  Cancel *x = c->cancel;
  Err ignored;
  x->asking = loop_work(c->loop, cancel_run, cancel_done, cancel_release, x, &ignored);
  if (!x->asking) loop_timer_start(c->timer, x->again_ms);
}

static void cancel_end(Conn *c) {
  loop_timer_free(c->timer);
  c->timer = NULL;
  if (c->cancel->asking)
    c->cancel->conn = NULL;
  else
    cancel_free(c->cancel);
  c->cancel = NULL;
}

bool cancel_over(Conn *c) {
  if (!c->cancel || c->n_started || c->cancel->asking) return false;
  cancel_end(c);
  return true;
}

void cancel_forget(Conn *c) {
  if (c->cancel) cancel_end(c);
}

void conn_cancel(Conn *c) {
  Err ignored;
  if (!conn_alive(c) || c->cancel || c->n_started == 0) return;
  Cancel *x = mem_zalloc(sizeof *x);
  PGcancel *cancel = x ? PQgetCancel(c->pg) : NULL;
  c->timer = cancel ? loop_timer_new(c->loop, cancel_ask, c, &ignored) : NULL;
  if (!c->timer) {
    PQfreeCancel(cancel);
    mem_free(x);
    return;
  }
  *x = (Cancel){.conn = c, .cancel = cancel, .again_ms = AGAIN_MS};
  c->cancel = x;
  cancel_ask(c);
}
