/* numeric and money. Numeric on the wire: int16 digits, int16 weight, uint16 sign, uint16 scale, then as
 * many base-10000 digits; base/decimal.h reads and writes it. Money is an int8 of hundredths (the scale of
 * lc_monetary C and of most currencies) and is shown to the world as a numeric with two decimals. */
#include "base/decimal.h"
#include "pg/codec_family.h"

enum {
  HEADER = 8,
  BASE = 10000,
  NEGATIVE = 0x4000,
  NAN_SIGN = 0xC000,
  PLUS_INFINITY = 0xD000,
  MINUS_INFINITY = 0xF000
};

static bool sign_is_number(uint16_t sign) { return sign == 0 || sign == NEGATIVE; }
static bool sign_is_known(uint16_t sign) {
  return sign_is_number(sign) || sign == NAN_SIGN || sign == PLUS_INFINITY || sign == MINUS_INFINITY;
}

static bool numeric_whole(const uint8_t *bytes, uint32_t n) {
  if (n < HEADER) return false;
  uint32_t digits = wire_u16(bytes);
  if (n != HEADER + digits * 2 || !sign_is_known(wire_u16(bytes + 4))) return false;
  for (uint32_t i = 0; i < digits; i++)
    if (wire_u16(bytes + HEADER + i * 2) >= BASE) return false;
  return true;
}

void numeric_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (!numeric_whole(bytes, n)) return;
  value_view(out, VALUE_DECIMAL, bytes, n);
}

static char *put16(char *at, uint32_t v) {
  at[0] = (char)(v >> 8);
  at[1] = (char)v;
  return at + 2;
}

void money_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  value_invalid(out);
  if (n != 8) return;
  int64_t cents = (int64_t)wire_u64(bytes);
  uint64_t size = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
  uint16_t digits[8] = {0}; /* most significant last; [0] is the fraction */
  uint32_t k = 1;
  digits[0] = (uint16_t)(size % 100 * 100);
  for (size /= 100; size; size /= BASE) digits[k++] = (uint16_t)(size % BASE);
  char *at = value_room(out, VALUE_DECIMAL, scratch, HEADER + k * 2);
  if (!at) return;
  at = put16(at, k);
  at = put16(at, k - 2); /* weight of the first digit; -1 when there is only the fraction */
  at = put16(at, cents < 0 ? NEGATIVE : 0);
  at = put16(at, 2);
  while (k) at = put16(at, digits[--k]);
}

/* Any of the kinds that numeric takes, as its wire form in the Buf's arena. */
static bool numeric_wire(Arena *a, TypeId type, const Value *v, Slice *wire, Err *e) {
  Slice text;
  switch (v->kind) {
    case VALUE_DECIMAL:
      *wire = (Slice){v->u.p, v->len};
      return numeric_whole((const uint8_t *)wire->p, wire->n) || codec_mismatch(type, v, e);
    case VALUE_INT: text = decimal_of_int(a, v->u.i); break;
    case VALUE_FLOAT: text = decimal_of_double(a, v->u.f); break;
    case VALUE_TEXT:
      if (!decimal_parse(a, (Slice){v->u.p, v->len}, &text, e)) return false;
      break;
    default: return codec_mismatch(type, v, e);
  }
  Buf b = buf_in(a);
  decimal_to_wire(&b, text);
  *wire = buf_slice(&b);
  return true;
}

bool numeric_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  Slice wire;
  if (!numeric_wire(to->arena, type, v, &wire, e)) return false;
  buf_slice_add(to, wire);
  return true;
}

/* Hundredths, exactly; false when there are more decimals than two or it does not fit. Counts downwards:
 * the smallest int64 has no positive twin. */
static bool cents_of_numeric(const uint8_t *wire, int64_t *out) {
  int32_t digits = wire_u16(wire), weight = (int16_t)wire_u16(wire + 2);
  int64_t minus = 0;
  int32_t last = digits - 1 > weight ? digits - 1 : weight;
  if (!sign_is_number(wire_u16(wire + 4))) return false;
  for (int32_t i = 0; i <= last; i++) {
    int32_t digit = i < digits ? wire_u16(wire + HEADER + i * 2) : 0;
    int32_t power = weight - i; /* of 10000 */
    if (power < -1 && digit != 0) return false;
    if (power < -1) continue;
    if (power == -1 && digit % 100 != 0) return false;
    int64_t step = power == -1 ? 100 : BASE;
    if (power == -1) digit /= 100;
    if (__builtin_mul_overflow(minus, step, &minus) || __builtin_sub_overflow(minus, digit, &minus))
      return false;
  }
  if (last < 0 || weight - last > -1) /* no fraction was met */
    if (__builtin_mul_overflow(minus, 100, &minus)) return false;
  if (wire_u16(wire + 4) != NEGATIVE && minus == INT64_MIN) return false;
  *out = wire_u16(wire + 4) == NEGATIVE ? minus : -minus;
  return true;
}

bool money_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  Slice wire;
  int64_t cents;
  if (!numeric_wire(to->arena, type, v, &wire, e)) return false;
  if (!cents_of_numeric((const uint8_t *)wire.p, &cents)) return codec_out_of_range(type, e);
  buf_be64(to, (uint64_t)cents);
  return true;
}
