/* What is asked of the server goes out in rounds, one segment each: LISTEN for channels that gained their
 * first user, UNLISTEN for those that lost their last. A subscription is open when the round that it was made
 * in has been answered. */
#include "pg/listener.h"

#include <poll.h>

#include "base/mem.h"
#include "pg/conn_private.h"
#include "pg/fault.h"

enum {
  NOTES_MAX = 100000, /* that one subscription keeps unread */
  RETRY_MS = 20,      /* and twice as long each time, up to */
  RETRY_MAX_MS = 5000,
  STARTING_MS = 5000, /* a server that is starting is waited for */
  PING_MS = 15000,    /* a connection that was silent for so long is asked */
  ANSWER_MS = 5000    /* ... and has so long to answer */
};

typedef struct Channel {
  struct Channel *next;
  uint32_t users;
  uint32_t round; /* the last one that named it */
  bool asked;     /* LISTEN was sent on this connection */
  Slice name;
  char text[CHANNEL_BYTES + 1];
  char sql[2 * CHANNEL_BYTES + 16]; /* UNLISTEN "name", and behind its first two letters LISTEN "name" */
} Channel;

typedef enum SubscriptionState {
  SUBSCRIPTION_OPENING,
  SUBSCRIPTION_OPEN,
  SUBSCRIPTION_LOST, /* it was open */
  SUBSCRIPTION_FAILED
} SubscriptionState;

struct Subscription {
  Listener *listener;
  Subscription *next, *prev;
  SubscriptionState state;
  uint32_t round; /* opens when this is answered */
  int64_t born;
  LoopCall *wake;
  void *ctx;
  Note *first, **end;
  uint32_t n_notes, n_waiting;
  Note gap; /* of its own, so that it needs no memory when it is needed */
  bool gap_queued;
  Err err;
  uint32_t n_channels;
  Channel *channels[];
};

struct Listener {
  Loop *loop;
  const ConnInfo *info;
  Conn *conn; /* NULL: none now */
  bool up;
  Subscription *subscriptions;
  Channel *channels;
  uint32_t round, answered; /* of this connection */
  uint32_t n_waiting;
  LoopTimer *timer; /* connection lost: try again; silent: ask; asked: it should have answered */
  int64_t due_at;   /* loop clock, 0 = not started */
  int retry_ms;
  Err err; /* why the connection was given up */
};

static const ConnOwner listener_conn;

/* ---- notes ---- */

static void note_push(Subscription *s, Note *note) {
  note->next = NULL;
  *s->end = note;
  s->end = &note->next;
  s->n_notes++;
}

static void gap_push(Subscription *s, bool overflow) {
  *(overflow ? &s->gap.overflow : &s->gap.reconnected) = true;
  if (!s->gap_queued) note_push(s, &s->gap);
  s->gap_queued = true;
}

/* NULL: no memory. */
static Note *note_new(Slice channel, Slice payload, int pid) {
  Note *note = mem_alloc(sizeof *note + channel.n + payload.n);
  if (!note) return NULL;
  char *text = (char *)(note + 1);
  *note = (Note){.channel = {text, channel.n}, .payload = {text + channel.n, payload.n}, .pid = pid};
  memcpy(text, channel.p, channel.n);
  if (payload.n) memcpy(text + channel.n, payload.p, payload.n);
  return note;
}

static bool hears(const Subscription *s, Slice channel) {
  for (uint32_t i = 0; i < s->n_channels; i++)
    if (slice_eq(s->channels[i]->name, channel)) return true;
  return false;
}

static void on_note(void *ctx, const PGnotify *n) {
  Listener *l = ctx;
  Slice channel = slice_of(n->relname), payload = slice_of(n->extra);
  for (Subscription *s = l->subscriptions; s; s = s->next) {
    if (!hears(s, channel)) continue;
    Note *note = s->n_notes < NOTES_MAX ? note_new(channel, payload, n->be_pid) : NULL;
    if (note)
      note_push(s, note);
    else
      gap_push(s, true);
    s->wake(s->ctx);
  }
}

SubscriptionView subscription_look(const Subscription *s) {
  return (SubscriptionView){.opened = s->state != SUBSCRIPTION_OPENING,
                            .failed = s->state == SUBSCRIPTION_FAILED ? &s->err : NULL,
                            .note = s->first};
}

void subscription_shift(Subscription *s) {
  Note *note = s->first;
  s->first = note->next;
  if (!s->first) s->end = &s->first;
  s->n_notes--;
  if (note != &s->gap) {
    mem_free(note);
    return;
  }
  s->gap = (Note){0};
  s->gap_queued = false;
}

/* ---- channels ---- */

static void channel_write(Channel *c) {
  char *to = c->sql;
  memcpy(to, "UNLISTEN \"", 10);
  to += 10;
  for (uint32_t i = 0; i < c->name.n; i++) {
    if (c->text[i] == '"') *to++ = '"';
    *to++ = c->text[i];
  }
  *to++ = '"';
  *to = 0;
}

/* NULL: no memory. */
static Channel *channel_of(Listener *l, Slice name) {
  Channel *c = l->channels;
  while (c && !slice_eq(c->name, name)) c = c->next;
  if (c) return c;
  c = mem_zalloc(sizeof *c);
  if (!c) return NULL;
  memcpy(c->text, name.p, name.n);
  c->name = (Slice){c->text, name.n};
  channel_write(c);
  c->next = l->channels;
  l->channels = c;
  return c;
}

/* Those that nobody uses, and no statement under way names. */
static void channels_sweep(Listener *l) {
  for (Channel **at = &l->channels, *c; (c = *at);) {
    if (c->users || c->asked || c->round > l->answered) {
      at = &c->next;
      continue;
    }
    *at = c->next;
    mem_free(c);
  }
}

/* ---- the connection ---- */

static void timer_set(Listener *l, int64_t ms) {
  l->due_at = loop_clock_us() + ms * 1000;
  loop_timer_start(l->timer, ms);
}

static void timer_stop(Listener *l) {
  l->due_at = 0;
  loop_timer_stop(l->timer);
}

static void subscription_end(Subscription *s, const Err *e) {
  s->state = SUBSCRIPTION_FAILED;
  s->err = *e;
  s->wake(s->ctx);
}

/* Nobody hears anything any more: those that were open are told when they do again. */
static void connection_lost(Listener *l, const Err *e) {
  bool starting = strcmp(e->sqlstate, "57P03") == 0, wanted = false;
  int64_t now = loop_clock_us();
  if (l->conn) conn_close(l->conn);
  l->conn = NULL;
  l->up = false;
  l->round = l->answered = 0;
  for (Channel *c = l->channels; c; c = c->next) c->asked = false, c->round = 0;
  channels_sweep(l);
  for (Subscription *s = l->subscriptions; s; s = s->next) {
    s->round = 0;
    if (s->state == SUBSCRIPTION_OPEN) s->state = SUBSCRIPTION_LOST;
    if (s->state == SUBSCRIPTION_OPENING && !(starting && now < s->born + STARTING_MS * INT64_C(1000)))
      subscription_end(s, e);
    wanted = wanted || s->state != SUBSCRIPTION_FAILED;
  }
  if (!wanted) {
    timer_stop(l);
    return;
  }
  timer_set(l, l->retry_ms + now % (l->retry_ms / 2 + 1)); /* not all clients of a server at once */
  l->retry_ms = l->retry_ms * 2 < RETRY_MAX_MS ? l->retry_ms * 2 : RETRY_MAX_MS;
}

static void connection_open(Listener *l) {
  Err e;
  timer_stop(l);
  l->err = (Err){0};
  l->conn = conn_open(l->loop, l->info, false, &listener_conn, l, &e);
  if (!l->conn) connection_lost(l, &e);
}

static void on_result(void *ctx, uint32_t i, Result *r) {
  (void)ctx;
  (void)i;
  result_free(r);
}

static void on_answered(void *ctx, const Err *err, Outcome outcome) {
  Listener *l = ctx;
  (void)outcome;
  if (err) {
    if (l->err.code == ERR_NONE) l->err = *err;
    if (conn_alive(l->conn)) conn_break(l->conn); /* a standby refuses: perhaps another server will not */
    return;
  }
  l->answered++;
  l->retry_ms = RETRY_MS;
  channels_sweep(l);
  for (Subscription *s = l->subscriptions; s; s = s->next) {
    bool was = s->state == SUBSCRIPTION_LOST;
    if (s->round > l->answered || !(was || s->state == SUBSCRIPTION_OPENING)) continue;
    s->state = SUBSCRIPTION_OPEN;
    if (was) gap_push(s, false);
    s->wake(s->ctx);
  }
}

static void on_pong(void *ctx, const Err *err, Outcome outcome) { /* an error is followed by the end */
  (void)ctx;
  (void)err;
  (void)outcome;
}

static const SegmentOps round_ops = {on_result, NULL, on_answered};
static const SegmentOps ping_ops = {on_result, NULL, on_pong};

static bool channel_send(Segment *s, Channel *c, uint32_t round, Err *e) {
  bool listen = c->users > 0;
  if (listen == c->asked) return true;
  Statement st = {.sql = slice_of(listen ? c->sql + 2 : c->sql), .unnamed = true};
  c->round = round;
  c->asked = listen;
  return segment_send(s, &st, NULL, 0, e);
}

/* One round: what differs between what is wanted and what was asked for. */
static void round_send(Listener *l) {
  Err e;
  bool differs = false;
  if (!l->up) return;
  for (Channel *c = l->channels; c; c = c->next) differs = differs || c->asked != (c->users > 0);
  if (!differs) return;
  l->round++;
  Segment *s = segment_open(l->conn, &round_ops, l, 0, &e);
  bool good = s != NULL;
  for (Channel *c = l->channels; good && c; c = c->next) good = channel_send(s, c, l->round, &e);
  if (!good || !segment_sync(s, &e)) {
    l->err = e;
    conn_break(l->conn);
  }
  timer_set(l, ANSWER_MS);
}

static void ping(Listener *l) {
  Err e;
  Segment *s = segment_open(l->conn, &ping_ops, l, 0, &e);
  if (!s || !segment_sync(s, &e)) conn_break(l->conn);
  timer_set(l, ANSWER_MS);
}

static void on_timer(void *ctx) {
  Listener *l = ctx;
  l->due_at = 0;
  if (!l->conn)
    connection_open(l);
  else if (conn_pending(l->conn))
    conn_break(l->conn);
  else if (l->up)
    ping(l);
}

static void on_ready(void *ctx) {
  Listener *l = ctx;
  l->up = true;
  round_send(l);
  for (Subscription *s = l->subscriptions; s; s = s->next) s->round = l->round;
}

static void on_idle(void *ctx) { timer_set(ctx, PING_MS); }

static void on_failed(void *ctx, const Err *err) {
  Err e = *err; /* the connection's own */
  connection_lost(ctx, &e);
}

static void on_dead(void *ctx) {
  Listener *l = ctx;
  Err e = l->err;
  if (e.code == ERR_NONE) err_set(&e, ERR_P1017, "%s", err_template(ERR_P1017));
  connection_lost(l, &e);
}

static const ConnOwner listener_conn = {on_ready, on_failed, on_idle, on_dead, on_note};

/* ---- subscriptions ---- */

static void subscription_free(Subscription *s) {
  while (s->first) subscription_shift(s);
  mem_free(s);
}

static void leave_channels(Subscription *s) {
  for (uint32_t i = 0; i < s->n_channels; i++) s->channels[i]->users--;
}

static void connection_drop(Listener *l) {
  if (l->conn) conn_close(l->conn);
  l->conn = NULL;
  l->up = false;
  l->round = l->answered = 0;
  l->retry_ms = RETRY_MS;
  timer_stop(l);
  for (Channel *c = l->channels; c; c = c->next) c->asked = false, c->round = 0;
  channels_sweep(l);
}

static void waiting_add(Listener *l, uint32_t more, uint32_t less) {
  l->n_waiting += more;
  l->n_waiting -= less;
  loop_timer_quiet(l->timer, !l->n_waiting);
}

void subscription_wait(Subscription *s, bool waiting) {
  s->n_waiting += waiting ? 1 : -1;
  waiting_add(s->listener, waiting, !waiting);
}

void subscription_close(Subscription *s) {
  Listener *l = s->listener;
  *(s->prev ? &s->prev->next : &l->subscriptions) = s->next;
  if (s->next) s->next->prev = s->prev;
  waiting_add(l, 0, s->n_waiting);
  leave_channels(s);
  subscription_free(s);
  if (l->subscriptions)
    round_send(l);
  else
    connection_drop(l);
}

static bool join_channels(Subscription *s, const Slice *names, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    Channel *c = channel_of(s->listener, names[i]);
    if (!c) return false;
    c->users++;
    s->channels[s->n_channels++] = c;
  }
  return true;
}

Subscription *listener_subscribe(Listener *l, const Slice *names, uint32_t n, LoopCall *wake, void *ctx,
                                 Err *e) {
  Subscription *s = mem_zalloc(sizeof *s + n * sizeof *s->channels);
  bool room = s != NULL;
  if (room) {
    *s = (Subscription){.listener = l, .wake = wake, .ctx = ctx, .end = &s->first, .born = loop_clock_us()};
    room = join_channels(s, names, n);
  }
  if (!room) {
    if (s) leave_channels(s);
    mem_free(s);
    channels_sweep(l);
    err_oom(e);
    return NULL;
  }
  s->next = l->subscriptions;
  if (s->next) s->next->prev = s;
  l->subscriptions = s;
  round_send(l);
  s->round = l->round;
  if (l->up && s->round <= l->answered) s->state = SUBSCRIPTION_OPEN;
  if (!l->conn) connection_open(l);
  return s;
}

/* ---- waiting for it alone ---- */

typedef struct Pump {
  const Listener *listener;
  const Conn *conn;
  bool (*until)(void *);
  void *ctx;
} Pump;

static bool pump_over(void *ctx) {
  const Pump *p = ctx;
  return p->until(p->ctx) || p->listener->conn != p->conn;
}

/* No timer of the loop is due meanwhile: ours counts like the deadline. */
static bool pump_some(Listener *l, Pump *p, int64_t deadline, Err *e) {
  int64_t due = l->due_at && (!deadline || l->due_at < deadline) ? l->due_at : deadline;
  p->conn = l->conn;
  bool good = true;
  if (l->conn) {
    good = conn_pump(l->conn, pump_over, p, due, e);
  } else {
    int64_t left = due ? (due - loop_clock_us() + 999) / 1000 : 1;
    (void)poll(NULL, 0, left > 0 ? (int)left : 0);
    good = !due || loop_clock_us() < due || err_set(e, ERR_TIMEOUT, "%s", err_template(ERR_TIMEOUT));
  }
  if (good || p->until(p->ctx) || l->conn != p->conn) return true;
  if (e->code != ERR_TIMEOUT || !l->due_at || loop_clock_us() < l->due_at) return false;
  on_timer(l);
  return true;
}

bool subscription_pump(Subscription *s, bool (*until)(void *), void *ctx, int64_t deadline, Err *e) {
  Pump p = {s->listener, NULL, until, ctx};
  while (!until(ctx))
    if (!pump_some(s->listener, &p, deadline, e)) return false;
  return true;
}

/* ---- opening and closing ---- */

Listener *listener_new(Loop *loop, const ConnInfo *info, Err *e) {
  Listener *l = mem_zalloc(sizeof *l);
  if (!l) {
    err_oom(e);
    return NULL;
  }
  *l = (Listener){.loop = loop, .info = info, .retry_ms = RETRY_MS};
  l->timer = loop_timer_new(loop, on_timer, l, e);
  if (!l->timer) {
    mem_free(l);
    return NULL;
  }
  loop_timer_quiet(l->timer, true);
  return l;
}

void listener_close(Listener *l) {
  if (!l) return;
  while (l->subscriptions) subscription_close(l->subscriptions);
  loop_timer_free(l->timer);
  mem_free(l);
}
