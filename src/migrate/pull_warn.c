/* The warnings of a pull: one section for each thing that the language cannot say, or that was changed. */
#include <stdarg.h>
#include <stdio.h>

#include "migrate/pull_private.h"

typedef struct Section {
  Buf *b;
  const char *heading;
  bool open;
} Section;

PRINTF(2, 3) static void item(Section *s, const char *format, ...) {
  char line[1024];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  if (!s->open) buf_printf(s->b, "\n%s\n", s->heading);
  s->open = true;
  buf_printf(s->b, "  - %s\n", line);
}

static const char *kind_of(const PullModel *m) { return m->view ? "View" : "Model"; }

/* --- sections over models --- */

typedef void ModelItem(const Pull *p, const PullModel *m, Section *s);

static void without_columns(const Pull *p, const PullModel *m, Section *s) {
  (void)p;
  if (!m->table->n_columns) item(s, "\"%.*s\"", SLICE_ARGS(m->name));
}

static void without_identifier(const Pull *p, const PullModel *m, Section *s) {
  bool known = m->old && m->old->ignored;
  (void)p;
  if (!m->usable && m->table->n_columns && !known) item(s, "\"%.*s\"", SLICE_ARGS(m->name));
}

static void nameless_fields(const Pull *p, const PullModel *m, Section *s) {
  Buf names = buf_in(p->arena);
  for (uint32_t i = 0; i < m->table->n_columns; i++)
    if (!m->fields[i].name.n)
      buf_printf(&names, "%s\"%.*s\"", names.n ? ", " : "", SLICE_ARGS(m->table->columns[i].name));
  if (names.n)
    item(s, "%s: \"%.*s\", field(s): [%.*s]", kind_of(m), SLICE_ARGS(m->name), SLICE_ARGS(buf_slice(&names)));
}

static void unsupported_fields(const Pull *p, const PullModel *m, Section *s) {
  (void)p;
  for (uint32_t i = 0; i < m->table->n_columns; i++) {
    const ColumnType *t = &m->table->columns[i].type;
    if (t->native == NATIVE_COUNT && !t->enum_)
      item(s, "%s: \"%.*s\", field: \"%.*s\", original data type: \"%.*s\"", kind_of(m), SLICE_ARGS(m->name),
           SLICE_ARGS(m->fields[i].name), SLICE_ARGS(t->text));
  }
}

static void kept_model(const Pull *p, const PullModel *m, Section *s) {
  (void)p;
  if (m->old && m->old->db_name_given) item(s, "\"%.*s\"", SLICE_ARGS(m->name));
}

static void kept_fields(const Pull *p, const PullModel *m, Section *s) {
  (void)p;
  for (uint32_t i = 0; i < m->table->n_columns; i++)
    if (m->fields[i].old && m->fields[i].old->db_name_given)
      item(s, "%s: \"%.*s\", field: \"%.*s\"", kind_of(m), SLICE_ARGS(m->name),
           SLICE_ARGS(m->fields[i].name));
}

static void over_models(const Pull *p, Buf *b, const char *heading, ModelItem *each) {
  Section s = {b, heading, false};
  for (uint32_t i = 0; i < p->n_models; i++)
    if (p->models[i].name.p) each(p, &p->models[i], &s);
}

/* --- sections over enums --- */

static void nameless_values(const Pull *p, Buf *b) {
  Section s = {
      b,
      "These enum values were commented out because their names are currently not supported by Prisma. "
      "Please provide valid ones that match [a-zA-Z][a-zA-Z0-9_]* using the `@map` attribute:",
      false};
  for (uint32_t i = 0; i < p->catalog->n_enums; i++)
    for (uint32_t k = 0; k < p->enums[i].type->n_values; k++)
      if (!p->enums[i].values[k].n)
        item(&s, "Enum: \"%.*s\", value: \"%.*s\"", SLICE_ARGS(p->enums[i].name),
             SLICE_ARGS(p->enums[i].type->values[k]));
}

static void kept_enums(const Pull *p, Buf *b) {
  Section s = {
      b, "These enums were enriched with `@@map` information taken from the previous Prisma schema:", false};
  for (uint32_t i = 0; i < p->catalog->n_enums; i++)
    if (p->enums[i].old && p->enums[i].old->db_name_given) item(&s, "\"%.*s\"", SLICE_ARGS(p->enums[i].name));
}

static void kept_values(const Pull *p, Buf *b) {
  Section s = {
      b, "These enum values were enriched with `@map` information taken from the previous Prisma schema:",
      false};
  for (uint32_t i = 0; i < p->catalog->n_enums; i++)
    for (uint32_t k = 0; p->enums[i].old && k < p->enums[i].old->n_values; k++)
      if (p->enums[i].old->values[k].db_name_given)
        item(&s, "Enum: \"%.*s\", value: \"%.*s\"", SLICE_ARGS(p->enums[i].name),
             SLICE_ARGS(p->enums[i].old->values[k].name));
}

static void duplicates(const Pull *p, Buf *b) {
  Section s = {b,
               "These items were renamed due to their names being duplicates in the Prisma schema:", false};
  for (uint32_t i = 0; i < p->catalog->n_enums; i++)
    if (p->enums[i].duplicate) item(&s, "Type: \"enum\", name: \"%.*s\"", SLICE_ARGS(p->enums[i].name));
  for (uint32_t i = 0; i < p->n_models; i++)
    if (p->models[i].duplicate)
      item(&s, "Type: \"%s\", name: \"%.*s\"", p->models[i].view ? "view" : "model",
           SLICE_ARGS(p->models[i].name));
}

/* --- sections over notes --- */

static const PullModel *noted_model(const Pull *p, const Note *n) {
  for (uint32_t i = 0; i < p->n_models; i++) {
    const PullModel *m = &p->models[i];
    if (m->name.p && slice_eq(m->table->name, n->table) && slice_eq(m->table->schema, n->schema)) return m;
  }
  return NULL;
}

static void note_comment(const Pull *p, const Note *n, const PullModel *m, Section *s) {
  const Column *c = m && n->column.n ? table_column(m->table, n->column) : NULL;
  if (c)
    item(s, "Type: \"field\", name: \"%.*s.%.*s\"", SLICE_ARGS(m->name), SLICE_ARGS(pull_field(m, c)->name));
  else if (m)
    item(s, "Type: \"%s\", name: \"%.*s\"", m->view ? "view" : "model", SLICE_ARGS(m->name));
  else if (!n->table.n && catalog_enum(p->catalog, n->schema, n->object))
    item(s, "Type: \"enum\", name: \"%.*s\"",
         SLICE_ARGS(pull_enum(p, catalog_enum(p->catalog, n->schema, n->object))->name));
}

static void put_note(const Pull *p, const Note *n, Section *s) {
  const PullModel *m = noted_model(p, n);
  if (n->kind == NOTE_COMMENT) {
    note_comment(p, n, m, s);
  } else if (m && n->kind == NOTE_NULLS_ORDER) {
    const Column *c = table_column(m->table, n->column);
    item(s, "Index: \"%.*s\", column: \"%.*s\"", SLICE_ARGS(n->object),
         SLICE_ARGS(c ? pull_field(m, c)->name : n->column));
  } else if (m && n->object.n) {
    item(s, "Model: \"%.*s\", constraint: \"%.*s\"", SLICE_ARGS(m->name), SLICE_ARGS(n->object));
  } else if (m) {
    item(s, "\"%.*s\"", SLICE_ARGS(m->name));
  }
}

/* Comments of types stand before those of tables. */
static void over_notes(const Pull *p, Buf *b, NoteKind kind, const char *heading) {
  Section s = {b, heading, false};
  for (int tables = 0; tables < 2; tables++)
    for (uint32_t i = 0; i < p->n_notes; i++)
      if (p->notes[i].kind == kind && (p->notes[i].table.n > 0) == (tables == 1))
        put_note(p, &p->notes[i], &s);
}

void pull_warn(Pull *p) {
  static const char *const headings[] = {
#define NOTE(id, letter, comment, warning) warning,
#include "migrate/notes.def"
#undef NOTE
  };
  Buf b = buf_in(p->arena);
  over_models(
      p, &b,
      "The following models were commented out as we could not retrieve columns for them. Please check your "
      "privileges:",
      without_columns);
  over_models(
      p, &b,
      "The following models were ignored as they do not have a valid unique identifier or id. This is "
      "currently not supported by Prisma Client:",
      without_identifier);
  over_models(
      p, &b,
      "These fields were commented out because their names are currently not supported by Prisma. Please "
      "provide valid ones that match [a-zA-Z][a-zA-Z0-9_]* using the `@map` attribute:",
      nameless_fields);
  nameless_values(p, &b);
  over_models(
      p, &b,
      "These fields are not supported by Prisma Client, because Prisma currently does not support their "
      "types:",
      unsupported_fields);
  over_models(p, &b,
              "These models were enriched with `@@map` information taken from the previous Prisma schema:",
              kept_model);
  kept_enums(p, &b);
  over_models(p, &b,
              "These fields were enriched with `@map` information taken from the previous Prisma schema:",
              kept_fields);
  kept_values(p, &b);
  duplicates(p, &b);
  for (int kind = 0; kind < NOTE_COUNT; kind++) over_notes(p, &b, (NoteKind)kind, headings[kind]);
  if (b.n) p->report->warnings = slice_printf(p->arena, "*** WARNING ***\n%.*s", SLICE_ARGS(buf_slice(&b)));
}
