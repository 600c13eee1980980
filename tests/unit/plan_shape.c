#include "plan/shape.h"

#include "check.h"

static Arg integer(int64_t i) { return (Arg){.kind = ARG_INT, .leaf = ARG_NO_LEAF, .u.i = i}; }
static Arg text(const char *z) {
  return (Arg){.kind = ARG_STRING, .leaf = ARG_NO_LEAF, .n = (uint32_t)strlen(z), .u.p = z};
}
static Arg table(ArgPair *pairs, uint32_t n) {
  return (Arg){.kind = ARG_MAP, .n = n, .leaf = ARG_NO_LEAF, .u.pairs = pairs};
}
static Arg list(Arg *items, uint32_t n) {
  return (Arg){.kind = n ? ARG_LIST : ARG_EMPTY, .n = n, .leaf = ARG_NO_LEAF, .u.items = items};
}

static Map json_names(Arena *a) {
  Map m = map_in(a);
  map_put(&m, SLICE("meta"), a);
  return m;
}

static Slice structure(Arena *a, Arg *root) {
  Map names = json_names(a);
  Shape s;
  shape_scan(&s, a, &names, root);
  return buf_slice(&s.structure);
}

static void values_are_no_structure(void) {
  Arena *a = arena_new(0);
  ArgPair one[] = {{SLICE("id"), integer(1)}}, two[] = {{SLICE("id"), text("x")}},
          other[] = {{SLICE("di"), integer(1)}};
  Arg x = table(one, 1), y = table(two, 1), z = table(other, 1);
  Slice first = structure(a, &x);
  CHECK(slice_eq(first, structure(a, &y)));
  CHECK(!slice_eq(first, structure(a, &z)));
  arena_free(a);
}

static void classes_of_tables_are_structure(void) {
  Arena *a = arena_new(0);
  Arg items[] = {integer(1), integer(2)};
  ArgPair inner[] = {{SLICE("x"), integer(1)}};
  ArgPair pairs[4][1] = {{{SLICE("k"), list(NULL, 0)}},
                         {{SLICE("k"), list(items, 2)}},
                         {{SLICE("k"), table(inner, 1)}},
                         {{SLICE("k"), integer(1)}}};
  Slice seen[4];
  for (int i = 0; i < 4; i++) {
    Arg root = table(pairs[i], 1);
    seen[i] = structure(a, &root);
    for (int k = 0; k < i; k++) CHECK(!slice_eq(seen[i], seen[k]));
  }
  Arg shorter[] = {integer(9)};
  ArgPair length[] = {{SLICE("k"), list(shorter, 1)}};
  Arg root = table(length, 1);
  CHECK(slice_eq(structure(a, &root), seen[1])); /* the length of a list is none */
  arena_free(a);
}

static void json_fields_are_opaque(void) {
  Arena *a = arena_new(0);
  Map names = json_names(a);
  ArgPair inner[] = {{SLICE("deep"), integer(1)}};
  ArgPair outer[] = {{SLICE("meta"), table(inner, 1)}, {SLICE("id"), integer(7)}};
  Arg root = table(outer, 2);
  Shape s;
  shape_scan(&s, a, &names, &root);
  CHECK(s.n_leaves == 2 && s.tags[0] == LEAF_OPAQUE && s.leaves[1]->u.i == 7);
  Slice opened = shape_answer(&s, a, &names, (Question){.kind = ASK_EXPAND, .leaf = 0});
  CHECK(opened.n > 0 && s.n_leaves == 3 && s.leaves[2]->u.i == 1);
  arena_free(a);
}

static Slice answer(Arena *a, Arg value, AskKind kind, ShapeTest test) {
  Map names = json_names(a);
  ArgPair *pair = ARENA_NEW(a, ArgPair);
  *pair = (ArgPair){SLICE("k"), value};
  Arg *root = ARENA_NEW(a, Arg);
  *root = table(pair, 1);
  Shape s;
  shape_scan(&s, a, &names, root);
  return shape_answer(&s, a, &names, (Question){.kind = (uint8_t)kind, .test = (uint8_t)test, .leaf = 0});
}

static void literals_are_told_apart(void) {
  Arena *a = arena_new(0);
  CHECK(slice_eq(answer(a, integer(1), ASK_LITERAL, 0), answer(a, integer(1), ASK_LITERAL, 0)));
  CHECK(!slice_eq(answer(a, integer(1), ASK_LITERAL, 0), answer(a, integer(2), ASK_LITERAL, 0)));
  CHECK(!slice_eq(answer(a, text("asc"), ASK_LITERAL, 0), answer(a, text("desc"), ASK_LITERAL, 0)));
  CHECK(slice_eq(answer(a, integer(1), ASK_KIND, 0), answer(a, integer(2), ASK_KIND, 0)));
  CHECK(!slice_eq(answer(a, integer(1), ASK_KIND, 0), answer(a, text("1"), ASK_KIND, 0)));
  CHECK_TEXT(answer(a, integer(-5), ASK_TEST, TEST_SIGN), "-");
  CHECK_TEXT(answer(a, integer(0), ASK_TEST, TEST_SIGN), "0");
  arena_free(a);
}

static void rows_of_one_key_set_are_columns(void) {
  Arena *a = arena_new(0);
  ArgPair first[] = {{SLICE("a"), integer(1)}, {SLICE("b"), text("x")}};
  ArgPair turned[] = {{SLICE("b"), text("y")}, {SLICE("a"), integer(2)}};
  ArgPair fewer[] = {{SLICE("a"), integer(2)}};
  Arg same[] = {table(first, 2), table(turned, 2)}, differ[] = {table(first, 2), table(fewer, 1)};
  Arg back[] = {table(turned, 2), table(first, 2)};
  Slice columns = answer(a, list(same, 2), ASK_COLUMNS, 0);
  CHECK(columns.n > 0);
  CHECK(slice_eq(columns, answer(a, list(back, 2), ASK_COLUMNS, 0)));
  CHECK(answer(a, list(differ, 2), ASK_COLUMNS, 0).n == 0);
  arena_free(a);
}

static void tsqueries_are_recognised(void) {
  static const char *const good[] = {"cat",          "cat & dog", "cat|dog", "!cat",           "fat <-> cat",
                                     "(a | b) & !c", "sup:*",     "a <2> b", "'two words' & x"};
  static const char *const bad[] = {"", "two words", "a &", "(a", "a)", "& a", "a <- b", "it's", "a & & b"};
  Arena *a = arena_new(0);
  for (size_t i = 0; i < COUNT(good); i++) CHECK_TEXT(answer(a, text(good[i]), ASK_TEST, TEST_TSQUERY), "1");
  for (size_t i = 0; i < COUNT(bad); i++) CHECK_TEXT(answer(a, text(bad[i]), ASK_TEST, TEST_TSQUERY), "0");
  arena_free(a);
}

static void actions_have_names(void) {
  CallAction action;
  CHECK(action_find(SLICE("findFirstOrThrow"), &action) && action == CALL_FIND_FIRST_OR_THROW);
  CHECK(!action_find(SLICE("find"), &action));
  CHECK(action_writes(CALL_UPSERT) && !action_writes(CALL_COUNT));
}

TESTS(values_are_no_structure, classes_of_tables_are_structure, json_fields_are_opaque,
      literals_are_told_apart, rows_of_one_key_set_are_columns, tsqueries_are_recognised, actions_have_names)
