/* Sched: coroutines as tasks, and the three ways to wait.
 *
 * A task is a coroutine that the scheduler resumes. It is ready (queued), running, waiting, or over. Whoever
 * waits says for what (an Await for a request, a timer, another task, a group) and gives a continuation;
 * whoever completes it calls sched_wake. Callbacks of the loop do no more than that: every Lua value is made
 * inside of a coroutine.
 *
 *   case sched_way(L, rt) of
 *     AWAIT_YIELD  L is the coroutine that the scheduler runs: return sched_suspend(L, continuation, ctx)
 *     AWAIT_DRIVE  no task is running: sched_drive(L, rt, over, ctx) runs the loop, tasks included
 *     AWAIT_PUMP   otherwise: only what needs nobody else can be waited for
 *
 * A continuation finds why it goes on by looking: at what it waited for, after sched_interrupted. */
#ifndef RUNTIME_SCHED_H
#define RUNTIME_SCHED_H

#include <lua.h>
#include <stdatomic.h>

#include "engine/engine.h"

typedef struct Runtime Runtime;
typedef struct Task Task;
typedef struct Group Group;

/* Somebody waits for a request: a task (part of it), or C code that drives the loop (on its stack). */
typedef struct Await {
  struct Await *next, *prev;
  Request *request; /* NULL: waits for none, or it was taken away (lost) */
  Engine *engine;   /* the request's */
  Task *task;       /* NULL: the driver */
  bool done, lost;  /* lost: the client was closed meanwhile */
} Await;

typedef enum TaskState {
  TASK_READY,
  TASK_RUNNING,
  TASK_WAITING,
  TASK_DONE,  /* its results are on its coroutine's stack */
  TASK_FAILED /* its error value is */
} TaskState;

struct Task { /* a userdata; alive and anchored until it is over */
  Runtime *runtime;
  lua_State *co;
  Task *parent;      /* whose child it is; user value 2 keeps it */
  Group *group;      /* or NULL; user value 3 keeps it */
  Task *next, *prev; /* all that are not over */
  Task *next_ready;
  Task *waiters; /* tasks that wait for this one, by next_waiter */
  Task *next_waiter, *waits_for;
  Task **slot; /* where something else (a group, a batch) notes that this task waits for it */
  Await await;
  struct LoopTimer *timer; /* made at first need */
  TaskState state;
  bool started, due /* the timer */, cancelled, stuck, seen /* somebody got its error */;
  bool told; /* that it blocked others */
  int n;     /* arguments to start with; then results */
};
enum {
  TASK_THREAD = 1, /* user values */
  TASK_PARENT,
  TASK_GROUP,
  TASK_TRACE,
  TASK_FUNCTION, /* that it began with */
  TASK_CONTEXT,  /* what lua/ keeps per task; a child starts with its parent's */
  TASK_VALUES = TASK_CONTEXT
};

struct Group { /* a userdata; user value 1: the first task that failed */
  Task *waiter;
  uint32_t running;
  bool failed, closed;
};

typedef struct Sched {
  Task *running;                 /* the task that is being resumed */
  lua_State *current;            /* the coroutine whose yield would reach the scheduler; NULL: none */
  lua_State *volatile innermost; /* whose code runs; NULL: none does. A signal handler reads it */
  Task *tasks;                   /* all that are not over */
  Task *ready, *last_ready;
  Await *awaits;
  _Atomic int64_t begun; /* loop clock, when the running task was resumed; 0: none runs. The watch reads it */
  int64_t blocked_us;    /* for how long a task may run without waiting (blocked.h) */
  bool driving;
  bool events; /* some client has events to deliver (mod_client) */
} Sched;

typedef enum Way {
  AWAIT_YIELD,
  AWAIT_DRIVE,
  AWAIT_PUMP
} Way;
Way sched_way(lua_State *L, const Runtime *rt); /* [-0, +0, -] */

/* [-0, +1, m] A task that will call the function below its n arguments; it is queued. Pushes it. Takes the
 * function and the arguments off the stack. */
Task *sched_spawn(lua_State *L, Runtime *rt, int n);
void sched_push_running(lua_State *L, const Runtime *rt); /* [-0, +1, -] the task that runs, or nil */
void sched_wake(Runtime *rt, Task *t);                    /* no effect unless it waits */
void sched_cancel(Runtime *rt, Task *t);                  /* its next (or present) wait raises; never waits */
void sched_settle(Runtime *rt, Task *t, TaskState state); /* it is over: those that wait for it go on */
static inline bool task_over(const Task *t) { return t->state >= TASK_DONE; }

/* [-0, +1, -] Suspend the running coroutine; `return` it. */
int sched_suspend(lua_State *L, lua_KFunction k, lua_KContext ctx);
/* [-0, +0, v] Start the task's own timer: after ms it is `due`, and woken. */
void sched_timer(lua_State *L, Task *t, int64_t ms);
int64_t sched_check_ms(lua_State *L, int index); /* [-0, +0, v] milliseconds, rounded up */
/* [-0, +0, v] Raise if the running task was cancelled, or waits for what can never happen. */
void sched_interrupted(lua_State *L, Runtime *rt);
/* [-0, +0, -] Run tasks and the loop until over(ctx). False: nothing is left that could make it true. Raises
 * nothing. */
MUST bool sched_drive(lua_State *L, Runtime *rt, bool (*over)(void *ctx), void *ctx);
/* [-0, +0, -] One round of that: the tasks that are ready, or else one turn of the loop. */
void sched_turn(lua_State *L, Runtime *rt);
int sched_deadlock(lua_State *L); /* [-0, +0, v] */

/* Is the top of a suspended coroutine's stack our own yield, not its user's? */
bool sched_is_private(lua_State *co);

void await_begin(Sched *s, Await *a, Request *r, Engine *engine, Task *t);
void await_end(Sched *s, Await *a);       /* forgets the request */
void await_done(Request *r, void *await); /* what engine_submit calls */
void sched_forget(Runtime *rt,
                  const Engine *engine); /* it is about to be closed: whoever waits for it is told */

/* [-0, +1, -] The list of the failed tasks for which nobody waited, since the last call; or nil. */
void sched_push_unseen(lua_State *L);
/* [-0, +0, -] All tasks end: those that wait are cancelled. */
void sched_cancel_all(Runtime *rt);
/* The waiter of a group or a batch: noted before sched_suspend, left when it goes on or when the thing dies.
 */
void slot_take(Task **slot, Task *t);
void slot_leave(Task **slot);
bool sched_quiet(void *rt); /* no task is left: for sched_drive */

#endif
