#include "migrate/introspect.h"

#include <stdlib.h>

#include "base/vec.h"
#include "migrate/ddl.h"

typedef struct Introspection {
  Arena *arena;
  Session *session;
  const CatalogScope *scope;
  Catalog *catalog;
  Slice namespaces; /* text[] as text */
  Err *e;
} Introspection;

/* --- asking --- */

static const char enums_sql[] =
    "SELECT n.nspname, t.typname, v.enumlabel FROM pg_type t"
    " JOIN pg_enum v ON v.enumtypid = t.oid JOIN pg_namespace n ON n.oid = t.typnamespace"
    " WHERE n.nspname = ANY ($1::text[]) ORDER BY n.nspname, t.typname, v.enumsortorder";

/* Relations of some kinds ($2) that are neither partitions nor an extension's; PostGIS makes its own by name.
 */
static const char tables_sql[] =
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = ANY ($1::text[]) AND c.relkind = ANY ($2::text[]) AND NOT c.relispartition"
    " AND c.relname <> '_prisma_migrations' AND lower(c.relname) NOT IN ('spatial_ref_sys',"
    " 'geometry_columns', 'geography_columns', 'raster_columns', 'raster_overviews') AND NOT EXISTS (SELECT "
    "1 FROM pg_depend d"
    " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')"
    " ORDER BY n.nspname, c.relname";

/* A column's type is the element's for arrays, and what a domain stands on for domains. */
static const char columns_sql[] =
    "SELECT n.nspname, c.relname, a.attname, b.typname, bn.nspname, b.typtype,"
    " CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END, el.oid IS NOT NULL, a.attnotnull,"
    " a.attidentity <> '', a.attgenerated <> '', pg_get_expr(d.adbin, d.adrelid)"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid"
    " LEFT JOIN pg_type el ON el.oid = t.typelem AND t.typcategory = 'A' AND t.typlen = -1"
    " JOIN pg_type b ON b.oid = COALESCE(el.oid, NULLIF(t.typbasetype, 0), t.oid)"
    " JOIN pg_namespace bn ON bn.oid = b.typnamespace"
    " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    " WHERE n.nspname = ANY ($1::text[]) AND c.relkind = ANY ($2::text[]) AND NOT c.relispartition"
    " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY n.nspname, c.relname, a.attnum";

/* Indexes on columns alone; the columns of INCLUDE are no keys. */
static const char indexes_sql[] =
    "SELECT n.nspname, c.relname, i.relname, x.indisunique, x.indisprimary, m.amname, a.attname,"
    " x.indoption[k - 1] & 1 = 1, o.opcname, o.opcdefault, pg_get_expr(x.indpred, x.indrelid),"
    " EXISTS (SELECT 1 FROM pg_constraint q WHERE q.conindid = i.oid AND q.contype = 'u')"
    " FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am m ON m.oid = i.relam"
    " CROSS JOIN generate_series(1, x.indnkeyatts) k"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[k - 1]"
    " JOIN pg_opclass o ON o.oid = x.indclass[k - 1]"
    " WHERE n.nspname = ANY ($1::text[]) AND NOT x.indisexclusion AND x.indexprs IS NULL"
    " ORDER BY n.nspname, c.relname, i.relname, k";

static const char keys_sql[] =
    "SELECT n.nspname, c.relname, q.conname, tn.nspname, t.relname, q.confdeltype, q.confupdtype,"
    " a.attname, r.attname FROM pg_constraint q JOIN pg_class c ON c.oid = q.conrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class t ON t.oid = q.confrelid"
    " JOIN pg_namespace tn ON tn.oid = t.relnamespace"
    " CROSS JOIN generate_series(1, array_length(q.conkey, 1)) k"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = q.conkey[k]"
    " JOIN pg_attribute r ON r.attrelid = t.oid AND r.attnum = q.confkey[k]"
    " WHERE n.nspname = ANY ($1::text[]) AND q.contype = 'f' ORDER BY n.nspname, c.relname, q.conname, k";

static const char extensions_sql[] =
    "SELECT x.extname, n.nspname, x.extversion, x.extrelocatable FROM pg_extension x"
    " JOIN pg_namespace n ON n.oid = x.extnamespace ORDER BY x.extname";

void introspect_release(void *cell) { result_free(*(Result **)cell); }

static bool ask(Session *s, Arena *a, const char *sql, const Slice *params, uint32_t n, Result **out,
                Err *e) {
  Result **cell = ARENA_NEW(a, Result *);
  arena_defer(a, introspect_release, cell);
  if (!session_query(s, sql, params, n, cell, e)) return false;
  *out = *cell;
  return true;
}

static Slice cell(const Result *r, uint32_t row, uint32_t column) {
  Slice s;
  return result_cell(r, row, column, &s) ? s : (Slice){"", 0};
}
static bool cell_true(const Result *r, uint32_t row, uint32_t column) {
  return slice_is(cell(r, row, column), "t");
}

/* {"a","b"}: a text[] as text */
Slice introspect_array(Arena *a, const Slice *items, uint32_t n) {
  Buf b = buf_in(a);
  buf_byte(&b, '{');
  for (uint32_t i = 0; i < n; i++) {
    buf_text(&b, i ? ",\"" : "\"");
    for (uint32_t k = 0; k < items[i].n; k++) {
      if (strchr("\"\\", items[i].p[k])) buf_byte(&b, '\\');
      buf_byte(&b, items[i].p[k]);
    }
    buf_byte(&b, '"');
  }
  buf_byte(&b, '}');
  return buf_slice(&b);
}

/* --- reading --- */

/* Names go without a schema unless there are several. */
static Slice schema_cell(const Introspection *x, const Result *r, uint32_t row, uint32_t column) {
  return x->scope->n_schemas ? cell(r, row, column) : (Slice){"", 0};
}

static void read_enums(Introspection *x, const Result *r) {
  DbEnum *e = NULL;
  for (uint32_t i = 0; i < result_rows(r); i++) {
    Slice schema = schema_cell(x, r, i, 0), name = cell(r, i, 1);
    if (!e || !slice_eq(e->name, name) || !slice_eq(e->schema, schema))
      e = catalog_add_enum(x->catalog, schema, name);
    *VEC_PUSH(x->arena, e->values, e->n_values) = cell(r, i, 2);
  }
}

static void read_tables(Introspection *x, const Result *r) {
  for (uint32_t i = 0; i < result_rows(r); i++)
    catalog_add_table(x->catalog, schema_cell(x, r, i, 0), cell(r, i, 1));
}

static void read_views(Introspection *x, const Result *r) {
  Catalog *c = x->catalog;
  for (uint32_t i = 0; i < result_rows(r); i++) {
    DbTable *t = ARENA_NEW(x->arena, DbTable);
    *t = (DbTable){.schema = schema_cell(x, r, i, 0), .name = cell(r, i, 1), .number = c->n_views};
    *VEC_PUSH(x->arena, c->views, c->n_views) = t;
  }
}

static NativeId native_of(Slice type) {
  static const TypeId types[] = {
#define NATIVE(id, scalar, type, args) TYPE_##type,
#include "psl/natives.def"
#undef NATIVE
  };
  if (slice_is(type, "char")) return NATIVE_Char;
  for (int n = 0; n < NATIVE_COUNT; n++)
    if (slice_is(type, type_name(types[n]))) return (NativeId)n;
  return NATIVE_COUNT;
}

/* A type's modifier as its arguments. A precision of time that is not given is 6, but nobody says so of
 * lists. */
static void read_modifier(ColumnType *t, int32_t modifier, bool list) {
  switch (t->native) {
    case NATIVE_VarChar:
    case NATIVE_Char:
      t->n_args = modifier > 4;
      t->args[0] = modifier > 4 ? (uint32_t)modifier - 4 : 0;
      return;
    case NATIVE_Bit:
    case NATIVE_VarBit:
      t->n_args = modifier > 0;
      t->args[0] = modifier > 0 ? (uint32_t)modifier : 0;
      return;
    case NATIVE_Decimal:
      if (modifier < 4) return;
      t->n_args = 2;
      t->args[0] = (uint32_t)(modifier - 4) >> 16;
      t->args[1] = (uint32_t)(modifier - 4) & 0x7FF;
      return;
    case NATIVE_Timestamp:
    case NATIVE_Timestamptz:
    case NATIVE_Time:
    case NATIVE_Timetz:
      t->n_args = modifier >= 0 || !list;
      if (t->n_args) t->args[0] = modifier < 0 ? 6 : (uint32_t)modifier;
      return;
    default: return;
  }
}

static ColumnType read_type(const Introspection *x, const Result *r, uint32_t row) {
  Slice name = cell(r, row, 3), schema = cell(r, row, 4);
  ColumnType t = {.native = NATIVE_COUNT};
  if (slice_is(cell(r, row, 5), "e")) {
    bool ours = x->scope->n_schemas || slice_eq(schema, x->scope->default_schema);
    if (!x->scope->n_schemas) schema = (Slice){"", 0};
    t.enum_ = ours ? catalog_enum(x->catalog, schema, name) : NULL;
  } else if (slice_is(schema, "pg_catalog") || slice_is(name, "citext")) {
    t.native = native_of(name);
  }
  if (t.native == NATIVE_COUNT)
    t.text = name;
  else
    read_modifier(&t, (int32_t)strtol(cell(r, row, 6).p, NULL, 10), cell_true(r, row, 7));
  return t;
}

static void read_column(const Introspection *x, const Result *r, uint32_t row, DbTable *t) {
  Slice expression;
  bool list = cell_true(r, row, 7);
  Column c = {.name = cell(r, row, 2),
              .table = t,
              .type = read_type(x, r, row),
              .arity = list                   ? ARITY_LIST
                       : cell_true(r, row, 8) ? ARITY_REQUIRED
                                              : ARITY_OPTIONAL,
              .identity = cell_true(r, row, 9),
              .generated = cell_true(r, row, 10),
              .number = t->n_columns};
  if (result_cell(r, row, 11, &expression)) c.def = introspect_default(x->arena, expression, &c.type, list);
  c.serial = c.identity || c.def.form == FORM_SEQUENCE;
  *VEC_PUSH(x->arena, t->columns, t->n_columns) = c;
}

static DbTable *find_view(const Catalog *c, Slice schema, Slice name) {
  for (uint32_t i = 0; i < c->n_views; i++)
    if (slice_eq(c->views[i]->name, name) && slice_eq(c->views[i]->schema, schema)) return c->views[i];
  return NULL;
}

static DbTable *table_cell(const Introspection *x, const Result *r, uint32_t row, DbTable *last) {
  Slice schema = schema_cell(x, r, row, 0), name = cell(r, row, 1);
  if (last && slice_eq(last->name, name) && slice_eq(last->schema, schema)) return last;
  DbTable *t = catalog_table(x->catalog, schema, name);
  return t ? t : find_view(x->catalog, schema, name);
}

static void read_columns(Introspection *x, const Result *r) {
  DbTable *t = NULL;
  for (uint32_t i = 0; i < result_rows(r); i++) {
    t = table_cell(x, r, i, t);
    if (t) read_column(x, r, i, t);
  }
}

static Method method_of(Slice am) {
  static const char *const names[METHOD_COUNT] = {"btree", "hash", "gist", "gin", "spgist", "brin"};
  for (int i = 0; i < METHOD_COUNT; i++)
    if (slice_is(am, names[i])) return (Method)i;
  return METHOD_COUNT;
}

static DbIndex *read_index(const Introspection *x, const Result *r, uint32_t row, DbTable *t) {
  Slice where = cell(r, row, 10);
  Method method = method_of(cell(r, row, 5));
  if (method == METHOD_COUNT || (where.n && !x->scope->partial_indexes)) return NULL;
  DbIndex *i = catalog_add_index(x->catalog, t, cell(r, row, 2), cell_true(r, row, 4));
  i->unique = cell_true(r, row, 3);
  i->method = method;
  i->where = where;
  i->where_raw = true;
  i->constraint = cell_true(r, row, 11);
  return i;
}

static void read_indexes(Introspection *x, const Result *r) {
  DbTable *t = NULL;
  DbIndex *index = NULL;
  Slice last = {"", 0};
  for (uint32_t i = 0; i < result_rows(r); i++) {
    DbTable *before = t;
    t = table_cell(x, r, i, t);
    if (t != before || !slice_eq(last, cell(r, i, 2))) index = t ? read_index(x, r, i, t) : NULL;
    last = cell(r, i, 2);
    const Column *column = index ? table_column(t, cell(r, i, 6)) : NULL;
    if (!column) continue;
    *VEC_PUSH(x->arena, index->columns, index->n_columns) = (IndexColumn){.column = column,
                                                                          .desc = cell_true(r, i, 7),
                                                                          .ops = cell(r, i, 8),
                                                                          .ops_default = cell_true(r, i, 9)};
  }
}

static ReferentialAction action_of(Slice letter) {
  switch (letter.p[0]) {
    case 'r': return ACTION_RESTRICT;
    case 'c': return ACTION_CASCADE;
    case 'n': return ACTION_SET_NULL;
    case 'd': return ACTION_SET_DEFAULT;
    default: return ACTION_NO_ACTION;
  }
}

/* NULL: it leads out of what was read, and stays as it is. */
static ForeignKey *read_key(const Introspection *x, const Result *r, uint32_t row, DbTable *t) {
  Slice schema = cell(r, row, 3);
  bool inside = x->scope->n_schemas || slice_eq(schema, x->scope->default_schema);
  DbTable *target = inside ? catalog_table(x->catalog, schema_cell(x, r, row, 3), cell(r, row, 4)) : NULL;
  if (!target) return NULL;
  ForeignKey *k = catalog_add_key(x->catalog, t, target, cell(r, row, 2));
  k->on_delete = action_of(cell(r, row, 5));
  k->on_update = action_of(cell(r, row, 6));
  return k;
}

static void read_keys(Introspection *x, const Result *r) {
  DbTable *t = NULL;
  ForeignKey *k = NULL;
  Slice last = {"", 0};
  for (uint32_t i = 0; i < result_rows(r); i++) {
    DbTable *before = t;
    t = table_cell(x, r, i, t);
    if (t != before || !slice_eq(last, cell(r, i, 2))) k = t ? read_key(x, r, i, t) : NULL;
    last = cell(r, i, 2);
    const Column *column = k ? table_column(t, cell(r, i, 7)) : NULL;
    const Column *reference = k ? table_column(k->target, cell(r, i, 8)) : NULL;
    uint32_t n = k ? k->n_columns : 0;
    if (!column || !reference) continue;
    *VEC_PUSH(x->arena, k->columns, k->n_columns) = column;
    *VEC_PUSH(x->arena, k->references, n) = reference;
  }
}

static void read_extensions(Introspection *x, const Result *r) {
  Catalog *c = x->catalog;
  for (uint32_t i = 0; i < result_rows(r); i++) {
    Extension *found = ARENA_NEW(x->arena, Extension);
    *found = (Extension){.name = cell(r, i, 0),
                         .schema = cell(r, i, 1),
                         .version = cell(r, i, 2),
                         .relocatable = cell_true(r, i, 3),
                         .number = c->n_extensions};
    *VEC_PUSH(x->arena, c->extensions, c->n_extensions) = found;
  }
}

static const struct {
  const char *sql;
  const char *kinds; /* of relations: NULL: the question does not ask */
  bool views;        /* asked only when they are wanted */
  void (*read)(Introspection *x, const Result *r);
} parts[] = {{enums_sql, NULL, false, read_enums},        {tables_sql, "{r,p}", false, read_tables},
             {columns_sql, "{r,p}", false, read_columns}, {indexes_sql, NULL, false, read_indexes},
             {keys_sql, NULL, false, read_keys},          {tables_sql, "{v}", true, read_views},
             {columns_sql, "{v}", true, read_columns}};

static bool read_schemas(Introspection *x) {
  Result *r;
  if (!ask(x->session, x->arena,
           "SELECT nspname FROM pg_namespace WHERE nspname = ANY ($1::text[]) ORDER BY nspname",
           &x->namespaces, 1, &r, x->e))
    return false;
  for (uint32_t i = 0; i < result_rows(r) && x->scope->n_schemas; i++)
    *VEC_PUSH(x->arena, x->catalog->schemas, x->catalog->n_schemas) = cell(r, i, 0);
  return true;
}

/* --- entry points --- */

static Slice namespaces_text(Arena *a, const CatalogScope *scope) {
  if (scope->n_schemas) return introspect_array(a, scope->schemas, scope->n_schemas);
  return introspect_array(a, &scope->default_schema, 1);
}

bool catalog_introspect(Arena *a, Session *session, const CatalogScope *scope, Catalog **out, Err *e) {
  Introspection x = {.arena = a,
                     .session = session,
                     .scope = scope,
                     .catalog = catalog_empty(a, scope->default_schema),
                     .namespaces = namespaces_text(a, scope),
                     .e = e};
  Result *r;
  x.catalog->live = true;
  if (!read_schemas(&x)) return false;
  for (size_t i = 0; i < COUNT(parts); i++) {
    Slice params[] = {x.namespaces, slice_of(parts[i].kinds)};
    if (parts[i].views && !scope->views) continue;
    if (!ask(session, a, parts[i].sql, params, parts[i].kinds ? 2 : 1, &r, e)) return false;
    parts[i].read(&x, r);
  }
  if (scope->extensions) {
    if (!ask(session, a, extensions_sql, NULL, 0, &r, e)) return false;
    read_extensions(&x, r);
  }
  *out = x.catalog;
  return true;
}

bool introspect_count(Session *s, Arena *a, const DbTable *t, const Column *column, int64_t *rows,
                      int64_t *values, Err *e) {
  Buf sql = buf_in(a);
  Result *r;
  buf_text(&sql, "SELECT count(*), count(");
  if (column)
    ddl_name(&sql, column->name);
  else
    buf_byte(&sql, '*');
  buf_text(&sql, ") FROM ");
  ddl_place(&sql, t->schema, t->name);
  if (!session_query(s, buf_slice(&sql).p, NULL, 0, &r, e)) return false;
  *rows = strtoll(cell(r, 0, 0).p, NULL, 10);
  *values = strtoll(cell(r, 0, 1).p, NULL, 10);
  result_free(r);
  return true;
}

bool introspect_missing(Session *s, Arena *a, const CatalogScope *scope, Slice **missing, uint32_t *n,
                        Err *e) {
  Result *r;
  Slice names = namespaces_text(a, scope);
  *n = 0;
  *missing = NULL;
  if (!ask(s, a,
           "SELECT x FROM unnest($1::text[]) x WHERE NOT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = "
           "x)",
           &names, 1, &r, e))
    return false;
  for (uint32_t i = 0; i < result_rows(r); i++) *VEC_PUSH(a, *missing, *n) = cell(r, i, 0);
  return true;
}

bool introspect_database_exists(Session *s, Slice name, bool *exists, Err *e) {
  Result *r;
  if (!session_query(s, "SELECT 1 FROM pg_database WHERE datname = $1", &name, 1, &r, e)) return false;
  *exists = result_rows(r) > 0;
  result_free(r);
  return true;
}
