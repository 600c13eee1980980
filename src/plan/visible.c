/* Which rows exist: the scopes of a client, as the filter that every appearance of a model has. Whoever names
 * rows of a model asks here for what to add: finds, relations that are joined, counted or filtered by, the
 * rows of writes.
 *
 * Within a scope's own filter all rows of all models exist: it says what there is, so it is not itself
 * subject to that, and scopes that look at each other's models do not go round in circles. */
#include "plan/build.h"

typedef struct Sight { /* a model's scope, and what is known of it */
  const ModelScope *scope;
  const Arg **equals; /* by Field.column: what it says outright */
  bool *depends;      /* by Field.column: it looks at that */
  bool more;          /* it says other things than `equals` */
  bool related;       /* it looks at other tables */
} Sight;

/* ---- what a scope says of fields ---- */

static void look(Builder *b, Sight *s, const Model *m, const Arg *where, bool outright);

/* What is compared with may be another field of the row. */
static void look_at_value(Builder *b, Sight *s, const Arg *value) {
  if (value->kind == ARG_FIELD) {
    const Field *f = value->u.ref;
    b_kind(b, value);
    if (field_is_column(f)) s->depends[f->column] = true;
  }
  for (uint32_t i = 0; value->kind == ARG_MAP && i < value->n; i++)
    look_at_value(b, s, &value->u.pairs[i].value);
}

static bool comparable(const Field *f) {
  return f->arity != ARITY_LIST &&
         (f->kind == FIELD_ENUM || (f->kind == FIELD_SCALAR && f->scalar != SCALAR_JSON));
}

/* value | { equals = value }; NULL when it is anything else. */
static const Arg *plain_value(Builder *b, const Arg *value) {
  if (value->kind == ARG_MAP && value->n == 1) {
    const Arg *equals = b_get(value, "equals");
    if (equals) value = equals;
  }
  return b_is_table(value) || b_kind(b, value) == ARG_FIELD ? NULL : value;
}

static void look_at_column(Builder *b, Sight *s, const Field *f, const Arg *value, bool outright) {
  const Arg *plain = outright && comparable(f) ? plain_value(b, value) : NULL;
  s->depends[f->column] = true;
  look_at_value(b, s, value);
  if (plain && !s->equals[f->column])
    s->equals[f->column] = plain;
  else
    s->more = true;
}

static void look_at_relation(Builder *b, Sight *s, const Field *f) {
  Field **here, **there;
  uint32_t n = relation_keys(b, f, &here, &there);
  for (uint32_t i = 0; i < n; i++) s->depends[here[i]->column] = true;
  s->related = s->more = true;
}

static void look(Builder *b, Sight *s, const Model *m, const Arg *where, bool outright) {
  if (where->kind == ARG_LIST) b_expand(b, where);
  for (uint32_t i = 0; where->kind == ARG_LIST && i < where->n; i++)
    look(b, s, m, &where->u.items[i], outright);
  for (uint32_t i = 0; where->kind == ARG_MAP && i < where->n; i++) {
    const ArgPair *pair = &where->u.pairs[i];
    const Field *f = model_field(m, pair->key);
    bool and = slice_is(pair->key, "AND");
    if (f && f->kind == FIELD_RELATION)
      look_at_relation(b, s, f);
    else if (f)
      look_at_column(b, s, f, &pair->value, outright);
    else
      look(b, s, m, &pair->value, outright && and);
    if (!f && !and) s->more = true; /* OR, NOT */
  }
}

/* ---- the scope of a model ---- */

static const Sight *sight_of(Builder *b, const Model *m) {
  static const ModelScope everything = {.kind = SCOPE_ALL};
  static const Sight clear = {.scope = &everything};
  Scopes *all = b->shape->scopes;
  if (!all || b->all_visible) return &clear;
  if (!b->sights) b->sights = ARENA_ARRAY(b->scratch, Sight *, all->n);
  Sight *s = b->sights[m->index];
  if (s) return s;
  s = b->sights[m->index] = ARENA_NEW(b->scratch, Sight);
  s->scope = &all->of[m->index];
  b_scope(b, m);
  if (s->scope->kind == SCOPE_UNKNOWN) b->blind = true;
  if (s->scope->kind != SCOPE_WHERE) return s;
  s->equals = ARENA_ARRAY(b->scratch, const Arg *, m->n_columns + 1);
  s->depends = ARENA_ARRAY(b->scratch, bool, m->n_columns + 1);
  look(b, s, m, &s->scope->where, true);
  return s;
}

bool visible_all(Builder *b, const Model *m) { return sight_of(b, m)->scope->kind == SCOPE_ALL; }

Expr *visible(Builder *b, const Model *m, uint32_t alias) {
  const Sight *s = sight_of(b, m);
  Path root = {0};
  Expr *filter = NULL;
  if (s->scope->kind == SCOPE_ALL) return NULL;
  b->all_visible = true;
  if (!b->blind && !filter_where(b, &root, m, alias, &s->scope->where, &filter)) b->blind = true;
  b->all_visible = false;
  return b->blind ? expr_new(b, EXPR_FALSE) : filter;
}

const Arg *visible_equals(Builder *b, const Model *m, const Field *f) {
  const Sight *s = sight_of(b, m);
  return s->equals ? s->equals[f->column] : NULL;
}

const Arg *visible_fill(Builder *b, const Model *m, const Field *f) {
  const Arg *equals = visible_equals(b, m, f);
  bool null_anyway = equals && f->def.kind == DEFAULT_NONE && !f->updated_at && b_is_null(b, equals);
  return null_anyway ? NULL : equals;
}

bool visible_outright(Builder *b, const Model *m) { return !sight_of(b, m)->more; }

bool visible_depends(Builder *b, const Model *m, const Field *f) {
  const Sight *s = sight_of(b, m);
  return f ? s->depends && s->depends[f->column] : s->related;
}

const Field *visible_marker(Builder *b, const Model *m) { return sight_of(b, m)->scope->marker; }

bool visible_fail(Builder *b) {
  const Model *unknown = b->shape->unknown;
  if (unknown) return err_set(b->e, ERR_USAGE, "The scope of %.*s is not known.", SLICE_ARGS(unknown->name));
  return !b->blind;
}
