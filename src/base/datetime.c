#include "base/datetime.h"

#include <stdio.h>
#include <time.h>

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define FIRST (INT64_C(-2440588) * DAY) /* 4714-11-24 BC, where PostgreSQL's range begins */

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

/* Days since 1970-01-01 of a date. Years begin in March, so that the leap day is a year's last; an era is
 * 400 years, 146,097 days (H. Hinnant, "chrono-compatible low-level date algorithms"). */
static int64_t days_of(int64_t year, int month, int day) {
  if (month <= 2) year--;
  int64_t era = floor_div(year, 400), year_of_era = year - era * 400;
  int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void date_of(int64_t days, int64_t *year, int *month, int *day) {
  days += 719468;
  int64_t era = floor_div(days, 146097), of_era = days - era * 146097;
  int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int shifted = (int)((5 * of_year + 2) / 153);
  *day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
  *month = shifted < 10 ? shifted + 3 : shifted - 9;
  *year = era * 400 + year_of_era + (*month <= 2);
}

static int days_in(int64_t year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap);
}

typedef struct Reader {
  Slice text;
  uint32_t at;
} Reader;

static char peek(const Reader *r) { return r->at < r->text.n ? r->text.p[r->at] : 0; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool take(Reader *r, char c) {
  if (peek(r) != c || c == 0) return false;
  r->at++;
  return true;
}

/* A number of `least` to `most` digits between lowest and highest. */
static bool number(Reader *r, int least, int most, int lowest, int highest, int *out) {
  int digits = 0;
  for (*out = 0; digits < most && is_digit(peek(r)); digits++) *out = *out * 10 + (r->text.p[r->at++] - '0');
  return digits >= least && *out >= lowest && *out <= highest;
}

/* date = ["+" | "-"] year "-" month "-" day. Four digits of year, up to six with a sign; the year 0 is
 * 1 BC, as ISO 8601 counts. */
static bool date(Reader *r, int64_t *days) {
  bool minus = take(r, '-'), sign = minus || take(r, '+');
  int year, month, day;
  if (!number(r, 4, sign ? 6 : 4, 0, 999999, &year) || !take(r, '-')) return false;
  if (!number(r, 2, 2, 1, 12, &month) || !take(r, '-')) return false;
  if (minus) year = -year;
  if (!number(r, 2, 2, 1, days_in(year, month), &day)) return false;
  *days = days_of(year, month, day);
  return true;
}

/* fraction = ("." | ",") digit+ ; what is finer than a microsecond is rounded half up. */
static bool fraction(Reader *r, int64_t *micros) {
  int64_t unit = SECOND, part = 0;
  if (!take(r, '.') && !take(r, ',')) return true;
  if (!is_digit(peek(r))) return false;
  for (; is_digit(peek(r)); r->at++) {
    int digit = peek(r) - '0';
    if (unit == 1) part += digit >= 5;
    unit /= 10;
    part += digit * unit;
  }
  *micros += part;
  return true;
}

/* time = hour ":" minute [":" second [fraction]] ; 24:00 is the end of a day, :60 a leap second: both are
 * the next moment that there is. */
static bool time_of_day(Reader *r, int64_t *micros) {
  int hour, minute, second = 0;
  int64_t part = 0;
  if (!number(r, 2, 2, 0, 24, &hour) || !take(r, ':') || !number(r, 2, 2, 0, 59, &minute)) return false;
  if (take(r, ':') && (!number(r, 2, 2, 0, 60, &second) || !fraction(r, &part))) return false;
  *micros = hour * HOUR + minute * MINUTE + second * SECOND + part;
  return *micros <= DAY;
}

/* offset = "Z" | ("+" | "-") hour [[":"] minute] | nothing */
static bool offset(Reader *r, int64_t *micros) {
  int hour, minute = 0;
  *micros = 0;
  if (take(r, 'Z') || take(r, 'z') || r->at == r->text.n) return true;
  bool minus = take(r, '-');
  if (!minus && !take(r, '+')) return false;
  if (!number(r, 2, 2, 0, 23, &hour)) return false;
  bool colon = take(r, ':');
  if ((colon || is_digit(peek(r))) && !number(r, 2, 2, 0, 59, &minute)) return false;
  *micros = (hour * HOUR + minute * MINUTE) * (minus ? -1 : 1);
  return true;
}

static bool infinite(Slice text, int64_t *micros) {
  bool minus = slice_is(text, "-infinity");
  *micros = minus ? DATETIME_MINUS_INFINITY : DATETIME_INFINITY;
  return minus || slice_is(text, "infinity");
}

bool datetime_parse(Slice text, int64_t *micros) {
  Reader r = {text, 0};
  int64_t days, time = 0, zone = 0, t;
  if (infinite(text, micros)) return true;
  if (!date(&r, &days)) return false;
  if (take(&r, 'T') || take(&r, 't') || take(&r, ' ')) {
    if (!time_of_day(&r, &time)) return false;
    if (!offset(&r, &zone)) return false;
  }
  if (r.at != text.n || __builtin_mul_overflow(days, DAY, &t) || __builtin_add_overflow(t, time - zone, &t))
    return false;
  if (t < FIRST || t == DATETIME_INFINITY) return false;
  *micros = t;
  return true;
}

void datetime_split(int64_t micros, int64_t *year, int *month, int *day, int *hour, int *minute, int *second,
                    int *microsecond) {
  int64_t days = floor_div(micros, DAY), rest = micros - days * DAY;
  date_of(days, year, month, day);
  *hour = (int)(rest / HOUR);
  *minute = (int)(rest / MINUTE % 60);
  *second = (int)(rest / SECOND % 60);
  *microsecond = (int)(rest % SECOND);
}

/* Years outside 0..9999 have a sign and six digits, the expanded form of ISO 8601. */
uint32_t datetime_format(int64_t micros, char out[DATETIME_TEXT]) {
  int64_t year;
  int month, day, hour, minute, second, part;
  if (micros == DATETIME_INFINITY || micros == DATETIME_MINUS_INFINITY)
    return (uint32_t)snprintf(out, DATETIME_TEXT, "%s", micros < 0 ? "-infinity" : "infinity");
  datetime_split(micros, &year, &month, &day, &hour, &minute, &second, &part);
  const char *format = year >= 0 && year <= 9999 ? "%04lld" : "%+07lld";
  int n = snprintf(out, DATETIME_TEXT, format, (long long)year);
  bool whole = part % 1000 == 0;
  n += snprintf(out + n, DATETIME_TEXT - (size_t)n, "-%02d-%02dT%02d:%02d:%02d.%0*dZ", month, day, hour,
                minute, second, whole ? 3 : 6, whole ? part / 1000 : part);
  return (uint32_t)n;
}

int64_t datetime_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * SECOND + now.tv_nsec / 1000;
}
