#include "base/mem.h"
#include "loop/loop_private.h"

struct LoopSignal {
  uv_signal_t uv;
  LoopCall *call;
  void *ctx;
};

static void on_signal(uv_signal_t *uv, int number) {
  loop_heard(uv->loop);
  LoopSignal *s = (LoopSignal *)uv;
  (void)number;
  s->call(s->ctx);
}

LoopSignal *loop_signal_new(Loop *l, int signal, LoopCall *call, void *ctx, Err *e) {
  LoopSignal *s = mem_zalloc(sizeof *s);
  if (!s) {
    err_oom(e);
    return NULL;
  }
  int status = uv_signal_init(&l->uv, &s->uv);
  if (status) {
    mem_free(s);
    loop_failed(e, "watch a signal", status);
    return NULL;
  }
  s->call = call;
  s->ctx = ctx;
  handle_quiet((uv_handle_t *)&s->uv, true);
  status = uv_signal_start(&s->uv, on_signal, signal);
  if (!status) return s;
  loop_signal_free(s);
  loop_failed(e, "watch a signal", status);
  return NULL;
}

void loop_signal_free(LoopSignal *s) {
  if (s) handle_release((uv_handle_t *)&s->uv);
}
