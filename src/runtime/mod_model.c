/* Model actions and raw SQL: stations 1, 3 and 4 of a call. One closure for each (handle, model, action);
 * lua/lorm/model.lua makes it at first use and keeps it in the model's table. */
#include "runtime/call.h"
#include "runtime/client.h"
#include "runtime/intake.h"
#include "runtime/scopes.h"
#include "runtime/throw.h"
#include "runtime/values.h"

enum {
  UP_HANDLE = 1, /* upvalues of an action */
  UP_MODEL,
  UP_ACTION
};

static const Model *up_model(lua_State *L) { return lua_touserdata(L, lua_upvalueindex(UP_MODEL)); }
static CallAction up_action(lua_State *L) {
  return (CallAction)lua_tointeger(L, lua_upvalueindex(UP_ACTION));
}

/* [-0, +0, v] db.User.findMany {...} gives the arguments where the model should be. */
static void wrong_self(lua_State *L) {
  Slice model = up_model(L)->name;
  const char *action = action_name(up_action(L));
  throw_code(L, ERR_USAGE, "%s is a method: call it with a colon, db.%.*s:%s {...}, not with a dot.", action,
             SLICE_ARGS(model), action);
}

/* [-0, +0, v] The arguments, as the root table that the planner wants. */
static Arg *take_arguments(lua_State *L, Runtime *rt, Request *r, bool keep) {
  Err e;
  Arena *a = request_arena(r);
  Arg *args = arena_try(a, sizeof *args);
  if (!args) {
    (void)err_oom(&e);
    call_fail(L, rt, r, &e);
    return NULL;
  }
  *args = (Arg){.kind = ARG_EMPTY, .leaf = ARG_NO_LEAF};
  if (lua_isnoneornil(L, 2)) return args;
  bool good = lua_istable(L, 2) ||
              err_set(&e, ERR_VALIDATION, "The arguments must be a table, not a %s.", luaL_typename(L, 2));
  good = good && intake_read(L, rt, 2, a, args, &e);
  if (good && args->kind == ARG_LIST)
    good = err_set(&e, ERR_VALIDATION, "The arguments must be a table with names, such as where = {...}.");
  if (good && keep) good = intake_own(a, args, 1, &e);
  if (good) return args;
  err_text(e.model, sizeof e.model, up_model(L)->name);
  err_text(e.action, sizeof e.action, slice_of(action_name(up_action(L))));
  call_fail(L, rt, r, &e);
  return NULL;
}

/* [-0, +0, v] The call that is made, from the stack, in hand. `keep`: its arguments outlive the stack. */
static Request *take_call(lua_State *L, Handle *h, Tx *tx, Scopes *scopes, bool keep) {
  Runtime *rt = h->rt;
  Request *r = call_take(L, rt, client_engine(L, h));
  request_call(r, up_model(L), up_action(L), take_arguments(L, rt, r, keep));
  request_scopes(r, scopes);
  handle_enter(h, tx, r);
  return r;
}

/* model:action(args) [-0, +1, v] */
static int model_call(lua_State *L) {
  Handle *h = lua_touserdata(L, lua_upvalueindex(UP_HANDLE));
  Runtime *rt = h->rt;
  if (runtime_kind(L, rt, 1) != KIND_MODEL) wrong_self(L);
  Engine *engine = client_engine(L, h);
  Tx *tx = handle_tx(L, h);
  Batch *batch = h->kind == KIND_BATCH ? (Batch *)h : NULL;
  if (batch) batch_reserve(L, batch);
  Err e;
  Request *r = take_call(L, h, tx, NULL, batch != NULL);
  if (!engine_lookup(r, &e)) return call_fail(L, rt, r, &e);
  if (batch) return batch_add(L, batch, r, &call_rows);
  return call_run(L, rt, engine, r, &call_rows);
}

/* ---- with scopes: what lua/lorm/scopes.lua calls ---- */

enum {
  ARG_SCOPES = 3, /* of these functions: after the model and the arguments; nil: none */
  ARG_STEP,       /* of an explanation */
  ARG_ANALYZE,
  ARG_CURSOR = ARG_SCOPES + 1, /* of a fetch */
  ARG_ROWS
};

/* [-0, +0, v] */
static Scopes *arg_scopes(lua_State *L, Runtime *rt) {
  return lua_isnoneornil(L, ARG_SCOPES) ? NULL : scopes_check(L, rt, ARG_SCOPES);
}

int scopes_missing(lua_State *L, Runtime *rt, Request *r, const Err *e) {
  const Model *unknown = request_unknown_scope(r);
  if (!unknown) return call_fail(L, rt, r, e);
  rt->in_hand = NULL;
  request_release(r);
  lua_pushnil(L);
  lua_pushlstring(L, unknown->name.p, unknown->name.n);
  return 2;
}

/* scoped(model, args, scopes) -> what the call returns; or nil and the name of a model whose scope is not
 * known
 * [-0, +2, v] */
static int model_scoped(lua_State *L) {
  Handle *h = lua_touserdata(L, lua_upvalueindex(UP_HANDLE));
  Runtime *rt = h->rt;
  Engine *engine = client_engine(L, h);
  Tx *tx = handle_tx(L, h);
  Batch *batch = h->kind == KIND_BATCH ? (Batch *)h : NULL;
  Scopes *scopes = scopes_check(L, rt, ARG_SCOPES);
  if (batch) batch_reserve(L, batch);
  if (batch) batch_anchor(L, lua_upvalueindex(UP_HANDLE), ARG_SCOPES);
  Err e;
  Request *r = take_call(L, h, tx, scopes, batch != NULL);
  if (!engine_lookup(r, &e)) return scopes_missing(L, rt, r, &e);
  if (batch) return batch_add(L, batch, r, &call_rows);
  return call_run(L, rt, engine, r, &call_rows);
}

/* explain(model, args, scopes, step, analyze) -> the lines of the server's plan, as rows; or as above [-0,
 * +2, v] */
static int model_explain(lua_State *L) {
  Handle *h = lua_touserdata(L, lua_upvalueindex(UP_HANDLE));
  Runtime *rt = h->rt;
  Engine *engine = client_engine(L, h);
  Tx *tx = handle_tx(L, h);
  uint16_t step = (uint16_t)luaL_checkinteger(L, ARG_STEP);
  Err e;
  lua_settop(L, ARG_ANALYZE);
  Request *r = take_call(L, h, tx, arg_scopes(L, rt), false);
  if (!engine_lookup(r, &e)) return scopes_missing(L, rt, r, &e);
  request_explain(r, step, lua_toboolean(L, ARG_ANALYZE));
  return call_run(L, rt, engine, r, &call_rows);
}

/* ---- streams: lua/lorm/stream.lua makes them of these ---- */

static bool finish_nothing(lua_State *L, Runtime *rt, Request *r, Err *e) {
  (void)rt;
  (void)r;
  (void)e;
  lua_pushboolean(L, true);
  return true;
}
static const CallKind call_nothing = {finish_nothing};

/* fetch(model, args, scopes, cursor, rows) -> the next rows of a cursor. Without rows: the cursor is
 * declared; without a cursor: only what is wrong with the arguments is raised. Or as above [-0, +2, v] */
static int model_fetch(lua_State *L) {
  Handle *h = lua_touserdata(L, lua_upvalueindex(UP_HANDLE));
  Runtime *rt = h->rt;
  Engine *engine = client_engine(L, h);
  Tx *tx = handle_tx(L, h);
  Batch *batch = h->kind == KIND_BATCH ? (Batch *)h : NULL;
  uint32_t cursor = (uint32_t)luaL_optinteger(L, ARG_CURSOR, 0),
           rows = (uint32_t)luaL_optinteger(L, ARG_ROWS, 0);
  Scopes *scopes = arg_scopes(L, rt);
  const CallKind *kind = rows ? &call_rows : &call_nothing;
  Err e;
  if (batch) batch_reserve(L, batch);
  if (batch && scopes) batch_anchor(L, lua_upvalueindex(UP_HANDLE), ARG_SCOPES);
  Request *r = take_call(L, h, tx, scopes, batch != NULL);
  if (rows)
    request_fetch(r, cursor, rows);
  else
    request_declare(r, cursor);
  if (!(cursor ? engine_lookup(r, &e) : engine_check(r, &e))) return scopes_missing(L, rt, r, &e);
  if (batch) return batch_add(L, batch, r, kind);
  if (cursor) return call_run(L, rt, engine, r, kind);
  rt->in_hand = NULL;
  request_release(r);
  return 0;
}

/* statements(model, args, scopes) -> the SQL of the call, a list; or as above [-0, +2, v] */
static int model_statements(lua_State *L) {
  Handle *h = lua_touserdata(L, lua_upvalueindex(UP_HANDLE));
  Runtime *rt = h->rt;
  Err e;
  Request *r = take_call(L, h, NULL, arg_scopes(L, rt), false);
  if (!engine_lookup(r, &e)) return scopes_missing(L, rt, r, &e);
  runtime_hold_collector(rt); /* a finalizer that made a call would take the request */
  uint16_t n = request_statements(r);
  lua_createtable(L, n, 0);
  for (uint16_t i = 0; i < n; i++) {
    Slice sql = request_sql(r, i);
    lua_pushlstring(L, sql.p, sql.n);
    lua_rawseti(L, -2, i + 1);
  }
  runtime_enter(rt);
  return 1;
}

/* [-0, +1, v] a function of a model and an action, or nil when there is no such action */
static int closure_new(lua_State *L, lua_CFunction f) {
  Runtime *rt = runtime_of(L);
  Handle *h = handle_check(L, rt, 1);
  Slice name = slice_of(luaL_checkstring(L, 2)), action = slice_of(luaL_checkstring(L, 3));
  const Model *model = schema_model(h->client->schema, name);
  CallAction id;
  if (!model || !action_find(action, &id)) return 0;
  lua_pushvalue(L, 1);
  lua_pushlightuserdata(L, (void *)(uintptr_t)model);
  lua_pushinteger(L, id);
  lua_pushcclosure(L, f, 3);
  return 1;
}

/* core.action(handle, model, action) -> action(model, args) [-0, +1, v] */
static int action_new(lua_State *L) { return closure_new(L, model_call); }
/* core.scoped(handle, model, action) -> scoped(model, args, scopes) [-0, +1, v] */
static int scoped_new(lua_State *L) { return closure_new(L, model_scoped); }
/* core.explain(handle, model, action) -> explain(model, args, scopes, step, analyze) [-0, +1, v] */
static int explain_new(lua_State *L) { return closure_new(L, model_explain); }
/* core.statements(handle, model, action) -> statements(model, args, scopes) [-0, +1, v] */
static int statements_new(lua_State *L) { return closure_new(L, model_statements); }

/* core.fetch(handle, model) -> fetch(model, args, scopes, cursor, rows) [-0, +1, v] */
static int fetch_new(lua_State *L) {
  lua_settop(L, 2);
  lua_pushstring(L, action_name(CALL_FIND_MANY));
  return closure_new(L, model_fetch);
}
/* core.cursor(handle) -> the number of a new cursor [-0, +1, v] */
static int cursor_new(lua_State *L) {
  lua_pushinteger(L, engine_cursor(client_engine(L, handle_check(L, runtime_of(L), 1))));
  return 1;
}

/* core.actions() -> { findMany = "read", create = "write", ... } [-0, +1, m] */
static int actions(lua_State *L) {
  lua_createtable(L, 0, CALL_ACTIONS);
  for (int a = 0; a < CALL_ACTIONS; a++) {
    lua_pushstring(L, action_writes((CallAction)a) ? "write" : "read");
    lua_setfield(L, -2, action_name((CallAction)a));
  }
  return 1;
}

/* ---- fields ---- */

/* [-0, +1, m] user value 1 of a reference keeps the client, and so the schema */
static void push_field(lua_State *L, const Runtime *rt, const Field *f, int client) {
  FieldRef *ref = runtime_userdata(L, rt, sizeof *ref, 1, KIND_FIELD);
  ref->field = f;
  lua_pushvalue(L, client);
  lua_setiuservalue(L, -2, 1);
}

static void push_slice(lua_State *L, Slice s) { lua_pushlstring(L, s.p, s.n); }

static void set_slice(lua_State *L, const char *key, Slice s) {
  if (!s.n) return;
  push_slice(L, s);
  lua_setfield(L, -2, key);
}

/* [-0, +1, m] the fields of an index, as a list of names */
static void push_index(lua_State *L, const Index *x) {
  lua_createtable(L, (int)x->n_fields, 1);
  for (uint32_t i = 0; i < x->n_fields; i++) {
    push_slice(L, x->fields[i].field->name);
    lua_rawseti(L, -2, i + 1);
  }
  set_slice(L, "key", x->key);
}

/* core.model(client, name) -> { name =, fields = { name = reference }, columns = {names}, primary = {names,
 * key = "a_b"} }, or nil when there is none of that name [-0, +1, v] */
static int describe_model(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Handle *h = handle_check(L, rt, 1);
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  const Model *m = schema_model(h->client->schema, value_slice(L, 2));
  if (!m || m->ignored) return 0;
  lua_settop(L, 2);
  if (h->kind != KIND_CLIENT) { /* the reference keeps the client itself, not a transaction of it */
    lua_getiuservalue(L, 1, 1);
    lua_replace(L, 1);
  }
  lua_createtable(L, 0, 4);
  set_slice(L, "name", m->name);
  lua_createtable(L, 0, (int)m->n_fields);
  for (uint32_t i = 0; i < m->n_fields; i++) {
    if (!field_is_column(&m->fields[i]) || m->fields[i].ignored) continue;
    push_slice(L, m->fields[i].name);
    push_field(L, rt, &m->fields[i], 1);
    lua_rawset(L, -3);
  }
  lua_setfield(L, -2, "fields");
  lua_createtable(L, (int)m->n_columns, 0);
  for (uint32_t i = 0; i < m->n_columns; i++) {
    push_slice(L, m->columns[i]->name);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "columns");
  if (m->primary) {
    push_index(L, m->primary);
    lua_setfield(L, -2, "primary");
  }
  return 1;
}

static int field_tostring(lua_State *L) {
  const FieldRef *ref = runtime_check(L, runtime_of(L), 1, KIND_FIELD);
  push_slice(L, ref->field->model->name);
  lua_pushliteral(L, ".");
  push_slice(L, ref->field->name);
  lua_concat(L, 3);
  return 1;
}

/* ---- raw SQL ---- */

/* [-0, +0, v] */
static Request *take_raw(lua_State *L, Runtime *rt, Engine *engine, bool rows, bool keep) {
  Err e;
  Arg *params;
  int first = 3, n = lua_gettop(L) - first;
  Request *r = call_take(L, rt, engine);
  Slice sql = value_slice(L, first);
  char *copy = arena_try(request_arena(r), sql.n + 1u);
  bool good = copy ? intake_list(L, rt, first + 1, n, request_arena(r), &params, &e) : err_oom(&e);
  if (good && keep) good = intake_own(request_arena(r), params, (uint32_t)n, &e);
  if (good && strlen(sql.p) != sql.n)
    good = err_set(&e, ERR_VALIDATION, "The SQL text has a NUL byte in it.");
  if (!good) {
    err_text(e.action, sizeof e.action, rows ? SLICE("queryRaw") : SLICE("executeRaw"));
    call_fail(L, rt, r, &e);
    return NULL;
  }
  memcpy(copy, sql.p, sql.n + 1u);
  request_raw(r, (Slice){copy, sql.n}, params, (uint32_t)n, rows);
  return r;
}

/* core.raw(handle, rows, sql, ...) -> rows, or the number of them [-0, +1, v] */
static int raw(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Handle *h = handle_check(L, rt, 1);
  bool rows = lua_toboolean(L, 2);
  if (lua_type(L, 3) != LUA_TSTRING)
    return throw_code(L, ERR_VALIDATION,
                      "The first argument must be SQL text, with $1, $2 ... for the values.");
  Engine *engine = client_engine(L, h);
  Tx *tx = handle_tx(L, h);
  Batch *batch = h->kind == KIND_BATCH ? (Batch *)h : NULL;
  if (batch) batch_reserve(L, batch);
  Request *r = take_raw(L, rt, engine, rows, batch != NULL);
  handle_enter(h, tx, r);
  if (batch) return batch_add(L, batch, r, &call_raw);
  return call_run(L, rt, engine, r, &call_raw);
}

void open_model(lua_State *L) {
  static const luaL_Reg functions[] = {{"action", action_new},
                                       {"scoped", scoped_new},
                                       {"explain", explain_new},
                                       {"statements", statements_new},
                                       {"fetch", fetch_new},
                                       {"cursor", cursor_new},
                                       {"actions", actions},
                                       {"model", describe_model},
                                       {"raw", raw},
                                       {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__tostring", field_tostring}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_FIELD, meta, NULL);
}
