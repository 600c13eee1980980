/* The names that keys, indexes and foreign keys get when nobody names them, as PostgreSQL would build
 * them and Prisma does. */
#ifndef PSL_CONSTRAINT_H
#define PSL_CONSTRAINT_H

#include "base/slice.h"

enum {
  LONGEST_NAME = 63 /* bytes of an identifier that PostgreSQL keeps */
};

/* "table_a_b_key": `suffix` ("_pkey", "_key", "_idx", "_fkey") is always whole, what stands before it is
 * cut so that everything has 63 bytes, at the border of a character. n == 0: "table_pkey". */
Slice constraint_name(Arena *a, Slice table, const Slice *columns, uint32_t n, const char *suffix);

#endif
