#include "migrate/summary.h"

#include <stdlib.h>

#include "base/buf.h"

typedef enum Section { /* in the order in which they stand */
  SECTION_CHANGED_EXTENSION,
  SECTION_REMOVED_EXTENSIONS,
  SECTION_ADDED_EXTENSIONS,
  SECTION_ADDED_ENUMS,
  SECTION_ADDED_TABLES,
  SECTION_REMOVED_ENUMS,
  SECTION_REMOVED_TABLES,
  SECTION_CHANGED_ENUM,
  SECTION_CHANGED_TABLE,
  SECTION_NONE
} Section;

typedef struct Entry {
  Section section;
  Slice item; /* what changed; empty where a section lists several */
  const Step *step;
} Entry;

static Entry entry_of(const Step *s) {
  Entry e = {SECTION_CHANGED_TABLE, {"", 0}, s};
  switch (s->kind) {
    case STEP_CREATE_SCHEMA: e.section = SECTION_NONE; break;
    case STEP_DROP_EXTENSION: e.section = SECTION_REMOVED_EXTENSIONS; break;
    case STEP_CREATE_EXTENSION: e.section = SECTION_ADDED_EXTENSIONS; break;
    case STEP_ALTER_EXTENSION:
      e.section = SECTION_CHANGED_EXTENSION;
      e.item = s->u.extension.from->name;
      break;
    case STEP_CREATE_ENUM: e.section = SECTION_ADDED_ENUMS; break;
    case STEP_DROP_ENUM: e.section = SECTION_REMOVED_ENUMS; break;
    case STEP_ALTER_ENUM:
      e.section = SECTION_CHANGED_ENUM;
      e.item = s->u.enum_.from->name;
      break;
    case STEP_CREATE_TABLE: e.section = SECTION_ADDED_TABLES; break;
    case STEP_DROP_TABLE: e.section = SECTION_REMOVED_TABLES; break;
    case STEP_ALTER_TABLE: e.item = s->u.table.from->name; break;
    case STEP_DROP_KEY:
    case STEP_RENAME_KEY: e.item = s->u.key.from->table->name; break;
    case STEP_ADD_KEY: e.item = s->u.key.to->table->name; break;
    case STEP_DROP_INDEX:
    case STEP_RENAME_INDEX: e.item = s->u.index.from->table->name; break;
    case STEP_CREATE_INDEX: e.item = s->u.index.to->table->name; break;
  }
  return e;
}

static int compare_entries(const void *a, const void *b) {
  const Entry *x = a, *y = b;
  if (x->section != y->section) return x->section < y->section ? -1 : 1;
  int d = slice_compare(x->item, y->item);
  if (d) return d;
  return x->step < y->step ? -1 : x->step > y->step;
}

static void put_heading(Buf *b, const Entry *e) {
  static const char *const plain[] = {
      [SECTION_REMOVED_EXTENSIONS] = "[-] Removed extensions",
      [SECTION_ADDED_EXTENSIONS] = "[+] Added extensions",
      [SECTION_ADDED_ENUMS] = "[+] Added enums",
      [SECTION_ADDED_TABLES] = "[+] Added tables",
      [SECTION_REMOVED_ENUMS] = "[-] Removed enums",
      [SECTION_REMOVED_TABLES] = "[-] Removed tables",
  };
  static const char *const kinds[] = {[SECTION_CHANGED_EXTENSION] = "extension",
                                      [SECTION_CHANGED_ENUM] = "enum",
                                      [SECTION_CHANGED_TABLE] = "table"};
  if (e->item.n)
    buf_printf(b, "\n[*] Changed the `%.*s` %s\n", SLICE_ARGS(e->item), kinds[e->section]);
  else
    buf_printf(b, "\n%s\n", plain[e->section]);
}

/* --- lines --- */

static void put_index_columns(Buf *b, const DbIndex *x) {
  for (uint32_t i = 0; i < x->n_columns; i++)
    buf_printf(b, "%s%.*s", i ? ", " : "", SLICE_ARGS(x->columns[i].column->name));
  buf_text(b, ")\n");
}

static void put_key_columns(Buf *b, const ForeignKey *k) {
  for (uint32_t i = 0; i < k->n_columns; i++)
    buf_printf(b, "%s%.*s", i ? ", " : "", SLICE_ARGS(k->columns[i]->name));
  buf_text(b, ")\n");
}

static const char *arity_name(Arity a) {
  return a == ARITY_REQUIRED ? "Required" : a == ARITY_OPTIONAL ? "Nullable" : "List";
}

static void put_column_changes(Buf *b, const TableChange *c) {
  const char *between = "";
  buf_byte(b, '(');
  if (c->changes.arity) {
    buf_printf(b, "changed from %s to %s", arity_name(c->from->arity), arity_name(c->to->arity));
    between = ", ";
  }
  if (c->changes.def) {
    buf_printf(b, "%sdefault changed", between);
    between = ", ";
  }
  if (c->changes.type) {
    buf_printf(b, "%stype changed", between);
    between = ", ";
  }
  if (c->changes.serial)
    buf_printf(b, "%scolumn %s autoincrementing", between, c->to->serial ? "became" : "is no longer");
  buf_text(b, ")\n");
}

static void put_change(Buf *b, const Step *s, const TableChange *c) {
  switch (c->kind) {
    case CHANGE_ADD_COLUMN: buf_printf(b, "  [+] Added column `%.*s`\n", SLICE_ARGS(c->to->name)); return;
    case CHANGE_DROP_COLUMN:
      buf_printf(b, "  [-] Removed column `%.*s`\n", SLICE_ARGS(c->from->name));
      return;
    case CHANGE_ALTER_COLUMN:
      buf_printf(b, "  [*] Altered column `%.*s` ", SLICE_ARGS(c->to->name));
      put_column_changes(b, c);
      return;
    case CHANGE_RECREATE_COLUMN:
      buf_printf(b, "  [*] Column `%.*s` would be dropped and recreated ", SLICE_ARGS(c->to->name));
      put_column_changes(b, c);
      return;
    case CHANGE_DROP_PRIMARY: buf_text(b, "  [-] Dropped the primary key on columns ("); break;
    case CHANGE_RENAME_PRIMARY: buf_text(b, "  [*] Renamed the primary key on columns ("); break;
    case CHANGE_ADD_PRIMARY: buf_text(b, "  [+] Added primary key on columns ("); break;
  }
  put_index_columns(b, c->kind == CHANGE_ADD_PRIMARY ? s->u.table.to->primary : s->u.table.from->primary);
}

static void put_values(Buf *b, const char *words, const Slice *values, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) buf_printf(b, "  %s variant `%.*s`\n", words, SLICE_ARGS(values[i]));
}

static void put_item(Buf *b, Slice name) { buf_printf(b, "  - %.*s\n", SLICE_ARGS(name)); }

static void put_step(Buf *b, const Step *s) {
  switch (s->kind) {
    case STEP_CREATE_EXTENSION: put_item(b, s->u.extension.to->name); return;
    case STEP_DROP_EXTENSION: put_item(b, s->u.extension.from->name); return;
    case STEP_CREATE_ENUM: put_item(b, s->u.enum_.to->name); return;
    case STEP_DROP_ENUM: put_item(b, s->u.enum_.from->name); return;
    case STEP_CREATE_TABLE: put_item(b, s->u.table.to->name); return;
    case STEP_DROP_TABLE: put_item(b, s->u.table.from->name); return;
    case STEP_ALTER_ENUM:
      put_values(b, "[+] Added", s->u.enum_.added, s->u.enum_.n_added);
      put_values(b, "[-] Removed", s->u.enum_.dropped, s->u.enum_.n_dropped);
      return;
    case STEP_ALTER_TABLE:
      for (uint32_t i = 0; i < s->u.table.n_changes; i++) put_change(b, s, &s->u.table.changes[i]);
      return;
    case STEP_DROP_KEY:
      buf_text(b, "  [-] Removed foreign key on columns (");
      put_key_columns(b, s->u.key.from);
      return;
    case STEP_ADD_KEY:
      buf_text(b, "  [+] Added foreign key on columns (");
      put_key_columns(b, s->u.key.to);
      return;
    case STEP_RENAME_KEY:
      buf_printf(b, "  [*] Renamed the foreign key \"%.*s\" to \"%.*s\"\n", SLICE_ARGS(s->u.key.from->name),
                 SLICE_ARGS(s->u.key.to->name));
      return;
    case STEP_DROP_INDEX:
      buf_printf(b, "  [-] Removed %sindex on columns (", s->u.index.from->unique ? "unique " : "");
      put_index_columns(b, s->u.index.from);
      return;
    case STEP_CREATE_INDEX:
      buf_printf(b, "  [+] Added %sindex on columns (", s->u.index.to->unique ? "unique " : "");
      put_index_columns(b, s->u.index.to);
      return;
    case STEP_RENAME_INDEX:
      buf_printf(b, "  [*] Renamed index `%.*s` to `%.*s`\n", SLICE_ARGS(s->u.index.from->name),
                 SLICE_ARGS(s->u.index.to->name));
      return;
    default: return;
  }
}

Slice diff_summary(const Diff *d) {
  Buf b = buf_in(d->arena);
  Entry *entries = ARENA_ARRAY(d->arena, Entry, d->n + 1);
  if (!d->n) return SLICE("No difference detected.");
  for (uint32_t i = 0; i < d->n; i++) entries[i] = entry_of(&d->steps[i]);
  qsort(entries, d->n, sizeof *entries, compare_entries);
  for (uint32_t i = 0; i < d->n && entries[i].section != SECTION_NONE; i++) {
    const Entry *last = i ? &entries[i - 1] : NULL;
    if (!last || last->section != entries[i].section || !slice_eq(last->item, entries[i].item))
      put_heading(&b, &entries[i]);
    put_step(&b, entries[i].step);
  }
  return buf_slice(&b);
}
