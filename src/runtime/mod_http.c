/* An HTTP server, for lua/lorm/http.lua: what it is asked for is an event, answered from a task. */
#include "net/http.h"

#include "runtime/throw.h"
#include "runtime/values.h"

typedef struct HttpHandle { /* a userdata */
  Http *http;               /* NULL: closed */
  Runtime *rt;
} HttpHandle;

/* From the loop. */
static void on_asked(void *runtime) { ((Runtime *)runtime)->sched.events = true; }

/* core.http(address) -> server [-0, +1, v] */
static int http_new(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Err e;
  luaL_checktype(L, 1, LUA_TSTRING);
  HttpHandle *h = runtime_userdata(L, rt, sizeof *h, 0, KIND_HTTP);
  h->rt = rt;
  return http_open(rt->loop, value_slice(L, 1), on_asked, rt, &h->http, &e) ? 1 : throw_err(L, &e);
}

static HttpHandle *check(lua_State *L) {
  HttpHandle *h = runtime_check(L, runtime_of(L), 1, KIND_HTTP);
  if (!h->http) throw_code(L, ERR_USAGE, "This server was closed.");
  return h;
}

/* core.httpPort(server) -> the port that it listens at [-0, +1, v] */
static int port(lua_State *L) {
  lua_pushinteger(L, http_port(check(L)->http));
  return 1;
}

/* core.httpNext(server) -> id, path of what is asked for; nothing when nothing is [-0, +0 or +2, v] */
static int next_ask(lua_State *L) {
  HttpAsk ask;
  if (!http_next(check(L)->http, &ask)) return 0;
  lua_pushinteger(L, (lua_Integer)ask.id);
  lua_pushlstring(L, ask.path.p, ask.path.n);
  return 2;
}

/* core.httpAnswer(server, id, status, type, body) [-0, +0, v] */
static int answer(lua_State *L) {
  Err e;
  HttpHandle *h = check(L);
  lua_Integer id = luaL_checkinteger(L, 2), status = luaL_checkinteger(L, 3);
  const char *type = luaL_checkstring(L, 4);
  luaL_checktype(L, 5, LUA_TSTRING);
  luaL_argcheck(L, status >= 200 && status < 600, 3, "a status of HTTP");
  return http_answer(h->http, (uint64_t)id, (unsigned)status, type, value_slice(L, 5), &e) ? 0
                                                                                           : throw_err(L, &e);
}

/* core.httpClose(server), __gc [-0, +0, -] */
static int http_end(lua_State *L) {
  HttpHandle *h = lua_touserdata(L, 1);
  if (h->http && h->rt->loop) http_close(h->http);
  h->http = NULL;
  return 0;
}

static int http_shut(lua_State *L) {
  runtime_check(L, runtime_of(L), 1, KIND_HTTP);
  return http_end(L);
}

void open_http(lua_State *L) {
  static const luaL_Reg functions[] = {{"http", http_new},       {"httpPort", port},
                                       {"httpNext", next_ask},   {"httpAnswer", answer},
                                       {"httpClose", http_shut}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", http_end}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_HTTP, meta, NULL);
}
