/* Small values: null and its kin, marks for tables, metatables for lua/. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "runtime/row_keys.h"
#include "runtime/throw.h"
#include "runtime/values.h"

static int marker_tostring(lua_State *L) {
  lua_pushstring(L, ((const Marker *)runtime_check(L, runtime_of(L), 1, KIND_MARKER))->name);
  return 1;
}

/* lorm.array(t), lorm.object(t) -> t, marked [-0, +1, v] */
static int mark(lua_State *L, Kind kind) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  runtime_mark(L, runtime_of(L), kind);
  return 1;
}
static int array(lua_State *L) { return mark(L, KIND_ARRAY); }
static int object(lua_State *L) { return mark(L, KIND_OBJECT); }

/* core.kindOf(value) -> "datetime", "error" ..., or nil; "row" for tables that a query made [-0, +1, v] */
static int kind_of(lua_State *L) {
  static const char *const names[] = {
#define KIND(id, name) name,
#include "runtime/kinds.def"
#undef KIND
  };
  lua_settop(L, 1);
  Kind kind = runtime_kind(L, runtime_of(L), 1);
  if (kind != KIND_NONE)
    lua_pushstring(L, names[kind] + sizeof "lorm." - 1);
  else if (lua_getmetatable(L, 1) && row_keys_is_metatable(L))
    lua_pushliteral(L, "row");
  else
    lua_pushnil(L);
  return 1;
}

/* core.columns(row) -> the names of its columns, in order, or nil [-0, +1, v] */
static int columns(lua_State *L) {
  lua_settop(L, 1);
  if (!lua_getmetatable(L, 1) || !row_keys_is_metatable(L)) return 0;
  lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
  lua_createtable(L, (int)n, 0);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 2, i);
    lua_rawseti(L, -2, i);
  }
  return 1;
}

/* core.rowShape(row) -> what its hidden metatable says: name, kind, name, kind, ...; or nil [-0, +1, v] */
static int row_shape(lua_State *L) {
  lua_settop(L, 1);
  if (!lua_getmetatable(L, 1) || !row_keys_is_metatable(L)) return 0;
  lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
  lua_createtable(L, (int)n * 2, 0);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 2, i);
    lua_rawseti(L, -2, i * 2 - 1);
    lua_rawgeti(L, 2, -i);
    lua_rawseti(L, -2, i * 2);
  }
  return 1;
}

/* core.rowMetatable(shape) -> a metatable that says the same [-0, +1, v] */
static int row_metatable(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_Integer n = (lua_Integer)lua_rawlen(L, 1) / 2;
  lua_createtable(L, (int)n, (int)n + 1);
  row_keys_mark(L);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 1, i * 2 - 1);
    luaL_checktype(L, -1, LUA_TSTRING);
    lua_rawseti(L, -2, i);
    lua_rawgeti(L, 1, i * 2);
    luaL_checkinteger(L, -1);
    lua_rawseti(L, -2, -i);
  }
  return 1;
}

/* core.width(text) -> columns on a terminal [-0, +1, v] */
static int width(lua_State *L) {
  luaL_checktype(L, 1, LUA_TSTRING);
  lua_pushinteger(L, utf8_columns(value_slice(L, 1)));
  return 1;
}

/* core.isTerminal(fd) [-0, +1, v] */
static int is_terminal(lua_State *L) {
  lua_pushboolean(L, isatty((int)luaL_checkinteger(L, 1)));
  return 1;
}

/* core.modified(path) -> a text that changes with the file, or nil [-0, +1, v] */
static int modified(lua_State *L) {
  struct stat st;
  if (stat(luaL_checkstring(L, 1), &st) != 0) return 0;
  lua_pushfstring(L, "%I.%I %I", (LUAI_UACINT)st.st_mtim.tv_sec, (LUAI_UACINT)st.st_mtim.tv_nsec,
                  (LUAI_UACINT)st.st_size);
  return 1;
}

/* [-0, +0, m] */
static void add_marker(lua_State *L, Runtime *rt, const char *name, ArgKind kind) {
  Marker *m = runtime_userdata(L, rt, sizeof *m, 0, KIND_MARKER);
  *m = (Marker){kind, name};
  lua_setfield(L, -2, name);
}

/* [-0, +0, m] t[k] = v in the table on top, for each pair of the one at `from` */
static void set_pairs(lua_State *L, int from) {
  for (lua_pushnil(L); lua_next(L, from);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, -4);
  }
}

/* core.overlay(over, under, n) -> a new table, made for n names: what `over` has, and of `under` what it has
 * not
 * [-0, +1, v] */
static int overlay(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_Integer n = luaL_checkinteger(L, 3);
  luaL_argcheck(L, n >= 0 && n <= UINT16_MAX, 3, "a number of names");
  lua_settop(L, 2);
  lua_createtable(L, 0, (int)n);
  set_pairs(L, 2);
  set_pairs(L, 1);
  return 1;
}

void open_values(lua_State *L) {
  static const luaL_Reg functions[] = {{"array", array},
                                       {"object", object},
                                       {"kindOf", kind_of},
                                       {"columns", columns},
                                       {"width", width},
                                       {"rowShape", row_shape},
                                       {"rowMetatable", row_metatable},
                                       {"modified", modified},
                                       {"overlay", overlay},
                                       {"isTerminal", is_terminal},
                                       {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__tostring", marker_tostring}, {NULL, NULL}};
  Runtime *rt = runtime_of(L);
  runtime_functions(L, functions);
  runtime_methods(L, rt, KIND_MARKER, meta, NULL);
  value_push_null(L);
  lua_setfield(L, -2, "null");
  add_marker(L, rt, "dbNull", ARG_DB_NULL);
  add_marker(L, rt, "jsonNull", ARG_JSON_NULL);
  add_marker(L, rt, "anyNull", ARG_ANY_NULL);
  lua_newtable(L);
#define KIND(id, name)                 \
  runtime_metatable(L, rt, KIND_##id); \
  lua_setfield(L, -2, &(name)[sizeof "lorm." - 1]);
#include "runtime/kinds.def"
#undef KIND
  lua_setfield(L, -2, "kinds");
}
