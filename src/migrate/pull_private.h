/* The parts of pull; inside migrate only. */
#ifndef MIGRATE_PULL_PRIVATE_H
#define MIGRATE_PULL_PRIVATE_H

#include "base/buf.h"
#include "migrate/catalog.h"
#include "migrate/pull.h"

/* What the language has no words for; each kind has a place in the warnings. */
typedef enum NoteKind {
#define NOTE(id, letter, comment, warning) NOTE_##id,
#include "migrate/notes.def"
#undef NOTE
  NOTE_COUNT
} NoteKind;

typedef struct Note {
  NoteKind kind;
  Slice schema, table, object; /* object: name of the constraint, index ...; empty: the table itself */
  Slice column;
} Note;

MUST bool introspect_notes(Session *s, Arena *a, const CatalogScope *scope, Note **out, uint32_t *n, Err *e);

typedef struct PullField {
  const Column *column;
  const Field *old; /* NULL: new */
  Slice name;       /* empty: no name can be made of the column's */
  bool mapped;
} PullField;

typedef struct PullModel {
  const DbTable *table;
  const Model *old;
  Slice name;
  bool mapped, view;
  bool reserved, duplicate; /* why it has another name */
  bool usable;              /* rows can be told apart */
  bool ignored;
  PullField *fields; /* as the table's columns */
} PullModel;

typedef struct PullEnum {
  const DbEnum *type;
  const Enum *old;
  Slice name;
  bool mapped, reserved, duplicate;
  Slice *values; /* names; empty: none can be made */
} PullEnum;

typedef struct PullRelation {
  const ForeignKey *key; /* NULL: many to many */
  const Relation *old;
  PullModel *from, *to; /* many to many: the models behind "A" and "B" */
  Slice name;           /* empty: need not be said */
  Slice forward, back;  /* names of the fields; of a many to many in A and in B */
  bool self;
} PullRelation;

typedef struct Pull {
  Arena *arena;
  const Schema *old;
  Session *session;
  CatalogScope scope;
  Catalog *catalog;
  Note *notes;
  uint32_t n_notes;
  PullModel *models; /* as the catalog's tables, then its views; name.p NULL: a join table */
  uint32_t n_models;
  PullEnum *enums;
  PullRelation *relations; /* in the order of their keys */
  uint32_t n_relations;
  Buf text;
  PullReport *report;
  Err *e;
  bool good;
} Pull;

void pull_names(Pull *p);     /* models, enums, fields */
void pull_relations(Pull *p); /* needs the names */
void pull_print(Pull *p);     /* into text */
void pull_warn(Pull *p);      /* into report->warnings */

PullModel *pull_model(const Pull *p, const DbTable *t);
PullEnum *pull_enum(const Pull *p, const DbEnum *e);
Slice pull_value(const Pull *p, const DbEnum *e, Slice value); /* its name in the schema; may be empty */
PullField *pull_field(const PullModel *m, const Column *c);
bool pull_is_join(const DbTable *t);
bool pull_noted(const Pull *p, const PullModel *m, NoteKind kind);

#endif
