#include "migrate/ddl.h"
#include "migrate/introspect.h"
#include "migrate/migrate.h"

bool migrate_execute(Slice url, Slice script, Err *e) {
  Session *s;
  if (!session_open(url, &s, e)) return false;
  bool good = session_execute(s, script, e);
  session_close(s);
  return good;
}

/* --- making a database --- */

typedef struct Making {
  Arena *arena;
  Slice url;
  Err *e;
  bool good, created;
} Making;

/* Databases are made from another one of the server, which not everybody may connect to. */
static bool open_other(Making *m, Session **s) {
  Err first;
  if (session_open(url_with_database(m->arena, m->url, SLICE("postgres")), s, &first)) return true;
  if (session_open(url_with_database(m->arena, m->url, SLICE("template1")), s, m->e)) return true;
  *m->e = first;
  return false;
}

/* Somebody else may make it in the meantime, which is as good. */
static bool create(Making *m, Session *s, Slice name) {
  bool exists = false;
  if (session_execute(s, ddl_create_database(m->arena, name), m->e)) return m->created = true;
  bool there = strcmp(m->e->sqlstate, "42P04") == 0 || strcmp(m->e->sqlstate, "23505") == 0;
  return there && introspect_database_exists(s, name, &exists, m->e) && exists;
}

static void make_database(void *ctx) {
  Making *m = ctx;
  ConnInfo info;
  Session *s;
  m->good = url_parse(m->arena, m->url, &info, m->e) && open_other(m, &s);
  if (!m->good) return;
  m->good = create(m, s, info.database);
  session_close(s);
}

bool migrate_ensure_database(Slice url, bool *created, Err *e) {
  Session *s;
  *created = false;
  if (session_open(url, &s, e)) {
    session_close(s);
    return true;
  }
  if (e->code != ERR_P1003) return false;
  Making m = {.arena = arena_new(0), .url = url, .e = e};
  if (!m.arena || !arena_protect(m.arena, NULL, make_database, &m)) m.good = err_oom(e);
  arena_free(m.arena);
  *created = m.created;
  return m.good;
}
