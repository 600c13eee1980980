#include "migrate/history_progress.h"

#include <stdio.h>

enum {
  EVERY_MS = 1000
};

/* The first row is the most telling one. */
static const char asking[] =
    "SELECT p.command || ' on ' || coalesce(c.relname, '?') || ': ' || p.phase || CASE"
    "  WHEN p.lockers_total > 0 THEN ', ' || p.lockers_done || ' of ' || p.lockers_total || ' transactions'"
    "  WHEN p.blocks_total > 0 THEN ', ' || 100 * p.blocks_done / p.blocks_total || ' %'"
    "  WHEN p.tuples_total > 0 THEN ', ' || 100 * p.tuples_done / p.tuples_total || ' %' ELSE '' END"
    " FROM pg_stat_progress_create_index p LEFT JOIN pg_class c ON c.oid = p.relid WHERE p.pid = $1::int"
    " UNION ALL SELECT p.command || ' of ' || coalesce(c.relname, '?') || ': ' || p.phase || CASE"
    "  WHEN p.heap_blks_total > 0 THEN ', ' || 100 * p.heap_blks_scanned / p.heap_blks_total || ' %' ELSE '' "
    "END"
    " FROM pg_stat_progress_cluster p LEFT JOIN pg_class c ON c.oid = p.relid WHERE p.pid = $1::int"
    " UNION ALL SELECT 'VACUUM of ' || coalesce(c.relname, '?') || ': ' || p.phase || CASE"
    "  WHEN p.heap_blks_total > 0 THEN ', ' || 100 * p.heap_blks_scanned / p.heap_blks_total || ' %' ELSE '' "
    "END"
    " FROM pg_stat_progress_vacuum p LEFT JOIN pg_class c ON c.oid = p.relid WHERE p.pid = $1::int"
    " UNION ALL SELECT 'waiting for process ' || array_to_string(pg_blocking_pids($1::int), ', ') || ', "
    "which '"
    "  || coalesce((SELECT 'runs: ' || left(regexp_replace(query, '\\s+', ' ', 'g'), 80) FROM "
    "pg_stat_activity"
    "  WHERE pid = (pg_blocking_pids($1::int))[1]), 'holds a lock') WHERE "
    "cardinality(pg_blocking_pids($1::int)) > 0"
    " UNION ALL SELECT 'running for ' || date_trunc('second', clock_timestamp() - query_start) || ': '"
    "  || left(regexp_replace(query, '\\s+', ' ', 'g'), 80) FROM pg_stat_activity WHERE pid = $1::int"
    " LIMIT 1";

static void tell(Progress *p, const char *line) {
  p->target->tell(p->target->tell_ctx, line);
  p->told = line != NULL;
}

static void ask(void *ctx) {
  Progress *p = ctx;
  Slice pid = slice_of(p->pid), cell;
  Result *r;
  Err ignored; /* progress is a comfort: without it the work goes on */
  if (p->failed) return;
  if (!p->other) p->failed = !session_open(p->target->url, &p->other, &ignored);
  if (p->failed || !session_query(p->other, asking, &pid, 1, &r, &ignored)) {
    p->failed = true;
    return;
  }
  if (result_rows(r) && result_cell(r, 0, 0, &cell)) {
    char line[256];
    snprintf(line, sizeof line, "%.*s", SLICE_ARGS(cell));
    tell(p, line);
  }
  result_free(r);
}

void progress_begin(Progress *p, const MigrationTarget *t, Session *s) {
  *p = (Progress){.target = t};
  if (!t->tell) return;
  snprintf(p->pid, sizeof p->pid, "%d", session_pid(s));
  session_watch(s, EVERY_MS, ask, p);
}

void progress_end(Progress *p, Session *s) {
  session_watch(s, 0, NULL, NULL);
  if (p->told) tell(p, NULL);
  session_close(p->other);
  p->other = NULL;
}
