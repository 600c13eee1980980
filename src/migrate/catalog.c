#include "migrate/catalog.h"

#include "base/vec.h"

ScalarType native_scalar(NativeId n) {
  static const ScalarType scalars[] = {
#define NATIVE(id, scalar, type, args) SCALAR_##scalar,
#include "psl/natives.def"
#undef NATIVE
  };
  return scalars[n];
}

Catalog *catalog_empty(Arena *a, Slice default_schema) {
  Catalog *c = ARENA_NEW(a, Catalog);
  c->arena = a;
  c->default_schema = default_schema;
  return c;
}

CatalogScope catalog_scope(const Schema *s, Slice default_schema) {
  CatalogScope scope = {.default_schema = default_schema};
  if (!s) return scope;
  scope.schemas = s->schemas;
  scope.n_schemas = s->n_schemas;
  scope.extensions = schema_preview(s, "postgresqlExtensions");
  scope.partial_indexes = schema_preview(s, "partialIndexes");
  return scope;
}

DbEnum *catalog_add_enum(Catalog *c, Slice schema, Slice name) {
  DbEnum *e = ARENA_NEW(c->arena, DbEnum);
  *e = (DbEnum){.schema = schema, .name = name, .number = c->n_enums};
  *VEC_PUSH(c->arena, c->enums, c->n_enums) = e;
  return e;
}

DbTable *catalog_add_table(Catalog *c, Slice schema, Slice name) {
  DbTable *t = ARENA_NEW(c->arena, DbTable);
  *t = (DbTable){.schema = schema, .name = name, .number = c->n_tables};
  *VEC_PUSH(c->arena, c->tables, c->n_tables) = t;
  return t;
}

DbIndex *catalog_add_index(Catalog *c, DbTable *t, Slice name, bool primary) {
  DbIndex *x = ARENA_NEW(c->arena, DbIndex);
  *x = (DbIndex){.name = name, .table = t, .unique = primary, .number = c->n_indexes++};
  if (primary)
    t->primary = x;
  else
    *VEC_PUSH(c->arena, t->indexes, t->n_indexes) = x;
  return x;
}

ForeignKey *catalog_add_key(Catalog *c, DbTable *t, DbTable *target, Slice name) {
  ForeignKey *k = ARENA_NEW(c->arena, ForeignKey);
  *k = (ForeignKey){.name = name, .table = t, .target = target, .number = c->n_keys++};
  *VEC_PUSH(c->arena, t->keys, t->n_keys) = k;
  return k;
}

Slice catalog_schema_of(const Catalog *c, Slice schema) { return schema.n ? schema : c->default_schema; }

static bool same_place(const Catalog *c, Slice a, Slice b) {
  return slice_eq(catalog_schema_of(c, a), catalog_schema_of(c, b));
}

DbTable *catalog_table(const Catalog *c, Slice schema, Slice name) {
  for (uint32_t i = 0; i < c->n_tables; i++)
    if (slice_eq(c->tables[i]->name, name) && same_place(c, c->tables[i]->schema, schema))
      return c->tables[i];
  return NULL;
}

DbEnum *catalog_enum(const Catalog *c, Slice schema, Slice name) {
  for (uint32_t i = 0; i < c->n_enums; i++)
    if (slice_eq(c->enums[i]->name, name) && same_place(c, c->enums[i]->schema, schema)) return c->enums[i];
  return NULL;
}

Column *table_column(const DbTable *t, Slice name) {
  for (uint32_t i = 0; i < t->n_columns; i++)
    if (slice_eq(t->columns[i].name, name)) return &t->columns[i];
  return NULL;
}

bool column_is_required(const Column *c) { return c->arity == ARITY_REQUIRED; }
