#include "pg/pool.h"

#include "base/mem.h"
#include "pg/conn_private.h"

/* Places: each connection has one, on one list; which list it is on is its state.
 *
 *   CONNECTING -> IDLE <-> SHARED          reads come and go
 *                 IDLE  -> LEASED -> IDLE  given back clean
 *                          LEASED -> RETURNING -> IDLE  given back with work left
 * A place whose connection fails, dies or grows old is freed with it, from wherever it is. */
typedef enum PlaceState {
  PLACE_CONNECTING,
  PLACE_IDLE, /* the last used first */
  PLACE_SHARED,
  PLACE_LEASED,
  PLACE_RETURNING,
  PLACE_STATES
} PlaceState;

typedef struct Place {
  Pool *pool;
  Conn *conn;
  struct Place *next, *prev;
  PlaceState state;
  int64_t born, since; /* loop clock: made; idle since */
  bool draining;       /* a caller waits for it alone: no more reads */
  bool rolling;        /* its ROLLBACK is under way */
  bool cleaning;       /* what its last holder left is being discarded */
  bool checked;        /* asked for the option that not every server knows */
} Place;

typedef struct PlaceList {
  Place *first, *last;
  uint32_t n;
} PlaceList;

struct PoolWait {
  Pool *pool;
  PoolWait *next, *prev;
  PoolTaken *taken;
  void *ctx;
  bool shared;
  int timeout_ms;
  int64_t since, deadline; /* loop clock; 0: no deadline */
};

struct Pool {
  Loop *loop;
  Arena *arena;
  ConnInfo info;
  Slice checked; /* conninfo that has the server look after its clients, or empty */
  Slice plain;   /* conninfo without */
  PoolOptions options;
  PlaceList lists[PLACE_STATES];
  PoolWait *first, *last;
  uint32_t n_waiting, n_exclusive; /* exclusive: waiting for one of their own */
  LoopTimer *deadline, *tidy, *retry;
  int64_t deadline_at; /* when `deadline` is due, 0 = not started */
  uint32_t n_cleaning;
  bool tidying, retrying, used, closed;
  uint32_t depth; /* callbacks on the stack */
  LoopSoon soon;
  Err refused; /* why the last connection did not come up; code NONE: it did */
  uint64_t taken, timeouts, connects, opened, lost;
  PoolWaits waits;
  Residues residues;
};

enum {
  READS_MANY = 32,  /* on one connection, while others are coming up */
  GLANCE_US = 1000, /* idle for longer: look whether it is still there */
  RETRY_MS = 50     /* a server that is starting is asked again */
};

static const ConnOwner conn_owner_ops;

/* ---- lists ---- */

static void place_unlink(Place *x) {
  PlaceList *list = &x->pool->lists[x->state];
  *(x->prev ? &x->prev->next : &list->first) = x->next;
  *(x->next ? &x->next->prev : &list->last) = x->prev;
  list->n--;
}

static void place_link(Place *x, PlaceState state) {
  PlaceList *list = &x->pool->lists[state];
  x->state = state;
  x->prev = NULL;
  x->next = list->first;
  *(list->first ? &list->first->prev : &list->last) = x;
  list->first = x;
  list->n++;
}

static void place_move(Place *x, PlaceState state) {
  if (x->state == state) return;
  place_unlink(x);
  place_link(x, state);
}

static void cleaning_set(Place *x, bool cleaning) {
  x->pool->n_cleaning += cleaning;
  x->pool->n_cleaning -= x->cleaning;
  x->cleaning = cleaning;
}

static void place_free(Place *x) {
  place_unlink(x);
  cleaning_set(x, false);
  conn_close(x->conn);
  mem_free(x);
}

static uint32_t total(const Pool *p) {
  uint32_t n = 0;
  for (int i = 0; i < PLACE_STATES; i++) n += p->lists[i].n;
  return n;
}

/* ---- the pool's end ---- */

static void pool_free(Pool *p) {
  loop_timer_free(p->deadline);
  loop_timer_free(p->tidy);
  loop_timer_free(p->retry);
  arena_free(p->arena);
  mem_free(p);
}

static void pool_enter(Pool *p) { p->depth++; }
static void pool_leave(Pool *p) {
  if (--p->depth == 0 && p->closed) pool_free(p);
}

/* ---- who waits ---- */

static void wait_unlink(PoolWait *w) {
  Pool *p = w->pool;
  *(w->prev ? &w->prev->next : &p->first) = w->next;
  *(w->next ? &w->next->prev : &p->last) = w->prev;
  p->n_waiting--;
  if (!w->shared) p->n_exclusive--;
  if (p->first) return;
  loop_timer_stop(p->deadline);
  p->deadline_at = 0;
}

int32_t pool_wait_ms(uint32_t i) {
  static const int32_t steps[POOL_WAITS] = {1, 5, 10, 50, 100, 500, 1000, 5000, INT32_MAX};
  return steps[i];
}

static void wait_note(PoolWaits *waits, int64_t us) {
  uint32_t i = 0;
  while (us > pool_wait_ms(i) * INT64_C(1000)) i++;
  waits->count[i]++;
  waits->total_us += (uint64_t)us;
}

static void wait_end(PoolWait *w, Conn *c, const Err *e) {
  PoolTaken *taken = w->taken;
  void *ctx = w->ctx;
  wait_unlink(w);
  mem_free(w);
  taken(ctx, c, e);
}

static void waits_fail(Pool *p, const Err *e) {
  Err err = *e;
  uint32_t n = p->n_waiting; /* those who come meanwhile have their own try */
  while (n-- && p->first) wait_end(p->first, NULL, &err);
}

static void deadline_start(Pool *p, int64_t at) {
  if (!at || (p->deadline_at && p->deadline_at <= at)) return;
  p->deadline_at = at;
  loop_timer_start(p->deadline, (at - loop_clock_us() + 999) / 1000);
}

/* Why nothing came: the server refused, or says nothing, or everything is in use. */
static void timed_out(const PoolWait *w, Err *e) {
  const Pool *p = w->pool;
  const PlaceList *coming = &p->lists[PLACE_CONNECTING];
  if (p->refused.code != ERR_NONE && total(p) == 0)
    *e = p->refused;
  else if (coming->n && coming->n == total(p))
    conn_late(coming->first->conn, e);
  else
    err_set(e, ERR_P2024,
            "Timed out fetching a new connection from the connection pool. (Current connection pool timeout: "
            "%g, connection limit: %d)",
            w->timeout_ms / 1000.0, p->options.max);
}

static void on_deadline(void *ctx) {
  Pool *p = ctx;
  int64_t now = loop_clock_us(), next = 0;
  p->deadline_at = 0;
  pool_enter(p);
  for (PoolWait *w = p->first, *after; w && !p->closed; w = after) {
    after = w->next;
    if (w->deadline && w->deadline <= now) {
      Err err;
      timed_out(w, &err);
      p->timeouts++;
      wait_end(w, NULL, &err);
      after = p->first; /* the callback may have changed the queue */
      next = 0;
    } else if (w->deadline && (!next || w->deadline < next)) {
      next = w->deadline;
    }
  }
  if (!p->closed) deadline_start(p, next);
  pool_leave(p);
}

/* ---- connections come ---- */

static bool place_open(Pool *p, Err *e) {
  Place *x = mem_zalloc(sizeof *x);
  if (!x) return err_oom(e);
  x->pool = p;
  x->born = loop_clock_us();
  x->checked = p->info.conninfo.p == p->checked.p;
  x->conn = conn_open(p->loop, &p->info, p->options.named_statements, &conn_owner_ops, x, e);
  if (!x->conn) {
    mem_free(x);
    return false;
  }
  if (p->options.named_statements) clean_by(x->conn, &p->residues);
  conn_spin(x->conn, p->options.spin_us);
  p->connects++;
  place_link(x, PLACE_CONNECTING);
  return true;
}

/* As many as are wanted and may be. Out of memory matters only when nothing else is there to wait for. */
static bool pool_grow(Pool *p, Err *e) {
  uint32_t coming = p->lists[PLACE_CONNECTING].n + p->n_cleaning, n = total(p),
           max = (uint32_t)p->options.max;
  uint32_t min = p->used ? (uint32_t)p->options.min : 0;
  while (!p->retrying && n < max && (coming < p->n_waiting || n < min)) {
    if (!place_open(p, e)) return n > 0;
    coming++;
    n++;
  }
  return true;
}

/* One more in the background, when reads begin to share. */
static void pool_widen(Pool *p) {
  Err ignored; /* it was only to be faster */
  if (p->lists[PLACE_CONNECTING].n || p->retrying || total(p) >= (uint32_t)p->options.max) return;
  if (!place_open(p, &ignored)) return;
}

/* An idle one that is really there; the dead ones are dropped on the way. */
static Place *place_idle(Pool *p) {
  Place *x;
  int64_t now = loop_clock_us();
  while ((x = p->lists[PLACE_IDLE].first)) {
    if (now - x->since < GLANCE_US ? conn_alive(x->conn) : conn_glance(x->conn)) return x;
    p->lost++;
    place_free(x);
  }
  return NULL;
}

static Place *place_lightest(const Pool *p) {
  Place *best = NULL;
  for (Place *x = p->lists[PLACE_SHARED].first; x; x = x->next)
    if (!x->draining && conn_alive(x->conn) && (!best || conn_pending(x->conn) < conn_pending(best->conn)))
      best = x;
  return best;
}

static Place *place_sharable(Pool *p) {
  Place *x = place_idle(p);
  if (x) return x;
  x = place_lightest(p);
  if (!x) return NULL;
  pool_widen(p);
  return p->lists[PLACE_CONNECTING].n && conn_pending(x->conn) >= READS_MANY ? NULL : x;
}

static Conn *place_hand_out(Place *x, bool shared) {
  x->pool->taken++;
  place_move(x, shared ? PLACE_SHARED : PLACE_LEASED);
  return x->conn;
}

/* Those who wait for one of their own must not starve behind reads. */
static void drain_for(Pool *p) {
  uint32_t draining = 0;
  for (Place *x = p->lists[PLACE_SHARED].first; x; x = x->next) draining += x->draining;
  while (draining < p->n_exclusive && total(p) >= (uint32_t)p->options.max) {
    Place *x = place_lightest(p);
    if (!x) return;
    x->draining = true;
    draining++;
  }
}

/* Hand out what there is, first come first served; a read may pass those who wait for one of their own when
 * it can share. */
static void pool_serve(Pool *p) {
  Err err;
  for (PoolWait *w = p->first, *after; w && !p->closed; w = after) {
    after = w->next;
    Place *x = w->shared ? place_sharable(p) : place_idle(p);
    if (!x) continue;
    bool shared = w->shared;
    wait_note(&p->waits, loop_clock_us() - w->since);
    wait_end(w, place_hand_out(x, shared), NULL);
    after = p->first;
  }
  if (p->closed) return;
  drain_for(p);
  if (!pool_grow(p, &err)) waits_fail(p, &err);
}

static void on_soon(void *ctx) {
  Pool *p = ctx;
  pool_enter(p);
  pool_serve(p);
  pool_leave(p);
}

static void serve_soon(Pool *p) {
  if (p->first || total(p) < (uint32_t)p->options.min) loop_soon(p->loop, &p->soon);
}

/* ---- idle ones ---- */

static bool too_old(const Place *x, int64_t now) {
  int life = x->pool->options.max_lifetime_ms;
  return life > 0 && now - x->born >= life * INT64_C(1000);
}

static void tidy_start(Pool *p, int64_t ms) {
  if (p->tidying || ms <= 0) return;
  p->tidying = true;
  loop_timer_start(p->tidy, ms);
}

/* How often to look: the shorter of the two limits. */
static int64_t tidy_every(const Pool *p) {
  int idle = p->options.idle_timeout_ms, life = p->options.max_lifetime_ms;
  return idle > 0 && (life <= 0 || idle < life) ? idle : life;
}

static void on_tidy(void *ctx) {
  Pool *p = ctx;
  int64_t now = loop_clock_us(), idle = p->options.idle_timeout_ms * INT64_C(1000),
          left = tidy_every(p) * 1000;
  p->tidying = false;
  for (Place *x = p->lists[PLACE_IDLE].last, *before; x; x = before) {
    before = x->prev;
    bool spare = idle > 0 && now - x->since >= idle && total(p) > (uint32_t)p->options.min;
    if (spare || too_old(x, now))
      place_free(x);
    else if (now - x->since < idle && x->since + idle - now < left)
      left = x->since + idle - now;
  }
  if (p->lists[PLACE_IDLE].n) tidy_start(p, left > 1000 ? (left + 999) / 1000 : 1);
  serve_soon(p);
}

static void place_to_idle(Place *x) {
  Pool *p = x->pool;
  x->draining = x->rolling = false;
  cleaning_set(x, false);
  x->since = loop_clock_us();
  if (too_old(x, x->since)) {
    place_free(x);
  } else {
    place_move(x, PLACE_IDLE);
    tidy_start(p, tidy_every(p));
  }
  serve_soon(p);
}

/* ---- coming back ---- */

static void place_drop(Place *x) {
  Pool *p = x->pool;
  p->lost += !conn_alive(x->conn);
  place_free(x);
  serve_soon(p);
}

/* It has nothing under way; once more, when it was being cleaned. */
static void place_settle(Place *x) {
  if (!clean_needed(x->conn)) {
    place_to_idle(x);
  } else if (x->cleaning) {
    place_drop(x);
  } else {
    place_move(x, PLACE_RETURNING);
    cleaning_set(x, true);
    if (!clean_begin(x->conn)) conn_break(x->conn);
  }
}

/* What can be done for it now; the rest when it is idle again, or dead and all its segments know. */
static void place_return(Place *x) {
  Err ignored;
  if (conn_idle(x->conn)) {
    place_settle(x);
    return;
  }
  bool alive = conn_alive(x->conn), pending = conn_pending(x->conn);
  place_move(x, PLACE_RETURNING);
  if (!pending && (!alive || x->rolling)) { /* or a ROLLBACK that changed nothing */
    place_drop(x);
    return;
  }
  if (!alive || x->rolling || (pending && !conn_in_transaction(x->conn))) return;
  x->rolling = true;
  if (!segment_rollback(x->conn, &ignored)) conn_break(x->conn);
}

void pool_give(Pool *p, Conn *c) {
  Place *x = conn_owner(c);
  (void)p;
  if (x->state == PLACE_SHARED && !conn_idle(c)) return; /* others use it */
  place_return(x);
}

/* ---- what connections say ---- */

static void on_conn_ready(void *ctx) {
  Place *x = ctx;
  Pool *p = x->pool;
  pool_enter(p);
  p->refused.code = ERR_NONE;
  p->opened++;
  place_to_idle(x);
  pool_leave(p);
}

/* Servers before 14, on other systems, and poolers do not know the option. */
static bool refused_option(const Place *x, const Err *e) {
  static const char *const states[] = {"42704", "22023", "08P01"};
  for (size_t i = 0; x->checked && i < COUNT(states); i++)
    if (strcmp(e->sqlstate, states[i]) == 0) return true;
  return false;
}

static void on_conn_failed(void *ctx, const Err *e) {
  Place *x = ctx;
  Pool *p = x->pool;
  bool option = refused_option(x, e);
  pool_enter(p);
  p->retrying = strcmp(e->sqlstate, "57P03") == 0; /* it is starting */
  if (p->retrying) loop_timer_start(p->retry, RETRY_MS);
  if (option)
    p->info.conninfo = p->plain;
  else
    p->refused = *e;
  place_free(x);
  bool nothing = total(p) == 0;
  if (nothing && !option && !p->retrying) waits_fail(p, &p->refused);
  if (!p->closed && (nothing || option) && p->first) loop_soon(p->loop, &p->soon);
  pool_leave(p);
}

static void on_retry(void *ctx) {
  Pool *p = ctx;
  p->retrying = false;
  if (p->first) loop_soon(p->loop, &p->soon);
}

static void on_conn_idle(void *ctx) {
  Place *x = ctx;
  Pool *p = x->pool;
  pool_enter(p);
  if (x->state == PLACE_SHARED || x->state == PLACE_RETURNING) place_return(x);
  pool_leave(p);
}

static void on_conn_dead(void *ctx) {
  Place *x = ctx;
  if (x->state == PLACE_LEASED) return; /* its holder gives it back */
  place_drop(x);
}

/* Somebody's raw LISTEN: nobody is there to hear. */
static void on_conn_note(void *ctx, const PGnotify *n) {
  Place *x = ctx;
  (void)n;
  clean_spoilt(x->conn);
  if (x->state == PLACE_IDLE && conn_idle(x->conn)) place_settle(x);
}

static const ConnOwner conn_owner_ops = {on_conn_ready, on_conn_failed, on_conn_idle, on_conn_dead,
                                         on_conn_note};

/* ---- taking ---- */

static PoolWait *wait_new(Pool *p, int timeout_ms, bool shared, PoolTaken *taken, void *ctx, Err *e) {
  PoolWait *w = p->closed ? NULL : mem_zalloc(sizeof *w);
  if (!w) {
    p->closed ? err_set(e, ERR_CANCELLED, "The client was disconnected.") : err_oom(e);
    return NULL;
  }
  if (timeout_ms < 0) timeout_ms = p->options.connection_timeout_ms;
  *w = (PoolWait){.pool = p, .prev = p->last, .taken = taken, .ctx = ctx, .shared = shared};
  w->timeout_ms = timeout_ms;
  w->since = loop_clock_us();
  w->deadline = timeout_ms ? w->since + timeout_ms * INT64_C(1000) : 0;
  *(p->last ? &p->last->next : &p->first) = w;
  p->last = w;
  p->n_waiting++;
  if (!shared) p->n_exclusive++;
  p->used = true;
  deadline_start(p, w->deadline);
  loop_soon(p->loop, &p->soon);
  return w;
}

PoolWait *pool_take(Pool *p, int timeout_ms, PoolTaken *taken, void *ctx, Err *e) {
  return wait_new(p, timeout_ms, false, taken, ctx, e);
}

PoolWait *pool_share(Pool *p, int timeout_ms, PoolTaken *taken, void *ctx, Err *e) {
  return wait_new(p, timeout_ms, true, taken, ctx, e);
}

void pool_cancel(PoolWait *w) {
  wait_unlink(w);
  mem_free(w);
}

Conn *pool_take_now(Pool *p) {
  Place *x = place_idle(p);
  return x ? place_hand_out(x, false) : NULL;
}

typedef struct PoolPump {
  Pool *pool;
  bool (*until)(void *);
  void *ctx;
} PoolPump;

static bool pump_over(void *ctx) {
  const PoolPump *x = ctx;
  return x->pool->closed || x->pool->lists[PLACE_IDLE].n || x->until(x->ctx);
}

/* What one that is being cleaned comes to. */
static bool pump_cleaning(PoolPump *x, int64_t deadline, Err *e) {
  Place *place = x->pool->lists[PLACE_RETURNING].first;
  while (!place->cleaning) place = place->next;
  Conn *c = place->conn;
  uint32_t cleaning = x->pool->n_cleaning;
  return conn_pump(c, pump_over, x, deadline, e) || x->pool->n_cleaning < cleaning;
}

/* One connection comes up, or does not. True with the pool as it was: without the option, it is to be tried
 * again. */
static bool pump_one(PoolPump *x, int64_t deadline, Err *e) {
  Pool *p = x->pool;
  const PlaceList *coming = &p->lists[PLACE_CONNECTING];
  if (p->n_cleaning) return pump_cleaning(x, deadline, e);
  if (!coming->n && total(p) >= (uint32_t)p->options.max)
    return err_set(e, ERR_P2024, "No connection is free.");
  if (!coming->n && !place_open(p, e)) return false;
  p->refused.code = ERR_NONE;
  if (conn_pump(coming->first->conn, pump_over, x, deadline, e)) return true;
  if (e->code == ERR_TIMEOUT) return false;
  if (p->refused.code == ERR_NONE || pump_over(x)) return true;
  *e = p->refused;
  return false;
}

bool pool_pump(Pool *p, bool (*until)(void *), void *ctx, int64_t deadline, Err *e) {
  PoolPump x = {p, until, ctx};
  bool good = true;
  pool_enter(p);
  while (good && !pump_over(&x)) good = pump_one(&x, deadline, e);
  pool_leave(p);
  return good;
}

Conn *pool_try(Pool *p) { return p->first ? NULL : pool_take_now(p); }

Conn *pool_try_shared(Pool *p) {
  Place *x = p->first ? NULL : place_sharable(p);
  return x ? place_hand_out(x, true) : NULL;
}

/* ---- opening and closing ---- */

typedef struct PoolOpen {
  Pool *pool;
  Slice url;
  Err *e;
  bool good;
} PoolOpen;

static void read_url(void *ctx) {
  PoolOpen *o = ctx;
  Pool *p = o->pool;
  o->good = url_parse(p->arena, slice_copy(p->arena, o->url), &p->info, o->e);
  if (!o->good) return;
  p->plain = p->info.conninfo;
  if (p->info.pgbouncer) return;
  p->checked = url_with_option(p->arena, &p->info, SLICE("-cclient_connection_check_interval=1000"));
  p->info.conninfo = p->checked;
}

static bool open_timers(Pool *p, Err *e) {
  p->deadline = loop_timer_new(p->loop, on_deadline, p, e);
  p->tidy = p->deadline ? loop_timer_new(p->loop, on_tidy, p, e) : NULL;
  p->retry = p->tidy ? loop_timer_new(p->loop, on_retry, p, e) : NULL;
  if (!p->retry) return false;
  loop_timer_quiet(p->tidy, true);
  return true;
}

static bool open_into(Pool *p, Slice url, Err *e) {
  PoolOpen o = {p, url, e, false};
  p->arena = arena_new(1024);
  if (!p->arena || !arena_protect(p->arena, NULL, read_url, &o)) return err_oom(e);
  return o.good && open_timers(p, e);
}

bool pool_new(Loop *loop, Slice url, const PoolOptions *options, Pool **out, Err *e) {
  Pool *p = mem_zalloc(sizeof *p);
  if (!p) return err_oom(e);
  p->loop = loop;
  p->options = *options;
  if (p->options.max < 1) p->options.max = 1;
  if (p->options.min > p->options.max) p->options.min = p->options.max;
  p->soon.call = on_soon;
  p->soon.ctx = p;
  if (open_into(p, url, e)) {
    *out = p;
    return true;
  }
  pool_free(p);
  return false;
}

void pool_close(Pool *p) {
  Err err;
  if (!p || p->closed) return;
  pool_enter(p);
  p->closed = true;
  for (int i = 0; i < PLACE_STATES; i++)
    while (p->lists[i].first) place_free(p->lists[i].first);
  err_set(&err, ERR_CANCELLED, "The client was disconnected.");
  waits_fail(p, &err);
  loop_soon_cancel(p->loop, &p->soon);
  loop_timer_stop(p->deadline);
  loop_timer_stop(p->tidy);
  loop_timer_stop(p->retry);
  pool_leave(p);
}

PoolStats pool_stats(const Pool *p) {
  const PlaceList *l = p->lists;
  uint32_t up = total(p) - l[PLACE_CONNECTING].n;
  return (PoolStats){.total = up,
                     .idle = l[PLACE_IDLE].n + p->n_cleaning, /* nobody holds those */
                     .busy = l[PLACE_SHARED].n + l[PLACE_LEASED].n + l[PLACE_RETURNING].n - p->n_cleaning,
                     .waiting = p->n_waiting,
                     .taken = p->taken,
                     .timeouts = p->timeouts,
                     .connects = p->connects,
                     .opened = p->opened,
                     .closed = p->opened - up,
                     .waits = p->waits,
                     .lost = p->lost};
}

const ConnInfo *pool_info(const Pool *p) { return &p->info; }
