#include "plan/build.h"

/* Implicit many-to-many relations join by the models' single-field id, or else a single unique field. */
static Field *id_field(const Model *m) {
  if (m->primary && m->primary->n_fields == 1) return m->primary->fields[0].field;
  for (uint32_t i = 0; i < m->n_indexes; i++)
    if (m->indexes[i].kind == INDEX_UNIQUE && m->indexes[i].n_fields == 1)
      return m->indexes[i].fields[0].field;
  return m->primary ? m->primary->fields[0].field : m->columns[0];
}

static Field **one(Builder *b, Field *f) { return arena_copy(b->scratch, &f, sizeof(Field *)); }

uint32_t relation_keys(Builder *b, const Field *f, Field ***here, Field ***there) {
  const Relation *r = f->relation;
  if (r->kind == RELATION_MANY_TO_MANY) {
    *here = one(b, id_field(f->model));
    *there = one(b, id_field(field_target(f)));
    return 1;
  }
  *here = f->side == 0 ? r->fields : r->references;
  *there = f->side == 0 ? r->references : r->fields;
  return r->n_fields;
}

Slice relation_column(const Field *f, bool there) { return (f->side ^ there) ? SLICE("B") : SLICE("A"); }

static Expr *match_keys(Builder *b, const Field *f, uint32_t parent, uint32_t child) {
  Field **here, **there;
  uint32_t n = relation_keys(b, f, &here, &there);
  Expr *match = NULL;
  for (uint32_t i = 0; i < n; i++)
    match = expr_and(b, match,
                     expr_op(b, OP_EQ, expr_column(b, child, there[i]), expr_column(b, parent, here[i])));
  return match;
}

From *relation_join_table(Builder *b, const Field *f, uint32_t child) {
  Field **here, **there;
  relation_keys(b, f, &here, &there);
  From *join = from_table(b, f->relation->table_schema, f->relation->table);
  join->join = JOIN_INNER;
  join->on = expr_op(b, OP_EQ, expr_named(b, join->alias, relation_column(f, true)),
                     expr_column(b, child, there[0]));
  return join;
}

Expr *relation_match(Builder *b, const Field *f, uint32_t parent, From **from) {
  *from = from_model(b, field_target(f));
  if (f->relation->kind != RELATION_MANY_TO_MANY) return match_keys(b, f, parent, (*from)->alias);
  Field **here, **there;
  relation_keys(b, f, &here, &there);
  From *join = relation_join_table(b, f, (*from)->alias);
  from_append(*from, join);
  return expr_op(b, OP_EQ, expr_named(b, join->alias, relation_column(f, false)),
                 expr_column(b, parent, here[0]));
}
