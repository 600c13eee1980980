/* Children that change or go: set, disconnect, update, updateMany, upsert, delete, deleteMany. */
#include "base/vec.h"
#include "plan/write_child.h"

/* ---- disconnect, set ---- */

static bool disconnect_one(const Nested *x, const Path *at, const Arg *value) {
  Scope s = is_joined(x) ? scope_new(x->b, x->target) : nested_scope(x);
  if (!scope_narrow(x->b, &s, at, value, true)) return false;
  if (is_joined(x))
    unjoin_rows(x, &s, false);
  else
    untie_rows(x, &s);
  return true;
}

bool child_disconnect(const Nested *x, const Path *at, const Arg *value) {
  bool on;
  if (is_single(x)) {
    Scope s = nested_scope(x);
    if (!nested_filter(x, at, value, &s, &on)) return false;
    if (on && is_required(x)) return refuse_required(x->b, at, x->field);
    if (on) untie_rows(x, &s);
    return true;
  }
  if (!is_joined(x) && is_required(x)) return refuse_required(x->b, at, x->field);
  return nested_each(x, at, value, disconnect_one);
}

static bool is_empty_set(const Arg *value) {
  return value->kind == ARG_EMPTY || (value->kind == ARG_LIST && !value->n);
}

/* set = {}: everything is let go, before anything is created or connected. */
bool child_set_empty(const Nested *x, const Path *at, const Arg *value) {
  (void)at;
  if (!is_empty_set(value)) return true;
  if (is_joined(x))
    unjoin_rows(x, NULL, false);
  else
    release(x, NULL);
  return true;
}

bool child_set(const Nested *x, const Path *at, const Arg *value) {
  Scope s;
  bool simple;
  if (is_empty_set(value)) return true;
  if (!b_is_table(value))
    return b_error(x->b, at, "Expected a list of tables, provided %s.", arg_kind_name(value));
  if (!any_of(x, at, value, &s, &simple)) return false;
  if (is_joined(x)) {
    Check check = connect_check(x, simple ? value : NULL);
    if (value->kind == ARG_LIST) check.count = value->n;
    row_check(x->b, row_select(x->b, &s), check);
    unjoin_rows(x, &s, true);
    join_rows(x, &s);
    return true;
  }
  release(x, &s);
  (void)tie_rows(x, &s);
  return true;
}

/* ---- update, upsert ---- */

static Check missing_check(const Nested *x, const char *verb) {
  return check_found(x->b, "No '%.*s' record was found for a nested %s on %s relation '%.*s'.",
                     SLICE_ARGS(x->target->name), verb, relation_words(x->field),
                     SLICE_ARGS(x->field->relation->name));
}

static bool update_one(const Nested *x, const Path *at, const Arg *value) {
  const Arg *where, *data;
  Path data_at, where_at = path_key(at, SLICE("where"));
  Row *updated;
  if (!nested_update_parts(x, at, value, &where, &data, &data_at)) return false;
  Scope s = nested_scope(x);
  if ((where || !is_single(x)) && !scope_narrow(x->b, &s, &where_at, where, !is_single(x))) return false;
  if (nested_changes_nothing(data)) return true;
  Check missing = missing_check(x, "update");
  return update_row(x->b, &data_at, &s, data, is_joined(x) ? NULL : x->back, &missing, &updated);
}

bool child_update(const Nested *x, const Path *at, const Arg *value) {
  if (is_single(x)) return b_map(x->b, at, value) && update_one(x, at, value);
  return nested_each(x, at, value, update_one);
}

static bool update_many_one(const Nested *x, const Path *at, const Arg *value) {
  static const Slice names[] = {{"where", 5}, {"data", 4}};
  Path where_at = path_key(at, names[0]), data_at = path_key(at, names[1]);
  Scope s = nested_scope(x);
  Row *updated;
  if (!b_only(x->b, at, "argument", value, names, 2)) return false;
  if (!scope_narrow(x->b, &s, &where_at, b_get(value, "where"), false)) return false;
  return update_many(x->b, &data_at, &s, b_get(value, "data"), is_joined(x) ? NULL : x->back, &updated);
}

bool child_update_many(const Nested *x, const Path *at, const Arg *value) {
  return nested_each(x, at, value, update_many_one);
}

static bool upsert_one(const Nested *x, const Path *at, const Arg *value) {
  static const Slice names[] = {{"where", 5}, {"create", 6}, {"update", 6}};
  Builder *b = x->b;
  Path where_at = path_key(at, names[0]), create_at = path_key(at, names[1]),
       update_at = path_key(at, names[2]);
  Row *updated;
  const Arg *where = b_get(value, "where");
  if (!b_only(b, at, "argument", value, names, COUNT(names))) return false;
  if (!b_get(value, "create")) return b_error(b, at, "Argument `create` is missing.");
  if (!b_get(value, "update")) return b_error(b, at, "Argument `update` is missing.");
  Scope s = nested_scope(x);
  if ((where || !is_single(x)) && !scope_narrow(b, &s, &where_at, where, !is_single(x))) return false;
  Row *found = row_select(b, &s);
  Guard before = guard_enter(b, GUARD_ROWS, found);
  Scope that = row_visible(b, found);
  bool ok =
      update_row(b, &update_at, &that, b_get(value, "update"), is_joined(x) ? NULL : x->back, NULL, &updated);
  guard_enter(b, GUARD_NO_ROWS, found);
  ok = ok && make_one(x, &create_at, b_get(value, "create"));
  guard_leave(b, before);
  return ok;
}

bool child_upsert(const Nested *x, const Path *at, const Arg *value) {
  return nested_each(x, at, value, upsert_one);
}

/* ---- delete ---- */

static bool delete_scope(const Nested *x, const Path *at, const Scope *s, Check check) {
  Row *deleted;
  if (!delete_rows(x->b, at, s, &deleted)) return false;
  row_check(x->b, deleted, check);
  return true;
}

static Check delete_check(const Nested *x) {
  if (is_single(x)) return missing_check(x, "delete");
  const Relation *r = x->field->relation;
  return check_rows(x->b, CHECK_SOME, ERR_P2017,
                    "The records for relation `%.*s` between the `%.*s` and `%.*s` models are not connected.",
                    SLICE_ARGS(r->name), SLICE_ARGS(x->field->model->name), SLICE_ARGS(x->target->name));
}

static bool delete_one(const Nested *x, const Path *at, const Arg *value) {
  Scope s = nested_scope(x);
  if (!scope_narrow(x->b, &s, at, value, true)) return false;
  return delete_scope(x, at, &s, delete_check(x));
}

bool child_delete(const Nested *x, const Path *at, const Arg *value) {
  bool on, simple;
  Scope s;
  if (is_single(x)) {
    s = nested_scope(x);
    if (!nested_filter(x, at, value, &s, &on)) return false;
    return !on || delete_scope(x, at, &s, delete_check(x));
  }
  if (!key_list(x, at, value, &s, &simple)) return false;
  if (!simple) return nested_each(x, at, value, delete_one);
  Scope own = nested_scope(x);
  own.where = expr_and(
      x->b, own.where,
      expr_any(x->b, EXPR_ANY, OP_EQ, expr_named(x->b, own.alias, s.where->args[0]->name), s.where->args[1]));
  Check check = delete_check(x);
  check.kind = CHECK_COUNT;
  check.count_leaf = value->leaf;
  row_check(x->b, row_select(x->b, &own), check);
  return delete_scope(x, at, &own, check);
}

static bool delete_many_one(const Nested *x, const Path *at, const Arg *value) {
  Scope s = nested_scope(x);
  Row *deleted;
  return scope_narrow(x->b, &s, at, value, false) && delete_rows(x->b, at, &s, &deleted);
}

bool child_delete_many(const Nested *x, const Path *at, const Arg *value) {
  return nested_each(x, at, value, delete_many_one);
}
