/* Rules of relations, with both of their sides in view. */
#include "base/vec.h"
#include "psl/validate.h"

static void at_field(Rules *x, const FieldInfo *f, Slice text) {
  error_attribute(x->r, "@", SLICE("relation"), f->ast->span, "%.*s", SLICE_ARGS(text));
}

static Slice model_of(const FieldInfo *f) { return f->model->ast->name; }

/* --- referential actions --- */

static bool any_required(const FieldList *fields) {
  for (uint32_t i = 0; i < fields->n; i++)
    if (fields->items[i]->ast->arity == ARITY_REQUIRED) return true;
  return false;
}

ReferentialAction relation_on_delete(const RelationInfo *rel) {
  const FieldInfo *f = rel->forward;
  if (!f) return ACTION_SET_NULL;
  if (f->on_delete.action) return f->on_delete.action;
  return any_required(&f->fields) || f->ast->arity == ARITY_REQUIRED ? ACTION_RESTRICT : ACTION_SET_NULL;
}

ReferentialAction relation_on_update(const RelationInfo *rel) {
  return rel->forward && rel->forward->on_update.action ? rel->forward->on_update.action : ACTION_CASCADE;
}

/* SET NULL on a column that cannot be null: PostgreSQL lets it be declared, so it is a warning there;
 * where the client plays the database it is an error. */
static void check_set_null(Rules *x, const FieldInfo *f, ReferentialAction action, const char *name) {
  bool foreign_keys = x->r->datasource && !x->r->datasource->prisma_mode;
  if (action != ACTION_SET_NULL) return;
  if (foreign_keys) {
    diag_warning(
        x->r->d, f->ast->span,
        "The `%s` referential action of a relation should not be set to `SetNull` when a referenced field is "
        "required. We recommend either to choose another referential action, or to make the referenced "
        "fields "
        "optional. Read more at https://pris.ly/d/postgres-set-null ",
        name);
  } else {
    error_attribute(
        x->r, "@", SLICE("relation"), f->ast->span,
        "The `%s` referential action of a relation must not be set to `SetNull` when a referenced field is "
        "required.\nEither choose another referential action, or make the referenced fields optional.\n",
        name);
  }
}

static void check_set_nulls(Rules *x, const FieldInfo *f) {
  if (f->fields.given && !any_required(&f->fields)) return;
  check_set_null(x, f, f->on_delete.action, "onDelete");
  check_set_null(x, f, f->on_update.action, "onUpdate");
}

/* --- what fields: and references: point to --- */

static bool contains(const FieldList *list, const FieldInfo *f) {
  for (uint32_t i = 0; i < list->n; i++)
    if (list->items[i] == f) return true;
  return false;
}

static bool same_set(const IndexInfo *i, const FieldList *list) {
  if (i->n_parts != list->n) return false;
  for (uint32_t k = 0; k < i->n_parts; k++)
    if (!contains(list, i->parts[k].leaf)) return false;
  return true;
}

static bool same_order(const IndexInfo *i, const FieldList *list) {
  if (i->n_parts != list->n) return false;
  for (uint32_t k = 0; k < i->n_parts; k++)
    if (i->parts[k].leaf != list->items[k]) return false;
  return true;
}

/* Whether a key or unique of the model is `same` as the list. */
static bool has_criterion(const ModelInfo *m, const FieldList *list,
                          bool (*same)(const IndexInfo *, const FieldList *)) {
  if (m->id && same(m->id, list)) return true;
  for (uint32_t i = 0; i < m->n_indexes; i++)
    if (m->indexes[i]->kind == INDEX_UNIQUE && !m->indexes[i]->where && same(m->indexes[i], list))
      return true;
  return false;
}

static void check_references(Rules *x, const FieldInfo *f) {
  const FieldList *refs = &f->references;
  const ModelInfo *target = f->target;
  Arena *a = x->r->arena;
  if (!refs->n) return;
  Slice names = names_join(a, refs->items, refs->n, "", ", ");
  if (has_criterion(target, refs, same_set)) {
    if (refs->n > 1 && !x->r->datasource && !has_criterion(target, refs, same_order))
      error_at(x->r, f->ast->span,
               "The argument `references` must refer to a unique criterion in the related model `%.*s` using "
               "the same "
               "order of fields. Please check the ordering in the following fields: `%.*s`.",
               SLICE_ARGS(target->ast->name), SLICE_ARGS(names));
    return;
  }
  at_field(
      x, f,
      refs->n == 1
          ? slice_printf(
                a,
                "The argument `references` must refer to a unique criterion in the related model. Consider "
                "adding an `@unique` attribute to the field `%.*s` in the model `%.*s`.",
                SLICE_ARGS(names), SLICE_ARGS(target->ast->name))
          : slice_printf(
                a,
                "The argument `references` must refer to a unique criterion in the related model. Consider "
                "adding an `@@unique([%.*s])` attribute to the model `%.*s`.",
                SLICE_ARGS(names), SLICE_ARGS(target->ast->name)));
}

static bool same_type(const FieldInfo *a, const FieldInfo *b) {
  if (a->field->kind != b->field->kind || a->composite != b->composite) return false;
  switch (a->field->kind) {
    case FIELD_SCALAR: return a->field->scalar == b->field->scalar;
    case FIELD_ENUM: return a->field->enum_ == b->field->enum_;
    default: return a->composite != NULL || slice_eq(a->ast->type, b->ast->type);
  }
}

static void check_type(Rules *x, const FieldInfo *f, const FieldInfo *from, const FieldInfo *to) {
  if (same_type(from, to)) return;
  at_field(x, f,
           slice_printf(
               x->r->arena,
               "The type of the field `%.*s` in the model `%.*s` is not matching the type of the referenced "
               "field `%.*s` in model `%.*s`.",
               SLICE_ARGS(from->ast->name), SLICE_ARGS(model_of(from)), SLICE_ARGS(to->ast->name),
               SLICE_ARGS(model_of(to))));
}

/* Without references: it is the model's first criterion that must fit. */
static void check_types(Rules *x, const FieldInfo *f) {
  const IndexInfo *implied = f->references.given ? NULL : model_criterion(f->target);
  uint32_t n = implied ? implied->n_parts : f->references.n;
  for (uint32_t i = 0; i < f->fields.n && i < n; i++)
    check_type(x, f, f->fields.items[i], implied ? implied->parts[i].leaf : f->references.items[i]);
}

static void check_arity(Rules *x, const FieldInfo *f) {
  bool optional = false;
  for (uint32_t i = 0; i < f->fields.n; i++) optional |= f->fields.items[i]->ast->arity == ARITY_OPTIONAL;
  if (f->ast->arity != ARITY_REQUIRED || !optional) return;
  Slice names = names_join(x->r->arena, f->fields.items, f->fields.n, "", ", ");
  error_at(x->r, f->ast->span,
           "The relation field `%.*s` uses the scalar fields %.*s. At least one of those fields is optional. "
           "Hence the "
           "relation field must be optional as well.",
           SLICE_ARGS(f->ast->name), SLICE_ARGS(names));
}

static void check_forward(Rules *x, const RelationInfo *rel) {
  const FieldInfo *f = rel->forward;
  if (f) {
    check_references(x, f);
    if (f->fields.given && f->references.given && f->fields.n != f->references.n)
      error_at(x->r, f->relation_attr->span,
               "You must specify the same number of fields in `fields` and `references`.");
    check_arity(x, f);
    check_types(x, f);
  }
  Span span = !f ? rel->b->ast->span
              : f->relation_attr && argument_find(&f->relation_attr->args, "map")
                  ? argument_span(f->relation_attr, "map")
                  : f->ast->span;
  rules_constraint_name(x, rel->a, rel->constraint, true, "@", SLICE("relation"), span);
  if (f) check_set_nulls(x, f);
}

/* --- both sides --- */

static void check_opposite(Rules *x, const RelationInfo *rel) {
  const FieldInfo *only = rel->forward && rel->back ? NULL : rel->forward ? rel->forward : rel->back;
  if (only)
    error_field(
        x->r, only,
        "The relation field `%.*s` on %s `%.*s` is missing an opposite relation field on the model `%.*s`. "
        "Either run `prisma format` or add it manually.",
        SLICE_ARGS(only->ast->name), model_word(only->model), SLICE_ARGS(model_of(only)),
        SLICE_ARGS(only->target->ast->name));
}

/* "The relation fields `a` on Model `A` and `b` on Model `B` …": said at `at`, `at` named first or not. */
static void at_both(Rules *x, const FieldInfo *at, const FieldInfo *first, const FieldInfo *second,
                    const char *what) {
  at_field(
      x, at,
      slice_printf(x->r->arena, "The relation fields `%.*s` on Model `%.*s` and `%.*s` on Model `%.*s` %s",
                   SLICE_ARGS(first->ast->name), SLICE_ARGS(model_of(first)), SLICE_ARGS(second->ast->name),
                   SLICE_ARGS(model_of(second)), what));
}

static void missing_on_both(Rules *x, const FieldInfo *a, const FieldInfo *b, const char *argument) {
  Slice what = slice_printf(
      x->r->arena,
      "do not provide the `%s` argument in the @relation attribute. You have to provide it on one "
      "of the two fields.",
      argument);
  at_both(x, a, a, b, what.p);
  at_both(x, b, b, a, what.p);
}

static void given_on_both(Rules *x, const FieldInfo *a, const FieldInfo *b, const char *argument) {
  Slice what = slice_printf(
      x->r->arena,
      "both provide the `%s` argument in the @relation attribute. You have to provide it only on "
      "one of the two fields.",
      argument);
  at_both(x, a, a, b, what.p);
  at_both(x, b, a, b, what.p);
}

static bool has_action(const FieldInfo *f) { return f->on_delete.action || f->on_update.action; }

static void one_to_one_actions(Rules *x, const FieldInfo *f, const FieldInfo *b) {
  static const char both[] =
      "both provide the `onDelete` or `onUpdate` argument in the @relation attribute. You have to provide it "
      "only on "
      "one of the two fields.";
  if (has_action(f) && has_action(b)) {
    at_both(x, b, b, f, both);
    at_both(x, f, f, b, both);
  } else if (has_action(b)) {
    at_field(
        x, b,
        slice_printf(
            x->r->arena,
            "The relation field `%.*s` on Model `%.*s` must not specify the `onDelete` or `onUpdate` "
            "argument in the @relation attribute. You must only specify it on the opposite field `%.*s` on "
            "model `%.*s`.",
            SLICE_ARGS(b->ast->name), SLICE_ARGS(model_of(b)), SLICE_ARGS(f->ast->name),
            SLICE_ARGS(model_of(f))));
  }
}

static void one_to_one_unique(Rules *x, const FieldInfo *f) {
  if (!f->fields.given || has_criterion(f->model, &f->fields, same_order)) return;
  Slice names = names_join(x->r->arena, f->fields.items, f->fields.n, "", ", ");
  at_field(
      x, f,
      f->fields.n == 1
          ? slice_printf(
                x->r->arena,
                "A one-to-one relation must use unique fields on the defining side. Either add an `@unique` "
                "attribute to the field `%.*s`, or change the relation to one-to-many.",
                SLICE_ARGS(names))
          : slice_printf(x->r->arena,
                         "A one-to-one relation must use unique fields on the defining side. Either add an "
                         "`@@unique([%.*s])` attribute to the model, or change the relation to one-to-many.",
                         SLICE_ARGS(names)));
}

static Slice mixup(Rules *x, const FieldInfo *f, const FieldInfo *b, const char *here, const char *there) {
  return slice_printf(
      x->r->arena,
      "The relation field `%.*s` on Model `%.*s` provides the `%s` argument in the @relation attribute. "
      "And the related field `%.*s` on Model `%.*s` provides the `%s` argument. You must provide both "
      "arguments on the same side.",
      SLICE_ARGS(f->ast->name), SLICE_ARGS(model_of(f)), here, SLICE_ARGS(b->ast->name),
      SLICE_ARGS(model_of(b)), there);
}

/* These three speak only when nothing else was found: they would repeat it in other words. */
static void one_to_one_mixups(Rules *x, const FieldInfo *f, const FieldInfo *b) {
  if (x->r->d->n_errors) return;
  if (f->fields.n && b->references.n) {
    Slice text = mixup(x, f, b, "fields", "references");
    at_field(x, f, text);
    at_field(x, b, text);
  }
  if (f->references.n && b->fields.n) at_field(x, f, mixup(x, f, b, "references", "fields"));
}

static void one_to_one_arity(Rules *x, const FieldInfo *f, const FieldInfo *b) {
  if (x->r->d->n_errors || b->ast->arity != ARITY_REQUIRED) return;
  at_field(x, b,
           slice_printf(
               x->r->arena,
               "The relation field `%.*s` on Model `%.*s` is required. This is not valid because it's not "
               "possible to enforce this constraint on the database level. Please change the field type from "
               "`%.*s` to `%.*s?` to fix this.",
               SLICE_ARGS(b->ast->name), SLICE_ARGS(model_of(b)), SLICE_ARGS(model_of(f)),
               SLICE_ARGS(model_of(f))));
}

static void one_to_one_side(Rules *x, const FieldInfo *f, const FieldInfo *b) {
  if (x->r->d->n_errors || f->ast->arity != ARITY_REQUIRED) return;
  if (!b->fields.given && !b->references.given) return;
  at_field(
      x, b,
      slice_printf(
          x->r->arena,
          "The relation field `%.*s.%.*s` defines the `fields` and/or `references` argument. You must set "
          "them on the required side of the relation (`%.*s.%.*s`) in order for the constraints to be "
          "enforced. Alternatively, you can change this field to be required and the opposite optional, or "
          "make both sides of the relation optional.",
          SLICE_ARGS(model_of(b)), SLICE_ARGS(b->ast->name), SLICE_ARGS(model_of(f)),
          SLICE_ARGS(f->ast->name)));
}

static void check_one_to_one(Rules *x, const RelationInfo *rel) {
  const FieldInfo *f = rel->forward, *b = rel->back;
  check_opposite(x, rel);
  if (f && b) {
    if (!f->fields.n && !b->fields.n) missing_on_both(x, f, b, "fields");
    if (!f->references.n && !b->references.n) missing_on_both(x, f, b, "references");
    if (f->references.n && b->references.n) given_on_both(x, f, b, "references");
    if (f->fields.n && b->fields.n) given_on_both(x, f, b, "fields");
    one_to_one_actions(x, f, b);
  }
  if (f) one_to_one_unique(x, f);
  if (f && b) {
    one_to_one_mixups(x, f, b);
    one_to_one_arity(x, f, b);
    one_to_one_side(x, f, b);
  }
}

/* --- one to many --- */

static void must_specify(Rules *x, const FieldInfo *f, const char *argument, const char *hint) {
  at_field(x, f,
           slice_printf(
               x->r->arena,
               "The relation field `%.*s` on Model `%.*s` must specify the `%s` argument in the @relation "
               "attribute.%s",
               SLICE_ARGS(f->ast->name), SLICE_ARGS(model_of(f)), argument, hint));
}

static void must_not_specify(Rules *x, const FieldInfo *b, const FieldInfo *f, const char *arguments,
                             const char *hint) {
  at_field(x, b,
           slice_printf(
               x->r->arena,
               "The relation field `%.*s` on Model `%.*s` must not specify the %s argument in the @relation "
               "attribute. You must only specify it on the opposite field `%.*s` on model `%.*s`%s.",
               SLICE_ARGS(b->ast->name), SLICE_ARGS(model_of(b)), arguments, SLICE_ARGS(f->ast->name),
               SLICE_ARGS(model_of(f)), hint));
}

static void check_one_to_many(Rules *x, const RelationInfo *rel) {
  const FieldInfo *f = rel->forward, *b = rel->back;
  check_opposite(x, rel);
  if (!f || !b) return;
  if (!f->fields.n) must_specify(x, f, "fields", " You can run `prisma format` to fix this automatically.");
  if (!f->references.n) must_specify(x, f, "references", "");
  if (b->fields.n || b->references.n) must_not_specify(x, b, f, "`fields` or `references`", "");
  if (has_action(b))
    must_not_specify(x, b, f, "`onDelete` or `onUpdate`",
                     ", or in case of a many to many relation, in an explicit join table");
}

/* --- many to many --- */

static bool has_single_id(const ModelInfo *m) { return m->id && m->id->n_parts == 1; }

static void check_many_side(Rules *x, const FieldInfo *f) {
  const ModelInfo *target = f->target;
  if (!has_single_id(target)) {
    const char *word = model_word(target);
    diag_error(x->r->d, f->ast->span,
               "Error validating field `%.*s` in %s `%.*s`: The relation field `%.*s` on %s `%.*s` "
               "references `%.*s` "
               "which does not have an `@id` field. Models without `@id` cannot be part of a many to many "
               "relation. Use "
               "an explicit intermediate Model to represent this relationship.",
               SLICE_ARGS(f->ast->name), word, SLICE_ARGS(model_of(f)), SLICE_ARGS(f->ast->name), word,
               SLICE_ARGS(model_of(f)), SLICE_ARGS(target->ast->name));
    return;
  }
  if (!f->references.given || (f->references.n == 1 && f->references.items[0] == target->id->parts[0].leaf))
    return;
  Slice names = names_join(x->r->arena, f->references.items, f->references.n, "", ", ");
  error_at(x->r, f->ast->span,
           "Implicit many-to-many relations must always reference the id field of the related model. Change "
           "the argument "
           "`references` to use the id field of the related model `%.*s`. But it is referencing the "
           "following fields "
           "that are not the id: %.*s",
           SLICE_ARGS(target->ast->name), SLICE_ARGS(names));
}

static void check_many_to_many(Rules *x, const RelationInfo *rel) {
  const FieldInfo *sides[2] = {rel->forward, rel->back};
  bool view = model_is_view(rel->a) || model_is_view(rel->b);
  for (int i = 0; view && i < 2; i++)
    error_at(x->r, sides[i]->ast->span, "Implicit many-to-many relations are not supported for views.");
  for (int i = 0; i < 2; i++) check_many_side(x, sides[i]);
  for (int i = 0; i < 2; i++) {
    static const char message[] = "Referential actions on implicit many-to-many relations are not supported";
    if (sides[i]->on_delete.action) error_at(x->r, sides[i]->on_delete.span, message);
    if (sides[i]->on_update.action) error_at(x->r, sides[i]->on_update.span, message);
  }
  for (int i = 0; i < 2; i++)
    if (sides[i]->references.given)
      at_field(x, sides[i],
               SLICE("Implicit many-to-many relation should not have references argument defined. Either "
                     "remove it, or "
                     "change the relation to one-to-many."));
}

static void check_embedded(Rules *x, const RelationInfo *rel) {
  const FieldInfo *sides[2] = {rel->forward, rel->back};
  for (int i = 0; i < 2; i++)
    error_at(
        x->r, sides[i]->ast->span,
        "Embedded many-to-many relations are not supported on Postgres. Please use the syntax defined in "
        "https://pris.ly/d/relational-database-many-to-many");
}

void rules_relation(Rules *x, RelationInfo *rel) {
  switch (rel->shape) {
    case SHAPE_MANY_TO_MANY: check_many_to_many(x, rel); return;
    case SHAPE_EMBEDDED: check_embedded(x, rel); return;
    case SHAPE_ONE_TO_ONE:
    case SHAPE_ONE_TO_MANY:
      if (rel->forward && rel->back) rules_cycles(x, rel);
      check_forward(x, rel);
      if (rel->shape == SHAPE_ONE_TO_ONE) {
        check_one_to_one(x, rel);
      } else {
        check_one_to_many(x, rel);
      }
  }
}
