/* Fifth pass: datasource and generators. Values are kept as they are for whoever reads them later; here
 * only what the language says about them is checked. */
#include "base/vec.h"
#include "psl/visit.h"

/* --- values --- */

/* A string, or env("NAME"). */
static bool check_env_string(Resolver *r, const Expr *e) {
  Slice name;
  if (e->kind == EXPR_STRING) return true;
  if (e->kind != EXPR_CALL || !slice_is(e->text, "env")) {
    expr_mismatch(r, e, "String");
    return false;
  }
  const Arguments *args = &e->args;
  for (uint32_t i = 0; i < args->n; i++)
    if (args->items[i].name.n)
      diag_warning(r->d, args->items[i].span, "The env function doesn't expect named arguments");
  if (!args->n && args->n_empty) {
    diag_error(r->d, e->span, "The env function expects a singular, unnamed, string argument.");
    return false;
  }
  bool comma = args->trailing_comma.end > args->trailing_comma.start;
  if (args->n + args->n_empty != 1 || comma) {
    diag_error(r->d, e->span, "Exactly one string parameter must be passed to the env function.");
    return false;
  }
  return expr_string(r, args->items[0].value, &name);
}

/* The last of that name. */
static const AstProperty *property_find(const AstBlock *b, const char *name) {
  for (uint32_t i = b->n_properties; i-- > 0;)
    if (slice_is(b->properties[i].name, name)) return &b->properties[i];
  return NULL;
}

/* All of them by name: only the last of a name counts. */
static Map last_properties(Arena *a, const AstBlock *b) {
  Map last = map_in(a);
  for (uint32_t i = 0; i < b->n_properties; i++) map_put(&last, b->properties[i].name, &b->properties[i]);
  return last;
}

static const Expr *value_of(const AstBlock *b, const char *name) {
  const AstProperty *p = property_find(b, name);
  return p ? p->value : NULL;
}

static bool check_values(Resolver *r, const AstBlock *b) {
  uint32_t before = r->d->n_errors;
  for (uint32_t i = 0; i < b->n_properties; i++)
    if (!b->properties[i].value)
      diag_error(r->d, b->span, "Property %.*s in %s %.*s needs to be assigned a value",
                 SLICE_ARGS(b->properties[i].name), block_keyword(b->kind), SLICE_ARGS(b->name));
  return r->d->n_errors == before;
}

/* --- datasource --- */

static void source_error(Resolver *r, Slice source, Span span, const char *message) {
  diag_error(r->d, span, "Error validating datasource `%.*s`: %s", SLICE_ARGS(source), message);
}

static const char *const providers[] = {"postgresql", "postgres"};
static const char *const others[] = {"mysql", "sqlite", "sqlserver", "mongodb", "cockroachdb"};

static bool provider_is(Slice name, const char *const *list, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (slice_is(name, list[i])) return true;
  return false;
}

static bool load_provider(Resolver *r, DatasourceInfo *s) {
  const AstBlock *b = s->ast;
  const Expr *e = value_of(b, "provider");
  if (!e) {
    diag_error(r->d, b->span, "Argument \"provider\" is missing in data source block \"%.*s\".",
               SLICE_ARGS(b->name));
  } else if (e->kind == EXPR_CALL && slice_is(e->text, "env")) {
    diag_error(r->d, b->span, "A datasource must not use the env() function in the provider argument.");
  } else if (e->kind != EXPR_STRING) {
    source_error(r, b->name, e->span, "The provider argument in a datasource must be a string literal");
  } else if (!e->text.n) {
    source_error(r, b->name, e->span, "The provider argument in a datasource must not be empty");
  } else if (!provider_is(e->text, providers, COUNT(providers)) &&
             !provider_is(e->text, others, COUNT(others))) {
    diag_error(r->d, e->span, "Datasource provider not known: \"%.*s\".", SLICE_ARGS(e->text));
  } else {
    s->provider = e->text;
    return true;
  }
  return false;
}

static void load_relation_mode(Resolver *r, DatasourceInfo *s) {
  const AstProperty *mode = property_find(s->ast, "relationMode");
  const AstProperty *old = property_find(s->ast, "referentialIntegrity");
  const Expr *e = mode ? mode->value : old ? old->value : NULL;
  Slice word;
  if (old)
    diag_warning(
        r->d, old->span,
        "The `referentialIntegrity` attribute is deprecated. Please use `relationMode` instead. Learn more "
        "at https://pris.ly/d/relation-mode");
  if (mode && old) {
    diag_error(
        r->d, old->span,
        "The `referentialIntegrity` and `relationMode` attributes cannot be used together. Please use only "
        "`relationMode` instead.");
    return;
  }
  if (!e || !expr_string(r, e, &word)) return;
  s->prisma_mode = slice_is(word, "prisma");
  if (s->prisma_mode || slice_is(word, "foreignKeys")) return;
  diag_error(r->d, s->ast->span,
             "Error validating datasource `relationMode`: Invalid relation mode setting: \"%.*s\". Supported "
             "values: "
             "\"prisma\", \"foreignKeys\"",
             SLICE_ARGS(word));
}

static void check_extension_argument(Resolver *r, const Expr *call, uint32_t i) {
  static const char *const known[] = {"map", "schema", "version"};
  const Argument *arg = &call->args.items[i];
  Slice text;
  if (!arg->name.n) {
    error_at(r, arg->span, "The argument must have a name");
    return;
  }
  for (uint32_t k = 0; k < i; k++)
    if (slice_eq(call->args.items[k].name, arg->name)) {
      error_at(r, arg->span, "The argument `%.*s` can only be defined once", SLICE_ARGS(arg->name));
      return;
    }
  bool is_string = expr_string(r, arg->value, &text);
  for (size_t k = 0; k < COUNT(known); k++) {
    if (!slice_is(arg->name, known[k])) continue;
    if (!is_string) error_at(r, arg->span, "The `%s` argument must be a string literal", known[k]);
    return;
  }
  diag_error(r->d, arg->span, "Argument not known: \"%.*s\".", SLICE_ARGS(arg->name));
}

/* extensions = [pgcrypto, citext(schema: "public", version: "1.6", map: "…")] */
static void load_extensions(Resolver *r, DatasourceInfo *s) {
  const AstProperty *p = property_find(s->ast, "extensions");
  if (!p) return;
  const Expr *e = p->value;
  uint32_t n = e->kind == EXPR_LIST ? e->n : 1;
  const Expr *const *items = e->kind == EXPR_LIST ? e->items : &p->value;
  uint32_t before = r->d->n_errors;
  for (uint32_t i = 0; i < n; i++)
    if (items[i]->kind != EXPR_CALL && items[i]->kind != EXPR_CONSTANT)
      expr_mismatch(r, items[i], "constant or function");
  if (r->d->n_errors > before) return;
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t k = 0; items[i]->kind == EXPR_CALL && k < items[i]->args.n; k++)
      check_extension_argument(r, items[i], k);
  s->has_extensions = true;
  s->extensions_span = p->span;
  s->extensions = items;
  s->n_extensions = n;
}

static bool same_string(const Expr *a, const Expr *b) {
  if (!a || !b || a->kind != b->kind) return false;
  if (a->kind == EXPR_STRING) return slice_eq(a->text, b->text);
  return a->kind == EXPR_CALL && a->args.n == 1 && b->args.n == 1 &&
         slice_eq(a->args.items[0].value->text, b->args.items[0].value->text);
}

/* The addresses may stand here (Prisma 5 and 6) or be left out (Prisma 7, lorm's own configuration). */
static bool load_urls(Resolver *r, DatasourceInfo *s) {
  const Expr *url = value_of(s->ast, "url"), *shadow = value_of(s->ast, "shadowDatabaseUrl");
  const Expr *direct = value_of(s->ast, "directUrl");
  if (url && !check_env_string(r, url)) return false;
  bool has_shadow =
      shadow && check_env_string(r, shadow) && !(shadow->kind == EXPR_STRING && !shadow->text.n);
  bool has_direct = direct && check_env_string(r, direct);
  if (has_shadow && has_direct && same_string(shadow, direct))
    diag_error(
        r->d, direct->span,
        "shadowDatabaseUrl is the same as directUrl for datasource \"%.*s\". Please specify a different "
        "database as shadow database to avoid data loss.",
        SLICE_ARGS(s->ast->name));
  if (has_shadow && same_string(shadow, url))
    diag_error(r->d, url->span,
               "shadowDatabaseUrl is the same as url for datasource \"%.*s\". Please specify a different "
               "database as "
               "shadow database to avoid data loss.",
               SLICE_ARGS(s->ast->name));
  return true;
}

static void load_schemas(Resolver *r, DatasourceInfo *s) {
  const AstProperty *p = property_find(s->ast, "schemas");
  if (!p) return;
  const Expr *e = p->value;
  uint32_t n = e->kind == EXPR_LIST ? e->n : 1, before = r->d->n_errors;
  const Expr *const *items = e->kind == EXPR_LIST ? e->items : &p->value;
  Map seen = map_in(r->arena);
  Slice text;
  for (uint32_t i = 0; i < n; i++) expr_string(r, items[i], &text);
  if (r->d->n_errors > before) return;
  if (!n) {
    diag_error(r->d, e->span, "If provided, the schemas array can not be empty.");
    return;
  }
  s->has_schemas = true;
  r->schema->schemas = ARENA_ARRAY(r->arena, Slice, n);
  r->schema->n_schemas = n;
  for (uint32_t i = 0; i < n; i++) {
    r->schema->schemas[i] = slice_copy(r->arena, items[i]->text);
    const Expr *old = map_put(&seen, items[i]->text, (void *)(uintptr_t)items[i]);
    if (old) diag_error(r->d, old->span, "Duplicated schema names are not allowed");
  }
}

static void check_known(Resolver *r, const AstBlock *b) {
  static const char *const known[] = {"provider",          "url",          "directUrl",
                                      "shadowDatabaseUrl", "relationMode", "referentialIntegrity",
                                      "extensions",        "schemas",      "previewFeatures"};
  Map last = last_properties(r->arena, b);
  for (uint32_t i = 0; i < b->n_properties; i++) {
    const AstProperty *p = &b->properties[i];
    bool found = map_get(&last, p->name) != p;
    for (size_t k = 0; k < COUNT(known); k++) found |= slice_is(p->name, known[k]);
    if (!found) diag_error(r->d, p->span, "Property not known: \"%.*s\".", SLICE_ARGS(p->name));
  }
}

static DatasourceInfo *load_datasource(Resolver *r, const AstBlock *b) {
  DatasourceInfo *s = ARENA_NEW(r->arena, DatasourceInfo);
  s->ast = b;
  if (!check_values(r, b) || !load_provider(r, s)) return NULL;
  load_relation_mode(r, s);
  load_extensions(r, s);
  if (!load_urls(r, s)) return NULL;
  const AstProperty *features = property_find(b, "previewFeatures");
  if (features)
    diag_error(
        r->d, features->span,
        "Preview features are only supported in the generator block. Please move this field to the generator "
        "block.");
  load_schemas(r, s);
  check_known(r, b);
  return s;
}

static void load_datasources(Resolver *r) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < r->ast.n; i++) {
    if (r->ast.blocks[i].kind != BLOCK_DATASOURCE) continue;
    DatasourceInfo *s = load_datasource(r, &r->ast.blocks[i]);
    if (s && !n++) r->datasource = s;
  }
  if (n == 1 && provider_is(r->datasource->provider, others, COUNT(others)))
    diag_error(r->d, value_of(r->datasource->ast, "provider")->span,
               "Datasource provider not supported: \"%.*s\". Only PostgreSQL is.",
               SLICE_ARGS(r->datasource->provider));
  for (uint32_t i = 0; n > 1 && i < r->ast.n; i++)
    if (r->ast.blocks[i].kind == BLOCK_DATASOURCE)
      source_error(
          r, r->ast.blocks[i].name, r->ast.blocks[i].span,
          "You defined more than one datasource. This is not allowed yet because support for multiple "
          "databases has not been implemented yet.");
}

/* --- generators --- */

static bool feature_is_active(const Resolver *r, int f) {
  return f != FEATURE_FULL_TEXT_SEARCH_POSTGRES || r->datasource;
}

static void unknown_feature(Resolver *r, Slice name, Span span) {
  Buf list = buf_in(r->arena);
  for (int f = 0; f < FEATURE_COUNT; f++) {
    FeatureState state = feature_entry((Feature)f)->state;
    if ((state != FEATURE_ACTIVE && state != FEATURE_LEAVING) || !feature_is_active(r, f)) continue;
    if (list.n) buf_text(&list, ", ");
    buf_slice_add(&list, feature_entry((Feature)f)->name);
  }
  Slice text = buf_slice(&list);
  diag_error(r->d, span, "The preview feature \"%.*s\" is not known. Expected one of: %.*s", SLICE_ARGS(name),
             SLICE_ARGS(text));
}

static void load_feature(Resolver *r, Slice name, Span span) {
  int f = feature_find(name);
  if (f < 0 || !feature_is_active(r, f)) {
    unknown_feature(r, name, span);
    return;
  }
  FeatureState state = feature_entry((Feature)f)->state;
  if (state == FEATURE_RENAMED && r->datasource) {
    diag_warning(r->d, span,
                 "On `provider = \"postgresql\"`, preview feature \"%.*s\" has been renamed to "
                 "\"fullTextSearchPostgres\". Learn more at https://pris.ly/d/fts-postgres.",
                 SLICE_ARGS(name));
    f = FEATURE_FULL_TEXT_SEARCH_POSTGRES;
  } else if (state == FEATURE_DEPRECATED || state == FEATURE_RENAMED) {
    diag_warning(
        r->d, span,
        "Preview feature \"%.*s\" is deprecated. The functionality can be used without specifying it as a "
        "preview feature.",
        SLICE_ARGS(name));
  } else if (state == FEATURE_LEAVING) {
    diag_warning(r->d, span,
                 "Preview feature \"%.*s\" is deprecated. It will be removed in a future version of Prisma.",
                 SLICE_ARGS(name));
  }
  r->features |= (uint64_t)1 << f;
}

static void load_features(Resolver *r, const Expr *e, const Expr *const *self) {
  uint32_t n = e->kind == EXPR_LIST ? e->n : 1, before = r->d->n_errors;
  const Expr *const *items = e->kind == EXPR_LIST ? e->items : self;
  Slice text;
  for (uint32_t i = 0; i < n; i++) expr_string(r, items[i], &text);
  if (r->d->n_errors > before) return;
  for (uint32_t i = 0; i < n; i++) load_feature(r, items[i]->text, e->span);
}

/* Values of keys that we know nothing about: only env() is looked at. */
static void check_free_value(Resolver *r, const Expr *e) {
  if (e->kind == EXPR_CALL && slice_is(e->text, "env")) check_env_string(r, e);
  for (uint32_t i = 0; e->kind == EXPR_LIST && i < e->n; i++) check_free_value(r, e->items[i]);
}

static void check_targets(Resolver *r, const Expr *e) {
  for (uint32_t i = 0; e->kind == EXPR_LIST && i < e->n; i++) check_env_string(r, e->items[i]);
  if (e->kind != EXPR_LIST) check_env_string(r, e);
}

static void load_generator(Resolver *r, const AstBlock *b) {
  static const char *const own[] = {"provider", "output", "binaryTargets", "previewFeatures"};
  if (!check_values(r, b)) return;
  const Expr *engine = value_of(b, "engineType"), *provider = value_of(b, "provider");
  const Expr *output = value_of(b, "output"), *targets = value_of(b, "binaryTargets");
  const Expr *features = value_of(b, "previewFeatures");
  if (engine && engine->kind != EXPR_STRING) expr_mismatch(r, engine, "String");
  if (!provider) {
    diag_error(r->d, b->span, "Argument \"provider\" is missing in generator block \"%.*s\".",
               SLICE_ARGS(b->name));
    return;
  }
  if (!check_env_string(r, provider)) return;
  if (output) check_env_string(r, output);
  if (targets) check_targets(r, targets);
  if (features) load_features(r, features, &features);
  Map last = last_properties(r->arena, b);
  for (uint32_t i = 0; i < b->n_properties; i++) {
    bool known = map_get(&last, b->properties[i].name) != &b->properties[i];
    for (size_t k = 0; k < COUNT(own); k++) known |= slice_is(b->properties[i].name, own[k]);
    if (!known) check_free_value(r, b->properties[i].value);
  }
}

static bool has_feature(const Expr *e, Feature f) {
  if (e->kind == EXPR_STRING) return feature_find(e->text) == (int)f;
  for (uint32_t i = 0; e->kind == EXPR_LIST && i < e->n; i++)
    if (e->items[i]->kind == EXPR_STRING && feature_find(e->items[i]->text) == (int)f) return true;
  return false;
}

bool generators_mention(const Ast *ast, Feature f) {
  for (uint32_t i = 0; i < ast->n; i++) {
    if (ast->blocks[i].kind != BLOCK_GENERATOR) continue;
    const Expr *e = value_of(&ast->blocks[i], "previewFeatures");
    if (e && has_feature(e, f)) return true;
  }
  return false;
}

void pass_config(Resolver *r) {
  load_datasources(r);
  for (uint32_t i = 0; i < r->ast.n; i++)
    if (r->ast.blocks[i].kind == BLOCK_GENERATOR) load_generator(r, &r->ast.blocks[i]);
}
