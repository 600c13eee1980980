/* Segments against a scripted server: each way that answers can come, and what the owners hear of it. */
#include "story.h"

/* ---- statements ---- */

static void a_statement_is_prepared_once(void) {
  Teller a;
  play(SCRIPT({"PBDES", "1 2 T D7 C Zi"}, {"BDES", "2 T D- C Zi"}, {"BDEPBDES", "2 n C 1 2 T D7 D8 C Zi"}));
  ask(&a, 'a', 0, 1);
  STORY("a0=7 a. idle");
  ask(&a, 'b', 0, 1);
  STORY("b0 b. idle");
  ask(&a, 'c', 0, 2);
  STORY("c0 c1=7 c. idle");
  stage_close();
  play(SCRIPT({"PBDEBDES", "1 2 T D7 C 2 T D8 C Zi"})); /* within a segment, too */
  begin(&a, 'a', 0);
  put(&a, "p");
  put(&a, "p");
  end(&a);
  STORY("a0=7 a1=8 a. idle");
  stage_close();
}

/* What else is said meanwhile has no part in the answers. */
static void other_messages_change_nothing(void) {
  Teller a;
  server.hello = "R0 N S V N K N Zi N A";
  play(SCRIPT({"PBDEPBDES", "N S 1 N 2 A T S D7 N C A 1 S 2 n N C S Zi N"}));
  ask(&a, 'a', 0, 2);
  STORY("a0=7 a1 a. channel:payload channel:payload channel:payload idle"); /* behind the answers */
  CHECK(conn_idle(conn));
  scripted_say(&server, "S N A");
  STORY("channel:payload"); /* idle as before */
  stage_close();
}

static void an_empty_text_has_a_result(void) {
  Teller a;
  play(SCRIPT({"PBDES", "1 2 n I Zi"}));
  ask(&a, 'a', 0, 1);
  STORY("a0 a. idle");
  stage_close();
}

static void an_empty_segment_is_a_sync(void) {
  Teller a;
  play(SCRIPT({"S", "Zi"}));
  ask(&a, 'a', 0, 0);
  STORY("a. idle");
  stage_close();
}

static void the_transaction_is_seen(void) {
  Teller a;
  play(SCRIPT({"PBDES", DONE " Zt"}, {"BDES", "E25P02 Ze"}, {"PBDES", DONE " Zi"}));
  ask(&a, 'a', 0, 1);
  STORY("a0 a. idle");
  CHECK(conn_in_transaction(conn) && !conn_idle(conn));
  ask(&a, 'b', 0, 1);
  STORY("b!25P02:nothing idle");
  CHECK(conn_in_transaction(conn) && !conn_idle(conn) && conn_alive(conn));
  CHECK(segment_rollback(conn, &err));
  STORY("idle");
  CHECK(!conn_in_transaction(conn) && conn_idle(conn));
  stage_close();
}

/* ---- names ---- */

/* What the first segment is told, and what the second then sends and hears. */
static void names_follow_the_answers(void) {
  static const struct {
    const char *first, *story, *sent, *second;
  } cases[] = {
      {"E42601 Zi", "a!42601:nothing", "PBDES", ROW " Zi"},      /* refused: parsed again */
      {"1 E22P02 Zi", "a!22P02:nothing", "BDES", "2 T D7 C Zi"}, /* it was the Bind: the name is there */
      {"1 2 T E22012 Zi", "a!22012:nothing", "BDES", "2 T D7 C Zi"},
      {"E42P05 Zi", "a!42P05:nothing", "BDES", "2 T D7 C Zi"},             /* there already */
      {"1 E26000 Zi", "a!26000:nothing", "PBDES", ROW " Zi"},              /* somebody dropped it */
      {"1 E0A000 Zi", "a!0A000:nothing", "PBDEPBDES", DONE " " ROW " Zi"}, /* its plan is no good: closed */
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Teller a;
    play(SCRIPT({"PBDES", cases[i].first}, {cases[i].sent, cases[i].second}));
    char want[64];
    snprintf(want, sizeof want, "%s idle", cases[i].story);
    ask(&a, 'a', 0, 1);
    STORY(want);
    ask(&a, 'b', 0, 1);
    STORY("b0=7 b. idle");
    stage_close();
  }
}

/* The server skips what follows an error: a Parse among it has not happened. */
static void skipped_names_are_free(void) {
  Teller a;
  play(SCRIPT({"PBDEPBDES", "1 E22012 Zi"}, {"BDEPBDES", "2 n C 1 2 n C Zi"}));
  ask(&a, 'a', 0, 2);
  STORY("a!22012:nothing idle");
  ask(&a, 'b', 0, 2);
  STORY("b0 b1 b. idle");
  stage_close();
}

/* A stale name is closed in the segment that meets it; when that is skipped or refused it stays stale, and
 * when the server has no such name it is free. */
static void closing_may_fail(void) {
  static const char *const answers[] = {"1 2 E40001 Zi", "1 2 E26000 Zi"};
  static const char *const stories[] = {"b!40001:nothing idle", "b!26000:nothing idle"};
  static const char *const next[] = {"PBDEPBDES", "PBDES"};
  static const char *const last[] = {DONE " " ROW " Zi", ROW " Zi"};
  for (int i = 0; i < 2; i++) {
    Teller a;
    play(SCRIPT({"PBDES", "1 E0A000 Zi"}, {"PBDEPBDES", answers[i]}, {next[i], last[i]}));
    ask(&a, 'a', 0, 1);
    STORY("a!0A000:nothing idle");
    ask(&a, 'b', 0, 1);
    STORY(stories[i]);
    ask(&a, 'c', 0, 1);
    STORY("c0=7 c. idle");
    stage_close();
  }
}

/* ---- segments beside each other ---- */

static void three_share(const char *answers, const char *want) {
  static const char *const texts[] = {"p", "q", "p"};
  Teller t[3];
  play(SCRIPT({"PBDESPBDESPBDES", answers}, {"BDES", "2 T D4 C Zi"}));
  for (int i = 0; i < 3; i++) {
    begin(&t[i], (char)('a' + i), SEGMENT_SHARED);
    put(&t[i], texts[i]); /* the last is sent unprepared: the first one's Parse may yet fail */
    end(&t[i]);
  }
  CHECK(conn_pending(conn) == 3);
  STORY(want);
  begin(&t[0], 'd', SEGMENT_SHARED);
  put(&t[0], strstr(want, "b!") ? "p" : "q");
  end(&t[0]);
  STORY("d0=4 d. idle");
  stage_close();
}

static void shared_segments_fail_alone(void) {
  three_share("1 2 T D1 C Zi 1 2 T D2 C Zi 1 2 T D3 C Zi", "a0=1 a. b0=2 b. c0=3 c. idle");
  three_share("E42P01 Zi 1 2 T D2 C Zi 1 2 T D3 C Zi", "a!42P01:nothing b0=2 b. c0=3 c. idle");
  three_share("1 2 T D1 C Zi E42703 Zi 1 2 T D3 C Zi", "a0=1 a. b!42703:nothing c0=3 c. idle");
  three_share("1 2 T D1 C Zi 1 2 T D2 C Zi 1 2 T D3 E22012 Zi", "a0=1 a. b0=2 b. c!22012:nothing idle");
  three_share("1 2 T E22012 Zi 1 2 T D2 C Zi 1 E57014 Zi", "a!22012:nothing b0=2 b. c!57014:nothing idle");
}

/* A deferred constraint: all statements were answered, the Sync is not. */
static void an_error_at_the_sync_is_the_segments_own(void) {
  Teller a, b;
  play(SCRIPT({"PBDESPBDES", DONE " E23505 Zi " ROW " Zi"}));
  ask(&a, 'a', SEGMENT_SHARED, 1);
  begin(&b, 'b', SEGMENT_SHARED);
  put(&b, "q");
  end(&b);
  STORY("a0 a!23505:nothing b0=7 b. idle");
  stage_close();
}

static void an_exclusive_one_waits(void) {
  Teller a, b, c;
  play(SCRIPT({"PBDES", ROW " Zi"}, {"BDES", "2 n C Zi"}, {"BDES", "2 n C Zi"}));
  ask(&a, 'a', SEGMENT_SHARED, 1);
  ask(&b, 'b', 0, 1);
  ask(&c, 'c', SEGMENT_SHARED, 1);
  STORY("a0=7 a. b0 b. c0 c. idle");
  stage_close();
}

static Teller late;
static void ask_beside(Teller *t) {
  t->answered = NULL;
  ask(&late, 'z', SEGMENT_SHARED, 1);
}

/* A callback may begin another segment while answers of its own are due. */
static void a_result_may_begin_another(void) {
  Teller a;
  play(SCRIPT({"PBDEPBDES", "1 2 T D1 C"}, {"BDES", "1 2 T D2 C Zi 2 T D3 C Zi"}));
  begin(&a, 'a', SEGMENT_SHARED);
  a.answered = ask_beside;
  put(&a, "p");
  put(&a, "q");
  end(&a);
  STORY("a0=1 a1=2 a. z0=3 z. idle");
  stage_close();
}

/* What follows the error was sent, and is skipped; so the Parse in it is free again. */
static void an_error_before_others_of_its_flight(void) {
  Teller a, b;
  play(SCRIPT({"PBDEPBDEH", "1 2 E22012"}, {"S", "Zi"}, {"BDEPBDES", "2 n C 1 2 n C Zi"}));
  begin(&a, 'a', 0);
  put(&a, "p");
  put(&a, "q");
  flush(&a);
  STORY("a!22012:nothing idle");
  ask(&b, 'b', 0, 2);
  STORY("b0 b1 b. idle");
  stage_close();
}

/* ---- flights ---- */

static void go_on(Teller *t) {
  put(t, "q");
  end(t);
}
static void give_up(Teller *t) { segment_abort(t->segment); }
static void leave(Teller *t) { segment_detach(t->segment); }

static void fly(Teller *a, void (*next)(Teller *t)) {
  begin(a, 'a', 0);
  a->next = next;
  put(a, "p");
  flush(a);
}

static void flights_wait_for_cells(void) {
  Teller a, b;
  play(SCRIPT({"PBDEH", ROW}, {"PBDES", "1 2 T D8 C Zi"}, {"BDES", "2 n C Zi"}));
  fly(&a, go_on);
  ask(&b, 'b', SEGMENT_SHARED, 1);
  STORY("a0=7 a/ a1=8 a. b0 b. idle");
  stage_close();
}

/* The owner is not there yet: the Sync is sent for it, so that the connection can go on. */
static void an_error_ends_a_flight(void) {
  Teller a;
  play(SCRIPT({"PBDEH", "1 2 E22012"}, {"S", "Zi"}, {"BDEH", "2 n C"}, {"PBDES", "1 E23503 Zi"}));
  fly(&a, go_on);
  STORY("a!22012:nothing idle");
  fly(&a, go_on);
  STORY("a0 a/ a!23503:nothing idle");
  stage_close();
}

static void an_abort_rolls_back(void) {
  Teller a, b;
  play(SCRIPT({"PBDEH", ROW}, {"PBDES", DONE " Zi"}, {"BDEH", "2 n C"}, {"PBDES", "E25P01 Zi"},
              {"BDEPBDES", "E40001 Zi"}, {"BDEPBDES", "2 T D7 C " DONE " Zi"}));
  fly(&a, give_up);
  STORY("a0=7 a/ a~ idle");
  fly(&a, give_up);
  ask(&b, 'b', 0, 1);
  segment_abort(b.segment); /* it has ended: nothing can be undone */
  segment_detach(b.segment);
  STORY("a0 a/ a!25P01:nothing idle");
  begin(&a, 'a', 0);
  put(&a, "p");
  segment_abort(a.segment); /* nothing came back yet */
  segment_abort(a.segment);
  STORY("a!40001:nothing idle");
  begin(&a, 'a', 0);
  put(&a, "p");
  segment_abort(a.segment);
  STORY("a~ idle"); /* what came back is of no interest */
  stage_close();
}

static void one_that_has_not_begun_is_never_sent(void) {
  Teller a, b, c;
  play(SCRIPT({"PBDES", ROW " Zi"}));
  ask(&a, 'a', 0, 1);
  begin(&b, 'b', 0);
  put(&b, "q");
  segment_abort(b.segment);
  ask(&c, 'c', 0, 1);
  segment_detach(c.segment);
  STORY("a0=7 a. b~ idle");
  stage_close();
}

/* ---- detached ---- */

static void nobody_hears_of_detached_ones(void) {
  Teller a, b;
  play(SCRIPT({"PBDES", ROW " Zi"}, {"BDEH", "2 n C"}, {"PBDES", DONE " Zi"}, {"BDES", "2 n C Zi"}));
  ask(&a, 'a', 0, 1);
  segment_detach(a.segment); /* its answers are due */
  STORY("idle");
  fly(&a, leave);
  STORY("a0 a/ idle");
  ask(&b, 'b', 0, 1);
  STORY("b0 b. idle");
  stage_close();
  play(SCRIPT({"PBDES", "1 2 ."}));
  ask(&a, 'a', 0, 1);
  segment_detach(a.segment);
  STORY("dead");
  stage_close();
}

/* ---- bytes ---- */

static void bytes_may_come_one_by_one(void) {
  Teller a, b;
  server.dribble = true;
  play(SCRIPT({"PBDEH", "1 N 2 T D7 S C"}, {"PBDES", "1 2 n C E23505 Zi"}, {"BDES", "2 T D- D7 C Zt"}));
  fly(&a, go_on);
  ask(&b, 'b', SEGMENT_SHARED, 1);
  STORY("a0=7 a/ a1 a!23505:nothing b0 b. idle");
  stage_close();
}

/* ---- the connection goes ---- */

/* The server hangs up after each number of messages. */
static void cut_at(const char *answers, const char *const *stories, int n, bool unnamed) {
  for (int i = 0; i < n; i++) {
    Teller a;
    server.cut = i;
    play(SCRIPT({"PBDEPBDES", answers}));
    begin(&a, 'a', 0);
    put_as(&a, "p", unnamed);
    put_as(&a, "q", unnamed);
    end(&a);
    STORY(stories[i]);
    CHECK(!conn_alive(conn));
    stage_close();
  }
}

static void what_is_known_at_each_border(void) {
  static const char *const well[] = {"a!P1017:unknown dead",       "a!P1017:unknown dead",
                                     "a!P1017:unknown dead",       "a!P1017:unknown dead",
                                     "a0 a!P1017:unknown dead",    "a0 a!P1017:unknown dead",
                                     "a0 a!P1017:unknown dead",    "a0 a!P1017:unknown dead",
                                     "a0 a1 a!P1017:unknown dead", "a0 a1 a. idle dead"};
  static const char *const badly[] = {"a!P1017:unknown dead",    "a!P1017:unknown dead",
                                      "a!P1017:unknown dead",    "a!P1017:unknown dead",
                                      "a0 a!P1017:unknown dead", "a0 a!P1017:unknown dead",
                                      "a0 a!23503:nothing dead", "a0 a!23503:nothing idle dead"};
  static const char *const sync[] = {
      "a!P1017:unknown dead",       "a!P1017:unknown dead",           "a!P1017:unknown dead",
      "a!P1017:unknown dead",       "a0 a!P1017:unknown dead",        "a0 a!P1017:unknown dead",
      "a0 a!P1017:unknown dead",    "a0 a!P1017:unknown dead",        "a0 a1 a!P1017:unknown dead",
      "a0 a1 a!23505:unknown dead", "a0 a1 a!23505:nothing idle dead"};
  static const char *const loose[] = {"a!P1017:unknown dead",        "a!P1017:unknown dead",
                                      "a!P1017:unknown dead",        "a!P1017:unknown dead",
                                      "a0 a!P1017:unknown dead",     "a0 a!22012:unknown dead",
                                      "a0 a!22012:nothing idle dead"};
  cut_at("1 2 n C 1 2 n C Zi", well, COUNT(well), false);
  cut_at("1 2 n C 1 E23503 Zi", badly, COUNT(badly), false);
  cut_at("1 2 n C 1 2 n C E23505 Zi", sync, COUNT(sync), false);
  cut_at("1 2 n C E22012 Zi", loose, COUNT(loose), true);
}

/* Before the Sync has left, nothing can have been committed. */
static void between_flights_nothing_is_done(void) {
  static const char *const stories[] = {"a!P1017:nothing dead", "a!P1017:nothing dead",
                                        "a!P1017:nothing dead", "a!P1017:nothing dead"};
  for (int i = 0; i < 4; i++) {
    Teller a;
    server.cut = i;
    play(SCRIPT({"PBDEH", DONE}));
    fly(&a, NULL);
    STORY(stories[i]);
    stage_close();
  }
  Teller a, b;
  play(SCRIPT({"PBDEH", DONE " ."}));
  fly(&a, NULL);
  ask(&b, 'b', 0, 1); /* it never began */
  STORY("a0 a/ a!P1017:nothing b!P1017:nothing dead");
  begin(&a, 'c', 0);
  put(&a, "p");
  end(&a);
  STORY("c!P1017:nothing dead");
  stage_close();
}

/* The server's last words, in place of an answer: the statement was cut short. */
static void last_words_are_an_answer(void) {
  Teller a, b;
  play(SCRIPT({"PBDESPBDES", "1 2 F57P01 ."}));
  ask(&a, 'a', SEGMENT_SHARED, 1);
  begin(&b, 'b', SEGMENT_SHARED);
  put(&b, "q");
  end(&b);
  STORY("a!57P01+P1017:nothing b!P1017:unknown dead");
  stage_close();
  play(SCRIPT({"PBDES", DONE " F57P01 ."})); /* in place of the Sync's: it may be committed */
  ask(&a, 'a', 0, 1);
  STORY("a0 a!57P01+P1017:unknown dead");
  stage_close();
  play(SCRIPT({"PBDES", "1 2 T FXX000"})); /* without hanging up; it is lost, whatever the words */
  ask(&a, 'a', 0, 1);
  STORY("a!XX000+P1017:nothing dead");
  stage_close();
}

/* In the middle of a statement that is longer than what the wire takes. */
static void last_words_come_before_the_broken_pipe(void) {
  static char much[4 << 20];
  Teller a;
  Statement st = {.sql = SLICE_INIT("p"), .unnamed = true};
  Cell cell = {.p = much, .n = sizeof much, .oid = 17};
  play(SCRIPT({"P", "1 F57P01"}));
  begin(&a, 'a', 0);
  CHECK(segment_send(a.segment, &st, &cell, 1, &err));
  end(&a);
  STORY("a!57P01+P1017:unknown dead");
  stage_close();
}

static void an_idle_connection_may_go(void) {
  static const char *const words[] = {".", "F57P01 .", "F57P01"};
  for (size_t i = 0; i < COUNT(words); i++) {
    play(NULL);
    scripted_say(&server, words[i]);
    STORY("dead");
    stage_close();
  }
}

/* ---- servers that are none ---- */

/* No answer of these is one. The owner hears of an error, and what is read next is not believed. */
static void nonsense_ends_the_connection(void) {
  static const char *const nonsense[] = {
      "x000000000400", /* no such message */
      "x5400000003",   /* lengths that cannot be */
      "x54ffffffff",
      "x5480000000",
      "x430000ffff00",
      "1 2 x5400000006ffff", /* as many columns, and nothing of them */
      "1 2 x540000000600017600",
      "1 2 T x440000000affff00000000", /* a row of other columns than were told */
      "1 2 T x440000000a000200000000",
      "1 2 T x440000000a00010000ffff", /* a cell that is longer than its row */
      "1 2 T x440000000600017f",
      "1 2 D7 C Zi",           /* a row of nothing */
      "1 2 x48000000070000ff", /* a COPY cut short */
      "Zi",                    /* the end, before what it is the end of */
      "1 Zi",
  };
  for (size_t i = 0; i < COUNT(nonsense); i++) {
    Teller a;
    char says[128];
    snprintf(says, sizeof says, "%s .", nonsense[i]);
    play(SCRIPT({"PBDES", says}));
    ask(&a, 'a', 0, 1);
    settle();
    check_at(strcmp(story, "a!P1017:unknown dead") == 0, __FILE__, __LINE__, nonsense[i]);
    stage_close();
  }
}

/* ERR_USAGE, which has no public code. A COPY that sends data may have been committed after it. */
static void copy_is_not_answered(void) {
  static const struct {
    const char *answer, *story;
  } cases[] = {{"1 2 x4700000007000000", "a!:nothing dead"}, {"1 2 x4800000007000000", "a!:unknown dead"}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    Teller a;
    play(SCRIPT({"PBDES", cases[i].answer}));
    ask(&a, 'a', 0, 1);
    STORY(cases[i].story);
    stage_close();
  }
}

/* A cell of a negative length is NULL; messages beyond what is due are nobody's. */
static void odd_answers_do_no_harm(void) {
  Teller a;
  play(SCRIPT({"PBDES", "1 2 T x440000000a0001fffffffb C Zi C Zi T D7 1 E22012 x3300000004"},
              {"BDES", "2 n C Zi"}));
  ask(&a, 'a', 0, 1);
  STORY("a0 a. idle");
  ask(&a, 'b', 0, 1);
  STORY("b0 b. idle");
  stage_close();
}

/* ---- coming up ---- */

static void connecting_may_fail(void) {
  static const struct {
    const char *hello, *story;
  } cases[] = {
      {".", "failed P1001"},
      {"R0 .", "failed P1001"},
      {"R0 V K .", "failed P1001"},
      {"R3", "failed P1000"},  /* there is no password */
      {"R99", "failed P1001"}, /* nobody knows that way */
      {"F28P01 .", "failed P1000"},
      {"R0 F3D000 .", "failed P1003"},
      {"F53300 .", "failed P2037"},
      {"F57P03 .", "failed P1001"},
      {"x5100000004", "failed P1001"}, /* no message for this moment */
      {"x52ffffffff", "failed P1001"},
      {"x5200000003", "failed P1001"},
      {"x52000000080000000a00 .", "failed P1001"},           /* SASL without a mechanism */
      {"x4548656c6c6f2c20776f726c642100 .", "failed P1001"}, /* words without a length */
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    server.hello = cases[i].hello;
    stage_open(NULL);
    settle();
    check_text_at(slice_of(story), cases[i].story, __FILE__, __LINE__);
    CHECK(!conn_alive(conn));
    stage_close();
  }
}

static void silence_while_connecting_has_an_end(void) {
  static const char *const hellos[] = {"", "R0 V"};
  info.connect_timeout_ms = 200;
  for (size_t i = 0; i < COUNT(hellos); i++) {
    server.hello = hellos[i];
    int64_t start = loop_clock_us();
    stage_open(NULL);
    wait_for("failed");
    CHECK_TEXT(slice_of(story), "failed P1002");
    CHECK(loop_clock_us() - start >= 199000);
    stage_close();
  }
  info.connect_timeout_ms = 0;
}

static void nobody_listens(void) {
  scripted_stop(&server);
  stage_open(NULL);
  settle();
  CHECK_TEXT(slice_of(story), "failed P1001");
  stage_close();
}

static void starts(void) {
  scripted_start(&server);
  arena = arena_new(0);
  CHECK(url_parse(arena, slice_of(server.url), &info, &err));
  info.connect_timeout_ms = 0; /* none: nothing here depends on time */
}
static void stops(void) { arena_free(arena); }

TESTS(starts, a_statement_is_prepared_once, other_messages_change_nothing, an_empty_text_has_a_result,
      an_empty_segment_is_a_sync, the_transaction_is_seen, names_follow_the_answers, skipped_names_are_free,
      closing_may_fail, shared_segments_fail_alone, an_error_at_the_sync_is_the_segments_own,
      an_exclusive_one_waits, a_result_may_begin_another, an_error_before_others_of_its_flight,
      flights_wait_for_cells, an_error_ends_a_flight, an_abort_rolls_back,
      one_that_has_not_begun_is_never_sent, nobody_hears_of_detached_ones, bytes_may_come_one_by_one,
      what_is_known_at_each_border, between_flights_nothing_is_done, last_words_are_an_answer,
      last_words_come_before_the_broken_pipe, an_idle_connection_may_go, nonsense_ends_the_connection,
      copy_is_not_answered, odd_answers_do_no_harm, connecting_may_fail, silence_while_connecting_has_an_end,
      nobody_listens, stops)
