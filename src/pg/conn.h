/* Conn: one non-blocking libpq connection on the loop, for good in pipeline mode. What goes over it goes as
 * segments: the statements of one call, contiguous, ended by a Sync of their own (= one implicit transaction
 * outside an explicit one). Several segments may be under way at once; answers come in order.
 *
 *   Segment *s = segment_open(conn, &ops, ctx, flags, &e);   the conn's queue takes it
 *   segment_send(s, &statement, params, n, &e); ...          statement i = 0, 1, ...
 *   segment_flush(s, &e);                                    answers of this flight, please; more will follow
 *   segment_send(...); segment_sync(s, &e);                  the end; no more sends
 *   ops.result(ctx, i, result) ...                           from the loop, in order of i
 *   ops.flight(ctx)                                          after each flush: all answers of it are in
 *   ops.done(ctx, err or NULL, outcome)                      once, last; s is gone when it returns
 *   ops.ready, ops.piece                                     of a COPY alone (pg/copy.h)
 *
 * Callbacks run from the loop, never inside one of these calls; they may call segment_* of their own segment
 * and open new ones. `result` owns the Result it gets. A statement's error ends the segment: the following
 * ones are not reported, done gets the Err (sqlstate etc. filled by this module). While a segment is between
 * flush and sync, no other segment is sent on the connection. Statement text must live until done; parameters
 * are copied by send. */
#ifndef PG_CONN_H
#define PG_CONN_H

#include "loop/loop.h"
#include "pg/result.h"
#include "pg/url.h"

typedef struct Conn Conn;
typedef struct Segment Segment;

typedef struct Statement {
  Slice sql;     /* NUL-terminated */
  uint64_t hash; /* names the prepared statement: "l" + 16 hex digits */
  bool unnamed;  /* send it unprepared: one-off texts */
  bool foreign;  /* a caller's own text, which may change the session */
} Statement;

typedef struct Cell { /* one parameter */
  const void *p;      /* NULL = NULL */
  uint32_t n;
  uint32_t oid; /* 0: the server infers it */
  bool text;    /* text format, p ends in a zero byte; default is binary */
} Cell;

typedef enum Outcome { /* what is known about the segment's effects when it failed */
  OUTCOME_DONE,
  OUTCOME_NOTHING, /* never sent, or the server said that it failed */
  OUTCOME_UNKNOWN  /* sent, and the connection was lost before its end */
} Outcome;

typedef struct SegmentOps {
  void (*result)(void *ctx, uint32_t i, Result *r);
  void (*flight)(void *ctx);
  void (*done)(void *ctx, const Err *err, Outcome outcome);
  void (*ready)(void *ctx);
  void (*piece)(void *ctx, Slice bytes);
} SegmentOps;

MUST bool segment_send(Segment *s, const Statement *st, const Cell *params, uint32_t n, Err *e);
MUST bool segment_flush(Segment *s, Err *e);
MUST bool segment_sync(Segment *s, Err *e);
/* End it and undo it: a ROLLBACK goes out before the Sync (for a segment that is its own transaction). */
void segment_abort(Segment *s);
/* No callback any more; what comes is read and dropped. One that has not ended is aborted, one that has not
 * begun is never sent. */
void segment_detach(Segment *s);

typedef enum SegmentFlags {
  SEGMENT_SHARED = 1 /* may go out while others are under way */
} SegmentFlags;
MUST Segment *segment_open(Conn *c, const SegmentOps *ops, void *ctx, unsigned flags, Err *e);

bool conn_idle(const Conn *c); /* nothing under way, transaction status idle */
bool conn_alive(const Conn *c);
bool conn_in_transaction(const Conn *c); /* as of the last answer */
uint32_t conn_pending(const Conn *c);    /* segments under way */
int conn_version(const Conn *c);
/* Ask the server to stop what is running. What is under way ends with its answer (57014, or a result that was
 * faster); nothing new goes out until the server has heard. Never waits: a thread asks. */
void conn_cancel(Conn *c);
/* It is of no use any more: what is under way, or waits, ends with an error; the loop will say so. */
void conn_break(Conn *c);
/* Wait on this connection alone (poll), no other callback of the loop runs: await's third case.
 * deadline in loop_clock_us time, 0 = none. False: the deadline passed, or out of memory. */
MUST bool conn_pump(Conn *c, bool (*until)(void *), void *ctx, int64_t deadline, Err *e);

#endif
