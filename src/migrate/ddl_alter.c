/* ALTER TABLE and ALTER TYPE: one statement with many parts, and what must stand before and after it. */
#include <ctype.h>

#include "migrate/ddl.h"

typedef struct Alter {
  const Diff *diff;
  const Step *step;
  Buf before, parts, after;
} Alter;

static Buf *part(Alter *x) {
  if (x->parts.n) buf_text(&x->parts, ",\n");
  return &x->parts;
}

static void put_table(Buf *b, const DbTable *t) { ddl_place(b, t->schema, t->name); }

static void alter_column(Alter *x, const Column *c, const char *words) {
  Buf *b = part(x);
  buf_text(b, "ALTER COLUMN ");
  ddl_name(b, c->name);
  buf_text(b, words);
}

/* --- sequences --- */

/* Named as SERIAL would name it, but for the case. */
static Slice sequence_name(Arena *a, const Column *c) {
  Buf plain = buf_in(a), b = buf_in(a);
  bool simple = true;
  buf_printf(&plain, "%.*s_%.*s_seq", SLICE_ARGS(c->table->name), SLICE_ARGS(c->name));
  for (uint32_t i = 0; i < plain.n; i++) {
    plain.p[i] = (char)tolower((unsigned char)plain.p[i]);
    simple = simple && (isalnum((unsigned char)plain.p[i]) || plain.p[i] == '_') &&
             (i || !isdigit((unsigned char)plain.p[i]));
  }
  if (c->table->schema.n) {
    ddl_name(&b, c->table->schema);
    buf_byte(&b, '.');
  }
  if (simple)
    buf_slice_add(&b, buf_slice(&plain));
  else
    ddl_name(&b, buf_slice(&plain));
  return buf_slice(&b);
}

static void add_sequence(Alter *x, const Column *from, const Column *to) {
  Slice name = sequence_name(x->diff->arena, to);
  buf_printf(&x->before, "CREATE SEQUENCE %.*s;\n", SLICE_ARGS(name));
  alter_column(x, from, " SET DEFAULT nextval(");
  ddl_text(&x->parts, name);
  buf_byte(&x->parts, ')');
  buf_printf(&x->after, "ALTER SEQUENCE %.*s OWNED BY ", SLICE_ARGS(name));
  put_table(&x->after, from->table);
  buf_byte(&x->after, '.');
  ddl_name(&x->after, from->name);
  buf_text(&x->after, ";\n");
}

static bool sequence_used(const Catalog *c, Slice name, const Column *but) {
  for (uint32_t i = 0; i < c->n_tables; i++)
    for (uint32_t k = 0; k < c->tables[i]->n_columns; k++) {
      const Column *column = &c->tables[i]->columns[k];
      if (column != but && column->def.form == FORM_SEQUENCE && slice_eq(column->def.text, name)) return true;
    }
  return false;
}

/* A schema does not say what the sequence is called, but SERIAL names it. */
static void drop_sequence(Alter *x, const Column *from, const Column *to) {
  Slice name = from->def.text;
  if (from->identity || from->def.form != FORM_SEQUENCE) return;
  if (name.n && sequence_used(x->diff->to, name, to)) return;
  if (!name.n)
    name =
        slice_printf(x->diff->arena, "%.*s_%.*s_seq", SLICE_ARGS(from->table->name), SLICE_ARGS(from->name));
  buf_text(&x->after, "DROP SEQUENCE ");
  ddl_place(&x->after, from->table->schema, name);
  buf_text(&x->after, ";\n");
}

/* --- columns --- */

static void change_serial(Alter *x, const Column *from, const Column *to, bool new_default) {
  if (to->serial) {
    add_sequence(x, from, to);
    return;
  }
  if (from->identity)
    alter_column(x, from, " DROP IDENTITY");
  else if (!new_default)
    alter_column(x, from, " DROP DEFAULT");
  drop_sequence(x, from, to);
}

static void change_default(Alter *x, const Column *from, const Column *to) {
  if (to->def.form == FORM_NONE) {
    alter_column(x, from, " DROP DEFAULT");
    return;
  }
  alter_column(x, from, " SET DEFAULT ");
  ddl_default(&x->parts, to);
}

static void change_column(Alter *x, const TableChange *c) {
  const Column *from = c->from, *to = c->to;
  bool retype = c->changes.type;
  if (c->changes.arity) {
    if (to->arity == ARITY_OPTIONAL) alter_column(x, from, " DROP NOT NULL");
    if (to->arity == ARITY_REQUIRED) alter_column(x, from, " SET NOT NULL");
    retype = retype || from->arity == ARITY_LIST || to->arity == ARITY_LIST;
  }
  if (c->changes.def) change_default(x, from, to);
  if (c->changes.serial) change_serial(x, from, to, c->changes.def);
  if (!retype) return;
  alter_column(x, from, " SET DATA TYPE ");
  ddl_type(&x->parts, to, false);
}

static void drop_column(Alter *x, const Column *c) {
  Buf *b = part(x);
  buf_text(b, "DROP COLUMN ");
  ddl_name(b, c->name);
}

static void add_column(Alter *x, const Column *c) {
  Buf *b = part(x);
  buf_text(b, "ADD COLUMN ");
  ddl_column(b, c);
  ddl_loosen(&x->after, c);
}

/* --- the primary key --- */

static void drop_primary(Alter *x) {
  Buf *b = part(x);
  buf_text(b, "DROP CONSTRAINT ");
  ddl_name(b, x->step->u.table.from->primary->name);
}

static void add_primary(Alter *x) {
  const DbIndex *primary = x->step->u.table.to->primary;
  Buf *b = part(x);
  buf_text(b, "ADD CONSTRAINT ");
  ddl_name(b, primary->name);
  buf_text(b, " PRIMARY KEY (");
  for (uint32_t i = 0; i < primary->n_columns; i++) {
    if (i) buf_text(b, ", ");
    ddl_name(b, primary->columns[i].column->name);
  }
  buf_byte(b, ')');
}

/* Cannot be one part among others. */
static void rename_primary(Alter *x) {
  const DbTable *from = x->step->u.table.from;
  buf_text(&x->after, "ALTER TABLE ");
  put_table(&x->after, from);
  buf_text(&x->after, " RENAME CONSTRAINT ");
  ddl_name(&x->after, from->primary->name);
  buf_text(&x->after, " TO ");
  ddl_name(&x->after, x->step->u.table.to->primary->name);
  buf_text(&x->after, ";\n");
}

static void write_change(Alter *x, const TableChange *c) {
  switch (c->kind) {
    case CHANGE_DROP_PRIMARY: drop_primary(x); return;
    case CHANGE_RENAME_PRIMARY: rename_primary(x); return;
    case CHANGE_DROP_COLUMN: drop_column(x, c->from); return;
    case CHANGE_ADD_COLUMN: add_column(x, c->to); return;
    case CHANGE_ALTER_COLUMN: change_column(x, c); return;
    case CHANGE_RECREATE_COLUMN:
      drop_column(x, c->from);
      add_column(x, c->to);
      return;
    case CHANGE_ADD_PRIMARY: add_primary(x); return;
  }
}

void ddl_alter_table(Buf *b, const Diff *d, const Step *s) {
  Alter x = {d, s, buf_in(d->arena), buf_in(d->arena), buf_in(d->arena)};
  for (uint32_t i = 0; i < s->u.table.n_changes; i++) write_change(&x, &s->u.table.changes[i]);
  buf_slice_add(b, buf_slice(&x.before));
  if (x.parts.n) {
    buf_text(b, "ALTER TABLE ");
    put_table(b, s->u.table.from);
    buf_printf(b, " %.*s;\n", SLICE_ARGS(buf_slice(&x.parts)));
  }
  buf_slice_add(b, buf_slice(&x.after));
}

/* --- enums --- */

static void add_values(Buf *b, const Step *s) {
  static const char note[] =
      "-- This migration adds more than one value to an enum.\n"
      "-- With PostgreSQL versions 11 and earlier, this is not possible\n"
      "-- in a single migration. This can be worked around by creating\n"
      "-- multiple migrations, each migration adding only one value to\n"
      "-- the enum.\n\n\n";
  if (s->u.enum_.n_added > 1) buf_text(b, note);
  for (uint32_t i = 0; i < s->u.enum_.n_added; i++) {
    buf_text(b, "ALTER TYPE ");
    ddl_place(b, s->u.enum_.from->schema, s->u.enum_.from->name);
    buf_text(b, " ADD VALUE ");
    ddl_text(b, s->u.enum_.added[i]);
    buf_text(b, ";\n");
  }
}

static void alter_enum_column(Buf *b, const Column *c, Slice type) {
  const char *list = c->arity == ARITY_LIST ? "[]" : "";
  buf_text(b, "ALTER TABLE ");
  put_table(b, c->table);
  buf_text(b, " ALTER COLUMN ");
  ddl_name(b, c->name);
  buf_printf(b, " TYPE %.*s%s USING (", SLICE_ARGS(type), list);
  ddl_name(b, c->name);
  buf_printf(b, "::text::%.*s%s);\n", SLICE_ARGS(type), list);
}

static void alter_enum_default(Buf *b, const Column *from, const Column *to) {
  buf_text(b, "ALTER TABLE ");
  put_table(b, from->table);
  buf_text(b, " ALTER COLUMN ");
  ddl_name(b, from->name);
  if (to) {
    buf_text(b, " SET DEFAULT ");
    ddl_default(b, to);
  } else {
    buf_text(b, " DROP DEFAULT");
  }
  buf_text(b, ";\n");
}

static Slice suffixed(Arena *a, Slice name, const char *suffix) {
  return slice_printf(a, "%.*s%s", SLICE_ARGS(name), suffix);
}

static void rename_type(Buf *b, Slice schema, Slice from, Slice to) {
  buf_text(b, "ALTER TYPE ");
  ddl_place(b, schema, from);
  buf_text(b, " RENAME TO ");
  ddl_name(b, to);
  buf_text(b, ";\n");
}

/* Values cannot be taken off a type: a new one takes its place, and every column is cast. */
static void replace_type(Buf *b, const Diff *d, const Step *s) {
  const DbEnum *from = s->u.enum_.from, *to = s->u.enum_.to;
  Slice fresh = suffixed(d->arena, to->name, "_new"), old = suffixed(d->arena, from->name, "_old");
  Buf type = buf_in(d->arena);
  ddl_place(&type, to->schema, fresh);
  buf_printf(b, "CREATE TYPE %.*s AS ENUM (", SLICE_ARGS(buf_slice(&type)));
  for (uint32_t i = 0; i < to->n_values; i++) {
    if (i) buf_text(b, ", ");
    ddl_text(b, to->values[i]);
  }
  buf_text(b, ");\n");
  for (uint32_t i = 0; i < s->u.enum_.n_defaults; i++)
    alter_enum_default(b, s->u.enum_.defaults[i].from, NULL);
  for (uint32_t i = 0; i < s->u.enum_.n_columns; i++)
    alter_enum_column(b, s->u.enum_.columns[i].from, buf_slice(&type));
  rename_type(b, from->schema, from->name, old);
  rename_type(b, to->schema, fresh, to->name);
  buf_text(b, "DROP TYPE ");
  ddl_place(b, d->from->live ? catalog_schema_of(d->from, from->schema) : from->schema, old);
  buf_text(b, ";\n");
  for (uint32_t i = 0; i < s->u.enum_.n_defaults; i++)
    if (s->u.enum_.defaults[i].to)
      alter_enum_default(b, s->u.enum_.defaults[i].from, s->u.enum_.defaults[i].to);
}

void ddl_alter_enum(Buf *b, const Diff *d, const Step *s, bool alone) {
  if (!s->u.enum_.n_dropped) {
    add_values(b, s);
    return;
  }
  if (alone) buf_text(b, "BEGIN;\n");
  replace_type(b, d, s);
  if (alone) buf_text(b, "COMMIT;\n");
}
