/* The condition of a partial index: where: raw("…"), or where: { published: true, deletedAt: null,
 * status: { not: "draft" } }, which becomes SQL here. It is DDL, where no parameter can stand: names and
 * literals are quoted, numbers and booleans are words of the schema's grammar. */
#include "psl/validate.h"

static void quote(Buf *to, char mark, Slice text) {
  buf_byte(to, mark);
  for (uint32_t i = 0; i < text.n; i++) {
    if (text.p[i] == mark) buf_byte(to, mark);
    buf_byte(to, text.p[i]);
  }
  buf_byte(to, mark);
}

static bool is_null(const Expr *e) { return e->kind == EXPR_CONSTANT && slice_is(e->text, "null"); }

static bool is_literal(const Expr *e) {
  return e->kind == EXPR_NUMBER || e->kind == EXPR_STRING || is_null(e) ||
         (e->kind == EXPR_CONSTANT && (slice_is(e->text, "true") || slice_is(e->text, "false")));
}

/* `value` of {field: value}, or of {field: {not: value}}; NULL: it is neither. */
static const Expr *condition_value(const Expr *e, bool *negated) {
  *negated = e->kind == EXPR_OBJECT && e->args.n == 1 && slice_is(e->args.items[0].name, "not");
  if (*negated) e = e->args.items[0].value;
  return is_literal(e) ? e : NULL;
}

bool rules_index_where(Rules *x, const IndexInfo *i) {
  const Expr *e = i->where;
  bool ignored;
  if (e->kind == EXPR_CALL && slice_is(e->text, "raw") && e->args.n == 1 &&
      e->args.items[0].value->kind == EXPR_STRING && e->args.items[0].value->text.n)
    return true;
  bool good = e->kind == EXPR_OBJECT && e->args.n;
  for (uint32_t k = 0; good && k < e->args.n; k++) {
    const FieldInfo *f = model_find(i->model, e->args.items[k].name);
    good = f && !f->is_relation && condition_value(e->args.items[k].value, &ignored);
  }
  if (!good)
    error_attribute(
        x->r, index_sign(i), i->attr->name, e->span,
        "The `where` argument must be `raw(\"…\")` or an object of the model's scalar fields: a literal, "
        "`null` or `{ not: … }` each.");
  return good;
}

static void print_condition(Buf *to, const FieldInfo *f, const Expr *e) {
  bool negated;
  const Expr *value = condition_value(e, &negated);
  quote(to, '"', f->mapped.p ? f->mapped : f->field->name);
  if (is_null(value)) {
    buf_text(to, negated ? " IS NOT NULL" : " IS NULL");
    return;
  }
  buf_text(to, negated ? " <> " : " = ");
  if (value->kind == EXPR_STRING) {
    quote(to, '\'', value->text);
  } else {
    buf_slice_add(to, value->text);
  }
}

Slice index_where(Resolver *r, const IndexInfo *i) {
  const Expr *e = i->where;
  Buf sql = buf_in(r->arena);
  if (!e) return (Slice){"", 0};
  if (e->kind == EXPR_CALL) return slice_copy(r->arena, e->args.items[0].value->text);
  for (uint32_t k = 0; k < e->args.n; k++) {
    if (k) buf_text(&sql, " AND ");
    print_condition(&sql, model_find(i->model, e->args.items[k].name), e->args.items[k].value);
  }
  return buf_slice(&sql);
}
