#include "base/slice.h"

#include "base/err.h"
#include "check.h"

static void comparing(void) {
  CHECK(slice_eq(SLICE(""), (Slice){NULL, 0}) && !slice_eq(SLICE("a"), SLICE("ab")));
  CHECK(slice_is(SLICE("abc"), "abc") && slice_starts(SLICE("abc"), SLICE("ab")) &&
        !slice_starts(SLICE("a"), SLICE("ab")));
  CHECK(slice_compare(SLICE("a"), SLICE("b")) < 0 && slice_compare(SLICE("b"), SLICE("a")) > 0);
  CHECK(slice_compare(SLICE("ab"), SLICE("a")) > 0 && slice_compare(SLICE("a"), SLICE("a\0")) < 0);
  CHECK(slice_compare(SLICE("\x80"), SLICE("a")) > 0 && slice_compare(SLICE("x"), SLICE("x")) == 0);
}

static void hashing(void) {
  char text[64];
  memset(text, 'x', sizeof text);
  for (uint32_t n = 0; n < sizeof text; n++) {
    uint64_t hash = slice_hash((Slice){text, n});
    CHECK(hash == slice_hash((Slice){text, n}) && hash != slice_hash((Slice){text, n + 1}));
    if (n == 0) continue;
    text[n - 1] = 'y';
    CHECK(hash != slice_hash((Slice){text, n}));
    text[n - 1] = 'x';
  }
}

static void nearest_names(void) {
  static const Slice words[] = {SLICE_INIT("User"), SLICE_INIT("Post"), SLICE_INIT("Category"),
                                SLICE_INIT("Comment")};
  CHECK_TEXT(slice_nearest(SLICE("user"), words, COUNT(words)), "User");
  CHECK_TEXT(slice_nearest(SLICE("Pots"), words, COUNT(words)), "Post");
  CHECK_TEXT(slice_nearest(SLICE("Categories"), words, COUNT(words)), "Category");
  CHECK_TEXT(slice_nearest(SLICE("Zebra"), words, COUNT(words)), "");
  CHECK_TEXT(slice_nearest(SLICE("x"), words, COUNT(words)), "");
  CHECK_TEXT(slice_nearest(SLICE(""), words, COUNT(words)), "");
  CHECK_TEXT(slice_nearest(SLICE("User"), words, 0), "");
}

static void errors_have_places(void) {
  Err e;
  CHECK(!err_set(&e, ERR_VALIDATION, "No %s.", "way") && e.code == ERR_VALIDATION && !e.path[0]);
  CHECK(!err_path(&e, SLICE("[1]")) && !err_path(&e, SLICE("AND")) && !err_path(&e, SLICE("where")));
  CHECK_TEXT(slice_of(e.path), "where.AND[1]");
  CHECK_TEXT(slice_of(e.message), "No way.");
  for (int i = 0; i < 100; i++) CHECK(!err_path(&e, SLICE("deep"))); /* cut, not overrun */
  CHECK(strlen(e.path) == sizeof e.path - 1);
  CHECK(err_code_of(SLICE("P2002")) == ERR_P2002 && err_code_of(SLICE("P0000")) == ERR_NONE &&
        err_code_of(SLICE("")) == ERR_NONE);
  char cut[4];
  err_text(cut, sizeof cut, SLICE("a\xC3\xBC\xC3\xBC"));
  CHECK_TEXT(slice_of(cut), "a\xC3\xBC");
  err_text(cut, sizeof cut, SLICE("ab\xC3\xBC"));
  CHECK_TEXT(slice_of(cut), "ab"); /* at a character's border */
}

TESTS(comparing, hashing, nearest_names, errors_have_places)
