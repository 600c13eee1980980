/* A transaction's BEGIN rides with its first statement: nothing is sent before, and whatever becomes of the
 * connection until it was answered is made good unseen, for all who wait. */
#include "proxy.h"
#include "stage.h"

static char schema_text[] = DATASOURCE "model Mark {\n id Int @id @default(autoincrement())\n n Int\n}\n";

static Slice proxied;

static void wait_for(const char *query) {
  Session *s = session();
  while (number_on(s, query) <= 0) turn_for(2);
  session_close(s);
}

/* One connection, which has been used, and has run a BEGIN. */
static void warm(void) {
  Tx *tx = opened("", -1);
  CHECK(over(submitted("Mark.count", tx)).code == ERR_NONE);
  CHECK(over(ended(tx, TX_COMMIT)).code == ERR_NONE);
  tx_release(tx);
}

static void commits(Tx *tx, int64_t marks) {
  CHECK(over(ended(tx, TX_COMMIT)).code == ERR_NONE);
  tx_release(tx);
  CHECK(number("select count(*) from \"Mark\"") == marks);
  sql("truncate \"Mark\"");
}

static void without_a_statement_nothing_is_sent(void) {
  engine_start(proxied, 2, -1);
  warm();
  proxy_arm(&(ProxyPlan){0});
  uint64_t before = stats().queries;
  static const TxVerb ends[] = {TX_COMMIT, TX_ROLLBACK};
  for (int i = 0; i < 2; i++) {
    Tx *tx = opened("Serializable", -1);
    CHECK(tx && stats().busy == 1);
    CHECK(!tx_end_at_once(tx, TX_SAVEPOINT) && tx_end_at_once(tx, ends[i]) && !tx_open(tx));
    CHECK(stats().busy == 0 && !tx_end_at_once(tx, ends[i]));
    tx_release(tx);
  }
  tx_release(opened("", -1)); /* let go */
  turn_for(5);
  CHECK(proxy_passed(false) == 0 && stats().queries == before && stats().idle == 1);
  engine_end();
}

/* No answer gets through: what has been done nevertheless went out at once. */
static void the_first_statement_takes_it_along(void) {
  engine_start(proxied, 2, -1);
  warm();
  proxy_arm(&(ProxyPlan){PROXY_STALL, true, 0, false, 0, false});
  Tx *tx = opened("Serializable", -1);
  Request *r = submitted("Mark.create {\"data\": {\"n\": 1}}", tx);
  wait_for("select count(*) from pg_stat_activity where " OURS
           " and state = 'idle in transaction' and query like 'INSERT%'");
  request_release(r);
  tx_release(tx);
  proxy_arm(&(ProxyPlan){.impatient = true});
  engine_end();
  CHECK(number("select count(*) from \"Mark\"") == 0);
}

static void kill_ours(void) {
  sql("select pg_terminate_backend(pid, 5000) from pg_stat_activity where " OURS);
}

static void a_connection_lost_before_is_replaced(void) {
  engine_start(server_url(&server), 2, -1);
  warm();
  static const char *const firsts[] = {"Mark.create {\"data\": {\"n\": 1}}",
                                       "! insert into \"Mark\" (n) values (1)"};
  for (int i = 0; i < 2; i++) {
    Tx *tx = opened("RepeatableRead", -1);
    kill_ours();
    CHECK(over(submitted(firsts[i], tx)).code == ERR_NONE);
    CHECK(over(submitted(firsts[0], tx)).code == ERR_NONE);
    commits(tx, 2);
  }
  engine_end();
}

/* Those who asked at the same time are in the same transaction. */
static void all_who_wait_go_over_to_the_other(void) {
  static const char hidden[] = "$ do 'begin execute ''deallocate all''; end'";
  engine_start(server_url(&server), 2, -1);
  for (int lost = 0; lost < 2; lost++) {
    warm();
    if (!lost) CHECK(over(submitted(hidden, NULL)).code == ERR_NONE); /* BEGIN is refused */
    Tx *tx = opened("", -1);
    if (lost) kill_ours();
    Request *r[] = {submitted("Mark.create {\"data\": {\"n\": 1}}", tx), submitted("Mark.count", tx),
                    submitted("Mark.create {\"data\": {\"n\": 2}}", tx), submitted("Mark.count", tx)};
    CHECK(answer(r[3]) == 2 && answer(r[1]) == 1);
    CHECK(over(r[0]).code == ERR_NONE && over(r[2]).code == ERR_NONE);
    CHECK(number("select count(*) from \"Mark\"") == 0); /* not one by one */
    commits(tx, 2);
  }
  engine_end();
}

/* Cut without a word, with the statement under way: a call is made again, a text of the caller's never. */
static void what_was_sent_without_an_answer(void) {
  engine_start(proxied, 2, -1);
  for (int raw = 0; raw < 2; raw++) {
    warm();
    proxy_arm(&(ProxyPlan){PROXY_CUT, true, 0, true, 0, false});
    Tx *tx = opened("", -1);
    Err e = over(
        submitted(raw ? "! insert into \"Mark\" (n) values (1)" : "Mark.create {\"data\": {\"n\": 1}}", tx));
    CHECK(raw ? e.code == ERR_P1017 && !tx_open(tx) : e.code == ERR_NONE);
    if (!raw) commits(tx, 1);
    if (raw) tx_release(tx);
  }
  CHECK(number("select count(*) from \"Mark\"") == 0);
  engine_end();
}

static void what_cannot_begin_is_over(void) {
  engine_start(proxied, 1, 200);
  warm();
  Tx *tx = opened("", -1);
  proxy_stop();
  Err e = over(submitted("Mark.count", tx));
  CHECK(e.code == ERR_P1001 && !tx_open(tx));
  CHECK(over(submitted("Mark.count", tx)).code == ERR_P2028 && over(ended(tx, TX_COMMIT)).code == ERR_P2028);
  tx_release(tx);
  engine_end();
}

static char proxied_text[300];

static void starts(void) {
  stage_open(schema_text, "create table \"Mark\" (id serial primary key, n int not null)");
  proxy_start(server.dir);
  snprintf(proxied_text, sizeof proxied_text, "postgresql://lorm@localhost/postgres?host=%s/proxy",
           server.dir);
  proxied = slice_of(proxied_text);
}

static void stops(void) { stage_close(); }

TESTS(starts, without_a_statement_nothing_is_sent, the_first_statement_takes_it_along,
      a_connection_lost_before_is_replaced, all_who_wait_go_over_to_the_other,
      what_was_sent_without_an_answer, what_cannot_begin_is_over, stops)
