/* First pass: every name is given once. Finds the duplicates in each namespace (models, types and enums;
 * datasources; generators; fields of a block; values of an enum; keys of a configuration block) and the
 * names that cannot be. */
#include "psl/resolve.h"

static const char *const top_words[] = {"model", "view", "composite type", "enum", "source", "generator"};

/* `item`: "Model", "Field", ... as messages call it. */
static void check_identifier(Resolver *r, Slice name, Span span, const char *item) {
  if (name.p[0] >= '0' && name.p[0] <= '9') {
    error_at(r, span, "The name of a %s must not start with a number.", item);
  } else if (memchr(name.p, '-', name.n)) {
    error_at(r, span, "The character `-` is not allowed in %s names.", item);
  }
}

static void check_attribute_names(Resolver *r, const Attribute *attributes, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    check_identifier(r, attributes[i].name, attributes[i].name_span, "Attribute");
}

static void check_enum(Resolver *r, const AstBlock *b) {
  Map seen = map_in(r->arena);
  check_identifier(r, b->name, b->name_span, "Enum");
  if (name_is_reserved(b->name))
    diag_error(
        r->d, b->span,
        "Error validating enum `%.*s`: The enum name `%.*s` is invalid. It is a reserved name. Please change "
        "it. Read more at "
        "https://www.prisma.io/docs/reference/tools-and-interfaces/prisma-schema/data-model#naming-enums",
        SLICE_ARGS(b->name), SLICE_ARGS(b->name));
  check_attribute_names(r, b->attributes, b->n_attributes);
  for (uint32_t i = 0; i < b->n_fields; i++) {
    AstField *value = &b->fields[i];
    check_identifier(r, value->name, value->name_span, "Enum Value");
    check_attribute_names(r, value->attributes, value->n_attributes);
    if (map_put(&seen, value->name, value))
      diag_error(r->d, value->span, "Value \"%.*s\" is already defined on enum \"%.*s\".",
                 SLICE_ARGS(value->name), SLICE_ARGS(b->name));
  }
}

static void check_fields(Resolver *r, const AstBlock *b, const char *item) {
  Map seen = map_in(r->arena);
  const char *word = b->kind == BLOCK_TYPE ? "composite type" : block_keyword(b->kind);
  for (uint32_t i = 0; i < b->n_fields; i++) {
    AstField *f = &b->fields[i];
    if (item) {
      check_identifier(r, f->name, f->name_span, item);
      check_attribute_names(r, f->attributes, f->n_attributes);
    }
    if (map_put(&seen, f->name, f))
      diag_error(r->d, f->name_span, "Field \"%.*s\" is already defined on %s \"%.*s\".", SLICE_ARGS(f->name),
                 word, SLICE_ARGS(b->name));
  }
}

static void check_model(Resolver *r, const AstBlock *b) {
  bool view = b->kind == BLOCK_VIEW;
  check_identifier(r, b->name, b->name_span, view ? "view" : "Model");
  if (name_is_reserved(b->name))
    diag_error(r->d, b->span,
               "Error validating model \"%.*s\": The %s name `%.*s` is invalid. It is a reserved name. "
               "Please change "
               "it. Read more at https://pris.ly/d/naming-models",
               SLICE_ARGS(b->name), block_keyword(b->kind), SLICE_ARGS(b->name));
  check_attribute_names(r, b->attributes, b->n_attributes);
  check_fields(r, b, view ? "field" : "Field");
}

static void check_config(Resolver *r, const AstBlock *b) {
  Map seen = map_in(r->arena);
  for (uint32_t i = 0; i < b->n_properties; i++) {
    AstProperty *p = &b->properties[i];
    if (map_put(&seen, p->name, p))
      diag_error(r->d, p->name_span, "Key \"%.*s\" is already defined in %s \"%.*s\".", SLICE_ARGS(p->name),
                 top_words[b->kind], SLICE_ARGS(b->name));
  }
}

static void check_block(Resolver *r, const AstBlock *b) {
  switch (b->kind) {
    case BLOCK_ENUM: check_enum(r, b); break;
    case BLOCK_MODEL:
    case BLOCK_VIEW: check_model(r, b); break;
    case BLOCK_TYPE:
      check_identifier(r, b->name, b->name_span, "Composite type");
      check_fields(r, b, NULL);
      break;
    case BLOCK_DATASOURCE:
    case BLOCK_GENERATOR: check_config(r, b); break;
  }
}

void pass_names(Resolver *r) {
  Map sources = map_in(r->arena), generators = map_in(r->arena);
  r->tops = map_in(r->arena);
  r->block_tops = ARENA_ARRAY(r->arena, Top, r->ast.n);
  for (uint32_t i = 0; i < r->ast.n; i++) {
    const AstBlock *b = &r->ast.blocks[i];
    if (scalar_find(b->name, false) >= 0)
      diag_error(r->d, b->name_span, "\"%.*s\" is a reserved scalar type name and cannot be used.",
                 SLICE_ARGS(b->name));
    check_block(r, b);
    Map *space = b->kind == BLOCK_DATASOURCE ? &sources : b->kind == BLOCK_GENERATOR ? &generators : &r->tops;
    r->block_tops[i].ast = b;
    const Top *old = map_put(space, b->name, &r->block_tops[i]);
    if (old)
      diag_error(r->d, b->name_span,
                 "The %s \"%.*s\" cannot be defined because a %s with that name already exists.",
                 top_words[b->kind], SLICE_ARGS(b->name), top_words[old->ast->kind]);
  }
}
