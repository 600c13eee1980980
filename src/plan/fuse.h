/* Fusing: the steps of a write that may be one statement become one, of CTEs. Private to fuse*.c.
 *
 *   INSERT user RETURNING id        WITH t5 (c1) AS (INSERT user RETURNING id),
 *   INSERT post (authorId = cell)     t6 AS (INSERT post SELECT ..., t5.c1 FROM t5)
 *   SELECT user by id               SELECT set_config('lorm.k0', '=' || t5.c1, TRUE) FROM t5
 *                                   SELECT user WHERE id = substr(current_setting('lorm.k0'), 2)
 *
 * The parts of such a statement see the tables as they were before it, and run in no order but that of what
 * they take from each other. So a step is fused with those before it only where that makes no difference:
 *
 *   checks    come first, as reads with a lock; a gate counts what they found, and whatever writes selects
 *             from it. The counts are returned: nothing raises in SQL, a transaction goes on.
 *   order     rows that are inserted into one table are so in the order of the steps, by an explicit
 *             dependency. A step that reads or changes a table which an earlier one writes, or inserts where
 *             one has changed (a unique value may have become free), begins a statement of its own.
 *   once      hence no row is written twice. A row that has children is a part of its own, so that they find
 *             it by name, not by its place among what is returned.
 *   branches  steps of which only one can run do not disturb each other.
 *
 * What other statements take of a row is handed over by a setting of the transaction, so that they need not
 * wait for an answer; where it may be missing, and they would do something without it, they do wait. */
#ifndef PLAN_FUSE_H
#define PLAN_FUSE_H

#include "plan/build.h"

typedef struct Part { /* a step, as it was planned */
  Query *query;
  Step *step;
  Uses uses;
  Query *look;      /* the read that a check of a write needs in its place; NULL: its own rows are counted */
  Step look_step;   /* of that */
  bool asked, keys; /* others take cells of it or ask whether it has rows; take all its rows */
  bool alone;       /* fusing it has turned out wrong */
  bool early;       /* in its statement: it depends on nothing that is written there */
  uint16_t group;
} Part;

typedef struct Fuse {
  Builder *b;
  Part *parts;
  uint16_t n;
  uint16_t *first; /* of each group; one more at the end */
  uint16_t n_groups;
  Place *places; /* of each part */
} Fuse;

/* fuse_group.c: which steps become one statement. */
void fuse_group(Fuse *f);
bool fuse_is_bare(const Query *q);                        /* nothing can be said of when it runs */
bool fuse_is_sure(const Fuse *f, uint16_t i);             /* it has a row, unless a check fails */
bool fuse_inserts(const Fuse *f, uint16_t i, uint16_t j); /* both, into one table */

#endif
