#include "base/random.h"

#include <string.h>

#include "check.h"

static Random of_key(uint64_t key) {
  Random r;
  random_begin(&r);
  random_key(&r, key);
  random_ready(&r);
  return r;
}

/* Worked out from the definition of the generator, by other means. */
static void known_numbers(void) {
  static const uint64_t expected[] = {0x25E40159DAD89192, 0xEDEE8C57289BD210, 0x02AF2F632206950F,
                                      0x23FD88574367E812};
  Random r = of_key(42);
  for (int i = 0; i < 4; i++) CHECK(random_next(&r) == expected[i]);
}

static void keys_name_streams(void) {
  Random a, b;
  random_begin(&a);
  random_key(&a, 1);
  random_key_text(&a, SLICE("users"));
  random_key(&a, 7);
  random_ready(&a);
  random_begin(&b);
  random_key(&b, 1);
  random_key_text(&b, SLICE("users"));
  random_key(&b, 8);
  random_ready(&b);
  CHECK(memcmp(&a, &b, sizeof a) != 0);
  CHECK(random_next(&a) != random_next(&b));
}

/* Chi-square with 9 degrees of freedom: 27.9 is passed once in a thousand. */
static void even_and_bounded(void) {
  Random r = of_key(3);
  int counts[10] = {0};
  for (int i = 0; i < 100000; i++) {
    int64_t n = random_int(&r, -4, 5);
    CHECK(n >= -4 && n <= 5);
    counts[n + 4]++;
  }
  double chi = 0;
  for (int i = 0; i < 10; i++) chi += (counts[i] - 10000.0) * (counts[i] - 10000.0) / 10000.0;
  CHECK(chi < 27.9);
}

static void edges(void) {
  Random r = of_key(1);
  CHECK(random_int(&r, 5, 5) == 5);
  bool negative = false, positive = false;
  for (int i = 0; i < 64; i++) {
    int64_t n = random_int(&r, INT64_MIN, INT64_MAX);
    negative |= n < 0;
    positive |= n > 0;
  }
  CHECK(negative && positive);
  char text[9] = {0};
  random_text(&r, SLICE("x"), text, 8);
  CHECK(strcmp(text, "xxxxxxxx") == 0);
  for (int i = 0; i < 1000; i++) {
    double x = random_float(&r);
    CHECK(x >= 0 && x < 1);
  }
}

TESTS(known_numbers, keys_name_streams, even_and_bounded, edges)
