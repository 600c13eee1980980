/* Rules of models and views as a whole. */
#include "base/vec.h"
#include "psl/constraint.h"
#include "psl/validate.h"

Span argument_span(const Attribute *attr, const char *name) {
  const Argument *a = argument_find(&attr->args, name);
  return a ? a->span : attr->span;
}

/* --- unique criteria --- */

static void add_loose(Rules *x, Buf *list, const IndexInfo *i) {
  Slice names = index_names(x->r->arena, i, ", ");
  buf_printf(list, "%s- %.*s", list->n ? "\n" : "", SLICE_ARGS(names));
}

/* A key, or a unique of required fields only: records must have an identity. */
static void check_identity(Rules *x, const ModelInfo *m) {
  Buf loose = buf_in(x->r->arena);
  if (m->ignored) return;
  if (m->id) {
    if (index_is_strict(m->id)) return;
    add_loose(x, &loose, m->id);
  }
  for (uint32_t i = 0; i < m->n_indexes; i++) {
    if (m->indexes[i]->kind != INDEX_UNIQUE || m->indexes[i]->where) continue;
    if (index_is_strict(m->indexes[i])) return;
    add_loose(x, &loose, m->indexes[i]);
  }
  Slice list = buf_slice(&loose);
  error_model(
      x->r, "model", m, m->ast->span,
      "Each model must have at least one unique criteria that has only required fields. Either mark a single "
      "field with `@id`, `@unique` or add a multi field criterion with `@@id([])` or `@@unique([])` to the "
      "model.%s%.*s",
      list.n ? " The following unique criterias were not considered as they contain fields that are not "
               "required:\n"
             : "",
      SLICE_ARGS(list));
}

/* --- names --- */

static Slice scoped(Resolver *r, const ModelInfo *m, Slice name) {
  Slice schema = m->model->db_schema;
  if (!schema.n) return name;
  return slice_printf(r->arena, "%.*s.%.*s", SLICE_ARGS(schema), SLICE_ARGS(name));
}

static bool repeated(const Map *names, Slice name) {
  const Count *c = map_get(names, name);
  return c && c->n > 1;
}

void rules_constraint_name(Rules *x, const ModelInfo *m, Slice name, bool foreign_key, const char *sign,
                           Slice word, Span span) {
  static const char message[] =
      "The given constraint name `%.*s` has to be unique in the following namespace: %.*s. Please provide a "
      "different name using the `map` argument.";
  bool key = slice_is(word, "id");
  Slice global = SLICE("global for primary key, indexes and unique constraints");
  if (!x->r->datasource) return;
  if (!foreign_key && repeated(&x->constraints, scoped(x->r, m, name)))
    error_attribute(x->r, sign, word, span, message, SLICE_ARGS(name), SLICE_ARGS(global));
  if (!foreign_key && !key) return;
  Slice local = slice_printf(x->r->arena,
                             "on model `%.*s` for primary key, indexes, unique constraints and foreign keys",
                             SLICE_ARGS(m->ast->name));
  if (repeated(&x->models[m->model->index].constraints, name))
    error_attribute(x->r, sign, word, span, message, SLICE_ARGS(name), SLICE_ARGS(local));
}

void rules_name_length(Rules *x, const ModelInfo *m, Slice name, const char *sign, const Attribute *attr) {
  if (!x->r->datasource || name.n <= LONGEST_NAME) return;
  error_model(x->r, "model", m, attr->span,
              "The constraint name '%.*s' specified in the `map` argument for the `%s%.*s` constraint is too "
              "long for "
              "your chosen provider. The maximum allowed length is %d bytes.",
              SLICE_ARGS(name), sign, SLICE_ARGS(attr->name), LONGEST_NAME);
}

void rules_table_names(Rules *x) {
  Resolver *r = x->r;
  Map tables = map_in(r->arena);
  for (uint32_t pass = 0; pass < 2; pass++)
    for (uint32_t i = 0; i < r->n_models; i++) {
      ModelInfo *m = &r->models[i];
      if (model_is_view(m) != (pass == 1)) continue;
      const ModelInfo *old = map_put(&tables, scoped(r, m, m->model->db_name), m);
      if (!old) continue;
      const ModelInfo *mapped = m->has_map ? m : old, *other = m->has_map ? old : m;
      const Attribute *map = attribute_find(mapped->ast->attributes, mapped->ast->n_attributes, "map");
      diag_error(r->d, map ? map->span : m->ast->span,
                 "The model with database name \"%.*s\" could not be defined because another model or view "
                 "with this "
                 "name exists: \"%.*s\"",
                 SLICE_ARGS(m->model->db_name), SLICE_ARGS(other->ast->name));
    }
}

/* --- the primary key --- */

static bool any_length(const IndexInfo *i) {
  for (uint32_t k = 0; k < i->n_parts; k++)
    if (i->parts[k].has_length) return true;
  return false;
}

static bool any_sort(const IndexInfo *i) {
  for (uint32_t k = 0; k < i->n_parts; k++)
    if (i->parts[k].has_sort) return true;
  return false;
}

static void check_key_names(Rules *x, const ModelInfo *m) {
  const IndexInfo *id = m->id;
  const Attribute *attr = id->attr;
  const char *sign = index_sign(id);
  if (x->r->datasource) {
    rules_name_length(x, m, id->constraint, sign, attr);
    rules_constraint_name(x, m, id->constraint, false, sign, attr->name, argument_span(attr, "map"));
  }
  if (id->name.n && repeated(&x->models[m->model->index].client, id->name))
    error_attribute(
        x->r, sign, attr->name, argument_span(attr, "name"),
        "The given custom name `%.*s` has to be unique on the model. Please provide a different name for "
        "the `name` argument.",
        SLICE_ARGS(id->name));
}

static bool has_scalar(const ModelInfo *m, Slice name) {
  const FieldInfo *f = model_find(m, name);
  return f && !f->is_relation;
}

static void check_key_fields(Rules *x, const ModelInfo *m) {
  const IndexInfo *id = m->id;
  Slice joined = index_key(x->r->arena, id);
  if (!id->n_parts)
    error_attribute(
        x->r, index_sign(id), id->attr->name, id->attr->span,
        "The list of fields in an `%s%.*s()` attribute cannot be empty. Please specify at least one field.",
        index_sign(id), SLICE_ARGS(id->attr->name));
  if (id->n_parts > 1 && has_scalar(m, joined))
    error_model(x->r, model_word(m), m, id->attr->span,
                "The field `%.*s` clashes with the `@@id` attribute's name. Please resolve the conflict by "
                "providing a "
                "custom id name: `@@id([...], name: \"custom_name\")`",
                SLICE_ARGS(joined));
  if (!x->r->datasource && id->map.n)
    error_model(x->r, model_word(m), m, m->ast->span,
                "You defined a database name for the primary key on the model. This is not supported by the "
                "provider.");
  if (any_length(id))
    error_attribute(x->r, index_sign(id), id->attr->name, id->attr->span,
                    "The length argument is not supported in the primary key with the current connector");
  if (any_sort(id))
    error_attribute(x->r, index_sign(id), id->attr->name, id->attr->span,
                    "The sort argument is not supported in the primary key with the current connector");
}

/* --- @@schema, @@shardKey --- */

static bool schema_is_known(const Schema *s, Slice name) {
  for (uint32_t i = 0; i < s->n_schemas; i++)
    if (slice_eq(s->schemas[i], name)) return true;
  return false;
}

static void check_schema(Rules *x, const ModelInfo *m) {
  Resolver *r = x->r;
  if (!r->datasource) {
    if (m->has_schema)
      diag_error(r->d, m->schema_span, "@@schema is not supported on the current datasource provider");
  } else if (m->has_schema) {
    if (!schema_is_known(r->schema, m->model->db_schema))
      diag_error(r->d, m->schema_span,
                 "This schema is not defined in the datasource. Read more on `@@schema` at "
                 "https://pris.ly/d/multi-schema");
  } else if (r->datasource->has_schemas) {
    error_model(r, model_word(m), m, m->ast->span, "This %s is missing an `@@schema` attribute.",
                model_word(m));
  }
}

static void check_shard_key(Rules *x, const ModelInfo *m) {
  const char *sign = m->shard_field ? "@" : "@@";
  const Attribute *key = m->shard_key;
  if (!key) return;
  if (!resolver_has(x->r, FEATURE_SHARD_KEYS))
    error_attribute(x->r, sign, key->name, key->span,
                    "Defining shard keys requires enabling the `shardKeys` preview feature");
  error_attribute(x->r, sign, key->name, key->span, "Shard keys are not currently supported for provider %s",
                  x->r->datasource ? "postgresql" : "empty");
  if (!m->n_shard_fields)
    error_attribute(
        x->r, sign, key->name, key->span,
        "The list of fields in a `%s%.*s()` attribute cannot be empty. Please specify at least one field.",
        sign, SLICE_ARGS(key->name));
}

/* --- entry points --- */

static void check_clustered(Rules *x, const IndexInfo *id) {
  if (id->has_clustered)
    error_attribute(x->r, index_sign(id), id->attr->name, id->attr->span,
                    "Defining clustering is not supported in the current connector.");
}

void rules_model(Rules *x, ModelInfo *m) {
  check_identity(x, m);
  if (m->id) {
    check_key_names(x, m);
    check_key_fields(x, m);
  }
  check_shard_key(x, m);
  for (uint32_t i = 0; x->r->datasource && i < m->n_indexes; i++) rules_index_types(x, m->indexes[i]);
  check_schema(x, m);
  if (m->id) check_clustered(x, m->id);
}

void rules_view(Rules *x, ModelInfo *m) {
  if (!resolver_has(x->r, FEATURE_VIEWS))
    error_at(x->r, m->ast->span, "View definitions are only available with the `views` preview feature.");
  check_schema(x, m);
  if (m->id) error_at(x->r, m->id->attr->span, "Views cannot have primary keys.");
}
