/* Seventh pass: the rules, in the order in which Prisma applies them. */
#include "psl/validate.h"

#include "base/vec.h"

/* --- counting names --- */

static void count(Arena *a, Map *names, Slice name) {
  Count *c = map_get(names, name);
  if (!c) {
    c = ARENA_NEW(a, Count);
    map_put(names, name, c);
  }
  c->n++;
}

static void count_constraint(Rules *x, const ModelInfo *m, Slice name, bool global) {
  Arena *a = x->r->arena;
  Slice schema = m->model->db_schema;
  count(a, &x->models[m->model->index].constraints, name);
  if (global)
    count(a, &x->constraints,
          schema.n ? slice_printf(a, "%.*s.%.*s", SLICE_ARGS(schema), SLICE_ARGS(name)) : name);
}

static void count_index(Rules *x, const IndexInfo *i) {
  ModelNames *names = &x->models[i->model->model->index];
  count_constraint(x, i->model, i->constraint, true);
  if (!i->name.n) return;
  count(x->r->arena, &names->client, i->name);
  if (i->kind == INDEX_UNIQUE) count(x->r->arena, &names->uniques, i->name);
}

static Rules rules_of(Resolver *r) {
  Rules x = {r, map_in(r->arena), ARENA_ARRAY(r->arena, ModelNames, r->n_models)};
  for (uint32_t i = 0; i < r->n_models; i++)
    x.models[i] = (ModelNames){map_in(r->arena), map_in(r->arena), map_in(r->arena)};
  for (uint32_t i = 0; i < r->n_models; i++) {
    const ModelInfo *m = &r->models[i];
    if (m->id) count_index(&x, m->id);
    for (uint32_t k = 0; k < m->n_indexes; k++) count_index(&x, m->indexes[k]);
  }
  for (uint32_t i = 0; i < r->n_relations; i++) {
    const RelationInfo *rel = r->relations[i];
    const ModelInfo *owner = rel->forward ? rel->a : rel->b;
    if (rel->constraint.n && !model_is_view(owner)) count_constraint(&x, owner, rel->constraint, false);
  }
  return x;
}

/* --- composite types --- */

static void check_self_cycles(Rules *x, const TypeInfo *t) {
  for (uint32_t i = 0; i < t->n_fields; i++) {
    const FieldInfo *f = &t->fields[i];
    if (f->composite == t && f->ast->arity == ARITY_REQUIRED)
      diag_error(x->r->d, f->ast->span,
                 "Error validating field `%.*s` in composite type `%.*s`: The type is the same as the parent "
                 "and causes "
                 "an endless cycle. Please change the field to be either optional or a list.",
                 SLICE_ARGS(f->ast->name), SLICE_ARGS(t->ast->name));
  }
}

static void check_composites(Rules *x) {
  Resolver *r = x->r;
  for (uint32_t i = 0; i < r->n_types; i++) check_self_cycles(x, &r->types[i]);
  for (uint32_t i = 0; i < r->n_types; i++)
    error_at(r, r->types[i].ast->span, "Composite types are not supported on Postgres.");
}

/* --- the datasource --- */

static void check_functions(Rules *x) {
  for (uint32_t i = 0; i < x->r->n_models; i++)
    for (uint32_t k = 0; k < x->r->models[i].n_fields; k++)
      if (x->r->models[i].fields[k].unknown_function)
        error_unknown_function(x->r, x->r->models[i].fields[k].unknown_function);
}

static void check_extensions(Rules *x) {
  Resolver *r = x->r;
  const DatasourceInfo *s = r->datasource;
  if (!s || !s->has_extensions) return;
  if (!resolver_has(r, FEATURE_POSTGRESQL_EXTENSIONS)) {
    diag_error(
        r->d, s->extensions_span,
        "The `extensions` property is only available with the `postgresqlExtensions` preview feature.");
    return;
  }
  for (uint32_t i = 0; i < s->n_extensions; i++) {
    const Expr *e = s->extensions[i];
    if (e->text.p[0] >= '0' && e->text.p[0] <= '9') {
      error_at(r, e->span, "The name of an extension must not start with a number.");
    } else if (memchr(e->text.p, '-', e->text.n)) {
      error_at(r, e->span, "The character `-` is not allowed in extension names.");
    }
  }
}

/* --- enums --- */

static bool schema_is_known(const Schema *s, Slice name) {
  for (uint32_t i = 0; i < s->n_schemas; i++)
    if (slice_eq(s->schemas[i], name)) return true;
  return false;
}

static void check_enum(Rules *x, const EnumInfo *e) {
  Resolver *r = x->r;
  if (!r->datasource) {
    if (e->has_schema)
      diag_error(r->d, e->schema_span, "@@schema is not supported on the current datasource provider");
  } else if (e->has_schema) {
    if (!schema_is_known(r->schema, e->enum_->db_schema))
      diag_error(r->d, e->schema_span,
                 "This schema is not defined in the datasource. Read more on `@@schema` at "
                 "https://pris.ly/d/multi-schema");
  } else if (r->datasource->has_schemas) {
    diag_error(r->d, e->ast->span, "This enum is missing an `@@schema` attribute.");
  }
}

static void check_enums(Rules *x) {
  Map types = map_in(x->r->arena);
  for (uint32_t i = 0; i < x->r->n_enums; i++) {
    EnumInfo *e = &x->r->enums[i];
    Slice schema = e->enum_->db_schema, name = e->enum_->db_name;
    if (schema.n) name = slice_printf(x->r->arena, "%.*s.%.*s", SLICE_ARGS(schema), SLICE_ARGS(name));
    if (map_put(&types, name, e))
      diag_error(x->r->d, e->ast->span, "An enum with the same database name is already defined.");
  }
  for (uint32_t i = 0; i < x->r->n_enums; i++) check_enum(x, &x->r->enums[i]);
}

/* --- models and views --- */

/* False: an ambiguous relation, behind which nothing makes sense. */
static bool check_block(Rules *x, ModelInfo *m) {
  bool view = model_is_view(m);
  (view ? rules_view : rules_model)(x, m);
  for (uint32_t i = 0; i < m->n_fields; i++)
    if (!m->fields[i].is_relation) rules_scalar_field(x, &m->fields[i]);
  for (uint32_t i = 0; i < m->n_fields; i++)
    if (m->fields[i].is_relation && !rules_relation_field(x, &m->fields[i])) return false;
  for (uint32_t i = 0; i < m->n_indexes; i++) (view ? rules_view_index : rules_index)(x, m->indexes[i]);
  return true;
}

static bool check_blocks(Rules *x, bool views) {
  for (uint32_t i = 0; i < x->r->n_models; i++)
    if (model_is_view(&x->r->models[i]) == views && !check_block(x, &x->r->models[i])) return false;
  return true;
}

void pass_validate(Resolver *r) {
  Rules x = rules_of(r);
  check_composites(&x);
  check_functions(&x);
  check_extensions(&x);
  rules_table_names(&x);
  if (!check_blocks(&x, false) || !check_blocks(&x, true)) return;
  check_enums(&x);
  for (uint32_t i = 0; i < r->n_relations; i++) rules_relation(&x, r->relations[i]);
}
