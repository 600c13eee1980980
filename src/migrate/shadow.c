/* The shadow database: migrations are replayed in it to know what they make. */
#include <time.h>
#include <unistd.h>

#include "migrate/ddl.h"
#include "migrate/live.h"

typedef struct Shadow {
  Arena *arena;
  Slice url;
  bool given;
  Session *base;    /* where the database is made and dropped */
  Session *session; /* in it */
  Slice name;       /* empty: not made, or gone */
  const CatalogScope *scope;
  Err *e;
} Shadow;

static bool shadow_failed(Shadow *s, const char *why) {
  char sqlstate[sizeof s->e->sqlstate];
  Slice said = slice_copy(s->arena, slice_of(s->e->message));
  memcpy(sqlstate, s->e->sqlstate, sizeof sqlstate);
  err_set(s->e, ERR_P3014,
          "Could not %s the shadow database. Please make sure the database user has permission to create "
          "databases.\n\nOriginal error: %.*s",
          why, SLICE_ARGS(said));
  memcpy(s->e->sqlstate, sqlstate, sizeof sqlstate);
  return false;
}

static void close_sessions(Shadow *s) {
  session_close(s->session);
  session_close(s->base);
  s->session = s->base = NULL;
}

/* Also when memory ran out on the way: with the arena. */
static void drop(void *shadow) {
  Shadow *s = shadow;
  Err ignored; /* what cannot be dropped can be seen by its name */
  session_close(s->session);
  s->session = NULL;
  if (s->base && s->name.n && session_execute(s->base, s->name, &ignored)) s->name.n = 0;
  close_sessions(s);
}

static bool make_database(Shadow *s) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  Slice name =
      slice_printf(s->arena, "lorm_shadow_%d_%lld%09ld", (int)getpid(), (long long)t.tv_sec, t.tv_nsec);
  Slice dropping = ddl_drop_database(s->arena, name);
  if (!session_open(s->url, &s->base, s->e)) return false;
  if (!session_execute(s->base, ddl_create_shadow(s->arena, name), s->e)) return shadow_failed(s, "create");
  s->name = dropping;
  return session_open(url_with_database(s->arena, s->url, name), &s->session, s->e);
}

/* All schemas that a database of the scope may have. */
static bool empty_database(Shadow *s) {
  Buf b = buf_in(s->arena);
  uint32_t n = s->scope->n_schemas ? s->scope->n_schemas : 1;
  const Slice *schemas = s->scope->n_schemas ? s->scope->schemas : &s->scope->default_schema;
  for (uint32_t i = 0; i < n; i++) buf_slice_add(&b, ddl_drop_schema(s->arena, schemas[i]));
  if (s->scope->n_schemas) buf_slice_add(&b, ddl_drop_schema(s->arena, s->scope->default_schema));
  buf_slice_add(&b, ddl_create_schema(s->arena, s->scope->default_schema));
  return session_execute(s->session, buf_slice(&b), s->e) || shadow_failed(s, "empty");
}

static bool replay_failed(Shadow *s, const Migration *m) {
  Err said = *s->e;
  err_set(s->e, ERR_P3006,
          "Migration `%.*s` failed to apply cleanly to the shadow database.\nError code: %s\nError:\n%s",
          SLICE_ARGS(m->name), said.sqlstate, said.message);
  memcpy(s->e->sqlstate, said.sqlstate, sizeof said.sqlstate);
  s->e->line = said.line;
  err_text(s->e->file, sizeof s->e->file, m->path);
  return false;
}

static bool replay(Shadow *s, const Migration *migrations, uint32_t n) {
  Slice first = ddl_create_schema(s->arena, s->scope->default_schema);
  if (!session_execute(s->session, first, s->e)) return false;
  for (uint32_t i = 0; i < n; i++)
    if (!session_execute(s->session, migrations[i].script, s->e)) return replay_failed(s, &migrations[i]);
  return true;
}

static bool open_shadow(Shadow *s) {
  if (!s->given) return make_database(s);
  return session_open(s->url, &s->session, s->e) && empty_database(s);
}

bool shadow_catalog(Arena *a, Slice url, bool given, const Migration *migrations, uint32_t n,
                    const CatalogScope *scope, Catalog **out, Err *e) {
  Shadow *s = ARENA_NEW(a, Shadow);
  *s = (Shadow){.arena = a, .url = url, .given = given, .scope = scope, .e = e};
  arena_defer(a, drop, s);
  bool good = open_shadow(s) && replay(s, migrations, n) && catalog_introspect(a, s->session, scope, out, e);
  if (good && given) good = empty_database(s);
  drop(s);
  return good;
}

bool history_catalog(Arena *a, const MigrationTarget *t, Slice default_schema, const Migration *migrations,
                     uint32_t n, Catalog **out, Err *e) {
  CatalogScope scope = catalog_scope(t->schema, default_schema);
  if (!n) {
    *out = catalog_empty(a, default_schema);
    return true;
  }
  Slice url = t->shadow_url.n ? t->shadow_url : t->url;
  return shadow_catalog(a, url, t->shadow_given && t->shadow_url.n, migrations, n, &scope, out, e);
}
