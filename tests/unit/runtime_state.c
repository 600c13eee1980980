/* Runtimes as cli uses them: several in one process, errors as Err, interruption, and memory that runs out.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "check.h"
#include "loop/loop.h"
#include "runtime/runtime.h"

static const RuntimeConfig nothing = {.program = "unit"};

static Runtime *open_runtime(void) {
  Runtime *rt = NULL;
  Err e;
  if (!runtime_new(&nothing, &rt, &e)) {
    fprintf(stderr, "%s\n", e.message);
    abort();
  }
  return rt;
}

static bool eval(Runtime *rt, const char *chunk, Err *e) {
  return runtime_eval(rt, slice_of(chunk), false, e);
}

#define RUNS(rt, chunk)                                          \
  do {                                                           \
    Err e_;                                                      \
    bool ran_ = eval((rt), (chunk), &e_);                        \
    if (!ran_) fprintf(stderr, "%s\n  %s\n", chunk, e_.message); \
    CHECK(ran_);                                                 \
  } while (0)
#define FAILS(rt, chunk, part)                                            \
  do {                                                                    \
    Err e_;                                                               \
    CHECK(!eval((rt), (chunk), &e_));                                     \
    if (!strstr(e_.message, (part))) fprintf(stderr, "%s\n", e_.message); \
    CHECK(strstr(e_.message, (part)) != NULL);                            \
  } while (0)

static void two_in_one_process(void) {
  Runtime *a = open_runtime(), *b = open_runtime();
  RUNS(a, "name = 'a'; kept = lorm.spawn(function() lorm.sleep(1); return name end)");
  RUNS(b, "assert(name == nil); name = 'b'");
  RUNS(a, "assert(kept:await() == 'a')");
  RUNS(b, "assert(lorm.decimal('1') + 1 == lorm.decimal('2') and lorm.json.decode('[1]')[1] == 1)");
  runtime_free(a);
  RUNS(b, "assert(name == 'b'); lorm.sleep(1)");
  runtime_free(b);
}

static void errors_have_a_place_and_a_trace(void) {
  Runtime *rt = open_runtime();
  FAILS(rt, "local function deep() error('no') end deep()", "eval:1: no");
  FAILS(rt, "local function deep() error('no') end deep()", "stack traceback:");
  FAILS(rt, "error(setmetatable({}, { __tostring = function() error 'worse' end }))", "has no text");
  FAILS(rt, "x = = 1", "unexpected symbol");
  FAILS(rt, "db.User:count()", "no schema");
  FAILS(rt, "lorm.spawn(function() lorm.sleep(1); error 'nobody waits for this' end)",
        "nobody waits for this");
  RUNS(rt, "local t = lorm.spawn(function() error 'seen' end); assert(not pcall(t.await, t))");
  runtime_free(rt);
}

static void what_can_never_happen_is_an_error(void) {
  Runtime *rt = open_runtime();
  FAILS(rt, "require 'lorm.core'.promise():await()", "Deadlock");
  RUNS(rt, "lorm.sleep(0)");
  runtime_free(rt);
}

static void spawned_tasks_are_waited_for(void) {
  Runtime *rt = open_runtime();
  RUNS(rt, "lorm.spawn(function() lorm.sleep(5); lorm.spawn(function() lorm.sleep(1); late = true end) end)");
  RUNS(rt, "assert(late)");
  FAILS(rt, "lorm.spawn(function() lorm.sleep(1e6); never = true end); error 'ends it'", "ends it");
  RUNS(rt, "assert(not never)");
  runtime_free(rt);
}

/* A function of lorm.repl with one argument. */
static bool line(Runtime *rt, const char *text) {
  int status;
  Err e;
  return runtime_do(rt, "lorm.repl", "line", &text, 1, &status, &e) && status == 0;
}
#define CHECK_ANSWER(name, text, answer)                                 \
  do {                                                                   \
    const char *arg_ = text;                                             \
    CHECK_TEXT(runtime_ask(rt, a, "lorm.repl", name, &arg_, 1), answer); \
  } while (0)

static void lines_of_the_repl(void) {
  Runtime *rt = open_runtime();
  Arena *a = arena_new(0);
  const char *words = "";
  int status;
  Err e;
  CHECK(runtime_do(rt, "lorm.repl", "open", &words, 1, &status, &e));
  CHECK_ANSWER("needsMore", "1 + 1", "");
  CHECK_ANSWER("needsMore", "x = 1", "");
  CHECK_ANSWER("needsMore", "for i = 1, 3 do", "yes");
  CHECK_ANSWER("needsMore", "f {", "yes");
  CHECK_ANSWER("needsMore", "1 +", "yes");
  CHECK_ANSWER("needsMore", "x = )", "");
  CHECK(line(rt, "kept = 42"));
  CHECK(line(rt, "assert(kept == 42)"));
  CHECK(!line(rt, "error 'x'"));
  CHECK(!line(rt, "x = )"));
  CHECK_ANSWER("complete", "print(lorm.jso", "3\njson\njsonNull");
  CHECK_ANSWER("complete", "kep", "3\nkept");
  CHECK_ANSWER("complete", "nothing.here", "");
  arena_free(a);
  runtime_free(rt);
}

/* What is spawned outlives its line, and its end is told by a turn. */
static void tasks_of_the_repl(void) {
  Runtime *rt = open_runtime();
  const char *words = "";
  int status;
  Err e;
  CHECK(runtime_do(rt, "lorm.repl", "open", &words, 1, &status, &e));
  CHECK(
      line(rt, "lorm.spawn(function() lorm.sleep(5) late = true lorm.sleep(1) error 'told' end) return nil"));
  CHECK(line(rt, "assert(not late)"));
  CHECK(!line(rt, "error 'ends nobody'"));
  bool good = true;
  for (int i = 0; i < 1000 && good; i++) good = runtime_turn(rt, &e);
  CHECK(!good);
  CHECK(strstr(e.message, "told") != NULL);
  CHECK(line(rt, "assert(late)"));
  runtime_free(rt);
}

static void interrupt(void *rt) { runtime_interrupt(rt); }

static void interruption(void) {
  Runtime *rt = open_runtime();
  Err e;
  LoopTimer *t = loop_timer_new(runtime_loop(rt), interrupt, rt, &e);
  CHECK(t != NULL);
  loop_timer_start(t, 5);
  CHECK(!eval(rt, "lorm.sleep(1e7)", &e));
  CHECK(e.code == ERR_CANCELLED);
  loop_timer_free(t);
  RUNS(rt, "lorm.sleep(1)");
  runtime_free(rt);
}

static const char *write_temporary(const char *text) {
  static char path[] = "/tmp/lorm-unit-XXXXXX";
  strcpy(path, "/tmp/lorm-unit-XXXXXX");
  int fd = mkstemp(path);
  CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
  close(fd);
  return path;
}

static void files_get_their_arguments(void) {
  Runtime *rt = open_runtime();
  Err e;
  char one[] = "one", two[] = "two";
  char *const argv[] = {one, two};
  const char *path = write_temporary(
      "#!/usr/bin/env lorm run\nlocal a, b = ...\nassert(a == 'one' and arg[2] == 'two' and #arg == 2)\n");
  CHECK(runtime_run_file(rt, path, argv, 2, &e));
  unlink(path);
  CHECK(!runtime_run_file(rt, "/nonexistent.lua", argv, 0, &e));
  int status = -1;
  const char *const strings[] = {"lorm"};
  CHECK(runtime_call(rt, "lorm.tasks", "all", strings, 0, &status, &e) == false);
  CHECK(!runtime_call(rt, "lorm.tasks", "nothing", strings, 1, &status, &e));
  CHECK(strstr(e.message, "has no function nothing") != NULL);
  runtime_free(rt);
}

static void config_files(void) {
  Arena *a = arena_new(0);
  ProjectConfig c;
  Err e;
  const char *path =
      write_temporary("return { schema = 'db', seeds = 'more', production = false, pool = { max = 3 } }");
  CHECK(runtime_read_config(a, path, &c, &e));
  CHECK_TEXT(c.schema, "db");
  CHECK_TEXT(c.seeds, "more");
  CHECK(c.migrations.n == 0 && c.production_given && !c.production);
  unlink(path);
  path = write_temporary("return { schema = {} }");
  CHECK(!runtime_read_config(a, path, &c, &e));
  CHECK(strstr(e.message, "schema must be a string") != NULL);
  unlink(path);
  arena_free(a);
}

#ifdef LORM_HOSTILE
static const char chunk[] =
    "local r = lorm.map({ 1, 2, 3 }, function(i) lorm.sleep(0); return lorm.decimal(i) * 2 end)\n"
    "local t = lorm.spawn(function() error { 'x' } end)\n"
    "pcall(t.await, t)\n"
    "local db <close> = lorm.connect { schemaText = 'model A {\\n  id Int @id\\n}\\n', url = "
    "'postgresql://localhost/none' }\n"
    "pcall(db.A.findMany, db.A, { wher = { r } })\n"
    "return lorm.json.decode(lorm.json.encode { a = { lorm.now(), lorm.null }, n = r.n })";

/* Fail the n-th allocation, for each n until none fails any more: whatever it is, nothing breaks or leaks. */
static void memory_runs_out_anywhere(void) {
  long before = mem_live();
  Err e;
  bool whole = false;
  for (long n = 0; !whole && n < 200000; n += 1 + n / 50) {
    Runtime *rt = NULL;
    mem_fail_after(n, false);
    whole = runtime_new(&nothing, &rt, &e) && runtime_eval(rt, slice_of(chunk), true, &e);
    mem_fail_after(-1, false);
    if (rt) runtime_free(rt);
    CHECK(mem_live() == before);
  }
  CHECK(whole);
}
#else
static void memory_runs_out_anywhere(void) {}
#endif

TESTS(two_in_one_process, errors_have_a_place_and_a_trace, what_can_never_happen_is_an_error,
      spawned_tasks_are_waited_for, lines_of_the_repl, tasks_of_the_repl, interruption,
      files_get_their_arguments, config_files, memory_runs_out_anywhere)
