#include "psl/dmmf.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"

/* --- members: written only when there is something to say --- */

static void member(Buf *b, const char *key) {
  if (b->p[b->n - 1] != '{') buf_byte(b, ',');
  buf_printf(b, "\"%s\":", key);
}

static void member_text(Buf *b, const char *key, Slice value) {
  if (!value.n) return;
  member(b, key);
  json_string(b, value);
}

static void member_flag(Buf *b, const char *key, bool value) {
  if (!value) return;
  member(b, key);
  buf_text(b, "true");
}

/* The name in the database, when somebody gave it: it may be the same, or empty. */
static void member_db_name(Buf *b, bool given, Slice name) {
  if (!given) return;
  member(b, "dbName");
  json_string(b, name);
}

static void next(Buf *b) {
  if (b->p[b->n - 1] != '[') buf_byte(b, ',');
}

static void field_names(Buf *b, Field *const *fields, uint32_t n) {
  buf_byte(b, '[');
  for (uint32_t i = 0; i < n; i++) {
    next(b);
    json_string(b, fields[i]->name);
  }
  buf_byte(b, ']');
}

static void index_field_names(Buf *b, const Index *x) {
  buf_byte(b, '[');
  for (uint32_t i = 0; i < x->n_fields; i++) {
    next(b);
    json_string(b, x->fields[i].field->name);
  }
  buf_byte(b, ']');
}

/* What @ignore hides, and what the client has no type for. */
static bool is_hidden(const Field *f) { return f->ignored || f->kind == FIELD_UNSUPPORTED; }

/* --- defaults --- */

/* All digits as one integer, scaled by a power of ten: the double that Prisma arrives at, which is not
 * always the nearest one. */
static void print_float(Buf *b, Slice text) {
  double digits = 0;
  int scale = 0, exponent = 0;
  bool fraction = false;
  uint32_t i = text.n && (text.p[0] == '-' || text.p[0] == '+');
  for (; i < text.n && text.p[i] != 'e' && text.p[i] != 'E'; i++) {
    if (text.p[i] == '.') {
      fraction = true;
    } else {
      digits = digits * 10 + (text.p[i] - '0');
      scale += fraction;
    }
  }
  if (i < text.n) exponent = atoi(text.p + i + 1);
  double value = digits * pow(10, exponent - scale);
  json_float(b, text.n && text.p[0] == '-' ? -value : value);
}

/* The date with its offset spelled out: Z is +00:00; fractions have 3, 6 or 9 digits. */
static void print_datetime(Buf *b, Slice text) {
  Slice zone = {"+00:00", 6}, fraction = {NULL, 0};
  uint32_t end = text.n;
  if (end && (text.p[end - 1] == 'Z' || text.p[end - 1] == 'z')) {
    end--;
  } else if (end > 6) {
    end -= 6;
    zone = (Slice){text.p + end, 6};
  }
  const char *dot = memchr(text.p, '.', end);
  if (dot) {
    fraction = (Slice){dot + 1, end - (uint32_t)(dot - text.p) - 1};
    end = (uint32_t)(dot - text.p);
  }
  while (fraction.n && fraction.p[fraction.n - 1] == '0') fraction.n--;
  buf_byte(b, '"');
  buf_add(b, text.p, end);
  if (end > 10) b->p[b->n - end + 10] = 'T';
  if (fraction.n) {
    uint32_t width = fraction.n <= 3 ? 3 : fraction.n <= 6 ? 6 : 9;
    buf_byte(b, '.');
    for (uint32_t i = 0; i < width; i++) buf_byte(b, i < fraction.n ? fraction.p[i] : '0');
  }
  buf_slice_add(b, zone);
  buf_byte(b, '"');
}

static void print_literal(Buf *b, const Field *f, Slice text) {
  if (f->kind != FIELD_SCALAR) {
    json_string(b, text);
    return;
  }
  switch (f->scalar) {
    case SCALAR_INT:
    case SCALAR_BOOLEAN: buf_slice_add(b, text); return;
    case SCALAR_FLOAT:
    case SCALAR_DECIMAL: print_float(b, text); return;
    case SCALAR_DATETIME: print_datetime(b, text); return;
    default: json_string(b, text);
  }
}

typedef enum CallArgs {
  ARGS_NONE,
  ARGS_NUMBER,       /* always: the version */
  ARGS_NUMBER_GIVEN, /* the length, when it was written */
  ARGS_TEXT
} CallArgs;

static void print_call(Buf *b, const Default *d) {
  static const struct {
    const char *name;
    CallArgs args;
  } calls[] = {/* by DefaultKind */
               {"", ARGS_NONE},        {"", ARGS_NONE},
               {"", ARGS_NONE},        {"autoincrement", ARGS_NONE},
               {"now", ARGS_NONE},     {"uuid", ARGS_NUMBER},
               {"cuid", ARGS_NUMBER},  {"nanoid", ARGS_NUMBER_GIVEN},
               {"ulid", ARGS_NONE},    {"dbgenerated", ARGS_TEXT},
               {"sequence", ARGS_NONE}};
  CallArgs args = calls[d->kind].args;
  buf_printf(b, "{\"name\":\"%s\",\"args\":[", calls[d->kind].name);
  if (args == ARGS_NUMBER) buf_int(b, d->version);
  if (args == ARGS_NUMBER_GIVEN && d->has_arg) buf_int(b, d->length);
  if (args == ARGS_TEXT && d->has_arg) json_string(b, d->value);
  buf_text(b, "]}");
}

static void print_default(Buf *b, const Field *f) {
  const Default *d = &f->def;
  if (d->kind == DEFAULT_NONE) return;
  member_flag(b, "hasDefaultValue", true);
  member(b, "default");
  if (d->kind == DEFAULT_LITERAL) {
    print_literal(b, f, d->value);
  } else if (d->kind == DEFAULT_LIST) {
    buf_byte(b, '[');
    for (uint32_t i = 0; i < d->n_items; i++) {
      next(b);
      print_literal(b, f, d->items[i]);
    }
    buf_byte(b, ']');
  } else {
    print_call(b, d);
  }
}

/* --- fields --- */

static const char *const action_names[] = {"", "Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"};

static void print_relation(Buf *b, const Field *f) {
  const Relation *rel = f->relation;
  member_text(b, "type", field_target(f)->name);
  member_text(b, "relationName", rel->name);
  if (!field_holds_key(f)) return;
  member(b, "relationFromFields");
  field_names(b, rel->fields, rel->n_fields);
  member(b, "relationToFields");
  field_names(b, rel->references, rel->n_fields);
  member_text(b, "relationOnDelete", slice_of(action_names[rel->on_delete]));
  member_text(b, "relationOnUpdate", slice_of(action_names[rel->on_update]));
}

static void print_native(Buf *b, const NativeType *t) {
  if (!t->name.n) return;
  member(b, "nativeType");
  buf_byte(b, '[');
  json_string(b, t->name);
  buf_text(b, ",[");
  for (uint32_t i = 0; i < t->n_args; i++) {
    next(b);
    json_string(b, t->args[i]);
  }
  buf_text(b, "]]");
}

static void print_column(Buf *b, const Field *f) {
  static const char *const scalars[] = {"String",  "Boolean",  "Int",  "BigInt", "Float",
                                        "Decimal", "DateTime", "Json", "Bytes"};
  member_text(b, "type", f->kind == FIELD_ENUM ? f->enum_->name : slice_of(scalars[f->scalar]));
  member_db_name(b, f->db_name_given, f->db_name);
  member_flag(b, "isUnique", f->is_unique && !f->is_id);
  member_flag(b, "isId", f->is_id);
  member_flag(b, "isReadOnly", f->is_fk);
  member_flag(b, "isUpdatedAt", f->updated_at);
  print_default(b, f);
  print_native(b, &f->native);
}

static void print_field(Buf *b, const Field *f) {
  static const char *const kinds[] = {"scalar", "enum", "object", "unsupported"};
  next(b);
  buf_byte(b, '{');
  member_text(b, "name", f->name);
  member_text(b, "kind", slice_of(kinds[f->kind]));
  member_flag(b, "isList", f->arity == ARITY_LIST);
  member_flag(b, "isRequired", f->arity != ARITY_OPTIONAL);
  if (f->kind == FIELD_RELATION) {
    print_relation(b, f);
  } else {
    print_column(b, f);
  }
  member_text(b, "documentation", f->doc);
  buf_byte(b, '}');
}

/* --- models --- */

static bool is_block_unique(const Index *x) { return x->kind == INDEX_UNIQUE && !x->is_field_attr; }

static void print_uniques(Buf *b, const Model *m) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < m->n_indexes; i++) n += is_block_unique(&m->indexes[i]);
  if (!n) return;
  member(b, "uniqueFields");
  buf_byte(b, '[');
  for (uint32_t i = 0; i < m->n_indexes; i++) {
    if (!is_block_unique(&m->indexes[i])) continue;
    next(b);
    index_field_names(b, &m->indexes[i]);
  }
  buf_byte(b, ']');
  member(b, "uniqueIndexes");
  buf_byte(b, '[');
  for (uint32_t i = 0; i < m->n_indexes; i++) {
    if (!is_block_unique(&m->indexes[i])) continue;
    next(b);
    buf_byte(b, '{');
    member_text(b, "name", m->indexes[i].name);
    member(b, "fields");
    index_field_names(b, &m->indexes[i]);
    buf_byte(b, '}');
  }
  buf_byte(b, ']');
}

static void print_model(Buf *b, const Model *m) {
  next(b);
  buf_byte(b, '{');
  member_text(b, "name", m->name);
  member_db_name(b, m->db_name_given, m->db_name);
  member_text(b, "schema", m->db_schema);
  member(b, "fields");
  buf_byte(b, '[');
  for (uint32_t i = 0; i < m->n_fields; i++)
    if (!is_hidden(&m->fields[i])) print_field(b, &m->fields[i]);
  buf_byte(b, ']');
  if (m->primary && !m->primary->is_field_attr) {
    member(b, "primaryKey");
    buf_byte(b, '{');
    member_text(b, "name", m->primary->name);
    member(b, "fields");
    index_field_names(b, m->primary);
    buf_byte(b, '}');
  }
  print_uniques(b, m);
  member_text(b, "documentation", m->doc);
  buf_byte(b, '}');
}

/* --- enums and indexes --- */

static void print_enum(Buf *b, const Enum *e) {
  next(b);
  buf_byte(b, '{');
  member_text(b, "name", e->name);
  member(b, "values");
  buf_byte(b, '[');
  for (uint32_t i = 0; i < e->n_values; i++) {
    const EnumValue *v = &e->values[i];
    next(b);
    buf_byte(b, '{');
    member_text(b, "name", v->name);
    member_db_name(b, v->db_name_given, v->db_name);
    member_text(b, "documentation", v->doc);
    buf_byte(b, '}');
  }
  buf_byte(b, ']');
  member_db_name(b, e->db_name_given, e->db_name);
  member_text(b, "documentation", e->doc);
  buf_byte(b, '}');
}

static void print_index_field(Buf *b, const IndexField *f) {
  next(b);
  buf_byte(b, '{');
  member_text(b, "name", f->field->name);
  if (f->has_sort) member_text(b, "sortOrder", slice_of(f->desc ? "desc" : "asc"));
  if (f->length) {
    member(b, "length");
    buf_int(b, f->length);
  }
  if (f->ops_raw) {
    member(b, "operatorClass");
    json_string(b, f->ops);
  } else {
    member_text(b, "operatorClass", f->ops);
  }
  buf_byte(b, '}');
}

static void print_index(Buf *b, const Index *x) {
  static const char *const types[] = {"id", "unique", "normal", "fulltext"};
  next(b);
  buf_byte(b, '{');
  member_text(b, "model", x->model->name);
  member_text(b, "type", slice_of(types[x->kind]));
  member_flag(b, "isDefinedOnField", x->is_field_attr);
  member_text(b, "name", x->name);
  if (x->db_name_given) member_text(b, "dbName", x->db_name);
  if (x->has_method) member_text(b, "algorithm", x->method);
  member_text(b, "where", x->where);
  member(b, "fields");
  buf_byte(b, '[');
  for (uint32_t i = 0; i < x->n_fields; i++) print_index_field(b, &x->fields[i]);
  buf_text(b, "]}");
}

static void print_models(Buf *to, const Schema *s, bool views) {
  for (uint32_t i = 0; i < s->n_models; i++)
    if (!s->models[i].ignored && s->models[i].is_view == views) print_model(to, &s->models[i]);
}

static void print_indexes(Buf *to, const Schema *s, bool views) {
  for (uint32_t i = 0; i < s->n_models; i++) {
    const Model *m = &s->models[i];
    for (uint32_t k = 0; !m->ignored && m->is_view == views && k < m->n_indexes; k++)
      print_index(to, &m->indexes[k]);
  }
}

/* Models before views, as Prisma orders them. */
void schema_dmmf(Buf *to, const Schema *s) {
  buf_text(to, "{\"models\":[");
  print_models(to, s, false);
  print_models(to, s, true);
  buf_text(to, "],\"enums\":[");
  for (uint32_t i = 0; i < s->n_enums; i++) print_enum(to, &s->enums[i]);
  buf_text(to, "],\"types\":[],\"indexes\":[");
  print_indexes(to, s, false);
  print_indexes(to, s, true);
  buf_text(to, "]}\n");
}
