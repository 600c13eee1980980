/* Tasks, groups of tasks, sleeping. lua/lorm/tasks.lua makes lorm.all, map and timeout of them. */
#include <math.h>
#include <time.h>

#include "runtime/blocked.h"
#include "runtime/throw.h"

/* ---- tasks ---- */

/* core.spawn(fn, ...) -> task [-0, +1, v] */
static int spawn(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  sched_spawn(L, runtime_of(L), lua_gettop(L) - 1);
  return 1;
}

/* [-0, +n, v] what a task returned, or raises its error */
static int push_outcome(lua_State *L, Task *t) {
  t->seen = true;
  if (t->state == TASK_FAILED) {
    lua_pushvalue(t->co, -1);
    lua_xmove(t->co, L, 1);
    return lua_error(L);
  }
  luaL_checkstack(L, t->n, "too many results");
  if (!lua_checkstack(t->co, t->n)) luaL_error(L, "too many results");
  int first = lua_gettop(t->co) - t->n + 1;
  for (int i = 0; i < t->n; i++) lua_pushvalue(t->co, first + i);
  lua_xmove(t->co, L, t->n);
  return t->n;
}

static bool task_is_over(void *ctx) { return task_over(ctx); }

/* [-0, +n, v] also the continuation */
static int await_on(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  (void)ctx;
  Runtime *rt = runtime_of(L);
  Task *t = lua_touserdata(L, 1), *me = rt->sched.running;
  sched_interrupted(L, rt);
  if (task_over(t)) return push_outcome(L, t);
  if (t == me) return throw_code(L, ERR_USAGE, "A task cannot wait for itself.");
  switch (sched_way(L, rt)) {
    case AWAIT_YIELD:
      me->waits_for = t;
      me->next_waiter = t->waiters;
      t->waiters = me;
      return sched_suspend(L, await_on, 0);
    case AWAIT_DRIVE:
      if (!sched_drive(L, rt, task_is_over, t)) return sched_deadlock(L);
      return push_outcome(L, t);
    case AWAIT_PUMP: break;
  }
  return throw_code(L, ERR_USAGE,
                    "Another task cannot be waited for here, where Lua cannot yield (a coroutine of "
                    "your own, or a callback called from C).");
}

/* task:await() [-0, +n, v] */
static int task_await(lua_State *L) {
  runtime_check(L, runtime_of(L), 1, KIND_TASK);
  lua_settop(L, 1);
  return await_on(L, LUA_OK, 0);
}

/* task:cancel() [-0, +0, v] */
static int task_cancel(lua_State *L) {
  Runtime *rt = runtime_of(L);
  sched_cancel(rt, runtime_check(L, rt, 1, KIND_TASK));
  return 0;
}

/* task:status() -> "ready", "running", "waiting", "done", "failed" [-0, +1, v] */
static int task_status(lua_State *L) {
  static const char *const names[] = {"ready", "running", "waiting", "done", "failed"};
  const Task *t = runtime_check(L, runtime_of(L), 1, KIND_TASK);
  lua_pushstring(L, names[t->state]);
  return 1;
}

/* core.trace(task) -> the traceback of its error, or nil [-0, +1, v] */
static int task_trace(lua_State *L) {
  runtime_check(L, runtime_of(L), 1, KIND_TASK);
  lua_getiuservalue(L, 1, TASK_TRACE);
  return 1;
}

/* core.mayWait() -> can this coroutine wait, now? Not where Lua cannot yield, nor in a cancelled task [-0,
 * +1, v] */
static int may_wait(lua_State *L) {
  const Runtime *rt = runtime_of(L);
  const Task *t = rt->sched.running;
  lua_pushboolean(L, sched_way(L, rt) != AWAIT_PUMP && !(t && t->cancelled));
  return 1;
}

/* core.running() -> task or nil [-0, +1, v] */
static int running(lua_State *L) {
  sched_push_running(L, runtime_of(L));
  return 1;
}

/* ---- promises: something to wait for, settled by whoever likes; a task that never runs ---- */

/* core.promise() -> promise, with :await() [-0, +1, v] */
static int promise(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Task *t = runtime_userdata(L, rt, sizeof *t, TASK_VALUES, KIND_TASK);
  t->runtime = rt;
  t->co = lua_newthread(L);
  lua_setiuservalue(L, -2, TASK_THREAD);
  t->state = TASK_WAITING;
  return 1;
}

/* core.resolve(promise, ...): no effect the second time [-0, +0, v] */
static int resolve(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Task *t = runtime_check(L, rt, 1, KIND_TASK);
  int n = lua_gettop(L) - 1;
  if (task_over(t)) return 0;
  if (!lua_checkstack(t->co, n + 1)) return luaL_error(L, "too many values");
  lua_xmove(L, t->co, n);
  t->n = n;
  sched_settle(rt, t, TASK_DONE);
  return 0;
}

/* ---- what lua/ keeps per task ---- */

static const char context_key; /* outside of tasks */

/* core.context() -> what was set last in this task, or by its parent before it began [-0, +1, v] */
static int context(lua_State *L) {
  Runtime *rt = runtime_of(L);
  sched_push_running(L, rt);
  if (lua_isnil(L, -1))
    lua_rawgetp(L, LUA_REGISTRYINDEX, &context_key);
  else
    lua_getiuservalue(L, -1, TASK_CONTEXT);
  return 1;
}

/* core.setContext(value) [-0, +0, v] */
static int set_context(lua_State *L) {
  Runtime *rt = runtime_of(L);
  lua_settop(L, 1);
  sched_push_running(L, rt);
  lua_pushvalue(L, 1);
  if (lua_isnil(L, 2))
    lua_rawsetp(L, LUA_REGISTRYINDEX, &context_key);
  else
    lua_setiuservalue(L, 2, TASK_CONTEXT);
  return 0;
}

/* ---- deadlines ---- */

typedef struct Deadline { /* of the driver: the task's own timer serves tasks */
  LoopTimer *timer;
  Group *group;
  uint32_t limit;
  bool due;
} Deadline;

static void driver_due(void *ctx) { ((Deadline *)ctx)->due = true; }

int64_t sched_check_ms(lua_State *L, int index) {
  lua_Number ms = luaL_checknumber(L, index);
  luaL_argcheck(L, ms >= 0 && ms < 1e15, index, "a number of milliseconds, not negative");
  return (int64_t)ceil(ms);
}

/* ---- sleeping ---- */

static int sleep_on(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  Runtime *rt = runtime_of(L);
  sched_interrupted(L, rt);
  return rt->sched.running->due ? 0 : sched_suspend(L, sleep_on, ctx);
}

static bool deadline_over(void *ctx) { return ((Deadline *)ctx)->due; }

static int sleep_driving(lua_State *L, Runtime *rt, int64_t ms) {
  Err e;
  Deadline d = {0};
  d.timer = loop_timer_new(rt->loop, driver_due, &d, &e);
  if (!d.timer) return throw_err(L, &e);
  loop_timer_start(d.timer, ms);
  bool over = sched_drive(L, rt, deadline_over, &d);
  loop_timer_free(d.timer);
  return over ? 0 : sched_deadlock(L);
}

/* Case 3: nobody else can go on meanwhile. */
static int sleep_blocking(int64_t ms) {
  struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};
  while (nanosleep(&left, &left) != 0) continue;
  return 0;
}

/* lorm.sleep(ms) [-0, +0, v] */
static int sleep_ms(lua_State *L) {
  Runtime *rt = runtime_of(L);
  int64_t ms = sched_check_ms(L, 1);
  sched_interrupted(L, rt);
  switch (sched_way(L, rt)) {
    case AWAIT_YIELD: sched_timer(L, rt->sched.running, ms); return sched_suspend(L, sleep_on, 0);
    case AWAIT_DRIVE: return sleep_driving(L, rt, ms);
    case AWAIT_PUMP: break;
  }
  return sleep_blocking(ms);
}

/* lorm.clock() -> milliseconds, monotonic, with a fraction [-0, +1, -] */
static int clock_ms(lua_State *L) {
  lua_pushnumber(L, (lua_Number)loop_clock_us() / 1000);
  return 1;
}

/* ---- groups: tasks that end together ---- */

/* core.group() -> group [-0, +1, v] */
static int group_new(lua_State *L) {
  Runtime *rt = runtime_of(L);
  runtime_userdata(L, rt, sizeof(Group), 1, KIND_GROUP);
  return 1;
}

/* group:spawn(fn, ...) -> task [-0, +1, v] */
static int group_spawn(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Group *g = runtime_check(L, rt, 1, KIND_GROUP);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  Task *t = sched_spawn(L, rt, lua_gettop(L) - 2);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, TASK_GROUP);
  t->group = g;
  g->running++;
  return 1;
}

/* Those that still run are cancelled; nobody waits for them. */
static void group_leave(Runtime *rt, Group *g) {
  g->closed = true;
  slot_leave(&g->waiter);
  for (Task *t = rt->sched.tasks; t && g->running; t = t->next) {
    if (t->group != g) continue;
    t->group = NULL;
    g->running--;
    sched_cancel(rt, t);
  }
}

/* __close, __gc [-0, +0, -] */
static int group_close(lua_State *L) {
  group_leave(runtime_of(L), lua_touserdata(L, 1));
  return 0;
}

static bool group_settled(const Group *g, uint32_t limit) { return g->failed || g->running <= limit; }
static bool group_over(void *ctx) {
  const Deadline *d = ctx;
  return d->due || group_settled(d->group, d->limit);
}

/* [-0, +1, v] true, or raises the first error of the group's tasks */
static int group_outcome(lua_State *L, const Group *g) {
  lua_pushboolean(L, true);
  if (!g->failed) return 1;
  lua_getiuservalue(L, 1, 1);
  return push_outcome(L, lua_touserdata(L, -1));
}

static int join_on(lua_State *L, int status, lua_KContext limit) {
  (void)status;
  Runtime *rt = runtime_of(L);
  Group *g = lua_touserdata(L, 1);
  slot_leave(&g->waiter);
  sched_interrupted(L, rt);
  if (group_settled(g, (uint32_t)limit)) return group_outcome(L, g);
  if (lua_toboolean(L, 3) && rt->sched.running->due) {
    lua_pushboolean(L, false);
    return 1;
  }
  slot_take(&g->waiter, rt->sched.running);
  return sched_suspend(L, join_on, limit);
}

static int join_driving(lua_State *L, Runtime *rt, Group *g, uint32_t limit, int64_t ms) {
  Err e;
  Deadline d = {.group = g, .limit = limit};
  if (ms >= 0) {
    d.timer = loop_timer_new(rt->loop, driver_due, &d, &e);
    if (!d.timer) return throw_err(L, &e);
    loop_timer_start(d.timer, ms);
  }
  bool over = sched_drive(L, rt, group_over, &d);
  loop_timer_free(d.timer);
  if (!over) return sched_deadlock(L);
  if (group_settled(g, limit)) return group_outcome(L, g);
  lua_pushboolean(L, false);
  return 1;
}

/* group:join(limit [, ms]) -> true when no more than `limit` of its tasks run, false at the deadline; raises
 * the first error [-0, +1, v] */
static int group_join(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Group *g = runtime_check(L, rt, 1, KIND_GROUP);
  uint32_t limit = (uint32_t)luaL_checkinteger(L, 2);
  int64_t ms = lua_isnoneornil(L, 3) ? -1 : sched_check_ms(L, 3);
  lua_settop(L, 3);
  sched_interrupted(L, rt);
  if (group_settled(g, limit)) return group_outcome(L, g);
  switch (sched_way(L, rt)) {
    case AWAIT_YIELD:
      if (ms >= 0) sched_timer(L, rt->sched.running, ms);
      return join_on(L, LUA_OK, (lua_KContext)limit);
    case AWAIT_DRIVE: return join_driving(L, rt, g, limit, ms);
    case AWAIT_PUMP: break;
  }
  return throw_code(L, ERR_USAGE,
                    "Tasks cannot be waited for here, where Lua cannot yield (a coroutine of your own, "
                    "or a callback called from C).");
}

void open_sched(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"spawn", spawn},     {"running", running},        {"mayWait", may_wait}, {"trace", task_trace},
      {"context", context}, {"setContext", set_context}, {"sleep", sleep_ms},   {"promise", promise},
      {"resolve", resolve}, {"clock", clock_ms},         {"group", group_new},  {"blocked", blocked_next},
      {NULL, NULL}};
  static const luaL_Reg none[] = {{NULL, NULL}};
  static const luaL_Reg task_methods[] = {
      {"await", task_await}, {"cancel", task_cancel}, {"status", task_status}, {NULL, NULL}};
  static const luaL_Reg group_meta[] = {{"__close", group_close}, {"__gc", group_close}, {NULL, NULL}};
  static const luaL_Reg group_methods[] = {{"spawn", group_spawn}, {"join", group_join}, {NULL, NULL}};
  Runtime *rt = runtime_of(L);
  runtime_functions(L, functions);
  runtime_methods(L, rt, KIND_TASK, none, task_methods);
  runtime_methods(L, rt, KIND_GROUP, group_meta, group_methods);
}
