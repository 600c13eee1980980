/* Blocked: tasks that ran for long without waiting, while others could not go on: a loop that only computes,
 * a C library that waits by itself. Noticed when the task waits or ends; told of by the task that delivers
 * events. LORM_BLOCKED_MS in the environment is how long is too long (1000; 0: never). */
#ifndef RUNTIME_BLOCKED_H
#define RUNTIME_BLOCKED_H

#include "runtime/borrow.h"
#include "runtime/state.h"

int64_t blocked_limit_us(void); /* INT64_MAX: never */
/* [-0, +0, -] `t` was resumed, has not ended yet, and ran for so long; `seen`: where it was meanwhile, if
 * that is known. Told of once per task. */
void blocked_note(lua_State *L, Runtime *rt, Task *t, int64_t us, const Borrow *seen);
int blocked_next(lua_State *L); /* core.blocked() -> the text of the next one, or nil [-0, +1, m] */

#endif
