/* A catalog of the database at a URL; inside migrate only. Under an arena_protect. */
#ifndef MIGRATE_LIVE_H
#define MIGRATE_LIVE_H

#include "migrate/catalog.h"

MUST bool live_catalog(Arena *a, Slice url, const CatalogScope *scope, Catalog **out, Err *e);
/* catalog_settle on the database that `live` was read from. */
MUST bool live_settle(Arena *a, Slice url, const Catalog *live, Catalog *wanted, Err *e);

#endif
