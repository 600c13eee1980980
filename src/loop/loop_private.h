/* What the files of loop share. Every handle is one mem block that begins with libuv's own struct, so that
 * one function lets any of them go. */
#ifndef LOOP_PRIVATE_H
#define LOOP_PRIVATE_H

#include <uv.h>

#include "loop/loop.h"

struct Loop {
  uv_loop_t uv;
  uv_async_t anchor;      /* always active: libuv polls quiet handles only while it believes itself alive */
  LoopSoon *first, *last; /* to be done soon */
  uint32_t n_soon;
  bool turning, closing;
  bool heard; /* a callback came in this turn */
  uint32_t processors;
  uint32_t hope_us;       /* how long the next turn may look for what is on its way, before it sleeps */
  uint32_t misses, skips; /* looks in vain, one after the other; hopes that are passed over for that */
};

/* Every callback says so first: then the turn does not sleep any more. */
static inline void loop_heard(const uv_loop_t *uv) { ((Loop *)uv->data)->heard = true; }

void handle_release(uv_handle_t *h); /* its memory goes when libuv has let go of it */
void fd_closed(uv_handle_t *h);      /* what a LoopFd has besides memory goes */
void handle_quiet(uv_handle_t *h, bool quiet);
bool loop_failed(Err *e, const char *what, int status); /* fills e from a libuv status; returns false */

#endif
