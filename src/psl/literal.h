/* Is the text of a default a value of its scalar? The answer to "why not" is worded as Prisma's parsers
 * word it. */
#ifndef PSL_LITERAL_H
#define PSL_LITERAL_H

#include "psl/ast.h"

/* NULL: it is. Otherwise the reason, in `a` or static. Only what the kind of the literal does not
 * already say is looked at: JSON, base64, dates, integers, decimals in quotes. */
const char *literal_fault(Arena *a, ScalarType s, const Expr *e);

#endif
