/* A connection's life: connecting in steps, reading and writing when the socket says so, its death. */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "pg/conn_private.h"
#include "pg/connect.h"

/* ---- the end ---- */

static void conn_free(Conn *c) {
  segments_free(c);
  names_free(&c->names);
  mem_free(c);
}

static void unwatch(Conn *c) {
  loop_fd_free(c->fd);
  c->fd = NULL;
  loop_timer_free(c->timer);
  c->timer = NULL;
  loop_timer_free(c->stall);
  c->stall = NULL;
}

static void hang_up(Conn *c) {
  cancel_forget(c);
  unwatch(c);
  PQfinish(c->pg);
  c->pg = NULL;
}

/* Around everything that calls back: the connection may be closed meanwhile, and is freed when it is over. */
static void conn_enter(Conn *c) { c->depth++; }
static void conn_leave(Conn *c) {
  if (--c->depth == 0 && c->closed) conn_free(c);
}

void conn_close(Conn *c) {
  if (c->closed) return;
  c->closed = true;
  loop_soon_cancel(c->loop, &c->soon);
  for (Segment *s = c->head; s; s = s->next) s->ops = NULL;
  hang_up(c);
  c->state = CONN_DEAD;
  if (c->depth == 0) conn_free(c);
}

static void conn_fail(Conn *c) {
  hang_up(c);
  c->state = CONN_DEAD;
  c->owner->failed(c->owner_ctx, &c->err);
}

static void conn_die(Conn *c) {
  if (c->stalled)
    err_set(&c->err, ERR_P1008, "Operations timed out after %g s.", c->info->socket_timeout_ms / 1000.0);
  else
    fault_lost(&c->err, c->pg);
  hang_up(c);
  c->state = CONN_DEAD;
  segments_lost(c);
  if (!c->closed) c->owner->dead(c->owner_ctx);
}

/* ---- work ---- */

/* What a COPY is not to read stays with the server. */
static int events_wanted(const Conn *c) {
  bool read = !c->head || !c->head->paused;
  return (read ? LOOP_READ : 0) | (c->writing ? LOOP_WRITE : 0);
}

void conn_flush(Conn *c) {
  int left = PQflush(c->pg);
  if (left < 0) conn_break(c);
  if (left == 0 && c->spin_us) loop_hope(c->loop, c->spin_us);
  c->writing = left > 0;
  if (c->fd) loop_fd_watch(c->fd, events_wanted(c));
}

/* Something is due by now plus socket_timeout; or nothing is, with nothing under way. */
void conn_stall(Conn *c) {
  if (!c->stall) return;
  bool due = c->n_started && !copy_waits_for_owner(c->head);
  c->stall_at = due ? loop_clock_us() + c->info->socket_timeout_ms * INT64_C(1000) : 0;
  if (c->stall_at)
    loop_timer_start(c->stall, c->info->socket_timeout_ms);
  else
    loop_timer_stop(c->stall);
}

static void on_stall(void *ctx) {
  Conn *c = ctx;
  c->stalled = true;
  conn_break(c);
}

void conn_mark_busy(Conn *c) {
  if (c->busy) return;
  c->busy = true;
  conn_stall(c);
  loop_fd_quiet(c->fd, false);
}

static void settle(Conn *c) {
  if (c->closed || c->state != CONN_UP) return;
  if (c->doomed || PQstatus(c->pg) == CONNECTION_BAD) {
    conn_die(c);
    return;
  }
  if (cancel_over(c)) segments_start(c);
  if (c->head || c->cancel || !c->busy) return;
  c->busy = false;
  loop_fd_quiet(c->fd, true);
  c->owner->idle(c->owner_ctx);
}

/* Notifications come between answers, or on their own; libpq keeps them until they are taken. */
static void notes_take(Conn *c) {
  PGnotify *n;
  while (!c->closed && c->state == CONN_UP && (n = PQnotifies(c->pg))) {
    c->owner->note(c->owner_ctx, n);
    PQfreemem(n);
  }
}

/* What has come is read and told; PQisBusy alone makes libpq look at what an idle connection was sent. */
static void conn_work(Conn *c, int events) {
  conn_enter(c);
  bool refused = c->head && copy_refused(c->head);
  if (events & LOOP_READ && !PQconsumeInput(c->pg)) c->doomed = PQstatus(c->pg) == CONNECTION_BAD;
  if (refused) copy_abandon(c->head);
  if (!c->doomed && c->writing) conn_flush(c);
  bool doomed = c->doomed;
  c->doomed = false; /* answers that came before the end are answers */
  if (!c->head) (void)PQisBusy(c->pg);
  segments_answers(c);
  notes_take(c);
  if (!c->closed) c->doomed = c->doomed || doomed;
  if (!c->closed) conn_stall(c);
  settle(c);
  conn_leave(c);
}

static void on_ready(void *ctx, int events) { conn_work(ctx, events); }

static void on_soon(void *ctx) {
  Conn *c = ctx;
  conn_enter(c);
  if (c->state == CONN_DEAD && c->connecting_failed) {
    c->connecting_failed = false;
    c->owner->failed(c->owner_ctx, &c->err);
  } else if (c->state == CONN_DEAD) { /* somebody came late */
    segments_lost(c);
    if (!c->closed) c->owner->dead(c->owner_ctx);
  } else if (c->state == CONN_UP) {
    segments_start(c);
    segments_answers(c);
    settle(c);
  }
  conn_leave(c);
}

void conn_soon(Conn *c) { loop_soon(c->loop, &c->soon); }

void conn_break(Conn *c) {
  c->doomed = true;
  conn_soon(c);
}

/* ---- connecting ---- */

/* Notices are for nobody; but a server that hangs up on an idle connection says so in one. */
static void on_notice(void *ctx, const PGresult *r) {
  Conn *c = ctx;
  const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0)) c->doomed = true;
}

static void on_step(void *ctx, int events);

static bool conn_up(Conn *c, Err *e) {
  loop_timer_free(c->timer);
  c->timer = NULL;
  PQsetNoticeReceiver(c->pg, on_notice, c);
  if (PQsetnonblocking(c->pg, 1) || !PQenterPipelineMode(c->pg)) return fault_lost(e, c->pg);
  c->fd = loop_fd_new(c->loop, PQsocket(c->pg), on_ready, c, e);
  if (!c->fd) return false;
  if (c->info->socket_timeout_ms > 0 && !(c->stall = loop_timer_new(c->loop, on_stall, c, e))) return false;
  c->state = CONN_UP;
  clean_born(c);
  loop_fd_watch(c->fd, LOOP_READ);
  loop_fd_quiet(c->fd, true);
  return true;
}

/* libpq may have another socket after each step, even one of the same number: it is watched anew. */
static bool watch_step(Conn *c, ConnectStep step, Err *e) {
  c->fd = loop_fd_new(c->loop, PQsocket(c->pg), on_step, c, e);
  if (!c->fd) return false;
  c->step_events = step == CONNECT_READING ? LOOP_READ : LOOP_WRITE;
  loop_fd_watch(c->fd, c->step_events);
  return true;
}

static void on_step(void *ctx, int events) {
  Conn *c = ctx;
  (void)events;
  conn_enter(c);
  loop_fd_free(c->fd);
  c->fd = NULL;
  ConnectStep step = connect_step(c->pg, c->info, &c->err);
  bool good = step == CONNECT_READY    ? conn_up(c, &c->err)
              : step == CONNECT_FAILED ? false
                                       : watch_step(c, step, &c->err);
  if (!good)
    conn_fail(c);
  else if (c->state == CONN_UP)
    c->owner->ready(c->owner_ctx);
  conn_leave(c);
}

static void on_timeout(void *ctx) {
  Conn *c = ctx;
  conn_enter(c);
  connect_timed_out(c->pg, c->info, &c->err);
  conn_fail(c);
  conn_leave(c);
}

static bool connect_begin(Conn *c) {
  c->pg = connect_start(c->info, &c->err);
  if (!c->pg || !watch_step(c, CONNECT_WRITING, &c->err)) return false;
  int timeout = connect_timeout(c->info);
  if (timeout <= 0) return true;
  c->connect_deadline = loop_clock_us() + timeout * INT64_C(1000);
  c->timer = loop_timer_new(c->loop, on_timeout, c, &c->err);
  if (c->timer) loop_timer_start(c->timer, timeout);
  return c->timer != NULL;
}

void conn_spin(Conn *c, uint32_t us) { c->spin_us = us; }

Conn *conn_open(Loop *loop, const ConnInfo *info, bool named, const ConnOwner *owner, void *ctx, Err *e) {
  Conn *c = mem_zalloc(sizeof *c);
  if (!c) {
    err_oom(e);
    return NULL;
  }
  c->loop = loop;
  c->info = info;
  c->named = named;
  c->owner = owner;
  c->owner_ctx = ctx;
  c->tail = &c->head;
  c->soon.call = on_soon;
  c->soon.ctx = c;
  c->wire.values = c->wire.small_values;
  c->wire.lengths = c->wire.small_lengths;
  c->wire.formats = c->wire.small_formats;
  c->wire.types = c->wire.small_types;
  c->wire.cap = WIRE_SMALL;
  names_init(&c->names, info->statement_cache_size < 0 ? NAMES_MAX : (uint32_t)info->statement_cache_size);
  if (connect_begin(c)) return c;
  hang_up(c);
  c->state = CONN_DEAD;
  c->connecting_failed = true;
  conn_soon(c);
  return c;
}

/* ---- what others ask ---- */

bool conn_idle(const Conn *c) {
  return c->state == CONN_UP && !c->doomed && !c->head && !c->cancel && !c->in_transaction &&
         PQtransactionStatus(c->pg) == PQTRANS_IDLE;
}
bool conn_alive(const Conn *c) { return c->state == CONN_UP && !c->doomed; }
bool conn_in_transaction(const Conn *c) { return c->in_transaction; }
uint32_t conn_pending(const Conn *c) { return c->n_pending; }
int conn_version(const Conn *c) { return c->pg ? PQserverVersion(c->pg) : 0; }
void conn_late(const Conn *c, Err *e) { connect_timed_out(c->pg, c->info, e); }
void *conn_owner(const Conn *c) { return c->owner_ctx; }

bool conn_glance(Conn *c) {
  char byte;
  if (!conn_alive(c)) return false;
  ssize_t n = recv(PQsocket(c->pg), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
    return true; /* nothing has come */
  if (!PQconsumeInput(c->pg)) c->doomed = true;
  (void)PQisBusy(c->pg);
  if (PQstatus(c->pg) == CONNECTION_BAD) c->doomed = true;
  if (c->doomed) conn_soon(c);
  return !c->doomed;
}

/* ---- waiting for it alone ---- */

/* The events that came, 0 when none did; -1: the deadline passed. */
static int pump_poll(const Conn *c, int events, int64_t deadline) {
  struct pollfd fd = {PQsocket(c->pg), 0, 0};
  int64_t left = deadline ? (deadline - loop_clock_us() + 999) / 1000 : -1;
  if (deadline && left <= 0) return -1;
  if (events & LOOP_READ) fd.events |= POLLIN;
  if (events & LOOP_WRITE) fd.events |= POLLOUT;
  if (poll(&fd, 1, left > INT32_MAX ? INT32_MAX : (int)left) <= 0) return 0;
  return (fd.revents & ~POLLOUT ? LOOP_READ : 0) | (fd.revents & POLLOUT ? LOOP_WRITE : 0);
}

/* The connection's own timers do not run meanwhile: what they stand for counts like the deadline. */
static bool pump_wait(Conn *c, int64_t deadline) {
  bool coming = c->state == CONN_CONNECTING;
  int64_t own = coming ? c->connect_deadline : c->stall_at;
  bool ours = own && (!deadline || own < deadline);
  int events = pump_poll(c, coming ? c->step_events : events_wanted(c), ours ? own : deadline);
  if (events > 0) coming ? on_step(c, events) : conn_work(c, events);
  if (events < 0 && ours) coming ? on_timeout(c) : on_stall(c);
  return events >= 0 || ours;
}

static bool pump(Conn *c, bool (*until)(void *), void *ctx, int64_t deadline, Err *e) {
  while (!until(ctx)) {
    if (c->closed) return err_set(e, ERR_CANCELLED, "The client was disconnected.");
    if (c->soon.queued) {
      loop_soon_cancel(c->loop, &c->soon);
      on_soon(c);
    } else if (c->state == CONN_DEAD) {
      return fault_lost(e, c->pg);
    } else if (!pump_wait(c, deadline)) {
      return err_set(e, ERR_TIMEOUT, "%s", err_template(ERR_TIMEOUT));
    }
  }
  return true;
}

bool conn_pump(Conn *c, bool (*until)(void *), void *ctx, int64_t deadline, Err *e) {
  conn_enter(c);
  bool good = pump(c, until, ctx, deadline, e);
  conn_leave(c);
  return good;
}
