/* Migrate: schemas, migrations folders and live databases, brought into line. Everything here blocks, on a
 * session of its own; runtime runs it on a worker thread, cli calls it straight.
 *
 *   catalog = what a database is, in our terms: made from a schema (catalog_of_schema), or read from a live
 *   one (catalog_introspect); diff(catalog, catalog) = steps in a valid order; ddl writes a step as SQL. */
#ifndef MIGRATE_MIGRATE_H
#define MIGRATE_MIGRATE_H

#include "base/err.h"
#include "pg/session.h"
#include "psl/schema.h"

/* Where a diff starts or ends. */
typedef enum DiffKind {
  DIFF_EMPTY,
  DIFF_SCHEMA,
  DIFF_MIGRATIONS,
  DIFF_DATABASE
} DiffKind;
typedef struct DiffEnd {
  DiffKind kind;
  const Schema *schema;   /* DIFF_SCHEMA; of other ends: names their schemas, unless compared with a schema */
  const char *migrations; /* DIFF_MIGRATIONS: folder */
  Slice url;              /* DIFF_DATABASE; DIFF_MIGRATIONS: server for the shadow database */
  bool shadow_given;      /* DIFF_MIGRATIONS: url is the very database to use: emptied before and after */
} DiffEnd;

/* The script that leads from one end to the other, as Prisma prints it; `empty` when there is nothing to do.
 */
MUST bool migrate_diff(Arena *a, const DiffEnd *from, const DiffEnd *to, Slice *script, bool *empty, Err *e);

typedef struct PushOptions {
  bool accept_data_loss, force_reset;
} PushOptions;
typedef struct PushReport {
  bool done;        /* false: refused, and nothing was changed */
  uint32_t n_steps; /* 0: the database was in line already */
  Slice *warnings;  /* data that would be lost, a line each; done only when accepted */
  uint32_t n_warnings;
  Slice *unexecutable; /* steps that cannot be done on the data that is there */
  uint32_t n_unexecutable;
} PushReport;
MUST bool migrate_push(Arena *a, const Schema *s, Slice url, const PushOptions *o, PushReport *report,
                       Err *e);

MUST bool migrate_execute(Slice url, Slice script, Err *e);

/* Make sure that the database named in the URL exists; *created says whether it had to be made. */
MUST bool migrate_ensure_database(Slice url, bool *created, Err *e);

#endif
