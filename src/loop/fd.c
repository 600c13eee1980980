#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/mem.h"
#include "loop/loop_private.h"

struct LoopFd {
  uv_poll_t uv;
  LoopReady *ready;
  void *ctx;
  int fd; /* a duplicate: libpq closes its own when a connection breaks, and libuv aborts over a closed one */
  int events; /* watched now */
};

static void watch(LoopFd *f, uv_poll_cb call) {
  uv_poll_start(&f->uv,
                (f->events & LOOP_READ ? UV_READABLE : 0) | (f->events & LOOP_WRITE ? UV_WRITABLE : 0), call);
}

/* After an error libuv watches no more; but there may be bytes to read before the owner meets it. */
static void on_ready(uv_poll_t *uv, int status, int events) {
  LoopFd *f = (LoopFd *)uv;
  int ready = (events & UV_READABLE ? LOOP_READ : 0) | (events & UV_WRITABLE ? LOOP_WRITE : 0);
  loop_heard(uv->loop);
  if (status < 0) watch(f, on_ready);
  f->ready(f->ctx,
           status < 0 ? LOOP_READ | LOOP_WRITE : ready); /* the owner's read or write says what it is */
}

LoopFd *loop_fd_new(Loop *l, int fd, LoopReady *ready, void *ctx, Err *e) {
  LoopFd *f = mem_zalloc(sizeof *f);
  if (!f) {
    err_oom(e);
    return NULL;
  }
  f->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  int status = f->fd < 0 ? -errno : uv_poll_init(&l->uv, &f->uv, f->fd);
  if (status) {
    if (f->fd >= 0) close(f->fd);
    mem_free(f);
    loop_failed(e, "watch a descriptor", status);
    return NULL;
  }
  f->ready = ready;
  f->ctx = ctx;
  return f;
}

void loop_fd_watch(LoopFd *f, int events) {
  if (events == f->events) return;
  f->events = events;
  if (events)
    watch(f, on_ready);
  else
    uv_poll_stop(&f->uv);
}

void loop_fd_quiet(LoopFd *f, bool quiet) { handle_quiet((uv_handle_t *)&f->uv, quiet); }

void loop_fd_free(LoopFd *f) {
  if (f) handle_release((uv_handle_t *)&f->uv); /* stops it at once */
}

void fd_closed(uv_handle_t *h) { close(((LoopFd *)h)->fd); }
