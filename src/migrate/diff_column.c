/* What is different between two columns of one name. */
#include <strings.h>

#include "migrate/diff.h"
#include "migrate/introspect.h"
#include "migrate/json_same.h"

static bool is_number(ScalarType s) {
  return s == SCALAR_INT || s == SCALAR_BIGINT || s == SCALAR_FLOAT || s == SCALAR_DECIMAL;
}

/* "-0012.50" as sign, "12", "5": zeros that say nothing taken off. */
static Slice number_part(Slice s, bool fraction) {
  const char *point = memchr(s.p, '.', s.n);
  uint32_t whole = point ? (uint32_t)(point - s.p) : s.n;
  Slice part =
      fraction ? (Slice){s.p + whole + (point != NULL), s.n - whole - (point != NULL)} : (Slice){s.p, whole};
  while (fraction && part.n && part.p[part.n - 1] == '0') part.n--;
  while (!fraction && part.n && part.p[0] == '0') part = (Slice){part.p + 1, part.n - 1};
  return part;
}

static bool number_same(Slice a, Slice b) {
  bool minus_a = a.n && a.p[0] == '-', minus_b = b.n && b.p[0] == '-';
  if (minus_a) a = (Slice){a.p + 1, a.n - 1};
  if (minus_b) b = (Slice){b.p + 1, b.n - 1};
  Slice whole = number_part(a, false), fraction = number_part(a, true);
  bool zero = !whole.n && !fraction.n;
  return slice_eq(whole, number_part(b, false)) && slice_eq(fraction, number_part(b, true)) &&
         (zero || minus_a == minus_b);
}

static bool value_same(Arena *a, const ColumnType *type, Slice left, Slice right) {
  if (slice_eq(left, right)) return true;
  if (type->native == NATIVE_COUNT) return false;
  ScalarType s = native_scalar(type->native);
  if (s == SCALAR_JSON) return json_same(a, left, right);
  if (s == SCALAR_DATETIME) return true; /* too many spellings of one moment */
  if (s == SCALAR_BOOLEAN || s == SCALAR_BYTES || type->native == NATIVE_Uuid)
    return left.n == right.n && strncasecmp(left.p, right.p, left.n) == 0;
  return is_number(s) && number_same(left, right);
}

static bool list_same(Arena *a, const ColumnType *type, const ColumnDefault *from, const ColumnDefault *to) {
  if (from->n_items != to->n_items) return false;
  for (uint32_t i = 0; i < from->n_items; i++)
    if (!value_same(a, type, from->items[i], to->items[i])) return false;
  return true;
}

static bool is_datetime(const ColumnType *t) {
  return t->native != NATIVE_COUNT && native_scalar(t->native) == SCALAR_DATETIME;
}

/* A moment in a default, which the database spells in its own way. */
static bool both_moments(const Column *from, const Column *to) {
  const ColumnDefault *old = &from->def, *new = &to->def;
  if (!is_datetime(&from->type) || !is_datetime(&to->type)) return false;
  bool literal = old->form == FORM_VALUE || new->form == FORM_VALUE;
  bool list = (old->form == FORM_LIST && new->form == FORM_EXPRESSION) ||
              (old->form == FORM_EXPRESSION && new->form == FORM_LIST);
  return literal || list;
}

static bool expression_default_same(Arena *a, const ColumnDefault *old, const ColumnDefault *new) {
  if (!new->text.n) return true; /* dbgenerated(): whatever there is */
  if (new->text.n == 4 && strncasecmp(new->text.p, "null", 4) == 0) return old->form == FORM_NONE;
  if (old->raw.n || new->raw.n)
    return introspect_same(a, old->raw.n ? old->raw : old->text, new->raw.n ? new->raw : new->text);
  return old->form == FORM_EXPRESSION &&
         old->text.n == new->text.n &&strncasecmp(old->text.p, new->text.p, new->text.n) == 0;
}

static bool default_same(Arena *a, const Column *from, const Column *to) {
  const ColumnDefault *old = &from->def, *new = &to->def;
  if (from->generated || to->generated) return true;
  if (new->form == FORM_EXPRESSION) return expression_default_same(a, old, new);
  if (new->form == FORM_SEQUENCE) return true; /* whether a column counts is compared apart */
  if (new->form == FORM_NONE) return old->form == FORM_NONE || old->form == FORM_SEQUENCE;
  if (old->form == FORM_NONE) return false;
  if (both_moments(from, to)) return true;
  if (old->form == FORM_EXPRESSION && old->raw.n && new->raw.n) return introspect_same(a, old->raw, new->raw);
  if (old->form != new->form) return false;
  if (old->form == FORM_VALUE) return value_same(a, &to->type, old->text, new->text);
  return old->form != FORM_LIST || list_same(a, &to->type, old, new);
}

ColumnChanges column_changes(Arena *a, const Column *from, const Column *to) {
  ColumnChanges c = {.cast = cast_of(from, to)};
  c.type = c.cast != CAST_NONE;
  c.arity = from->arity != to->arity;
  c.def = !default_same(a, from, to);
  c.serial = from->serial != to->serial;
  return c;
}

bool column_changed(const ColumnChanges *c) { return c->type || c->arity || c->def || c->serial; }
