/* Fields and indexes as text: types, defaults, attributes, relations. */
#include "migrate/pull_text.h"

#include "psl/constraint.h"

/* --- words --- */

void pull_string(Buf *b, Slice s) {
  static const char letters[] = "nrt", values[] = "\n\r\t";
  buf_byte(b, '"');
  for (uint32_t i = 0; i < s.n; i++) {
    const char *at = s.p[i] ? strchr(values, s.p[i]) : NULL;
    if (at || s.p[i] == '"' || s.p[i] == '\\') buf_byte(b, '\\');
    buf_byte(b, at ? letters[at - values] : s.p[i]);
  }
  buf_byte(b, '"');
}

void pull_doc(Buf *b, Slice doc) {
  while (doc.n) {
    const char *end = memchr(doc.p, '\n', doc.n);
    uint32_t n = end ? (uint32_t)(end - doc.p) : doc.n;
    buf_printf(b, "/// %.*s\n", (int)n, doc.p);
    uint32_t used = n + (end != NULL);
    doc = (Slice){doc.p + used, doc.n - used};
  }
}

/* --- types --- */

static const char *const native_words[] = {
#define NATIVE(id, scalar, type, args) #id,
#include "psl/natives.def"
#undef NATIVE
};

static void put_type(Buf *b, const Pull *p, const Column *c) {
  if (c->type.enum_) {
    buf_slice_add(b, pull_enum(p, c->type.enum_)->name);
  } else if (c->type.native == NATIVE_COUNT) {
    buf_text(b, "Unsupported(");
    pull_string(b, c->type.text);
    buf_byte(b, ')');
  } else {
    buf_text(b, scalar_name(native_scalar(c->type.native)));
  }
}

/* What a scalar has anyway need not be said. */
static bool native_is_usual(const ColumnType *t) {
  switch (t->native) {
    case NATIVE_Text:
    case NATIVE_Integer:
    case NATIVE_BigInt:
    case NATIVE_DoublePrecision:
    case NATIVE_Boolean:
    case NATIVE_JsonB:
    case NATIVE_ByteA:
    case NATIVE_COUNT: return true;
    case NATIVE_Decimal: return t->n_args && t->args[0] == 65 && t->args[1] == 30;
    case NATIVE_Timestamp: return t->n_args && t->args[0] == 3;
    default: return false;
  }
}

static void put_native(Buf *b, const ColumnType *t) {
  if (native_is_usual(t)) return;
  buf_printf(b, " @db.%s", native_words[t->native]);
  if (t->n_args == 1) buf_printf(b, "(%u)", t->args[0]);
  if (t->n_args == 2) buf_printf(b, "(%u, %u)", t->args[0], t->args[1]);
}

/* --- defaults --- */

static void put_base64(Buf *b, Slice hex) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint32_t bits = 0, n_bits = 0, written = 0;
  for (uint32_t i = 2; i < hex.n; i++) {
    char c = hex.p[i];
    bits = (bits << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10)) & 0xFFFF;
    n_bits += 4;
    if (n_bits < 6) continue;
    n_bits -= 6;
    buf_byte(b, digits[bits >> n_bits & 63]);
    written++;
  }
  if (n_bits) buf_byte(b, digits[bits << (6 - n_bits) & 63]);
  for (written += n_bits > 0; written % 4; written++) buf_byte(b, '=');
}

/* -12.5: all that the language has of numbers with a point. */
static bool is_plain_number(Slice s) {
  uint32_t i = s.n && s.p[0] == '-', digits = 0, points = 0;
  for (; i < s.n; i++) {
    digits += s.p[i] >= '0' && s.p[i] <= '9';
    points += s.p[i] == '.' && digits;
  }
  return digits && points <= 1 && digits + points + (s.p[0] == '-') == s.n && s.p[s.n - 1] != '.';
}

/* False: the language cannot say it. */
static bool put_value(Buf *b, const Pull *p, const ColumnType *t, Slice value) {
  if (t->enum_) {
    Slice name = pull_value(p, t->enum_, value);
    buf_slice_add(b, name);
    return name.n > 0;
  }
  if (t->native == NATIVE_COUNT || t->native == NATIVE_Uuid) return false;
  switch (native_scalar(t->native)) {
    case SCALAR_STRING:
    case SCALAR_JSON: pull_string(b, value); return true;
    case SCALAR_BYTES:
      if (value.n < 2 || value.p[0] != '\\' || value.p[1] != 'x') return false;
      buf_byte(b, '"');
      put_base64(b, value);
      buf_byte(b, '"');
      return true;
    case SCALAR_DATETIME: return false;
    case SCALAR_FLOAT:
    case SCALAR_DECIMAL:
      if (!is_plain_number(value)) return false; /* NaN, Infinity, 1e+100 */
      buf_slice_add(b, value);
      return true;
    default: buf_slice_add(b, value); return true;
  }
}

static bool put_list(Buf *b, const Pull *p, const Column *c) {
  buf_byte(b, '[');
  for (uint32_t i = 0; i < c->def.n_items; i++) {
    if (i) buf_text(b, ", ");
    if (!put_value(b, p, &c->type, c->def.items[i])) return false;
  }
  buf_byte(b, ']');
  return true;
}

static void put_expression(Buf *b, Slice sql) {
  buf_text(b, " @default(dbgenerated(");
  pull_string(b, sql);
  buf_text(b, "))");
}

/* uuid(), cuid() ...: only the old schema knows. */
static void put_client_default(Buf *b, const Field *old) {
  static const struct {
    DefaultKind kind;
    const char *name;
    bool length;
  } calls[] = {{DEFAULT_UUID, "uuid", false},
               {DEFAULT_CUID, "cuid", false},
               {DEFAULT_NANOID, "nanoid", true},
               {DEFAULT_ULID, "ulid", false}};
  for (size_t i = 0; old && i < COUNT(calls); i++) {
    if (old->def.kind != calls[i].kind) continue;
    buf_printf(b, " @default(%s(", calls[i].name);
    if (old->def.has_arg) buf_int(b, calls[i].length ? old->def.length : old->def.version);
    buf_text(b, "))");
  }
}

static void put_default(Buf *b, const Pull *p, const PullField *f) {
  const Column *c = f->column;
  const ColumnDefault *d = &c->def;
  Buf value = buf_in(p->arena);
  if (c->serial) {
    buf_text(b, " @default(autoincrement())");
    return;
  }
  switch (d->form) {
    case FORM_NONE: put_client_default(b, f->old); return;
    case FORM_NOW: buf_text(b, " @default(now())"); return;
    case FORM_EXPRESSION: put_expression(b, d->text); return;
    case FORM_SEQUENCE: return;
    case FORM_VALUE:
    case FORM_LIST:
      if (d->form == FORM_VALUE ? put_value(&value, p, &c->type, d->text) : put_list(&value, p, c))
        buf_printf(b, " @default(%.*s)", SLICE_ARGS(buf_slice(&value)));
      else
        put_expression(b, c->type.enum_ && d->form == FORM_VALUE ? d->text : d->raw);
      return;
  }
}

/* --- indexes --- */

static bool name_is_usual(const Pull *p, const DbIndex *x) {
  Slice *columns = ARENA_ARRAY(p->arena, Slice, x->n_columns);
  bool primary = x->table->primary == x;
  for (uint32_t i = 0; i < x->n_columns; i++) columns[i] = x->columns[i].column->name;
  const char *suffix = primary ? "_pkey" : x->unique ? "_key" : "_idx";
  return slice_eq(x->name,
                  constraint_name(p->arena, x->table->name, columns, primary ? 0 : x->n_columns, suffix));
}

/* "(map: ..., sort: Desc)" of an attribute on a field */
static void put_field_index(Buf *b, const Pull *p, const char *attribute, const DbIndex *x) {
  bool usual = name_is_usual(p, x), desc = x->columns[0].desc;
  buf_printf(b, " %s", attribute);
  if (usual && !desc) return;
  buf_byte(b, '(');
  if (!usual) {
    buf_text(b, "map: ");
    pull_string(b, x->name);
  }
  if (desc) buf_printf(b, "%ssort: Desc", usual ? "" : ", ");
  buf_byte(b, ')');
}

/* "gin_trgm_ops" as the schema names it */
static void put_ops(Buf *b, const Pull *p, Slice ops) {
  const OpClassEntry *entry;
  for (uint32_t i = 0; (entry = opclass_at(i)); i++) {
    IndexField f = {.ops = entry->name};
    if (!slice_eq(catalog_ops_name(p->arena, &f), ops)) continue;
    buf_printf(b, "ops: %.*s", SLICE_ARGS(entry->name));
    return;
  }
  buf_text(b, "ops: raw(");
  pull_string(b, ops);
  buf_byte(b, ')');
}

static void put_index_column(Buf *b, const Pull *p, const PullModel *m, const DbIndex *x, uint32_t i) {
  const IndexColumn *c = &x->columns[i];
  bool ordered = x->method == METHOD_BTREE || x->method == METHOD_HASH, ops = !c->ops_default && !ordered;
  buf_slice_add(b, pull_field(m, c->column)->name);
  if (!ops && !c->desc) return;
  buf_byte(b, '(');
  if (ops) put_ops(b, p, c->ops);
  if (c->desc) buf_printf(b, "%ssort: Desc", ops ? ", " : "");
  buf_byte(b, ')');
}

static const Index *old_index(const PullModel *m, Slice name) {
  for (uint32_t i = 0; m->old && i < m->old->n_indexes; i++)
    if (slice_eq(m->old->indexes[i].db_name, name)) return &m->old->indexes[i];
  return NULL;
}

static void put_model_index(Buf *b, const Pull *p, const PullModel *m, const char *attribute,
                            const DbIndex *x) {
  const Index *old = old_index(m, x->name);
  buf_printf(b, "  %s([", attribute);
  for (uint32_t i = 0; i < x->n_columns; i++) {
    if (i) buf_text(b, ", ");
    put_index_column(b, p, m, x, i);
  }
  buf_byte(b, ']');
  if (old && old->name.n) {
    buf_text(b, ", name: ");
    pull_string(b, old->name);
  }
  if (!name_is_usual(p, x)) {
    buf_text(b, ", map: ");
    pull_string(b, x->name);
  }
  if (x->method != METHOD_BTREE) buf_printf(b, ", type: %s", method_name(x->method));
  if (x->where.n) {
    buf_text(b, ", where: raw(");
    pull_string(b, x->where);
    buf_byte(b, ')');
  }
  buf_text(b, ")\n");
}

static bool alone_on(const DbIndex *x, const Column *c) {
  return x && x->n_columns == 1 && x->columns[0].column == c && !x->where.n;
}

void pull_indexes(Buf *b, const Pull *p, const PullModel *m) {
  const DbTable *t = m->table;
  if (t->primary && t->primary->n_columns > 1) put_model_index(b, p, m, "@@id", t->primary);
  for (uint32_t i = 0; i < t->n_indexes; i++) {
    const DbIndex *x = t->indexes[i];
    if (x->unique && x->n_columns == 1 && !x->where.n) continue; /* stands on its field */
    put_model_index(b, p, m, x->unique ? "@@unique" : "@@index", x);
  }
}

/* --- fields --- */

static void put_ids(Buf *b, const Pull *p, const PullModel *m, const PullField *f) {
  const DbTable *t = m->table;
  if (alone_on(t->primary, f->column)) put_field_index(b, p, "@id", t->primary);
  for (uint32_t i = 0; i < t->n_indexes; i++) {
    if (!t->indexes[i]->unique || !alone_on(t->indexes[i], f->column)) continue;
    put_field_index(b, p, "@unique", t->indexes[i]);
    return;
  }
  if (m->view && f->old && f->old->is_unique_attr) buf_text(b, " @unique");
}

void pull_scalar(Buf *b, const Pull *p, const PullModel *m, const PullField *f) {
  const Column *c = f->column;
  Arity arity = m->view && f->old ? f->old->arity : c->arity;
  if (f->old) pull_doc(b, f->old->doc);
  if (!f->name.n)
    buf_text(b,
             "/// This field was commented out because of an invalid name. Please provide a valid one that "
             "matches [a-zA-Z][a-zA-Z0-9_]*\n// ");
  buf_printf(b, "%.*s ", SLICE_ARGS(f->name.n ? f->name : c->name));
  put_type(b, p, c);
  if (arity == ARITY_OPTIONAL) buf_byte(b, '?');
  if (arity == ARITY_LIST) buf_text(b, "[]");
  put_ids(b, p, m, f);
  put_default(b, p, f);
  if (f->old && f->old->updated_at) buf_text(b, " @updatedAt");
  if (f->mapped) {
    buf_text(b, " @map(");
    pull_string(b, c->name);
    buf_byte(b, ')');
  }
  put_native(b, &c->type);
  if (f->old && f->old->ignored) buf_text(b, " @ignore");
  buf_byte(b, '\n');
}

static void put_columns(Buf *b, const PullModel *m, const char *word, const Column **columns, uint32_t n) {
  buf_printf(b, ", %s: [", word);
  for (uint32_t i = 0; i < n; i++)
    buf_printf(b, "%s%.*s", i ? ", " : "", SLICE_ARGS(pull_field(m, columns[i])->name));
  buf_byte(b, ']');
}

static const char *action_name(ReferentialAction a) {
  static const char *const names[] = {"", "Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"};
  return names[a];
}

static bool key_is_optional(const ForeignKey *k, bool all) {
  uint32_t optional = 0;
  for (uint32_t i = 0; i < k->n_columns; i++) optional += !column_is_required(k->columns[i]);
  return all ? optional == k->n_columns : optional > 0;
}

static void put_key(Buf *b, const Pull *p, const PullRelation *r) {
  const ForeignKey *k = r->key;
  Slice *columns = ARENA_ARRAY(p->arena, Slice, k->n_columns);
  ReferentialAction usual = key_is_optional(k, true) ? ACTION_SET_NULL : ACTION_RESTRICT;
  put_columns(b, r->from, "fields", k->columns, k->n_columns);
  put_columns(b, r->to, "references", k->references, k->n_columns);
  if (k->on_delete != usual) buf_printf(b, ", onDelete: %s", action_name(k->on_delete));
  if (k->on_update != ACTION_CASCADE) buf_printf(b, ", onUpdate: %s", action_name(k->on_update));
  for (uint32_t i = 0; i < k->n_columns; i++) columns[i] = k->columns[i]->name;
  if (slice_eq(k->name, constraint_name(p->arena, k->table->name, columns, k->n_columns, "_fkey"))) return;
  buf_text(b, ", map: ");
  pull_string(b, k->name);
}

/* "@relation(...)" with what there is to say, if anything */
static void put_relation(Buf *b, const Pull *p, const PullRelation *r, bool forward) {
  Buf args = buf_in(p->arena);
  if (r->name.n) {
    buf_text(&args, ", ");
    pull_string(&args, r->name);
  }
  if (forward && r->key) put_key(&args, p, r);
  if (args.n) buf_printf(b, " @relation(%.*s)", (int)args.n - 2, args.p + 2);
}

/* The language wants the very columns of the key, in their order. */
static bool unique_on(const DbIndex *x, const ForeignKey *k) {
  if (!x || !x->unique || x->where.n || x->n_columns != k->n_columns) return false;
  for (uint32_t i = 0; i < x->n_columns; i++)
    if (k->columns[i] != x->columns[i].column) return false;
  return true;
}

static bool is_one_to_one(const ForeignKey *k) {
  bool one = unique_on(k->table->primary, k);
  for (uint32_t i = 0; i < k->table->n_indexes; i++) one = one || unique_on(k->table->indexes[i], k);
  return one;
}

static void put_relation_field(Buf *b, const Pull *p, const PullRelation *r, bool forward) {
  const PullModel *own = forward ? r->from : r->to, *other = forward ? r->to : r->from;
  buf_printf(b, "  %.*s %.*s", SLICE_ARGS(forward ? r->forward : r->back), SLICE_ARGS(other->name));
  if (!r->key || (!forward && !is_one_to_one(r->key)))
    buf_text(b, "[]");
  else if (!forward || key_is_optional(r->key, false))
    buf_byte(b, '?');
  put_relation(b, p, r, forward);
  if (r->key && (!r->from->usable || !r->to->usable) && !own->ignored) buf_text(b, " @ignore");
  buf_byte(b, '\n');
}

/* Without foreign keys in the database only the old schema knows the relations. */
static void put_emulated(Buf *b, const Pull *p, const PullModel *m) {
  for (uint32_t i = 0; m->old && i < m->old->n_fields; i++) {
    const Field *f = &m->old->fields[i];
    if (f->kind != FIELD_RELATION) continue;
    const Relation *r = f->relation;
    const char *arity = f->arity == ARITY_LIST ? "[]" : f->arity == ARITY_OPTIONAL ? "?" : "";
    Buf args = buf_in(p->arena);
    if (r->name_given) {
      buf_text(&args, ", ");
      pull_string(&args, r->name);
    }
    for (uint32_t side = 0; side < 2 && field_holds_key(f); side++) {
      Field **list = side ? r->references : r->fields;
      buf_printf(&args, ", %s: [", side ? "references" : "fields");
      for (uint32_t k = 0; k < r->n_fields; k++)
        buf_printf(&args, "%s%.*s", k ? ", " : "", SLICE_ARGS(list[k]->name));
      buf_byte(&args, ']');
    }
    if (field_holds_key(f) && r->on_delete) buf_printf(&args, ", onDelete: %s", action_name(r->on_delete));
    if (field_holds_key(f) && r->on_update) buf_printf(&args, ", onUpdate: %s", action_name(r->on_update));
    buf_printf(b, "  %.*s %.*s%s", SLICE_ARGS(f->name), SLICE_ARGS(field_target(f)->name), arity);
    if (args.n) buf_printf(b, " @relation(%.*s)", (int)args.n - 2, args.p + 2);
    buf_text(b, f->ignored ? " @ignore\n" : "\n");
  }
}

void pull_relation_fields(Buf *b, const Pull *p, const PullModel *m) {
  if (p->old->relation_mode_prisma || m->view) {
    put_emulated(b, p, m);
    return;
  }
  for (uint32_t i = 0; i < p->n_relations; i++) {
    const PullRelation *r = &p->relations[i];
    if (r->from == m) put_relation_field(b, p, r, true);
    if (r->to == m) put_relation_field(b, p, r, false);
  }
}
