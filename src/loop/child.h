/* Child: another program, run to its end. Blocks, needs no loop, may be called on a worker thread. */
#ifndef LOOP_CHILD_H
#define LOOP_CHILD_H

#include "base/err.h"

typedef struct ChildRun {
  const char *const *argv;  /* [0]: looked for in PATH; ended by NULL */
  const char *name, *value; /* one more environment variable, which nobody sees in ps; NULL: none */
  int out;                  /* where its standard output goes; -1: nowhere */
} ChildRun;

/* True when it ended with status 0. Otherwise what it said on standard error is the message (ERR_IO); a
 * program that is not there is one, too. Its standard input is empty. */
MUST bool child_run(const ChildRun *run, Err *e);

#endif
