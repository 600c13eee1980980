#include "base/decimal.h"

#include <math.h>

#include "check.h"

static Arena *arena;

static Slice read(const char *text) {
  Slice d = {0};
  Err e;
  if (!decimal_parse(arena, slice_of(text), &d, &e)) d = slice_printf(arena, "error: %s", e.message);
  return d;
}

static bool refuses(Slice text) {
  Slice d;
  Err e;
  return !decimal_parse(arena, text, &d, &e) && e.code == ERR_VALIDATION && e.message[0];
}

static void texts(void) {
  static const char *const pairs[][2] = {
      {"0", "0"},
      {"-0", "0"},
      {"-0.00", "0.00"},
      {"0012.50", "12.50"},
      {"-12.50", "-12.50"},
      {"+1", "1"},
      {".5", "0.5"},
      {"5.", "5"},
      {" \t7\n", "7"},
      {"1E+3", "1000"},
      {"1.50e1", "15.0"},
      {"1.5e3", "1500"},
      {"12e-1", "1.2"},
      {"12e-4", "0.0012"},
      {"0e99999999999999999999", "0"},
      {"1e30", "1000000000000000000000000000000"},
      {"NaN", "NaN"},
      {"nan", "NaN"},
      {"Infinity", "Infinity"},
      {"+inf", "Infinity"},
      {"-INFINITY", "-Infinity"},
      {"12345678901234567890.12345678901234567890", "12345678901234567890.12345678901234567890"}};
  for (size_t i = 0; i < COUNT(pairs); i++) CHECK_TEXT(read(pairs[i][0]), pairs[i][1]);
}

static void nonsense(void) {
  static const char *const bad[] = {"",     " ",       ".",         "-",     "+-1",   "1 2", "1,5",
                                    "0x10", "1e",      "1e+",       "e5",    "1.2.3", "one", "-NaN",
                                    "+nan", "infinit", "infinityy", "1_000", "1e5 x", "--1"};
  for (size_t i = 0; i < COUNT(bad); i++) CHECK(refuses(slice_of(bad[i])));
  CHECK(refuses(SLICE("1\0")) && refuses(SLICE("1e131073")) && refuses(SLICE("1e-16384")));
  CHECK(refuses(SLICE("1e99999999999999999999")) && refuses(SLICE("1e-99999999999999999999")));
  CHECK(read("1e131071").n == 131072 && read("1e-16383").n == 16385 && refuses(SLICE("1e131072")));
}

static void numbers(void) {
  CHECK_TEXT(decimal_of_int(arena, INT64_MIN), "-9223372036854775808");
  CHECK_TEXT(decimal_of_double(arena, 0.1), "0.1");
  CHECK_TEXT(decimal_of_double(arena, -0.0), "0");
  CHECK_TEXT(decimal_of_double(arena, 3), "3");
  CHECK_TEXT(decimal_of_double(arena, -1200.5), "-1200.5");
  CHECK_TEXT(decimal_of_double(arena, 1e30), "1000000000000000000000000000000");
  CHECK_TEXT(decimal_of_double(arena, 1.25e-7), "0.000000125");
  CHECK_TEXT(decimal_of_double(arena, 100), "100");
  CHECK_TEXT(decimal_of_double(arena, NAN), "NaN");
  CHECK_TEXT(decimal_of_double(arena, -INFINITY), "-Infinity");
  int64_t i;
  CHECK(decimal_to_int(read("-9223372036854775808"), &i) && i == INT64_MIN);
  CHECK(decimal_to_int(read("9223372036854775807.00"), &i) && i == INT64_MAX);
  CHECK(!decimal_to_int(read("9223372036854775808"), &i) && !decimal_to_int(read("0.5"), &i));
  CHECK(!decimal_to_int(read("-9223372036854775809"), &i) && !decimal_to_int(read("NaN"), &i));
  CHECK(!decimal_to_int(read("Infinity"), &i) && decimal_to_int(read("-0.0"), &i) && i == 0);
  CHECK(decimal_to_double(read("-1.5")) == -1.5 && decimal_to_double(read("1e400")) == INFINITY);
  CHECK(isnan(decimal_to_double(read("NaN"))) && decimal_to_double(read("-Infinity")) == -INFINITY);
}

static bool comes_back(const char *text) {
  Slice d = read(text), again;
  Err e;
  Buf b = buf_in(arena);
  decimal_to_wire(&b, d);
  if (!decimal_from_wire(arena, buf_slice(&b), &again, &e)) return false;
  if (!slice_eq(d, again)) fprintf(stderr, "%s: %.*s\n", text, again.n > 200 ? 200 : SLICE_ARGS(again));
  return slice_eq(d, again);
}

static bool wire_is(const char *text, Slice want) {
  Buf b = buf_in(arena);
  decimal_to_wire(&b, read(text));
  return slice_eq(buf_slice(&b), want);
}

static void wire(void) {
  static const char *const some[] = {"0",
                                     "0.000",
                                     "1",
                                     "-1",
                                     "9999",
                                     "10000",
                                     "10001",
                                     "0.1",
                                     "0.0001",
                                     "0.00001",
                                     "-12.5000",
                                     "99990000",
                                     "1234.56780000",
                                     "1e100",
                                     "1e-100",
                                     "123456789012345678901234567890.000000001",
                                     "NaN",
                                     "Infinity",
                                     "-Infinity",
                                     "1e131071",
                                     "1e-16383"};
  for (size_t i = 0; i < COUNT(some); i++) CHECK(comes_back(some[i]));
  CHECK(wire_is("0.00", SLICE("\0\0\0\0\0\0\0\2")));
  CHECK(wire_is("-12.5", SLICE("\0\2\0\0\x40\0\0\1\0\x0C\x13\x88")));
  CHECK(wire_is("10000", SLICE("\0\1\0\1\0\0\0\0\0\1")));
  CHECK(wire_is("0.00001", SLICE("\0\1\xFF\xFE\0\0\0\5\x03\xE8")));
  CHECK(wire_is("NaN", SLICE("\0\0\0\0\xC0\0\0\0")));
}

static bool broken(Slice bytes) {
  Slice d;
  Err e;
  return !decimal_from_wire(arena, bytes, &d, &e) && e.code == ERR_P2023;
}

static void broken_wires(void) {
  CHECK(broken(SLICE("")) && broken(SLICE("\0\0\0\0\0\0\0")) && broken(SLICE("\0\1\0\0\0\0\0\0")));
  CHECK(broken(SLICE("\0\0\0\0\0\0\0\0\0\1")) && broken(SLICE("\xFF\xFF\0\0\0\0\0\0")));
  CHECK(broken(SLICE("\0\1\0\0\0\0\0\0\x27\x10")) && broken(SLICE("\0\0\0\0\x12\x34\0\0")));
  CHECK(broken(SLICE("\0\0\0\0\0\0\xFF\xFF")));
  Slice d;
  Err e;
  CHECK(decimal_from_wire(arena, SLICE("\0\1\0\0\0\0\0\1\0\7"), &d, &e) && slice_is(d, "7.0"));
  CHECK(decimal_from_wire(arena, SLICE("\0\1\xFF\xFF\0\0\0\1\x1E\xDC"), &d, &e) && slice_is(d, "0.7"));
  CHECK(decimal_from_wire(arena, SLICE("\0\1\x80\0\0\0\0\1\0\1"), &d, &e) && slice_is(d, "0.0"));
}

static void order(void) {
  static const char *const rising[] = {
      "-Infinity", "-1e30",    "-10", "-9.5",   "-9.49", "-0.001", "0",
      "0.001",     "0.01",     "1",   "1.0001", "9",     "10",     "9223372036854775808",
      "1e30",      "Infinity", "NaN"};
  int wrong = 0;
  for (int i = 0; i < (int)COUNT(rising); i++)
    for (int k = 0; k < (int)COUNT(rising); k++)
      wrong += decimal_compare(read(rising[i]), read(rising[k])) != (i > k) - (i < k);
  CHECK(wrong == 0);
  CHECK(decimal_compare(SLICE("1.50"), SLICE("1.5")) == 0 &&
        decimal_compare(SLICE("-1"), SLICE("-1.000")) == 0);
  CHECK(decimal_compare(SLICE("0.00"), SLICE("0")) == 0);
}

static Slice compute(const char *a, DecimalOp op, const char *b) {
  Slice result = {0};
  Err e;
  if (decimal_compute(arena, op, read(a), read(b), &result, &e)) return result;
  return slice_printf(arena, "error: %s", e.message);
}

typedef struct Sum {
  const char *a;
  DecimalOp op;
  const char *b, *want;
} Sum;

static void check_sums(const Sum *sums, size_t n) {
  for (size_t i = 0; i < n; i++) CHECK_TEXT(compute(sums[i].a, sums[i].op, sums[i].b), sums[i].want);
}

static void sums_and_products(void) {
  static const Sum sums[] = {{"1.10", DECIMAL_ADD, "2.2", "3.30"},
                             {"0.1", DECIMAL_ADD, "0.2", "0.3"},
                             {"-5", DECIMAL_ADD, "5.00", "0.00"},
                             {"99999999999999999999", DECIMAL_ADD, "1", "100000000000000000000"},
                             {"1", DECIMAL_ADD, "-100000000000000000000", "-99999999999999999999"},
                             {"1.5", DECIMAL_SUB, "1.50", "0.00"},
                             {"0", DECIMAL_SUB, "0.1", "-0.1"},
                             {"-1", DECIMAL_SUB, "-3", "2"},
                             {"1.20", DECIMAL_MUL, "-3.0", "-3.600"},
                             {"0.00", DECIMAL_MUL, "-5", "0.00"},
                             {"12345678901234567890", DECIMAL_MUL, "98765432109876543210",
                              "1219326311370217952237463801111263526900"}};
  check_sums(sums, COUNT(sums));
}

static void quotients(void) {
  static const Sum sums[] = {
      {"10", DECIMAL_DIV, "4", "2.5"},
      {"1", DECIMAL_DIV, "3", "0.33333333333333333333"},
      {"2", DECIMAL_DIV, "-3", "-0.66666666666666666667"},
      {"1.00", DECIMAL_DIV, "2", "0.50"},
      {"0", DECIMAL_DIV, "7", "0"},
      {"1e30", DECIMAL_DIV, "1e-30",
       "1000000000000000000000000000000000000000000000000000000000000.000000000000000000000000000000"},
      {"1", DECIMAL_DIV, "1e25", "0.0000000000000000000000001"},
      {"100000000000000000001", DECIMAL_DIV, "2", "50000000000000000001"},
      {"100000000000000000001.0", DECIMAL_DIV, "2", "50000000000000000000.5"},
      {"7", DECIMAL_MOD, "3", "1"},
      {"-7", DECIMAL_MOD, "3", "2"},
      {"7", DECIMAL_MOD, "-3", "-2"},
      {"-7", DECIMAL_MOD, "-3", "-1"},
      {"5.5", DECIMAL_MOD, "0.25", "0.00"},
      {"1e30", DECIMAL_MOD, "7", "1"},
      {"1", DECIMAL_DIV, "0.00", "error: Division by zero."},
      {"1", DECIMAL_MOD, "0", "error: Division by zero."}};
  check_sums(sums, COUNT(sums));
}

static void powers(void) {
  static const Sum sums[] = {
      {"2", DECIMAL_POW, "100", "1267650600228229401496703205376"},
      {"1.05", DECIMAL_POW, "3", "1.157625"},
      {"-2", DECIMAL_POW, "3", "-8"},
      {"0", DECIMAL_POW, "0", "1"},
      {"2", DECIMAL_POW, "-2", "0.25"},
      {"-1", DECIMAL_POW, "9223372036854775807", "-1"},
      {"1", DECIMAL_POW, "-9223372036854775808", "1"},
      {"0", DECIMAL_POW, "-1", "error: Division by zero."},
      {"2", DECIMAL_POW, "0.5", "error: A decimal can be raised to whole powers only."},
      {"2", DECIMAL_POW, "9999999", "error: The power has more digits than a decimal can have."},
      {"0.1", DECIMAL_POW, "16384", "error: The power has more digits than a decimal can have."}};
  check_sums(sums, COUNT(sums));
  CHECK(compute("10", DECIMAL_POW, "131071").n == 131072);
  CHECK(slice_starts(compute("10", DECIMAL_POW, "131072"), SLICE("error")));
  CHECK(slice_starts(compute("9e131071", DECIMAL_ADD, "9e131071"), SLICE("error")));
}

static void infinities(void) {
  static const Sum sums[] = {{"Infinity", DECIMAL_ADD, "1", "Infinity"},
                             {"Infinity", DECIMAL_ADD, "-Infinity", "NaN"},
                             {"1", DECIMAL_SUB, "Infinity", "-Infinity"},
                             {"Infinity", DECIMAL_SUB, "Infinity", "NaN"},
                             {"-Infinity", DECIMAL_MUL, "2", "-Infinity"},
                             {"Infinity", DECIMAL_MUL, "0", "NaN"},
                             {"5", DECIMAL_DIV, "-Infinity", "0"},
                             {"Infinity", DECIMAL_DIV, "-2", "-Infinity"},
                             {"Infinity", DECIMAL_DIV, "Infinity", "NaN"},
                             {"Infinity", DECIMAL_DIV, "0", "error: Division by zero."},
                             {"NaN", DECIMAL_DIV, "0", "NaN"},
                             {"5", DECIMAL_MOD, "Infinity", "5"},
                             {"-5", DECIMAL_MOD, "Infinity", "Infinity"},
                             {"Infinity", DECIMAL_MOD, "5", "NaN"},
                             {"NaN", DECIMAL_POW, "0", "1"},
                             {"1", DECIMAL_POW, "NaN", "1"},
                             {"2", DECIMAL_POW, "Infinity", "Infinity"},
                             {"0.5", DECIMAL_POW, "Infinity", "0"},
                             {"-Infinity", DECIMAL_POW, "3", "-Infinity"},
                             {"-Infinity", DECIMAL_POW, "2", "Infinity"},
                             {"Infinity", DECIMAL_POW, "-1", "0"},
                             {"NaN", DECIMAL_ADD, "1", "NaN"}};
  check_sums(sums, COUNT(sums));
  CHECK_TEXT(decimal_negate(arena, SLICE("Infinity")), "-Infinity");
  CHECK_TEXT(decimal_negate(arena, SLICE("-Infinity")), "Infinity");
  CHECK_TEXT(decimal_negate(arena, SLICE("NaN")), "NaN");
  CHECK_TEXT(decimal_negate(arena, SLICE("0.00")), "0.00");
  CHECK_TEXT(decimal_negate(arena, SLICE("-1.50")), "1.50");
}

static Slice random_decimal(uint64_t *random) {
  Buf b = buf_in(arena);
  *random ^= *random << 13, *random ^= *random >> 7, *random ^= *random << 17;
  uint32_t n = 1 + (uint32_t)(*random >> 20) % 60, point = (uint32_t)(*random >> 40) % 60;
  if (*random & 1) buf_byte(&b, '-');
  for (uint32_t i = 0; i < n; i++) {
    *random ^= *random << 13, *random ^= *random >> 7, *random ^= *random << 17;
    if (i == point) buf_byte(&b, '.');
    buf_byte(&b, (char)('0' + (*random >> 33) % 10));
  }
  return read(buf_slice(&b).p);
}

static Slice must(DecimalOp op, Slice a, Slice b) {
  Slice result = SLICE("NaN");
  Err e;
  CHECK(decimal_compute(arena, op, a, b, &result, &e));
  return result;
}

/* (a + b) - b = a;  a * b / b = a;  q * b + a % b = a for a whole q */
static void laws(void) {
  uint64_t random = 88172645463325252u;
  for (int i = 0; i < 3000; i++) {
    arena_reset(arena);
    Slice a = random_decimal(&random), b = random_decimal(&random);
    CHECK(comes_back(a.p) && decimal_compare(a, b) == -decimal_compare(b, a));
    CHECK(decimal_compare(must(DECIMAL_SUB, must(DECIMAL_ADD, a, b), b), a) == 0);
    CHECK(slice_eq(must(DECIMAL_MUL, a, b), must(DECIMAL_MUL, b, a)));
    if (decimal_compare(b, SLICE("0")) == 0) continue;
    CHECK(decimal_compare(must(DECIMAL_DIV, must(DECIMAL_MUL, a, b), b), a) == 0 || a.n > 20);
    Slice rest = must(DECIMAL_MOD, a, b), whole = must(DECIMAL_DIV, must(DECIMAL_SUB, a, rest), b);
    CHECK(decimal_compare(must(DECIMAL_ADD, must(DECIMAL_MUL, whole, b), rest), a) == 0);
    if (check_failures) break;
  }
}

static void shortest(void) {
  static const char *const pairs[][2] = {
      {"0", "0"},
      {"0.000", "0"},
      {"12.50", "12.5"},
      {"-12.00", "-12"},
      {"100", "100"},
      {"0.10", "0.1"},
      {"0.0000010", "0.000001"},
      {"0.0000001", "1e-7"},
      {"-0.00000012300", "-1.23e-7"},
      {"123456789012345678901.50", "123456789012345678901.5"},
      {"100000000000000000000", "100000000000000000000"},
      {"1000000000000000000000.00", "1e+21"},
      {"-42670021827970642226975.10", "-4.26700218279706422269751e+22"},
      {"NaN", "NaN"},
      {"-Infinity", "-Infinity"},
  };
  for (size_t i = 0; i < COUNT(pairs); i++) {
    Buf b = buf_in(arena);
    Slice back;
    Err e;
    decimal_shortest(&b, slice_of(pairs[i][0]));
    CHECK_TEXT(buf_slice(&b), pairs[i][1]);
    CHECK(decimal_parse(arena, buf_slice(&b), &back, &e) &&
          decimal_compare(back, slice_of(pairs[i][0])) == 0);
  }
}

static void all(void *ctx) {
  (void)ctx;
  texts();
  nonsense();
  numbers();
  wire();
  broken_wires();
  order();
  sums_and_products();
  quotients();
  powers();
  infinities();
  laws();
  shortest();
}

static void decimals(void) {
  arena = arena_new(0);
  CHECK(arena && arena_protect(arena, NULL, all, NULL));
  arena_free(arena);
}

TESTS(decimals)
