/* One statement in the place of many: findUniques that differ in nothing but the value of their key are one
 * join with the list of the values. Its rows are those of the call's own statement, each with the place that
 * its key has in the list. */
#include "plan/read.h"

/* The part of the WHERE that says what the only parameter equals. */
static const Expr *key_part(const Expr *where, uint32_t alias) {
  bool several = where->kind == EXPR_AND;
  for (uint32_t i = 0; i < (several ? where->n_args : 1); i++) {
    const Expr *part = several ? where->args[i] : where;
    if (part->kind == EXPR_OP && part->op == OP_EQ && part->args[0]->kind == EXPR_COLUMN &&
        part->args[0]->alias == alias && part->args[1]->kind == EXPR_PARAM)
      return part;
  }
  return NULL;
}

/* Arrays of a type that has no oid would need a cast, so such keys are asked for one by one. */
static bool may_merge(const Plan *plan, const Select *s) {
  if (plan->n_steps != 1 || plan->uncached || plan->locks || plan->steps[0].n_params != 1) return false;
  const Param *p = &plan->steps[0].params[0];
  if (p->source != PARAM_LEAF || p->transform != AS_IS || p->array) return false;
  if (!type_oid((TypeId)p->type) || !type_array_oid((TypeId)p->type)) return false;
  for (const From *f = s->from->next; f; f = f->next)
    if (f->join != JOIN_LEFT) return false;
  return s->where && !s->n_order && !s->limit && !s->offset && !s->n_distinct_on;
}

/* The same condition, with the list's value in the parameter's place. */
static Expr *condition(Builder *b, const Expr *where, const Expr *key, uint32_t list) {
  Expr *on = NULL;
  bool several = where->kind == EXPR_AND;
  for (uint32_t i = 0; several && i < where->n_args; i++)
    if (where->args[i] != key) on = expr_and(b, on, where->args[i]);
  return expr_and(b, on, expr_op(b, OP_EQ, key->args[0], expr_named(b, list, SLICE("c1"))));
}

static Select *merged_select(Builder *b, const Select *s, const Expr *key) {
  Expr *list = arena_copy(b->scratch, key->args[1], sizeof *list);
  list->param.array = true;
  From *from = from_unnest(b, 1, &list), *model = arena_copy(b->scratch, s->from, sizeof *model);
  from->ordinality = true;
  model->join = JOIN_INNER;
  model->on = condition(b, s->where, key, from->alias);
  from->next = model;
  Select *merged = arena_copy(b->scratch, s, sizeof *s);
  merged->from = from;
  merged->where = NULL;
  Output place = {.expr = expr_named(b, from->alias, SLICE("ord")), .column = {.type = TYPE_INT8}};
  Output *outputs = ARENA_ARRAY(b->scratch, Output, s->n_outputs + 1);
  memcpy(outputs, s->outputs, s->n_outputs * sizeof *outputs);
  outputs[s->n_outputs] = place;
  merged->outputs = outputs;
  merged->n_outputs++;
  return merged;
}

void read_merge(Builder *b) {
  Plan *plan = b->plan;
  if (plan->action != CALL_FIND_UNIQUE && plan->action != CALL_FIND_UNIQUE_OR_THROW) return;
  const Select *s = b->queries[0]->select;
  const Expr *key = may_merge(plan, s) ? key_part(s->where, s->from->alias) : NULL;
  if (!key) return;
  Query *q = ARENA_NEW(b->scratch, Query);
  *q = (Query){.kind = STATEMENT_SELECT, .select = merged_select(b, s, key)};
  Step *step = ARENA_NEW(b->arena, Step);
  *step = (Step){0};
  if (emit_query(b->arena, b->scratch, &(EmitOptions){.config = b->config}, q, step)) plan->merged = step;
}
