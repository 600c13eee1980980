/* Two tables of one name: keys, indexes, columns, the primary key. */
#include <stdlib.h>

#include "base/vec.h"
#include "migrate/diff.h"
#include "migrate/introspect.h"

typedef struct ColumnPair {
  const Column *from, *to; /* one of them may be NULL */
  ColumnChanges changes;   /* when both are there */
} ColumnPair;

typedef struct TablePair {
  Diff *diff;
  const DbTable *from, *to;
  ColumnPair *columns; /* by name */
  uint32_t n_columns;
  TableChange *changes;
  uint32_t n_changes;
} TablePair;

/* --- columns --- */

static Slice pair_name(const ColumnPair *p) { return p->from ? p->from->name : p->to->name; }

static int compare_names(const void *a, const void *b) { return slice_compare(pair_name(a), pair_name(b)); }

static void pair_columns(TablePair *p) {
  Arena *a = p->diff->arena;
  p->columns = ARENA_ARRAY(a, ColumnPair, p->from->n_columns + p->to->n_columns);
  for (uint32_t i = 0; i < p->from->n_columns; i++) {
    const Column *from = &p->from->columns[i], *to = table_column(p->to, from->name);
    ColumnPair *pair = &p->columns[p->n_columns++];
    *pair = (ColumnPair){.from = from, .to = to};
    if (to) pair->changes = column_changes(a, from, to);
  }
  for (uint32_t i = 0; i < p->to->n_columns; i++)
    if (!table_column(p->from, p->to->columns[i].name))
      p->columns[p->n_columns++] = (ColumnPair){.to = &p->to->columns[i]};
  qsort(p->columns, p->n_columns, sizeof *p->columns, compare_names);
}

static const ColumnPair *pair_of(const TablePair *p, const Column *from) {
  for (uint32_t i = 0; i < p->n_columns; i++)
    if (p->columns[i].from == from) return &p->columns[i];
  return NULL;
}

/* Not where the column goes away. */
static bool column_recast(const TablePair *p, const Column *from) {
  const ColumnPair *pair = pair_of(p, from);
  return pair && pair->to && pair->changes.type;
}
static bool column_recreated(const TablePair *p, const Column *from) {
  const ColumnPair *pair = pair_of(p, from);
  return pair && pair->to && pair->changes.cast == CAST_NEVER;
}

static void change(TablePair *p, ChangeKind kind, const Column *from, const Column *to) {
  *VEC_PUSH(p->diff->arena, p->changes, p->n_changes) = (TableChange){.kind = kind, .from = from, .to = to};
}

static int compare_positions(const void *a, const void *b) {
  const TableChange *x = a, *y = b;
  return x->from->number < y->from->number ? -1 : x->from->number > y->from->number;
}

static void alter_columns(TablePair *p) {
  uint32_t first = p->n_changes;
  for (uint32_t i = 0; i < p->n_columns; i++) {
    const ColumnPair *c = &p->columns[i];
    if (!c->from || !c->to || !column_changed(&c->changes)) continue;
    bool recreated = c->changes.cast == CAST_NEVER;
    change(p, recreated ? CHANGE_RECREATE_COLUMN : CHANGE_ALTER_COLUMN, c->from, c->to);
    p->changes[p->n_changes - 1].changes = c->changes;
  }
  if (p->n_changes > first)
    qsort(p->changes + first, p->n_changes - first, sizeof *p->changes, compare_positions);
}

/* --- the primary key --- */

static bool index_columns_same(const DbIndex *a, const DbIndex *b) {
  if (a->n_columns != b->n_columns) return false;
  for (uint32_t i = 0; i < a->n_columns; i++)
    if (!slice_eq(a->columns[i].column->name, b->columns[i].column->name) ||
        a->columns[i].desc != b->columns[i].desc)
      return false;
  return true;
}

static bool primary_changed(const TablePair *p) {
  const DbIndex *from = p->from->primary, *to = p->to->primary;
  if (!from || !to) return false;
  if (!index_columns_same(from, to)) return true;
  for (uint32_t i = 0; i < from->n_columns; i++)
    if (column_recast(p, from->columns[i].column)) return true;
  return false;
}

static void diff_columns(TablePair *p) {
  const DbIndex *from = p->from->primary, *to = p->to->primary;
  bool changed = primary_changed(p);
  bool drop = from && (!to || changed), add = to && (!from || changed);
  if (drop) change(p, CHANGE_DROP_PRIMARY, NULL, NULL);
  if (from && to && !drop && !slice_eq(from->name, to->name)) change(p, CHANGE_RENAME_PRIMARY, NULL, NULL);
  for (uint32_t i = 0; i < p->n_columns; i++)
    if (!p->columns[i].to) change(p, CHANGE_DROP_COLUMN, p->columns[i].from, NULL);
  for (uint32_t i = 0; i < p->n_columns; i++)
    if (!p->columns[i].from) change(p, CHANGE_ADD_COLUMN, NULL, p->columns[i].to);
  alter_columns(p);
  if (add) change(p, CHANGE_ADD_PRIMARY, NULL, NULL);
  if (!p->n_changes) return;
  Step *s = diff_add(p->diff, STEP_ALTER_TABLE, p->from->number, p->to->number, 0);
  s->u.table.from = p->from;
  s->u.table.to = p->to;
  s->u.table.changes = p->changes;
  s->u.table.n_changes = p->n_changes;
}

/* --- indexes --- */

static bool ops_same(const DbIndex *x, const DbIndex *y, uint32_t i) {
  const IndexColumn *a = &x->columns[i], *b = &y->columns[i];
  bool ordered = x->method == METHOD_BTREE || x->method == METHOD_HASH; /* nobody says their default */
  if (slice_eq(a->ops, b->ops)) return true;
  if (!a->ops.n) return b->ops_default || ordered;
  return !b->ops.n && (a->ops_default || ordered);
}

static bool where_same(Arena *a, const DbIndex *x, const DbIndex *y) {
  if (!x->where_raw && !y->where_raw) return slice_eq(x->where, y->where);
  return introspect_same(a, x->where, y->where);
}

/* The same but for the name. */
static bool index_same(Arena *a, const DbIndex *x, const DbIndex *y) {
  if (x->unique != y->unique || x->method != y->method || !index_columns_same(x, y)) return false;
  for (uint32_t i = 0; i < x->n_columns; i++)
    if (!ops_same(x, y, i)) return false;
  return where_same(a, x, y);
}

static const DbIndex *find_same(Arena *a, const DbIndex *x, const DbTable *in) {
  for (uint32_t i = 0; i < in->n_indexes; i++)
    if (index_same(a, x, in->indexes[i])) return in->indexes[i];
  return NULL;
}

/* Of several indexes on the same columns nobody can say which became which. */
static bool index_is_alone(const DbTable *t, const DbIndex *x) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < t->n_indexes; i++)
    n += t->indexes[i]->unique == x->unique && index_columns_same(t->indexes[i], x);
  return n == 1;
}

static bool index_recreated(const TablePair *p, const DbIndex *from) {
  for (uint32_t i = 0; i < from->n_columns; i++)
    if (column_recreated(p, from->columns[i].column)) return true;
  return false;
}

static void create_index(const TablePair *p, const DbIndex *x, bool recreated) {
  Step *s = diff_add(p->diff, STEP_CREATE_INDEX, p->from->number + 1, p->to->number, x->number);
  s->u.index.to = x;
  s->u.index.recreated = recreated;
}

static void diff_index_pair(const TablePair *p, const DbIndex *from, const DbIndex *to) {
  if (index_recreated(p, from)) {
    create_index(p, to, true);
  } else if (!slice_eq(from->name, to->name) && index_is_alone(p->from, from)) {
    Step *s = diff_add(p->diff, STEP_RENAME_INDEX, from->number, to->number, 0);
    s->u.index.from = from;
    s->u.index.to = to;
  }
}

static void diff_indexes(const TablePair *p) {
  Arena *a = p->diff->arena;
  for (uint32_t i = 0; i < p->to->n_indexes; i++)
    if (!find_same(a, p->to->indexes[i], p->from)) create_index(p, p->to->indexes[i], false);
  for (uint32_t i = 0; i < p->from->n_indexes; i++) {
    const DbIndex *from = p->from->indexes[i], *to = find_same(a, from, p->to);
    if (!to)
      diff_add(p->diff, STEP_DROP_INDEX, from->number, 0, 0)->u.index.from = from;
    else
      diff_index_pair(p, from, to);
  }
}

/* --- foreign keys --- */

static bool key_same(const TablePair *p, const ForeignKey *from, const ForeignKey *to) {
  if (!slice_eq(from->target->name, to->target->name) || from->n_columns != to->n_columns ||
      from->on_delete != to->on_delete || from->on_update != to->on_update)
    return false;
  for (uint32_t i = 0; i < from->n_columns; i++)
    if (!slice_eq(from->columns[i]->name, to->columns[i]->name) ||
        !slice_eq(from->references[i]->name, to->references[i]->name) || column_recast(p, from->columns[i]))
      return false;
  return true;
}

/* The keys of a join table are named by us, whoever named them before. */
static bool table_is_join(const DbTable *t) {
  return t->n_columns == 2 && table_column(t, SLICE("A")) && table_column(t, SLICE("B"));
}

static void rename_key(const TablePair *p, const ForeignKey *from, const ForeignKey *to) {
  if (slice_eq(from->name, to->name) || (table_is_join(p->from) && table_is_join(p->to))) return;
  Step *s = diff_add(p->diff, STEP_RENAME_KEY, from->number, to->number, 0);
  s->u.key.from = from;
  s->u.key.to = to;
}

static void diff_keys(const TablePair *p) {
  bool *taken = ARENA_ARRAY(p->diff->arena, bool, p->to->n_keys);
  bool *matched = ARENA_ARRAY(p->diff->arena, bool, p->to->n_keys);
  for (uint32_t i = 0; i < p->from->n_keys; i++) {
    const ForeignKey *from = p->from->keys[i];
    bool stays = false, paired = false;
    for (uint32_t k = 0; k < p->to->n_keys; k++) {
      if (!key_same(p, from, p->to->keys[k])) continue;
      stays = matched[k] = true;
      if (paired || taken[k]) continue;
      paired = taken[k] = true;
      rename_key(p, from, p->to->keys[k]);
    }
    if (!stays) diff_add(p->diff, STEP_DROP_KEY, from->number, 0, 0)->u.key.from = from;
  }
  for (uint32_t k = 0; k < p->to->n_keys; k++)
    if (!matched[k]) diff_add(p->diff, STEP_ADD_KEY, p->to->keys[k]->number, 0, 0)->u.key.to = p->to->keys[k];
}

void diff_table(Diff *d, const DbTable *from, const DbTable *to) {
  TablePair p = {.diff = d, .from = from, .to = to};
  pair_columns(&p);
  diff_keys(&p);
  diff_indexes(&p);
  diff_columns(&p);
}
