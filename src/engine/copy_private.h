/* Copy: what copy.c (both ways, and out), copy_in.c (in) and copy_rows.c (rows as bytes) share. */
#ifndef ENGINE_COPY_PRIVATE_H
#define ENGINE_COPY_PRIVATE_H

#include "engine/engine_private.h"

typedef struct CopyPiece { /* bytes of rows; what was needed to make them is in the arena, too */
  Arena *arena;
  Buf bytes;
} CopyPiece;

struct Copy {
  Engine *engine; /* NULL: the copy is over, and holds nothing but this */
  Tx *tx;
  Copy *next; /* another of the same transaction */
  Conn *conn;
  Segment *segment; /* NULL: out: it has ended; in: none has begun, or all have ended */
  Request *call;    /* whose plan and types it works by; owned */
  Request *step;    /* under way, or NULL */
  LoopSoon soon;
  bool in;
  bool failed; /* err */
  int64_t affected, since;
  Err err;
  /* out */
  bool begun; /* the header was read */
  Result *batch;
  /* in */
  CopyTypes *types;
  CopyPiece pieces[2];
  CopyPiece *making, *going; /* rows are added to the one, the other is sent */
  bool headed;               /* the COPY that `making` is for has its header */
  bool ready;                /* the server takes data */
  bool sending, ending;      /* `going` waits for that; behind it the COPY ends */
  bool stepped;              /* what step brought is on its way */
  uint64_t rows;             /* made so far */
  int64_t first;             /* when the first of `making` was made */
};

extern const SegmentOps copy_ops;
void copy_fail(Copy *c, const Err *e);
void copy_step_finish(Copy *c);

MUST bool copy_in_new(Copy *c, Err *e);
void copy_in_free(Copy *c);
void copy_in_ready(Copy *c);
void copy_in_go(Copy *c);   /* begin what the step asks for */
void copy_in_done(Copy *c); /* its segment has ended */

/* How the columns are encoded, by what the server says of them. */
MUST bool copy_types(Request *call, CopyTypes **out, Err *e);
/* The cells that were given as the next row of c->making. */
MUST bool copy_encode(Copy *c, Err *e);

#endif
