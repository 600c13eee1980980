/* Data: what may stand in it, what must, and its scalars as values of columns. */
#include "base/vec.h"
#include "plan/write.h"

static bool is_relation(const Field *f) { return f->kind == FIELD_RELATION; }
static bool holds_key(const Field *f) { return is_relation(f) && field_holds_key(f); }

static bool relation_uses(const Field *relation, const Field *f) {
  for (uint32_t i = 0; i < relation->relation->n_fields; i++)
    if (relation->relation->fields[i] == f) return true;
  return false;
}

/* ---- what may be given ---- */

static bool may_be_given(const Data *d, const Field *f) {
  if (!b_field_visible(f) || f == d->origin) return false;
  if (is_relation(f)) return d->kind == DATA_CREATE || d->kind == DATA_UPDATE;
  return !d->origin || !holds_key(d->origin) || !relation_uses(d->origin, f);
}

static bool unknown_field(Builder *b, const Data *d, Slice name) {
  Slice *names = ARENA_ARRAY(b->scratch, Slice, d->model->n_fields);
  uint32_t n = 0;
  for (uint32_t i = 0; i < d->model->n_fields; i++)
    if (may_be_given(d, &d->model->fields[i])) names[n++] = d->model->fields[i].name;
  return b_unknown(b, d->at, "argument", name, names, n);
}

/* Keys of relations, as scalars: the unchecked form, in which no relation stands beside them. */
static const Field *first_key(const Data *d) {
  for (uint32_t i = 0; i < d->model->n_columns; i++)
    if (d->model->columns[i]->is_fk && d->given[d->model->columns[i]->index]) return d->model->columns[i];
  return NULL;
}

static const Field *first_relation(const Data *d) {
  for (uint32_t i = 0; i < d->model->n_fields; i++)
    if (holds_key(&d->model->fields[i]) && d->given[i]) return &d->model->fields[i];
  return NULL;
}

static bool check_forms(Builder *b, const Data *d) {
  const Field *key = first_key(d), *relation = first_relation(d);
  if (!key || !relation) return true;
  Path at = path_key(d->at, key->name);
  return b_error(b, &at,
                 "`%.*s` cannot stand beside the relation `%.*s`: give all foreign keys as fields, or all of "
                 "them as relations.",
                 SLICE_ARGS(key->name), SLICE_ARGS(relation->name));
}

/* ---- what must be given ---- */

static bool has_value(Builder *b, const Data *d, const Field *f) {
  if (d->given[f->index] || visible_fill(b, d->model, f) || f->def.kind != DEFAULT_NONE || f->updated_at)
    return true;
  return d->origin && holds_key(d->origin) && relation_uses(d->origin, f);
}

static bool covered(const Data *d, const Field *f) {
  for (uint32_t i = 0; i < d->model->n_fields; i++)
    if (holds_key(&d->model->fields[i]) && d->given[i] && relation_uses(&d->model->fields[i], f)) return true;
  return false;
}

/* What is to be stored, where the scope says that all rows that exist have another value. Rows of many are
 * looked for once they are written: their values need not be leaves. */
static bool refuse_hidden(Builder *b, const Data *d) {
  if (d->kind == DATA_CREATE_MANY || d->kind == DATA_UPDATE_MANY) return true;
  for (uint32_t i = 0; i < d->model->n_columns; i++) {
    const Field *f = d->model->columns[i];
    const Arg *given = d->given[f->index], *equals = given ? visible_equals(b, d->model, f) : NULL;
    Path at = path_key(d->at, f->name);
    bool exact = f->type == TYPE_BOOL || f->type == TYPE_INT4 || f->type == TYPE_INT8 || f->type == TYPE_TEXT;
    if (!equals || !exact || given->kind != equals->kind || given->kind == ARG_NULL ||
        b_same(b, given, equals))
      continue;
    return b_refuse(b, &at, ERR_P2004,
                    "The %.*s record would not exist for this client: its scope says otherwise.",
                    SLICE_ARGS(d->model->name));
  }
  return true;
}

/* The required relation whose absence a missing key is blamed on, in the checked form. */
static const Field *relation_of(const Data *d, const Field *key) {
  for (uint32_t i = 0; i < d->model->n_fields; i++)
    if (holds_key(&d->model->fields[i]) && may_be_given(d, &d->model->fields[i]) &&
        relation_uses(&d->model->fields[i], key))
      return &d->model->fields[i];
  return NULL;
}

static bool check_required_fields(Builder *b, const Data *d) {
  bool checked = d->kind == DATA_CREATE && !first_key(d);
  for (uint32_t i = 0; i < d->model->n_columns; i++) {
    const Field *f = d->model->columns[i];
    if (f->arity != ARITY_REQUIRED || !b_field_visible(f) || has_value(b, d, f) || covered(d, f)) continue;
    const Field *relation = f->is_fk && checked ? relation_of(d, f) : NULL;
    if (relation && relation->arity != ARITY_REQUIRED) continue; /* the database has the last word */
    Slice name = relation ? relation->name : f->name;
    Path at = path_key(d->at, name);
    return b_error(b, &at, "Argument `%.*s` is missing.", SLICE_ARGS(name));
  }
  return true;
}

bool data_read(Builder *b, const Path *at, const Model *m, DataKind kind, const Field *origin,
               const Arg *table, Data *out) {
  *out = (Data){kind, m, path_keep_all(b, at), origin, ARENA_ARRAY(b->scratch, const Arg *, m->n_fields + 1)};
  if (!table) return b_error(b, at, "Argument `data` is missing.");
  if (!b_map(b, at, table)) return false;
  for (const ArgPair **pair = b_pairs(b, table); *pair; pair++) {
    const Field *f = model_field(m, (*pair)->key);
    if (!f || !may_be_given(out, f)) return unknown_field(b, out, (*pair)->key);
    out->given[f->index] = &(*pair)->value;
  }
  if (!check_forms(b, out) || !refuse_hidden(b, out)) return false;
  bool create = kind == DATA_CREATE || kind == DATA_CREATE_MANY;
  return !create || check_required_fields(b, out);
}

/* ---- values ---- */

bool default_is_generated(const Field *f) {
  switch (f->def.kind) {
    case DEFAULT_NOW:
    case DEFAULT_UUID:
    case DEFAULT_CUID:
    case DEFAULT_NANOID:
    case DEFAULT_ULID: return true;
    default: return f->updated_at && f->def.kind == DEFAULT_NONE;
  }
}

static bool is_list(const Field *f) { return f->arity == ARITY_LIST; }
static bool is_json(const Field *f) { return f->kind == FIELD_SCALAR && f->scalar == SCALAR_JSON; }

/* A list field's value: a list, or { set = list }. */
static const Arg *list_value(Builder *b, const Path *at, const Arg *value, Path *here) {
  static const Slice names[] = {{"set", 3}};
  *here = *at;
  if (b_class(b, value) != ARG_MAP) return value;
  b_expand(b, value);
  if (!b_only(b, at, "argument", value, names, 1)) return NULL;
  *here = path_key(at, names[0]);
  const Arg *set = b_get(value, "set");
  if (!set) b_error(b, at, "Argument `set` is missing.");
  return set;
}

static Expr *new_value(Builder *b, const Path *at, const Field *f, const Arg *value) {
  Path here = *at;
  if (is_list(f)) value = list_value(b, at, value, &here);
  return value ? b_param_data(b, &here, value, f) : NULL;
}

bool data_values(Builder *b, const Data *d, Expr **values) {
  for (uint32_t i = 0; i < d->model->n_columns; i++) {
    const Field *f = d->model->columns[i];
    const Arg *given = d->given[f->index];
    Path at = path_key(d->at, f->name);
    if (given) {
      values[i] = new_value(b, &at, f, given);
      if (!values[i]) return false;
    } else if (!values[i] && visible_fill(b, d->model, f)) {
      values[i] = b_param_data(b, &at, visible_fill(b, d->model, f), f);
      if (!values[i]) return false;
    } else if (!values[i] && default_is_generated(f)) {
      values[i] = b_slot(b, f, NULL);
    }
  }
  return true;
}

/* ---- changes ---- */

typedef struct Change Change;
struct Change {
  const char *name;
  bool numbers, lists;
  Op op;
  Expr *(*apply)(Builder *b, const Path *at, const Field *f, const Arg *value, Expr *column, const Change *c);
};

static Expr *change_set(Builder *b, const Path *at, const Field *f, const Arg *value, Expr *column,
                        const Change *c) {
  (void)column;
  (void)c;
  return b_param_data(b, at, value, f);
}

static Expr *change_number(Builder *b, const Path *at, const Field *f, const Arg *value, Expr *column,
                           const Change *c) {
  Expr *by = b_param_one(b, at, value, f, AS_IS);
  if (!by) return NULL;
  if (value->kind == ARG_NULL) {
    b_error(b, at, "Argument must not be null.");
    return NULL;
  }
  by->param.required = true;
  return expr_op(b, c->op, column, by);
}

static Expr *change_push(Builder *b, const Path *at, const Field *f, const Arg *value, Expr *column,
                         const Change *c) {
  (void)c;
  ArgKind class = b_class(b, value);
  bool many = class == ARG_LIST || class == ARG_EMPTY;
  Expr *pushed = many ? b_param_data(b, at, value, f) : b_param_one(b, at, value, f, AS_IS);
  if (!pushed) return NULL;
  pushed->param.required = true;
  return expr_call(b, many ? FN_ARRAY_CAT : FN_ARRAY_APPEND, 2, (Expr *[]){column, pushed});
}

static const Change changes[] = {
    {"set", true, true, OP_EQ, change_set},
    {"increment", true, false, OP_ADD, change_number},
    {"decrement", true, false, OP_SUB, change_number},
    {"multiply", true, false, OP_MUL, change_number},
    {"divide", true, false, OP_DIV, change_number},
    {"push", false, true, OP_CONCAT, change_push},
};

static bool is_number(const Field *f) {
  return f->kind == FIELD_SCALAR && (f->scalar == SCALAR_INT || f->scalar == SCALAR_BIGINT ||
                                     f->scalar == SCALAR_FLOAT || f->scalar == SCALAR_DECIMAL);
}

static bool change_fits(const Change *c, const Field *f) {
  if (c->apply == change_set) return true;
  return is_list(f) ? c->lists : c->numbers && is_number(f);
}

static const Change *change_find(Builder *b, const Path *at, const Field *f, Slice name) {
  Slice names[COUNT(changes)];
  uint32_t n = 0;
  for (size_t i = 0; i < COUNT(changes); i++) {
    if (!change_fits(&changes[i], f)) continue;
    if (slice_is(name, changes[i].name)) return &changes[i];
    names[n++] = slice_of(changes[i].name);
  }
  b_unknown(b, at, "operation", name, names, n);
  return NULL;
}

static Expr *changed_value(Builder *b, const Path *at, const Field *f, const Arg *value, Expr *column) {
  bool document = is_json(f) && !is_list(f), operations = !document && b_class(b, value) == ARG_MAP;
  if (!operations) return b_param_data(b, at, value, f);
  b_expand(b, value);
  if (value->n != 1) {
    b_error(b, at, "Expected exactly one operation, provided %u.", value->n);
    return NULL;
  }
  const ArgPair *pair = &value->u.pairs[0];
  Path here = path_key(at, pair->key);
  const Change *c = change_find(b, at, f, pair->key);
  return c ? c->apply(b, &here, f, &pair->value, column, c) : NULL;
}

void set_add(Builder *b, Set **sets, uint32_t *n, const Field *f, Expr *value) {
  for (uint32_t i = 0; i < *n; i++)
    if (slice_eq((*sets)[i].name, f->db_name)) {
      (*sets)[i].expr = value;
      return;
    }
  *VEC_PUSH(b->scratch, *sets, *n) = (Set){f->db_name, value};
}

bool data_sets(Builder *b, const Data *d, uint32_t alias, Set **sets, uint32_t *n) {
  for (uint32_t i = 0; i < d->model->n_columns; i++) {
    const Field *f = d->model->columns[i];
    if (!d->given[f->index]) continue;
    Path at = path_key(d->at, f->name);
    Expr *x = changed_value(b, &at, f, d->given[f->index], expr_column(b, alias, f));
    if (!x) return false;
    set_add(b, sets, n, f, x);
  }
  for (uint32_t i = 0; *n && i < d->model->n_columns; i++) {
    const Field *f = d->model->columns[i];
    if (f->updated_at && !d->given[f->index]) set_add(b, sets, n, f, b_slot(b, f, NULL));
  }
  return true;
}
