/* status, deploy, resolve, reset */
#include "migrate/history.h"

#include "base/vec.h"
#include "migrate/backup.h"
#include "migrate/ddl.h"
#include "migrate/history_apart.h"
#include "migrate/history_progress.h"
#include "migrate/history_table.h"

typedef struct Work {
  Arena *arena;
  const MigrationTarget *target;
  Session *session;
  History history;
  Migration *migrations;
  uint32_t n_migrations;
  HistoryStatus *status;
  Slice **applied;
  uint32_t *n_applied;
  Slice name;        /* resolve */
  bool mark_applied; /* resolve */
  Err *e;
  bool good;
} Work;

static CatalogScope scope_of(const Work *w) {
  return catalog_scope(w->target->schema, session_info(w->session)->schema);
}

static const Migration *find_migration(const Work *w, Slice name) {
  for (uint32_t i = 0; i < w->n_migrations; i++)
    if (slice_eq(w->migrations[i].name, name)) return &w->migrations[i];
  return NULL;
}

static bool read_both(Work *w) {
  return migrations_read(w->arena, w->target->folder, &w->migrations, &w->n_migrations, w->e) &&
         history_open(&w->history, w->arena, w->session, w->e);
}

static bool database_empty(const Work *w, bool *empty) {
  Catalog *c;
  CatalogScope scope = scope_of(w);
  if (!catalog_introspect(w->arena, w->session, &scope, &c, w->e)) return false;
  *empty = !c->n_tables && !c->n_enums;
  return true;
}

/* A migration may have several rows: failed, rolled back, applied at last. */
static MigrationStatus status_of(const Work *w, const Migration *m) {
  MigrationStatus s = {.name = m->name};
  for (uint32_t i = 0; i < w->history.n; i++) {
    const HistoryRow *r = &w->history.rows[i];
    if (!slice_eq(r->name, m->name) || r->rolled_back) continue;
    /* of a script that was edited meanwhile nobody knows what was done */
    bool resumes = row_interrupted(r) && slice_is(r->checksum, m->checksum);
    s.interrupted = resumes;
    s.state = row_applied(r) ? MIGRATION_APPLIED : resumes ? MIGRATION_PENDING : MIGRATION_FAILED;
    s.edited = row_applied(r) && !slice_is(r->checksum, m->checksum);
    s.started = r->started;
    s.logs = r->logs;
    if (row_applied(r)) break;
  }
  return s;
}

static void add_status(Work *w, MigrationStatus s) {
  HistoryStatus *out = w->status;
  *VEC_PUSH(w->arena, out->items, out->n) = s;
  out->n_pending += s.state == MIGRATION_PENDING;
  out->n_failed += s.state == MIGRATION_FAILED;
  out->n_missing += s.state == MIGRATION_MISSING;
  out->n_edited += s.edited;
}

static bool make_status(Work *w) {
  *w->status = (HistoryStatus){.has_table = w->history.there};
  for (uint32_t i = 0; i < w->n_migrations; i++) add_status(w, status_of(w, &w->migrations[i]));
  for (uint32_t i = 0; i < w->history.n; i++) {
    const HistoryRow *r = &w->history.rows[i];
    if (r->rolled_back || find_migration(w, r->name)) continue;
    add_status(w, (MigrationStatus){.name = r->name,
                                    .state = row_applied(r) ? MIGRATION_MISSING : MIGRATION_FAILED,
                                    .started = r->started,
                                    .logs = r->logs});
  }
  return database_empty(w, &w->status->empty);
}

/* --- deploy --- */

static bool refuse_failed(const Work *w) {
  Buf b = buf_in(w->arena);
  for (uint32_t i = 0; i < w->status->n; i++) {
    const MigrationStatus *s = &w->status->items[i];
    if (s->state != MIGRATION_FAILED) continue;
    buf_printf(&b, "\nThe `%.*s` migration started at %.*s failed", SLICE_ARGS(s->name),
               SLICE_ARGS(s->started));
    if (s->logs.n) buf_printf(&b, " with the following logs:\n%.*s", SLICE_ARGS(s->logs));
  }
  return err_set(w->e, ERR_P3009,
                 "migrate found failed migrations in the target database, new migrations will not be applied."
                 "%.*s",
                 SLICE_ARGS(buf_slice(&b)));
}

/* What the server said of the script becomes a P3018 that keeps its place. When it said nothing, the next
 * run will see whether the migration is recorded. */
static bool fail_migration(const Work *w, const Migration *m) {
  Err said = *w->e, recording;
  if (!said.sqlstate[0]) return false;
  History h = w->history;
  h.e = &recording;
  Slice logs = slice_copy(w->arena, slice_of(said.message));
  if (session_in_transaction(w->session)) ddl_rollback(w->session);
  bool recorded = history_record_failure(&h, m, logs);
  err_set(w->e, ERR_P3018,
          "A migration failed to apply. New migrations cannot be applied before the error is recovered "
          "from.\n\nMigration name: %.*s\n\nDatabase error code: %s\n\nDatabase error:\n%s%s",
          SLICE_ARGS(m->name), said.sqlstate, said.message,
          recorded ? "" : "\n\nIt could not be recorded as failed.");
  memcpy(w->e->sqlstate, said.sqlstate, sizeof said.sqlstate);
  memcpy(w->e->detail, said.detail, sizeof said.detail);
  memcpy(w->e->hint, said.hint, sizeof said.hint);
  w->e->line = said.line;
  err_text(w->e->file, sizeof w->e->file, m->path);
  return false;
}

/* The script and its record in one: when the server dies in between, neither is there. What must not be in a
 * transaction, and did not show that to our parser, is done alone; nothing has been done when that is
 * noticed. */
static bool apply_whole(const Work *w, const Migration *m) {
  Slice done = history_done_sql(&w->history, m, 1);
  Slice both = slice_printf(w->arena, "%.*s\n;%.*s", SLICE_ARGS(m->script), SLICE_ARGS(done));
  if (session_execute(w->session, both, w->e))
    return !session_in_transaction(w->session) || ddl_commit(w->session, w->e);
  if (strcmp(w->e->sqlstate, "25001") == 0) {
    Err first = *w->e;
    if (session_execute(w->session, m->script, w->e)) return session_execute(w->session, done, w->e);
    *w->e = first;
  }
  return false;
}

static bool apply(const Work *w, const Migration *m, bool resumed) {
  Pieces pieces;
  Progress progress;
  pieces_of(w->arena, m->script, &pieces);
  progress_begin(&progress, w->target, w->session);
  bool good = pieces.apart ? history_apply_apart(&w->history, m, &pieces, resumed, w->e) : apply_whole(w, m);
  progress_end(&progress, w->session);
  return good || fail_migration(w, m);
}

static bool apply_pending(Work *w) {
  for (uint32_t i = 0; i < w->status->n; i++) {
    const MigrationStatus *s = &w->status->items[i];
    const Migration *m = s->state == MIGRATION_PENDING ? find_migration(w, s->name) : NULL;
    if (!m) continue;
    if (!apply(w, m, s->interrupted)) return false;
    *VEC_PUSH(w->arena, *w->applied, *w->n_applied) = m->name;
  }
  return true;
}

/* What was said of the failure counts; that the database is as it was, or is not, is its hint. */
static bool restore(Work *w) {
  Err other;
  const char *path = w->target->backup;
  *w->applied = NULL;
  *w->n_applied = 0;
  if (session_in_transaction(w->session)) ddl_rollback(w->session);
  bool good = migrate_restore(w->target->url, path, &other);
  Slice hint =
      good ? slice_printf(w->arena, "the database was restored from %s: it is as it was", path)
           : slice_printf(w->arena, "the database could not be restored from %s: %s", path, other.message);
  err_text(w->e->hint, sizeof w->e->hint, hint);
  return false;
}

static bool apply_all(Work *w) {
  bool saved = w->target->backup && w->status->n_pending;
  if (saved && !migrate_backup(w->target->url, w->target->backup, false, w->e)) return false;
  return (history_create(&w->history) && apply_pending(w)) || (saved && restore(w));
}

static bool deploy(Work *w) {
  HistoryStatus status;
  w->status = &status;
  if (!history_lock(w->session, w->target, w->e) || !read_both(w) || !make_status(w)) return false;
  if (!w->n_migrations && !status.has_table) return true;
  if (!status.has_table && !status.empty)
    return err_set(w->e, ERR_P3005,
                   "The database schema is not empty. A database that was not made by these migrations is "
                   "baselined first: `migrate resolve --applied` for those that it has.");
  if (status.n_failed) return refuse_failed(w);
  return apply_all(w);
}

static void deploy_body(void *ctx) {
  Work *w = ctx;
  w->good = deploy(w);
}

static void status_body(void *ctx) {
  Work *w = ctx;
  w->good = read_both(w) && make_status(w);
}

/* --- resolve --- */

static bool resolve_applied(Work *w) {
  const Migration *m = find_migration(w, w->name);
  if (!m)
    return err_set(w->e, ERR_P3017,
                   "The migration %.*s could not be found. Please make sure that the migration exists, and "
                   "that you included the whole name of the directory. (example: "
                   "\"20201207184859_initial_migration\")",
                   SLICE_ARGS(w->name));
  if (status_of(w, m).state == MIGRATION_APPLIED)
    return err_set(w->e, ERR_P3008, "The migration `%.*s` is already recorded as applied in the database.",
                   SLICE_ARGS(w->name));
  return history_create(&w->history) && history_roll_back(&w->history, w->name) &&
         session_execute(w->session, history_done_sql(&w->history, m, 0), w->e);
}

static bool resolve_rolled_back(Work *w) {
  bool found = false, failed = false;
  for (uint32_t i = 0; i < w->history.n; i++) {
    const HistoryRow *r = &w->history.rows[i];
    if (!slice_eq(r->name, w->name)) continue;
    found = true;
    failed = failed || row_failed(r);
  }
  if (!found)
    return err_set(w->e, ERR_P3011,
                   "Migration `%.*s` cannot be rolled back because it was never applied to the database. "
                   "Hint: did you pass in the whole migration name? (example: "
                   "\"20201207184859_initial_migration\")",
                   SLICE_ARGS(w->name));
  if (!failed)
    return err_set(w->e, ERR_P3012,
                   "Migration `%.*s` cannot be rolled back because it is not in a failed state.",
                   SLICE_ARGS(w->name));
  return history_roll_back(&w->history, w->name);
}

static void resolve_body(void *ctx) {
  Work *w = ctx;
  w->good = history_lock(w->session, w->target, w->e) && read_both(w) &&
            (w->mark_applied ? resolve_applied(w) : resolve_rolled_back(w));
}

/* --- reset --- */

static void reset_body(void *ctx) {
  Work *w = ctx;
  CatalogScope scope = scope_of(w);
  Buf b = buf_in(w->arena);
  Slice *schemas = scope.n_schemas ? scope.schemas : &scope.default_schema;
  uint32_t n = scope.n_schemas ? scope.n_schemas : 1;
  for (uint32_t i = 0; i < n; i++) {
    buf_slice_add(&b, ddl_drop_schema(w->arena, schemas[i]));
    buf_slice_add(&b, ddl_create_schema(w->arena, schemas[i]));
  }
  w->good = history_open(&w->history, w->arena, w->session, w->e);
  if (w->good && w->history.there) buf_slice_add(&b, ddl_drop_history(w->arena, w->history.table));
  w->good = w->good && ddl_begin(w->session, scope.default_schema, w->e) &&
            session_execute(w->session, buf_slice(&b), w->e) && ddl_commit(w->session, w->e);
}

/* --- entry points --- */

/* The lock, and what was not committed, go with the session. */
static bool run(Work *w, ArenaBody *body) {
  if (!session_open(w->target->url, &w->session, w->e)) return false;
  bool in_memory = arena_protect(w->arena, NULL, body, w);
  session_close(w->session);
  return in_memory ? w->good : err_oom(w->e);
}

bool migrate_status(Arena *a, const MigrationTarget *t, HistoryStatus *out, Err *e) {
  Work w = {.arena = a, .target = t, .status = out, .e = e};
  return run(&w, status_body);
}

bool migrate_deploy(Arena *a, const MigrationTarget *t, Slice **applied, uint32_t *n, Err *e) {
  Work w = {.arena = a, .target = t, .applied = applied, .n_applied = n, .e = e};
  *applied = NULL;
  *n = 0;
  return run(&w, deploy_body);
}

bool migrate_resolve(Arena *a, const MigrationTarget *t, Slice name, bool applied, Err *e) {
  Work w = {.arena = a, .target = t, .name = name, .mark_applied = applied, .e = e};
  return run(&w, resolve_body);
}

bool migrate_reset(Arena *a, const MigrationTarget *t, Err *e) {
  Work w = {.arena = a, .target = t, .e = e};
  return run(&w, reset_body);
}
