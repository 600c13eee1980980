/* Engine: one client of one database: schema, plan cache, pool, transactions. The verbs that the runtime
 * may use; with psl/schema.h and plan/shape.h it is all that script sees of the core.
 *
 * The way of one call:
 *   Request *r = request_take(engine, &e);            recycled, from a free list; owner: the caller
 *   Arg *args = ... in request_arena(r);              intake
 *   request_call(r, model, action, args);             or request_raw, request_begin, request_end, ...
 *   request_in(r, tx);                                when inside a transaction
 *   engine_lookup(r, &e)                              plan found or made, and pinned; mistakes end here,
 * before any SQL engine_submit(r, done, ctx, &e)                   parameters encoded; nothing points into
 * Lua any more
 *   ... done(r, ctx) from the loop, once ...
 *   request_error(r) / request_shape(r) / rows_open(r, step, &rows, &e), rows_next ...
 *   request_release(r);                               results freed, plan unpinned, r back on the free list
 * A request may be released at any time before submit or after done. In between: engine_detach(r), after
 * which it is the engine's own. Nothing here blocks but engine_pump. One thread. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/note.h"
#include "loop/loop.h"
#include "plan/shape.h"
#include "psl/schema.h"

typedef struct Engine Engine;
typedef struct Request Request;
typedef struct Tx Tx;
typedef struct Copy Copy;

typedef struct EngineConfig {
  const Schema *schema;   /* must live as long as the engine */
  Slice url;              /* copied */
  int pool_max, pool_min; /* 0 / -1 = the URL's, else the defaults (10, 0) */
  int connection_timeout_ms, idle_timeout_ms, max_lifetime_ms; /* -1 = the URL's, else the defaults */
  int spin_us; /* how long an answer is looked for before the loop sleeps; -1 = the default; 0 = not at all */
  const Arg *omit; /* the client's global omit, or NULL; must live as long as the engine */
  uint64_t *plans; /* how many were made: numbers them for all engines that share it; NULL: they have none */
} EngineConfig;

MUST bool engine_open(Loop *loop, const EngineConfig *config, Engine **out,
                      Err *e); /* connects nothing yet */
/* Never waits: what is under way ends with an error, transactions roll back. Every Request and Tx of it is
 * invalid afterwards. */
void engine_close(Engine *g);
const Schema *engine_schema(const Engine *g);
Slice engine_shown_url(const Engine *g);                              /* without the password */
const Slice *engine_unknown_parameters(const Engine *g, uint32_t *n); /* the URL's, that mean nothing */

typedef struct QueryEvent {
  Slice sql;
  Slice params; /* a JSON array; empty when nobody listened yet as it was sent */
  int64_t duration_us;
  const Err *error; /* NULL: went well */
} QueryEvent;
/* Called after each statement, from the loop. NULL: nobody listens, and nothing is spent. */
void engine_listen(Engine *g, void (*on_query)(void *ctx, const QueryEvent *event), void *ctx);

enum {
  ENGINE_WAITS = 10
};
typedef struct EngineStats {
  uint32_t connections, idle, busy, waiting;
  uint32_t plans;
  uint64_t hits, misses, queries, timeouts, opened, closed;
  uint64_t lost;     /* connections that ended without our doing */
  uint32_t requests; /* taken and not released */
  struct {           /* how many got a connection after at most ms, and more than the one before */
    int32_t ms;      /* 0 is at once; INT32_MAX, the last, is later */
    uint64_t n;
  } waits[ENGINE_WAITS];
  uint64_t waited_us; /* all of them together */
} EngineStats;
void engine_stats(const Engine *g, EngineStats *out);

/* ---- requests ---- */
MUST Request *request_take(Engine *g, Err *e); /* NULL: out of memory */
void request_release(Request *r);
Arena *request_arena(Request *r);
Engine *request_engine(const Request *r);
/* `timeout`, in the root of the arguments, is the call's deadline in milliseconds from its submit on; lookup
 * takes it out of them. The call ends by then with ERR_TIMEOUT; one that writes, or is in a transaction, up
 * to 100 ms later, when the server says nothing. */
void request_call(Request *r, const Model *model, CallAction action, Arg *args);
/* The scopes that the call is subject to: the caller's, and to stay until submit returns. When lookup fails
 * for a scope that is not known yet, the other tells of which model. */
void request_scopes(Request *r, Scopes *scopes);
const Model *request_unknown_scope(const Request *r); /* or NULL */
/* SQL with $1..$n; rows: typed by the server's column types, names from the result; else the number affected.
 */
void request_raw(Request *r, Slice sql, Arg *params, uint32_t n, bool rows);

/* After lookup: have statement `step` of the call explained, not run (`analyze`: run too). It is a raw
 * request from then on, whose rows are the lines of the server's plan. What would come from earlier
 * statements is NULL in it. */
void request_explain(Request *r, uint16_t step, bool analyze);

/* Streams: a findMany, in a transaction, by batches. One request declares a cursor for the rows that the call
 * finds; each further one of the same arguments fetches the next `rows` of them (at most INT32_MAX), with
 * what they include. */
uint32_t engine_cursor(Engine *g);                 /* the number of a new one; never 0 */
void request_declare(Request *r, uint32_t cursor); /* after request_call; it has no answer */
void request_fetch(Request *r, uint32_t cursor, uint32_t rows);

typedef struct TxOptions {
  Slice isolation;             /* "Serializable", "ReadCommitted", ...; empty = the server's */
  int max_wait_ms, timeout_ms; /* -1 = default (the pool's connection timeout; 5000); 0 = no timeout */
} TxOptions;
/* Waits for a connection, no more: the BEGIN goes out with the first statement. After done without an error:
 * request_tx. */
MUST bool request_begin(Request *r, const TxOptions *o, Err *e);
/* True: a connection was to be had without waiting, and the request, which was not submitted, is done. */
bool request_begin_at_once(Request *r);
Tx *request_tx(Request *r); /* the caller owns it now */
typedef enum TxVerb {
  TX_COMMIT,
  TX_ROLLBACK,
  TX_SAVEPOINT,
  TX_RELEASE,
  TX_ROLLBACK_TO
} TxVerb;
void request_end(Request *r, Tx *tx, TxVerb verb); /* savepoints nest: each verb means the innermost */
bool tx_end_at_once(Tx *tx, TxVerb verb);          /* true: the server need not be asked, and it has ended */
/* The handle's owner lets go: an open transaction is rolled back; never waits. The Tx is invalid afterwards.
 */
void tx_release(Tx *tx);
/* What it is running is stopped on the server, as far as that gets; the transaction is then as after any
 * statement that failed. Never waits. */
void tx_stop(Tx *tx);
bool tx_open(const Tx *tx); /* neither ended nor timed out */
/* Nobody will fetch from it any more. Never waits; left to the transaction's end where closing could fail. */
void tx_close_cursor(Tx *tx, uint32_t cursor);

/* COPY, in a transaction, which can do nothing else while rows are moved. Between two steps of a copyIn it
 * can: what was made by then is sent, and its COPY ends before what comes next. A copyIn or copyOut runs like
 * any call: it asks for what must be known beforehand. Then copy_begin takes the request over (false: it is
 * still the caller's), and requests of its own move the rows. */
void request_copies(Request *r); /* after request_call: copy_begin will be asked for */
MUST bool copy_begin(Request *r, Copy **out, Err *e);
/* copyIn: for each row its values are put into copy_cells, one for each column, ARG_ABSENT where it has none;
 * copy_row makes bytes of them, and nothing of the cells is needed after that. Where it returns false the row
 * has a mistake; `copy_release` then leaves nothing of all of them. request_copy_rows sends what was made
 * since it was last asked for, and is done when the server has room for more: worth while when copy_full says
 * so. */
uint16_t copy_columns(const Copy *c);         /* 0 when it is over */
Slice copy_column(const Copy *c, uint16_t i); /* this, and the next ones, when copy_failure says nothing */
Arg *copy_cells(Copy *c);
Arena *copy_arena(Copy *c); /* for values that are trees; until the row is made */
MUST bool copy_row(Copy *c, Err *e);
bool copy_full(const Copy *c);
bool copy_unknown(const Copy *c, Slice name, Err *e); /* false, and why there is no such column */
bool copy_mistake(const Copy *c, Err *e);             /* false, and e names the row that is being made */
const Err *copy_failure(const Copy *c);               /* it can take no more; NULL: it can */
void request_copy_rows(Request *r, Copy *c);
void request_copy_end(Request *r, Copy *c);                  /* ... those were all: RESULT_AFFECTED */
void request_copy_fetch(Request *r, Copy *c, uint32_t rows); /* copyOut: RESULT_ROWS; fewer: the end */
/* Its owner lets go. A copyIn that has not ended fails, and with it the transaction; what a copyOut has left
 * is read and dropped. Never waits. */
void copy_release(Copy *c);

void request_in(Request *r, Tx *tx);
typedef struct Setting { /* of the server, as by SET LOCAL; "role" is one */
  Slice name, value;
} Setting;
/* Settings that hold for this call's segment alone or, of a request_begin, for its transaction; no effect
 * inside of a transaction, which has its own. In a batch outside of one, those of its first call hold for
 * all. They must live until submit; those of a transaction until it has been released. */
void request_as(Request *r, const Setting *settings, uint32_t n);
MUST bool engine_lookup(Request *r, Err *e); /* stations 4-5; a no-op for raw and transaction requests */
/* What submit would say of the call, without sending it: the planner's errors, values that do not fit. */
MUST bool engine_check(Request *r, Err *e);
/* Stations 6-7. Copies everything; never blocks; done is called once, from the loop, never inline. Outside of
 * transactions the findUniques of one tick that differ in their keys only go out as one statement. */
MUST bool engine_submit(Request *r, void (*done)(Request *r, void *ctx), void *ctx, Err *e);
/* n looked-up requests as one transaction in one segment; `done` of each is called when all are in. When one
 * fails all carry an error: the culprit its own, the others ERR_CANCELLED naming it. */
MUST bool engine_submit_batch(Request *const *requests, uint32_t n, Slice isolation,
                              void (*done)(Request *r, void *ctx), void *ctx, Err *e);
bool request_finished(const Request *r);
/* await's third case: wait for this request alone; no other callback's work resumes. deadline: loop clock in
 * microseconds, 0 = none. False: nothing could be waited for (no connection free), or the deadline passed. */
MUST bool engine_pump(Request *r, int64_t deadline, Err *e);
void engine_detach(Request *r); /* nobody waits any more; released by the engine when its answer is in */

/* ---- notifications: subscriptions to channels, all of an engine over one connection of their own ---- */
typedef struct Subscription Subscription;
/* Names of 1 to 63 bytes. wake(ctx): look at it; called from the loop until it is closed. NULL and e: a name
 * will not do, PgBouncer is in between, out of memory. Closing the engine closes it. */
MUST Subscription *engine_subscribe(Engine *g, const Slice *channels, uint32_t n, LoopCall *wake, void *ctx,
                                    Err *e);
typedef struct Heard {
  bool opened;       /* the server listens; or it failed */
  const Err *failed; /* ... and why */
  const Note *note;  /* the first that nobody has read; NULL: none */
} Heard;
Heard engine_heard(const Subscription *s);
void engine_heard_next(Subscription *s); /* that note was read */
void engine_hearing(Subscription *s,
                    bool waiting); /* somebody waits: the loop stays. Each true has its false */
/* await's third case, as engine_pump */
MUST bool engine_pump_notes(Subscription *s, bool (*until)(void *), void *ctx, int64_t deadline, Err *e);
void engine_unsubscribe(Subscription *s); /* never waits */

/* ---- results, after done ---- */
const Err *request_error(const Request *r); /* NULL: it went well */

typedef struct ResultShape {
  ResultKind kind;
  uint16_t step;        /* whose rows are the top level */
  const Record *record; /* NULL for raw rows: the columns are named by the result itself */
  int64_t affected;     /* RESULT_AFFECTED, raw execute */
  uint64_t plan;        /* its number, under 2^47; 0: none */
} ResultShape;
void request_shape(const Request *r, ResultShape *out);

typedef struct Rows {
  Request *request;
  uint16_t step, n_columns;
  uint32_t n_rows, at;
  uint32_t before; /* of them, those of earlier steps: a result may be that of several */
  /* private: the rows of `step` in what the server sent, and how their cells are read */
  uint32_t first, n;
  const struct Result *result;
  const struct Binding *binding;
} Rows;
/* A step that was skipped has no rows. */
MUST bool rows_open(Request *r, uint16_t step, Rows *out, Err *e);
MUST bool rows_next(Rows *rows, Value out[],
                    Err *e); /* false: the end (e->code is ERR_NONE) or a broken cell */
Slice rows_name(const Rows *rows, uint16_t column);
/* How to read the cells' text: enum map, array, JSON. Those of raw rows are made in `a` (protected). */
const Column *rows_columns(const Rows *rows, Arena *a);

/* Array cells (VALUE_ARRAY). */
typedef struct ArrayIter {
  const uint8_t *at, *end;
  uint32_t n, element;
  void *decode; /* private, as is scratch */
  void *scratch;
} ArrayIter;
MUST bool array_open(ArrayIter *it, const Rows *rows, const Value *array, uint32_t *n); /* false: malformed */
bool array_next(ArrayIter *it, Value *out);

/* What explain and logs show. */
uint16_t request_statements(const Request *r);
Slice request_sql(const Request *r, uint16_t step);

#endif
