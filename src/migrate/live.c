#include "migrate/live.h"

static void cell_close(void *cell) { session_close(*(Session **)cell); }

bool live_open(Arena *a, Slice url, Session **out, Err *e) {
  Session **cell = ARENA_NEW(a, Session *);
  arena_defer(a, cell_close, cell);
  if (!session_open(url, cell, e)) return false;
  *out = *cell;
  return true;
}

bool live_catalog(Arena *a, Slice url, const CatalogScope *scope, Catalog **out, Err *e) {
  Session *s;
  return live_open(a, url, &s, e) && catalog_introspect(a, s, scope, out, e);
}
