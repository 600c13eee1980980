#include "runtime/call.h"

#include "runtime/client.h"
#include "runtime/rows.h"
#include "runtime/throw.h"

static bool finish_rows(lua_State *L, Runtime *rt, Request *r, Err *e) { return rows_push(L, rt, r, e); }
const CallKind call_rows = {finish_rows};

static bool finish_raw(lua_State *L, Runtime *rt, Request *r, Err *e) {
  ResultShape shape;
  request_shape(r, &shape);
  if (shape.kind == RESULT_ROWS) return rows_push(L, rt, r, e);
  lua_pushinteger(L, shape.affected);
  return true;
}
const CallKind call_raw = {finish_raw};

Request *call_take(lua_State *L, Runtime *rt, Engine *engine) {
  Err e;
  runtime_enter(rt);
  rt->in_hand = request_take(engine, &e);
  if (!rt->in_hand) throw_err(L, &e);
  return rt->in_hand;
}

int call_fail(lua_State *L, Runtime *rt, Request *r, const Err *e) {
  Err copy = *e; /* it may be the request's own */
  borrow_explain(rt->clients, request_engine(r), &copy);
  rt->in_hand = NULL;
  request_release(r);
  return throw_err(L, &copy);
}

/* [-0, +1, v] */
static int finish(lua_State *L, Runtime *rt, Request *r, const CallKind *kind) {
  Err e;
  runtime_enter(rt);
  rt->in_hand = r;
  const Err *failed = request_error(r);
  if (failed) return call_fail(L, rt, r, failed);
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  if (!kind->finish(L, rt, r, &e)) return call_fail(L, rt, r, &e);
  rt->in_hand = NULL;
  if (!kind->keeps) request_release(r);
  return 1;
}

static int disconnected(lua_State *L) {
  return throw_code(L, ERR_CANCELLED, "The client was disconnected while this was under way.");
}

/* The continuation of a task that waited for its request. */
static int resumed(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  Runtime *rt = runtime_of(L);
  Task *t = rt->sched.running;
  const CallKind *kind = (const CallKind *)ctx;
  sched_interrupted(L, rt);
  if (t->await.lost) return disconnected(L);
  if (!t->await.done) return sched_suspend(L, resumed, ctx);
  Request *r = t->await.request;
  await_end(&rt->sched, &t->await);
  t->await.done = false;
  return finish(L, rt, r, kind);
}

/* Case 1: the task yields until its request is finished. */
static int run_yielding(lua_State *L, Runtime *rt, Engine *engine, Request *r, const CallKind *kind) {
  Err e;
  Task *t = rt->sched.running;
  await_begin(&rt->sched, &t->await, r, engine, t);
  if (!engine_submit(r, await_done, &t->await, &e)) {
    await_end(&rt->sched, &t->await);
    return call_fail(L, rt, r, &e);
  }
  rt->in_hand = NULL;
  return sched_suspend(L, resumed, (lua_KContext)kind);
}

static bool await_over(void *ctx) {
  const Await *a = ctx;
  return a->done || a->lost;
}

/* Case 2: no task is running; the loop runs here. */
static int run_driving(lua_State *L, Runtime *rt, Engine *engine, Request *r, const CallKind *kind) {
  Err e;
  Await a;
  await_begin(&rt->sched, &a, r, engine, NULL);
  if (!engine_submit(r, await_done, &a, &e)) {
    await_end(&rt->sched, &a);
    return call_fail(L, rt, r, &e);
  }
  rt->in_hand = NULL;
  bool over = sched_drive(L, rt, await_over, &a);
  await_end(&rt->sched, &a);
  if (a.lost) return disconnected(L);
  if (over) return finish(L, rt, r, kind);
  engine_detach(r);
  return sched_deadlock(L);
}

static void nobody(Request *r, void *ctx) {
  (void)r;
  (void)ctx;
}

/* Case 3: wait for this request's connection alone. */
static int run_pumping(lua_State *L, Runtime *rt, Request *r, const CallKind *kind) {
  Err e;
  if (!engine_submit(r, nobody, NULL, &e)) return call_fail(L, rt, r, &e);
  rt->in_hand = NULL;
  if (engine_pump(r, 0, &e)) return finish(L, rt, r, kind);
  engine_detach(r);
  return throw_err(L, &e);
}

int call_answered(lua_State *L, Runtime *rt, Request *r, const CallKind *kind) {
  rt->in_hand = NULL;
  return finish(L, rt, r, kind);
}

int call_run(lua_State *L, Runtime *rt, Engine *engine, Request *r, const CallKind *kind) {
  const Task *t = rt->sched.running;
  if (t && t->cancelled) {
    Err e;
    (void)err_set(&e, ERR_CANCELLED, "The task was cancelled.");
    return call_fail(L, rt, r, &e);
  }
  switch (sched_way(L, rt)) {
    case AWAIT_YIELD: return run_yielding(L, rt, engine, r, kind);
    case AWAIT_DRIVE: return run_driving(L, rt, engine, r, kind);
    case AWAIT_PUMP: break;
  }
  return run_pumping(L, rt, r, kind);
}
