/* core.open and what belongs to a client as a whole. lua/lorm/client.lua makes `db` of it. */
#include <math.h>
#include <stdlib.h>

#include "base/datetime.h"
#include "base/mem.h"
#include "psl/dmmf.h"
#include "runtime/client.h"
#include "runtime/intake.h"
#include "runtime/throw.h"
#include "runtime/values.h"

/* ---- events ---- */

static void event_free(Event *e) { mem_free(e); }

/* From the loop: notes what happened; Lua hears of it from a task of its own. Without memory it is lost. */
static void on_query(void *ctx, const QueryEvent *q) {
  Client *c = ctx;
  Event *e = mem_alloc(sizeof *e + q->sql.n + q->params.n);
  if (!e) return;
  char *text = (char *)(e + 1);
  *e = (Event){.sql = {text, q->sql.n},
               .params = {text + q->sql.n, q->params.n},
               .duration_us = q->duration_us,
               .at = datetime_now(),
               .failed = q->error != NULL};
  memcpy(text, q->sql.p, q->sql.n);
  if (q->params.n) memcpy(text + q->sql.n, q->params.p, q->params.n);
  if (q->error) {
    err_text(e->code, sizeof e->code, slice_of(q->error->sqlstate));
    err_text(e->message, sizeof e->message, slice_of(q->error->message));
  }
  if (c->last_event)
    c->last_event->next = e;
  else
    c->events = e;
  c->last_event = e;
  c->handle.rt->sched.events = true;
}

static void events_drop(Client *c) {
  while (c->events) {
    Event *e = c->events;
    c->events = e->next;
    event_free(e);
  }
  c->last_event = NULL;
}

static const char deliver_key; /* registry: the function that hands events to their handlers */

/* core.onEvents(fn) [-0, +0, v] */
static int on_events(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &deliver_key);
  return 0;
}

/* lua_pcall around this: [-1, +0, v] */
static int spawn_delivery(lua_State *L) {
  Runtime *rt = lua_touserdata(L, 1);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &deliver_key) == LUA_TFUNCTION) sched_spawn(L, rt, 0);
  return 0;
}

void runtime_deliver(lua_State *L, Runtime *rt) {
  rt->sched.events = false;
  lua_pushcfunction(L, spawn_delivery);
  lua_pushlightuserdata(L, rt);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) lua_pop(L, 1); /* no memory: they wait for the next event */
}

/* ---- closing ---- */

void memory_drop(Memory *m) {
  if (m && --m->users == 0) arena_free(m->arena);
}

/* NULL: out of memory. */
static Memory *memory_new(void) {
  Arena *a = arena_new(0);
  Memory *m = a ? arena_try(a, sizeof *m) : NULL;
  if (m)
    *m = (Memory){a, 1};
  else
    arena_free(a);
  return m;
}

void client_close(Client *c) {
  Engine *engine = c->engine;
  if (!engine) return;
  Runtime *rt = c->handle.rt;
  runtime_enter(rt);
  c->engine = NULL;
  if (c->next) c->next->prev = c->prev;
  *(c->prev ? &c->prev->next : &rt->clients) = c->next;
  sched_forget(rt, engine);
  while (c->batches) batch_drop(c->batches, false);
  while (c->txs) tx_handle_release(c->txs);
  while (c->ears) {
    c->ears->lost = true;
    ear_close(c->ears);
  }
  leaks_close(c);
  engine_close(engine);
}

/* __gc [-0, +0, -] */
static int client_gc(lua_State *L) {
  Client *c = lua_touserdata(L, 1);
  client_close(c);
  events_drop(c);
  leaks_drop(c);
  memory_drop(c->memory);
  c->memory = NULL;
  c->schema = NULL;
  return 0;
}

/* ---- opening ---- */

/* The address that the schema's own datasource names, if it does. */
static Slice datasource_url(const Schema *s) {
  const Property *p = s->datasource ? config_property(s->datasource, "url") : NULL;
  if (!p) return (Slice){0};
  return p->is_env ? slice_of(getenv(p->value.p)) : p->value;
}

typedef struct Opening {
  lua_State *L;
  Client *client;
  const char *path;
  Slice text, url;
  EngineConfig engine;
  Arg omit;
  Buf report; /* what is wrong with the schema */
  bool own_schema, opened;
  Err e;
} Opening;

static void report_schema(Opening *o, const Diags *d) {
  o->report = buf_in(o->client->arena);
  for (uint32_t i = 0; i < d->n; i++)
    if (!d->items[i].warning) diag_render(&o->report, d, &d->items[i], false);
  (void)buf_slice(&o->report);
}

/* Does a line begin with the word `datasource`? */
static bool has_datasource(Slice text) {
  static const char word[] = "datasource";
  for (const char *at = text.p, *end = text.p + text.n; at < end;) {
    const char *line = memchr(at, '\n', (size_t)(end - at));
    at += strspn(at, " \t\r");
    if (strncmp(at, word, sizeof word - 1) == 0 && strchr(" \t{", at[sizeof word - 1])) return true;
    at = line ? line + 1 : end;
  }
  return false;
}

/* What the schema leaves out is known: there is one kind of database. */
static void add_datasource(Arena *a, Source **sources, uint32_t *n) {
  for (uint32_t i = 0; i < *n; i++)
    if (has_datasource((*sources)[i].text)) return;
  Source *more = ARENA_ARRAY(a, Source, *n + 1);
  memcpy(more, *sources, *n * sizeof *more);
  more[(*n)++] = (Source){SLICE("(datasource)"), SLICE("datasource db {\n  provider = \"postgresql\"\n}\n")};
  *sources = more;
}

const Schema *client_load_schema(Arena *a, const char *path, Slice text, Diags *d, Err *e) {
  Source *sources;
  uint32_t n = 1;
  *d = (Diags){0};
  if (path) {
    if (!schema_read(a, path, &sources, &n, e)) return NULL;
  } else {
    sources = ARENA_NEW(a, Source);
    *sources = (Source){SLICE("schemaText"), slice_copy(a, text)};
  }
  add_datasource(a, &sources, &n);
  const Schema *s = schema_load_unguarded(a, sources, n, d);
  if (s) return s;
  (void)(d->n_errors ? err_set(e, ERR_P1012, "The schema is not valid.") : err_oom(e));
  return NULL;
}

static bool load_schema(Opening *o) {
  Diags d;
  o->client->schema = client_load_schema(o->client->arena, o->path, o->text, &d, &o->e);
  if (!o->client->schema && d.n_errors) report_schema(o, &d);
  return o->client->schema != NULL;
}

static bool choose_url(Opening *o) {
  Client *c = o->client;
  const RuntimeConfig *config = &c->handle.rt->config;
  Slice url = o->url;
  if (!url.n && o->own_schema) url = datasource_url(c->schema);
  if (!url.n && config->url) url = slice_of(config->url);
  if (!url.n && config->find_url && !config->find_url(config->find_ctx, &url, &o->e)) return false;
  if (!url.n) url = datasource_url(c->schema);
  if (!url.n) url = slice_of(getenv("DATABASE_URL"));
  if (!url.n)
    return err_set(
        &o->e, ERR_USAGE,
        "No database is given: set DATABASE_URL (in the environment or in .env), pass --url, or say "
        "lorm.connect { url = ... }.");
  c->url = slice_copy(c->arena, url);
  return true;
}

static void open_body(void *ctx) {
  Opening *o = ctx;
  Client *c = o->client;
  if (!load_schema(o) || !choose_url(o)) return;
  o->engine.omit = o->engine.omit ? arena_copy(c->arena, &o->omit, sizeof o->omit) : NULL;
  o->engine.schema = c->schema;
  o->engine.url = c->url;
  o->engine.plans = &c->handle.rt->plans;
  o->opened = engine_open(c->handle.rt->loop, &o->engine, &c->engine, &o->e);
}

/* [-0, +0, v] option `key` of the table at 1 as milliseconds or a number; -1 when absent */
static int number_option(lua_State *L, int index, const char *key) {
  int found = -1;
  if (lua_getfield(L, index, key) != LUA_TNIL) {
    lua_Integer i = lua_tointeger(L, -1);
    if (!lua_isinteger(L, -1) || i < 0 || i > INT32_MAX)
      throw_code(L, ERR_VALIDATION, "pool.%s must be a whole number, not negative.", key);
    found = (int)i;
  }
  lua_pop(L, 1);
  return found;
}

/* [-0, +1, v] the text of an option stays on the stack */
static Slice text_option(lua_State *L, const char *key) {
  int type = lua_getfield(L, 1, key);
  if (type == LUA_TNIL) return (Slice){0};
  if (type != LUA_TSTRING) throw_code(L, ERR_VALIDATION, "%s must be a string.", key);
  return value_slice(L, -1);
}

/* [-0, +k, v] */
static void read_options(Opening *o) {
  lua_State *L = o->L;
  Slice path = text_option(L, "schema");
  o->text = text_option(L, "schemaText");
  o->url = text_option(L, "url");
  o->own_schema = path.n || o->text.p;
  o->path = path.n ? path.p : o->text.p ? NULL : o->client->handle.rt->config.schema_path;
  if (!o->path && !o->text.p)
    throw_code(L, ERR_USAGE,
               "There is no schema: say lorm.connect { schema = \"path\" } or { schemaText = ... }.");
  o->engine = (EngineConfig){.pool_min = -1,
                             .connection_timeout_ms = -1,
                             .idle_timeout_ms = -1,
                             .max_lifetime_ms = -1,
                             .spin_us = -1};
  o->client->watch.threshold_ms = -1;
  if (lua_getfield(L, 1, "pool") != LUA_TTABLE) return;
  int pool = lua_gettop(L), max = number_option(L, pool, "max");
  if (max == 0) throw_code(L, ERR_VALIDATION, "pool.max must be at least 1.");
  o->engine.pool_max = max < 0 ? 0 : max;
  o->engine.pool_min = number_option(L, pool, "min");
  o->engine.connection_timeout_ms = number_option(L, pool, "connectionTimeoutMillis");
  o->engine.idle_timeout_ms = number_option(L, pool, "idleTimeoutMillis");
  o->engine.max_lifetime_ms = number_option(L, pool, "maxLifetime");
  o->engine.spin_us = number_option(L, pool, "spinMicros");
  o->client->watch.threshold_ms = number_option(L, pool, "leakThresholdMillis");
}

/* [-0, +0, v] the error of an opening that failed */
static int open_failed(Opening *o) {
  lua_State *L = o->L;
  throw_push(L, &o->e);
  static const char prefix[] = "error[P1012]: "; /* the error's own code says that */
  if (o->report.n) {
    Slice text = {o->report.p, o->report.n};
    if (slice_starts(text, slice_of(prefix))) text.p += sizeof prefix - 1, text.n -= sizeof prefix - 1;
    lua_pushlstring(L, text.p, text.n);
    lua_setfield(L, -2, "message");
  }
  return throw_top(L);
}

/* core.open { schema =, schemaText =, url =, pool = {...}, omit = } -> client [-0, +1, v] */
static int client_new(lua_State *L) {
  Runtime *rt = runtime_of(L);
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  Client *c = runtime_userdata(L, rt, sizeof *c, 0, KIND_CLIENT);
  int at = lua_gettop(L);
  c->handle = (Handle){KIND_CLIENT, rt, c, NULL};
  c->memory = memory_new();
  if (!c->memory) return throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
  c->arena = c->memory->arena;
  Opening o = {.L = L, .client = c};
  read_options(&o);
  if (lua_getfield(L, 1, "omit") != LUA_TNIL) {
    if (!intake_read(L, rt, -1, c->arena, &o.omit, &o.e) || !intake_own(c->arena, &o.omit, 1, &o.e))
      return open_failed(&o);
    o.engine.omit = &o.omit;
  }
  if (!arena_protect(c->arena, NULL, open_body, &o)) {
    err_oom(&o.e);
    o.opened = false;
  }
  if (!o.opened) return open_failed(&o);
  c->next = rt->clients;
  if (c->next) c->next->prev = c;
  rt->clients = c;
  lua_settop(L, at);
  return 1;
}

/* ---- what a client tells ---- */

Handle *handle_check(lua_State *L, Runtime *rt, int index) {
  static const Kind kinds[] = {KIND_CLIENT, KIND_IDENTITY, KIND_TX, KIND_BATCH};
  for (size_t i = 0; i < COUNT(kinds); i++) {
    Handle *h = runtime_test(L, rt, index, kinds[i]);
    if (h) return h;
  }
  luaL_typeerror(L, index, "lorm.client");
  return NULL;
}

Engine *client_engine(lua_State *L, const Handle *h) {
  if (!h->client->engine) throw_code(L, ERR_USAGE, "This client was disconnected.");
  return h->client->engine;
}

static Client *check(lua_State *L) { return handle_check(L, runtime_of(L), 1)->client; }

/* core.close(client) [-0, +0, v] */
static int client_disconnect(lua_State *L) {
  client_close(check(L));
  return 0;
}

static int is_open(lua_State *L) {
  lua_pushboolean(L, check(L)->engine != NULL);
  return 1;
}

/* core.url(client) -> the address, with its password [-0, +1, v] */
static int full_url(lua_State *L) {
  Slice url = check(L)->url;
  lua_pushlstring(L, url.p, url.n);
  return 1;
}

/* core.shownUrl(client) -> what may be shown of it [-0, +1, v] */
static int shown_url(lua_State *L) {
  Slice url = engine_shown_url(client_engine(L, &check(L)->handle));
  lua_pushlstring(L, url.p, url.n);
  return 1;
}

/* core.unknownParameters(client) -> the names of what its URL has and nobody understands [-0, +1, v] */
static int unknown_parameters(lua_State *L) {
  uint32_t n;
  const Slice *names = engine_unknown_parameters(client_engine(L, &check(L)->handle), &n);
  lua_createtable(L, (int)n, 0);
  for (uint32_t i = 0; i < n; i++) {
    lua_pushlstring(L, names[i].p, names[i].n);
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}

/* core.listen(client, on) [-0, +0, v] */
static int listen_events(lua_State *L) {
  Client *c = check(L);
  bool on = lua_toboolean(L, 2);
  engine_listen(client_engine(L, &c->handle), on ? on_query : NULL, c);
  return 0;
}

/* core.event(client) -> the next statement that was run, or nil [-0, +1, m] */
static int next_event(lua_State *L) {
  Client *c = check(L);
  Event *e = c->events;
  if (!e) return 0;
  lua_createtable(L, 0, 8);
  lua_pushlstring(L, e->sql.p, e->sql.n);
  lua_setfield(L, -2, "query");
  lua_pushlstring(L, e->params.p, e->params.n);
  lua_setfield(L, -2, "params");
  lua_pushnumber(L, (double)e->duration_us / 1000);
  lua_setfield(L, -2, "duration");
  value_push_datetime(L, c->handle.rt, e->at);
  lua_setfield(L, -2, "timestamp");
  lua_pushliteral(L, "lorm");
  lua_setfield(L, -2, "target");
  if (e->failed) {
    lua_pushstring(L, e->message);
    lua_setfield(L, -2, "error");
    lua_pushstring(L, e->code);
    lua_setfield(L, -2, "sqlstate");
  }
  c->events = e->next;
  if (!c->events) c->last_event = NULL;
  event_free(e);
  return 1;
}

/* core.waits(client) -> { { ms, count }, ... }, milliseconds in all: how many waited for a connection for at
 * most so long, and longer than the one before [-0, +2, v] */
static int waits(lua_State *L) {
  EngineStats s;
  engine_stats(client_engine(L, &check(L)->handle), &s);
  lua_createtable(L, ENGINE_WAITS, 0);
  for (int i = 0; i < ENGINE_WAITS; i++) {
    lua_createtable(L, 2, 0);
    if (s.waits[i].ms == INT32_MAX)
      lua_pushnumber(L, HUGE_VAL);
    else
      lua_pushinteger(L, s.waits[i].ms);
    lua_rawseti(L, -2, 1);
    lua_pushinteger(L, (lua_Integer)s.waits[i].n);
    lua_rawseti(L, -2, 2);
    lua_rawseti(L, -2, i + 1);
  }
  lua_pushnumber(L, (lua_Number)s.waited_us / 1000);
  return 2;
}

/* core.stats(client) -> figures [-0, +1, v] */
static int stats(lua_State *L) {
  EngineStats s;
  engine_stats(client_engine(L, &check(L)->handle), &s);
  const struct {
    const char *key;
    uint64_t value;
  } rows[] = {{"connections", s.connections},
              {"idle", s.idle},
              {"busy", s.busy},
              {"waiting", s.waiting},
              {"plans", s.plans},
              {"planHits", s.hits},
              {"planMisses", s.misses},
              {"queries", s.queries},
              {"timeouts", s.timeouts},
              {"requests", s.requests},
              {"opened", s.opened},
              {"closed", s.closed},
              {"lost", s.lost}};
  lua_createtable(L, 0, COUNT(rows));
  for (size_t i = 0; i < COUNT(rows); i++) {
    lua_pushinteger(L, (lua_Integer)rows[i].value);
    lua_setfield(L, -2, rows[i].key);
  }
  return 1;
}

/* core.models(client) -> the models' names, in the schema's order; { name = true } of those that are views
 * [-0, +2, v] */
static int models(lua_State *L) {
  const Schema *s = check(L)->schema;
  lua_createtable(L, (int)s->n_models, 0);
  lua_newtable(L);
  for (uint32_t i = 0, n = 0; i < s->n_models; i++) {
    const Model *m = &s->models[i];
    if (m->ignored) continue;
    lua_pushlstring(L, m->name.p, m->name.n);
    if (m->is_view) {
      lua_pushvalue(L, -1);
      lua_pushboolean(L, true);
      lua_rawset(L, -4);
    }
    lua_rawseti(L, -3, ++n);
  }
  return 2;
}

typedef struct Describe {
  const Schema *schema;
  Buf *out;
} Describe;
static void describe_body(void *ctx) {
  Describe *d = ctx;
  schema_dmmf(d->out, d->schema);
}

/* core.dmmf(client) -> the schema as JSON text [-0, +1, v] */
static int dmmf(lua_State *L) {
  Client *c = check(L);
  Arena *a = c->handle.rt->scratch;
  arena_reset(a);
  Buf out = buf_in(a);
  Describe d = {c->schema, &out};
  if (!arena_protect(a, NULL, describe_body, &d)) return throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
  lua_pushlstring(L, out.p, out.n);
  arena_reset(a);
  return 1;
}

void open_client(lua_State *L) {
  static const luaL_Reg functions[] = {{"open", client_new},
                                       {"close", client_disconnect},
                                       {"isOpen", is_open},
                                       {"url", full_url},
                                       {"shownUrl", shown_url},
                                       {"unknownParameters", unknown_parameters},
                                       {"listen", listen_events},
                                       {"event", next_event},
                                       {"leak", leak_next},
                                       {"stats", stats},
                                       {"waits", waits},
                                       {"models", models},
                                       {"dmmf", dmmf},
                                       {"onEvents", on_events},
                                       {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", client_gc}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_CLIENT, meta, NULL);
}
