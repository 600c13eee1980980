/* Out of memory, at every allocation that connecting, a query, a write, a transaction make: an error like
 * others, nothing leaks, and what is left works. Where allocations cannot be made to fail (only hostile
 * builds can), the same calls run once. */
#include "base/mem.h"
#include "check.h"
#include "engine/engine.h"
#include "pg/session.h"
#include "plan_notation.h"
#include "server.h"

static const char schema_text[] =
    "datasource db {\n provider = \"postgresql\"\n url = \"postgresql://x\"\n}\n"
    "model User {\n id Int @id @default(autoincrement())\n email String @unique\n posts Post[]\n}\n"
    "model Post {\n id Int @id @default(autoincrement())\n title String\n authorId Int\n"
    "  author User @relation(fields: [authorId], references: [id])\n}\n";
static const char tables[] =
    "create table \"User\" (id serial primary key, email text not null unique);"
    "create table \"Post\" (id serial primary key, title text not null,"
    " \"authorId\" int not null references \"User\" (id));"
    "insert into \"User\" (email) values ('a@x'), ('b@x');"
    "insert into \"Post\" (title, \"authorId\") values ('one', 1), ('two', 1);";

static Server server;
static Arena *arena;
static const Schema *schema;
static Loop *loop;
static Engine *engine;
static Err err;

#ifdef LORM_HOSTILE
enum {
  CALM = 25 /* so many good runs in a row: the failure came after the end */
};
static void fail_after(long n, bool forever) { mem_fail_after(n, forever); }
static long live(void) { return mem_live(); }
#else
enum {
  CALM = 1
};
static void fail_after(long n, bool forever) { (void)n, (void)forever; }
static long live(void) { return 0; }
#endif

static void load_schema(void *ctx) {
  (void)ctx;
  Source source = {SLICE("schema.prisma"), slice_of(schema_text)};
  Diags d = {.arena = arena};
  schema = schema_load(arena, &source, 1, &d);
}

/* ---- calls: each true when all went well, and none leaves a request behind ---- */

static bool engine_begin(void) {
  EngineConfig c = {.schema = schema,
                    .url = server_url(&server),
                    .pool_max = 2,
                    .pool_min = -1,
                    .connection_timeout_ms = -1,
                    .idle_timeout_ms = -1,
                    .max_lifetime_ms = -1};
  err.code = ERR_NONE;
  return engine_open(loop, &c, &engine, &err);
}

static void on_done(Request *r, void *ctx) { (void)r, (void)ctx; }

static void finish(const Request *r) {
  int64_t deadline = loop_clock_us() + 20000000;
  while (!request_finished(r) && loop_clock_us() < deadline && loop_turn(loop, true))
    ;
  if (!request_finished(r)) server_fail("a request never ended: a call");
}

static void read_rows(Request *r, bool *good) {
  Rows rows;
  Value cells[16];
  for (uint16_t i = 0; *good && i < request_statements(r); i++) {
    *good = rows_open(r, i, &rows, &err);
    while (*good && rows_next(&rows, cells, &err))
      ;
    *good = *good && err.code == ERR_NONE;
  }
}

/* Submit, wait, read everything, release. */
static bool carry(Request *r, bool ready, Tx **tx) {
  bool good = ready && engine_lookup(r, &err) && engine_submit(r, on_done, NULL, &err);
  if (good) {
    finish(r);
    const Err *e = request_error(r);
    if (e) err = *e;
    good = !e;
    if (tx) *tx = request_tx(r);
    if (!tx) read_rows(r, &good);
  }
  CHECK(good || err.code != ERR_NONE);
  request_release(r);
  return good;
}

typedef struct Calling {
  Request *request;
  Slice text;
} Calling;

static void read_call(void *ctx) {
  Calling *c = ctx;
  Model *model;
  CallAction action;
  Arena *a = request_arena(c->request);
  Arg *args = ARENA_NEW(a, Arg);
  CHECK(notation_read(a, schema, c->text, &model, &action, args));
  request_call(c->request, model, action, args);
}

static Request *asked(const char *text) {
  Request *r = request_take(engine, &err);
  Calling c = {r, slice_of(text)};
  if (!r) return NULL;
  bool ready = arena_protect(request_arena(r), NULL, read_call, &c) || err_oom(&err);
  if (ready && engine_lookup(r, &err) && engine_submit(r, on_done, NULL, &err)) return r;
  request_release(r);
  return NULL;
}

/* Two of one tick, as one statement. */
static bool together(const char *const texts[2]) {
  Request *r[2];
  Err first = {.code = ERR_NONE};
  bool good = true;
  for (int i = 0; i < 2; i++) {
    r[i] = asked(texts[i]);
    if (!r[i]) first = err;
  }
  for (int i = 0; i < 2; i++) {
    if (!r[i]) continue;
    finish(r[i]);
    const Err *e = request_error(r[i]);
    if (e) first = *e;
    if (!e) read_rows(r[i], &good);
    if (!good) first = err;
    request_release(r[i]);
  }
  err = first;
  return first.code == ERR_NONE;
}

static bool call(const char *text, Tx *tx) {
  err.code = ERR_NONE;
  Request *r = request_take(engine, &err);
  if (!r) return false;
  Calling c = {r, slice_of(text)};
  bool ready = true;
  if (*text == '$')
    request_raw(r, slice_of(text + 2), NULL, 0, true);
  else
    ready = arena_protect(request_arena(r), NULL, read_call, &c) || err_oom(&err);
  if (tx) request_in(r, tx);
  return carry(r, ready, NULL);
}

static Tx *begin(void) {
  Tx *tx = NULL;
  TxOptions o = {SLICE("Serializable"), -1, -1};
  err.code = ERR_NONE;
  Request *r = request_take(engine, &err);
  if (!r) return NULL;
  bool ready = request_begin(r, &o, &err);
  (void)carry(r, ready, &tx);
  return tx;
}

static bool end(Tx *tx, TxVerb verb) {
  Tx *none;
  Request *r = request_take(engine, &err);
  if (!r) return false;
  request_end(r, tx, verb);
  return carry(r, true, &none);
}

/* ---- what is swept ---- */

static bool connects(void) {
  if (!engine_begin()) return false;
  bool good = call("$ select 1", NULL);
  engine_close(engine);
  return good;
}

static bool reads(void) {
  return call("User.findUnique {\"where\": {\"id\": 1}, \"include\": {\"posts\": true}}", NULL) &&
         call("User.findMany {\"where\": {\"email\": {\"in\": [\"a@x\", \"b@x\"]}}}", NULL) &&
         call("$ select '{1,2}'::int[], '127.0.0.1'::inet", NULL);
}

static bool reads_together(void) {
  static const char *const texts[2] = {"User.findUnique {\"where\": {\"id\": 1}}",
                                       "User.findUnique {\"where\": {\"id\": 2}}"};
  return together(texts);
}

static bool writes(void) {
  return call(
             "User.update {\"where\": {\"id\": 1}, \"data\": {\"posts\": {\"create\": {\"title\": "
             "\"new\"}}}}",
             NULL) &&
         call("Post.deleteMany {\"where\": {\"title\": \"new\"}}", NULL);
}

static bool transacts(void) {
  Tx *tx = begin();
  if (!tx) return false;
  bool good = call("User.update {\"where\": {\"id\": 2}, \"data\": {\"email\": \"c@x\"}}", tx) &&
              end(tx, TX_SAVEPOINT) && call("User.count", tx) && end(tx, TX_ROLLBACK_TO) &&
              end(tx, TX_ROLLBACK);
  tx_release(tx);
  return good;
}

/* ---- sweeping ---- */

static void settle(void) {
  EngineStats s = {.busy = 1};
  int64_t deadline = loop_clock_us() + 20000000;
  while ((s.busy || s.requests) && loop_clock_us() < deadline) {
    (void)loop_turn(loop, false);
    engine_stats(engine, &s);
  }
  CHECK(s.busy == 0 && s.requests == 0 && s.waiting == 0);
}

/* A fresh engine for each point: what was acquired before stands for what a long life would hold. */
static bool point(bool (*what)(void), long n, bool forever) {
  if (what != connects && (!engine_begin() || !call("$ select 1", NULL))) server_fail(err.message);
  fail_after(n, forever);
  bool good = what();
  fail_after(-1, false);
  CHECK(good || err.code == ERR_OUT_OF_MEMORY || err.code == ERR_P2028 || err.code == ERR_P2025);
  if (!good && err.code != ERR_OUT_OF_MEMORY) fprintf(stderr, "point %ld: %s\n", n, err.message);
  if (what == connects) return good;
  settle();
  CHECK(what()); /* the same, with memory */
  settle();
  engine_close(engine);
  return good;
}

static void sweep(bool (*what)(void)) {
  for (int forever = 0; forever < 2; forever++) {
    long before = live();
    int calm = 0;
    for (long n = 0; calm < CALM && n < 5000; n++) {
      if (!loop_new(&loop, &err)) server_fail(err.message);
      calm = point(what, n, forever) ? calm + 1 : 0;
      loop_free(loop);
      if (live() != before) fprintf(stderr, "leak at point %ld: %ld blocks\n", n, live() - before);
      CHECK(live() == before);
      before = live();
    }
    CHECK(calm >= CALM);
  }
}

static void connecting(void) { sweep(connects); }
static void reading(void) { sweep(reads); }
static void reading_together(void) { sweep(reads_together); }
static void writing(void) { sweep(writes); }
static void transacting(void) { sweep(transacts); }

static void starts(void) {
  Session *s;
  server = server_private();
  arena = arena_new(0);
  if (!arena || !arena_protect(arena, NULL, load_schema, NULL) || !schema) server_fail("the schema");
  if (!session_open(server_url(&server), &s, &err)) server_fail(err.message);
  CHECK(session_execute(s, slice_of(tables), &err));
  session_close(s);
}
static void stops(void) {
  arena_free(arena);
  server_stop(&server);
}

TESTS(starts, connecting, reading, reading_together, writing, transacting, stops)
