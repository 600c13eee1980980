#include "base/mem.h"
#include "loop/loop_private.h"

struct LoopTimer {
  uv_timer_t uv;
  LoopCall *due;
  void *ctx;
};

/* Timers come before the poll: something has happened then, so this turn may not sleep (libuv knows only
 * whether handles are active, and the loop's anchor always is). */
static void on_due(uv_timer_t *uv) {
  LoopTimer *t = (LoopTimer *)uv;
  loop_heard(uv->loop);
  uv_stop(uv->loop);
  t->due(t->ctx);
}

LoopTimer *loop_timer_new(Loop *l, LoopCall *due, void *ctx, Err *e) {
  LoopTimer *t = mem_zalloc(sizeof *t);
  if (!t) {
    err_oom(e);
    return NULL;
  }
  uv_timer_init(&l->uv, &t->uv); /* cannot fail */
  t->due = due;
  t->ctx = ctx;
  return t;
}

/* libuv counts from the time it last looked at, which may be long ago when the owner was busy. */
void loop_timer_start(LoopTimer *t, int64_t ms) {
  uv_update_time(t->uv.loop);
  uv_timer_start(&t->uv, on_due, ms > 0 ? (uint64_t)ms : 0, 0);
}

void loop_timer_stop(LoopTimer *t) { uv_timer_stop(&t->uv); }

void loop_timer_quiet(LoopTimer *t, bool quiet) { handle_quiet((uv_handle_t *)&t->uv, quiet); }

void loop_timer_free(LoopTimer *t) {
  if (t) handle_release((uv_handle_t *)&t->uv);
}
