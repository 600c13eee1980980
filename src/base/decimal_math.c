/* Arithmetic: decimals as integers with a scale, the integers being GMP's limbs. Only GMP's mpn layer is
 * used: its numbers lie in memory that we hand it, here the arena's, so there is nothing to free on any way
 * out. (For operands of many kilobytes it takes scratch of its own from malloc and gives it back before it
 * returns.) */
#include <gmp.h>
#include <math.h>

#include "base/decimal_private.h"

enum {
  QUOTIENT_DIGITS = 20
};

typedef struct Number {
  bool negative;
  uint32_t scale;
  mp_limb_t *p;
  mp_size_t n; /* the top limb is not zero; 0 for zero */
} Number;

static mp_limb_t *limbs(Arena *a, mp_size_t n) {
  return arena_alloc(a, sizeof(mp_limb_t) * (size_t)(n ? n : 1));
}

static Number trimmed(Number x) {
  while (x.n && x.p[x.n - 1] == 0) x.n--;
  if (x.n == 0) x.negative = false;
  return x;
}

/* Digits with values 0..9, of which the first is not 0. */
static Number of_digits(Arena *a, const unsigned char *digits, uint32_t n) {
  Number x = {.p = limbs(a, n / 16 + 2)}; /* four bits a digit are more than enough */
  if (n) x.n = mpn_set_str(x.p, digits, n, 10);
  return trimmed(x);
}

static Number of_parts(Arena *a, const DecimalParts *d) {
  unsigned char *digits = arena_alloc(a, d->whole.n + d->fraction.n), *at = digits;
  for (uint32_t i = 0; i < d->whole.n; i++) *at++ = (unsigned char)(d->whole.p[i] - '0');
  for (uint32_t i = 0; i < d->fraction.n; i++) *at++ = (unsigned char)(d->fraction.p[i] - '0');
  uint32_t n = d->whole.n + d->fraction.n;
  for (; n && *digits == 0; n--) digits++;
  Number x = of_digits(a, digits, n);
  x.negative = d->negative;
  x.scale = d->fraction.n;
  return x;
}

static Number of_int(Arena *a, unsigned value) {
  return of_digits(a, &(unsigned char){(unsigned char)value}, value != 0);
}

static Number multiply(Arena *a, Number x, Number y) {
  Number r = {.negative = x.negative != y.negative, .scale = x.scale + y.scale, .n = x.n + y.n};
  r.p = limbs(a, r.n);
  if (x.n == 0 || y.n == 0)
    r.n = 0;
  else if (x.n >= y.n)
    mpn_mul(r.p, x.p, x.n, y.p, y.n);
  else
    mpn_mul(r.p, y.p, y.n, x.p, x.n);
  return trimmed(r);
}

/* x times 10^power; the scale stays. */
static Number shifted(Arena *a, Number x, uint32_t power) {
  if (power == 0 || x.n == 0) return x;
  unsigned char *digits = arena_zalloc(a, power + 1);
  digits[0] = 1;
  uint32_t scale = x.scale;
  x = multiply(a, x, of_digits(a, digits, power + 1));
  x.scale = scale;
  return x;
}

static Number rescaled(Arena *a, Number x, uint32_t scale) {
  x = shifted(a, x, scale - x.scale);
  x.scale = scale;
  return x;
}

static int compare_sizes(Number x, Number y) {
  if (x.n != y.n) return x.n < y.n ? -1 : 1;
  return x.n ? mpn_cmp(x.p, y.p, x.n) : 0;
}

static Number add(Arena *a, Number x, Number y) {
  uint32_t scale = x.scale > y.scale ? x.scale : y.scale;
  x = rescaled(a, x, scale);
  y = rescaled(a, y, scale);
  if (compare_sizes(x, y) < 0) {
    Number swap = x;
    x = y;
    y = swap;
  }
  Number r = {.negative = x.negative, .scale = scale, .p = limbs(a, x.n + 1), .n = x.n};
  if (y.n == 0) return x;
  if (x.negative != y.negative)
    mpn_sub(r.p, x.p, x.n, y.p, y.n);
  else
    r.p[r.n++] = mpn_add(r.p, x.p, x.n, y.p, y.n);
  return trimmed(r);
}

/* |x| / |y| as whole numbers. */
static Number quotient(Arena *a, Number x, Number y, Number *rest) {
  Number q = {.p = limbs(a, x.n + 1)};
  *rest = (Number){.p = limbs(a, y.n), .n = y.n};
  if (x.n < y.n) {
    *rest = x;
    rest->negative = false;
    return q;
  }
  q.n = x.n - y.n + 1;
  mpn_tdiv_qr(q.p, rest->p, 0, x.p, x.n, y.p, y.n);
  *rest = trimmed(*rest);
  return trimmed(q);
}

/* The digits of |x|, in ASCII, at least `least` of them. */
static Slice digits_of(Arena *a, Number x, uint32_t least) {
  size_t size = x.n ? mpn_sizeinbase(x.p, x.n, 10) : 0;
  unsigned char *text = arena_alloc(a, size + least + 2), *digits = text + least;
  mp_limb_t *copy = limbs(a, x.n + 1); /* the conversion destroys its input */
  if (x.n) mpn_copyi(copy, x.p, x.n);
  size_t n = x.n ? mpn_get_str(digits, 10, copy, x.n) : 0;
  for (size_t i = 0; i < n; i++) digits[i] = (unsigned char)(digits[i] + '0');
  for (; n < least; n++) *--digits = '0';
  return (Slice){(const char *)digits, (uint32_t)n};
}

static uint32_t count_digits(Arena *a, Number x) { return digits_of(a, x, 0).n; }

static bool too_large(Err *e) {
  return err_set(e, ERR_VALIDATION,
                 "The result has more digits than a decimal can have (%d before the point, %d after it).",
                 DECIMAL_WHOLE_MAX, DECIMAL_SCALE_MAX);
}

/* The result as text, with trailing zeros of the fraction dropped down to `keep` digits. */
static bool finish(Arena *a, Number x, uint32_t keep, Slice *result, Err *e) {
  Slice digits = digits_of(a, x, x.scale + 1);
  for (; x.scale > keep && digits.p[digits.n - 1] == '0'; x.scale--) digits.n--;
  if (x.scale > DECIMAL_SCALE_MAX || digits.n - x.scale > DECIMAL_WHOLE_MAX) return too_large(e);
  return decimal_from_digits(a, x.negative, digits, x.scale, result, e);
}

static bool by_zero(Err *e) { return err_set(e, ERR_VALIDATION, "Division by zero."); }

/* With the scale at which the quotient has QUOTIENT_DIGITS digits at least, and no fewer than its operands.
 */
static bool divide(Arena *a, Number x, Number y, Slice *result, Err *e) {
  if (y.n == 0) return by_zero(e);
  int64_t keep = x.scale > y.scale ? x.scale : y.scale;
  int64_t scale = QUOTIENT_DIGITS + (int64_t)count_digits(a, y) - count_digits(a, x) + x.scale - y.scale;
  if (scale < keep) scale = keep;
  if (scale > DECIMAL_SCALE_MAX) scale = DECIMAL_SCALE_MAX;
  Number rest, q = quotient(a, shifted(a, x, (uint32_t)scale + y.scale - x.scale), y, &rest);
  Number twice = add(a, (Number){.p = rest.p, .n = rest.n}, (Number){.p = rest.p, .n = rest.n});
  if (compare_sizes(twice, y) >= 0) q = add(a, q, of_int(a, 1));
  q.negative = x.negative != y.negative;
  q.scale = (uint32_t)scale;
  return finish(a, q, (uint32_t)keep, result, e);
}

/* The rest has the sign of the divisor, as in Lua. */
static bool modulo(Arena *a, Number x, Number y, Slice *result, Err *e) {
  if (y.n == 0) return by_zero(e);
  uint32_t scale = x.scale > y.scale ? x.scale : y.scale;
  x = rescaled(a, x, scale);
  y = rescaled(a, y, scale);
  Number rest;
  (void)quotient(a, x, y, &rest);
  rest.scale = scale;
  rest.negative = x.negative && rest.n;
  if (rest.n && x.negative != y.negative) rest = add(a, rest, y);
  return finish(a, rest, scale, result, e);
}

/* log10 |x| of the integer, good enough to see what is too much. */
static double magnitude(Arena *a, Number x) {
  Slice digits = digits_of(a, x, 1);
  double head = 0;
  uint32_t n = digits.n < 15 ? digits.n : 15;
  for (uint32_t i = 0; i < n; i++) head = head * 10 + (digits.p[i] - '0');
  return head > 0 ? log10(head) + (digits.n - n) : 0;
}

static bool power(Arena *a, Number x, int64_t exponent, Slice *result, Err *e) {
  uint64_t left = exponent < 0 ? 0 - (uint64_t)exponent : (uint64_t)exponent;
  const double limit = DECIMAL_WHOLE_MAX + DECIMAL_SCALE_MAX;
  if (exponent < 0 && x.n == 0) return by_zero(e);
  if (magnitude(a, x) * (double)left > limit || (double)x.scale * (double)left > DECIMAL_SCALE_MAX)
    return err_set(e, ERR_VALIDATION, "The power has more digits than a decimal can have.");
  Number r = of_int(a, 1);
  for (; left; left >>= 1) {
    if (left & 1) r = multiply(a, r, x);
    if (left > 1) x = multiply(a, x, x);
  }
  if (exponent < 0) return divide(a, of_int(a, 1), r, result, e);
  return finish(a, r, r.scale, result, e);
}

/* ---- infinities and NaN, as PostgreSQL has them ---- */

static bool answer(Slice *result, const char *text) {
  *result = slice_of(text);
  return true;
}

static bool infinity_or_nan(Slice *result, bool nan, bool negative) {
  return answer(result, nan ? "NaN" : negative ? "-Infinity" : "Infinity");
}

/* a ^ b where one of them is infinite and none is NaN. */
static bool special_power(const DecimalParts *a, const DecimalParts *b, Slice a_text, Slice *result, Err *e) {
  if (a->class == DECIMAL_NUMBER) {
    int size = decimal_compare(a->negative ? (Slice){a_text.p + 1, a_text.n - 1} : a_text, SLICE("1"));
    if (decimal_is_zero(a) && b->negative) return by_zero(e);
    if (size == 0) return answer(result, "1");
    return answer(result, (size > 0) != b->negative ? "Infinity" : "0");
  }
  int64_t exponent = 0;
  bool odd = b->class == DECIMAL_NUMBER && decimal_to_int((Slice){b->whole.p, b->whole.n}, &exponent) &&
             exponent % 2;
  if (decimal_is_zero(b)) return answer(result, "1");
  return b->negative ? answer(result, "0") : infinity_or_nan(result, false, a->negative && odd);
}

/* At least one operand is no number. */
static bool special(DecimalOp op, Slice a_text, Slice b_text, Slice *result, Err *e) {
  DecimalParts a = decimal_parts(a_text), b = decimal_parts(b_text);
  bool both = a.class != DECIMAL_NUMBER && b.class != DECIMAL_NUMBER, unlike = a.negative != b.negative;
  if (op == DECIMAL_POW && (decimal_is_zero(&b) || decimal_compare(a_text, SLICE("1")) == 0))
    return answer(result, "1");
  if (a.class == DECIMAL_NAN || b.class == DECIMAL_NAN) return answer(result, "NaN");
  switch (op) {
    case DECIMAL_ADD:
      return infinity_or_nan(result, both && unlike, a.class == DECIMAL_NUMBER ? b.negative : a.negative);
    case DECIMAL_SUB:
      return infinity_or_nan(result, both && !unlike, a.class == DECIMAL_NUMBER ? !b.negative : a.negative);
    case DECIMAL_MUL: return infinity_or_nan(result, decimal_is_zero(&a) || decimal_is_zero(&b), unlike);
    case DECIMAL_DIV:
      if (decimal_is_zero(&b)) return by_zero(e);
      return a.class == DECIMAL_NUMBER ? answer(result, "0") : infinity_or_nan(result, both, unlike);
    case DECIMAL_MOD:
      if (decimal_is_zero(&b)) return by_zero(e);
      if (a.class != DECIMAL_NUMBER) return answer(result, "NaN");
      *result = unlike && !decimal_is_zero(&a) ? b_text : a_text;
      return true;
    case DECIMAL_POW: break;
  }
  return special_power(&a, &b, a_text, result, e);
}

bool decimal_compute(Arena *arena, DecimalOp op, Slice a, Slice b, Slice *result, Err *e) {
  DecimalParts left = decimal_parts(a), right = decimal_parts(b);
  if (left.class != DECIMAL_NUMBER || right.class != DECIMAL_NUMBER) return special(op, a, b, result, e);
  int64_t exponent;
  Number x = of_parts(arena, &left), y = of_parts(arena, &right);
  uint32_t scale = x.scale > y.scale ? x.scale : y.scale;
  switch (op) {
    case DECIMAL_ADD: return finish(arena, add(arena, x, y), scale, result, e);
    case DECIMAL_SUB: y.negative = !y.negative; return finish(arena, add(arena, x, y), scale, result, e);
    case DECIMAL_MUL: x = multiply(arena, x, y); return finish(arena, x, x.scale, result, e);
    case DECIMAL_DIV: return divide(arena, x, y, result, e);
    case DECIMAL_MOD: return modulo(arena, x, y, result, e);
    case DECIMAL_POW: break;
  }
  if (!decimal_to_int(b, &exponent))
    return err_set(e, ERR_VALIDATION, "A decimal can be raised to whole powers only.");
  return power(arena, x, exponent, result, e);
}
