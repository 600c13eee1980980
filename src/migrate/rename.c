#include "migrate/rename.h"

#include "base/vec.h"
#include "migrate/ddl.h"

typedef struct Finding {
  Arena *arena;
  const Catalog *from, *to;
  const Rename *known;
  uint32_t n_known;
  Rename *items;
  uint32_t n;
} Finding;

static bool same(const Rename *r, RenameKind kind, Slice of, Slice from, Slice to) {
  return r->kind == kind && slice_eq(r->of, of) && slice_eq(r->from, from) && slice_eq(r->to, to);
}

/* Is the old or the new name part of a finding already? */
static bool taken(const Finding *f, RenameKind kind, Slice of, Slice from, Slice to) {
  for (uint32_t i = 0; i < f->n; i++) {
    const Rename *r = &f->items[i];
    if (r->kind == kind && slice_eq(r->of, of) && (slice_eq(r->from, from) || slice_eq(r->to, to)))
      return true;
  }
  return false;
}

static bool is_known(const Finding *f, RenameKind kind, Slice of, Slice from, Slice to) {
  for (uint32_t i = 0; i < f->n_known; i++)
    if (same(&f->known[i], kind, of, from, to)) return true;
  return false;
}

static void add(Finding *f, RenameKind kind, Slice schema, Slice of, Slice from, Slice to) {
  if (taken(f, kind, of, from, to) || is_known(f, kind, of, from, to)) return;
  *VEC_PUSH(f->arena, f->items, f->n) =
      (Rename){.kind = kind, .schema = schema, .of = of, .from = from, .to = to};
}

/* --- columns --- */

static bool same_type(const Column *x, const Column *y) {
  const ColumnType *a = &x->type, *b = &y->type;
  bool enums = a->enum_ && b->enum_ ? slice_eq(a->enum_->name, b->enum_->name) : a->enum_ == b->enum_;
  bool lists = (x->arity == ARITY_LIST) == (y->arity == ARITY_LIST);
  return enums && lists && a->native == b->native && slice_eq(a->text, b->text);
}

static bool gone(const DbTable *from, const DbTable *to, const Column *c) {
  return c->table == from && !table_column(to, c->name);
}

static bool near_names(Slice x, Slice y) { return slice_nearest(x, &y, 1).n > 0; }

/* Of what is gone from the table, what is most like the new column; the first one when they are alike. */
static const Column *likeliest(const DbTable *from, const DbTable *to, const Column *new, const Finding *f) {
  const Column *best = NULL;
  int best_score = -1;
  for (uint32_t i = 0; i < from->n_columns; i++) {
    const Column *c = &from->columns[i];
    if (!gone(from, to, c) || !same_type(c, new)) continue;
    if (taken(f, RENAME_COLUMN, from->name, c->name, new->name) ||
        is_known(f, RENAME_COLUMN, from->name, c->name, new->name))
      continue;
    int score =
        4 * near_names(c->name, new->name) + 2 * (c->arity == new->arity) + (c->def.form == new->def.form);
    if (score <= best_score) continue;
    best = c;
    best_score = score;
  }
  return best;
}

static void find_columns(Finding *f, const DbTable *from, const DbTable *to) {
  for (uint32_t i = 0; i < to->n_columns; i++) {
    const Column *new = &to->columns[i];
    const Column *old = table_column(from, new->name) ? NULL : likeliest(from, to, new, f);
    if (old) add(f, RENAME_COLUMN, from->schema, from->name, old->name, new->name);
  }
}

/* --- tables --- */

/* At least half of the columns of both are the same. */
static bool alike(const DbTable *x, const DbTable *y) {
  uint32_t shared = 0;
  for (uint32_t i = 0; i < x->n_columns; i++) {
    const Column *c = table_column(y, x->columns[i].name);
    shared += c && same_type(&x->columns[i], c);
  }
  return shared && 2 * shared >= x->n_columns && 2 * shared >= y->n_columns;
}

static void find_tables(Finding *f) {
  const Catalog *from = f->from, *to = f->to;
  for (uint32_t i = 0; i < to->n_tables; i++) {
    const DbTable *new = to->tables[i];
    const DbTable *old = catalog_table(from, catalog_schema_of(to, new->schema), new->name);
    if (old) find_columns(f, old, new);
    for (uint32_t k = 0; !old && k < from->n_tables; k++) {
      const DbTable *t = from->tables[k];
      bool here = slice_eq(catalog_schema_of(from, t->schema), catalog_schema_of(to, new->schema));
      if (here && !catalog_table(to, catalog_schema_of(from, t->schema), t->name) && alike(t, new))
        add(f, RENAME_TABLE, t->schema, SLICE(""), t->name, new->name);
    }
  }
}

/* --- enums --- */

static bool has_value(const DbEnum *e, Slice value) {
  for (uint32_t i = 0; i < e->n_values; i++)
    if (slice_eq(e->values[i], value)) return true;
  return false;
}

/* A value that is gone, where there is another one in its place. */
static void find_values(Finding *f, const DbEnum *from, const DbEnum *to) {
  if (from->n_values != to->n_values) return;
  for (uint32_t i = 0; i < from->n_values; i++)
    if (!has_value(to, from->values[i]) && !has_value(from, to->values[i]))
      add(f, RENAME_VALUE, from->schema, from->name, from->values[i], to->values[i]);
}

static bool enums_alike(const DbEnum *x, const DbEnum *y) {
  uint32_t shared = 0;
  for (uint32_t i = 0; i < x->n_values; i++) shared += has_value(y, x->values[i]);
  return shared && 2 * shared >= x->n_values && 2 * shared >= y->n_values;
}

static void find_enums(Finding *f) {
  const Catalog *from = f->from, *to = f->to;
  for (uint32_t i = 0; i < to->n_enums; i++) {
    const DbEnum *new = to->enums[i];
    const DbEnum *old = catalog_enum(from, catalog_schema_of(to, new->schema), new->name);
    if (old) find_values(f, old, new);
    for (uint32_t k = 0; !old && k < from->n_enums; k++) {
      const DbEnum *e = from->enums[k];
      bool here = slice_eq(catalog_schema_of(from, e->schema), catalog_schema_of(to, new->schema));
      if (here && !catalog_enum(to, catalog_schema_of(from, e->schema), e->name) && enums_alike(e, new))
        add(f, RENAME_ENUM, e->schema, SLICE(""), e->name, new->name);
    }
  }
}

void rename_find(Arena *a, const Catalog *from, const Catalog *to, const Rename *known, uint32_t n_known,
                 Rename **out, uint32_t *n) {
  Finding f = {.arena = a, .from = from, .to = to, .known = known, .n_known = n_known};
  find_tables(&f);
  find_enums(&f);
  *out = f.items;
  *n = f.n;
}

/* --- carrying out --- */

static bool impossible(const Rename *r, bool missing, Err *e) {
  Slice name = missing ? r->from : r->to;
  return err_set(e, ERR_USAGE, "%.*s%s%.*s cannot be renamed: %s", SLICE_ARGS(r->of), r->of.n ? "." : "",
                 SLICE_ARGS(name), missing ? "it is not there" : "something else has that name already");
}

/* The place of the name in the catalog; NULL: it is not there. */
static Slice *find_name(Catalog *c, const Rename *r, Slice name) {
  DbTable *t = catalog_table(c, catalog_schema_of(c, r->schema), r->of.n ? r->of : name);
  DbEnum *e = catalog_enum(c, catalog_schema_of(c, r->schema), r->of.n ? r->of : name);
  Column *column = t && r->kind == RENAME_COLUMN ? table_column(t, name) : NULL;
  switch (r->kind) {
    case RENAME_TABLE: return t ? &t->name : NULL;
    case RENAME_ENUM: return e ? &e->name : NULL;
    case RENAME_COLUMN: return column ? &column->name : NULL;
    case RENAME_VALUE:
      for (uint32_t i = 0; e && i < e->n_values; i++)
        if (slice_eq(e->values[i], name)) return &e->values[i];
      return NULL;
  }
  return NULL;
}

/* Defaults name the values of enums. */
static void rename_defaults(Catalog *c, const Rename *r) {
  for (uint32_t i = 0; r->kind == RENAME_VALUE && i < c->n_tables; i++)
    for (uint32_t k = 0; k < c->tables[i]->n_columns; k++) {
      Column *column = &c->tables[i]->columns[k];
      ColumnDefault *def = &column->def;
      if (!column->type.enum_ || !slice_eq(column->type.enum_->name, r->of)) continue;
      if (def->form == FORM_VALUE && slice_eq(def->text, r->from)) def->text = r->to;
      for (uint32_t v = 0; def->form == FORM_LIST && v < def->n_items; v++)
        if (slice_eq(def->items[v], r->from)) def->items[v] = r->to;
    }
}

/* "A.b" is a column of a table, or a value of an enum; "A" is a table, or an enum. */
static Rename with_kind(Catalog *c, Rename r) {
  static const RenameKind whole[] = {RENAME_TABLE, RENAME_ENUM}, parts[] = {RENAME_COLUMN, RENAME_VALUE};
  for (int i = 1; r.named && i >= 0; i--) {
    Rename guess = r;
    guess.kind = r.of.n ? parts[i] : whole[i];
    if (i == 0 || find_name(c, &guess, guess.from)) return guess;
  }
  return r;
}

bool rename_apply(Catalog *c, const Rename *said, Buf *script, Err *e) {
  Rename r = with_kind(c, *said);
  Slice *name = find_name(c, &r, r.from);
  if (!name) return impossible(&r, true, e);
  if (find_name(c, &r, r.to)) return impossible(&r, false, e);
  ddl_rename(script, &r);
  *name = r.to;
  rename_defaults(c, &r);
  return true;
}
