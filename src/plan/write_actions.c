/* Referential actions, as the database would do them: with relationMode = "prisma" there are no foreign keys,
 * so each change of referenced columns is preceded by what happens to the rows that point there. */
#include "base/vec.h"
#include "plan/write.h"

enum {
  MAX_DEPTH = 12 /* the schema's check of cycles keeps real chains shorter */
};

/* The rows that point to the scope's rows. */
static Scope pointing(Builder *b, const Relation *r, const Scope *s) {
  Scope children = scope_new(b, r->side[0].model);
  children.where =
      expr_in(b, children.alias, r->fields, r->n_fields, scope_select(b, s, r->references, r->n_fields));
  return children;
}

static bool set_null(Builder *b, const Path *at, const Relation *r, const Scope *children, int depth) {
  Set *sets = NULL;
  uint32_t n = 0;
  for (uint32_t i = 0; i < r->n_fields; i++) set_add(b, &sets, &n, r->fields[i], expr_new(b, EXPR_NULL));
  if (!actions_on_update(b, at, children, sets, n, depth + 1)) return false;
  (void)row_hide(b, children, sets, n);
  return true;
}

static void restrict_rows(Builder *b, const Relation *r, const Scope *children) {
  const Field *f = r->side[0].field ? r->side[0].field : r->side[1].field;
  row_check(b, row_select(b, children), check_required(b, f));
}

static bool on_delete(Builder *b, const Path *at, const Relation *r, const Scope *s, int depth) {
  Scope children = pointing(b, r, s);
  switch (r->real_on_delete) {
    case ACTION_CASCADE:
      if (!actions_on_delete(b, at, &children, depth + 1)) return false;
      (void)row_delete(b, &children);
      return true;
    case ACTION_SET_NULL: return set_null(b, at, r, &children, depth);
    case ACTION_RESTRICT: restrict_rows(b, r, &children); return true;
    default: return true;
  }
}

/* The join table's rows of the scope's rows, on either side of a relation. */
static void unjoin(Builder *b, const Relation *r, uint8_t side, const Scope *s) {
  const Field *f = r->side[side].field;
  Field **here, **there;
  if (!f) return;
  relation_keys(b, f, &here, &there);
  Query *q = ARENA_NEW(b->scratch, Query);
  *q = (Query){
      .kind = STATEMENT_DELETE, .schema = r->table_schema, .table = r->table, .alias = b->next_alias++};
  Expr *id = expr_named(b, q->alias, relation_column(f, false));
  q->where = expr_list(b, EXPR_IN_SELECT, 1, &id);
  q->where->select = scope_select(b, s, here, 1);
  (void)b_step(b, q);
}

bool actions_on_delete(Builder *b, const Path *at, const Scope *s, int depth) {
  const Schema *schema = b->config->schema;
  if (!schema->relation_mode_prisma) return true;
  if (depth > MAX_DEPTH) return b_error(b, at, "The referential actions are nested too deep.");
  for (uint32_t i = 0; i < schema->n_relations; i++) {
    const Relation *r = &schema->relations[i];
    if (r->kind == RELATION_MANY_TO_MANY) {
      for (uint8_t side = 0; side < 2; side++)
        if (r->side[side].model == s->model) unjoin(b, r, side, s);
    } else if (r->side[1].model == s->model && !on_delete(b, at, r, s, depth)) {
      return false;
    }
  }
  return true;
}

/* ---- updates ---- */

static const Set *set_of(const Set *sets, uint32_t n, const Field *f) {
  for (uint32_t i = 0; i < n; i++)
    if (slice_eq(sets[i].name, f->db_name)) return &sets[i];
  return NULL;
}

static bool touches(const Relation *r, const Set *sets, uint32_t n) {
  for (uint32_t i = 0; i < r->n_fields; i++)
    if (set_of(sets, n, r->references[i])) return true;
  return false;
}

/* Rows whose reference really changes. */
static Scope changed(Builder *b, const Relation *r, const Scope *s, const Set *sets, uint32_t n) {
  Scope c = *s;
  Expr *differs = NULL;
  for (uint32_t i = 0; i < r->n_fields; i++) {
    const Set *set = set_of(sets, n, r->references[i]);
    if (set)
      differs = expr_or(b, differs,
                        expr_op(b, OP_DISTINCT_FROM, expr_column(b, s->alias, r->references[i]), set->expr));
  }
  c.where = expr_and(b, c.where, differs);
  return c;
}

/* UPDATE children SET key = new value FROM the parents WHERE key = old value */
static bool cascade(Builder *b, const Path *at, const Relation *r, const Scope *s, const Set *sets,
                    uint32_t n, int depth) {
  Scope children = pointing(b, r, s);
  Set *keys = NULL;
  uint32_t n_keys = 0;
  for (uint32_t i = 0; i < r->n_fields; i++) {
    const Set *set = set_of(sets, n, r->references[i]);
    if (!set) continue;
    if (set->expr->kind != EXPR_PARAM && set->expr->kind != EXPR_NULL)
      return b_error(b, at, "A referenced field takes only plain values with relationMode = \"prisma\".");
    set_add(b, &keys, &n_keys, r->fields[i], set->expr);
  }
  if (!actions_on_update(b, at, &children, keys, n_keys, depth + 1)) return false;
  (void)row_hide(b, &children, keys, n_keys);
  return true;
}

bool actions_on_update(Builder *b, const Path *at, const Scope *s, const Set *sets, uint32_t n, int depth) {
  const Schema *schema = b->config->schema;
  if (!schema->relation_mode_prisma) return true;
  if (depth > MAX_DEPTH) return b_error(b, at, "The referential actions are nested too deep.");
  for (uint32_t i = 0; i < schema->n_relations; i++) {
    const Relation *r = &schema->relations[i];
    if (r->kind == RELATION_MANY_TO_MANY || r->side[1].model != s->model || !touches(r, sets, n)) continue;
    Scope parents = changed(b, r, s, sets, n), children = pointing(b, r, &parents);
    switch (r->real_on_update) {
      case ACTION_CASCADE:
        if (!cascade(b, at, r, &parents, sets, n, depth)) return false;
        break;
      case ACTION_SET_NULL:
        if (!set_null(b, at, r, &children, depth)) return false;
        break;
      case ACTION_RESTRICT: restrict_rows(b, r, &children); break;
      default: break;
    }
  }
  return true;
}
