#include <math.h>

#include "base/decimal_private.h"
#include "base/number.h"

#define NOT_A_NUMBER SLICE("NaN")
#define INFINITE SLICE("Infinity")
#define MINUS_INFINITE SLICE("-Infinity")

enum {
  WIRE_HEADER = 8,
  WIRE_BASE = 10000,
  WIRE_NEGATIVE = 0x4000,
  WIRE_NAN = 0xC000,
  WIRE_INFINITY = 0xD000,
  WIRE_MINUS_INFINITY = 0xF000
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* ---- canonical text ---- */

static uint32_t leading_zeros(Slice s) {
  uint32_t n = 0;
  while (n < s.n && s.p[n] == '0') n++;
  return n;
}

bool decimal_is_zero(const DecimalParts *d) {
  return d->class == DECIMAL_NUMBER && leading_zeros(d->whole) == d->whole.n &&
         leading_zeros(d->fraction) == d->fraction.n;
}

DecimalParts decimal_parts(Slice s) {
  DecimalParts d = {.class = DECIMAL_NUMBER, .negative = s.n && s.p[0] == '-'};
  if (slice_eq(s, NOT_A_NUMBER)) d.class = DECIMAL_NAN;
  if (slice_eq(s, INFINITE)) d.class = DECIMAL_INFINITY;
  if (slice_eq(s, MINUS_INFINITE)) d.class = DECIMAL_MINUS_INFINITY;
  d.whole = (Slice){s.p + d.negative, s.n - d.negative};
  const char *point = d.whole.n ? memchr(d.whole.p, '.', d.whole.n) : NULL;
  if (!point) return d;
  uint32_t whole = (uint32_t)(point - d.whole.p);
  d.fraction = (Slice){point + 1, d.whole.n - whole - 1};
  d.whole.n = whole;
  return d;
}

bool decimal_from_digits(Arena *a, bool negative, Slice digits, uint32_t scale, Slice *canonical, Err *e) {
  uint32_t zeros = leading_zeros((Slice){digits.p, digits.n - scale});
  if (zeros == digits.n - scale) zeros--; /* one stays before the point */
  digits = (Slice){digits.p + zeros, digits.n - zeros};
  if (digits.n - scale > DECIMAL_WHOLE_MAX || scale > DECIMAL_SCALE_MAX)
    return err_set(e, ERR_VALIDATION,
                   "The number has more digits than a decimal can have (%d before the point, %d after it).",
                   DECIMAL_WHOLE_MAX, DECIMAL_SCALE_MAX);
  Buf b = buf_in(a);
  buf_reserve(&b, digits.n + 2);
  if (negative && leading_zeros(digits) < digits.n) buf_byte(&b, '-'); /* there is no negative zero */
  buf_add(&b, digits.p, digits.n - scale);
  if (scale) buf_byte(&b, '.');
  buf_add(&b, digits.p + digits.n - scale, scale);
  *canonical = buf_slice(&b);
  return true;
}

/* ---- other texts ---- */

typedef struct Scan {
  Slice text;
  uint32_t at;
  Buf digits;
  int64_t point; /* digits after it, less the exponent */
} Scan;

static char peek(const Scan *s) { return s->at < s->text.n ? s->text.p[s->at] : 0; }

static bool scan_digits(Scan *s) {
  uint32_t start = s->at;
  while (is_digit(peek(s))) s->at++;
  buf_add(&s->digits, s->text.p + start, s->at - start);
  return s->at > start;
}

/* number = digit* ["." digit*] [("e" | "E") ["+" | "-"] digit+], with a digit before the exponent */
static bool scan_number(Scan *s) {
  bool any = scan_digits(s);
  if (peek(s) == '.') {
    uint32_t start = ++s->at;
    any |= scan_digits(s);
    s->point = s->at - start;
  }
  if (!any) return false;
  if (peek(s) != 'e' && peek(s) != 'E') return s->at == s->text.n;
  s->at++;
  bool minus = peek(s) == '-';
  if (minus || peek(s) == '+') s->at++;
  int64_t exponent = 0;
  if (!is_digit(peek(s))) return false;
  for (; is_digit(peek(s)); s->at++)
    if (exponent < 1000000) exponent = exponent * 10 + (peek(s) - '0');
  s->point -= minus ? -exponent : exponent;
  return s->at == s->text.n;
}

static bool same_word(Slice s, const char *word) {
  for (uint32_t i = 0; i < s.n; i++)
    if (!word[i] || (s.p[i] | 0x20) != word[i]) return false;
  return s.n && !word[s.n];
}

static bool scan_word(Slice s, bool negative, bool sign, Slice *canonical) {
  if (same_word(s, "nan") && !sign) {
    *canonical = NOT_A_NUMBER;
    return true;
  }
  *canonical = negative ? MINUS_INFINITE : INFINITE;
  return same_word(s, "infinity") || same_word(s, "inf");
}

static Slice trimmed(Slice s) {
  static const char blanks[] = " \t\n\v\f\r";
  while (s.n && memchr(blanks, s.p[0], sizeof blanks - 1)) s = (Slice){s.p + 1, s.n - 1};
  while (s.n && memchr(blanks, s.p[s.n - 1], sizeof blanks - 1)) s.n--;
  return s;
}

static void pad(Buf *b, int64_t zeros) {
  memset(buf_reserve(b, (uint32_t)zeros), '0', (size_t)zeros);
  b->n += (uint32_t)zeros;
}

/* The scanned digits, with the zeros that the exponent stands for. */
static bool scanned(Arena *a, bool negative, Scan *s, Slice *canonical, Err *e) {
  const int64_t limit = DECIMAL_WHOLE_MAX + DECIMAL_SCALE_MAX;
  bool zero = leading_zeros((Slice){s->digits.p, s->digits.n}) == s->digits.n;
  if (zero && s->point < 0) s->point = 0; /* 0e99 is 0 */
  if (s->point < -limit || s->point > limit || s->digits.n > 2 * limit)
    return err_set(e, ERR_VALIDATION, "The number is too large or too small for a decimal.");
  if (s->point < 0) {
    pad(&s->digits, -s->point);
    s->point = 0;
  }
  Buf whole = buf_in(a);
  if (s->point >= s->digits.n) pad(&whole, s->point - s->digits.n + 1);
  buf_add(&whole, s->digits.p, s->digits.n);
  return decimal_from_digits(a, negative, buf_slice(&whole), (uint32_t)s->point, canonical, e);
}

bool decimal_parse(Arena *a, Slice text, Slice *canonical, Err *e) {
  Scan s = {.text = trimmed(text), .digits = buf_in(a)};
  bool negative = peek(&s) == '-', sign = negative || peek(&s) == '+';
  s.at += sign;
  if (scan_word((Slice){s.text.p + s.at, s.text.n - s.at}, negative, sign, canonical)) return true;
  if (scan_number(&s)) return scanned(a, negative, &s, canonical, e);
  Slice shown = {text.p, text.n < 40 ? text.n : 40};
  return err_set(e, ERR_VALIDATION, "\"%.*s%s\" is not a number.", SLICE_ARGS(shown),
                 text.n > 40 ? "..." : "");
}

Slice decimal_of_int(Arena *a, int64_t i) { return slice_printf(a, "%lld", (long long)i); }

Slice decimal_of_double(Arena *a, double f) {
  char digits[NUMBER_DIGITS];
  int point;
  if (isnan(f)) return NOT_A_NUMBER;
  if (isinf(f)) return f > 0 ? INFINITE : MINUS_INFINITE;
  int n = (int)number_digits(f, digits, &point);
  Buf b = buf_in(a);
  if (f < 0) buf_byte(&b, '-');
  int whole = point <= 0 ? 0 : point < n ? point : n;
  if (point <= 0) buf_text(&b, "0");
  buf_add(&b, digits, (uint32_t)whole);
  if (point > n) pad(&b, point - n);
  if (n > whole && f != 0) {
    buf_byte(&b, '.');
    if (point < 0) pad(&b, -point);
    buf_add(&b, digits + whole, (uint32_t)(n - whole));
  }
  return buf_slice(&b);
}

/* ---- the wire: int16 groups, int16 weight, uint16 sign, uint16 scale, groups of four digits ---- */

static uint32_t u16(Slice wire, uint32_t at) {
  return (uint32_t)((unsigned char)wire.p[at] << 8 | (unsigned char)wire.p[at + 1]);
}

static bool wire_special(uint32_t sign, Slice *canonical) {
  switch (sign) {
    case WIRE_NAN: *canonical = NOT_A_NUMBER; return true;
    case WIRE_INFINITY: *canonical = INFINITE; return true;
    case WIRE_MINUS_INFINITY: *canonical = MINUS_INFINITE; return true;
    default: return false;
  }
}

static bool wire_broken(Err *e) {
  return err_set(e, ERR_P2023, "The server sent a numeric that is not well-formed.");
}

/* Four digits of the group with this weight: 10000^weight. */
static bool wire_group(Slice wire, int weight, char out[4]) {
  int i = (int16_t)u16(wire, 2) - weight;
  uint32_t group = i >= 0 && i < (int)u16(wire, 0) ? u16(wire, WIRE_HEADER + 2 * (uint32_t)i) : 0;
  for (int k = 3; k >= 0; k--, group /= 10) out[k] = (char)('0' + group % 10);
  return group == 0;
}

bool decimal_from_wire(Arena *a, Slice wire, Slice *canonical, Err *e) {
  if (wire.n < WIRE_HEADER || wire.n != WIRE_HEADER + 2 * u16(wire, 0)) return wire_broken(e);
  uint32_t sign = u16(wire, 4), scale = u16(wire, 6);
  if (wire_special(sign, canonical)) return true;
  if ((sign && sign != WIRE_NEGATIVE) || scale > DECIMAL_SCALE_MAX) return wire_broken(e);
  int weight = (int16_t)u16(wire, 2), last = -(int)((scale + 3) / 4);
  if (weight < 0) weight = 0;
  uint32_t n = (uint32_t)(weight - last + 1) * 4;
  char *digits = arena_alloc(a, n), *at = digits;
  for (int w = weight; w >= last; w--, at += 4)
    if (!wire_group(wire, w, at)) return wire_broken(e);
  n -= (uint32_t)-last * 4 - scale; /* what is finer than the scale is not shown */
  return decimal_from_digits(a, sign == WIRE_NEGATIVE, (Slice){digits, n}, scale, canonical, e);
}

static void wire_header(Buf *b, uint32_t groups, int weight, uint32_t sign, uint32_t scale) {
  buf_be16(b, (uint16_t)groups);
  buf_be16(b, (uint16_t)weight);
  buf_be16(b, (uint16_t)sign);
  buf_be16(b, (uint16_t)scale);
}

/* The digit `at` places after the point; before it when negative. */
static uint32_t digit_at(const DecimalParts *d, int at) {
  int64_t whole = (int64_t)d->whole.n + at;
  if (at < 0) return whole < 0 ? 0 : (uint32_t)(d->whole.p[whole] - '0');
  return at < (int)d->fraction.n ? (uint32_t)(d->fraction.p[at] - '0') : 0;
}

static uint32_t group_at(const DecimalParts *d, int weight) {
  uint32_t group = 0;
  for (int k = 0; k < 4; k++) group = group * 10 + digit_at(d, -4 * (weight + 1) + k);
  return group;
}

void decimal_to_wire(Buf *b, Slice canonical) {
  DecimalParts d = decimal_parts(canonical);
  switch (d.class) {
    case DECIMAL_NAN: wire_header(b, 0, 0, WIRE_NAN, 0); return;
    case DECIMAL_INFINITY: wire_header(b, 0, 0, WIRE_INFINITY, 0); return;
    case DECIMAL_MINUS_INFINITY: wire_header(b, 0, 0, WIRE_MINUS_INFINITY, 0); return;
    case DECIMAL_NUMBER: break;
  }
  int first = (int)(d.whole.n + 3) / 4 - 1, last = -(int)((d.fraction.n + 3) / 4);
  while (first >= last && group_at(&d, first) == 0) first--;
  while (last < first && group_at(&d, last) == 0) last++;
  bool zero = first < last;
  wire_header(b, zero ? 0 : (uint32_t)(first - last + 1), zero ? 0 : first, d.negative ? WIRE_NEGATIVE : 0,
              d.fraction.n);
  for (int w = first; w >= last; w--) buf_be16(b, (uint16_t)group_at(&d, w));
}

/* ---- order, and other numbers ---- */

/* Fractions as if the shorter one had zeros behind it. */
static int compare_fractions(Slice a, Slice b) {
  uint32_t n = a.n < b.n ? a.n : b.n;
  int order = n ? memcmp(a.p, b.p, n) : 0;
  if (order) return order;
  if (a.n == b.n) return 0;
  Slice rest = a.n > n ? (Slice){a.p + n, a.n - n} : (Slice){b.p + n, b.n - n};
  if (leading_zeros(rest) == rest.n) return 0;
  return a.n > n ? 1 : -1;
}

int decimal_compare(Slice a, Slice b) {
  DecimalParts x = decimal_parts(a), y = decimal_parts(b);
  if (x.class != y.class) return x.class < y.class ? -1 : 1;
  if (x.class != DECIMAL_NUMBER) return 0;
  if (x.negative != y.negative) return x.negative ? -1 : 1;
  int order =
      x.whole.n != y.whole.n ? (x.whole.n < y.whole.n ? -1 : 1) : memcmp(x.whole.p, y.whole.p, x.whole.n);
  if (order == 0) order = compare_fractions(x.fraction, y.fraction);
  order = (order > 0) - (order < 0);
  return x.negative ? -order : order;
}

Slice decimal_negate(Arena *arena, Slice a) {
  DecimalParts d = decimal_parts(a);
  if (d.class == DECIMAL_NAN || decimal_is_zero(&d)) return a;
  if (d.negative) return slice_copy(arena, (Slice){a.p + 1, a.n - 1});
  return slice_printf(arena, "-%.*s", SLICE_ARGS(a));
}

/* Counts downwards: the smallest int64 has no positive twin. */
bool decimal_to_int(Slice a, int64_t *out) {
  DecimalParts d = decimal_parts(a);
  int64_t value = 0;
  if (d.class != DECIMAL_NUMBER || leading_zeros(d.fraction) != d.fraction.n) return false;
  for (uint32_t i = 0; i < d.whole.n; i++)
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_sub_overflow(value, d.whole.p[i] - '0', &value))
      return false;
  if (!d.negative && value == INT64_MIN) return false;
  *out = d.negative ? value : -value;
  return true;
}

double decimal_to_double(Slice a) {
  switch (decimal_parts(a).class) {
    case DECIMAL_NAN: return NAN;
    case DECIMAL_INFINITY: return INFINITY;
    case DECIMAL_MINUS_INFINITY: return -INFINITY;
    case DECIMAL_NUMBER: break;
  }
  return number_to_double(a);
}

/* Digits that begin with one that is not 0. */
static void put_scientific(Buf *b, Slice digits, int exponent) {
  while (digits.n > 1 && digits.p[digits.n - 1] == '0') digits.n--;
  buf_byte(b, digits.p[0]);
  if (digits.n > 1) buf_byte(b, '.');
  buf_add(b, digits.p + 1, digits.n - 1);
  buf_printf(b, "e%+d", exponent);
}

void decimal_shortest(Buf *b, Slice canonical) {
  enum {
    LARGE = 21,
    SMALL = -7
  };
  DecimalParts d = decimal_parts(canonical);
  if (d.class != DECIMAL_NUMBER) {
    buf_slice_add(b, canonical);
    return;
  }
  while (d.fraction.n && d.fraction.p[d.fraction.n - 1] == '0') d.fraction.n--;
  uint32_t zeros = leading_zeros(d.fraction);
  bool small = d.fraction.n && d.whole.n == 1 && d.whole.p[0] == '0';
  int exponent = small ? -(int)zeros - 1 : (int)d.whole.n - 1;
  if (d.negative) buf_byte(b, '-');
  if (exponent <= SMALL) {
    put_scientific(b, (Slice){d.fraction.p + zeros, d.fraction.n - zeros}, exponent);
  } else if (exponent >= LARGE) {
    Buf digits = buf_in(b->arena);
    buf_slice_add(&digits, d.whole);
    if (d.fraction.n) buf_slice_add(&digits, d.fraction);
    put_scientific(b, buf_slice(&digits), exponent);
  } else {
    buf_slice_add(b, d.whole);
    if (d.fraction.n) buf_printf(b, ".%.*s", SLICE_ARGS(d.fraction));
  }
}
