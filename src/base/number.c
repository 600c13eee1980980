#include "base/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
  ENOUGH_DIGITS = 800, /* no double's rounding depends on more, given whether anything but zeros follows */
  FARTHEST = 100000    /* exponents beyond this are as good as this */
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static int clamp(int64_t exponent) {
  return (int)(exponent > FARTHEST ? FARTHEST : exponent < -FARTHEST ? -FARTHEST : exponent);
}

static int read_exponent(Slice text, uint32_t at) {
  bool minus = at < text.n && text.p[at] == '-';
  int value = 0;
  for (at += at < text.n && !is_digit(text.p[at]); at < text.n; at++)
    value = clamp(value * 10LL + (text.p[at] - '0'));
  return minus ? -value : value;
}

/* Hands strtod an integer and an exponent: without a point there is no locale in it. */
double number_to_double(Slice text) {
  char copy[ENOUGH_DIGITS + 32];
  uint32_t n = 0, at = 0;
  int64_t exponent = 0;
  bool point = false, more = false;
  if (at < text.n && (text.p[at] == '-' || text.p[at] == '+')) copy[n++] = text.p[at++];
  uint32_t first = n;
  for (; at < text.n && (is_digit(text.p[at]) || text.p[at] == '.'); at++) {
    char c = text.p[at];
    if (c == '.') {
      point = true;
      continue;
    }
    bool kept = n - first < ENOUGH_DIGITS;
    if (kept && (c != '0' || n > first)) copy[n++] = c;
    if (!kept && c != '0') more = true;
    exponent += (kept ? 0 : 1) - (point ? 1 : 0);
  }
  if (at < text.n) exponent += read_exponent(text, at + 1);
  if (n == first) copy[n++] = '0';
  if (more) copy[n - 1] = '1'; /* past the middle, if the middle is where it was */
  snprintf(copy + n, sizeof copy - n, "e%d", clamp(exponent));
  return strtod(copy, NULL);
}

uint32_t number_digits(double f, char digits[NUMBER_DIGITS], int *point) {
  char text[64];
  uint32_t n = 0;
  for (int precision = fabs(f) < DBL_MIN ? 1 : DBL_DIG; precision <= 17; precision++) {
    snprintf(text, sizeof text, "%.*e", precision - 1, fabs(f));
    const char *c = text;
    for (n = 0; *c && *c != 'e'; c++)
      if (is_digit(*c)) digits[n++] = *c;
    *point = atoi(c + 1) + 1;
    while (n > 1 && digits[n - 1] == '0') n--;
    char again[64];
    snprintf(again, sizeof again, "%.*se%d", (int)n, digits, *point - (int)n);
    if (strtod(again, NULL) == fabs(f)) break;
  }
  if (f == 0) *point = 1;
  return n;
}

int number_hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = (char)(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
