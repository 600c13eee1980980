/* Transactions: a connection that a handle pins. lua/lorm/transaction.lua makes db:begin and db:transaction
 * of these. */
#include "runtime/call.h"
#include "runtime/client.h"
#include "runtime/throw.h"
#include "runtime/values.h"

void tx_handle_release(TxHandle *t) {
  if (!t->tx) return;
  Tx *tx = t->tx;
  t->tx = NULL;
  if (t->next) t->next->prev = t->prev;
  *(t->prev ? &t->prev->next : &t->handle.client->txs) = t->next;
  t->next = t->prev = NULL;
  tx_release(tx);
}

static int tx_gc(lua_State *L) {
  TxHandle *t = lua_touserdata(L, 1);
  borrow_lost(t);
  tx_handle_release(t);
  return 0;
}

/* Is the running task the one that opened the transaction, or below it? One that is over has left it to
 * whoever got the handle: the next line of the REPL, for one. */
static bool may_use(const Runtime *rt, const TxHandle *t) {
  if (!t->owner || task_over(t->owner)) return true;
  const Task *task = rt->sched.running;
  while (task && task != t->owner) task = task->parent;
  return task != NULL;
}

static Tx *usable(lua_State *L, const TxHandle *t) {
  if (!t->tx)
    throw_code(L, ERR_P2028,
               "Transaction API error: Transaction already closed: A query cannot be executed on a closed "
               "transaction.");
  if (!may_use(t->handle.rt, t))
    throw_code(L, ERR_USAGE,
               "This transaction belongs to another task: only the task that opened it and its "
               "children may use it.");
  return t->tx;
}

Tx *handle_tx(lua_State *L, const Handle *h) {
  if (h->kind == KIND_CLIENT || h->kind == KIND_IDENTITY) return NULL;
  const TxHandle *t = h->kind == KIND_TX ? (const TxHandle *)h : ((const Batch *)h)->tx;
  return t ? usable(L, t) : NULL;
}

enum {
  ARG_CLIENT = 1,
  ARG_ISOLATION,
  ARG_MAX_WAIT,
  ARG_TIMEOUT,
  SLOT_HANDLE /* made, and anchored here, before the request is */
};

/* [-0, +1, v] */
static bool finish_begin(lua_State *L, Runtime *rt, Request *r, Err *e) {
  (void)rt;
  (void)e;
  TxHandle *t = lua_touserdata(L, SLOT_HANDLE);
  Client *c = t->handle.client;
  t->tx = request_tx(r);
  t->next = c->txs;
  if (c->txs) c->txs->prev = t;
  c->txs = t;
  borrow_held(t);
  lua_pushvalue(L, SLOT_HANDLE);
  return true;
}
static const CallKind call_begin = {finish_begin};

/* [-0, +0, v] milliseconds at `index`, or -1 */
static int ms_at(lua_State *L, int index, const char *name) {
  if (lua_isnoneornil(L, index)) return -1;
  lua_Number ms = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : -1;
  if (!(ms >= 0 && ms <= INT32_MAX))
    throw_code(L, ERR_VALIDATION, "%s must be a number of milliseconds.", name);
  return (int)ms;
}

/* core.begin(client, isolation, maxWait, timeout) -> transaction [-0, +1, v] */
static int begin(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Handle *h = client_check(L, rt, ARG_CLIENT);
  Engine *engine = client_engine(L, h);
  TxOptions o = {.max_wait_ms = ms_at(L, ARG_MAX_WAIT, "maxWait"),
                 .timeout_ms = ms_at(L, ARG_TIMEOUT, "timeout")};
  if (!lua_isnoneornil(L, ARG_ISOLATION)) o.isolation = slice_of(luaL_checkstring(L, ARG_ISOLATION));
  lua_settop(L, SLOT_HANDLE - 1);
  TxHandle *t = runtime_userdata(L, rt, sizeof *t, 2, KIND_TX);
  t->handle = (Handle){KIND_TX, rt, h->client, NULL};
  t->owner = rt->sched.running;
  borrow_note(L, &t->borrow);
  lua_pushvalue(L, ARG_CLIENT);
  lua_setiuservalue(L, SLOT_HANDLE, 1);
  sched_push_running(L, rt);
  lua_setiuservalue(L, SLOT_HANDLE, 2);
  Err e;
  Request *r = call_take(L, rt, engine);
  if (!request_begin(r, &o, &e)) return call_fail(L, rt, r, &e);
  handle_enter(h, NULL, r);
  if (!(t->owner && t->owner->cancelled) && request_begin_at_once(r))
    return call_answered(L, rt, r, &call_begin);
  return call_run(L, rt, engine, r, &call_begin);
}

static bool finish_end(lua_State *L, Runtime *rt, Request *r, Err *e) {
  (void)rt;
  (void)r;
  (void)e;
  lua_pushboolean(L, true);
  return true;
}
static const CallKind call_end = {finish_end};

/* core.finish(transaction, verb) [-0, +1, v] */
static int finish(lua_State *L) {
  static const char *const verbs[] = {
      [TX_COMMIT] = "commit",   [TX_ROLLBACK] = "rollback",      [TX_SAVEPOINT] = "savepoint",
      [TX_RELEASE] = "release", [TX_ROLLBACK_TO] = "rollbackTo", NULL};
  Runtime *rt = runtime_of(L);
  Handle *h = runtime_check(L, rt, 1, KIND_TX);
  TxVerb verb = (TxVerb)luaL_checkoption(L, 2, NULL, verbs);
  Engine *engine = client_engine(L, h);
  Tx *tx = handle_tx(L, h);
  if (tx_end_at_once(tx, verb)) {
    lua_pushboolean(L, true);
    return 1;
  }
  Request *r = call_take(L, rt, engine);
  request_end(r, tx, verb);
  return call_run(L, rt, engine, r, &call_end);
}

/* core.release(transaction): rolled back when it is still open; never waits [-0, +0, v] */
static int release(lua_State *L) {
  tx_handle_release(runtime_check(L, runtime_of(L), 1, KIND_TX));
  return 0;
}

/* core.stop(transaction): what it is running ends on the server; never waits [-0, +0, v] */
static int stop(lua_State *L) {
  const TxHandle *t = runtime_check(L, runtime_of(L), 1, KIND_TX);
  if (t->tx) tx_stop(t->tx);
  return 0;
}

/* core.closeCursor(transaction, cursor): never waits, never raises on what is over [-0, +0, v] */
static int close_cursor(lua_State *L) {
  const TxHandle *t = runtime_check(L, runtime_of(L), 1, KIND_TX);
  if (t->tx) tx_close_cursor(t->tx, (uint32_t)luaL_checkinteger(L, 2));
  return 0;
}

/* core.isActive(transaction) -> begun, and neither ended nor timed out [-0, +1, v] */
static int is_active(lua_State *L) {
  const TxHandle *t = runtime_check(L, runtime_of(L), 1, KIND_TX);
  lua_pushboolean(L, t->tx && tx_open(t->tx));
  return 1;
}

void open_tx(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"begin", begin},        {"finish", finish}, {"release", release}, {"closeCursor", close_cursor},
      {"isActive", is_active}, {"stop", stop},     {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", tx_gc}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_TX, meta, NULL);
}
