/* INSERT, UPDATE, DELETE, and statements of several parts. */
#include "plan/emit.h"

/* ---- writes ---- */

static void put_target(Emit *e, const Query *q) {
  if (q->model)
    put_table(e, q->model->db_schema, q->model->db_name, true);
  else
    put_table(e, q->schema, q->table, true);
  PUT(e, " AS ");
  put_alias(e, q->alias);
}

static void put_names(Emit *e, const Slice *names, uint32_t n) {
  PUT(e, " (");
  for (uint32_t i = 0; i < n; i++) {
    if (i) PUT(e, ", ");
    put_name(e, names[i]);
  }
  PUT(e, ")");
}

static void put_sets(Emit *e, const Query *q) {
  PUT(e, " SET ");
  for (uint32_t i = 0; i < q->n_sets; i++) {
    if (i) PUT(e, ", ");
    put_name(e, q->sets[i].name);
    PUT(e, " = ");
    emit_expr(e, q->sets[i].expr);
  }
}

static void put_values(Emit *e, const Query *q) {
  PUT(e, " VALUES ");
  for (uint32_t i = 0; i < q->n_rows; i++) {
    i ? PUT(e, ", (") : PUT(e, "(");
    put_list(e, q->values + (size_t)i * q->n_columns, q->n_columns);
    PUT(e, ")");
  }
}

static void put_conflict(Emit *e, const Query *q) {
  if (q->conflict == CONFLICT_ERROR) return;
  PUT(e, " ON CONFLICT");
  if (q->n_conflict_columns) put_names(e, q->conflict_columns, q->n_conflict_columns);
  if (q->conflict == CONFLICT_NOTHING) {
    PUT(e, " DO NOTHING");
    return;
  }
  PUT(e, " DO UPDATE");
  put_sets(e, q);
  put_where(e, q->conflict_where);
}

static void put_insert(Emit *e, const Query *q) {
  PUT(e, "INSERT INTO ");
  put_target(e, q);
  if (q->n_columns) put_names(e, q->columns, q->n_columns);
  if (q->select) {
    PUT(e, " ");
    emit_select(e, q->select);
  } else if (q->n_columns) {
    put_values(e, q);
  } else {
    PUT(e, " DEFAULT VALUES");
  }
  put_conflict(e, q);
}

static void put_update(Emit *e, const Query *q) {
  PUT(e, "UPDATE ");
  put_target(e, q);
  put_sets(e, q);
  if (q->from) {
    PUT(e, " FROM ");
    put_from(e, q->from);
  }
  put_where(e, q->where);
}

static void put_delete(Emit *e, const Query *q) {
  PUT(e, "DELETE FROM ");
  put_target(e, q);
  if (q->from) {
    PUT(e, " USING ");
    put_from(e, q->from);
  }
  put_where(e, q->where);
}

static void put_returning(Emit *e, const Query *q) {
  if (!q->n_returning) return;
  PUT(e, " RETURNING ");
  put_outputs(e, q->returning, q->n_returning);
}

/* ---- COPY ---- */

static void put_copy_in(Emit *e, const Query *q) {
  PUT(e, "COPY ");
  put_qualified(e, q->model->db_schema, q->model->db_name);
  put_names(e, q->columns, q->n_columns);
  PUT(e, " FROM STDIN (FORMAT binary)");
}

static void put_copy_out(Emit *e, const Query *q) {
  e->settings = true;
  PUT(e, "COPY (");
  emit_select(e, q->select);
  PUT(e, ") TO STDOUT (FORMAT binary)");
}

/* ---- WITH ---- */

static const Output *query_outputs(const Query *q, uint32_t *n) {
  bool select = q->kind == STATEMENT_SELECT;
  *n = select ? q->select->n_outputs : q->n_returning;
  return select ? q->select->outputs : q->returning;
}

static void put_query(Emit *e, const Query *q) {
  switch (q->kind) {
    case STATEMENT_SELECT: emit_select(e, q->select); break;
    case STATEMENT_INSERT: put_insert(e, q); break;
    case STATEMENT_UPDATE: put_update(e, q); break;
    case STATEMENT_DELETE: put_delete(e, q); break;
    case STATEMENT_COPY_IN: put_copy_in(e, q); break;
    case STATEMENT_COPY_OUT: put_copy_out(e, q); break;
    case STATEMENT_SETTINGS: put_settings(e, q->select); break;
  }
  if (q->kind != STATEMENT_SELECT) put_returning(e, q);
}

/* Whatever reads is computed once, before those that depend on it: that is what MATERIALIZED says. */
static void put_with(Emit *e, const With *with) {
  uint32_t n;
  (void)query_outputs(with->query, &n);
  put_alias(e, with->alias);
  for (uint32_t i = 0; i < n; i++) {
    i ? PUT(e, ", c") : PUT(e, " (c");
    buf_int(&e->sql, (int64_t)i + 1);
  }
  n ? PUT(e, ") AS ") : PUT(e, " AS ");
  with->query->kind == STATEMENT_SELECT ? PUT(e, "MATERIALIZED (") : PUT(e, "(");
  put_query(e, with->query);
  PUT(e, ")");
}

static bool query_writes(const Query *q) {
  bool writes = q->kind != STATEMENT_SELECT;
  for (uint32_t i = 0; i < q->n_with; i++) writes |= q->with[i].query->kind != STATEMENT_SELECT;
  return writes;
}

bool emit_query(Arena *arena, Arena *scratch, const EmitOptions *options, const Query *q, Step *step) {
  Emit e = {.arena = arena, .scratch = scratch, .options = options, .sql = buf_in(arena)};
  for (uint32_t i = 0; i < q->n_with; i++) {
    i ? PUT(&e, ", ") : PUT(&e, "WITH ");
    put_with(&e, &q->with[i]);
  }
  if (q->n_with) PUT(&e, " ");
  put_query(&e, q);
  bool copy = q->kind == STATEMENT_COPY_IN || q->kind == STATEMENT_COPY_OUT;
  step->apart = copy || (q->kind == STATEMENT_SETTINGS && !e.n_params);
  if (copy) e.n_params = 0; /* they are settings by then */
  uint32_t n;
  const Output *outputs = query_outputs(q, &n);
  step->columns = ARENA_ARRAY(arena, Column, n);
  step->n_columns = (uint16_t)n;
  for (uint32_t i = 0; i < n; i++) step->columns[i] = outputs[i].column;
  step->sql = buf_slice(&e.sql);
  step->hash = slice_hash(step->sql);
  step->params = e.params;
  step->n_params = (uint16_t)e.n_params;
  step->writes = query_writes(q);
  return e.n_params <= UINT16_MAX;
}
