#include "psl/tables.h"

#include <strings.h>

static const struct {
  Slice name;
  TypeId type;
} scalars[] = {
    /* indexed by ScalarType */
    {SLICE_INIT("String"), TYPE_TEXT},        {SLICE_INIT("Boolean"), TYPE_BOOL},
    {SLICE_INIT("Int"), TYPE_INT4},           {SLICE_INIT("BigInt"), TYPE_INT8},
    {SLICE_INIT("Float"), TYPE_FLOAT8},       {SLICE_INIT("Decimal"), TYPE_NUMERIC},
    {SLICE_INIT("DateTime"), TYPE_TIMESTAMP}, {SLICE_INIT("Json"), TYPE_JSONB},
    {SLICE_INIT("Bytes"), TYPE_BYTEA},
};

static const NativeEntry natives[] = {
#define NATIVE(id, scalar, type, args) {NATIVE_##id, SLICE_INIT(#id), SCALAR_##scalar, TYPE_##type, args},
#include "psl/natives.def"
#undef NATIVE
};

static const Slice methods[METHOD_COUNT] = {SLICE_INIT("BTree"), SLICE_INIT("Hash"),   SLICE_INIT("Gist"),
                                            SLICE_INIT("Gin"),   SLICE_INIT("SpGist"), SLICE_INIT("Brin")};

enum { /* the columns of opclasses.def */
  OPS_INET = 1u << METHOD_GIST | 1u << METHOD_SPGIST,
  OPS_GIN = 1u << METHOD_GIN,
  OPS_SPGIST = 1u << METHOD_SPGIST,
  OPS_BRIN = 1u << METHOD_BRIN,
  SCALAR_NO = -1
};

static const OpClassEntry opclasses[] = {
#define OPS(name, methods, a, b, c, scalar) \
  {SLICE_INIT(#name), OPS_##methods, {NATIVE_##a, NATIVE_##b, NATIVE_##c}, SCALAR_##scalar},
#include "psl/opclasses.def"
#undef OPS
};

static const FeatureEntry features[] = {
#define FEATURE(id, name, state) {SLICE_INIT(name), FEATURE_##state},
#include "psl/features.def"
#undef FEATURE
};

/* Words that generated clients of other languages cannot have as a type's name. */
static const char *const reserved[] = {
    "PrismaClient", "break",  "case",     "catch", "class",      "const",   "continue",  "debugger",
    "default",      "delete", "do",       "else",  "enum",       "export",  "extends",   "false",
    "finally",      "for",    "function", "if",    "implements", "import",  "in",        "instanceof",
    "interface",    "let",    "new",      "null",  "package",    "private", "protected", "public",
    "return",       "super",  "switch",   "this",  "throw",      "true",    "try",       "typeof",
    "using",        "var",    "void",     "while", "with",       "yield",
};

static bool same_any_case(Slice a, Slice b) { return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0; }

const char *scalar_name(ScalarType s) { return scalars[s].name.p; }

TypeId scalar_type(ScalarType s) { return scalars[s].type; }

int scalar_find(Slice name, bool any_case) {
  for (size_t i = 0; i < COUNT(scalars); i++)
    if (slice_eq(name, scalars[i].name) || (any_case && same_any_case(name, scalars[i].name))) return (int)i;
  return -1;
}

const NativeEntry *native_find(Slice name) {
  for (size_t i = 0; i < COUNT(natives); i++)
    if (slice_eq(name, natives[i].name)) return &natives[i];
  return NULL;
}

const NativeEntry *native_at(uint32_t i) { return i < COUNT(natives) ? &natives[i] : NULL; }

const OpClassEntry *opclass_find(Slice name) {
  for (size_t i = 0; i < COUNT(opclasses); i++)
    if (slice_eq(name, opclasses[i].name)) return &opclasses[i];
  return NULL;
}

const OpClassEntry *opclass_at(uint32_t i) { return i < COUNT(opclasses) ? &opclasses[i] : NULL; }

int method_find(Slice name) {
  for (int i = 0; i < METHOD_COUNT; i++)
    if (slice_eq(name, methods[i])) return i;
  return -1;
}

const char *method_name(Method m) { return methods[m].p; }

int feature_find(Slice name) {
  for (int i = 0; i < FEATURE_COUNT; i++)
    if (same_any_case(name, features[i].name)) return i;
  return -1;
}

const FeatureEntry *feature_entry(Feature f) { return &features[f]; }

bool name_is_reserved(Slice name) {
  for (size_t i = 0; i < COUNT(reserved); i++)
    if (slice_is(name, reserved[i])) return true;
  return false;
}
