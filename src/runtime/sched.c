#include "runtime/sched.h"

#include "runtime/blocked.h"
#include "runtime/throw.h"
#include "runtime/watch.h"

/* Addresses that are keys in the registry, or values that nobody else has. */
static const char private_yield, tasks_key, unseen_key;

Way sched_way(lua_State *L, const Runtime *rt) {
  const Sched *s = &rt->sched;
  if (!s->running) return s->driving ? AWAIT_PUMP : AWAIT_DRIVE;
  return L == s->current && lua_isyieldable(L) ? AWAIT_YIELD : AWAIT_PUMP;
}

/* ---- waiting for requests ---- */

void await_begin(Sched *s, Await *a, Request *r, Engine *engine, Task *t) {
  *a = (Await){.next = s->awaits, .request = r, .engine = engine, .task = t};
  if (s->awaits) s->awaits->prev = a;
  s->awaits = a;
}

void await_end(Sched *s, Await *a) {
  if (a->next) a->next->prev = a->prev;
  if (a->prev)
    a->prev->next = a->next;
  else if (s->awaits == a)
    s->awaits = a->next;
  a->next = a->prev = NULL;
  a->request = NULL;
  a->engine = NULL;
}

/* ---- the queue ---- */

static void enqueue(Sched *s, Task *t) {
  t->state = TASK_READY;
  t->next_ready = NULL;
  if (s->last_ready)
    s->last_ready->next_ready = t;
  else
    s->ready = t;
  s->last_ready = t;
}

static Task *dequeue(Sched *s) {
  Task *t = s->ready;
  s->ready = t->next_ready;
  if (!s->ready) s->last_ready = NULL;
  t->next_ready = NULL;
  return t;
}

void sched_wake(Runtime *rt, Task *t) {
  if (t->state == TASK_WAITING) enqueue(&rt->sched, t);
}

void await_done(Request *r, void *await) {
  Await *a = await;
  if (a->request != r) return;
  a->done = true;
  if (a->task) sched_wake(a->task->runtime, a->task);
}

static void stop_waiting_for_task(Task *t) {
  if (!t->waits_for) return;
  Task **at = &t->waits_for->waiters;
  while (*at != t) at = &(*at)->next_waiter;
  *at = t->next_waiter;
  t->waits_for = NULL;
}

static void task_due(void *ctx) {
  Task *t = ctx;
  t->due = true;
  sched_wake(t->runtime, t);
}

void sched_timer(lua_State *L, Task *t, int64_t ms) {
  Err e;
  if (!t->timer) t->timer = loop_timer_new(t->runtime->loop, task_due, t, &e);
  if (!t->timer) throw_err(L, &e);
  t->due = false;
  loop_timer_start(t->timer, ms);
}

void slot_take(Task **slot, Task *t) {
  *slot = t;
  t->slot = slot;
}

void slot_leave(Task **slot) {
  if (!*slot) return;
  (*slot)->slot = NULL;
  *slot = NULL;
}

/* Leave everything that a task waits for. */
static void task_detach(Runtime *rt, Task *t) {
  Request *r = t->await.request;
  if (r) {
    await_end(&rt->sched, &t->await);
    engine_detach(r);
  }
  stop_waiting_for_task(t);
  if (t->slot) slot_leave(t->slot);
  if (t->timer) loop_timer_stop(t->timer);
}

void sched_cancel(Runtime *rt, Task *t) {
  if (task_over(t) || t->cancelled) return;
  t->cancelled = true;
  if (t->state != TASK_WAITING) return;
  task_detach(rt, t);
  sched_wake(rt, t);
}

void sched_cancel_all(Runtime *rt) {
  for (Task *t = rt->sched.tasks; t; t = t->next) sched_cancel(rt, t);
}

bool sched_quiet(void *rt) {
  const Sched *s = &((Runtime *)rt)->sched;
  return !s->tasks && !s->events;
}

void sched_forget(Runtime *rt, const Engine *engine) {
  for (Await *a = rt->sched.awaits, *next; a; a = next) {
    next = a->next;
    if (a->engine != engine) continue;
    await_end(&rt->sched, a);
    a->lost = true;
    if (a->task) sched_wake(rt, a->task);
  }
}

/* ---- birth ---- */

/* [-0, +1, m] a table in the registry, made at first need */
static void push_table(lua_State *L, const void *key) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

/* [-0, +1, m] {task's address -> task}: those that are not over */
static void push_anchors(lua_State *L) { push_table(L, &tasks_key); }

/* [-0, +0, m] of the task on top */
static void inherit(lua_State *L, Task *t, Task *parent) {
  if (!parent) return;
  push_anchors(L);
  lua_rawgetp(L, -1, parent);
  lua_getiuservalue(L, -1, TASK_CONTEXT);
  lua_setiuservalue(L, -4, TASK_CONTEXT);
  lua_setiuservalue(L, -3, TASK_PARENT);
  lua_pop(L, 1);
  t->parent = parent;
}

void sched_push_running(lua_State *L, const Runtime *rt) {
  if (!rt->sched.running || lua_rawgetp(L, LUA_REGISTRYINDEX, &tasks_key) != LUA_TTABLE) {
    lua_pushnil(L);
    return;
  }
  lua_rawgetp(L, -1, rt->sched.running);
  lua_remove(L, -2);
}

Task *sched_spawn(lua_State *L, Runtime *rt, int n) {
  Sched *s = &rt->sched;
  luaL_checkstack(L, 8, NULL);
  if (s->tasks) watch_start(rt);
  Task *t = runtime_userdata(L, rt, sizeof *t, TASK_VALUES, KIND_TASK);
  t->runtime = rt;
  t->state = TASK_DONE; /* until it is whole */
  lua_State *co = lua_newthread(L);
  lua_setiuservalue(L, -2, TASK_THREAD);
  lua_pushvalue(L, -n - 2);
  lua_setiuservalue(L, -2, TASK_FUNCTION);
  inherit(L, t, s->running);
  if (!lua_checkstack(co, n + 8)) luaL_error(L, "too many arguments");
  push_anchors(L);
  lua_pushvalue(L, -2);
  lua_rawsetp(L, -2, t);
  lua_pop(L, 1);
  lua_insert(L, -n - 2);
  lua_xmove(L, co, n + 1);
  t->co = co;
  t->n = n;
  t->next = s->tasks;
  if (s->tasks) s->tasks->prev = t;
  s->tasks = t;
  enqueue(s, t);
  return t;
}

/* ---- end ---- */

static void task_unlink(Sched *s, Task *t) {
  if (t->next) t->next->prev = t->prev;
  if (t->prev)
    t->prev->next = t->next;
  else
    s->tasks = t->next;
}

typedef struct Failure {
  Task *task;
  bool unseen;
} Failure;

enum {
  MOST_UNSEEN = 64 /* failed tasks that are kept to be told of */
};

/* [-0, +0, m] Those of the list on top whose error somebody got meanwhile leave it. Its new length. */
static lua_Integer unseen_compact(lua_State *L) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, -1), kept = 0;
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, -1, i);
    const Task *t = lua_touserdata(L, -1);
    if (t->seen)
      lua_pop(L, 1);
    else
      lua_rawseti(L, -2, ++kept);
  }
  for (lua_Integer i = kept + 1; i <= n; i++) {
    lua_pushnil(L);
    lua_rawseti(L, -2, i);
  }
  return kept;
}

/* lua_pcall around this. The traceback, and a place on the list of errors that nobody waits for. [-1, +0, m]
 */
static int note_failure(lua_State *L) {
  const Failure *f = lua_touserdata(L, 1);
  push_anchors(L);
  lua_rawgetp(L, -1, f->task);
  throw_push_trace(L, f->task->co);
  lua_setiuservalue(L, -2, TASK_TRACE);
  if (!f->unseen) return 0;
  push_table(L, &unseen_key);
  lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
  if (n >= MOST_UNSEEN) n = unseen_compact(L);
  if (n >= MOST_UNSEEN) return 0;
  lua_rawgetp(L, 2, f->task);
  lua_rawseti(L, -2, n + 1);
  return 0;
}

/* [-0, +0, -] */
static void task_failed(lua_State *L, Runtime *rt, Task *t) {
  Failure f = {t, !t->waiters && !t->group && !t->cancelled};
  lua_pushcfunction(L, note_failure);
  lua_pushlightuserdata(L, &f);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) lua_pop(L, 1); /* no memory: the error itself is there */
  rt->sched.current = NULL;                           /* what closes now cannot yield */
  lua_resetthread(t->co);
}

/* [-0, +0, -] The task's group learns that it is over; keeps it when it is the first that failed. */
static void group_tell(lua_State *L, Runtime *rt, Task *t) {
  Group *g = t->group;
  if (!g) return;
  t->group = NULL;
  g->running--;
  if (t->state == TASK_FAILED && !g->failed && !g->closed) {
    g->failed = true;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &tasks_key);
    lua_rawgetp(L, -1, t);
    lua_getiuservalue(L, -1, TASK_GROUP);
    lua_pushvalue(L, -2);
    lua_setiuservalue(L, -2, 1);
    lua_pop(L, 3);
  }
  if (g->waiter) sched_wake(rt, g->waiter);
}

void sched_settle(Runtime *rt, Task *t, TaskState state) {
  t->state = state;
  while (t->waiters) {
    Task *w = t->waiters;
    stop_waiting_for_task(w);
    sched_wake(rt, w);
  }
}

/* [-0, +0, -] */
static void task_end(lua_State *L, Runtime *rt, Task *t, int status, int n) {
  task_detach(rt, t);
  if (status != LUA_OK) task_failed(L, rt, t);
  t->n = status == LUA_OK ? n : 1;
  sched_settle(rt, t, status == LUA_OK ? TASK_DONE : TASK_FAILED);
  group_tell(L, rt, t);
  task_unlink(&rt->sched, t);
  loop_timer_free(t->timer);
  t->timer = NULL;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &tasks_key);
  lua_pushnil(L);
  lua_rawsetp(L, -2, t);
  lua_pop(L, 1);
}

/* ---- running ---- */

/* A request that the coroutine waited for, and that nobody took when it was resumed: the inner coroutine that
 * would have was closed by somebody else. */
static void sweep(Runtime *rt, Task *t) {
  Request *r = t->await.request;
  if (!r || !t->await.done) return;
  await_end(&rt->sched, &t->await);
  request_release(r);
}

/* A task that was cancelled before it began has an end, but never a run. */
static int resume_cancelled(lua_State *co) {
  Err e;
  lua_settop(co, 0);
  (void)err_set(&e, ERR_CANCELLED, "%s", err_template(ERR_CANCELLED));
  return throw_err(co, &e);
}

static int task_continue(lua_State *L, Task *t, int *n) {
  int arguments = t->started ? 0 : t->n;
  if (!t->started && t->cancelled) {
    lua_settop(t->co, 0);
    lua_pushcfunction(t->co, resume_cancelled);
    arguments = 0;
  }
  t->started = true;
  return lua_resume(t->co, L, arguments, n);
}

/* A cancelled task that yields plainly waits for nothing that could raise: it ends where it stands. */
static void task_abandon(Sched *s, Task *t) {
  s->current = NULL; /* what closes now cannot yield */
  lua_resetthread(t->co);
  t->started = false;
}

/* [-0, +0, -] */
static void task_run(lua_State *L, Runtime *rt, Task *t) {
  Sched *s = &rt->sched;
  int n = 0;
  t->state = TASK_RUNNING;
  s->running = t;
  s->current = s->innermost = t->co;
  int64_t begun = loop_clock_us();
  atomic_store_explicit(&s->begun, begun, memory_order_relaxed);
  int status = task_continue(L, t, &n);
  s->innermost = NULL;
  atomic_store_explicit(&s->begun, 0, memory_order_relaxed);
  int64_t ran = loop_clock_us() - begun;
  Borrow seen = watch_seen(rt);
  if (ran >= s->blocked_us) blocked_note(L, rt, t, ran, &seen);
  if (status != LUA_YIELD) {
    task_end(L, rt, t, status, n);
  } else {
    bool ours = sched_is_private(t->co);
    lua_pop(t->co, n);
    t->state = TASK_WAITING;
    if (t->await.done) sweep(rt, t);
    if (!ours && t->cancelled) task_abandon(s, t);
    if (!ours || t->cancelled) sched_wake(rt, t); /* a plain coroutine.yield: the others' turn */
  }
  s->running = NULL;
  s->current = NULL;
}

bool sched_is_private(lua_State *co) {
  return lua_status(co) == LUA_YIELD && lua_gettop(co) > 0 &&
         lua_touserdata(co, -1) == (const void *)&private_yield;
}

int sched_suspend(lua_State *L, lua_KFunction k, lua_KContext ctx) {
  lua_pushlightuserdata(L, (void *)(uintptr_t)&private_yield);
  return lua_yieldk(L, 1, ctx, k);
}

int sched_deadlock(lua_State *L) {
  return throw_code(L, ERR_USAGE, "Deadlock: this waits for something that can never happen.");
}

void sched_interrupted(lua_State *L, Runtime *rt) {
  Task *t = rt->sched.running;
  if (!t) return;
  if (t->cancelled) throw_code(L, ERR_CANCELLED, "The task was cancelled.");
  if (!t->stuck) return;
  t->stuck = false;
  sched_deadlock(L);
}

/* Nothing can happen any more. The youngest task that waits is told so; with it gone, others may go on. */
static bool unstick(Runtime *rt) {
  Task *t = rt->sched.tasks;
  while (t && t->state != TASK_WAITING) t = t->next;
  if (!t) return false;
  t->stuck = true;
  task_detach(rt, t);
  sched_wake(rt, t);
  return true;
}

/* [-0, +0, -] Those that are ready now; not those that become so meanwhile. */
static void run_ready(lua_State *L, Runtime *rt) {
  Sched *s = &rt->sched;
  for (Task *last = s->last_ready, *t = NULL; s->ready && t != last;) {
    t = dequeue(s);
    task_run(L, rt, t);
  }
}

void sched_turn(lua_State *L, Runtime *rt) {
  Sched *s = &rt->sched;
  if (!lua_checkstack(L, 16)) return;
  s->driving = true;
  if (s->events) runtime_deliver(L, rt);
  if (s->ready)
    run_ready(L, rt);
  else
    (void)loop_turn(rt->loop, true);
  s->driving = false;
}

bool sched_drive(lua_State *L, Runtime *rt, bool (*over)(void *ctx), void *ctx) {
  Sched *s = &rt->sched;
  bool outer = s->driving, possible = lua_checkstack(L, 16);
  s->driving = true;
  while (possible && !over(ctx)) {
    if (s->events) runtime_deliver(L, rt);
    if (s->ready) {
      run_ready(L, rt);
      if (!over(ctx)) (void)loop_turn(rt->loop, false);
    } else if (!loop_turn(rt->loop, true) && !s->ready && !s->events && !over(ctx)) {
      possible = unstick(rt);
    }
  }
  s->driving = outer;
  return possible;
}

void sched_push_unseen(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &unseen_key);
  lua_pushnil(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &unseen_key);
}
