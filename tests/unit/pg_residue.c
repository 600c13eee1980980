/* What a text may leave in its session, by its words, and by what was learnt of it. */
#include "pg/residue.h"

#include <stdlib.h>

#include "check.h"

static void words_tell(void) {
  static const char *const none[] = {"",
                                     "  -- nothing",
                                     "BEGIN",
                                     "commit",
                                     "ROLLBACK TO a",
                                     "set local search_path = x",
                                     "SET TRANSACTION READ ONLY",
                                     "set constraints all deferred",
                                     "create table a (b int)",
                                     "CREATE OR REPLACE VIEW v AS SELECT 1",
                                     "alter table a add b int",
                                     "/* set */ truncate a",
                                     "declare c cursor for select 1",
                                     "notify a"};
  static const char *const perhaps[] = {"select 1",
                                        "(select 1)",
                                        "update t set a = 1",
                                        "-- SET\n select f()",
                                        "/* a /* b */ set */ WITH x AS (SELECT 1) TABLE x",
                                        "select pg_advisory_xact_lock(1)",
                                        "select set_config('a.b', $1, true)",
                                        "select set_config('a.b', f((1)), TRUE ), set_config('c', 'd', true)",
                                        "do $$ begin end $$",
                                        "call p()"};
  static const char *const certain[] = {"set a = 1",
                                        "SeT SESSION a = 1",
                                        "reset all",
                                        "create temp table a (b int)",
                                        "CREATE LOCAL TEMPORARY TABLE a (b int)",
                                        "create table pg_temp.a (b int)",
                                        "select 1 into temp a",
                                        "select pg_advisory_lock(1)",
                                        "select pg_advisory_xact_lock(1), pg_try_advisory_lock(2)",
                                        "select set_config('a', 'b', false)",
                                        "select set_config('a', 'b', true), set_config('a', 'b', $1)",
                                        "select set_config('a', 'b', ",
                                        "declare c cursor with hold for select 1",
                                        "listen a",
                                        "prepare a as select 1",
                                        "discard all",
                                        "load 'x'",
                                        "frobnicate",
                                        "/* never closed set a = 1 */ set a = 1",
                                        "\"quoted\""};
  for (size_t i = 0; i < COUNT(none); i++) CHECK(residue_of(slice_of(none[i])) == RESIDUE_NONE);
  for (size_t i = 0; i < COUNT(perhaps); i++) CHECK(residue_of(slice_of(perhaps[i])) == RESIDUE_PERHAPS);
  for (size_t i = 0; i < COUNT(certain); i++) CHECK(residue_of(slice_of(certain[i])) == RESIDUE_CERTAIN);
}

static Residue noted(Residues *known, Suspects *s, const char *text) {
  *s = (Suspects){0};
  residue_note(known, s, slice_of(text));
  return s->residue;
}

/* A text that left nothing is trusted, and asked after now and then. */
static void what_was_learnt(void) {
  Residues *known = calloc(1, sizeof *known);
  Suspects s;
  int asked = 0;
  CHECK(noted(known, &s, "select f()") == RESIDUE_PERHAPS);
  residue_learn(known, &s, false);
  for (int i = 0; i < 1000; i++) {
    if (noted(known, &s, "select f()") == RESIDUE_NONE) continue;
    asked++;
    residue_learn(known, &s, false);
  }
  CHECK(asked > 10 && asked < 20);
  CHECK(noted(known, &s, "select g()") == RESIDUE_PERHAPS);
  residue_learn(known, &s, true);
  CHECK(noted(known, &s, "select g()") == RESIDUE_CERTAIN);
  CHECK(noted(known, &s, "select f()") == RESIDUE_NONE);
  (void)noted(known, &s, "select * from f1(1, 'a')");
  residue_learn(known, &s, false);
  CHECK(noted(known, &s, "select * from f1(27, 'b c')") == RESIDUE_NONE);
  CHECK(noted(known, &s, "select * from f1(1, 'never closed") == RESIDUE_PERHAPS);
  CHECK(noted(known, &s, "select * from f2(1, 'a')") == RESIDUE_PERHAPS);
  /* of two, nobody knows which it was */
  s = (Suspects){0};
  residue_note(known, &s, SLICE("select h()"));
  residue_note(known, &s, SLICE("select i()"));
  residue_learn(known, &s, true);
  CHECK(noted(known, &s, "select h()") == RESIDUE_PERHAPS &&
        noted(known, &s, "select i()") == RESIDUE_PERHAPS);
  /* what was rolled back proves nothing */
  (void)noted(known, &s, "select h()");
  s.undone = true;
  residue_learn(known, &s, false);
  CHECK(noted(known, &s, "select h()") == RESIDUE_PERHAPS);
  /* one that is certain is not forgotten by one that may be trusted */
  s = (Suspects){0};
  residue_note(known, &s, SLICE("set a = 1"));
  residue_note(known, &s, SLICE("select f()"));
  CHECK(s.residue == RESIDUE_CERTAIN);
  free(known);
}

TESTS(words_tell, what_was_learnt)
