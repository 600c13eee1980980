/* What the language enumerates: scalars, native types, operator classes, preview features, reserved
 * names. Constant tables, each entry in one place. */
#ifndef PSL_TABLES_H
#define PSL_TABLES_H

#include "psl/schema.h"

typedef enum NativeId {
#define NATIVE(id, scalar, type, args) NATIVE_##id,
#include "psl/natives.def"
#undef NATIVE
  NATIVE_COUNT
} NativeId;

typedef struct NativeEntry { /* a type behind @db. */
  NativeId id;
  Slice name;
  ScalarType scalar; /* the one scalar it may stand on */
  TypeId type;
  uint32_t max_args; /* all optional */
} NativeEntry;

typedef enum Method {
  METHOD_BTREE,
  METHOD_HASH,
  METHOD_GIST,
  METHOD_GIN,
  METHOD_SPGIST,
  METHOD_BRIN,
  METHOD_COUNT
} Method;

typedef struct OpClassEntry { /* an operator class that may stand in ops: */
  Slice name;
  uint32_t methods;    /* 1 << Method */
  NativeId natives[3]; /* the native types it works on, NATIVE_COUNT = none */
  int scalar;          /* the scalar that it works on without a native type, -1 = needs one */
} OpClassEntry;

typedef enum Feature {
#define FEATURE(id, name, state) FEATURE_##id,
#include "psl/features.def"
#undef FEATURE
  FEATURE_COUNT
} Feature;

typedef enum FeatureState {
  FEATURE_ACTIVE,     /* may be switched on */
  FEATURE_LEAVING,    /* the same, with a warning that it will go */
  FEATURE_HIDDEN,     /* the same, but not among those that messages list */
  FEATURE_DEPRECATED, /* part of the language by now: accepted with a warning */
  FEATURE_RENAMED     /* fullTextSearch */
} FeatureState;

typedef struct FeatureEntry {
  Slice name;
  FeatureState state;
} FeatureEntry;

const char *scalar_name(ScalarType s);
int scalar_find(Slice name, bool any_case); /* -1: no scalar */
TypeId scalar_type(ScalarType s);           /* the column type without @db */

const NativeEntry *native_find(Slice name); /* NULL: unknown */
const NativeEntry *native_at(uint32_t i);   /* NULL behind the last */
const OpClassEntry *opclass_find(Slice name);
const OpClassEntry *opclass_at(uint32_t i); /* NULL behind the last */
int method_find(Slice name);                /* -1: unknown */
const char *method_name(Method m);
int feature_find(Slice name); /* any case; -1: unknown */
const FeatureEntry *feature_entry(Feature f);
bool name_is_reserved(Slice name);

#endif
