/* Children that come: create, createMany, connect, connectOrCreate. */
#include "base/vec.h"
#include "plan/write_child.h"

/* ---- create ---- */

bool make_one(const Nested *x, const Path *at, const Arg *value) {
  Origin origin = {x->back, is_joined(x) ? NULL : x->row};
  Row *made;
  if (!create_row(x->b, at, x->target, value, &origin, &made)) return false;
  if (is_joined(x)) join_row(x, made);
  return true;
}

static bool create_one(const Nested *x, const Path *at, const Arg *value) {
  if (is_single(x) && !x->creating) release(x, NULL);
  return make_one(x, at, value);
}

/* Rows without relations of their own go out as one statement. */
static bool is_flat_list(const Nested *x, const Arg *value) {
  if (is_single(x) || is_joined(x) || value->kind != ARG_LIST || !value->n) return false;
  for (uint32_t i = 0; i < x->target->n_columns; i++)
    if (x->target->columns[i]->arity == ARITY_LIST) return false;
  return b_columns(x->b, value);
}

static bool names_relation(const Nested *x, const Arg *row) {
  for (uint32_t i = 0; i < row->n; i++) {
    const Field *f = model_field(x->target, row->u.pairs[i].key);
    if (!f || f->kind == FIELD_RELATION) return true;
  }
  return false;
}

static bool insert_rows(const Nested *x, const Insert *many) {
  Query **queries;
  uint32_t n;
  if (!insert_many(x->b, many, &queries, &n)) return false;
  for (uint32_t i = 0; i < n; i++) (void)b_step(x->b, queries[i]);
  return true;
}

bool child_create(const Nested *x, const Path *at, const Arg *value) {
  if (!is_flat_list(x, value) || names_relation(x, &value->u.items[0])) {
    if (value->kind == ARG_MAP && !value->n) return create_one(x, at, value);
    return nested_each(x, at, value, create_one);
  }
  Origin origin = {x->back, x->row};
  Insert many = {x->target, at, value, &origin, false};
  return insert_rows(x, &many);
}

bool child_create_many(const Nested *x, const Path *at, const Arg *value) {
  static const Slice names[] = {{"data", 4}, {"skipDuplicates", 14}};
  Builder *b = x->b;
  Path data_at = path_key(at, names[0]), skip_at = path_key(at, names[1]);
  Origin origin = {x->back, x->row};
  if (!b_map(b, at, value) || !b_only(b, at, "argument", value, names, 2)) return false;
  const Arg *skip = b_get(value, "skipDuplicates"), *data = b_get(value, "data");
  Insert many = {x->target, path_keep_all(b, &data_at), data, &origin, false};
  if (!data) return b_error(b, at, "Argument `data` is missing.");
  b_class(b, data);
  if (skip && !b_bool(b, &skip_at, skip, &many.skip_duplicates)) return false;
  if (arg_is_list(data) && b_list_empty(b, data)) return true;
  return insert_rows(x, &many);
}

/* ---- connect ---- */

Check connect_check(const Nested *x, const Arg *list) {
  const Field *f = x->field;
  Check check;
  if (is_joined(x))
    check = check_found(x->b, "Expected {expected} records to be connected, found only {found}.");
  else if (is_single(x))
    check = check_found(x->b, "No '%.*s' record was found for a nested connect on %s relation '%.*s'.",
                        SLICE_ARGS(x->target->name), relation_words(f), SLICE_ARGS(f->relation->name));
  else
    check = check_rows(
        x->b, CHECK_COUNT, ERR_P2018,
        "The required connected records were not found. Expected {expected} records to be connected "
        "after connect operation on %s relation '%.*s', found {found}.",
        relation_words(f), SLICE_ARGS(f->relation->name));
  check.count = 1;
  if (list) check.count_leaf = list->leaf;
  if (list || !is_single(x)) check.kind = CHECK_COUNT;
  return check;
}

static void connect_scope(const Nested *x, const Scope *s, Check check) {
  if (is_joined(x)) {
    row_check(x->b, row_select(x->b, s), check);
    join_rows(x, s);
    return;
  }
  if (is_single(x) && !x->creating) {
    row_check(x->b, row_select(x->b, s), check);
    release(x, s);
  }
  row_check(x->b, tie_rows(x, s), check);
}

static bool connect_one(const Nested *x, const Path *at, const Arg *value) {
  Scope s = scope_new(x->b, x->target);
  if (!scope_narrow(x->b, &s, at, value, true)) return false;
  connect_scope(x, &s, connect_check(x, NULL));
  return true;
}

bool child_connect(const Nested *x, const Path *at, const Arg *value) {
  Scope s;
  bool simple;
  if (!key_list(x, at, value, &s, &simple)) return false;
  if (!simple) return nested_each(x, at, value, connect_one);
  scope_visible(x->b, &s);
  connect_scope(x, &s, connect_check(x, value));
  return true;
}

static bool connect_or_create_one(const Nested *x, const Path *at, const Arg *value) {
  Builder *b = x->b;
  Origin origin = {x->back, is_joined(x) ? NULL : x->row};
  Row *found, *made;
  if (!nested_find_or_create(x, at, value, &origin, &found, &made)) return false;
  if (is_joined(x)) {
    join_row(x, row_either(b, found, made));
    return true;
  }
  Guard before = guard_enter(b, GUARD_ROWS, found);
  Scope s = row_visible(b, found);
  if (is_single(x) && !x->creating) release(x, &s);
  (void)tie_rows(x, &s);
  guard_leave(b, before);
  return true;
}

bool child_connect_or_create(const Nested *x, const Path *at, const Arg *value) {
  return nested_each(x, at, value, connect_or_create_one);
}
