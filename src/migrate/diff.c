#include "migrate/diff.h"

#include <stdlib.h>

#include "base/vec.h"

Step *diff_add(Diff *d, StepKind kind, uint32_t order0, uint32_t order1, uint32_t order2) {
  Step *s = VEC_PUSH(d->arena, d->steps, d->n);
  *s = (Step){.kind = kind, .order = {order0, order1, order2, d->n}};
  return s;
}

/* --- what is there on one side only --- */

static void create_table(Diff *d, const DbTable *t) {
  diff_add(d, STEP_CREATE_TABLE, t->number, 0, 0)->u.table.to = t;
  for (uint32_t i = 0; i < t->n_keys; i++)
    diff_add(d, STEP_ADD_KEY, t->keys[i]->number, 0, 0)->u.key.to = t->keys[i];
  for (uint32_t i = 0; i < t->n_indexes; i++)
    diff_add(d, STEP_CREATE_INDEX, 0, t->number, t->indexes[i]->number)->u.index.to = t->indexes[i];
}

/* Keys go first, so that the order of the tables does not matter. */
static void drop_table(Diff *d, const DbTable *t) {
  diff_add(d, STEP_DROP_TABLE, t->number, 0, 0)->u.table.from = t;
  for (uint32_t i = 0; i < t->n_keys; i++)
    diff_add(d, STEP_DROP_KEY, t->keys[i]->number, 0, 0)->u.key.from = t->keys[i];
}

static void diff_tables(Diff *d) {
  for (uint32_t i = 0; i < d->to->n_tables; i++) {
    const DbTable *to = d->to->tables[i];
    const DbTable *from = catalog_table(d->from, catalog_schema_of(d->to, to->schema), to->name);
    if (from)
      diff_table(d, from, to);
    else
      create_table(d, to);
  }
  for (uint32_t i = 0; i < d->from->n_tables; i++) {
    const DbTable *from = d->from->tables[i];
    if (!catalog_table(d->to, catalog_schema_of(d->from, from->schema), from->name)) drop_table(d, from);
  }
}

static void diff_schemas(Diff *d) {
  for (uint32_t i = 0; i < d->to->n_schemas; i++) {
    bool there = false;
    for (uint32_t k = 0; k < d->from->n_schemas; k++)
      there = there || slice_eq(d->from->schemas[k], d->to->schemas[i]);
    if (!there) diff_add(d, STEP_CREATE_SCHEMA, i, 0, 0)->u.schema = d->to->schemas[i];
  }
}

static bool says_other(Slice a, Slice b) { return a.n && b.n && !slice_eq(a, b); }

static void diff_extension(Diff *d, const Extension *from, const Extension *to) {
  if (!says_other(from->version, to->version) && !says_other(from->schema, to->schema)) return;
  if (from->relocatable || to->relocatable) {
    Step *s = diff_add(d, STEP_ALTER_EXTENSION, from->number, to->number, 0);
    s->u.extension.from = from;
    s->u.extension.to = to;
    return;
  }
  diff_add(d, STEP_DROP_EXTENSION, from->number, 0, 0)->u.extension.from = from;
  diff_add(d, STEP_CREATE_EXTENSION, to->number, 0, 0)->u.extension.to = to;
}

/* Extensions that nobody asks for stay. */
static void diff_extensions(Diff *d) {
  for (uint32_t i = 0; i < d->to->n_extensions; i++) {
    const Extension *to = d->to->extensions[i], *from = NULL;
    for (uint32_t k = 0; k < d->from->n_extensions && !from; k++)
      if (slice_eq(d->from->extensions[k]->name, to->name)) from = d->from->extensions[k];
    if (from)
      diff_extension(d, from, to);
    else
      diff_add(d, STEP_CREATE_EXTENSION, to->number, 0, 0)->u.extension.to = to;
  }
}

/* --- order --- */

static int compare_steps(const void *a, const void *b) {
  const Step *x = a, *y = b;
  if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
  for (size_t i = 0; i < COUNT(x->order); i++)
    if (x->order[i] != y->order[i]) return x->order[i] < y->order[i] ? -1 : 1;
  return 0;
}

static bool change_touches(const TableChange *c, const DbIndex *x) {
  if (c->kind != CHANGE_DROP_COLUMN && c->kind != CHANGE_RECREATE_COLUMN) return false;
  for (uint32_t i = 0; i < x->n_columns; i++)
    if (x->columns[i].column == c->from) return true;
  return false;
}

/* Does the step make a primary key of what the unique index covers, on columns that stay? */
static bool replaces(const Step *s, const DbIndex *x) {
  const DbIndex *primary = s->kind == STEP_ALTER_TABLE ? s->u.table.to->primary : NULL;
  bool adds = false;
  if (!primary || s->u.table.from != x->table || primary->n_columns != x->n_columns) return false;
  for (uint32_t i = 0; i < x->n_columns; i++)
    if (!slice_eq(primary->columns[i].column->name, x->columns[i].column->name)) return false;
  for (uint32_t i = 0; i < s->u.table.n_changes; i++) {
    if (change_touches(&s->u.table.changes[i], x)) return false;
    adds = adds || s->u.table.changes[i].kind == CHANGE_ADD_PRIMARY;
  }
  return adds;
}

/* A unique index that becomes the primary key is dropped after that is there: rows are never without one of
 * them, and replication keeps its identity. */
static void delay_drops(Diff *d) {
  for (uint32_t i = 0; i < d->n; i++) {
    const DbIndex *x = d->steps[i].kind == STEP_DROP_INDEX ? d->steps[i].u.index.from : NULL;
    if (!x || !x->unique || x->table->primary) continue;
    for (uint32_t k = i + 1; k < d->n; k++) {
      if (!replaces(&d->steps[k], x)) continue;
      Step drop = d->steps[i];
      memmove(&d->steps[i], &d->steps[i + 1], (k - i) * sizeof drop);
      d->steps[k] = drop;
      i--;
      break;
    }
  }
}

Diff *diff_catalogs(Arena *a, const Catalog *from, const Catalog *to) {
  Diff *d = ARENA_NEW(a, Diff);
  *d = (Diff){.arena = a, .from = from, .to = to};
  diff_extensions(d);
  diff_schemas(d);
  diff_tables(d);
  diff_enums(d);
  if (d->n) qsort(d->steps, d->n, sizeof *d->steps, compare_steps);
  delay_drops(d);
  return d;
}
