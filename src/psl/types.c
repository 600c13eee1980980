/* Second pass: what each field's type is. Makes the records of models, composite types and enums. */
#include <ctype.h>

#include "base/vec.h"
#include "psl/resolve.h"

static uint32_t count_blocks(const Ast *ast, BlockKind a, BlockKind b) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < ast->n; i++) n += ast->blocks[i].kind == a || ast->blocks[i].kind == b;
  return n;
}

static void make_fields(Resolver *r, const AstBlock *b, FieldInfo **infos, Field **fields, Map *names) {
  *fields = ARENA_ARRAY(r->arena, Field, b->n_fields);
  *infos = ARENA_ARRAY(r->arena, FieldInfo, b->n_fields);
  *names = map_in(r->arena);
  for (uint32_t i = 0; i < b->n_fields; i++) {
    const AstField *ast = &b->fields[i];
    FieldInfo *info = &(*infos)[i];
    info->ast = ast;
    info->field = &(*fields)[i];
    *info->field = (Field){.name = slice_copy(r->arena, ast->name),
                           .doc = ast->doc,
                           .span = ast->name_span,
                           .index = i,
                           .arity = ast->arity};
    map_put(names, info->field->name, info);
  }
}

static void make_model(Resolver *r, const AstBlock *b) {
  ModelInfo *info = &r->models[r->n_models];
  Model *m = &r->schema->models[r->n_models];
  info->ast = b;
  info->model = m;
  info->n_fields = b->n_fields;
  info->mapped = map_in(r->arena);
  make_fields(r, b, &info->fields, &m->fields, &info->names);
  *m = (Model){.name = slice_copy(r->arena, b->name),
               .doc = b->doc,
               .span = b->name_span,
               .index = r->n_models++,
               .fields = m->fields,
               .n_fields = b->n_fields,
               .is_view = b->kind == BLOCK_VIEW};
  m->db_name = m->name;
  for (uint32_t i = 0; i < b->n_fields; i++) {
    info->fields[i].model = info;
    m->fields[i].model = m;
  }
}

static void make_type(Resolver *r, const AstBlock *b) {
  TypeInfo *info = &r->types[r->n_types++];
  Field *fields;
  info->ast = b;
  info->n_fields = b->n_fields;
  info->mapped = map_in(r->arena);
  make_fields(r, b, &info->fields, &fields, &info->names);
}

static void make_enum(Resolver *r, const AstBlock *b) {
  EnumInfo *info = &r->enums[r->n_enums];
  Enum *e = &r->schema->enums[r->n_enums];
  info->ast = b;
  info->enum_ = e;
  *e = (Enum){.name = slice_copy(r->arena, b->name),
              .doc = b->doc,
              .span = b->name_span,
              .index = r->n_enums++,
              .values = ARENA_ARRAY(r->arena, EnumValue, b->n_fields),
              .n_values = b->n_fields};
  e->db_name = e->name;
  for (uint32_t i = 0; i < b->n_fields; i++) {
    const AstField *v = &b->fields[i];
    Slice name = slice_copy(r->arena, v->name);
    e->values[i] = (EnumValue){.name = name, .db_name = name, .doc = v->doc, .span = v->name_span};
  }
}

static void make_block(Resolver *r, Top *top) {
  const AstBlock *b = top->ast;
  switch (b->kind) {
    case BLOCK_MODEL:
    case BLOCK_VIEW:
      *top = (Top){b, TOP_MODEL, &r->models[r->n_models]};
      make_model(r, b);
      break;
    case BLOCK_TYPE:
      *top = (Top){b, TOP_TYPE, &r->types[r->n_types]};
      make_type(r, b);
      break;
    case BLOCK_ENUM:
      *top = (Top){b, TOP_ENUM, &r->enums[r->n_enums]};
      make_enum(r, b);
      break;
    default: break;
  }
}

/* A scalar in other case, or the small letters of some type's name; empty when it is neither. */
static Slice similar_type(const Resolver *r, Slice name) {
  int scalar = scalar_find(name, true);
  if (scalar >= 0) return slice_of(scalar_name((ScalarType)scalar));
  for (uint32_t i = 0; i < r->ast.n; i++) {
    Slice other = r->ast.blocks[i].name;
    bool same = r->block_tops[i].kind != TOP_NONE && other.n == name.n;
    for (uint32_t k = 0; same && k < name.n; k++) same = tolower((unsigned char)other.p[k]) == name.p[k];
    if (same) return other;
  }
  return (Slice){"", 0};
}

static void hint_type(Resolver *r, const AstField *f) {
  Slice *names = NULL;
  uint32_t n = 0;
  for (int s = SCALAR_STRING; s <= SCALAR_BYTES; s++)
    *VEC_PUSH(r->arena, names, n) = slice_of(scalar_name((ScalarType)s));
  for (uint32_t i = 0; i < r->ast.n; i++)
    if (r->block_tops[i].kind != TOP_NONE) *VEC_PUSH(r->arena, names, n) = r->ast.blocks[i].name;
  hint_nearest(r, f->type_span, f->type, names, n, "");
}

static void unknown_type(Resolver *r, const AstField *f) {
  Slice near = similar_type(r, f->type), hint = {"", 0};
  if (near.n) hint = slice_printf(r->arena, " Did you mean \"%.*s\"?", SLICE_ARGS(near));
  diag_error(
      r->d, f->type_span,
      "Type \"%.*s\" is neither a built-in type, nor refers to another model, composite type, or enum.%.*s",
      SLICE_ARGS(f->type), SLICE_ARGS(hint));
  if (!near.n && r->d->n < MOST_DIAGS) hint_type(r, f);
}

static void resolve_named_type(FieldInfo *f, const Top *top) {
  switch (top->kind) {
    case TOP_MODEL:
      f->field->kind = FIELD_RELATION;
      f->is_relation = true;
      f->target = top->info;
      break;
    case TOP_ENUM:
      f->field->kind = FIELD_ENUM;
      f->field->enum_ = ((EnumInfo *)top->info)->enum_;
      break;
    default: f->field->kind = FIELD_UNSUPPORTED; f->composite = top->info;
  }
}

static void resolve_type(Resolver *r, FieldInfo *f) {
  const AstField *ast = f->ast;
  if (ast->unsupported) {
    f->field->kind = FIELD_UNSUPPORTED;
    f->field->unsupported = ast->type;
    return;
  }
  int scalar = scalar_find(ast->type, false);
  const Top *top = map_get(&r->tops, ast->type);
  if (scalar >= 0) {
    f->field->kind = FIELD_SCALAR;
    f->field->scalar = (ScalarType)scalar;
  } else if (top) {
    resolve_named_type(f, top);
  } else {
    f->unresolved = true;
    f->field->kind = FIELD_UNSUPPORTED;
    unknown_type(r, ast);
  }
}

static void resolve_composite(Resolver *r, TypeInfo *t) {
  for (uint32_t i = 0; i < t->n_fields; i++) {
    FieldInfo *f = &t->fields[i];
    resolve_type(r, f);
    if (f->is_relation)
      diag_error(
          r->d, f->ast->type_span,
          "Error validating composite type \"%.*s\": %.*s refers to a model, making this a relation field. "
          "Relation fields inside composite types are not supported.",
          SLICE_ARGS(t->ast->name), SLICE_ARGS(f->target->ast->name));
  }
}

static void resolve_block(Resolver *r, const Top *top) {
  const AstBlock *b = top->ast;
  if (b->kind == BLOCK_MODEL || b->kind == BLOCK_VIEW) {
    ModelInfo *m = top->info;
    for (uint32_t i = 0; i < m->n_fields; i++) resolve_type(r, &m->fields[i]);
  } else if (b->kind == BLOCK_TYPE) {
    resolve_composite(r, top->info);
  } else if (b->kind == BLOCK_ENUM && b->n_fields == 0) {
    error_at(r, b->span, "An enum must have at least one value.");
  }
}

void pass_types(Resolver *r) {
  uint32_t models = count_blocks(&r->ast, BLOCK_MODEL, BLOCK_VIEW);
  uint32_t types = count_blocks(&r->ast, BLOCK_TYPE, BLOCK_TYPE);
  uint32_t enums = count_blocks(&r->ast, BLOCK_ENUM, BLOCK_ENUM);
  r->models = ARENA_ARRAY(r->arena, ModelInfo, models);
  r->types = ARENA_ARRAY(r->arena, TypeInfo, types);
  r->enums = ARENA_ARRAY(r->arena, EnumInfo, enums);
  r->schema->models = ARENA_ARRAY(r->arena, Model, models);
  r->schema->enums = ARENA_ARRAY(r->arena, Enum, enums);
  for (uint32_t i = 0; i < r->ast.n; i++) make_block(r, &r->block_tops[i]);
  for (uint32_t i = 0; i < r->ast.n; i++) resolve_block(r, &r->block_tops[i]);
}
