/* Rules of fields: native types, defaults, client names, relation fields by themselves. */
#include "base/vec.h"
#include "psl/literal.h"
#include "psl/native.h"
#include "psl/validate.h"

/* --- client names --- */

static void check_client_name(Rules *x, const FieldInfo *f) {
  static const char message[] =
      "The custom name `%.*s` specified for the `%s` attribute is already used as a name for a field. Please "
      "choose "
      "a different name.";
  const ModelInfo *m = f->model;
  Slice name = f->ast->name;
  if (map_get(&x->models[m->model->index].uniques, name))
    error_model(x->r, model_word(m), m, m->ast->span, message, SLICE_ARGS(name), "@@unique");
  if (m->id && slice_eq(m->id->name, name))
    error_model(x->r, model_word(m), m, m->ast->span, message, SLICE_ARGS(name), "@@id");
}

/* --- native types --- */

static void check_scope(Rules *x, const FieldInfo *f) {
  const DatasourceInfo *s = x->r->datasource;
  if (!s || slice_eq(s->ast->name, f->native_scope)) return;
  diag_error(
      x->r->d, f->native_attr->span,
      "The prefix %.*s is invalid. It must be equal to the name of an existing datasource e.g. %.*s. Did you "
      "mean to use %.*s.%.*s?",
      SLICE_ARGS(f->native_scope), SLICE_ARGS(s->ast->name), SLICE_ARGS(s->ast->name),
      SLICE_ARGS(f->native_name));
}

static void unknown_native(Rules *x, const FieldInfo *f) {
  Slice names[NATIVE_COUNT];
  uint32_t n = 0;
  bool known = x->r->datasource != NULL;
  diag_error(x->r->d, f->native_attr->span, "Native type %.*s is not supported for %s connector.",
             SLICE_ARGS(f->native_name), known ? "postgresql" : "Default");
  for (uint32_t i = 0; i < NATIVE_COUNT; i++)
    if (native_at(i)->scalar == f->field->scalar) names[n++] = native_at(i)->name;
  if (known) hint_nearest(x->r, f->native_attr->span, f->native_name, names, n, "@db.");
}

static void check_native(Rules *x, FieldInfo *f) {
  Resolver *r = x->r;
  const Attribute *attr = f->native_attr;
  if (!attr) return;
  check_scope(x, f);
  const NativeEntry *native = r->datasource ? native_find(f->native_name) : NULL;
  uint32_t n = attr->args.n;
  if (!native) {
    unknown_native(x, f);
  } else if (n > 0 && !native->max_args) {
    diag_error(r->d, attr->span, "Function \"%.*s\" takes 0 arguments, but received %u.",
               SLICE_ARGS(native->name), n);
  } else if (n > native->max_args) {
    diag_error(r->d, attr->span, "Native type %.*s takes %u optional arguments, but received %u.",
               SLICE_ARGS(native->name), native->max_args, n);
  } else if (native->scalar != f->field->scalar) {
    diag_error(r->d, attr->span,
               "Native type %.*s is not compatible with declared field type %s, expected field type %s.",
               SLICE_ARGS(native->name), scalar_name(f->field->scalar), scalar_name(native->scalar));
  } else {
    native_check(r->d, r->arena, native, &attr->args, attr->span);
  }
}

/* --- defaults --- */

static void check_value(Rules *x, ScalarType s, const Expr *e) {
  if (e->kind == EXPR_LIST) {
    for (uint32_t i = 0; i < e->n; i++) check_value(x, s, e->items[i]);
    return;
  }
  static const char *const nouns[] = {
      "", "", "integer", "integer", "", "decimal", "rfc3339 datetime string", "JSON string", "base64 string"};
  const char *fault = literal_fault(x->r->arena, s, e);
  if (!fault) return;
  error_attribute(x->r, s == SCALAR_DECIMAL ? "" : "@", SLICE("default"), e->span,
                  "Parse error: \"%.*s\" is not a valid %s. (%s)", SLICE_ARGS(e->text), nouns[s], fault);
}

static void check_default(Rules *x, const FieldInfo *f) {
  const Expr *e = f->default_value;
  if (e && f->default_map.n) {
    error_attribute(
        x->r, "@", SLICE("default"), f->default_attr->span,
        "You defined a database name for the default value of a field on the model. This is not supported "
        "by the provider.");
    rules_name_length(x, f->model, f->default_map, "@", f->default_attr);
  }
  if (e && f->field->kind == FIELD_SCALAR) check_value(x, f->field->scalar, e);
  if (e && e->kind == EXPR_CALL && slice_is(e->text, "auto"))
    error_attribute(x->r, "@", SLICE("default"), e->span,
                    "The current connector does not support the `auto()` function.");
}

/* --- without a datasource --- */

/* A database of which nothing is known has no lists, no lists of JSON and no decimals. */
static void check_bare_type(Rules *x, const FieldInfo *f) {
  bool list = f->ast->arity == ARITY_LIST, scalar = f->field->kind == FIELD_SCALAR;
  const char *word = model_word(f->model);
  if (x->r->datasource) return;
  if (scalar && f->field->scalar == SCALAR_JSON && list)
    error_field(
        x->r, f,
        "Field `%.*s` in %s `%.*s` can't be of type Json[]. The current connector does not support the Json "
        "List type.",
        SLICE_ARGS(f->ast->name), word, SLICE_ARGS(f->model->ast->name));
  if (scalar && f->field->scalar == SCALAR_DECIMAL)
    error_field(
        x->r, f,
        "Field `%.*s` in %s `%.*s` can't be of type Decimal. The current connector does not support the "
        "Decimal type.",
        SLICE_ARGS(f->ast->name), word, SLICE_ARGS(f->model->ast->name));
  if (list)
    diag_error(
        x->r->d, f->ast->span,
        "Field \"%.*s\" in %s \"%.*s\" can't be a list. The current connector does not support lists of "
        "primitive types.",
        SLICE_ARGS(f->ast->name), word, SLICE_ARGS(f->model->ast->name));
}

/* --- Unsupported("…") --- */

static void check_unsupported(Rules *x, const FieldInfo *f) {
  Slice scalar, native;
  if (!f->ast->unsupported || !x->r->datasource) return;
  if (!native_of_text(x->r->arena, f->ast->type, &scalar, &native)) return;
  error_at(x->r, f->ast->span,
           "The type `Unsupported(\"%.*s\")` you specified in the type definition for the field `%.*s` is "
           "supported as "
           "a native type by Prisma. Please use the native type notation `%.*s @%.*s.%.*s` for full support.",
           SLICE_ARGS(f->ast->type), SLICE_ARGS(f->ast->name), SLICE_ARGS(scalar),
           SLICE_ARGS(x->r->datasource->ast->name), SLICE_ARGS(native));
}

void rules_scalar_field(Rules *x, FieldInfo *f) {
  check_bare_type(x, f);
  check_client_name(x, f);
  check_native(x, f);
  check_default(x, f);
  check_unsupported(x, f);
}

void rules_composite_field(Rules *x, FieldInfo *f) {
  if (f->default_value && f->field->kind == FIELD_SCALAR) check_value(x, f->field->scalar, f->default_value);
  check_native(x, f);
}

/* --- relation fields --- */

/* "`a`, `b` and `c`" */
static Slice names_and(Resolver *r, FieldInfo *const *fields, uint32_t n) {
  Buf b = buf_in(r->arena);
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_text(&b, i + 1 == n ? " and " : ", ");
    buf_printf(&b, "`%.*s`", SLICE_ARGS(fields[i]->ast->name));
  }
  return buf_slice(&b);
}

static bool ambiguous(Rules *x, const FieldInfo *f, FieldInfo *const *same, uint32_t n) {
  Resolver *r = x->r;
  Slice fields = names_and(r, same, n), model = f->model->ast->name, target = f->target->ast->name;
  bool self = f->model == f->target, named = f->relation_name.n > 0;
  const char *word = model_word(f->model);
  if (self && named && n == 2) return false;
  if (self && !named && n == 2) {
    error_model(
        r, word, f->model, f->ast->span,
        "Ambiguous self relation detected. The fields %.*s in model `%.*s` both refer to `%.*s`. If they are "
        "part of the same relation add the same relation name for them with `@relation(<name>)`.",
        SLICE_ARGS(fields), SLICE_ARGS(model), SLICE_ARGS(target));
  } else if (self && !named) {
    error_model(r, word, f->model, f->ast->span,
                "Unnamed self relation detected. The fields %.*s in model `%.*s` have no relation name. "
                "Please provide "
                "a relation name for one of them by adding `@relation(<name>).",
                SLICE_ARGS(fields), SLICE_ARGS(model));
  } else if (self) {
    error_model(
        r, word, f->model, f->ast->span,
        "Wrongly named self relation detected. The fields %.*s in model `%.*s` have the same relation name. "
        "At "
        "most two relation fields can belong to the same relation and therefore have the same name. Please "
        "assign a different relation name to one of them.",
        SLICE_ARGS(fields), SLICE_ARGS(model));
  } else if (!named) {
    error_model(
        r, word, f->model, f->ast->span,
        "Ambiguous relation detected. The fields %.*s in model `%.*s` both refer to `%.*s`. Please provide "
        "different relation names for them by adding `@relation(<name>).",
        SLICE_ARGS(fields), SLICE_ARGS(model), SLICE_ARGS(target));
  } else {
    error_model(
        r, word, f->model, f->ast->span,
        "Wrongly named relation detected. The fields %.*s in model `%.*s` both use the same relation name. "
        "Please provide different relation names for them through `@relation(<name>).",
        SLICE_ARGS(fields), SLICE_ARGS(model));
  }
  return true;
}

/* Other fields of the model with the same target and the same relation name. */
static bool check_ambiguity(Rules *x, const FieldInfo *f) {
  Arena *a = x->r->arena;
  const FieldGroup *same = map_get(&f->model->titled, relation_key(a, f->target, relation_name(a, f)));
  return same->n < 2 || !ambiguous(x, f, same->items, same->n);
}

static void check_action(Rules *x, const FieldInfo *f, const ActionArg *arg, const char *name) {
  ReferentialAction a = arg->action;
  bool emulated = x->r->datasource && x->r->datasource->prisma_mode;
  if (!emulated || (a != ACTION_NO_ACTION && a != ACTION_SET_DEFAULT)) return;
  error_at(x->r, argument_span(f->relation_attr, name),
           "Invalid referential action: `%s`. Allowed values: (`Cascade`, `Restrict`, `SetNull`)%s",
           referential_name(a),
           a == ACTION_NO_ACTION ? ". `NoAction` is not implemented for Postgres when using `relationMode = "
                                   "\"prisma\"`, you could try "
                                   "using `Restrict` instead. Learn more at https://pris.ly/d/relation-mode"
                                 : "");
}

static bool starts_with_fields(const IndexInfo *i, const FieldList *fields) {
  if (i->n_parts < fields->n) return false;
  for (uint32_t k = 0; k < fields->n; k++)
    if (i->parts[k].leaf != fields->items[k]) return false;
  return true;
}

static void check_missing_index(Rules *x, const FieldInfo *f) {
  const ModelInfo *m = f->model;
  if (!x->r->datasource || !x->r->datasource->prisma_mode || !f->fields.given) return;
  if (m->id && starts_with_fields(m->id, &f->fields)) return;
  for (uint32_t i = 0; i < m->n_indexes; i++)
    if (starts_with_fields(m->indexes[i], &f->fields)) return;
  diag_warning(
      x->r->d, f->relation_attr->span,
      "With `relationMode = \"prisma\"`, no foreign keys are used, so relation fields will not benefit from "
      "the index usually created by the relational database under the hood. This can lead to poor "
      "performance "
      "when querying these fields. We recommend adding an index manually. Learn more at "
      "https://pris.ly/d/relation-mode-prisma-indexes\" ");
}

bool rules_relation_field(Rules *x, FieldInfo *f) {
  if (!check_ambiguity(x, f)) return false;
  check_client_name(x, f);
  if (f->target->ignored && !f->field->ignored && !f->model->ignored)
    error_attribute(
        x->r, "@", SLICE("ignore"), f->ast->span,
        "The relation field `%.*s` on Model `%.*s` must specify the `@ignore` attribute, because the model "
        "%.*s it is pointing to is marked ignored.",
        SLICE_ARGS(f->ast->name), SLICE_ARGS(f->model->ast->name), SLICE_ARGS(f->target->ast->name));
  if (f->on_delete.action) check_action(x, f, &f->on_delete, "onDelete");
  if (f->on_update.action) check_action(x, f, &f->on_update, "onUpdate");
  if (f->fk_map.n && !x->r->datasource) {
    error_attribute(x->r, "@", SLICE("relation"), f->relation_attr->span,
                    "Your provider does not support named foreign keys.");
  } else if (f->fk_map.n) {
    rules_name_length(x, f->model, f->fk_map, "@", f->relation_attr);
  }
  check_missing_index(x, f);
  return true;
}
