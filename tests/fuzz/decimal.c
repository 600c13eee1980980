#include "base/decimal.h"

#include "fuzz.h"

static void goes_there_and_back(Arena *a, Slice d) {
  Err e;
  Slice again;
  Buf b = buf_in(a);
  holds(decimal_parse(a, d, &again, &e) && slice_eq(d, again)); /* it is canonical */
  decimal_to_wire(&b, d);
  holds(decimal_from_wire(a, buf_slice(&b), &again, &e) && slice_eq(d, again));
}

/* The first byte is an operation, the rest two numbers with a blank between; or all of it is a wire form. */
static void one(Arena *a, Slice input) {
  Err e;
  Slice x, y, result;
  if (decimal_from_wire(a, input, &x, &e)) goes_there_and_back(a, x);
  const char *blank = input.n > 1 ? memchr(input.p + 1, ' ', input.n - 1) : NULL;
  if (!blank) return;
  Slice left = {input.p + 1, (uint32_t)(blank - input.p - 1)};
  Slice right = {blank + 1, input.n - left.n - 2};
  if (!decimal_parse(a, left, &x, &e) || !decimal_parse(a, right, &y, &e)) return;
  holds(decimal_compare(x, y) == -decimal_compare(y, x) && decimal_compare(x, x) == 0);
  if (x.n > 2000 || y.n > 2000) return; /* slow, not new */
  if (decimal_compute(a, (DecimalOp)((unsigned char)input.p[0] % 6), x, y, &result, &e))
    goes_there_and_back(a, result);
}

FUZZ(one)
