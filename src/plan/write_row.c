/* Rows and scopes: the nouns of writes, and the steps that make them. */
#include "plan/write.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/vec.h"

/* ---- scopes ---- */

Scope scope_new(Builder *b, const Model *m) { return (Scope){.model = m, .alias = b->next_alias++}; }

void scope_visible(Builder *b, Scope *s) {
  if (!s->visible) s->where = expr_and(b, s->where, visible(b, s->model, s->alias));
  s->visible = true;
}

bool scope_narrow(Builder *b, Scope *s, const Path *at, const Arg *where, bool unique) {
  Expr *condition;
  bool ok = unique ? filter_unique(b, at, s->model, s->alias, where, NULL, &condition)
                   : filter_where(b, at, s->model, s->alias, where, &condition);
  s->where = expr_and(b, s->where, ok ? condition : NULL);
  scope_visible(b, s);
  return ok;
}

From *scope_from(Builder *b, const Scope *s) {
  From *f = ARENA_NEW(b->scratch, From);
  *f = (From){.kind = FROM_MODEL, .alias = s->alias, .model = s->model};
  return f;
}

Select *scope_select(Builder *b, const Scope *s, Field *const *fields, uint32_t n) {
  Select *select = ARENA_NEW(b->scratch, Select);
  select->from = scope_from(b, s);
  select->where = s->where;
  for (uint32_t i = 0; i < n; i++)
    output_add(b, &select->outputs, &select->n_outputs, expr_column(b, s->alias, fields[i]),
               column_of(fields[i]));
  return select;
}

Expr *expr_in(Builder *b, uint32_t alias, Field *const *fields, uint32_t n, Select *select) {
  Expr **columns = ARENA_ARRAY(b->scratch, Expr *, n);
  for (uint32_t i = 0; i < n; i++) columns[i] = expr_column(b, alias, fields[i]);
  Expr *in = expr_list(b, EXPR_IN_SELECT, n, columns);
  in->select = select;
  return in;
}

/* ---- rows ---- */

static Row *row_new(Builder *b, const Model *m) {
  Row *row = ARENA_NEW(b->scratch, Row);
  row->model = m;
  row->known = ARENA_ARRAY(b->scratch, Expr *, m->n_columns + 1);
  return row;
}

static const Field *column_field(const Model *m, Slice db_name) {
  for (uint32_t i = 0; i < m->n_columns; i++)
    if (slice_eq(m->columns[i]->db_name, db_name)) return m->columns[i];
  return NULL;
}

/* What the condition says outright: column = parameter. */
static void learn_condition(Row *row, const Scope *s, const Expr *x) {
  if (!x) return;
  if (x->kind == EXPR_AND)
    for (uint32_t i = 0; i < x->n_args; i++) learn_condition(row, s, x->args[i]);
  if (x->kind != EXPR_OP || x->op != OP_EQ || x->args[0]->kind != EXPR_COLUMN ||
      x->args[1]->kind != EXPR_PARAM)
    return;
  const Field *f = x->args[0]->alias == s->alias ? column_field(s->model, x->args[0]->name) : NULL;
  if (f) row->known[f->column] = x->args[1];
}

static void learn_set(Row *row, const Set *set) {
  const Field *f = column_field(row->model, set->name);
  if (f) row->known[f->column] = set->expr->kind == EXPR_PARAM ? set->expr : NULL;
}

static Row *row_of(Builder *b, Row *row, Query *q, uint32_t alias) {
  row->n_from = 1;
  row->from[0].query = q;
  row->from[0].alias = alias;
  row->from[0].step = b_step(b, q);
  return row;
}

static Query *query_new(Builder *b, StatementKind kind, const Scope *s) {
  Query *q = ARENA_NEW(b->scratch, Query);
  *q = (Query){.kind = kind, .model = s->model, .alias = s->alias, .where = s->where};
  return q;
}

Row *row_select(Builder *b, const Scope *s) {
  Row *row = row_new(b, s->model);
  Query *q = query_new(b, STATEMENT_SELECT, s);
  q->select = scope_select(b, s, NULL, 0);
  output_add(b, &q->select->outputs, &q->select->n_outputs, expr_int(b, 1), (Column){.type = TYPE_INT4});
  learn_condition(row, s, s->where);
  return row_of(b, row, q, s->alias);
}

Row *row_update(Builder *b, const Scope *s, const Set *sets, uint32_t n_sets) {
  Row *row = row_new(b, s->model);
  Query *q = query_new(b, STATEMENT_UPDATE, s);
  q->sets = arena_copy(b->scratch, sets, n_sets * sizeof *sets);
  q->n_sets = n_sets;
  learn_condition(row, s, s->where);
  for (uint32_t i = 0; i < n_sets; i++) learn_set(row, &sets[i]);
  return row_of(b, row, q, s->alias);
}

Row *row_hide(Builder *b, const Scope *s, const Set *sets, uint32_t n_sets) {
  Row *row = row_update(b, s, sets, n_sets);
  row->from[0].query->may_hide = true;
  return row;
}

Row *row_delete(Builder *b, const Scope *s) {
  return row_of(b, row_new(b, s->model), query_new(b, STATEMENT_DELETE, s), s->alias);
}

Row *row_insert(Builder *b, const Model *m, Expr *const *values) {
  Row *row = row_new(b, m);
  Scope s = scope_new(b, m);
  Query *q = query_new(b, STATEMENT_INSERT, &s);
  uint32_t n = 0;
  q->n_rows = 1;
  for (uint32_t i = 0; i < m->n_columns; i++) {
    if (!values[i]) continue;
    *VEC_PUSH(b->scratch, q->columns, q->n_columns) = m->columns[i]->db_name;
    *VEC_PUSH(b->scratch, q->values, n) = values[i];
    if (values[i]->kind == EXPR_PARAM) row->known[i] = values[i];
  }
  return row_of(b, row, q, s.alias);
}

Row *row_either(Builder *b, const Row *one, const Row *other) {
  Row *row = row_new(b, one->model);
  row->n_from = 2;
  row->from[0] = one->from[0];
  row->from[1] = other->from[0];
  return row;
}

static Output **branch_outputs(Query *q, uint32_t **n) {
  bool select = q->kind == STATEMENT_SELECT;
  *n = select ? &q->select->n_outputs : &q->n_returning;
  return select ? &q->select->outputs : &q->returning;
}

Output **row_outputs(Row *row, uint32_t **n) { return branch_outputs(row->from[0].query, n); }

Expr *row_value(Builder *b, Row *row, const Field *f) {
  Expr *cells[2];
  if (row->known[f->column]) return row->known[f->column];
  for (uint32_t i = 0; i < row->n_from; i++) {
    uint32_t *n;
    Output **outputs = branch_outputs(row->from[i].query, &n);
    uint16_t column = output_add(b, outputs, n, expr_column(b, row->from[i].alias, f), column_of(f));
    cells[i] = b_cell(b, row->from[i].step, column, f);
    cells[i]->param.optional = row->n_from > 1;
  }
  row->known[f->column] = row->n_from > 1 ? expr_call(b, FN_COALESCE, 2, cells) : cells[0];
  return row->known[f->column];
}

Scope row_scope(Builder *b, Row *row) {
  Scope s = scope_new(b, row->model);
  const Index *key = model_identity(row->model);
  for (uint32_t i = 0; key && i < key->n_fields; i++) {
    const Field *f = key->fields[i].field;
    s.where = expr_and(b, s.where, expr_op(b, OP_EQ, expr_column(b, s.alias, f), row_value(b, row, f)));
  }
  return s;
}

Scope row_visible(Builder *b, Row *row) {
  Scope s = row_scope(b, row);
  scope_visible(b, &s);
  return s;
}

/* ---- guards ---- */

Guard guard_enter(Builder *b, GuardKind kind, const Row *on) {
  Guard before = {b->guard, b->guard_step};
  b->guard = kind;
  b->guard_step = on->from[0].step;
  return before;
}

void guard_leave(Builder *b, Guard before) {
  b->guard = before.kind;
  b->guard_step = before.step;
}

/* ---- checks ---- */

void step_check(Builder *b, uint16_t step, Check check) {
  b->plan->steps[step].checks = arena_copy(b->arena, &check, sizeof check);
  b->plan->steps[step].n_checks = 1;
}

void row_check(Builder *b, const Row *row, Check check) {
  for (uint32_t i = 0; i < row->n_from; i++) step_check(b, row->from[i].step, check);
}

static Slice text_in(Builder *b, const char *format, va_list args) {
  char text[512];
  vsnprintf(text, sizeof text, format, args);
  return slice_copy(b->arena, slice_of(text));
}

Check check_found(Builder *b, const char *cause, ...) {
  va_list args;
  va_start(args, cause);
  Slice words = text_in(b, cause, args);
  va_end(args);
  return (Check){.kind = CHECK_SOME,
                 .count_leaf = ARG_NO_LEAF,
                 .code = ERR_P2025,
                 .message = slice_printf(b->arena,
                                         "An operation failed because it depends on one or more records that "
                                         "were required but not found. %.*s",
                                         SLICE_ARGS(words)),
                 .cause = words};
}

Check check_rows(Builder *b, CheckKind kind, ErrCode code, const char *message, ...) {
  va_list args;
  va_start(args, message);
  Slice words = text_in(b, message, args);
  va_end(args);
  return (Check){.kind = kind, .count_leaf = ARG_NO_LEAF, .code = code, .message = words};
}

const char *relation_words(const Field *f) {
  switch (f->relation->kind) {
    case RELATION_ONE_TO_ONE: return "one-to-one";
    case RELATION_ONE_TO_MANY: return "one-to-many";
    case RELATION_MANY_TO_MANY: break;
  }
  return "many-to-many";
}

#define REQUIRED_WORDS                                                                                   \
  "The change you are trying to make would violate the required relation '%.*s' between the `%.*s` and " \
  "`%.*s` "                                                                                              \
  "models."

Check check_required(Builder *b, const Field *f) {
  const Relation *r = f->relation;
  return check_rows(b, CHECK_NO_ROWS, ERR_P2014, REQUIRED_WORDS, SLICE_ARGS(r->name),
                    SLICE_ARGS(r->side[0].model->name), SLICE_ARGS(r->side[1].model->name));
}

bool refuse_required(Builder *b, const Path *at, const Field *f) {
  const Relation *r = f->relation;
  return b_refuse(b, at, ERR_P2014, REQUIRED_WORDS, SLICE_ARGS(r->name), SLICE_ARGS(r->side[0].model->name),
                  SLICE_ARGS(r->side[1].model->name));
}
