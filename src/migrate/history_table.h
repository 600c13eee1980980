/* The table `_prisma_migrations`; inside migrate only. It stands in the schema of the URL. */
#ifndef MIGRATE_HISTORY_TABLE_H
#define MIGRATE_HISTORY_TABLE_H

#include "migrate/history.h"

typedef struct HistoryRow { /* in the order they were started */
  Slice name, checksum, logs, started;
  bool finished, rolled_back;
  uint32_t steps;
} HistoryRow;

typedef struct History {
  Arena *arena;
  Session *session;
  Slice table; /* quoted, with its schema */
  bool there;
  HistoryRow *rows;
  uint32_t n;
  Err *e;
} History;

/* Everybody else's migrations of the database wait until this session is closed. */
MUST bool history_lock(Session *s, const MigrationTarget *t, Err *e);
MUST bool history_open(History *h, Arena *a, Session *s, Err *e);
MUST bool history_create(History *h); /* the table, unless it is there */
bool row_failed(const HistoryRow *r);
bool row_applied(const HistoryRow *r);
bool row_interrupted(
    const HistoryRow *r); /* under way piece by piece, or broken off on the way: no failure */

/* SQL that records a migration as done, in the transaction of what stands before it. */
Slice history_done_sql(const History *h, const Migration *m, uint32_t steps);
/* The same for what goes piece by piece: that it is under way, that so many pieces are done, that all are. */
Slice history_start_sql(const History *h, const Migration *m);
Slice history_step_sql(const History *h, const Migration *m, uint32_t steps);
Slice history_end_sql(const History *h, const Migration *m);
/* In place of what says that it is under way. */
MUST bool history_record_failure(const History *h, const Migration *m, Slice logs);
MUST bool history_roll_back(const History *h, Slice name); /* its failed rows */
MUST bool history_undo(const History *h, Slice name);      /* its applied row: it is pending again */

#endif
