#include "base/mem.h"
#include "loop/loop_private.h"

struct LoopWatch {
  uv_fs_event_t uv;
  LoopCall *call;
  void *ctx;
};

static void on_change(uv_fs_event_t *uv, const char *name, int events, int status) {
  loop_heard(uv->loop);
  LoopWatch *w = (LoopWatch *)uv;
  (void)name;
  (void)events;
  if (status == 0) w->call(w->ctx);
}

LoopWatch *loop_watch_new(Loop *l, const char *folder, LoopCall *call, void *ctx, Err *e) {
  LoopWatch *w = mem_zalloc(sizeof *w);
  if (!w) {
    err_oom(e);
    return NULL;
  }
  uv_fs_event_init(&l->uv, &w->uv); /* cannot fail */
  w->call = call;
  w->ctx = ctx;
  handle_quiet((uv_handle_t *)&w->uv, true);
  int status = uv_fs_event_start(&w->uv, on_change, folder, 0);
  if (!status) return w;
  loop_watch_free(w);
  loop_failed(e, "watch a folder", status);
  return NULL;
}

void loop_watch_free(LoopWatch *w) {
  if (w) handle_release((uv_handle_t *)&w->uv);
}
