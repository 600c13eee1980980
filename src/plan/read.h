/* Reads: the parts that finds, includes, counts and aggregates share. Private to plan.
 *
 *   Find f = {.model = m, .args = args, .at = at};
 *   find_open(b, &f)     FROM, WHERE, ORDER BY (and the cursor) stand in f.select
 *   ... add outputs to f.select->outputs, by f.alias ...
 *   find_close(b, &f)    DISTINCT, LIMIT, OFFSET: f.select may be another one now, with the same outputs */
#ifndef PLAN_READ_H
#define PLAN_READ_H

#include "plan/build.h"

/* Whose children are read: rows of an earlier step, or of a subselect of the same parameters. Exactly one of
 * values, array, set. */
typedef struct Parents {
  const Field *field; /* the relation, seen from the parent */
  Expr **values;      /* one parent: the values of its key columns */
  Expr *array;        /* a parameter of all keys, when there is one key column */
  Select *set;        /* rows of the key columns */
} Parents;

typedef struct Find {
  const Model *model;
  const Arg *args; /* where, orderBy, cursor, take, skip, distinct; may be NULL */
  const Path *at;
  bool first;             /* at most one row (findFirst) */
  bool unique;            /* where must name one row (findUnique) */
  bool stable;            /* order by the primary key when nothing else is said */
  const Parents *parents; /* NULL: of all rows */

  Select *select; /* from here on: results */
  uint32_t alias;
  bool reversed;  /* its rows are to be read last first */
  bool limited;   /* take, skip, cursor or distinct is there */
  Expr *links[8]; /* the columns that equal the parents' keys */
  uint32_t n_links;
  int64_t take; /* -1: all */
  const Arg *skip;
  const Field **distinct;
  uint32_t n_distinct;
} Find;

MUST bool find_open(Builder *b, Find *f);
MUST bool find_close(Builder *b, Find *f);
/* cut.c: the same, when what stands behind `rows` in the FROM of f->select (joins of its outputs) and what
 * its outputs count concerns the rows of the page only. */
MUST bool find_close_cut(Builder *b, Find *f, From *rows);
/* Only take and skip of f->args (groupBy, which has a select of its own). */
MUST bool find_page(Builder *b, Find *f);
bool find_is_limited(const Arg *args);
/* SELECT the same columns FROM before, LATERAL (inner), in inner's order. `before` may be NULL. */
Select *select_wrap(Builder *b, Select *inner, From *before, bool lateral);

/* aggregate.c: _count, _avg, _sum, _min, _max */
typedef enum AggregateKind {
  AGGREGATE_COUNT,
  AGGREGATE_AVG,
  AGGREGATE_SUM,
  AGGREGATE_MIN,
  AGGREGATE_MAX,
  AGGREGATE_KINDS
} AggregateKind;
typedef struct Tally { /* the rows that are aggregated: a table's, or those of a page of it */
  Find find;
  Select *select; /* of the aggregates */
  uint32_t alias; /* of the page's subselect */
  bool wrapped;
} Tally;
MUST bool tally_open(Builder *b, Tally *s);  /* s->find is filled as for find_open */
MUST bool tally_close(Builder *b, Tally *s); /* after the outputs were added */
Expr *tally_column(Builder *b, Tally *s, const Field *f);
const char *aggregate_name(AggregateKind kind);
bool aggregate_fits(AggregateKind kind, const Field *f);
/* The aggregate of a column (NULL: count(*)); its result as if it were a field of the model. */
Expr *aggregate_expr(Builder *b, AggregateKind kind, const Field *f, Expr *column);
const Field *aggregate_field(Builder *b, AggregateKind kind, const Field *f);
/* Add to s->select what `args` asks for under _count ... _max, and to the record. `any`: something was. */
MUST bool aggregate_outputs(Builder *b, Tally *s, const Arg *args, Record *record, bool *any);
/* The names of the fields of `m` that fit; with "_all" for counts. Returns how many. */
uint32_t aggregate_names(Builder *b, AggregateKind kind, const Model *m, Slice **names);

/* lock.c: what `lock`, `skipLocked` and `noWait` of the call say; then, after find_open, put on its rows. */
MUST bool lock_read(Builder *b, const Path *root, Lock *out);
MUST bool lock_apply(Builder *b, const Find *f, Lock lock);

/* order.c */
bool order_sort(Builder *b, const Path *at, const Arg *value, bool nulls_allowed, Order *order);
void order_settle(Builder *b, const Model *m, uint32_t alias, Order **orders,
                  uint32_t *n);              /* ends in a key */
void order_flip(Order *orders, uint32_t n);  /* the other way round */
const Index *model_identity(const Model *m); /* the key that tells rows apart; NULL when there is none */

/* include.c: the steps of the links of `record`. */
typedef struct Rows { /* the rows of a step, for those who look for their children */
  uint16_t step, flight;
  Record *record;
  Select *select; /* the same rows by a subselect; NULL: only by keys of the step's answer */
  uint32_t alias;
  bool single; /* at most one row */
  int depth;
} Rows;
bool include_links(Builder *b, Rows rows);

/* A link whose step is still to be made: selection_record leaves these in the builder. */
typedef struct Pending {
  Record *record;
  Link *link;
  const Field *field;
  const Arg *args;
  const Path *at;
} Pending;

/* select.c: { select = { _all = true, field = true } } and the like: a name's bit is set in `on`. */
bool names_read(Builder *b, const Path *at, const Arg *value, const char *what, const Slice *names,
                uint32_t n, bool *on);
/* Only arguments that a relation in a selection takes: a to-one has no pages, a required one no filter. */
bool selection_arguments(Builder *b, const Field *f, const Path *at, const Arg *args);
Slot *record_slot(Builder *b, Record *r, Slice key, SlotKind kind);

#endif
