/* From the query tree to SQL: the only place of plan that holds SQL words. What is appended is a literal of
 * this file, a quoted identifier, a planner's integer or $n; nothing else has a way in. */
#include "base/vec.h"
#include "plan/query.h"

typedef struct Emit {
  Arena *arena, *scratch;
  const PlanConfig *config;
  Buf sql;
  Param *params;
  uint32_t n_params;
  uint32_t *buckets; /* of n_buckets: 1 + the number of a parameter, open addressing */
  uint32_t n_buckets;
  bool settings; /* parameters are read from settings of the session */
} Emit;

static void emit_expr(Emit *e, const Expr *x);     /* recursion */
static void emit_select(Emit *e, const Select *s); /* recursion */

#define PUT(e, literal) buf_add(&(e)->sql, "" literal, sizeof(literal) - 1)

/* ---- names ---- */

static void put_name(Emit *e, Slice name) {
  buf_byte(&e->sql, '"');
  for (uint32_t i = 0; i < name.n; i++) {
    if (name.p[i] == '"') buf_byte(&e->sql, '"');
    buf_byte(&e->sql, name.p[i]);
  }
  buf_byte(&e->sql, '"');
}

static void put_qualified(Emit *e, Slice schema, Slice name) {
  put_name(e, schema.n ? schema : e->config->default_schema);
  PUT(e, ".");
  put_name(e, name);
}

static void put_alias(Emit *e, uint32_t alias) {
  PUT(e, "t");
  buf_int(&e->sql, alias);
}

static void put_column(Emit *e, const Expr *x) {
  if (x->alias == EXCLUDED_ALIAS) {
    PUT(e, "excluded.");
  } else if (x->alias != NO_ALIAS) {
    put_alias(e, x->alias);
    PUT(e, ".");
  }
  put_name(e, x->name);
}

static void put_type(Emit *e, TypeId type, bool array, const Enum *enum_) {
  if (enum_)
    put_qualified(e, enum_->db_schema, enum_->db_name);
  else
    put_name(e, slice_of(type_name(type)));
  if (array) PUT(e, "[]");
}

/* ---- parameters ---- */

static bool same_param(const Param *a, const Param *b) {
  return a->source == b->source && a->transform == b->transform && a->type == b->type &&
         a->array == b->array && a->leaf == b->leaf && a->step == b->step && a->column == b->column &&
         a->slot == b->slot && a->optional == b->optional && a->required == b->required &&
         a->enum_ == b->enum_ && slice_eq(a->key, b->key);
}

static uint32_t param_hash(const Param *p) {
  uint32_t h = p->source;
  h = h * 31 + p->leaf;
  h = h * 31 + p->step;
  h = h * 31 + p->column;
  h = h * 31 + p->slot;
  return (h ^ (uint32_t)slice_hash(p->key)) * 2654435769u;
}

static uint32_t *param_bucket(Emit *e, const Param *p) {
  uint32_t at = param_hash(p) & (e->n_buckets - 1);
  while (e->buckets[at] && !same_param(&e->params[e->buckets[at] - 1], p)) at = (at + 1) & (e->n_buckets - 1);
  return &e->buckets[at];
}

/* Statements of many rows have tens of thousands of them. */
static uint32_t param_number(Emit *e, const Param *p) {
  if (e->n_params * 2 >= e->n_buckets) {
    e->n_buckets = e->n_buckets ? e->n_buckets * 2 : 32;
    e->buckets = ARENA_ARRAY(e->scratch, uint32_t, e->n_buckets);
    for (uint32_t i = 0; i < e->n_params; i++) *param_bucket(e, &e->params[i]) = i + 1;
  }
  uint32_t *bucket = param_bucket(e, p);
  if (!*bucket) {
    *VEC_PUSH(e->arena, e->params, e->n_params) = *p;
    *bucket = e->n_params;
  }
  return *bucket;
}

static void put_setting(Emit *e, uint32_t number) {
  PUT(e, "'lorm.copy");
  buf_int(&e->sql, number);
  PUT(e, "'");
}

/* Their text is one that the server made. */
static void put_setting_value(Emit *e, const Param *p) {
  PUT(e, "pg_catalog.current_setting(");
  put_setting(e, param_number(e, p));
  PUT(e, ")");
  if (!p->enum_ && !type_name((TypeId)p->type)[0]) return;
  PUT(e, "::");
  put_type(e, (TypeId)p->type, p->array, p->enum_);
}

/* Types without an oid of their own go out untyped: the server must be told. */
static void put_param(Emit *e, const Param *p) {
  if (e->settings) {
    put_setting_value(e, p);
    return;
  }
  PUT(e, "$");
  buf_int(&e->sql, param_number(e, p));
  bool named = p->enum_ || type_name((TypeId)p->type)[0];
  if (type_oid((TypeId)p->type) || !named) return;
  PUT(e, "::");
  put_type(e, (TypeId)p->type, p->array, p->enum_);
}

/* ---- expressions ---- */

static const struct {
  const char *text;
  uint32_t n;
} ops[] =
    {
#define OP(id, sql) [OP_##id] = {" " sql " ", sizeof(sql) + 1},
#include "plan/ops.def"
#undef OP
},
  functions[] = {
#define FUNCTION(id, sql) [FN_##id] = {sql "(", sizeof(sql)},
#include "plan/functions.def"
#undef FUNCTION
};

static void put_list(Emit *e, Expr *const *items, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    if (i) PUT(e, ", ");
    emit_expr(e, items[i]);
  }
}

/* What may stand beside an operator without parentheses. */
static bool is_tight(const Expr *x) {
  switch (x->kind) {
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_IS_NULL:
    case EXPR_NOT_NULL:
    case EXPR_OP:
    case EXPR_ANY:
    case EXPR_ALL:
    case EXPR_IN_SELECT: return false;
    default: return true;
  }
}

static void put_operand(Emit *e, const Expr *x) {
  bool tight = is_tight(x);
  if (!tight) PUT(e, "(");
  emit_expr(e, x);
  if (!tight) PUT(e, ")");
}

/* AND binds tighter than OR, and comparisons tighter than both: only these two need parentheses. */
static void put_junction(Emit *e, const Expr *x) {
  bool is_and = x->kind == EXPR_AND;
  if (x->n_args == 0) is_and ? PUT(e, "TRUE") : PUT(e, "FALSE");
  for (uint32_t i = 0; i < x->n_args; i++) {
    bool nested = x->args[i]->kind == EXPR_OR || x->args[i]->kind == EXPR_AND;
    if (i) is_and ? PUT(e, " AND ") : PUT(e, " OR ");
    if (nested) PUT(e, "(");
    emit_expr(e, x->args[i]);
    if (nested) PUT(e, ")");
  }
}

static void put_quantified(Emit *e, const Expr *x) {
  put_operand(e, x->args[0]);
  buf_add(&e->sql, ops[x->op].text, ops[x->op].n);
  x->kind == EXPR_ANY ? PUT(e, "ANY(") : PUT(e, "ALL(");
  emit_expr(e, x->args[1]);
  PUT(e, ")");
}

static void put_call(Emit *e, const Expr *x) {
  buf_add(&e->sql, functions[x->function].text, functions[x->function].n);
  if (x->distinct) PUT(e, "DISTINCT ");
  put_list(e, x->args, x->n_args);
  PUT(e, ")");
  if (!x->filter) return;
  PUT(e, " FILTER (WHERE ");
  emit_expr(e, x->filter);
  PUT(e, ")");
}

static void put_case(Emit *e, const Expr *x) {
  PUT(e, "CASE WHEN ");
  emit_expr(e, x->args[0]);
  PUT(e, " THEN ");
  emit_expr(e, x->args[1]);
  PUT(e, " ELSE ");
  emit_expr(e, x->args[2]);
  PUT(e, " END");
}

static void put_in_select(Emit *e, const Expr *x) {
  if (x->n_args > 1) PUT(e, "(");
  put_list(e, x->args, x->n_args);
  if (x->n_args > 1) PUT(e, ")");
  PUT(e, " IN (");
  emit_select(e, x->select);
  PUT(e, ")");
}

static void put_op(Emit *e, const Expr *x) {
  put_operand(e, x->args[0]);
  buf_add(&e->sql, ops[x->op].text, ops[x->op].n);
  put_operand(e, x->args[1]);
}

static void put_cast(Emit *e, const Expr *x) {
  put_operand(e, x->args[0]);
  PUT(e, "::");
  put_type(e, x->type, x->array, x->enum_);
}

static void emit_expr(Emit *e, const Expr *x) {
  switch (x->kind) {
    case EXPR_COLUMN: put_column(e, x); break;
    case EXPR_PARAM: put_param(e, &x->param); break;
    case EXPR_INT: buf_int(&e->sql, x->i); break;
    case EXPR_TRUE: PUT(e, "TRUE"); break;
    case EXPR_FALSE: PUT(e, "FALSE"); break;
    case EXPR_NULL: PUT(e, "NULL"); break;
    case EXPR_DEFAULT: PUT(e, "DEFAULT"); break;
    case EXPR_STAR: PUT(e, "*"); break;
    case EXPR_AND:
    case EXPR_OR: put_junction(e, x); break;
    case EXPR_NOT:
      PUT(e, "NOT ");
      put_operand(e, x->args[0]);
      break;
    case EXPR_IS_NULL:
    case EXPR_NOT_NULL:
      put_operand(e, x->args[0]);
      x->kind == EXPR_IS_NULL ? PUT(e, " IS NULL") : PUT(e, " IS NOT NULL");
      break;
    case EXPR_OP: put_op(e, x); break;
    case EXPR_ANY:
    case EXPR_ALL: put_quantified(e, x); break;
    case EXPR_EXISTS:
      PUT(e, "EXISTS (");
      emit_select(e, x->select);
      PUT(e, ")");
      break;
    case EXPR_SUBSELECT:
      PUT(e, "(");
      emit_select(e, x->select);
      PUT(e, ")");
      break;
    case EXPR_ARRAY_SELECT:
      PUT(e, "ARRAY(");
      emit_select(e, x->select);
      PUT(e, ")");
      break;
    case EXPR_IN_SELECT: put_in_select(e, x); break;
    case EXPR_CALL: put_call(e, x); break;
    case EXPR_CAST: put_cast(e, x); break;
    case EXPR_ROW:
      PUT(e, "(");
      put_list(e, x->args, x->n_args);
      PUT(e, ")");
      break;
    case EXPR_ARRAY:
      PUT(e, "ARRAY[");
      put_list(e, x->args, x->n_args);
      PUT(e, "]");
      break;
    case EXPR_CASE: put_case(e, x); break;
  }
}

/* ---- FROM ---- */

static void put_source(Emit *e, const From *f) {
  if (f->lateral) PUT(e, "LATERAL ");
  switch (f->kind) {
    case FROM_MODEL: put_qualified(e, f->model->db_schema, f->model->db_name); break;
    case FROM_TABLE: put_qualified(e, f->schema, f->name); break;
    case FROM_SELECT:
      PUT(e, "(");
      emit_select(e, f->select);
      PUT(e, ")");
      break;
    case FROM_UNNEST:
      PUT(e, "unnest(");
      put_list(e, f->exprs, f->n_exprs);
      PUT(e, ")");
      if (f->ordinality) PUT(e, " WITH ORDINALITY");
      break;
    case FROM_SERIES:
      PUT(e, "generate_series(1, ");
      put_list(e, f->exprs, f->n_exprs);
      PUT(e, ")");
      break;
  }
  PUT(e, " AS ");
  put_alias(e, f->alias);
  if (f->kind != FROM_UNNEST) return;
  PUT(e, " (");
  for (uint32_t i = 0; i < f->n_exprs; i++) {
    if (i) PUT(e, ", ");
    PUT(e, "c");
    buf_int(&e->sql, (int64_t)i + 1);
  }
  if (f->ordinality) PUT(e, ", ord");
  PUT(e, ")");
}

static void put_from(Emit *e, const From *first) {
  for (const From *f = first; f; f = f->next) {
    if (f != first) {
      switch (f->join) {
        case JOIN_CROSS: PUT(e, " CROSS JOIN "); break;
        case JOIN_INNER: PUT(e, " INNER JOIN "); break;
        case JOIN_LEFT: PUT(e, " LEFT JOIN "); break;
      }
    }
    put_source(e, f);
    if (f == first || f->join == JOIN_CROSS) continue;
    PUT(e, " ON ");
    emit_expr(e, f->on);
  }
}

/* ---- clauses ---- */

static void put_outputs(Emit *e, const Output *outputs, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    if (i) PUT(e, ", ");
    emit_expr(e, outputs[i].expr);
    if (!outputs[i].as.n) continue;
    PUT(e, " AS ");
    put_name(e, outputs[i].as);
  }
}

static void put_where(Emit *e, const Expr *where) {
  if (!where) return;
  PUT(e, " WHERE ");
  emit_expr(e, where);
}

static void put_group(Emit *e, const Select *s) {
  if (s->n_group_by) {
    PUT(e, " GROUP BY ");
    put_list(e, s->group_by, s->n_group_by);
  }
  if (s->having) {
    PUT(e, " HAVING ");
    emit_expr(e, s->having);
  }
}

static void put_order(Emit *e, const Order *order, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    i ? PUT(e, ", ") : PUT(e, " ORDER BY ");
    emit_expr(e, order[i].expr);
    if (order[i].desc) PUT(e, " DESC");
    if (order[i].nulls == NULLS_FIRST) PUT(e, " NULLS FIRST");
    if (order[i].nulls == NULLS_LAST) PUT(e, " NULLS LAST");
  }
}

static void put_page(Emit *e, const Select *s) {
  if (s->limit) {
    PUT(e, " LIMIT ");
    emit_expr(e, s->limit);
  }
  if (s->offset) {
    PUT(e, " OFFSET ");
    emit_expr(e, s->offset);
  }
}

static void put_lock(Emit *e, const Lock *lock) {
  static const Slice words[] = {
#define LOCK(name, id, sql) [LOCK_##id] = SLICE_INIT(sql),
#include "plan/locks.def"
#undef LOCK
  };
  if (lock->kind == LOCK_NONE) return;
  PUT(e, " FOR ");
  buf_add(&e->sql, words[lock->kind].p, words[lock->kind].n);
  PUT(e, " OF ");
  put_alias(e, lock->alias);
  if (lock->wait == LOCK_SKIPS) PUT(e, " SKIP LOCKED");
  if (lock->wait == LOCK_REFUSES) PUT(e, " NOWAIT");
}

static void emit_select(Emit *e, const Select *s) {
  PUT(e, "SELECT ");
  if (s->distinct) PUT(e, "DISTINCT ");
  if (s->n_distinct_on) {
    PUT(e, "DISTINCT ON (");
    put_list(e, s->distinct_on, s->n_distinct_on);
    PUT(e, ") ");
  }
  put_outputs(e, s->outputs, s->n_outputs);
  if (s->from) {
    PUT(e, " FROM ");
    put_from(e, s->from);
  }
  put_where(e, s->where);
  put_group(e, s);
  put_order(e, s->order, s->n_order);
  put_page(e, s);
  put_lock(e, &s->lock);
}

/* ---- writes ---- */

static void put_target(Emit *e, const Query *q) {
  if (q->model)
    put_qualified(e, q->model->db_schema, q->model->db_name);
  else
    put_qualified(e, q->schema, q->table);
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

/* The parameters are numbered by writing the select, whose text is not kept. */
static void put_settings(Emit *e, const Query *q) {
  e->sql = buf_in(e->scratch);
  emit_select(e, q->select);
  e->sql = buf_in(e->arena);
  PUT(e, "SELECT ");
  for (uint32_t i = 0; i < e->n_params; i++) {
    if (i) PUT(e, ", ");
    PUT(e, "pg_catalog.set_config(");
    put_setting(e, i + 1);
    PUT(e, ", ");
    put_param(e, &e->params[i]);
    PUT(e, "::text, true)");
  }
}

static void copy_columns(Arena *a, const Output *outputs, uint32_t n, Step *step) {
  step->columns = ARENA_ARRAY(a, Column, n);
  step->n_columns = (uint16_t)n;
  for (uint32_t i = 0; i < n; i++) step->columns[i] = outputs[i].column;
}

bool emit_query(Arena *arena, Arena *scratch, const PlanConfig *config, const Query *q, Step *step) {
  Emit e = {.arena = arena, .scratch = scratch, .config = config, .sql = buf_in(arena)};
  switch (q->kind) {
    case STATEMENT_SELECT: emit_select(&e, q->select); break;
    case STATEMENT_INSERT: put_insert(&e, q); break;
    case STATEMENT_UPDATE: put_update(&e, q); break;
    case STATEMENT_DELETE: put_delete(&e, q); break;
    case STATEMENT_COPY_IN: put_copy_in(&e, q); break;
    case STATEMENT_COPY_OUT: put_copy_out(&e, q); break;
    case STATEMENT_SETTINGS: put_settings(&e, q); break;
  }
  bool copy = q->kind == STATEMENT_COPY_IN || q->kind == STATEMENT_COPY_OUT;
  step->apart = copy || (q->kind == STATEMENT_SETTINGS && !e.n_params);
  if (copy) e.n_params = 0; /* they are settings by then */
  if (q->kind == STATEMENT_SELECT) {
    copy_columns(arena, q->select->outputs, q->select->n_outputs, step);
  } else {
    put_returning(&e, q);
    copy_columns(arena, q->returning, q->n_returning, step);
  }
  step->sql = buf_slice(&e.sql);
  step->hash = slice_hash(step->sql);
  step->params = e.params;
  step->n_params = (uint16_t)e.n_params;
  return e.n_params <= UINT16_MAX;
}
