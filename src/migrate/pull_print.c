/* The schema as text; its layout is schema_format's. */
#include "migrate/pull_text.h"

/* --- blocks --- */

static const char *const note_docs[] = {
#define NOTE(id, letter, comment, warning) comment,
#include "migrate/notes.def"
#undef NOTE
};

static void put_model_doc(Buf *b, const Pull *p, const PullModel *m) {
  static const NoteKind order[] = {NOTE_PARTITION,   NOTE_SUBCLASS, NOTE_DEFERRED,  NOTE_ROW_SECURITY,
                                   NOTE_NULLS_ORDER, NOTE_CHECK,    NOTE_EXCLUSION, NOTE_EXPRESSION_INDEX};
  const char *kind = m->view ? "view" : "model";
  if (m->old) pull_doc(b, m->old->doc);
  if (m->old) return;
  if (!m->usable && m->table->n_columns)
    buf_text(
        b,
        "/// The underlying table does not contain a valid unique identifier and can therefore currently "
        "not be handled by Prisma Client.\n");
  if (m->reserved)
    buf_printf(
        b,
        "/// This %s has been renamed to '%.*s' during introspection, because the original name '%.*s' "
        "is reserved.\n",
        kind, SLICE_ARGS(m->name), SLICE_ARGS(m->table->name));
  for (size_t i = 0; i < COUNT(order); i++)
    if (pull_noted(p, m, order[i])) buf_printf(b, "/// %s\n", note_docs[order[i]]);
  if (pull_noted(p, m, NOTE_COMMENT))
    buf_printf(b, "/// This %s%s\n", kind, note_docs[NOTE_COMMENT] + strlen("This model"));
}

static void put_place(Buf *b, Slice schema, bool mapped, Slice name) {
  if (mapped) {
    buf_text(b, "  @@map(");
    pull_string(b, name);
    buf_text(b, ")\n");
  }
  if (schema.n) {
    buf_text(b, "  @@schema(");
    pull_string(b, schema);
    buf_text(b, ")\n");
  }
}

/* Nobody can say what a table without columns is; it is told, but not used. */
static void put_without_columns(Buf *b, const PullModel *m) {
  buf_printf(
      b,
      "\n/// We could not retrieve columns for the underlying table. Either it has none or you are missing "
      "rights to see them. Please check your privileges.\n// model %.*s {\n// }\n",
      SLICE_ARGS(m->name));
}

static void put_model(Buf *b, const Pull *p, const PullModel *m) {
  if (!m->table->n_columns) {
    put_without_columns(b, m);
    return;
  }
  buf_byte(b, '\n');
  put_model_doc(b, p, m);
  buf_printf(b, "%s %.*s {\n", m->view ? "view" : "model", SLICE_ARGS(m->name));
  for (uint32_t i = 0; i < m->table->n_columns; i++) pull_scalar(b, p, m, &m->fields[i]);
  pull_relation_fields(b, p, m);
  buf_byte(b, '\n');
  pull_indexes(b, p, m);
  put_place(b, m->table->schema, m->mapped, m->table->name);
  if (m->ignored) buf_text(b, "  @@ignore\n");
  buf_text(b, "}\n");
}

static bool enum_has_comment(const Pull *p, const PullEnum *e) {
  for (uint32_t i = 0; i < p->n_notes; i++) {
    const Note *n = &p->notes[i];
    bool enum_note = n->kind == NOTE_COMMENT && !n->table.n;
    if (enum_note && slice_eq(n->object, e->type->name) && slice_eq(n->schema, e->type->schema)) return true;
  }
  return false;
}

static void put_enum_value(Buf *b, const PullEnum *e, uint32_t i) {
  Slice found = e->type->values[i], name = e->values[i];
  for (uint32_t k = 0; e->old && k < e->old->n_values; k++)
    if (slice_eq(e->old->values[k].db_name, found)) pull_doc(b, e->old->values[k].doc);
  buf_printf(b, "  %s%.*s", name.n ? "" : "// ", SLICE_ARGS(name.n ? name : found));
  if (!slice_eq(name, found)) {
    buf_text(b, " @map(");
    pull_string(b, found);
    buf_byte(b, ')');
  }
  buf_byte(b, '\n');
}

static void put_enum(Buf *b, const Pull *p, const PullEnum *e) {
  buf_byte(b, '\n');
  if (e->old) pull_doc(b, e->old->doc);
  if (!e->old && e->reserved)
    buf_printf(
        b,
        "/// This enum has been renamed to '%.*s' during introspection, because the original name '%.*s' "
        "is reserved.\n",
        SLICE_ARGS(e->name), SLICE_ARGS(e->type->name));
  if (!e->old && enum_has_comment(p, e))
    buf_text(b,
             "/// This enum is commented in the database, and requires an additional setup for migrations: "
             "Read more: https://pris.ly/d/database-comments\n");
  buf_printf(b, "enum %.*s {\n", SLICE_ARGS(e->name));
  for (uint32_t i = 0; i < e->type->n_values; i++) put_enum_value(b, e, i);
  buf_byte(b, '\n');
  put_place(b, e->type->schema, e->mapped, e->type->name);
  buf_text(b, "}\n");
}

/* --- all of it --- */

static bool before(const ConfigBlock *a, const ConfigBlock *b) {
  if (a->span.file != b->span.file) return a->span.file < b->span.file;
  return a->span.start < b->span.start;
}

/* The property's name of Prisma 3 is put right on the way. */
static void put_block(Buf *b, const Pull *p, const ConfigBlock *c) {
  static const Slice old_word = SLICE_INIT("referentialIntegrity");
  Slice text = schema_block(p->old, c->span);
  buf_byte(b, '\n');
  for (uint32_t i = 0; i < text.n; i++) {
    if (!slice_starts((Slice){text.p + i, text.n - i}, old_word)) {
      buf_byte(b, text.p[i]);
      continue;
    }
    buf_text(b, "relationMode");
    i += old_word.n - 1;
  }
  buf_byte(b, '\n');
}

static void put_configuration(Buf *b, const Pull *p) {
  const Schema *s = p->old;
  bool source_done = !s->datasource;
  for (uint32_t i = 0; i < s->n_generators; i++) {
    if (!source_done && before(s->datasource, &s->generators[i])) {
      put_block(b, p, s->datasource);
      source_done = true;
    }
    put_block(b, p, &s->generators[i]);
  }
  if (!source_done) put_block(b, p, s->datasource);
}

/* Known ones in the order of the old schema, then the new ones. */
static void put_models(Buf *b, const Pull *p, bool views) {
  for (uint32_t o = 0; o < p->old->n_models; o++)
    for (uint32_t i = 0; i < p->n_models; i++)
      if (p->models[i].name.p && p->models[i].view == views && p->models[i].old == &p->old->models[o])
        put_model(b, p, &p->models[i]);
  for (uint32_t i = 0; i < p->n_models; i++)
    if (p->models[i].name.p && p->models[i].view == views && !p->models[i].old)
      put_model(b, p, &p->models[i]);
}

void pull_print(Pull *p) {
  Buf *b = &p->text;
  put_configuration(b, p);
  put_models(b, p, false);
  put_models(b, p, true);
  for (uint32_t o = 0; o < p->old->n_enums; o++)
    for (uint32_t i = 0; i < p->catalog->n_enums; i++)
      if (p->enums[i].old == &p->old->enums[o]) put_enum(b, p, &p->enums[i]);
  for (uint32_t i = 0; i < p->catalog->n_enums; i++)
    if (!p->enums[i].old) put_enum(b, p, &p->enums[i]);
}
