#include "base/datetime.h"

#include <stdlib.h>

#include "check.h"

#define SECOND INT64_C(1000000)
#define DAY (86400 * SECOND)

static bool reads(const char *text, int64_t want) {
  int64_t got;
  if (datetime_parse(slice_of(text), &got) && got == want) return true;
  fprintf(stderr, "%s: got %lld, want %lld\n", text, (long long)got, (long long)want);
  return false;
}

static bool refuses(const char *text) {
  int64_t got;
  if (!datetime_parse(slice_of(text), &got)) return true;
  fprintf(stderr, "accepted: %s\n", text);
  return false;
}

static bool writes(int64_t micros, const char *want) {
  char text[DATETIME_TEXT];
  Slice got = {text, datetime_format(micros, text)};
  CHECK_TEXT(got, want);
  return slice_is(got, want) && reads(want, micros);
}

static void forms(void) {
  int64_t t = INT64_C(1795530911) * SECOND; /* 2026-11-24T14:35:11Z */
  CHECK(reads("2026-11-24T14:35:11Z", t) && reads("2026-11-24 14:35:11", t) &&
        reads("2026-11-24t14:35:11z", t));
  CHECK(reads("2026-11-24T14:35:11.5Z", t + SECOND / 2) && reads("2026-11-24T14:35:11,123456Z", t + 123456));
  CHECK(reads("2026-11-24T14:35:11.1234564Z", t + 123456) &&
        reads("2026-11-24T14:35:11.1234565Z", t + 123457));
  CHECK(reads("2026-11-24T14:35:11.9999999Z", t + SECOND));
  CHECK(reads("2026-11-24T16:35:11+02:00", t) && reads("2026-11-24T16:35:11+0200", t));
  CHECK(reads("2026-11-24T16:35:11+02", t) && reads("2026-11-24T09:05:11-05:30", t));
  CHECK(reads("2026-11-24T14:35Z", t - 11 * SECOND) && reads("2026-11-24", t / DAY * DAY));
  CHECK(reads("1970-01-01T00:00:00Z", 0) && reads("1969-12-31T23:59:59.999999Z", -1));
  CHECK(reads("2016-12-31T23:59:60Z", INT64_C(1483228800) * SECOND)); /* a leap second */
  CHECK(reads("2020-01-01T24:00:00Z", INT64_C(1577923200) * SECOND));
}

static void nonsense(void) {
  static const char *const bad[] = {"",
                                    "now",
                                    "2026",
                                    "2026-11",
                                    "2026-11-24T",
                                    "2026-11-24T14",
                                    "2026-11-24T14:35:11Zz",
                                    "2026-11-24T14:35:11 ",
                                    "2026-11-24T14:35:11.",
                                    "2026-11-24T14:35:11.Z",
                                    "2026-11-24T14:35:11+",
                                    "2026-11-24T14:35:11+2",
                                    "2026-11-24T14:35:11+24:00",
                                    "2026-11-24T14:35:11+02:",
                                    "2026-11-24T14:35:11+02:60",
                                    "2026-11-24T24:00:01Z",
                                    "2026-11-24T25:00:00Z",
                                    "2026-11-24T23:60:00Z",
                                    "2026-11-24T23:59:61Z",
                                    "2026-13-01",
                                    "2026-00-01",
                                    "2026-01-00",
                                    "2026-01-32",
                                    "2026-04-31",
                                    "2026-02-29",
                                    "1900-02-29",
                                    "2100-02-29T00:00:00Z",
                                    "26-01-01",
                                    "2026-1-1",
                                    "12026-01-01",
                                    "+1234567-01-01",
                                    " 2026-01-01",
                                    "2026-01-01Z",
                                    "Infinity",
                                    "+infinity"};
  for (size_t i = 0; i < COUNT(bad); i++) CHECK(refuses(bad[i]));
}

static void leap_days(void) {
  CHECK(writes(INT64_C(951782400) * SECOND, "2000-02-29T00:00:00.000Z"));
  CHECK(writes(INT64_C(1709164800) * SECOND, "2024-02-29T00:00:00.000Z"));
  CHECK(writes(INT64_C(1709251200) * SECOND - 1, "2024-02-29T23:59:59.999999Z"));
  CHECK(reads("2100-03-01", INT64_C(4107542400) * SECOND) &&
        reads("2100-02-28", INT64_C(4107456000) * SECOND));
}

static void ends_of_the_range(void) {
  CHECK(writes(DATETIME_INFINITY, "infinity") && writes(DATETIME_MINUS_INFINITY, "-infinity"));
  CHECK(writes(INT64_C(-62135596800) * SECOND, "0001-01-01T00:00:00.000Z"));
  CHECK(writes(INT64_C(-62167219200) * SECOND, "0000-01-01T00:00:00.000Z"));
  CHECK(writes(INT64_C(-62167219200) * SECOND - 1, "-000001-12-31T23:59:59.999999Z"));
  CHECK(writes(INT64_C(253402300800) * SECOND, "+010000-01-01T00:00:00.000Z"));
  CHECK(writes(INT64_C(-2440588) * DAY, "-004713-11-24T00:00:00.000Z")); /* PostgreSQL's first */
  CHECK(refuses("-004713-11-23T23:59:59.999999Z") && refuses("-999999-01-01"));
  CHECK(writes(DATETIME_INFINITY - 1, "+294247-01-10T04:00:54.775806Z"));
  CHECK(refuses("+294247-01-10T04:00:54.775807Z") && refuses("+294247-01-10T04:00:54.775808Z"));
  CHECK(refuses("+294248-01-01") && refuses("+999999-12-31T23:59:59Z"));
}

/* Day by day through more than 400 years, against counting. */
static void counts_days(void) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int64_t year = 1690;
  int month = 1, day = 1, wrong = 0;
  for (int64_t at = INT64_C(-102267); year < 2111; at++) {
    int64_t y;
    int m, d, hour, minute, second, micro;
    datetime_split(at * DAY + DAY - 1, &y, &m, &d, &hour, &minute, &second, &micro);
    wrong += y != year || m != month || d != day;
    wrong += hour != 23 || minute != 59 || second != 59 || micro != 999999;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (++day > days[month - 1] + (month == 2 && leap)) day = 1, month++;
    if (month > 12) month = 1, year++;
  }
  CHECK(wrong == 0);
}

static void moments_round_trip(void) {
  uint64_t random = 88172645463325252u;
  for (int i = 0; i < 20000; i++) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    int64_t t = (int64_t)(random >> 1) >> (random & 31), again;
    if (i % 3 == 0) t = -(t % (2440588 * DAY));
    char text[DATETIME_TEXT];
    uint32_t n = datetime_format(t, text);
    if (datetime_parse((Slice){text, n}, &again) && again == t && n < DATETIME_TEXT) continue;
    fprintf(stderr, "%lld: %.*s\n", (long long)t, (int)n, text);
    CHECK(!"a moment came back as it went");
    break;
  }
}

static void now_is_now(void) { CHECK(datetime_now() > INT64_C(1700000000) * SECOND); }

TESTS(forms, nonsense, leap_days, ends_of_the_range, counts_days, moments_round_trip, now_is_now)
