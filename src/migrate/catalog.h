/* Catalog: what a database is, in our terms. One is made from a schema (catalog_of_schema) or read from a
 * live database (catalog_introspect); diff compares two. All of it stands in the arena it was made in and is
 * not changed afterwards, except by catalog_settle. Slices into a Schema live as long as that. Both makers
 * run under an arena_protect of their arena.
 *
 * Numbers: tables, indexes, keys and enums are numbered in the order they were made; the order of the steps
 * of a diff comes from these numbers. */
#ifndef MIGRATE_CATALOG_H
#define MIGRATE_CATALOG_H

#include "pg/session.h"
#include "psl/schema.h"
#include "psl/tables.h"

typedef struct DbEnum {
  Slice schema, name; /* schema: empty unless the catalog names schemas */
  Slice *values;
  uint32_t n_values;
  uint32_t number;
} DbEnum;

typedef struct ColumnType {
  NativeId native;     /* NATIVE_COUNT: an enum, or a type that the language has no word for */
  uint32_t args[2];    /* VarChar(n), Decimal(p, s), Timestamp(n) ... */
  uint32_t n_args;     /* 0 or all that the type has */
  const DbEnum *enum_; /* of the same catalog */
  Slice text;          /* of a type without a word: "circle" */
} ColumnType;

typedef enum DefaultForm {
  FORM_NONE,
  FORM_VALUE, /* text: what the literal says, without quotes */
  FORM_LIST,  /* items, each as text */
  FORM_NOW,
  FORM_EXPRESSION, /* text: SQL; empty: there is one, whatever it is */
  FORM_SEQUENCE    /* text: name of the sequence */
} DefaultForm;

typedef struct ColumnDefault {
  DefaultForm form;
  Slice text;
  Slice *items;
  uint32_t n_items;
  Slice raw; /* as the database prints it; empty when nobody asked it */
} ColumnDefault;

typedef struct DbTable DbTable;

typedef struct Column {
  Slice name;
  DbTable *table;
  ColumnType type;
  Arity arity;
  ColumnDefault def;
  bool serial;         /* counts up by itself */
  bool identity;       /* ... because it is GENERATED ... AS IDENTITY */
  bool generated;      /* computed by the database: its default is not ours to change */
  bool client_default; /* the client fills it in: uuid(), cuid() ... */
  uint32_t number;     /* in the table */
} Column;

typedef struct IndexColumn {
  const Column *column;
  bool desc;
  Slice ops; /* as PostgreSQL calls it, empty: the default one */
  bool ops_default;
} IndexColumn;

typedef struct DbIndex { /* primary keys too */
  Slice name;
  DbTable *table;
  bool unique;
  Method method;
  IndexColumn *columns;
  uint32_t n_columns;
  Slice where;     /* of a partial index: SQL */
  bool where_raw;  /* ... as the database prints it */
  bool constraint; /* stands behind a UNIQUE constraint */
  uint32_t number;
} DbIndex;

typedef struct ForeignKey {
  Slice name;
  DbTable *table, *target;
  const Column **columns, **references;
  uint32_t n_columns;
  ReferentialAction on_delete, on_update;
  uint32_t number;
} ForeignKey;

struct DbTable {
  Slice schema, name;
  Column *columns;
  uint32_t n_columns;
  DbIndex *primary;  /* NULL: none */
  DbIndex **indexes; /* the others */
  uint32_t n_indexes;
  ForeignKey **keys;
  uint32_t n_keys;
  uint32_t number;
};

typedef struct Extension {
  Slice name, schema, version; /* the last two empty: does not matter */
  bool relocatable;
  uint32_t number;
} Extension;

typedef struct Catalog {
  Arena *arena;
  bool live;            /* read from a database */
  Slice default_schema; /* where names without a schema are */
  Slice *schemas;       /* that are there, or are needed; none unless the schema names schemas */
  uint32_t n_schemas;
  DbEnum **enums;
  uint32_t n_enums;
  DbTable **tables;
  uint32_t n_tables;
  uint32_t n_indexes, n_keys;
  Extension **extensions;
  uint32_t n_extensions;
  DbTable **views; /* columns only */
  uint32_t n_views;
} Catalog;

/* What of a database belongs to a schema. */
typedef struct CatalogScope {
  Slice default_schema;
  Slice *schemas; /* none: the default schema alone, and names go without a schema */
  uint32_t n_schemas;
  bool extensions, partial_indexes; /* preview features */
  bool views;                       /* read them too; nobody compares them */
} CatalogScope;

CatalogScope catalog_scope(const Schema *s, Slice default_schema); /* s NULL: what belongs to an empty one */
Catalog *catalog_empty(Arena *a, Slice default_schema);
Catalog *catalog_of_schema(Arena *a, const Schema *s, Slice default_schema);
/* P1001 ... as session_query. The tables `_prisma_migrations` and those of extensions are left out. */
MUST bool catalog_introspect(Arena *a, Session *session, const CatalogScope *scope, Catalog **out, Err *e);

/* Before a live catalog is compared with a wanted one: expressions of the latter become what the server would
 * print for them, where they are not the same already. Leaves the database as it is. */
MUST bool catalog_settle(Arena *a, Session *session, const Catalog *live, Catalog *wanted, Err *e);

/* The makers' tools: */
DbEnum *catalog_add_enum(Catalog *c, Slice schema, Slice name);
DbTable *catalog_add_table(Catalog *c, Slice schema, Slice name);
DbIndex *catalog_add_index(Catalog *c, DbTable *t, Slice name, bool primary);
ForeignKey *catalog_add_key(Catalog *c, DbTable *t, DbTable *target, Slice name);

Slice catalog_schema_of(const Catalog *c, Slice schema);            /* `schema`, or the default one */
DbTable *catalog_table(const Catalog *c, Slice schema, Slice name); /* NULL: none */
DbEnum *catalog_enum(const Catalog *c, Slice schema, Slice name);
Column *table_column(const DbTable *t, Slice name);
Slice catalog_ops_name(Arena *a, const IndexField *f); /* an operator class as PostgreSQL calls it */
bool column_is_required(const Column *c);

ScalarType native_scalar(NativeId n); /* what the values of a native type are */

#endif
