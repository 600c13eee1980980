/* The steps of a write, put together as fuse_group.c decides. */
#include "plan/fuse.h"

#include "base/vec.h"

/* ---- reading the steps ---- */

static bool emit(Fuse *f, const Query *q, const Place *places, uint16_t self, Uses *uses, Step *step) {
  Builder *b = f->b;
  EmitOptions options = {.config = b->config, .places = places, .self = self, .uses = uses};
  return emit_query(b->arena, b->scratch, &options, q, step);
}

/* The rows that a checked UPDATE or DELETE is about, locked. */
static Query *look_first(Builder *b, const Query *q) {
  Query *look = ARENA_NEW(b->scratch, Query);
  Select *s = ARENA_NEW(b->scratch, Select);
  From *from = ARENA_NEW(b->scratch, From);
  *from = (From){.kind = FROM_MODEL, .alias = q->alias, .model = q->model};
  *s = (Select){.from = from, .where = q->where};
  s->lock = (Lock){.kind = q->kind == STATEMENT_DELETE ? LOCK_UPDATE : LOCK_NO_KEY_UPDATE, .alias = q->alias};
  output_add(b, &s->outputs, &s->n_outputs, expr_int(b, 1), (Column){.type = TYPE_INT4});
  *look = (Query){.kind = STATEMENT_SELECT, .select = s};
  return look;
}

static void part_read(Fuse *f, uint16_t i) {
  Builder *b = f->b;
  Part *p = &f->parts[i];
  p->query = b->queries[i];
  p->step = &b->plan->steps[i];
  if (!emit(f, p->query, NULL, i, &p->uses, p->step)) b->too_many = "values in one statement";
  if (p->step->n_checks && p->query->kind != STATEMENT_SELECT && p->query->model) {
    p->look = look_first(b, p->query);
    (void)emit(f, p->look, NULL, i, NULL, &p->look_step);
  }
  if (p->step->guard != GUARD_NONE) f->parts[p->step->guard_step].asked = true;
  for (uint16_t k = 0; k < p->step->n_params; k++) {
    const Param *x = &p->step->params[k];
    if (x->source == PARAM_CELL) f->parts[x->step].asked = true;
    if (x->source == PARAM_KEYS) f->parts[x->step].keys = true;
  }
}

/* ---- what of a row others take ---- */

static uint32_t n_columns(const Part *p) { return p->step->n_columns; }

static bool may_hand(const Fuse *f, const Part *to, const Param *x) {
  const Part *from = &f->parts[x->step];
  if (f->parts[f->first[from->group]].step->guard != GUARD_NONE) return false;
  if (!x->enum_ && !type_name((TypeId)x->type)[0]) return false;
  return x->optional || to->query->kind == STATEMENT_SELECT || fuse_is_sure(f, x->step);
}

static void hand(Fuse *f, const Param *x, uint32_t *n) {
  Place *place = &f->places[x->step];
  if (!place->settings) place->settings = ARENA_ARRAY(f->b->scratch, uint16_t, n_columns(&f->parts[x->step]));
  if (!place->settings[x->column]) place->settings[x->column] = (uint16_t)++ * n;
}

/* It stays a cell of the row that the statement answers with; which one is said when that is made. */
static void keep(Fuse *f, const Param *x) {
  Place *place = &f->places[x->step];
  if (!place->member) return;
  if (!place->columns) place->columns = ARENA_ARRAY(f->b->scratch, uint16_t, n_columns(&f->parts[x->step]));
  place->columns[x->column] = 1;
}

static void hand_over(Fuse *f) {
  uint32_t n = 0;
  for (uint16_t i = 0; i < f->n; i++) {
    const Step *step = f->parts[i].step;
    for (uint16_t k = 0; k < step->n_params; k++) {
      const Param *x = &step->params[k];
      if (x->source != PARAM_CELL || f->parts[x->step].group == f->parts[i].group) continue;
      if (may_hand(f, &f->parts[i], x))
        hand(f, x, &n);
      else
        keep(f, x);
    }
  }
}

static void output_append(Builder *b, Output **outputs, uint32_t *n, Expr *x, TypeId type) {
  *VEC_PUSH(b->scratch, *outputs, *n) = (Output){.expr = x, .column = {.type = type}};
}

static Output **outputs_of(Query *q, uint32_t **n) {
  bool select = q->kind == STATEMENT_SELECT;
  *n = select ? &q->select->n_outputs : &q->n_returning;
  return select ? &q->select->outputs : &q->returning;
}

static Expr *hand_expr(Builder *b, uint16_t setting, Expr *value) {
  Expr *x = expr_unary(b, EXPR_HAND, value);
  x->i = setting - 1;
  return x;
}

/* ---- a statement of several parts ---- */

static Expr *member_column(Builder *b, uint32_t alias, uint32_t column) {
  return expr_named(b, alias, slice_printf(b->scratch, "c%u", column + 1));
}

static From *from_with(Builder *b, uint32_t alias) {
  From *from = ARENA_NEW(b->scratch, From);
  *from = (From){.kind = FROM_WITH, .alias = alias};
  return from;
}

/* (SELECT output FROM that part) */
static Select *select_from(Builder *b, uint32_t alias, Expr *output) {
  Select *s = ARENA_NEW(b->scratch, Select);
  s->from = from_with(b, alias);
  output_append(b, &s->outputs, &s->n_outputs, output, TYPE_INT4);
  return s;
}

static Expr *count_of(Builder *b, uint32_t alias) {
  Expr *star = expr_new(b, EXPR_STAR);
  return expr_select(b, EXPR_SUBSELECT, select_from(b, alias, expr_call(b, FN_COUNT, 1, &star)));
}

typedef struct Whole { /* the statement that is being made */
  Fuse *f;
  uint16_t first, end;
  Query *query;
  uint32_t gate;     /* its alias; NO_ALIAS: there are no checks */
  Expr *open;        /* all checks hold, by the gate's columns */
  uint32_t *counted; /* by part: the alias of what its checks count */
} Whole;

static void with_add(Whole *w, uint32_t alias, Query *q) {
  *VEC_PUSH(w->f->b->scratch, w->query->with, w->query->n_with) = (With){alias, q};
}

/* Does anything in the statement name it? */
static bool is_named(const Whole *w, uint16_t i) {
  const Part *p = &w->f->parts[i];
  if (p->asked || p->step->n_checks || p->query->kind == STATEMENT_SELECT) return true;
  for (uint16_t k = (uint16_t)(i + 1); k < w->end; k++)
    if (fuse_inserts(w->f, i, k)) return true;
  return false;
}

/* A part that others refer to must return something. */
static Query *returning_some(Builder *b, const Query *q) {
  Query *copy = arena_copy(b->scratch, q, sizeof *q);
  if (q->kind == STATEMENT_SELECT) copy->select = arena_copy(b->scratch, q->select, sizeof *q->select);
  uint32_t *n;
  Output **outputs = outputs_of(copy, &n);
  if (!*n) output_append(b, outputs, n, expr_int(b, 1), TYPE_INT4);
  return copy;
}

/* ---- the conditions of a part ---- */

static void source_add(Builder *b, From **sources, uint32_t alias) {
  From *last = *sources;
  for (From *f = *sources; f; f = f->next) {
    if (f->alias == alias) return;
    last = f;
  }
  From *from = from_with(b, alias);
  from->join = JOIN_CROSS;
  if (last)
    last->next = from;
  else
    *sources = from;
}

static bool waits(const Whole *w, uint16_t i) {
  const Part *p = &w->f->parts[i];
  return w->gate != NO_ALIAS && p->query->kind != STATEMENT_SELECT;
}

/* The parts whose rows it takes, and the gate. */
static From *sources_of(const Whole *w, const Step *step, bool gated) {
  From *sources = NULL;
  Builder *b = w->f->b;
  if (gated) source_add(b, &sources, w->gate);
  for (uint16_t k = 0; k < step->n_params; k++) {
    const Param *x = &step->params[k];
    if (x->source == PARAM_CELL && !x->optional && x->step >= w->first)
      source_add(b, &sources, w->f->places[x->step].alias);
  }
  return sources;
}

static Expr *conditions_of(const Whole *w, uint16_t i) {
  Builder *b = w->f->b;
  const Step *step = w->f->parts[i].step;
  Expr *x = waits(w, i) ? w->open : NULL;
  if (step->guard != GUARD_NONE && step->guard_step >= w->first) {
    Expr *found = expr_exists(b, select_from(b, w->f->places[step->guard_step].alias, expr_int(b, 1)));
    x = expr_and(b, x, step->guard == GUARD_ROWS ? found : expr_not(b, found));
  }
  for (uint16_t k = i; k-- > w->first;) {
    if (!fuse_inserts(w->f, k, i)) continue;
    return expr_and(b, x, expr_op(b, OP_GE, count_of(b, w->f->places[k].alias), expr_int(b, 0)));
  }
  return x;
}

static Select *values_select(Builder *b, const Query *q) {
  Select *s = ARENA_NEW(b->scratch, Select);
  for (uint32_t i = 0; i < q->n_columns; i++)
    output_append(b, &s->outputs, &s->n_outputs, q->values[i], TYPE_UNKNOWN);
  return s;
}

static From *from_chain(Builder *b, const From *first, From *more) {
  From *copy = NULL, *last = NULL;
  for (const From *f = first; f; f = f->next) {
    From *next = arena_copy(b->scratch, f, sizeof *f);
    *(last ? &last->next : &copy) = next;
    last = next;
  }
  *(last ? &last->next : &copy) = more;
  return copy;
}

static Query *conditioned(Builder *b, const Query *q, From *sources, Expr *where) {
  Query *copy = arena_copy(b->scratch, q, sizeof *q);
  if (!sources && !where) return copy;
  if (q->kind == STATEMENT_UPDATE || q->kind == STATEMENT_DELETE) {
    copy->from = from_chain(b, q->from, sources);
    copy->where = expr_and(b, copy->where, where);
    return copy;
  }
  const Select *s = q->select ? q->select : values_select(b, q);
  copy->select = arena_copy(b->scratch, s, sizeof *s);
  copy->select->from = from_chain(b, s->from, sources);
  copy->select->where = expr_and(b, s->where, where);
  return copy;
}

/* ---- the gate ---- */

static void lock_target(Query *q, const Step *step) {
  const From *from = q->select->from;
  bool wanted = step->checks[0].kind != CHECK_NO_ROWS;
  if (!wanted || !from || from->kind != FROM_MODEL || from->model->is_view || q->select->lock.kind) return;
  q->select->lock = (Lock){.kind = LOCK_KEY_SHARE, .alias = from->alias};
}

/* A check that stands alone before all else is its own gate: what it does not find, it does not change. */
static bool is_own_gate(const Whole *w, uint16_t i) {
  if (i != w->first || w->f->parts[i].step->checks[0].kind != CHECK_SOME) return false;
  for (uint16_t k = (uint16_t)(i + 1); k < w->end; k++)
    if (w->f->parts[k].step->n_checks) return false;
  return true;
}

/* What the gate's column must say for the check to hold. */
static Expr *check_expr(Builder *b, const Check *c, Expr *count) {
  switch (c->kind) {
    case CHECK_SOME: return expr_op(b, OP_GT, count, expr_int(b, 0));
    case CHECK_NO_ROWS: return expr_op(b, OP_EQ, count, expr_int(b, 0));
    case CHECK_COUNT: break;
    case CHECK_NONE: return NULL;
  }
  if (c->count_leaf == ARG_NO_LEAF) return expr_op(b, OP_EQ, count, expr_int(b, c->count));
  Expr *want = expr_new(b, EXPR_PARAM);
  want->param = (Param){.source = PARAM_EXPECTED, .type = TYPE_INT8, .leaf = c->count_leaf};
  return expr_op(b, OP_EQ, count, want);
}

/* SELECT how many rows each check found */
static void gate_add(Whole *w) {
  Builder *b = w->f->b;
  Select *s = ARENA_NEW(b->scratch, Select);
  for (uint16_t i = w->first; i < w->end; i++) {
    const Step *step = w->f->parts[i].step;
    if (!step->n_checks) continue;
    Expr *found = member_column(b, w->gate, s->n_outputs);
    w->open = expr_and(b, w->open, check_expr(b, &step->checks[0], found));
    output_append(b, &s->outputs, &s->n_outputs, count_of(b, w->counted[i - w->first]), TYPE_INT8);
  }
  Query *q = ARENA_NEW(b->scratch, Query);
  *q = (Query){.kind = STATEMENT_SELECT, .select = s};
  with_add(w, w->gate, q);
}

static bool has_checks(const Whole *w) {
  for (uint16_t i = w->first; i < w->end; i++)
    if (w->f->parts[i].step->n_checks) return true;
  return false;
}

/* ---- the statement ---- */

static void member_add(Whole *w, uint16_t i) {
  Fuse *f = w->f;
  const Part *p = &f->parts[i];
  bool gate = p->step->n_checks && p->query->kind != STATEMENT_SELECT && is_own_gate(w, i);
  uint32_t before = w->gate;
  if (gate) w->gate = NO_ALIAS; /* it is before the gate */
  Query *q = conditioned(f->b, p->query, sources_of(w, p->step, waits(w, i)), conditions_of(w, i));
  w->gate = before;
  if (is_named(w, i)) q = returning_some(f->b, q);
  if (p->step->n_checks && q->kind == STATEMENT_SELECT) lock_target(q, p->step);
  with_add(w, f->places[i].alias, q);
}

/* What is only read comes first, then the gate, then what waits for it. */
static void members_add(Whole *w) {
  Fuse *f = w->f;
  bool checks = has_checks(w), *added = ARENA_ARRAY(f->b->scratch, bool, w->end - w->first);
  w->counted = ARENA_ARRAY(f->b->scratch, uint32_t, w->end - w->first);
  w->gate = checks ? f->b->next_alias++ : NO_ALIAS;
  for (uint16_t i = w->first; checks && i < w->end; i++) {
    const Part *p = &f->parts[i];
    bool own = p->step->n_checks && p->look && is_own_gate(w, i);
    w->counted[i - w->first] = f->places[i].alias;
    if (p->early || own) member_add(w, i);
    added[i - w->first] = p->early || own;
    if (!p->step->n_checks || !p->look || own) continue;
    w->counted[i - w->first] = f->b->next_alias++;
    with_add(w, w->counted[i - w->first],
             conditioned(f->b, p->look, sources_of(w, &p->look_step, false), NULL));
  }
  if (checks) gate_add(w);
  for (uint16_t i = w->first; i < w->end; i++)
    if (!added[i - w->first]) member_add(w, i);
}

static bool has_result(const Whole *w) {
  const Plan *plan = w->f->b->plan;
  return plan->result == RESULT_ROW && plan->result_step >= w->first && plan->result_step < w->end;
}

static Expr *member_cell(Builder *b, const Place *place, uint32_t column) {
  return expr_select(b, EXPR_SUBSELECT, select_from(b, place->alias, member_column(b, place->alias, column)));
}

static void row_result(const Whole *w, Select *s) {
  Fuse *f = w->f;
  uint16_t result = f->b->plan->result_step;
  Place *place = &f->places[result];
  From *from = from_with(f->b, place->alias);
  from->join = JOIN_LEFT;
  from->on = expr_new(f->b, EXPR_TRUE);
  s->from = from_chain(f->b, s->from, from);
  for (uint32_t c = 0; c < n_columns(&f->parts[result]); c++)
    *VEC_PUSH(f->b->scratch, s->outputs, s->n_outputs) =
        (Output){.expr = member_column(f->b, place->alias, c), .column = f->parts[result].step->columns[c]};
}

static void row_cells(const Whole *w, uint16_t i, Select *s) {
  Fuse *f = w->f;
  Place *place = &f->places[i];
  bool whole = has_result(w) && i == f->b->plan->result_step;
  for (uint32_t c = 0; place->columns && c < n_columns(&f->parts[i]); c++) {
    if (!place->columns[c]) continue;
    place->columns[c] = (uint16_t)(whole ? c : s->n_outputs);
    if (whole) continue;
    *VEC_PUSH(f->b->scratch, s->outputs, s->n_outputs) =
        (Output){.expr = member_cell(f->b, place, c), .column = f->parts[i].step->columns[c]};
  }
}

static void row_hands(const Whole *w, uint16_t i, Select *s) {
  Builder *b = w->f->b;
  const Place *place = &w->f->places[i];
  for (uint32_t c = 0; place->settings && c < n_columns(&w->f->parts[i]); c++)
    if (place->settings[c])
      output_append(b, &s->outputs, &s->n_outputs, hand_expr(b, place->settings[c], member_cell(b, place, c)),
                    TYPE_TEXT);
}

static void row_counts(const Whole *w, Select *s, Step *step) {
  Builder *b = w->f->b;
  for (uint16_t i = w->first, n = 0; i < w->end; i++) {
    if (!w->f->parts[i].step->n_checks) continue;
    uint32_t k = step->n_checks;
    Check *check = VEC_PUSH(b->arena, step->checks, k);
    step->n_checks = (uint16_t)k;
    *check = w->f->parts[i].step->checks[0];
    check->in_row = true;
    check->column = (uint16_t)s->n_outputs;
    output_append(b, &s->outputs, &s->n_outputs, member_column(b, w->gate, n++), TYPE_INT8);
  }
}

/* The row: the result's columns, what others take and cannot be handed over, what the checks counted, and
 * last what is handed over. */
static Select *row_of_whole(const Whole *w, Step *step) {
  Builder *b = w->f->b;
  Select *s = ARENA_NEW(b->scratch, Select);
  if (w->gate != NO_ALIAS) s->from = from_with(b, w->gate);
  if (has_result(w)) row_result(w, s);
  for (uint16_t i = w->first; i < w->end; i++) row_cells(w, i, s);
  if (w->gate != NO_ALIAS) row_counts(w, s, step);
  for (uint16_t i = w->first; i < w->end; i++) row_hands(w, i, s);
  if (!s->n_outputs) output_append(b, &s->outputs, &s->n_outputs, expr_int(b, 1), TYPE_INT4);
  return s;
}

static Query *fused(Fuse *f, uint16_t group, Step *step) {
  Builder *b = f->b;
  Whole w = {
      .f = f, .first = f->first[group], .end = f->first[group + 1], .query = ARENA_NEW(b->scratch, Query)};
  const Step *outer = f->parts[w.first].step;
  *step = (Step){.guard = outer->guard, .guard_step = outer->guard_step};
  members_add(&w);
  w.query->kind = STATEMENT_SELECT;
  w.query->select = row_of_whole(&w, step);
  return w.query;
}

/* A step that stays one hands over beside what it returns. */
static Query *single(Fuse *f, uint16_t i, Step *step) {
  Builder *b = f->b;
  Query *q = f->parts[i].query;
  const Place *place = &f->places[i];
  uint32_t *n;
  Output **outputs = outputs_of(q, &n);
  *step = *f->parts[i].step;
  for (uint32_t c = 0, end = *n; place->settings && c < end; c++)
    if (place->settings[c])
      output_append(b, outputs, n, hand_expr(b, place->settings[c], (*outputs)[c].expr), TYPE_TEXT);
  return q;
}

/* ---- numbers of steps ---- */

static void link_steps(Record *r, const Place *places) {
  for (uint16_t i = 0; r && i < r->n_slots; i++) {
    if (r->slots[i].record) link_steps(r->slots[i].record, places);
    Link *link = r->slots[i].link;
    if (!link) continue;
    link->step = places[link->step].step;
    link_steps(link->record, places);
  }
}

static void places_read(Fuse *f) {
  for (uint16_t i = 0; i < f->n; i++) {
    uint16_t group = f->parts[i].group;
    bool member = f->first[group + 1] - f->first[group] > 1;
    f->places[i] = (Place){.step = group, .member = member, .alias = member ? f->b->next_alias++ : NO_ALIAS};
  }
}

static void steps_replace(Fuse *f) {
  Plan *plan = f->b->plan;
  Step *steps = ARENA_ARRAY(f->b->arena, Step, f->n_groups);
  for (uint16_t g = 0; g < f->n_groups; g++) {
    uint16_t i = f->first[g];
    const Query *q = f->places[i].member ? fused(f, g, &steps[g]) : single(f, i, &steps[g]);
    if (steps[g].guard != GUARD_NONE) steps[g].guard_step = f->places[steps[g].guard_step].step;
    if (!emit(f, q, f->places, g, NULL, &steps[g])) f->b->too_many = "values in one statement";
  }
  plan->steps = steps;
  plan->n_steps = f->n_groups;
  if (plan->result != RESULT_AFFECTED) plan->result_step = f->places[plan->result_step].step;
  link_steps(plan->record, f->places);
}

void fuse_steps(Builder *b) {
  uint16_t n = b->plan->n_steps;
  Fuse f = {.b = b, .n = n};
  if (b->too_many) return;
  f.parts = ARENA_ARRAY(b->scratch, Part, n);
  f.places = ARENA_ARRAY(b->scratch, Place, n);
  f.first = ARENA_ARRAY(b->scratch, uint16_t, n + 1u);
  for (uint16_t i = 0; i < n; i++) part_read(&f, i);
  for (uint16_t i = 0; i < n; i++)
    if (b->plan->steps[i].guard == GUARD_NO_ROWS && b->plan->steps[i].writes) b->plan->races = true;
  if (n < 2 || b->too_many) return;
  fuse_group(&f);
  places_read(&f);
  hand_over(&f);
  steps_replace(&f);
}
