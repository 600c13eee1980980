/* What cli and nobody else asks of a runtime: a state of its own, and chunks run in it as tasks. */
#include "runtime/runtime.h"

#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/client.h"
#include "runtime/heap.h"
#include "runtime/throw.h"
#include "runtime/values.h"

/* A Lua state with a heap of its own. NULL: out of memory. */
static lua_State *state_new(void) {
  Heap *h = heap_new();
  lua_State *L = h ? lua_newstate(heap_memory, h) : NULL;
  if (!L) heap_free(h);
  return L;
}

static void state_close(lua_State *L) {
  void *heap;
  lua_getallocf(L, &heap);
  lua_close(L);
  heap_free(heap);
}

static int panic(lua_State *L) {
  const char *text = lua_tostring(L, -1);
  fprintf(stderr, "lorm: %s\n", text ? text : "an error outside of any protection");
  return 0;
}

/* ---- running something as the main task ---- */

typedef struct Work { /* one thing that cli wants, across lua_pcall */
  Runtime *rt;
  int (*prepare)(lua_State *L, struct Work *w); /* [-0, +k+1, v] push function and k arguments; returns k */
  void (*take)(lua_State *L, struct Work *w);   /* [-0, +0, v] its first result is on top; may be NULL */
  const char *path, *module, *name;
  Slice text;
  char *const *argv;
  const char *const *strings;
  int n, status;
  bool json;
  bool leaves; /* the tasks that it spawned to themselves */
  Err *e;
  bool failed;
} Work;

/* [-0, +0, v] the error of a failed task, with its traceback, as the Err of this work */
static void take_error(lua_State *L, Work *w, Task *t, int task) {
  if (w->failed) return;
  lua_getiuservalue(L, task, TASK_TRACE);
  luaL_checkstack(t->co, 2, NULL);
  lua_pushvalue(t->co, -1);
  lua_xmove(t->co, L, 1);
  throw_read(L, -1, lua_tostring(L, -2), w->e);
  lua_pop(L, 2);
  w->failed = true;
}

/* [-0, +0, v] errors of tasks that nobody waited for are the script's */
static void take_unseen(lua_State *L, Work *w) {
  sched_push_unseen(L);
  int list = lua_gettop(L);
  for (lua_Integer i = 1; lua_istable(L, list) && i <= (lua_Integer)lua_rawlen(L, list); i++) {
    lua_rawgeti(L, list, i);
    Task *t = lua_touserdata(L, -1);
    if (!t->seen) take_error(L, w, t, lua_gettop(L));
    t->seen = true;
    lua_pop(L, 1);
  }
  lua_settop(L, list - 1);
}

static bool task_is_over(void *ctx) { return task_over(ctx); }

/* lua_pcall around this: [-1, +0, v] */
static int work_body(lua_State *L) {
  Work *w = lua_touserdata(L, 1);
  Runtime *rt = w->rt;
  int n = w->prepare(L, w);
  Task *t = sched_spawn(L, rt, n);
  int task = lua_gettop(L);
  rt->main = t;
  t->seen = true;
  if (!sched_drive(L, rt, task_is_over, t)) sched_deadlock(L);
  rt->main = NULL;
  if (t->state == TASK_FAILED) {
    take_error(L, w, t, task);
    if (!w->leaves) sched_cancel_all(rt);
  }
  if (!w->leaves && !sched_drive(L, rt, sched_quiet, rt)) sched_cancel_all(rt);
  take_unseen(L, w);
  if (w->failed || !w->take) return 0;
  int results = t->n;
  if (results)
    lua_pushvalue(t->co, lua_gettop(t->co) - results + 1);
  else
    lua_pushnil(t->co);
  lua_xmove(t->co, L, 1);
  w->take(L, w);
  return 0;
}

static bool work_run(Work *w) {
  lua_State *L = w->rt->L;
  int top = lua_gettop(L);
  w->e->code = ERR_NONE;
  lua_pushcfunction(L, work_body);
  lua_pushlightuserdata(L, w);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
    throw_read(L, -1, NULL, w->e);
    w->failed = true;
  }
  w->rt->main = NULL;
  w->rt->sched.driving = false;
  lua_settop(L, top);
  return !w->failed;
}

/* ---- files, chunks, functions ---- */

static int prepare_file(lua_State *L, Work *w) {
  if (luaL_loadfilex(L, w->path, NULL) != LUA_OK) lua_error(L);
  luaL_checkstack(L, w->n + 4, "too many arguments");
  lua_createtable(L, w->n, 1);
  lua_pushstring(L, w->path);
  lua_rawseti(L, -2, 0);
  for (int i = 0; i < w->n; i++) {
    lua_pushstring(L, w->argv[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setglobal(L, "arg");
  for (int i = 0; i < w->n; i++) lua_pushstring(L, w->argv[i]);
  return w->n;
}

bool runtime_run_file(Runtime *rt, const char *path, char *const *argv, int argc, Err *e) {
  Work w = {.rt = rt, .prepare = prepare_file, .path = path, .argv = argv, .n = argc, .e = e};
  return work_run(&w);
}

/* [-0, +1, v] require(module)[name] */
static void push_function(lua_State *L, const char *module, const char *name) {
  lua_getglobal(L, "require");
  lua_pushstring(L, module);
  lua_call(L, 1, 1);
  if (!lua_istable(L, -1) || lua_getfield(L, -1, name) != LUA_TFUNCTION)
    luaL_error(L, "the module %s has no function %s", module, name);
  lua_remove(L, -2);
}

static int prepare_call(lua_State *L, Work *w) {
  push_function(L, w->module, w->name);
  luaL_checkstack(L, w->n + 4, "too many arguments");
  for (int i = 0; i < w->n; i++) lua_pushstring(L, w->strings[i]);
  return w->n;
}

static void take_status(lua_State *L, Work *w) { w->status = (int)lua_tointeger(L, -1); }

static bool call_function(Work *w, int *status) {
  w->prepare = prepare_call;
  w->take = take_status;
  bool ran = work_run(w);
  *status = ran ? w->status : 1;
  return ran;
}

bool runtime_call(Runtime *rt, const char *module, const char *name, const char *const *args, int n,
                  int *status, Err *e) {
  Work w = {.rt = rt, .module = module, .name = name, .strings = args, .n = n, .e = e};
  return call_function(&w, status);
}

bool runtime_do(Runtime *rt, const char *module, const char *name, const char *const *args, int n,
                int *status, Err *e) {
  Work w = {.rt = rt, .module = module, .name = name, .strings = args, .n = n, .leaves = true, .e = e};
  return call_function(&w, status);
}

/* lorm.print's evaluate(text, options) loads the chunk, runs it and prints what it returns. */
static int prepare_eval(lua_State *L, Work *w) {
  push_function(L, "lorm.print", "evaluate");
  lua_pushlstring(L, w->text.p, w->text.n);
  lua_createtable(L, 0, 2);
  lua_pushboolean(L, w->json);
  lua_setfield(L, -2, "json");
  lua_pushboolean(L, w->rt->config.color);
  lua_setfield(L, -2, "color");
  return 2;
}

bool runtime_eval(Runtime *rt, Slice chunk, bool json, Err *e) {
  Work w = {.rt = rt, .prepare = prepare_eval, .text = chunk, .json = json, .e = e};
  return work_run(&w);
}

void runtime_interrupt(Runtime *rt) {
  if (rt->main)
    sched_cancel(rt, rt->main);
  else
    sched_cancel_all(rt);
}

static void stop_now(lua_State *L, lua_Debug *ar) {
  (void)ar;
  lua_sethook(L, NULL, 0, 0);
  runtime_interrupt(runtime_of(L));
  throw_code(L, ERR_CANCELLED, "Interrupted.");
}

/* Setting a hook is what Lua allows a signal handler to do. */
void runtime_stop(Runtime *rt) {
  lua_State *co = rt->sched.innermost;
  if (co) lua_sethook(co, stop_now, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

/* ---- between the lines of the REPL ---- */

/* lua_pcall around this: [-1, +0, v] */
static int turn_body(lua_State *L) {
  Work *w = lua_touserdata(L, 1);
  sched_turn(L, w->rt);
  take_unseen(L, w);
  return 0;
}

bool runtime_turn(Runtime *rt, Err *e) {
  Work w = {.rt = rt, .e = e};
  lua_State *L = rt->L;
  e->code = ERR_NONE;
  lua_pushcfunction(L, turn_body);
  lua_pushlightuserdata(L, &w);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
    throw_read(L, -1, NULL, e);
    lua_pop(L, 1);
    w.failed = true;
  }
  return !w.failed;
}

typedef struct Ask {
  Arena *arena;
  const char *module, *name;
  const char *const *args;
  int n;
  Slice answer;
} Ask;

/* lua_pcall around this: [-1, +0, v] */
static int ask_body(lua_State *L) {
  Ask *q = lua_touserdata(L, 1);
  push_function(L, q->module, q->name);
  luaL_checkstack(L, q->n, "too many arguments");
  for (int i = 0; i < q->n; i++) lua_pushstring(L, q->args[i]);
  lua_call(L, q->n, 1);
  size_t n;
  const char *text = lua_tolstring(L, -1, &n);
  char *copy = text ? arena_try(q->arena, n + 1) : NULL;
  if (!copy) return 0;
  memcpy(copy, text, n + 1);
  q->answer = (Slice){copy, (uint32_t)n};
  return 0;
}

Slice runtime_ask(Runtime *rt, Arena *a, const char *module, const char *name, const char *const *args,
                  int n) {
  Ask q = {a, module, name, args, n, SLICE("")};
  lua_State *L = rt->L;
  lua_pushcfunction(L, ask_body);
  lua_pushlightuserdata(L, &q);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) lua_pop(L, 1); /* it has nothing to say then */
  return q.answer;
}

/* ---- birth and death ---- */

/* [-0, +0, v] package.path begins with the project's root and its lua/ */
static void add_paths(lua_State *L, const char *root) {
  if (!root || lua_getglobal(L, "package") != LUA_TTABLE) return;
  lua_getfield(L, -1, "path");
  lua_pushfstring(L, "%s/?.lua;%s/?/init.lua;%s/lua/?.lua;%s/lua/?/init.lua;%s", root, root, root, root,
                  lua_tostring(L, -1));
  lua_setfield(L, -3, "path");
  lua_pop(L, 2);
}

/* lua_pcall around this: [-1, +0, v] */
static int new_body(lua_State *L) {
  const RuntimeConfig *config = lua_touserdata(L, 1);
  luaL_openlibs(L);
  runtime_attach(L, config);
  add_paths(L, config->root);
  lua_getfield(L, -1, "adoptCoroutines");
  lua_call(L, 0, 0);
  push_function(L, "lorm.globals", "install");
  lua_createtable(L, 0, 6);
  lua_pushstring(L, config->root);
  lua_setfield(L, -2, "root");
  lua_pushstring(L, config->config_path);
  lua_setfield(L, -2, "config");
  lua_pushstring(L, config->schema_path);
  lua_setfield(L, -2, "schema");
  lua_pushstring(L, config->migrations);
  lua_setfield(L, -2, "migrations");
  lua_pushboolean(L, config->middleware);
  lua_setfield(L, -2, "middleware");
  lua_pushboolean(L, config->watch);
  lua_setfield(L, -2, "watch");
  lua_call(L, 1, 0);
  return 0;
}

bool runtime_new(const RuntimeConfig *config, Runtime **out, Err *e) {
  lua_State *L = state_new();
  if (!L) return err_oom(e);
  lua_atpanic(L, panic);
  lua_pushcfunction(L, new_body);
  lua_pushlightuserdata(L, (void *)(uintptr_t)config);
  if (lua_pcall(L, 1, 0, 0) == LUA_OK) {
    *out = runtime_of(L);
    return true;
  }
  throw_read(L, -1, NULL, e);
  state_close(L);
  return false;
}

void runtime_free(Runtime *rt) {
  if (rt) state_close(rt->L);
}

struct Loop *runtime_loop(Runtime *rt) {
  return rt->loop;
}

/* ---- the config file, for cli ---- */

typedef struct ReadConfig {
  Arena *arena;
  const char *path;
  ProjectConfig *out;
} ReadConfig;

/* [-0, +0, v] */
static Slice config_text(lua_State *L, Arena *a, const char *key) {
  Slice found = {0};
  int type = lua_getfield(L, -1, key);
  if (type != LUA_TNIL && type != LUA_TSTRING) luaL_error(L, "%s must be a string", key);
  if (type == LUA_TSTRING) {
    Slice text = value_slice(L, -1);
    char *copy = arena_try(a, text.n + 1u);
    if (!copy) luaL_error(L, "Out of memory.");
    memcpy(copy, text.p, text.n + 1u);
    found = (Slice){copy, text.n};
  }
  lua_pop(L, 1);
  return found;
}

/* lua_pcall around this: [-1, +0, v] */
static int config_body(lua_State *L) {
  ReadConfig *r = lua_touserdata(L, 1);
  luaL_openlibs(L);
  if (luaL_loadfilex(L, r->path, "t") != LUA_OK) return lua_error(L);
  lua_call(L, 0, 1);
  if (!lua_istable(L, -1)) return luaL_error(L, "%s must return a table", r->path);
  r->out->schema = config_text(L, r->arena, "schema");
  r->out->migrations = config_text(L, r->arena, "migrations");
  r->out->seeds = config_text(L, r->arena, "seeds");
  r->out->url = config_text(L, r->arena, "url");
  r->out->production_given = lua_getfield(L, -1, "production") == LUA_TBOOLEAN;
  r->out->production = lua_toboolean(L, -1);
  return 0;
}

bool runtime_read_config(Arena *a, const char *path, ProjectConfig *out, Err *e) {
  ReadConfig r = {a, path, out};
  *out = (ProjectConfig){0};
  lua_State *L = state_new();
  if (!L) return err_oom(e);
  lua_atpanic(L, panic);
  lua_pushcfunction(L, config_body);
  lua_pushlightuserdata(L, &r);
  bool good = lua_pcall(L, 1, 0, 0) == LUA_OK;
  if (!good) {
    const char *text = lua_tostring(L, -1);
    (void)err_set(e, ERR_USAGE, "%s", text ? text : "The config file failed.");
    err_text(e->file, sizeof e->file, slice_of(path));
  }
  state_close(L);
  return good;
}
