#include "runtime/state.h"

#include <stdlib.h>

#include "base/mem.h"
#include "runtime/blocked.h"
#include "runtime/client.h"
#include "runtime/embedded.h"
#include "runtime/throw.h"
#include "runtime/watch.h"

/* Addresses that are keys in the registry. */
static const char runtime_key, core_key;
static const char *const kind_names[KIND_COUNT] = {
#define KIND(id, name) [KIND_##id] = name,
#include "runtime/kinds.def"
#undef KIND
};

Runtime *runtime_find(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key);
  Runtime *rt = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return rt && rt->loop ? rt : NULL;
}

Runtime *runtime_of(lua_State *L) {
  Runtime *rt = runtime_find(L);
  if (!rt) luaL_error(L, "lorm is not open in this Lua state");
  return rt;
}

/* Stopping and restarting would make the collector forget how much it has been given to do, and begin a step
 * at once, each time. A credit that is taken back is a pause that it does not notice. */
enum {
  CREDIT = 1 << 30 /* kilobytes */
};

void runtime_hold_collector(Runtime *rt) {
  if (rt->collector_held || lua_gc(rt->L, LUA_GCISRUNNING) != 1) return;
  rt->collector_held = true;
  lua_gc(rt->L, LUA_GCSTEP, -CREDIT);
}

void runtime_let_collector(Runtime *rt) {
  if (!rt->collector_held) return;
  rt->collector_held = false;
  lua_gc(rt->L, LUA_GCSTEP, CREDIT);
}

void runtime_enter(Runtime *rt) {
  if (rt->in_hand) {
    Request *r = rt->in_hand;
    rt->in_hand = NULL;
    request_release(r);
  }
  runtime_let_collector(rt);
}

/* ---- kinds ---- */

Kind runtime_kind(lua_State *L, const Runtime *rt, int index) {
  if (!lua_checkstack(L, 1) || !lua_getmetatable(L, index)) return KIND_NONE;
  const void *meta = lua_topointer(L, -1);
  lua_pop(L, 1);
  int kind = 0;
  while (kind < KIND_COUNT && rt->kinds[kind] != meta) kind++;
  return (Kind)kind;
}

void *runtime_test(lua_State *L, const Runtime *rt, int index, Kind kind) {
  if (lua_type(L, index) != LUA_TUSERDATA || !lua_checkstack(L, 1) || !lua_getmetatable(L, index))
    return NULL;
  bool is = lua_topointer(L, -1) == rt->kinds[kind];
  lua_pop(L, 1);
  return is ? lua_touserdata(L, index) : NULL;
}

void *runtime_check(lua_State *L, const Runtime *rt, int index, Kind kind) {
  void *memory = runtime_test(L, rt, index, kind);
  if (!memory) luaL_typeerror(L, index, kind_names[kind]);
  return memory;
}

void runtime_metatable(lua_State *L, const Runtime *rt, Kind kind) {
  (void)rt;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &kind_names[kind]);
}

void runtime_mark(lua_State *L, const Runtime *rt, Kind kind) {
  runtime_metatable(L, rt, kind);
  lua_setmetatable(L, -2);
}

void *runtime_userdata(lua_State *L, const Runtime *rt, size_t bytes, int n, Kind kind) {
  void *memory = lua_newuserdatauv(L, bytes, n);
  memset(memory, 0, bytes);
  runtime_mark(L, rt, kind);
  return memory;
}

/* [-0, +0, m] */
static void make_kinds(lua_State *L, Runtime *rt) {
  for (int k = 0; k < KIND_COUNT; k++) {
    lua_newtable(L);
    lua_pushstring(L, kind_names[k]);
    lua_setfield(L, -2, "__name");
    rt->kinds[k] = lua_topointer(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &kind_names[k]);
  }
}

void runtime_functions(lua_State *L, const luaL_Reg *functions) { luaL_setfuncs(L, functions, 0); }

void runtime_methods(lua_State *L, const Runtime *rt, Kind kind, const luaL_Reg *metamethods,
                     const luaL_Reg *methods) {
  runtime_metatable(L, rt, kind);
  luaL_setfuncs(L, metamethods, 0);
  if (methods) {
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0);
    lua_setfield(L, -2, "__index");
  }
  lua_pop(L, 1);
}

/* ---- modules that are compiled in ---- */

static const Embedded *embedded_find(const char *module) {
  const Embedded *f = embedded_files;
  while (f->module && strcmp(f->module, module) != 0) f++;
  return f->module ? f : NULL;
}

bool runtime_load(lua_State *L, const char *module) {
  const Embedded *f = embedded_find(module);
  if (f && luaL_loadbufferx(L, (const char *)f->text, f->n, f->chunk, "t") != LUA_OK) lua_error(L);
  return f != NULL;
}

/* core.embedded(name) -> the text of a file that is compiled in; nil: there is none [-0, +1, v] */
static int embedded(lua_State *L) {
  const Embedded *f = embedded_find(luaL_checkstring(L, 1));
  if (f)
    lua_pushlstring(L, (const char *)f->text, f->n);
  else
    lua_pushnil(L);
  return 1;
}

/* A searcher of `require`: [-0, +2, v] loader and name, or a text that says why not. */
static int search_embedded(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  bool found = runtime_load(L, name);
  lua_pushfstring(L, found ? "(inside lorm) %s" : "no module '%s' inside lorm", name);
  return found ? 2 : 1;
}

/* [-0, +0, m] */
static void open_embedded(lua_State *L) {
  static const luaL_Reg functions[] = {{"embedded", embedded}, {NULL, NULL}};
  runtime_functions(L, functions);
}

/* Behind what finds files on package.path, so that those go before; in front of what finds libraries, or an
 * installed lorm.so would answer for the modules of the program that looks for them. [-0, +0, m] */
static void add_searcher(lua_State *L) {
  int top = lua_gettop(L);
  if (lua_getglobal(L, "package") == LUA_TTABLE && lua_getfield(L, -1, "searchers") == LUA_TTABLE) {
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1), at = n < 2 ? n + 1 : 3; /* preload, path */
    for (lua_Integer i = n; i >= at; i--) {
      lua_rawgeti(L, -1, i);
      lua_rawseti(L, -2, i + 1);
    }
    lua_pushcfunction(L, search_embedded);
    lua_rawseti(L, -2, at);
  }
  lua_settop(L, top);
}

/* ---- opening and closing ---- */

static int runtime_gc(lua_State *L) {
  Runtime *rt = lua_touserdata(L, 1);
  Loop *loop = rt->loop;
  watch_stop(rt);
  rt->in_hand = NULL; /* the engine that it belongs to releases it */
  while (rt->jobs && loop_turn(loop, true)) continue;
  while (rt->clients) client_close(rt->clients);
  rt->loop = NULL;
  loop_free(loop);
  arena_free(rt->scratch);
  arena_free(rt->memory);
  rt->scratch = rt->memory = NULL;
  return 0;
}

typedef struct Copy {
  Runtime *rt;
  const RuntimeConfig *from;
} Copy;

static void copy_config(void *ctx) {
  const Copy *c = ctx;
  c->rt->config = *c->from;
  const char **texts[] = {&c->rt->config.program, &c->rt->config.root,        &c->rt->config.schema_path,
                          &c->rt->config.url,     &c->rt->config.config_path, &c->rt->config.migrations};
  for (size_t i = 0; i < COUNT(texts); i++)
    if (*texts[i]) *texts[i] = slice_copy(c->rt->memory, slice_of(*texts[i])).p;
}

/* [-0, +0, v] */
static Runtime *make(lua_State *L, const RuntimeConfig *config) {
  Runtime *rt = lua_newuserdatauv(L, sizeof *rt, 0);
  memset(rt, 0, sizeof *rt);
  lua_newtable(L);
  lua_pushcfunction(L, runtime_gc);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &runtime_key);
  Err e;
  rt->scratch = arena_new(0);
  rt->memory = arena_new(0);
  Copy copy = {rt, config};
  bool room = rt->scratch && rt->memory && (!config || arena_protect(rt->memory, NULL, copy_config, &copy));
  if (!room) luaL_error(L, "Out of memory.");
  if (!loop_new(&rt->loop, &e)) luaL_error(L, "%s", e.message);
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
  rt->L = lua_tothread(L, -1);
  lua_pop(L, 1);
  rt->sched.blocked_us = blocked_limit_us();
  make_kinds(L, rt);
  return rt;
}

int runtime_attach(lua_State *L, const RuntimeConfig *config) {
  static void (*const openers[])(lua_State *) = {
      open_throw,     open_values, open_json,   open_datetime, open_decimal,  open_sched,
      open_client,    open_model,  open_scopes, open_tx,       open_identity, open_watch,
      open_redis,     open_batch,  open_copy,   open_listen,   open_job,      open_migrate,
      open_coroutine, open_random, open_http,   open_repl,     open_password, open_batched,
  };
  luaL_checkstack(L, 16, NULL);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &core_key) == LUA_TTABLE) return 1;
  lua_pop(L, 1);
  make(L, config);
  lua_newtable(L);
  for (size_t i = 0; i < COUNT(openers); i++) openers[i](L);
  open_embedded(L);
  lua_pushliteral(L, LORM_VERSION);
  lua_setfield(L, -2, "version");
  add_searcher(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_pushvalue(L, -2);
  lua_setfield(L, -2, "lorm.core");
  lua_pop(L, 1);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &core_key);
  return 1;
}
