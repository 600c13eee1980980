/* Relations whose key is in the row itself: the row that it points to comes first, and its key is a value of
 * this row. Verbs that only change what is pointed to come after. */
#include "base/vec.h"
#include "plan/write.h"

typedef struct Pointing { /* the key that is being found */
  Nested nested;
  const Scope *scope; /* the row that is updated; NULL: it is new */
  Set **sets;
  uint32_t *n_sets;
} Pointing;

typedef bool Verb(Pointing *x, const Path *at, const Arg *value);

static void point_at(Pointing *x, Row *target) {
  const Relation *r = x->nested.field->relation;
  for (uint32_t i = 0; i < r->n_fields; i++)
    set_add(x->nested.b, x->sets, x->n_sets, r->fields[i], row_value(x->nested.b, target, r->references[i]));
}

static Expr *key_default(Builder *b, const Field *key, uint32_t alias) {
  return key->arity == ARITY_OPTIONAL ? expr_new(b, EXPR_NULL) : expr_column(b, alias, key);
}

static void point_nowhere(Pointing *x, Expr *when) {
  Builder *b = x->nested.b;
  const Relation *r = x->nested.field->relation;
  for (uint32_t i = 0; i < r->n_fields; i++) {
    Expr *none = key_default(b, r->fields[i], x->scope->alias),
         *old = expr_column(b, x->scope->alias, r->fields[i]);
    set_add(b, x->sets, x->n_sets, r->fields[i],
            when ? expr_list(b, EXPR_CASE, 3, (Expr *[]){when, none, old}) : none);
  }
}

/* One-to-one: no other row may go on pointing at the target. */
static void release_others(Pointing *x, Row *target) {
  Builder *b = x->nested.b;
  const Field *f = x->nested.field;
  const Relation *r = f->relation;
  if (r->kind != RELATION_ONE_TO_ONE) return;
  Scope others = scope_new(b, f->model);
  const Index *key = model_identity(f->model);
  for (uint32_t i = 0; i < r->n_fields; i++)
    others.where = expr_and(b, others.where,
                            expr_op(b, OP_EQ, expr_column(b, others.alias, r->fields[i]),
                                    row_value(b, target, r->references[i])));
  scope_visible(b, &others);
  if (x->scope && key) {
    Field **fields = ARENA_ARRAY(b->scratch, Field *, key->n_fields);
    for (uint32_t i = 0; i < key->n_fields; i++) fields[i] = key->fields[i].field;
    Select *self = scope_select(b, x->scope, fields, key->n_fields);
    others.where =
        expr_and(b, others.where, expr_not(b, expr_in(b, others.alias, fields, key->n_fields, self)));
  }
  if (f->arity == ARITY_REQUIRED) {
    row_check(b, row_select(b, &others), check_required(b, f));
    return;
  }
  Set *sets = NULL;
  uint32_t n = 0;
  for (uint32_t i = 0; i < r->n_fields; i++)
    set_add(b, &sets, &n, r->fields[i], key_default(b, r->fields[i], others.alias));
  (void)row_update(b, &others, sets, n);
}

/* ---- before ---- */

static bool verb_create(Pointing *x, const Path *at, const Arg *value) {
  Row *made;
  Origin origin = {x->nested.back, NULL};
  if (!b_map(x->nested.b, at, value)) return false;
  if (!create_row(x->nested.b, at, x->nested.target, value, &origin, &made)) return false;
  point_at(x, made);
  return true;
}

static bool verb_connect(Pointing *x, const Path *at, const Arg *value) {
  Builder *b = x->nested.b;
  const Field *f = x->nested.field;
  Scope s = scope_new(b, x->nested.target);
  if (!scope_narrow(b, &s, at, value, true)) return false;
  Row *target = row_select(b, &s);
  row_check(
      b, target,
      check_found(b,
                  "No '%.*s' record (needed to inline the relation on '%.*s' record(s)) was found for a "
                  "nested connect on %s relation '%.*s'.",
                  SLICE_ARGS(x->nested.target->name), SLICE_ARGS(f->model->name), relation_words(f),
                  SLICE_ARGS(f->relation->name)));
  point_at(x, target);
  release_others(x, target);
  return true;
}

static bool verb_connect_or_create(Pointing *x, const Path *at, const Arg *value) {
  Row *found, *made;
  Origin origin = {x->nested.back, NULL};
  if (!b_map(x->nested.b, at, value)) return false;
  if (!nested_find_or_create(&x->nested, at, value, &origin, &found, &made)) return false;
  Row *target = row_either(x->nested.b, found, made);
  point_at(x, target);
  release_others(x, target);
  return true;
}

/* The target's row that the updated row points to now. */
static Scope pointed_at(const Pointing *x) {
  Builder *b = x->nested.b;
  const Relation *r = x->nested.field->relation;
  Scope s = scope_new(b, x->nested.target);
  s.where =
      expr_in(b, s.alias, r->references, r->n_fields, scope_select(b, x->scope, r->fields, r->n_fields));
  scope_visible(b, &s);
  return s;
}

static bool verb_disconnect(Pointing *x, const Path *at, const Arg *value) {
  Builder *b = x->nested.b;
  Scope s = scope_new(b, x->nested.target);
  bool on;
  scope_visible(b, &s);
  if (!nested_filter(&x->nested, at, value, &s, &on)) return false;
  if (!on) return true;
  if (!s.where) {
    point_nowhere(x, NULL);
    return true;
  }
  const Relation *r = x->nested.field->relation;
  for (uint32_t i = 0; i < r->n_fields; i++)
    s.where = expr_and(b, s.where,
                       expr_op(b, OP_EQ, expr_column(b, s.alias, r->references[i]),
                               expr_column(b, x->scope->alias, r->fields[i])));
  point_nowhere(x, expr_exists(b, scope_select(b, &s, NULL, 0)));
  return true;
}

static bool verb_delete(Pointing *x, const Path *at, const Arg *value) {
  Builder *b = x->nested.b;
  const Field *f = x->nested.field;
  Scope s = pointed_at(x);
  bool on;
  if (!nested_filter(&x->nested, at, value, &s, &on)) return false;
  if (!on) return true;
  Row *target = row_select(b, &s), *deleted;
  row_check(
      b, target,
      check_found(b, "No '%.*s' record was found for a nested delete on %s relation '%.*s'.",
                  SLICE_ARGS(x->nested.target->name), relation_words(f), SLICE_ARGS(f->relation->name)));
  Set *sets = NULL;
  uint32_t n = 0;
  for (uint32_t i = 0; i < f->relation->n_fields; i++)
    set_add(b, &sets, &n, f->relation->fields[i], key_default(b, f->relation->fields[i], x->scope->alias));
  row_value(b, target, model_identity(target->model)->fields[0].field);
  Scope gone = row_scope(b, target);
  if (!visible_marker(b, target->model))
    (void)row_update(b, x->scope, sets, n); /* a marked row is still there */
  return delete_rows(b, at, &gone, &deleted);
}

/* ---- after ---- */

static bool after_update(Pointing *x, const Path *at, const Arg *value) {
  Builder *b = x->nested.b;
  const Field *f = x->nested.field;
  const Arg *where, *data;
  Path data_at, where_at = path_key(at, SLICE("where"));
  Row *updated;
  if (!b_map(b, at, value) || !nested_update_parts(&x->nested, at, value, &where, &data, &data_at))
    return false;
  Scope s = nested_scope(&x->nested);
  if (where && !scope_narrow(b, &s, &where_at, where, false)) return false;
  if (nested_changes_nothing(data)) return true;
  Check missing =
      check_found(b, "No '%.*s' record was found for a nested update on %s relation '%.*s'.",
                  SLICE_ARGS(x->nested.target->name), relation_words(f), SLICE_ARGS(f->relation->name));
  return update_row(b, &data_at, &s, data, x->nested.back, &missing, &updated);
}

static bool after_upsert(Pointing *x, const Path *at, const Arg *value) {
  static const Slice names[] = {{"where", 5}, {"create", 6}, {"update", 6}};
  Builder *b = x->nested.b;
  Path where_at = path_key(at, names[0]), create_at = path_key(at, names[1]),
       update_at = path_key(at, names[2]);
  Row *updated, *made;
  Origin origin = {x->nested.back, NULL};
  if (!b_map(b, at, value) || !b_only(b, at, "argument", value, names, COUNT(names))) return false;
  Scope s = nested_scope(&x->nested);
  if (b_get(value, "where") && !scope_narrow(b, &s, &where_at, b_get(value, "where"), false)) return false;
  Row *found = row_select(b, &s);
  Guard before = guard_enter(b, GUARD_ROWS, found);
  Scope that = row_visible(b, found);
  if (!update_row(b, &update_at, &that, b_get(value, "update"), x->nested.back, NULL, &updated)) return false;
  guard_enter(b, GUARD_NO_ROWS, found);
  if (!b_get(value, "create")) return b_error(b, at, "Argument `create` is missing.");
  if (!create_row(b, &create_at, x->nested.target, b_get(value, "create"), &origin, &made)) return false;
  Set *sets = NULL;
  uint32_t n = 0;
  Pointing again = {.nested = x->nested, .sets = &sets, .n_sets = &n};
  point_at(&again, made);
  Scope self = row_scope(b, x->nested.row);
  (void)row_update(b, &self, sets, n);
  guard_leave(b, before);
  return true;
}

/* ---- which verbs there are ---- */

static const struct {
  const char *name;
  bool creating, optional, after; /* optional: only where the relation may be absent */
  Verb *verb;
} verbs[] = {
    {"create", true, false, false, verb_create},
    {"connect", true, false, false, verb_connect},
    {"connectOrCreate", true, false, false, verb_connect_or_create},
    {"disconnect", false, true, false, verb_disconnect},
    {"delete", false, true, false, verb_delete},
    {"update", false, false, true, after_update},
    {"upsert", false, false, true, after_upsert},
};

static bool verb_fits(size_t i, const Field *f, bool creating) {
  if (creating) return verbs[i].creating;
  return !verbs[i].optional || f->arity == ARITY_OPTIONAL;
}

static bool run_verbs(Pointing *x, const Path *at, const Arg *table, bool creating, bool after) {
  Slice names[COUNT(verbs)];
  uint32_t n = 0, used = 0;
  const Field *f = x->nested.field;
  for (size_t i = 0; i < COUNT(verbs); i++)
    if (verb_fits(i, f, creating)) names[n++] = slice_of(verbs[i].name);
  if (!b_is_table(table))
    return b_error(x->nested.b, at, "Expected a table, provided %s.", arg_kind_name(table));
  if (!b_map(x->nested.b, at, table) || !b_only(x->nested.b, at, "argument", table, names, n)) return false;
  for (size_t i = 0; i < COUNT(verbs); i++) {
    const Arg *value = verb_fits(i, f, creating) ? b_get(table, verbs[i].name) : NULL;
    Path here = path_key(at, slice_of(verbs[i].name));
    if (!value) continue;
    b_class(x->nested.b, value);
    used++;
    if (verbs[i].after == after && !verbs[i].verb(x, &here, value)) return false;
  }
  if (creating && !used && f->arity == ARITY_REQUIRED)
    return b_error(x->nested.b, at, "Expected `create`, `connect` or `connectOrCreate`.");
  return true;
}

bool parent_before(Builder *b, const Data *d, const Field *f, const Scope *s, Set **sets, uint32_t *n) {
  Path at = path_key(d->at, f->name);
  Pointing x = {nested_new(b, f, NULL, s == NULL), s, sets, n};
  return run_verbs(&x, &at, d->given[f->index], s == NULL, false);
}

bool parent_after(Builder *b, const Data *d, const Field *f, Row *row) {
  Path at = path_key(d->at, f->name);
  Pointing x = {nested_new(b, f, row, false), NULL, NULL, NULL};
  return run_verbs(&x, &at, d->given[f->index], false, true);
}
