/* Check: what the steps of a diff would do to the data that is there, in Prisma's words. */
#ifndef MIGRATE_CHECK_H
#define MIGRATE_CHECK_H

#include "migrate/diff.h"

typedef struct Checks {
  Slice *warnings; /* data would be lost, or the step may fail on the data */
  uint32_t n_warnings;
  Slice *unexecutable; /* the step cannot be done on the data */
  uint32_t n_unexecutable;
} Checks;

/* With a session rows are counted, and what concerns none is not mentioned. NULL: what may be the case. */
MUST bool check_steps(Arena *a, Session *session, const Diff *d, Checks *out, Err *e);

#endif
