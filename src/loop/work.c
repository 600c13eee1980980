#include "base/mem.h"
#include "loop/loop_private.h"

typedef struct Work {
  uv_work_t uv;
  Loop *loop;
  LoopCall *run, *done, *release;
  void *ctx;
} Work;

static void on_thread(uv_work_t *uv) {
  Work *w = (Work *)uv;
  w->run(w->ctx);
}

static void on_done(uv_work_t *uv, int status) {
  Work *w = (Work *)uv;
  (void)status;
  loop_heard(uv->loop);
  LoopCall *end = w->loop->closing ? w->release : w->done;
  if (end) end(w->ctx);
  mem_free(w);
}

bool loop_work(Loop *l, LoopCall *run, LoopCall *done, LoopCall *release, void *ctx, Err *e) {
  Work *w = mem_zalloc(sizeof *w);
  if (!w) return err_oom(e);
  w->loop = l;
  w->run = run;
  w->done = done;
  w->release = release;
  w->ctx = ctx;
  int status = uv_queue_work(&l->uv, &w->uv, on_thread, on_done);
  if (!status) return true;
  mem_free(w);
  return loop_failed(e, "start work on a thread", status);
}
