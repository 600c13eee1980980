/* Filters: from a table of conditions to one expression. filter.c has the words that join conditions and
 * relations; filter_scalar.c the operators of scalar fields and lists; filter_json.c those of Json fields.
 * All of them return false with an error set; *out NULL means "no condition". Private to plan. */
#ifndef PLAN_FILTER_H
#define PLAN_FILTER_H

#include "plan/build.h"

/* What the operators of one field look at. */
typedef struct Target {
  Builder *b;
  const Model *model; /* field references must be of it ... */
  uint32_t alias;     /* ... and are read from here */
  const Field *field; /* its type decides which operators there are; an aggregate has a made-up one */
  Expr *expr;         /* the column, or an aggregate of it */
  bool insensitive;
  bool negative;   /* a NOT stands above: what does not apply must be unknown, not false */
  Expr **searched; /* search looks into all of these columns at once ... */
  uint32_t n_searched;
  bool search_done; /* ... and so is done for this one */
  bool aggregate;   /* may be NULL whatever the field says */
} Target;

/* The condition of `arg` (a value, or a table of operators) on the target. */
bool filter_target(const Target *t, const Path *at, const Arg *arg, Expr **out);
bool filter_json(const Target *t, const Path *at, const Arg *operators, Expr **out);

/* The right side of an operator: a parameter, a literal boolean, or the column of a field reference. With
 * `list`, a list of such values. NULL: an error was set. */
Expr *filter_operand(const Target *t, const Path *at, const Arg *value, bool list);
/* The column of a field reference of exactly this type; type: a scalar's or enum's name. */
Expr *filter_reference(const Target *t, const Path *at, const Arg *value, const Field *like, bool list);
/* Does x begin with, end with or contain this text of another column? */
Expr *filter_find_text(const Target *t, Transform how, Expr *x, Expr *text);
bool filter_mode(Builder *b, const Path *at, const Arg *table, bool *insensitive);
/* Full-text search: the words of `value`, and the document that the columns make. */
Expr *filter_tsquery(Builder *b, const Path *at, const Arg *value);
Expr *filter_tsvector(Builder *b, uint32_t n, Expr *const columns[]);

#endif
