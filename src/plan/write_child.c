/* Relations whose key is in other rows, or in a join table: they come after the row that they point to. */
#include "base/vec.h"
#include "plan/write.h"

typedef bool Verb(const Nested *x, const Path *at, const Arg *value);

static bool is_joined(const Nested *x) { return x->field->relation->kind == RELATION_MANY_TO_MANY; }
static bool is_single(const Nested *x) { return x->field->arity != ARITY_LIST; }
static bool is_required(const Nested *x) { return x->back ? x->back->arity == ARITY_REQUIRED : false; }

/* ---- ties ---- */

static void tie_sets(const Nested *x, Set **sets, uint32_t *n) {
  const Relation *r = x->field->relation;
  for (uint32_t i = 0; i < r->n_fields; i++)
    set_add(x->b, sets, n, r->fields[i], row_value(x->b, x->row, r->references[i]));
}

static Row *tie_rows(const Nested *x, const Scope *s) {
  Set *sets = NULL;
  uint32_t n = 0;
  tie_sets(x, &sets, &n);
  return row_update(x->b, s, sets, n);
}

static void untie_rows(const Nested *x, const Scope *s) {
  const Relation *r = x->field->relation;
  Set *sets = NULL;
  uint32_t n = 0;
  for (uint32_t i = 0; i < r->n_fields; i++)
    if (r->fields[i]->arity == ARITY_OPTIONAL)
      set_add(x->b, &sets, &n, r->fields[i], expr_new(x->b, EXPR_NULL));
  if (n) (void)row_update(x->b, s, sets, n);
}

static Query *join_query(const Nested *x, StatementKind kind) {
  Query *q = ARENA_NEW(x->b->scratch, Query);
  *q = (Query){.kind = kind,
               .schema = x->field->relation->table_schema,
               .table = x->field->relation->table,
               .alias = x->b->next_alias++};
  return q;
}

static Expr *own_id(const Nested *x) {
  Field **here, **there;
  relation_keys(x->b, x->field, &here, &there);
  return row_value(x->b, x->row, here[0]);
}

static Query *join_insert(const Nested *x) {
  Query *q = join_query(x, STATEMENT_INSERT);
  *VEC_PUSH(x->b->scratch, q->columns, q->n_columns) = relation_column(x->field, false);
  *VEC_PUSH(x->b->scratch, q->columns, q->n_columns) = relation_column(x->field, true);
  q->conflict = CONFLICT_NOTHING;
  return q;
}

static void join_row(const Nested *x, Row *child) {
  Field **here, **there;
  relation_keys(x->b, x->field, &here, &there);
  Query *q = join_insert(x);
  q->values =
      arena_copy(x->b->scratch, (Expr *[]){own_id(x), row_value(x->b, child, there[0])}, 2 * sizeof(Expr *));
  q->n_rows = 1;
  (void)b_step(x->b, q);
}

/* INSERT INTO join SELECT own id, id FROM the scope's rows */
static void join_rows(const Nested *x, const Scope *s) {
  Field **here, **there;
  relation_keys(x->b, x->field, &here, &there);
  Query *q = join_insert(x);
  q->select = scope_select(x->b, s, NULL, 0);
  *VEC_PUSH(x->b->scratch, q->select->outputs, q->select->n_outputs) =
      (Output){.expr = own_id(x), .column = column_of(here[0])};
  *VEC_PUSH(x->b->scratch, q->select->outputs, q->select->n_outputs) =
      (Output){.expr = expr_column(x->b, s->alias, there[0]), .column = column_of(there[0])};
  (void)b_step(x->b, q);
}

/* DELETE FROM join WHERE own id [AND the other id [NOT] IN the scope's rows] */
static void unjoin_rows(const Nested *x, const Scope *s, bool others) {
  Field **here, **there;
  relation_keys(x->b, x->field, &here, &there);
  Query *q = join_query(x, STATEMENT_DELETE);
  q->where = expr_op(x->b, OP_EQ, expr_named(x->b, q->alias, relation_column(x->field, false)), own_id(x));
  if (s) {
    Expr *id = expr_named(x->b, q->alias, relation_column(x->field, true));
    Expr *in = expr_list(x->b, EXPR_IN_SELECT, 1, &id);
    in->select = scope_select(x->b, s, there, 1);
    q->where = expr_and(x->b, q->where, others ? expr_not(x->b, in) : in);
  }
  (void)b_step(x->b, q);
}

/* Every row that is tied to this one, unless it is of `except`, is let go: a required one may not be. */
static void release(const Nested *x, const Scope *except) {
  Builder *b = x->b;
  Scope s = nested_scope(x);
  const Index *key = model_identity(x->target);
  if (except && key) {
    Field **fields = ARENA_ARRAY(b->scratch, Field *, key->n_fields);
    for (uint32_t i = 0; i < key->n_fields; i++) fields[i] = key->fields[i].field;
    Select *kept = scope_select(b, except, fields, key->n_fields);
    s.where = expr_and(b, s.where, expr_not(b, expr_in(b, s.alias, fields, key->n_fields, kept)));
  }
  if (is_required(x))
    row_check(b, row_select(b, &s), check_required(b, x->field));
  else
    untie_rows(x, &s);
}

/* ---- a list of unique keys ---- */

/* { { id = 1 }, { id = 2 } }: rows of one statement, however many. *s: their scope; false in *simple: no such
 * list. */
static bool key_list(const Nested *x, const Path *at, const Arg *value, Scope *s, bool *simple) {
  Builder *b = x->b;
  *simple = false;
  if (is_single(x) || value->kind != ARG_LIST || !value->n || !b_columns(b, value)) return true;
  const Arg *first = &value->u.items[0];
  const Index *key = first->n == 1 ? model_unique(x->target, first->u.pairs[0].key) : NULL;
  if (!key || key->n_fields != 1 || first->u.pairs[0].value.kind >= ARG_LIST) return true;
  const Field *f = key->fields[0].field;
  for (uint32_t i = 0; i < value->n; i++) {
    Path row = path_index(at, i + 1), here = path_key(&row, f->name);
    if (value->u.items[i].u.pairs[0].value.kind == ARG_NULL)
      return b_error(b, &here, "Argument must not be null.");
  }
  Expr *array = b_items(b, at, value, f->name, f, false);
  if (!array) return false;
  array->param.required = true;
  *s = scope_new(b, x->target);
  s->where = expr_any(b, EXPR_ANY, OP_EQ, expr_column(b, s->alias, f), array);
  *simple = true;
  return true;
}

/* The rows of one or several unique wheres, as one scope (for set). */
static bool any_of(const Nested *x, const Path *at, const Arg *value, Scope *s, bool *simple) {
  Builder *b = x->b;
  if (!key_list(x, at, value, s, simple)) return false;
  if (*simple) return true;
  *s = scope_new(b, x->target);
  if (value->kind == ARG_MAP) return scope_narrow(b, s, at, value, true);
  Expr *sum = expr_new(b, EXPR_OR);
  b_expand(b, value);
  for (uint32_t i = 0; i < value->n; i++) {
    Path here = path_index(at, i + 1);
    Scope one = {.model = s->model, .alias = s->alias};
    if (!scope_narrow(b, &one, &here, &value->u.items[i], true)) return false;
    expr_append(b, sum, one.where);
  }
  s->where = expr_junction(sum);
  return true;
}

/* ---- create ---- */

static bool make_one(const Nested *x, const Path *at, const Arg *value) {
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
  if (is_single(x) || is_joined(x) || value->kind != ARG_LIST || value->n < 2) return false;
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

static bool verb_create(const Nested *x, const Path *at, const Arg *value) {
  if (!is_flat_list(x, value) || names_relation(x, &value->u.items[0])) {
    if (value->kind == ARG_MAP && !value->n) return create_one(x, at, value);
    return nested_each(x, at, value, create_one);
  }
  Origin origin = {x->back, x->row};
  Insert many = {x->target, at, value, &origin, false};
  return insert_rows(x, &many);
}

static bool verb_create_many(const Nested *x, const Path *at, const Arg *value) {
  static const Slice names[] = {{"data", 4}, {"skipDuplicates", 14}};
  Builder *b = x->b;
  Path data_at = path_key(at, names[0]), skip_at = path_key(at, names[1]);
  Origin origin = {x->back, x->row};
  if (!b_map(b, at, value) || !b_only(b, at, "argument", value, names, 2)) return false;
  const Arg *skip = b_get(value, "skipDuplicates"), *data = b_get(value, "data");
  Insert many = {x->target, path_keep_all(b, &data_at), data, &origin, false};
  if (!data) return b_error(b, at, "Argument `data` is missing.");
  if (skip && !b_bool(b, &skip_at, skip, &many.skip_duplicates)) return false;
  if (arg_is_list(data) && b_list_empty(b, data)) return true;
  return insert_rows(x, &many);
}

/* ---- connect ---- */

static Check connect_check(const Nested *x, const Arg *list) {
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

static bool verb_connect(const Nested *x, const Path *at, const Arg *value) {
  Scope s;
  bool simple;
  if (!key_list(x, at, value, &s, &simple)) return false;
  if (!simple) return nested_each(x, at, value, connect_one);
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
  Scope s = row_scope(b, found);
  if (is_single(x) && !x->creating) release(x, &s);
  (void)tie_rows(x, &s);
  guard_leave(b, before);
  return true;
}

static bool verb_connect_or_create(const Nested *x, const Path *at, const Arg *value) {
  return nested_each(x, at, value, connect_or_create_one);
}

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

static bool verb_disconnect(const Nested *x, const Path *at, const Arg *value) {
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
static bool verb_set_empty(const Nested *x, const Path *at, const Arg *value) {
  (void)at;
  if (!is_empty_set(value)) return true;
  if (is_joined(x))
    unjoin_rows(x, NULL, false);
  else
    release(x, NULL);
  return true;
}

static bool verb_set(const Nested *x, const Path *at, const Arg *value) {
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
  Check missing = missing_check(x, "update");
  return update_row(x->b, &data_at, &s, data, is_joined(x) ? NULL : x->back, &missing, &updated);
}

static bool verb_update(const Nested *x, const Path *at, const Arg *value) {
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

static bool verb_update_many(const Nested *x, const Path *at, const Arg *value) {
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
  Scope that = row_scope(b, found);
  bool ok =
      update_row(b, &update_at, &that, b_get(value, "update"), is_joined(x) ? NULL : x->back, NULL, &updated);
  guard_enter(b, GUARD_NO_ROWS, found);
  ok = ok && make_one(x, &create_at, b_get(value, "create"));
  guard_leave(b, before);
  return ok;
}

static bool verb_upsert(const Nested *x, const Path *at, const Arg *value) {
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

static bool verb_delete(const Nested *x, const Path *at, const Arg *value) {
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

static bool verb_delete_many(const Nested *x, const Path *at, const Arg *value) {
  return nested_each(x, at, value, delete_many_one);
}

/* ---- which verbs there are, in their order ---- */

enum {
  CREATING = 1,
  UPDATING = 2,
  ONE = 4,
  MANY = 8,
  JOINED = 16,
  TIED = ONE | MANY,
  LISTS = MANY | JOINED,
  ANY = TIED | JOINED
};

/* Rows that the call lets go make room for those that it adds; what it changes may be what it added. */
static const struct {
  const char *name;
  int where;
  Verb *verb;
} child_verbs[] = {
    {"deleteMany", UPDATING | LISTS, verb_delete_many},
    {"set", UPDATING | LISTS, verb_set_empty},
    {"create", CREATING | UPDATING | ANY, verb_create},
    {"createMany", CREATING | UPDATING | MANY, verb_create_many},
    {"connect", CREATING | UPDATING | ANY, verb_connect},
    {"connectOrCreate", CREATING | UPDATING | ANY, verb_connect_or_create},
    {"set", UPDATING | LISTS, verb_set},
    {"update", UPDATING | ANY, verb_update},
    {"updateMany", UPDATING | LISTS, verb_update_many},
    {"upsert", UPDATING | ANY, verb_upsert},
    {"disconnect", UPDATING | ANY, verb_disconnect},
    {"delete", UPDATING | ANY, verb_delete},
};

bool child_after(Builder *b, const Path *at, const Field *f, const Arg *verbs, Row *row, bool creating) {
  Slice names[COUNT(child_verbs)];
  uint32_t n = 0;
  Nested x = nested_new(b, f, row, creating);
  int kind = is_joined(&x) ? JOINED : is_single(&x) ? ONE : MANY, when = creating ? CREATING : UPDATING;
  for (size_t i = 0; i < COUNT(child_verbs); i++)
    if ((child_verbs[i].where & kind) && (child_verbs[i].where & when))
      names[n++] = slice_of(child_verbs[i].name);
  if (!b_is_table(verbs)) return b_error(b, at, "Expected a table, provided %s.", arg_kind_name(verbs));
  if (!b_map(b, at, verbs) || !b_only(b, at, "argument", verbs, names, n)) return false;
  for (size_t i = 0; i < COUNT(child_verbs); i++) {
    const Arg *value = (child_verbs[i].where & when) ? b_get(verbs, child_verbs[i].name) : NULL;
    Path here = path_key(at, slice_of(child_verbs[i].name));
    if (value && !child_verbs[i].verb(&x, &here, value)) return false;
  }
  return true;
}
