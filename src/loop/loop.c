/* The loop itself: its life, its turns, and what is to be done soon. */
#include <assert.h>
#include <poll.h>

#include "base/mem.h"
#include "loop/loop_private.h"

enum {
  MAX_MISSES = 8
};

static void on_closed(uv_handle_t *h) {
  if (uv_handle_get_type(h) == UV_POLL) fd_closed(h);
  mem_free(h);
}

void handle_release(uv_handle_t *h) { uv_close(h, on_closed); }

void handle_quiet(uv_handle_t *h, bool quiet) { quiet ? uv_unref(h) : uv_ref(h); }

bool loop_failed(Err *e, const char *what, int status) {
  if (status == UV_ENOMEM) return err_oom(e);
  return err_set(e, ERR_INTERNAL, "The event loop cannot %s: %s", what, uv_strerror(status));
}

static bool loop_init(Loop *l, Err *e) {
  int status = uv_loop_init(&l->uv);
  if (status) return loop_failed(e, "start", status);
  l->uv.data = l;
  status = uv_async_init(&l->uv, &l->anchor, NULL);
  if (!status) return true;
  uv_loop_close(&l->uv);
  return loop_failed(e, "start", status);
}

bool loop_new(Loop **out, Err *e) {
  Loop *l = mem_zalloc(sizeof *l);
  if (!l) return err_oom(e);
  if (!loop_init(l, e)) {
    mem_free(l);
    return false;
  }
  l->processors = uv_available_parallelism();
  *out = l;
  return true;
}

static void close_handle(uv_handle_t *h, void *ctx) {
  Loop *l = ctx;
  if (uv_is_closing(h)) return;
  uv_close(h, h == (uv_handle_t *)&l->anchor ? NULL : on_closed);
}

void loop_free(Loop *l) {
  if (!l) return;
  assert(!l->turning);
  l->closing = true;
  uv_walk(&l->uv, close_handle, l);
  uv_run(&l->uv, UV_RUN_DEFAULT); /* closing is all that is left, and work on other threads */
  int status = uv_loop_close(&l->uv);
  assert(status == 0);
  (void)status;
  mem_free(l);
}

int64_t loop_clock_us(void) { return (int64_t)(uv_hrtime() / 1000); }

bool loop_turning(const Loop *l) { return l->turning; }

void loop_hope(Loop *l, uint32_t us) {
  if (l->processors > 1 && us > l->hope_us) l->hope_us = us;
}

/* ---- soon ---- */

void loop_soon(Loop *l, LoopSoon *s) {
  if (s->queued) return;
  s->queued = true;
  l->n_soon++;
  s->next = NULL;
  s->prev = l->last;
  *(l->last ? &l->last->next : &l->first) = s;
  l->last = s;
}

void loop_soon_cancel(Loop *l, LoopSoon *s) {
  if (!s->queued) return;
  s->queued = false;
  l->n_soon--;
  *(s->prev ? &s->prev->next : &l->first) = s->next;
  *(s->next ? &s->next->prev : &l->last) = s->prev;
}

/* What is queued meanwhile waits for the next turn. */
static bool run_soon(Loop *l) {
  uint32_t n = l->n_soon;
  for (uint32_t i = 0; i < n && l->first; i++) {
    LoopSoon *s = l->first;
    loop_soon_cancel(l, s);
    s->call(s->ctx);
  }
  return n > 0;
}

/* ---- turns ---- */

static bool alive(Loop *l) {
  uv_unref((uv_handle_t *)&l->anchor);
  bool yes = l->first || uv_loop_alive(&l->uv);
  uv_ref((uv_handle_t *)&l->anchor);
  return yes;
}

/* Look for events for so long. The first look is libuv's own: it tells the kernel what is watched. */
static bool look(Loop *l, uint32_t us) {
  struct pollfd kernel = {.fd = uv_backend_fd(&l->uv), .events = POLLIN};
  int64_t end = loop_clock_us() + us;
  uv_run(&l->uv, UV_RUN_NOWAIT);
  if (l->first || l->heard) return true;
  do {
    if (poll(&kernel, 1, 0) != 0) return true;
  } while (loop_clock_us() < end);
  return false;
}

/* After n looks in vain, 2^n - 1 hopes are passed over. */
static void hope(Loop *l) {
  uint32_t us = l->hope_us;
  l->hope_us = 0;
  if (!us) return;
  if (l->skips) {
    l->skips--;
    return;
  }
  l->misses = look(l, us) ? 0 : l->misses + (l->misses < MAX_MISSES);
  l->skips = (1u << l->misses) - 1;
}

bool loop_turn(Loop *l, bool wait) {
  assert(!l->turning);
  l->turning = true;
  l->heard = false;
  bool ran = run_soon(l), sleep = wait && !ran && alive(l) && !l->first;
  if (sleep) hope(l);
  sleep = sleep && !l->heard && !l->first && alive(l);
  uv_run(&l->uv, sleep ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  l->turning = false;
  return ran || alive(l);
}
