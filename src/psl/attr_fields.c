/* Lists of fields in arguments: [a, b(sort: Desc), c.d]. */
#include "base/vec.h"
#include "psl/attributes.h"

Slice fields_words(Arena *a, const Slice *words, uint32_t n) {
  Slice list = words_join(a, words, n, "`", ", ");
  return slice_printf(a, "field%s %.*s", n == 1 ? "" : "s", SLICE_ARGS(list));
}

/* A list's items, or the one item that stands there without brackets. */
static const Expr *const *list_items(const Expr *const *e, uint32_t *n) {
  *n = (*e)->kind == EXPR_LIST ? (*e)->n : 1;
  return (*e)->kind == EXPR_LIST ? (const Expr *const *)(*e)->items : e;
}

static void add_unknown(Resolver *r, Unresolved *bad, Slice name) {
  *VEC_PUSH(r->arena, bad->unknown, bad->n_unknown) = name;
}

static void repeated_field(Resolver *r, const ModelInfo *m, Span attr, Slice name) {
  error_model(r, "model", m, attr, "The unique index definition refers to the field %.*s multiple times.",
              SLICE_ARGS(name));
}

bool fields_plain(Resolver *r, const Expr *e, ModelInfo *m, Span attr, FieldList *out, Unresolved *bad) {
  uint32_t n;
  const Expr *const *items = list_items(&e, &n);
  bool good = true;
  Slice name;
  *out = (FieldList){.given = true};
  *bad = (Unresolved){.n_unknown = 0};
  for (uint32_t i = 0; i < n; i++) good &= expr_constant(r, items[i], &name);
  for (uint32_t i = 0; good && i < n; i++) {
    FieldInfo *f = model_find(m, items[i]->text);
    if (!f) {
      add_unknown(r, bad, items[i]->text);
    } else if (f->is_relation || f->unresolved) {
      *VEC_PUSH(r->arena, bad->relations, bad->n_relations) = f;
    } else {
      for (uint32_t k = 0; k < out->n; k++)
        if (out->items[k] == f) {
          repeated_field(r, m, attr, f->ast->name);
          out->n = 0;
          return false;
        }
      *VEC_PUSH(r->arena, out->items, out->n) = f;
    }
  }
  if (!good || bad->n_unknown || bad->n_relations) out->n = 0;
  return good;
}

/* --- fields with arguments --- */

static const Expr *part_argument(const Expr *call, const char *name, Span *span) {
  const Argument *a = argument_find(&call->args, name);
  if (a) *span = a->span;
  return a ? a->value : NULL;
}

static void unexpected(Resolver *r, Span span, Slice expected) {
  diag_error(r->d, span, "Unexpected token. Expected one of: %.*s", SLICE_ARGS(expected));
}

static void part_sort(Resolver *r, const Expr *call, IndexPart *part) {
  Span span;
  Slice word;
  const Expr *e = part_argument(call, "sort", &span);
  if (!e || !expr_constant(r, e, &word)) return;
  part->desc = slice_is(word, "Desc");
  part->has_sort = part->desc || slice_is(word, "Asc");
  if (!part->has_sort) unexpected(r, span, SLICE("Asc, Desc"));
}

static void part_length(Resolver *r, const Expr *call, IndexPart *part) {
  Span span;
  int64_t length;
  const Expr *e = part_argument(call, "length", &span);
  if (!e || !expr_integer(r, e, &length) || length < 0) return;
  part->has_length = true;
  part->length = (int)length;
}

/* raw("text_pattern_ops") */
static void part_raw_ops(Resolver *r, const Expr *e, IndexPart *part) {
  if (!slice_is(e->text, "raw")) {
    unexpected(r, e->span, SLICE("operator class"));
  } else if (e->args.n != 1) {
    unexpected(r, e->span,
               slice_printf(r->arena, "Wrong number of arguments. Expected: 1, got: %u", e->args.n));
  } else if (e->args.items[0].value->kind != EXPR_STRING) {
    unexpected(r, e->span, SLICE("Invalid parameter type: expected string"));
  } else {
    part->has_raw = true;
    part->raw = e->args.items[0].value->text;
  }
}

static void part_ops(Resolver *r, const Expr *call, IndexPart *part) {
  Span span;
  const Expr *e = part_argument(call, "ops", &span);
  if (!e) return;
  if (e->kind == EXPR_CALL) {
    part_raw_ops(r, e, part);
  } else if (e->kind == EXPR_CONSTANT) {
    part->ops = opclass_find(e->text);
    if (!part->ops)
      unexpected(r, e->span, slice_printf(r->arena, "Invalid operator class: %.*s", SLICE_ARGS(e->text)));
  } else {
    unexpected(r, span, SLICE("operator class"));
  }
}

static bool part_read(Resolver *r, const Expr *e, IndexPart *part) {
  *part = (IndexPart){.root = NULL};
  if (e->kind == EXPR_CALL) {
    part_sort(r, e, part);
    part_length(r, e, part);
    part_ops(r, e, part);
  } else if (e->kind != EXPR_CONSTANT) {
    expr_mismatch(r, e, "constant literal");
    return false;
  }
  return true;
}

/* The rest of a path, "b.c" of "a.b.c", through composite types. NULL: added to `bad`. */
static FieldInfo *follow_path(Resolver *r, const TypeInfo *type, Slice whole, Slice rest, Unresolved *bad) {
  for (;;) {
    const char *dot = memchr(rest.p, '.', rest.n);
    Slice step = {rest.p, dot ? (uint32_t)(dot - rest.p) : rest.n};
    FieldInfo *f = map_get(&type->names, step);
    if (!f) {
      add_unknown(r, bad,
                  slice_printf(r->arena, "%.*s in type %.*s", SLICE_ARGS(step), SLICE_ARGS(type->ast->name)));
      return NULL;
    }
    if (!dot) return f;
    if (!f->composite) {
      add_unknown(r, bad, whole);
      return NULL;
    }
    type = f->composite;
    rest = (Slice){dot + 1, rest.n - step.n - 1};
  }
}

/* Fill root and leaf; false: added to `bad`. */
static bool part_resolve(Resolver *r, ModelInfo *m, Slice path, bool composites, IndexPart *part,
                         Unresolved *bad) {
  const char *dot = memchr(path.p, '.', path.n);
  Slice head = {path.p, dot ? (uint32_t)(dot - path.p) : path.n};
  part->root = part->leaf = dot && !composites ? NULL : model_find(m, head);
  part->path = path;
  if (!part->root) {
    add_unknown(r, bad, dot && !composites ? path : head);
    return false;
  }
  if (part->root->is_relation || part->root->unresolved) {
    *VEC_PUSH(r->arena, bad->relations, bad->n_relations) = part->root;
    return false;
  }
  if (!dot) return true;
  if (!part->root->composite) {
    add_unknown(r, bad, path);
    return false;
  }
  part->leaf = follow_path(r, part->root->composite, path, (Slice){dot + 1, path.n - head.n - 1}, bad);
  return part->leaf != NULL;
}

bool fields_indexed(Resolver *r, const Expr *e, ModelInfo *m, Span attr, bool composites, IndexPart **parts,
                    uint32_t *n_parts, Unresolved *bad) {
  uint32_t n;
  const Expr *const *items = list_items(&e, &n);
  IndexPart *all = ARENA_ARRAY(r->arena, IndexPart, n);
  bool good = true;
  *n_parts = 0;
  *bad = (Unresolved){.n_unknown = 0};
  for (uint32_t i = 0; i < n; i++) good &= part_read(r, items[i], &all[i]);
  if (!good) return false;
  uint32_t resolved = 0;
  for (uint32_t i = 0; i < n; i++) {
    if (!part_resolve(r, m, items[i]->text, composites, &all[i], bad)) continue;
    for (uint32_t k = 0; k < i; k++)
      if (all[k].leaf == all[i].leaf && all[k].root == all[i].root) {
        repeated_field(r, m, attr, items[i]->text);
        return false;
      }
    resolved++;
  }
  *parts = all;
  *n_parts = resolved == n ? n : 0;
  return true;
}
