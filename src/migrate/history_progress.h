/* Progress: what a statement that takes long is doing, as the server tells it on a second session. Inside
 * migrate only. */
#ifndef MIGRATE_HISTORY_PROGRESS_H
#define MIGRATE_HISTORY_PROGRESS_H

#include "migrate/history.h"

typedef struct Progress {
  const MigrationTarget *target;
  Session *other; /* NULL: not opened yet, or not to be had */
  char pid[16];   /* of the session that is watched */
  bool failed, told;
} Progress;

/* Watches `s`, where the target wants to be told. `p` must live as long as it does; end before closing it. */
void progress_begin(Progress *p, const MigrationTarget *t, Session *s);
void progress_end(Progress *p, Session *s);

#endif
