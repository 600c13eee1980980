/* lorm.password: hashing takes its time, so that it runs on a worker thread and is awaited. */
#include "base/mem.h"
#include "base/password.h"
#include "runtime/throw.h"
#include "runtime/values.h"

typedef struct Hashing { /* goes when both the thread and the box are done with it */
  Runtime *rt;
  Task *waiter;
  char password[PASSWORD_MAX + 1], hash[PASSWORD_HASH_BYTES];
  uint32_t n_password, n_hash;
  unsigned cost;
  bool verify, same, good, done, abandoned;
  Err e;
} Hashing;

typedef struct HashingBox { /* a userdata: who waits */
  Hashing *hashing;
} HashingBox;

static void hashing_free(Hashing *h) {
  memset(h->password, 0, sizeof h->password);
  mem_free(h);
}

static int box_gc(lua_State *L) {
  HashingBox *box = lua_touserdata(L, 1);
  Hashing *h = box->hashing;
  box->hashing = NULL;
  if (!h) return 0;
  slot_leave(&h->waiter);
  if (h->done)
    hashing_free(h);
  else
    h->abandoned = true;
  return 0;
}

static void on_thread(void *ctx) {
  Hashing *h = ctx;
  Slice password = {h->password, h->n_password};
  h->good = h->verify ? password_verify(password, (Slice){h->hash, h->n_hash}, &h->same, &h->e)
                      : password_hash(password, h->cost, h->hash, &h->e);
}

static void on_done(void *ctx) {
  Hashing *h = ctx;
  h->rt->jobs--;
  h->done = true;
  if (h->waiter) sched_wake(h->rt, h->waiter);
  if (h->abandoned) hashing_free(h);
}

static bool hashing_over(void *ctx) { return ((const Hashing *)ctx)->done; }

/* [-0, +1, v] the hash, or whether it is the same */
static int outcome(lua_State *L, const Hashing *h) {
  if (!h->good) return throw_err(L, &h->e);
  if (h->verify)
    lua_pushboolean(L, h->same);
  else
    lua_pushstring(L, h->hash);
  return 1;
}

/* The box is at 1. */
static int hashing_on(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  Runtime *rt = runtime_of(L);
  Hashing *h = ((HashingBox *)lua_touserdata(L, 1))->hashing;
  slot_leave(&h->waiter);
  sched_interrupted(L, rt);
  if (h->done) return outcome(L, h);
  slot_take(&h->waiter, rt->sched.running);
  return sched_suspend(L, hashing_on, ctx);
}

/* [-n, +1, v] the arguments are checked */
static int hashing_run(lua_State *L, Slice password, Slice hash, unsigned cost, bool verify) {
  Runtime *rt = runtime_of(L);
  sched_interrupted(L, rt);
  HashingBox *box = runtime_userdata(L, rt, sizeof *box, 0, KIND_HASHING);
  Hashing *h = mem_zalloc(sizeof *h);
  if (!h) return throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
  *h = (Hashing){
      .rt = rt, .n_password = password.n, .n_hash = hash.n, .cost = cost, .verify = verify, .done = true};
  memcpy(h->password, password.p, password.n);
  memcpy(h->hash, hash.p, hash.n);
  box->hashing = h;
  Way way = sched_way(L, rt);
  if (way == AWAIT_PUMP || !loop_work(rt->loop, on_thread, on_done, NULL, h, &h->e)) {
    on_thread(h);
  } else {
    h->done = false;
    rt->jobs++;
  }
  lua_replace(L, 1);
  lua_settop(L, 1);
  if (way == AWAIT_YIELD) return hashing_on(L, LUA_OK, 0);
  if (!h->done && !sched_drive(L, rt, hashing_over, h)) return sched_deadlock(L);
  return outcome(L, h);
}

/* [-0, +0, v] */
static Slice check_text(lua_State *L, int index, uint32_t max, const char *what) {
  luaL_checktype(L, index, LUA_TSTRING);
  Slice text = value_slice(L, index);
  if (text.n > max) throw_code(L, ERR_VALIDATION, "%s has at most %u bytes.", what, max);
  return text;
}

/* core.passwordHash(password, cost) -> hash [-0, +1, v] */
static int hash_of(lua_State *L) {
  lua_Integer cost = luaL_optinteger(L, 2, 0);
  luaL_argcheck(L, cost >= 0 && cost <= 11, 2, "a cost of 1 to 11");
  return hashing_run(L, check_text(L, 1, PASSWORD_MAX, "A password"), (Slice){"", 0}, (unsigned)cost, false);
}

/* core.passwordVerify(password, hash) -> boolean [-0, +1, v] */
static int verify(lua_State *L) {
  luaL_checktype(L, 1, LUA_TSTRING);
  luaL_checktype(L, 2, LUA_TSTRING);
  Slice password = value_slice(L, 1), hash = value_slice(L, 2);
  if (password.n > PASSWORD_MAX || hash.n >= PASSWORD_HASH_BYTES) {
    lua_pushboolean(L, false);
    return 1;
  }
  return hashing_run(L, password, hash, 0, true);
}

void open_password(lua_State *L) {
  static const luaL_Reg functions[] = {{"passwordHash", hash_of}, {"passwordVerify", verify}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", box_gc}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_HASHING, meta, NULL);
}
