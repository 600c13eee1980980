/* What the files of engine share, and nobody else sees. */
#ifndef ENGINE_PRIVATE_H
#define ENGINE_PRIVATE_H

#include "engine/engine.h"
#include "pg/codec.h"
#include "pg/listener.h"
#include "pg/pool.h"
#include "plan/plan.h"

typedef struct Cache Cache;
typedef struct Run Run;

/* A plan in the cache, or beside it. It lives while it is cached or pinned. */
typedef struct PlanRef {
  Plan *plan;
  Arena *arena;
  uint64_t number; /* see ResultShape */
  uint32_t pins;
  bool cached;
  struct Request *gathered, **gathered_end; /* calls of this tick that may fly together (merge.c) */
  struct PlanRef *next_gathering;
  struct Binding *bindings; /* per step: decoders as the last result bound them */
} PlanRef;

typedef struct Binding {
  uint32_t *oids;
  Decode **decoders;
} Binding;

typedef enum RequestKind {
  REQUEST_CALL,
  REQUEST_RAW,
  REQUEST_BEGIN,
  REQUEST_END,
  REQUEST_COPY
} RequestKind;

/* A request's way: taken -> (looked up) -> flying -> finished. */
typedef enum RequestState {
  REQUEST_TAKEN,
  REQUEST_FLYING,
  REQUEST_FINISHED
} RequestState;

typedef enum CursorVerb { /* what a call does with a cursor */
  CURSOR_NONE,
  CURSOR_DECLARE,
  CURSOR_FETCH
} CursorVerb;

typedef enum CopyVerb {
  COPY_ROWS,
  COPY_END,
  COPY_FETCH
} CopyVerb;

typedef enum StepStatus {
  STEP_WAITING,
  STEP_SENT,
  STEP_DONE,
  STEP_SKIPPED
} StepStatus;
typedef struct StepState {
  StepStatus status;
  Result *result;
  Cell *cells;        /* its parameters; those taken from other steps are filled when it is sent */
  uint32_t *expected; /* rows, for its checks */
  Slice told;         /* its parameters as JSON, when somebody listens */
} StepState;

struct Request {
  Engine *engine;
  Arena *arena;
  Request *next, *prev; /* on engine->open while taken; next also on the free list */
  RequestKind kind;
  RequestState state;
  const Model *model;
  CallAction action;
  Arg *args;
  Scopes *scopes; /* of the client that calls, or NULL */
  Shape shape;
  PlanRef *ref;
  const Setting *settings; /* who it is made as; its caller's until it is under way */
  uint32_t n_settings;
  Tx *tx;
  Tx *tx_new, *tx_made; /* BEGIN: the handle while it is under way; then, until the caller takes it */
  Slice raw_sql;
  Arg *raw_params;
  uint32_t n_raw_params;
  bool raw_rows;
  bool explain, analyze;
  uint16_t explain_step;
  CursorVerb cursor_verb;
  uint32_t cursor, cursor_rows;
  bool copies; /* copy_begin will take it over */
  Copy *copy;  /* REQUEST_COPY */
  CopyVerb copy_verb;
  uint32_t copy_rows; /* to be fetched */
  int64_t copied;
  Request *next_gathered;
  Request *carrier;  /* whose rows it reads, with its own plan; NULL: it flew by itself */
  uint32_t row;      /* the one of the carrier's rows that is its own, from 1; 0: none was found */
  Request **members; /* of a carrier */
  uint32_t n_members, n_users, n_left; /* n_left: members that nobody waits for */
  TxOptions tx_options;
  TxVerb tx_verb;
  Step raw_step; /* raw and transaction requests run as one step */
  const Step *steps;
  uint16_t n_steps, n_flights;
  StepState *states;
  Run *run;
  void (*done)(Request *r, void *ctx);
  void *done_ctx;
  int timeout_ms;   /* of the call, 0 = none */
  int64_t deadline; /* loop clock, once it is under way */
  bool timed;       /* the server was told */
  bool expired;     /* its caller was told, while it is under way still */
  bool failed, detached;
  Err err;
};

struct Engine {
  Loop *loop;
  const Schema *schema;
  uint64_t *plans;
  PlanConfig plan_config;
  ConnInfo info;
  Pool *pool;
  Listener *listener; /* NULL: nobody has listened yet */
  Cache *cache;
  Arena *arena; /* the engine's own life: URL, options */
  Request *free, *open;
  uint32_t n_open;
  Run *runs;          /* under way */
  PlanRef *gathering; /* plans of which there are calls that wait for the end of the tick */
  LoopSoon gather;
  Tx *txs;
  void (*on_query)(void *ctx, const QueryEvent *event);
  void *on_query_ctx;
  uint64_t n_queries;
  uint32_t n_ids; /* generated so far */
  uint32_t n_cursors;
  bool closing;
};

/* cache.c */
MUST Cache *cache_new(void);
void cache_free(Cache *c);
MUST bool cache_lookup(Cache *c, Request *r, Err *e); /* sets r->ref, pinned */
void plan_unpin(PlanRef *ref);
MUST bool shape_again(Request *r); /* scan the arguments anew; false: out of memory */
void cache_stats(const Cache *c, EngineStats *out);

/* encode.c: the cells of every step, as far as they do not come from other steps. Into r->arena. */
MUST bool encode_params(Request *r, Err *e);
/* The cells that step `i` takes from earlier steps. */
MUST bool encode_late(Request *r, uint16_t i, Err *e);
/* A raw parameter, typed by what it is. */
MUST bool encode_raw(Request *r, Err *e);

/* ids.c: a generated default as text or instant. Texts into the arena (protected); `counter` is the engine's.
 */
MUST bool id_generate(Arena *a, const SlotSpec *spec, int64_t now, uint32_t *counter, Value *out, Err *e);

/* identity.c: must its settings go out before it? Then as what, into r->arena (protected). */
bool identity_differs(const Request *r);
void identity_statement(const Request *r, Statement *out, Cell **cells);

/* copy.c */
MUST bool copy_prepare(Request *r, Err *e);
void copy_submit(Request *r);
MUST bool copy_pump(Request *r, int64_t deadline, Err *e);
void copy_orphan(Copy *c); /* its transaction is over */
/* Its transaction is to do something else. A copyIn that nobody waits for ends its COPY, and goes on by
 * another: true, and what is sent next comes behind it. */
bool copy_rest(Copy *c);
typedef struct CopyTypes CopyTypes;

/* explain.c: turns an encoded call into a raw request for the server's plan of one of its statements. */
MUST bool explain_turn(Request *r, Err *e);

/* cursor.c: the steps of a call that fetches, before its parameters are encoded; the one of a call that
 * declares, after that. No effect on other calls. */
MUST bool cursor_fetch_turn(Request *r, Err *e);
MUST bool cursor_declare_turn(Request *r, Err *e);

/* timeout.c: `timeout` out of the arguments, before the plan is looked up. */
MUST bool timeout_take(Request *r, Err *e);
/* Tell the server how long `r` may take; `alone`: until the segment's end, else until it is put back. */
MUST bool timeout_set(Segment *s, const Request *r, bool alone, Err *e);
MUST bool timeout_restore(Segment *s, Err *e);
bool timeout_was_it(const Request *r, const Err *e); /* the server's error is that of the deadline */

/* told.c: what a listener is told of the parameters; nothing, without one or without memory. */
void tell_params(Request *r);
void tell_members(Request *carrier); /* the list of their keys */

/* merge.c */
bool merge_gather(Request *r); /* true: it waits for the end of the tick; merge_fly sends it */
void merge_fly(void *engine);
void merge_leave(Request *carrier); /* a member of it was detached */
void merge_drop(Request *carrier);  /* a member of it was released */
void merge_close(Engine *g);        /* those that wait end with an error */

/* exec.c */
void request_finish(Request *r); /* its answer is in */
MUST bool run_submit(Engine *g, Request *const *requests, uint32_t n, Slice isolation, Err *e);
bool run_pump(Run *run, bool (*until)(void *), void *ctx, int64_t deadline, Err *e);
void run_detached(Run *run); /* a request of it was */
void runs_close(Engine *g);

/* tx.c */
void tx_begun(Request *r, Conn *c);   /* of a REQUEST_BEGIN: its transaction holds the connection */
void tx_ended(Request *r, bool well); /* an END request's answer is in */
bool tx_to_begin(const Tx *tx);       /* its BEGIN is to go out before what is sent next */
const Statement *tx_beginning(const Tx *tx);
void tx_asked(Tx *tx);           /* it is under way */
void tx_has_answered(Tx *tx);    /* ... and went well */
void tx_unbegun(Tx *tx);         /* what it went with failed: if it was not answered, it has no connection */
bool tx_has_begun(const Tx *tx); /* the server has said so */
Conn *tx_connect(Tx *tx,
                 Conn *conn); /* conn becomes its connection, or goes back; returns that, NULL: over */
void tx_identity(const Tx *tx,
                 Request *r); /* r, made in it, is as whoever it is for, while that is not said */
int tx_max_wait(const Tx *tx);
MUST bool tx_usable(const Tx *tx, Err *e); /* P2028 otherwise */
void tx_hold(Tx *tx);                      /* a run under way keeps the handle's memory */
void tx_drop(Tx *tx);
void tx_discard(Tx *tx); /* a handle whose BEGIN never came to be */
/* May it be closed: does it still exist, and will the transaction take the statement? */
bool tx_has_cursor(const Tx *tx, uint32_t cursor);
/* The statement that gives an implicit transaction its isolation; NULL and e when the name is unknown. */
MUST const Statement *tx_opening(Slice isolation, Err *e);
Conn *tx_conn(const Tx *tx); /* NULL: over, or it is to have another one */
Engine *tx_engine(const Tx *tx);
void tx_statement_failed(Tx *tx);
void tx_copying(Tx *tx, Copy *c);
void tx_copied(Tx *tx, const Copy *c);
void tx_overdue(Tx *tx);               /* a call in it did not end: it cannot go on, either */
void tx_lost(Tx *tx);                  /* it cannot go on: the connection goes back */
MUST bool tx_step(Request *r, Err *e); /* makes raw_step of an END request */
void txs_close(Engine *g);
void txs_free(Engine *g); /* the handles that their owners never released */

/* rows.c: the result that has a step's rows: n of them, from row `first` on. NULL: none came. */
const Result *step_result(const Request *r, uint16_t step, uint32_t *first, uint32_t *n);

/* errors.c: what a server error means to a caller of this request; rewrites e in place. */
void error_translate(const Request *r, Err *e);
/* The deadline has passed. `unknown`: of a write that was sent, and not answered. */
void timeout_error(const Request *r, bool unknown, Err *e);
/* Fills e, with the numbers of rows that were wanted and found; returns false. */
bool check_failed(const Request *r, const Check *check, uint32_t expected, uint32_t found, Err *e);

#endif
