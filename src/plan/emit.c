/* Names, parameters, expressions and SELECT. With emit_write.c the only place of plan that holds SQL words.
 * What is appended is a literal of these files, a quoted identifier, a planner's integer or $n; nothing else
 * has a way in. */
#include "plan/emit.h"

#include "base/vec.h"

/* ---- names ---- */

void put_name(Emit *e, Slice name) {
  buf_byte(&e->sql, '"');
  for (uint32_t i = 0; i < name.n; i++) {
    if (name.p[i] == '"') buf_byte(&e->sql, '"');
    buf_byte(&e->sql, name.p[i]);
  }
  buf_byte(&e->sql, '"');
}

void put_qualified(Emit *e, Slice schema, Slice name) {
  put_name(e, schema.n ? schema : e->options->config->default_schema);
  PUT(e, ".");
  put_name(e, name);
}

void put_table(Emit *e, Slice schema, Slice name, bool written) {
  Uses *uses = e->options->uses;
  put_qualified(e, schema, name);
  if (uses) *VEC_PUSH(e->scratch, uses->tables, uses->n) = (struct TableUse){schema, name, written};
}

void put_alias(Emit *e, uint32_t alias) {
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

/* The setting has a letter before the value: an empty one says NULL. */
static void put_setting(Emit *e, uint32_t number) {
  PUT(e, "'lorm.k");
  buf_int(&e->sql, number);
  PUT(e, "'");
}

static void put_handed(Emit *e, const Param *p, uint32_t number) {
  PUT(e, "substr(nullif(current_setting(");
  put_setting(e, number);
  PUT(e, "), ''), 2)::");
  put_type(e, (TypeId)p->type, p->array, p->enum_);
}

/* A column of another part of the statement; `optional` says that it may have no row. */
static void put_member_column(Emit *e, const Param *p, const Place *place) {
  if (p->optional) PUT(e, "(SELECT ");
  put_alias(e, place->alias);
  PUT(e, ".\"c");
  buf_int(&e->sql, (int64_t)p->column + 1);
  PUT(e, "\"");
  if (!p->optional) return;
  PUT(e, " FROM ");
  put_alias(e, place->alias);
  PUT(e, ")");
}

/* Types without an oid of their own go out untyped: the server must be told. */
static void put_number(Emit *e, const Param *p) {
  PUT(e, "$");
  buf_int(&e->sql, param_number(e, p));
  bool named = p->enum_ || type_name((TypeId)p->type)[0];
  if (type_oid((TypeId)p->type) || !named) return;
  PUT(e, "::");
  put_type(e, (TypeId)p->type, p->array, p->enum_);
}

static void put_copy_setting(Emit *e, uint32_t number) {
  PUT(e, "'lorm.copy");
  buf_int(&e->sql, number);
  PUT(e, "'");
}

/* Their text is one that the server made. */
static void put_copy_value(Emit *e, const Param *p) {
  PUT(e, "pg_catalog.current_setting(");
  put_copy_setting(e, param_number(e, p));
  PUT(e, ")");
  if (!p->enum_ && !type_name((TypeId)p->type)[0]) return;
  PUT(e, "::");
  put_type(e, (TypeId)p->type, p->array, p->enum_);
}

/* The parameters are numbered by writing the select, whose text is not kept. */
void put_settings(Emit *e, const Select *s) {
  e->sql = buf_in(e->scratch);
  emit_select(e, s);
  e->sql = buf_in(e->arena);
  PUT(e, "SELECT ");
  for (uint32_t i = 0; i < e->n_params; i++) {
    if (i) PUT(e, ", ");
    PUT(e, "pg_catalog.set_config(");
    put_copy_setting(e, i + 1);
    PUT(e, ", ");
    put_number(e, &e->params[i]);
    PUT(e, "::text, true)");
  }
}

static void put_param(Emit *e, const Param *p) {
  if (e->settings) {
    put_copy_value(e, p);
    return;
  }
  const EmitOptions *o = e->options;
  bool late = p->source == PARAM_CELL || p->source == PARAM_KEYS;
  const Place *place = late && o->places ? &o->places[p->step] : NULL;
  if (!place) {
    put_number(e, p);
  } else if (place->member && place->step == o->self) {
    put_member_column(e, p, place);
  } else if (p->source == PARAM_CELL && place->settings && place->settings[p->column]) {
    put_handed(e, p, place->settings[p->column] - 1u);
  } else {
    Param moved = *p;
    moved.step = place->step;
    if (place->columns) moved.column = place->columns[p->column];
    put_number(e, &moved);
  }
}

static void put_hand(Emit *e, const Expr *x) {
  PUT(e, "set_config(");
  put_setting(e, (uint32_t)x->i);
  PUT(e, ", '=' || ");
  emit_expr(e, x->args[0]);
  PUT(e, "::text, TRUE)");
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

void put_list(Emit *e, Expr *const *items, uint32_t n) {
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

void emit_expr(Emit *e, const Expr *x) {
  switch (x->kind) {
    case EXPR_COLUMN: put_column(e, x); break;
    case EXPR_PARAM: put_param(e, &x->param); break;
    case EXPR_INT: buf_int(&e->sql, x->i); break;
    case EXPR_TRUE: PUT(e, "TRUE"); break;
    case EXPR_FALSE: PUT(e, "FALSE"); break;
    case EXPR_NULL: PUT(e, "NULL"); break;
    case EXPR_DEFAULT: PUT(e, "DEFAULT"); break;
    case EXPR_STAR: PUT(e, "*"); break;
    case EXPR_HAND: put_hand(e, x); break;
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
    case FROM_MODEL: put_table(e, f->model->db_schema, f->model->db_name, false); break;
    case FROM_TABLE: put_table(e, f->schema, f->name, false); break;
    case FROM_SERIES:
      PUT(e, "generate_series(1, ");
      put_list(e, f->exprs, f->n_exprs);
      PUT(e, ")");
      break;
    case FROM_WITH: put_alias(e, f->alias); return;
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

void put_from(Emit *e, const From *first) {
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

void put_outputs(Emit *e, const Output *outputs, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    if (i) PUT(e, ", ");
    emit_expr(e, outputs[i].expr);
    if (!outputs[i].as.n) continue;
    PUT(e, " AS ");
    put_name(e, outputs[i].as);
  }
}

void put_where(Emit *e, const Expr *where) {
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

void emit_select(Emit *e, const Select *s) {
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
