#include "migrate/live.h"

static void cell_close(void *cell) { session_close(*(Session **)cell); }

bool live_catalog(Arena *a, Slice url, const CatalogScope *scope, Catalog **out, Err *e) {
  Session **cell = ARENA_NEW(a, Session *);
  arena_defer(a, cell_close, cell);
  bool good = session_open(url, cell, e) && catalog_introspect(a, *cell, scope, out, e);
  session_close(*cell);
  *cell = NULL;
  return good;
}

bool live_settle(Arena *a, Slice url, const Catalog *live, Catalog *wanted, Err *e) {
  Session **cell = ARENA_NEW(a, Session *);
  arena_defer(a, cell_close, cell);
  bool good = session_open(url, cell, e) && catalog_settle(a, *cell, live, wanted, e);
  session_close(*cell);
  *cell = NULL;
  return good;
}
