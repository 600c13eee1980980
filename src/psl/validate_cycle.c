/* Cycles of referential actions. PostgreSQL copes with them; where the client plays the database
 * (relationMode = "prisma") it would walk around them for ever. */
#include "base/vec.h"
#include "psl/validate.h"

typedef struct Path Path;
struct Path { /* of relations, from the first to this one */
  RelationInfo *rel;
  const Path *before;
};

static bool modifies(ReferentialAction a) { return a != ACTION_NO_ACTION && a != ACTION_RESTRICT; }

static bool triggers(const RelationInfo *rel) {
  return modifies(relation_on_delete(rel)) || modifies(relation_on_update(rel));
}

static void print_path(Buf *b, const Path *p) {
  if (p->before) {
    print_path(b, p->before);
    buf_text(b, " → ");
  }
  buf_printf(b, "%.*s.%.*s", SLICE_ARGS(p->rel->a->ast->name), SLICE_ARGS(p->rel->forward->ast->name));
}

/* Which of the actions nobody wrote: they are part of the cause. */
static Slice implicit_actions(Rules *x, const RelationInfo *rel) {
  ReferentialAction del = relation_on_delete(rel), up = relation_on_update(rel);
  bool implicit_del = !rel->forward->on_delete.action && modifies(del);
  bool implicit_up = !rel->forward->on_update.action && modifies(up);
  Arena *a = x->r->arena;
  if (implicit_del && implicit_up)
    return slice_printf(a, " (Implicit default `onDelete`: `%s`, and `onUpdate`: `%s`)",
                        referential_name(del), referential_name(up));
  if (implicit_del) return slice_printf(a, " (Implicit default `onDelete`: `%s`)", referential_name(del));
  if (implicit_up) return slice_printf(a, " (Implicit default `onUpdate`: `%s`)", referential_name(up));
  return SLICE("");
}

static void report(Rules *x, const RelationInfo *rel, Slice what) {
  Slice actions = implicit_actions(x, rel);
  error_at(x->r, rel->forward->ast->span,
           "%.*s%.*s Read more at https://pris.ly/d/cyclic-referential-actions", SLICE_ARGS(what),
           SLICE_ARGS(actions));
}

static bool closes(Rules *x, const RelationInfo *root, const Path *p) {
  if (p->rel->a == p->rel->b) {
    report(x, root,
           SLICE("A self-relation must have `onDelete` and `onUpdate` referential actions set to `NoAction` "
                 "in one of "
                 "the @relation attributes."));
    return true;
  }
  if (p->rel->b != root->a) return false;
  Buf path = buf_in(x->r->arena);
  print_path(&path, p);
  Slice text = buf_slice(&path);
  report(
      x, root,
      slice_printf(
          x->r->arena,
          "Reference causes a cycle. One of the @relation attributes in this cycle must have `onDelete` and "
          "`onUpdate` referential actions set to `NoAction`. Cycle path: %.*s.",
          SLICE_ARGS(text)));
  return true;
}

/* What can follow: the relations whose keys stand where this one points to. */
static void push_next(Rules *x, const Path *from, const bool *seen, Path ***stack, uint32_t *n) {
  const ModelInfo *m = from->rel->b;
  for (uint32_t i = 0; i < m->n_keys; i++) {
    RelationInfo *rel = m->keys[i];
    if (rel->shape == SHAPE_MANY_TO_MANY || rel->shape == SHAPE_EMBEDDED || seen[rel->index]) continue;
    Path *p = ARENA_NEW(x->r->arena, Path);
    *p = (Path){rel, from};
    *VEC_PUSH(x->r->arena, *stack, *n) = p;
  }
}

void rules_cycles(Rules *x, RelationInfo *root) {
  Resolver *r = x->r;
  if (!r->datasource || !r->datasource->prisma_mode) return;
  bool *seen = ARENA_ARRAY(r->arena, bool, r->n_relations);
  Path **stack = NULL, *first = ARENA_NEW(r->arena, Path);
  uint32_t n = 0;
  first->rel = root;
  *VEC_PUSH(r->arena, stack, n) = first;
  while (n) {
    const Path *p = stack[--n];
    if (seen[p->rel->index]) continue;
    seen[p->rel->index] = true;
    if (!triggers(p->rel)) continue;
    if (closes(x, root, p)) return;
    push_next(x, p, seen, &stack, &n);
  }
}
