/* The wire between client and server is cut at any byte, half closed, slowed down, and freezes. A call ends
 * right or with an error that says what is known; and in its time. */
#include "proxy.h"
#include "stage.h"

enum {
  CUTS = 500,
  STALLED = 20,
  STALL_MS = 1000 /* the shortest socket_timeout */
};

static char schema_text[] = DATASOURCE
    "model Entry {\n id Int @id\n marks Mark[]\n}\n"
    "model Mark {\n id Int @id @default(autoincrement())\n entryId Int\n"
    "  entry Entry @relation(fields: [entryId], references: [id])\n}\n";
static const char tables[] =
    "create table \"Entry\" (id int primary key);"
    "create table \"Mark\" (id serial primary key, \"entryId\" int not null references \"Entry\" (id))";

static char url[200];
static int next_id, told[3]; /* well, refused, unknown */

/* ---- what goes over the wire ---- */

static Request *creating(int id, Tx *tx) {
  char text[100];
  snprintf(text, sizeof text, "Entry.create {\"data\": {\"id\": %d, \"marks\": {\"create\": [{}, {}]}}}", id);
  return submitted(text, tx);
}

/* What the caller was told is what the table says. */
static void settle(Session *s, int id, const Err *end) {
  char text[120];
  snprintf(text, sizeof text,
           "select count(*) from \"Entry\" e join \"Mark\" m on m.\"entryId\" = e.id where e.id = %d", id);
  int64_t rows = number_on(s, text);
  bool unknown = end->code == ERR_UNKNOWN_OUTCOME;
  told[unknown ? 2 : end->code != ERR_NONE]++;
  CHECK(rows == 0 || rows == 2);
  if (!unknown) CHECK((rows == 2) == (end->code == ERR_NONE));
}

static Err transaction(int id) {
  Tx *tx = opened("", -1);
  if (!tx) return (Err){.code = ERR_P1017};
  Err end = over(creating(id, tx));
  if (end.code == ERR_NONE) end = over(ended(tx, TX_COMMIT));
  tx_release(tx);
  return end;
}

/* A read, a nested write, a transaction, over connections that begin with it. */
static void visit(Session *s, bool unharmed) {
  engine_start(slice_of(url), 1, -1);
  Err end = over(submitted("Entry.findMany {\"take\": 30, \"include\": {\"marks\": true}}", NULL));
  CHECK(end.code == ERR_NONE || !unharmed);
  end = over(creating(++next_id, NULL));
  CHECK(end.code == ERR_NONE || !unharmed);
  settle(s, next_id, &end);
  end = transaction(++next_id);
  CHECK(end.code == ERR_NONE || !unharmed);
  settle(s, next_id, &end);
  engine_end();
}

static void harmed(ProxyHarm what, bool from_server, int64_t after, bool once) {
  proxy_arm(&(ProxyPlan){what, from_server, after, once});
}

/* ---- the tests ---- */

static void cut_anywhere(void) {
  uint64_t dice = 4242;
  Session *s = session();
  harmed(PROXY_NONE, false, 0, false);
  for (int i = 0; i < 20; i++) visit(s, true); /* what is read is as long as it gets */
  harmed(PROXY_NONE, false, 0, false);
  visit(s, true);
  int64_t length[2] = {proxy_passed(false), proxy_passed(true)};
  CHECK(length[0] > 500 && length[1] > 500);
  memset(told, 0, sizeof told);
  for (int i = 0; i < CUTS; i++) {
    bool from_server = i % 2;
    int64_t at = 1 + (int64_t)(dice_next(&dice) % (uint64_t)length[from_server]);
    harmed(i % 8 < 6 ? PROXY_CUT : PROXY_HALF, from_server, at, true);
    visit(s, false);
  }
  printf("%d cuts in %d and %d bytes: %d well, %d refused, %d unknown\n", CUTS, (int)length[0],
         (int)length[1], told[0], told[1], told[2]);
  CHECK(told[0] > CUTS && told[2] > 0);
  session_close(s);
}

static void slowness_is_no_error(void) {
  Session *s = session();
  for (int i = 0; i < 8; i++) {
    harmed(i < 4 ? PROXY_DRIP : PROXY_DELAY, i % 2, 0, false);
    visit(s, true);
  }
  harmed(PROXY_NONE, false, 0, false);
  session_close(s);
}

/* All connections freeze within a result. */
static void freezing_has_an_end(void) {
  Request *r[STALLED];
  char timed[240];
  int64_t most = 0, at[STALLED] = {0};
  Control c;
  snprintf(timed, sizeof timed, "%s&socket_timeout=1", url);
  engine_start(slice_of(timed), STALLED, 60000);
  for (int i = 0; i < STALLED; i++) r[i] = begun("", -1);
  for (int i = 0; i < STALLED; i++) CHECK(finish(r[i]) && !request_error(r[i]));
  for (int i = 0; i < STALLED; i++) CHECK(over(r[i]).code == ERR_NONE);
  while (stats().busy) (void)loop_turn(loop, true);
  CHECK(stats().idle == STALLED);
  harmed(PROXY_STALL, true, 0, false);
  control_start(&c, STALL_MS);
  for (int i = 0; i < STALLED; i++) r[i] = submitted("! update \"Entry\" set id = id where id = 1", NULL);
  for (int left = STALLED; left; (void)loop_turn(loop, true)) {
    for (int i = 0; i < STALLED; i++) {
      if (at[i] || !request_finished(r[i])) continue;
      at[i] = loop_clock_us();
      left--;
    }
    if (!left) break;
  }
  control_wait(&c);
  for (int i = 0; i < STALLED; i++) {
    int64_t off = llabs(at[i] - c.due);
    if (off > most) most = off;
    CHECK(over(r[i]).code == ERR_UNKNOWN_OUTCOME);
  }
  CHECK(most < 20000);
  harmed(PROXY_NONE, false, 0, false);
  CHECK(stats().connections == 0); /* they are of no use any more */
  CHECK(answer(submitted("$ select 42", NULL)) == 42);
  printf("%d frozen calls ended %.1f ms beside their timer at most\n", STALLED, (double)most / 1000);
  engine_end();
}

static void starts(void) {
  stage_open(schema_text, tables);
  proxy_start(server.dir);
  snprintf(url, sizeof url, "postgresql://lorm@localhost/postgres?host=%s/proxy", server.dir);
}
static void stops(void) {
  proxy_stop();
  stage_close();
}

TESTS(starts, cut_anywhere, slowness_is_no_error, freezing_has_an_end, stops)
