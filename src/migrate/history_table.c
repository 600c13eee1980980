#include "migrate/history_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/vec.h"
#include "migrate/ddl.h"

/* An id that is random and nothing more: not every server has gen_random_uuid(). */
static const char insert_start[] =
    " (id, checksum, migration_name, logs, started_at, finished_at, applied_steps_count) VALUES"
    " (md5(random()::text || clock_timestamp()::text)::uuid::text, ";

/* What a row says in its logs while its migration goes piece by piece. */
static const char under_way[] = "lorm: under way, piece by piece";

/* A server that runs a statement does not notice that its client is gone, unless it looks: it would hold the
 * lock until the statement is done. */
static void look_after_client(Session *s) {
  enum {
    SINCE = 140000
  };
  Err ignored; /* not every system can */
  bool can = session_version(s) >= SINCE;
  if (can && session_execute(s, SLICE("SET client_connection_check_interval = '500ms'"), &ignored)) return;
}

/* Whoever holds the lock, for people; empty when it is nobody any more. */
static void find_holder(Session *s, char *out, size_t size) {
  static const char asking[] =
      "SELECT 'process ' || a.pid || ' (' || concat_ws(', ', nullif(a.application_name, ''), 'user ' || "
      "a.usename,"
      " host(a.client_addr), 'for ' || date_trunc('second', clock_timestamp() - a.backend_start)) || ')'"
      " FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted"
      " AND l.classid = 0 AND l.objid = 72707369 AND l.objsubid = 1"
      " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
  Slice cell;
  Result *r;
  Err ignored; /* then nobody knows */
  *out = 0;
  if (!session_query(s, asking, NULL, 0, &r, &ignored)) return;
  if (result_rows(r) && result_cell(r, 0, 0, &cell)) err_text(out, size, cell);
  result_free(r);
}

static bool try_lock(Session *s, bool *got, Err *e) {
  Slice cell;
  Result *r;
  if (!session_query(s, "SELECT pg_try_advisory_lock(72707369)", NULL, 0, &r, e)) return false;
  *got = result_cell(r, 0, 0, &cell) && slice_is(cell, "t");
  result_free(r);
  return true;
}

/* Asked for again and again: whoever waits for it inside of the server has a snapshot meanwhile, and whoever
 * builds an index concurrently waits for snapshots to go. */
bool history_lock(Session *s, const MigrationTarget *t, Err *e) {
  char holder[200] = "", line[260];
  bool got = false, told = false;
  *e = (Err){0};
  look_after_client(s);
  for (int waited = 0; try_lock(s, &got, e) && !got && waited < LOCK_WAIT_MS; waited += LOCK_PAUSE_MS) {
    if (t->tell && !told) {
      find_holder(s, holder, sizeof holder);
      snprintf(line, sizeof line, "waiting for another migration of this database: %s", holder);
      t->tell(t->tell_ctx, line);
      told = true;
    }
    usleep(LOCK_PAUSE_MS * 1000);
  }
  if (told) t->tell(t->tell_ctx, NULL);
  if (got || e->code) return got;
  find_holder(s, holder, sizeof holder);
  return lock_timed_out(holder, e);
}

static Slice cell(const Result *r, uint32_t row, uint32_t column, Arena *a) {
  Slice s;
  return result_cell(r, row, column, &s) ? slice_copy(a, s) : (Slice){"", 0};
}

static void release(void *held) { result_free(*(Result **)held); }

static bool read_rows(History *h) {
  Buf b = buf_in(h->arena);
  Result **r = ARENA_NEW(h->arena, Result *);
  arena_defer(h->arena, release, r);
  buf_printf(&b,
             "SELECT migration_name, checksum, logs, started_at::text, finished_at IS NOT NULL,"
             " rolled_back_at IS NOT NULL, applied_steps_count FROM %.*s ORDER BY started_at",
             SLICE_ARGS(h->table));
  if (!session_query(h->session, buf_slice(&b).p, NULL, 0, r, h->e)) return false;
  for (uint32_t i = 0; i < result_rows(*r); i++) {
    HistoryRow row = {.name = cell(*r, i, 0, h->arena),
                      .checksum = cell(*r, i, 1, h->arena),
                      .logs = cell(*r, i, 2, h->arena),
                      .started = cell(*r, i, 3, h->arena),
                      .finished = slice_is(cell(*r, i, 4, h->arena), "t"),
                      .rolled_back = slice_is(cell(*r, i, 5, h->arena), "t"),
                      .steps = (uint32_t)strtoul(cell(*r, i, 6, h->arena).p, NULL, 10)};
    *VEC_PUSH(h->arena, h->rows, h->n) = row;
  }
  return true;
}

static bool find_table(History *h) {
  Result *r;
  if (!session_query(h->session, "SELECT to_regclass($1) IS NOT NULL", &h->table, 1, &r, h->e)) return false;
  Slice there;
  h->there = result_cell(r, 0, 0, &there) && slice_is(there, "t");
  result_free(r);
  return true;
}

bool history_open(History *h, Arena *a, Session *s, Err *e) {
  Buf b = buf_in(a);
  ddl_place(&b, session_info(s)->schema, SLICE("_prisma_migrations"));
  *h = (History){.arena = a, .session = s, .table = buf_slice(&b), .e = e};
  return find_table(h) && (!h->there || read_rows(h));
}

bool history_create(History *h) {
  Buf b = buf_in(h->arena);
  if (h->there) return true;
  buf_slice_add(&b, ddl_create_schema(h->arena, session_info(h->session)->schema));
  buf_printf(&b,
             "CREATE TABLE %.*s (\n"
             "    id                      VARCHAR(36) PRIMARY KEY NOT NULL,\n"
             "    checksum                VARCHAR(64) NOT NULL,\n"
             "    finished_at             TIMESTAMPTZ,\n"
             "    migration_name          VARCHAR(255) NOT NULL,\n"
             "    logs                    TEXT,\n"
             "    rolled_back_at          TIMESTAMPTZ,\n"
             "    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),\n"
             "    applied_steps_count     INTEGER NOT NULL DEFAULT 0\n"
             ");\n",
             SLICE_ARGS(h->table));
  h->there = session_execute(h->session, buf_slice(&b), h->e);
  return h->there;
}

bool row_interrupted(const HistoryRow *r) {
  return !r->finished && !r->rolled_back && slice_is(r->logs, under_way);
}
bool row_failed(const HistoryRow *r) { return !r->finished && !r->rolled_back && !row_interrupted(r); }
bool row_applied(const HistoryRow *r) { return r->finished && !r->rolled_back; }

static Buf insert(const History *h, const Migration *m) {
  Buf b = buf_in(h->arena);
  buf_printf(&b, "INSERT INTO %.*s%s'%s', ", SLICE_ARGS(h->table), insert_start, m->checksum);
  ddl_text(&b, m->name);
  return b;
}

Slice history_done_sql(const History *h, const Migration *m, uint32_t steps) {
  Buf b = insert(h, m);
  buf_printf(&b, ", NULL, now(), clock_timestamp(), %u)", steps);
  return buf_slice(&b);
}

Slice history_start_sql(const History *h, const Migration *m) {
  Buf b = insert(h, m);
  buf_printf(&b, ", '%s', now(), NULL, 0)", under_way);
  return buf_slice(&b);
}

static Buf of_interrupted(const History *h, const Migration *m, const char *before, const char *after) {
  Buf b = buf_in(h->arena);
  buf_printf(&b, "%s %.*s %s WHERE finished_at IS NULL AND rolled_back_at IS NULL AND logs = '%s'", before,
             SLICE_ARGS(h->table), after, under_way);
  buf_text(&b, " AND migration_name = ");
  ddl_text(&b, m->name);
  return b;
}

Slice history_step_sql(const History *h, const Migration *m, uint32_t steps) {
  Slice set = slice_printf(h->arena, "SET applied_steps_count = %u", steps);
  Buf b = of_interrupted(h, m, "UPDATE", set.p);
  return buf_slice(&b);
}

Slice history_end_sql(const History *h, const Migration *m) {
  Buf b = of_interrupted(h, m, "UPDATE",
                         "SET finished_at = clock_timestamp(), logs = NULL, applied_steps_count = 1");
  return buf_slice(&b);
}

bool history_record_failure(const History *h, const Migration *m, Slice logs) {
  Buf b = of_interrupted(h, m, "DELETE FROM", ""), failed = insert(h, m);
  buf_text(&b, "; ");
  buf_slice_add(&b, buf_slice(&failed));
  buf_text(&b, ", ");
  ddl_text(&b, logs);
  buf_text(&b, ", now(), NULL, 0)");
  return session_execute(h->session, buf_slice(&b), h->e);
}

static bool mark_rolled_back(const History *h, Slice name, const char *which) {
  Buf b = buf_in(h->arena);
  buf_printf(&b, "UPDATE %.*s SET rolled_back_at = now() WHERE rolled_back_at IS NULL AND finished_at %s",
             SLICE_ARGS(h->table), which);
  buf_text(&b, " AND migration_name = ");
  ddl_text(&b, name);
  return session_execute(h->session, buf_slice(&b), h->e);
}

bool history_roll_back(const History *h, Slice name) { return mark_rolled_back(h, name, "IS NULL"); }
bool history_undo(const History *h, Slice name) { return mark_rolled_back(h, name, "IS NOT NULL"); }
