/* The attributes that have much to say, each in the file of its noun. Private to psl: attributes.c calls
 * them with the attribute's arguments open; they report errors and fill the records of resolve.h. */
#ifndef PSL_ATTRIBUTES_H
#define PSL_ATTRIBUTES_H

#include "psl/visit.h"

/* attr_relation.c */
void attribute_relation(ArgSet *a, FieldInfo *f); /* @relation */

/* attr_index.c */
void attribute_id(ArgSet *a, FieldInfo *f);          /* @id */
void attribute_unique(ArgSet *a, FieldInfo *f);      /* @unique */
void attribute_block_id(ArgSet *a, ModelInfo *m);    /* @@id */
void attribute_indexes(AttrSet *s, ModelInfo *m);    /* @@index, @@unique, @@fulltext */
void attribute_shard_field(ArgSet *a, FieldInfo *f); /* @shardKey */
void attribute_shard_key(ArgSet *a, ModelInfo *m);   /* @@shardKey */

/* attr_default.c */
void attribute_default(ArgSet *a, FieldInfo *f); /* @default */
void attribute_composite_default(ArgSet *a, FieldInfo *f);

/* attr_fields.c: lists of fields. What could not be resolved is handed back by kind; false: the list
 * is no list of fields and was reported. */
typedef struct Unresolved {
  Slice *unknown; /* as messages name them */
  uint32_t n_unknown;
  FieldInfo **relations;
  uint32_t n_relations;
} Unresolved;

bool fields_plain(Resolver *r, const Expr *e, ModelInfo *m, Span attr, FieldList *out, Unresolved *bad);
bool fields_indexed(Resolver *r, const Expr *e, ModelInfo *m, Span attr, bool composites, IndexPart **parts,
                    uint32_t *n, Unresolved *bad);
/* "field `a`" or "fields `a`, `b`" */
Slice fields_words(Arena *a, const Slice *words, uint32_t n);

#endif
