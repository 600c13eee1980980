/* Diff: the steps that lead from one catalog to another, in an order in which they can be done. Runs under
 * an arena_protect of the arena; the steps point into both catalogs. */
#ifndef MIGRATE_DIFF_H
#define MIGRATE_DIFF_H

#include "migrate/cast.h"

typedef enum StepKind {
#define STEP(id, heading) STEP_##id,
#include "migrate/steps.def"
#undef STEP
} StepKind;

typedef enum ChangeKind { /* within ALTER TABLE */
  CHANGE_DROP_PRIMARY,
  CHANGE_RENAME_PRIMARY,
  CHANGE_DROP_COLUMN,
  CHANGE_ADD_COLUMN,
  CHANGE_ALTER_COLUMN,
  CHANGE_RECREATE_COLUMN,
  CHANGE_ADD_PRIMARY
} ChangeKind;

typedef struct ColumnChanges {
  bool arity, def, type, serial;
  Cast cast;
} ColumnChanges;

typedef struct TableChange {
  ChangeKind kind;
  const Column *from, *to; /* as the kind has them */
  ColumnChanges changes;   /* of ALTER_COLUMN, RECREATE_COLUMN */
} TableChange;

typedef struct Pair {
  const Column *from, *to; /* to NULL: gone, or not of the enum any more */
} Pair;

typedef struct Step {
  StepKind kind;
  union {
    Slice schema;
    struct {
      const Extension *from, *to;
    } extension;
    struct {
      const DbEnum *from, *to;
      Slice *added, *dropped;
      uint32_t n_added, n_dropped;
      Pair *columns; /* ALTER_ENUM with dropped values: all that have the type */
      uint32_t n_columns;
      Pair *defaults; /* ... and those with a default, which must go while the type changes */
      uint32_t n_defaults;
    } enum_;
    struct {
      const DbTable *from, *to;
      TableChange *changes;
      uint32_t n_changes;
    } table;
    struct {
      const DbIndex *from, *to;
      bool recreated; /* CREATE_INDEX because a column is made anew: it was there before */
    } index;
    struct {
      const ForeignKey *from, *to;
    } key;
  } u;
  uint32_t order[4]; /* among the steps of one kind */
} Step;

typedef struct Diff {
  Arena *arena;
  const Catalog *from, *to;
  Step *steps;
  uint32_t n;
} Diff;

Diff *diff_catalogs(Arena *a, const Catalog *from, const Catalog *to);

/* Inside diff: */
ColumnChanges column_changes(Arena *a, const Column *from, const Column *to);
bool column_changed(const ColumnChanges *c);
void diff_table(Diff *d, const DbTable *from, const DbTable *to);
void diff_enums(Diff *d);
Step *diff_add(Diff *d, StepKind kind, uint32_t order0, uint32_t order1, uint32_t order2);

#endif
