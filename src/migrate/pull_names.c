/* Names: what a table, a column, a type is called in the schema. The old schema's word counts; else the
 * database's own, made fit for the language where it is not. */
#include "migrate/pull_private.h"

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_word(char c) { return is_letter(c) || c == '_' || (c >= '0' && c <= '9'); }

/* From the first letter on, with '_' for each character that cannot be; empty without a letter. */
static Slice fit(Arena *a, Slice s) {
  Buf b = buf_in(a);
  uint32_t i = 0;
  while (i < s.n && !is_letter(s.p[i])) i++;
  for (; i < s.n; i++) {
    bool follows = ((unsigned char)s.p[i] & 0xC0) == 0x80; /* of a character that had its '_' already */
    if (is_word(s.p[i]))
      buf_byte(&b, s.p[i]);
    else if (!follows)
      buf_byte(&b, '_');
  }
  return buf_slice(&b);
}

/* --- matching with the old schema --- */

static bool schema_fits(const Pull *p, Slice old, Slice found) {
  return slice_eq(catalog_schema_of(p->catalog, old), catalog_schema_of(p->catalog, found));
}

static const Model *old_model(const Pull *p, const DbTable *t, bool view) {
  for (uint32_t i = 0; i < p->old->n_models; i++) {
    const Model *m = &p->old->models[i];
    if (m->is_view == view && slice_eq(m->db_name, t->name) && schema_fits(p, m->db_schema, t->schema))
      return m;
  }
  return NULL;
}

static const Enum *old_enum(const Pull *p, const DbEnum *e) {
  for (uint32_t i = 0; i < p->old->n_enums; i++) {
    const Enum *o = &p->old->enums[i];
    if (slice_eq(o->db_name, e->name) && schema_fits(p, o->db_schema, e->schema)) return o;
  }
  return NULL;
}

static const Field *old_field(const Model *m, Slice column) {
  for (uint32_t i = 0; m && i < m->n_columns; i++)
    if (slice_eq(m->columns[i]->db_name, column)) return m->columns[i];
  return NULL;
}

/* --- names of the top level --- */

typedef struct Naming {
  Slice found, schema; /* in the database */
  Slice name;
  bool known; /* by the old schema */
  bool mapped, reserved, duplicate;
} Naming;

static Slice first_name(const Pull *p, const Naming *x) {
  return x->known ? x->name : fit(p->arena, x->found);
}

static void settle(const Pull *p, Naming *x, const Map *counts) {
  if (x->known) {
    x->mapped = !slice_eq(x->name, x->found);
    return;
  }
  Slice fitting = fit(p->arena, x->found);
  const uint32_t *count = map_get(counts, fitting);
  x->name = fitting.n ? fitting : x->found;
  if (name_is_reserved(x->found)) {
    x->reserved = true;
    x->name = slice_printf(p->arena, "Renamed%.*s", SLICE_ARGS(x->found));
  } else if (count && *count > 1 && x->schema.n) {
    x->duplicate = true;
    x->name = slice_printf(p->arena, "%.*s_%.*s", SLICE_ARGS(x->schema), SLICE_ARGS(x->name));
  }
  x->mapped = !slice_eq(x->name, x->found);
}

static void name_all(const Pull *p, Naming *names, uint32_t n) {
  Map counts = map_in(p->arena);
  for (uint32_t i = 0; i < n; i++) {
    if (!names[i].found.p) continue;
    Slice name = first_name(p, &names[i]);
    uint32_t *count = map_get(&counts, name);
    if (!count) map_put(&counts, name, count = ARENA_NEW(p->arena, uint32_t));
    ++*count;
  }
  for (uint32_t i = 0; i < n; i++)
    if (names[i].found.p) settle(p, &names[i], &counts);
}

/* --- models --- */

static bool column_is_plain(const Column *c) { return c->type.native != NATIVE_COUNT || c->type.enum_; }

static bool index_identifies(const DbIndex *x) {
  if (!x->unique || x->where.n) return false;
  for (uint32_t i = 0; i < x->n_columns; i++)
    if (!column_is_plain(x->columns[i].column) || !column_is_required(x->columns[i].column)) return false;
  return true;
}

static bool table_is_usable(const DbTable *t) {
  if (t->primary && index_identifies(t->primary)) return true;
  for (uint32_t i = 0; i < t->n_indexes; i++)
    if (index_identifies(t->indexes[i])) return true;
  return false;
}

static void name_fields(const Pull *p, PullModel *m) {
  m->fields = ARENA_ARRAY(p->arena, PullField, m->table->n_columns);
  for (uint32_t i = 0; i < m->table->n_columns; i++) {
    const Column *c = &m->table->columns[i];
    const Field *old = old_field(m->old, c->name);
    Slice name = old ? old->name : fit(p->arena, c->name);
    m->fields[i] = (PullField){c, old, name, !slice_eq(name, c->name)};
  }
}

static void prepare_model(Pull *p, PullModel *m, const DbTable *t, bool view, Naming *x) {
  *m = (PullModel){.table = t, .view = view, .old = old_model(p, t, view)};
  *x = (Naming){.found = t->name, .schema = t->schema};
  if (!view && pull_is_join(t)) x->found.p = NULL;
  if (m->old) {
    x->known = true;
    x->name = m->old->name;
  }
}

static void finish_model(const Pull *p, PullModel *m, const Naming *x) {
  if (!x->found.p) return;
  m->name = x->name;
  m->mapped = x->mapped;
  m->reserved = x->reserved;
  m->duplicate = x->duplicate;
  m->usable = m->view || table_is_usable(m->table);
  m->ignored = (m->old && m->old->ignored) || (!m->usable && m->table->n_columns);
  name_fields(p, m);
}

/* --- enums --- */

static Slice value_name(const Pull *p, const PullEnum *e, Slice value) {
  for (uint32_t i = 0; e->old && i < e->old->n_values; i++)
    if (slice_eq(e->old->values[i].db_name, value)) return e->old->values[i].name;
  return value.n ? fit(p->arena, value) : SLICE("EMPTY_ENUM_VALUE");
}

static void finish_enum(const Pull *p, PullEnum *e, const Naming *x) {
  e->name = x->name;
  e->mapped = x->mapped;
  e->reserved = x->reserved;
  e->duplicate = x->duplicate;
  e->values = ARENA_ARRAY(p->arena, Slice, e->type->n_values);
  for (uint32_t i = 0; i < e->type->n_values; i++) e->values[i] = value_name(p, e, e->type->values[i]);
}

static void prepare_enum(const Pull *p, PullEnum *e, const DbEnum *type, Naming *x) {
  *e = (PullEnum){.type = type, .old = old_enum(p, type)};
  *x = (Naming){.found = type->name, .schema = type->schema};
  if (!e->old) return;
  x->known = true;
  x->name = e->old->name;
}

void pull_names(Pull *p) {
  const Catalog *c = p->catalog;
  uint32_t n = p->n_models = c->n_tables + c->n_views;
  Naming *names = ARENA_ARRAY(p->arena, Naming, n + c->n_enums);
  p->models = ARENA_ARRAY(p->arena, PullModel, n);
  p->enums = ARENA_ARRAY(p->arena, PullEnum, c->n_enums);
  for (uint32_t i = 0; i < n; i++) {
    bool view = i >= c->n_tables;
    prepare_model(p, &p->models[i], view ? c->views[i - c->n_tables] : c->tables[i], view, &names[i]);
  }
  for (uint32_t i = 0; i < c->n_enums; i++) prepare_enum(p, &p->enums[i], c->enums[i], &names[n + i]);
  name_all(p, names, n + c->n_enums);
  for (uint32_t i = 0; i < n; i++) finish_model(p, &p->models[i], &names[i]);
  for (uint32_t i = 0; i < c->n_enums; i++) finish_enum(p, &p->enums[i], &names[n + i]);
}

/* --- looking up --- */

PullModel *pull_model(const Pull *p, const DbTable *t) { return &p->models[t->number]; }
PullEnum *pull_enum(const Pull *p, const DbEnum *e) { return &p->enums[e->number]; }
PullField *pull_field(const PullModel *m, const Column *c) { return &m->fields[c->number]; }

Slice pull_value(const Pull *p, const DbEnum *e, Slice value) {
  for (uint32_t i = 0; i < e->n_values; i++)
    if (slice_eq(e->values[i], value)) return pull_enum(p, e)->values[i];
  return (Slice){"", 0};
}

bool pull_noted(const Pull *p, const PullModel *m, NoteKind kind) {
  for (uint32_t i = 0; i < p->n_notes; i++) {
    const Note *n = &p->notes[i];
    if (n->kind == kind && slice_eq(n->table, m->table->name) && slice_eq(n->schema, m->table->schema))
      return true;
  }
  return false;
}
