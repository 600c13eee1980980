/* The database that a schema asks for. Names of keys and indexes are psl's; the join tables of implicit
 * many-to-many relations are made here, as Prisma 6 makes them. */
#include <stdlib.h>

#include "base/vec.h"
#include "migrate/catalog.h"
#include "psl/constraint.h"

typedef struct Maker {
  Arena *arena;
  const Schema *schema;
  Catalog *catalog;
  DbTable **tables; /* by Model.index; NULL for views */
  DbEnum **enums;   /* by Enum.index */
} Maker;

/* At most `limit` bytes, cut between characters. */
static Slice cut(Slice s, uint32_t limit) {
  if (s.n <= limit) return s;
  s.n = limit;
  while (s.n && ((unsigned char)s.p[s.n] & 0xC0) == 0x80) s.n--;
  return s;
}

/* What the server keeps of a name. */
static Slice kept(Slice name) { return cut(name, LONGEST_NAME); }

/* --- types --- */

/* What a scalar is stored as when the field names no native type. */
static ColumnType plain_type(ScalarType s) {
  static const ColumnType types[] = {
      [SCALAR_STRING] = {.native = NATIVE_Text},
      [SCALAR_BOOLEAN] = {.native = NATIVE_Boolean},
      [SCALAR_INT] = {.native = NATIVE_Integer},
      [SCALAR_BIGINT] = {.native = NATIVE_BigInt},
      [SCALAR_FLOAT] = {.native = NATIVE_DoublePrecision},
      [SCALAR_DECIMAL] = {.native = NATIVE_Decimal, .args = {65, 30}, .n_args = 2},
      [SCALAR_DATETIME] = {.native = NATIVE_Timestamp, .args = {3}, .n_args = 1},
      [SCALAR_JSON] = {.native = NATIVE_JsonB},
      [SCALAR_BYTES] = {.native = NATIVE_ByteA},
  };
  return types[s];
}

static ColumnType type_of(const Maker *m, const Field *f) {
  if (f->kind == FIELD_ENUM) return (ColumnType){.native = NATIVE_COUNT, .enum_ = m->enums[f->enum_->index]};
  if (f->kind == FIELD_UNSUPPORTED) return (ColumnType){.native = NATIVE_COUNT, .text = f->unsupported};
  const NativeEntry *native = f->native.name.n ? native_find(f->native.name) : NULL;
  if (!native) return plain_type(f->scalar);
  ColumnType t = {.native = native->id, .n_args = f->native.n_args};
  for (uint32_t i = 0; i < t.n_args; i++) t.args[i] = (uint32_t)strtoul(f->native.args[i].p, NULL, 10);
  return t;
}

/* --- defaults --- */

/* "2020-02-03T04:05:06.7Z" -> "2020-02-03 04:05:06.700 +00:00": groups of three digits behind the point. */
static Slice datetime_text(Arena *a, Slice s) {
  Buf b = buf_in(a);
  uint32_t i = 0, digits = 0;
  for (; i < s.n && s.p[i] != '.' && s.p[i] != 'Z' && s.p[i] != '+' && (i < 11 || s.p[i] != '-'); i++)
    buf_byte(&b, s.p[i] == 'T' ? ' ' : s.p[i]);
  if (i < s.n && s.p[i] == '.') {
    uint32_t start = i + 1, end = start;
    while (end < s.n && s.p[end] >= '0' && s.p[end] <= '9') end++;
    i = end;
    while (end > start && s.p[end - 1] == '0') end--;
    digits = (end - start + 2) / 3 * 3;
    if (digits) buf_byte(&b, '.');
    for (uint32_t k = 0; k < digits; k++) buf_byte(&b, start + k < end ? s.p[start + k] : '0');
  }
  buf_byte(&b, ' ');
  if (i >= s.n || s.p[i] == 'Z')
    buf_text(&b, "+00:00");
  else
    buf_add(&b, s.p + i, s.n - i);
  return buf_slice(&b);
}

static int base64_digit(char c) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char *at = c ? strchr(digits, c) : NULL;
  return at ? (int)(at - digits) : -1;
}

/* Base64 -> "\x68656c6c6f", as PostgreSQL writes bytes. */
static Slice bytes_text(Arena *a, Slice s) {
  Buf b = buf_in(a);
  uint32_t bits = 0, n_bits = 0;
  buf_text(&b, "\\x");
  for (uint32_t i = 0; i < s.n && base64_digit(s.p[i]) >= 0; i++) {
    bits = bits << 6 | (uint32_t)base64_digit(s.p[i]);
    n_bits += 6;
    if (n_bits < 8) continue;
    n_bits -= 8;
    buf_printf(&b, "%02x", bits >> n_bits & 0xFF);
  }
  return buf_slice(&b);
}

static Slice literal_text(Arena *a, const Field *f, Slice value) {
  if (f->kind == FIELD_ENUM) {
    for (uint32_t i = 0; i < f->enum_->n_values; i++)
      if (slice_eq(f->enum_->values[i].name, value)) return f->enum_->values[i].db_name;
    return value;
  }
  if (f->scalar == SCALAR_DATETIME) return datetime_text(a, value);
  if (f->scalar == SCALAR_BYTES) return bytes_text(a, value);
  return value;
}

static ColumnDefault default_of(Arena *a, const Field *f) {
  const Default *d = &f->def;
  ColumnDefault out = {.form = FORM_NONE};
  switch (d->kind) {
    case DEFAULT_LITERAL: return (ColumnDefault){.form = FORM_VALUE, .text = literal_text(a, f, d->value)};
    case DEFAULT_LIST:
      out = (ColumnDefault){
          .form = FORM_LIST, .items = ARENA_ARRAY(a, Slice, d->n_items), .n_items = d->n_items};
      for (uint32_t i = 0; i < d->n_items; i++) out.items[i] = literal_text(a, f, d->items[i]);
      return out;
    case DEFAULT_NOW: return (ColumnDefault){.form = FORM_NOW};
    case DEFAULT_DBGENERATED: return (ColumnDefault){.form = FORM_EXPRESSION, .text = d->value};
    case DEFAULT_AUTOINCREMENT: return (ColumnDefault){.form = FORM_SEQUENCE};
    default: return out;
  }
}

static bool client_fills(const Default *d) {
  return d->kind == DEFAULT_UUID || d->kind == DEFAULT_CUID || d->kind == DEFAULT_NANOID ||
         d->kind == DEFAULT_ULID;
}

/* --- tables --- */

static DbTable *make_table(const Maker *m, const Model *model) {
  DbTable *t = catalog_add_table(m->catalog, kept(model->db_schema), kept(model->db_name));
  t->columns = ARENA_ARRAY(m->arena, Column, model->n_columns);
  t->n_columns = model->n_columns;
  for (uint32_t i = 0; i < model->n_columns; i++) {
    const Field *f = model->columns[i];
    t->columns[i] = (Column){.name = kept(f->db_name),
                             .table = t,
                             .type = type_of(m, f),
                             .arity = f->arity,
                             .def = default_of(m->arena, f),
                             .serial = f->def.kind == DEFAULT_AUTOINCREMENT,
                             .client_default = client_fills(&f->def),
                             .number = i};
  }
  return t;
}

/* "Float8MinMaxMultiOps" -> "float8_minmax_multi_ops" */
Slice catalog_ops_name(Arena *a, const IndexField *f) {
  static const char *const words[] = {"MinMax", "Multi", "Bloom", "Inclusion", "Path", "Ops"};
  Buf b = buf_in(a);
  if (f->ops_raw) return f->ops;
  for (uint32_t i = 0; i < f->ops.n; i++) {
    Slice rest = {f->ops.p + i, f->ops.n - i};
    for (size_t w = 0; i && w < COUNT(words); w++)
      if (slice_starts(rest, slice_of(words[w]))) buf_byte(&b, '_');
    char c = f->ops.p[i];
    buf_byte(&b, c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c);
  }
  return buf_slice(&b);
}

/* Is it what PostgreSQL takes when no class is named? */
static bool ops_is_default(const IndexField *f, Method method) {
  static const char *const plain[] = {"JsonbOps", "ArrayOps", "TextOps", "InetInclusionOps"};
  static const Slice minmax = SLICE_INIT("MinMaxOps");
  if (f->ops_raw) return false;
  for (size_t i = 0; i < COUNT(plain); i++)
    if (slice_is(f->ops, plain[i])) return true;
  if (slice_is(f->ops, "InetOps")) return method == METHOD_SPGIST;
  if (slice_is(f->ops, "InetMinMaxOps") || f->ops.n < minmax.n) return false;
  return slice_eq((Slice){f->ops.p + f->ops.n - minmax.n, minmax.n}, minmax);
}

static void make_index(const Maker *m, DbTable *t, const Index *index) {
  int method = method_find(index->method);
  DbIndex *x = catalog_add_index(m->catalog, t, kept(index->db_name), index->kind == INDEX_PRIMARY);
  x->unique = index->kind == INDEX_PRIMARY || index->kind == INDEX_UNIQUE;
  x->method = method < 0 ? METHOD_BTREE : (Method)method;
  x->where = index->where;
  x->columns = ARENA_ARRAY(m->arena, IndexColumn, index->n_fields);
  x->n_columns = index->n_fields;
  for (uint32_t i = 0; i < index->n_fields; i++) {
    const IndexField *f = &index->fields[i];
    x->columns[i] = (IndexColumn){.column = &t->columns[f->field->column],
                                  .desc = f->has_sort && f->desc,
                                  .ops = catalog_ops_name(m->arena, f),
                                  .ops_default = ops_is_default(f, x->method)};
  }
}

static void make_model(const Maker *m, const Model *model) {
  if (model->is_view) return;
  DbTable *t = m->tables[model->index] = make_table(m, model);
  for (uint32_t i = 0; i < model->n_indexes; i++) make_index(m, t, &model->indexes[i]);
}

/* --- relations --- */

static void make_key(const Maker *m, const Relation *rel) {
  DbTable *t = m->tables[rel->side[0].model->index], *target = m->tables[rel->side[1].model->index];
  if (!t || !target || !rel->n_fields) return;
  ForeignKey *k = catalog_add_key(m->catalog, t, target, kept(rel->fk_name));
  k->columns = ARENA_ARRAY(m->arena, const Column *, rel->n_fields);
  k->references = ARENA_ARRAY(m->arena, const Column *, rel->n_fields);
  k->n_columns = rel->n_fields;
  k->on_delete = rel->real_on_delete;
  k->on_update = rel->real_on_update;
  for (uint32_t i = 0; i < rel->n_fields; i++) {
    k->columns[i] = &t->columns[rel->fields[i]->column];
    k->references[i] = &target->columns[rel->references[i]->column];
  }
}

static Slice suffixed(Arena *a, Slice table, const char *suffix) {
  Slice stem = cut(table, LONGEST_NAME - (uint32_t)strlen(suffix));
  return slice_printf(a, "%.*s%s", SLICE_ARGS(stem), suffix);
}

static DbIndex *join_index(const Maker *m, DbTable *t, const char *suffix, bool primary, uint32_t first) {
  DbIndex *x = catalog_add_index(m->catalog, t, suffixed(m->arena, t->name, suffix), primary);
  x->n_columns = 2 - first;
  x->columns = ARENA_ARRAY(m->arena, IndexColumn, x->n_columns);
  for (uint32_t i = 0; i < x->n_columns; i++) x->columns[i].column = &t->columns[first + i];
  return x;
}

static void join_key(const Maker *m, DbTable *t, uint32_t side, DbTable *target, const char *suffix) {
  ForeignKey *k = catalog_add_key(m->catalog, t, target, suffixed(m->arena, t->name, suffix));
  k->columns = ARENA_ARRAY(m->arena, const Column *, 1);
  k->references = ARENA_ARRAY(m->arena, const Column *, 1);
  k->n_columns = 1;
  k->columns[0] = &t->columns[side];
  k->references[0] = target->primary->columns[0].column;
  k->on_delete = k->on_update = ACTION_CASCADE;
}

/* Columns "A" and "B", both the primary key; "B" has an index of its own. */
static void make_join(const Maker *m, const Relation *rel) {
  static const char *const suffixes[] = {"_A_fkey", "_B_fkey"};
  DbTable *sides[2];
  for (int i = 0; i < 2; i++) {
    sides[i] = m->tables[rel->side[i].model->index];
    if (!sides[i] || !sides[i]->primary) return;
  }
  DbTable *t = catalog_add_table(m->catalog, kept(rel->table_schema), kept(rel->table));
  t->columns = ARENA_ARRAY(m->arena, Column, 2);
  t->n_columns = 2;
  for (uint32_t i = 0; i < 2; i++)
    t->columns[i] = (Column){.name = slice_of(i ? "B" : "A"),
                             .table = t,
                             .type = sides[i]->primary->columns[0].column->type,
                             .arity = ARITY_REQUIRED,
                             .number = i};
  join_index(m, t, "_AB_pkey", true, 0);
  join_index(m, t, "_B_index", false, 1);
  for (uint32_t i = 0; i < 2 && !m->schema->relation_mode_prisma; i++)
    join_key(m, t, i, sides[i], suffixes[i]);
}

static void make_relations(const Maker *m) {
  const Schema *s = m->schema;
  for (uint32_t i = 0; i < s->n_relations && !s->relation_mode_prisma; i++)
    if (s->relations[i].kind != RELATION_MANY_TO_MANY) make_key(m, &s->relations[i]);
  for (uint32_t i = 0; i < s->n_relations; i++)
    if (s->relations[i].kind == RELATION_MANY_TO_MANY) make_join(m, &s->relations[i]);
}

/* --- enums, schemas, extensions --- */

static void make_enum(const Maker *m, const Enum *e) {
  DbEnum *made = m->enums[e->index] = catalog_add_enum(m->catalog, kept(e->db_schema), kept(e->db_name));
  made->values = ARENA_ARRAY(m->arena, Slice, e->n_values);
  made->n_values = e->n_values;
  for (uint32_t i = 0; i < e->n_values; i++) made->values[i] = e->values[i].db_name;
}

static void need_schema(Catalog *c, Slice name) {
  uint32_t at = 0;
  if (!name.n) return;
  for (; at < c->n_schemas && slice_compare(c->schemas[at], name) < 0; at++)
    ;
  if (at < c->n_schemas && slice_eq(c->schemas[at], name)) return;
  *VEC_PUSH(c->arena, c->schemas, c->n_schemas) = name;
  memmove(&c->schemas[at + 1], &c->schemas[at], (c->n_schemas - 1 - at) * sizeof(Slice));
  c->schemas[at] = name;
}

/* Only schemas with something in them are made, in the order of their names. */
static void make_schemas(Catalog *c) {
  for (uint32_t i = 0; i < c->n_tables; i++) need_schema(c, c->tables[i]->schema);
  for (uint32_t i = 0; i < c->n_enums; i++) need_schema(c, c->enums[i]->schema);
}

/* The string behind `name: ` in an extension's arguments, `citext(schema: "x", version: "1.6")`. */
static Slice extension_argument(Arena *a, Slice text, const char *name) {
  Slice key = slice_printf(a, "%s:", name), out = {"", 0};
  for (uint32_t i = 0; i + key.n < text.n; i++) {
    bool starts = i && strchr("(, ", text.p[i - 1]) != NULL;
    if (!starts || !slice_starts((Slice){text.p + i, text.n - i}, key)) continue;
    const char *open = memchr(text.p + i, '"', text.n - i), *end = text.p + text.n;
    const char *close = open ? memchr(open + 1, '"', (size_t)(end - open - 1)) : NULL;
    if (close) out = slice_copy(a, (Slice){open + 1, (uint32_t)(close - open - 1)});
    break;
  }
  return out;
}

static void make_extensions(const Maker *m) {
  const ConfigBlock *source = m->schema->datasource;
  const Property *p = source ? config_property(source, "extensions") : NULL;
  if (!p || !schema_preview(m->schema, "postgresqlExtensions")) return;
  for (uint32_t i = 0; i < p->n_items; i++) {
    Slice text = p->items[i], name = text;
    const char *open = memchr(text.p, '(', text.n);
    if (open) name.n = (uint32_t)(open - text.p);
    Slice mapped = extension_argument(m->arena, text, "map");
    Extension *x = ARENA_NEW(m->arena, Extension);
    *x = (Extension){.name = mapped.n ? mapped : name,
                     .schema = extension_argument(m->arena, text, "schema"),
                     .version = extension_argument(m->arena, text, "version"),
                     .number = i};
    *VEC_PUSH(m->arena, m->catalog->extensions, m->catalog->n_extensions) = x;
  }
}

Catalog *catalog_of_schema(Arena *a, const Schema *s, Slice default_schema) {
  Maker m = {.arena = a,
             .schema = s,
             .catalog = catalog_empty(a, default_schema),
             .tables = ARENA_ARRAY(a, DbTable *, s->n_models),
             .enums = ARENA_ARRAY(a, DbEnum *, s->n_enums)};
  for (uint32_t i = 0; i < s->n_enums; i++) make_enum(&m, &s->enums[i]);
  for (uint32_t i = 0; i < s->n_models; i++) make_model(&m, &s->models[i]);
  make_relations(&m);
  make_schemas(m.catalog);
  make_extensions(&m);
  return m.catalog;
}
