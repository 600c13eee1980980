/* Builder: one plan_build under way. Private to plan. Errors: every builder function returns false (or NULL)
 * once `failed`, having set *b->e with the path; callers just return. Memory never fails here
 * (arena_protect). */
#ifndef PLAN_BUILD_H
#define PLAN_BUILD_H

#include "plan/query.h"

typedef struct Path Path; /* where in the arguments we are: a chain on the C stack */
struct Path {
  const Path *up;
  Slice key;      /* a name, or: */
  uint32_t index; /* 1-based; 0 = key */
};

typedef struct Builder {
  Arena *arena, *scratch;
  const PlanConfig *config;
  Shape *shape;
  CallAction action;
  const Model *model;
  const Arg *args; /* the root table of the call */
  Err *e;
  Plan *plan;
  uint32_t next_alias;
  uint16_t flight; /* of the next step that b_step adds; write_plan's are made from what they wait for */
  Query **queries; /* of the steps: written as SQL when all are there, so that outputs may still be added */
  GuardKind guard; /* of the next steps */
  uint16_t guard_step;
  struct Pending *pending; /* links whose steps are still to be made (read.h) */
  uint32_t n_pending;
  struct Later *later; /* parts of a write that wait for their level (write.h) */
  uint32_t n_later;
  struct Sight **sights; /* of the models whose scopes were asked for, by Model.index (visible.c) */
  bool all_visible;      /* a scope's own filter is being read */
  bool blind;            /* a scope could not be read: the plan is not to be used */
  const char *too_many;  /* of what the plan has more than it can count; NULL */
} Builder;

/* Errors. b_error always returns false. The suggestion comes from `candidates`. */
bool b_error(Builder *b, const Path *at, const char *format, ...) PRINTF(3, 4);
/* As b_error, with Prisma's P2019: the types were right, their combination is not. */
bool b_input_error(Builder *b, const Path *at, const char *format, ...) PRINTF(3, 4);
/* As b_error, with a code of its own. */
bool b_refuse(Builder *b, const Path *at, ErrCode code, const char *format, ...) PRINTF(4, 5);
/* `at` is the path of the table; the name is added to it. `what`: "field", "argument", "operator". */
bool b_unknown(Builder *b, const Path *at, const char *what, Slice name, const Slice *candidates, uint32_t n);
const Path *path_keep(Builder *b, Path at); /* a copy that outlives the C stack's chain (its `up` must too) */
const Path *path_keep_all(Builder *b, const Path *at); /* the whole chain */
static inline Path path_key(const Path *up, Slice key) { return (Path){up, key, 0}; }
static inline Path path_index(const Path *up, uint32_t i) { return (Path){up, {0}, i}; }

/* Questions to leaves. A map or list that is structure needs no question. b_map and b_list expand opaque
 * leaves where needed, so that callers can walk: an ARG_EMPTY is both. */
ArgKind b_kind(Builder *b, const Arg *a);              /* logs ASK_KIND when `a` is a scalar leaf */
bool b_is_null(Builder *b, const Arg *a);              /* by b_kind */
uint32_t b_element_kinds(Builder *b, const Arg *list); /* bit set of 1 << ArgKind */
const Arg *b_literal(Builder *b, const Arg *a);        /* logs the exact value; returns `a` */
int b_sign(Builder *b, const Arg *a);
bool b_list_empty(Builder *b, const Arg *list);
/* The scope of a model, whose leaves are the call's from now on. Ask once. */
void b_scope(Builder *b, const Model *m);
void b_elements(Builder *b, const Arg *list); /* whole list of strings is part of the path */
bool b_columns(Builder *b, const Arg *list);  /* true: elements are tables of one key set of scalars/lists */
/* A list of the planner's own becomes a leaf of the call: of a plan that is not kept. Returns it. */
const Arg *b_list(Builder *b, Arg *list);
void b_expand(Builder *b, const Arg *a);              /* now its elements can be walked like structure */
bool b_map(Builder *b, const Path *at, const Arg *a); /* a table with names (or {}), expanded; or an error */
ArgKind b_class(Builder *b,
                const Arg *a); /* list, map, {} or scalar: asks only what structure does not say */
bool b_is_table(const Arg *a); /* list, map or {}: its class is structure */
bool b_test(Builder *b, ShapeTest test, const Arg *a);
bool b_same(Builder *b, const Arg *one, const Arg *other);           /* two scalars are the same value */
bool b_bool(Builder *b, const Path *at, const Arg *a, bool *out);    /* a literal boolean, or an error */
bool b_string(Builder *b, const Path *at, const Arg *a, Slice *out); /* a literal string, or an error */

/* The key `name` of a table, honouring in_/not_; NULL when absent. */
const Arg *b_get(const Arg *map, const char *name);

bool b_is_word(Slice key, const char *name); /* the key means `name`: honours in_ and not_ */
bool b_field_visible(const Field *f);        /* not ignored, not Unsupported */
/* The pairs of a table sorted by name (so that the caller's order decides nothing), NULL at the end. */
const ArgPair **b_pairs(Builder *b, const Arg *map);
/* An error when the table has a key that is not among `names`; `what` as in b_unknown. */
bool b_only(Builder *b, const Path *at, const char *what, const Arg *map, const Slice *names, uint32_t n);

/* Parameters: checked now against the leaf's value (leaf_value), never asked about. NULL: an error was set.
 */
Expr *b_param(Builder *b, const Path *at, const Arg *leaf, const Field *field, Transform transform);
Expr *b_param_type(Builder *b, const Path *at, const Arg *leaf, TypeId type, bool array, Transform transform);
/* One element of a list field, or the value of any other. */
Expr *b_param_one(Builder *b, const Path *at, const Arg *leaf, const Field *field, Transform transform);
Expr *b_param_list(Builder *b, const Path *at, const Arg *list,
                   const Field *field); /* as an array of the field's type */
Expr *b_const(Builder *b, Slice text);  /* a text of the planner's own */
Expr *b_cell(Builder *b, uint16_t step, uint16_t column, const Field *field);
Expr *b_keys(Builder *b, uint16_t step, uint16_t column, const Field *field);
/* The generated default of that field; for each element of list `rows` (may be NULL), unless all are the
 * same. */
Expr *b_slot(Builder *b, const Field *field, const Arg *rows);
/* What is to be stored in the field: NULL fits only an optional one. */
Expr *b_param_data(Builder *b, const Path *at, const Arg *leaf, const Field *field);
/* As b_param_data, for values that are not in the call. */
Param b_param_rows(const Field *field);
/* The values under `key` of all elements of a list (b_columns), as an array; lists as texts (AS_ARRAY_TEXT).
 */
Expr *b_items(Builder *b, const Path *at, const Arg *list, Slice key, const Field *field, bool nulls);

/* Expressions (query.c): small constructors, scratch memory. */
Expr *expr_new(Builder *b, ExprKind kind);
Expr *expr_column(Builder *b, uint32_t alias, const Field *f);
Expr *expr_named(Builder *b, uint32_t alias, Slice name);
Expr *expr_int(Builder *b, int64_t i);
Expr *expr_op(Builder *b, Op op, Expr *left, Expr *right);
Expr *expr_and(Builder *b, Expr *left, Expr *right); /* NULL is the neutral one; flattens */
Expr *expr_or(Builder *b, Expr *left, Expr *right);
/* A sum in the making: expr_new(b, EXPR_AND or EXPR_OR), appended to (NULL adds nothing), then finished: NULL
 * when it is empty, its only element when it has one. */
void expr_append(Builder *b, Expr *junction, Expr *x);
Expr *expr_junction(Expr *junction);
Expr *expr_not(Builder *b, Expr *x);
Expr *expr_call(Builder *b, Function f, uint32_t n, Expr *const args[]);
Expr *expr_unary(Builder *b, ExprKind kind, Expr *x);
Expr *expr_cast(Builder *b, Expr *x, TypeId type, bool array, const Enum *enum_);
Expr *expr_list(Builder *b, ExprKind kind, uint32_t n, Expr *const args[]); /* ROW, ARRAY, CASE */
Expr *expr_any(Builder *b, ExprKind kind, Op op, Expr *left, Expr *array);  /* ANY, ALL */
Expr *expr_select(Builder *b, ExprKind kind, Select *s); /* SUBSELECT, ARRAY_SELECT, EXISTS, IN_SELECT */
Expr *expr_exists(Builder *b, Select *s);
From *from_model(Builder *b, const Model *m); /* with a fresh alias */
From *from_table(Builder *b, Slice schema, Slice name);
From *from_select(Builder *b, Select *s);
From *from_unnest(Builder *b, uint32_t n, Expr *const arrays[]);
From *from_series(Builder *b, Expr *n); /* n rows of nothing in particular */
From *from_last(From *first);           /* of the chain */
void from_append(From *first, From *last);
Column column_of(const Field *f);
uint16_t output_add(Builder *b, Output **outputs, uint32_t *n, Expr *expr,
                    Column column); /* its index; a column that is there already is used again */

/* Steps: append `q` (kept, not copied) with b->flight and b->guard. Returns its number; its check may be set
 * on the step after. b_emit, once all are there, writes their SQL. Where they are more than 16 bits can
 * count, the last one is used again: b->too_many is the call's error, at the end. */
uint16_t b_step(Builder *b, Query *q);
uint16_t b_select(Builder *b, Select *s);
void b_emit(Builder *b);

/* fuse.c: b_emit for writes: steps that may be are put together. */
void fuse_steps(Builder *b);

/* The parts, each in its file. */
/* relation.c: where the rows are that belong to the row of `f`'s model under `parent`: *from gets the target
 * (a join table behind it), the result is the condition that ties them together. */
Expr *relation_match(Builder *b, const Field *f, uint32_t parent, From **from);
/* The columns by which the two ends of `f` find each other: here[i] of f's model, there[i] of the target; of
 * a many-to-many relation these are the two ids. Returns how many. */
uint32_t relation_keys(Builder *b, const Field *f, Field ***here, Field ***there);
From *relation_join_table(Builder *b, const Field *f, uint32_t child); /* INNER JOIN of it, on the target */
Slice relation_column(const Field *f, bool there); /* many-to-many: "A" or "B" of the join table */

/* visible.c: the filter that every appearance of a model has, over its rows under `alias`; NULL: all of them
 * exist. It cannot fail: where a scope cannot be read, nothing is visible, and the call ends with that error.
 */
Expr *visible(Builder *b, const Model *m, uint32_t alias);
bool visible_all(Builder *b, const Model *m); /* it has no such filter */
/* The value that the scope says this field of every row has; NULL: it says none, or not outright. */
const Arg *visible_equals(Builder *b, const Model *m, const Field *f);
/* The same, for a new row that does not say it; NULL also where the database does that by itself. */
const Arg *visible_fill(Builder *b, const Model *m, const Field *f);
bool visible_outright(Builder *b, const Model *m); /* it says no more than that of some fields */
/* Whether a row exists may change with this field; NULL: with rows of other tables. */
bool visible_depends(Builder *b, const Model *m, const Field *f);
const Field *visible_marker(Builder *b, const Model *m); /* what a delete sets, or NULL: it deletes */
bool visible_fail(Builder *b); /* false, and the error, when a scope could not be read */

/* filter.c: where of `m`'s rows under `alias`; *out NULL = all. */
bool filter_where(Builder *b, const Path *at, const Model *m, uint32_t alias, const Arg *where, Expr **out);
/* filter.c: where of findUnique and friends: exactly one unique key must be there, other filters may be.
 * key (may be NULL) gets the unique index that is used. */
bool filter_unique(Builder *b, const Path *at, const Model *m, uint32_t alias, const Arg *where,
                   const Index **key, Expr **out);
/* order.c */
bool order_by(Builder *b, const Path *at, const Model *m, From *from, const Arg *order, Order **out,
              uint32_t *n);

/* select.c: the selection (select/include/omit) of a call or of a relation in it. */
typedef struct Selection {
  const Model *model;
  const Arg *args; /* the table that holds select, include, omit; may be NULL: all scalars */
  const Path *at;
  From *from; /* to-one relations may be joined to this chain, flat in the row; NULL: not (RETURNING) */
} Selection;
bool selection_scalar_only(Builder *b, const Selection *s,
                           bool *out); /* no relation, no _count: fits RETURNING */
/* Add to outputs what the selection needs of `m` under `alias` (columns, links' keys, _count subselects) and
 * make the Record. The links' steps are NOT yet made. */
Record *selection_record(Builder *b, const Selection *s, uint32_t alias, Output **outputs, uint32_t *n);
/* After the step with those outputs was added: the steps of its links, recursively, in later flights. */
bool selection_links(Builder *b, const Selection *s, Record *record, uint16_t step);

/* read.c: plan a whole find of rows given by `condition` over `alias` (or by the call's arguments). */
bool read_find(Builder *b);  /* findUnique..findMany */
bool read_count(Builder *b); /* count, exists */
void read_merge(Builder *b); /* merge.c: plan->merged of a findUnique, once its SQL stands */
bool read_strategy(Builder *b, const Path *root); /* relationLoadStrategy */
/* The row of `where` over from->alias, for s's selection: the read at the end of a write. Sets plan->result*,
 * record. */
bool read_back(Builder *b, const Selection *s, From *from, Expr *where);
/* copy.c */
bool copy_out(Builder *b);
bool copy_in(Builder *b);
/* aggregate.c */
bool read_aggregate(Builder *b);
bool read_group_by(Builder *b);
/* write.c and its family: write_create.c, write_update.c, write_delete.c, write_nested.c, write_many.c */
bool write_plan(Builder *b);

#endif
