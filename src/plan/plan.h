/* Plan: what to send, and how to read the answer. Immutable; a straight line of steps (statements), in
 * flights. Made from schema + call by plan_build, which knows nothing of servers: all of it tests offline.
 *
 * Running one (engine/exec): the steps of a flight go out together; the next flight starts when all answers
 * of the one before are in. A step is skipped, and counts as having no rows, when its guard does not hold, or
 * when a step from which it takes a cell or keys has no rows. All steps are one segment, so they stand or
 * fall together; a check that fails undoes all and is the call's error. */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/err.h"
#include "plan/shape.h"

typedef enum ParamSource {
  PARAM_LEAF,  /* leaf `leaf` of the call */
  PARAM_ITEMS, /* key `key` of every element of list leaf `leaf` (ASK_COLUMNS), as an array */
  PARAM_SLOT,  /* generated value `slot` of the call (uuid, now ...) */
  PARAM_CELL,  /* cell (step, column) of that step's first row, as it came */
  PARAM_KEYS, /* column (step, column) of all its rows, as an array, as it came; duplicates and NULLs left out
                 when it is the only KEYS parameter of the step, else kept (columns must stay aligned) */
  PARAM_CONST,   /* text `key` */
  PARAM_EXPECTED /* how many different elements list leaf `leaf` has */
} ParamSource;

typedef enum Transform {
  AS_IS,
  AS_LIKE_CONTAINS,
  AS_LIKE_STARTS,
  AS_LIKE_ENDS, /* %, _ and \ escaped, then wrapped */
  AS_JSON,      /* the argument as a JSON document (JSON null and dbNull told apart by the planner) */
  AS_JSON_TEXT, /* a string as it is: already JSON text */
  AS_ARRAY_TEXT /* a list as the text of an array of the field's type: rows of lists have no other form */
} Transform;

typedef struct Param {
  uint8_t source, transform;
  uint8_t type;  /* TypeId; TYPE_ENUM with enum_ */
  bool array;    /* a list leaf as an array; always so for ITEMS and KEYS */
  bool required; /* NULL does not fit: leaf_value refuses it */
  bool optional; /* CELL: NULL when that step has no rows, instead of skipping this one */
  uint32_t leaf;
  uint16_t step, column;
  uint16_t slot;
  Slice key;
  const Enum *enum_;
  const Field *field; /* for range checks (native type) and messages; may be NULL */
} Param;

typedef enum GuardKind {
  GUARD_NONE,
  GUARD_ROWS /* the step ran and has rows */,
  GUARD_NO_ROWS /* it ran and has none */
} GuardKind;
typedef enum CheckKind {
  CHECK_NONE,
  CHECK_SOME,  /* at least one row (or row affected) */
  CHECK_COUNT, /* exactly `count` rows; or as many as list leaf `count_leaf` has elements, duplicates once */
  CHECK_NO_ROWS
} CheckKind;

typedef struct Check {
  CheckKind kind;
  uint32_t count, count_leaf; /* count_leaf: ARG_NO_LEAF when unused */
  bool
      in_row; /* how many there were is said by the cell `column` of the step's row; else: rows of the step */
  uint16_t column; /* NULL there: nothing was looked for, and nothing is missing */
  ErrCode code;
  Slice message, cause; /* Prisma's words; cause goes to meta.cause. "{found}" and "{expected}" are put in */
  Slice target;         /* meta.target: fields, comma-separated */
  bool fatal; /* what was written must not stay: a transaction that it fails in cannot be committed */
} Check;

typedef struct Step {
  Slice sql;     /* NUL-terminated */
  uint64_t hash; /* of sql: the prepared statement's name */
  Param *params;
  uint16_t n_params;
  Column *columns;
  uint16_t n_columns;
  uint16_t flight; /* never less than the step's before */
  GuardKind guard;
  uint16_t guard_step;
  Check *checks;
  uint16_t n_checks;
  bool reversed; /* its rows are to be read last first */
  bool counts;   /* its affected rows add to RESULT_AFFECTED */
  bool unnamed;  /* do not prepare: its text is one of very many */
  bool apart;    /* not sent with the others: a COPY, the last thing that a call does; settings of none */
  bool writes;
} Step;

typedef struct SlotSpec { /* a generated value, made once per call */
  DefaultKind kind;       /* NOW, UUID, CUID, NANOID, ULID */
  int version, length;
  TypeId type;
  uint32_t rows_leaf; /* as many values as that list leaf has elements (an array); ARG_NO_LEAF: one */
} SlotSpec;

typedef struct CopyColumn { /* of the rows that are copied in */
  Param param;              /* what fits; its slot, when the client makes the default */
  bool generated;
  bool by_database;     /* only that knows the default */
  const Arg *otherwise; /* the default, where it is a value; NULL: none */
  uint16_t element;     /* of an array whose type has no oid: the column of step 1 that tells it */
} CopyColumn;

typedef struct Merged { /* a findUnique for many values of one parameter, its key; all others are the same */
  Step step;            /* the last column is a key's place in the list, from 1 */
  uint16_t key;         /* the parameter, in the call's own step */
  uint16_t
      *from; /* by the parameters of `step`: which of the call's own it is; the key: all keys, as a list */
} Merged;

typedef struct Plan {
  const Model *model;
  CallAction action;
  Step *steps;
  uint16_t n_steps, n_flights;
  SlotSpec *slots;
  uint16_t n_slots;
  ResultKind result;
  uint16_t result_step, more_steps; /* so many more behind that one have further rows of the result */
  Record *record;
  CopyColumn *copied; /* copyIn */
  uint16_t n_copied;
  bool copies; /* copyIn, copyOut: step 0 tells the columns' types; the last step is the COPY */
  bool writes;
  bool locks;     /* rows, until the transaction ends: it needs one */
  bool gated;     /* one statement writes, and does nothing where a check fails: nothing has to be undone */
  bool races;     /* it creates what it did not find: when another was faster, it is worth another try */
  Merged *merged; /* or NULL: this findUnique for a list of keys */
  bool snapshot;  /* several reads: begin with one snapshot */
  bool must_find; /* RESULT_ROW: nothing found is `missing` */
  Check missing;
  bool uncached;       /* an answer was unbounded: do not keep this plan */
  Question *questions; /* the path, in order, with its answers */
  Slice *answers;
  uint32_t n_questions;
} Plan;

typedef struct PlanConfig {
  const Schema *schema;
  Slice default_schema; /* for tables without @@schema: ?schema= of the URL, or "public" */
  const Arg *omit;      /* the client's global omit: { User = { password = true } }, or NULL */
} PlanConfig;

/* Plan a call. The plan lives in `arena`; `scratch` (the request's) holds the working tree;
 * both are protected here, out of memory is an error like others.
 * Errors: ERR_VALIDATION with path and suggestion. `args` is the root table (ARG_EMPTY when none was given)
 * and has been scanned into `shape`. */
MUST bool plan_build(Arena *arena, Arena *scratch, const PlanConfig *config, const Model *model,
                     CallAction action, Arg *args, Shape *shape, Plan **out, Err *e);

/* A leaf (or one element of it) as the value that the column type wants, checked: ranges, enum values, UTF-8,
 * NUL bytes, dates, decimals, JSON. plan uses it to check, engine to encode: one author of what fits.
 * `scratch` holds what the value points to (protected by the caller). Error: ERR_VALIDATION without a path.
 */
MUST bool leaf_value(Arena *scratch, const Arg *arg, const Param *param, Value *out, Err *e);

/* The call, its SQL and its parameters as text, for goldens and explain. */
void plan_print(Buf *to, const Plan *plan, const Shape *shape);

#endif
