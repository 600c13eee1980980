/* Sessions are terminated while they are idle, in the middle of a query, or of a COMMIT; and once the whole
 * server crashes. What was answered is there, what was refused is not. */
#include "ledger.h"

enum {
  STRIKES = 500,
  EVERY_MS = 10,
  IDLE_ROUNDS = 30,
  POOL = 6
};

static void terminate_one(Session *s) {
  (void)number_on(
      s, "select pg_terminate_backend(pid) from pg_stat_activity where " OURS " order by random() limit 1");
}

static void sessions_are_terminated(void) {
  engine_start(server_url(&server), POOL, -1);
  ledger_storm(1, 0, STRIKES, EVERY_MS, terminate_one);
  ledger_calm();
  ledger_verdict();
  CHECK(ledger.fates_n[FATE_WRITTEN] > 500 && ledger.reads > 500 && ledger.rows_read > 500);
  CHECK(ledger.read_errors * 100 <=
        ledger.reads); /* a read must meet four dead connections in a row to fail */
  engine_end();
}

/* Those who were idle when they were terminated are replaced, and no caller hears of it. */
static void idle_victims_are_invisible(void) {
  Request *r[POOL];
  Session *s = session();
  engine_start(server_url(&server), POOL, -1);
  for (int round = 0; round < IDLE_ROUNDS; round++) {
    for (int i = 0; i < POOL; i++) r[i] = begun("", -1); /* one connection each */
    for (int i = 0; i < POOL; i++) CHECK(finish(r[i]) && !request_error(r[i]));
    for (int i = 0; i < POOL; i++) CHECK(over(r[i]).code == ERR_NONE);
    while (stats().busy) (void)loop_turn(loop, true);
    CHECK(stats().idle == POOL);
    (void)number_on(s, "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where " OURS);
    if (round % 2) (void)loop_turn(loop, false); /* noticed before the call, or by it */
    for (int i = 0; i < POOL; i++)
      r[i] = i % 2 ? submitted("Entry.count {}", NULL) : submitted("! insert into touched values (1)", NULL);
    for (int i = 0; i < POOL; i++) CHECK(over(r[i]).code == ERR_NONE);
  }
  CHECK(number_on(s, "select count(*) from touched") == IDLE_ROUNDS * POOL / 2);
  session_close(s);
  engine_end();
}

static void the_server_crashes(void) {
  uint64_t dice = 7;
  engine_start(server_url(&server), POOL, -1);
  ledger_storm(2, 400, 0, 0, NULL);
  server_kill(&server, SIGQUIT);
  for (int i = 0; i < 50; i++) ledger_step(&dice);
  server_run(&server);
  ledger_storm(3, 400, 0, 0, NULL);
  ledger_calm();
  ledger_verdict();
  engine_end();
}

static void starts(void) {
  stage_open(ledger_schema, ledger_tables);
  sql("create table touched (n int)");
}
static void stops(void) { stage_close(); }

TESTS(starts, sessions_are_terminated, idle_victims_are_invisible, the_server_crashes, stops)
