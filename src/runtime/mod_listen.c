/* Notifications: an ear is a subscription of a client's, and whoever waits for its next note.
 * lua/lorm/listen.lua makes an iterator of it. */
#include "runtime/client.h"
#include "runtime/throw.h"
#include "runtime/values.h"

void ear_close(Ear *ear) {
  Subscription *s = ear->subscription;
  if (!s) return;
  ear->subscription = NULL;
  if (ear->next) ear->next->prev = ear->prev;
  *(ear->prev ? &ear->prev->next : &ear->client->ears) = ear->next;
  if (ear->waiter) sched_wake(ear->client->handle.rt, ear->waiter);
  engine_unsubscribe(s);
}

/* From the loop. */
static void on_wake(void *ctx) {
  const Ear *ear = ctx;
  if (ear->waiter) sched_wake(ear->client->handle.rt, ear->waiter);
}

static int ear_gc(lua_State *L) {
  ear_close(lua_touserdata(L, 1));
  return 0;
}

/* ---- what there is to hear ---- */

/* [-0, +0, m] t[key] = true for the table on top */
static void set_true(lua_State *L, const char *key) {
  lua_pushboolean(L, true);
  lua_setfield(L, -2, key);
}

/* [-0, +1, m] It stays the first until it is a table. */
static void push_note(lua_State *L, const Note *n) {
  lua_createtable(L, 0, 3);
  if (n->reconnected) set_true(L, "reconnected");
  if (n->overflow) set_true(L, "overflow");
  if (n->reconnected || n->overflow) {
    set_true(L, "missed");
    return;
  }
  lua_pushlstring(L, n->channel.p, n->channel.n);
  lua_setfield(L, -2, "channel");
  lua_pushlstring(L, n->payload.p, n->payload.n);
  lua_setfield(L, -2, "payload");
  lua_pushinteger(L, n->pid);
  lua_setfield(L, -2, "pid");
}

/* [-0, +1, -] the ear was closed, or the deadline has passed */
static int push_nothing(lua_State *L) {
  lua_pushnil(L);
  return 1;
}

/* Of the ear at 1: is there nothing to wait for? */
static bool ear_settled(const Ear *ear, bool opening) {
  if (!ear->subscription) return true;
  Heard h = engine_heard(ear->subscription);
  return opening ? h.opened : h.note || h.failed;
}

/* [-0, +1, v] the ear when it has opened; the next note, or nil when the ear was closed */
static int push_heard(lua_State *L, Ear *ear, bool opening) {
  if (ear->lost) throw_code(L, ERR_CANCELLED, "The client was disconnected while this was under way.");
  lua_settop(L, 1);
  if (!ear->subscription) return push_nothing(L);
  Heard h = engine_heard(ear->subscription);
  if (h.failed) {
    Err e = *h.failed;
    ear_close(ear);
    return throw_err(L, &e);
  }
  if (opening) return 1;
  push_note(L, h.note);
  engine_heard_next(ear->subscription);
  return 1;
}

/* ---- waiting for it ---- */

enum {
  WAIT_OPENING = 1, /* for the ear to open, not for a note */
  WAIT_TIMED = 2
};

static void ear_wait(Ear *ear, bool waits) {
  if (ear->waits == waits) return;
  ear->waits = waits;
  if (ear->subscription) engine_hearing(ear->subscription, waits);
}

/* [-0, +1, v] */
static int listen_on(lua_State *L, int status, lua_KContext how) {
  (void)status;
  Runtime *rt = runtime_of(L);
  Ear *ear = lua_touserdata(L, 1);
  slot_leave(&ear->waiter);
  ear_wait(ear, false);
  sched_interrupted(L, rt);
  if (ear_settled(ear, how & WAIT_OPENING)) return push_heard(L, ear, how & WAIT_OPENING);
  if (how & WAIT_TIMED && rt->sched.running->due) return push_nothing(L);
  ear_wait(ear, true);
  slot_take(&ear->waiter, rt->sched.running);
  return sched_suspend(L, listen_on, how);
}

typedef struct Hearing { /* without a task */
  const Ear *ear;
  bool opening, due;
} Hearing;

static bool hearing_over(void *ctx) {
  const Hearing *h = ctx;
  return h->due || ear_settled(h->ear, h->opening);
}
static void hearing_due(void *ctx) { ((Hearing *)ctx)->due = true; }

static int listen_driving(lua_State *L, Runtime *rt, Ear *ear, bool opening, int64_t ms) {
  Err e;
  Hearing h = {ear, opening, false};
  LoopTimer *timer = ms >= 0 ? loop_timer_new(rt->loop, hearing_due, &h, &e) : NULL;
  if (ms >= 0 && !timer) return throw_err(L, &e);
  if (timer) loop_timer_start(timer, ms);
  ear_wait(ear, true);
  bool over = sched_drive(L, rt, hearing_over, &h);
  ear_wait(ear, false);
  loop_timer_free(timer);
  if (!over) return sched_deadlock(L);
  return ear_settled(ear, opening) ? push_heard(L, ear, opening) : push_nothing(L);
}

static int listen_pumping(lua_State *L, Ear *ear, bool opening, int64_t ms) {
  Err e;
  Hearing h = {ear, opening, false};
  int64_t deadline = ms >= 0 ? loop_clock_us() + ms * 1000 : 0;
  if (engine_pump_notes(ear->subscription, hearing_over, &h, deadline, &e))
    return push_heard(L, ear, opening);
  return deadline && e.code == ERR_TIMEOUT ? push_nothing(L) : throw_err(L, &e);
}

/* [-0, +1, v] with the ear at 1 and nothing above; ms < 0: for ever */
static int listen_wait(lua_State *L, Runtime *rt, Ear *ear, bool opening, int64_t ms) {
  sched_interrupted(L, rt);
  if (ear_settled(ear, opening)) return push_heard(L, ear, opening);
  if (ear->waits)
    return throw_code(L, ERR_USAGE, "Somebody is waiting for this listener: only one may at a time.");
  switch (sched_way(L, rt)) {
    case AWAIT_YIELD:
      if (ms >= 0) sched_timer(L, rt->sched.running, ms);
      return listen_on(L, LUA_OK, (opening ? WAIT_OPENING : 0) | (ms >= 0 ? WAIT_TIMED : 0));
    case AWAIT_DRIVE: return listen_driving(L, rt, ear, opening, ms);
    case AWAIT_PUMP: break;
  }
  return listen_pumping(L, ear, opening, ms);
}

/* ---- for lua/ ---- */

enum {
  CHANNELS_MAX = 64 /* of one call */
};

/* core.subscribe(client, channel, ...) -> ear, which core.opened makes sure of [-0, +1, v] */
static int subscribe(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Handle *h = client_check(L, rt, 1);
  Engine *engine = client_engine(L, h);
  Slice channels[CHANNELS_MAX];
  int n = lua_gettop(L) - 1;
  luaL_argcheck(L, n >= 1 && n <= CHANNELS_MAX, 2, "1 to 64 channels");
  for (int i = 0; i < n; i++) {
    luaL_checktype(L, i + 2, LUA_TSTRING);
    channels[i] = value_slice(L, i + 2);
  }
  Ear *ear = runtime_userdata(L, rt, sizeof *ear, 1, KIND_EAR);
  ear->client = h->client;
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 1);
  Err e;
  ear->subscription = engine_subscribe(engine, channels, (uint32_t)n, on_wake, ear, &e);
  if (!ear->subscription) return throw_err(L, &e);
  ear->next = h->client->ears;
  if (ear->next) ear->next->prev = ear;
  h->client->ears = ear;
  return 1;
}

/* core.opened(ear): waits until the server listens [-0, +1, v] */
static int opened(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Ear *ear = runtime_check(L, rt, 1, KIND_EAR);
  lua_settop(L, 1);
  return listen_wait(L, rt, ear, true, -1);
}

/* core.hear(ear [, ms]) -> the next note; nil when it was closed, or at the deadline [-0, +1, v] */
static int hear(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Ear *ear = runtime_check(L, rt, 1, KIND_EAR);
  int64_t ms = lua_isnoneornil(L, 2) ? -1 : sched_check_ms(L, 2);
  lua_settop(L, 1);
  return listen_wait(L, rt, ear, false, ms);
}

/* core.unsubscribe(ear): never waits [-0, +0, v] */
static int unsubscribe(lua_State *L) {
  ear_close(runtime_check(L, runtime_of(L), 1, KIND_EAR));
  return 0;
}

void open_listen(lua_State *L) {
  static const luaL_Reg functions[] = {{"subscribe", subscribe},
                                       {"opened", opened},
                                       {"hear", hear},
                                       {"unsubscribe", unsubscribe},
                                       {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", ear_gc}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_EAR, meta, NULL);
}
