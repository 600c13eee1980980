#include "migrate/check.h"

#include <inttypes.h>

#include "base/vec.h"
#include "migrate/introspect.h"

typedef struct Checker {
  Arena *arena;
  Session *session;
  Checks *out;
  Err *e;
  bool good;
} Checker;

typedef struct Counts { /* -1: not known */
  int64_t rows, values;
} Counts;

static Counts count(Checker *c, const DbTable *t, const Column *column) {
  Counts n = {-1, -1};
  if (c->session && c->good)
    c->good = introspect_count(c->session, c->arena, t, column, &n.rows, &n.values, c->e);
  return n;
}

static void warn(Checker *c, Slice text) { *VEC_PUSH(c->arena, c->out->warnings, c->out->n_warnings) = text; }
static void refuse(Checker *c, Slice text) {
  *VEC_PUSH(c->arena, c->out->unexecutable, c->out->n_unexecutable) = text;
}

static Slice type_text(Arena *a, const Column *c) {
  static const char *const names[] = {
#define NATIVE(id, scalar, type, args) #id,
#include "psl/natives.def"
#undef NATIVE
  };
  const ColumnType *t = &c->type;
  if (t->native == NATIVE_COUNT) return t->enum_ ? t->enum_->name : t->text;
  if (t->n_args == 2) return slice_printf(a, "%s(%u,%u)", names[t->native], t->args[0], t->args[1]);
  if (t->n_args == 1) return slice_printf(a, "%s(%u)", names[t->native], t->args[0]);
  return slice_of(names[t->native]);
}

#define NAMES(column) SLICE_ARGS((column)->name), SLICE_ARGS((column)->table->name)

/* --- columns --- */

static void check_drop_column(Checker *c, const Column *column) {
  Counts n = count(c, column->table, column);
  if (n.rows == 0 || n.values == 0) return;
  if (n.values < 0)
    warn(c, slice_printf(c->arena,
                         "You are about to drop the column `%.*s` on the `%.*s` table. All the data in the "
                         "column will be lost.",
                         NAMES(column)));
  else
    warn(c, slice_printf(c->arena,
                         "You are about to drop the column `%.*s` on the `%.*s` table, which still contains "
                         "%" PRId64 " non-null values.",
                         NAMES(column), n.values));
}

/* `from`: the table as it is; the column is of the table as it will be. */
static void check_add_column(Checker *c, const DbTable *from, const Column *column) {
  if (!column_is_required(column) || column->def.form != FORM_NONE) return;
  Counts n = count(c, from, NULL);
  if (n.rows == 0) return;
  Slice why = SLICE("This is not possible if the table is not empty.");
  if (n.rows > 0)
    why = slice_printf(c->arena,
                       "There are %" PRId64 " rows in this table, it is not possible to execute this step.",
                       n.rows);
  if (column->client_default)
    refuse(c, slice_printf(c->arena,
                           "The required column `%.*s` was added to the `%.*s` table with a prisma-level "
                           "default value. %.*s Please add this column as optional, then populate it before "
                           "making it required.",
                           NAMES(column), SLICE_ARGS(why)));
  else
    refuse(c, slice_printf(c->arena,
                           "Added the required column `%.*s` to the `%.*s` table without a default value. "
                           "%.*s",
                           NAMES(column), SLICE_ARGS(why)));
}

static void check_required(Checker *c, const Column *column) {
  Counts n = count(c, column->table, column);
  if (n.rows >= 0 && n.rows == n.values) return;
  if (n.rows < 0)
    refuse(c, slice_printf(c->arena,
                           "Made the column `%.*s` on table `%.*s` required. This step will fail if there "
                           "are existing NULL values in that column.",
                           NAMES(column)));
  else
    refuse(c, slice_printf(c->arena,
                           "Made the column `%.*s` on table `%.*s` required, but there are %" PRId64
                           " existing NULL values.",
                           NAMES(column), n.rows - n.values));
}

static void check_cast(Checker *c, const TableChange *change) {
  const Column *column = change->from;
  Slice from = type_text(c->arena, column), to = type_text(c->arena, change->to);
  Counts n = count(c, column->table, column);
  if (n.rows == 0 || n.values == 0) return;
  if (n.values < 0)
    warn(c, slice_printf(c->arena,
                         "You are about to alter the column `%.*s` on the `%.*s` table. The data in that "
                         "column could be lost. The data in that column will be cast from `%.*s` to `%.*s`.",
                         NAMES(column), SLICE_ARGS(from), SLICE_ARGS(to)));
  else
    warn(c, slice_printf(c->arena,
                         "You are about to alter the column `%.*s` on the `%.*s` table, which contains "
                         "%" PRId64 " non-null values. The data in that column will be cast from `%.*s` to "
                         "`%.*s`.",
                         NAMES(column), n.values, SLICE_ARGS(from), SLICE_ARGS(to)));
}

static void check_alter_column(Checker *c, const TableChange *change) {
  bool optional = change->from->arity == ARITY_OPTIONAL;
  if (change->changes.arity && optional && column_is_required(change->to)) check_required(c, change->from);
  if (change->changes.cast == CAST_RISKY) check_cast(c, change);
}

static void check_recreate_required(Checker *c, const Column *column) {
  Counts n = count(c, column->table, NULL);
  if (n.rows == 0) return;
  const char *why = n.rows < 0 ? "which cannot be done if there is data, since the column is required."
                               : "which cannot be done since the column is required and there is data in "
                                 "the table.";
  refuse(c, slice_printf(c->arena,
                         "Changed the type of `%.*s` on the `%.*s` table. No cast exists, the column would "
                         "be dropped and recreated, %s",
                         NAMES(column), why));
}

static void check_recreate_column(Checker *c, const TableChange *change) {
  const Column *column = change->from;
  bool needs_value = column_is_required(change->to) && change->to->def.form == FORM_NONE;
  if (needs_value && column->arity == ARITY_OPTIONAL) {
    check_add_column(c, column->table, change->to);
  } else if (needs_value) {
    check_recreate_required(c, column);
  } else {
    Counts n = count(c, column->table, column);
    if (n.rows == 0 || n.values == 0) return;
    warn(c, slice_printf(c->arena,
                         "The `%.*s` column on the `%.*s` table would be dropped and recreated. This will "
                         "lead to data loss%s.",
                         NAMES(column), n.values < 0 ? " if there is data in the column" : ""));
  }
}

/* --- tables and types --- */

static void check_primary(Checker *c, const DbTable *t) {
  if (count(c, t, NULL).rows == 0) return;
  warn(c, slice_printf(c->arena,
                       "The primary key for the `%.*s` table will be changed. If it partially fails, the "
                       "table could be left without primary key constraint.",
                       SLICE_ARGS(t->name)));
}

static void check_change(Checker *c, const Step *s, const TableChange *change) {
  switch (change->kind) {
    case CHANGE_DROP_COLUMN: check_drop_column(c, change->from); return;
    case CHANGE_ADD_COLUMN: check_add_column(c, s->u.table.from, change->to); return;
    case CHANGE_ALTER_COLUMN: check_alter_column(c, change); return;
    case CHANGE_RECREATE_COLUMN: check_recreate_column(c, change); return;
    case CHANGE_DROP_PRIMARY: check_primary(c, s->u.table.from); return;
    default: return;
  }
}

static void check_drop_table(Checker *c, const DbTable *t) {
  int64_t rows = count(c, t, NULL).rows;
  if (rows == 0) return;
  if (rows < 0)
    warn(c, slice_printf(c->arena,
                         "You are about to drop the `%.*s` table. If the table is not empty, all the data it "
                         "contains will be lost.",
                         SLICE_ARGS(t->name)));
  else
    warn(c, slice_printf(c->arena,
                         "You are about to drop the `%.*s` table, which is not empty (%" PRId64 " rows).",
                         SLICE_ARGS(t->name), rows));
}

static Slice list(Arena *a, const Slice *items, uint32_t n) {
  Buf b = buf_in(a);
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_byte(&b, ',');
    buf_slice_add(&b, items[i]);
  }
  return buf_slice(&b);
}

static void check_unique(Checker *c, const Step *s) {
  const DbIndex *x = s->u.index.to;
  if (!s->order[0] || s->u.index.recreated || !x->unique) return; /* order[0]: 0 on a table that is new */
  Slice *names = ARENA_ARRAY(c->arena, Slice, x->n_columns);
  for (uint32_t i = 0; i < x->n_columns; i++) names[i] = x->columns[i].column->name;
  Slice columns = list(c->arena, names, x->n_columns);
  warn(c, slice_printf(c->arena,
                       "A unique constraint covering the columns `[%.*s]` on the table `%.*s` will be added. "
                       "If there are existing duplicate values, this will fail.",
                       SLICE_ARGS(columns), SLICE_ARGS(x->table->name)));
}

static void check_enum(Checker *c, const Step *s) {
  if (!s->u.enum_.n_dropped) return;
  Slice values = list(c->arena, s->u.enum_.dropped, s->u.enum_.n_dropped);
  warn(c, slice_printf(c->arena,
                       "The values [%.*s] on the enum `%.*s` will be removed. If these variants are still "
                       "used in the database, this will fail.",
                       SLICE_ARGS(values), SLICE_ARGS(s->u.enum_.to->name)));
}

static void check_step(Checker *c, const Step *s) {
  switch (s->kind) {
    case STEP_ALTER_TABLE:
      for (uint32_t i = 0; i < s->u.table.n_changes; i++) check_change(c, s, &s->u.table.changes[i]);
      return;
    case STEP_DROP_TABLE: check_drop_table(c, s->u.table.from); return;
    case STEP_CREATE_INDEX: check_unique(c, s); return;
    case STEP_ALTER_ENUM: check_enum(c, s); return;
    default: return;
  }
}

bool check_steps(Arena *a, Session *session, const Diff *d, Checks *out, Err *e) {
  Checker c = {.arena = a, .session = session, .out = out, .e = e, .good = true};
  *out = (Checks){0};
  for (uint32_t i = 0; i < d->n && c.good; i++) check_step(&c, &d->steps[i]);
  return c.good;
}
