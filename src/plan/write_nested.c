/* Nested writes: what the two ends of relations share. */
#include "base/vec.h"
#include "plan/write.h"

Nested nested_new(Builder *b, const Field *f, Row *row, bool creating) {
  return (Nested){.b = b,
                  .row = row,
                  .field = f,
                  .target = field_target(f),
                  .back = f->relation->side[!f->side].field,
                  .creating = creating};
}

bool nested_each(const Nested *x, const Path *at, const Arg *value, Element *element) {
  Builder *b = x->b;
  bool many = x->field->arity == ARITY_LIST;
  if (!many && value->kind == ARG_EMPTY) return element(x, at, value);
  if (value->kind == ARG_EMPTY || (value->kind == ARG_LIST && value->n == 0)) return true;
  if (value->kind == ARG_MAP) return b_map(b, at, value) && element(x, at, value);
  if (value->kind != ARG_LIST || !many)
    return b_error(
        b, at, many ? "Expected a table or a list of tables, provided %s." : "Expected a table, provided %s.",
        arg_kind_name(value));
  b_expand(b, value);
  for (uint32_t i = 0; i < value->n; i++) {
    Path here = path_index(at, i + 1);
    if (!b_map(b, &here, &value->u.items[i]) || !element(x, &here, &value->u.items[i])) return false;
  }
  return true;
}

static Expr *match_keys(const Nested *x, uint32_t alias) {
  Builder *b = x->b;
  Field **here, **there;
  uint32_t n = relation_keys(b, x->field, &here, &there);
  Expr *match = NULL;
  for (uint32_t i = 0; i < n; i++)
    match =
        expr_and(b, match, expr_op(b, OP_EQ, expr_column(b, alias, there[i]), row_value(b, x->row, here[i])));
  return match;
}

/* id IN (SELECT "B" FROM join WHERE "A" = the row's id) */
static Expr *match_joined(const Nested *x, uint32_t alias) {
  Builder *b = x->b;
  Field **here, **there;
  relation_keys(b, x->field, &here, &there);
  From *join = from_table(b, x->field->relation->table_schema, x->field->relation->table);
  Select *s = ARENA_NEW(b->scratch, Select);
  s->from = join;
  s->where = expr_op(b, OP_EQ, expr_named(b, join->alias, relation_column(x->field, false)),
                     row_value(b, x->row, here[0]));
  output_add(b, &s->outputs, &s->n_outputs, expr_named(b, join->alias, relation_column(x->field, true)),
             column_of(there[0]));
  return expr_in(b, alias, there, 1, s);
}

Scope nested_scope(const Nested *x) {
  Scope s = scope_new(x->b, x->target);
  bool joined = x->field->relation->kind == RELATION_MANY_TO_MANY;
  s.where = joined ? match_joined(x, s.alias) : match_keys(x, s.alias);
  scope_visible(x->b, &s);
  return s;
}

/* A to-one takes the data itself, too; a to-many names the row. */
static bool is_wrapped(const Nested *x, const Arg *value) {
  if (x->field->arity == ARITY_LIST) return true;
  if (!b_get(value, "data") || model_field(x->target, SLICE("data"))) return false;
  for (uint32_t i = 0; i < value->n; i++)
    if (!slice_is(value->u.pairs[i].key, "data") && !slice_is(value->u.pairs[i].key, "where")) return false;
  return true;
}

bool nested_update_parts(const Nested *x, const Path *at, const Arg *value, const Arg **where,
                         const Arg **data, Path *data_at) {
  static const Slice names[] = {{"where", 5}, {"data", 4}};
  *where = NULL;
  *data = value;
  *data_at = *at;
  if (!is_wrapped(x, value)) return true;
  if (!b_only(x->b, at, "argument", value, names, 2)) return false;
  *where = b_get(value, "where");
  *data = b_get(value, "data");
  *data_at = path_key(at, names[1]);
  return *data || b_error(x->b, at, "Argument `data` is missing.");
}

bool nested_changes_nothing(const Arg *data) {
  return data && (data->kind == ARG_EMPTY || (data->kind == ARG_MAP && !data->n));
}

bool nested_filter(const Nested *x, const Path *at, const Arg *value, Scope *s, bool *on) {
  if (!b_is_table(value)) return b_bool(x->b, at, value, on);
  *on = true;
  return scope_narrow(x->b, s, at, value, false);
}

bool nested_find_or_create(const Nested *x, const Path *at, const Arg *value, const Origin *origin,
                           Row **found, Row **made) {
  static const Slice names[] = {{"where", 5}, {"create", 6}};
  Builder *b = x->b;
  Path where_at = path_key(at, names[0]), create_at = path_key(at, names[1]);
  const Arg *where = b_get(value, "where"), *create = b_get(value, "create");
  Scope s = scope_new(b, x->target);
  if (!b_only(b, at, "argument", value, names, 2)) return false;
  if (!create) return b_error(b, at, "Argument `create` is missing.");
  if (!scope_narrow(b, &s, &where_at, where, true)) return false;
  *found = row_select(b, &s);
  Guard before = guard_enter(b, GUARD_NO_ROWS, *found);
  bool ok = create_row(b, &create_at, x->target, create, origin, made);
  guard_leave(b, before);
  return ok;
}

/* ---- later ---- */

struct Later {
  const Path *at;
  const Field *field;
  const Arg *verbs;
  Row *row;
  bool creating;
  GuardKind guard;
  uint16_t guard_step;
};

void later_child(Builder *b, const Path *at, const Field *f, const Arg *verbs, Row *row, bool creating) {
  *VEC_PUSH(b->scratch, b->later, b->n_later) =
      (struct Later){path_keep_all(b, at), f, verbs, row, creating, b->guard, b->guard_step};
}

/* Those that wait may make others wait. */
bool later_run(Builder *b) {
  for (uint32_t i = 0; i < b->n_later; i++) {
    struct Later next = b->later[i];
    b->guard = next.guard;
    b->guard_step = next.guard_step;
    if (!child_after(b, next.at, next.field, next.verbs, next.row, next.creating)) return false;
  }
  b->n_later = 0;
  b->later = NULL;
  b->guard = GUARD_NONE;
  return true;
}
