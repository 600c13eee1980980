/* Exact decimals. In memory: canonical text ("-12.50", "1E+30" is written out; "NaN", "Infinity",
 * "-Infinity"); the scale is kept. On the wire: PostgreSQL's numeric. Arithmetic is GMP's. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/buf.h"
#include "base/err.h"

MUST bool decimal_parse(Arena *a, Slice text, Slice *canonical,
                        Err *e); /* accepts exponents, spaces around */
MUST bool decimal_from_wire(Arena *a, Slice wire, Slice *canonical, Err *e); /* checks every length */
void decimal_to_wire(Buf *b, Slice canonical); /* appends the binary numeric, without a length */
Slice decimal_of_int(Arena *a, int64_t i);
Slice decimal_of_double(Arena *a, double f); /* shortest text that reads back the same */

int decimal_compare(Slice a, Slice b); /* numeric order, NaN above all, as PostgreSQL */
typedef enum DecimalOp {
  DECIMAL_ADD,
  DECIMAL_SUB,
  DECIMAL_MUL,
  DECIMAL_DIV,
  DECIMAL_MOD,
  DECIMAL_POW
} DecimalOp;
/* DIV keeps at least 20 significant digits, rounded half away from zero, without needless zeros at its end;
 * MOD has the sign of b, as in Lua; POW takes whole exponents. Infinities and NaN behave as PostgreSQL's.
 * Errors: division by zero, a broken exponent, a result beyond PostgreSQL's numeric. `result` may be `a` or
 * `b` itself. */
MUST bool decimal_compute(Arena *arena, DecimalOp op, Slice a, Slice b, Slice *result, Err *e);
Slice decimal_negate(Arena *arena, Slice a);
MUST bool decimal_to_int(Slice a, int64_t *out); /* false: has a fraction or does not fit */
double decimal_to_double(Slice a);
/* As JavaScript's decimals print: no zeros at the end of the fraction, an exponent from 1e+21 and down from
 * 1e-7. */
void decimal_shortest(Buf *b, Slice canonical);

#endif
