/* lorm.password: hashing takes its time, so that it runs on a worker thread and is awaited. */
#include "base/mem.h"
#include "base/password.h"
#include "runtime/job.h"
#include "runtime/throw.h"
#include "runtime/values.h"

typedef struct Hashing {
  Job job;
  char password[PASSWORD_MAX + 1], hash[PASSWORD_HASH_BYTES];
  uint32_t n_password, n_hash;
  unsigned cost;
  bool verify, same;
} Hashing;

enum {
  BOX = 1 /* stack slot of a job's box */
};

static bool hashing_run(Job *job) {
  Hashing *h = (Hashing *)job;
  Slice password = {h->password, h->n_password};
  return h->verify ? password_verify(password, (Slice){h->hash, h->n_hash}, &h->same, &job->e)
                   : password_hash(password, h->cost, h->hash, &job->e);
}

/* [-0, +1, m] the hash, or whether it is the same */
static void hashing_push(lua_State *L, Job *job) {
  const Hashing *h = (const Hashing *)job;
  if (h->verify)
    lua_pushboolean(L, h->same);
  else
    lua_pushstring(L, h->hash);
}

static void hashing_free(Job *job) {
  Hashing *h = (Hashing *)job;
  explicit_bzero(h->password, sizeof h->password);
  mem_free(h);
}

static const JobKind hashing_kind = {hashing_run, hashing_push, hashing_free, NULL};

/* [-n, +1, v] the arguments are checked */
static int hashing_start(lua_State *L, Slice password, Slice hash, unsigned cost, bool verify) {
  Runtime *rt = runtime_of(L);
  Job **box = job_box(L, rt);
  Hashing *h = mem_zalloc(sizeof *h);
  if (!h) return throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
  *h = (Hashing){.n_password = password.n, .n_hash = hash.n, .cost = cost, .verify = verify};
  memcpy(h->password, password.p, password.n);
  memcpy(h->hash, hash.p, hash.n);
  job_init(&h->job, rt, &hashing_kind);
  *box = &h->job;
  lua_replace(L, BOX);
  lua_settop(L, BOX);
  return job_start(L, BOX);
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
  return hashing_start(L, check_text(L, 1, PASSWORD_MAX, "A password"), (Slice){"", 0}, (unsigned)cost,
                       false);
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
  return hashing_start(L, password, hash, 0, true);
}

void open_password(lua_State *L) {
  static const luaL_Reg functions[] = {{"passwordHash", hash_of}, {"passwordVerify", verify}, {NULL, NULL}};
  runtime_functions(L, functions);
}
