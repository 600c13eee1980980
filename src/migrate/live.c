#include "migrate/live.h"

static void cell_close(void *cell) { live_close(cell); }

void live_close(Session **s) {
  session_close(*s);
  *s = NULL;
}

Session **live_open(Arena *a, Slice url, Err *e) {
  Session **cell = ARENA_NEW(a, Session *);
  arena_defer(a, cell_close, cell);
  return session_open(url, cell, e) ? cell : NULL;
}

bool live_catalog(Arena *a, Slice url, const CatalogScope *scope, Catalog **out, Err *e) {
  Session **s = live_open(a, url, e);
  if (!s) return false;
  bool good = catalog_introspect(a, *s, scope, out, e);
  live_close(s);
  return good;
}

bool live_settle(Arena *a, Slice url, const Catalog *live, Catalog *wanted, Err *e) {
  Session **s = live_open(a, url, e);
  if (!s) return false;
  bool good = catalog_settle(a, *s, live, wanted, e);
  live_close(s);
  return good;
}
