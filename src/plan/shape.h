/* Shape: what of a call decides its SQL, apart from what is only a value in it. One of the two headers of
 * vocabulary (actions, shape, result shape); see docs/architecture.md, stations 3-5 and 8.
 *
 * Structure = the call's nested tables: their classes and keys in table order, as bytes. Everything else is a
 * leaf, numbered in order of appearance: every scalar; every list; every table under a name that is a Json
 * field of some model; every table marked by lorm.object where it is empty. The planner learns about a leaf
 * only by asking a question; the log of its questions and answers is the path under which its plan is found
 * again. Question and lookup share shape_answer, so that they cannot differ. */
#ifndef PLAN_SHAPE_H
#define PLAN_SHAPE_H

#include "base/arg.h"
#include "base/buf.h"
#include "psl/schema.h"

typedef enum CallAction {
#define CALL(name, id, what) CALL_##id,
#include "plan/actions.def"
#undef CALL
  CALL_ACTIONS
} CallAction;

const char *action_name(CallAction a);
bool action_writes(CallAction a);
bool action_find(Slice name, CallAction *out);

/* How the structure spells a leaf. What a tag tells needs no question. */
typedef enum LeafTag {
  LEAF_SCALAR = 's',
  LEAF_LIST = 'l',         /* at least one element */
  LEAF_EMPTY = 'e',        /* {} */
  LEAF_EMPTY_LIST = 'a',   /* lorm.array {} */
  LEAF_EMPTY_OBJECT = 'o', /* lorm.object {} */
  LEAF_OPAQUE = 'j',       /* any table under the name of a Json field, or inside an expanded one of these */
  LEAF_EXPANDED = 'x'      /* a list or opaque table that ASK_EXPAND has opened */
} LeafTag;

/* Scopes: which rows of a model exist for a client (db:extends { scopes = ... }). They belong to whoever
 * calls, and must stay until the call is encoded; a scan numbers their leaves anew. */
typedef enum ScopeKind {
  SCOPE_UNKNOWN, /* nobody has said yet: a call that meets the model fails, and Shape.unknown says so */
  SCOPE_ALL,
  SCOPE_WHERE
} ScopeKind;

typedef struct ModelScope {
  ScopeKind kind;
  Arg where;           /* SCOPE_WHERE: a table of conditions */
  const Field *marker; /* what a delete sets, instead of deleting; or NULL */
} ModelScope;

typedef struct Scopes {
  ModelScope *of; /* by Model.index */
  uint32_t n;
} Scopes;

typedef struct Shape {
  Scopes *scopes;       /* NULL: everything exists */
  const Model *unknown; /* the first model that was asked about whose scope is not known */
  Buf structure;
  Arg **leaves;
  uint8_t *tags; /* LeafTag of each */
  uint32_t n_leaves;
} Shape;

/* Number the leaves of `root` and write its structure. Everything goes into the arena (protected). */
void shape_scan(Shape *s, Arena *a, const Map *json_names, Arg *root);

typedef enum AskKind {
  ASK_KIND,     /* the ArgKind; of a list: the set of its elements' kinds, as bits */
  ASK_LITERAL,  /* kind and exact value of a scalar */
  ASK_TEST,     /* a ShapeTest */
  ASK_ELEMENTS, /* a list of strings, whole (positional select, by, distinct) */
  ASK_COLUMNS, /* a list of tables: their one key set, when they share it and hold scalars or lists only; else
                  "" */
  ASK_SAME,    /* is this scalar the same as that of leaf `other`? */
  ASK_EXPAND,  /* a list (or an opaque table): its structure; its own leaves join the call's leaves */
  ASK_SCOPE    /* of `model`: its kind, marker and structure; its leaves join the call's leaves */
} AskKind;

typedef enum ShapeTest {
  TEST_SIGN /* of an integer: -1, 0, 1 */,
  TEST_EMPTY /* list or string */,
  TEST_ONE,    /* list of exactly one */
  TEST_TSQUERY /* a string that to_tsquery takes: words joined by operators */
} ShapeTest;

typedef struct Question {
  uint8_t kind; /* AskKind */
  uint8_t test; /* ShapeTest */
  uint32_t leaf;
  uint32_t other;     /* ASK_SAME */
  const Model *model; /* ASK_SCOPE */
} Question;

/* One more leaf, not of the call itself. */
void shape_add(Shape *s, Arena *a, Arg *list);

/* The answer as bytes, in the arena. ASK_EXPAND and ASK_SCOPE append leaves: ask them once per leaf, or
 * model, and call. */
Slice shape_answer(Shape *s, Arena *a, const Map *json_names, Question q);

/* ---- Result shape: how rows become tables. Made by plan, read by runtime/rows. ---- */

typedef enum SlotKind {
  SLOT_COLUMN, /* a cell */
  SLOT_RECORD, /* a table made of cells of the same row: a to-one joined flat, _count, _avg ... */
  SLOT_ONE,    /* the row of another step that belongs to this one, or absent */
  SLOT_MANY    /* the list of such rows, perhaps empty */
} SlotKind;

typedef struct Record Record;

typedef struct Link { /* rows of step `step` whose child_cols equal this row's parent_cols */
  uint16_t step;
  uint16_t n_cols;
  uint16_t *parent_cols, *child_cols;
  Record *record;
} Link;

typedef struct Slot {
  Slice key; /* NUL-terminated; lives as long as the plan */
  SlotKind kind;
  uint16_t column; /* SLOT_COLUMN */
  Record *record;  /* SLOT_RECORD */
  Link *link;      /* SLOT_ONE, SLOT_MANY */
} Slot;

struct Record {
  Slot *slots; /* in the order in which JSON and the REPL show them */
  uint16_t n_slots;
  bool optional; /* SLOT_RECORD: absent when the cell `present` is NULL */
  uint16_t present;
};

typedef enum ResultKind {
  RESULT_ROW,     /* the first row as a table, or nothing */
  RESULT_ROWS,    /* a list */
  RESULT_COUNT,   /* the first cell of the first row: an integer */
  RESULT_EXISTS,  /* true when the step has a row */
  RESULT_AFFECTED /* { count = n }: the sum of rows affected by the steps marked `counts` */
} ResultKind;

typedef struct Column { /* of a step's rows */
  TypeId type;
  bool array;
  const Enum *enum_; /* non-NULL when labels must be turned into the client's names (@map) */
} Column;

#endif
