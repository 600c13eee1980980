/* Servers that lie, by the thousand: a session of theirs with one message changed, then the end. Each segment
 * hears of its end, once, and what is read of it is read within its bounds (the sanitizers look on). */
#include "libpq_leaks.h"
#include "pg/copy.h"
#include "pg/result_private.h"
#include "story.h"

enum {
  SESSIONS = 20000,
  TIME_US = 5000000,
  ROOM = 600
};

typedef struct Lie {
  const char *wants, *says; /* what the client sends; what an honest server answers */
  bool copy, in;
} Lie;

static const Lie lies[] = {
    {"PBDEPBDES", "1 2 T D7 D- D8 C 1 2 n C Zi", false, false},
    {"PBDEPBDES", "1 2 T D7 C 1 E23505 Zi", false, false},
    {"PBDEPBDES", "N S A 1 2 T C 1 2 n I Zt", false, false},
    {"Q", "H dH d7 d- d8 dE c C Zi", true, false},
    {"Q", "H dH d7 E22012 Zi", true, false},
    {"Q", "G C Zi", true, true},
};

static uint64_t state = 88172645463325252u;
static uint32_t dice(uint32_t n) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return (uint32_t)(state >> 11) % n;
}

/* ---- lies ---- */

static size_t message_end(const uint8_t *bytes, size_t at) { return at + 1 + scripted_be32(bytes + at + 1); }

static void put_be32(uint8_t *to, uint32_t v) {
  for (int i = 0; i < 4; i++) to[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* One message of n bytes becomes another; how many bytes it has then. */
static size_t lie(uint8_t *message, size_t n) {
  static const uint32_t numbers[] = {0, 1, 3, 4, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 0x10000};
  static const char types[] = "123ACDEGHIKNRSTVWZcdnst";
  uint32_t number = numbers[dice(COUNT(numbers))];
  switch (dice(7)) {
    case 0: put_be32(message + 1, number); return n;
    case 1: message[0] = (uint8_t)types[dice(sizeof types - 1)]; return n;
    case 2: return 0;
    case 3: memcpy(message + n, message, n); return 2 * n;
    case 4: message[dice((uint32_t)n)] = (uint8_t)dice(256); return n;
    case 5: return 1 + dice((uint32_t)n);
    default:
      if (n >= 9) put_be32(message + 5 + dice((uint32_t)n - 8), number);
      return n;
  }
}

/* What the server will say, as a word of hexadecimal digits. */
static void lie_make(const char *honest, char *out) {
  static Scripted scratch;
  uint8_t bytes[2 * ROOM];
  size_t at = 0, n, starts[64], messages = 0;
  scratch = (Scripted){.cut = -1};
  scripted_say(&scratch, honest);
  for (; at < scratch.n_out; at = message_end(scratch.out, at)) starts[messages++] = at;
  size_t from = starts[dice((uint32_t)messages)], to = message_end(scratch.out, from);
  memcpy(bytes, scratch.out, to);
  n = from + lie(bytes + from, to - from);
  memcpy(bytes + n, scratch.out + to, scratch.n_out - to);
  n += scratch.n_out - to;
  out += sprintf(out, "x");
  for (size_t i = 0; i < n; i++) out += sprintf(out, "%02x", bytes[i]);
  strcpy(out, " .");
}

/* ---- the client ---- */

static Result *rows; /* of COPY out */
static bool begun;

static void take_piece(void *ctx, Slice bytes) {
  (void)ctx;
  if (copy_read(bytes, &begun, rows) == COPY_READ_ROW) tell("row");
}

static void put_one(void *ctx) {
  Teller *t = ctx;
  CHECK(copy_put(t->segment, SLICE("bytes"), &err) && copy_end(t->segment, &err));
}

static const SegmentOps copy_ops = {on_result, on_flight, on_done, put_one, take_piece};

static void ask_by(Teller *t, const Lie *x) {
  if (!x->copy) {
    ask(t, 'a', 0, 2);
    return;
  }
  *t = (Teller){.name = 'a'};
  begun = false;
  t->segment = copy_open(conn, x->in, SLICE("copy"), &copy_ops, t, &err);
  CHECK(t->segment);
}

static int ends(const char *text) {
  int n = 0;
  for (const char *at = text; (at = strchr(at, 'a')); at++) n += at[1] == '.' || at[1] == '!' || at[1] == '~';
  return n;
}

static void no_lie_does_harm(void) {
  char says[4 * ROOM];
  int64_t begin_us = loop_clock_us();
  int sessions = 0;
  PGresAttDesc column = {.name = (char *)(uintptr_t) "v", .typid = 20};
  for (; sessions < SESSIONS && loop_clock_us() - begin_us < TIME_US; sessions++) {
    const Lie *x = &lies[dice(COUNT(lies))];
    Teller a;
    uint64_t seed = state;
    rows = result_of(PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK));
    CHECK(PQsetResultAttrs(result_pg(rows), 1, &column));
    lie_make(x->says, says);
    play(SCRIPT({x->wants, says}));
    ask_by(&a, x);
    settle();
    if (ends(story) != 1 || conn_alive(conn)) {
      fprintf(stderr, "seed %llu: %s -> %s\n", (unsigned long long)seed, says, story);
      CHECK(!"one end");
    }
    conn_close(conn);
    loop_free(loop);
    scripted_hang_up(&server);
    result_free(rows);
  }
  printf("%d sessions\n", sessions);
  CHECK(sessions > 100);
}

static void starts(void) {
  scripted_start(&server);
  arena = arena_new(0);
  CHECK(url_parse(arena, slice_of(server.url), &info, &err));
  info.connect_timeout_ms = 0;
}
static void stops(void) {
  scripted_stop(&server);
  arena_free(arena);
}

TESTS(starts, no_lie_does_harm, stops)
