#include "pg/pool.h"

#include <dirent.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "check.h"
#include "pg/session.h"
#include "server.h"

static Server server;
static Loop *loop;
static Pool *pool;
static Err err;

/* ---- the stage ---- */

static PoolOptions options(int max) {
  return (PoolOptions){.max = max, .connection_timeout_ms = 5000, .named_statements = true};
}

static void open_with(Slice url, PoolOptions o) {
  if (!loop_new(&loop, &err) || !pool_new(loop, url, &o, &pool, &err)) server_fail(err.message);
}
static void open_pool(PoolOptions o) { open_with(server_url(&server), o); }
static void close_pool(void) {
  pool_close(pool);
  loop_free(loop);
}

static void turn(void) { (void)loop_turn(loop, true); }

/* Turn for so long, or until nothing can happen any more. */
static void turn_for(int ms) {
  int64_t end = loop_clock_us() + ms * INT64_C(1000);
  while (loop_clock_us() < end) {
    (void)loop_turn(loop, false);
    usleep(500);
  }
}

static Slice ask(const char *sql) { /* the answer lives until the next question */
  static char text[64];
  Session *s;
  Result *r;
  Slice cell;
  if (!session_open(server_url(&server), &s, &err)) server_fail(err.message);
  if (!session_query(s, sql, NULL, 0, &r, &err)) server_fail(err.message);
  if (!result_cell(r, 0, 0, &cell)) cell = (Slice){"", 0};
  snprintf(text, sizeof text, "%.*s", SLICE_ARGS(cell));
  result_free(r);
  session_close(s);
  return slice_of(text);
}

/* ---- takers ---- */

typedef struct Taker {
  PoolWait *wait;
  Conn *conn;
  bool told;
  int order;
  int64_t at;
  Err err;
} Taker;

static int order;

static void on_taken(void *ctx, Conn *c, const Err *e) {
  Taker *t = ctx;
  t->told = true;
  t->wait = NULL;
  t->conn = c;
  t->order = order++;
  t->at = loop_clock_us();
  if (e) t->err = *e;
}

static void take(Taker *t, int timeout_ms) {
  *t = (Taker){.order = -1};
  t->wait = pool_take(pool, timeout_ms, on_taken, t, &err);
  CHECK(t->wait && !t->told);
}
static void wait_told(Taker *t) {
  while (!t->told) turn();
}
static Conn *taken(void) {
  Taker t;
  take(&t, -1);
  wait_told(&t);
  if (!t.conn) server_fail(t.err.message);
  return t.conn;
}

/* ---- statements ---- */

typedef struct Seen {
  bool done;
  Outcome outcome;
  ErrCode code;
  int64_t value;
} Seen;

static void on_result(void *ctx, uint32_t i, Result *r) {
  Seen *seen = ctx;
  Slice cell;
  (void)i;
  if (result_rows(r) && result_cell(r, 0, 0, &cell) && cell.n == 4)
    seen->value =
        (uint8_t)cell.p[0] << 24 | (uint8_t)cell.p[1] << 16 | (uint8_t)cell.p[2] << 8 | (uint8_t)cell.p[3];
  result_free(r);
}
static void on_flight(void *ctx) { (void)ctx; }
static void on_done(void *ctx, const Err *e, Outcome outcome) {
  Seen *seen = ctx;
  seen->done = true;
  seen->outcome = outcome;
  seen->code = e ? e->code : ERR_NONE;
}
static const SegmentOps ops = {on_result, on_flight, on_done};

static Segment *begin(Conn *c, Seen *seen, const char *sql, unsigned flags) {
  Statement st = {.sql = slice_of(sql), .hash = slice_hash(slice_of(sql))};
  *seen = (Seen){.code = ERR_INTERNAL};
  Segment *s = segment_open(c, &ops, seen, flags, &err);
  CHECK(s && segment_send(s, &st, NULL, 0, &err));
  return s;
}
static void ask_for(Conn *c, Seen *seen, const char *sql, unsigned flags) {
  CHECK(segment_sync(begin(c, seen, sql, flags), &err));
}
static int64_t run(Conn *c, const char *sql) {
  Seen seen;
  ask_for(c, &seen, sql, 0);
  while (!seen.done) turn();
  CHECK(seen.code == ERR_NONE);
  return seen.value;
}
#define PID "select pg_backend_pid()"

/* ---- order ---- */

static void first_come_first_served(void) {
  enum {
    N = 12
  };
  Taker t[N];
  open_pool(options(3));
  order = 0;
  CHECK(pool_stats(pool).total == 0);
  for (int i = 0; i < N; i++) take(&t[i], -1);
  for (int i = 0; i < N; i++) {
    wait_told(&t[i]);
    CHECK(t[i].conn && t[i].order == i);
    PoolStats s = pool_stats(pool);
    CHECK(s.busy <= 3 && s.total <= 3);
    if (i == 5) CHECK(!pool_try(pool)); /* nobody passes those who wait */
    pool_give(pool, t[i].conn);
  }
  while (pool_stats(pool).total < 3) turn();
  PoolStats s = pool_stats(pool);
  CHECK(s.total == 3 && s.idle == 3 && s.waiting == 0 && s.taken == N && s.connects == 3);
  CHECK(!loop_turn(loop, true)); /* idle connections keep nobody waiting */
  Conn *c = pool_try(pool);
  CHECK(c && conn_idle(c));
  pool_give(pool, c);
  CHECK(pool_take_now(pool) == c); /* the last used first */
  close_pool();
}

static void waiting_ends_in_time(void) {
  Taker t, early;
  PoolOptions o = options(1);
  o.connection_timeout_ms = 800;
  open_pool(o);
  Conn *c = taken();
  int64_t start = loop_clock_us();
  take(&t, -1);
  take(&early, 50);
  wait_told(&early);
  CHECK(!early.conn && !t.told && early.at - start >= 48000 && early.at - start < 5000000);
  CHECK_TEXT(
      slice_of(early.err.message),
      "Timed out fetching a new connection from the connection pool. (Current connection pool timeout: "
      "0.05, connection limit: 1)");
  wait_told(&t);
  CHECK(!t.conn && t.err.code == ERR_P2024 && t.at - start >= 800000 && t.at - start < 5000000);
  take(&t, 0);
  take(&early, 5000);
  pool_cancel(early.wait);
  pool_give(pool, c);
  wait_told(&t);
  CHECK(t.conn == c && !early.told && pool_stats(pool).timeouts == 2);
  close_pool();
}

static void closing_tells_those_who_wait(void) {
  Taker t[3];
  open_pool(options(1));
  for (int i = 0; i < 3; i++) take(&t[i], -1);
  wait_told(&t[0]);
  close_pool();
  CHECK(t[1].told && t[2].told && !t[1].conn && t[2].err.code == ERR_CANCELLED);
  open_pool(options(2));
  take(&t[0], -1); /* in the middle of connecting */
  (void)loop_turn(loop, false);
  close_pool();
  CHECK(t[0].err.code == ERR_CANCELLED);
}

/* ---- reads share ---- */

static void reads_spread_and_share(void) {
  enum {
    N = 40
  };
  Taker t[N], own;
  Seen seen[N];
  Conn *conns[3] = {NULL};
  int uses[3] = {0};
  open_pool(options(3));
  for (int i = 0; i < 3; i++) conns[i] = taken();
  for (int i = 0; i < 3; i++) pool_give(pool, conns[i]);
  for (int i = 0; i < N; i++) {
    Conn *c = pool_try_shared(pool);
    CHECK(c);
    for (int k = 0; k < 3; k++) uses[k] += conns[k] == c;
    ask_for(c, &seen[i], "select 1 from pg_sleep(0.002)", SEGMENT_SHARED);
  }
  for (int k = 0; k < 3; k++) CHECK(uses[k] >= N / 3 && uses[k] <= N / 3 + 1);
  CHECK(!pool_try(pool));
  take(&own, -1); /* is not starved by reads that keep coming */
  int more = 0;
  while (!own.told && more < 5000) {
    Conn *c = more++ % 4 ? NULL : pool_try_shared(pool);
    static Seen many[5000];
    if (c) ask_for(c, &many[more - 1], "select 1 from pg_sleep(0.001)", SEGMENT_SHARED);
    turn();
  }
  CHECK(own.conn && conn_idle(own.conn) && more < 5000);
  for (int i = 0; i < N; i++)
    while (!seen[i].done) turn();
  for (int i = 0; i < N; i++) CHECK(seen[i].code == ERR_NONE && seen[i].value == 1);
  pool_give(pool, own.conn);
  while (pool_stats(pool).busy) turn();
  CHECK(pool_stats(pool).idle == 3);
  close_pool();

  open_pool(options(3)); /* through waiting: nothing is up yet */
  for (int i = 0; i < N; i++) {
    t[i] = (Taker){.order = -1};
    t[i].wait = pool_share(pool, -1, on_taken, &t[i], &err);
  }
  for (int i = 0; i < N; i++) {
    wait_told(&t[i]);
    CHECK(t[i].conn);
    ask_for(t[i].conn, &seen[i], PID, SEGMENT_SHARED);
  }
  for (int i = 0; i < N; i++)
    while (!seen[i].done) turn();
  while (pool_stats(pool).busy) turn();
  CHECK(pool_stats(pool).idle == pool_stats(pool).total && pool_stats(pool).total <= 3);
  close_pool();
}

/* ---- coming back ---- */

static uint32_t descriptors(void) {
  uint32_t n = 0;
  DIR *d = opendir("/proc/self/fd");
  while (readdir(d)) n++;
  closedir(d);
  return n;
}

static uint64_t random_next(uint64_t *state) {
  *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
  return *state;
}

typedef struct Holder {
  Conn *conn;
  Seen seen;
  Taker taker;
} Holder;

/* One step of somebody who takes a connection, does something with it and gives it back in any state. */
static void holder_step(Holder *h, uint64_t dice) {
  static const char *const texts[] = {"begin",
                                      "select 1/0",
                                      "begin isolation level serializable",
                                      "savepoint a",
                                      "select 1",
                                      "commit",
                                      "rollback",
                                      "nonsense",
                                      "update held set a = a + 1",
                                      "select 1 from generate_series(1, 2000)"};
  Seen ignored;
  if (!h->conn) {
    if (h->taker.wait) {
      if (dice % 5) return;
      pool_cancel(h->taker.wait);
      h->taker.wait = NULL;
    } else if (h->taker.told) {
      h->conn = h->taker.conn;
      h->taker = (Taker){0};
      if (h->conn) CHECK(conn_idle(h->conn) && !conn_in_transaction(h->conn));
    } else if (!(h->conn = pool_try(pool))) {
      h->taker.wait = pool_take(pool, 3000, on_taken, &h->taker, &err);
    } else {
      CHECK(conn_idle(h->conn));
    }
    return;
  }
  Segment *s = begin(h->conn, &ignored, texts[dice % COUNT(texts)], dice & 1024 ? SEGMENT_SHARED : 0);
  if (dice & 2048) CHECK(segment_sync(s, &err));
  if (dice & 4096) CHECK(segment_flush(s, &err));
  segment_detach(s);
  if (dice & 512) return;
  pool_give(pool, h->conn);
  h->conn = NULL;
}

static void nothing_leaks_from_ten_thousand_uses(void) {
  enum {
    N = 12
  };
  static Holder h[N];
  uint64_t dice = 88172645463325252u;
  (void)ask("create table held (a int)");
  open_pool(options(5));
  Conn *warm[5];
  for (int i = 0; i < 5; i++) warm[i] = taken();
  for (int i = 0; i < 5; i++) pool_give(pool, warm[i]);
  uint32_t before = descriptors();
  for (int i = 0; i < 10000 || (pool_stats(pool).taken < 2000 && i < 1000000); i++) {
    holder_step(&h[random_next(&dice) % N], random_next(&dice) >> 7);
    if (i % 4 == 0) usleep(100); /* the server is to get somewhere */
    if (i % 2 == 0) (void)loop_turn(loop, false);
  }
  for (int i = 0; i < N; i++) {
    if (h[i].taker.wait) pool_cancel(h[i].taker.wait);
    if (h[i].taker.conn) pool_give(pool, h[i].taker.conn);
    if (h[i].conn) pool_give(pool, h[i].conn);
  }
  while (pool_stats(pool).busy) turn();
  PoolStats s = pool_stats(pool);
  CHECK(s.idle == 5 && s.total == 5);
  CHECK(s.connects == 5);
  CHECK(s.taken >= 2000);
  CHECK(descriptors() == before);
  CHECK_TEXT(ask("select count(*) from pg_stat_activity where application_name = 'lorm' and pid <> "
                 "pg_backend_pid() and state <> 'idle'"),
             "0");
  close_pool();
  (void)ask("drop table held");
}

static void transactions_are_rolled_back(void) {
  Seen seen;
  open_pool(options(1));
  (void)ask("create table kept (a int)");
  Conn *c = taken();
  (void)run(c, "begin");
  (void)run(c, "insert into kept values (1)");
  ask_for(c, &seen, "insert into kept select 2 from pg_sleep(0.02)", 0);
  pool_give(pool, c);
  CHECK(!pool_try(pool));
  Conn *again = taken();
  CHECK(again == c && conn_idle(c) && seen.done && seen.code == ERR_NONE);
  CHECK_TEXT(ask("select count(*) from kept"), "0");
  pool_give(pool, c);
  close_pool();
  (void)ask("drop table kept");
}

/* ---- growing old ---- */

/* As soon as the machine gets there. */
static void turn_until_idle(uint32_t n) {
  for (int i = 0; i < 2000 && pool_stats(pool).idle != n; i++) turn_for(5);
  turn_for(20); /* and stays so */
  CHECK(pool_stats(pool).idle == n && pool_stats(pool).total == n);
}

static void idle_connections_go(void) {
  Conn *c[4];
  PoolOptions o = options(4);
  o.idle_timeout_ms = 1000;
  o.min = 1;
  open_pool(o);
  for (int i = 0; i < 4; i++) c[i] = taken();
  for (int i = 0; i < 4; i++) pool_give(pool, c[i]);
  turn_for(30);
  CHECK(pool_stats(pool).idle == 4);
  turn_until_idle(1);
  close_pool();
  o = options(2);
  o.max_lifetime_ms = 60;
  open_pool(o);
  Conn *old = taken();
  int64_t pid = run(old, PID);
  turn_for(80);
  pool_give(pool, old);
  CHECK(pool_stats(pool).total == 0);
  Conn *fresh = taken();
  CHECK(run(fresh, PID) != pid);
  pool_give(pool, fresh);
  turn_until_idle(0);
  close_pool();
}

static void on_due(void *ctx) { *(bool *)ctx = true; }

/* Those that are kept although they are idle for long are looked at now and then only. */
static void kept_connections_cost_nothing(void) {
  PoolOptions o = options(2);
  o.min = 1;
  o.idle_timeout_ms = 20;
  bool due = false;
  int turns = 0;
  open_pool(o);
  pool_give(pool, taken());
  LoopTimer *t = loop_timer_new(loop, on_due, &due, &err);
  loop_timer_start(t, 400);
  for (; !due; turns++) turn();
  CHECK(pool_stats(pool).idle == 1 && turns < 60); /* every 20 ms */
  loop_timer_free(t);
  close_pool();
}

/* ---- the server goes ---- */

static void idle_losses_are_invisible(void) {
  open_pool(options(3));
  Conn *c[3];
  for (int i = 0; i < 3; i++) c[i] = taken();
  for (int i = 0; i < 3; i++) pool_give(pool, c[i]);
  (void)ask(
      "select count(pg_terminate_backend(pid, 2000)) from pg_stat_activity where pid <> pg_backend_pid() "
      "and application_name = 'lorm'");
  turn_until_idle(0);
  Conn *one = taken();
  pool_give(pool, one);
  (void)ask(
      "select count(pg_terminate_backend(pid, 2000)) from pg_stat_activity where pid <> pg_backend_pid() "
      "and application_name = 'lorm'");
  Conn *next = pool_try(pool); /* without a turn, too */
  CHECK(!next);
  CHECK(run(taken(), "select 1") == 1);
  close_pool();
}

static void a_restart_is_invisible(void) {
  Server s = server_private();
  open_with(server_url(&s), options(3));
  Conn *c[3];
  for (int i = 0; i < 3; i++) c[i] = taken();
  for (int i = 0; i < 3; i++) pool_give(pool, c[i]);
  for (int i = 0; i < 2; i++) {
    server_kill(&s, SIGINT);
    server_run(&s);
    if (i) turn_for(5);
    Conn *next = taken();
    CHECK(run(next, "select 1") == 1);
    pool_give(pool, next);
  }
  Taker t[5];
  server_kill(&s, SIGINT);
  for (int i = 0; i < 5; i++) take(&t[i], -1);
  for (int i = 0; i < 5; i++) {
    wait_told(&t[i]);
    CHECK(!t[i].conn && t[i].err.code == ERR_P1001);
  }
  CHECK(t[4].at - t[0].at < 1000000);
  server_run(&s);
  CHECK(run(taken(), "select 1") == 1);
  close_pool();
  server_stop(&s);
}

static void min_connections_are_kept(void) {
  PoolOptions o = options(4);
  o.min = 2;
  open_pool(o);
  CHECK(pool_stats(pool).total == 0);
  pool_give(pool, taken());
  turn_until_idle(2);
  (void)ask(
      "select count(pg_terminate_backend(pid, 2000)) from pg_stat_activity where pid <> pg_backend_pid() "
      "and application_name = 'lorm'");
  turn_for(20);
  turn_until_idle(2);
  CHECK(pool_stats(pool).connects == 4);
  close_pool();
}

/* ---- connections that do not come about ---- */

static void refused(const char *url, ErrCode code) {
  Taker t[4];
  open_with(slice_of(url), options(2));
  int64_t start = loop_clock_us();
  for (int i = 0; i < 4; i++) take(&t[i], -1);
  for (int i = 0; i < 4; i++) {
    wait_told(&t[i]);
    CHECK(!t[i].conn && t[i].err.code == code && t[i].at - start < 2000000);
    CHECK(!strstr(t[i].err.message, "canary") && !strstr(t[i].err.detail, "canary"));
  }
  CHECK(pool_stats(pool).total == 0 && pool_stats(pool).busy == 0);
  close_pool();
}

/* Over when the server has read its files: it tells its sessions before it accepts others. */
static void reload(void) {
  static const char loaded[] =
      "select ((extract(epoch from pg_conf_load_time()) * 1000)::int8 % 1000000000)::int4";
  open_pool(options(1));
  Conn *c = taken();
  int64_t before = run(c, loaded);
  (void)run(c, "select pg_reload_conf()::int4");
  for (int i = 0; i < 2000 && run(c, loaded) == before; i++) turn_for(5);
  pool_give(pool, c);
  close_pool();
}

static void refusals_reach_all_at_once(void) {
  char url[400], hba[128];
  refused("postgresql://joe@localhost/x?host=/nowhere", ERR_P1001);
  refused("postgresql://joe:canary@127.0.0.1:1/x", ERR_P1001);
  snprintf(url, sizeof url, "postgresql://lorm@localhost/missing?host=%s", server.dir);
  refused(url, ERR_P1003);
  snprintf(url, sizeof url, "postgresql://nobody@localhost/postgres?host=%s", server.dir);
  refused(url, ERR_P1010);
  Session *s;
  if (!session_open(server_url(&server), &s, &err)) server_fail(err.message);
  CHECK(session_execute(s, SLICE("create role secret login password 'right'"), &err));
  snprintf(hba, sizeof hba, "%s/data/pg_hba.conf", server.dir);
  FILE *f = fopen(hba, "w");
  fprintf(f, "local all secret scram-sha-256\nlocal all all trust\n");
  fclose(f);
  session_close(s);
  reload();
  snprintf(url, sizeof url, "postgresql://secret:canary@localhost/postgres?host=%s", server.dir);
  refused(url, ERR_P1000);
  snprintf(url, sizeof url, "postgresql://secret:right@localhost/postgres?host=%s", server.dir);
  open_with(slice_of(url), options(2));
  CHECK(run(taken(), "select 1") == 1);
  close_pool();
}

/* Somebody listens, and never answers. */
static void silence_is_told_from_a_full_pool(void) {
  struct sockaddr_un at = {.sun_family = AF_UNIX};
  char dir[] = "/tmp/lorm-mute-XXXXXX", url[200];
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  CHECK(mkdtemp(dir));
  snprintf(at.sun_path, sizeof at.sun_path, "%s/.s.PGSQL.5432", dir);
  CHECK(bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 8) == 0);
  for (int i = 0; i < 2; i++) { /* the wait ends first; the connecting does */
    Taker t;
    snprintf(url, sizeof url, "postgresql://joe@localhost/x?host=%s&connect_timeout=%d", dir, i ? 1 : 5);
    open_with(slice_of(url), options(2));
    int64_t start = loop_clock_us();
    take(&t, i ? 5000 : 200);
    wait_told(&t);
    CHECK(!t.conn && t.err.code == ERR_P1002 && t.at - start < 4000000);
    close_pool();
  }
  close(fd);
  unlink(at.sun_path);
  rmdir(dir);
}

/* More connections than the server has: those that are up serve all. */
static void too_many_connections_is_no_error(void) {
  Taker t[80];
  open_pool(options(80));
  for (int i = 0; i < 80; i++) take(&t[i], -1);
  int served = 0;
  for (int i = 0; i < 80; i++) {
    wait_told(&t[i]);
    served += t[i].conn != NULL;
    if (i >= 20 && t[i - 20].conn) pool_give(pool, t[i - 20].conn);
  }
  CHECK(served == 80);
  close_pool();
}

static void sessions_are_set_up(void) {
  open_pool(options(1));
  Conn *c = taken();
  CHECK(
      run(c,
          "select 1 from pg_settings where name = 'client_connection_check_interval' and setting = '1000'") ==
      1);
  CHECK(run(c, "select 1 where current_setting('application_name') = 'lorm'") == 1);
  close_pool();
}

static void starts(void) { server = server_private(); }
static void stops(void) { server_stop(&server); }

TESTS(starts, first_come_first_served, waiting_ends_in_time, closing_tells_those_who_wait,
      reads_spread_and_share, nothing_leaks_from_ten_thousand_uses, transactions_are_rolled_back,
      idle_connections_go, kept_connections_cost_nothing, idle_losses_are_invisible, a_restart_is_invisible,
      min_connections_are_kept, refusals_reach_all_at_once, silence_is_told_from_a_full_pool,
      too_many_connections_is_no_error, sessions_are_set_up, stops)
