/* What decimal.c (text and wire) and decimal_math.c (GMP) know in common: the canonical text in pieces. */
#ifndef BASE_DECIMAL_PRIVATE_H
#define BASE_DECIMAL_PRIVATE_H

#include "base/decimal.h"

enum {
  DECIMAL_WHOLE_MAX = 131072, /* digits before the point, as PostgreSQL allows */
  DECIMAL_SCALE_MAX = 16383   /* and after it */
};

typedef enum DecimalClass {
  DECIMAL_MINUS_INFINITY, /* in their order */
  DECIMAL_NUMBER,
  DECIMAL_INFINITY,
  DECIMAL_NAN
} DecimalClass;

typedef struct DecimalParts {
  DecimalClass class;
  bool negative;
  Slice whole, fraction; /* digits; whole is never empty, fraction may be */
} DecimalParts;

DecimalParts decimal_parts(Slice canonical);
bool decimal_is_zero(const DecimalParts *d);
/* Canonical text from digits that may have zeros in front; the last `scale` of them are the fraction.
 * digits.n > scale. False: more digits than a decimal has. */
MUST bool decimal_from_digits(Arena *a, bool negative, Slice digits, uint32_t scale, Slice *canonical,
                              Err *e);

#endif
