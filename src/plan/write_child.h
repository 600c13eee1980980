/* Children: rows that point to the written row, or that a join table ties to it. Private to the files of
 * nested writes: write_tie.c (how they are tied), write_add.c and write_change.c (the verbs), write_child.c
 * (which verbs there are). Errors as in build.h. */
#ifndef PLAN_WRITE_CHILD_H
#define PLAN_WRITE_CHILD_H

#include "plan/write.h"

static inline bool is_joined(const Nested *x) { return x->field->relation->kind == RELATION_MANY_TO_MANY; }
static inline bool is_single(const Nested *x) { return x->field->arity != ARITY_LIST; }
static inline bool is_required(const Nested *x) { return x->back && x->back->arity == ARITY_REQUIRED; }

/* write_tie.c */
Row *tie_rows(const Nested *x, const Scope *s);   /* the scope's rows point to the row */
void untie_rows(const Nested *x, const Scope *s); /* they point nowhere */
void join_row(const Nested *x, Row *child);
void join_rows(const Nested *x, const Scope *s);
/* The join table's rows: all of the row's (s is NULL), those of the scope, or those of all others. */
void unjoin_rows(const Nested *x, const Scope *s, bool others);
/* Every row that is tied to this one, unless it is of `except`, is let go: a required one may not be. */
void release(const Nested *x, const Scope *except);
/* { { id = 1 }, { id = 2 } }: rows of one statement, however many. *s: their scope, of hidden rows too; false
 * in *simple: no such list. */
MUST bool key_list(const Nested *x, const Path *at, const Arg *value, Scope *s, bool *simple);
/* The rows of one or several unique wheres, as one scope. */
MUST bool any_of(const Nested *x, const Path *at, const Arg *value, Scope *s, bool *simple);

/* write_add.c */
MUST bool make_one(const Nested *x, const Path *at, const Arg *value); /* a child, whatever else is tied */
Check connect_check(const Nested *x, const Arg *list); /* all of `list` (NULL: one) were found */
MUST bool child_create(const Nested *x, const Path *at, const Arg *value);
MUST bool child_create_many(const Nested *x, const Path *at, const Arg *value);
MUST bool child_connect(const Nested *x, const Path *at, const Arg *value);
MUST bool child_connect_or_create(const Nested *x, const Path *at, const Arg *value);

/* write_change.c; set = {} comes before anything is added, any other set after. */
MUST bool child_disconnect(const Nested *x, const Path *at, const Arg *value);
MUST bool child_set_empty(const Nested *x, const Path *at, const Arg *value);
MUST bool child_set(const Nested *x, const Path *at, const Arg *value);
MUST bool child_update(const Nested *x, const Path *at, const Arg *value);
MUST bool child_update_many(const Nested *x, const Path *at, const Arg *value);
MUST bool child_upsert(const Nested *x, const Path *at, const Arg *value);
MUST bool child_delete(const Nested *x, const Path *at, const Arg *value);
MUST bool child_delete_many(const Nested *x, const Path *at, const Arg *value);

#endif
