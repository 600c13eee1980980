/* Last pass: what was resolved becomes the public Schema. It runs only when nothing was wrong. */
#include <stdlib.h>

#include "base/vec.h"
#include "psl/native.h"
#include "psl/validate.h"

/* --- fields --- */

static const struct {
  const char *name;
  DefaultKind kind;
  int number; /* version or length when no argument says it */
} functions[] = {{"autoincrement", DEFAULT_AUTOINCREMENT, 0},
                 {"now", DEFAULT_NOW, 0},
                 {"uuid", DEFAULT_UUID, 4},
                 {"cuid", DEFAULT_CUID, 1},
                 {"nanoid", DEFAULT_NANOID, 21},
                 {"ulid", DEFAULT_ULID, 0},
                 {"dbgenerated", DEFAULT_DBGENERATED, 0},
                 {"sequence", DEFAULT_SEQUENCE, 0}};

static void build_call(Resolver *r, const Expr *call, Default *def) {
  for (size_t i = 0; i < COUNT(functions); i++) {
    if (!slice_is(call->text, functions[i].name)) continue;
    def->kind = functions[i].kind;
    def->version = def->length = functions[i].number;
  }
  def->has_arg = call->args.n > 0;
  if (!def->has_arg) return;
  const Expr *arg = call->args.items[0].value;
  if (arg->kind == EXPR_STRING) def->value = slice_copy(r->arena, arg->text);
  if (arg->kind == EXPR_NUMBER) def->version = def->length = (int)strtol(arg->text.p, NULL, 10);
}

static void build_default(Resolver *r, const FieldInfo *f, Default *def) {
  const Expr *e = f->default_value;
  if (!e) return;
  def->db_name = f->default_map;
  if (e->kind == EXPR_CALL) {
    build_call(r, e, def);
  } else if (e->kind == EXPR_LIST) {
    def->kind = DEFAULT_LIST;
    def->items = ARENA_ARRAY(r->arena, Slice, e->n);
    def->n_items = e->n;
    for (uint32_t i = 0; i < e->n; i++) def->items[i] = slice_copy(r->arena, e->items[i]->text);
  } else {
    def->kind = DEFAULT_LITERAL;
    def->value = slice_copy(r->arena, e->text);
  }
}

static void build_type(const FieldInfo *f) {
  Field *field = f->field;
  switch (field->kind) {
    case FIELD_SCALAR: field->type = scalar_type(field->scalar); break;
    case FIELD_ENUM: field->type = TYPE_ENUM; break;
    default: field->type = TYPE_UNKNOWN;
  }
  const NativeEntry *native = f->native_attr ? native_find(f->native_name) : NULL;
  if (!native) return;
  field->type = native->type;
  field->native.name = native->name;
  field->native.type = native->type;
  field->native.n_args = f->native_attr->args.n;
  for (uint32_t i = 0; i < field->native.n_args && i < COUNT(field->native.args); i++)
    field->native.args[i] = f->native_attr->args.items[i].value->text;
}

static void build_fields(Resolver *r, ModelInfo *info) {
  Model *m = info->model;
  m->by_name = map_in(r->arena);
  for (uint32_t i = 0; i < info->n_fields; i++) {
    FieldInfo *f = &info->fields[i];
    Field *field = f->field;
    map_put(&m->by_name, field->name, field);
    field->column = UINT32_MAX;
    if (f->is_relation) continue;
    field->column = m->n_columns;
    *VEC_PUSH(r->arena, m->columns, m->n_columns) = field;
    field->db_name_given = f->mapped.p != NULL;
    field->db_name = f->mapped.p ? f->mapped : field->name;
    build_type(f);
    build_default(r, f, &field->def);
    if (field->kind == FIELD_SCALAR && field->scalar == SCALAR_JSON)
      map_put(&r->schema->json_names, field->name, field);
  }
}

/* --- indexes --- */

static Slice part_ops(Resolver *r, const IndexPart *p) {
  if (p->has_raw) return slice_copy(r->arena, p->raw);
  return p->ops ? p->ops->name : (Slice){"", 0};
}

static void build_index(Resolver *r, const IndexInfo *i, Index *out) {
  *out = (Index){.kind = i->kind,
                 .model = i->model->model,
                 .fields = ARENA_ARRAY(r->arena, IndexField, i->n_parts),
                 .n_fields = i->n_parts,
                 .name = i->name,
                 .key = i->name.n ? slice_copy(r->arena, i->name) : index_key(r->arena, i),
                 .db_name = i->constraint,
                 .db_name_given = i->map.n > 0,
                 .method = slice_of(method_name(i->has_method ? i->method : METHOD_BTREE)),
                 .has_method = i->has_method,
                 .where = index_where(r, i),
                 .is_field_attr = i->source != NULL,
                 .span = i->attr->span};
  for (uint32_t k = 0; k < i->n_parts; k++) {
    const IndexPart *p = &i->parts[k];
    out->fields[k] = (IndexField){.field = p->root->field,
                                  .desc = p->desc,
                                  .has_sort = p->has_sort,
                                  .ops = part_ops(r, p),
                                  .ops_raw = p->has_raw,
                                  .length = p->has_length ? p->length : 0};
  }
  if (i->n_parts != 1) return;
  Field *only = i->parts[0].root->field;
  only->is_id |= i->kind == INDEX_PRIMARY;
  only->is_unique |= i->kind == INDEX_UNIQUE && !i->where;
  only->is_id_attr |= i->kind == INDEX_PRIMARY && i->source;
  only->is_unique_attr |= i->kind == INDEX_UNIQUE && i->source;
}

static void build_indexes(Resolver *r, ModelInfo *info) {
  Model *m = info->model;
  m->n_indexes = info->n_indexes + (info->id != NULL);
  m->indexes = ARENA_ARRAY(r->arena, Index, m->n_indexes);
  Index *next = m->indexes;
  if (info->id) {
    m->primary = next;
    build_index(r, info->id, next++);
  }
  for (uint32_t i = 0; i < info->n_indexes; i++) build_index(r, info->indexes[i], next++);
}

/* --- relations --- */

static Field **build_list(Resolver *r, const FieldList *list, bool foreign_key) {
  Field **out = ARENA_ARRAY(r->arena, Field *, list->n);
  for (uint32_t i = 0; i < list->n; i++) {
    out[i] = list->items[i]->field;
    if (foreign_key) out[i]->is_fk = true;
  }
  return out;
}

static void build_side(Relation *rel, uint8_t side, FieldInfo *f, ModelInfo *m) {
  rel->side[side] = (RelationSide){m->model, f ? f->field : NULL};
  if (!f) return;
  f->field->relation = rel;
  f->field->side = side;
}

/* The join table of an m-n stands in the schema of side A's model. */
static void build_join(Resolver *r, Relation *rel) {
  rel->table = slice_printf(r->arena, "_%.*s", SLICE_ARGS(rel->name));
  rel->table_schema = rel->side[0].model->db_schema;
}

static void build_relation(Resolver *r, const RelationInfo *info, Relation *rel) {
  static const RelationKind kinds[] = {RELATION_ONE_TO_ONE, RELATION_ONE_TO_MANY, RELATION_MANY_TO_MANY,
                                       RELATION_MANY_TO_MANY};
  const FieldInfo *f = info->forward;
  rel->name = slice_copy(r->arena, info->name);
  rel->kind = kinds[info->shape];
  rel->index = info->index;
  rel->name_given = f && f->relation_name.n;
  rel->span = f ? f->ast->name_span : info->a->ast->name_span;
  build_side(rel, 0, info->forward, info->a);
  build_side(rel, 1, info->back, info->b);
  if (rel->kind == RELATION_MANY_TO_MANY) {
    build_join(r, rel);
    return;
  }
  rel->fk_name = info->constraint;
  rel->real_on_delete = relation_on_delete(info);
  rel->real_on_update = relation_on_update(info);
  if (!f) return;
  rel->on_delete = f->on_delete.action;
  rel->on_update = f->on_update.action;
  rel->n_fields = f->fields.n;
  rel->fields = build_list(r, &f->fields, true);
  rel->references = build_list(r, &f->references, false);
}

/* --- configuration --- */

static Slice scalar_value(Resolver *r, const Expr *e, bool *is_env) {
  *is_env = e->kind == EXPR_CALL && slice_is(e->text, "env") && e->args.n == 1;
  if (*is_env) return slice_copy(r->arena, e->args.items[0].value->text);
  if (e->kind == EXPR_STRING) return slice_copy(r->arena, e->text);
  Buf b = buf_in(r->arena);
  expr_print(&b, e);
  return buf_slice(&b);
}

static void build_property(Resolver *r, const AstProperty *ast, Property *p) {
  const Expr *e = ast->value;
  bool ignored;
  *p = (Property){.name = slice_copy(r->arena, ast->name), .span = ast->span};
  p->is_list = e->kind == EXPR_LIST;
  p->is_string = e->kind == EXPR_STRING;
  p->value = scalar_value(r, e, &p->is_env);
  if (!p->is_list) return;
  p->n_items = e->n;
  p->items = ARENA_ARRAY(r->arena, Slice, e->n);
  for (uint32_t i = 0; i < e->n; i++) p->items[i] = scalar_value(r, e->items[i], &ignored);
}

static void build_config(Resolver *r, const AstBlock *b, ConfigBlock *c) {
  *c = (ConfigBlock){.name = slice_copy(r->arena, b->name),
                     .doc = b->doc,
                     .span = b->name_span,
                     .properties = ARENA_ARRAY(r->arena, Property, b->n_properties),
                     .n = b->n_properties};
  for (uint32_t i = 0; i < b->n_properties; i++) build_property(r, &b->properties[i], &c->properties[i]);
}

static void build_configs(Resolver *r) {
  Schema *s = r->schema;
  uint32_t n = 0;
  for (uint32_t i = 0; i < r->ast.n; i++) n += r->ast.blocks[i].kind == BLOCK_GENERATOR;
  s->generators = ARENA_ARRAY(r->arena, ConfigBlock, n);
  for (uint32_t i = 0; i < r->ast.n; i++)
    if (r->ast.blocks[i].kind == BLOCK_GENERATOR)
      build_config(r, &r->ast.blocks[i], &s->generators[s->n_generators++]);
  if (r->datasource) {
    s->datasource = ARENA_NEW(r->arena, ConfigBlock);
    build_config(r, r->datasource->ast, s->datasource);
    s->relation_mode_prisma = r->datasource->prisma_mode;
  }
  for (int f = 0; f < FEATURE_COUNT; f++)
    if (resolver_has(r, (Feature)f))
      *VEC_PUSH(r->arena, s->preview_features, s->n_preview_features) = feature_entry((Feature)f)->name;
}

void pass_build(Resolver *r) {
  Schema *s = r->schema;
  s->n_models = r->n_models;
  s->n_enums = r->n_enums;
  s->n_relations = r->n_relations;
  s->model_names = s->enum_names = s->json_names = map_in(r->arena);
  s->relations = ARENA_ARRAY(r->arena, Relation, r->n_relations);
  for (uint32_t i = 0; i < r->n_models; i++) {
    map_put(&s->model_names, s->models[i].name, &s->models[i]);
    build_fields(r, &r->models[i]);
  }
  for (uint32_t i = 0; i < r->n_enums; i++) map_put(&s->enum_names, s->enums[i].name, &s->enums[i]);
  for (uint32_t i = 0; i < r->n_models; i++) build_indexes(r, &r->models[i]);
  for (uint32_t i = 0; i < r->n_relations; i++) build_relation(r, r->relations[i], &s->relations[i]);
  build_configs(r);
}
