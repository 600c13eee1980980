/* COPY: rows in and out of a model's table. lua/lorm/copy.lua makes copyIn and copyOut of these. */
#include "runtime/call.h"
#include "runtime/client.h"
#include "runtime/intake.h"
#include "runtime/scopes.h"
#include "runtime/throw.h"
#include "runtime/values.h"

typedef struct Names { /* of columns, as Lua has them: a short string is the same one wherever it stands */
  uint16_t n;
  struct {
    const char *name;
    uint16_t
        column; /* of the i-th name of the row before: rows that are made alike name theirs in one order */
  } at[];
} Names;

typedef struct CopyHandle { /* user values: the transaction, the Names, and the strings that they point to */
  Copy *copy;               /* NULL: released */
  bool in;
  Names *names; /* in only */
} CopyHandle;

enum {
  ARG_TX = 1,
  ARG_MODEL,
  ARG_ACTION,
  ARG_ARGS,
  ARG_SCOPES,
  SLOT_COPY /* made, and anchored here, before the request is */
};

/* [-0, +0, m] */
static void names_make(lua_State *L, CopyHandle *c) {
  uint16_t n = copy_columns(c->copy);
  Names *names = lua_newuserdatauv(L, offsetof(Names, at) + n * sizeof names->at[0], 0);
  lua_createtable(L, n, 0);
  for (uint16_t i = 0; i < n; i++) {
    Slice name = copy_column(c->copy, i);
    names->at[i].name = lua_pushlstring(L, name.p, name.n);
    names->at[i].column = i;
    lua_rawseti(L, -2, i + 1);
  }
  names->n = n;
  lua_setiuservalue(L, SLOT_COPY, 3);
  lua_setiuservalue(L, SLOT_COPY, 2);
  c->names = names;
}

/* [-0, +1, v] The request that asked for the columns goes over to the copy. */
static bool finish_begin(lua_State *L, Runtime *rt, Request *r, Err *e) {
  CopyHandle *c = lua_touserdata(L, SLOT_COPY);
  if (!copy_begin(r, &c->copy, e)) return false;
  rt->in_hand = NULL;
  if (c->in) names_make(L, c);
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
  CopyHandle *c = runtime_userdata(L, rt, sizeof *c, 3, KIND_COPY);
  c->in = action == CALL_COPY_IN;
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

/* ---- rows ---- */

/* The column that the i-th name of a row means. Long strings are equal elsewhere, too. */
static bool find_column(CopyHandle *c, Slice name, uint16_t i, uint16_t *column, Err *e) {
  Names *names = c->names;
  uint16_t k = 0;
  while (k < names->n && names->at[k].name != name.p && !slice_eq(copy_column(c->copy, k), name)) k++;
  if (k == names->n) return copy_unknown(c->copy, name, e);
  if (i < names->n) names->at[i].column = k;
  *column = k;
  return true;
}

/* What is on top, a list or a tree. [-0, +0, -] */
static bool take_tree(lua_State *L, Runtime *rt, CopyHandle *c, Arg *cell, Slice name, Err *e) {
  return intake_read(L, rt, -1, copy_arena(c->copy), cell, e) || err_path(e, name);
}

/* [-0, +0, -] but on failure */
static bool take_row(lua_State *L, Runtime *rt, CopyHandle *c, int row, Err *e) {
  const Names *names = c->names;
  Arg *cells = copy_cells(c->copy);
  for (uint16_t i = 0; i < names->n; i++) cells[i].kind = ARG_ABSENT;
  uint16_t i = 0;
  for (lua_pushnil(L); lua_next(L, row); lua_pop(L, 1), i++) {
    if (lua_type(L, -2) != LUA_TSTRING) return false;
    Slice name = value_slice(L, -2);
    uint16_t column = i < names->n ? names->at[i].column : 0;
    if (names->at[column].name != name.p && !find_column(c, name, i, &column, e)) return false;
    if (!intake_scalar(L, rt, &cells[column]) && !take_tree(L, rt, c, &cells[column], name, e)) return false;
  }
  return true;
}

/* Whatever it is, it is no row. */
static bool no_row(lua_State *L, Runtime *rt, CopyHandle *c, int row, Err *e) {
  Arg what;
  return intake_read(L, rt, row, copy_arena(c->copy), &what, e) &&
         err_set(e, ERR_VALIDATION, "Expected a table of fields, provided %s.", arg_kind_name(&what));
}

/* core.copyRow(copy, row) -> is it time for copyRows? [-0, +1, v] */
static int copy_add(lua_State *L) {
  Runtime *rt = runtime_of(L);
  CopyHandle *c = runtime_check(L, rt, 1, KIND_COPY);
  Err e = {.code = ERR_NONE};
  lua_settop(L, 2);
  luaL_checkstack(L, 8, NULL);
  if (!c->copy || !c->names) return throw_code(L, ERR_USAGE, "This COPY is over.");
  if (copy_failure(c->copy)) return throw_err(L, copy_failure(c->copy));
  bool good = lua_type(L, 2) == LUA_TTABLE && take_row(L, rt, c, 2, &e);
  if (!good && e.code == ERR_NONE) (void)no_row(L, rt, c, 2, &e);
  if (!good) (void)copy_mistake(c->copy, &e);
  if (!good || !copy_row(c->copy, &e)) return throw_err(L, &e);
  lua_pushboolean(L, copy_full(c->copy));
  return 1;
}

/* ---- steps ---- */

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

/* core.copyRows(copy): what was made goes out; returns when there is room for more [-0, +1, v] */
static int copy_rows(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Engine *engine;
  Copy *copy;
  Request *r = take_step(L, rt, &copy, &engine);
  request_copy_rows(r, copy);
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

/* core.copyCheck(copy): raises what it has failed by, if it has [-0, +0, v] */
static int copy_check(lua_State *L) {
  CopyHandle *c = runtime_check(L, runtime_of(L), 1, KIND_COPY);
  const Err *e = c->copy ? copy_failure(c->copy) : NULL;
  return e ? throw_err(L, e) : 0;
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
  static const luaL_Reg functions[] = {{"copy", copy_new},        {"copyRow", copy_add},
                                       {"copyRows", copy_rows},   {"copyEnd", copy_finish},
                                       {"copyFetch", copy_fetch}, {"copyCheck", copy_check},
                                       {"copyClose", copy_close}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", copy_gc}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_COPY, meta, NULL);
}
