/* Transactions and calls that are begun, raised out of, abandoned and detached at random: in the end there
 * are as many connections, descriptors and bytes as in the beginning. */
#include "stage.h"

enum {
  ACTS = 10000,
  HOLDERS = 12,
  POOL = 5
};

static char schema_text[] = DATASOURCE "model Mark {\n id Int @id @default(autoincrement())\n n Int\n}\n";

typedef struct Holder {
  Request *request;
  Tx *tx;
  bool begins, ends;
} Holder;

static Holder holders[HOLDERS];
static int acts[6];

static void let_go(Holder *h, bool tx_first) {
  if (tx_first && h->tx) tx_release(h->tx);
  if (h->request) request_release(h->request); /* wherever it is */
  if (!tx_first && h->tx) tx_release(h->tx);
  *h = (Holder){0};
}

static void collect(Holder *h) {
  bool well = !request_error(h->request);
  if (h->begins && well) h->tx = request_tx(h->request);
  request_release(h->request);
  h->request = NULL;
  h->begins = false;
  if (!h->ends) return;
  tx_release(h->tx);
  *h = (Holder){0};
}

static void act(Holder *h, uint64_t dice) {
  static const char *const calls[] = {
      "Mark.create {\"data\": {\"n\": 1}}",
      "Mark.findMany {\"take\": 20}",
      "$ select 1 / 0",
      "Mark.updateMany {\"where\": {\"id\": {\"lt\": 4}}, \"data\": {\"n\": {\"increment\": 1}}}",
      "$ select 1 from pg_sleep(0.001)",
      "Mark.findUniqueOrThrow {\"where\": {\"id\": -1}}"};
  if (h->request) {
    if (request_finished(h->request)) collect(h);
    return;
  }
  unsigned what = dice % 6;
  acts[what]++;
  if (what == 5 && h->tx) {
    h->request = ended(h->tx, dice & 64 ? TX_COMMIT : TX_ROLLBACK);
    h->ends = h->request != NULL;
  } else if (what == 4 && !h->tx) {
    h->request = begun("", dice & 64 ? -1 : 3); /* some run out of time */
    h->begins = h->request != NULL;
  } else if (what == 3) {
    request_release(taken()); /* changed its mind */
  } else {
    h->request = submitted(calls[dice / 8 % COUNT(calls)], h->tx);
  }
  if (!h->request && h->tx) let_go(h, true); /* it was over */
}

static void acts_run(int n, uint64_t *dice) {
  for (int i = 0; i < n; i++) {
    uint64_t d = dice_next(dice);
    Holder *h = &holders[d % HOLDERS];
    if (d / HOLDERS % 11 == 0) let_go(h, d & 1);
    act(h, dice_next(dice));
    (void)loop_turn(loop, i % 8 == 0 && (stats().busy || stats().waiting));
  }
  for (int i = 0; i < HOLDERS; i++) let_go(&holders[i], i % 2);
  while (stats().busy || stats().waiting) (void)loop_turn(loop, true);
}

/* All connections that there may be. */
static void warm_up(void) {
  Request *r[POOL];
  for (int i = 0; i < POOL; i++) r[i] = begun("", -1);
  for (int i = 0; i < POOL; i++) CHECK(finish(r[i]) && !request_error(r[i]));
  for (int i = 0; i < POOL; i++) CHECK(over(r[i]).code == ERR_NONE);
}

static void nothing_leaks(void) {
  uint64_t dice = 777;
  Session *s = session();
  engine_start(server_url(&server), POOL, -1);
  warm_up();
  acts_run(ACTS / 5, &dice);
  int fds = descriptors();
  uint32_t connections = stats().connections;
  int64_t kb = resident_kb("VmRSS:");
  acts_run(ACTS, &dice);
  int64_t grown = resident_kb("VmRSS:") - kb;
  CHECK(descriptors() == fds && connections == POOL && stats().connections == POOL && stats().idle == POOL);
  CHECK(stats().requests == 0);
  CHECK(grown < 1024);
  CHECK(number_on(s, "select count(*) from pg_stat_activity where " OURS " and state <> 'idle'") == 0);
  CHECK(number_on(s, "select count(*) from pg_stat_activity where " OURS) == POOL);
  CHECK(number_on(s, "select count(*) from pg_locks where locktype = 'transactionid'") == 0);
  for (size_t i = 0; i < COUNT(acts); i++) CHECK(acts[i] > ACTS / 50);
  printf("%d acts: %d descriptors, %u connections, %+d KB\n", ACTS, fds, connections, (int)grown);
  session_close(s);
  engine_end();
}

static void starts(void) {
  stage_open(schema_text, "create table \"Mark\" (id serial primary key, n int not null)");
}
static void stops(void) { stage_close(); }

TESTS(starts, nothing_leaks, stops)
