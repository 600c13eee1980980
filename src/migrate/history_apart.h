/* Scripts with statements that no transaction may hold (CREATE INDEX CONCURRENTLY): piece by piece, in a way
 * that a run that was broken off is taken up where it stopped. Inside migrate only. */
#ifndef MIGRATE_HISTORY_APART_H
#define MIGRATE_HISTORY_APART_H

#include "migrate/history_table.h"
#include "migrate/pieces.h"

/* Records the migration as under way, each piece as it is done, and the end. `resumed`: an earlier run of it
 * was broken off. An error has the line within the whole script. */
MUST bool history_apply_apart(const History *h, const Migration *m, const Pieces *pieces, bool resumed,
                              Err *e);

#endif
