/* Catalogs of databases by their URLs; inside migrate only. All of it under an arena_protect. */
#ifndef MIGRATE_LIVE_H
#define MIGRATE_LIVE_H

#include "migrate/catalog.h"
#include "migrate/history.h"

/* A session that goes with the arena at the latest. NULL: it could not be opened. */
MUST Session **live_open(Arena *a, Slice url, Err *e);
void live_close(Session **s);
MUST bool live_catalog(Arena *a, Slice url, const CatalogScope *scope, Catalog **out, Err *e);
/* catalog_settle on the database that `live` was read from. */
MUST bool live_settle(Arena *a, Slice url, const Catalog *live, Catalog *wanted, Err *e);

/* What migrations make of an empty database: they are replayed in a database of their own, on the server of
 * `url`, which is dropped afterwards; or in the database of `url` itself (`given`), which is emptied before
 * and after. P3006 with line, sqlstate and file; P3014. */
MUST bool shadow_catalog(Arena *a, Slice url, bool given, const Migration *migrations, uint32_t n,
                         const CatalogScope *scope, Catalog **out, Err *e);
/* The same as the target says: what the first n migrations of its folder make of an empty database. */
MUST bool history_catalog(Arena *a, const MigrationTarget *t, Slice default_schema,
                          const Migration *migrations, uint32_t n, Catalog **out, Err *e);

#endif
