/* COPY against a scripted server: what its owners hear, what is sent, and that the connection is in order
 * afterwards, or known not to be. */
#include "pg/copy.h"
#include "pg/result_private.h"
#include "story.h"

static void copying(Teller *t, char name, bool in, void (*next)(Teller *)) {
  *t = (Teller){.name = name, .next = next};
  t->segment = copy_open(conn, in, SLICE("copy t"), &ops, t, &err);
  CHECK(t->segment);
}

static int puts_left;
static void put_or_end(Teller *t) {
  if (puts_left-- > 0)
    CHECK(copy_put(t->segment, SLICE("some bytes"), &err));
  else
    CHECK(copy_end(t->segment, &err));
}
static void put_one(Teller *t) {
  if (puts_left-- > 0) CHECK(copy_put(t->segment, SLICE("some bytes"), &err));
}
static void abort_it(Teller *t) { segment_abort(t->segment); }
static void leave_it(Teller *t) { segment_detach(t->segment); }
static void pause_it(Teller *t) { copy_pause(t->segment, true); }

static void in(Teller *t, int puts) {
  puts_left = puts;
  copying(t, 'a', true, put_or_end);
}

#define AFTER \
  { "PBDES", ROW " Zi" }
#define STORY_AFTER(t)   \
  ask(t, 'z', 0, 1);     \
  STORY("z0=7 z. idle"); \
  stage_close()

/* ---- in ---- */

static void data_goes_when_there_is_room(void) {
  Teller a, z;
  play(SCRIPT({"Q", "G"}, {"dddc", "C Zi"}, AFTER));
  in(&a, 3);
  STORY("a+ a+ a+ a+ a0 a. idle");
  STORY_AFTER(&z);
  play(SCRIPT({"Q", "N G S"}, {"c", "N C Zt"}));
  in(&a, 0);
  STORY("a+ a0 a. idle");
  CHECK(conn_in_transaction(conn));
  stage_close();
}

static void it_waits_for_its_turn_and_others_for_it(void) {
  Teller a, b, z;
  play(SCRIPT({"PBDES", ROW " Zi"}, {"Q", "G"}, {"dc", "C Zi"}, {"BDES", "2 n C Zi"}));
  ask(&b, 'b', SEGMENT_SHARED, 1);
  in(&a, 1);
  ask(&z, 'z', SEGMENT_SHARED, 1);
  STORY("b0=7 b. a+ a+ a0 a. z0 z. idle");
  stage_close();
}

static void the_server_may_refuse(void) {
  Teller a, z;
  play(SCRIPT({"Q", "E42P01 Zi"}, AFTER)); /* at once */
  in(&a, 1);
  STORY("a!42P01:nothing idle");
  STORY_AFTER(&z);
  play(SCRIPT({"Q", "G"}, {"dc", "E23505 Ze"})); /* at the end */
  in(&a, 1);
  STORY("a+ a+ a!23505:nothing idle");
  CHECK(conn_in_transaction(conn));
  stage_close();
  play(SCRIPT({"Q", "G"}, {"d", "E22P04 Zi"}, {"f", ""}, AFTER)); /* early: the owner hears of it at once */
  puts_left = 1;
  copying(&a, 'a', true, put_one);
  STORY("a+ a+ a!22P04:nothing idle");
  STORY_AFTER(&z);
}

static void giving_up_says_so(void) {
  Teller a, z;
  play(SCRIPT({"Q", "G"}, {"f", "E57014 Zi"}, AFTER));
  copying(&a, 'a', true, abort_it);
  STORY("a+ a!57014:nothing idle");
  STORY_AFTER(&z);
  play(SCRIPT({"Q", "G"}, {"f", "E57014 Zi"}, AFTER));
  copying(&a, 'a', true, leave_it);
  STORY("a+ idle");
  STORY_AFTER(&z);
  play(SCRIPT({"Q", "G"}, {"f", "E57014 Zi"}, AFTER)); /* before the server has agreed */
  copying(&a, 'a', true, NULL);
  (void)loop_turn(loop, false);
  segment_detach(a.segment);
  STORY("idle");
  STORY_AFTER(&z);
  play(SCRIPT(AFTER)); /* before its turn */
  copying(&a, 'a', true, NULL);
  segment_detach(a.segment);
  STORY_AFTER(&z);
}

/* Before CopyDone nothing can have been committed. */
static void what_is_known_when_it_is_cut(void) {
  Teller a;
  static const struct {
    const char *asked, *sent, *story;
  } cases[] = {{".", NULL, "a!P1017:nothing dead"},
               {"G .", NULL, "a+ a!P1017:nothing dead"},
               {"G", ".", "a+ a+ a!P1017:unknown dead"},
               {"G", "C .", "a+ a+ a0 a!P1017:unknown dead"},
               {"G", "E23505 .", "a+ a+ a!23505:nothing dead"},
               {"G", "F57P01 .", "a+ a+ a!57P01+P1017:nothing dead"}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    ScriptLine script[] = {{"Q", cases[i].asked}, {cases[i].sent ? "dc" : NULL, cases[i].sent}, {NULL, NULL}};
    play(script);
    if (cases[i].sent)
      in(&a, 1);
    else
      copying(&a, 'a', true, NULL);
    settle();
    check_text_at(slice_of(story), cases[i].story, __FILE__, __LINE__);
    CHECK(!conn_alive(conn));
    stage_close();
  }
}

/* ---- out ---- */

static void pieces_come(void) {
  Teller a, z;
  server.dribble = true;
  play(SCRIPT({"Q", "H dH N d7 d8 dE c C Zi"}, AFTER));
  copying(&a, 'a', false, NULL);
  STORY("a<19 a<14 a<14 a<2 a0 a. idle");
  STORY_AFTER(&z);
}

static void a_pause_keeps_the_rest_away(void) {
  Teller a, z;
  play(SCRIPT({"Q", "H d7 d8 c C Zi"}, AFTER));
  copying(&a, 'a', false, pause_it);
  STORY("a<14");
  copy_pause(a.segment, false);
  STORY("a<14");
  copy_pause(a.segment, false);
  STORY("a0 a. idle");
  STORY_AFTER(&z);
}

static void what_is_left_is_dropped(void) {
  void (*const ways[])(Teller *) = {abort_it, leave_it};
  static const char *const stories[] = {"a<14 a~ idle", "a<14 idle"};
  for (int i = 0; i < 2; i++) {
    Teller a, z;
    play(SCRIPT({"Q", "H d7 d8 d9 c C Zi"}, AFTER));
    copying(&a, 'a', false, ways[i]);
    STORY(stories[i]);
    STORY_AFTER(&z);
  }
  Teller a, z;
  play(SCRIPT({"Q", "H d7 d8 c C Zi"}, AFTER));
  copying(&a, 'a', false, pause_it);
  STORY("a<14");
  segment_detach(a.segment);
  STORY("idle");
  STORY_AFTER(&z);
}

static void an_error_may_come_anywhere(void) {
  static const char *const says[] = {"E22012 Zi", "H E22012 Zi", "H d7 E22012 Zi", "H d7 c E22012 Zi"};
  static const char *const stories[] = {"a!22012:nothing idle", "a!22012:nothing idle",
                                        "a<14 a!22012:nothing idle", "a<14 a!22012:nothing idle"};
  for (size_t i = 0; i < COUNT(says); i++) {
    Teller a, z;
    play(SCRIPT({"Q", says[i]}, AFTER));
    copying(&a, 'a', false, NULL);
    STORY(stories[i]);
    STORY_AFTER(&z);
  }
}

/* ---- no COPY, or another ---- */

static void what_is_no_copy_ends_the_connection(void) {
  static const char *const says[] = {"C Zi", "T D7 C Zi", "I Zi", "H d7 c C Zi", "Zi"};
  for (size_t i = 0; i < COUNT(says); i++) {
    Teller a;
    play(SCRIPT({"Q", says[i]}));
    copying(&a, 'a', true, NULL);
    settle();
    check_at(strstr(story, "a!") && strstr(story, "dead"), __FILE__, __LINE__, says[i]);
    stage_close();
  }
}

/* ---- the form ---- */

static Result *columns(int n) {
  PGresult *r = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
  PGresAttDesc described[2] = {{.name = (char *)(uintptr_t) "a"}, {.name = (char *)(uintptr_t) "b"}};
  CHECK(PQsetResultAttrs(r, n, described));
  return result_of(r);
}

static void the_form_is_read_as_it_is_written(void) {
  Buf b = buf_in(arena);
  Result *r = columns(2);
  Slice cell;
  bool begun = false;
  copy_header(&b);
  CHECK(copy_read(buf_slice(&b), &begun, r) == COPY_READ_NONE && begun);
  b.n = 0;
  copy_row_open(&b, 2);
  uint32_t mark = copy_cell(&b);
  buf_text(&b, "abc");
  copy_cell_end(&b, mark);
  copy_cell_null(&b);
  CHECK(copy_read(buf_slice(&b), &begun, r) == COPY_READ_ROW);
  CHECK(result_rows(r) == 1 && result_cell(r, 0, 0, &cell));
  CHECK_TEXT(cell, "abc");
  CHECK(!result_cell(r, 0, 1, &cell));
  for (uint32_t n = 1; n < b.n; n++) CHECK(copy_read((Slice){b.p, n}, &begun, r) == COPY_READ_BROKEN);
  b.n = 0;
  copy_trailer(&b);
  CHECK(copy_read(buf_slice(&b), &begun, r) == COPY_READ_NONE);
  result_free(r);
}

static void broken_forms_are_told(void) {
  static const struct {
    const char *bytes;
    uint32_t n;
  } cases[] = {{"", 0},
               {"\0", 1},
               {"\0\3", 2},
               {"\0\2\0\0\0\1", 6},
               {"\0\2\377\377\377\376\0\0\0\0", 10},
               {"\0\2\177\377\377\377abcd", 10},
               {"\0\2\377\377\377\377\0\0\0\1ab", 12},
               {"\377\377\0", 3}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    Result *r = columns(2);
    bool begun = true;
    CopyRead read = copy_read((Slice){cases[i].bytes, cases[i].n}, &begun, r);
    CHECK(read == (i ? COPY_READ_BROKEN : COPY_READ_NONE));
    result_free(r);
  }
  static const char strange[] = "PGCOPY\n\377\r\n\0\1\0\0\0\0\0\0\0";
  Result *r = columns(2);
  bool begun = false;
  CHECK(copy_read((Slice){strange, 19}, &begun, r) == COPY_READ_BROKEN); /* a flag that must be known */
  CHECK(copy_read((Slice){"PGCOPX\n\377\r\n\0\0\0\0\0\0\0\0\0", 19}, &begun, r) == COPY_READ_BROKEN);
  result_free(r);
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

TESTS(starts, data_goes_when_there_is_room, it_waits_for_its_turn_and_others_for_it, the_server_may_refuse,
      giving_up_says_so, what_is_known_when_it_is_cut, pieces_come, a_pause_keeps_the_rest_away,
      what_is_left_is_dropped, an_error_may_come_anywhere, what_is_no_copy_ends_the_connection,
      the_form_is_read_as_it_is_written, broken_forms_are_told, stops)
