/* Residue: what a caller's own text may leave in its session beyond its transaction: settings, temporary
 * tables, locks, cursors. The words of a text say what they can; what a function or a trigger did, only the
 * server knows. It is asked after a text that is new, and now and then after one that is known. */
#ifndef PG_RESIDUE_H
#define PG_RESIDUE_H

#include "base/slice.h"

typedef enum Residue {
  RESIDUE_NONE,
  RESIDUE_PERHAPS,
  RESIDUE_CERTAIN
} Residue;

Residue residue_of(Slice sql); /* by its words alone */

enum {
  RESIDUE_KNOWN = 1024, /* texts remembered; a power of two */
  RESIDUE_ASKED = 8     /* of which one answer tells */
};

typedef struct Residues { /* what was learnt, of all connections of a pool; zeroed at first */
  uint64_t texts[RESIDUE_KNOWN];
  uint8_t uses[RESIDUE_KNOWN]; /* since the server was asked; RESIDUE_LEAVES: it left something */
} Residues;

typedef struct Suspects { /* texts that ran on a connection since it was as new */
  Residue residue;
  bool undone;                   /* something was rolled back: that nothing is left says little of them */
  uint64_t texts[RESIDUE_ASKED]; /* that only the server can tell of */
  uint32_t n;
} Suspects;

void residue_note(Residues *known, Suspects *suspects, Slice sql); /* it is sent */
/* What the server said of them; they are forgotten. */
void residue_learn(Residues *known, Suspects *suspects, bool left);

#endif
