/* The unit tests' few words. A test is a function named in the file's `tests` table at its end; CHECK
 * counts and says where; the program's exit status is 1 when any check failed.
 *   static void parses_a_field(void) { CHECK(n == 1); CHECK_TEXT(slice, "id"); }
 *   TESTS(parses_a_field, rejects_nonsense)                                                     */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <stdio.h>
#include <string.h>

#include "base/slice.h"

static int check_failures;

static inline void check_at(int good, const char *file, int line, const char *what) {
  if (good) return;
  check_failures++;
  fprintf(stderr, "%s:%d: %s\n", file, line, what);
}
static inline void check_text_at(Slice got, const char *want, const char *file, int line) {
  if (slice_is(got, want)) return;
  check_failures++;
  fprintf(stderr, "%s:%d:\n  got  %.*s\n  want %s\n", file, line, SLICE_ARGS(got), want);
}

#define CHECK(condition) check_at((condition) ? 1 : 0, __FILE__, __LINE__, #condition)
#define CHECK_TEXT(slice, want) check_text_at((slice), (want), __FILE__, __LINE__)

typedef void CheckTest(void);
#define TESTS(...)                                                                                  \
  int main(int argc, char **argv) {                                                                 \
    static CheckTest *const tests[] = {__VA_ARGS__};                                                \
    static const char names[] = #__VA_ARGS__;                                                       \
    (void)argc, (void)argv;                                                                         \
    for (size_t i = 0; i < COUNT(tests); i++) tests[i]();                                           \
    printf("%s: %zu tests (%s), %d failed checks\n", argv[0], COUNT(tests), names, check_failures); \
    return check_failures != 0;                                                                     \
  }

#endif
