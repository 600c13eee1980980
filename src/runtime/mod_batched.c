/* Rows that come by batches, one by one (lua/lorm/batched.lua). This runs once for each row of a stream, so
 * it is not Lua. The table of the rows keeps [1] the batch at hand, or false, and [2] how many of it were
 * given out. */
#include "runtime/state.h"

enum {
  ROWS = 1, /* the argument */
  BATCH = 1,
  AT = 2
};

/* [-0, +k, v] is there a next row in the batch? It is on top. */
static bool push_next(lua_State *L) {
  lua_rawgeti(L, ROWS, AT);
  lua_Integer at = lua_tointeger(L, -1) + 1;
  int kind = lua_rawgeti(L, ROWS, BATCH);
  if (kind == LUA_TBOOLEAN || kind == LUA_TNIL || lua_geti(L, -1, at) == LUA_TNIL) return false;
  lua_pushinteger(L, at);
  lua_rawseti(L, ROWS, AT);
  return true;
}

static bool over(lua_State *L) {
  lua_getfield(L, ROWS, "over");
  return lua_toboolean(L, -1);
}

/* [-0, +1, v] upvalue 1 is what gets the next batch. A batch may be empty and not the last. */
static int next_row(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  (void)ctx;
  while (!push_next(L)) {
    lua_settop(L, ROWS);
    if (over(L)) {
      lua_pushboolean(L, false);
      lua_rawseti(L, ROWS, BATCH);
      lua_pushnil(L);
      return 1;
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, ROWS);
    lua_callk(L, 1, 0, 0, next_row);
  }
  return 1;
}

static int call(lua_State *L) {
  luaL_checktype(L, ROWS, LUA_TTABLE);
  return next_row(L, LUA_OK, 0);
}

/* core.batched(fill) -> the __call of a class of such rows; fill(rows) gets the next batch, or sets rows.over
 * [-0, +1, v] */
static int batched(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_pushcclosure(L, call, 1);
  return 1;
}

void open_batched(lua_State *L) {
  static const luaL_Reg functions[] = {{"batched", batched}, {NULL, NULL}};
  runtime_functions(L, functions);
}
