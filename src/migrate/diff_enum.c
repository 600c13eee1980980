#include "base/vec.h"
#include "migrate/diff.h"

static bool has_value(const DbEnum *e, Slice value) {
  for (uint32_t i = 0; i < e->n_values; i++)
    if (slice_eq(e->values[i], value)) return true;
  return false;
}

/* The column on the other side that has the other side's enum. */
static const Column *counterpart(const Diff *d, const Column *c, const Catalog *other, const DbEnum *type) {
  const DbTable *t = catalog_table(other, catalog_schema_of(d->from, c->table->schema), c->table->name);
  const Column *found = t ? table_column(t, c->name) : NULL;
  return found && found->type.enum_ == type ? found : NULL;
}

/* All columns that have the old type now: those that keep it in the order of where they will be, then those
 * that go or become something else. Their defaults are written in terms of the old type. */
static void find_columns(Diff *d, Step *s) {
  const DbEnum *from = s->u.enum_.from, *to = s->u.enum_.to;
  for (uint32_t i = 0; i < d->to->n_tables; i++)
    for (uint32_t k = 0; k < d->to->tables[i]->n_columns; k++) {
      const Column *c = &d->to->tables[i]->columns[k];
      const Column *old = c->type.enum_ == to ? counterpart(d, c, d->from, from) : NULL;
      if (old) *VEC_PUSH(d->arena, s->u.enum_.columns, s->u.enum_.n_columns) = (Pair){old, c};
    }
  for (uint32_t i = 0; i < d->from->n_tables; i++)
    for (uint32_t k = 0; k < d->from->tables[i]->n_columns; k++) {
      const Column *c = &d->from->tables[i]->columns[k];
      if (c->type.enum_ == from && !counterpart(d, c, d->to, to))
        *VEC_PUSH(d->arena, s->u.enum_.columns, s->u.enum_.n_columns) = (Pair){c, NULL};
    }
}

static void find_defaults(Diff *d, Step *s) {
  for (uint32_t i = 0; i < s->u.enum_.n_columns; i++) {
    Pair p = s->u.enum_.columns[i];
    bool old = p.from->def.form != FORM_NONE, new = p.to &&p.to->def.form != FORM_NONE;
    if (old)
      *VEC_PUSH(d->arena, s->u.enum_.defaults, s->u.enum_.n_defaults) = (Pair){p.from, new ? p.to : NULL};
  }
}

static void diff_values(Diff *d, const DbEnum *from, const DbEnum *to) {
  Slice *added = NULL, *dropped = NULL;
  uint32_t n_added = 0, n_dropped = 0;
  for (uint32_t i = 0; i < to->n_values; i++)
    if (!has_value(from, to->values[i])) *VEC_PUSH(d->arena, added, n_added) = to->values[i];
  for (uint32_t i = 0; i < from->n_values; i++)
    if (!has_value(to, from->values[i])) *VEC_PUSH(d->arena, dropped, n_dropped) = from->values[i];
  if (!n_added && !n_dropped) return;
  Step *s = diff_add(d, STEP_ALTER_ENUM, from->number, to->number, 0);
  s->u.enum_.from = from;
  s->u.enum_.to = to;
  s->u.enum_.added = added;
  s->u.enum_.n_added = n_added;
  s->u.enum_.dropped = dropped;
  s->u.enum_.n_dropped = n_dropped;
  if (!n_dropped) return;
  find_columns(d, s);
  find_defaults(d, s);
}

void diff_enums(Diff *d) {
  for (uint32_t i = 0; i < d->from->n_enums; i++) {
    const DbEnum *from = d->from->enums[i];
    const DbEnum *to = catalog_enum(d->to, catalog_schema_of(d->from, from->schema), from->name);
    if (to)
      diff_values(d, from, to);
    else
      diff_add(d, STEP_DROP_ENUM, from->number, 0, 0)->u.enum_.from = from;
  }
  for (uint32_t i = 0; i < d->to->n_enums; i++) {
    const DbEnum *to = d->to->enums[i];
    if (!catalog_enum(d->from, catalog_schema_of(d->to, to->schema), to->name))
      diff_add(d, STEP_CREATE_ENUM, to->number, 0, 0)->u.enum_.to = to;
  }
}
