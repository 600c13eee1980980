/* Rules of indexes: names, arguments, and what each index method can do with which type. */
#include "psl/native.h"
#include "psl/validate.h"

static void index_error(Rules *x, const IndexInfo *i, const char *message) {
  error_attribute(x->r, index_sign(i), i->attr->name, i->attr->span, "%s", message);
}

/* --- methods and operator classes --- */

typedef struct Column { /* of an index, as the methods see it */
  const IndexInfo *index;
  const FieldInfo *f;
  const NativeEntry *native; /* NULL: none, or one that is unknown or whose arguments are wrong */
  Slice native_name;         /* as written, or empty */
  const OpClassEntry *ops;
  int scalar; /* -1: an enum, or something unsupported */
  bool list;
} Column;

static bool ops_has_native(const OpClassEntry *ops, const NativeEntry *native) {
  for (size_t i = 0; i < COUNT(ops->natives); i++)
    if (ops->natives[i] == native->id) return true;
  return false;
}

/* Whether some class of the method takes the type, so that the server has a default for it. GiST has
 * none for the types that Prisma knows. */
static bool has_default_class(Method method, const Column *c) {
  const OpClassEntry *ops;
  for (uint32_t i = 0; method != METHOD_GIST && (ops = opclass_at(i)) != NULL; i++) {
    if (!(ops->methods >> method & 1)) continue;
    if (c->native ? ops_has_native(ops, c->native) : c->scalar >= 0 && ops->scalar == c->scalar) return true;
  }
  return false;
}

static bool method_takes_scalar(Method method, const Column *c) {
  bool string = c->scalar == SCALAR_STRING;
  if (c->f->ast->unsupported) return true;
  switch (method) {
    case METHOD_GIST:
    case METHOD_SPGIST: return string;
    case METHOD_GIN: return c->scalar == SCALAR_JSON || c->list;
    case METHOD_BRIN: return c->scalar >= 0 && c->scalar != SCALAR_BOOLEAN && c->scalar != SCALAR_JSON;
    default: return true;
  }
}

static void no_class_error(Rules *x, Method method, const Column *c) {
  const IndexInfo *i = c->index;
  Slice name = c->f->ast->name;
  const char *sign = index_sign(i);
  if (c->native_name.n && c->ops) {
    error_attribute(x->r, sign, i->attr->name, i->attr->span,
                    "The given operator class `%.*s` does not support native type `%.*s` of field `%.*s`.",
                    SLICE_ARGS(c->ops->name), SLICE_ARGS(c->native_name), SLICE_ARGS(name));
  } else if (c->native_name.n) {
    error_attribute(x->r, sign, i->attr->name, i->attr->span,
                    "The %s index field type `%.*s` has no default operator class.", method_name(method),
                    SLICE_ARGS(c->native_name));
  } else if (c->ops) {
    error_attribute(x->r, sign, i->attr->name, i->attr->span,
                    "The given operator class `%.*s` expects the field `%.*s` to define a valid native type.",
                    SLICE_ARGS(c->ops->name), SLICE_ARGS(name));
  } else if (!method_takes_scalar(method, c)) {
    error_attribute(x->r, sign, i->attr->name, i->attr->span,
                    "The %s index type does not support the type of the field `%.*s`.", method_name(method),
                    SLICE_ARGS(name));
  }
}

/* An operator class without a native type to go with: the scalar must be its own. */
static void check_class_scalar(Rules *x, const Column *c) {
  const IndexInfo *i = c->index;
  if (c->ops->scalar == c->scalar) return;
  error_attribute(x->r, index_sign(i), i->attr->name, i->attr->span,
                  "The given operator class `%.*s` points to the field `%.*s` that is not of %s type.",
                  SLICE_ARGS(c->ops->name), SLICE_ARGS(c->f->ast->name),
                  scalar_name((ScalarType)c->ops->scalar));
}

static bool check_array_ops(Rules *x, const Column *c) {
  const IndexInfo *i = c->index;
  if (!slice_is(c->ops->name, "ArrayOps")) return false;
  if (!c->list)
    error_attribute(x->r, index_sign(i), i->attr->name, i->attr->span,
                    "The given operator class `ArrayOps` expects the type of field `%.*s` to be an array.",
                    SLICE_ARGS(c->f->ast->name));
  return true;
}

static void check_column(Rules *x, Method method, const Column *c) {
  if (c->ops && !(c->ops->methods >> method & 1)) {
    error_attribute(x->r, index_sign(c->index), c->index->attr->name, c->index->attr->span,
                    "The given operator class `%.*s` is not supported with the `%s` index type.",
                    SLICE_ARGS(c->ops->name), method_name(method));
  } else if (method == METHOD_BTREE || method == METHOD_HASH) {
    return;
  } else if (c->ops) {
    if (check_array_ops(x, c)) return;
    if (c->native && ops_has_native(c->ops, c->native)) return;
    if (!c->native && c->ops->scalar >= 0) {
      check_class_scalar(x, c);
    } else {
      no_class_error(x, method, c);
    }
  } else if (!(method == METHOD_GIN && c->list) && !has_default_class(method, c)) {
    no_class_error(x, method, c);
  }
}

static const NativeEntry *column_native(const FieldInfo *f) {
  uint32_t ignored[2];
  const NativeEntry *native = f->native_attr ? native_find(f->native_name) : NULL;
  return native && native_arguments(native, &f->native_attr->args, ignored) ? native : NULL;
}

static void check_xml(Rules *x, const IndexInfo *i) {
  for (uint32_t k = 0; k < i->n_parts; k++) {
    const NativeEntry *native = column_native(i->parts[k].leaf);
    if (!native || native->id != NATIVE_Xml) continue;
    diag_error(x->r->d, i->parts[k].leaf->ast->span,
               i->kind == INDEX_UNIQUE
                   ? "Native type `Xml` cannot be unique in Postgres."
                   : "You cannot define an index on fields with native type `Xml` of Postgres.");
    return;
  }
}

void rules_index_types(Rules *x, IndexInfo *i) {
  Method method = i->has_method ? i->method : METHOD_BTREE;
  check_xml(x, i);
  for (uint32_t k = 0; k < i->n_parts; k++) {
    const FieldInfo *f = i->parts[k].leaf;
    Column c = {.index = i,
                .f = f,
                .native = column_native(f),
                .native_name = f->native_attr ? f->native_name : (Slice){"", 0},
                .ops = i->parts[k].ops,
                .scalar = f->field->kind == FIELD_SCALAR ? (int)f->field->scalar : -1,
                .list = f->ast->arity == ARITY_LIST};
    if (!i->parts[k].has_raw) check_column(x, method, &c);
  }
  if (method == METHOD_SPGIST && i->n_parts != 1)
    index_error(x, i, "SpGist does not support multi-column indices.");
}

/* --- everything else --- */

static Span name_span(const IndexInfo *i) {
  const Argument *map = argument_find(&i->attr->args, "map"), *name = argument_find(&i->attr->args, "name");
  return map ? map->span : name ? name->span : i->attr->span;
}

static void check_names(Rules *x, const IndexInfo *i) {
  const ModelInfo *m = i->model;
  rules_constraint_name(x, m, i->constraint, false, index_sign(i), i->attr->name, name_span(i));
  if (i->kind == INDEX_UNIQUE && i->n_parts > 1) {
    Slice joined = index_key(x->r->arena, i);
    const FieldInfo *f = model_find(m, joined);
    if (f && !f->is_relation)
      error_model(x->r, model_word(m), m, i->attr->span,
                  "The field `%.*s` clashes with the `@@unique` name. Please resolve the conflict by "
                  "providing a custom "
                  "id name: `@@unique([...], name: \"custom_name\")`",
                  SLICE_ARGS(joined));
  }
  const Count *c = i->name.n ? map_get(&x->models[m->model->index].client, i->name) : NULL;
  if (c && c->n > 1)
    error_attribute(
        x->r, index_sign(i), i->attr->name, argument_span(i->attr, "name"),
        "The given custom name `%.*s` has to be unique on the model. Please provide a different name for "
        "the `name` argument.",
        SLICE_ARGS(i->name));
}

static bool any_part(const IndexInfo *i, bool (*is)(const IndexPart *)) {
  for (uint32_t k = 0; k < i->n_parts; k++)
    if (is(&i->parts[k])) return true;
  return false;
}

static bool part_has_length(const IndexPart *p) { return p->has_length; }
static bool part_has_sort(const IndexPart *p) { return p->has_sort; }
static bool part_has_ops(const IndexPart *p) { return p->ops || p->has_raw; }
static bool part_has_any(const IndexPart *p) { return p->has_length || p->has_sort || part_has_ops(p); }

void rules_index(Rules *x, IndexInfo *i) {
  if (!i->n_parts)
    index_error(x, i, "The list of fields in an index cannot be empty. Please specify at least one field.");
  check_names(x, i);
  if (any_part(i, part_has_length))
    index_error(x, i,
                "The length argument is not supported in an index definition with the current connector");
  if (!x->r->datasource && i->has_method && i->method != METHOD_BTREE)
    error_attribute(x->r, index_sign(i), i->attr->name, argument_span(i->attr, "type"),
                    "The given index type is not supported with the current connector");
  if (x->r->datasource && i->has_method && i->method == METHOD_HASH && any_part(i, part_has_sort))
    index_error(x, i, "Hash type does not support sort option.");
  if (i->kind == INDEX_FULLTEXT)
    index_error(x, i, "Defining fulltext indexes is not supported with the current connector.");
  rules_name_length(x, i->model, i->map, index_sign(i), i->attr);
  if (i->has_clustered) index_error(x, i, "Defining clustering is not supported in the current connector.");
  if (i->kind != INDEX_NORMAL && any_part(i, part_has_ops))
    index_error(x, i, "Operator classes can only be defined to fields in an @@index attribute.");
  if (i->where) rules_index_where(x, i);
}

void rules_view_index(Rules *x, IndexInfo *i) {
  if (i->kind != INDEX_UNIQUE) error_at(x->r, i->attr->span, "Views cannot have indexes.");
  if (i->map.n)
    error_at(x->r, i->attr->span,
             "@@unique annotations on views are not backed by unique indexes in the database and cannot "
             "specify a mapped "
             "database name.");
  if (any_part(i, part_has_any))
    index_error(x, i, "Scalar fields in @@unique attributes in views cannot have arguments.");
}
