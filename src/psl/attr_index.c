/* @id, @unique, @@id, @@unique, @@index, @@fulltext, @shardKey, @@shardKey. */
#include "base/vec.h"
#include "psl/attributes.h"

static IndexInfo *index_new(ArgSet *a, ModelInfo *m, IndexKind kind) {
  IndexInfo *i = ARENA_NEW(a->r->arena, IndexInfo);
  i->kind = kind;
  i->model = m;
  i->attr = a->attr;
  return i;
}

static void index_clustered(ArgSet *a, IndexInfo *i) {
  const Expr *e = arg_take(a, "clustered");
  bool ignored;
  i->has_clustered = e && expr_boolean(a->r, e, &ignored);
}

/* Names go into the client's interface: letters, digits and _ only. */
static void check_client_name(ArgSet *a, const ModelInfo *m, Slice name, const char *attribute) {
  for (uint32_t i = 0; i < name.n; i++) {
    char c = name.p[i];
    if (c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) continue;
    error_model(a->r, "model", m, a->attr->span,
                "The `name` property within the `%s` attribute only allows for the following characters: "
                "`_a-zA-Z0-9`.",
                attribute);
    return;
  }
}

/* --- on a field --- */

static void field_part(ArgSet *a, FieldInfo *f, IndexInfo *i) {
  IndexPart *part = ARENA_NEW(a->r->arena, IndexPart);
  int64_t length;
  Slice word;
  part->root = part->leaf = f;
  part->path = f->ast->name;
  const Expr *e = arg_take(a, "length");
  if (e && expr_integer(a->r, e, &length)) {
    part->has_length = true;
    part->length = (int)length;
  }
  e = arg_take(a, "sort");
  if (e && expr_constant(a->r, e, &word)) {
    part->desc = slice_is(word, "Desc");
    part->has_sort = part->desc || slice_is(word, "Asc");
    if (!part->has_sort)
      arg_error(a, "The `sort` argument can only be `Asc` or `Desc` you provided: %.*s.", SLICE_ARGS(word));
  }
  i->source = f;
  i->parts = part;
  i->n_parts = 1;
}

static IndexInfo *field_index(ArgSet *a, FieldInfo *f, IndexKind kind) {
  IndexInfo *i = index_new(a, f->model, kind);
  i->map = arg_name(a, "map");
  field_part(a, f, i);
  index_clustered(a, i);
  return i;
}

void attribute_id(ArgSet *a, FieldInfo *f) {
  ModelInfo *m = f->model;
  if (m->id) {
    error_model(a->r, "model", m, m->ast->span,
                "At most one field must be marked as the id field with the `@id` attribute.");
  } else {
    m->id = field_index(a, f, INDEX_PRIMARY);
  }
}

static void add_index(Resolver *r, ModelInfo *m, IndexInfo *i) {
  *VEC_PUSH(r->arena, m->indexes, m->n_indexes) = i;
}

void attribute_unique(ArgSet *a, FieldInfo *f) {
  IndexInfo *i = field_index(a, f, INDEX_UNIQUE);
  if (a->r->partial_indexes) i->where = arg_take(a, "where");
  add_index(a->r, f->model, i);
}

/* --- @@id --- */

static bool id_fields(ArgSet *a, ModelInfo *m, const Expr *fields, IndexInfo *i) {
  Resolver *r = a->r;
  Unresolved bad;
  if (!fields_indexed(r, fields, m, a->attr->span, false, &i->parts, &i->n_parts, &bad)) return false;
  if (bad.n_unknown) {
    Slice names = fields_words(r->arena, bad.unknown, bad.n_unknown);
    error_model(r, "model", m, fields->span, "The multi field id declaration refers to the unknown %.*s.",
                SLICE_ARGS(names));
  }
  if (bad.n_relations) {
    Slice names = names_join(r->arena, bad.relations, bad.n_relations, "`", ", ");
    error_model(
        r, "model", m, a->attr->span,
        "The id definition refers to the relation field%s %.*s. ID definitions must reference only scalar "
        "fields.",
        bad.n_relations == 1 ? "" : "s", SLICE_ARGS(names));
  }
  return !bad.n_unknown && !bad.n_relations;
}

/* `what`: "id", "shard key"; `these`: how messages call several of them. */
static void refuse_optional(ArgSet *a, const ModelInfo *m, const char *what, const char *these,
                            const Slice *optional, uint32_t n) {
  if (!n || m->ignored) return;
  Slice names = fields_words(a->r->arena, optional, n);
  error_model(a->r, "model", m, a->attr->span,
              "The %s definition refers to the optional %.*s. %s definitions must reference only required "
              "fields.",
              what, SLICE_ARGS(names), these);
}

static void check_id_optional(ArgSet *a, const ModelInfo *m, const IndexInfo *i) {
  Slice *optional = NULL;
  uint32_t n = 0;
  for (uint32_t k = 0; k < i->n_parts; k++)
    if (i->parts[k].leaf->ast->arity != ARITY_REQUIRED)
      *VEC_PUSH(a->r->arena, optional, n) = i->parts[k].leaf->ast->name;
  refuse_optional(a, m, "id", "ID", optional, n);
}

void attribute_block_id(ArgSet *a, ModelInfo *m) {
  const Expr *fields = arg_default(a, "fields");
  IndexInfo *i = index_new(a, m, INDEX_PRIMARY);
  if (!fields || !id_fields(a, m, fields, i)) return;
  check_id_optional(a, m, i);
  if (m->id)
    error_model(
        a->r, "model", m, m->ast->span,
        "Each model must have at most one id criteria. You can't have `@id` and `@@id` at the same time.");
  i->map = arg_name(a, "map");
  i->name = arg_name(a, "name");
  check_client_name(a, m, i->name, "@@id");
  index_clustered(a, i);
  m->id = i;
}

/* --- @@index, @@unique, @@fulltext --- */

/* The foreign keys of relation fields that somebody wanted to index: " Did you mean …?" */
static Slice suggest_scalars(Resolver *r, const Unresolved *bad, bool unique) {
  FieldList all = {.n = 0};
  for (uint32_t i = 0; i < bad->n_relations; i++)
    for (uint32_t k = 0; k < bad->relations[i]->fields.n; k++)
      *VEC_PUSH(r->arena, all.items, all.n) = bad->relations[i]->fields.items[k];
  if (!all.n) return (Slice){"", 0};
  Slice names = names_join(r->arena, all.items, all.n, "", ", ");
  return slice_printf(r->arena, " Did you mean `@@%s([%.*s])`?", unique ? "unique" : "index",
                      SLICE_ARGS(names));
}

static void index_fields(ArgSet *a, ModelInfo *m, IndexInfo *i) {
  Resolver *r = a->r;
  Unresolved bad;
  bool unique = i->kind == INDEX_UNIQUE;
  const Expr *fields = arg_default(a, "fields");
  if (!fields || !fields_indexed(r, fields, m, a->attr->span, true, &i->parts, &i->n_parts, &bad)) return;
  if (bad.n_unknown) {
    Slice names = words_join(r->arena, bad.unknown, bad.n_unknown, "", ", ");
    error_model(r, "model", m, a->attr->span, "The %sindex definition refers to the unknown fields: %.*s.",
                unique ? "unique " : "", SLICE_ARGS(names));
  }
  if (bad.n_relations) {
    Slice names = names_join(r->arena, bad.relations, bad.n_relations, "", ", ");
    Slice hint = suggest_scalars(r, &bad, unique);
    error_model(
        r, "model", m, a->attr->span,
        "The %sindex definition refers to the relation fields %.*s. Index definitions must reference only "
        "scalar fields.%.*s",
        unique ? "unique " : "", SLICE_ARGS(names), SLICE_ARGS(hint));
  }
}

static void index_type(ArgSet *a, IndexInfo *i) {
  const Expr *e = arg_take(a, "type");
  Slice word;
  if (!e || !expr_constant(a->r, e, &word)) return;
  int method = method_find(word);
  if (method < 0) {
    arg_error(a, "Unknown index type: %.*s.", SLICE_ARGS(word));
    return;
  }
  i->method = (Method)method;
  i->has_method = true;
}

/* name: of a plain index is its old word for map:. */
static void resolve_index(ArgSet *a, ModelInfo *m, IndexInfo *i) {
  index_fields(a, m, i);
  Slice name = arg_name(a, "name");
  i->map = arg_name(a, "map");
  if (name.n && i->map.n) {
    arg_error(
        a,
        "The `@@index` attribute accepts the `name` argument as an alias for the `map` argument for legacy "
        "reasons. It does not accept both though. Please use the `map` argument to specify the database name "
        "of the index.");
  } else if (name.n) {
    i->map = name;
  }
  index_type(a, i);
}

static void resolve_unique(ArgSet *a, ModelInfo *m, IndexInfo *i) {
  index_fields(a, m, i);
  i->name = arg_name(a, "name");
  i->map = arg_name(a, "map");
  check_client_name(a, m, i->name, "@@unique");
}

static void resolve_fulltext(ArgSet *a, ModelInfo *m, IndexInfo *i) {
  index_fields(a, m, i);
  i->map = arg_name(a, "map");
}

void attribute_indexes(AttrSet *s, ModelInfo *m) {
  static const struct {
    const char *name;
    IndexKind kind;
    void (*resolve)(ArgSet *a, ModelInfo *m, IndexInfo *i);
  } kinds[] = {{"index", INDEX_NORMAL, resolve_index},
               {"unique", INDEX_UNIQUE, resolve_unique},
               {"fulltext", INDEX_FULLTEXT, resolve_fulltext}};
  ArgSet a;
  for (size_t k = 0; k < COUNT(kinds); k++)
    while (attr_take_next(s, kinds[k].name, &a)) {
      IndexInfo *i = index_new(&a, m, kinds[k].kind);
      kinds[k].resolve(&a, m, i);
      if (i->kind != INDEX_FULLTEXT) index_clustered(&a, i);
      if (i->kind != INDEX_FULLTEXT && s->r->partial_indexes) i->where = arg_take(&a, "where");
      add_index(s->r, m, i);
      args_close(&a);
    }
}

/* --- shard keys: nobody's on PostgreSQL, but they have messages of their own --- */

void attribute_shard_field(ArgSet *a, FieldInfo *f) {
  ModelInfo *m = f->model;
  if (m->shard_key) {
    error_model(a->r, "model", m, m->ast->span,
                "At most one field must be marked as the shard key with the `@shardKey` attribute.");
    return;
  }
  m->shard_key = a->attr;
  m->shard_field = f;
  m->n_shard_fields = 1;
}

static void check_shard_optional(ArgSet *a, const ModelInfo *m, const FieldList *list) {
  Slice *optional = NULL;
  uint32_t n = 0;
  for (uint32_t i = 0; i < list->n; i++)
    if (list->items[i]->ast->arity != ARITY_REQUIRED)
      *VEC_PUSH(a->r->arena, optional, n) = list->items[i]->ast->name;
  refuse_optional(a, m, "shard key", "Shard key", optional, n);
}

void attribute_shard_key(ArgSet *a, ModelInfo *m) {
  Resolver *r = a->r;
  Unresolved bad;
  FieldList list;
  const Expr *e = arg_default(a, "fields");
  if (!e || !fields_plain(r, e, m, a->attr->span, &list, &bad)) return;
  if (bad.n_unknown) {
    Slice names = fields_words(r->arena, bad.unknown, bad.n_unknown);
    error_model(r, "model", m, e->span, "The multi field shard key declaration refers to the unknown %.*s.",
                SLICE_ARGS(names));
  }
  if (bad.n_relations) {
    Slice names = names_join(r->arena, bad.relations, bad.n_relations, "`", ", ");
    error_model(
        r, "model", m, a->attr->span,
        "The shard key definition refers to the relation field%s %.*s. Shard key definitions must reference "
        "only scalar fields.",
        bad.n_relations == 1 ? "" : "s", SLICE_ARGS(names));
  }
  if (bad.n_unknown || bad.n_relations) return;
  check_shard_optional(a, m, &list);
  if (m->shard_key)
    error_model(
        r, "model", m, m->ast->span,
        "Each model must have at most one shard key. You can't have `@shardKey` and `@@shardKey` at the same "
        "time.");
  m->shard_key = a->attr;
  m->shard_field = NULL;
  m->n_shard_fields = list.n;
}
