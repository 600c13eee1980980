/* Watch: where a task is that has been running for long without waiting. A thread looks at the clock; the
 * thread that runs Lua is told by a signal, for only there may a hook be set, which sees the line that comes
 * next: after a C function, the one that called it. Nothing else is spent on it. The signal (SIGURG, which
 * nobody minds) comes once a run; a system call that it interrupts begins again where the system can do that.
 *
 * The thread begins when there are two tasks, for nobody else is held up; not where SIGURG is somebody's. */
#ifndef RUNTIME_WATCH_H
#define RUNTIME_WATCH_H

#include "runtime/borrow.h"
#include "runtime/sched.h"

typedef struct Watch Watch;

void watch_start(Runtime *rt); /* [-0, +0, -] unless it has begun; without memory nothing is watched */
void watch_stop(Runtime *rt);  /* [-0, +0, -] waits for the thread, which is asleep */
/* [-0, +0, -] Where the run that has just ended was seen; n is 0 when it was not. */
Borrow watch_seen(Runtime *rt);

#endif
