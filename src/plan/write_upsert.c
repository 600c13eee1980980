/* upsert: one INSERT ... ON CONFLICT where that is the same thing, else look and branch. */
#include "base/vec.h"
#include "plan/write.h"

static bool has_relations(const Model *m, const Arg *data) {
  for (uint32_t i = 0; data->kind == ARG_MAP && i < data->n; i++) {
    const Field *f = model_field(m, data->u.pairs[i].key);
    if (!f || f->kind == FIELD_RELATION) return true;
  }
  return false;
}

/* `where` is one unique key, and `create` says the same values. */
static const Index *native_key(Builder *b, const Arg *where, const Arg *create) {
  if (where->kind != ARG_MAP || where->n != 1) return NULL;
  const ArgPair *pair = &where->u.pairs[0];
  const Index *key = model_unique(b->model, pair->key);
  if (!key || key->where.n) return NULL;
  if (key->n_fields > 1 && (b_class(b, &pair->value) != ARG_MAP)) return NULL;
  if (key->n_fields > 1) b_expand(b, &pair->value);
  for (uint32_t i = 0; i < key->n_fields; i++) {
    Slice name = key->fields[i].field->name;
    const Arg *asked = key->n_fields == 1 ? &pair->value : arg_get(&pair->value, name),
              *made = arg_get(create, name);
    if (!asked || !made || b_is_table(asked) || b_is_null(b, asked) || !b_same(b, asked, made)) return NULL;
  }
  return key;
}

static bool find_native(Builder *b, const Path *root, const Arg *where, const Arg *create, const Arg *update,
                        const Index **key) {
  Selection s = {b->model, b->args, root, NULL};
  bool scalars;
  *key = NULL;
  if (!selection_scalar_only(b, &s, &scalars)) return false;
  if (!scalars || has_relations(b->model, create) || has_relations(b->model, update)) return true;
  if (b->config->schema->relation_mode_prisma) return true;
  *key = native_key(b, where, create);
  return true;
}

typedef struct Upsert {
  const Path *root;
  Path where_at, create_at, update_at;
  const Arg *where, *create, *update;
} Upsert;

static bool upsert_native(Builder *b, const Upsert *x, const Index *key) {
  Row *row;
  Data d;
  if (!create_row(b, &x->create_at, b->model, x->create, NULL, &row)) return false;
  Query *q = row->from[0].query;
  if (!data_read(b, &x->update_at, b->model, DATA_UPDATE, NULL, x->update, &d)) return false;
  if (!data_sets(b, &d, q->alias, &q->sets, &q->n_sets)) return false;
  const Field *first = key->fields[0].field;
  if (!q->n_sets) set_add(b, &q->sets, &q->n_sets, first, expr_column(b, q->alias, first));
  q->conflict = CONFLICT_UPDATE;
  for (uint32_t i = 0; i < key->n_fields; i++)
    *VEC_PUSH(b->scratch, q->conflict_columns, q->n_conflict_columns) = key->fields[i].field->db_name;
  conflict_visible(b, q, key, NULL);
  return result_row(b, x->root, row, true);
}

static bool upsert_by_branches(Builder *b, const Upsert *x) {
  Row *updated, *made;
  Scope s = scope_new(b, b->model);
  if (!scope_narrow(b, &s, &x->where_at, x->where, true)) return false;
  Row *found = row_select(b, &s);
  Guard before = guard_enter(b, GUARD_ROWS, found);
  Scope that = row_visible(b, found);
  if (!update_row(b, &x->update_at, &that, x->update, NULL, NULL, &updated)) return false;
  guard_enter(b, GUARD_NO_ROWS, found);
  if (!create_row(b, &x->create_at, b->model, x->create, NULL, &made) || !later_run(b)) return false;
  guard_leave(b, before);
  return result_row(b, x->root, row_either(b, updated, made), false);
}

bool write_upsert(Builder *b) {
  static const Slice names[] = {{"where", 5},
                                {"create", 6},
                                {"update", 6},
                                {"select", 6},
                                {"include", 7},
                                {"omit", 4},
                                {"relationLoadStrategy", 20}};
  const Path *root = path_keep(b, (Path){0});
  Upsert x = {.root = root,
              .where_at = path_key(root, names[0]),
              .create_at = path_key(root, names[1]),
              .update_at = path_key(root, names[2]),
              .where = b_get(b->args, "where"),
              .create = b_get(b->args, "create"),
              .update = b_get(b->args, "update")};
  const Index *key;
  if (!b_only(b, root, "argument", b->args, names, COUNT(names)) || !read_strategy(b, root)) return false;
  if (!x.where) return b_error(b, &x.where_at, "Argument `where` is missing.");
  if (!x.create) return b_error(b, &x.create_at, "Argument `create` is missing.");
  if (!x.update) return b_error(b, &x.update_at, "Argument `update` is missing.");
  if (!b_map(b, &x.where_at, x.where) || !b_map(b, &x.create_at, x.create) ||
      !b_map(b, &x.update_at, x.update))
    return false;
  if (!find_native(b, root, x.where, x.create, x.update, &key)) return false;
  return key ? upsert_native(b, &x, key) : upsert_by_branches(b, &x);
}
