/* The workshop between tree and schema. Private to psl: schema_load runs the passes in this order and hands
 * out the Schema. The passes up to config say all they can; constraints and what follows run only when there
 * was no error (rules about what could not be resolved would only echo), build only when there still is none.
 *
 *   names -> types -> attributes -> relations -> config -> constraints -> validate -> build
 *
 * Each pass fills its own members of the records below and reads those of the passes before it. All
 * records live in the schema's arena and point to the tree; FieldInfo.field and so on are the public
 * records in the making. */
#ifndef PSL_RESOLVE_H
#define PSL_RESOLVE_H

#include <stdarg.h>

#include "psl/ast.h"
#include "psl/tables.h"

typedef struct FieldInfo FieldInfo;
typedef struct ModelInfo ModelInfo;
typedef struct IndexInfo IndexInfo;
typedef struct TypeInfo TypeInfo;
typedef struct RelationInfo RelationInfo;

typedef struct FieldList { /* the value of fields: or references: */
  bool given;              /* it was written, though perhaps wrong or empty */
  FieldInfo **items;
  uint32_t n;
} FieldList;

typedef struct ActionArg { /* onDelete:, onUpdate: */
  ReferentialAction action;
  Span span; /* of the value */
} ActionArg;

struct FieldInfo {
  const AstField *ast;
  ModelInfo *model;    /* NULL for a composite type's */
  Field *field;        /* names and types fill kind, arity, scalar; for composite types' fields too */
  TypeInfo *composite; /* its type, when that is a composite type (kind is UNSUPPORTED then) */
  Slice mapped;        /* @map, or empty */
  bool is_relation;
  bool unresolved; /* its type is nobody's: neither a scalar nor a relation */

  /* scalars */
  const Attribute *default_attr;
  const Expr *default_value; /* NULL when there is none or it was refused */
  const Expr *unknown_function;
  Slice default_map;
  const Attribute *native_attr; /* @db.X */
  Slice native_scope, native_name;
  const NativeEntry *native; /* NULL also when the arguments do not fit */

  /* relations */
  ModelInfo *target;
  const Attribute *relation_attr;
  FieldList fields, references;
  Slice relation_name; /* as written, or empty */
  Slice fk_map;
  ActionArg on_delete, on_update;
  RelationInfo *relation;
};

typedef struct IndexPart {
  FieldInfo *root; /* the model's field */
  FieldInfo *leaf; /* the same, or a field inside of it */
  Slice path;      /* as written: "a" or "a.b" */
  bool has_sort, desc, has_length;
  int length;
  const OpClassEntry *ops; /* NULL: none, or raw */
  bool has_raw;
  Slice raw;
} IndexPart;

struct IndexInfo {
  IndexKind kind;
  ModelInfo *model;
  const Attribute *attr;
  FieldInfo *source; /* the field that @id or @unique stands on */
  IndexPart *parts;
  uint32_t n_parts;
  Slice name, map;
  Slice constraint; /* map, or the derived name; filled by the constraints pass */
  Method method;
  bool has_method, has_clustered;
  const Expr *where; /* of a partial index */
};

typedef struct FieldGroup { /* relation fields of one model that go to the same model by the same name */
  FieldInfo **items;
  uint32_t n;
} FieldGroup;

struct ModelInfo {
  const AstBlock *ast;
  Model *model;
  FieldInfo *fields;
  uint32_t n_fields;
  IndexInfo *id;
  IndexInfo **indexes; /* all but the id: fields' attributes, then @@index, @@unique, @@fulltext */
  uint32_t n_indexes;
  bool ignored, has_schema, has_map;
  Span schema_span;
  Map names;           /* field name -> FieldInfo * */
  Map mapped;          /* @map name -> FieldInfo * */
  Map related;         /* relation_key -> FieldGroup *, by the names as written */
  Map titled;          /* the same, by the names with the derived ones */
  RelationInfo **keys; /* relations whose forward field stands here, with both sides */
  uint32_t n_keys;
  const Attribute *shard_key;
  FieldInfo *shard_field; /* that @shardKey stands on */
  uint32_t n_shard_fields;
};

struct TypeInfo {
  const AstBlock *ast;
  FieldInfo *fields;
  uint32_t n_fields;
  Map names, mapped;
};

typedef struct EnumInfo {
  const AstBlock *ast;
  Enum *enum_;
  bool has_schema;
  Span schema_span;
} EnumInfo;

typedef enum RelationShape {
  SHAPE_ONE_TO_ONE,
  SHAPE_ONE_TO_MANY,
  SHAPE_MANY_TO_MANY,
  SHAPE_EMBEDDED /* fields: on one side of an m-n: MongoDB's, never valid here */
} RelationShape;

struct RelationInfo {
  uint32_t index; /* in Resolver.relations */
  RelationShape shape;
  ModelInfo *a, *b;          /* a refers to b; or side A and B */
  FieldInfo *forward, *back; /* a's field, b's field; one may be NULL */
  Slice name;                /* as written or derived */
  Slice constraint;
};

typedef struct DatasourceInfo {
  const AstBlock *ast;
  Slice provider; /* as written: "postgresql" or "postgres" */
  bool prisma_mode;
  bool has_schemas;
  bool has_extensions;
  Span extensions_span;
  const Expr *const *extensions;
  uint32_t n_extensions;
} DatasourceInfo;

typedef enum TopKind {
  TOP_NONE,
  TOP_MODEL,
  TOP_TYPE,
  TOP_ENUM
} TopKind;

typedef struct Top { /* what a type's name stands for */
  const AstBlock *ast;
  TopKind kind;
  void *info; /* ModelInfo, TypeInfo or EnumInfo */
} Top;

typedef struct Resolver {
  Arena *arena;
  Diags *d;
  Schema *schema;
  Ast ast;
  ModelInfo *models; /* models and views */
  TypeInfo *types;
  EnumInfo *enums;
  RelationInfo **relations;
  uint32_t n_models, n_types, n_enums, n_relations;
  Top *block_tops;            /* of each block of the tree */
  Map tops;                   /* name -> Top *: the last one of that name */
  DatasourceInfo *datasource; /* NULL when there is none that is valid: a database without rules */
  uint64_t features;          /* preview features: 1 << Feature; known from config on */
  bool partial_indexes;       /* the one that attributes must know of */
} Resolver;

/* Parse and run the first four passes, as far as they get; the diagnostics say whether that is enough. Call
 * it in the arena's protection. */
void resolver_open(Resolver *r, Arena *a, const Source *sources, uint32_t n, Diags *d);

void pass_names(Resolver *r);
void pass_types(Resolver *r);
void pass_attributes(Resolver *r);
void pass_relations(Resolver *r);
void pass_config(Resolver *r);
void pass_constraints(Resolver *r);
void pass_validate(Resolver *r);
void pass_build(Resolver *r);

/* Whether some generator's previewFeatures have it: for who cannot wait for config. */
bool generators_mention(const Ast *ast, Feature f);
static inline bool resolver_has(const Resolver *r, Feature f) { return r->features >> f & 1; }

/* "model" or "view". */
static inline const char *model_word(const ModelInfo *m) { return block_keyword(m->ast->kind); }
static inline bool model_is_view(const ModelInfo *m) { return m->ast->kind == BLOCK_VIEW; }

/* Errors in the frames that Prisma puts around them; `format` is what stands behind the colon. */
void error_at(Resolver *r, Span span, const char *format, ...) PRINTF(3, 4); /* "Error validating: …" */
void error_attribute(Resolver *r, const char *sign, Slice name, Span span, const char *format, ...)
    PRINTF(5, 6); /* "Error parsing attribute "@id": …" */
void error_model(Resolver *r, const char *word, const ModelInfo *m, Span span, const char *format, ...)
    PRINTF(5, 6); /* "Error validating model "M": …" */
void error_field(Resolver *r, const FieldInfo *f, const char *format, ...) PRINTF(3, 4); /* at the field */
Slice text_format(Arena *a, const char *format, va_list args); /* NUL-terminated, in `a` */

/* Lists in messages: each name in `quote`s, `between` between them. */
Slice words_join(Arena *a, const Slice *words, uint32_t n, const char *quote, const char *between);
Slice names_join(Arena *a, FieldInfo *const *fields, uint32_t n, const char *quote, const char *between);
Slice index_names(Arena *a, const IndexInfo *i, const char *between); /* unquoted, of the leaves */
Slice index_key(Arena *a, const IndexInfo *i);                        /* all steps, joined by _ */
bool index_is_strict(const IndexInfo *i);                             /* of required fields only */
const char *index_sign(const IndexInfo *i); /* "@" when it stands on a field, "@@" on the block */
void error_unknown_function(Resolver *r, const Expr *call); /* in @default() */
Slice relation_name(Arena *a, const FieldInfo *f);          /* as written or derived: "PostToUser" */
Slice relation_key(Arena *a, const ModelInfo *target, Slice name);
const char *referential_name(ReferentialAction a);
/* "did you mean `x`?" under the error at `span`, when a candidate is near enough; before: what goes before it
 */
void hint_nearest(Resolver *r, Span span, Slice word, const Slice *candidates, uint32_t n,
                  const char *before);
FieldInfo *model_find(const ModelInfo *m, Slice name); /* NULL: no such field */
/* The first key or unique of the model that identifies every record; NULL: there is none. */
const IndexInfo *model_criterion(const ModelInfo *m);

#endif
