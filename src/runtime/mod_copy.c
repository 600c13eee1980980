/* COPY: rows in and out of a model's table. lua/lorm/copy.lua makes copyIn and copyOut of these. */
#include "runtime/call.h"
#include "runtime/client.h"
#include "runtime/intake.h"
#include "runtime/scopes.h"
#include "runtime/throw.h"

typedef struct CopyHandle { /* user value 1: the transaction */
  Copy *copy;               /* NULL: released */
} CopyHandle;

enum {
  ARG_TX = 1,
  ARG_MODEL,
  ARG_ACTION,
  ARG_ARGS,
  ARG_SCOPES,
  SLOT_COPY /* made, and anchored here, before the request is */
};

/* [-0, +1, v] The request that asked for the columns goes over to the copy. */
static bool finish_begin(lua_State *L, Runtime *rt, Request *r, Err *e) {
  CopyHandle *c = lua_touserdata(L, SLOT_COPY);
  if (!copy_begin(r, &c->copy, e)) return false;
  rt->in_hand = NULL;
  lua_pushvalue(L, SLOT_COPY);
  return true;
}
static const CallKind call_begin = {finish_begin, true};

/* [-0, +1, v] */
static bool finish_count(lua_State *L, Runtime *rt, Request *r, Err *e) {
  ResultShape shape;
  (void)rt;
  (void)e;
  request_shape(r, &shape);
  lua_pushinteger(L, shape.affected);
  return true;
}
static const CallKind call_count = {finish_count, false};

/* core.copy(transaction, model, action, args, scopes) -> copy; or nil and the name of a model whose scope is
 * not known [-0, +2, v] */
static int copy_new(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Handle *h = runtime_check(L, rt, ARG_TX, KIND_TX);
  const Model *model = schema_model(h->client->schema, slice_of(luaL_checkstring(L, ARG_MODEL)));
  CallAction action;
  Err e;
  luaL_argcheck(L, model, ARG_MODEL, "no such model");
  luaL_argcheck(L, action_find(slice_of(luaL_checkstring(L, ARG_ACTION)), &action), ARG_ACTION,
                "no such action");
  luaL_checktype(L, ARG_ARGS, LUA_TTABLE);
  lua_settop(L, SLOT_COPY - 1);
  CopyHandle *c = runtime_userdata(L, rt, sizeof *c, 1, KIND_COPY);
  lua_pushvalue(L, ARG_TX);
  lua_setiuservalue(L, SLOT_COPY, 1);
  Engine *engine = client_engine(L, h);
  Tx *tx = handle_tx(L, h);
  Scopes *scopes = lua_isnil(L, ARG_SCOPES) ? NULL : scopes_check(L, rt, ARG_SCOPES);
  Request *r = call_take(L, rt, engine);
  Arg *args = arena_try(request_arena(r), sizeof *args);
  bool good = args ? intake_read(L, rt, ARG_ARGS, request_arena(r), args, &e) : err_oom(&e);
  if (!good) return call_fail(L, rt, r, &e);
  request_call(r, model, action, args);
  request_scopes(r, scopes);
  request_copies(r);
  handle_enter(h, tx, r);
  if (!engine_lookup(r, &e)) return scopes_missing(L, rt, r, &e);
  return call_run(L, rt, engine, r, &call_begin);
}

/* [-0, +0, v] The copy at 1, in a transaction that the running task may use, and a request for it. */
static Request *take_step(lua_State *L, Runtime *rt, Copy **copy, Engine **engine) {
  CopyHandle *c = runtime_check(L, rt, 1, KIND_COPY);
  lua_getiuservalue(L, 1, 1);
  Handle *h = lua_touserdata(L, -1);
  lua_pop(L, 1);
  *engine = client_engine(L, h);
  (void)handle_tx(L, h);
  if (!c->copy) throw_code(L, ERR_USAGE, "This COPY is over.");
  *copy = c->copy;
  return call_take(L, rt, *engine);
}

/* core.copyRows(copy, rows): a list of tables; returns when there is room for more [-0, +1, v] */
static int copy_rows(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Engine *engine;
  Copy *copy;
  Err e;
  luaL_checktype(L, 2, LUA_TTABLE);
  Request *r = take_step(L, rt, &copy, &engine);
  Arg *rows = arena_try(request_arena(r), sizeof *rows);
  bool good = rows ? intake_read(L, rt, 2, request_arena(r), rows, &e) : err_oom(&e);
  if (!good) return call_fail(L, rt, r, &e);
  request_copy_rows(r, copy, rows);
  return call_run(L, rt, engine, r, &call_count);
}

/* core.copyEnd(copy) -> the number of rows that are there now [-0, +1, v] */
static int copy_finish(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Engine *engine;
  Copy *copy;
  Request *r = take_step(L, rt, &copy, &engine);
  request_copy_end(r, copy);
  return call_run(L, rt, engine, r, &call_count);
}

/* core.copyFetch(copy, n) -> the next n rows; fewer at the end [-0, +1, v] */
static int copy_fetch(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Engine *engine;
  Copy *copy;
  lua_Integer n = luaL_checkinteger(L, 2);
  luaL_argcheck(L, n >= 1 && n <= INT32_MAX, 2, "a number of rows");
  Request *r = take_step(L, rt, &copy, &engine);
  request_copy_fetch(r, copy, (uint32_t)n);
  return call_run(L, rt, engine, r, &call_rows);
}

/* core.copyClose(copy): given up unless it is over; never waits. __gc, too [-0, +0, -] */
static int copy_close(lua_State *L) {
  CopyHandle *c = runtime_check(L, runtime_of(L), 1, KIND_COPY);
  Copy *copy = c->copy;
  c->copy = NULL;
  if (copy) copy_release(copy);
  return 0;
}

static int copy_gc(lua_State *L) {
  CopyHandle *c = lua_touserdata(L, 1);
  Copy *copy = c->copy;
  c->copy = NULL;
  if (copy) copy_release(copy);
  return 0;
}

void open_copy(lua_State *L) {
  static const luaL_Reg functions[] = {{"copy", copy_new},        {"copyRows", copy_rows},
                                       {"copyEnd", copy_finish},  {"copyFetch", copy_fetch},
                                       {"copyClose", copy_close}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", copy_gc}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_COPY, meta, NULL);
}
