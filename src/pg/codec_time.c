/* Dates and times. The server counts microseconds (days for date) from 2000-01-01, we from 1970-01-01;
 * its infinities are the ends of its integers, ours those of int64. What does not fit our range (the years
 * after 294246) is invalid rather than wrong. Times are moments of 1970-01-01. */
#include "base/datetime.h"
#include "pg/codec_family.h"

#define SECOND INT64_C(1000000)
#define DAY (86400 * SECOND)
#define EPOCH_DAYS INT64_C(10957) /* 1970-01-01 to 2000-01-01 */
#define EPOCH (EPOCH_DAYS * DAY)
#define FIRST_DAY INT64_C(-2451545)     /* 4714-11-24 BC, in the server's days */
#define ZONE_LIMIT (16 * 3600 * SECOND) /* offsets are smaller than this */

void timestamp_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n != 8) return;
  int64_t t = (int64_t)wire_u64(bytes);
  if (t != INT64_MAX && t != INT64_MIN && __builtin_add_overflow(t, EPOCH, &t)) return;
  value_int(out, VALUE_DATETIME, t);
}

void date_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n != 4) return;
  int64_t days = (int32_t)wire_u32(bytes), t;
  if (days == INT32_MAX)
    t = DATETIME_INFINITY;
  else if (days == INT32_MIN)
    t = DATETIME_MINUS_INFINITY;
  else if (__builtin_mul_overflow(days + EPOCH_DAYS, DAY, &t))
    return;
  value_int(out, VALUE_DATETIME, t);
}

void time_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n != 8) return;
  int64_t t = (int64_t)wire_u64(bytes);
  if (t < 0 || t > DAY) return; /* 24:00:00 is a time */
  value_int(out, VALUE_DATETIME, t);
}

static int64_t floor_mod(int64_t a, int64_t b) { return (a % b + b) % b; }

/* The zone is in seconds west of Greenwich; as an instant, a time of day in UTC. */
void timetz_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n != 12) return;
  int64_t t = (int64_t)wire_u64(bytes), zone = (int32_t)wire_u32(bytes + 8) * SECOND;
  if (t < 0 || t > DAY || zone <= -ZONE_LIMIT || zone >= ZONE_LIMIT) return;
  value_int(out, VALUE_DATETIME, floor_mod(t + zone, DAY));
}

bool timestamp_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  if (v->kind != VALUE_DATETIME) return codec_mismatch(type, v, e);
  int64_t t = v->u.i;
  if (t != DATETIME_INFINITY && t != DATETIME_MINUS_INFINITY) {
    if (__builtin_sub_overflow(t, EPOCH, &t) || t < FIRST_DAY * DAY) return codec_out_of_range(type, e);
  }
  buf_be64(to, (uint64_t)t);
  return true;
}

/* The day in which the instant lies, in UTC. */
bool date_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  if (v->kind != VALUE_DATETIME) return codec_mismatch(type, v, e);
  int64_t t = v->u.i, days = t / DAY - (t % DAY < 0) - EPOCH_DAYS;
  if (t == DATETIME_INFINITY)
    days = INT32_MAX;
  else if (t == DATETIME_MINUS_INFINITY)
    days = INT32_MIN;
  else if (days < FIRST_DAY)
    return codec_out_of_range(type, e);
  buf_be32(to, (uint32_t)days);
  return true;
}

bool time_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  if (v->kind != VALUE_DATETIME) return codec_mismatch(type, v, e);
  if (v->u.i == DATETIME_INFINITY || v->u.i == DATETIME_MINUS_INFINITY) return codec_out_of_range(type, e);
  buf_be64(to, (uint64_t)floor_mod(v->u.i, DAY));
  return true;
}

bool timetz_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  if (!time_encode(to, type, v, e)) return false;
  buf_be32(to, 0); /* UTC */
  return true;
}
