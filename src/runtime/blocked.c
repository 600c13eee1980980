#include "runtime/blocked.h"

#include <stdlib.h>

#include "runtime/throw.h"

enum {
  DEFAULT_MS = 1000
};

int64_t blocked_limit_us(void) {
  const char *text = getenv("LORM_BLOCKED_MS");
  char *end = NULL;
  long ms = text && *text ? strtol(text, &end, 10) : DEFAULT_MS;
  if (end && *end) ms = DEFAULT_MS;
  return ms > 0 ? ms * INT64_C(1000) : INT64_MAX;
}

typedef struct Blocking {
  const Task *task;
  const Runtime *rt;
  int64_t us;
  const Borrow *seen;
} Blocking;

static const char list_key; /* registry: the texts that were not told yet */

static int others(const Runtime *rt, const Task *t) {
  int n = 0;
  for (const Task *o = rt->sched.tasks; o; o = o->next) n += o != t;
  return n;
}

/* [-0, +1, m] the line where the coroutine stands now, or the function that it ran */
static void push_where(lua_State *L, const Task *t) {
  lua_Debug ar;
  for (int level = 0; lua_getstack(t->co, level, &ar); level++) {
    lua_getinfo(t->co, "Sl", &ar);
    if (ar.currentline <= 0 || throw_is_ours(ar.source)) continue;
    lua_pushfstring(L, "it is at %s:%d now", ar.short_src, ar.currentline);
    return;
  }
  sched_push_running(L, t->runtime);
  if (lua_getiuservalue(L, -1, TASK_FUNCTION) == LUA_TFUNCTION) {
    lua_getinfo(L, ">S", &ar);
    lua_pushfstring(L, "it was the function at %s:%d", ar.short_src, ar.linedefined);
  } else {
    lua_pop(L, 1);
    lua_pushliteral(L, "where is not known");
  }
  lua_remove(L, -2);
}

/* lua_pcall around this. [-1, +0, m] */
static int add(lua_State *L) {
  const Blocking *n = lua_touserdata(L, 1);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &list_key) != LUA_TTABLE) {
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &list_key);
  }
  int list = lua_gettop(L), waiting = others(n->rt, n->task);
  lua_pushfstring(L, "A task ran for %d ms without waiting, which held up %d other%s; ", (int)(n->us / 1000),
                  waiting, waiting == 1 ? "" : "s");
  if (n->seen->n) {
    lua_pushfstring(L, "it was at %s:%d", n->seen->at[0].file, n->seen->at[0].line);
    borrow_push_trace(L, n->seen);
  } else {
    push_where(L, n->task);
    throw_push_trace(L, n->task->co);
  }
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_concat(L, 2);
  } else {
    lua_pushliteral(L, "\n");
    lua_insert(L, -2);
    lua_concat(L, 4);
  }
  lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
  return 0;
}

void blocked_note(lua_State *L, Runtime *rt, Task *t, int64_t us, const Borrow *seen) {
  Blocking n = {t, rt, us, seen};
  if (t->told || !others(rt, t)) return;
  t->told = true;
  lua_pushcfunction(L, add);
  lua_pushlightuserdata(L, &n);
  if (lua_pcall(L, 1, 0, 0) == LUA_OK)
    rt->sched.events = true;
  else
    lua_pop(L, 1); /* no memory: it is not told */
}

int blocked_next(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &list_key) != LUA_TTABLE || !lua_rawlen(L, -1)) return 0;
  lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
  lua_rawgeti(L, -1, n);
  lua_pushnil(L);
  lua_rawseti(L, -3, n);
  return 1;
}
