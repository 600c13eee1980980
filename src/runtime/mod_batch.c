/* Batches: calls that are recorded, and flown together as one transaction in one round trip.
 * lua/lorm/batch.lua makes db:batch of it. */
#include "base/mem.h"
#include "runtime/call.h"
#include "runtime/client.h"
#include "runtime/throw.h"

void batch_drop(Batch *b, bool release) {
  for (uint32_t i = 0; release && i < b->n; i++) request_release(b->requests[i]);
  if (b->next) b->next->prev = b->prev;
  if (b->prev)
    b->prev->next = b->next;
  else if (b->handle.client->batches == b)
    b->handle.client->batches = b->next;
  b->next = b->prev = NULL;
  b->n = 0;
  b->lost = !release;
  if (b->lost && b->waiter) sched_wake(b->handle.rt, b->waiter);
}

static int batch_gc(lua_State *L) {
  Batch *b = lua_touserdata(L, 1);
  slot_leave(&b->waiter);
  if (!b->lost) batch_drop(b, true);
  mem_free(b->requests);
  mem_free(b->kinds);
  b->requests = NULL;
  b->kinds = NULL;
  return 0;
}

void batch_reserve(lua_State *L, Batch *b) {
  if (b->flown) throw_code(L, ERR_USAGE, "This batch has been run; nothing can be added to it.");
  if (b->n < b->cap) return;
  uint32_t cap = b->cap ? b->cap * 2 : 8;
  Request **requests = mem_realloc(b->requests, cap * sizeof *requests);
  if (requests) b->requests = requests;
  const CallKind **kinds = requests ? mem_realloc(b->kinds, cap * sizeof *kinds) : NULL;
  if (!kinds) throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
  b->kinds = kinds;
  b->cap = cap;
}

void batch_anchor(lua_State *L, int batch, int value) {
  lua_pushvalue(L, batch);
  if (lua_getiuservalue(L, -1, 3) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, -3, 3);
  }
  lua_pushvalue(L, value);
  lua_pushboolean(L, true);
  lua_rawset(L, -3);
  lua_pop(L, 2);
}

int batch_add(lua_State *L, Batch *b, Request *r, const CallKind *kind) {
  b->kinds[b->n] = kind;
  b->requests[b->n++] = r;
  b->handle.rt->in_hand = NULL;
  lua_pushinteger(L, b->n);
  return 1;
}

/* core.batch(client or transaction) -> recorder [-0, +1, v] */
static int batch_new(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Handle *h = handle_check(L, rt, 1);
  client_engine(L, h);
  lua_settop(L, 1);
  Batch *b = runtime_userdata(L, rt, sizeof *b, 3, KIND_BATCH);
  Client *c = h->client;
  b->handle = (Handle){KIND_BATCH, rt, c, h->as};
  if (h->kind == KIND_TX) {
    b->tx = (TxHandle *)h;
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, 2, 2);
    lua_getiuservalue(L, 1, 1);
  } else {
    lua_pushvalue(L, 1);
  }
  lua_setiuservalue(L, 2, 1);
  b->next = c->batches;
  if (c->batches) c->batches->prev = b;
  c->batches = b;
  return 1;
}

/* ---- flying ---- */

static void landed(Request *r, void *ctx) {
  (void)r;
  Batch *b = ctx;
  if (--b->pending == 0 && b->waiter) sched_wake(b->handle.rt, b->waiter);
}

static bool over(void *ctx) {
  const Batch *b = ctx;
  return b->lost || b->pending == 0;
}

/* The error of the batch: the culprit's own, not what the others say of it. */
static const Err *batch_error(const Batch *b, uint32_t *culprit) {
  const Err *found = NULL;
  for (uint32_t i = 0; i < b->n; i++) {
    const Err *e = request_error(b->requests[i]);
    if (!e || (found && e->code == ERR_CANCELLED)) continue;
    found = e;
    *culprit = i;
    if (e->code != ERR_CANCELLED) break;
  }
  return found;
}

/* [-0, +0, v] raises the batch's error, with the number of the call in meta.batchIndex (culprit from 0) */
static int fail(lua_State *L, Batch *b, const Err *e, uint32_t culprit) {
  Err copy = *e;
  batch_drop(b, true);
  throw_push(L, &copy);
  lua_getfield(L, -1, "meta");
  lua_pushinteger(L, (lua_Integer)culprit + 1);
  lua_setfield(L, -2, "batchIndex");
  lua_pop(L, 1);
  return throw_top(L);
}

/* [-0, +1, v] { result, ..., n = how many } */
static int finish(lua_State *L, Runtime *rt, Batch *b) {
  uint32_t culprit = 0, n = b->n;
  Err e;
  const Err *failed = batch_error(b, &culprit);
  if (failed) return fail(L, b, failed, culprit);
  lua_createtable(L, (int)n, 1);
  for (uint32_t i = 0; i < n; i++) {
    runtime_enter(rt);
    if (!b->kinds[i]->finish(L, rt, b->requests[i], &e)) return fail(L, b, &e, i);
    if (b->lost) return throw_code(L, ERR_CANCELLED, "The client was disconnected while this was under way.");
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_pushinteger(L, n);
  lua_setfield(L, -2, "n");
  batch_drop(b, true);
  return 1;
}

static int fly_on(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  (void)ctx;
  Runtime *rt = runtime_of(L);
  Batch *b = lua_touserdata(L, 1);
  slot_leave(&b->waiter);
  sched_interrupted(L, rt);
  if (b->lost) return throw_code(L, ERR_CANCELLED, "The client was disconnected while this was under way.");
  if (b->pending == 0) return finish(L, rt, b);
  slot_take(&b->waiter, rt->sched.running);
  return sched_suspend(L, fly_on, 0);
}

static int fly_driving(lua_State *L, Runtime *rt, Batch *b) {
  if (!sched_drive(L, rt, over, b)) return sched_deadlock(L);
  return fly_on(L, LUA_OK, 0);
}

static int fly_pumping(lua_State *L, Runtime *rt, Batch *b) {
  Err e;
  for (uint32_t i = 0; i < b->n; i++)
    if (!engine_pump(b->requests[i], 0, &e)) return throw_err(L, &e);
  return finish(L, rt, b);
}

/* core.fly(batch, isolation) -> results [-0, +1, v] */
static int fly(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Batch *b = runtime_check(L, rt, 1, KIND_BATCH);
  Engine *engine = client_engine(L, &b->handle);
  (void)engine;
  (void)handle_tx(L, &b->handle);
  Slice isolation = lua_isnoneornil(L, 2) ? (Slice){0} : slice_of(luaL_checkstring(L, 2));
  lua_settop(L, 2);
  runtime_enter(rt);
  sched_interrupted(L, rt);
  if (b->flown) return throw_code(L, ERR_USAGE, "This batch has been run.");
  b->flown = true;
  if (b->n == 0) return finish(L, rt, b);
  Err e;
  b->pending = b->n;
  if (!engine_submit_batch(b->requests, b->n, isolation, landed, b, &e)) {
    batch_drop(b, true);
    return throw_err(L, &e);
  }
  switch (sched_way(L, rt)) {
    case AWAIT_YIELD: slot_take(&b->waiter, rt->sched.running); return sched_suspend(L, fly_on, 0);
    case AWAIT_DRIVE: return fly_driving(L, rt, b);
    case AWAIT_PUMP: break;
  }
  return fly_pumping(L, rt, b);
}

void open_batch(lua_State *L) {
  static const luaL_Reg functions[] = {{"batch", batch_new}, {"fly", fly}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", batch_gc}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_BATCH, meta, NULL);
}
