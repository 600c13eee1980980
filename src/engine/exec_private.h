/* Run: what exec.c (its life) and exec_send.c (what goes out of it, and when) share. */
#ifndef ENGINE_EXEC_PRIVATE_H
#define ENGINE_EXEC_PRIVATE_H

#include "engine/engine_private.h"

typedef struct Sent { /* statement i of the segment */
  Request *request;   /* NULL: a statement of the run's own */
  uint16_t step;
} Sent;

struct Run {
  Engine *engine;
  Run *next, *prev;
  Request **requests;
  uint32_t n;
  const Statement *opening; /* sets the isolation, or NULL */
  Statement identity;       /* who the calls are made as; without text: as whom the pool connects */
  Cell *identity_cells;
  uint32_t n_identity_cells;
  Conn *conn;
  Segment *segment;
  PoolWait *wait;
  LoopSoon soon; /* it could not begin; or there was nothing to send */
  bool leased, closing;
  bool begins; /* a BEGIN went out before its statements */
  unsigned tries;
  Sent *sent;
  uint32_t n_sent, n_answered;
  uint32_t at;     /* request that is being sent */
  uint16_t flight; /* its next flight */
  int64_t sent_at;
  Request *culprit; /* whose check failed; its err is filled */
  Request *hurried; /* whose deadline is the first, or NULL */
  LoopTimer *timer; /* for that */
  bool late;        /* it has passed: the server is given a moment (run_grace) */
  bool expired;     /* the callers have heard so */
};

/* Begin the segment: what goes before the statements of the requests. `begins`: a BEGIN is part of that. */
MUST bool run_send_opening(Run *run, bool begins, Err *e);
/* Send as much as can go out before an answer is needed. */
MUST bool run_send(Run *run, Err *e);
/* A check failed in a transaction, which goes on: the rest of the call is not sent. */
MUST bool run_cut_short(Run *run, Err *e);

/* Rows that a step has given, or touched. */
uint32_t step_rows(const StepState *state);

#endif
