#include "migrate/history_table.h"

#include "base/vec.h"
#include "migrate/ddl.h"

/* An id that is random and nothing more: not every server has gen_random_uuid(). */
static const char insert_start[] =
    " (id, checksum, migration_name, logs, started_at, finished_at, applied_steps_count) VALUES"
    " (md5(random()::text || clock_timestamp()::text)::uuid::text, ";

bool history_lock(Session *s, Err *e) {
  static const char lock[] =
      "SET lock_timeout = '10s'; SELECT pg_advisory_lock(72707369); RESET lock_timeout";
  if (session_execute(s, slice_of(lock), e)) return true;
  if (strcmp(e->sqlstate, "55P03") == 0)
    err_set(e, ERR_P1002,
            "The database server was reached but timed out: another migration of this database has held the "
            "advisory lock for 10 seconds.");
  return false;
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
             " rolled_back_at IS NOT NULL FROM %.*s ORDER BY started_at",
             SLICE_ARGS(h->table));
  if (!session_query(h->session, buf_slice(&b).p, NULL, 0, r, h->e)) return false;
  for (uint32_t i = 0; i < result_rows(*r); i++) {
    HistoryRow row = {.name = cell(*r, i, 0, h->arena),
                      .checksum = cell(*r, i, 1, h->arena),
                      .logs = cell(*r, i, 2, h->arena),
                      .started = cell(*r, i, 3, h->arena),
                      .finished = slice_is(cell(*r, i, 4, h->arena), "t"),
                      .rolled_back = slice_is(cell(*r, i, 5, h->arena), "t")};
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

bool row_failed(const HistoryRow *r) { return !r->finished && !r->rolled_back; }
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

bool history_record_failure(const History *h, const Migration *m, Slice logs) {
  Buf b = insert(h, m);
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
