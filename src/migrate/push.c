/* db push: the database is brought in line with the schema, in one transaction that all other migrations of
 * the database wait for. */
#include "base/vec.h"
#include "migrate/check.h"
#include "migrate/ddl.h"
#include "migrate/introspect.h"
#include "migrate/migrate.h"

typedef struct Push {
  Arena *arena;
  const Schema *schema;
  const PushOptions *options;
  PushReport *report;
  Err *e;
  Session *session;
  CatalogScope scope;
  bool good;
} Push;

/* The schemas of the datasource, or the URL's, are made when they are not there; with force_reset they are
 * made anew. */
static bool prepare_schemas(Push *p) {
  Buf b = buf_in(p->arena);
  Slice *missing, *all = p->scope.n_schemas ? p->scope.schemas : &p->scope.default_schema;
  uint32_t n = p->scope.n_schemas ? p->scope.n_schemas : 1, n_missing;
  for (uint32_t i = 0; i < n && p->options->force_reset; i++) {
    buf_slice_add(&b, ddl_drop_schema(p->arena, all[i]));
    buf_slice_add(&b, ddl_create_schema(p->arena, all[i]));
  }
  if (!p->options->force_reset && !p->scope.n_schemas) {
    if (!introspect_missing(p->session, p->arena, &p->scope, &missing, &n_missing, p->e)) return false;
    for (uint32_t i = 0; i < n_missing; i++) buf_slice_add(&b, ddl_create_schema(p->arena, missing[i]));
  }
  return !b.n || session_execute(p->session, buf_slice(&b), p->e);
}

static bool find_steps(Push *p, Diff **d) {
  Catalog *from, *to = catalog_of_schema(p->arena, p->schema, p->scope.default_schema);
  Checks checks;
  if (!catalog_introspect(p->arena, p->session, &p->scope, &from, p->e) ||
      !catalog_settle(p->arena, p->session, from, to, p->e))
    return false;
  *d = diff_catalogs(p->arena, from, to);
  if (!check_steps(p->arena, p->session, *d, &checks, p->e)) return false;
  *p->report = (PushReport){.n_steps = (*d)->n,
                            .warnings = checks.warnings,
                            .n_warnings = checks.n_warnings,
                            .unexecutable = checks.unexecutable,
                            .n_unexecutable = checks.n_unexecutable};
  return true;
}

static bool adds_value(const Step *s) {
  return s->kind == STEP_ALTER_ENUM && s->u.enum_.n_added && !s->u.enum_.n_dropped;
}

static Slice script_of(Push *p, const Diff *d, bool only_values, bool no_values) {
  Buf b = buf_in(p->arena);
  for (uint32_t i = 0; i < d->n; i++) {
    if (adds_value(&d->steps[i]) ? no_values : only_values) continue;
    ddl_step(&b, d, &d->steps[i], false);
  }
  return buf_slice(&b);
}

/* A new value of an enum cannot be used in the transaction that adds it. Where it is (as a default), the
 * values come first, in a transaction of their own; without the rest they do no harm. */
static bool run_apart(Push *p, const Diff *d) {
  Slice scripts[] = {script_of(p, d, true, false), script_of(p, d, false, true)};
  ddl_rollback(p->session);
  for (size_t i = 0; i < COUNT(scripts); i++)
    if (!ddl_begin(p->session, p->scope.default_schema, p->e) ||
        !session_execute(p->session, scripts[i], p->e) || !ddl_commit(p->session, p->e))
      return false;
  return true;
}

static bool run_steps(Push *p, const Diff *d) {
  if (session_execute(p->session, script_of(p, d, false, false), p->e)) return ddl_commit(p->session, p->e);
  return strcmp(p->e->sqlstate, "55P04") == 0 && run_apart(p, d);
}

static bool push(Push *p) {
  Diff *d;
  p->scope = catalog_scope(p->schema, session_info(p->session)->schema);
  if (!ddl_begin(p->session, p->scope.default_schema, p->e) || !prepare_schemas(p) || !find_steps(p, &d))
    return false;
  PushReport *r = p->report;
  if (r->n_unexecutable || (r->n_warnings && !p->options->accept_data_loss)) return true;
  return r->done = run_steps(p, d);
}

static void push_work(void *ctx) {
  Push *p = ctx;
  p->good = push(p);
}

/* Whatever was not committed goes with the session. */
bool migrate_push(Arena *a, const Schema *s, Slice url, const PushOptions *o, PushReport *report, Err *e) {
  Push p = {.arena = a, .schema = s, .options = o, .report = report, .e = e};
  *report = (PushReport){0};
  if (!session_open(url, &p.session, e)) return false;
  bool in_memory = arena_protect(a, NULL, push_work, &p);
  session_close(p.session);
  return in_memory ? p.good : err_oom(e);
}
