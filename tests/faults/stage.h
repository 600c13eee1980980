/* What the fault tests stand on: a server of their own, a schema, an engine on a loop, calls as text, and a
 * control timer. One of each a program.
 *   stage_open(schema, tables); engine_start(url, 4, -1);
 *   Request *r = ran("User.create {\"data\": {\"id\": 1}}", NULL); CHECK(!request_error(r));
 * request_release(r); engine_end(); stage_close(); */
#ifndef TESTS_FAULTS_STAGE_H
#define TESTS_FAULTS_STAGE_H

#include <dirent.h>

#include "check.h"
#include "engine/engine.h"
#include "pg/session.h"
#include "plan_notation.h"
#include "server.h"

static Server server;
static Arena *stage_arena;
static const Schema *schema;
static Loop *loop;
static Engine *engine;
static Err err;

#define DATASOURCE "datasource db {\n provider = \"postgresql\"\n url = \"postgresql://x\"\n}\n"
#define OURS "application_name = 'lorm' and pid <> pg_backend_pid()" /* in pg_stat_activity */

/* ---- the server, seen from beside ---- */

static inline Session *session(void) {
  Session *s;
  if (!session_open(server_url(&server), &s, &err)) server_fail(err.message);
  return s;
}

static inline void sql_on(Session *s, const char *text) {
  Err e;
  if (!session_execute(s, slice_of(text), &e)) server_fail(e.message);
}

static inline void sql(const char *text) {
  Session *s = session();
  sql_on(s, text);
  session_close(s);
}

/* The number that a query answers with. */
static inline int64_t number_on(Session *s, const char *text) {
  Result *r;
  Slice cell;
  Err e;
  if (!session_query(s, text, NULL, 0, &r, &e)) server_fail(e.message);
  int64_t n = result_rows(r) && result_cell(r, 0, 0, &cell) ? atoll(cell.p) : -1;
  result_free(r);
  return n;
}

static inline int64_t number(const char *text) {
  Session *s = session();
  int64_t n = number_on(s, text);
  session_close(s);
  return n;
}

/* ---- opening and closing ---- */

static inline void stage_load(void *ctx) {
  Source source = {SLICE("schema.prisma"), slice_of(ctx)};
  Diags d = {.arena = stage_arena};
  schema = schema_load(stage_arena, &source, 1, &d);
  for (uint32_t i = 0; !schema && i < d.n; i++) fprintf(stderr, "%.*s\n", SLICE_ARGS(d.items[i].message));
}

static inline void stage_open(char *text, const char *tables) {
  server = server_private();
  stage_arena = arena_new(0);
  if (!stage_arena || !arena_protect(stage_arena, NULL, stage_load, text) || !schema)
    server_fail("the schema");
  sql(tables);
}

static inline void stage_close(void) {
  arena_free(stage_arena);
  server_stop(&server);
}

static inline EngineStats stats(void) {
  EngineStats s;
  engine_stats(engine, &s);
  return s;
}

static inline void engine_start(Slice url, int connections, int wait_ms) {
  EngineConfig c = {.schema = schema,
                    .url = url,
                    .pool_max = connections,
                    .pool_min = -1,
                    .connection_timeout_ms = wait_ms,
                    .idle_timeout_ms = -1,
                    .max_lifetime_ms = -1};
  if (!loop_new(&loop, &err) || !engine_open(loop, &c, &engine, &err)) server_fail(err.message);
}

/* What was taken has come back. */
static inline void engine_end(void) {
  while (stats().busy && loop_turn(loop, true))
    ;
  CHECK(stats().requests == 0 && stats().busy == 0 && stats().waiting == 0);
  engine_close(engine);
  loop_free(loop);
}

/* ---- calls ---- */

typedef struct Calling {
  Request *request;
  Slice text;
  bool known;
} Calling;

static inline void calling_read(void *ctx) {
  Calling *c = ctx;
  Model *model;
  CallAction action;
  Arena *a = request_arena(c->request);
  Arg *args = ARENA_NEW(a, Arg);
  c->known = notation_read(a, schema, slice_copy(a, c->text), &model, &action, args);
  if (c->known) request_call(c->request, model, action, args);
}

static inline Request *taken(void) {
  Request *r = request_take(engine, &err);
  if (!r) server_fail(err.message);
  return r;
}

static inline void on_finished(Request *r, void *ctx) { (void)r, (void)ctx; }

/* Takes it on, or gives it up and says why in `err` (a transaction that is over). */
static inline Request *sent(Request *r) {
  if (engine_lookup(r, &err) && engine_submit(r, on_finished, NULL, &err)) return r;
  request_release(r);
  return NULL;
}

/* `Model.action {...}`, or SQL: "$ select ..." has rows, "! update ..." a count; the text lives on. */
static inline Request *submitted(const char *text, Tx *tx) {
  Request *r = taken();
  Calling c = {r, slice_of(text), true};
  if (*text == '$' || *text == '!')
    request_raw(r, slice_of(text + 2), NULL, 0, *text == '$');
  else
    CHECK(arena_protect(request_arena(r), NULL, calling_read, &c) && c.known);
  if (tx) request_in(r, tx);
  return sent(r);
}

static inline Request *begun(const char *isolation, int timeout_ms) {
  TxOptions o = {.isolation = slice_of(isolation), .max_wait_ms = -1, .timeout_ms = timeout_ms};
  Request *r = taken();
  CHECK(request_begin(r, &o, &err));
  return sent(r);
}

static inline Request *ended(Tx *tx, TxVerb verb) {
  Request *r = taken();
  request_end(r, tx, verb);
  return sent(r);
}

static inline Request *finish(Request *r) {
  while (r && !request_finished(r) && loop_turn(loop, true))
    ;
  return r;
}

/* Waits for it and lets it go; what it ended with. */
static inline Err over(Request *r) {
  if (!r) return err;
  const Err *e = request_error(finish(r));
  Err end = e ? *e : (Err){.code = ERR_NONE};
  request_release(r);
  return end;
}

static inline Tx *opened(const char *isolation, int timeout_ms) {
  Request *r = finish(begun(isolation, timeout_ms));
  Tx *tx = r && !request_error(r) ? request_tx(r) : NULL;
  if (r) request_release(r);
  return tx;
}

/* The first integer of what it answered with; -1: nothing. */
static inline int64_t answer(Request *r) {
  Rows rows;
  Value cells[32];
  int64_t n = -1;
  ResultShape shape;
  if (!r) return n;
  request_shape(finish(r), &shape);
  if (!request_error(r) && rows_open(r, shape.step, &rows, &err) && rows_next(&rows, cells, &err))
    n = cells[0].u.i;
  request_release(r);
  return n;
}

/* ---- time: no limit is absolute, for the machine may be busy ---- */

typedef struct Control { /* a plain timer beside what is measured */
  LoopTimer *timer;
  int64_t due; /* loop clock; 0: not yet */
} Control;

static inline void on_control(void *ctx) { ((Control *)ctx)->due = loop_clock_us(); }

static inline void control_start(Control *c, int ms) {
  *c = (Control){0};
  c->timer = loop_timer_new(loop, on_control, c, &err);
  if (!c->timer) server_fail(err.message);
  loop_timer_start(c->timer, ms);
}

static inline void control_wait(Control *c) {
  while (!c->due) (void)loop_turn(loop, true);
  loop_timer_free(c->timer);
}

static inline void turn_for(int ms) {
  Control c;
  control_start(&c, ms);
  control_wait(&c);
}

/* ---- dice, and what must not grow ---- */

static inline uint64_t dice_next(uint64_t *state) {
  *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
  return *state >> 11;
}

static inline int descriptors(void) {
  int n = 0;
  DIR *d = opendir("/proc/self/fd");
  while (readdir(d)) n++;
  closedir(d);
  return n;
}

static inline int64_t resident_kb(const char *field) { /* "VmRSS:", "VmHWM:" */
  char line[128];
  long kb = 0;
  FILE *f = fopen("/proc/self/status", "r");
  while (f && fgets(line, sizeof line, f))
    if (strncmp(line, field, strlen(field)) == 0) kb = atol(line + strlen(field));
  if (f) fclose(f);
  return kb;
}

#endif
