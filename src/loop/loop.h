/* Loop: the border to libuv, whose header is included nowhere else. One thread; everything below belongs to
 * the loop it was made for. Callbacks come from loop_turn, never from inside one of these calls.
 *
 *   Loop *l; loop_new(&l, &e);
 *   ... watch descriptors, start timers, give work away ...
 *   while (!done) if (!loop_turn(l, true)) break;      false: nothing is left that could ever happen
 *   loop_free(l);                                      what was not freed is closed, its callbacks never come
 *
 * Handles keep the loop alive (loop_turn returns true and waits for them) unless they are quiet: a pool's
 * idle connection and its timers are. A handle may be freed inside its own callback; its memory goes when
 * libuv lets it go, so freeing never waits. */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

#include "base/err.h"

typedef struct Loop Loop;

MUST bool loop_new(Loop **out, Err *e);
void loop_free(Loop *l);     /* NULL is fine */
int64_t loop_clock_us(void); /* monotonic, microseconds */
/* One turn: what is due now; with `wait`, sleeps until something is. Never call it from a callback. */
bool loop_turn(Loop *l, bool wait);
bool loop_turning(const Loop *l); /* inside loop_turn: a callback is running */
/* An answer is on its way that may come within `us` microseconds, sooner than a sleep and a wake take: the
 * next turn that would sleep looks for it so long first. Where looking has been in vain, fewer and fewer
 * hopes are heeded; with a single processor, none. */
void loop_hope(Loop *l, uint32_t us);

/* ---- descriptors: readiness only, reading and writing are the owner's ---- */
typedef struct LoopFd LoopFd;
enum {
  LOOP_READ = 1,
  LOOP_WRITE = 2
};
typedef void LoopReady(void *ctx, int events); /* events: LOOP_READ, LOOP_WRITE; both on an error */

MUST LoopFd *loop_fd_new(Loop *l, int fd, LoopReady *ready, void *ctx, Err *e); /* watches nothing yet */
void loop_fd_watch(LoopFd *f, int events);                                      /* 0: nothing */
void loop_fd_quiet(LoopFd *f, bool quiet);
void loop_fd_free(LoopFd *f); /* NULL is fine. The descriptor stays open; close it when you like */

/* ---- timers ---- */
typedef struct LoopTimer LoopTimer;
typedef void LoopCall(void *ctx);

MUST LoopTimer *loop_timer_new(Loop *l, LoopCall *due, void *ctx, Err *e);
void loop_timer_start(LoopTimer *t, int64_t ms); /* once, from now; again: starts anew */
void loop_timer_stop(LoopTimer *t);
void loop_timer_quiet(LoopTimer *t, bool quiet);
void loop_timer_free(LoopTimer *t); /* NULL is fine */

/* ---- soon: something to be done from the next turn, without memory of its own ---- */
typedef struct LoopSoon { /* embed it; private but for `call` and `ctx`, which are the owner's to set */
  LoopCall *call;
  void *ctx;
  struct LoopSoon *next, *prev;
  bool queued;
} LoopSoon;
void loop_soon(Loop *l, LoopSoon *s); /* queued once, however often asked; keeps the loop awake */
void loop_soon_cancel(Loop *l, LoopSoon *s);

/* ---- signals ---- */
typedef struct LoopSignal LoopSignal;
MUST LoopSignal *loop_signal_new(Loop *l, int signal, LoopCall *call, void *ctx, Err *e); /* quiet */
void loop_signal_free(LoopSignal *s);                                                     /* NULL is fine */

/* ---- folders: something in it was made, written, renamed or removed; quiet ---- */
typedef struct LoopWatch LoopWatch;
MUST LoopWatch *loop_watch_new(Loop *l, const char *folder, LoopCall *call, void *ctx, Err *e);
void loop_watch_free(LoopWatch *w); /* NULL is fine */

/* ---- work on another thread: run(ctx) there, then done(ctx) from the loop; or release(ctx), when the loop
 * is freed before (NULL: nothing is to be released) ---- */
MUST bool loop_work(Loop *l, LoopCall *run, LoopCall *done, LoopCall *release, void *ctx, Err *e);

#endif
