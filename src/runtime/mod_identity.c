/* Who the calls of a client are made as: db:as(user, { role =, settings = }). An identity is a handle like a
 * client's; what is begun or recorded with it is made as the same. */
#include <string.h>

#include "runtime/client.h"
#include "runtime/throw.h"
#include "runtime/values.h"

Handle *client_check(lua_State *L, Runtime *rt, int index) {
  Handle *h = runtime_test(L, rt, index, KIND_IDENTITY);
  return h ? h : runtime_check(L, rt, index, KIND_CLIENT);
}

void handle_enter(const Handle *h, Tx *tx, Request *r) {
  request_in(r, tx);
  if (h->as) request_as(r, h->as->settings, h->as->n);
}

enum {
  ARG_OF = 1,
  ARG_TEXTS,
  SLOT_IDENTITY
};

/* [-0, +0, v] bytes of the texts, each with its final zero; items are strings without zero bytes */
static size_t measure(lua_State *L, lua_Integer n) {
  size_t bytes = 0;
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, ARG_TEXTS, i);
    Slice text = slice_of(luaL_checkstring(L, -1));
    if (text.n != lua_rawlen(L, -1)) throw_code(L, ERR_VALIDATION, "A setting has a zero byte in it.");
    bytes += text.n + 1;
    lua_pop(L, 1);
  }
  return bytes;
}

/* [-0, +0, v] */
static void fill(lua_State *L, Identity *identity) {
  char *to = (char *)&identity->settings[identity->n];
  for (uint32_t i = 0; i < identity->n * 2; i++) {
    lua_rawgeti(L, ARG_TEXTS, (lua_Integer)i + 1);
    Slice text = value_slice(L, -1), copy = {to, text.n};
    memcpy(to, text.p, text.n + 1u);
    to += text.n + 1;
    *(i % 2 ? &identity->settings[i / 2].value : &identity->settings[i / 2].name) = copy;
    lua_pop(L, 1);
  }
}

/* core.identity(client, { name, value, ... }) -> handle [-0, +1, v] */
static int identity_new(lua_State *L) {
  Runtime *rt = runtime_of(L);
  const Handle *h = client_check(L, rt, ARG_OF);
  luaL_checktype(L, ARG_TEXTS, LUA_TTABLE);
  lua_settop(L, ARG_TEXTS);
  lua_Integer n = (lua_Integer)lua_rawlen(L, ARG_TEXTS);
  size_t bytes = sizeof(Identity) + (size_t)(n / 2) * sizeof(Setting) + measure(L, n);
  Identity *identity = runtime_userdata(L, rt, bytes, 1, KIND_IDENTITY);
  identity->handle = (Handle){KIND_IDENTITY, rt, h->client, identity};
  identity->n = (uint32_t)(n / 2);
  fill(L, identity);
  if (h->kind == KIND_IDENTITY)
    lua_getiuservalue(L, ARG_OF, 1);
  else
    lua_pushvalue(L, ARG_OF);
  lua_setiuservalue(L, SLOT_IDENTITY, 1);
  return 1;
}

void open_identity(lua_State *L) {
  static const luaL_Reg functions[] = {{"identity", identity_new}, {NULL, NULL}};
  runtime_functions(L, functions);
}
