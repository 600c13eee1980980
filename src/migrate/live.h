/* Sessions that go with an arena; inside migrate only. All of it under an arena_protect. */
#ifndef MIGRATE_LIVE_H
#define MIGRATE_LIVE_H

#include "migrate/catalog.h"

MUST bool live_open(Arena *a, Slice url, Session **out, Err *e);
MUST bool live_catalog(Arena *a, Slice url, const CatalogScope *scope, Catalog **out, Err *e);

#endif
