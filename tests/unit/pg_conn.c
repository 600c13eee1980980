#include "pg/conn.h"

#include "base/mem.h"
#include "check.h"
#include "pg/pool.h"
#include "pg/session.h"
#include "server.h"

/* ---- the stage: a loop, a pool of one, its connection ---- */

static Server server;
static Loop *loop;
static Pool *pool;
static Conn *conn;
static Err err;

static void on_taken(void *ctx, Conn *c, const Err *e) {
  (void)ctx;
  if (e) server_fail(e->message);
  conn = c;
}

static void pool_open(const char *url, bool named) {
  PoolOptions o = {.max = 1, .connection_timeout_ms = 5000, .named_statements = named};
  if (!loop_new(&loop, &err) || !pool_new(loop, slice_of(url), &o, &pool, &err)) server_fail(err.message);
}

static void conn_take(void) {
  conn = NULL;
  if (!pool_take(pool, -1, on_taken, NULL, &err)) server_fail(err.message);
  while (!conn && loop_turn(loop, true))
    ;
}

static void open_one(bool named) {
  pool_open(server.url, named);
  conn_take();
}

static void close_all(void) {
  pool_close(pool);
  loop_free(loop);
}

/* ---- what a segment's owner saw ---- */

typedef struct Seen {
  uint32_t n_results, n_flights, n_done;
  int64_t sum;    /* of the first cells, int8 */
  uint64_t bytes; /* of the first cells */
  bool in_order;
  Outcome outcome;
  Err err; /* code NONE: it went well */
  Segment *segment;
  void (*flight)(struct Seen *seen);
} Seen;

static int64_t be64(const char *p) {
  int64_t v = 0;
  for (int i = 0; i < 8; i++) v = (int64_t)((uint64_t)v << 8 | (uint8_t)p[i]);
  return v;
}

static void on_result(void *ctx, uint32_t i, Result *r) {
  Seen *seen = ctx;
  Slice cell;
  seen->in_order = i == seen->n_results++ && (seen->in_order || i == 0);
  if (result_rows(r) && result_cell(r, 0, 0, &cell)) {
    seen->bytes += cell.n;
    if (cell.n == 8) seen->sum += be64(cell.p);
  }
  result_free(r);
}
static void on_flight(void *ctx) {
  Seen *seen = ctx;
  seen->n_flights++;
  if (seen->flight) seen->flight(seen);
}
static void on_done(void *ctx, const Err *e, Outcome outcome) {
  Seen *seen = ctx;
  seen->n_done++;
  seen->outcome = outcome;
  seen->err.code = ERR_NONE;
  if (e) seen->err = *e;
}
static const SegmentOps ops = {on_result, on_flight, on_done};

static Statement statement(const char *sql) {
  return (Statement){.sql = slice_of(sql), .hash = slice_hash(slice_of(sql))};
}

static void open_segment(Seen *seen, unsigned flags) {
  *seen = (Seen){.outcome = OUTCOME_UNKNOWN};
  seen->segment = segment_open(conn, &ops, seen, flags, &err);
  CHECK(seen->segment);
}
static void put(Seen *seen, const char *sql) {
  Statement st = statement(sql);
  CHECK(segment_send(seen->segment, &st, NULL, 0, &err));
}
static void put_sync(Seen *seen) { CHECK(segment_sync(seen->segment, &err)); }

static void wait_for(const Seen *seen) {
  while (!seen->n_done && loop_turn(loop, true))
    ;
  CHECK(seen->n_done == 1);
}

/* One statement in a segment of its own; its first cell. */
static int64_t ask(const char *sql) {
  Seen seen;
  open_segment(&seen, 0);
  put(&seen, sql);
  put_sync(&seen);
  wait_for(&seen);
  CHECK(seen.err.code == ERR_NONE && seen.outcome == OUTCOME_DONE);
  if (seen.err.code != ERR_NONE) fprintf(stderr, "%s: %s\n", sql, seen.err.message);
  return seen.sum;
}

static bool well(const Seen *seen) { return seen->err.code == ERR_NONE && seen->outcome == OUTCOME_DONE; }
static bool failed_with(const Seen *seen, const char *state) {
  return seen->err.code != ERR_NONE && strcmp(seen->err.sqlstate, state) == 0;
}

/* ---- statements ---- */

static void parameters_travel_both_ways(void) {
  open_one(true);
  Seen seen;
  const char *sql = "select $1::int8 + length($2::text) + ($3::bytea is null)::int";
  Statement st = statement(sql);
  Cell params[] = {{.p = "\0\0\0\0\0\0\0\x64", .n = 8, .oid = 20},
                   {.p = "ABC", .n = 3, .oid = 25},
                   {.p = NULL, .oid = 17}};
  for (int i = 0; i < 3; i++) {
    open_segment(&seen, 0);
    CHECK(segment_send(seen.segment, &st, params, 3, &err));
    st.unnamed = i == 1;
    put_sync(&seen);
    CHECK(!seen.n_done); /* never inline */
    wait_for(&seen);
    CHECK(well(&seen) && seen.sum == 104);
  }
  Cell text = {.p = "41", .n = 2, .oid = 20, .text = true};
  open_segment(&seen, 0);
  st = statement("select $1 + 1");
  CHECK(segment_send(seen.segment, &st, &text, 1, &err));
  put_sync(&seen);
  wait_for(&seen);
  CHECK(well(&seen) && seen.sum == 42);
  CHECK(conn_idle(conn) && conn_pending(conn) == 0 && conn_version(conn) >= 120000);
  close_all();
}

static void statements_are_prepared_once(void) {
  const char *count = "select count(*) from pg_prepared_statements where statement = 'select 7::int8'";
  open_one(true);
  Seen seen;
  for (int i = 0; i < 3; i++) {
    open_segment(&seen, 0);
    put(&seen, "select 7::int8");
    put(&seen, "select 7::int8");
    put_sync(&seen);
    wait_for(&seen);
    CHECK(well(&seen) && seen.n_results == 2 && seen.sum == 14);
  }
  CHECK(ask(count) == 1);
  CHECK(ask("select sum(generic_plans + custom_plans)::int8 from pg_prepared_statements "
            "where statement = 'select 7::int8'") == 6);
  close_all();
  open_one(false);
  CHECK(ask("select 7::int8") == 7 && ask("select 7::int8") == 7 && ask(count) == 0);
  close_all();
}

static void a_failed_parse_is_not_counted(void) {
  open_one(true);
  Seen seen;
  for (int i = 0; i < 2; i++) {
    open_segment(&seen, 0);
    put(&seen, "select count(*) from later");
    put_sync(&seen);
    wait_for(&seen);
    CHECK(failed_with(&seen, "42P01") && seen.outcome == OUTCOME_NOTHING && seen.err.code == ERR_P2021);
  }
  open_segment(&seen, 0); /* its Parse is skipped, not failed */
  put(&seen, "select 1/0");
  put(&seen, "select 8::int8");
  put_sync(&seen);
  wait_for(&seen);
  CHECK(failed_with(&seen, "22012"));
  (void)ask("create table later (a int)");
  CHECK(ask("select count(*) from later") == 0);
  CHECK(ask("select 8::int8") == 8 && ask("select 8::int8") == 8);
  (void)ask("drop table later");
  close_all();
}

static void names_are_bounded(void) {
  open_one(true);
  static char texts[1200][64];
  int64_t sum = 0;
  for (int i = 0; i < 1200; i++) {
    snprintf(texts[i], sizeof texts[i], "select %d::int8 as a%d", i, i);
    sum += ask(texts[i]) - i;
  }
  CHECK(sum == 0);
  CHECK(ask("select count(*) from pg_prepared_statements") <= 501);
  for (int i = 0; i < 1200; i += 7) sum += ask(texts[i]) - i;
  CHECK(sum == 0);
  Seen seen; /* all at once, so that none can be closed in peace */
  open_segment(&seen, 0);
  for (int i = 0; i < 1200; i++) put(&seen, texts[i]);
  put_sync(&seen);
  wait_for(&seen);
  CHECK(well(&seen) && seen.n_results == 1200 && seen.sum == 1199 * 600);
  CHECK(ask("select count(*) from pg_prepared_statements") <= 501);
  close_all();
}

static void stale_plans_are_prepared_anew(void) {
  open_one(true);
  Seen seen;
  (void)ask("create table shape (a int8)");
  (void)ask("insert into shape values (5)");
  CHECK(ask("select * from shape") == 5);
  (void)ask("alter table shape add b int");
  open_segment(&seen, 0);
  put(&seen, "select * from shape");
  put_sync(&seen);
  wait_for(&seen);
  CHECK(failed_with(&seen, "0A000"));
  CHECK(ask("select * from shape") == 5 && ask("select * from shape") == 5);
  (void)ask("deallocate all");
  open_segment(&seen, 0);
  put(&seen, "select * from shape");
  put_sync(&seen);
  wait_for(&seen);
  CHECK(failed_with(&seen, "26000"));
  CHECK(ask("select * from shape") == 5);
  (void)ask("drop table shape");
  close_all();
}

/* ---- segments ---- */

static void segments_fail_alone(void) {
  enum {
    N = 60
  };
  open_one(true);
  static Seen seen[N];
  for (int i = 0; i < N; i++) {
    open_segment(&seen[i], SEGMENT_SHARED);
    put(&seen[i], i % 3 == 1 ? "select 1/0" : i % 3 == 2 ? "select nothing" : "select 3::int8");
    put_sync(&seen[i]);
  }
  for (int i = 0; i < N; i++) {
    wait_for(&seen[i]);
    CHECK(i % 3 == 0 ? well(&seen[i]) && seen[i].sum == 3
                     : failed_with(&seen[i], i % 3 == 1 ? "22012" : "42703"));
  }
  CHECK(conn_idle(conn));
  close_all();
}

static void an_error_ends_its_segment(void) {
  open_one(true);
  Seen seen;
  (void)ask("create table t (a int8 unique deferrable initially deferred)");
  open_segment(&seen, 0);
  put(&seen, "insert into t values (1)");
  put(&seen, "select 5::int8");
  put(&seen, "select 1/0");
  put(&seen, "insert into t values (2)");
  put_sync(&seen);
  wait_for(&seen);
  CHECK(failed_with(&seen, "22012") && seen.n_results == 2 && seen.in_order && seen.sum == 5);
  CHECK(seen.outcome == OUTCOME_NOTHING && ask("select count(*) from t") == 0);

  open_segment(&seen, 0); /* an error before the owner has ended it */
  put(&seen, "insert into t values (3)");
  put(&seen, "select 1/0");
  CHECK(segment_flush(seen.segment, &err));
  wait_for(&seen);
  CHECK(failed_with(&seen, "22012") && seen.n_flights == 0 && ask("select count(*) from t") == 0);

  Seen next; /* a deferred constraint fails at the Sync, and belongs to its own segment */
  open_segment(&seen, SEGMENT_SHARED);
  put(&seen, "insert into t values (4), (4)");
  put_sync(&seen);
  open_segment(&next, SEGMENT_SHARED);
  put(&next, "select count(*) from t");
  put_sync(&next);
  wait_for(&next);
  CHECK(failed_with(&seen, "23505") && seen.outcome == OUTCOME_NOTHING && seen.n_results == 1);
  CHECK(seen.err.code == ERR_P2002 && well(&next) && next.sum == 0);
  (void)ask("drop table t");
  close_all();
}

static void insert_more(Seen *seen) {
  if (seen->n_flights == 1) {
    put(seen, "insert into f select count(*) + 10 from f");
    CHECK(segment_flush(seen->segment, &err));
  } else if (seen->n_flights == 2) {
    CHECK(segment_flush(seen->segment, &err)); /* nothing to wait for */
  } else {
    put(seen, "select sum(a)::int8 from f");
    put_sync(seen);
  }
}
static void insert_and_abort(Seen *seen) {
  put(seen, "insert into f values (99)");
  segment_abort(seen->segment);
}

static void flights_depend_on_answers(void) {
  open_one(true);
  Seen seen, next;
  (void)ask("create table f (a int8)");
  open_segment(&seen, 0);
  seen.flight = insert_more;
  put(&seen, "insert into f values (1)");
  CHECK(segment_flush(seen.segment, &err));
  open_segment(&next, SEGMENT_SHARED); /* waits: the connection is the first one's own */
  put(&next, "select count(*) from f");
  put_sync(&next);
  wait_for(&seen);
  CHECK(well(&seen) && seen.n_flights == 3 && seen.n_results == 3 && seen.sum == 12);
  wait_for(&next);
  CHECK(well(&next) && next.sum == 2);

  for (int i = 0; i < 2; i++) {
    open_segment(&seen, 0);
    seen.flight = insert_and_abort;
    if (i) put(&seen, "set transaction_isolation = 'repeatable read'");
    put(&seen, "delete from f");
    CHECK(segment_flush(seen.segment, &err));
    wait_for(&seen);
    CHECK(seen.err.code == ERR_NONE && seen.outcome == OUTCOME_NOTHING && seen.n_results == 1 + (uint32_t)i);
    CHECK(ask("select count(*) from f") == 2 && !conn_in_transaction(conn));
  }
  (void)ask("drop table f");
  close_all();
}

static void transactions_are_seen(void) {
  open_one(true);
  Seen seen;
  (void)ask("begin");
  CHECK(conn_in_transaction(conn) && !conn_idle(conn) && conn_alive(conn));
  open_segment(&seen, 0);
  put(&seen, "select 1/0");
  put_sync(&seen);
  wait_for(&seen);
  CHECK(conn_in_transaction(conn) && failed_with(&seen, "22012"));
  (void)ask("rollback");
  CHECK(!conn_in_transaction(conn) && conn_idle(conn));
  close_all();
}

static void detached_segments_are_quiet(void) {
  open_one(true);
  Seen seen, held;
  (void)ask("create table d (a int8)");
  open_segment(&seen, 0); /* not ended: undone */
  put(&seen, "insert into d values (1)");
  segment_detach(seen.segment);
  open_segment(&seen, 0); /* ended: done, nobody hears */
  put(&seen, "insert into d values (2)");
  put_sync(&seen);
  open_segment(&held, 0); /* behind it: never sent */
  put(&held, "insert into d values (3)");
  put_sync(&held);
  segment_detach(held.segment);
  (void)ask("select 1::int8");
  open_segment(&seen, 0); /* nothing in it */
  segment_detach(seen.segment);
  CHECK(ask("select sum(a)::int8 from d") == 2);
  CHECK(!held.n_done);
  (void)ask("drop table d");
  close_all();
}

static void much_both_ways_does_not_block(void) {
  enum {
    N = 1000,
    SIZE = 20000
  };
  open_one(true);
  Seen seen;
  char *bytes = mem_zalloc(SIZE);
  Statement st = statement("select repeat('x', 30000)::text, $1::bytea");
  Cell cell = {.p = bytes, .n = SIZE, .oid = 17};
  open_segment(&seen, 0);
  for (int i = 0; i < N; i++) CHECK(segment_send(seen.segment, &st, &cell, 1, &err));
  put_sync(&seen);
  wait_for(&seen);
  CHECK(well(&seen) && seen.n_results == N && seen.bytes == N * 30000);
  mem_free(bytes);
  close_all();
}

static void copy_is_refused(void) {
  open_one(true);
  Seen seen;
  (void)ask("create table c (a int8)");
  open_segment(&seen, 0);
  put(&seen, "insert into c values (1)");
  put(&seen, "copy c from stdin");
  put_sync(&seen);
  wait_for(&seen);
  CHECK(seen.err.code == ERR_USAGE && seen.outcome == OUTCOME_NOTHING && !conn_alive(conn));
  pool_give(pool, conn);
  conn_take();
  CHECK(ask("select count(*) from c") == 0);
  open_segment(&seen, 0); /* the server goes on to the Sync, and commits */
  put(&seen, "copy (insert into c values (2) returning a) to stdout");
  put_sync(&seen);
  wait_for(&seen);
  CHECK(seen.err.code == ERR_USAGE && seen.outcome == OUTCOME_UNKNOWN && !conn_alive(conn));
  pool_give(pool, conn);
  conn_take();
  (void)ask("drop table c");
  close_all();
}

/* ---- pumping and cancelling ---- */

static bool is_done(void *ctx) { return ((Seen *)ctx)->n_done > 0; }
static void never(void *ctx) { (void)ctx, check_at(0, __FILE__, __LINE__, "no other callback runs"); }

static void pumping_waits_for_one_connection(void) {
  open_one(true);
  Seen seen;
  LoopSoon other = {.call = never};
  loop_soon(loop, &other);
  open_segment(&seen, 0);
  put(&seen, "select pg_sleep(0.05)");
  put(&seen, "select 4::int8");
  put_sync(&seen);
  CHECK(!conn_pump(conn, is_done, &seen, loop_clock_us() + 10000, &err) && err.code == ERR_TIMEOUT);
  CHECK(!seen.n_done);
  CHECK(conn_pump(conn, is_done, &seen, 0, &err) && well(&seen) && seen.sum == 4);
  loop_soon_cancel(loop, &other);
  open_segment(&seen, 0);
  put(&seen, "select pg_terminate_backend(pg_backend_pid())");
  put_sync(&seen);
  CHECK(conn_pump(conn, is_done, &seen, 0, &err) && seen.err.code == ERR_P1017);
  open_segment(&seen, 0);
  put(&seen, "select 1::int8");
  put_sync(&seen);
  CHECK(conn_pump(conn, is_done, &seen, 0, &err) && seen.err.code == ERR_P1017);
  CHECK(seen.outcome == OUTCOME_NOTHING);
  close_all();
}

static void cancelling_stops_what_runs(void) {
  open_one(true);
  Seen seen, next;
  for (int i = 0; i < 20; i++) {
    open_segment(&seen, 0);
    put(&seen, "select pg_sleep(60)");
    put_sync(&seen);
    conn_cancel(conn);
    open_segment(&next, SEGMENT_SHARED);
    put(&next, "select pg_sleep(0.002)");
    put_sync(&next);
    CHECK(!conn_idle(conn));
    wait_for(&next);
    CHECK(failed_with(&seen, "57014") && seen.err.code == ERR_TIMEOUT && well(&next));
  }
  while (!conn_idle(conn) && loop_turn(loop, true))
    ;
  CHECK(conn_idle(conn));
  close_all();
}

/* ---- losing it ---- */

static int64_t backend(void) { return ask("select pg_backend_pid()::int8"); }

static void terminate(int64_t pid) {
  Session *s;
  char sql[64];
  Result *r;
  if (!session_open(server_url(&server), &s, &err)) server_fail(err.message);
  snprintf(sql, sizeof sql, "select pg_terminate_backend(%d, 2000)", (int)pid);
  CHECK(session_query(s, sql, NULL, 0, &r, &err));
  result_free(r);
  session_close(s);
}

static void losses_say_what_is_known(void) {
  Seen seen, shared[3], last;
  open_one(true);
  (void)ask("create table if not exists l (a int8)");
  terminate(backend()); /* idle: it never ran */
  open_segment(&seen, 0);
  put(&seen, "insert into l values (1)");
  put_sync(&seen);
  wait_for(&seen);
  CHECK(seen.err.code == ERR_P1017 && seen.outcome == OUTCOME_NOTHING && !conn_alive(conn));
  pool_give(pool, conn);

  conn_take(); /* in the middle: the statement was cut short */
  int64_t pid = backend();
  open_segment(&seen, 0);
  put(&seen, "insert into l select 1 from pg_sleep(30)");
  put_sync(&seen);
  terminate(pid);
  wait_for(&seen);
  CHECK(failed_with(&seen, "57P01") && seen.err.code == ERR_P1017 && seen.outcome == OUTCOME_NOTHING);
  pool_give(pool, conn);

  conn_take(); /* a text that may commit by itself: nobody knows; those behind it never began */
  pid = backend();
  for (int i = 0; i < 3; i++) {
    Statement st = statement("select pg_sleep(30)");
    st.unnamed = true;
    open_segment(&shared[i], SEGMENT_SHARED);
    CHECK(segment_send(shared[i].segment, &st, NULL, 0, &err));
    put_sync(&shared[i]);
  }
  open_segment(&last, 0);
  put(&last, "insert into l values (1)");
  put_sync(&last);
  terminate(pid);
  wait_for(&last);
  for (int i = 0; i < 3; i++)
    CHECK(shared[i].n_done == 1 && shared[i].err.code == ERR_P1017 && shared[i].outcome == OUTCOME_UNKNOWN);
  CHECK(last.err.code == ERR_P1017 && last.outcome == OUTCOME_NOTHING);
  pool_give(pool, conn);

  conn_take(); /* answered, but not ended: between the flights */
  open_segment(&seen, 0);
  put(&seen, "insert into l values (1)");
  CHECK(segment_flush(seen.segment, &err));
  while (!seen.n_flights && loop_turn(loop, true))
    ;
  CHECK(seen.n_flights == 1);
  Statement st = statement("select pg_terminate_backend(pg_backend_pid())");
  CHECK(segment_send(seen.segment, &st, NULL, 0, &err) && segment_flush(seen.segment, &err));
  wait_for(&seen);
  CHECK(seen.err.code == ERR_P1017 && seen.outcome == OUTCOME_NOTHING);
  pool_give(pool, conn);
  conn_take();
  CHECK(ask("select count(*) from l") == 0);
  (void)ask("drop table l");
  close_all();
}

/* A server that says nothing: its process is stopped, so that it neither answers nor hangs up. */
static void silence_has_an_end(void) {
  char url[400];
  Seen seen[2];
  snprintf(url, sizeof url, "%s&socket_timeout=1", server.url);
  for (int pumped = 0; pumped < 2; pumped++) {
    pool_open(url, true);
    conn_take();
    int64_t pid = backend(), start = loop_clock_us();
    kill((pid_t)pid, SIGSTOP);
    for (int i = 0; i < 2; i++) {
      open_segment(&seen[i], SEGMENT_SHARED);
      put(&seen[i], "select 1::int8");
      put_sync(&seen[i]);
    }
    if (pumped)
      CHECK(conn_pump(conn, is_done, &seen[1], 0, &err));
    else
      wait_for(&seen[1]);
    int64_t took = loop_clock_us() - start;
    kill((pid_t)pid, SIGCONT);
    CHECK(seen[0].err.code == ERR_P1008 && seen[0].outcome == OUTCOME_UNKNOWN &&
          seen[1].err.code == ERR_P1008);
    CHECK(took >= 998000 && took < 4000000 && !conn_alive(conn)); /* timers count whole milliseconds */
    close_all();
  }
}

/* The whole server goes without a word to anybody (SIGKILL): nothing is said, so nothing is known. */
static void a_crash_is_unknown(void) {
  Server s = server_private();
  Seen seen;
  pool_open(s.url, true);
  conn_take();
  int64_t pid = backend();
  open_segment(&seen, 0);
  put(&seen, "select pg_sleep(30)");
  put_sync(&seen);
  kill((pid_t)pid, SIGKILL);
  wait_for(&seen);
  CHECK(seen.err.code == ERR_P1017 && seen.outcome == OUTCOME_UNKNOWN && !seen.err.sqlstate[0]);
  close_all();
  server_stop(&s);
}

static void starts(void) { server = server_private(); }
static void stops(void) { server_stop(&server); }

TESTS(starts, parameters_travel_both_ways, statements_are_prepared_once, a_failed_parse_is_not_counted,
      names_are_bounded, stale_plans_are_prepared_anew, segments_fail_alone, an_error_ends_its_segment,
      flights_depend_on_answers, transactions_are_seen, detached_segments_are_quiet,
      much_both_ways_does_not_block, copy_is_refused, pumping_waits_for_one_connection,
      cancelling_stops_what_runs, losses_say_what_is_known, silence_has_an_end, a_crash_is_unknown, stops)
