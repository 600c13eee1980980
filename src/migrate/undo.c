/* undo: the last migration is taken back. What it made is known from replaying the migrations with it and
 * without it; the difference the other way round leads back, in one transaction with the history. */
#include "base/vec.h"
#include "migrate/check.h"
#include "migrate/ddl.h"
#include "migrate/history_table.h"
#include "migrate/lint.h"
#include "migrate/live.h"

typedef struct Undo {
  Arena *arena;
  const MigrationTarget *target;
  const UndoOptions *options;
  UndoReport *report;
  Session **session;
  Slice default_schema;
  Migration *applied; /* in the order of the folder; the last one goes */
  uint32_t n;
  Err *e;
  bool good;
} Undo;

static bool find_applied(Undo *u) {
  HistoryStatus status;
  Migration *all;
  ConnInfo info;
  uint32_t n;
  if (!url_parse(u->arena, u->target->url, &info, u->e) ||
      !migrate_status(u->arena, u->target, &status, u->e) ||
      !migrations_read(u->arena, u->target->folder, &all, &n, u->e))
    return false;
  u->default_schema = info.schema;
  if (status.n_failed || status.n_missing || status.n_edited)
    return err_set(
        u->e, ERR_USAGE,
        "The history is not in order, so nobody knows what to go back to: `lorm migrate status` tells "
        "which migrations failed, are missing or were edited");
  for (uint32_t i = 0; i < n; i++) /* the status begins with the folder's, in the same order */
    if (status.items[i].state == MIGRATION_APPLIED) *VEC_PUSH(u->arena, u->applied, u->n) = all[i];
  return true;
}

/* What the catalogs do not know of is not undone by their difference. */
static bool look_at_script(Undo *u, const Migration *m) {
  uint32_t *lines, n;
  if (!lint_beyond_diff(u->arena, m->script, &lines, &n, u->e)) return false;
  for (uint32_t i = 0; i < n; i++)
    *VEC_PUSH(u->arena, u->report->losses, u->report->n_losses) =
        slice_printf(u->arena, "%.*s:%u is not undone: it is no change of tables, indexes, keys or types.",
                     SLICE_ARGS(m->path), lines[i]);
  return true;
}

static bool is_as_made(Undo *u, const Catalog *after) {
  CatalogScope scope = catalog_scope(u->target->schema, u->default_schema);
  Catalog *live;
  if (!catalog_introspect(u->arena, *u->session, &scope, &live, u->e)) return false;
  return diff_catalogs(u->arena, after, live)->n == 0 ||
         err_set(u->e, ERR_USAGE,
                 "The database is not what its migrations make: `lorm migrate dev` tells what differs");
}

static bool take_checks(Undo *u, const Diff *d) {
  Checks c;
  UndoReport *r = u->report;
  if (!check_steps(u->arena, *u->session, d, &c, u->e)) return false;
  for (uint32_t i = 0; i < c.n_warnings; i++) *VEC_PUSH(u->arena, r->losses, r->n_losses) = c.warnings[i];
  r->unexecutable = c.unexecutable;
  r->n_unexecutable = c.n_unexecutable;
  return true;
}

static bool go_back(Undo *u, const Diff *d) {
  Buf b = buf_in(u->arena);
  History h;
  for (uint32_t i = 0; i < d->n; i++) ddl_step(&b, d, &d->steps[i], false);
  if (!history_open(&h, u->arena, *u->session, u->e) || !session_execute(*u->session, buf_slice(&b), u->e) ||
      !history_undo(&h, u->report->name))
    return false;
  return u->report->done = ddl_commit(*u->session, u->e);
}

static bool undo(Undo *u) {
  Catalog *after, *before;
  if (!find_applied(u)) return false;
  if (!u->n) return true;
  const Migration *last = &u->applied[u->n - 1];
  u->report->name = last->name;
  if (!history_catalog(u->arena, u->target, u->default_schema, u->applied, u->n, &after, u->e) ||
      !history_catalog(u->arena, u->target, u->default_schema, u->applied, u->n - 1, &before, u->e) ||
      !look_at_script(u, last))
    return false;
  u->session = live_open(u->arena, u->target->url, u->e);
  if (!u->session || !ddl_begin(*u->session, u->default_schema, u->e) || !is_as_made(u, after)) return false;
  Diff *d = diff_catalogs(u->arena, after, before);
  u->report->script = ddl_script(d);
  if (!take_checks(u, d)) return false;
  bool stop = u->report->n_unexecutable || (u->report->n_losses && !u->options->force) || u->options->dry_run;
  return stop || go_back(u, d);
}

static void body(void *ctx) {
  Undo *u = ctx;
  u->good = undo(u);
  if (u->session) live_close(u->session); /* and what was not committed */
}

bool migrate_undo(Arena *a, const MigrationTarget *t, const UndoOptions *o, UndoReport *out, Err *e) {
  Undo u = {.arena = a, .target = t, .options = o, .report = out, .e = e};
  *out = (UndoReport){0};
  if (!arena_protect(a, NULL, body, &u)) return err_oom(e);
  return u.good;
}
