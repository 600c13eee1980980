#include "migrate/pieces.h"

#include "base/vec.h"
#include "migrate/ddl.h"
#include "migrate/lint_private.h"

static Slice index_name(Arena *a, Slice schema, Slice name) {
  Buf b = buf_in(a);
  if (name.n) ddl_place(&b, schema, name);
  return buf_slice(&b);
}

static Slice created_name(Arena *a, const Arg *node) {
  return index_name(a, lint_string(lint_member(node, "relation"), "schemaname"),
                    lint_string(node, "idxname"));
}

static Slice dropped_name(Arena *a, const Arg *node) {
  const Arg *names = lint_item(node, "objects", 0);
  uint32_t n = lint_count(names, "items");
  Slice schema = n > 1 ? lint_string(lint_item(names, "items", n - 2), "sval") : SLICE("");
  return index_name(a, schema, lint_last_name(names, "items"));
}

static Piece alone(Arena *a, const LintStatement *s) {
  Piece p = {.kind = PIECE_OTHER, .start = s->start, .end = s->end};
  if (slice_is(s->kind, "IndexStmt")) {
    p.kind = PIECE_CREATE_INDEX;
    p.name = created_name(a, s->node);
  } else if (slice_is(s->kind, "DropStmt") && lint_is(s->node, "removeType", "OBJECT_INDEX")) {
    p.kind = PIECE_DROP_INDEX;
    p.name = dropped_name(a, s->node);
  }
  return p;
}

void pieces_of(Arena *a, Slice script, Pieces *out) {
  Err ignored;
  Lint l = {.arena = a, .script = script, .e = &ignored};
  *out = (Pieces){0};
  if (!lint_read(&l)) return;
  for (uint32_t i = 0; i < l.n; i++) {
    const LintStatement *s = &l.statements[i];
    Piece *last = out->n ? &out->items[out->n - 1] : NULL;
    if (lint_stands_apart(s)) {
      Piece p = alone(a, s);
      *VEC_PUSH(a, out->items, out->n) = p;
      out->apart = true;
    } else if (last && last->kind == PIECE_TOGETHER) {
      last->end = s->end;
    } else {
      *VEC_PUSH(a, out->items, out->n) = (Piece){.start = s->start, .end = s->end};
    }
  }
}
