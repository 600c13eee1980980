/* Jobs: work that blocks, done on another thread while the task that wants it waits.
 *
 *   Job **box = job_box(L, rt);          own before you acquire: the box is on the stack, and still empty
 *   Mine *m = ...;                       begins with a Job: struct { Job job; ... }
 *   job_init(&m->job, rt, &kind);
 *   *box = &m->job;
 *   return job_start(L, lua_gettop(L));  its outcome, or its error
 *
 * A job goes, by its kind's `free`, when both the thread and the box are done with it: who is cancelled
 * leaves it behind. */
#ifndef RUNTIME_JOB_H
#define RUNTIME_JOB_H

#include "runtime/state.h"

typedef struct Job Job;
typedef struct JobKind {
  bool (*run)(Job *j);                /* on the other thread: no Lua there; false: j->e says why */
  void (*push)(lua_State *L, Job *j); /* [-0, +1, m] its outcome */
  void (*free)(Job *j);
  const char *refusal; /* raised where Lua cannot yield; NULL: there it is done at once, and blocks */
} JobKind;

struct Job {
  Runtime *rt;
  const JobKind *kind;
  Task *waiter;
  bool ran, done, abandoned;
  Err e;
};

/* [-0, +1, m] */
Job **job_box(lua_State *L, Runtime *rt);
void job_init(Job *j, Runtime *rt, const JobKind *kind);
/* `box`: the stack slot of its box, which nothing may stand above of that is needed. [-0, +1, v] */
int job_start(lua_State *L, int box);

#endif
