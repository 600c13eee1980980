/* The query tree: what the planner builds and plan/emit writes as SQL; nobody else holds SQL words. Lives in
 * the scratch arena of one plan_build. A tree never holds a value: only parameters (Param) and names of the
 * schema. */
#ifndef PLAN_QUERY_H
#define PLAN_QUERY_H

#include "plan/plan.h"

typedef struct Expr Expr;
typedef struct Select Select;

/* What rows come from. `alias` is a number, printed as t0, t1, ... ; each Source of a statement has its own.
 */
typedef enum FromKind {
  FROM_MODEL,  /* model's table */
  FROM_TABLE,  /* schema.name: a join table */
  FROM_SELECT, /* (select), lateral when it looks left */
  FROM_UNNEST, /* unnest(exprs...) [WITH ORDINALITY]; its columns are c1..cn, the ordinal "ord" */
  FROM_SERIES, /* generate_series(1, exprs[0]) */
  FROM_WITH    /* the CTE of that alias; its columns are c1..cn */
} FromKind;
typedef enum JoinKind {
  JOIN_CROSS,
  JOIN_INNER,
  JOIN_LEFT
} JoinKind;

typedef struct From {
  FromKind kind;
  JoinKind join; /* how it joins what stands before it; ignored for the first */
  uint32_t alias;
  const Model *model;
  Slice schema, name; /* FROM_TABLE */
  Select *select;
  bool lateral, ordinality;
  Expr **exprs; /* FROM_UNNEST */
  uint32_t n_exprs;
  Expr *on; /* INNER, LEFT */
  struct From *next;
} From;

typedef enum ExprKind {
  EXPR_COLUMN, /* alias.name; alias = NO_ALIAS: bare (in ON CONFLICT, SET targets are names anyway) */
  EXPR_PARAM,
  EXPR_INT, /* a literal of the planner's own: LIMIT 10, 1 */
  EXPR_TRUE,
  EXPR_FALSE,
  EXPR_NULL,
  EXPR_DEFAULT,
  EXPR_AND,
  EXPR_OR, /* n-ary; none = TRUE / FALSE */
  EXPR_NOT,
  EXPR_IS_NULL,
  EXPR_NOT_NULL,
  EXPR_OP,  /* binary: op of ops.def */
  EXPR_ANY, /* args[0] op ANY(args[1]) */
  EXPR_ALL,
  EXPR_EXISTS,
  EXPR_SUBSELECT,
  EXPR_IN_SELECT,    /* select; IN: args = the row */
  EXPR_ARRAY_SELECT, /* ARRAY(select) */
  EXPR_CALL,         /* function of functions.def */
  EXPR_CAST,         /* args[0]::type */
  EXPR_ROW,          /* (a, b) */
  EXPR_ARRAY,        /* ARRAY[...] */
  EXPR_CASE,         /* CASE WHEN args[0] THEN args[1] ELSE args[2] END */
  EXPR_STAR,         /* in count(*) */
  EXPR_HAND          /* args[0] is handed over as the setting number i, for later statements */
} ExprKind;

#define NO_ALIAS UINT32_MAX
#define EXCLUDED_ALIAS (UINT32_MAX - 1) /* printed as "excluded" */

typedef enum Op {
#define OP(id, text) OP_##id,
#include "plan/ops.def"
#undef OP
} Op;
typedef enum Function {
#define FUNCTION(id, text) FN_##id,
#include "plan/functions.def"
#undef FUNCTION
} Function;

struct Expr {
  ExprKind kind;
  uint32_t alias;
  Slice name; /* EXPR_COLUMN: the database's name */
  Param param;
  int64_t i;
  Op op;
  Function function;
  bool distinct; /* count(DISTINCT x) */
  Expr *filter;  /* EXPR_CALL: FILTER (WHERE ...) */
  Expr **args;
  uint32_t n_args;
  Select *select;
  TypeId type; /* EXPR_CAST; TYPE_ENUM with enum_ */
  bool array;
  const Enum *enum_;
};

typedef enum Nulls {
  NULLS_AS_IS,
  NULLS_FIRST,
  NULLS_LAST
} Nulls;
typedef struct Order {
  Expr *expr;
  bool desc;
  Nulls nulls;
} Order;

typedef struct Output { /* a column of a SELECT or RETURNING */
  Expr *expr;
  Slice as;      /* empty: none. Outputs of subselects need one */
  Column column; /* what the client gets */
} Output;

typedef enum LockKind {
  LOCK_NONE,
#define LOCK(name, id, sql) LOCK_##id,
#include "plan/locks.def"
#undef LOCK
} LockKind;
typedef enum LockWait {
  LOCK_WAITS,
  LOCK_SKIPS,  /* rows that others have locked are left out */
  LOCK_REFUSES /* they are an error */
} LockWait;
typedef struct Lock { /* FOR UPDATE OF alias SKIP LOCKED */
  LockKind kind;
  LockWait wait;
  uint32_t alias;
} Lock;

struct Select {
  Output *outputs;
  uint32_t n_outputs;
  From *from;  /* chain by next */
  Expr *where; /* NULL = all */
  Expr **group_by;
  uint32_t n_group_by;
  Expr *having;
  Order *order;
  uint32_t n_order;
  Expr **distinct_on;
  uint32_t n_distinct_on;
  bool distinct;
  Expr *limit, *offset;
  Lock lock;
};

typedef struct Set {
  Slice name; /* column */
  Expr *expr;
} Set;

typedef enum StatementKind {
  STATEMENT_SELECT,
  STATEMENT_INSERT,
  STATEMENT_UPDATE,
  STATEMENT_DELETE,
  STATEMENT_COPY_IN,  /* columns of model, in binary form */
  STATEMENT_COPY_OUT, /* of select, whose parameters are settings: COPY takes none */
  STATEMENT_SETTINGS  /* the parameters of select as these settings, until the transaction ends */
} StatementKind;
typedef enum ConflictKind {
  CONFLICT_ERROR,
  CONFLICT_NOTHING,
  CONFLICT_UPDATE
} ConflictKind;

typedef struct Query Query;
typedef struct With { /* WITH alias (c1, ...) AS (query) */
  uint32_t alias;
  Query *query;
} With;

struct Query {
  StatementKind kind;
  With *with; /* each sees those before it */
  uint32_t n_with;
  Select *select;     /* SELECT; INSERT ... SELECT */
  const Model *model; /* target of a write, or: */
  Slice schema, table;
  uint32_t alias; /* of the target (UPDATE, DELETE; and in RETURNING) */
  Slice *columns; /* INSERT */
  uint32_t n_columns;
  Expr **values; /* INSERT VALUES: n_rows * n_columns; n_columns = 0: DEFAULT VALUES */
  uint32_t n_rows;
  ConflictKind conflict;
  Slice *conflict_columns;
  uint32_t n_conflict_columns;
  Expr *conflict_where;
  Set *sets; /* UPDATE; ON CONFLICT DO UPDATE */
  uint32_t n_sets;
  From *from; /* UPDATE ... FROM, DELETE ... USING */
  Expr *where;
  Output *returning;
  uint32_t n_returning;
  bool may_hide; /* its rows may leave the writer's scope: a delete that marks, what a foreign key does */
};

/* Where the rows of a step are, once statements were put together (fuse.c). */
typedef struct Place {
  uint16_t step;      /* the statement */
  bool member;        /* they are a CTE of it */
  uint32_t alias;     /* of that */
  uint16_t *columns;  /* where in the statement's rows, by column; NULL: as it was */
  uint16_t *settings; /* by column: 1 + the number of the setting by which it is handed over; NULL: none is */
} Place;

typedef struct Uses { /* tables that a statement names */
  struct TableUse {
    Slice schema, name;
    bool written;
  } * tables;
  uint32_t n;
} Uses;

/* Write the query: canonical text, parameters numbered in order of appearance (the same Param once), columns.
 * `places`: of all steps, when they are to be renumbered; the query is that of step `self` then. `uses` may
 * be NULL. False: the parameters are more than a step can count. */
typedef struct EmitOptions {
  const PlanConfig *config;
  const Place *places;
  uint16_t self;
  Uses *uses;
} EmitOptions;
MUST bool emit_query(Arena *arena, Arena *scratch, const EmitOptions *options, const Query *q, Step *step);

#endif
