/* Out of memory, at every allocation that a script makes which connects, reads, writes, opens transactions
 * and runs tasks: an error like others, nothing leaks, and the same runtime goes on. Where allocations cannot
 * be made to fail (only hostile builds can), the script runs once. */
#include <stdlib.h>

#include "base/mem.h"
#include "check.h"
#include "runtime/runtime.h"
#include "server.h"

static const char prepare[] =
    "local db <close> = lorm.connect { schemaText = schema, url = url }\n"
    "lorm.migrate.execute(db, 'drop schema if exists memory cascade; create schema memory; "
    "create table memory.\"A\" (id serial primary key, name text)')\n";

static const char script[] =
    "local db <close> = lorm.connect { schemaText = schema, url = url }\n"
    "db.A:create { data = { name = 'x' } }\n"
    "local rows = db.A:findMany { where = { name = { contains = 'x' } }, orderBy = { id = 'asc' }, take = 3 "
    "}\n"
    "lorm.all { function() return db.A:count() end, function() return db:queryRaw('select $1::int as n', 1) "
    "end }\n"
    "db:transaction(function(tx) tx.A:updateMany { data = { name = 'y' } }; tx:transaction(function() end) "
    "end)\n"
    "pcall(db.transaction, db, function(tx) error(tx) end)\n"
    "db:batch(function(b) b.A:count {}; b.A:deleteMany {} end)\n"
    "for row in coroutine.wrap(function() coroutine.yield(db.A:count()) end) do rows[1] = row end\n"
    "db:use(function(params, next) return next(params) end)\n"
    "db:on('query', function(e) rows[2] = lorm.json.encode(e) end)\n"
    "db.A:count()\n"
    "done = true\n";

static const char after[] =
    "local db <close> = lorm.connect { schemaText = schema, url = url }\n"
    "assert(type(db.A:count()) == 'number')\n";

static bool run(Runtime *rt, const char *chunk, Err *e) {
  return runtime_eval(rt, slice_of(chunk), false, e);
}

static Runtime *begin(const Server *server) {
  static const RuntimeConfig nothing = {.program = "unit"};
  Runtime *rt;
  Err e;
  char chunk[600];
  if (!runtime_new(&nothing, &rt, &e)) abort();
  Slice url = server_url(server);
  snprintf(chunk, sizeof chunk,
           "url = %s%.*s%s; url = url .. (url:find('?', 1, true) and '&' or '?') .. 'schema=memory'\n"
           "schema = 'model A {\\n  id   Int @id @default(autoincrement())\\n  name String?\\n}\\n'",
           "[[", SLICE_ARGS(url), "]]");
  if (run(rt, chunk, &e)) return rt;
  fprintf(stderr, "%s\n", e.message);
  abort();
}

static void end(Runtime *rt) {
  Err e;
  bool fine = run(rt, after, &e);
  if (!fine) fprintf(stderr, "afterwards: %s\n", e.message);
  CHECK(fine);
  runtime_free(rt);
}

#ifdef LORM_HOSTILE
/* The script, while the n-th allocation fails, alone or with all that follow. Was it through before that? */
static bool run_starved(const Server *server, long n, bool forever) {
  long before = mem_live();
  Err e;
  Runtime *rt = begin(server);
  mem_fail_after(n, forever);
  bool through = run(rt, script, &e);
  mem_fail_after(-1, false);
  end(rt);
  CHECK(mem_live() == before);
  if (mem_live() != before)
    fprintf(stderr, "%ld blocks are left after allocation %ld\n", mem_live() - before, n);
  return through;
}

/* One that fails alone is often made good by Lua, which collects and tries again. */
static void runs_out(const Server *server) {
  long n = 0, step;
  for (; !run_starved(server, n, true); n += step) step = 1 + n / 20;
  CHECK(n > 1000);
  for (long i = 0; i < n; i += step) {
    step = 1 + i / 20;
    run_starved(server, i, false);
  }
}
#else
static void runs_out(const Server *server) {
  Err e;
  Runtime *rt = begin(server);
  CHECK(run(rt, script, &e));
  end(rt);
}
#endif

static void a_script_survives(void) {
  Err e;
  Server server = server_start();
  Runtime *rt = begin(&server);
  CHECK(run(rt, prepare, &e));
  end(rt);
  runs_out(&server);
  server_stop(&server);
}

TESTS(a_script_survives)
