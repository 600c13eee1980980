/* Relations: from foreign keys, and from the join tables that stand for many-to-many ones. Their names, and
 * those of their fields, are as clear as they can be: only where two models have several relations, or one
 * with itself, does a relation need a name. */
#include "base/vec.h"
#include "migrate/pull_private.h"

/* --- join tables --- */

static bool names_a(const Column *c) { return slice_is(c->name, "A") || slice_is(c->name, "a"); }
static bool names_b(const Column *c) { return slice_is(c->name, "B") || slice_is(c->name, "b"); }

static bool covers_both(const DbIndex *x) {
  return x && x->unique && x->n_columns == 2 && names_a(x->columns[0].column) &&
         names_b(x->columns[1].column);
}

/* "_Name" with columns A and B, unique together, an index on B, and a key from each; A leads to the model
 * that comes first. */
bool pull_is_join(const DbTable *t) {
  bool both = covers_both(t->primary), second = false;
  for (uint32_t i = 0; i < t->n_indexes; i++) {
    const DbIndex *x = t->indexes[i];
    both = both || covers_both(x);
    second = second || (!x->unique && x->n_columns == 1 && names_b(x->columns[0].column));
  }
  if (!both || !second || t->n_keys != 2 || !t->name.n || t->name.p[0] != '_') return false;
  const ForeignKey *a = t->keys[0], *b = t->keys[1];
  if (names_b(a->columns[0])) {
    a = t->keys[1];
    b = t->keys[0];
  }
  return names_a(a->columns[0]) && names_b(b->columns[0]) &&
         slice_compare(a->target->name, b->target->name) <= 0;
}

static const ForeignKey *join_key(const DbTable *t, bool b) {
  bool first_is_a = names_a(t->keys[0]->columns[0]);
  return t->keys[b == first_is_a];
}

/* --- which relations need a name --- */

static bool same_tables(const ForeignKey *k, const DbTable *a, const DbTable *b) {
  return (k->table == a && k->target == b) || (k->table == b && k->target == a);
}

static bool same_columns(const ForeignKey *x, const ForeignKey *y) {
  if (x->table != y->table || x->n_columns != y->n_columns) return false;
  for (uint32_t i = 0; i < x->n_columns; i++)
    if (x->columns[i] != y->columns[i]) return false;
  return true;
}

/* Another key, on other columns, between the same two tables? */
static bool has_rival(const DbTable *in, const ForeignKey *k, const DbTable *a, const DbTable *b) {
  for (uint32_t i = 0; i < in->n_keys; i++)
    if (same_tables(in->keys[i], a, b) && (!k || !same_columns(in->keys[i], k))) return true;
  return false;
}

static bool join_between(const Catalog *c, const DbTable *but, const DbTable *a, const DbTable *b) {
  for (uint32_t i = 0; i < c->n_tables; i++) {
    const DbTable *t = c->tables[i];
    if (t == but || !pull_is_join(t)) continue;
    const DbTable *x = join_key(t, false)->target, *y = join_key(t, true)->target;
    if ((x == a && y == b) || (x == b && y == a)) return true;
  }
  return false;
}

/* Would the field be called as one of the key's own? */
static bool field_clashes(const Pull *p, const ForeignKey *k) {
  for (uint32_t i = 0; i < k->n_columns; i++)
    if (slice_eq(pull_field(pull_model(p, k->table), k->columns[i])->name, pull_model(p, k->target)->name))
      return true;
  return false;
}

static bool pair_is_ambiguous(const Pull *p, const DbTable *a, const DbTable *b) {
  const DbTable *sides[] = {a, b};
  for (int s = 0; s < 2; s++)
    for (uint32_t i = 0; i < sides[s]->n_keys; i++) {
      const ForeignKey *k = sides[s]->keys[i];
      if (!same_tables(k, a, b)) continue;
      if (has_rival(a, k, a, b) || has_rival(b, k, a, b) || field_clashes(p, k)) return true;
      if (join_between(p->catalog, NULL, a, b)) return true;
    }
  return false;
}

/* --- relations of the old schema --- */

static const Relation *old_relation(const Pull *p, const PullModel *m, const ForeignKey *k) {
  for (uint32_t i = 0; m->old && i < p->old->n_relations; i++) {
    const Relation *r = &p->old->relations[i];
    if (r->kind == RELATION_MANY_TO_MANY || r->side[0].model != m->old || r->n_fields != k->n_columns)
      continue;
    bool same = true;
    for (uint32_t f = 0; f < k->n_columns; f++)
      same = same && slice_eq(r->fields[f]->db_name, k->columns[f]->name);
    if (same) return r;
  }
  return NULL;
}

static const Relation *old_join(const Pull *p, const DbTable *t) {
  for (uint32_t i = 0; i < p->old->n_relations; i++) {
    const Relation *r = &p->old->relations[i];
    if (r->kind == RELATION_MANY_TO_MANY && slice_eq(r->table, t->name)) return r;
  }
  return NULL;
}

static void keep_old_names(PullRelation *r) {
  if (!r->old) return;
  r->name = r->old->name_given ? r->old->name : (Slice){"", 0};
  if (r->old->side[0].field) r->forward = r->old->side[0].field->name;
  if (r->old->side[1].field) r->back = r->old->side[1].field->name;
}

/* --- making them --- */

static void name_by_columns(const Pull *p, PullRelation *r) {
  const char *other = r->self ? "other_" : "";
  Buf b = buf_in(p->arena);
  buf_printf(&b, "%.*s", SLICE_ARGS(r->from->name));
  for (uint32_t i = 0; i < r->key->n_columns; i++)
    buf_printf(&b, "_%.*s", SLICE_ARGS(pull_field(r->from, r->key->columns[i])->name));
  buf_printf(&b, "To%.*s", SLICE_ARGS(r->to->name));
  r->name = buf_slice(&b);
  r->forward = slice_printf(p->arena, "%.*s_%.*s", SLICE_ARGS(r->to->name), SLICE_ARGS(r->name));
  r->back = slice_printf(p->arena, "%s%.*s_%.*s", other, SLICE_ARGS(r->from->name), SLICE_ARGS(r->name));
}

static void name_plainly(const Pull *p, PullRelation *r) {
  r->forward = r->to->name;
  r->back = r->from->name;
  if (!r->self) return;
  r->name = slice_printf(p->arena, "%.*sTo%.*s", SLICE_ARGS(r->from->name), SLICE_ARGS(r->to->name));
  r->back = slice_printf(p->arena, "other_%.*s", SLICE_ARGS(r->from->name));
}

/* A second key on the same columns to the same ones says nothing new. */
static bool is_repeated(const DbTable *t, uint32_t at) {
  for (uint32_t i = 0; i < at; i++) {
    const ForeignKey *x = t->keys[i], *y = t->keys[at];
    bool same = x->target == y->target && same_columns(x, y);
    for (uint32_t k = 0; same && k < x->n_columns; k++) same = x->references[k] == y->references[k];
    if (same) return true;
  }
  return false;
}

static void make_relation(Pull *p, const ForeignKey *k) {
  PullRelation r = {.key = k, .from = pull_model(p, k->table), .to = pull_model(p, k->target)};
  r.self = r.from == r.to;
  if (!r.to->name.p) return;
  r.old = old_relation(p, r.from, k);
  if (pair_is_ambiguous(p, k->table, k->target))
    name_by_columns(p, &r);
  else
    name_plainly(p, &r);
  keep_old_names(&r);
  *VEC_PUSH(p->arena, p->relations, p->n_relations) = r;
}

static bool join_is_ambiguous(const Pull *p, const DbTable *t, const DbTable *a, const DbTable *b) {
  return has_rival(a, NULL, a, b) || has_rival(b, NULL, a, b) || join_between(p->catalog, t, a, b);
}

static void make_join(Pull *p, const DbTable *t) {
  const DbTable *a = join_key(t, false)->target, *b = join_key(t, true)->target;
  PullRelation r = {.from = pull_model(p, a), .to = pull_model(p, b), .self = a == b, .old = old_join(p, t)};
  bool ambiguous = join_is_ambiguous(p, t, a, b);
  Slice found = {t->name.p + 1, t->name.n - 1}, suffix = ambiguous ? t->name : (Slice){"", 0};
  Slice usual = slice_printf(p->arena, "%.*sTo%.*s", SLICE_ARGS(r.from->name), SLICE_ARGS(r.to->name));
  r.name = ambiguous || r.self || !slice_eq(found, usual) ? found : (Slice){"", 0};
  r.forward =
      slice_printf(p->arena, "%.*s%.*s%s", SLICE_ARGS(r.to->name), SLICE_ARGS(suffix), r.self ? "_A" : "");
  r.back =
      slice_printf(p->arena, "%.*s%.*s%s", SLICE_ARGS(r.from->name), SLICE_ARGS(suffix), r.self ? "_B" : "");
  keep_old_names(&r);
  *VEC_PUSH(p->arena, p->relations, p->n_relations) = r;
}

void pull_relations(Pull *p) {
  const Catalog *c = p->catalog;
  for (uint32_t i = 0; i < c->n_tables; i++)
    for (uint32_t k = 0; !pull_is_join(c->tables[i]) && k < c->tables[i]->n_keys; k++)
      if (!is_repeated(c->tables[i], k)) make_relation(p, c->tables[i]->keys[k]);
  for (uint32_t i = 0; i < c->n_tables; i++)
    if (pull_is_join(c->tables[i])) make_join(p, c->tables[i]);
}
