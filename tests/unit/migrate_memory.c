/* Whatever migrate does, it does whole, or memory ran out and the database is as it was: at whichever
 * allocation. */
#include "base/mem.h"
#include "check.h"
#include "migrate/history.h"
#include "migrate/pull.h"
#include "server.h"

static const char text[] =
    "datasource db {\n  provider = \"postgresql\"\n  url = env(\"X\")\n}\n"
    "model A {\n  id Int @id @default(autoincrement())\n  e E @default(x)\n  bs B[]\n"
    "  s String @default(dbgenerated(\"lower('X')\"))\n}\n"
    "model B {\n  id Int @id\n  as A[]\n}\n"
    "enum E {\n  x\n}\n";

static Server server;
static const Schema *schema;
static char url[300];
static MigrationTarget target;

static Slice answer(const char *sql) {
  static char text_of[64];
  Session *s;
  Result *r;
  Slice cell;
  Err e;
  text_of[0] = 0;
  if (!session_open(slice_of(url), &s, &e)) server_fail(e.message);
  if (!session_query(s, sql, NULL, 0, &r, &e)) server_fail(e.message);
  if (result_rows(r) && result_cell(r, 0, 0, &cell))
    snprintf(text_of, sizeof text_of, "%.*s", SLICE_ARGS(cell));
  result_free(r);
  session_close(s);
  return slice_of(text_of);
}

static bool ran_out(const Err *e) {
  CHECK(e->code == ERR_OUT_OF_MEMORY);
  return false;
}

static bool push(Arena *a) {
  PushOptions o = {0};
  PushReport r;
  Err e;
  if (!migrate_push(a, schema, slice_of(url), &o, &r, &e)) return ran_out(&e);
  CHECK(r.done && r.n_steps > 3);
  return true;
}

static bool diff(Arena *a) {
  DiffEnd from = {.kind = DIFF_DATABASE, .url = slice_of(url)}, to = {.kind = DIFF_SCHEMA, .schema = schema};
  Slice script;
  bool empty;
  Err e;
  if (!migrate_diff(a, &from, &to, &script, &empty, &e)) return ran_out(&e);
  CHECK(empty);
  return true;
}

static bool pull(Arena *a) {
  PullReport r;
  Err e;
  if (!migrate_pull(a, schema, slice_of(url), &r, &e)) return ran_out(&e);
  CHECK(r.schema.n > 100);
  return true;
}

static bool reset(Arena *a) {
  Err e;
  return migrate_reset(a, &target, &e) || ran_out(&e);
}

static bool diagnose(Arena *a) {
  Slice reason;
  Err e;
  if (!migrate_diagnose(a, &target, &reason, &e)) return ran_out(&e);
  CHECK(reason.n == 0);
  return true;
}

/* `work` with all allocations failing from the n-th on, for every n up to the one that is never reached; in
 * other builds, once. `broken`: a question whose answer is "t" when something was half done. */
static void starve(bool (*work)(Arena *a), const char *broken) {
  bool done = false;
  for (long n = 0; !done && n < 100000; n++) {
    Arena *a = arena_new(0);
#ifdef LORM_HOSTILE
    long live = mem_live();
    mem_fail_after(n, true);
#endif
    done = work(a);
#ifdef LORM_HOSTILE
    mem_fail_after(-1, false);
#endif
    if (!done && broken) CHECK(!slice_is(answer(broken), "t"));
#ifdef LORM_HOSTILE
    arena_reset(a);
    CHECK(mem_live() <= live);
#endif
    arena_free(a);
  }
  CHECK(done);
}

static void memory_runs_out(void) {
  Arena *a = arena_new(0);
  Source source = {SLICE("test"), slice_of(text)};
  Diags d = {.arena = a};
  bool created;
  Err e;
  server = server_start();
  schema = schema_load(a, &source, 1, &d);
  CHECK(migrate_execute(server_url(&server), SLICE("drop database if exists lorm_memory with (force)"), &e));
  Slice made = url_with_database(a, server_url(&server), SLICE("lorm_memory"));
  snprintf(url, sizeof url, "%.*s", SLICE_ARGS(made));
  target = (MigrationTarget){.folder = "/nowhere/at/all", .schema = schema, .url = slice_of(url)};
  CHECK(migrate_ensure_database(slice_of(url), &created, &e) && created);
  starve(push, "select to_regtype('\"E\"') is not null or to_regclass('\"A\"') is not null");
  starve(diff, NULL);
  starve(pull, NULL);
  starve(reset, "select to_regclass('\"A\"') is null or to_regtype('\"E\"') is null");
  CHECK_TEXT(answer("select to_regclass('\"A\"') is null"), "t");
  starve(diagnose, NULL);
  arena_free(a);
  server_stop(&server);
}

TESTS(memory_runs_out)
