#include "pg/codec.h"

#include <math.h>

#include "base/datetime.h"
#include "base/decimal.h"
#include "check.h"

static Arena *arena;

static Value decode(TypeId t, const char *bytes, uint32_t n) {
  Value v;
  codec_decode_type(t)(&v, (const uint8_t *)bytes, n, arena);
  return v;
}
#define DECODE(t, literal) decode(t, literal, sizeof(literal) - 1)
#define INVALID(t, literal) CHECK(DECODE(t, literal).kind == VALUE_INVALID)

static Slice text_of(Value v) { return (Slice){v.u.p, v.len}; }
static Value text(const char *z) { return (Value){VALUE_TEXT, (uint32_t)strlen(z), {.p = z}}; }
static Value integer(int64_t i) { return (Value){VALUE_INT, 0, {.i = i}}; }
static Value moment(int64_t i) { return (Value){VALUE_DATETIME, 0, {.i = i}}; }

static bool encodes(TypeId t, Value v, Value *back) {
  Err e;
  Buf b = buf_in(arena);
  buf_text(&b, "before");
  if (!codec_encode(t)(&b, t, &v, &e)) {
    CHECK(e.code != ERR_NONE && e.message[0]);
    return false;
  }
  *back = decode(t, b.p + 6, b.n - 6);
  return true;
}
static bool refuses(TypeId t, Value v) {
  Value back;
  return !encodes(t, v, &back);
}
static bool same_int(TypeId t, int64_t i) {
  Value back;
  return encodes(t, integer(i), &back) && back.kind == VALUE_INT && back.u.i == i;
}
static bool same_moment(TypeId t, int64_t i) {
  Value back;
  return encodes(t, moment(i), &back) && back.kind == VALUE_DATETIME && back.u.i == i;
}
static bool same_text(TypeId t, const char *in, const char *out) {
  Value back;
  return encodes(t, text(in), &back) && back.kind == VALUE_TEXT && slice_is(text_of(back), out);
}

static void integers_keep_their_ends(void) {
  CHECK(same_int(TYPE_INT2, INT16_MIN) && same_int(TYPE_INT2, INT16_MAX));
  CHECK(same_int(TYPE_INT4, INT32_MIN) && same_int(TYPE_INT4, INT32_MAX));
  CHECK(same_int(TYPE_INT8, INT64_MIN) && same_int(TYPE_INT8, INT64_MAX));
  CHECK(same_int(TYPE_OID, 0) && same_int(TYPE_OID, UINT32_MAX));
  CHECK(refuses(TYPE_INT2, integer(INT16_MAX + 1)) && refuses(TYPE_INT2, integer(INT16_MIN - 1)));
  CHECK(refuses(TYPE_INT4, integer(INT32_MAX + 1ll)) && refuses(TYPE_OID, integer(-1)));
  CHECK(refuses(TYPE_INT4, text("1")) && refuses(TYPE_BOOL, integer(1)));
  CHECK(DECODE(TYPE_BOOL, "\1").u.i == 1 && DECODE(TYPE_BOOL, "\0").u.i == 0);
}

static void floats_keep_every_bit(void) {
  static const uint64_t bits[] = {0,
                                  UINT64_C(1) << 63,
                                  1,
                                  UINT64_C(0x7FF0000000000000),
                                  UINT64_C(0x7FF8000000000123),
                                  UINT64_C(0x3FB999999999999A)};
  for (size_t i = 0; i < COUNT(bits); i++) {
    Value v = {VALUE_FLOAT, 0, {0}}, back;
    memcpy(&v.u.f, &bits[i], 8);
    CHECK(encodes(TYPE_FLOAT8, v, &back) && memcmp(&back.u.f, &bits[i], 8) == 0);
  }
  Value huge = {VALUE_FLOAT, 0, {.f = 1e300}}, inf = {VALUE_FLOAT, 0, {.f = INFINITY}}, back;
  CHECK(refuses(TYPE_FLOAT4, huge));
  CHECK(encodes(TYPE_FLOAT4, inf, &back) && isinf(back.u.f));
  static const double shortest[] = {0.1, 16777216, 3.4028235e38, 1.1754944e-38, 1e-45, -3e-45, 1.234e-41};
  for (size_t i = 0; i < COUNT(shortest); i++) {
    Value f = {VALUE_FLOAT, 0, {.f = shortest[i]}};
    CHECK(encodes(TYPE_FLOAT4, f, &back) && back.u.f == shortest[i]);
  }
  CHECK(encodes(TYPE_FLOAT4, integer(3), &back) && back.kind == VALUE_FLOAT && back.u.f == 3);
}

static void wrong_lengths_are_invalid(void) {
  static const uint8_t zeros[64];
  static const struct {
    TypeId type;
    uint32_t n;
  } widths[] = {{TYPE_BOOL, 1},      {TYPE_INT2, 2},       {TYPE_INT4, 4},   {TYPE_INT8, 8},
                {TYPE_OID, 4},       {TYPE_FLOAT4, 4},     {TYPE_FLOAT8, 8}, {TYPE_MONEY, 8},
                {TYPE_UUID, 16},     {TYPE_DATE, 4},       {TYPE_TIME, 8},   {TYPE_TIMETZ, 12},
                {TYPE_TIMESTAMP, 8}, {TYPE_TIMESTAMPTZ, 8}};
  for (size_t i = 0; i < COUNT(widths); i++)
    for (uint32_t n = 0; n < sizeof zeros; n++) {
      Value v;
      codec_decode_type(widths[i].type)(&v, zeros, n, arena);
      CHECK((v.kind == VALUE_INVALID) == (n != widths[i].n));
    }
}

static void texts_refuse_what_the_server_would(void) {
  CHECK(same_text(TYPE_TEXT, "", "") && same_text(TYPE_VARCHAR, "gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F"));
  CHECK(refuses(TYPE_TEXT, (Value){VALUE_TEXT, 3, {.p = "a\0b"}}));
  CHECK(refuses(TYPE_ENUM, text("\xFF")));
  CHECK(DECODE(TYPE_CHAR, "\0").len == 0 && DECODE(TYPE_CHAR, "x").len == 1);
  INVALID(TYPE_CHAR, "xy");
}

static void uuids(void) {
  const char *plain = "0123abcd-4567-89ef-0123-456789abcdef";
  CHECK(same_text(TYPE_UUID, plain, plain));
  CHECK(same_text(TYPE_UUID, "{0123ABCD456789EF0123456789ABCDEF}", plain));
  CHECK(same_text(TYPE_UUID, "0123-abcd-4567-89ef-0123-4567-89ab-cdef", plain));
  CHECK(refuses(TYPE_UUID, text("0123abcd-4567-89ef-0123-456789abcde")));
  CHECK(refuses(TYPE_UUID, text("0123abcd-4567-89ef-0123-456789abcdef0")));
  CHECK(refuses(TYPE_UUID, text("0123abcd-4567-89ef-0123-456789abcdeg")));
  CHECK(refuses(TYPE_UUID, text("")) && refuses(TYPE_UUID, text("{}")));
}

static void bits(void) {
  CHECK(same_text(TYPE_BIT, "1", "1") && same_text(TYPE_VARBIT, "", ""));
  CHECK(same_text(TYPE_VARBIT, "10100000011", "10100000011") && same_text(TYPE_BIT, "11111111", "11111111"));
  CHECK(refuses(TYPE_BIT, text("012")));
  INVALID(TYPE_BIT, "\0\0\0");
  INVALID(TYPE_BIT, "\0\0\0\1");
  INVALID(TYPE_BIT, "\0\0\0\1\0\0");
  INVALID(TYPE_VARBIT, "\xFF\xFF\xFF\xFF\0");
  INVALID(TYPE_VARBIT, "\x7F\xFF\xFF\xFF\0");
}

static void addresses(void) {
  CHECK(same_text(TYPE_INET, "10.1.2.3", "10.1.2.3") && same_text(TYPE_INET, "10.1.2.3/8", "10.1.2.3/8"));
  CHECK(same_text(TYPE_INET, "::1", "::1") && same_text(TYPE_INET, "FE80::1/64", "fe80::1/64"));
  CHECK(same_text(TYPE_CIDR, "10.0.0.0/8", "10.0.0.0/8") && same_text(TYPE_CIDR, "10.1.2.3", "10.1.2.3/32"));
  CHECK(refuses(TYPE_CIDR, text("10.1.0.0/8")) && refuses(TYPE_INET, text("10.1.2.3/33")));
  CHECK(refuses(TYPE_INET, text("10.1.2")) && refuses(TYPE_INET, text("::1/")) &&
        refuses(TYPE_INET, text("")));
  INVALID(TYPE_INET, "\2\x20\0\4\1\2\3");
  INVALID(TYPE_INET, "\2\x21\0\4\1\2\3\4");
  INVALID(TYPE_INET, "\4\x20\0\4\1\2\3\4");
  INVALID(TYPE_INET, "\3\x20\0\4\1\2\3\4");
}

static void json_has_a_version(void) {
  Value v = {VALUE_JSON, 2, {.p = "{}"}}, back;
  CHECK(encodes(TYPE_JSONB, v, &back) && back.kind == VALUE_JSON && slice_is(text_of(back), "{}"));
  CHECK(encodes(TYPE_JSON, v, &back) && slice_is(text_of(back), "{}"));
  INVALID(TYPE_JSONB, "\2{}");
  INVALID(TYPE_JSONB, "");
  INVALID(TYPE_JSONB, "\1");
}

static void times_have_edges(void) {
  CHECK(same_moment(TYPE_TIMESTAMP, 0) && same_moment(TYPE_TIMESTAMPTZ, -1) &&
        same_moment(TYPE_TIMESTAMPTZ, INT64_C(1795530911123456)));
  CHECK(same_moment(TYPE_TIMESTAMP, DATETIME_INFINITY) && same_moment(TYPE_DATE, DATETIME_MINUS_INFINITY));
  CHECK(same_moment(TYPE_TIMESTAMP, DATETIME_INFINITY - 1));
  CHECK(refuses(TYPE_TIMESTAMP, moment(DATETIME_MINUS_INFINITY + 1)));
  CHECK(refuses(TYPE_DATE, moment(DATETIME_MINUS_INFINITY + 1)));
  CHECK(DECODE(TYPE_TIMESTAMP, "\0\0\0\0\0\0\0\0").u.i == INT64_C(946684800000000));
  CHECK(DECODE(TYPE_DATE, "\0\0\0\1").u.i == INT64_C(946771200000000));
  INVALID(TYPE_TIMESTAMP, "\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFE"); /* the year 294247 */
  INVALID(TYPE_DATE, "\x7F\xFF\xFF\xFE");
  Value back;
  CHECK(encodes(TYPE_DATE, moment(-1), &back) && back.u.i == INT64_C(-86400000000));
  CHECK(encodes(TYPE_TIME, moment(-1), &back) && back.u.i == INT64_C(86399999999));
  CHECK(encodes(TYPE_TIMETZ, moment(INT64_C(946684800000001)), &back) && back.u.i == 1);
  CHECK(DECODE(TYPE_TIME, "\0\0\0\x14\x1D\xD7\x60\0").u.i == INT64_C(86400000000)); /* 24:00 */
  INVALID(TYPE_TIME, "\0\0\0\x14\x1D\xD7\x60\1");
  INVALID(TYPE_TIME, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
  CHECK(DECODE(TYPE_TIMETZ, "\0\0\0\0\0\0\0\0\xFF\xFF\xF1\xF0").u.i == INT64_C(82800000000)); /* 00:00+01 */
  INVALID(TYPE_TIMETZ, "\0\0\0\0\0\0\0\0\x7F\xFF\xFF\xFF");
  CHECK(refuses(TYPE_TIME, moment(DATETIME_INFINITY)));
}

static bool money_is(int64_t cents, const char *want) {
  Err e;
  Slice got;
  Value wire;
  Buf b = buf_in(arena);
  buf_be64(&b, (uint64_t)cents);
  wire = decode(TYPE_MONEY, b.p, b.n);
  if (wire.kind != VALUE_DECIMAL || !decimal_from_wire(arena, text_of(wire), &got, &e)) return false;
  CHECK_TEXT(got, want);
  b.n = 0;
  CHECK(codec_encode(TYPE_MONEY)(&b, TYPE_MONEY, &wire, &e) && b.n == 8);
  Value again = decode(TYPE_INT8, b.p, b.n);
  return slice_is(got, want) && again.u.i == cents;
}

static void money_is_exact(void) {
  CHECK(money_is(0, "0.00") && money_is(1, "0.01") && money_is(-1, "-0.01"));
  CHECK(money_is(1000000, "10000.00") && money_is(123456789012, "1234567890.12"));
  CHECK(money_is(INT64_MAX, "92233720368547758.07") && money_is(INT64_MIN, "-92233720368547758.08"));
  CHECK(refuses(TYPE_MONEY, text("92233720368547758.08")) && refuses(TYPE_MONEY, text("0.001")));
  CHECK(refuses(TYPE_MONEY, text("NaN")));
  Value back;
  CHECK(encodes(TYPE_MONEY, integer(40000), &back) && money_is(4000000, "40000.00"));
}

static bool numeric_is(const char *in, const char *want) {
  Err e;
  Value back;
  Slice got;
  if (!encodes(TYPE_NUMERIC, text(in), &back) || back.kind != VALUE_DECIMAL) return false;
  if (!decimal_from_wire(arena, text_of(back), &got, &e)) return false;
  CHECK_TEXT(got, want);
  return true;
}

static void numerics(void) {
  CHECK(numeric_is("0", "0") && numeric_is("-12.50", "-12.50") && numeric_is("NaN", "NaN"));
  CHECK(numeric_is("42670021827970642226975.0001", "42670021827970642226975.0001"));
  CHECK(numeric_is("10000", "10000") && numeric_is("0.00000001", "0.00000001"));
  CHECK(refuses(TYPE_NUMERIC, text("one")));
  INVALID(TYPE_NUMERIC, "\0\0\0\0\0\0\0");
  INVALID(TYPE_NUMERIC, "\0\1\0\0\0\0\0\0");
  INVALID(TYPE_NUMERIC, "\xFF\xFF\0\0\0\0\0\0");
  INVALID(TYPE_NUMERIC, "\0\1\0\0\0\0\0\0\x27\x10"); /* a digit of 10000 */
  INVALID(TYPE_NUMERIC, "\0\0\0\0\x12\x34\0\0");
}

static Buf list_of(uint32_t n, bool nulls) {
  Err e;
  Buf b = buf_in(arena);
  codec_array_open(&b, TYPE_INT4, n, nulls);
  for (uint32_t i = 0; i < n; i++) {
    if (nulls && i % 2) {
      codec_array_null(&b);
      continue;
    }
    Value v = integer(i);
    uint32_t mark = codec_array_item(&b);
    CHECK(codec_encode(TYPE_INT4)(&b, TYPE_INT4, &v, &e));
    codec_array_item_end(&b, mark);
  }
  return b;
}

static void arrays_there_and_back(void) {
  for (uint32_t n = 0; n < 40; n += 3) {
    Buf b = list_of(n, true);
    Value v, item;
    ListIter it;
    uint32_t count, i = 0;
    codec_decode(1007)(&v, (const uint8_t *)b.p, b.n, arena);
    CHECK(v.kind == (VALUE_ARRAY | (uint32_t)TYPE_INT4 << 16));
    CHECK(list_open(&it, &v, &count, arena) && count == n);
    for (; list_next(&it, &item); i++) CHECK(i % 2 ? item.kind == VALUE_NULL : item.u.i == i);
    CHECK(i == n && it.n == 0);
  }
}

/* Every shortened or flipped array ends in a refusal or in sane values, never outside its bytes. */
static void hostile_arrays_end(void) {
  Buf good = list_of(3, false);
  for (uint32_t n = 0; n < good.n; n++) {
    char *cut = arena_copy(arena, good.p, n);
    Value v, item;
    ListIter it;
    uint32_t count;
    codec_decode(1007)(&v, (const uint8_t *)cut, n, arena);
    bool opened = list_open(&it, &v, &count, arena);
    while (opened && list_next(&it, &item)) continue;
    CHECK(!opened || it.n > 0);
  }
  for (uint32_t i = 0; i < good.n; i++) {
    char *flipped = arena_copy(arena, good.p, good.n);
    flipped[i] ^= (char)0x80;
    Value v = {VALUE_ARRAY, good.n, {.p = flipped}}, item;
    ListIter it;
    uint32_t count;
    if (list_open(&it, &v, &count, arena))
      CHECK(count <= good.n / 4);
    else
      continue;
    while (list_next(&it, &item)) continue;
  }
  Value two = {VALUE_ARRAY, 28, {.p = "\0\0\0\2\0\0\0\0\0\0\0\x17\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1"}};
  ListIter it;
  uint32_t count;
  CHECK(!list_open(&it, &two, &count, arena));
}

static void unknown_types_are_seen_through(void) {
  Value v;
  codec_decode(99999)(&v, (const uint8_t *)"ADMIN", 5, arena);
  CHECK(v.kind == VALUE_TEXT);
  codec_decode(99999)(&v, (const uint8_t *)"\0\1\2", 3, arena);
  CHECK(v.kind == VALUE_BYTES);
  Buf b = buf_in(arena);
  codec_array_open_oid(&b, 99999, 1, false);
  uint32_t mark = codec_array_item(&b);
  buf_text(&b, "ADMIN");
  codec_array_item_end(&b, mark);
  codec_decode(99998)(&v, (const uint8_t *)b.p, b.n, arena);
  CHECK((v.kind & 0xFFFF) == VALUE_ARRAY);
  ListIter it;
  uint32_t n;
  CHECK(list_open(&it, &v, &n, arena) && n == 1 && list_next(&it, &v));
  CHECK_TEXT(text_of(v), "ADMIN");
}

static void every_type_has_both(void) {
  for (int t = 0; t < TYPE_COUNT; t++) CHECK(codec_decode_type((TypeId)t) && codec_encode((TypeId)t));
}

/* Nothing here runs out of memory: one protection for all. */
static void all(void *ctx) {
  (void)ctx;
  integers_keep_their_ends();
  floats_keep_every_bit();
  wrong_lengths_are_invalid();
  texts_refuse_what_the_server_would();
  uuids();
  bits();
  addresses();
  json_has_a_version();
  times_have_edges();
  money_is_exact();
  numerics();
  arrays_there_and_back();
  hostile_arrays_end();
  unknown_types_are_seen_through();
  every_type_has_both();
}

static void codecs(void) {
  arena = arena_new(0);
  CHECK(arena && arena_protect(arena, NULL, all, NULL));
  arena_free(arena);
}

TESTS(codecs)
