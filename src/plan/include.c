/* Include: the steps that read the rows of relations. Rows that are found by a unique key have their children
 * in the same flight, selected by the same parameters; others in the next one, by the keys that came back. */
#include "base/vec.h"
#include "plan/read.h"

enum {
  MAX_NESTED = 4 /* levels of subselects: deeper ones wait for keys */
};

/* The parameter that `base` says its column equals; NULL when it says more than such equalities of `here`. */
static Expr *pinned(const Select *base, uint32_t alias, Field *const *here, uint32_t n, uint32_t i) {
  const Expr *where = base->where;
  if (!where || base->limit || base->offset) return NULL;
  for (const From *f = base->from->next; f; f = f->next)
    if (f->join != JOIN_LEFT) return NULL; /* what is joined flat removes no row */
  Expr *const *parts = where->kind == EXPR_AND ? where->args : (Expr *const *)&where;
  if ((where->kind == EXPR_AND ? where->n_args : 1) != n) return NULL;
  for (uint32_t k = 0; k < n; k++) {
    const Expr *p = parts[k];
    if (p->kind != EXPR_OP || p->op != OP_EQ || p->args[1]->kind != EXPR_PARAM) continue;
    const Expr *column = p->args[0];
    if (column->kind == EXPR_COLUMN && column->alias == alias && slice_eq(column->name, here[i]->db_name))
      return p->args[1];
  }
  return NULL;
}

/* A cursor compares by orders, and so needs their joins. */
static bool has_cursor(const From *from) {
  for (; from; from = from->next)
    if (from->kind == FROM_SELECT) return true;
  return false;
}

/* The chain without what only outputs and orders look at. */
static From *without_left_joins(Builder *b, const From *from) {
  From *copy = arena_copy(b->scratch, from, sizeof *from), *last = copy;
  for (const From *f = from->next; f; f = f->next) {
    if (f->join == JOIN_LEFT) continue;
    last->next = arena_copy(b->scratch, f, sizeof *f);
    last = last->next;
  }
  last->next = NULL;
  return copy;
}

/* SELECT columns FROM the rows of `base`. */
static Select *keys_select(Builder *b, const Select *base, uint32_t alias, Field *const *columns,
                           uint32_t n) {
  Select *s = arena_copy(b->scratch, base, sizeof *base);
  s->outputs = NULL;
  s->n_outputs = 0;
  if (!s->limit && !s->offset && !has_cursor(base->from)) {
    s->n_order = 0;
    s->from = without_left_joins(b, base->from);
  }
  for (uint32_t i = 0; i < n; i++)
    *VEC_PUSH(b->scratch, s->outputs, s->n_outputs) =
        (Output){.expr = expr_column(b, alias, columns[i]), .column = column_of(columns[i])};
  return s;
}

static void single_parent(Builder *b, const Rows *rows, Field *const *here, uint32_t n, Parents *p) {
  p->values = ARENA_ARRAY(b->scratch, Expr *, n);
  for (uint32_t i = 0; i < n; i++) {
    p->values[i] = pinned(rows->select, rows->alias, here, n, i);
    if (!p->values[i])
      p->values[i] = expr_select(b, EXPR_SUBSELECT, keys_select(b, rows->select, rows->alias, here + i, 1));
  }
}

/* unnest(keys...): as rows of c1, c2 ... */
static From *keys_unnest(Builder *b, const Rows *rows, const Link *link, Field *const *here) {
  Expr **arrays = ARENA_ARRAY(b->scratch, Expr *, link->n_cols);
  for (uint32_t i = 0; i < link->n_cols; i++)
    arrays[i] = b_keys(b, rows->step, link->parent_cols[i], here[i]);
  return from_unnest(b, link->n_cols, arrays);
}

static Select *unnest_select(Builder *b, const Rows *rows, const Link *link, Field *const *here) {
  Select *s = ARENA_NEW(b->scratch, Select);
  s->from = keys_unnest(b, rows, link, here);
  for (uint32_t i = 0; i < link->n_cols; i++) {
    Slice name = slice_printf(b->scratch, "c%u", i + 1);
    *VEC_PUSH(b->scratch, s->outputs, s->n_outputs) =
        (Output){.expr = expr_named(b, s->from->alias, name), .as = name, .column = column_of(here[i])};
  }
  return s;
}

/* Each parent once, as rows that a LATERAL looks at. */
static From *distinct_parents(Builder *b, const Rows *rows, const Link *link, Field *const *here,
                              Parents *p) {
  Select *s = unnest_select(b, rows, link, here);
  s->distinct = true;
  From *from = from_select(b, s);
  p->values = ARENA_ARRAY(b->scratch, Expr *, link->n_cols);
  for (uint32_t i = 0; i < link->n_cols; i++) p->values[i] = expr_named(b, from->alias, s->outputs[i].as);
  return from;
}

/* How the children find their parents. *lateral gets the parents' rows when each has a limit of its own. */
static void choose_parents(Builder *b, const Rows *rows, const Pending *p, Parents *parents, From **lateral) {
  Field **here, **there;
  uint32_t n = relation_keys(b, p->field, &here, &there);
  bool limited = find_is_limited(p->args);
  *parents = (Parents){.field = p->field};
  *lateral = NULL;
  if (rows->select && rows->single && rows->depth < MAX_NESTED) {
    single_parent(b, rows, here, n, parents);
  } else if (rows->select && !limited && rows->depth < MAX_NESTED) {
    parents->set = keys_select(b, rows->select, rows->alias, here, n);
  } else {
    b->flight = (uint16_t)(rows->flight + 1);
    if (limited)
      *lateral = distinct_parents(b, rows, p->link, here, parents);
    else if (n == 1)
      parents->array = b_keys(b, rows->step, p->link->parent_cols[0], here[0]);
    else
      parents->set = unnest_select(b, rows, p->link, here);
  }
}

static void link_columns(Builder *b, Find *f, const Pending *p) {
  Field **here, **there;
  relation_keys(b, p->field, &here, &there);
  for (uint32_t i = 0; i < f->n_links; i++)
    p->link->child_cols[i] =
        output_add(b, &f->select->outputs, &f->select->n_outputs, f->links[i], column_of(there[i]));
}

/* The step of one link. *out: its rows, for the links in it. */
static bool link_step(Builder *b, const Rows *rows, const Pending *p, Rows *out) {
  Parents parents;
  From *lateral;
  b->flight = rows->flight;
  if (!selection_arguments(b, p->field, p->at, p->args)) return false;
  choose_parents(b, rows, p, &parents, &lateral);
  bool many = p->field->arity == ARITY_LIST;
  Find f = {
      .model = field_target(p->field), .args = p->args, .at = p->at, .stable = many, .parents = &parents};
  if (!find_open(b, &f)) return false;
  Selection s = {f.model, p->args, p->at, f.select->from};
  p->link->record = selection_record(b, &s, f.alias, &f.select->outputs, &f.select->n_outputs);
  if (!p->link->record) return false;
  link_columns(b, &f, p);
  if (!find_close(b, &f)) return false;
  Select *select = lateral ? select_wrap(b, f.select, lateral, true) : f.select;
  p->link->step = b_select(b, select);
  b->plan->steps[p->link->step].reversed = f.reversed;
  *out = (Rows){.step = p->link->step,
                .flight = b->flight,
                .record = p->link->record,
                .alias = f.alias,
                .single = rows->single && !many,
                .depth = rows->depth + 1};
  if (b->flight == rows->flight && !f.n_distinct) out->select = f.select;
  return true;
}

/* Breadth first, the earliest flight first, so that steps stand in the order of their flights. Links of one
 * parent may fly at once or one flight later: each is a task of its own. */
typedef struct Task {
  Rows rows;
  Pending link;
  uint16_t flight;
  bool done;
} Task;

static uint16_t link_flight(const Rows *rows, const Pending *p) {
  bool now = rows->select && rows->depth < MAX_NESTED && (rows->single || !find_is_limited(p->args));
  return (uint16_t)(rows->flight + !now);
}

static void add_tasks(Builder *b, Task **tasks, uint32_t *n, const Rows *rows) {
  for (uint32_t i = 0; i < b->n_pending; i++)
    if (b->pending[i].record == rows->record)
      *VEC_PUSH(b->scratch, *tasks, *n) =
          (Task){*rows, b->pending[i], link_flight(rows, &b->pending[i]), false};
}

static Task *next_task(Task *tasks, uint32_t n) {
  Task *next = NULL;
  for (uint32_t i = 0; i < n; i++)
    if (!tasks[i].done && (!next || tasks[i].flight < next->flight)) next = &tasks[i];
  return next;
}

bool include_links(Builder *b, Rows rows) {
  Task *tasks = NULL;
  uint32_t n = 0;
  uint16_t flight = b->flight;
  add_tasks(b, &tasks, &n, &rows);
  for (Task *t; (t = next_task(tasks, n));) {
    Rows children;
    t->done = true;
    if (!link_step(b, &t->rows, &t->link, &children)) return false;
    if (b->flight > flight) flight = b->flight;
    add_tasks(b, &tasks, &n, &children);
  }
  b->flight = flight;
  return true;
}

bool selection_links(Builder *b, const Selection *s, Record *record, uint16_t step) {
  (void)s;
  Rows rows = {.step = step, .flight = b->plan->steps[step].flight, .record = record};
  return include_links(b, rows);
}
