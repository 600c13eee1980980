/* What nobody waits for any more ends on the server, too: sleeping, counting, waiting for a lock; when time
 * is over, when the caller goes, and when the whole client is killed. */
#include "stage.h"

enum {
  ROUNDS = 20,
  TIMEOUT_MS = 200,
  GONE_MS = 1000
};

static char schema_text[] = DATASOURCE "model Mark {\n id Int @id\n}\n";

/* All of them for a minute, or longer. */
static const char *const works[] = {
    "$ select 1 from pg_sleep(60)",
    "$ select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b",
    "! insert into \"Mark\" values (1)",
};

static const char running[] =
    "select count(*) from pg_stat_activity where state <> 'idle' and state <> 'idle in transaction' "
    "and " OURS;

static void wait_running(Session *s) {
  while (number_on(s, running) == 0) turn_for(5);
}

/* Before a timer of that time is due: looked at at least once behind it. */
static void wait_gone(Session *s, int ms) {
  Control c;
  control_start(&c, ms);
  int64_t left = number_on(s, running);
  while (left && !c.due) {
    (void)loop_turn(loop, false);
    usleep(2000);
    left = number_on(s, running);
  }
  CHECK(left == 0);
  loop_timer_free(c.timer);
}

static void time_is_over(void) {
  Session *s = session(), *locker = session();
  int64_t most = 0;
  sql_on(locker, "begin; lock table \"Mark\"");
  engine_start(server_url(&server), 4, -1);
  for (int i = 0; i < ROUNDS; i++) {
    Control c;
    Tx *tx = opened("", TIMEOUT_MS);
    control_start(&c, TIMEOUT_MS);
    Request *r = submitted(works[i % COUNT(works)], tx);
    control_wait(&c);
    CHECK(over(r).code != ERR_NONE);
    int64_t took = loop_clock_us() - c.due;
    if (took > most) most = took;
    wait_gone(s, GONE_MS);
    tx_release(tx);
  }
  printf("%d calls ended %.1f ms after their time at most\n", ROUNDS, (double)most / 1000);
  CHECK(most < GONE_MS * 1000);
  session_close(locker);
  session_close(s);
  engine_end();
}

/* Alone, in a transaction that is let go, and a read that could have shared its connection. */
static void the_caller_goes(void) {
  Session *s = session(), *locker = session();
  sql_on(locker, "begin; lock table \"Mark\"");
  engine_start(server_url(&server), 4, -1);
  for (int i = 0; i < ROUNDS; i++) {
    Tx *tx = i % 3 == 1 ? opened("", 0) : NULL;
    Request *r = submitted(i % 3 == 2 ? "Mark.findMany {}" : works[i / 3 % COUNT(works)], tx);
    wait_running(s);
    request_release(r);
    if (tx) tx_release(tx);
    wait_gone(s, GONE_MS);
  }
  session_close(locker);
  session_close(s);
  engine_end();
}

static void client_run(void *ctx) {
  engine_start(server_url(&server), 1, -1);
  (void)finish(submitted(ctx, NULL));
}

/* The server asks each second whether its client is there. */
static void the_client_is_killed(void) {
  Session *s = session();
  if (!loop_new(&loop, &err)) server_fail(err.message);
  Loop *ours = loop;
  for (int i = 0; i < 2; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      char text[100];
      snprintf(text, sizeof text, "%s", works[i]);
      client_run(text);
      _exit(0);
    }
    loop = ours;
    while (number_on(s, running) == 0) usleep(5000);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    wait_gone(s, 3 * GONE_MS);
  }
  session_close(s);
  loop_free(loop);
}

static void starts(void) { stage_open(schema_text, "create table \"Mark\" (id int primary key)"); }
static void stops(void) { stage_close(); }

TESTS(starts, time_is_over, the_caller_goes, the_client_is_killed, stops)
