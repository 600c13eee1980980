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
};

void handle_release(uv_handle_t *h); /* its memory goes when libuv has let go of it */
void fd_closed(uv_handle_t *h);      /* what a LoopFd has besides memory goes */
void handle_quiet(uv_handle_t *h, bool quiet);
bool loop_failed(Err *e, const char *what, int status); /* fills e from a libuv status; returns false */

#endif
