/* bool, the integers and the floats: big-endian, of fixed width. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "pg/codec_family.h"

void bool_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n != 1) return;
  value_int(out, VALUE_BOOL, bytes[0] != 0);
}

void int2_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n != 2) return;
  value_int(out, VALUE_INT, (int16_t)wire_u16(bytes));
}

void int4_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n != 4) return;
  value_int(out, VALUE_INT, (int32_t)wire_u32(bytes));
}

void int8_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n != 8) return;
  value_int(out, VALUE_INT, (int64_t)wire_u64(bytes));
}

void oid_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n != 4) return;
  value_int(out, VALUE_INT, wire_u32(bytes));
}

/* The double that the shortest decimal of a float means: 1.1, not 1.10000002384. */
static double widen(float f) {
  char text[32];
  double d = (double)f;
  if (!isfinite(f)) return d;
  for (int digits = fabsf(f) < FLT_MIN ? 1 : FLT_DIG; digits <= FLT_DECIMAL_DIG; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, d);
    if (strtof(text, NULL) == f) break;
  }
  return strtod(text, NULL);
}

/* Bits, not numbers, are copied: a NaN keeps its payload, -0.0 its sign. */
void float4_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n != 4) return;
  uint32_t bits = wire_u32(bytes);
  float f;
  memcpy(&f, &bits, sizeof f);
  *out = (Value){VALUE_FLOAT, 0, {.f = widen(f)}};
}

void float8_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n != 8) return;
  uint64_t bits = wire_u64(bytes);
  *out = (Value){VALUE_FLOAT, 0, {0}};
  memcpy(&out->u.f, &bits, sizeof bits);
}

bool bool_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  if (v->kind != VALUE_BOOL) return codec_mismatch(type, v, e);
  buf_byte(to, v->u.i != 0);
  return true;
}

/* The range of each integer type: a number that does not fit never reaches the server. */
static bool int_fits(TypeId type, int64_t i) {
  switch (type) {
    case TYPE_INT2: return i >= INT16_MIN && i <= INT16_MAX;
    case TYPE_INT4: return i >= INT32_MIN && i <= INT32_MAX;
    case TYPE_OID: return i >= 0 && i <= UINT32_MAX;
    default: return true;
  }
}

bool int_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  if (v->kind != VALUE_INT) return codec_mismatch(type, v, e);
  if (!int_fits(type, v->u.i)) return codec_out_of_range(type, e);
  if (type == TYPE_INT8)
    buf_be64(to, (uint64_t)v->u.i);
  else if (type == TYPE_INT2)
    buf_be16(to, (uint16_t)v->u.i);
  else
    buf_be32(to, (uint32_t)v->u.i);
  return true;
}

static bool float4_encode(Buf *to, double d, Err *e) {
  float f = (float)d;
  if (isinf(f) && !isinf(d)) return codec_out_of_range(TYPE_FLOAT4, e);
  uint32_t bits;
  memcpy(&bits, &f, sizeof bits);
  buf_be32(to, bits);
  return true;
}

bool float_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  if (v->kind != VALUE_FLOAT && v->kind != VALUE_INT) return codec_mismatch(type, v, e);
  double d = v->kind == VALUE_INT ? (double)v->u.i : v->u.f;
  if (type == TYPE_FLOAT4) return float4_encode(to, d, e);
  uint64_t bits;
  memcpy(&bits, &d, sizeof bits);
  buf_be64(to, bits);
  return true;
}
