/* Writes: how each becomes a straight line of steps. Private to plan.
 *
 *   Scope   rows by a condition: "the user with this e-mail", "the posts of that author"
 *   Row     one row that a step makes, changes or finds; later steps take its columns as cells, or, where the
 *           call itself says them (an id that was given, generated or asked for), as the very same parameter:
 *           then nothing waits, and parent and children go out in one flight
 *   Nested  a relation field in `data` with its verbs, seen from such a Row
 *
 *   create { data = { title, author = { connect }, comments = { create = { ... } } } }
 *     SELECT the author                      must have rows, else P2025   \
 *     INSERT post (authorId = author's id) RETURNING id                    } flight 0
 *     INSERT comment (postId = cell id)                                   flight 1
 *     SELECT post with its relations by id                                flight 1
 *
 * What the row points to comes before it (write_parent.c), what points to it after (write_child.c). These
 * later parts wait in a queue, so that all rows of one level stand before those of the next: as many flights
 * as there are levels. Branches (upsert, connectOrCreate) are a SELECT and steps guarded by whether it has
 * rows; the row behind both branches is a Row with two sources. The order of verbs is the planner's own, as
 * Lua tables have none: child_verbs in write_child.c says which. All steps are one segment, hence one
 * transaction. */
#ifndef PLAN_WRITE_H
#define PLAN_WRITE_H

#include "plan/read.h"

typedef struct Scope {
  const Model *model;
  uint32_t alias;
  Expr *where;  /* NULL: all rows */
  bool visible; /* only of those that exist for the client (visible.c) */
} Scope;

typedef struct Row {
  const Model *model;
  Expr **known; /* by Field.column: its value, or NULL */
  struct {
    uint16_t step;
    Query *query;
    uint32_t alias;
  } from[2]; /* two: at most one of these steps has the row */
  uint32_t n_from;
} Row;

typedef enum DataKind {
  DATA_CREATE,
  DATA_UPDATE,
  DATA_CREATE_MANY, /* no relations in these */
  DATA_UPDATE_MANY
} DataKind;

typedef struct Data { /* a table of data, sorted out */
  DataKind kind;
  const Model *model;
  const Path *at;
  const Field *origin; /* the relation that the place itself fills in, or NULL */
  const Arg **given;   /* by Field.index */
} Data;

typedef struct Nested {
  Builder *b;
  Row *row;           /* whose relation it is */
  const Field *field; /* the relation */
  const Model *target;
  const Field *back; /* the target's end; may be NULL */
  bool creating;     /* the row is new: nothing is tied to it yet */
} Nested;

/* write_row.c */
Scope scope_new(Builder *b, const Model *m);
/* The rows by `where` as findUnique takes it (unique), or findMany; *key as in filter_unique. */
MUST bool scope_narrow(Builder *b, Scope *s, const Path *at, const Arg *where, bool unique);
void scope_visible(Builder *b, Scope *s); /* as scope_narrow does */
From *scope_from(Builder *b, const Scope *s);
/* SELECT these columns of the scope's rows. */
Select *scope_select(Builder *b, const Scope *s, Field *const *fields, uint32_t n);
/* columns IN (select) */
Expr *expr_in(Builder *b, uint32_t alias, Field *const *fields, uint32_t n, Select *select);
Row *row_select(Builder *b, const Scope *s);
Row *row_update(Builder *b, const Scope *s, const Set *sets, uint32_t n_sets);
Row *row_hide(Builder *b, const Scope *s, const Set *sets,
              uint32_t n_sets); /* they may leave the client's scope */
Row *row_delete(Builder *b, const Scope *s);
Row *row_insert(Builder *b, const Model *m, Expr *const *values); /* by Field.column; NULL: its default */
Row *row_either(Builder *b, const Row *one, const Row *other);
Expr *row_value(Builder *b, Row *row, const Field *f);
Scope row_scope(Builder *b, Row *row); /* by its identity */
Scope row_visible(Builder *b,
                  Row *row); /* and only while it exists for the client: to change what was found before */
/* The next steps run only when the row was found, or only when not. Returns what guard_leave puts back. */
typedef struct Guard {
  GuardKind kind;
  uint16_t step;
} Guard;
Guard guard_enter(Builder *b, GuardKind kind, const Row *on);
void guard_leave(Builder *b, Guard before);
Output **row_outputs(Row *row, uint32_t **n); /* of its first step */
void row_check(Builder *b, const Row *row, Check check);
void step_check(Builder *b, uint16_t step, Check check);
/* P2025: "... No record was found for an update." */
Check check_found(Builder *b, const char *cause, ...) PRINTF(2, 3);
Check check_rows(Builder *b, CheckKind kind, ErrCode code, const char *message, ...) PRINTF(4, 5);
const char *relation_words(const Field *f);       /* "one-to-many" */
Check check_required(Builder *b, const Field *f); /* no rows, else P2014 */
bool refuse_required(Builder *b, const Path *at, const Field *f);

/* write_data.c */
MUST bool data_read(Builder *b, const Path *at, const Model *m, DataKind kind, const Field *origin,
                    const Arg *table, Data *out);
MUST bool data_values(Builder *b, const Data *d, Expr **values); /* of a new row, with generated defaults */
MUST bool data_sets(Builder *b, const Data *d, uint32_t alias, Set **sets, uint32_t *n);
void set_add(Builder *b, Set **sets, uint32_t *n, const Field *f, Expr *value);
bool default_is_generated(const Field *f); /* by the client */

/* write_create.c, write_update.c, write_delete.c */
typedef struct Origin { /* why a row is created */
  const Field *field;   /* of the new row's model; NULL: nothing says it */
  Row *row;             /* what it points to, when that is a row */
} Origin;
MUST bool create_row(Builder *b, const Path *at, const Model *m, const Arg *data, const Origin *origin,
                     Row **out);
/* The one row of `s`; `missing` when it is not there. */
MUST bool update_row(Builder *b, const Path *at, const Scope *s, const Arg *data, const Field *origin,
                     const Check *missing, Row **out);
MUST bool update_many(Builder *b, const Path *at, const Scope *s, const Arg *data, const Field *origin,
                      Row **out);
MUST bool delete_rows(Builder *b, const Path *at, const Scope *s, Row **out);
/* where, all, limit of a call for many rows. */
MUST bool write_scope(Builder *b, const Path *root, Scope *s);
/* The row as the call's result: RETURNING of its own step when `plain`, else read again. */
MUST bool result_row(Builder *b, const Path *root, Row *row, bool plain);

/* write_many.c */
typedef struct Insert { /* many rows of one table */
  const Model *model;
  const Path *at;
  const Arg *data; /* a list of rows, or one */
  const Origin *origin;
  bool skip_duplicates;
  bool in_order; /* of the call: they are returned, or counted together */
} Insert;
/* The INSERTs: one, unless rows with different fields have more parameters than a statement takes. Not yet
 * steps. */
MUST bool insert_many(Builder *b, const Insert *x, Query ***queries, uint32_t *n);
MUST bool insert_steps(Builder *b, const Insert *x, Query ***queries, uint32_t *n); /* as steps that count */
bool nothing_done(Builder *b); /* a plan needs a step; this one does nothing. True */
typedef struct Columns {       /* arrays, and the columns that they become */
  Builder *b;
  Expr **arrays;
  uint32_t n;
  From *from; /* the unnest; its arrays come last */
} Columns;
Columns columns_new(Builder *b);
Expr *columns_add(Columns *c, Expr *array, const Field *f); /* the column that it becomes */
From *columns_from(Columns *c);                             /* once all are there */

/* write_parent.c: the relation's key is in the row itself. Before: what must be there first, as values of the
 * row's key. `s`: the row that is updated; NULL: it is to be created. */
MUST bool parent_before(Builder *b, const Data *d, const Field *f, const Scope *s, Set **sets, uint32_t *n);
MUST bool parent_after(Builder *b, const Data *d, const Field *f, Row *row);
/* write_child.c: other rows point to this one, or a join table does. */
MUST bool child_after(Builder *b, const Path *at, const Field *f, const Arg *verbs, Row *row, bool creating);

/* write_nested.c: what parents and children share */
typedef bool Element(const Nested *x, const Path *at, const Arg *value);
Nested nested_new(Builder *b, const Field *f, Row *row, bool creating);
/* One table, or a list of them. */
MUST bool nested_each(const Nested *x, const Path *at, const Arg *value, Element *element);
Scope nested_scope(const Nested *x); /* the target's rows that belong to the row */
/* { where =, data = } of a nested update, or the data alone where that is allowed. */
MUST bool nested_update_parts(const Nested *x, const Path *at, const Arg *value, const Arg **where,
                              const Arg **data, Path *data_at);
/* Such an update looks for no row, either. */
bool nested_changes_nothing(const Arg *data);
/* true | false | { filter }: *on; the filter narrows s. */
MUST bool nested_filter(const Nested *x, const Path *at, const Arg *value, Scope *s, bool *on);
/* SELECT by `where`, and create when it is not there. */
MUST bool nested_find_or_create(const Nested *x, const Path *at, const Arg *value, const Origin *origin,
                                Row **found, Row **made);
/* Parts of a write that wait until their level comes. */
void later_child(Builder *b, const Path *at, const Field *f, const Arg *verbs, Row *row, bool creating);
MUST bool later_run(Builder *b);

/* write_visible.c: rows that a call makes or changes must exist for its client when all is done; added behind
 * all other steps. */
MUST bool written_visible(Builder *b);
/* Rows that ON CONFLICT finds and that do not exist are not updated: the call, which then reaches fewer than
 * it gave, fails with P2002. */
void conflict_visible(Builder *b, Query *q, const Index *key, const Arg *rows);

/* write_actions.c: what the database would do through its foreign keys, with relationMode = "prisma". */
MUST bool actions_on_delete(Builder *b, const Path *at, const Scope *s, int depth);
MUST bool actions_on_update(Builder *b, const Path *at, const Scope *s, const Set *sets, uint32_t n,
                            int depth);

/* write_update.c: select, include of a call that returns many rows: no lists. */
MUST bool result_to_one_only(Builder *b, const Path *root);

/* the actions; upsertMany and updateEach in write_each.c */
bool write_upsert(Builder *b);
bool write_create(Builder *b);
bool write_create_many(Builder *b);
bool write_reserve(Builder *b); /* ids of rows that are to come (reserve.c) */
bool write_update(Builder *b);
bool write_update_many(Builder *b);
bool write_delete(Builder *b);
bool write_delete_many(Builder *b);
bool write_upsert_many(Builder *b);
bool write_update_each(Builder *b);

#endif
