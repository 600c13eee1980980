/* lorm.random: base/random for Lua; lua/lorm/random.lua says how it is used. */
#include "base/random.h"

#include "runtime/throw.h"
#include "runtime/values.h"

/* User value 1: nil, or a weak table of the streams that coroutines draw from instead. */
static Random *own(lua_State *L) { return runtime_check(L, runtime_of(L), 1, KIND_RANDOM); }

/* [-0, +0, v] The stream of argument 1, or the one that it was told to use in this coroutine. The latter is
 * held by the former for as long as its coroutine lives. */
static Random *stream(lua_State *L) {
  Random *r = own(L);
  if (lua_getiuservalue(L, 1, 1) == LUA_TTABLE) {
    lua_pushthread(L);
    if (lua_rawget(L, -2) == LUA_TUSERDATA) r = lua_touserdata(L, -1);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return r;
}

static void take_keys(lua_State *L, Random *r, int first, int last) {
  random_begin(r);
  for (int i = first; i <= last; i++) {
    if (lua_isinteger(L, i)) {
      random_key(r, (uint64_t)lua_tointeger(L, i));
    } else {
      luaL_tolstring(L, i, NULL);
      random_key_text(r, value_slice(L, -1));
      lua_pop(L, 1);
    }
  }
  random_ready(r);
}

/* random.new(keys...) [-0, +1, v] */
static int random_new(lua_State *L) {
  int n = lua_gettop(L);
  Random *r = runtime_userdata(L, runtime_of(L), sizeof *r, 1, KIND_RANDOM);
  take_keys(L, r, 1, n);
  return 1;
}

/* r:restart(keys...) [-0, +1, v] the same stream object, as if new */
static int restart(lua_State *L) {
  take_keys(L, own(L), 2, lua_gettop(L));
  lua_settop(L, 1);
  return 1;
}

/* r:use(other): the running coroutine, and no other, draws from `other` where it asks r; nil ends that.
 * [-0, +0, v] */
static int use(lua_State *L) {
  own(L);
  if (!lua_isnoneornil(L, 2)) runtime_check(L, runtime_of(L), 2, KIND_RANDOM);
  lua_settop(L, 2);
  if (lua_getiuservalue(L, 1, 1) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, 1);
  }
  lua_pushthread(L);
  lua_pushvalue(L, 2);
  lua_rawset(L, -3);
  return 0;
}

static int next_bits(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)random_next(stream(L)));
  return 1;
}

static int next_float(lua_State *L) {
  lua_pushnumber(L, random_float(stream(L)));
  return 1;
}

static int next_int(lua_State *L) {
  lua_Integer min = luaL_checkinteger(L, 2), max = luaL_checkinteger(L, 3);
  if (min > max) return luaL_error(L, "no number lies between %I and %I", (LUAI_UACINT)min, (LUAI_UACINT)max);
  lua_pushinteger(L, random_int(stream(L), min, max));
  return 1;
}

static int chance(lua_State *L) {
  lua_Number p = luaL_checknumber(L, 2);
  lua_pushboolean(L, random_float(stream(L)) < p);
  return 1;
}

/* [-0, +0, v] the length of the list at argument 2, which must not be 0 */
static lua_Integer list_length(lua_State *L) {
  luaL_checktype(L, 2, LUA_TTABLE);
  return (lua_Integer)lua_rawlen(L, 2);
}

static int pick(lua_State *L) {
  lua_Integer n = list_length(L);
  if (n < 1) return luaL_argerror(L, 2, "the list is empty");
  lua_rawgeti(L, 2, random_int(stream(L), 1, n));
  return 1;
}

static int shuffle(lua_State *L) {
  Random *r = stream(L);
  for (lua_Integer i = list_length(L); i > 1; i--) {
    lua_Integer j = random_int(r, 1, i);
    lua_rawgeti(L, 2, i);
    lua_rawgeti(L, 2, j);
    lua_rawseti(L, 2, i);
    lua_rawseti(L, 2, j);
  }
  lua_settop(L, 2);
  return 1;
}

static int text(lua_State *L) {
  luaL_checktype(L, 2, LUA_TSTRING);
  Slice alphabet = value_slice(L, 2);
  lua_Integer n = luaL_checkinteger(L, 3);
  if (!alphabet.n || n < 0) return luaL_argerror(L, alphabet.n ? 3 : 2, "there is nothing to draw");
  luaL_Buffer b;
  char *out = luaL_buffinitsize(L, &b, (size_t)n);
  random_text(stream(L), alphabet, out, (size_t)n);
  luaL_pushresultsize(&b, (size_t)n);
  return 1;
}

void open_random(lua_State *L) {
  static const luaL_Reg functions[] = {{"random", random_new}, {NULL, NULL}};
  static const luaL_Reg metamethods[] = {{NULL, NULL}};
  static const luaL_Reg methods[] = {
      {"next", next_bits},  {"float", next_float}, {"int", next_int},    {"chance", chance}, {"pick", pick},
      {"shuffle", shuffle}, {"text", text},        {"restart", restart}, {"use", use},       {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_RANDOM, metamethods, methods);
}
