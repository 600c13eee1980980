/* Which steps become one statement: fuse.h says by what rules. */
#include "plan/fuse.h"

#include "plan/read.h"

enum {
  MAX_MEMBERS = 32 /* the server plans more of them ever more slowly */
};

static bool same_table(const Fuse *f, const struct TableUse *a, const struct TableUse *b) {
  Slice none = f->b->config->default_schema;
  return slice_eq(a->name, b->name) &&
         slice_eq(a->schema.n ? a->schema : none, b->schema.n ? b->schema : none);
}

static bool is_insert(const Part *p) { return p->query->kind == STATEMENT_INSERT; }

/* Of these two at most one runs. */
static bool exclusive(const Part *a, const Part *b) {
  return a->step->guard != GUARD_NONE && b->step->guard != GUARD_NONE && a->step->guard != b->step->guard &&
         a->step->guard_step == b->step->guard_step;
}

/* May `later` run before `earlier`, or without seeing what it did? */
static bool independent(const Fuse *f, const Part *earlier, const Part *later) {
  if (exclusive(earlier, later)) return true;
  bool inserts = is_insert(earlier) && is_insert(later);
  for (uint32_t i = 0; i < earlier->uses.n; i++)
    for (uint32_t k = 0; earlier->uses.tables[i].written && k < later->uses.n; k++) {
      if (!same_table(f, &earlier->uses.tables[i], &later->uses.tables[k])) continue;
      if (!inserts || !later->uses.tables[k].written) return false;
      if (earlier->query->conflict != later->query->conflict) return false;
    }
  return true;
}

bool fuse_inserts(const Fuse *f, uint16_t i, uint16_t j) {
  const Part *a = &f->parts[i], *b = &f->parts[j];
  return is_insert(a) && is_insert(b) && a->query->model && a->query->model == b->query->model &&
         !exclusive(a, b);
}

/* ---- one step ---- */

bool fuse_is_bare(const Query *q) { return q->kind == STATEMENT_INSERT && !q->select && !q->n_columns; }

static bool has_default(const Query *q) {
  for (uint32_t i = 0; i < q->n_columns; i++)
    if (q->values[i]->kind == EXPR_DEFAULT) return true;
  return false;
}

/* The database may have more to do for such a change: by its foreign keys, at the end of the statement. */
static bool changes_key(const Fuse *f, const Query *q) {
  const Schema *schema = f->b->config->schema;
  for (uint32_t i = 0; i < schema->n_relations; i++) {
    const Relation *r = &schema->relations[i];
    if (r->side[1].model != q->model && r->kind != RELATION_MANY_TO_MANY) continue;
    for (uint32_t k = 0; k < q->n_sets; k++) {
      for (uint32_t j = 0; j < r->n_fields; j++)
        if (slice_eq(q->sets[k].name, r->references[j]->db_name)) return true;
      const Index *id = r->kind == RELATION_MANY_TO_MANY ? model_identity(q->model) : NULL;
      for (uint32_t j = 0; id && j < id->n_fields; j++)
        if (slice_eq(q->sets[k].name, id->fields[j].field->db_name)) return true;
    }
  }
  return false;
}

/* All rows of others, which it must see as they were written; and it is skipped when there are none. */
static bool takes_keys(const Step *step) {
  for (uint16_t k = 0; k < step->n_params; k++)
    if (step->params[k].source == PARAM_KEYS) return true;
  return false;
}

static bool fusible(const Fuse *f, uint16_t i) {
  const Part *p = &f->parts[i];
  const Query *q = p->query;
  const Plan *plan = f->b->plan;
  if (p->alone || p->keys || p->step->counts || takes_keys(p->step)) return false;
  if (i == plan->result_step && plan->result != RESULT_ROW) return false;
  if (p->step->n_checks && p->step->guard != GUARD_NONE) return false;
  switch (q->kind) {
    case STATEMENT_SELECT: return p->asked || p->step->n_checks;
    case STATEMENT_INSERT:
      return q->conflict != CONFLICT_UPDATE && (q->select || (q->n_rows == 1 && !has_default(q)));
    case STATEMENT_UPDATE: return !q->from && !changes_key(f, q);
    case STATEMENT_DELETE: return !q->from && !q->model; /* a join table's: nothing hangs from them */
    default: return false;
  }
}

/* ---- one step and those before it ---- */

static bool takes_only_early(const Fuse *f, uint16_t first, const Step *step) {
  for (uint16_t k = 0; k < step->n_params; k++) {
    const Param *p = &step->params[k];
    if (p->source == PARAM_CELL && p->step >= first && !f->parts[p->step].early) return false;
  }
  return true;
}

static bool takes_members(uint16_t first, const Step *step) {
  for (uint16_t k = 0; k < step->n_params; k++)
    if (step->params[k].source == PARAM_CELL && step->params[k].step >= first) return true;
  return false;
}

/* Those of a statement are all under one guard from outside, or have one within it. "Has no rows" is a guard
 * within it only of what surely runs. */
static bool guard_fits(const Fuse *f, uint16_t first, const Step *step) {
  const Step *outer = f->parts[first].step;
  if (step->guard == GUARD_NONE || step->guard_step < first)
    return step->guard == outer->guard &&
           (step->guard == GUARD_NONE || step->guard_step == outer->guard_step);
  const Step *on = f->parts[step->guard_step].step;
  return step->guard == GUARD_ROWS || (on->guard == GUARD_NONE && !takes_members(first, on));
}

static bool checks_fit(const Fuse *f, uint16_t first, uint16_t i) {
  const Part *p = &f->parts[i];
  bool checked = p->step->n_checks > 0, bare = fuse_is_bare(p->query);
  if (bare && (p->step->guard != GUARD_NONE || i > first)) return false;
  for (uint16_t k = first; k < i; k++) {
    if (checked && fuse_is_bare(f->parts[k].query)) return false;
    if (bare && f->parts[k].step->n_checks) return false;
  }
  return !checked || takes_only_early(f, first, p->look ? &p->look_step : p->step);
}

static bool joins(const Fuse *f, uint16_t first, uint16_t i) {
  if (i - first >= MAX_MEMBERS || !fusible(f, first) || !fusible(f, i)) return false;
  if (!guard_fits(f, first, f->parts[i].step) || !checks_fit(f, first, i)) return false;
  for (uint16_t k = first; k < i; k++)
    if (!independent(f, &f->parts[k], &f->parts[i])) return false;
  return true;
}

static void group(Fuse *f) {
  f->n_groups = 0;
  for (uint16_t i = 0; i < f->n; i++) {
    if (!i || !joins(f, f->first[f->n_groups - 1], i)) f->first[f->n_groups++] = i;
    Part *p = &f->parts[i];
    p->group = (uint16_t)(f->n_groups - 1);
    p->early = p->query->kind == STATEMENT_SELECT && takes_only_early(f, f->first[p->group], p->step) &&
               (p->step->guard == GUARD_NONE || p->step->guard_step < f->first[p->group]);
  }
  f->first[f->n_groups] = f->n;
}

/* ---- what a group leaves behind ---- */

bool fuse_is_sure(const Fuse *f, uint16_t i) {
  const Part *p = &f->parts[i];
  if (p->step->guard != GUARD_NONE) return false;
  for (uint16_t k = 0; k < p->step->n_params; k++) {
    const Param *x = &p->step->params[k];
    if (x->source == PARAM_CELL && !x->optional && !fuse_is_sure(f, x->step)) return false;
  }
  if (p->step->n_checks) return p->step->checks[0].kind != CHECK_NO_ROWS;
  return is_insert(p) && !p->query->select && p->query->conflict == CONFLICT_ERROR;
}

static bool is_fused(const Fuse *f, uint16_t group) { return f->first[group + 1] - f->first[group] > 1; }

/* A row of a fused statement is always there, if only with NULLs: who must do nothing without it waits for
 * the statement as it was. */
static bool misses(const Fuse *f, uint16_t i) {
  const Part *p = &f->parts[i];
  const Step *step = p->step;
  for (uint16_t k = 0; k < step->n_params; k++) {
    const Param *x = &step->params[k];
    if (x->source != PARAM_CELL || f->parts[x->step].group == p->group || x->optional) continue;
    if (is_fused(f, f->parts[x->step].group) && p->query->kind != STATEMENT_SELECT &&
        !fuse_is_sure(f, x->step))
      return true;
  }
  return false;
}

static bool leave_alone(Fuse *f, uint16_t group) {
  for (uint16_t i = f->first[group]; i < f->first[group + 1]; i++) f->parts[i].alone = true;
  return true;
}

/* Take groups apart which others cannot do with; true: there were some. */
static bool take_apart(Fuse *f) {
  bool any = false;
  for (uint16_t i = 0; i < f->n; i++) {
    const Step *step = f->parts[i].step;
    for (uint16_t k = 0; misses(f, i) && k < step->n_params; k++) {
      const Param *x = &step->params[k];
      if (x->source == PARAM_CELL && f->parts[x->step].group != f->parts[i].group &&
          is_fused(f, f->parts[x->step].group))
        any |= leave_alone(f, f->parts[x->step].group);
    }
    if (step->guard == GUARD_NONE || f->parts[step->guard_step].group == f->parts[i].group) continue;
    if (is_fused(f, f->parts[step->guard_step].group))
      any |= leave_alone(f, f->parts[step->guard_step].group);
  }
  return any;
}

void fuse_group(Fuse *f) {
  do group(f);
  while (take_apart(f));
}
