/* The same runtime as a module of a stock Lua: require "lorm" finds lorm.so, and in it these two. */
#include "runtime/state.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT int luaopen_lorm(lua_State *L);
EXPORT int luaopen_lorm_core(lua_State *L);

/* [-0, +1, v] the table of C functions; for a lua/lorm/init.lua found on package.path */
int luaopen_lorm_core(lua_State *L) { return runtime_attach(L, NULL); }

/* [-0, +1, v] */
int luaopen_lorm(lua_State *L) {
  lua_settop(L, 0);
  runtime_attach(L, NULL);
  if (!runtime_load(L, "lorm")) return luaL_error(L, "lorm was built without its Lua files");
  lua_pushliteral(L, "lorm");
  lua_call(L, 1, 1);
  return 1;
}
