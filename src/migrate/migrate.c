#include "migrate/migrate.h"

#include "migrate/ddl.h"
#include "migrate/live.h"

typedef struct DiffWork {
  Arena *arena;
  const DiffEnd *from, *to;
  Slice default_schema;
  Slice *script;
  bool *empty;
  Err *e;
  bool good;
} DiffWork;

/* The schema of the names that have none: of the first URL that names one. */
static bool find_default_schema(DiffWork *w) {
  const DiffEnd *ends[] = {w->from, w->to};
  w->default_schema = SLICE("public");
  for (size_t i = 0; i < COUNT(ends); i++) {
    ConnInfo info;
    if (ends[i]->kind != DIFF_DATABASE && ends[i]->kind != DIFF_MIGRATIONS) continue;
    if (!url_parse(w->arena, ends[i]->url, &info, w->e)) return false;
    if (info.schema_given) w->default_schema = info.schema;
  }
  return true;
}

static bool replay(DiffWork *w, const DiffEnd *end, const CatalogScope *scope, Catalog **out) {
  Migration *migrations;
  uint32_t n;
  if (!migrations_read(w->arena, end->migrations, &migrations, &n, w->e)) return false;
  if (!n) {
    *out = catalog_empty(w->arena, w->default_schema);
    return true;
  }
  return shadow_catalog(w->arena, end->url, end->shadow_given, migrations, n, scope, out, w->e);
}

/* What a database holds is read as the schema says that it is compared with, else as its own. */
static bool make_catalog(DiffWork *w, const DiffEnd *end, const DiffEnd *other, Catalog **out) {
  const Schema *s = other->kind == DIFF_SCHEMA ? other->schema : end->schema;
  CatalogScope scope = catalog_scope(s, w->default_schema);
  switch (end->kind) {
    case DIFF_EMPTY: *out = catalog_empty(w->arena, w->default_schema); return true;
    case DIFF_SCHEMA: *out = catalog_of_schema(w->arena, end->schema, w->default_schema); return true;
    case DIFF_DATABASE: return live_catalog(w->arena, end->url, &scope, out, w->e);
    case DIFF_MIGRATIONS: return replay(w, end, &scope, out);
  }
  return false;
}

static void diff_work(void *ctx) {
  DiffWork *w = ctx;
  Catalog *from, *to;
  w->good = find_default_schema(w) && make_catalog(w, w->from, w->to, &from) &&
            make_catalog(w, w->to, w->from, &to);
  if (w->good && w->from->kind == DIFF_DATABASE && w->to->kind == DIFF_SCHEMA)
    w->good = live_settle(w->arena, w->from->url, from, to, w->e);
  if (!w->good) return;
  Diff *d = diff_catalogs(w->arena, from, to);
  *w->empty = d->n == 0;
  *w->script = ddl_script(d);
}

bool migrate_diff(Arena *a, const DiffEnd *from, const DiffEnd *to, Slice *script, bool *empty, Err *e) {
  DiffWork w = {.arena = a, .from = from, .to = to, .script = script, .empty = empty, .e = e};
  if (!arena_protect(a, NULL, diff_work, &w)) return err_oom(e);
  return w.good;
}
