#include "runtime/job.h"

#include "runtime/sched.h"
#include "runtime/throw.h"

Job **job_box(lua_State *L, Runtime *rt) { return runtime_userdata(L, rt, sizeof(Job *), 0, KIND_JOB); }

void job_init(Job *j, Runtime *rt, const JobKind *kind) { *j = (Job){.rt = rt, .kind = kind, .done = true}; }

static int box_gc(lua_State *L) {
  Job **box = lua_touserdata(L, 1), *j = *box;
  *box = NULL;
  if (!j) return 0;
  slot_leave(&j->waiter);
  if (j->done)
    j->kind->free(j);
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
  if (j->abandoned) j->kind->free(j);
}

/* [-0, +1, v] */
static int outcome(lua_State *L, Job *j) {
  if (!j->ran) return throw_err(L, &j->e);
  j->kind->push(L, j);
  return 1;
}

/* ctx: the stack slot of the box */
static int went_on(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  Runtime *rt = runtime_of(L);
  Job *j = *(Job **)lua_touserdata(L, (int)ctx);
  slot_leave(&j->waiter);
  sched_interrupted(L, rt);
  if (j->done) return outcome(L, j);
  slot_take(&j->waiter, rt->sched.running);
  return sched_suspend(L, went_on, ctx);
}

static bool job_over(void *ctx) { return ((const Job *)ctx)->done; }

int job_start(lua_State *L, int box) {
  Job *j = *(Job **)lua_touserdata(L, box);
  Runtime *rt = j->rt;
  Err e;
  sched_interrupted(L, rt);
  Way way = sched_way(L, rt);
  if (way == AWAIT_PUMP) {
    if (j->kind->refusal) return throw_code(L, ERR_USAGE, "%s", j->kind->refusal);
    on_thread(j);
    return outcome(L, j);
  }
  if (!loop_work(rt->loop, on_thread, on_done, NULL, j, &e)) return throw_err(L, &e);
  j->done = false;
  rt->jobs++;
  if (way == AWAIT_YIELD) return went_on(L, LUA_OK, box);
  return sched_drive(L, rt, job_over, j) ? outcome(L, j) : sched_deadlock(L);
}

void open_job(lua_State *L) {
  static const luaL_Reg meta[] = {{"__gc", box_gc}, {NULL, NULL}};
  runtime_methods(L, runtime_of(L), KIND_JOB, meta, NULL);
}
