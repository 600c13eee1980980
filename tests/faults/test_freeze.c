/* A server process freezes in the middle of a call with a deadline: the call ends at its deadline, its
 * connection serves nobody any more until the process has answered, and the other callers notice nothing. */
#include <sys/types.h>

#include "stage.h"

enum {
  ROUNDS = 20,
  DEADLINE_MS = 200,
  OTHERS = 3, /* callers beside it */
  SAMPLES = 200000
};

static char schema_text[] = DATASOURCE
    "model Mark {\n id Int @id\n}\n"
    "model Slow {\n id Int @id\n note String\n}\n";

static const char tables[] =
    "create table \"Mark\" (id int primary key);"
    "insert into \"Mark\" select generate_series(1, 100);"
    "create view \"Slow\" as select 1 as id, pg_sleep(60)::text as note";

typedef struct Others { /* what their calls took, in microseconds */
  int64_t took[SAMPLES];
  int n;
} Others;

static Others calm, frozen;

static int by_size(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static int64_t p99(Others *o) {
  qsort(o->took, (size_t)o->n, sizeof *o->took, by_size);
  return o->took[o->n * 99 / 100];
}

/* Others call, one call behind the other, until `r` has ended; when that was. */
static int64_t others_until(const Request *r, Others *o) {
  static const char call[] = "Mark.findMany {\"where\": {\"id\": {\"gt\": 50}}, \"take\": 5}";
  Request *calls[OTHERS] = {0};
  int64_t since[OTHERS], at = 0;
  while (!at) {
    for (int i = 0; i < OTHERS; i++) {
      if (calls[i] && !request_finished(calls[i])) continue;
      if (calls[i]) {
        if (o->n < SAMPLES) o->took[o->n++] = loop_clock_us() - since[i];
        CHECK(over(calls[i]).code == ERR_NONE);
      }
      since[i] = loop_clock_us();
      calls[i] = submitted(call, NULL);
    }
    (void)loop_turn(loop, true);
    if (request_finished(r)) at = loop_clock_us();
  }
  for (int i = 0; i < OTHERS; i++) CHECK(over(calls[i]).code == ERR_NONE);
  return at;
}

/* The process that runs the slow call; it is on its way there still. */
static pid_t slow_process(Session *s) {
  int64_t pid = -1;
  while (pid < 0) {
    (void)loop_turn(loop, false);
    pid = number_on(s, "select pid from pg_stat_activity where wait_event = 'PgSleep' and " OURS);
  }
  return (pid_t)pid;
}

/* How far from a timer of the same time the call ended. */
static int64_t one_round(Session *s, bool freezes) {
  Control c;
  Request *r = submitted("Slow.findMany {\"timeout\": 200}", NULL);
  control_start(&c, DEADLINE_MS);
  pid_t pid = slow_process(s);
  if (freezes) CHECK(kill(pid, SIGSTOP) == 0);
  int64_t at = others_until(r, freezes ? &frozen : &calm);
  CHECK(over(r).code == ERR_TIMEOUT);
  control_wait(&c);
  if (freezes) {
    CHECK(stats().busy >= 1); /* nobody gets it */
    CHECK(kill(pid, SIGCONT) == 0);
  }
  while (stats().busy) (void)loop_turn(loop, true);
  CHECK(number_on(s, "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and " OURS) == 0);
  return llabs(at - c.due);
}

static void a_frozen_server_process(void) {
  int64_t most = 0;
  Session *s = session();
  engine_start(server_url(&server), 6, -1);
  (void)one_round(s, false); /* connections come up */
  calm.n = 0;
  for (int i = 0; i < ROUNDS; i++) {
    (void)one_round(s, false);
    int64_t off = one_round(s, true);
    if (off > most) most = off;
  }
  int64_t usual = p99(&calm), beside = p99(&frozen);
  CHECK(calm.n > ROUNDS * 10 && frozen.n > ROUNDS * 10);
  CHECK(most < 20000);
  CHECK(beside < 2 * usual);
  printf("%d frozen calls ended %.1f ms beside their timer at most; others' p99 %.2f ms, %.2f ms without\n",
         ROUNDS, (double)most / 1000, (double)beside / 1000, (double)usual / 1000);
  session_close(s);
  engine_end();
}

static void starts(void) { stage_open(schema_text, tables); }
static void stops(void) { stage_close(); }

TESTS(starts, a_frozen_server_process, stops)
