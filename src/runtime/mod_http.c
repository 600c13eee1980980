/* An HTTP server, for lua/lorm/http.lua: what it is asked for is an event, answered from a task. */
#include "net/http.h"

#include "runtime/throw.h"
#include "runtime/values.h"

enum {
  MAX_HEADERS = 16
}; /* of an answer */

typedef struct HttpHandle { /* a userdata */
  Http *http;               /* NULL: closed */
  Runtime *rt;
} HttpHandle;

/* From the loop. */
static void on_asked(void *runtime) { ((Runtime *)runtime)->sched.events = true; }

/* core.http(address, max_body) -> server; bytes [-0, +1, v] */
static int http_new(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Err e;
  luaL_checktype(L, 1, LUA_TSTRING);
  lua_Integer max_body = luaL_checkinteger(L, 2);
  luaL_argcheck(L, max_body >= 0 && max_body <= INT32_MAX, 2, "a number of bytes");
  HttpHandle *h = runtime_userdata(L, rt, sizeof *h, 0, KIND_HTTP);
  h->rt = rt;
  return http_open(rt->loop, value_slice(L, 1), (uint32_t)max_body, on_asked, rt, &h->http, &e)
             ? 1
             : throw_err(L, &e);
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

/* core.httpNext(server) -> id, method, path, body of what is asked for; nothing when nothing is
 * [-0, +0 or +4, v] */
static int next_ask(lua_State *L) {
  HttpAsk ask;
  if (!http_next(check(L)->http, &ask)) return 0;
  lua_pushinteger(L, (lua_Integer)ask.id);
  lua_pushlstring(L, ask.method.p, ask.method.n);
  lua_pushlstring(L, ask.path.p, ask.path.n);
  lua_pushlstring(L, ask.body.p ? ask.body.p : "", ask.body.n);
  return 4;
}

/* core.httpHeader(server, id, name) -> its value, or nil [-0, +1, v] */
static int header(lua_State *L) {
  Slice value = http_header(check(L)->http, (uint64_t)luaL_checkinteger(L, 2), luaL_checkstring(L, 3));
  if (value.p)
    lua_pushlstring(L, value.p, value.n);
  else
    lua_pushnil(L);
  return 1;
}

/* The headers of the table {name = value} at `index`; they live as long as it does. [-0, +0, v] */
static void read_headers(lua_State *L, int index, HttpHeader *to, uint32_t *n) {
  luaL_checktype(L, index, LUA_TTABLE);
  *n = 0;
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    luaL_argcheck(L, lua_type(L, -2) == LUA_TSTRING && lua_type(L, -1) == LUA_TSTRING, index,
                  "headers are strings");
    luaL_argcheck(L, *n < MAX_HEADERS, index, "too many headers");
    to[(*n)++] = (HttpHeader){lua_tostring(L, -2), lua_tostring(L, -1)};
  }
}

/* core.httpAnswer(server, id, status, headers, body) [-0, +0, v] */
static int answer(lua_State *L) {
  Err e;
  HttpHandle *h = check(L);
  HttpHeader headers[MAX_HEADERS];
  HttpAnswer a = {.headers = headers};
  lua_Integer id = luaL_checkinteger(L, 2), status = luaL_checkinteger(L, 3);
  luaL_argcheck(L, status >= 200 && status < 600, 3, "a status of HTTP");
  a.status = (unsigned)status;
  read_headers(L, 4, headers, &a.n_headers);
  luaL_checktype(L, 5, LUA_TSTRING);
  a.body = value_slice(L, 5);
  return http_answer(h->http, (uint64_t)id, &a, &e) ? 0 : throw_err(L, &e);
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
  static const luaL_Reg functions[] = {{"http", http_new},
                                       {"httpPort", port},
                                       {"httpNext", next_ask},
                                       {"httpHeader", header},
                                       {"httpAnswer", answer},
                                       {"httpClose", http_shut},
                                       {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", http_end}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_HTTP, meta, NULL);
}
