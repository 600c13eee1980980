#include "migrate/pull.h"

#include "migrate/pull_private.h"
#include "psl/format.h"

static bool is_empty(const Catalog *c) { return !c->n_tables && !c->n_enums && !c->n_views; }

static bool pull(Pull *p) {
  p->scope = catalog_scope(p->old, session_info(p->session)->schema);
  p->scope.views = schema_preview(p->old, "views");
  if (!catalog_introspect(p->arena, p->session, &p->scope, &p->catalog, p->e) ||
      !introspect_notes(p->session, p->arena, &p->scope, &p->notes, &p->n_notes, p->e))
    return false;
  if (is_empty(p->catalog)) return err_set(p->e, ERR_P4001, "The introspected database was empty.");
  pull_names(p);
  pull_relations(p);
  pull_print(p);
  pull_warn(p);
  Source source = {SLICE("pulled"), buf_slice(&p->text)};
  return schema_format(p->arena, &source, 1, &p->report->schema, p->e);
}

static void pull_body(void *ctx) {
  Pull *p = ctx;
  p->good = pull(p);
}

bool migrate_pull(Arena *a, const Schema *old, Slice url, PullReport *out, Err *e) {
  Pull p = {.arena = a, .old = old, .report = out, .text = buf_in(a), .e = e};
  *out = (PullReport){0};
  if (!session_open(url, &p.session, e)) return false;
  bool in_memory = arena_protect(a, NULL, pull_body, &p);
  session_close(p.session);
  return in_memory ? p.good : err_oom(e);
}
