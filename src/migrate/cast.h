/* Cast: what happens to the values of a column whose type changes. The rules are those of Prisma's schema
 * engine for PostgreSQL. */
#ifndef MIGRATE_CAST_H
#define MIGRATE_CAST_H

#include "migrate/catalog.h"

typedef enum Cast {
  CAST_NONE,  /* the type stays */
  CAST_SAFE,  /* every value has its equal */
  CAST_RISKY, /* some values may not fit: the database refuses, or what they are changes */
  CAST_NEVER  /* the column is dropped and made anew */
} Cast;

Cast cast_of(const Column *from, const Column *to);

#endif
