/* Instants: microseconds since 1970-01-01T00:00:00Z in an int64_t, proleptic Gregorian.
 * DATETIME_INFINITY and DATETIME_MINUS_INFINITY are PostgreSQL's infinities. */
#ifndef BASE_DATETIME_H
#define BASE_DATETIME_H

#include "base/err.h"

#define DATETIME_INFINITY INT64_MAX
#define DATETIME_MINUS_INFINITY INT64_MIN
enum {
  DATETIME_TEXT = 48
}; /* room for the longest text, with its NUL */

/* ISO 8601 / RFC 3339: date, or date and time ('T' or ' '), seconds and fraction optional, 'Z' or an
 * offset or nothing (= UTC). False when it is none of these or out of PostgreSQL's range. */
MUST bool datetime_parse(Slice text, int64_t *micros);
/* "2026-11-24T14:35:11.123Z": milliseconds, or microseconds where there are any. Returns the length. */
uint32_t datetime_format(int64_t micros, char out[DATETIME_TEXT]);
int64_t datetime_now(void);
void datetime_split(int64_t micros, int64_t *year, int *month, int *day, int *hour, int *minute, int *second,
                    int *microsecond);

#endif
