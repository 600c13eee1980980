/* Pull: a database as a schema. What the schema on disk says beyond the database (names behind @map, client
 * defaults, comments, the order of models) is kept. */
#ifndef MIGRATE_PULL_H
#define MIGRATE_PULL_H

#include "migrate/migrate.h"

typedef struct PullReport {
  Slice schema;   /* the whole text, formatted: the configuration of the old one, then what was found */
  Slice warnings; /* of what the language cannot say; empty, or lines under headings */
} PullReport;

/* `old`: the schema on disk, perhaps with no models yet. P4001 when there is nothing in the database. */
MUST bool migrate_pull(Arena *a, const Schema *old, Slice url, PullReport *out, Err *e);

#endif
