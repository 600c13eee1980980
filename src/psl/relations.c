/* Fourth pass: which relation fields belong together. */
#include <stdlib.h>

#include "base/vec.h"
#include "psl/resolve.h"

Slice relation_key(Arena *a, const ModelInfo *target, Slice name) {
  return slice_printf(a, "%u %.*s", target->model->index, SLICE_ARGS(name));
}

static void group_add(Arena *a, Map *groups, const ModelInfo *target, Slice name, FieldInfo *f) {
  Slice key = relation_key(a, target, name);
  FieldGroup *g = map_get(groups, key);
  if (!g) {
    g = ARENA_NEW(a, FieldGroup);
    map_put(groups, key, g);
  }
  *VEC_PUSH(a, g->items, g->n) = f;
}

static void group_fields(Resolver *r, ModelInfo *m) {
  m->related = m->titled = map_in(r->arena);
  for (uint32_t i = 0; i < m->n_fields; i++) {
    FieldInfo *f = &m->fields[i];
    if (!f->is_relation) continue;
    group_add(r->arena, &m->related, f->target, f->relation_name, f);
    group_add(r->arena, &m->titled, f->target, relation_name(r->arena, f), f);
  }
}

/* The field on the other side: same name (or both none), pointing back. */
static FieldInfo *opposite_of(Resolver *r, const FieldInfo *f) {
  const FieldGroup *g = map_get(&f->target->related, relation_key(r->arena, f->model, f->relation_name));
  for (uint32_t i = 0; g && i < g->n; i++)
    if (g->items[i] != f) return g->items[i];
  return NULL;
}

/* Model name first, then the field's. */
static int compare_sides(const FieldInfo *a, const FieldInfo *b) {
  int d = slice_compare(a->model->ast->name, b->model->ast->name);
  return d ? d : slice_compare(a->ast->name, b->ast->name);
}

static bool fields_are_unique(const FieldInfo *f) {
  const ModelInfo *m = f->model;
  for (uint32_t i = 0; i < m->n_indexes; i++) {
    const IndexInfo *x = m->indexes[i];
    bool same = x->kind == INDEX_UNIQUE && x->n_parts == f->fields.n;
    for (uint32_t k = 0; same && k < x->n_parts; k++) same = x->parts[k].leaf == f->fields.items[k];
    if (same) return true;
  }
  return false;
}

typedef struct Verdict { /* what a field and its opposite make, seen from the field */
  bool skip;             /* the opposite makes the relation */
  bool backward;         /* the field is on the referenced side, and there is no other */
  RelationShape shape;
} Verdict;

static Verdict judge_lists(const FieldInfo *f, const FieldInfo *o) {
  bool same_model = f->model == o->model;
  bool second = slice_compare(f->model->ast->name, o->model->ast->name) > 0 ||
                (same_model && slice_compare(f->ast->name, o->ast->name) > 0);
  bool embedded = f->fields.given || o->fields.given;
  return (Verdict){.skip = second, .shape = embedded ? SHAPE_EMBEDDED : SHAPE_MANY_TO_MANY};
}

static Verdict judge_singles(const FieldInfo *f, const FieldInfo *o) {
  bool optional = f->ast->arity == ARITY_OPTIONAL, other_optional = o->ast->arity == ARITY_OPTIONAL;
  Verdict v = {.shape = SHAPE_ONE_TO_ONE};
  if (optional && other_optional) {
    v.skip = !f->fields.given && (o->fields.given || compare_sides(f, o) > 0);
  } else if (optional) {
    v.skip = true; /* the required side holds the key */
  } else if (!other_optional) {
    v.skip = compare_sides(f, o) > 0; /* both required: refused later, whichever comes first */
  }
  return v;
}

static Verdict judge(const FieldInfo *f, const FieldInfo *o) {
  bool list = f->ast->arity == ARITY_LIST;
  if (!o) {
    bool unique = !list && f->fields.given && fields_are_unique(f);
    return (Verdict){.backward = list, .shape = unique ? SHAPE_ONE_TO_ONE : SHAPE_ONE_TO_MANY};
  }
  bool other_list = o->ast->arity == ARITY_LIST;
  if (list && other_list) return judge_lists(f, o);
  if (list || other_list) return (Verdict){.skip = list, .shape = SHAPE_ONE_TO_MANY};
  return judge_singles(f, o);
}

/* Two models' names in alphabetical order make the name of the relation that has none. */
Slice relation_name(Arena *a, const FieldInfo *f) {
  Slice left = f->model->ast->name, right = f->target->ast->name;
  if (f->relation_name.n) return f->relation_name;
  bool swap = slice_compare(left, right) >= 0;
  return swap ? slice_printf(a, "%.*sTo%.*s", SLICE_ARGS(right), SLICE_ARGS(left))
              : slice_printf(a, "%.*sTo%.*s", SLICE_ARGS(left), SLICE_ARGS(right));
}

static void infer(Resolver *r, FieldInfo *f) {
  FieldInfo *o = opposite_of(r, f);
  Verdict v = judge(f, o);
  if (v.skip) return;
  RelationInfo *rel = ARENA_NEW(r->arena, RelationInfo);
  *rel = (RelationInfo){.shape = v.shape, .a = f->model, .b = f->target, .forward = f, .back = o};
  if (v.backward) *rel = (RelationInfo){.shape = v.shape, .a = f->target, .b = f->model, .back = f};
  rel->name = relation_name(r->arena, f);
  f->relation = rel;
  if (o) o->relation = rel;
  rel->index = r->n_relations;
  if (rel->forward && rel->back) *VEC_PUSH(r->arena, rel->a->keys, rel->a->n_keys) = rel;
  *VEC_PUSH(r->arena, r->relations, r->n_relations) = rel;
}

/* By the model they point to: the order in which cycles are looked for. */
static int compare_keys(const void *a, const void *b) {
  const RelationInfo *x = *(RelationInfo *const *)a, *y = *(RelationInfo *const *)b;
  if (x->b != y->b) return x->b->model->index < y->b->model->index ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

void pass_relations(Resolver *r) {
  for (uint32_t i = 0; i < r->n_models; i++) group_fields(r, &r->models[i]);
  for (uint32_t i = 0; i < r->n_models; i++)
    for (uint32_t k = 0; k < r->models[i].n_fields; k++)
      if (r->models[i].fields[k].is_relation) infer(r, &r->models[i].fields[k]);
  for (uint32_t i = 0; i < r->n_models; i++)
    if (r->models[i].n_keys)
      qsort(r->models[i].keys, r->models[i].n_keys, sizeof(RelationInfo *), compare_keys);
}
