/* coroutine.resume and coroutine.wrap, so that a call to the database in a user's generator suspends the task
 * around it, not the whole program: our own yield passes outward, the generator's goes to whoever resumed it.
 */
#include "runtime/throw.h"

/* [-0, +0, -] Resume co with the n values on its stack; is it for us to pass on? */
static int resume(lua_State *L, lua_State *co, int n, int *results) {
  Sched *s = &runtime_of(L)->sched;
  lua_State *outer = s->current, *around = s->innermost;
  s->current = outer == L && lua_isyieldable(L) ? co : NULL;
  s->innermost = co;
  int status = lua_resume(co, L, n, results);
  s->innermost = around;
  s->current = outer;
  return status;
}

/* [-0, +0, v] Why it cannot be resumed, or NULL. */
static const char *refusal(lua_State *L, lua_State *co) {
  if (sched_is_private(co)) return "cannot resume a coroutine that waits";
  if (lua_status(co) == LUA_YIELD) return NULL;
  if (lua_status(co) != LUA_OK || lua_gettop(co) == 0) return "cannot resume dead coroutine";
  lua_Debug ar;
  if (co == L || lua_getstack(co, 0, &ar)) return "cannot resume non-suspended coroutine";
  return NULL;
}

typedef int Deliver(lua_State *L, lua_State *co, int status, int n);

/* true, values... or false, error [-0, +k, v] */
static int deliver_resumed(lua_State *L, lua_State *co, int status, int n) {
  bool good = status == LUA_OK || status == LUA_YIELD;
  if (!good) n = 1;
  lua_pushboolean(L, good);
  if (!lua_checkstack(L, n)) {
    lua_pop(co, n);
    return luaL_error(L, "too many results to resume");
  }
  lua_xmove(co, L, n);
  return n + 1;
}

/* values..., or the error is raised here [-0, +k, v] */
static int deliver_wrapped(lua_State *L, lua_State *co, int status, int n) {
  if (status == LUA_OK || status == LUA_YIELD) {
    luaL_checkstack(L, n, "too many results");
    lua_xmove(co, L, n);
    return n;
  }
  bool in_coroutine = lua_status(co) != LUA_OK && lua_status(co) != LUA_YIELD;
  if (in_coroutine) lua_resetthread(co); /* its to-be-closed variables */
  lua_xmove(co, L, 1);
  if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

/* [-0, +1, -] */
static lua_State *coroutine_at(lua_State *L, bool wrapped) {
  return lua_tothread(L, wrapped ? lua_upvalueindex(1) : 1);
}

static int went_on(lua_State *L, int status, lua_KContext wrapped);

static int step(lua_State *L, lua_State *co, int n, bool wrapped) {
  int results = 0, status = resume(L, co, n, &results);
  if (status == LUA_YIELD && sched_is_private(co)) return sched_suspend(L, went_on, wrapped);
  return (wrapped ? deliver_wrapped : deliver_resumed)(L, co, status, results);
}

/* What the coroutine waited for has come; the task goes on, and so does the coroutine. */
static int went_on(lua_State *L, int status, lua_KContext wrapped) {
  (void)status;
  lua_State *co = coroutine_at(L, wrapped != 0);
  if (!sched_is_private(co)) { /* somebody closed it meanwhile */
    lua_settop(co, 0);
    lua_checkstack(co, 1);
    lua_pushliteral(co, "cannot resume dead coroutine");
    return (wrapped ? deliver_wrapped : deliver_resumed)(L, co, LUA_ERRRUN, 1);
  }
  lua_pop(co, 1);
  return step(L, co, 0, wrapped != 0);
}

static int begin(lua_State *L, lua_State *co, int n, bool wrapped) {
  const char *why = refusal(L, co);
  if (!why && !lua_checkstack(co, n + 1)) why = "too many arguments to resume";
  if (!why) {
    lua_xmove(L, co, n);
    return step(L, co, n, wrapped);
  }
  if (wrapped) return luaL_error(L, "%s", why);
  lua_pushboolean(L, false);
  lua_pushstring(L, why);
  return 2;
}

static int coroutine_resume(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTHREAD);
  return begin(L, lua_tothread(L, 1), lua_gettop(L) - 1, false);
}

static int call_wrapped(lua_State *L) { return begin(L, coroutine_at(L, true), lua_gettop(L), true); }

static int coroutine_wrap(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, call_wrapped, 1);
  return 1;
}

/* core.adoptCoroutines(): replaces them in the table `coroutine` [-0, +0, v] */
static int adopt(lua_State *L) {
  if (lua_getglobal(L, "coroutine") != LUA_TTABLE) return 0;
  lua_pushcfunction(L, coroutine_resume);
  lua_setfield(L, -2, "resume");
  lua_pushcfunction(L, coroutine_wrap);
  lua_setfield(L, -2, "wrap");
  return 0;
}

void open_coroutine(lua_State *L) {
  static const luaL_Reg functions[] = {{"adoptCoroutines", adopt}, {NULL, NULL}};
  runtime_functions(L, functions);
}
