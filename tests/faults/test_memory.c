/* Memory: a stream holds a batch, many rows at once cost a small multiple of their bytes and are given back,
 * and the same work again takes no more. */
#include <malloc.h>

#include "stage.h"

enum {
  ROWS = 200000,
  STREAMED = 500000,
  BATCH = 1000,
  STREAM_KB = 8192,
  SOAK_MS = 8000
};

static char schema_text[] = DATASOURCE "model Entry {\n id Int @id\n note String\n}\n";

static int64_t read_all(Request *r, uint32_t *n) {
  Rows rows;
  Value cells[2];
  int64_t bytes = 0;
  CHECK(!request_error(finish(r)) && rows_open(r, 0, &rows, &err));
  for (*n = 0; rows_next(&rows, cells, &err); ++*n) bytes += 4 + cells[1].len;
  CHECK(err.code == ERR_NONE);
  return bytes;
}

static Request *read_in(Tx *tx) {
  Request *r = taken();
  Calling c = {r, SLICE("Entry.findMany {}"), true};
  CHECK(arena_protect(request_arena(r), NULL, calling_read, &c) && c.known);
  request_in(r, tx);
  return r;
}

static void a_stream_holds_a_batch(void) {
  uint32_t n = 0, all = 0;
  engine_start(server_url(&server), 2, -1);
  CHECK(over(submitted("Entry.findMany {\"take\": 10}", NULL)).code == ERR_NONE);
  Tx *tx = opened("RepeatableRead", 0);
  uint32_t cursor = engine_cursor(engine);
  int64_t before = resident_kb("VmRSS:");
  Request *r = read_in(tx);
  request_declare(r, cursor);
  CHECK(over(sent(r)).code == ERR_NONE);
  do {
    r = read_in(tx);
    request_fetch(r, cursor, BATCH);
    (void)read_all(sent(r), &n);
    request_release(r);
    all += n;
  } while (n == BATCH);
  tx_release(tx);
  int64_t peak = resident_kb("VmHWM:") - before;
  CHECK(all == STREAMED);
  CHECK(peak < STREAM_KB);
  printf("%u rows streamed: %d KB at most\n", all, (int)peak);
  engine_end();
}

static void many_rows_cost_what_they_hold(void) {
  uint32_t n;
  engine_start(server_url(&server), 2, -1);
  CHECK(over(submitted("Entry.findMany {\"take\": 10}", NULL)).code == ERR_NONE);
  int64_t before = resident_kb("VmRSS:");
  Request *r = submitted("Entry.findMany {\"take\": 200000}", NULL);
  int64_t kb = read_all(r, &n) / 1024, peak = resident_kb("VmHWM:") - before;
  CHECK(n == ROWS);
  CHECK(peak <= 3 * kb);
  request_release(r);
  malloc_trim(0);
  int64_t kept = resident_kb("VmRSS:") - before;
  CHECK(kept < kb / 4);
  printf("%u rows of %d KB: %d KB at most, %d KB kept\n", n, (int)kb, (int)peak, (int)kept);
  engine_end();
}

/* Reads, writes, transactions and mistakes, at full speed. */
static void soak(int ms, int *calls) {
  static int id = STREAMED;
  Control c;
  control_start(&c, ms);
  for (char text[100]; !c.due; ++*calls) {
    Tx *tx = *calls % 8 == 0 ? opened("", -1) : NULL;
    snprintf(text, sizeof text, "Entry.create {\"data\": {\"id\": %d, \"note\": \"n\"}}",
             *calls % 3 ? ++id : 1);
    (void)over(submitted(text, tx));
    snprintf(text, sizeof text, "Entry.findMany {\"where\": {\"id\": {\"gt\": %d}}, \"take\": 50}",
             *calls % ROWS);
    CHECK(over(submitted(text, NULL)).code == ERR_NONE);
    if (tx) tx_release(tx);
  }
  loop_timer_free(c.timer);
}

static void work_takes_no_more_each_time(void) {
  int warm = 0, calls = 0;
  engine_start(server_url(&server), 4, -1);
  soak(SOAK_MS / 4, &warm);
  int64_t before = resident_kb("VmRSS:");
  soak(SOAK_MS, &calls);
  int64_t grown = resident_kb("VmRSS:") - before;
  CHECK(grown < 1024);
  printf("%d rounds: %+d KB\n", calls, (int)grown);
  engine_end();
}

static void starts(void) {
  stage_open(schema_text, "create table \"Entry\" (id int primary key, note text not null)");
  sql("insert into \"Entry\" select i, repeat('x', 100) || i from generate_series(1, 500000) i");
}
static void stops(void) { stage_close(); }

TESTS(starts, a_stream_holds_a_batch, many_rows_cost_what_they_hold, work_takes_no_more_each_time, stops)
