/* The rules that need more than one attribute. Private to psl: validate.c decides the order (Prisma's, so
 * that diagnostics come in the order its users know), each file has the rules of one noun. */
#ifndef PSL_VALIDATE_H
#define PSL_VALIDATE_H

#include "psl/resolve.h"

typedef struct ModelNames { /* what names are given how often in one model */
  Map constraints;          /* keys, indexes and foreign keys; value: Count * */
  Map client;               /* name: of keys and uniques; value: Count * */
  Map uniques;              /* name: of uniques */
} ModelNames;

typedef struct Count {
  uint32_t n;
} Count;

typedef struct Rules {
  Resolver *r;
  Map constraints;    /* keys and indexes of the whole schema, "schema.name" -> Count * */
  ModelNames *models; /* by Model.index */
} Rules;

void rules_model(Rules *x, ModelInfo *m);
void rules_view(Rules *x, ModelInfo *m);
void rules_table_names(Rules *x); /* two models, one table */
void rules_scalar_field(Rules *x, FieldInfo *f);
void rules_composite_field(Rules *x, FieldInfo *f);
bool rules_relation_field(Rules *x, FieldInfo *f); /* false: ambiguous, nothing more can be said */
void rules_index(Rules *x, IndexInfo *i);
void rules_view_index(Rules *x, IndexInfo *i);
void rules_index_types(Rules *x, IndexInfo *i); /* methods, operator classes, column types */
bool rules_index_where(Rules *x, const IndexInfo *i);
void rules_relation(Rules *x, RelationInfo *rel);
void rules_cycles(Rules *x, RelationInfo *rel); /* of referential actions */

/* The names of `i` or a foreign key against the schema's and the model's: reports clashes. */
void rules_constraint_name(Rules *x, const ModelInfo *m, Slice name, bool foreign_key, const char *sign,
                           Slice word, Span span);
void rules_name_length(Rules *x, const ModelInfo *m, Slice name, const char *sign, const Attribute *attr);
Span argument_span(const Attribute *attr, const char *name); /* of the attribute when it is not there */

Slice index_where(Resolver *r, const IndexInfo *i); /* the condition's SQL, or empty */
ReferentialAction relation_on_delete(const RelationInfo *rel);
ReferentialAction relation_on_update(const RelationInfo *rel);

#endif
