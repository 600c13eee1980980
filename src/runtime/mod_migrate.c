/* lorm.migrate: blocking work on a session of its own, so it runs on a worker thread and is awaited. */
#include "migrate/migrate.h"

#include "base/mem.h"
#include "runtime/client.h"
#include "runtime/throw.h"
#include "runtime/values.h"

typedef struct Job Job;
typedef struct JobKind {
  bool (*run)(Job *j);                /* on the other thread: no Lua there */
  void (*push)(lua_State *L, Job *j); /* [-0, +1, m] */
} JobKind;

struct Job { /* in its own arena; goes when both the thread and its box are done with it */
  Arena *arena;
  Runtime *rt;
  const JobKind *kind;
  Memory *memory; /* the schema's */
  const Schema *schema;
  Slice url, script;
  PushOptions options;
  PushReport report;
  Task *waiter;
  bool ran, done, abandoned;
  Err e;
};

typedef struct JobBox { /* what the waiting call holds on its stack, slot BOX */
  Job *job;
} JobBox;
enum {
  BOX = 3
};

static void job_free(Job *j) {
  memory_drop(j->memory);
  arena_free(j->arena);
}

static int box_gc(lua_State *L) {
  JobBox *box = lua_touserdata(L, 1);
  Job *j = box->job;
  box->job = NULL;
  if (!j) return 0;
  slot_leave(&j->waiter);
  if (j->done)
    job_free(j);
  else
    j->abandoned = true;
  return 0;
}

static void on_thread(void *ctx) {
  Job *j = ctx;
  j->ran = j->kind->run(j);
}

static void on_done(void *ctx) {
  Job *j = ctx;
  j->rt->jobs--;
  j->done = true;
  if (j->waiter) sched_wake(j->rt, j->waiter);
  if (j->abandoned) job_free(j);
}

/* ---- waiting ---- */

/* [-0, +1, v] */
static int outcome(lua_State *L, Job *j) {
  if (!j->ran) return throw_err(L, &j->e);
  j->kind->push(L, j);
  return 1;
}

static int went_on(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  Runtime *rt = runtime_of(L);
  Job *j = ((JobBox *)lua_touserdata(L, BOX))->job;
  slot_leave(&j->waiter);
  sched_interrupted(L, rt);
  if (j->done) return outcome(L, j);
  slot_take(&j->waiter, rt->sched.running);
  return sched_yield(L, went_on, ctx);
}

static bool job_over(void *ctx) { return ((Job *)ctx)->done; }

/* [-0, +1, v] */
static int job_start(lua_State *L, Runtime *rt, Job *j) {
  Err e;
  sched_interrupted(L, rt);
  if (sched_way(L, rt) == AWAIT_PUMP)
    return throw_code(L, ERR_USAGE,
                      "Migrations cannot be run here, where Lua cannot yield (a coroutine of your own, or "
                      "a callback called from C).");
  if (!loop_work(rt->loop, on_thread, on_done, j, &e)) {
    j->done = true;
    return throw_err(L, &e);
  }
  rt->jobs++;
  if (sched_way(L, rt) == AWAIT_YIELD) return went_on(L, LUA_OK, 0);
  return sched_drive(L, rt, job_over, j) ? outcome(L, j) : sched_deadlock(L);
}

/* [-0, +1, v] A job for the client at stack slot 1; its box at slot BOX. */
static Job *job_new(lua_State *L, Runtime *rt, const JobKind *kind) {
  Handle *h = handle_check(L, rt, 1);
  client_engine(L, h);
  lua_settop(L, BOX - 1);
  JobBox *box = runtime_userdata(L, rt, sizeof *box, 0, KIND_JOB);
  Arena *a = arena_new(0);
  Job *j = a ? arena_try(a, sizeof *j) : NULL;
  if (!j) {
    arena_free(a);
    throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
    return NULL;
  }
  Client *c = h->client;
  *j = (Job){.arena = a,
             .rt = rt,
             .kind = kind,
             .memory = c->memory,
             .schema = c->schema,
             .url = c->url,
             .done = true};
  c->memory->users++;
  box->job = j;
  return j;
}

/* ---- the jobs ---- */

static bool run_execute(Job *j) { return migrate_execute(j->url, j->script, &j->e); }
static void push_nothing(lua_State *L, Job *j) {
  (void)j;
  lua_pushboolean(L, true);
}
static const JobKind execute_kind = {run_execute, push_nothing};

/* core.execute(client, script): several statements [-0, +1, v] */
static int execute(lua_State *L) {
  Runtime *rt = runtime_of(L);
  luaL_checktype(L, 2, LUA_TSTRING);
  Job *j = job_new(L, rt, &execute_kind);
  Slice script = value_slice(L, 2);
  char *copy = arena_try(j->arena, script.n + 1u);
  if (!copy) return throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
  memcpy(copy, script.p, script.n + 1u);
  j->script = (Slice){copy, script.n};
  j->done = false;
  return job_start(L, rt, j);
}

static bool run_push(Job *j) {
  return migrate_push(j->arena, j->schema, j->url, &j->options, &j->report, &j->e);
}

/* [-0, +0, m] t[key] = list, for the table on top */
static void set_list(lua_State *L, const char *key, const Slice *items, uint32_t n) {
  lua_createtable(L, (int)n, 0);
  for (uint32_t i = 0; i < n; i++) {
    lua_pushlstring(L, items[i].p, items[i].n);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, key);
}

static void push_report(lua_State *L, Job *j) {
  lua_createtable(L, 0, 3);
  lua_pushinteger(L, j->report.n_steps);
  lua_setfield(L, -2, "steps");
  set_list(L, "warnings", j->report.warnings, j->report.n_warnings);
  set_list(L, "unexecutable", j->report.unexecutable, j->report.n_unexecutable);
}
static const JobKind push_kind = {run_push, push_report};

/* core.push(client, { acceptDataLoss =, forceReset = }) -> { steps =, warnings =, unexecutable = } [-0, +1,
 * v] */
static int push(lua_State *L) {
  Runtime *rt = runtime_of(L);
  bool given = lua_istable(L, 2);
  Job *j = job_new(L, rt, &push_kind);
  if (given) {
    lua_getfield(L, 2, "acceptDataLoss");
    lua_getfield(L, 2, "forceReset");
    j->options = (PushOptions){.accept_data_loss = lua_toboolean(L, -2), .force_reset = lua_toboolean(L, -1)};
    lua_pop(L, 2);
  }
  j->done = false;
  return job_start(L, rt, j);
}

void open_migrate(lua_State *L) {
  static const luaL_Reg functions[] = {{"execute", execute}, {"push", push}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", box_gc}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_JOB, meta, NULL);
}
