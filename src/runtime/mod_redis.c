/* A Redis server, for lua/lorm/redis.lua: commands that wait for their answers. */
#include "base/mem.h"
#include "net/redis.h"
#include "runtime/throw.h"
#include "runtime/values.h"

typedef struct RedisHandle { /* a userdata */
  Redis *redis;              /* NULL: closed */
  Runtime *rt;
} RedisHandle;

/* An answer belongs to the one who waits for it and to the connection; the last of them frees it. */
typedef struct Answer {
  Runtime *rt;
  Task *waiter;
  bool done, left; /* left: nobody waits any more */
  Err e;           /* why there is none */
  RedisPart *parts;
  uint32_t n;
} Answer;

typedef struct AnswerHandle { /* a userdata: who waits */
  Answer *answer;
} AnswerHandle;

static void answer_free(Answer *a) {
  mem_free(a->parts);
  mem_free(a);
}

/* The parts with their texts, in one block. */
static RedisPart *copied(const RedisPart *parts, uint32_t n) {
  size_t bytes = n * sizeof *parts;
  for (uint32_t i = 0; i < n; i++) bytes += parts[i].text.n;
  RedisPart *copy = mem_alloc(bytes);
  if (!copy) return NULL;
  char *to = (char *)(copy + n);
  for (uint32_t i = 0; i < n; i++) {
    copy[i] = parts[i];
    copy[i].text.p = to;
    if (parts[i].text.n) memcpy(to, parts[i].text.p, parts[i].text.n);
    to += parts[i].text.n;
  }
  return copy;
}

/* From the loop. */
static void on_answer(void *ctx, const RedisPart *parts, uint32_t n, const Err *e) {
  Answer *a = ctx;
  if (a->left) {
    answer_free(a);
    return;
  }
  a->done = true;
  a->n = n;
  if (parts && !(a->parts = copied(parts, n))) (void)err_oom(&a->e);
  if (!parts) a->e = *e;
  if (a->waiter) sched_wake(a->rt, a->waiter);
}

static int answer_gc(lua_State *L) {
  AnswerHandle *h = lua_touserdata(L, 1);
  if (!h->answer) return 0;
  slot_leave(&h->answer->waiter);
  if (h->answer->done)
    answer_free(h->answer);
  else
    h->answer->left = true;
  h->answer = NULL;
  return 0;
}

/* ---- values ---- */

/* [-0, +1, m] nil for what there is not */
static void push_part(lua_State *L, const RedisPart *part) {
  switch (part->kind) {
    case REDIS_TEXT: lua_pushlstring(L, part->text.p, part->text.n); break;
    case REDIS_INT: lua_pushinteger(L, part->number); break;
    case REDIS_NIL:
    case REDIS_FAILED:
    case REDIS_LIST: lua_pushnil(L); break;
  }
}

/* [-0, +1 or +2, m] the answer at 1; nil and a text when there is none */
static int push_answer(lua_State *L, const Answer *a) {
  if (!a->parts) {
    lua_pushnil(L);
    lua_pushstring(L, a->e.message);
    return 2;
  }
  if (a->parts[0].kind == REDIS_FAILED) {
    lua_pushnil(L);
    lua_pushlstring(L, a->parts[0].text.p, a->parts[0].text.n);
    return 2;
  }
  if (a->parts[0].kind != REDIS_LIST) {
    push_part(L, &a->parts[0]);
    return 1;
  }
  lua_createtable(L, (int)a->n - 1, 1);
  for (uint32_t i = 1; i < a->n; i++) {
    push_part(L, &a->parts[i]);
    lua_rawseti(L, -2, i);
  }
  lua_pushinteger(L, a->n - 1);
  lua_setfield(L, -2, "n");
  return 1;
}

/* ---- waiting ---- */

/* The AnswerHandle is at the top. */
static int answer_on(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  Runtime *rt = runtime_of(L);
  Answer *a = ((AnswerHandle *)lua_touserdata(L, 1))->answer;
  slot_leave(&a->waiter);
  sched_interrupted(L, rt);
  if (a->done) return push_answer(L, a);
  slot_take(&a->waiter, rt->sched.running);
  return sched_suspend(L, answer_on, ctx);
}

static bool answered(void *answer) { return ((const Answer *)answer)->done; }

/* core.redisCall(redis, word, ...) -> a string, an integer, a list with `n`, or nil; nil and a text when the
 * server could not be asked, or says that it is an error [-0, +1, v] */
static int redis_call(lua_State *L) {
  Runtime *rt = runtime_of(L);
  RedisHandle *h = runtime_check(L, rt, 1, KIND_REDIS);
  int n = lua_gettop(L) - 1;
  if (!h->redis) return throw_code(L, ERR_USAGE, "This connection to Redis was closed.");
  sched_interrupted(L, rt);
  Slice words[64];
  luaL_argcheck(L, n >= 1 && n <= (int)COUNT(words), 2, "1 to 64 words");
  for (int i = 0; i < n; i++) {
    size_t bytes;
    const char *word = luaL_checklstring(L, i + 2, &bytes);
    words[i] = (Slice){word, (uint32_t)bytes};
  }
  AnswerHandle *handle = runtime_userdata(L, rt, sizeof *handle, 0, KIND_ANSWER);
  Answer *a = mem_zalloc(sizeof *a);
  if (!a) return throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
  a->rt = rt;
  handle->answer = a;
  Way way = sched_way(L, rt);
  a->done = true; /* until it is under way */
  if (way == AWAIT_PUMP)
    (void)err_set(&a->e, ERR_USAGE, "Redis cannot be waited for where Lua cannot yield.");
  else if (redis_send(h->redis, words, (uint32_t)n, on_answer, a, &a->e))
    a->done = false;
  lua_replace(L, 1);
  lua_settop(L, 1);
  if (way == AWAIT_YIELD) return answer_on(L, LUA_OK, 0);
  if (!a->done && !sched_drive(L, rt, answered, a)) return sched_deadlock(L);
  return push_answer(L, a);
}

/* core.redis(url, timeoutMs) -> redis [-0, +1, v] */
static int redis_new(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Err e;
  luaL_checktype(L, 1, LUA_TSTRING);
  int ms = (int)luaL_checkinteger(L, 2);
  RedisHandle *h = runtime_userdata(L, rt, sizeof *h, 0, KIND_REDIS);
  h->rt = rt;
  return redis_open(rt->loop, value_slice(L, 1), ms, &h->redis, &e) ? 1 : throw_err(L, &e);
}

/* core.redisClose(redis), __gc [-0, +0, -] */
static int redis_end(lua_State *L) {
  RedisHandle *h = lua_touserdata(L, 1);
  if (h->redis && h->rt->loop) redis_close(h->redis);
  h->redis = NULL;
  return 0;
}

static int redis_shut(lua_State *L) {
  runtime_check(L, runtime_of(L), 1, KIND_REDIS);
  return redis_end(L);
}

void open_redis(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"redis", redis_new}, {"redisCall", redis_call}, {"redisClose", redis_shut}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", redis_end}, {NULL, NULL}},
                        answer_meta[] = {{"__gc", answer_gc}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_REDIS, meta, NULL);
  runtime_methods(L, runtime_of(L), KIND_ANSWER, answer_meta, NULL);
}
