#include "migrate/ddl.h"

static const char indent[] = "    ";

const char *ddl_heading(StepKind kind) {
  static const char *const headings[] = {
#define STEP(id, heading) heading,
#include "migrate/steps.def"
#undef STEP
  };
  return headings[kind];
}

/* --- words --- */

static void quote(Buf *b, char mark, Slice s) {
  buf_byte(b, mark);
  for (uint32_t i = 0; i < s.n; i++) {
    if (s.p[i] == mark) buf_byte(b, mark);
    buf_byte(b, s.p[i]);
  }
  buf_byte(b, mark);
}

void ddl_name(Buf *b, Slice name) { quote(b, '"', name); }
void ddl_text(Buf *b, Slice text) { quote(b, '\'', text); }

void ddl_place(Buf *b, Slice schema, Slice name) {
  if (schema.n) {
    ddl_name(b, schema);
    buf_byte(b, '.');
  }
  ddl_name(b, name);
}

static void put_table(Buf *b, const DbTable *t) { ddl_place(b, t->schema, t->name); }

/* --- columns --- */

static const char *const type_words[NATIVE_COUNT] = {
    [NATIVE_SmallInt] = "SMALLINT",
    [NATIVE_Integer] = "INTEGER",
    [NATIVE_BigInt] = "BIGINT",
    [NATIVE_Decimal] = "DECIMAL",
    [NATIVE_Money] = "MONEY",
    [NATIVE_Inet] = "INET",
    [NATIVE_Oid] = "OID",
    [NATIVE_Citext] = "CITEXT",
    [NATIVE_Real] = "REAL",
    [NATIVE_DoublePrecision] = "DOUBLE PRECISION",
    [NATIVE_VarChar] = "VARCHAR",
    [NATIVE_Char] = "CHAR",
    [NATIVE_Text] = "TEXT",
    [NATIVE_ByteA] = "BYTEA",
    [NATIVE_Timestamp] = "TIMESTAMP",
    [NATIVE_Timestamptz] = "TIMESTAMPTZ",
    [NATIVE_Date] = "DATE",
    [NATIVE_Time] = "TIME",
    [NATIVE_Timetz] = "TIMETZ",
    [NATIVE_Boolean] = "BOOLEAN",
    [NATIVE_Bit] = "BIT",
    [NATIVE_VarBit] = "VARBIT",
    [NATIVE_Uuid] = "UUID",
    [NATIVE_Xml] = "XML",
    [NATIVE_Json] = "JSON",
    [NATIVE_JsonB] = "JSONB",
};

static const char *type_word(NativeId n, bool serial) {
  if (serial && n == NATIVE_SmallInt) return "SMALLSERIAL";
  if (serial && n == NATIVE_Integer) return "SERIAL";
  if (serial && n == NATIVE_BigInt) return "BIGSERIAL";
  return type_words[n];
}

void ddl_type(Buf *b, const Column *c, bool serial) {
  const ColumnType *t = &c->type;
  if (t->enum_) {
    ddl_place(b, t->enum_->schema, t->enum_->name);
  } else if (t->native == NATIVE_COUNT) {
    buf_slice_add(b, t->text);
  } else {
    buf_text(b, type_word(t->native, serial && c->serial));
    if (t->n_args == 1) buf_printf(b, "(%u)", t->args[0]);
    if (t->n_args == 2) buf_printf(b, "(%u,%u)", t->args[0], t->args[1]);
  }
  if (c->arity == ARITY_LIST) buf_text(b, "[]");
}

/* Numbers and booleans stand as they are, all else in quotes. */
static void put_value(Buf *b, const ColumnType *t, Slice value) {
  ScalarType s = t->native == NATIVE_COUNT ? SCALAR_STRING : native_scalar(t->native);
  bool plain = s == SCALAR_INT || s == SCALAR_BIGINT || s == SCALAR_FLOAT || s == SCALAR_DECIMAL ||
               s == SCALAR_BOOLEAN;
  if (plain)
    buf_slice_add(b, value);
  else
    ddl_text(b, value);
}

void ddl_default(Buf *b, const Column *c) {
  const ColumnDefault *d = &c->def;
  switch (d->form) {
    case FORM_VALUE: put_value(b, &c->type, d->text); return;
    case FORM_NOW: buf_text(b, "CURRENT_TIMESTAMP"); return;
    case FORM_EXPRESSION: buf_slice_add(b, d->text); return;
    case FORM_LIST:
      buf_text(b, "ARRAY[");
      for (uint32_t i = 0; i < d->n_items; i++) {
        if (i) buf_text(b, ", ");
        put_value(b, &c->type, d->items[i]);
      }
      buf_text(b, "]::");
      ddl_type(b, c, false);
      return;
    case FORM_SEQUENCE: /* comes with the type */
    case FORM_NONE: return;
  }
}

void ddl_column(Buf *b, const Column *c) {
  buf_text(b, indent);
  ddl_name(b, c->name);
  buf_byte(b, ' ');
  ddl_type(b, c, true);
  if (column_is_required(c)) buf_text(b, " NOT NULL");
  Buf value = buf_in(b->arena);
  ddl_default(&value, c);
  if (!value.n) return;
  buf_text(b, " DEFAULT ");
  buf_slice_add(b, buf_slice(&value));
}

void ddl_loosen(Buf *b, const Column *c) {
  if (!c->serial || c->arity != ARITY_OPTIONAL) return;
  buf_text(b, "ALTER TABLE ");
  put_table(b, c->table);
  buf_text(b, " ALTER COLUMN ");
  ddl_name(b, c->name);
  buf_text(b, " DROP NOT NULL;\n");
}

static void put_columns(Buf *b, const Column *const *columns, uint32_t n) {
  buf_byte(b, '(');
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_text(b, ", ");
    ddl_name(b, columns[i]->name);
  }
  buf_byte(b, ')');
}

/* --- steps --- */

static void create_schema(Buf *b, const Step *s) {
  buf_text(b, "CREATE SCHEMA IF NOT EXISTS ");
  ddl_name(b, s->u.schema);
  buf_text(b, ";\n");
}

static void create_extension(Buf *b, const Step *s) {
  const Extension *x = s->u.extension.to;
  buf_text(b, "CREATE EXTENSION IF NOT EXISTS ");
  ddl_name(b, x->name);
  if (x->schema.n || x->version.n) buf_text(b, " WITH");
  if (x->schema.n) {
    buf_text(b, " SCHEMA ");
    ddl_name(b, x->schema);
  }
  if (x->version.n) {
    buf_text(b, " VERSION ");
    ddl_name(b, x->version);
  }
  buf_text(b, ";\n");
}

static void drop_extension(Buf *b, const Step *s) {
  buf_text(b, "DROP EXTENSION ");
  ddl_name(b, s->u.extension.from->name);
  buf_text(b, ";\n");
}

static void alter_extension(Buf *b, const Step *s) {
  const Extension *from = s->u.extension.from, *to = s->u.extension.to;
  struct {
    Slice old, new;
    const char *words;
  } parts[] = {{from->version, to->version, " UPDATE TO "}, {from->schema, to->schema, " SET SCHEMA "}};
  for (size_t i = 0; i < COUNT(parts); i++) {
    if (!parts[i].old.n || !parts[i].new.n || slice_eq(parts[i].old, parts[i].new)) continue;
    buf_text(b, "ALTER EXTENSION ");
    ddl_name(b, from->name);
    buf_text(b, parts[i].words);
    ddl_name(b, parts[i].new);
    buf_text(b, ";\n");
  }
}

static void create_enum(Buf *b, const Step *s) {
  const DbEnum *e = s->u.enum_.to;
  buf_text(b, "CREATE TYPE ");
  ddl_place(b, e->schema, e->name);
  buf_text(b, " AS ENUM (");
  for (uint32_t i = 0; i < e->n_values; i++) {
    if (i) buf_text(b, ", ");
    ddl_text(b, e->values[i]);
  }
  buf_text(b, ");\n");
}

static void drop_enum(Buf *b, const Step *s) {
  buf_text(b, "DROP TYPE ");
  ddl_place(b, s->u.enum_.from->schema, s->u.enum_.from->name);
  buf_text(b, ";\n");
}

static void create_table(Buf *b, const Step *s) {
  const DbTable *t = s->u.table.to;
  buf_text(b, "CREATE TABLE ");
  put_table(b, t);
  buf_text(b, " (\n");
  for (uint32_t i = 0; i < t->n_columns; i++) {
    if (i) buf_text(b, ",\n");
    ddl_column(b, &t->columns[i]);
  }
  if (t->primary) {
    buf_printf(b, ",\n\n%sCONSTRAINT ", indent);
    ddl_name(b, t->primary->name);
    buf_text(b, " PRIMARY KEY (");
    for (uint32_t i = 0; i < t->primary->n_columns; i++) {
      if (i) buf_byte(b, ',');
      ddl_name(b, t->primary->columns[i].column->name);
    }
    buf_byte(b, ')');
  }
  buf_text(b, "\n);\n");
  for (uint32_t i = 0; i < t->n_columns; i++) ddl_loosen(b, &t->columns[i]);
}

static void drop_table(Buf *b, const Step *s) {
  buf_text(b, "DROP TABLE ");
  put_table(b, s->u.table.from);
  buf_text(b, ";\n");
}

static void create_index(Buf *b, const Step *s) {
  static const char *const methods[METHOD_COUNT] = {
      "", " USING HASH ", " USING GIST ", " USING GIN ", " USING SPGIST ", " USING BRIN "};
  const DbIndex *x = s->u.index.to;
  buf_text(b, x->unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
  ddl_name(b, x->name);
  buf_text(b, " ON ");
  put_table(b, x->table);
  buf_text(b, methods[x->method]);
  for (uint32_t i = 0; i < x->n_columns; i++) {
    buf_text(b, i ? ", " : "(");
    ddl_name(b, x->columns[i].column->name);
    if (x->columns[i].ops.n) buf_printf(b, " %.*s", SLICE_ARGS(x->columns[i].ops));
    if (x->columns[i].desc) buf_text(b, " DESC");
  }
  buf_byte(b, ')');
  if (x->where.n) buf_printf(b, " WHERE (%.*s)", SLICE_ARGS(x->where));
  buf_text(b, ";\n");
}

/* What stands behind a UNIQUE constraint goes with it. */
static void drop_index(Buf *b, const Step *s) {
  const DbIndex *x = s->u.index.from;
  if (x->constraint) {
    buf_text(b, "ALTER TABLE ");
    put_table(b, x->table);
    buf_text(b, " DROP CONSTRAINT ");
    ddl_name(b, x->name);
  } else {
    buf_text(b, "DROP INDEX ");
    ddl_place(b, x->table->schema, x->name);
  }
  buf_text(b, ";\n");
}

static void rename_index(Buf *b, const Step *s) {
  buf_text(b, "ALTER INDEX ");
  ddl_place(b, s->u.index.from->table->schema, s->u.index.from->name);
  buf_text(b, " RENAME TO ");
  ddl_name(b, s->u.index.to->name);
  buf_text(b, ";\n");
}

static const char *action_words(ReferentialAction a) {
  switch (a) {
    case ACTION_CASCADE: return "CASCADE";
    case ACTION_RESTRICT: return "RESTRICT";
    case ACTION_SET_NULL: return "SET NULL";
    case ACTION_SET_DEFAULT: return "SET DEFAULT";
    default: return "NO ACTION";
  }
}

static void add_key(Buf *b, const Step *s) {
  const ForeignKey *k = s->u.key.to;
  buf_text(b, "ALTER TABLE ");
  put_table(b, k->table);
  buf_text(b, " ADD CONSTRAINT ");
  ddl_name(b, k->name);
  buf_text(b, " FOREIGN KEY ");
  put_columns(b, k->columns, k->n_columns);
  buf_text(b, " REFERENCES ");
  put_table(b, k->target);
  put_columns(b, k->references, k->n_columns);
  buf_printf(b, " ON DELETE %s ON UPDATE %s;\n", action_words(k->on_delete), action_words(k->on_update));
}

static void drop_key(Buf *b, const Step *s) {
  buf_text(b, "ALTER TABLE ");
  put_table(b, s->u.key.from->table);
  buf_text(b, " DROP CONSTRAINT ");
  ddl_name(b, s->u.key.from->name);
  buf_text(b, ";\n");
}

static void rename_key(Buf *b, const Step *s) {
  buf_text(b, "ALTER TABLE ");
  put_table(b, s->u.key.from->table);
  buf_text(b, " RENAME CONSTRAINT ");
  ddl_name(b, s->u.key.from->name);
  buf_text(b, " TO ");
  ddl_name(b, s->u.key.to->name);
  buf_text(b, ";\n");
}

void ddl_step(Buf *b, const Diff *d, const Step *s, bool alone) {
  static void (*const writers[])(Buf *, const Step *) = {
      [STEP_CREATE_SCHEMA] = create_schema,
      [STEP_DROP_EXTENSION] = drop_extension,
      [STEP_CREATE_EXTENSION] = create_extension,
      [STEP_ALTER_EXTENSION] = alter_extension,
      [STEP_CREATE_ENUM] = create_enum,
      [STEP_DROP_KEY] = drop_key,
      [STEP_DROP_INDEX] = drop_index,
      [STEP_DROP_TABLE] = drop_table,
      [STEP_DROP_ENUM] = drop_enum,
      [STEP_CREATE_TABLE] = create_table,
      [STEP_CREATE_INDEX] = create_index,
      [STEP_RENAME_KEY] = rename_key,
      [STEP_ADD_KEY] = add_key,
      [STEP_RENAME_INDEX] = rename_index,
  };
  if (s->kind == STEP_ALTER_TABLE)
    ddl_alter_table(b, d, s);
  else if (s->kind == STEP_ALTER_ENUM)
    ddl_alter_enum(b, d, s, alone);
  else
    writers[s->kind](b, s);
}

Slice ddl_script(const Diff *d) {
  Buf b = buf_in(d->arena);
  if (!d->n) return SLICE("-- This is an empty migration.");
  for (uint32_t i = 0; i < d->n; i++) {
    Buf step = buf_in(d->arena);
    ddl_step(&step, d, &d->steps[i], true);
    if (!step.n) continue;
    buf_printf(&b, "%s-- %s\n", b.n ? "\n" : "", ddl_heading(d->steps[i].kind));
    buf_slice_add(&b, buf_slice(&step));
  }
  return buf_slice(&b);
}
