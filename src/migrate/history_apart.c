#include "migrate/history_apart.h"

#include "migrate/ddl.h"

typedef struct Apart {
  const History *history;
  const Migration *migration;
  uint32_t done; /* pieces, in an earlier run */
  bool resumed;
  Err *e;
} Apart;

typedef enum IndexState {
  INDEX_ABSENT,
  INDEX_INVALID, /* a build that was broken off leaves it */
  INDEX_VALID
} IndexState;

static bool index_state(const Apart *a, Slice name, IndexState *out) {
  static const char sql[] =
      "SELECT CASE WHEN i.indisvalid THEN 2 ELSE 1 END FROM pg_index i WHERE i.indexrelid = to_regclass($1)";
  Slice cell;
  Result *r;
  if (!session_query(a->history->session, sql, &name, 1, &r, a->e)) return false;
  bool there = result_rows(r) > 0 && result_cell(r, 0, 0, &cell);
  *out = !there ? INDEX_ABSENT : slice_is(cell, "2") ? INDEX_VALID : INDEX_INVALID;
  result_free(r);
  return true;
}

static bool execute(const Apart *a, Slice sql) { return session_execute(a->history->session, sql, a->e); }

/* What a broken run left is cleared away; *skip: the piece has been done, and was not recorded. `again`: it
 * is the piece at which the earlier run stopped. */
static bool prepare(const Apart *a, const Piece *p, bool again, bool *skip) {
  IndexState state;
  *skip = false;
  if (p->kind == PIECE_OTHER || !p->name.n) return true;
  if (!index_state(a, p->name, &state)) return false;
  *skip = again && state == (p->kind == PIECE_CREATE_INDEX ? INDEX_VALID : INDEX_ABSENT);
  if (p->kind != PIECE_CREATE_INDEX || state != INDEX_INVALID) return true;
  return execute(a, slice_printf(a->history->arena, "DROP INDEX CONCURRENTLY %.*s", SLICE_ARGS(p->name)));
}

static bool run_apart(const Apart *a, const Piece *p, Slice text, Slice record, bool again) {
  bool skip;
  return prepare(a, p, again, &skip) && (skip || execute(a, text)) && execute(a, record);
}

/* A piece and its record are one transaction, where that can be. */
static bool run_together(const Apart *a, Slice text, Slice record) {
  Slice both = slice_printf(a->history->arena, "%.*s\n;%.*s", SLICE_ARGS(text), SLICE_ARGS(record));
  if (!execute(a, both)) return false;
  return !session_in_transaction(a->history->session) || ddl_commit(a->history->session, a->e);
}

static uint32_t lines_before(Slice script, uint32_t at) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < at; i++) n += script.p[i] == '\n';
  return n;
}

static bool run_piece(const Apart *a, const Pieces *all, uint32_t k) {
  const Piece *p = &all->items[k];
  Slice text = {a->migration->script.p + p->start, p->end - p->start};
  Slice record = history_step_sql(a->history, a->migration, k + 1);
  bool again = a->resumed && k == a->done;
  bool good =
      p->kind == PIECE_TOGETHER ? run_together(a, text, record) : run_apart(a, p, text, record, again);
  if (!good && a->e->line) a->e->line += lines_before(a->migration->script, p->start);
  return good;
}

static uint32_t steps_done(const History *h, const Migration *m) {
  for (uint32_t i = 0; i < h->n; i++)
    if (slice_eq(h->rows[i].name, m->name) && row_interrupted(&h->rows[i])) return h->rows[i].steps;
  return 0;
}

bool history_apply_apart(const History *h, const Migration *m, const Pieces *pieces, bool resumed, Err *e) {
  Apart a = {.history = h, .migration = m, .resumed = resumed, .e = e};
  if (resumed)
    a.done = steps_done(h, m);
  else if (!execute(&a, history_start_sql(h, m)))
    return false;
  for (uint32_t k = a.done; k < pieces->n; k++)
    if (!run_piece(&a, pieces, k)) return false;
  return execute(&a, history_end_sql(h, m));
}
