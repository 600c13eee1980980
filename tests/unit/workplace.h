/* What the tests of migrate work with: schemas from text, and databases of their own. */
#ifndef TESTS_UNIT_WORKPLACE_H
#define TESTS_UNIT_WORKPLACE_H

#include <stdlib.h>

#include "check.h"
#include "migrate/migrate.h"
#include "server.h"

/* In the arena. A text that is no schema ends the program, and says why. */
static inline const Schema *workplace_schema(Arena *a, Slice text) {
  Source *source = ARENA_NEW(a, Source);
  Diags d = {.arena = a};
  *source = (Source){SLICE("test"), text};
  const Schema *s = schema_load(a, source, 1, &d);
  for (uint32_t i = 0; !s && i < d.n; i++) fprintf(stderr, "%.*s\n", SLICE_ARGS(d.items[i].message));
  if (!s) exit(1);
  return s;
}

/* An empty database on the server; url gets its URL. */
static inline void workplace_database(Arena *a, const Server *on, const char *name, char *url, size_t size) {
  bool created;
  char drop[128];
  Err e;
  snprintf(drop, sizeof drop, "drop database if exists %s with (force)", name);
  CHECK(migrate_execute(server_url(on), slice_of(drop), &e));
  Slice made = url_with_database(a, server_url(on), slice_of(name));
  snprintf(url, size, "%.*s", SLICE_ARGS(made));
  CHECK(migrate_ensure_database(made, &created, &e) && created);
}

#endif
