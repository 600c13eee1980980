/* Interrupt: Ctrl-C while Lua runs, also while it only computes and the loop is not turned.
 *
 *   interrupt_watch(arena, rt, &e)
 *   Interrupt x; interrupt_begin(&x, rt); runtime_run_file(...); if (interrupt_end(&x)) ...
 * The first Ctrl-C stops what runs, and still reaches whoever watched the signal before (loop_signal_new, for
 * what waits); the second kills the program. One at a time. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

#include "base/arena.h"
#include "runtime/runtime.h"

typedef struct Interrupt { /* all of it private */
  Runtime *rt;
  struct sigaction before;
  pthread_t thread; /* whose Lua it is */
  volatile sig_atomic_t n;
} Interrupt;

/* What waits for the loop when Ctrl-C comes ends, too, from now on until the arena's end. */
MUST bool interrupt_watch(Arena *a, Runtime *rt, Err *e);
void interrupt_begin(Interrupt *x, Runtime *rt);
bool interrupt_end(Interrupt *x); /* was there one? */

#endif
