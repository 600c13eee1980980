/* A ledger under fire: sessions are terminated at random, and once the whole server crashes, while calls are
 * under way. What was answered is there, what was refused is not, and what is not known is said to be so. */
#include "check.h"
#include "engine/engine.h"
#include "pg/session.h"
#include "plan_notation.h"
#include "server.h"

static const char schema_text[] =
    "datasource db {\n provider = \"postgresql\"\n url = \"postgresql://x\"\n}\n"
    "model Entry {\n id Int @id\n note String\n marks Mark[]\n}\n"
    "model Mark {\n id Int @id @default(autoincrement())\n entryId Int\n"
    "  entry Entry @relation(fields: [entryId], references: [id])\n}\n";
static const char tables[] =
    "create table \"Entry\" (id int primary key, note text not null);"
    "create table \"Mark\" (id serial primary key, \"entryId\" int not null references \"Entry\" (id))";

enum {
  CALLERS = 24,
  ENTRIES = 20000,
  ROUND_MS = 2500
};

typedef enum Fate {
  FATE_NONE,
  FATE_WRITTEN,
  FATE_REFUSED,
  FATE_UNKNOWN
} Fate;

typedef struct Caller {
  Request *request;
  Tx *tx;
  int id;    /* entry that it writes; 0: it reads */
  int stage; /* of a transaction: 0 = none, 1 = begun, 2 = written, 3 = committing */
} Caller;

static Server server;
static Arena *arena;
static const Schema *schema;
static Loop *loop;
static Engine *engine;
static Err err;
static Fate fates[ENTRIES];
static int next_id, n_reads, n_read_errors, n_unknown, n_written, n_refused;

static void load_schema(void *ctx) {
  (void)ctx;
  Source source = {SLICE("schema.prisma"), slice_of(schema_text)};
  Diags d = {.arena = arena};
  schema = schema_load(arena, &source, 1, &d);
}

static Session *session(void) {
  Session *s;
  return session_open(server_url(&server), &s, &err) ? s : NULL;
}

/* ---- callers ---- */

typedef struct Calling {
  Request *request;
  char text[160];
} Calling;

static void read_call(void *ctx) {
  Calling *c = ctx;
  Model *model;
  CallAction action;
  Arena *a = request_arena(c->request);
  Arg *args = ARENA_NEW(a, Arg);
  CHECK(notation_read(a, schema, slice_copy(a, slice_of(c->text)), &model, &action, args));
  request_call(c->request, model, action, args);
}

static void on_done(Request *r, void *ctx) { (void)r, (void)ctx; }

static void settle_entry(const Caller *c, const Err *e) {
  Fate fate = !e ? FATE_WRITTEN : e->code == ERR_UNKNOWN_OUTCOME ? FATE_UNKNOWN : FATE_REFUSED;
  fates[c->id] = fate;
  n_written += fate == FATE_WRITTEN;
  n_refused += fate == FATE_REFUSED;
  n_unknown += fate == FATE_UNKNOWN;
}

static Request *taken(void) {
  Request *r = request_take(engine, &err);
  if (!r) server_fail(err.message);
  return r;
}

/* False: it could not be submitted (a transaction that is over). */
static bool submit(Caller *c, Request *r) {
  c->request = r;
  if (engine_lookup(r, &err) && engine_submit(r, on_done, NULL, &err)) return true;
  request_release(r);
  c->request = NULL;
  return false;
}

static bool submit_call(Caller *c, const char *format, int id) {
  Calling x = {.request = taken()};
  snprintf(x.text, sizeof x.text, format, id, id);
  CHECK(arena_protect(request_arena(x.request), NULL, read_call, &x));
  if (c->tx) request_in(x.request, c->tx);
  return submit(c, x.request);
}

/* One in three reads, one in three writes an entry with its mark, one in three does so in a transaction. */
static void caller_begin(Caller *c, int dice) {
  *c = (Caller){0};
  if (dice % 3 == 0 || next_id + 1 >= ENTRIES) {
    CHECK(submit_call(c, "Entry.findMany {\"where\": {\"id\": {\"gt\": %d}}, \"take\": 2}", dice % 1000));
    return;
  }
  c->id = ++next_id;
  if (dice % 3 == 1) {
    CHECK(submit_call(
        c, "Entry.create {\"data\": {\"id\": %d, \"note\": \"n\", \"marks\": {\"create\": [{}, {}]}}}",
        c->id));
    return;
  }
  TxOptions o = {.max_wait_ms = -1, .timeout_ms = -1};
  Request *r = taken();
  CHECK(request_begin(r, &o, &err));
  CHECK(submit(c, r));
  c->stage = 1;
}

static bool tx_goes_on(Caller *c) {
  if (c->stage == 1) return submit_call(c, "Entry.create {\"data\": {\"id\": %d, \"note\": \"t\"}}", c->id);
  if (c->stage == 2)
    return submit_call(c, "Mark.createMany {\"data\": [{\"entryId\": %d}, {\"entryId\": %d}]}", c->id);
  Request *r = taken();
  request_end(r, c->tx, TX_COMMIT);
  return submit(c, r);
}

static void caller_step(Caller *c, int dice) {
  if (!c->request) {
    caller_begin(c, dice);
    return;
  }
  if (!request_finished(c->request)) return;
  const Err *e = request_error(c->request);
  Err why;
  if (e) why = *e;
  if (c->stage == 1 && !e) c->tx = request_tx(c->request);
  request_release(c->request);
  c->request = NULL;
  if (c->stage && c->stage < 4 && !e) {
    bool sent = tx_goes_on(c);
    if (!sent) e = &err;
    c->stage++;
    if (sent) return;
  }
  if (c->tx) tx_release(c->tx);
  if (c->id)
    settle_entry(c, e == &err || !e ? e : &why);
  else
    n_reads++, n_read_errors += e != NULL;
  *c = (Caller){0};
}

/* ---- fire ---- */

static const char victim[] =
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lorm' and pid <> "
    "pg_backend_pid() order by random() limit 1";

/* For so long, and longer on a slow machine: until something has been done at all. */
static void storm(Caller *callers, int ms, int every_ms, int least) {
  Session *reaper = session();
  Result *r;
  int64_t end = loop_clock_us() + ms * INT64_C(1000), last = end + 60000000, shot = 0;
  unsigned dice = 1;
  while (loop_clock_us() < end || ((n_written < least || n_reads < least) && loop_clock_us() < last)) {
    for (int i = 0; i < CALLERS; i++)
      caller_step(&callers[i], (int)((dice = dice * 1103515245u + 12345u) >> 8));
    (void)loop_turn(loop, false);
    if (every_ms && loop_clock_us() - shot > every_ms * 1000) {
      shot = loop_clock_us();
      if (session_query(reaper, victim, NULL, 0, &r, &err)) result_free(r);
    }
  }
  session_close(reaper);
}

static void calm_down(Caller *callers) {
  for (int busy = 1; busy;) {
    busy = 0;
    for (int i = 0; i < CALLERS; i++) {
      if (callers[i].request) caller_step(&callers[i], 0);
      busy += callers[i].request != NULL;
    }
    if (busy) (void)loop_turn(loop, true);
  }
}

/* ---- the verdict ---- */

static void compare(void) {
  Session *s = session();
  Result *r;
  Slice cell;
  static uint8_t marks[ENTRIES];
  if (!s) server_fail("session");
  CHECK(
      session_query(s,
                    "select e.id, count(m.id) from \"Entry\" e left join \"Mark\" m on m.\"entryId\" = e.id "
                    "group by e.id",
                    NULL, 0, &r, &err));
  for (uint32_t i = 0; i < result_rows(r); i++) {
    CHECK(result_cell(r, i, 0, &cell));
    int id = atoi(cell.p);
    CHECK(result_cell(r, i, 1, &cell) && slice_is(cell, "2")); /* all of a call, or nothing */
    marks[id] = 1;
  }
  result_free(r);
  session_close(s);
  int lost = 0, ghosts = 0;
  for (int i = 1; i <= next_id; i++) {
    lost += fates[i] == FATE_WRITTEN && !marks[i];
    ghosts += fates[i] == FATE_REFUSED && marks[i];
    CHECK(fates[i] != FATE_NONE);
  }
  CHECK(lost == 0);
  CHECK(ghosts == 0);
}

static void open_engine(void) {
  EngineConfig c = {.schema = schema,
                    .url = server_url(&server),
                    .pool_max = 6,
                    .pool_min = -1,
                    .connection_timeout_ms = -1,
                    .idle_timeout_ms = -1,
                    .max_lifetime_ms = -1};
  if (!loop_new(&loop, &err) || !engine_open(loop, &c, &engine, &err)) server_fail(err.message);
}

static void close_engine(void) {
  EngineStats s = {.busy = 1};
  while (s.busy) {
    (void)loop_turn(loop, true);
    engine_stats(engine, &s);
  }
  CHECK(s.requests == 0 && s.waiting == 0 && s.connections <= 6);
  engine_close(engine);
  loop_free(loop);
}

static void sessions_are_terminated(void) {
  static Caller callers[CALLERS];
  open_engine();
  storm(callers, ROUND_MS, 10, 101);
  calm_down(callers);
  compare();
  CHECK(n_written > 100 && n_reads > 100);
  CHECK(n_read_errors * 100 <= n_reads); /* a read must meet four dead connections in a row to fail */
  close_engine();
}

static void the_server_crashes(void) {
  static Caller callers[CALLERS];
  open_engine();
  storm(callers, ROUND_MS / 5, 0, 0);
  server_kill(&server, SIGQUIT);
  for (int i = 0; i < 50; i++) {
    for (int k = 0; k < CALLERS; k++) caller_step(&callers[k], i + k);
    (void)loop_turn(loop, false);
  }
  server_run(&server);
  storm(callers, ROUND_MS / 5, 0, 0);
  calm_down(callers);
  compare();
  close_engine();
}

static void starts(void) {
  server = server_private();
  arena = arena_new(0);
  if (!arena || !arena_protect(arena, NULL, load_schema, NULL) || !schema) server_fail("the schema");
  Session *s = session();
  if (!s || !session_execute(s, slice_of(tables), &err)) server_fail(err.message);
  session_close(s);
}
static void stops(void) {
  printf("%d written, %d refused, %d unknown; %d reads, %d failed\n", n_written, n_refused, n_unknown,
         n_reads, n_read_errors);
  arena_free(arena);
  server_stop(&server);
}

TESTS(starts, sessions_are_terminated, the_server_crashes, stops)
