/* Third pass: each attribute by itself: is it known here, are its arguments, and what do they say? What
 * depends on other attributes waits for validate. Relation fields come first, models and their fields
 * then, in the order of the source. */
#include "psl/attributes.h"

static bool map_name(ArgSet *a, Slice *name) {
  const Expr *e = arg_default(a, "name");
  return e && expr_string(a->r, e, name);
}

/* --- relation fields --- */

static void refuse_unique(ArgSet *a, const FieldInfo *f) {
  Arena *arena = a->r->arena;
  Slice names = names_join(arena, f->fields.items, f->fields.n, "", ", "), hint = {"", 0};
  if (f->fields.n == 1) hint = slice_printf(arena, " Did you mean to put it on `%.*s`?", SLICE_ARGS(names));
  if (f->fields.n > 1)
    hint = slice_printf(arena, " Did you mean to provide `@@unique([%.*s])`?", SLICE_ARGS(names));
  arg_error(a,
            "The field `%.*s` is a relation field and cannot be marked with `unique`. Only scalar fields can "
            "be made "
            "unique.%.*s",
            SLICE_ARGS(f->ast->name), SLICE_ARGS(hint));
}

static void resolve_relation_field(Resolver *r, FieldInfo *f) {
  AttrSet s = attrs_open(r, f->ast->attributes, f->ast->n_attributes);
  ArgSet a;
  if (attr_take(&s, "relation", &a)) {
    attribute_relation(&a, f);
    args_close(&a);
  }
  if (attr_take(&s, "id", &a))
    arg_error(
        &a,
        "The field `%.*s` is a relation field and cannot be marked with `@id`. Only scalar fields can be "
        "declared as id.",
        SLICE_ARGS(f->ast->name));
  if (attr_take(&s, "ignore", &a)) {
    f->field->ignored = true;
    args_close(&a);
  }
  if (attr_take(&s, "default", &a)) arg_error(&a, "Cannot set a default value on a relation field.");
  if (attr_take(&s, "map", &a)) {
    arg_error(&a, "The attribute `@map` cannot be used on relation fields.");
    arg_default(&a, "name");
  }
  if (attr_take(&s, "unique", &a)) refuse_unique(&a, f);
  attrs_close(&s);
}

/* --- scalar fields --- */

static void duplicate_column(Resolver *r, const FieldInfo *f, const char *word, Slice owner, Slice name) {
  diag_error(r->d, f->ast->span, "Field \"%.*s\" is already defined on %s \"%.*s\".", SLICE_ARGS(name), word,
             SLICE_ARGS(owner));
}

static void map_field(ArgSet *a, FieldInfo *f) {
  ModelInfo *m = f->model;
  if (!map_name(a, &f->mapped)) return;
  f->mapped = slice_copy(a->r->arena, f->mapped);
  if (map_put(&m->mapped, f->mapped, f)) duplicate_column(a->r, f, model_word(m), m->ast->name, f->ast->name);
  const FieldInfo *other = map_get(&m->names, f->mapped);
  if (!other || other == f || other->is_relation || other->unresolved) return;
  if (other->mapped.p && !slice_eq(other->mapped, f->mapped)) return;
  duplicate_column(a->r, f, model_word(m), m->ast->name, f->ast->name);
}

static void updated_at(ArgSet *a, FieldInfo *f) {
  if (f->field->kind != FIELD_SCALAR || f->field->scalar != SCALAR_DATETIME)
    arg_error(a, "Fields that are marked with @updatedAt must be of type DateTime.");
  if (f->ast->arity == ARITY_LIST) arg_error(a, "Fields that are marked with @updatedAt cannot be lists.");
  f->field->updated_at = true;
}

static void ignore_field(ArgSet *a, FieldInfo *f) {
  if (f->field->kind == FIELD_UNSUPPORTED && !f->composite) {
    arg_error(a,
              "Fields of type `Unsupported` cannot take an `@ignore` attribute. They are already treated as "
              "ignored "
              "by the client due to their type.");
  } else {
    f->field->ignored = true;
  }
}

static void take_native(AttrSet *s, FieldInfo *f) {
  if (f->field->kind != FIELD_SCALAR) return;
  f->native_attr = attr_take_scoped(s, &f->native_scope, &f->native_name);
}

static void resolve_scalar_field(Resolver *r, FieldInfo *f) {
  static const struct {
    const char *name;
    void (*resolve)(ArgSet *a, FieldInfo *f);
  } known[] = {{"map", map_field},
               {"ignore", ignore_field},
               {"relation", NULL},
               {"id", attribute_id},
               {"updatedAt", updated_at},
               {"default", attribute_default},
               {"shardKey", attribute_shard_field}};
  AttrSet s = attrs_open(r, f->ast->attributes, f->ast->n_attributes);
  ArgSet a;
  for (size_t i = 0; i < COUNT(known); i++) {
    if (!attr_take(&s, known[i].name, &a)) continue;
    if (known[i].resolve) {
      known[i].resolve(&a, f);
    } else {
      arg_error(&a, "Invalid field type, not a relation.");
    }
    args_close(&a);
  }
  take_native(&s, f);
  if (attr_take(&s, "unique", &a)) {
    attribute_unique(&a, f);
    args_close(&a);
  }
  attrs_close(&s);
}

/* --- models --- */

static void schema_name(ArgSet *a, Slice *name, Span *span, bool *given) {
  const Expr *e = arg_default(a, "map");
  if (!e || !expr_string(a->r, e, name)) return;
  *name = slice_copy(a->r->arena, *name);
  *span = e->span;
  *given = true;
}

static void ignore_model(Resolver *r, ModelInfo *m) {
  for (uint32_t i = 0; i < m->n_fields; i++)
    if (!m->fields[i].is_relation && m->fields[i].field->ignored)
      error_attribute(r, "@", SLICE("ignore"), m->fields[i].ast->span,
                      "Fields on an already ignored Model do not need an `@ignore` annotation.");
  m->ignored = m->model->ignored = true;
}

static void check_required(Resolver *r, const ModelInfo *m) {
  if (m->ignored) return;
  if (m->id && m->id->source && m->id->source->ast->arity != ARITY_REQUIRED)
    error_attribute(r, "@", SLICE("id"), m->id->attr->span, "Fields that are marked as id must be required.");
  if (m->shard_field && m->shard_field->ast->arity != ARITY_REQUIRED)
    error_attribute(r, "@", SLICE("shardKey"), m->shard_key->span,
                    "Fields that are marked as shard keys must be required.");
}

static void resolve_model(Resolver *r, ModelInfo *m) {
  ArgSet a;
  Slice name;
  for (uint32_t i = 0; i < m->n_fields; i++)
    if (!m->fields[i].is_relation && !m->fields[i].unresolved) resolve_scalar_field(r, &m->fields[i]);
  AttrSet s = attrs_open(r, m->ast->attributes, m->ast->n_attributes);
  if (attr_take(&s, "ignore", &a)) {
    ignore_model(r, m);
    args_close(&a);
  }
  if (attr_take(&s, "id", &a)) {
    attribute_block_id(&a, m);
    args_close(&a);
  }
  if (attr_take(&s, "map", &a)) {
    m->has_map = m->model->db_name_given = map_name(&a, &name);
    if (m->has_map) m->model->db_name = slice_copy(r->arena, name);
    args_close(&a);
  }
  if (attr_take(&s, "schema", &a)) {
    schema_name(&a, &m->model->db_schema, &m->schema_span, &m->has_schema);
    args_close(&a);
  }
  attribute_indexes(&s, m);
  if (attr_take(&s, "shardKey", &a)) {
    attribute_shard_key(&a, m);
    args_close(&a);
  }
  check_required(r, m);
  attrs_close(&s);
}

/* --- enums and composite types --- */

static void resolve_enum(Resolver *r, EnumInfo *e) {
  ArgSet a;
  Slice name;
  AttrSet s;
  for (uint32_t i = 0; i < e->ast->n_fields; i++) {
    s = attrs_open(r, e->ast->fields[i].attributes, e->ast->fields[i].n_attributes);
    if (attr_take(&s, "map", &a)) {
      EnumValue *value = &e->enum_->values[i];
      value->db_name_given = map_name(&a, &name);
      if (value->db_name_given) value->db_name = slice_copy(r->arena, name);
      args_close(&a);
    }
    attrs_close(&s);
  }
  s = attrs_open(r, e->ast->attributes, e->ast->n_attributes);
  if (attr_take(&s, "map", &a)) {
    e->enum_->db_name_given = map_name(&a, &name);
    if (e->enum_->db_name_given) e->enum_->db_name = slice_copy(r->arena, name);
    args_close(&a);
  }
  if (attr_take(&s, "schema", &a)) {
    schema_name(&a, &e->enum_->db_schema, &e->schema_span, &e->has_schema);
    args_close(&a);
  }
  attrs_close(&s);
}

static void map_composite_field(ArgSet *a, TypeInfo *t, FieldInfo *f) {
  static const char word[] = "composite type";
  if (!map_name(a, &f->mapped)) return;
  if (map_put(&t->mapped, f->mapped, f)) duplicate_column(a->r, f, word, t->ast->name, f->mapped);
  const FieldInfo *other = map_get(&t->names, f->mapped);
  if (other && !other->mapped.p) duplicate_column(a->r, f, word, t->ast->name, f->ast->name);
}

static void resolve_composite(Resolver *r, TypeInfo *t) {
  for (uint32_t i = 0; i < t->n_fields; i++) {
    FieldInfo *f = &t->fields[i];
    if (f->is_relation || f->unresolved) continue;
    AttrSet s = attrs_open(r, f->ast->attributes, f->ast->n_attributes);
    ArgSet a;
    take_native(&s, f);
    if (attr_take(&s, "map", &a)) {
      map_composite_field(&a, t, f);
      args_close(&a);
    }
    if (attr_take(&s, "default", &a)) {
      attribute_composite_default(&a, f);
      args_close(&a);
    }
    attrs_close(&s);
  }
}

void pass_attributes(Resolver *r) {
  for (uint32_t i = 0; i < r->n_models; i++)
    for (uint32_t k = 0; k < r->models[i].n_fields; k++)
      if (r->models[i].fields[k].is_relation) resolve_relation_field(r, &r->models[i].fields[k]);
  for (uint32_t i = 0; i < r->ast.n; i++) {
    const Top *top = &r->block_tops[i];
    if (top->kind == TOP_MODEL) resolve_model(r, top->info);
    if (top->kind == TOP_ENUM) resolve_enum(r, top->info);
    if (top->kind == TOP_TYPE) resolve_composite(r, top->info);
  }
}
