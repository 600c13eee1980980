/* @relation(name, fields: [...], references: [...], onDelete: X, onUpdate: X, map: "...") */
#include "psl/attributes.h"

static void relation_fields(ArgSet *a, FieldInfo *f) {
  Resolver *r = a->r;
  Unresolved bad;
  const Expr *e = arg_take(a, "fields");
  if (!e || !fields_plain(r, e, f->model, a->attr->span, &f->fields, &bad)) {
    f->fields.given = e != NULL;
    return;
  }
  if (bad.n_unknown) {
    Slice names = words_join(r->arena, bad.unknown, bad.n_unknown, "", ", ");
    error_at(
        r, e->span,
        "The argument fields must refer only to existing fields. The following fields do not exist in this "
        "model: %.*s",
        SLICE_ARGS(names));
  }
  if (bad.n_relations) {
    Slice names = names_join(r->arena, bad.relations, bad.n_relations, "", ", ");
    error_at(
        r, e->span,
        "The argument fields must refer only to scalar fields. But it is referencing the following relation "
        "fields: %.*s",
        SLICE_ARGS(names));
  }
}

static void relation_references(ArgSet *a, FieldInfo *f) {
  Resolver *r = a->r;
  Unresolved bad;
  Slice target = f->target->ast->name;
  const Expr *e = arg_take(a, "references");
  if (!e || !fields_plain(r, e, f->target, a->attr->span, &f->references, &bad)) {
    f->references.given = e != NULL;
    return;
  }
  if (bad.n_unknown) {
    Slice names = words_join(r->arena, bad.unknown, bad.n_unknown, "", ", ");
    error_at(r, a->attr->span,
             "The argument `references` must refer only to existing fields in the related model `%.*s`. The "
             "following "
             "fields do not exist in the related model: %.*s",
             SLICE_ARGS(target), SLICE_ARGS(names));
  }
  if (bad.n_relations) {
    Slice names = names_join(r->arena, bad.relations, bad.n_relations, "", ", ");
    error_at(
        r, a->attr->span,
        "The argument `references` must refer only to scalar fields in the related model `%.*s`. But it is "
        "referencing the following relation fields: %.*s",
        SLICE_ARGS(target), SLICE_ARGS(names));
  }
}

static void relation_title(ArgSet *a, FieldInfo *f) {
  const Expr *e = arg_default_quietly(a, "name");
  Slice name;
  if (!e || !expr_string(a->r, e, &name)) return;
  if (!name.n) arg_error(a, "A relation cannot have an empty name.");
  f->relation_name = slice_copy(a->r->arena, name);
}

static void relation_action(ArgSet *a, const char *name, ActionArg *out) {
  const Expr *e = arg_take(a, name);
  Slice word;
  if (!e || !expr_constant(a->r, e, &word)) return;
  for (int action = ACTION_CASCADE; action <= ACTION_SET_DEFAULT; action++)
    if (slice_is(word, referential_name((ReferentialAction)action)))
      *out = (ActionArg){(ReferentialAction)action, e->span};
  if (out->action == ACTION_NONE)
    error_attribute(a->r, "@", SLICE("relation"), e->span, "Invalid referential action: `%.*s`",
                    SLICE_ARGS(word));
}

void attribute_relation(ArgSet *a, FieldInfo *f) {
  f->relation_attr = a->attr;
  relation_fields(a, f);
  relation_references(a, f);
  relation_title(a, f);
  relation_action(a, "onDelete", &f->on_delete);
  relation_action(a, "onUpdate", &f->on_update);
  f->fk_map = arg_name(a, "map");
}
