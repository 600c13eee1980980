/* One statement in the place of many: findUniques that differ in nothing but the value of their key are one
 * join with the list of the values. Its rows are those of the call's own statement, each with the place that
 * its key has in the list. */
#include "plan/read.h"

static bool is_unique(const Model *m, Slice column) {
  for (uint32_t i = 0; i < m->n_indexes; i++)
    if (m->indexes[i].kind <= INDEX_UNIQUE && m->indexes[i].n_fields == 1 &&
        slice_eq(m->indexes[i].fields[0].field->db_name, column))
      return true;
  return false;
}

/* The part of the WHERE that says what the only parameter equals or, of several, a unique key does. */
static const Expr *key_part(const Select *s, bool only) {
  const Expr *where = s->where;
  bool several = where->kind == EXPR_AND;
  for (uint32_t i = 0; i < (several ? where->n_args : 1); i++) {
    const Expr *part = several ? where->args[i] : where;
    if (part->kind == EXPR_OP && part->op == OP_EQ && part->args[0]->kind == EXPR_COLUMN &&
        part->args[0]->alias == s->from->alias && part->args[1]->kind == EXPR_PARAM &&
        (only || is_unique(s->from->model, part->args[0]->name)))
      return part;
  }
  return NULL;
}

static bool may_merge(const Plan *plan, const Select *s) {
  if (plan->n_steps != 1 || plan->uncached || plan->locks || !plan->steps[0].n_params) return false;
  for (uint16_t i = 0; i < plan->steps[0].n_params; i++)
    if (plan->steps[0].params[i].source != PARAM_LEAF) return false;
  for (const From *f = s->from->next; f; f = f->next)
    if (f->join != JOIN_LEFT) return false;
  return s->where && !s->n_order && !s->limit && !s->offset && !s->n_distinct_on;
}

/* Arrays of a type that has no oid would need a cast, so such keys are asked for one by one. */
static bool may_be_listed(const Param *p) {
  return p->transform == AS_IS && !p->array && type_oid((TypeId)p->type) && type_array_oid((TypeId)p->type);
}

/* Which parameter of the call's own step is it? n_params: none. */
static uint16_t param_find(const Step *own, const Param *p, bool array) {
  uint16_t i = 0;
  while (i < own->n_params && (own->params[i].leaf != p->leaf || own->params[i].transform != p->transform ||
                               own->params[i].type != p->type || own->params[i].array != array))
    i++;
  return i;
}

/* False: the key stands in more places than its own. */
static bool find_params(Builder *b, const Step *own, const Param *key, Merged *merged) {
  merged->key = param_find(own, key, false);
  merged->from = ARENA_ARRAY(b->arena, uint16_t, merged->step.n_params);
  bool listed = false;
  for (uint16_t i = 0; i < merged->step.n_params; i++) {
    const Param *p = &merged->step.params[i];
    bool list = p->leaf == key->leaf;
    merged->from[i] = param_find(own, p, list ? false : p->array);
    if (merged->from[i] == own->n_params || (list && (listed || !p->array))) return false;
    listed |= list;
  }
  return listed;
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
  const Step *own = &plan->steps[0];
  const Expr *key = may_merge(plan, s) ? key_part(s, own->n_params == 1) : NULL;
  if (!key || !may_be_listed(&key->args[1]->param)) return;
  Query *q = ARENA_NEW(b->scratch, Query);
  *q = (Query){.kind = STATEMENT_SELECT, .select = merged_select(b, s, key)};
  Merged *merged = ARENA_NEW(b->arena, Merged);
  *merged = (Merged){0};
  if (!emit_query(b->arena, b->scratch, &(EmitOptions){.config = b->config}, q, &merged->step)) return;
  if (find_params(b, own, &key->args[1]->param, merged)) plan->merged = merged;
}
