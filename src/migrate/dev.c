/* What `migrate dev` asks: can the history go on from here, and what is the next migration? */
#include "migrate/check.h"
#include "migrate/ddl.h"
#include "migrate/history.h"
#include "migrate/live.h"
#include "migrate/rename.h"
#include "migrate/summary.h"

typedef struct Dev {
  Arena *arena;
  const MigrationTarget *target;
  Slice default_schema;
  Migration *migrations;
  uint32_t n_migrations;
  Slice *reason;
  MigrationPlan *plan;
  const Rename *known;
  uint32_t n_known;
  Err *e;
  bool good;
} Dev;

static bool find_default_schema(Dev *v) {
  ConnInfo info;
  if (!url_parse(v->arena, v->target->url, &info, v->e)) return false;
  v->default_schema = info.schema;
  return true;
}

static bool read_folder(Dev *v) {
  return find_default_schema(v) &&
         migrations_read(v->arena, v->target->folder, &v->migrations, &v->n_migrations, v->e);
}

static bool replay(Dev *v, const Migration *migrations, uint32_t n, Catalog **out) {
  return history_catalog(v->arena, v->target, v->default_schema, migrations, n, out, v->e);
}

/* --- diagnosis --- */

static void put_names(Buf *b, const HistoryStatus *s, MigrationState state) {
  const char *between = "";
  for (uint32_t i = 0; i < s->n; i++) {
    if (s->items[i].state != state) continue;
    buf_printf(b, "%s%.*s", between, SLICE_ARGS(s->items[i].name));
    between = ", ";
  }
  buf_byte(b, '\n');
}

static void put_history_faults(Buf *b, const HistoryStatus *s) {
  if (s->n_failed) {
    buf_text(b, "The following migration(s) failed: ");
    put_names(b, s, MIGRATION_FAILED);
  }
  if (s->n_missing) {
    buf_text(b,
             "The following migration(s) are applied to the database but missing from the local "
             "migrations directory: ");
    put_names(b, s, MIGRATION_MISSING);
  }
  for (uint32_t i = 0; i < s->n; i++)
    if (s->items[i].edited)
      buf_printf(b, "The migration `%.*s` was modified after it was applied.\n",
                 SLICE_ARGS(s->items[i].name));
}

/* Of the folder, what the database says it has. */
static uint32_t applied_ones(Dev *v, const HistoryStatus *s, Migration *out) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < v->n_migrations; i++)
    if (s->items[i].state == MIGRATION_APPLIED) out[n++] = v->migrations[i];
  return n;
}

static bool put_drift(Dev *v, Buf *b, const HistoryStatus *s) {
  CatalogScope scope = catalog_scope(v->target->schema, v->default_schema);
  Migration *applied = ARENA_ARRAY(v->arena, Migration, v->n_migrations);
  uint32_t n = applied_ones(v, s, applied);
  Catalog *expected, *actual;
  if (!replay(v, applied, n, &expected) || !live_catalog(v->arena, v->target->url, &scope, &actual, v->e))
    return false;
  Diff *d = diff_catalogs(v->arena, expected, actual);
  if (!d->n) return true;
  Slice summary = diff_summary(d);
  buf_printf(b,
             "Drift detected: Your database schema is not in sync with your migration history.\n\n"
             "The following is a summary of the differences between the expected database schema given your "
             "migrations files, and the actual schema of the database.\n\nIt should be understood as the set "
             "of changes to get from the expected schema to the actual schema.\n%.*s",
             SLICE_ARGS(summary));
  return true;
}

static bool diagnose(Dev *v) {
  HistoryStatus status;
  Buf b = buf_in(v->arena);
  if (!read_folder(v) || !migrate_status(v->arena, v->target, &status, v->e)) return false;
  put_history_faults(&b, &status);
  /* With a history that is broken, the summary would only tell so again. */
  if (!b.n && !put_drift(v, &b, &status)) return false;
  *v->reason = buf_slice(&b);
  return true;
}

/* --- the next migration --- */

static void put_lines(Buf *b, const Slice *lines, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) buf_printf(b, "  - %.*s\n", SLICE_ARGS(lines[i]));
}

typedef struct Planning {
  Diff *diff;
  Buf renames;             /* their statements */
  Checks in_general, here; /* whatever the rows are; with the rows that are here */
} Planning;

/* What the script says of the data does not depend on today's rows: it will run elsewhere too. */
static Slice script_of(Arena *a, Planning *p) {
  const Checks *c = &p->in_general;
  Buf b = buf_in(a);
  if (c->n_warnings || c->n_unexecutable) {
    buf_text(&b, "/*\n  Warnings:\n\n");
    put_lines(&b, c->warnings, c->n_warnings);
    put_lines(&b, c->unexecutable, c->n_unexecutable);
    buf_text(&b, "\n*/\n");
  }
  buf_slice_add(&b, buf_slice(&p->renames));
  if (p->renames.n && !p->diff->n) return buf_slice(&b);
  if (p->renames.n) buf_byte(&b, '\n');
  buf_slice_add(&b, ddl_script(p->diff));
  return buf_slice(&b);
}

/* In the catalog, and in the transaction: rows are counted under the new names. */
static bool carry_out(Dev *v, Session *s, Catalog *from, Planning *p) {
  for (uint32_t i = 0; i < v->n_known; i++)
    if (v->known[i].accepted && !rename_apply(from, &v->known[i], &p->renames, v->e)) return false;
  return !p->renames.n || session_execute(s, buf_slice(&p->renames), v->e);
}

static bool compare(Dev *v, Session *s, Catalog *from, Catalog *to, Planning *p) {
  p->renames = buf_in(v->arena);
  if (!ddl_begin(s, v->default_schema, v->e) || !carry_out(v, s, from, p) ||
      !catalog_settle(v->arena, s, from, to, v->e))
    return false;
  rename_find(v->arena, from, to, v->known, v->n_known, &v->plan->renames, &v->plan->n_renames);
  p->diff = diff_catalogs(v->arena, from, to);
  return check_steps(v->arena, NULL, p->diff, &p->in_general, v->e) &&
         check_steps(v->arena, s, p->diff, &p->here, v->e);
}

static bool plan(Dev *v) {
  Catalog *from;
  Planning p;
  *v->plan = (MigrationPlan){0};
  if (!read_folder(v) || !replay(v, v->migrations, v->n_migrations, &from)) return false;
  Catalog *to = catalog_of_schema(v->arena, v->target->schema, v->default_schema);
  Session **s = live_open(v->arena, v->target->url, v->e);
  if (!s) return false;
  bool good = compare(v, *s, from, to, &p);
  live_close(s);
  if (!good) return false;
  v->plan->script = script_of(v->arena, &p);
  v->plan->empty = p.diff->n == 0 && !p.renames.n;
  v->plan->warnings = p.here.warnings;
  v->plan->n_warnings = p.here.n_warnings;
  v->plan->unexecutable = p.here.unexecutable;
  v->plan->n_unexecutable = p.here.n_unexecutable;
  return true;
}

/* --- entry points --- */

static void diagnose_body(void *ctx) {
  Dev *v = ctx;
  v->good = diagnose(v);
}
static void plan_body(void *ctx) {
  Dev *v = ctx;
  v->good = plan(v);
}

bool migrate_diagnose(Arena *a, const MigrationTarget *t, Slice *reason, Err *e) {
  Dev v = {.arena = a, .target = t, .reason = reason, .e = e};
  if (!arena_protect(a, NULL, diagnose_body, &v)) return err_oom(e);
  return v.good;
}

bool migrate_plan(Arena *a, const MigrationTarget *t, const Rename *known, uint32_t n_known,
                  MigrationPlan *out, Err *e) {
  Dev v = {.arena = a, .target = t, .plan = out, .known = known, .n_known = n_known, .e = e};
  if (!arena_protect(a, NULL, plan_body, &v)) return err_oom(e);
  return v.good;
}
