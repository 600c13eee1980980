/* The resolved schema: what the schema language says, checked and linked. Immutable once loaded, all of
 * it in one arena, shared by plan, migrate, runtime and cli. One of the two headers of vocabulary.
 *
 *   Arena *a = arena_new(0);
 *   Diags d;
 *   Schema *s = schema_load(a, sources, n, &d);  NULL if any diagnostic is an error; never raises
 *
 * Order of everything is the order of the source (files in the order given). All names are Slices into the
 * sources or the arena; all of them are NUL-terminated copies where marked (z). */
#ifndef PSL_SCHEMA_H
#define PSL_SCHEMA_H

#include "base/map.h"
#include "base/source.h"
#include "base/value.h"

typedef struct Model Model;
typedef struct Field Field;
typedef struct Enum Enum;
typedef struct Relation Relation;

typedef enum ScalarType {
  SCALAR_STRING,
  SCALAR_BOOLEAN,
  SCALAR_INT,
  SCALAR_BIGINT,
  SCALAR_FLOAT,
  SCALAR_DECIMAL,
  SCALAR_DATETIME,
  SCALAR_JSON,
  SCALAR_BYTES
} ScalarType;

typedef enum FieldKind {
  FIELD_SCALAR,
  FIELD_ENUM,
  FIELD_RELATION,
  FIELD_UNSUPPORTED
} FieldKind;
typedef enum Arity {
  ARITY_REQUIRED,
  ARITY_OPTIONAL,
  ARITY_LIST
} Arity;

typedef enum DefaultKind {
  DEFAULT_NONE,
  DEFAULT_LITERAL, /* value: text of the literal, unescaped; an enum value's name */
  DEFAULT_LIST,    /* items */
  DEFAULT_AUTOINCREMENT,
  DEFAULT_NOW,
  DEFAULT_UUID,
  DEFAULT_CUID,
  DEFAULT_NANOID,
  DEFAULT_ULID,
  DEFAULT_DBGENERATED, /* value: the SQL text, empty for dbgenerated() */
  DEFAULT_SEQUENCE
} DefaultKind;

typedef struct Default {
  DefaultKind kind;
  Slice value;  /* LITERAL, DBGENERATED */
  Slice *items; /* LIST: literals as in value */
  uint32_t n_items;
  int version;   /* UUID: 4 or 7; CUID: 1 or 2 */
  int length;    /* NANOID: 21 unless given */
  bool has_arg;  /* an explicit argument was written: uuid(4), nanoid(10) */
  Slice db_name; /* map: of the default constraint; empty */
} Default;

typedef struct NativeType { /* @db.VarChar(255); name empty = none given */
  Slice name;               /* as written: "VarChar" */
  Slice args[2];
  uint32_t n_args;
  TypeId type;
} NativeType;

struct Field {
  Slice name, db_name; /* db_name = name unless @map; empty for relation fields */
  Slice doc;           /* /// lines, joined by \n, or empty */
  bool db_name_given;  /* by @map, perhaps the same or empty */
  Span span;           /* of the name */
  Model *model;
  uint32_t index; /* in model->fields */
  uint32_t
      column; /* ordinal among the model's columns (scalar, enum, unsupported), UINT32_MAX for relations */
  FieldKind kind;
  Arity arity;
  ScalarType scalar; /* FIELD_SCALAR */
  TypeId type;       /* column type on the wire (TYPE_ENUM for enums): of the native type, or the default */
  NativeType native;
  Enum *enum_;        /* FIELD_ENUM */
  Relation *relation; /* FIELD_RELATION */
  uint8_t side;       /* FIELD_RELATION: this field is relation->side[side] */
  Slice unsupported;  /* FIELD_UNSUPPORTED: the text in Unsupported("…") */
  Default def;
  bool is_id, is_unique;           /* single-field @id / @unique only (also as @@id([x]) / @@unique([x])) */
  bool is_id_attr, is_unique_attr; /* written on the field itself */
  bool updated_at, ignored;
  bool is_fk; /* part of some relation's scalar fields: read-only in checked inputs */
};

typedef enum IndexKind {
  INDEX_PRIMARY,
  INDEX_UNIQUE,
  INDEX_NORMAL,
  INDEX_FULLTEXT
} IndexKind;
typedef struct IndexField {
  Field *field;
  bool desc;
  bool has_sort;
  Slice ops; /* operator class: as in the schema ("JsonbPathOps"), or the text of raw("…") with ops_raw */
  bool ops_raw;
  int length; /* 0 = none */
} IndexField;

typedef struct Index { /* @id @unique @index @@id @@unique @@index @@fulltext */
  IndexKind kind;
  Model *model;
  IndexField *fields;
  uint32_t n_fields;
  Slice name; /* client name: name: "…" */
  Slice key; /* how the client names it in where: name, or fields joined by '_' ; the field itself when single
              */
  Slice db_name; /* constraint or index name, given by map: or derived, cut to 63 bytes */
  bool db_name_given;
  Slice method; /* "BTree" (default, also when absent), "Hash", "Gin", "Gist", "SpGist", "Brin" */
  bool has_method;
  Slice where;        /* partial index: SQL text, or empty */
  bool is_field_attr; /* from @id/@unique on a field */
  Span span;
} Index;

struct Model {
  Slice name, db_name, db_schema; /* db_schema: @@schema, or empty */
  Slice doc;
  Span span;
  uint32_t index; /* in schema->models */
  Field *fields;
  uint32_t n_fields;
  Field **columns; /* scalar, enum and unsupported fields in order */
  uint32_t n_columns;
  Index *primary; /* NULL when there is none */
  Index *indexes; /* all of them, in DMMF order: primary, then as written (fields' attributes first) */
  uint32_t n_indexes;
  bool is_view, ignored;
  bool db_name_given; /* by @@map */
  Map by_name;        /* name -> Field * */
};

typedef struct EnumValue {
  Slice name, db_name, doc;
  bool db_name_given;
  Span span;
} EnumValue;

struct Enum {
  Slice name, db_name, db_schema, doc;
  bool db_name_given;
  Span span;
  uint32_t index;
  EnumValue *values;
  uint32_t n_values;
};

typedef enum ReferentialAction {
  ACTION_NONE,
  ACTION_CASCADE,
  ACTION_RESTRICT,
  ACTION_NO_ACTION,
  ACTION_SET_NULL,
  ACTION_SET_DEFAULT
} ReferentialAction;
typedef enum RelationKind {
  RELATION_ONE_TO_ONE,
  RELATION_ONE_TO_MANY,
  RELATION_MANY_TO_MANY
} RelationKind;

/* One relation, two sides. For 1-1 and 1-n, side 0 holds the foreign key (the model with fields:), side 1
 * is referenced. For implicit m-n, side 0 is column "A" (the model, then the field, first in alphabetical
 * order), side 1 is "B". A self relation has both sides in one model. */
typedef struct RelationSide {
  Model *model;
  Field *field; /* NULL only where Prisma allows no back relation (an ignored model's) */
} RelationSide;

struct Relation {
  Slice name; /* as written, or as Prisma derives it ("PostToUser") */
  bool name_given;
  RelationKind kind;
  RelationSide side[2];
  Field **fields;     /* foreign-key columns of side 0, in order; none for m-n */
  Field **references; /* what they point to in side 1 */
  uint32_t n_fields;
  ReferentialAction on_delete, on_update;           /* as written, or ACTION_NONE */
  ReferentialAction real_on_delete, real_on_update; /* with the defaults filled in */
  Slice fk_name;                                    /* constraint name, cut to 63 bytes */
  Slice table;                                      /* m-n: join table "_AToB" */
  Slice table_schema;                               /* m-n: its @@schema, or empty */
  uint32_t index;
  Span span;
};

typedef struct Property { /* of datasource and generator, in order */
  Slice name;
  Slice value; /* strings unescaped; others as written */
  bool is_env; /* env("X"): value is X */
  bool is_list;
  bool is_string;
  Slice *items;
  uint32_t n_items;
  Span span;
} Property;

typedef struct ConfigBlock {
  Slice name, doc;
  Span span;
  Property *properties;
  uint32_t n;
} ConfigBlock;

typedef struct Schema {
  Arena *arena;
  const Source *sources;
  uint32_t n_sources;
  ConfigBlock *datasource; /* NULL when there is none */
  ConfigBlock *generators;
  uint32_t n_generators;
  Slice *schemas; /* datasource schemas = [...] */
  uint32_t n_schemas;
  bool relation_mode_prisma; /* no foreign keys in the database; emulated by the client */
  Slice *preview_features;
  uint32_t n_preview_features;
  Model *models; /* models and views */
  uint32_t n_models;
  Enum *enums;
  uint32_t n_enums;
  Relation *relations;
  uint32_t n_relations;
  Map model_names; /* -> Model * */
  Map enum_names;  /* -> Enum * */
  Map json_names;  /* names of Json fields of any model: their tables are opaque leaves */
} Schema;

MUST Schema *schema_load(Arena *a, const Source *sources, uint32_t n, Diags *d);
/* The same for clients: what Prisma keeps behind a preview feature is simply there. */
MUST Schema *schema_load_unguarded(Arena *a, const Source *sources, uint32_t n, Diags *d);
/* Read a .prisma file, or all *.prisma of a folder and its subfolders in name order. */
MUST bool schema_read(Arena *a, const char *path, Source **sources, uint32_t *n, Err *e);

Model *schema_model(const Schema *s, Slice name);
Field *model_field(const Model *m, Slice name);
const Index *model_unique(const Model *m,
                          Slice key); /* primary or unique index that the client calls `key` */
bool schema_preview(const Schema *s, const char *feature);
const Property *config_property(const ConfigBlock *c, const char *name);
/* The text of the block whose name stands at `name`: whole lines, from its keyword to its brace. */
Slice schema_block(const Schema *s, Span name);

/* Navigation that plan and migrate share. */
static inline Model *field_target(const Field *f) { return f->relation->side[!f->side].model; }
static inline bool field_holds_key(const Field *f) {
  return f->relation->kind != RELATION_MANY_TO_MANY && f->side == 0;
}
static inline bool field_is_column(const Field *f) { return f->kind != FIELD_RELATION; }

#endif
