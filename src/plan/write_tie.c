/* Rows and what ties them to the row that they belong to: a key in them, or a row of a join table. */
#include "base/vec.h"
#include "plan/write_child.h"

/* ---- ties ---- */

static void tie_sets(const Nested *x, Set **sets, uint32_t *n) {
  const Relation *r = x->field->relation;
  for (uint32_t i = 0; i < r->n_fields; i++)
    set_add(x->b, sets, n, r->fields[i], row_value(x->b, x->row, r->references[i]));
}

Row *tie_rows(const Nested *x, const Scope *s) {
  Set *sets = NULL;
  uint32_t n = 0;
  tie_sets(x, &sets, &n);
  return row_update(x->b, s, sets, n);
}

void untie_rows(const Nested *x, const Scope *s) {
  const Relation *r = x->field->relation;
  Set *sets = NULL;
  uint32_t n = 0;
  for (uint32_t i = 0; i < r->n_fields; i++)
    if (r->fields[i]->arity == ARITY_OPTIONAL)
      set_add(x->b, &sets, &n, r->fields[i], expr_new(x->b, EXPR_NULL));
  if (n) (void)row_update(x->b, s, sets, n);
}

static Query *join_query(const Nested *x, StatementKind kind) {
  Query *q = ARENA_NEW(x->b->scratch, Query);
  *q = (Query){.kind = kind,
               .schema = x->field->relation->table_schema,
               .table = x->field->relation->table,
               .alias = x->b->next_alias++};
  return q;
}

static Expr *own_id(const Nested *x) {
  Field **here, **there;
  relation_keys(x->b, x->field, &here, &there);
  return row_value(x->b, x->row, here[0]);
}

static Query *join_insert(const Nested *x) {
  Query *q = join_query(x, STATEMENT_INSERT);
  *VEC_PUSH(x->b->scratch, q->columns, q->n_columns) = relation_column(x->field, false);
  *VEC_PUSH(x->b->scratch, q->columns, q->n_columns) = relation_column(x->field, true);
  q->conflict = CONFLICT_NOTHING;
  return q;
}

void join_row(const Nested *x, Row *child) {
  Field **here, **there;
  relation_keys(x->b, x->field, &here, &there);
  Query *q = join_insert(x);
  q->values =
      arena_copy(x->b->scratch, (Expr *[]){own_id(x), row_value(x->b, child, there[0])}, 2 * sizeof(Expr *));
  q->n_rows = 1;
  (void)b_step(x->b, q);
}

/* INSERT INTO join SELECT own id, id FROM the scope's rows */
void join_rows(const Nested *x, const Scope *s) {
  Field **here, **there;
  relation_keys(x->b, x->field, &here, &there);
  Query *q = join_insert(x);
  q->select = scope_select(x->b, s, NULL, 0);
  *VEC_PUSH(x->b->scratch, q->select->outputs, q->select->n_outputs) =
      (Output){.expr = own_id(x), .column = column_of(here[0])};
  *VEC_PUSH(x->b->scratch, q->select->outputs, q->select->n_outputs) =
      (Output){.expr = expr_column(x->b, s->alias, there[0]), .column = column_of(there[0])};
  (void)b_step(x->b, q);
}

/* The join table's other id is among the scope's rows. */
static Expr *other_in(const Nested *x, const Query *q, const Scope *s, Field *const *there) {
  Expr *id = expr_named(x->b, q->alias, relation_column(x->field, true));
  Expr *in = expr_list(x->b, EXPR_IN_SELECT, 1, &id);
  in->select = scope_select(x->b, s, there, 1);
  return in;
}

/* DELETE FROM join WHERE own id [AND the other id [NOT] IN the scope's rows]: of rows that exist. */
void unjoin_rows(const Nested *x, const Scope *s, bool others) {
  Field **here, **there;
  relation_keys(x->b, x->field, &here, &there);
  Query *q = join_query(x, STATEMENT_DELETE);
  q->where = expr_op(x->b, OP_EQ, expr_named(x->b, q->alias, relation_column(x->field, false)), own_id(x));
  if (s) {
    Expr *in = other_in(x, q, s, there);
    q->where = expr_and(x->b, q->where, others ? expr_not(x->b, in) : in);
  }
  if ((!s || others) && !visible_all(x->b, x->target)) {
    Scope all = scope_new(x->b, x->target);
    scope_visible(x->b, &all);
    q->where = expr_and(x->b, q->where, other_in(x, q, &all, there));
  }
  (void)b_step(x->b, q);
}

/* Every row that is tied to this one, unless it is of `except`, is let go: a required one may not be. */
void release(const Nested *x, const Scope *except) {
  Builder *b = x->b;
  Scope s = nested_scope(x);
  const Index *key = model_identity(x->target);
  if (except && key) {
    Field **fields = ARENA_ARRAY(b->scratch, Field *, key->n_fields);
    for (uint32_t i = 0; i < key->n_fields; i++) fields[i] = key->fields[i].field;
    Select *kept = scope_select(b, except, fields, key->n_fields);
    s.where = expr_and(b, s.where, expr_not(b, expr_in(b, s.alias, fields, key->n_fields, kept)));
  }
  if (is_required(x))
    row_check(b, row_select(b, &s), check_required(b, x->field));
  else
    untie_rows(x, &s);
}

/* ---- lists of unique keys ---- */

/* { { id = 1 }, { id = 2 } }: rows of one statement, however many. *s: their scope, of hidden rows too; false
 * in *simple: no such list. */
bool key_list(const Nested *x, const Path *at, const Arg *value, Scope *s, bool *simple) {
  Builder *b = x->b;
  *simple = false;
  if (is_single(x) || value->kind != ARG_LIST || !value->n || !b_columns(b, value)) return true;
  const Arg *first = &value->u.items[0];
  const Index *key = first->n == 1 ? model_unique(x->target, first->u.pairs[0].key) : NULL;
  if (!key || key->n_fields != 1 || first->u.pairs[0].value.kind >= ARG_LIST) return true;
  const Field *f = key->fields[0].field;
  for (uint32_t i = 0; i < value->n; i++) {
    Path row = path_index(at, i + 1), here = path_key(&row, f->name);
    if (value->u.items[i].u.pairs[0].value.kind == ARG_NULL)
      return b_error(b, &here, "Argument must not be null.");
  }
  Expr *array = b_items(b, at, value, f->name, f, false);
  if (!array) return false;
  array->param.required = true;
  *s = scope_new(b, x->target);
  s->where = expr_any(b, EXPR_ANY, OP_EQ, expr_column(b, s->alias, f), array);
  *simple = true;
  return true;
}

/* The rows of one or several unique wheres, as one scope (for set). */
bool any_of(const Nested *x, const Path *at, const Arg *value, Scope *s, bool *simple) {
  Builder *b = x->b;
  if (!key_list(x, at, value, s, simple)) return false;
  if (*simple) {
    scope_visible(b, s);
    return true;
  }
  *s = scope_new(b, x->target);
  if (value->kind == ARG_MAP) return scope_narrow(b, s, at, value, true);
  Expr *sum = expr_new(b, EXPR_OR);
  b_expand(b, value);
  for (uint32_t i = 0; i < value->n; i++) {
    Path here = path_index(at, i + 1);
    Scope one = {.model = s->model, .alias = s->alias, .visible = true}; /* all of them at once, below */
    if (!scope_narrow(b, &one, &here, &value->u.items[i], true)) return false;
    expr_append(b, sum, one.where);
  }
  s->where = expr_junction(sum);
  scope_visible(b, s);
  return true;
}
