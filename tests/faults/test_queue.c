/* Many want few connections: first come first served, in time or with an error that says so, and nobody is
 * forgotten. */
#include "pg/pool.h"
#include "stage.h"

enum {
  CALLERS = 1000,
  POOL = 4,
  HANDOFFS = 100000,
  WAITERS = 50
};

typedef struct Taker {
  PoolWait *wait;
  Conn *conn;
  int order; /* in which it was told, from 0; -1: not yet */
  bool over; /* ... and has given back */
  int64_t at;
  ErrCode code;
} Taker;

static Pool *pool;
static int told, finished;

static void on_result(void *ctx, uint32_t i, Result *r) {
  (void)ctx, (void)i;
  result_free(r);
}
static void on_flight(void *ctx) { (void)ctx; }
static void on_over(void *ctx, const Err *e, Outcome outcome) {
  Taker *t = ctx;
  (void)outcome;
  CHECK(!e);
  t->over = true;
  finished++;
  pool_give(pool, t->conn);
}

static void run(Taker *t, const char *text) {
  static const SegmentOps ops = {on_result, on_flight, on_over};
  Statement st = {.sql = slice_of(text), .unnamed = true};
  Segment *s = segment_open(t->conn, &ops, t, 0, &err);
  CHECK(s && segment_send(s, &st, NULL, 0, &err) && segment_sync(s, &err));
}

static void note(Taker *t, Conn *c, const Err *e) {
  t->wait = NULL;
  t->conn = c;
  t->order = told++;
  t->at = loop_clock_us();
  t->code = e ? e->code : ERR_NONE;
}
static void on_taken(void *ctx, Conn *c, const Err *e) { note(ctx, c, e); }
static void on_taken_run(void *ctx, Conn *c, const Err *e) {
  note(ctx, c, e);
  CHECK(c);
  if (c) run(ctx, "select pg_sleep(0.005)");
}

static void take(Taker *t, int timeout_ms, PoolTaken *taken_by) {
  *t = (Taker){.order = -1};
  t->wait = pool_take(pool, timeout_ms, taken_by, t, &err);
  CHECK(t->wait);
}

static void open_pool(int max) {
  PoolOptions o = {.max = max, .connection_timeout_ms = 60000, .named_statements = true};
  if (!loop_new(&loop, &err) || !pool_new(loop, server_url(&server), &o, &pool, &err))
    server_fail(err.message);
  told = finished = 0;
}

static void close_pool(void) {
  PoolStats s = pool_stats(pool);
  CHECK(s.waiting == 0 && s.busy == 0 && s.total <= POOL);
  pool_close(pool);
  loop_free(loop);
}

static void first_come_first_served(void) {
  static Taker t[CALLERS];
  Taker hog;
  open_pool(POOL);
  take(&hog, 0, on_taken);
  while (!hog.conn) (void)loop_turn(loop, true);
  run(&hog, "select pg_sleep(2)");
  for (int i = 0; i < CALLERS; i++) take(&t[i], 0, on_taken_run);
  while (finished < CALLERS + 1) (void)loop_turn(loop, true);
  int most = 0;
  for (int i = 0; i < CALLERS; i++) {
    int off = abs(t[i].order - (i + 1)); /* the hog was first */
    if (off > most) most = off;
    CHECK(t[i].over);
  }
  CHECK(most == 0);
  printf("%d callers, a hog among them: off by %d at most\n", CALLERS, most);
  close_pool();
}

/* The error comes with the timer of the same time, whatever the machine is doing. */
static void waiting_ends_in_time(void) {
  static Taker t[WAITERS], held[POOL];
  static Control c[WAITERS];
  int64_t most = 0;
  open_pool(POOL);
  for (int i = 0; i < POOL; i++) take(&held[i], 0, on_taken);
  while (told < POOL) (void)loop_turn(loop, true);
  for (int i = 0; i < WAITERS; i++) {
    control_start(&c[i], 100 + i * 37 % 200);
    take(&t[i], 100 + i * 37 % 200, on_taken);
  }
  for (int i = 0; i < WAITERS; i++) {
    control_wait(&c[i]);
    while (t[i].order < 0) (void)loop_turn(loop, true);
    int64_t off = llabs(t[i].at - c[i].due);
    if (off > most) most = off;
    CHECK(!t[i].conn && t[i].code == ERR_P2024);
  }
  CHECK(most < 20000);
  printf("%d waits ended with their timers, %.1f ms apart at most\n", WAITERS, (double)most / 1000);
  for (int i = 0; i < POOL; i++) pool_give(pool, held[i].conn);
  close_pool();
}

/* Takes, gives, gives up at random: whoever still waits is told in the end. */
static void nobody_is_forgotten(void) {
  static Taker t[64];
  uint64_t dice = 99;
  open_pool(POOL);
  for (size_t i = 0; i < COUNT(t); i++) take(&t[i], 0, on_taken);
  while (told < HANDOFFS) {
    Taker *x = &t[dice_next(&dice) % COUNT(t)];
    if (x->conn) {
      pool_give(pool, x->conn);
      take(x, 0, on_taken);
    } else if (dice_next(&dice) % 16 == 0) {
      pool_cancel(x->wait);
      take(x, 0, on_taken);
    }
    (void)loop_turn(loop, false);
  }
  int last = told, waiting = 0;
  for (size_t i = 0; i < COUNT(t); i++) waiting += !t[i].conn;
  for (bool again = true; again;) {
    again = false;
    for (size_t i = 0; i < COUNT(t); i++) {
      if (t[i].conn) pool_give(pool, t[i].conn);
      t[i].conn = NULL;
      again = again || t[i].wait;
    }
    if (again) (void)loop_turn(loop, true);
  }
  CHECK(told - last == waiting);
  printf("%d hand-overs\n", told);
  close_pool();
}

static char schema_text[] = DATASOURCE "model Mark {\n id Int @id\n}\n";
static void starts(void) { stage_open(schema_text, "create table \"Mark\" (id int primary key)"); }
static void stops(void) { stage_close(); }

TESTS(starts, first_come_first_served, waiting_ends_in_time, nobody_is_forgotten, stops)
