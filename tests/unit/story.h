/* Stories: what the owners of a connection and of its segments heard, in order. "up", "failed CODE", "idle",
 * "dead" are the connection's; of segment a there are
 *   a0=7 a1      its results 0 (with the cell 7) and 1
 *   a/           a flight is in
 *   a+ a<10      a COPY of it: there is room for data; so many bytes came
 *   a. a~        it is done; it is done, and nothing of it has stayed
 *   a!22012:nothing, a!P1017:unknown, a!57P01+P1017:nothing    it failed: the SQLSTATE, the code, the outcome
 *
 *   play(SCRIPT({"PBDES", "1 2 T D7 C Zi"})); ask(&a, 'a', 0, 1); STORY("a0=7 a. idle"); stage_close();    */
#ifndef TESTS_UNIT_STORY_H
#define TESTS_UNIT_STORY_H

#include <stdarg.h>

#include "base/arena.h"
#include "pg/conn_private.h"
#include "scripted.h"

static Scripted server;
static Arena *arena;
static ConnInfo info;
static Loop *loop;
static Conn *conn;
static Err err;
static char story[2048];

/* ---- what is heard ---- */

static void tell(const char *format, ...) PRINTF(1, 2);
static void tell(const char *format, ...) {
  size_t n = strlen(story);
  va_list args;
  va_start(args, format);
  if (n && n < sizeof story - 1) story[n++] = ' ';
  vsnprintf(story + n, sizeof story - n, format, args);
  va_end(args);
}

static void on_up(void *ctx) { (void)ctx, tell("up"); }
static void on_idle(void *ctx) { (void)ctx, tell("idle"); }
static void on_dead(void *ctx) {
  (void)ctx;
  if (!strstr(story, "dead")) tell("dead"); /* it may be said again */
}
static void on_failed(void *ctx, const Err *e) {
  (void)ctx;
  CHECK(e->message[0]);
  tell("failed %s", err_public_code(e->code));
}
static void on_note(void *ctx, const PGnotify *n) { (void)ctx, tell("%s:%s", n->relname, n->extra); }
static const ConnOwner owner = {on_up, on_failed, on_idle, on_dead, on_note};

typedef struct Teller {
  char name;
  Segment *segment;
  void (*next)(struct Teller *t);     /* at each flight */
  void (*answered)(struct Teller *t); /* at each result */
} Teller;

static void on_result(void *ctx, uint32_t i, Result *r) {
  Teller *t = ctx;
  Slice cell;
  if (result_rows(r) && result_cell(r, 0, 0, &cell))
    tell("%c%u=%d", t->name, i, cell.n ? cell.p[cell.n - 1] : 0);
  else
    tell("%c%u", t->name, i);
  result_free(r);
  if (t->answered) t->answered(t);
}

static void on_flight(void *ctx) {
  Teller *t = ctx;
  tell("%c/", t->name);
  if (t->next) t->next(t);
}

static void on_done(void *ctx, const Err *e, Outcome outcome) {
  static const char *const outcomes[] = {"done", "nothing", "unknown"};
  const Teller *t = ctx;
  if (!e) {
    tell("%c%c", t->name, outcome == OUTCOME_DONE ? '.' : '~');
    return;
  }
  bool lost = e->code == ERR_P1017, said = e->sqlstate[0];
  CHECK(e->message[0] && outcome != OUTCOME_DONE);
  tell("%c!%s%s%s:%s", t->name, e->sqlstate, said && lost ? "+" : "",
       !said || lost ? err_public_code(e->code) : "", outcomes[outcome]);
}

static void on_room(void *ctx) {
  Teller *t = ctx;
  tell("%c+", t->name);
  if (t->next) t->next(t);
}
static void on_copied(void *ctx, Slice bytes) {
  Teller *t = ctx;
  tell("%c<%u", t->name, bytes.n);
  if (t->next) t->next(t);
}
static const SegmentOps ops = {on_result, on_flight, on_done, on_room, on_copied};

/* ---- the stage ---- */

/* Both sides until neither has anything to do. */
static void settle(void) {
  for (int quiet = 0; quiet < 12; quiet++) {
    size_t before = strlen(story);
    (void)loop_turn(loop, false);
    if (scripted_step(&server) || strlen(story) != before) quiet = 0;
  }
}

static inline void wait_for(const char *word) {
  while (!strstr(story, word) && loop_turn(loop, true)) (void)scripted_step(&server);
}

static void stage_open(const ScriptLine *script) {
  story[0] = 0;
  server.script = script;
  if (!loop_new(&loop, &err)) exit(1);
  conn = conn_open(loop, &info, true, &owner, NULL, &err);
  CHECK(conn);
}

/* Connected, and nothing told of it yet. */
static void play(const ScriptLine *script) {
  stage_open(script);
  settle();
  CHECK_TEXT(slice_of(story), "up");
  story[0] = 0;
}

/* The server has heard all that its script wants. */
static inline void stage_close(void) {
  CHECK(!server.script || !server.script->wants);
  conn_close(conn);
  loop_free(loop);
  scripted_hang_up(&server);
  server.cut = -1;
  server.dribble = false;
  server.hello = SCRIPTED_HELLO;
}

/* What has happened since; and the server heard nothing that its script does not want. */
static inline void check_story(const char *want, const char *file, int line) {
  settle();
  check_text_at(slice_of(story), want, file, line);
  check_text_at(slice_of(server.heard), "", file, line);
  story[0] = 0;
}
#define STORY(want) check_story((want), __FILE__, __LINE__)

static inline void begin(Teller *t, char name, unsigned flags) {
  *t = (Teller){.name = name};
  t->segment = segment_open(conn, &ops, t, flags, &err);
  CHECK(t->segment);
}
static inline void put_as(Teller *t, const char *sql, bool unnamed) {
  Statement st = {.sql = slice_of(sql), .hash = slice_hash(slice_of(sql)), .unnamed = unnamed};
  CHECK(segment_send(t->segment, &st, NULL, 0, &err));
}
static inline void put(Teller *t, const char *sql) { put_as(t, sql, false); }
static inline void flush(Teller *t) { CHECK(segment_flush(t->segment, &err)); }
static inline void end(Teller *t) { CHECK(segment_sync(t->segment, &err)); }

/* A segment of so many statements: "p", "q". */
static inline void ask(Teller *t, char name, unsigned flags, int n) {
  static const char *const texts[] = {"p", "q"};
  begin(t, name, flags);
  for (int i = 0; i < n; i++) put(t, texts[i]);
  end(t);
}

#define SCRIPT(...) ((const ScriptLine[]){__VA_ARGS__, {NULL, NULL}})
#define ROW "1 2 T D7 C" /* a statement that is prepared, and its row */
#define DONE "1 2 n C"   /* one without rows */

#endif
